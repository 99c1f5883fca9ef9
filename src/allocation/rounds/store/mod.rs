//! SQL of this slice.

mod cases;
mod chances;
mod decisions;
mod deviations;
mod outcomes;
mod persons;
mod rounds;
mod runs;
mod seen;
mod sources;
mod steps;

pub(super) use cases::*;
pub(super) use chances::*;
pub(super) use decisions::*;
pub(super) use deviations::*;
pub(super) use outcomes::*;
pub(super) use persons::*;
pub use rounds::RoundRow;
pub(super) use rounds::*;
pub(super) use runs::*;
pub(super) use seen::*;
pub(super) use sources::*;
pub(super) use steps::*;
