//! Who is in which group, and what is remarkable about it. Pure.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facilities::{AgeBand, Basis, Closure, Group, SchoolEntries, Staff, StaffingRule, holds};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{ChildId, GroupId};
use crate::platform::week::WeekTimes;

/// A child with a contract on the day, as the database gives it.
pub(super) struct ChildRow {
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth: NaiveDate,
    pub hours_per_week: i32,
    pub window_from: Option<NaiveTime>,
    pub window_to: Option<NaiveTime>,
    pub week: Option<WeekTimes>,
    pub care_until: NaiveDate,
    pub group_id: Option<GroupId>,
    pub in_group_since: Option<NaiveDate>,
}

/// What is remarkable about a group; it stops nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupWarning {
    /// More children than places.
    TooMany,
    /// A child is younger or older than the group is for.
    AgeRange,
    /// The staff of the group has fewer hours than the staffing key wants.
    Staffing,
    /// The group is closed on this day.
    Closed,
}

/// A child on the board.
#[derive(Debug, Clone)]
pub struct BoardChild {
    /// The child.
    pub child_id: ChildId,
    /// First name, if known.
    pub first_name: Option<String>,
    /// Last name, if known.
    pub last_name: Option<String>,
    /// Date of birth.
    pub birth: NaiveDate,
    /// Whole months old on the day.
    pub age_months: i32,
    /// Age band on the day.
    pub age_band: AgeBand,
    /// Contracted hours a week.
    pub hours_per_week: i32,
    /// Care from.
    pub window_from: Option<NaiveTime>,
    /// Care to.
    pub window_to: Option<NaiveTime>,
    /// The times of each day; `None`: the same on every day.
    pub week: Option<WeekTimes>,
    /// First day on which the contract is over.
    pub care_until: NaiveDate,
    /// Whether it is younger or older than its group is for.
    pub outside_age_range: bool,
    /// Since when it is in this group.
    pub in_group_since: Option<NaiveDate>,
}

/// A group on the board.
#[derive(Debug, Clone)]
pub struct BoardGroup {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Children from this age in months.
    pub age_from_months: i32,
    /// Children below this age in months.
    pub age_to_months: i32,
    /// Places.
    pub places: i32,
    /// Opens at.
    pub opens_at: Option<NaiveTime>,
    /// Closes at.
    pub closes_at: Option<NaiveTime>,
    /// Children by age band: under three, from three on, at school.
    pub by_band: [i32; 3],
    /// Contracted hours of all children a week.
    pub hours_per_week: i32,
    /// Minutes of staff that the group has a week; `None` when none was entered for it.
    pub staff_minutes: Option<i64>,
    /// Minutes of staff that its children need a week by the staffing key; `None` where no key counts.
    pub required_minutes: Option<i64>,
    /// What is remarkable.
    pub warnings: Vec<GroupWarning>,
    /// Its children, the youngest first.
    pub children: Vec<BoardChild>,
}

/// The children of a facility on a day.
#[derive(Debug, Clone)]
pub struct Board {
    /// Name of the facility.
    pub facility_name: String,
    /// The day.
    pub day: NaiveDate,
    /// Minutes of staff of the whole facility a week; `None` when none was entered.
    pub staff_minutes: Option<i64>,
    /// Minutes of staff that all its children need a week.
    pub required_minutes: Option<i64>,
    /// Groups of the day by name.
    pub groups: Vec<BoardGroup>,
    /// Children in no group.
    pub without_group: Vec<BoardChild>,
}

/// A child is in a group from a day on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"child_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "group_id": "1c2d4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d",
    "valid_from": "2027-08-01"}))]
pub struct NewPlacement {
    /// The child.
    pub child_id: ChildId,
    /// The group; `null`: in none.
    #[serde(default)]
    pub group_id: Option<GroupId>,
    /// First day.
    pub valid_from: NaiveDate,
}

impl NewPlacement {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        let years = (2000..=2200).contains(&self.valid_from.year());
        fields.check(years, "/valid_from", "out_of_range");
        fields.finish()
    }
}

/// Whole months from birth to a day; 0 before birth.
fn age_months(birth: NaiveDate, day: NaiveDate) -> i32 {
    let month = |d: NaiveDate| d.year() * 12 + i32::try_from(d.month()).unwrap_or(1);
    (month(day) - month(birth) - i32::from(day.day() < birth.day())).max(0)
}

fn minutes(staff: &[Staff], day: NaiveDate) -> Option<i64> {
    if !staff.iter().any(|s| s.valid_from <= day) {
        return None;
    }
    let here = staff.iter().filter(|s| holds(s.valid_from, s.valid_to, day));
    Some(here.map(|s| i64::from(s.weekly_minutes)).sum())
}

