//! SQL of capacity: figures, places taken, and the pool that is derived from both.

mod figures;
mod pool;
mod present;
mod school;
mod taken;

pub(super) use figures::{EnteredRow, confirm_figures, entered, facility_exists, figures, lock_facility, put_figure};
pub(super) use pool::{Pool, behind, bump_version, lock_pool, pools, put_pool, version};
pub(super) use present::present;
pub(super) use school::{decided_entries, decided_entry};
pub(super) use taken::{
    cut_taken, delete_taken, facilities_of_child, facility_of_offer, insert_held, insert_occupied, set_occupied,
    stays_of_child, taken, taken_until, week_of,
};
