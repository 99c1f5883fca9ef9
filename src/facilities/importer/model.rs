//! A list of facilities as text, read row by row; faults with row, column and code. Pure.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveTime;
use serde::Serialize;

use super::mapping::Mapping;
use super::table::{RowNote, Table, note};
use crate::facilities::catalogue::hour_minute;
use crate::facilities::model::{CareType, FacilityKind, ProviderKind};
use crate::platform::fields::{is_postal_code, normalised_email};

/// A facility as the list has it; what it does not say is empty.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ImportRow {
    #[serde(skip)]
    pub row: usize,
    pub source_id: String,
    pub name: String,
    pub provider_name: Option<String>,
    pub provider_kind: Option<ProviderKind>,
    pub kind: Option<FacilityKind>,
    pub care_types: Vec<CareType>,
    pub street: String,
    pub house_number: String,
    pub postal_code: String,
    pub city: String,
    pub district: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub declared_places: Option<i32>,
    pub opens_at: Option<NaiveTime>,
    pub closes_at: Option<NaiveTime>,
    pub concepts: Vec<String>,
    pub phone: Option<String>,
    pub contact_email: Option<String>,
    pub website: Option<String>,
    pub licence: Option<String>,
    pub attribution: Option<String>,
    pub data_as_of: Option<String>,
    pub age_from_months: Option<i32>,
    pub age_to_months: Option<i32>,
    pub languages: Vec<String>,
    pub denomination: Option<String>,
    pub inclusive: Option<bool>,
    pub barrier_free: Option<bool>,
    pub flags: Vec<String>,
    pub description: Option<String>,
}

/// A list that was read.
#[derive(Debug, Default)]
pub struct List {
    /// How many rows it has below the header.
    pub count: usize,
    /// The rows without faults.
    pub rows: Vec<ImportRow>,
    /// What stops the import.
    pub errors: Vec<RowNote>,
    /// What was left out or is doubtful.
    pub warnings: Vec<RowNote>,
}

/// Reads a list; without a mapping the built-in one whose headers it has.
pub fn read(bytes: &[u8], mapping: Option<&Mapping>) -> List {
    let mut list = List::default();
    let table = match Table::read(bytes) {
        Ok(table) => table,
        Err(fault) => {
            list.errors.push(fault);
            return list;
        }
    };
    list.count = table.records.len();
    let Some(mapping) = mapping.cloned().or_else(|| Mapping::guess(&table.headers)) else {
        let says = "no built-in mapping knows these headers";
        list.errors.push(note(1, "", "missing_column", says));
        return list;
    };
    let mut places = BTreeMap::new();
    for (field, header) in &mapping.columns {
        match table.headers.iter().position(|h| h == header) {
            Some(at) => {
                places.insert(field.as_str(), at);
            }
            None if ["source_id", "name"].contains(&field.as_str()) => {
                list.errors
                    .push(note(1, header, "missing_column", "the list has no such column"));
            }
            None => {}
        }
    }
    for needed in ["source_id", "name"] {
        if !mapping.columns.contains_key(needed) {
            list.errors.push(note(
                1,
                needed,
                "missing_column",
                "the mapping names no column for this field",
            ));
        }
    }
    if !list.errors.is_empty() {
        return list;
    }
    let mut seen = HashSet::new();
    for (row, record) in &table.records {
        let mut cells = Cells {
            row: *row,
            record,
            places: &places,
            mapping: &mapping,
            list: &mut list,
        };
        let read = cells.facility();
        if !read.source_id.is_empty() && !seen.insert(read.source_id.clone()) {
            cells.error("source_id", "duplicate", "another row has this id");
        }
        list.rows.push(read);
    }
    list
}

/// The cells of one row.
struct Cells<'a> {
    row: usize,
    record: &'a [String],
    places: &'a BTreeMap<&'a str, usize>,
    mapping: &'a Mapping,
    list: &'a mut List,
}

impl Cells<'_> {
    fn header(&self, field: &str) -> String {
        self.mapping
            .columns
            .get(field)
            .cloned()
            .unwrap_or_else(|| field.to_owned())
    }

    fn error(&mut self, field: &str, code: &str, detail: &str) {
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

    fn facility(&mut self) -> ImportRow {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(notes: &[RowNote]) -> Vec<(usize, &str, &str)> {
        notes
            .iter()
            .map(|n| (n.row, n.column.as_str(), n.code.as_str()))
            .collect()
    }

    #[test]
    fn german_headers_semicolons_and_a_byte_order_mark_are_read() {
        let text = "\u{feff}Kennung;Name der Einrichtung;Trägerart;Breitengrad;Längengrad;Öffnet;Konzept;Inklusiv\n\
                    a;Kita;kommunal;51,34;12.5;7:30;Wald|Reggio;ja\n";
        let list = read(text.as_bytes(), None);
        assert_eq!(list.errors, []);
        let row = &list.rows[0];
        assert_eq!(
            (row.latitude, row.provider_kind, row.inclusive),
            (Some(51.34), Some(ProviderKind::Municipal), Some(true))
        );
        assert_eq!((row.concepts.len(), row.opens_at), (2, hour_minute("07:30")));
    }

    #[test]
    fn every_fault_names_row_column_and_code() {
        let text = "source_id,name,latitude,longitude,opening_from,capacity_total,postal_code,provider_kind,age_from_months,age_to_months\n\
                    a,Kita,51.1,,25:00,viele,123,mond,72,36\na,,95,1,,-1,04109,,,\n";
        let list = read(text.as_bytes(), None);
        let errors = codes(&list.errors);
        for wanted in [
            (2, "opening_from", "invalid"),
            (2, "capacity_total", "invalid"),
            (2, "postal_code", "invalid"),
            (3, "name", "required"),
            (3, "latitude", "out_of_range"),
            (3, "source_id", "duplicate"),
            (3, "capacity_total", "out_of_range"),
        ] {
            assert!(errors.contains(&wanted), "{wanted:?} in {errors:?}");
        }
        let warnings = codes(&list.warnings);
        for wanted in [
            (2, "longitude", "half_a_position"),
            (2, "provider_kind", "unknown_word"),
            (2, "age_to_months", "before_start"),
        ] {
            assert!(warnings.contains(&wanted), "{wanted:?} in {warnings:?}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_place() {
        assert_eq!(codes(&read(b"a,b\nx,\xff", None).errors), [(2, "", "encoding")]);
        assert_eq!(codes(&read(b"a,b\nx,y", None).errors), [(1, "", "missing_column")]);
        assert_eq!(
            codes(&read(b"source_id,name\nx,y,z", None).errors),
            [(2, "", "malformed")]
        );
        assert_eq!(codes(&read(b"", None).errors), [(1, "", "missing_column")]);
        let own = Mapping::from_json(r#"{"columns": {"name": "Bezeichnung", "source_id": "Nr"}}"#).unwrap();
        assert_eq!(
            codes(&read(b"Nr,Name\n1,x", Some(&own)).errors),
            [(1, "Bezeichnung", "missing_column")]
        );
        assert!(Mapping::from_json(r#"{"columns": {"nme": "x"}}"#).is_err());
    }
}
