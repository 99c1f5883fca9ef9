//! Public holidays of the sixteen states, worked out by rule: fixed days, days that hang on Easter, and what single states added. Pure.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A public holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub day: NaiveDate,
    /// Its German name.
    pub name: &'static str,
    /// Whether it holds in parts of the state only, for example in towns with a Catholic majority.
    pub in_parts: bool,
}

/// Easter Sunday of a year of the Gregorian calendar (Meeus, Jones, Butcher).
pub fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Where a day is a holiday: everywhere, in these states, or in parts of these.
type Where = (&'static [&'static str], &'static [&'static str]);

const ALL: &[&str] = &[
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
];

/// Month, day, name, first year of the rule, where.
const FIXED: [(u32, u32, &str, i32, Where); 12] = [
    (1, 1, "Neujahr", 1990, (ALL, &[])),
    (1, 6, "Heilige Drei Könige", 1990, (&["BW", "BY", "ST"], &[])),
    (3, 8, "Internationaler Frauentag", 2019, (&["BE"], &[])),
    (3, 8, "Internationaler Frauentag", 2023, (&["MV"], &[])),
    (5, 1, "Tag der Arbeit", 1990, (ALL, &[])),
    (8, 15, "Mariä Himmelfahrt", 1990, (&["SL"], &["BY"])),
    (9, 20, "Weltkindertag", 2019, (&["TH"], &[])),
    (10, 3, "Tag der Deutschen Einheit", 1990, (ALL, &[])),
    (10, 31, "Reformationstag", 1990, (&["BB", "MV", "SN", "ST", "TH"], &[])),
    (10, 31, "Reformationstag", 2018, (&["HB", "HH", "NI", "SH"], &[])),
    (11, 1, "Allerheiligen", 1990, (&["BW", "BY", "NW", "RP", "SL"], &[])),
    (12, 25, "1. Weihnachtstag", 1990, (ALL, &[])),
];

/// Days after Easter Sunday, name, where.
const BY_EASTER: [(i64, &str, Where); 7] = [
    (-2, "Karfreitag", (ALL, &[])),
    (0, "Ostersonntag", (&["BB"], &[])),
    (1, "Ostermontag", (ALL, &[])),
    (39, "Christi Himmelfahrt", (ALL, &[])),
    (49, "Pfingstsonntag", (&["BB"], &[])),
    (50, "Pfingstmontag", (ALL, &[])),
    (
        60,
        "Fronleichnam",
        (&["BW", "BY", "HE", "NW", "RP", "SL"], &["SN", "TH"]),
    ),
];

/// Holidays of one year only: day, name, where.
const ONCE: [(i32, u32, u32, &str, &[&str]); 3] = [
    (
        2017,
        10,
        31,
        "Reformationstag",
        &["BW", "BY", "BE", "HB", "HH", "HE", "NI", "NW", "RP", "SL", "SH"],
    ),
    (2025, 5, 8, "Tag der Befreiung", &["BE"]),
    (2028, 6, 17, "Jahrestag des Volksaufstands", &["BE"]),
];

/// The public holidays of a state in a year, earliest first; none for an unknown state.
pub fn holidays(state: &str, year: i32) -> Vec<Holiday> {
    let mut all = Vec::new();
    let mut add = |day: Option<NaiveDate>, name, (whole, parts): Where| {
        let (is_whole, in_parts) = (whole.contains(&state), parts.contains(&state));
        if let Some(day) = day
            && (is_whole || in_parts)
        {
            all.push(Holiday {
                day,
                name,
                in_parts: !is_whole,
            });
        }
    };
    for (month, day, name, since, place) in FIXED {
        if year >= since {
            add(NaiveDate::from_ymd_opt(year, month, day), name, place);
        }
    }
    add(NaiveDate::from_ymd_opt(year, 12, 26), "2. Weihnachtstag", (ALL, &[]));
    for (days, name, place) in BY_EASTER {
        add(
            easter(year).and_then(|day| day.checked_add_signed(chrono::Duration::days(days))),
            name,
            place,
        );
    }
    for (one, month, day, name, states) in ONCE {
        if one == year {
            add(NaiveDate::from_ymd_opt(year, month, day), name, (states, &[]));
        }
    }
    // The Wednesday before 23 November.
    add(day_of_repentance(year), "Buß- und Bettag", (&["SN"], &[]));
    all.sort_by_key(|holiday| holiday.day);
    all
}

