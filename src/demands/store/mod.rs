//! SQL of this slice.

mod clerk;
mod forms;
mod renewal;
mod rows;
mod scored;
mod shown;
mod siblings;
mod states;
mod taken_over;
mod together;

pub(in crate::demands) use clerk::*;
pub(in crate::demands) use forms::*;
pub(in crate::demands) use renewal::*;
pub use rows::{DemandRow, PreferenceRow};
pub(in crate::demands) use rows::{demand_for_update, preference, preference_for_update, preferences_of};
pub(in crate::demands) use scored::{entrants, kept_seats, level, scored_preferences, set_names, waiting_at};
pub(in crate::demands) use shown::*;
pub(in crate::demands) use siblings::*;
pub(in crate::demands) use states::{Answer, Change, change_demand, change_preference, note_change, state_before};
pub use taken_over::AskedCode;
pub(in crate::demands) use taken_over::{
    asked_codes, codes_taken, insert_claims, insert_taken_over, insert_wishes, open_of_child,
};
pub(in crate::demands) use together::*;
