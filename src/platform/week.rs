//! Times of a week: on each day from Monday to Friday from when until when, or not at all. Pure; in the database ten times of day, two for
//! each day, empty for a day without.

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef, Postgres};
use utoipa::ToSchema;

use super::dates::{self, hours_minutes, time_of_day};
use super::fields::{Fields, Invalid};

/// Times of a day, half open.
pub type Window = (NaiveTime, NaiveTime);

/// From Monday to Friday.
pub const DAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

/// A day of a week, as a body names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"weekday": 1, "from": "07:30", "to": "15:00"}))]
pub struct DayTimes {
    /// 1: Monday, to 5: Friday.
    #[schema(minimum = 1, maximum = 5)]
    pub weekday: u32,
    /// From this time of day.
    #[serde(default, serialize_with = "hours_minutes", deserialize_with = "time_of_day")]
    #[schema(value_type = String, example = "07:30")]
    pub from: Option<NaiveTime>,
    /// Until this time of day.
    #[serde(default, serialize_with = "hours_minutes", deserialize_with = "time_of_day")]
    #[schema(value_type = String, example = "15:00")]
    pub to: Option<NaiveTime>,
}

/// Times of a week; at least one day has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Vec<DayTimes>", try_from = "Vec<DayTimes>")]
pub struct WeekTimes([Option<Window>; DAYS.len()]);

impl WeekTimes {
    /// The same times on every day.
    pub fn every_day(window: Window) -> Self {
        Self([Some(window); DAYS.len()])
    }

    /// The week of these days, or what is wrong with them; `at` is where they stand in the body.
    pub fn of(days: &[DayTimes], at: &str, fields: &mut Fields) -> Option<Self> {
        let mut faults = Fields::new();
        faults.check(!days.is_empty(), at, "required");
        let mut week = [None; DAYS.len()];
        for (n, day) in days.iter().enumerate() {
            let field = |name: &str| format!("{at}/{n}/{name}");
            faults.check(day.from.is_some(), &field("from"), "required");
            faults.check(day.to.is_some(), &field("to"), "required");
            let window = day.from.zip(day.to);
            faults.check(window.is_none_or(|(from, to)| from < to), &field("to"), "before_start");
            let place = day.weekday.checked_sub(1).and_then(|n| usize::try_from(n).ok());
            match place.and_then(|n| week.get_mut(n)) {
                Some(free) => {
                    faults.check(free.is_none(), &field("weekday"), "duplicate");
                    *free = free.or(window);
                }
                None => {
                    faults.fault(&field("weekday"), "out_of_range", "");
                }
            }
        }
        match faults.finish() {
            Ok(()) => Some(Self(week)),
            Err(Invalid(found)) => {
                found.into_iter().for_each(|f| {
                    fields.fault(&f.pointer, &f.code, f.detail);
                });
                None
            }
        }
    }

    /// Every day with its times, `None` for one without.
    pub fn days(&self) -> impl Iterator<Item = (Weekday, Option<Window>)> {
        DAYS.into_iter().zip(self.0)
    }

    /// The times of a weekday.
    pub fn on(&self, weekday: Weekday) -> Option<Window> {
        self.days().find(|(day, _)| *day == weekday)?.1
    }

    /// On how many days there are some.
    pub fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// The earliest and the latest time of all days.
    pub fn bounds(&self) -> Option<Window> {
        let all = || self.0.iter().flatten();
        all().map(|(from, _)| *from).min().zip(all().map(|(_, to)| *to).max())
    }

    fn seconds(&self) -> i64 {
        let day = |(from, to): &Window| (*to - *from).num_seconds();
        self.0.iter().flatten().map(day).sum()
    }

    /// All minutes together.
    pub fn minutes(&self) -> i64 {
        self.seconds() / 60
    }

    /// All hours together, a begun one as a whole one.
    pub fn hours(&self) -> i32 {
        i32::try_from((self.seconds() + 3599) / 3600).unwrap_or(i32::MAX)
    }

