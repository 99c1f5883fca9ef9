//! By which day a child must be six to begin school with the next Kita year: the key day of the federal state, or the municipality's own.

use super::model::{Settings, month_day};

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

    /// The month with which school begins.
    pub fn month(&self) -> i32 {
        i32::try_from(self.begins.0).unwrap_or(8)
    }
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
    fn every_state_has_one_key_day() {
        let mut states: Vec<_> = KEY_DAYS.iter().map(|(state, _)| *state).collect();
        states.sort_unstable();
        states.dedup();
        assert_eq!(states.len(), 16);
    }
}
