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
#[path = "week_tests.rs"]
mod tests;
