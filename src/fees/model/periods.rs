//! What a contract costs by the tables, month by month where it changes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reliefs::{PeriodRelief, Relief};
use super::tables::{FeeCare, FeeRow};
use crate::facilities::Segment;
use crate::platform::ids::FeeScheduleId;

/// What a table asks of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The child's place among those of the family in care.
    pub child: i32,
    /// Whether the parents live alone with it.
    pub lone_parent: bool,
    /// The bracket of the yearly income; `None`: the highest, also where nothing was said.
    pub income_up_to: Option<i32>,
}

/// The row of a table for a family; `None` where it has none for so many hours. A table without rows for lone parents knows no difference.
pub fn find(rows: &[FeeRow], care: FeeCare, hours_per_week: i32, facts: &Facts) -> Option<FeeRow> {
    let here: Vec<&FeeRow> = rows.iter().filter(|row| row.care == care).collect();
    let lone = facts.lone_parent && here.iter().any(|row| row.lone_parent);
    let mine = || here.iter().filter(move |row| row.lone_parent == lone);
    let child = facts.child.min(mine().map(|row| row.child).max()?);
    let euros = |row: &FeeRow| row.income_up_to.map_or(i64::MAX, i64::from);
    let income = facts.income_up_to.map_or(i64::MAX, i64::from);
    mine()
        .filter(|row| row.child == child && row.hours_per_week >= hours_per_week && euros(row) >= income)
        .min_by_key(|row| (row.hours_per_week, euros(row)))
        .map(|row| **row)
}

/// A published table with the month from which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: FeeScheduleId,
    /// First month.
    pub valid_from: NaiveDate,
    /// Its rows.
    pub rows: Vec<FeeRow>,
}

/// Months for which the same is owed, half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeePeriod)]
pub struct Period {
    /// First month.
    pub from_month: NaiveDate,
    /// First month for which it is not owed any more.
    pub until_month: NaiveDate,
    /// The kind of care.
    pub care: FeeCare,
    /// The row's hours.
    pub hours_per_week: i32,
    /// Cents a month that are to be paid.
    pub cents: i32,
    /// The table that says so.
    pub schedule_id: FeeScheduleId,
    /// What of the table's amount is waived.
    #[serde(default)]
    pub relief: Option<PeriodRelief>,
}

/// What an amount depends on, beside the child's age.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The hours of the contract and of its changes, each from its month on.
    pub hours: &'a [(NaiveDate, i32)],
    /// The published tables.
    pub schedules: &'a [Schedule],
    /// What is waived; no two hold in the same month.
    pub reliefs: &'a [Relief],
}

impl Terms<'_> {
    /// The first month after this one in which hours, table or relief change.
    fn next_change(&self, month: NaiveDate) -> NaiveDate {
        let hours = self.hours.iter().map(|(from, _)| *from);
        let tables = self.schedules.iter().map(|s| s.valid_from);
        let reliefs = self.reliefs.iter().flat_map(|r| [r.from_month, r.until_month]);
        let changes = hours.chain(tables).chain(reliefs).filter(|from| *from > month);
        changes.min().unwrap_or(NaiveDate::MAX)
    }
}

/// Why nothing can be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFee {
    /// No table holds in this month.
    NoSchedule(NaiveDate),
    /// The table has no row for this care and so many hours.
    NoRow(FeeCare),
}

/// The hours that count in a month: those of the last line that begins by then. A month in which a change begins is a month of the change.
pub fn hours_in(hours: &[(NaiveDate, i32)], month: NaiveDate) -> i32 {
    let began = hours.iter().rfind(|(from, _)| *from <= month).or(hours.first());
    began.map_or(0, |(_, hours)| *hours)
}

/// What is owed for a stay from a month on: it changes with the child's age band, with a change of the contract's hours, with a new table
/// and where a part of it is waived, ahead of time.
///
/// `segments` are the months of care by age band, all lists in the order of their months.
pub fn periods(segments: &[Segment], from: NaiveDate, terms: &Terms<'_>, facts: &Facts) -> Result<Vec<Period>, NoFee> {
    let mut all: Vec<Period> = Vec::new();
    for segment in segments {
        let care = FeeCare::of(segment.band);
        let mut month = segment.from_month.max(from);
        while month < segment.until_month {
            let table = terms.schedules.iter().rfind(|s| s.valid_from <= month);
            let table = table.ok_or(NoFee::NoSchedule(month))?;
            let until = terms.next_change(month).min(segment.until_month);
            let hours = hours_in(terms.hours, month);
            let row = find(&table.rows, care, hours, facts).ok_or(NoFee::NoRow(care))?;
            let relief = terms.reliefs.iter().find(|relief| relief.holds_in(month));
            all.push(Period {
                from_month: month,
                until_month: until,
                care,
                hours_per_week: row.hours_per_week,
                cents: relief.map_or(row.cents, |relief| relief.of(row.cents)),
                schedule_id: table.id,
                relief: relief.map(|relief| relief.noted(row.cents)),
            });
            month = until;
        }
    }
    Ok(all)
}

/// What is owed for a month.
pub fn owed(periods: &[Period], month: NaiveDate) -> Option<&Period> {
    periods.iter().find(|p| p.from_month <= month && month < p.until_month)
}
