//! Places that came back: who holds or was offered a place keeps it, and what is free goes on in the same order of claims as in the round,
//! to those who wait and, as the round has it, also to those who like it better than what they have. Each time it is a run of its own over
//! the places in question, verified and stored like any other.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::compose::Changes;
use super::model::{AfterRelease, Outcome, RoundState, RunKind};
use super::moving::{self, Move, Next, look};
use super::proposal::{Case, Flag, Proposal};
use super::running;
use super::snapshot::{RoundPool, Site, fits, long_care};
use super::solving::mark_stays;
use super::store::{self, NewImprovement, NewRun, Standing};
use super::{RoundError, aside, locked};
use crate::access::TenantTx;
use crate::allocation::ENGINE;
use crate::facilities::{self, SchoolEntries, Stay, age_band_on, months_after, usual_end};
use crate::platform::clock::month_of;
use crate::platform::ids::{FacilityId, RoundId, RunId};

/// Gives what came back to the next; answers how many wait for their offer now.
pub async fn follow_up(tx: &mut TenantTx, id: RoundId) -> Result<usize, RoundError> {
    let round = locked(tx, id).await?;
    if round.state != RoundState::Released || store::is_somebody_waiting(tx, id).await? {
        return Ok(0);
    }
    let standing = store::standing(tx, id).await?;
    let pools = store::pools(tx, id).await?;
    let sites = store::sites(tx, round.start_on).await?;
    let month = month_of(round.start_on.max(tx.today()));
    let improve = round.config.after_release == AfterRelease::KeepOrImprove;
    let mut changes = changes(&standing, improve);
    changes.seed = round.seed.clone().unwrap_or_default();
    changes.orders = running::by_hand_orders(tx, &round).await?;
    // Whoever has a place by decision stands there by its offer; why others missed it is told as before.
    let approved = running::approved(tx, id).await?;
    (changes.excluded, changes.decided) = (approved.excluded, approved.decided);
    let cases = super::frozen_cases(tx, id).await?;
    changes.ended.extend(running::ended(tx, &round, &cases).await?);
    if improve {
        // Their other wishes ended with the acceptance; only what the family or a facility ended stays so.
        let again = store::covered_wishes(tx, id).await?;
        changes.ended.retain(|wish| !again.contains(wish));
        changes.ended.extend(store::turned_down(tx, id).await?);
        changes
            .ended
            .extend(running::without_residence(tx, &round, &cases).await?);
        changes.keep_siblings_together(&cases);
        changes.settle_who_has_the_best(&cases);
    }
    let today = tx.today();
    let entries = facilities::school_entries_on(tx, today).await?;
    let passed = passed_over(&cases, &sites, &standing, &entries, today);
    changes.ended.extend(passed);
    // A kept place is no wish that could have ended: without it all others would count as better.
    let kept = &changes.kept;
    changes.ended.retain(|(child, pool)| kept.get(child) != Some(pool));
    changes.caps = caps(&pools, &cases, &sites, &changes, &standing, month);
    let snapshot = store::snapshot(tx, id).await?.ok_or(RoundError::Missing)?;
    let left = left(&sites, &pools, &standing);
    let found = aside(move || look(&snapshot, cases, &pools, changes, &left)).await?;
    let Some(mut next) = found else { return Ok(0) };
    together(&mut next.moves, sites, &entries, today);
    if next.moves.is_empty() {
        return Ok(0);
    }
    let codes = store::codes_of(tx, next.moves.iter().map(|m| m.case.id)).await?;
    for Move { case, proposal, .. } in &mut next.moves {
        moving::complete(case, proposal, codes.get(&case.id).map_or(&[], Vec::as_slice));
    }
    put(tx, id, &next).await
}

async fn put(tx: &mut TenantTx, id: RoundId, next: &Next) -> Result<usize, RoundError> {
    let run = RunId::new();
    let new = NewRun {
        id: run,
        round_id: id,
        kind: RunKind::Followup,
        instance: &next.solved.instance,
        instance_sha256: &next.solved.result.instance_sha256,
        result: &next.solved.text,
        engine: ENGINE,
        figures: next.figures,
        report: None,
        by: None,
    };
    store::insert_run(tx, &new).await?;
    let (better, first): (Vec<_>, Vec<_>) = next.moves.iter().partition(|m| m.better);
    let first: Vec<Proposal> = first.into_iter().map(|m| m.proposal.clone()).collect();
    store::put_proposals(tx, id, &first).await?;
    for proposal in &first {
        store::let_wait_again(tx, proposal.case_id, run).await?;
    }
    for Move { proposal, .. } in better {
        let (Some(pool), Some(preference_id)) = (&proposal.pool, proposal.preference_id) else {
            continue;
        };
        let new = NewImprovement {
            case_id: proposal.case_id,
            run_id: run,
            round_id: id,
            pool,
            part: proposal.part.as_deref(),
            preference_id,
            codes: &proposal.codes,
        };
        store::insert_improvement(tx, &new).await?;
    }
    Ok(next.moves.len())
}

