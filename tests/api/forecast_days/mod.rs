//! The forecast, the ladder and the pools against a slow model that walks through every day, for facilities with all that figures rest on.
//!
//! The model knows what was entered and nothing of how the product counts: it has its own calendar of months, ages, school entry, staffing
//! and closures, and asks each of them day by day. What is entered stands here, for all rooms.

mod entering;
mod generator;
mod keys;
mod model;
mod tests;

use chrono::{Datelike, NaiveDate};

/// Today in the tests.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
const BANDS: [&str; 3] = ["under3", "over3", "school_age"];

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap()
}

/// The first of the month that many months from today's.
fn month(ahead: i32) -> NaiveDate {
    let months = TODAY.year() * 12 + 1 + ahead;
    let of_year = u32::try_from(months.rem_euclid(12)).unwrap();
    NaiveDate::from_ymd_opt(months.div_euclid(12), of_year + 1, 1).unwrap()
}

/// First and last day, the last one open where it is `None`.
type Span = (NaiveDate, Option<NaiveDate>);

fn within(span: Span, day: NaiveDate) -> bool {
    span.0 <= day && span.1.is_none_or(|last| day <= last)
}

#[derive(Debug, Clone)]
struct Entered {
    band: usize,
    /// Months from today's.
    month: i32,
    licensed: i32,
    by_hand: Option<i32>,
    external: i32,
}

#[derive(Debug, Clone)]
struct Shelter {
    span: Span,
    /// By kind of care and band.
    places: Vec<(&'static str, usize, i32)>,
}

#[derive(Debug, Clone)]
struct Team {
    span: Span,
    places: [i32; 3],
    staff: Vec<(Span, i32)>,
    closed: Vec<Span>,
}

#[derive(Debug, Clone)]
struct Kept {
    span: (NaiveDate, NaiveDate),
    band: usize,
    places: i32,
}

#[derive(Debug, Clone)]
struct Change {
    from: NaiveDate,
    hours: i32,
    agreed: bool,
}

#[derive(Debug, Clone)]
struct Child {
    birth: NaiveDate,
    from: NaiveDate,
    until: NaiveDate,
    /// By an open offer and not yet by a contract.
    held: bool,
    /// Hours that the offer says, and the contract where there is one.
    offered: i32,
    hours: i32,
    changes: Vec<Change>,
    /// Leaves on this day, before the end that was agreed.
    leaves: Option<NaiveDate>,
    /// Years by which school begins later.
    deferred: i32,
}

#[derive(Debug, Clone)]
struct Permission {
    span: (NaiveDate, NaiveDate),
    places: i32,
    contracts: Option<i32>,
}

#[derive(Debug, Clone, Default)]
struct Town {
    entered: Vec<Entered>,
    permits: Vec<Shelter>,
    teams: Vec<Team>,
    staff: Vec<(Span, i32)>,
    closed: Vec<Span>,
    kept: Vec<Kept>,
    children: Vec<Child>,
    /// Of a childminder.
    licences: Option<Vec<Permission>>,
}
