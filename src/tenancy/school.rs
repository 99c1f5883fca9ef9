//! By which day a child must be six to begin school with the next Kita year: the key day of the federal state, or the municipality's own.

use chrono::NaiveDate;

use super::model::{Settings, month_day};
use super::store;
use crate::access::TenantRead;

/// The last sixth birthday with which compulsory school begins in the same year, by federal state. From the states' school acts as the
/// education server of federation and states (Deutscher Bildungsserver) lists them, read for the school year 2026/27: BW § 73 SchG, BY
/// Art. 37 BayEUG (from 1 July on parents may put it off), BE § 42 SchulG, BB § 37 BbgSchulG, HB § 53 BremSchulG, HH § 38 HmbSG, HE § 58
/// HSchG, MV § 43 SchulG M-V, NI § 64 NSchG, NW § 35 SchulG, RP § 57 SchulG, SL § 2 SchulPflG, SN § 27 SächsSchulG, ST § 37 SchulG LSA,
/// SH § 22 SchulG, TH § 18 ThürSchulG.
const KEY_DAYS: [(&str, (u32, u32)); 16] = [
    ("BW", (6, 30)),
    ("BY", (9, 30)),
    ("BE", (9, 30)),
    ("BB", (9, 30)),
    ("HB", (6, 30)),
    ("HH", (7, 1)),
    ("HE", (7, 1)),
    ("MV", (6, 30)),
    ("NI", (9, 30)),
    ("NW", (9, 30)),
    ("RP", (8, 31)),
    ("SL", (6, 30)),
    ("SN", (6, 30)),
    ("ST", (6, 30)),
    ("SH", (6, 30)),
    ("TH", (8, 1)),
];

/// When school begins in a municipality for whom nothing else was decided; days as month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolRule {
    /// Who is six by this day begins in the same year, who is six later, in the next.
    pub six_by: (u32, u32),
    /// The first day of the Kita year, and of school with it.
    pub begins: (u32, u32),
}

impl Default for SchoolRule {
    /// As in most states.
    fn default() -> Self {
        Self {
            six_by: (6, 30),
            begins: (8, 1),
        }
    }
}

impl SchoolRule {
    /// The key day as the database compares it: 630 for 30 June.
    pub fn six_by_number(&self) -> i32 {
        i32::try_from(self.six_by.0 * 100 + self.six_by.1).unwrap_or(630)
    }

    /// The first day of the Kita year as the database compares it: 801 for 1 August.
    pub fn begins_number(&self) -> i32 {
        i32::try_from(self.begins.0 * 100 + self.begins.1).unwrap_or(801)
    }

    /// The month with which school begins.
    pub fn month(&self) -> i32 {
        i32::try_from(self.begins.0).unwrap_or(8)
    }
}

/// A rule that does not hold any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormerRule {
    /// What it said.
    pub rule: SchoolRule,
    /// First day on which it held no longer.
    pub until: NaiveDate,
}

/// A rule as a version of the settings had it.
#[derive(Debug, Clone, Copy)]
struct Version {
    valid_from: NaiveDate,
    /// When it was written.
    made_on: NaiveDate,
    rule: SchoolRule,
}

/// What held before the last of these versions, which come by their day and number, and said something else. A version that was replaced
/// before its day came never held.
fn former(versions: &[Version]) -> Vec<FormerRule> {
    let Some(today) = versions.last() else {
        return Vec::new();
    };
    let mut held: Vec<Version> = Vec::new();
    for version in versions {
        let replaced = |last: &Version| last.valid_from == version.valid_from && version.made_on < last.valid_from;
        if held.last().is_some_and(replaced) {
            held.pop();
        }
        held.push(*version);
    }
    let changes = held.iter().zip(held.iter().skip(1));
    let changes = changes.filter(|(one, next)| one.rule != next.rule && one.rule != today.rule);
    let rules = changes.map(|(one, next)| FormerRule {
        rule: one.rule,
        until: next.valid_from,
    });
    rules.collect()
}

