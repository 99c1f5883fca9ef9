//! SQL of this slice.

mod clerk;
mod criteria;
mod forms;
mod points;
mod rows;
mod scored;
mod shown;
mod states;

pub(in crate::demands) use clerk::*;
pub(in crate::demands) use criteria::*;
pub(in crate::demands) use forms::*;
pub(in crate::demands) use points::*;
pub use rows::{DemandRow, PreferenceRow};
pub(in crate::demands) use rows::{demand_for_update, preference, preference_for_update, preferences_of};
pub(in crate::demands) use scored::{entrants, scored_preferences};
pub(in crate::demands) use shown::*;
pub(in crate::demands) use states::{Answer, Change, change_demand, change_preference, note_change};
