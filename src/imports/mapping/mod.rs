//! How another system's list of families is read: which column is what, how dates are written, what its words mean. Pure.

mod example;
mod fields;

pub use example::{example, template};
pub use fields::FIELDS;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// How the bytes of a list stand for letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    #[default]
    #[serde(rename = "utf8")]
    Utf8,
    /// Windows-1252, as older programs write it.
    #[serde(rename = "windows1252")]
    Windows1252,
}

/// How a list is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "columns": {"source_id": "Vorgang", "guardian_first_name": "Vorname Elternteil", "guardian_last_name": "Nachname Elternteil", "street": "Straße",
        "house_number": "Hausnummer", "postal_code": "PLZ", "child_first_name": "Vorname Kind", "child_sex": "Geschlecht",
        "child_birth_date": "Geburtsdatum", "care_type": "Betreuungsart", "desired_start": "Wunschtermin", "hours_per_week": "Wochenstunden",
        "submitted_at": "Eingang", "facility_1": "Wunsch 1"},
    "criteria": {}, "evidence": {}, "values": {"care_type": {"U3": "nursery"}, "child_sex": {"Mädchen": "female"}},
    "defaults": {"city": "Musterstadt", "language": "de"}, "date_formats": ["%d.%m.%Y", "%Y-%m-%d"], "encoding": "utf8"}))]
pub struct FamilyMapping {
    /// Header in the list by field.
    pub columns: BTreeMap<String, String>,
    /// Header in the list by the code of a criterion that families are asked for: yes or no, or the number.
    #[serde(default)]
    pub criteria: BTreeMap<String, String>,
    /// Header in the list by the code of a criterion: the day on which the office saw the evidence.
    #[serde(default)]
    pub evidence: BTreeMap<String, String>,
    /// By field: what a word of the list means here. `facility` and `priority` hold for all wishes, `yes_no` for all ticks.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// By field: what holds where the list says nothing.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// How dates are written, tried one after the other: `%d` day, `%m` month, `%Y` year.
    #[serde(default = "date_formats")]
    pub date_formats: Vec<String>,
    /// How the bytes stand for letters.
    #[serde(default)]
    pub encoding: Encoding,
}

fn date_formats() -> Vec<String> {
    vec!["%d.%m.%Y".into(), "%Y-%m-%d".into()]
}

impl Default for FamilyMapping {
    /// The mapping of the template.
    fn default() -> Self {
        let columns = FIELDS.iter().map(|f| (f.name.to_owned(), f.header.to_owned()));
        Self {
            columns: columns.collect(),
            criteria: BTreeMap::new(),
            evidence: BTreeMap::new(),
            values: BTreeMap::new(),
            defaults: BTreeMap::new(),
            date_formats: date_formats(),
            encoding: Encoding::Utf8,
        }
    }
}

/// Words of German lists for our own, beyond the ones of a mapping.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("child_sex", "female", &["w", "weiblich", "f", "mädchen"]),
    ("child_sex", "male", &["m", "männlich", "junge"]),
    ("child_sex", "diverse", &["d", "divers", "x"]),
    ("care_type", "nursery", &["krippe", "kinderkrippe", "u3"]),
    ("care_type", "kindergarten", &["kiga", "ü3"]),
    ("care_type", "after_school", &["hort"]),
    ("care_type", "mixed_age", &["altersgemischt", "altersmischung"]),
    ("yes_no", "yes", &["ja", "j", "1", "x", "wahr", "true", "y"]),
    ("yes_no", "no", &["nein", "n", "0", "falsch", "false"]),
];

/// The words that a field of this name can have, where it has only some.
fn known_words(field: &str) -> Vec<&'static str> {
    WORDS
        .iter()
        .filter(|(of, ..)| *of == field)
        .map(|(_, word, _)| *word)
        .collect()
}

