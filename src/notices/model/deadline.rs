//! When a notice counts as served, and until when somebody can object. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::tenancy::easter;

/// The day on which a notice counts as served: the fourth after posting (§ 37 Abs. 2 SGB X), also on a Sunday or holiday, for this is
/// no time to act in but a day that the law sets.
pub fn served_on(posted_on: NaiveDate) -> NaiveDate {
    posted_on.checked_add_days(Days::new(4)).unwrap_or(NaiveDate::MAX)
}

/// Last day to object: so many months after the service, on the day of the same number or the month's last (§ 188 Abs. 2 and 3 BGB); not
/// on a Saturday, Sunday, holiday or closing day, but on the next day that is none. Holidays of a single state or town stand among the
/// closing days.
pub fn objection_until(served_on: NaiveDate, months: u32, closed: &BTreeSet<NaiveDate>) -> NaiveDate {
    let mut day = served_on
        .checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX);
    let rests = |day: NaiveDate| {
        matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || is_holiday(day) || closed.contains(&day)
    };
    while day < NaiveDate::MAX && rests(day) {
        day = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    }
    day
}

/// Whether a day is a holiday in all of Germany.
fn is_holiday(day: NaiveDate) -> bool {
    // Days after Easter: Good Friday, Easter Monday, Ascension, Whit Monday.
    let after_easter = easter(day.year()).map(|easter| (day - easter).num_days());
    matches!((day.month(), day.day()), (1 | 5, 1) | (10, 3) | (12, 25 | 26))
        || matches!(after_easter, Some(-2 | 1 | 39 | 50))
}