/// Who keeps a place, who left, and which place could not be offered to whom.
fn changes(standing: &[Standing], improve: bool) -> Changes {
    let mut changes = Changes::default();
    for row in standing {
        let open = matches!(row.offer_state.as_deref(), Some("sent" | "viewed" | "accepted"));
        match &row.pool {
            // The place of a case that fails by itself waits for it.
            Some(pool) if row.outcome == Outcome::Offered && open || row.failed && row.demand_waits => {
                // Whoever was asked about a better place answers before the next one.
                let may = improve && row.unsigned && row.improving.is_none();
                let to = if may { &mut changes.kept } else { &mut changes.fixed };
                to.insert(row.child.clone(), pool.clone());
                if let Some(part) = &row.part {
                    changes.parts.insert(row.child.clone(), part.clone());
                }
            }
            _ if !row.demand_waits => {
                changes.gone.insert(row.child.clone());
            }
            // What could not be offered, or was taken back by the facility before the contract or after it, is not offered to the same
            // child again.
            Some(pool)
                if row.outcome == Outcome::NotSent
                    || matches!(row.offer_state.as_deref(), Some("revoked" | "let_go")) =>
            {
                changes.ended.insert((row.child.clone(), pool.clone()));
            }
            _ => {}
        }
    }
    changes
}

/// Wishes that are nothing for their child now: it would begin later than its family would take, in another age band, or on a place that
/// is free for a part of its stay only. The next run looks again.
fn passed_over(
    cases: &[Case],
    sites: &BTreeMap<FacilityId, Site>,
    standing: &[Standing],
    entries: &SchoolEntries,
    today: NaiveDate,
) -> Vec<(String, String)> {
    let latest: HashMap<&str, NaiveDate> = standing
        .iter()
        .filter_map(|row| Some((row.child.as_str(), row.latest_start?)))
        .collect();
    let mut passed = Vec::new();
    for case in cases {
        let entry = entries.of(case.child_id, case.birth);
        for wish in &case.wishes {
            let (Some(pool), Some(site)) = (&wish.pool, sites.get(&wish.facility_id)) else {
                continue;
            };
            let frozen = wish.ways.first().map_or(case.care_from, |way| way.care_from);
            let from = frozen.max(today);
            let too_late = from > frozen && latest.get(case.child.as_str()).is_some_and(|latest| from > *latest);
            let other_band = age_band_on(case.birth, from, entry) != case.band;
            if too_late || other_band || is_free_in_part(case, site, from, entry) {
                passed.push((case.child.clone(), pool.clone()));
            }
        }
    }
    passed
}

/// Leaves the moves whose stays go together: a place that comes back may be one in two age bands, and a child of two takes the other one
/// later on. Who has the larger claim is asked first.
fn together(moves: &mut Vec<Move>, mut sites: BTreeMap<FacilityId, Site>, entries: &SchoolEntries, today: NaiveDate) {
    let cases: Vec<Case> = moves.iter().map(|of| of.case.clone()).collect();
    let mut proposals: Vec<Proposal> = moves.iter().map(|of| of.proposal.clone()).collect();
    mark_stays(&cases, &mut proposals, &mut sites, entries, today);
    let fit: Vec<bool> = proposals
        .iter()
        .map(|proposal| !proposal.flags.contains(&Flag::StayDoesNotFit))
        .collect();
    let parted = moving::parted(cases.iter().zip(fit.iter().copied()));
    let mut fit = fit.into_iter();
    moves.retain(|of| fit.next().unwrap_or(false) && !parted.contains(&of.case.family));
}