    /// In words, days that follow one another with the same times together: `Mo–Do 07:30–15:00 Uhr, Fr 07:30–13:00 Uhr`.
    pub fn says(&self, language: &str) -> String {
        let mut parts: Vec<(Weekday, Weekday, Window)> = Vec::new();
        for (day, window) in self.days() {
            let Some(window) = window else { continue };
            match parts.last_mut() {
                Some((_, last, same)) if *same == window && last.succ() == day => *last = day,
                _ => parts.push((day, day, window)),
            }
        }
        let part = |(first, last, (from, to)): (Weekday, Weekday, Window)| {
            let times = dates::window(from, to, language);
            match first == last {
                true => format!("{} {times}", short(first, language)),
                false => format!("{}–{} {times}", short(first, language), short(last, language)),
            }
        };
        parts.into_iter().map(part).collect::<Vec<_>>().join(", ")
    }

    fn flat(self) -> Vec<Option<NaiveTime>> {
        let pair = |window: Option<Window>| {
            let (from, to) = window.unzip();
            [from, to]
        };
        self.0.into_iter().flat_map(pair).collect()
    }
}

/// Whether somebody who has these times, or the same `window` on every day, comes on a date. At a weekend nobody is missed.
pub fn comes_on(week: Option<&WeekTimes>, date: NaiveDate) -> bool {
    let workday = DAYS.contains(&date.weekday());
    !workday || week.is_none_or(|week| week.on(date.weekday()).is_some())
}

/// The times on a date; at a weekend the bounds of the week.
pub fn times_on(week: Option<&WeekTimes>, window: Option<Window>, date: NaiveDate) -> Option<Window> {
    match week {
        Some(week) if DAYS.contains(&date.weekday()) => week.on(date.weekday()),
        _ => window,
    }
}

/// The name of a weekday.
pub fn name(day: Weekday, language: &str) -> &'static str {
    match (language, day) {
        ("en", Weekday::Mon) => "Monday",
        ("en", Weekday::Tue) => "Tuesday",
        ("en", Weekday::Wed) => "Wednesday",
        ("en", Weekday::Thu) => "Thursday",
        ("en", Weekday::Fri) => "Friday",
        ("en", Weekday::Sat) => "Saturday",
        ("en", Weekday::Sun) => "Sunday",
        (_, Weekday::Mon) => "Montag",
        (_, Weekday::Tue) => "Dienstag",
        (_, Weekday::Wed) => "Mittwoch",
        (_, Weekday::Thu) => "Donnerstag",
        (_, Weekday::Fri) => "Freitag",
        (_, Weekday::Sat) => "Samstag",
        (_, Weekday::Sun) => "Sonntag",
    }
}

/// Its first letters: two in German, three in English.
fn short(day: Weekday, language: &str) -> &'static str {
    let name = name(day, language);
    name.get(..if language == "en" { 3 } else { 2 }).unwrap_or(name)
}

impl From<WeekTimes> for Vec<DayTimes> {
    fn from(week: WeekTimes) -> Self {
        let day = |(day, window): (Weekday, Option<Window>)| {
            let (from, to) = window?;
            Some(DayTimes {
                weekday: day.number_from_monday(),
                from: Some(from),
                to: Some(to),
            })
        };
        week.days().filter_map(day).collect()
    }
}

impl TryFrom<Vec<DayTimes>> for WeekTimes {
    type Error = Invalid;

    fn try_from(days: Vec<DayTimes>) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let week = Self::of(&days, "", &mut fields);
        fields.finish()?;
        week.ok_or_else(|| Invalid::one("", "required", ""))
    }
}

impl sqlx::Type<Postgres> for WeekTimes {
    fn type_info() -> PgTypeInfo {
        <Vec<Option<NaiveTime>> as sqlx::Type<Postgres>>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        <Vec<Option<NaiveTime>> as sqlx::Type<Postgres>>::compatible(ty)
    }
}

impl sqlx::Encode<'_, Postgres> for WeekTimes {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        sqlx::Encode::<Postgres>::encode_by_ref(&self.flat(), buf)
    }
}

