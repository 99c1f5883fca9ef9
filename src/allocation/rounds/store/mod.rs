//! SQL of this slice.

mod cases;
mod chances;
mod decided;
mod decisions;
mod deviations;
mod frozen;
mod improved;
mod improvements;
mod outcomes;
mod persons;
mod round_state;
mod rounds;
mod runs;
mod seen;
mod sources;
mod step_people;
mod steps;

pub(super) use cases::*;
pub(super) use chances::*;
pub(super) use decided::*;
pub(super) use decisions::*;
pub(super) use deviations::*;
pub(super) use frozen::*;
pub(super) use improved::*;
pub use improvements::KeptPlace;
pub(super) use improvements::*;
pub(super) use outcomes::*;
pub(super) use persons::*;
pub(super) use round_state::*;
pub use rounds::RoundRow;
pub(super) use rounds::*;
pub(super) use runs::*;
pub(super) use seen::*;
pub(super) use sources::*;
pub(super) use step_people::*;
pub(super) use steps::*;
