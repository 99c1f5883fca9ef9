//! The seed is entered, and the round is run: composed, solved, verified, and only then stored.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::compose::{Changes, Ordered};
use super::coordination;
use super::model::{AllocationRound, DeviationKind, DeviationState, RoundMode, RunKind, agreed_seed};
use super::proposal::Case;
use super::report::LastRound;
use super::solving::{Cases, Held, Proposed, Work, pools_of, solved};
use super::store::{self, NewRun, RoundRow};
use super::{RoundError, aside, locked, person};
use crate::access::{TenantRead, TenantTx};
use crate::allocation::{ENGINE, Instance, ResultFile, verify};
use crate::facilities;
use crate::platform::fields::Fields;
use crate::platform::ids::{PreferenceId, RoundId, RunId};
use crate::residence;

/// A person enters what the public draw gave. Once two persons have entered the same, it stands; answers whether it does.
pub async fn enter_seed(tx: &mut TenantTx, id: RoundId, seed: &str) -> Result<bool, RoundError> {
    let round = locked(tx, id).await?;
    round.machine().decide()?;
    if round.seed.is_some() {
        return Err(RoundError::SeedStands);
    }
    if tx.today() < round.config.draw_on {
        return Err(RoundError::DrawAhead);
    }
    let mut fields = Fields::new();
    let seed = fields.text(seed, "/seed", 200);
    fields.finish()?;
    let by = person(tx)?;
    store::put_seed(tx, id, by, seed).await?;
    let entries = store::seeds(tx, id).await?;
    match agreed_seed(&entries) {
        Some(agreed) => {
            store::set_seed(tx, id, agreed).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// Solves, verifies and stores. Before the draw, and before facilities have answered the last step, it is a dry run, after that a final
/// one.
pub async fn run(tx: &mut TenantTx, id: RoundId) -> Result<RunId, RoundError> {
    let round = locked(tx, id).await?;
    let proposed = round.machine().propose()?;
    let held = held(tx, &round).await?;
    let settled = round.mode == RoundMode::Central || held.is_some();
    let snapshot = store::snapshot(tx, id).await?.ok_or(RoundError::Missing)?;
    let work = Work {
        snapshot,
        cases: Cases::Stored(store::frozen_cases(tx, id).await?),
        changes: decided(tx, &round).await?,
        ended: ended_wishes(tx, &round).await?,
        before: before(tx, &round).await?,
        held,
        pools: store::pools(tx, id).await?,
        belongs: store::belongs(tx).await?,
        sites: store::sites(tx, round.start_on).await?,
        entries: facilities::school_entries_on(tx, round.start_on).await?,
        last_round: last_round(tx, id).await?,
    };
    let read = aside(move || work.proposed()).await?;
    let kind = if round.seed.is_some() && settled {
        RunKind::Final
    } else {
        RunKind::Dry
    };
    put(tx, id, kind, &proposed, read).await
}

/// Stores what a run proposes, and its report; from then on it is the standing run of the round.
pub(super) async fn put(
    tx: &mut TenantTx,
    id: RoundId,
    kind: RunKind,
    to: &AllocationRound,
    read: Proposed,
) -> Result<RunId, RoundError> {
    let by = person(tx)?;
    let proposals = Arc::clone(&read.proposals);
    // The database writes what is proposed while the report is made.
    let reporting = aside(move || read.reported());
    let (reported, written) = tokio::join!(reporting, store::put_proposals(tx, id, &proposals));
    written?;
    let (solved, report) = reported?;
    let run = RunId::new();
    let new = NewRun {
        id: run,
        round_id: id,
        kind,
        instance: &solved.instance,
        instance_sha256: &solved.result.instance_sha256,
        result: &solved.text,
        engine: ENGINE,
        figures: report.figures,
        report: Some(&report),
        by: Some(by),
    };
    store::insert_run(tx, &new).await?;
    store::set_run(tx, id, run).await?;
    store::set_state(tx, id, to).await?;
    super::jobs::count_later(tx, id, run).await?;
    Ok(run)
}

/// The round that was released last before this one.
pub(super) async fn last_round(tx: &mut TenantRead, id: RoundId) -> Result<Option<LastRound>, RoundError> {
    let found = store::last_released(tx, id).await?;
    Ok(found.map(|(name, figures)| LastRound { name, figures }))
}

/// What was decided since the freeze, who left, and which wishes ended.
pub(super) async fn changes(tx: &mut TenantRead, round: &RoundRow, cases: &[Case]) -> Result<Changes, RoundError> {
    Ok(Changes {
        ended: ended(tx, round, cases).await?,
        ..decided(tx, round).await?
    })
}

async fn decided(tx: &mut TenantRead, round: &RoundRow) -> Result<Changes, RoundError> {
    let mut changes = Changes {
        seed: round.seed.clone().unwrap_or_default(),
        gone: store::gone(tx, round.id).await?.into_iter().collect(),
        orders: by_hand_orders(tx, round).await?,
        ..approved(tx, round.id).await?
    };
    // Who left needs no place any more, whatever was decided.
    changes.fixed.retain(|child, _| !changes.gone.contains(child));
    Ok(changes)
}

/// What two persons decided: places, wishes that do not count, and why.
pub(super) async fn approved(tx: &mut TenantRead, round: RoundId) -> Result<Changes, RoundError> {
    let mut changes = Changes::default();
    let rows = store::deviations(tx, round, None, None).await?;
    for row in rows.into_iter().filter(|row| row.state == DeviationState::Approved) {
        let Some(pool) = row.pool else { continue };
        let wish = (row.child, pool);
        changes.decided.insert(wish.clone(), row.reason);
        match row.kind {
            DeviationKind::Place => changes.fixed.extend([wish]),
            DeviationKind::Exclude => changes.excluded.extend([wish]),
        }
    }
    Ok(changes)
}

/// Orders by hand that stand.
pub(super) async fn by_hand_orders(
    tx: &mut TenantRead,
    round: &RoundRow,
) -> Result<BTreeMap<String, Vec<Ordered>>, RoundError> {
    Ok(match round.mode {
        RoundMode::Central => BTreeMap::new(),
        RoundMode::Coordinated => coordination::orders(&store::answers(tx, round.id).await?),
    })
}

/// What families held at the end of the steps; `None` before that, and in central rounds.
async fn held(tx: &mut TenantRead, round: &RoundRow) -> Result<Option<Held>, RoundError> {
    if round.mode == RoundMode::Central || round.seed.is_none() {
        return Ok(None);
    }
    let standing = super::standing::standing(tx, round).await?;
    let number = standing.inputs.steps.last().map_or(0, |step| step.number);
    Ok(standing.inputs.done().then_some((number, standing.situation.held)))
}

/// Wishes that ended since the freeze: child and pool.
pub(super) async fn ended(
    tx: &mut TenantRead,
    round: &RoundRow,
    cases: &[Case],
) -> Result<BTreeSet<(String, String)>, RoundError> {
    Ok(pools_of(cases, &ended_wishes(tx, round).await?))
}

/// Wishes of guests who cannot have a contract: child and pool.
pub(super) async fn without_residence(
    tx: &mut TenantRead,
    round: &RoundRow,
    cases: &[Case],
) -> Result<BTreeSet<(String, String)>, RoundError> {
    let wishes = of_refused(tx, round.id).await?;
    Ok(pools_of(cases, &wishes.into_iter().collect()))
}

async fn of_refused(tx: &mut TenantRead, round: RoundId) -> Result<Vec<PreferenceId>, sqlx::Error> {
    let refused = residence::refused(tx).await?;
    match refused.is_empty() {
        true => Ok(Vec::new()),
        false => store::wishes_of(tx, round, &refused).await,
    }
}

async fn ended_wishes(tx: &mut TenantRead, round: &RoundRow) -> Result<HashSet<PreferenceId>, sqlx::Error> {
    let mut ended = store::ended_wishes(tx, round.frozen_at.unwrap_or_else(|| tx.now())).await?;
    ended.extend(of_refused(tx, round.id).await?);
    Ok(ended)
}

async fn before(tx: &mut TenantRead, round: &RoundRow) -> Result<Option<(i32, String)>, RoundError> {
    let Some(run) = round.run_id else {
        return Ok(None);
    };
    let files = store::run_files(tx, run).await?;
    Ok(files.map(|f| (f.number, f.result)))
}

/// A stored run, done again.
#[derive(Debug)]
pub struct Replayed {
    /// Its number in the round.
    pub number: i32,
    /// Hash of its instance.
    pub instance_sha256: String,
    /// Size of its result.
    pub bytes: usize,
    /// Whether the result is the same, byte for byte.
    pub same: bool,
}

/// Does a stored run again from its instance, verifies the stored result, and compares byte for byte.
pub async fn replay(tx: &mut TenantRead, run: RunId) -> Result<Replayed, RoundError> {
    let files = store::run_files(tx, run).await?.ok_or(RoundError::Missing)?;
    aside(move || {
        let read = |e: crate::allocation::FileError| RoundError::Broken(e.to_string());
        let instance = Instance::read(files.instance.as_bytes()).map_err(read)?;
        let stored = ResultFile::read(files.result.as_bytes()).map_err(read)?;
        if let Some(violation) = verify(&instance, &stored).first() {
            return Err(RoundError::NotVerified(violation.to_string()));
        }
        let again = solved(&instance)?;
        Ok(Replayed {
            number: files.number,
            instance_sha256: again.result.instance_sha256.clone(),
            bytes: again.text.len(),
            same: again.text == files.result && again.instance == files.instance,
        })
    })
    .await
}
