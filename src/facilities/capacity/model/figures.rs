//! The ladder of places by month: what figures give, and what is taken of them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CapacityError, months_after, months_between};
use crate::facilities::capacity::site::Limit;
use crate::platform::week::WeekTimes;

/// A figure as the facility entered it, or as it counts after all that bounds it; it holds from its month until the next figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// First month.
    pub from_month: NaiveDate,
    /// Places of the operating permit.
    pub licensed: i32,
    /// Places that today's staff can run.
    pub operable: i32,
    /// Whether the facility set `operable` itself, with a reason.
    pub by_hand: bool,
    /// What bounds `operable`.
    pub limit: Limit,
    /// Places kept for a purpose.
    pub reserved: i32,
    /// Places taken by children whose contracts are not kept here.
    pub occupied_external: i32,
    /// When the facility confirmed it.
    pub confirmed_on: Option<NaiveDate>,
    /// Whether it was made up for a demo.
    pub is_example: bool,
}

/// A place taken for some months, by an open offer (`held`) or a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// By an offer that is still open.
    pub held: bool,
    /// First month.
    pub from_month: NaiveDate,
    /// First month in which the place is free again.
    pub until_month: NaiveDate,
    /// The times of the week that are agreed with a childminder; `None`: all day on every day.
    pub week: Option<WeekTimes>,
}

impl Taken {
    /// Whether it takes a place in a month.
    pub fn in_month(&self, month: NaiveDate) -> bool {
        self.from_month <= month && month < self.until_month
    }
}

/// One month of the ladder. `bookable` may be negative: more is promised than today's staff can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rung {
    /// First day of the month.
    pub month: NaiveDate,
    /// Places of the permit.
    pub licensed: i32,
    /// Places that today's staff can run.
    pub operable: i32,
    /// Places taken by contracts, kept here or not.
    pub occupied: i32,
    /// Places held by open offers.
    pub held: i32,
    /// Places kept for a purpose.
    pub reserved: i32,
    /// `operable − occupied − held − reserved`.
    pub bookable: i32,
    /// What bounds `operable`.
    pub limited_by: Limit,
}

/// Refuses figures that leave fewer places than were promised (open offers, contracts kept here) in some month from `from` on.
///
/// A reservation counts too: who reserves takes from what is free, not from a family. An edit of a facility that is overbooked already
/// passes when no month gets worse, else nobody could mend it step by step.
pub fn check_promises(
    before: &[Figure],
    after: &[Figure],
    taken: &[Taken],
    from: NaiveDate,
) -> Result<(), CapacityError> {
    let last = taken.iter().map(|t| t.until_month).max().unwrap_or(from);
    let months = usize::try_from(months_between(from, last)).unwrap_or(0);
    for rung in ladder(after, taken, from, months).into_iter().flatten() {
        let was = self::rung(before, taken, rung.month).map_or(0, |r| r.bookable);
        let promised = taken.iter().filter(|t| t.in_month(rung.month)).count();
        let promised = i32::try_from(promised).unwrap_or(i32::MAX);
        if promised > 0 && rung.bookable < was.min(0) {
            let left = rung.bookable.saturating_add(promised);
            return Err(CapacityError::BelowPromised {
                month: rung.month,
                promised,
                left,
            });
        }
    }
    Ok(())
}

/// The ladder of one month; `None` before the first figure, because unknown stays unknown. `figures` are sorted by month.
pub fn rung(figures: &[Figure], taken: &[Taken], month: NaiveDate) -> Option<Rung> {
    let count = |held: bool| {
        let n = taken.iter().filter(|t| t.held == held && t.in_month(month)).count();
        i32::try_from(n).unwrap_or(i32::MAX)
    };
    rung_of(figures, count(false), count(true), month)
}

/// The same for so many places taken by contracts kept here and held by open offers.
pub fn rung_of(figures: &[Figure], occupied: i32, held: i32, month: NaiveDate) -> Option<Rung> {
    let figure = figures.iter().rev().find(|f| f.from_month <= month)?;
    let occupied = figure.occupied_external.saturating_add(occupied);
    Some(Rung {
        month,
        licensed: figure.licensed,
        operable: figure.operable,
        occupied,
        held,
        reserved: figure.reserved,
        bookable: figure
            .operable
            .saturating_sub(occupied)
            .saturating_sub(held)
            .saturating_sub(figure.reserved),
        limited_by: figure.limit,
    })
}

/// The ladder of `months` months from `base` on.
pub fn ladder(figures: &[Figure], taken: &[Taken], base: NaiveDate, months: usize) -> Vec<Option<Rung>> {
    (0..u32::try_from(months).unwrap_or(0))
        .map(|n| rung(figures, taken, months_after(base, n)))
        .collect()
}

/// The figure that stands for freshness: the one in force in a month, or the first one to come.
pub fn current(figures: &[Figure], month: NaiveDate) -> Option<&Figure> {
    figures
        .iter()
        .rev()
        .find(|f| f.from_month <= month)
        .or_else(|| figures.first())
}
