//! SQL of this slice, by what it is about: templates, rows, steps.

mod rows;
mod steps;
mod templates;

pub use rows::NoticeRow;
pub(super) use rows::{Filter, NoticeSort, list};
pub(super) use steps::{
    Draft, Service, delete, insert, lock, move_on, set_approved, set_decided, set_objected, set_service, set_text,
};
pub(super) use templates::{TemplateRow, add_template, next_number, templates};
