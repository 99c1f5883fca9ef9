//! The rules of care demands and facility preferences. Pure.

mod demand;
mod evidence;
mod form;
mod preference;
mod renewal;
mod sending;
mod siblings;
mod ways;
mod words;

pub use demand::{CareDemand, DemandEnd};
pub use evidence::{EvidenceNote, Finding};
pub use form::{
    DemandChange, FactChange, StartRules, TimeOfDay, Wish, check_start, due_after_move, is_editable, reference_code,
};
pub use preference::{FacilityPreference, Listed, OfferEnd};
pub use renewal::{Asked, answer_by, has_run_out, interval_ends, is_near, is_reminder_due};
pub use sending::{SubmitFacts, SubmitRules, check_submission};
pub use siblings::{SaidOfSiblings, SiblingAnswer, is_same_time, newest};
pub use ways::check_ways;
pub use words::{DemandState, PreferenceState, RefuseReason};

/// A transition that the state machine does not know from this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{subject} is {state}: {transition} is not possible")]
pub struct TransitionError {
    /// `demand` or `preference`.
    pub subject: &'static str,
    /// The state that stands against it.
    pub state: &'static str,
    /// What was tried.
    pub transition: &'static str,
}
