//! Dates and times in words, as people in Germany read them in mails and letters.

use chrono::{DateTime, Locale, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Berlin;

/// A date with its weekday: `Montag, 15. Februar 2027`.
pub fn day(day: NaiveDate, language: &str) -> String {
    match language {
        "en" => day.format_localized("%A, %-d %B %Y", Locale::en_GB),
        _ => day.format_localized("%A, %-d. %B %Y", Locale::de_DE),
    }
    .to_string()
}

/// A date: `15. Februar 2027`.
pub fn date(day: NaiveDate, language: &str) -> String {
    match language {
        "en" => day.format_localized("%-d %B %Y", Locale::en_GB),
        _ => day.format_localized("%-d. %B %Y", Locale::de_DE),
    }
    .to_string()
}

/// An instant as the clocks in Germany show it: `1. Februar 2027, 10:00 Uhr`.
pub fn moment(at: DateTime<Utc>, language: &str) -> String {
    let here = at.with_timezone(&Berlin);
    let (date, time) = (date(here.date_naive(), language), here.format("%H:%M"));
    match language {
        "en" => format!("{date}, {time}"),
        _ => format!("{date}, {time} Uhr"),
    }
}

/// From one time of day to another: `08:00–14:00 Uhr`.
pub fn window(from: NaiveTime, to: NaiveTime, language: &str) -> String {
    let (from, to) = (from.format("%H:%M"), to.format("%H:%M"));
    match language {
        "en" => format!("{from}–{to}"),
        _ => format!("{from}–{to} Uhr"),
    }
}

/// A time of day in an answer: `HH:MM`.
pub fn hours_minutes<S: serde::Serializer>(time: &Option<NaiveTime>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => to.collect_str(&time.format("%H:%M")),
        None => to.serialize_none(),
    }
}

/// A time of day in a body: `HH:MM`, and `HH:MM:SS` as some clients send it.
pub fn time_of_day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<NaiveTime>, D::Error> {
    let text: Option<String> = serde::Deserialize::deserialize(from)?;
    text.map(|t| {
        NaiveTime::parse_from_str(&t, "%H:%M")
            .or_else(|_| NaiveTime::parse_from_str(&t, "%H:%M:%S"))
            .map_err(|_| serde::de::Error::custom("a time of day is HH:MM"))
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_clocks_in_germany() {
        let at = "2027-07-01T22:30:00Z".parse().unwrap();
        assert_eq!(moment(at, "de"), "2. Juli 2027, 00:30 Uhr");
        assert_eq!(moment(at, "en"), "2 July 2027, 00:30");
    }

    #[test]
    fn a_deadline_has_its_weekday() {
        let date = NaiveDate::from_ymd_opt(2027, 2, 15).unwrap();
        assert_eq!(day(date, "de"), "Montag, 15. Februar 2027");
        assert_eq!(day(date, "en"), "Monday, 15 February 2027");
    }
}
