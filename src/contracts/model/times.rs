//! Hours a week and times of day, as an offer names them and a contract or a change of it agrees them. Pure.

use chrono::NaiveTime;

use crate::platform::fields::Fields;
use crate::platform::week::{DayTimes, WeekTimes};

/// Hours a week and times of day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CareTimes {
    /// Hours a week.
    pub hours_per_week: i32,
    /// Care from this time of day; with a week the earliest of it.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day; with a week the latest of it.
    pub window_to: Option<NaiveTime>,
    /// The times of each day; `None`: the same on every day.
    pub week: Option<WeekTimes>,
}

impl CareTimes {
    /// What is asked for, faults with their fields. With a week, hours and window follow from it, and saying something else is a fault.
    pub fn of(
        hours: Option<i32>,
        (from, to): (Option<NaiveTime>, Option<NaiveTime>),
        days: Option<&[DayTimes]>,
        fields: &mut Fields,
    ) -> Self {
        let Some(days) = days else {
            fields.check(hours.is_some(), "/hours_per_week", "required");
            let in_range = hours.is_none_or(|hours| (1..=60).contains(&hours));
            fields.check(in_range, "/hours_per_week", "out_of_range");
            match (from, to) {
                (Some(from), Some(to)) => fields.check(to > from, "/window_to", "before_start"),
                (None, Some(_)) => fields.check(false, "/window_from", "required"),
                (Some(_), None) => fields.check(false, "/window_to", "required"),
                (None, None) => fields,
            };
            return Self {
                hours_per_week: hours.unwrap_or_default(),
                window_from: from,
                window_to: to,
                week: None,
            };
        };
        let Some(week) = WeekTimes::of(days, "/week", fields) else {
            return Self::default();
        };
        let (window_from, window_to) = week.bounds().unzip();
        let hours_per_week = week.hours();
        fields.check(hours_per_week <= 60, "/week", "too_many_hours");
        let other = hours.is_some_and(|hours| hours != hours_per_week);
        fields.check(!other, "/hours_per_week", "not_of_week");
        fields.check(from.is_none() || from == window_from, "/window_from", "not_of_week");
        fields.check(to.is_none() || to == window_to, "/window_to", "not_of_week");
        Self {
            hours_per_week,
            window_from,
            window_to,
            week: Some(week),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<NaiveTime> {
        text.parse().ok()
    }

    fn found(
        hours: Option<i32>,
        window: (Option<NaiveTime>, Option<NaiveTime>),
        days: Option<&[DayTimes]>,
    ) -> (CareTimes, Vec<(String, String)>) {
        let mut fields = Fields::new();
        let times = CareTimes::of(hours, window, days, &mut fields);
        let faults = fields.finish().err().map(|invalid| invalid.0).unwrap_or_default();
        (times, faults.into_iter().map(|f| (f.pointer, f.code)).collect())
    }

    fn fault(pointer: &str, code: &str) -> (String, String) {
        (pointer.to_owned(), code.to_owned())
    }

    #[test]
    fn without_a_week_hours_are_said_and_a_window_has_both_ends() {
        let (from, to) = (time("08:00:00"), time("13:00:00"));
        let (times, faults) = found(Some(20), (from, to), None);
        assert_eq!((times.hours_per_week, times.week, faults.len()), (20, None, 0));
        assert!(found(Some(60), (None, None), None).1.is_empty());
        assert_eq!(
            found(None, (None, None), None).1,
            [fault("/hours_per_week", "required")]
        );
        assert_eq!(
            found(Some(61), (None, None), None).1,
            [fault("/hours_per_week", "out_of_range")]
        );
        assert_eq!(found(Some(9), (from, None), None).1, [fault("/window_to", "required")]);
        assert_eq!(found(Some(9), (None, to), None).1, [fault("/window_from", "required")]);
        assert_eq!(
            found(Some(9), (to, from), None).1,
            [fault("/window_to", "before_start")]
        );
    }

    #[test]
    fn with_a_week_hours_and_window_follow_from_it() {
        let day = |weekday, from, to| DayTimes {
            weekday,
            from: time(from),
            to: time(to),
        };
        let days = [day(1, "07:30:00", "15:00:00"), day(5, "08:00:00", "12:15:00")];
        let (times, faults) = found(None, (None, None), Some(&days));
        assert_eq!(
            (times.hours_per_week, times.window_from, times.window_to, faults.len()),
            (12, time("07:30:00"), time("15:00:00"), 0),
            "eleven and three quarters"
        );
        let again = found(Some(12), (time("07:30:00"), time("15:00:00")), Some(&days));
        assert_eq!(
            again,
            (times, Vec::new()),
            "who sends what was answered says nothing new"
        );
        let apart = ["/hours_per_week", "/window_from", "/window_to"].map(|field| fault(field, "not_of_week"));
        let other = found(Some(40), (time("07:00:00"), time("16:00:00")), Some(&days));
        assert_eq!(other.1, apart);
        let long: Vec<_> = (1..=5).map(|n| day(n, "06:00:00", "18:30:00")).collect();
        assert_eq!(
            found(None, (None, None), Some(&long)).1,
            [fault("/week", "too_many_hours")]
        );
        assert_eq!(found(None, (None, None), Some(&[])).1, [fault("/week", "required")]);
    }
}