impl FamilyMapping {
    /// Everything in it that cannot be right.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        for (name, header) in &self.columns {
            let pointer = format!("/columns/{name}");
            fields.check(FIELDS.iter().any(|f| f.name == name), &pointer, "unknown");
            fields.check(!header.trim().is_empty(), &pointer, "required");
            fields.check(header.chars().count() <= 200, &pointer, "too_long");
        }
        for needed in FIELDS.iter().filter(|f| f.required) {
            let said = self.columns.contains_key(needed.name) || self.defaults.contains_key(needed.name);
            fields.check(said, &format!("/columns/{}", needed.name), "required");
        }
        for code in self.evidence.keys() {
            fields.check(
                self.criteria.contains_key(code),
                &format!("/evidence/{code}"),
                "unknown",
            );
        }
        for name in self.defaults.keys() {
            fields.check(
                FIELDS.iter().any(|f| f.name == name),
                &format!("/defaults/{name}"),
                "unknown",
            );
        }
        for (field, words) in &self.values {
            let known = known_words(field);
            let is_free = ["facility", "priority"].contains(&field.as_str()) || FIELDS.iter().any(|f| f.name == field);
            fields.check(is_free || !known.is_empty(), &format!("/values/{field}"), "unknown");
            for (word, meaning) in words {
                let fits = known.is_empty() || known.contains(&meaning.as_str());
                fields.check(fits, &format!("/values/{field}/{word}"), "unknown");
            }
        }
        fields.check(!self.date_formats.is_empty(), "/date_formats", "required");
        fields.check(self.date_formats.len() <= 10, "/date_formats", "too_many");
        for (n, format) in self.date_formats.iter().enumerate() {
            fields.check(reads_back(format), &format!("/date_formats/{n}"), "invalid");
        }
        fields.finish()
    }

    /// What a word of the list means for a field; words are compared without case.
    pub fn word(&self, field: &str, said: &str) -> Option<String> {
        let lower = said.trim().to_lowercase();
        let own = self.values.get(field).into_iter().flatten();
        let own = own.into_iter().find(|(word, _)| word.trim().to_lowercase() == lower);
        if let Some((_, meaning)) = own {
            return Some(meaning.clone());
        }
        let known = WORDS.iter().filter(|(of, ..)| *of == field);
        known
            .into_iter()
            .find(|(_, word, ways)| *word == lower || ways.contains(&lower.as_str()))
            .map(|(_, word, _)| (*word).to_owned())
    }

    /// A day, however the list writes days.
    pub fn date(&self, said: &str) -> Option<NaiveDate> {
        let mut formats = self.date_formats.iter();
        formats.find_map(|format| NaiveDate::parse_from_str(said, format).ok())
    }

    /// A day with or without the time of day behind it.
    pub fn moment(&self, said: &str) -> Option<NaiveDateTime> {
        if let Some(day) = self.date(said) {
            return Some(day.and_time(NaiveTime::MIN));
        }
        let (day, time) = said.rsplit_once([' ', 'T'])?;
        Some(self.date(day.trim())?.and_time(time_of_day(time)?))
    }
}

/// `7:30`, `07:30` or `07:30:00`.
pub fn time_of_day(said: &str) -> Option<NaiveTime> {
    let formats = ["%H:%M", "%H:%M:%S"];
    formats
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(said.trim(), format).ok())
}

/// Whether a format writes a day so that it can be read again. A broken format makes the writing fail, and not the process.
fn reads_back(format: &str) -> bool {
    use std::fmt::Write as _;
    let day = NaiveDate::from_ymd_opt(2027, 2, 13).unwrap_or_default();
    let mut text = String::new();
    write!(text, "{}", day.format(format)).is_ok() && NaiveDate::parse_from_str(&text, format) == Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../docs/operator/import-familien.md");

    #[test]
    fn the_guide_names_every_field_of_the_template() {
        for field in FIELDS {
            let needed = if field.required { "ja" } else { "" };
            let row = format!("| `{}` | {} | {needed} | {} |", field.name, field.header, field.says);
            assert!(GUIDE.contains(&row), "docs/operator/import-familien.md lacks:\n{row}");
        }
    }

    #[test]
    fn words_and_dates_of_other_systems_are_understood() {
        let mut mapping = FamilyMapping::default();
        let words = BTreeMap::from([("Krabbelgruppe".to_owned(), "nursery".to_owned())]);
        mapping.values.insert("care_type".into(), words);
        mapping.date_formats.push("%d/%m/%Y".into());
        mapping.check().unwrap();
        assert_eq!(mapping.word("care_type", " KRABBELGRUPPE ").as_deref(), Some("nursery"));
        assert_eq!(mapping.word("child_sex", "W").as_deref(), Some("female"));
        assert_eq!(mapping.word("yes_no", "Ja").as_deref(), Some("yes"));
        assert_eq!(mapping.word("care_type", "Raumschiff"), None);
        let day = NaiveDate::from_ymd_opt(2026, 3, 14);
        for said in ["14.03.2026", "2026-03-14", "14/03/2026"] {
            assert_eq!(mapping.date(said), day, "{said}");
        }
        assert_eq!(
            mapping.moment("14.03.2026 09:30").unwrap().to_string(),
            "2026-03-14 09:30:00"
        );
        assert_eq!(mapping.moment("14.03.2026 gestern"), None);
    }

    #[test]
    fn every_fault_of_a_mapping_is_named() {
        let mut mapping = FamilyMapping::default();
        mapping.columns.remove("street");
        mapping.columns.insert("strasse".into(), "Straße".into());
        let words = BTreeMap::from([("Krippe".to_owned(), "krippe".to_owned())]);
        mapping.values.insert("care_type".into(), words);
        mapping.date_formats = vec!["%d.%m".into(), "%Q".into()];
        let Err(Invalid(faults)) = mapping.check() else {
            panic!("must be refused")
        };
        let all: Vec<_> = faults.iter().map(|f| (f.pointer.as_str(), f.code.as_str())).collect();
        assert_eq!(
            all,
            [
                ("/columns/strasse", "unknown"),
                ("/columns/street", "required"),
                ("/values/care_type/Krippe", "unknown"),
                ("/date_formats/0", "invalid"),
                ("/date_formats/1", "invalid")
            ]
        );
    }
}
