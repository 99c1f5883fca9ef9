//! SQL of criteria, sets and scores.

mod inputs;
mod questions;
mod scores;
mod sets;

pub(in crate::demands) use inputs::*;
pub(in crate::demands) use questions::*;
pub(in crate::demands) use scores::*;
pub use sets::Acknowledged;
pub(in crate::demands) use sets::*;
