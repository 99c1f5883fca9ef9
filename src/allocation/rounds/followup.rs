//! Places that came back: who holds or was offered a place keeps it, and what is free goes to those who wait, in the same order of
//! claims as in the round. Each time it is a run of its own over the places in question, verified and stored like any other.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::{Changes, compose};
use super::model::{Outcome, RoundState, RunKind};
use super::proposal::{Case, Proposal, proposals};
use super::report::{Figures, figures};
use super::running;
use super::snapshot::{RoundPool, Site};
use super::solving::{Solved, solved};
use super::store::{self, NewRun, Standing};
use super::{RoundError, aside, locked};
use crate::access::TenantTx;
use crate::allocation::ENGINE;
use crate::platform::clock::month_of;
use crate::platform::ids::{CaseId, FacilityId, RoundId, RunId};

/// Gives what came back to the next; answers how many cases wait for their offer now.
pub async fn follow_up(tx: &mut TenantTx, id: RoundId) -> Result<usize, RoundError> {
    let round = locked(tx, id).await?;
    if round.state != RoundState::Released || !store::waiting_cases(tx, id, 1).await?.is_empty() {
        return Ok(0);
    }
    let standing = store::standing(tx, id).await?;
    let pools = store::pools(tx, id).await?;
    let sites = store::sites(tx, round.start_on).await?;
    let month = month_of(round.start_on.max(tx.today()));
    let mut changes = changes(&standing);
    changes.seed = round.seed.clone().unwrap_or_default();
    changes.orders = running::by_hand_orders(tx, &round).await?;
    changes.excluded = running::excluded(tx, id).await?;
    changes.caps = caps(&pools, &sites, &changes.fixed, month);
    let cases = super::frozen_cases(tx, id).await?;
    changes.ended.extend(running::ended(tx, &round, &cases).await?);
    let Some(only) = in_question(&cases, &pools, &changes) else {
        return Ok(0);
    };
    changes.only = Some(only);
    let snapshot = store::snapshot(tx, id).await?.ok_or(RoundError::Missing)?;
    let done = aside(move || {
        let composed = compose(&snapshot, &changes)?;
        let solved = solved(&composed.instance)?;
        let mut next = proposals(&cases, &composed, &changes, &solved.result);
        let figures = figures(&solved.result, &next);
        let holders: BTreeSet<CaseId> = cases
            .iter()
            .filter(|c| changes.fixed.contains_key(&c.child))
            .map(|c| c.id)
            .collect();
        next.retain(|p| p.pool.is_some() && !holders.contains(&p.case_id));
        Ok((solved, figures, next))
    })
    .await?;
    let (solved, figures, next): (Solved, Figures, Vec<Proposal>) = done;
    if next.is_empty() {
        return Ok(0);
    }
    let run = RunId::new();
    let new = NewRun {
        id: run,
        round_id: id,
        kind: RunKind::Followup,
        instance: &solved.instance,
        instance_sha256: &solved.result.instance_sha256,
        result: &solved.text,
        engine: ENGINE,
        figures,
        report: None,
        by: None,
    };
    store::insert_run(tx, &new).await?;
    store::put_proposals(tx, &next).await?;
    for proposal in &next {
        store::let_wait_again(tx, proposal.case_id, run).await?;
    }
    Ok(next.len())
}

/// Who keeps a place, who left, and which place could not be offered to whom.
fn changes(standing: &[Standing]) -> Changes {
    let mut changes = Changes::default();
    for row in standing {
        let open = matches!(row.offer_state.as_deref(), Some("sent" | "viewed" | "accepted"));
        match &row.pool {
            Some(pool) if row.outcome == Outcome::Offered && open => {
                changes.fixed.insert(row.child.clone(), pool.clone());
            }
            _ if !row.demand_waits => {
                changes.gone.insert(row.child.clone());
            }
            // What could not be offered, or was taken back by the facility, is not offered to the same child again.
            Some(pool) if row.outcome == Outcome::NotSent || row.offer_state.as_deref() == Some("revoked") => {
                changes.ended.insert((row.child.clone(), pool.clone()));
            }
            _ => {}
        }
    }
    changes
}

/// Places now: those that are held or taken, and of the others at most what is bookable today, so that nobody is promised a place that
/// went another way.
fn caps(
    pools: &[RoundPool],
    sites: &BTreeMap<FacilityId, Site>,
    fixed: &BTreeMap<String, String>,
    month: chrono::NaiveDate,
) -> BTreeMap<String, u32> {
    let mut held: BTreeMap<&str, u32> = BTreeMap::new();
    for pool in fixed.values() {
        *held.entry(pool).or_default() += 1;
    }
    let cap = |pool: &RoundPool| {
        let held = held.get(pool.name.as_str()).copied().unwrap_or(0);
        let site = sites.get(&pool.facility_id).filter(|s| s.open);
        let bookable = site.and_then(|s| s.places.get(&pool.band)?.lowest(month)).unwrap_or(0);
        let free = pool.cap.saturating_sub(held).min(u32::try_from(bookable).unwrap_or(0));
        held + free
    };
    pools.iter().map(|pool| (pool.name.clone(), cap(pool))).collect()
}

/// Pools with a free place that somebody waits for, with all others of the same facilities: a bound over a facility's bands counts all
/// of its children.
fn in_question(cases: &[Case], pools: &[RoundPool], changes: &Changes) -> Option<BTreeSet<String>> {
    let mut free = changes.caps.clone();
    for pool in changes.fixed.values() {
        if let Some(left) = free.get_mut(pool) {
            *left = left.saturating_sub(1);
        }
    }
    let waits = |case: &&Case| !changes.gone.contains(&case.child) && !changes.fixed.contains_key(&case.child);
    let mut wanted: BTreeSet<FacilityId> = BTreeSet::new();
    for case in cases.iter().filter(waits) {
        for wish in &case.wishes {
            let pool = wish.pool.as_deref().filter(|pool| changes.counts(&case.child, pool));
            if pool.is_some_and(|pool| free.get(pool).is_some_and(|left| *left > 0)) {
                wanted.insert(wish.facility_id);
            }
        }
    }
    let only: BTreeSet<String> = pools
        .iter()
        .filter(|p| wanted.contains(&p.facility_id))
        .map(|p| p.name.clone())
        .collect();
    (!only.is_empty()).then_some(only)
}
