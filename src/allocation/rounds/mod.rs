//! Allocation rounds: places are given to all who asked until a day, by published rules, in runs that anybody can do again.
//!
//! States: `planned → frozen → proposed → in_review → released → closed`, with `paused` and, before the release, `cancelled`. Invariants:
//! no run is stored unless the verifier passed it; nothing is released but the standing run with the drawn seed, over the frozen
//! snapshot and the approved deviations, after two persons opened its conflicts and signed; until the release no family's state is
//! touched. Each case is dealt with in a transaction of its own that leaves its outcome, so the work goes on after a crash anywhere.
//!
//! The offers stand below this module: a job of theirs takes the waiting cases ([`turns::take`]) and says what came of each
//! ([`turns::offered`], [`turns::not_sent`]); one that fails by itself is set aside, so that it stops no other ([`turns::put_aside`]). What
//! comes back after the release goes on ([`follow_up`]); as the round has it also to children who have a place and no signed contract, as an
//! offer beside the place that they keep. Lock order: round → case → facility (place pool) → demand → offer.

mod answering;
mod by_hand;
mod carrying_out;
mod chances;
mod compose;
mod coordination;
mod deciding;
mod followup;
mod groups;
mod held_seats;
pub mod http;
mod improving;
pub mod jobs;
mod model;
mod moving;
mod next;
mod planning;
mod proposal;
mod ranking;
mod record;
mod report;
mod running;
mod simulation;
mod snapshot;
mod solving;
mod standing;
mod step_mails;
mod steps;
mod store;
mod suppression;
pub mod turns;
mod why;

pub use answering::{NewAnswer, NewOrder, NewPlace, answer};
pub use carrying_out::{Decided, ProposedPlace, offer_ended, released_rounds};
pub use deciding::{
    NewCaseDecision, NewDeviation, approve_deviation, decide_cases, open_conflicts, propose_deviation, sign_release,
    withdraw_deviation,
};
pub use followup::follow_up;
pub use improving::{better_offered, kept_place, offer_accepted, signed_meanwhile};
pub use model::{
    AfterRelease, AllocationRound, DeviationKind, DeviationReason, DeviationState, NewRound, Outcome, RoundConfig,
    RoundMode, RoundState, RunKind, SamePerson, SiblingRule, WrongState,
};
pub use planning::{cancel, change, close, create, freeze, pause, resume};
pub use running::{Replayed, enter_seed, replay, run};
pub use steps::{NewChoice, choose, extend, go_on, look_at_step, open_steps, stepping_rounds};
pub use store::{KeptPlace, RoundRow};

use std::collections::HashMap;

use chrono::NaiveDate;

use proposal::Case;

use crate::access::{TenantRead, TenantTx};
use crate::demands::DemandError;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, DemandId, FacilityId, RoundId};
use carrying_out::enqueue_follow_up as go_on_soon;
use compose::ComposeError;

