//! The days of a month, and what changes in it. Pure.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::facilities::{AgeBand, Rung, months_after, third_birthday};
use crate::families;
use crate::platform::ids::ChildId;

/// A child that has, or was offered, a place.
#[derive(Debug, Clone)]
pub(super) struct StayRow {
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// Born, or expected, on.
    pub birth: NaiveDate,
    /// First day of care.
    pub from: NaiveDate,
    /// First day without it.
    pub until: NaiveDate,
    /// By an offer that is still open.
    pub held: bool,
}

/// The same, with the day on which school begins for the child.
#[derive(Debug, Clone)]
pub(super) struct Stay {
    pub row: StayRow,
    pub school_entry: NaiveDate,
}

impl Stay {
    /// The age band of a day, `None` when the child is not there.
    fn band_on(&self, day: NaiveDate) -> Option<AgeBand> {
        let is_there = self.row.from <= day && day < self.row.until;
        is_there.then(|| {
            if day >= self.school_entry {
                AgeBand::SchoolAge
            } else if day >= third_birthday(self.row.birth) {
                AgeBand::Over3
            } else {
                AgeBand::Under3
            }
        })
    }
}

/// Places of one age band on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct DayPlaces {
    /// The day.
    pub day: NaiveDate,
    /// Places of the permit.
    pub licensed: i32,
    /// Places that can be run.
    pub operable: i32,
    /// Children with a contract that day, kept here or not.
    pub occupied: i32,
    /// Children that day whose offer is still open.
    pub held: i32,
    /// Places kept for a purpose.
    pub reserved: i32,
    /// Empty places of the day. An offer needs one on every day of its months, so it can find fewer.
    pub bookable: i32,
}

impl DayPlaces {
    /// A day of the ladder.
    pub(super) fn new(day: NaiveDate, rung: &Rung) -> Self {
        Self {
            day,
            licensed: rung.licensed,
            operable: rung.operable,
            occupied: rung.occupied,
            held: rung.held,
            reserved: rung.reserved,
            bookable: rung.bookable,
        }
    }
}

/// The days of an age band.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct BandDays {
    /// Age band.
    pub age_band: AgeBand,
    /// Every day of the month.
    pub days: Vec<DayPlaces>,
}

/// What changes for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// The last day of care was the one before.
    Leaves,
    /// The first day of care.
    Begins,
    /// The third birthday: from here on the child needs an over-three place.
    TurnsThree,
    /// School begins, and the child stays as a schoolchild.
    StartsSchool,
}

/// A change of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Change {
    /// On which day.
    pub day: NaiveDate,
    /// What changes.
    pub what: What,
    /// Whose.
    pub child_id: ChildId,
    /// First name and initial.
    pub child: String,
    /// Whether it rests on an offer that is still open.
    pub held: bool,
}

/// A month of a facility, day by day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"month": "2027-08-01",
    "bands": [{"age_band": "under3", "days": [
        {"day": "2027-08-01", "licensed": 12, "operable": 12, "occupied": 9, "held": 1, "reserved": 0, "bookable": 2}]}],
    "changes": [{"day": "2027-08-16", "what": "begins", "child_id": "0190d6f0-7b5c-7cc0-8000-000000000001", "child": "Mia K.", "held": false}]}))]
pub(super) struct FacilityMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Age bands whose places are known.
    pub bands: Vec<BandDays>,
    /// What changes, by day.
    pub changes: Vec<Change>,
}

/// The days of a month.
pub(super) fn days_of(month: NaiveDate) -> Vec<NaiveDate> {
    let end = months_after(month, 1);
    month.iter_days().take_while(|day| *day < end).collect()
}

/// Children of a band that have a contract on a day, and those whose offer is open.
pub(super) fn counts(stays: &[Stay], band: AgeBand, day: NaiveDate) -> (i32, i32) {
    let count = |held: bool| {
        let there = stays
            .iter()
            .filter(|s| s.row.held == held && s.band_on(day) == Some(band));
        i32::try_from(there.count()).unwrap_or(i32::MAX)
    };
    (count(false), count(true))
}

/// What changes within a month: by day, who leaves before who comes.
pub(super) fn changes(stays: &[Stay], month: NaiveDate, language: &str) -> Vec<Change> {
    let end = months_after(month, 1);
    let mut all = Vec::new();
    for Stay { row, school_entry } in stays {
        let days = [
            (What::Leaves, row.until),
            (What::Begins, row.from),
            (What::TurnsThree, third_birthday(row.birth)),
            (What::StartsSchool, *school_entry),
        ];
        for (what, day) in days {
            // A birthday or school entry counts while the child is there, on the first day as well as later.
            let is_there = matches!(what, What::Leaves | What::Begins) || (row.from <= day && day < row.until);
            if is_there && (month..end).contains(&day) {
                let child = families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language);
                all.push(Change {
                    day,
                    what,
                    child_id: row.child_id,
                    child,
                    held: row.held,
                });
            }
        }
    }
    all.sort_by(|a, b| (a.day, a.what, &a.child).cmp(&(b.day, b.what, &b.child)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn stay(birth: &str, from: &str, until: &str) -> Stay {
        let row = StayRow {
            child_id: ChildId(uuid::Uuid::nil()),
            first_name: Some("Mia".into()),
            last_name: Some("Kern".into()),
            birth: day(birth),
            from: day(from),
            until: day(until),
            held: false,
        };
        Stay {
            school_entry: day("2030-08-01"),
            row,
        }
    }

    #[test]
    fn a_child_changes_its_band_on_its_birthday_and_is_gone_on_the_day_after_its_last() {
        let stays = [stay("2024-08-16", "2026-09-01", "2027-08-25")];
        let at = |text: &str| [AgeBand::Under3, AgeBand::Over3].map(|band| counts(&stays, band, day(text)).0);
        assert_eq!(at("2027-08-15"), [1, 0]);
        assert_eq!(at("2027-08-16"), [0, 1]);
        assert_eq!(at("2027-08-24"), [0, 1]);
        assert_eq!(at("2027-08-25"), [0, 0]);
    }

    #[test]
    fn a_month_names_who_leaves_comes_and_turns_three() {
        let stays = [
            stay("2024-08-16", "2026-09-01", "2027-08-25"),
            stay("2025-01-01", "2027-08-16", "2028-08-01"),
            // Leaves on the birthday, so it is not three here.
            stay("2024-08-25", "2026-09-01", "2027-08-25"),
        ];
        let found: Vec<_> = changes(&stays, day("2027-08-01"), "de")
            .iter()
            .map(|c| (c.day, c.what))
            .collect();
        let on = |text: &str, what| (day(text), what);
        assert_eq!(
            found,
            [
                on("2027-08-16", What::Begins),
                on("2027-08-16", What::TurnsThree),
                on("2027-08-25", What::Leaves),
                on("2027-08-25", What::Leaves),
            ]
        );
        assert_eq!(days_of(day("2028-02-01")).len(), 29);
    }
}