fn day_of_repentance(year: i32) -> Option<NaiveDate> {
    let before = NaiveDate::from_ymd_opt(year, 11, 22)?;
    let back = (7 + before.weekday().num_days_from_monday() - Weekday::Wed.num_days_from_monday()) % 7;
    before.checked_sub_days(Days::new(u64::from(back)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(state: &str, year: i32) -> Vec<String> {
        let whole = holidays(state, year).into_iter().filter(|holiday| !holiday.in_parts);
        whole.map(|holiday| holiday.day.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn easter_falls_where_the_calendars_say() {
        for known in [
            "1961-04-02",
            "1999-04-04",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2018-04-01",
            "2019-04-21",
            "2020-04-12",
            "2021-04-04",
            "2022-04-17",
            "2023-04-09",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2285-03-22",
        ] {
            let known = day(known);
            assert_eq!(easter(known.year()), Some(known));
        }
    }

    #[test]
    fn every_state_has_as_many_as_its_law_counts() {
        let counts = [
            ("BW", 12),
            ("BY", 12),
            ("BE", 10),
            ("BB", 12),
            ("HB", 10),
            ("HH", 10),
            ("HE", 10),
            ("MV", 11),
            ("NI", 10),
            ("NW", 11),
            ("RP", 11),
            ("SL", 12),
            ("SN", 11),
            ("ST", 11),
            ("SH", 10),
            ("TH", 11),
        ];
        for (state, count) in counts {
            assert_eq!(days(state, 2027).len(), count, "{state}: {:?}", days(state, 2027));
        }
        assert!(holidays("XX", 2027).is_empty());
    }

    #[test]
    fn the_days_of_known_years_are_those_of_the_states() {
        assert_eq!(
            days("SN", 2027),
            [
                "01-01", "03-26", "03-29", "05-01", "05-06", "05-17", "10-03", "10-31", "11-17", "12-25", "12-26"
            ]
        );
        assert_eq!(
            days("BY", 2026),
            [
                "01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "05-25", "06-04", "10-03", "11-01", "12-25",
                "12-26"
            ]
        );
        assert_eq!(
            days("BE", 2025),
            [
                "01-01", "03-08", "04-18", "04-21", "05-01", "05-08", "05-29", "06-09", "10-03", "12-25", "12-26"
            ]
        );
        assert_eq!(
            days("HH", 2024),
            [
                "01-01", "03-29", "04-01", "05-01", "05-09", "05-20", "10-03", "10-31", "12-25", "12-26"
            ]
        );
        // The day of repentance in Saxony moves with the week.
        for (year, on) in [
            (2023, "11-22"),
            (2024, "11-20"),
            (2025, "11-19"),
            (2026, "11-18"),
            (2028, "11-22"),
        ] {
            assert!(days("SN", year).contains(&on.to_owned()), "{year}");
        }
    }

    #[test]
    fn rules_hold_from_the_year_of_their_law() {
        let has = |state, year, on: &str| days(state, year).contains(&on.to_owned());
        assert!(!has("BE", 2018, "03-08") && has("BE", 2019, "03-08"));
        assert!(!has("MV", 2022, "03-08") && has("MV", 2023, "03-08"));
        assert!(!has("TH", 2018, "09-20") && has("TH", 2019, "09-20"));
        assert!(
            has("HE", 2017, "10-31") && !has("HE", 2018, "10-31"),
            "500 years of the Reformation, everywhere, once"
        );
        assert!(!has("NI", 2016, "10-31") && has("NI", 2018, "10-31"));
        let in_parts: Vec<_> = ["BY", "SN", "TH"]
            .map(|state| holidays(state, 2027).into_iter().filter(|h| h.in_parts).count())
            .into();
        assert_eq!(in_parts, [1, 1, 1]);
    }
}