impl sqlx::Decode<'_, Postgres> for WeekTimes {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        let times = <Vec<Option<NaiveTime>> as sqlx::Decode<Postgres>>::decode(value)?;
        let mut week = [None; DAYS.len()];
        for (day, pair) in week.iter_mut().zip(times.chunks_exact(2)) {
            *day = pair[0].zip(pair[1]);
        }
        Ok(Self(week))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(weekday: u32, from: &str, to: &str) -> DayTimes {
        DayTimes {
            weekday,
            from: from.parse().ok(),
            to: to.parse().ok(),
        }
    }

    fn usual() -> Vec<DayTimes> {
        let mut days: Vec<_> = (1..=4).map(|n| day(n, "07:30:00", "15:00:00")).collect();
        days.push(day(5, "07:30:00", "13:00:00"));
        days
    }

    fn week(days: &[DayTimes]) -> WeekTimes {
        WeekTimes::of(days, "/week", &mut Fields::new()).unwrap()
    }

    fn faults(days: &[DayTimes]) -> Vec<(String, String)> {
        let mut fields = Fields::new();
        assert_eq!(WeekTimes::of(days, "/week", &mut fields), None);
        let found = fields.finish().unwrap_err().0;
        found.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn a_week_has_bounds_and_hours_and_words() {
        let whole = week(&usual());
        assert_eq!(whole.bounds(), "07:30:00".parse().ok().zip("15:00:00".parse().ok()));
        assert_eq!(
            (whole.minutes(), whole.hours(), whole.count()),
            (2130, 36, 5),
            "35 and a half, the begun one whole"
        );
        assert_eq!(whole.says("de"), "Mo–Do 07:30–15:00 Uhr, Fr 07:30–13:00 Uhr");
        let some = week(&[5, 1, 2].map(|n| day(n, "08:00:00", "12:00:00")));
        assert_eq!((some.hours(), some.count(), some.on(Weekday::Wed)), (12, 3, None));
        assert_eq!(some.says("en"), "Mon–Tue 08:00–12:00, Fri 08:00–12:00");
    }

    #[test]
    fn a_day_stands_once_and_ends_after_it_begins() {
        assert_eq!(faults(&[]), [("/week".into(), "required".into())]);
        let wrong = [
            day(1, "08:00:00", "08:00:00"),
            day(1, "08:00:00", "12:00:00"),
            day(6, "08:00:00", ""),
            day(2, "", "12:00:00"),
            day(2, "08:00:00", "12:00:00"),
        ];
        let expected = [
            ("/week/0/to", "before_start"),
            ("/week/1/weekday", "duplicate"),
            ("/week/2/to", "required"),
            ("/week/2/weekday", "out_of_range"),
            ("/week/3/from", "required"),
        ];
        assert_eq!(faults(&wrong), expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
    }

    #[test]
    fn a_weekend_is_no_day_on_which_somebody_is_missed() {
        let friday_only = week(&[day(5, "08:00:00", "12:00:00")]);
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let on = |text: &str| comes_on(Some(&friday_only), date(text));
        assert_eq!(["2027-02-04", "2027-02-05", "2027-02-06"].map(on), [false, true, true]);
        assert!(comes_on(None, date("2027-02-04")));
        let bounds = friday_only.bounds();
        let times = |text: &str| times_on(Some(&friday_only), bounds, date(text));
        assert_eq!(
            ["2027-02-04", "2027-02-05", "2027-02-06"].map(times),
            [None, bounds, bounds]
        );
        assert_eq!(times_on(None, bounds, date("2027-02-04")), bounds);
    }

    #[test]
    fn it_is_written_and_read_as_its_days() {
        let json = serde_json::to_value(week(&usual())).unwrap();
        assert_eq!(
            json[4],
            serde_json::json!({"weekday": 5, "from": "07:30", "to": "13:00"})
        );
        assert_eq!(serde_json::from_value::<WeekTimes>(json).unwrap(), week(&usual()));
        assert!(serde_json::from_str::<WeekTimes>("[]").is_err());
        assert_eq!(week(&usual()).flat().len(), 10);
    }
}
