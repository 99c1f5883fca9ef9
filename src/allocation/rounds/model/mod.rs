//! Allocation rounds: their states, who may take which step, and what a round may say. Pure.

mod decision;
mod plan;
mod state;
#[cfg(test)]
mod tests;

pub use decision::{
    Answer, DeviationKind, DeviationReason, DeviationState, ImprovementState, Outcome, RunKind, SamePerson,
    agreed_seed, four_eyes,
};
pub use plan::{AfterRelease, NewRound, RoundConfig, RoundMode, SiblingRule, day_after, year_after};
pub use state::{AllocationRound, RoundState, WrongState};
