//! Whose turn it is after the release: children who wait for an offer, and children who keep a place and wait for the offer of a better one.

use super::carrying_out::{Decided, take_case};
use super::improving::take_improvement;
use super::model::{ImprovementState, Outcome};
use super::{RoundError, store};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{CaseId, OfferId, RoundId, RunId};

/// What is still to be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// What was decided about a case.
    Case(CaseId),
    /// A better place of a case, by the run that gave it.
    Better(CaseId, RunId),
}

impl std::fmt::Display for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Case(case) | Self::Better(case, _)) = self;
        write!(f, "{case}")
    }
}

/// Some that wait: cases with a place first, then the other cases, then better places.
pub async fn waiting(tx: &mut TenantRead, round: RoundId, limit: i64) -> Result<Vec<Turn>, RoundError> {
    let cases = store::waiting_cases(tx, round, limit).await?;
    let mut turns: Vec<_> = cases.into_iter().map(Turn::Case).collect();
    let left = limit.saturating_sub(i64::try_from(turns.len()).unwrap_or(limit));
    if left > 0 {
        let better = store::waiting_improvements(tx, round, left).await?;
        turns.extend(better.into_iter().map(|(case, run)| Turn::Better(case, run)));
    }
    Ok(turns)
}

/// All that were set aside.
pub async fn set_aside(tx: &mut TenantRead, round: RoundId) -> Result<Vec<Turn>, RoundError> {
    let turn = |(case, run): (CaseId, Option<RunId>)| run.map_or(Turn::Case(case), |run| Turn::Better(case, run));
    Ok(store::failed_turns(tx, round).await?.into_iter().map(turn).collect())
}

/// Takes a turn: after this transaction it is dealt with.
pub async fn take(tx: &mut TenantTx, round: RoundId, turn: Turn) -> Result<Decided, RoundError> {
    match turn {
        Turn::Case(id) => take_case(tx, round, id).await,
        Turn::Better(case, run) => take_improvement(tx, round, (case, run)).await,
    }
}

/// The offer stands, in the transaction that took the turn.
pub async fn offered(tx: &mut TenantTx, turn: Turn, offer: OfferId) -> Result<(), RoundError> {
    match turn {
        Turn::Case(id) => store::set_outcome(tx, id, Outcome::Offered, None, Some(offer)).await?,
        Turn::Better(case, run) => {
            store::set_improvement(tx, (case, run), ImprovementState::Offered, None, Some(offer)).await?;
        }
    }
    Ok(())
}

/// The place could not be offered: the decision is recorded all the same, and a person must look at it; of a better place the child has what
/// it had. `reason` is a stable code.
pub async fn not_sent(tx: &mut TenantTx, round: RoundId, turn: Turn, reason: &str) -> Result<(), RoundError> {
    if take(tx, round, turn).await? == Decided::Nothing {
        return Ok(());
    }
    match turn {
        Turn::Case(id) => store::set_outcome(tx, id, Outcome::NotSent, Some(reason), None).await?,
        Turn::Better(case, run) => {
            store::set_improvement(tx, (case, run), ImprovementState::NotSent, Some(reason), None).await?;
        }
    }
    Ok(())
}

/// Sets a turn aside that fails by itself, so that the others go on: the office sees it among the places that could not be offered, its place
/// stays its own, and [`set_aside`] finds it to be tried again.
pub async fn put_aside(tx: &mut TenantTx, round: RoundId, turn: Turn) -> Result<(), RoundError> {
    tx.touch(round);
    match turn {
        Turn::Case(id) => store::case_failed(tx, id).await?,
        Turn::Better(case, run) => store::improvement_failed(tx, (case, run)).await?,
    }
    Ok(())
}

/// An offer that lost its ground fails by itself to be taken back, and its place is held: the office sees it where it sees the places that
/// could not be offered. Once it is taken back the word goes ([`super::offer_ended`]).
pub async fn not_released(tx: &mut TenantTx, offer: OfferId) -> Result<(), sqlx::Error> {
    tx.touch(offer);
    store::not_released(tx, offer).await
}