/// The rules that held before today's, as far as they differ from it.
pub async fn former_school_rules(tx: &mut TenantRead) -> Result<Vec<FormerRule>, sqlx::Error> {
    let rows = store::settings_until_today(tx).await?;
    let state = &tx.tenant().federal_state;
    let version = |(valid_from, made_on, settings): (_, _, Settings)| Version {
        valid_from,
        made_on,
        rule: settings.school_rule(state),
    };
    let versions: Vec<Version> = rows.into_iter().map(version).collect();
    Ok(former(&versions))
}

/// The key day of a federal state; where none is known, that of most.
fn key_day(federal_state: &str) -> (u32, u32) {
    let of_state = KEY_DAYS.iter().find(|(state, _)| *state == federal_state);
    of_state.map_or(SchoolRule::default().six_by, |(_, day)| *day)
}

impl Settings {
    /// When school begins for the children of a municipality in this federal state.
    pub fn school_rule(&self, federal_state: &str) -> SchoolRule {
        let own = self.after.school_key_day.as_deref().and_then(month_day);
        SchoolRule {
            six_by: own.unwrap_or_else(|| key_day(federal_state)),
            begins: month_day(&self.kita_year_start).unwrap_or(SchoolRule::default().begins),
        }
    }
}

impl SchoolRule {
    /// The rule that settings with these days would make, each `MM-DD`; `None` where one is no day. Without a key day that of the state.
    pub fn of_days(key: Option<&str>, kita_year_start: &str, federal_state: &str) -> Option<Self> {
        let six_by = match key {
            Some(day) => month_day(day)?,
            None => key_day(federal_state),
        };
        let begins = month_day(kita_year_start)?;
        Some(Self { six_by, begins })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_day_is_that_of_the_state_until_the_municipality_sets_its_own() {
        let rule = |state| Settings::for_state(state, "de").school_rule(state);
        assert_eq!((rule("SN").six_by, rule("SN").begins), ((6, 30), (8, 1)));
        assert_eq!((rule("BY").six_by, rule("BY").begins), ((9, 30), (9, 1)));
        assert_eq!((rule("BE").six_by, rule("HH").six_by), ((9, 30), (7, 1)));
        assert_eq!((rule("TH").six_by, rule("RP").six_by), ((8, 1), (8, 31)));
        assert_eq!(rule("BE").six_by_number(), 930);
        let mut own = Settings::for_state("BE", "de");
        own.after.school_key_day = Some("06-30".into());
        assert_eq!(own.school_rule("BE").six_by, (6, 30));
        own.after.school_key_day = Some("02-29".into());
        assert!(own.check().is_err(), "most years have no such day");
    }

    #[test]
    fn a_rule_that_held_is_known_until_the_day_of_the_next_one() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rule = |six_by| SchoolRule {
            six_by,
            ..SchoolRule::default()
        };
        let (june, september, march) = (rule((6, 30)), rule((9, 30)), rule((3, 31)));
        let version = |valid_from: &str, made_on: &str, rule| Version {
            valid_from: day(valid_from),
            made_on: day(made_on),
            rule,
        };
        let first = version("2026-01-01", "2026-01-01", june);
        assert_eq!(former(&[first]), []);
        let same = version("2026-05-01", "2026-04-01", june);
        let next = version("2027-01-01", "2026-11-01", september);
        let june_until = FormerRule {
            rule: june,
            until: day("2027-01-01"),
        };
        assert_eq!(former(&[first, same, next]), [june_until]);
        // Planned for a day and replaced before it came: nobody's contract was made by it.
        let planned = version("2027-01-01", "2026-10-01", march);
        assert_eq!(former(&[first, planned, next]), [june_until]);
        // Replaced on its own day: it held for some hours.
        let at_once = version("2027-01-01", "2027-01-01", march);
        let hours = FormerRule {
            rule: september,
            until: day("2027-01-01"),
        };
        assert_eq!(former(&[first, next, at_once]), [june_until, hours]);
        // Back to what it was: what was agreed under it holds again.
        let back = version("2027-03-01", "2027-02-01", june);
        let between = FormerRule {
            rule: september,
            until: day("2027-03-01"),
        };
        assert_eq!(former(&[first, next, back]), [between]);
    }

    #[test]
    fn every_state_has_one_key_day() {
        let mut states: Vec<_> = KEY_DAYS.iter().map(|(state, _)| *state).collect();
        states.sort_unstable();
        states.dedup();
        assert_eq!(states.len(), 16);
    }
}