/// Whether a place is free on a child's first day, and not for its whole stay.
fn is_free_in_part(case: &Case, site: &Site, from: NaiveDate, entry: NaiveDate) -> bool {
    let stay = Stay {
        child: case.child_id,
        birth: case.birth,
        from,
        until: usual_end(case.birth, from, entry, site.kind, &site.care_types),
    };
    let first = site.places.get(&case.band).and_then(|places| {
        let month = month_of(from);
        places.lowest_between(month, months_after(month, 1))
    });
    first.is_some_and(|free| free > 0) && !fits(site, &stay, entry)
}

/// Places now: those that are held or taken, and of the others at most what is bookable today, so that nobody is promised a place that
/// went another way.
fn caps(
    pools: &[RoundPool],
    cases: &[Case],
    sites: &BTreeMap<FacilityId, Site>,
    changes: &Changes,
    standing: &[Standing],
    month: NaiveDate,
) -> BTreeMap<String, u32> {
    let known: HashMap<&str, &Case> = cases.iter().map(|case| (case.child.as_str(), case)).collect();
    // Whoever has a place, by pool; and whoever was offered one and has not left the old place yet: taken, but by nobody who stands in the
    // run there. Each with the part of the pool, where that is known.
    let mut held: HashMap<&str, Vec<(&Case, Option<&str>)>> = HashMap::new();
    for (child, pool) in changes.fixed.iter().chain(&changes.kept) {
        if let Some(case) = known.get(child.as_str()) {
            let part = changes.parts.get(child).map(String::as_str);
            held.entry(pool).or_default().push((case, part));
        }
    }
    let mut offered: HashMap<&str, Vec<(&Case, Option<&str>)>> = HashMap::new();
    for row in standing {
        if let (Some(pool), Some(case)) = (row.improving.as_deref(), known.get(row.child.as_str())) {
            offered
                .entry(pool)
                .or_default()
                .push((case, row.improving_part.as_deref()));
        }
    }
    // Of both those whose offer could not be sent: their places are not booked yet.
    let mut owed: HashMap<&str, Vec<(&Case, Option<&str>)>> = HashMap::new();
    for row in standing {
        if let (Some((pool, part)), Some(case)) = (row.owed(), known.get(row.child.as_str())) {
            owed.entry(pool).or_default().push((case, part));
        }
    }
    let mut caps = BTreeMap::new();
    for pool in pools {
        let site = sites.get(&pool.facility_id).filter(|s| s.open);
        let places = site.and_then(|s| s.places.get(&pool.band));
        for (at, (name, cap)) in pool.parts().into_iter().enumerate() {
            let within = |of: &HashMap<&str, Vec<(&Case, Option<&str>)>>| {
                let within = of.get(pool.name.as_str()).into_iter().flatten();
                let within = within.filter(|(case, part)| case.part_in(pool, *part) <= at);
                u32::try_from(within.count()).unwrap_or(u32::MAX)
            };
            let (held, offered, owed) = (within(&held), within(&offered), within(&owed));
            let from = pool.free_from(at).map_or(month, |from| from.max(month));
            let bookable = places.and_then(|places| places.lowest(from)).unwrap_or(0);
            let unused = cap.saturating_sub(held + offered);
            let long = site.and_then(|site| long_care(site, pool, at, month));
            let free = u32::try_from(bookable).unwrap_or(0).min(long.unwrap_or(u32::MAX));
            caps.insert(name.into_owned(), held + unused.min(free.saturating_sub(owed)));
        }
    }
    caps
}

/// What bounds over all bands leave.
fn left(sites: &BTreeMap<FacilityId, Site>, pools: &[RoundPool], standing: &[Standing]) -> BTreeMap<FacilityId, u32> {
    let left = |(id, site): (&FacilityId, &Site)| Some((*id, u32::try_from(site.cap?).unwrap_or(0)));
    let mut left: BTreeMap<_, _> = sites.iter().filter_map(left).collect();
    for (owed, _) in standing.iter().filter_map(Standing::owed) {
        let at = pools.iter().find(|pool| pool.name == owed);
        if let Some(left) = at.and_then(|pool| left.get_mut(&pool.facility_id)) {
            *left = left.saturating_sub(1);
        }
    }
    left
}

impl Standing {
    /// The place that waits for this child, with its part of the pool, although its offer could not be sent yet.
    fn owed(&self) -> Option<(&str, Option<&str>)> {
        match self {
            _ if self.improving_failed => Some((self.improving.as_deref()?, self.improving_part.as_deref())),
            _ if self.failed && self.demand_waits => Some((self.pool.as_deref()?, self.part.as_deref())),
            _ => None,
        }
    }
}
