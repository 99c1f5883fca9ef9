//! The cells of a row of a list of facilities, each with what can be wrong with it. Pure.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::mapping::Mapping;
use super::model::{ImportRow, List};
use super::table::note;
use crate::facilities::catalogue::hour_minute;
use crate::facilities::model::{CareType, FacilityKind, ProviderKind};
use crate::platform::fields::{is_postal_code, normalised_email};

/// The cells of one row.
pub(super) struct Cells<'a> {
    pub row: usize,
    pub record: &'a [String],
    pub places: &'a BTreeMap<&'a str, usize>,
    pub mapping: &'a Mapping,
    pub list: &'a mut List,
}

impl Cells<'_> {
    fn header(&self, field: &str) -> String {
        self.mapping
            .columns
            .get(field)
            .cloned()
            .unwrap_or_else(|| field.to_owned())
    }

    pub fn error(&mut self, field: &str, code: &str, detail: &str) {
        let column = self.header(field);
        self.list.errors.push(note(self.row, &column, code, detail));
    }

    fn warn(&mut self, field: &str, code: &str, detail: &str) {
        let column = self.header(field);
        self.list.warnings.push(note(self.row, &column, code, detail));
    }

    fn cell(&self, field: &str) -> &str {
        let at = self.places.get(field);
        at.and_then(|at| self.record.get(*at)).map_or("", String::as_str)
    }

    fn text(&mut self, field: &str, max: usize) -> Option<String> {
        let text = self.cell(field).to_owned();
        if text.chars().count() > max {
            self.error(field, "too_long", &format!("at most {max} characters"));
        }
        (!text.is_empty()).then_some(text)
    }

    fn number(&mut self, field: &str, most: i32) -> Option<i32> {
        let text = self.text(field, 20)?;
        match text.parse() {
            Ok(n) if (0..=most).contains(&n) => Some(n),
            Ok(_) => {
                self.error(field, "out_of_range", &format!("0 to {most}"));
                None
            }
            Err(_) => {
                self.error(field, "invalid", "a whole number is needed");
                None
            }
        }
    }

    fn degrees(&mut self, field: &str, most: f64) -> Option<f64> {
        let text = self.text(field, 30)?;
        match text.replace(',', ".").parse::<f64>() {
            Ok(d) if d.abs() <= most => Some(d),
            Ok(_) => {
                self.error(field, "out_of_range", &format!("at most {most} degrees"));
                None
            }
            Err(_) => {
                self.error(field, "invalid", "degrees are needed");
                None
            }
        }
    }

    fn time(&mut self, field: &str) -> Option<NaiveTime> {
        let text = self.text(field, 20)?;
        let time = hour_minute(&text);
        if time.is_none() {
            self.error(field, "invalid", "a time is HH:MM");
        }
        time
    }

    /// Yes and no, or how many (more than none is yes).
    fn yes(&mut self, field: &str) -> Option<bool> {
        let text = self.text(field, 20)?.to_lowercase();
        match text.as_str() {
            "ja" | "true" | "x" | "yes" => Some(true),
            "nein" | "false" | "no" => Some(false),
            number => match number.parse::<u32>() {
                Ok(n) => Some(n > 0),
                Err(_) => {
                    self.error(field, "invalid", "yes, no or a number is needed");
                    None
                }
            },
        }
    }

    fn many(&mut self, field: &str, delimiters: &[char]) -> Vec<String> {
        let mut kept: Vec<String> = Vec::new();
        for part in self.cell(field).split(delimiters) {
            let part = part.trim();
            if !part.is_empty() && !kept.iter().any(|k| k == part) {
                kept.push(part.to_owned());
            }
        }
        kept
    }

    /// Half a position is none.
    fn position(&mut self) -> (Option<f64>, Option<f64>) {
        let both = (self.degrees("latitude", 90.0), self.degrees("longitude", 180.0));
        match both {
            (Some(_), None) | (None, Some(_)) => {
                self.warn("longitude", "half_a_position", "half a position is none");
                (None, None)
            }
            both => both,
        }
    }

    fn ages(&mut self) -> (Option<i32>, Option<i32>) {
        let ages = (self.number("age_from_months", 240), self.number("age_to_months", 240));
        match ages {
            (Some(from), Some(to)) if from > to => {
                self.warn(
                    "age_to_months",
                    "before_start",
                    "the ages contradict each other and are left out",
                );
                (None, None)
            }
            ages => ages,
        }
    }

    fn provider_kind(&mut self) -> Option<ProviderKind> {
        let word = self.text("provider_kind", 100)?;
        let kind = self.mapping.provider_kind(&word);
        if kind.is_none() {
            self.warn("provider_kind", "unknown_word", &format!("{word:?} is left out"));
        }
        kind
    }

    fn kind(&mut self) -> Option<FacilityKind> {
        let word = self.text("facility_kind", 100)?;
        let kind = self.mapping.facility_kind(&word);
        if kind.is_none() {
            self.warn("facility_kind", "unknown_word", &format!("{word:?} is left out"));
        }
        kind
    }

    fn postal_code(&mut self) -> String {
        let code = self.text("postal_code", 20).unwrap_or_default();
        if !code.is_empty() && !is_postal_code(&code) {
            self.error("postal_code", "invalid", "five digits are needed");
        }
        code
    }

    fn website(&mut self) -> Option<String> {
        let text = self.text("website", 500)?;
        let web = text.starts_with("http://") || text.starts_with("https://");
        if web && !text.contains(char::is_whitespace) {
            return Some(text);
        }
        self.warn("website", "invalid", "not an address of the web; left out");
        None
    }

    fn contact_email(&mut self) -> Option<String> {
        let text = self.text("email", 254)?;
        let email = normalised_email(&text);
        if email.is_none() {
            self.warn("email", "invalid", "not an e-mail address; left out");
        }
        email
    }

    pub fn facility(&mut self) -> ImportRow {
        let (latitude, longitude) = self.position();
        let (age_from_months, age_to_months) = self.ages();
        let kind = self.kind();
        let needed = ["source_id", "name"].map(|field| {
            let text = self.text(field, 200);
            if text.is_none() {
                self.error(field, "required", "every row needs one");
            }
            text.unwrap_or_default()
        });
        let [source_id, name] = needed;
        let text = |me: &mut Self, field| me.text(field, 200).unwrap_or_default();
        ImportRow {
            row: self.row,
            source_id,
            name,
            provider_name: self.text("provider_name", 200),
            provider_kind: self.provider_kind(),
            kind,
            care_types: care_types(kind, age_from_months),
            street: text(self, "street"),
            house_number: text(self, "house_number"),
            postal_code: self.postal_code(),
            city: text(self, "city"),
            district: self.text("district", 200),
            latitude,
            longitude,
            declared_places: self.number("capacity_total", 10_000),
            opens_at: self.time("opening_from"),
            closes_at: self.time("opening_to"),
            concepts: self.many("concept", &['|']),
            phone: self.text("phone", 50),
            contact_email: self.contact_email(),
            website: self.website(),
            licence: self.text("licence", 300),
            attribution: self.text("attribution", 500),
            data_as_of: self.text("data_as_of", 50),
            age_from_months,
            age_to_months,
            languages: self.many("languages", &[',', '|', ';']),
            denomination: self.text("religious_orientation", 200),
            inclusive: self.yes("integrative"),
            barrier_free: self.yes("barrier_free"),
            flags: self.many("flags", &[';', '|']),
            description: self.text("description", 5000),
        }
    }
}

/// What care a kind of facility gives. A Kita that takes children from three on only is no nursery.
fn care_types(kind: Option<FacilityKind>, age_from_months: Option<i32>) -> Vec<CareType> {
    use CareType::{AfterSchool, Kindergarten, Nursery};
    let mut types = match kind {
        Some(FacilityKind::Nursery | FacilityKind::ParentChildGroup | FacilityKind::Childminder) => vec![Nursery],
        Some(FacilityKind::Kindergarten) => vec![Kindergarten],
        Some(FacilityKind::Daycare) => vec![Nursery, Kindergarten],
        Some(FacilityKind::AfterSchool) => vec![AfterSchool],
        Some(FacilityKind::DaycareWithAfterSchool) => vec![Nursery, Kindergarten, AfterSchool],
        None => vec![],
    };
    if types.len() > 1 && age_from_months.is_some_and(|age| age >= 36) {
        types.retain(|t| *t != Nursery);
    }
    types
}
