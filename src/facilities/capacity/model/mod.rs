//! The ladder of places by month, and which age bands a stay passes through. Pure.

mod error;
mod figures;
mod new_figure;
mod stay;

pub use error::CapacityError;
pub use figures::{Figure, Rung, Taken, check_promises, current, ladder, rung, rung_of};
pub use new_figure::NewFigure;
pub(super) use stay::birthday;
pub use stay::{Segment, Stay, age_band_on, first_month_over3, segments, third_birthday, usual_end};

use chrono::{Datelike, Months, NaiveDate};

/// Months that the place pool looks ahead, from the current one: seven years, birth to school entry.
pub const HORIZON: usize = 84;

/// The month `n` months after another.
pub fn months_after(month: NaiveDate, n: u32) -> NaiveDate {
    month.checked_add_months(Months::new(n)).unwrap_or(NaiveDate::MAX)
}

/// Whole months from one first-of-month to another; negative when `to` is earlier.
pub fn months_between(from: NaiveDate, to: NaiveDate) -> i32 {
    let number = |d: NaiveDate| d.year() * 12 + i32::try_from(d.month()).unwrap_or(1);
    number(to) - number(from)
}

#[cfg(test)]
#[path = "../model_tests.rs"]
mod tests;