fn is_closed(closures: &[Closure], day: NaiveDate) -> bool {
    closures.iter().any(|c| holds(c.valid_from, c.valid_to, day))
}

fn required(rule: Option<&StaffingRule>, children: &[BoardChild]) -> Option<i64> {
    let each = children.iter().map(|c| (c.age_band, 1, c.hours_per_week * 60));
    rule.map(|rule| rule.required(each))
}

/// The board of a day.
pub(super) fn board(
    facility_name: String,
    day: NaiveDate,
    basis: &Basis,
    rule: Option<&StaffingRule>,
    rows: &[ChildRow],
    entries: &SchoolEntries,
) -> Board {
    let of_day: Vec<&Group> = basis
        .groups
        .iter()
        .filter(|g| holds(g.valid_from, g.valid_to, day))
        .collect();
    let child = |row: &ChildRow, group: Option<&Group>| {
        let age = age_months(row.birth, day);
        BoardChild {
            child_id: row.child_id,
            first_name: row.first_name.clone(),
            last_name: row.last_name.clone(),
            birth: row.birth,
            age_months: age,
            age_band: entries.band_on(row.child_id, row.birth, day),
            hours_per_week: row.hours_per_week,
            window_from: row.window_from,
            window_to: row.window_to,
            week: row.week,
            care_until: row.care_until,
            outside_age_range: group.is_some_and(|g| age < g.age_from_months || age >= g.age_to_months),
            in_group_since: group.and(row.in_group_since),
        }
    };
    let mut groups: Vec<BoardGroup> = of_day
        .iter()
        .map(|group| {
            let inside = rows
                .iter()
                .filter(|row| row.group_id.is_some() && row.group_id == group.id);
            let children = inside.map(|row| child(row, Some(group))).collect();
            board_group(group, day, rule, children, is_closed(&basis.closures, day))
        })
        .collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    // A child whose group has ended is in none.
    let placed = |row: &&ChildRow| row.group_id.is_some() && of_day.iter().any(|g| g.id == row.group_id);
    let without_group: Vec<_> = rows
        .iter()
        .filter(|row| !placed(row))
        .map(|row| child(row, None))
        .collect();
    let all: Vec<_> = rows.iter().map(|row| child(row, None)).collect();
    let staff: Vec<Staff> = basis
        .groups
        .iter()
        .flat_map(|g| &g.staff)
        .chain(&basis.staff)
        .copied()
        .collect();
    Board {
        facility_name,
        day,
        staff_minutes: minutes(&staff, day),
        required_minutes: required(rule, &all),
        groups,
        without_group,
    }
}

fn board_group(
    group: &Group,
    day: NaiveDate,
    rule: Option<&StaffingRule>,
    children: Vec<BoardChild>,
    shut: bool,
) -> BoardGroup {
    let places = group.under3 + group.over3 + group.school_age;
    let staff_minutes = minutes(&group.staff, day);
    let required_minutes = required(rule, &children);
    let count = |band| i32::try_from(children.iter().filter(|c| c.age_band == band).count()).unwrap_or(i32::MAX);
    let by_band = [AgeBand::Under3, AgeBand::Over3, AgeBand::SchoolAge].map(count);
    let short = staff_minutes
        .zip(required_minutes)
        .is_some_and(|(has, needs)| has < needs);
    let closed = shut || is_closed(&group.closures, day);
    let all = [
        (by_band.iter().sum::<i32>() > places, GroupWarning::TooMany),
        (children.iter().any(|c| c.outside_age_range), GroupWarning::AgeRange),
        (short, GroupWarning::Staffing),
        (closed, GroupWarning::Closed),
    ];
    BoardGroup {
        id: group.id.unwrap_or_else(GroupId::new),
        name: group.name.clone(),
        age_from_months: group.age_from_months,
        age_to_months: group.age_to_months,
        places,
        opens_at: group.opens_at,
        closes_at: group.closes_at,
        by_band,
        hours_per_week: children.iter().map(|c| c.hours_per_week).sum(),
        staff_minutes,
        required_minutes,
        warnings: all
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, warning)| warning)
            .collect(),
        children,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_counted_in_whole_months() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(age_months(day("2024-03-15"), day("2027-03-14")), 35);
        assert_eq!(age_months(day("2024-03-15"), day("2027-03-15")), 36);
        assert_eq!(age_months(day("2027-05-01"), day("2027-03-15")), 0);
    }
}
