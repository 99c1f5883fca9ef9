//! SQL of this slice.

mod assessments;
mod contracts;
mod lists;
mod reliefs;
mod schedules;

pub(super) use assessments::{AssessmentRow, assessments, delete_draft, file_number, insert_draft, issue, lock_fee};
pub(super) use contracts::{ContractRow, contract};
pub(super) use lists::{FeeSort, Filter, ListedRow, holding_in, listed, own};
pub(super) use reliefs::{ReliefRow, end_relief, insert_relief, lock_relief, reliefs};
pub use schedules::ScheduleState;
pub(super) use schedules::{
    Content, ScheduleRow, insert_schedule, lock_schedule, publish_schedule, published, schedule, schedules,
    update_schedule, withdraw_schedule,
};
