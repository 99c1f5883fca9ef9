//! SQL of this slice, by what it is about: templates, rows, steps.

mod rows;
mod steps;
mod templates;

pub use rows::{FeeNoticeRow, NoticeRow};
pub(super) use rows::{Filter, NoticeSort, list, of_fee, of_fees};
pub(super) use steps::{
    Draft, FeeDraft, Service, delete, insert, lock, move_on, set_approved, set_decided, set_objected, set_service,
    set_text,
};
pub use steps::{forget_licences, forgettable_licences};
pub(super) use templates::{TemplateRow, add_template, next_number, templates};
