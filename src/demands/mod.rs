//! Care demands and their facility preferences: what a family asks of the municipality, and which facilities it wishes.
//!
//! A demand goes to the municipality and may assert the legal claim; a preference goes to one facility. Both are state machines
//! (`model`), and every change of state writes its line in the history. Offers stand below this module and tell it what happened:
//! [`offer_sent`], [`offer_ended`], [`offer_accepted`], each in the offer's own transaction. This module never calls them; where a
//! withdrawal takes the ground from an open offer it leaves a job (`ReleaseOffers`).
//!
//! Lock order: facility (place pool) → demand → offer. Every command here locks the demand before it looks at its preferences, so a
//! preference needs no lock of its own; who needs the facility's places locks them before calling.

mod clerk;
mod criteria;
mod hints;
pub mod http;
pub mod jobs;
mod model;
mod placing;
mod renewal;
mod scored;
mod shown;
mod siblings;
mod staff;
mod starting;
mod store;
mod taken_over;
mod together;
mod told;
mod writing;

pub use clerk::{close, confirm, note_claimed, note_register, record_evidence, set_register_mismatch};
pub use criteria::{
    Acknowledged, CATALOGUE, CONFIDENTIAL, CatalogueEntry, CriteriaError, CriterionChange, CriterionScope,
    CriterionUse, Derived, Evidence, EvidenceState, Fact, Facts, Line, LineBody, Moment, NewCriterion, NewSet, Outcome,
    Points, Publication, Recounted, Recounting, Reserve, ReserveType, Rule, RuleSet, Score, ScoreBody, SeatsPer,
    SetBrief, SetChange, SetState, Source, Step, TEMPLATES, Template, TieBreak, Veil, add_criterion, by_sets_of,
    confidential_title, create_set, criterion_titles, knows_reasons, publish_set, put_set, recompute_points,
    recompute_points_of_siblings, recounting, score, score_bodies, update_criterion, veil, withdraw_set,
};
pub use model::{
    CareDemand, DemandChange, DemandEnd, DemandState, EvidenceNote, FacilityPreference, FactChange, Finding, Listed,
    OfferEnd, PreferenceState, RefuseReason, SaidOfSiblings, SiblingAnswer, TimeOfDay, TransitionError, newest,
};
pub use placing::{
    contract_started, end_demand, enter_allocation, given_up, improvement_offered, offer_accepted, offer_ended,
    offer_sent, withdraw_preference, without_contract,
};
pub use renewal::{Renewed, renew_by_link};
pub use scored::{
    Entrant, Entrants, KeptSeats, ScoreLine, ScoredPreference, WaitingWish, entrants, kept_seats, scored_preferences,
    set_names, waiting_at,
};
pub use shown::{DemandBody, HistoryItem, demand_body, history};
pub use siblings::{SiblingsShown, answer_siblings, record_siblings, siblings_on_paper};
pub use staff::{StaffAddress, StaffGuardian, guardians, home};
pub use store::{AskedCode, DemandRow, PreferenceRow};
pub use taken_over::{
    ClaimedFact, Complete, Standing, TakenOver, asked_codes, complete, count_all_later, placed, take_over,
};
pub use together::{Together, hold, together};
pub use told::{SaysOfDemand, check_told, check_told_of, note_told, record_answer, tell_recorded};
pub use writing::{
    change, change_as_of, check_change, create, create_followup, create_transfer, discard, put_preferences,
    put_preferences_as_of, renew, submit, withdraw,
};

use crate::access::{TenantRead, TenantTx};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, DemandId, PreferenceId};

/// What can stand against a command on a demand or preference.
#[derive(Debug, thiserror::Error)]
pub enum DemandError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// The child has a demand that has not ended.
    #[error("this child has a demand already")]
    Exists,
    /// Only who has a place can change to another one.
    #[error("this child has no place to change from")]
    NoPlace,
    /// The key date has passed, or its state does not allow changes.
    #[error("this demand can no longer be changed")]
    NotEditable,
    /// Only a draft can be thrown away.
    #[error("only a draft can be discarded; withdraw it instead")]
    NotDraft,
    /// Evidence is for what the family claims.
    #[error("the family does not claim this criterion")]
    NotClaimed,
    /// Who has an account answers there.
    #[error("a guardian has an account and answers there")]
    HasAccount,
    /// Nobody is asked about siblings who look for places at another time, or not at all.
    #[error("no sibling looks for a place at the same time")]
    NoSiblings,
    /// A round decides about it by the start as it is.
    #[error("a round that is under way decides by the start as it is")]
    StartInRound,
    /// An offer is open.
    #[error("an offer is open; the family answers that first")]
    StartUnderOffer,
    /// A round that has yet to be released took the answer as it was.
    #[error("a round that is under way took the answer as it was")]
    SiblingsFrozen,
    /// There is no receipt before a demand is sent.
    #[error("the demand was not sent yet")]
    NotSubmitted,
    /// Its state does not allow it.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl DemandError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// A demand, locked until the transaction ends.
pub async fn demand_for_update(tx: &mut TenantTx, id: DemandId) -> Result<DemandRow, DemandError> {
    store::demand_for_update(tx, id).await?.ok_or(DemandError::Missing)
}

/// Whether a family that gets letters let all of them go without an answer whether it still needs the place: the office asks it.
pub async fn is_unanswered(tx: &mut TenantRead, id: DemandId) -> Result<bool, sqlx::Error> {
    store::is_unanswered(tx, id).await
}

/// The child of a demand, without a lock; `None` when there is no such demand.
pub async fn child_of_demand(tx: &mut TenantRead, id: DemandId) -> Result<Option<ChildId>, sqlx::Error> {
    Ok(store::demand(tx, id).await?.map(|row| row.child_id))
}

/// A preference, without a lock: who sends an offer learns the facility from it, locks that, and then takes [`preference_for_update`].
pub async fn preference(tx: &mut TenantRead, id: PreferenceId) -> Result<PreferenceRow, DemandError> {
    store::preference(tx, id).await?.ok_or(DemandError::Missing)
}

/// A preference whose demand is locked until the transaction ends.
pub async fn preference_for_update(tx: &mut TenantTx, id: PreferenceId) -> Result<PreferenceRow, DemandError> {
    store::preference_for_update(tx, id).await?.ok_or(DemandError::Missing)
}
