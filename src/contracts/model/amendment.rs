//! A change of a contract that is agreed: what it may say, and what it changes. Pure.

use chrono::{Months, NaiveDate, NaiveTime};
use serde::Deserialize;
use utoipa::ToSchema;

use super::times::CareTimes;
use crate::platform::dates::time_of_day;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::GroupId;
use crate::platform::week::DayTimes;

/// A change, as the facility writes it: the terms from a day on, whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AmendmentTerms, example = json!({"valid_from": "2028-03-01", "hours_per_week": 25, "window_from": "08:00", "window_to": "13:00",
    "week": null, "last_day": null, "group_id": null, "note": null}))]
pub struct Amending {
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// Hours a week, 1 to 60. With `week` they follow from it and can be left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 60)]
    pub hours_per_week: Option<i32>,
    /// Care from this time of day; with `window_to`.
    #[serde(default, deserialize_with = "time_of_day")]
    #[schema(value_type = Option<String>, example = "08:00")]
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day; with `window_from`.
    #[serde(default, deserialize_with = "time_of_day")]
    #[schema(value_type = Option<String>, example = "13:00")]
    pub window_to: Option<NaiveTime>,
    /// Other times on each day, the days on which the child comes; left out: the same on every day.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub week: Option<Vec<DayTimes>>,
    /// The last day of care; left out: as it is.
    #[serde(default)]
    pub last_day: Option<NaiveDate>,
    /// The child goes to this group on that day; left out: it stays where it is.
    #[serde(default)]
    pub group_id: Option<GroupId>,
    /// What else is agreed; at most 1,000 characters. It stands in the document.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// Terms that can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// Since when they hold.
    pub valid_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
    /// Hours a week and times of day.
    pub times: CareTimes,
}

impl Amending {
    /// The first day on which the place is free again.
    pub fn care_until(&self, before: &Agreed) -> NaiveDate {
        let next = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        self.last_day.map_or(before.care_until, next)
    }

    /// The same with blanks trimmed and its times, or what is wrong with it. `before` is what was agreed last.
    pub fn checked(self, today: NaiveDate, before: &Agreed) -> Result<(Self, CareTimes), Invalid> {
        let mut fields = Fields::new();
        let note = self.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
        let until = self.care_until(before);
        // Later changes never reach behind earlier ones, so that on every day the last one counts.
        let earliest = today.max(before.valid_from);
        fields.check(self.valid_from >= earliest, "/valid_from", "too_early");
        fields.check(self.valid_from < before.care_until, "/valid_from", "too_late");
        fields.check(until > self.valid_from, "/last_day", "too_early");
        let latest = before.care_until.checked_add_months(Months::new(12 * 10));
        fields.check(latest.is_none_or(|latest| until <= latest), "/last_day", "too_late");
        let window = (self.window_from, self.window_to);
        let times = CareTimes::of(self.hours_per_week, window, self.week.as_deref(), &mut fields);
        fields.check(note.is_none_or(|n| n.chars().count() <= 1000), "/note", "too_long");
        let after = Agreed {
            valid_from: before.valid_from,
            care_until: until,
            times,
        };
        let same = after == *before && self.group_id.is_none() && note.is_none();
        fields.check(!same, "/hours_per_week", "unchanged");
        fields.finish()?;
        let note = note.map(str::to_owned);
        Ok((Self { note, ..self }, times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn before() -> Agreed {
        Agreed {
            valid_from: day("2027-08-01"),
            care_until: day("2033-08-01"),
            times: CareTimes {
                hours_per_week: 40,
                window_from: "08:00".parse().ok(),
                window_to: "16:00".parse().ok(),
                week: None,
            },
        }
    }

    fn change() -> Amending {
        Amending {
            valid_from: day("2028-03-01"),
            hours_per_week: Some(25),
            window_from: "08:00".parse().ok(),
            window_to: "13:00".parse().ok(),
            week: None,
            last_day: None,
            group_id: None,
            note: Some("  ".into()),
        }
    }

    fn codes(change: Amending, today: &str) -> Vec<(String, String)> {
        let faults = change.checked(day(today), &before()).unwrap_err().0;
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn a_change_holds_from_a_day_to_come_and_changes_something() {
        let today = "2028-01-15";
        let (fine, _) = change().checked(day(today), &before()).unwrap();
        assert_eq!(
            (fine.note.as_deref(), fine.care_until(&before())),
            (None, day("2033-08-01"))
        );
        let fault = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        let from = |text: &str| Amending {
            valid_from: day(text),
            ..change()
        };
        assert_eq!(codes(from("2028-01-14"), today), fault("/valid_from", "too_early"));
        assert_eq!(
            codes(from("2027-07-31"), "2027-02-01"),
            fault("/valid_from", "too_early")
        );
        let late = [fault("/valid_from", "too_late"), fault("/last_day", "too_early")].concat();
        assert_eq!(codes(from("2033-08-01"), today), late);
        let same = Amending {
            hours_per_week: Some(40),
            window_to: before().times.window_to,
            ..change()
        };
        assert_eq!(codes(same.clone(), today), fault("/hours_per_week", "unchanged"));
        let longer = Amending {
            last_day: Some(day("2034-07-31")),
            ..same.clone()
        };
        assert_eq!(
            longer.checked(day(today), &before()).unwrap().0.care_until(&before()),
            day("2034-08-01")
        );
        let moved = Amending {
            group_id: Some(GroupId::new()),
            ..same.clone()
        };
        assert!(moved.checked(day(today), &before()).is_ok());
        let days = (1..=5).map(|weekday| DayTimes {
            weekday,
            from: before().times.window_from,
            to: before().times.window_to,
        });
        let each_day = Amending {
            week: Some(days.collect()),
            ..same.clone()
        };
        let (_, times) = each_day.checked(day(today), &before()).unwrap();
        assert_eq!(times.hours_per_week, 40, "the same hours, but bound to their days");
        let shorter = Amending {
            last_day: Some(day("2028-02-29")),
            ..same
        };
        assert_eq!(codes(shorter, today), fault("/last_day", "too_early"));
    }
}
