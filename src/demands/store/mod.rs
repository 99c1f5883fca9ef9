//! SQL of this slice.

mod rows;
mod states;

pub use rows::{DemandRow, PreferenceRow};
pub(in crate::demands) use rows::{demand_for_update, preference, preference_for_update, preferences_of};
pub(in crate::demands) use states::{Answer, Change, change_demand, change_preference};