/// What can stand against a step of a round.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    /// There is none.
    #[error("missing")]
    Missing,
    /// Its state does not allow it.
    #[error(transparent)]
    State(#[from] WrongState),
    /// Demands can still come until the end of the key date.
    #[error("the key date has not passed")]
    KeyDateAhead,
    /// The public draw was before the freeze, or may have been on its day.
    #[error("the draw is today or over; plan a later one")]
    DrawOver,
    /// Children would be compared by points of two sets of criteria, or of two days.
    #[error("the points are being counted; try again in a few minutes")]
    PointsBeingCounted,
    /// Two rounds would give the same places.
    #[error("another round is under way")]
    AnotherUnderWay,
    /// Before the draw nobody can know the seed.
    #[error("the draw has not been held")]
    DrawAhead,
    /// The seed stands; changing it would change who goes first.
    #[error("the seed stands already")]
    SeedStands,
    /// A second person is needed.
    #[error(transparent)]
    SamePerson(#[from] SamePerson),
    /// The verifier found something.
    #[error("the result was not verified: {0}")]
    NotVerified(String),
    /// Decisions and places do not go together.
    #[error("the decisions do not fit the places: {0}")]
    DecisionsDoNotFit(String),
    /// The run was made before the draw.
    #[error("this run was made without the drawn seed")]
    NotFinal,
    /// Something changed since the run.
    #[error("the run is not the newest, or something was decided since")]
    RunOutdated,
    /// The signer has not opened the conflicts of this run.
    #[error("open the conflicts of this run first")]
    ConflictsNotOpened,
    /// A person has to decide about some cases first.
    #[error("cases wait for a person's decision")]
    CasesUndecided,
    /// A deviation waits for the second person.
    #[error("a deviation waits for a second person")]
    DeviationPending,
    /// Another deviation about the same child or wish stands.
    #[error("there is a deviation about this already")]
    DeviationStands,
    /// The deviation is not where this step is possible.
    #[error("the deviation cannot be {0}")]
    DeviationState(&'static str),
    /// Cases wait to be dealt with.
    #[error("offers are still being sent")]
    StillSending,
    /// The step is for rounds in which facilities propose.
    #[error("the round is not a coordinated one")]
    NotCoordinated,
    /// Demands and places are not known yet.
    #[error("the round was not frozen")]
    NotFrozen,
    /// How facilities take part stands from the first step on, and it is opened once.
    #[error("the steps were opened")]
    StepsOpened,
    /// Another step is open, or none.
    #[error("this step is not open")]
    StepOver,
    /// The facility has nothing to answer in this step.
    #[error("this step does not wait for the facility")]
    NotAwaited,
    /// The deadline has not passed.
    #[error("the deadline of the step has not passed")]
    StepRunning,
    /// No released round has decided about it yet.
    #[error("no round has decided about this yet")]
    NotDecided,
    /// Before the release there is no outcome.
    #[error("the round was not released")]
    NotReleased,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// A demand stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// What is stored cannot be read, or work off the threads of the server failed.
    #[error("broken: {0}")]
    Broken(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl RoundError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            Self::Demand(error) => error.database(),
            _ => None,
        }
    }
}

impl From<ComposeError> for RoundError {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Fault(fault) => Self::DecisionsDoNotFit(fault.to_string()),
            other => Self::Broken(other.to_string()),
        }
    }
}

/// A round.
pub async fn round(tx: &mut TenantRead, id: RoundId) -> Result<RoundRow, RoundError> {
    let filter = store::Rounds {
        id: Some(id),
        ..Default::default()
    };
    let found = store::rounds(tx, &filter).await?.pop();
    tx.touch(id);
    found.ok_or(RoundError::Missing)
}

/// Whether a released round goes on: the places that come back are its own then.
pub async fn is_one_open(tx: &mut TenantRead) -> Result<bool, sqlx::Error> {
    Ok(!store::released(tx).await?.is_empty())
}

/// Keeps all rounds as they are until the transaction ends, so that none is frozen while a place of it is offered. Comes before any lock of
/// a facility.
pub async fn hold_rounds(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    store::hold_rounds(tx).await
}

/// Whether places of a facility are given by a round between its freeze and its release, and a stay would take one in the round's year.
pub async fn gives_places_of(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<bool, sqlx::Error> {
    let given = store::places_given_by_round(tx, facility).await?;
    Ok(given.is_some_and(|start| from < model::year_after(start) && until.is_none_or(|until| until > start)))
}

/// The numbers that these demands drew in the newest released round, in hexadecimal; the smaller goes first.
pub async fn last_draw(tx: &mut TenantRead, demands: &[DemandId]) -> Result<HashMap<DemandId, String>, sqlx::Error> {
    store::last_draw(tx, demands).await
}

/// A round, locked until the transaction ends.
async fn locked(tx: &mut TenantTx, id: RoundId) -> Result<RoundRow, RoundError> {
    if store::lock_round(tx, id).await? {
        round(tx, id).await
    } else {
        Err(RoundError::Missing)
    }
}

/// The person who acts; a round is moved by persons only.
fn person(tx: &TenantRead) -> Result<AccountId, RoundError> {
    tx.account().map(|a| a.id).ok_or(RoundError::Missing)
}

/// All cases of a round as they were frozen.
async fn frozen_cases(tx: &mut TenantRead, round: RoundId) -> Result<Vec<Case>, RoundError> {
    let rows = store::frozen_cases(tx, round).await?;
    aside(move || store::read_cases(rows).map_err(|e| RoundError::Broken(e.to_string()))).await
}

/// Runs work that takes the processor for long off the server's threads.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, RoundError> + Send + 'static,
) -> Result<T, RoundError> {
    match actix_web::web::block(work).await {
        Ok(done) => done,
        Err(cancelled) => Err(RoundError::Broken(cancelled.to_string())),
    }
}
