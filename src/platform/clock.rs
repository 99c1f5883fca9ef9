//! Time: one clock for the whole process, and the civil calendar of the field (Europe/Berlin).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;

/// The only source of time; tests hold it still and move it.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `at` until it is moved with [`Clock::set`].
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// Now, to the microsecond, as the database stores it.
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::System => Utc::now().timestamp_micros(),
            Source::Fixed(at) => at.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a fixed clock; the system's clock does not move.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Source::Fixed(cell) = &self.0 {
            cell.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }
}

/// The civil date in Germany at an instant.
pub fn berlin_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Berlin).date_naive()
}

/// The first instant after a civil day in Germany: deadlines hold until then, over both nights when the clocks change.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    start_of_day(next)
}

/// The first instant of a civil day in Germany.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    // Berlin changes its clocks at two or three at night, so midnight exists exactly once.
    Berlin
        .from_local_datetime(&day.and_time(NaiveTime::MIN))
        .earliest()
        .map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |t| t.with_timezone(&Utc))
}

/// The first day of the month in which a date lies.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_day_ends_at_berlin_midnight_in_winter_and_summer() {
        assert_eq!(end_of_day(day(2027, 1, 31)).to_rfc3339(), "2027-01-31T23:00:00+00:00");
        assert_eq!(end_of_day(day(2027, 7, 31)).to_rfc3339(), "2027-07-31T22:00:00+00:00");
    }

    #[test]
    fn the_nights_when_clocks_change_are_23_and_25_hours_long() {
        let hours = |d: NaiveDate| (end_of_day(d) - start_of_day(d)).num_hours();
        assert_eq!(hours(day(2027, 3, 28)), 23);
        assert_eq!(hours(day(2027, 10, 31)), 25);
    }

    #[test]
    fn the_civil_date_changes_at_berlin_midnight() {
        let last = end_of_day(day(2028, 2, 29)) - chrono::Duration::microseconds(1);
        assert_eq!(berlin_date(last), day(2028, 2, 29));
        assert_eq!(berlin_date(end_of_day(day(2028, 2, 29))), day(2028, 3, 1));
    }
}
