//! When a family is asked whether it still needs the place, and when a demand runs out. Pure.

use chrono::{Days, Months, NaiveDate};

/// Three reminders, by days before the last day of the interval; the third comes when it is over.
const REMINDERS: [i64; 3] = [30, 7, -1];
/// So many days the family has after the third reminder.
const GRACE_DAYS: u64 = 14;
/// Reminders that are late come one after another with so many days between them.
const BETWEEN_DAYS: u64 = 3;

/// How often a family was asked since it touched its demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// How often.
    pub times: usize,
    /// When last.
    pub last_on: Option<NaiveDate>,
}

/// The last day of the interval of a demand that was touched last on a day.
pub fn interval_ends(touched_on: NaiveDate, months: i32) -> Option<NaiveDate> {
    touched_on
        .checked_add_months(Months::new(months.unsigned_abs()))?
        .pred_opt()
}

/// Whether the family is asked today.
pub fn is_reminder_due(ends: NaiveDate, today: NaiveDate, asked: Asked) -> bool {
    let due = REMINDERS
        .iter()
        .filter(|days| (ends - today).num_days() <= **days)
        .count();
    asked.times < due && asked.last_on.is_none_or(|last| after(last, BETWEEN_DAYS) <= today)
}

/// The last day on which the family can answer, seen from a day: that of the interval, and once it is over that of the grace.
pub fn answer_by(ends: NaiveDate, today: NaiveDate) -> NaiveDate {
    if today <= ends {
        ends
    } else {
        after(ends, GRACE_DAYS + 1)
    }
}

/// Whether the demand ends: the family was asked three times, and the days after that are over, with `more` for a letter that came in time
/// and is not opened yet.
pub fn has_run_out(today: NaiveDate, asked: Asked, more: i32) -> bool {
    let days = GRACE_DAYS + u64::from(more.unsigned_abs());
    asked.times >= REMINDERS.len() && asked.last_on.is_some_and(|last| after(last, days) < today)
}

/// Whether it is so near that the family sees it.
pub fn is_near(ends: NaiveDate, today: NaiveDate) -> bool {
    (ends - today).num_days() <= REMINDERS[0]
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked(times: usize, last: &str) -> Asked {
        Asked {
            times,
            last_on: Some(day(last)),
        }
    }

    #[test]
    fn an_interval_ends_before_the_same_day_of_a_later_month() {
        assert_eq!(interval_ends(day("2027-02-01"), 3), Some(day("2027-04-30")));
        // The shorter month ends it earlier, never later.
        assert_eq!(interval_ends(day("2026-08-31"), 6), Some(day("2027-02-27")));
    }

    #[test]
    fn a_family_is_asked_thirty_days_and_a_week_before_and_when_the_time_is_over() {
        let ends = day("2027-04-30");
        let due = |today: &str, asked: Asked| is_reminder_due(ends, day(today), asked);
        assert!(!due("2027-03-30", Asked::default()));
        assert!(due("2027-03-31", Asked::default()));
        assert!(!due("2027-04-22", asked(1, "2027-03-31")));
        assert!(due("2027-04-23", asked(1, "2027-03-31")));
        assert!(!due("2027-04-30", asked(2, "2027-04-23")));
        assert!(due("2027-05-01", asked(2, "2027-04-23")));
        assert!(!due("2027-06-01", asked(3, "2027-05-01")));
    }

    #[test]
    fn who_was_never_asked_is_asked_three_times_all_the_same() {
        let ends = day("2026-12-31");
        assert!(is_reminder_due(ends, day("2027-02-01"), Asked::default()));
        assert!(!is_reminder_due(ends, day("2027-02-03"), asked(1, "2027-02-01")));
        assert!(is_reminder_due(ends, day("2027-02-04"), asked(1, "2027-02-01")));
        assert!(!has_run_out(day("2027-03-01"), asked(2, "2027-02-04"), 0));
    }

    #[test]
    fn after_the_third_time_a_fortnight_is_left() {
        assert_eq!(answer_by(day("2027-04-30"), day("2027-04-30")), day("2027-04-30"));
        assert_eq!(answer_by(day("2027-04-30"), day("2027-05-01")), day("2027-05-15"));
        let over = |today: &str, more: i32| has_run_out(day(today), asked(3, "2027-05-01"), more);
        assert_eq!((over("2027-05-15", 0), over("2027-05-16", 0)), (false, true));
        assert_eq!((over("2027-05-18", 3), over("2027-05-19", 3)), (false, true));
    }
}
