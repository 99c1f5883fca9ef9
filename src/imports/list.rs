//! A list row by row: what a row says, and every fault with its column and code. Pure; a row is forgotten before the next one is read.

use std::collections::BTreeMap;
use std::io::BufRead;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;
use serde::Serialize;

use super::mapping::{Encoding, FIELDS, FamilyMapping, time_of_day};
use crate::demands::{DemandChange, TimeOfDay};
use crate::facilities::{CareType, RowNote};
use crate::families::{NewChild, NewFamily, NewGuardian, NewHousehold, Sex};
use crate::platform::crypto::sha256;
use crate::platform::fields::Invalid;

/// A row as it stands in the list, its cells by field.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Line of the list as a spreadsheet counts them: the header is row 1.
    pub row: usize,
    /// By field; empty cells are left out.
    pub fields: BTreeMap<&'static str, String>,
    /// By code of a criterion.
    pub criteria: BTreeMap<String, String>,
}

/// Reads the list one row after another.
pub struct Rows<'a, R> {
    reader: csv::Reader<R>,
    mapping: &'a FamilyMapping,
    places: Vec<(&'static str, usize)>,
    criteria: Vec<(String, usize)>,
    record: csv::ByteRecord,
    row: usize,
}

pub(super) fn note(row: usize, column: &str, code: &str, detail: &str) -> RowNote {
    RowNote {
        row,
        column: column.to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    }
}

impl<'a, R: BufRead> Rows<'a, R> {
    /// Reads the header; a column that the mapping names and the list lacks is a fault.
    pub fn open(mut from: R, mapping: &'a FamilyMapping) -> Result<Self, Vec<RowNote>> {
        let unreadable = |_| vec![note(1, "", "malformed", "the list cannot be read")];
        let start = from.fill_buf().map_err(unreadable)?;
        let header = start.split(|b| *b == b'\n').next().unwrap_or_default();
        let often = |d: u8| header.iter().filter(|b| **b == d).count();
        let delimiter = [b';', b',', b'\t']
            .into_iter()
            .max_by_key(|d| often(*d))
            .unwrap_or(b';');
        if start.starts_with(b"\xEF\xBB\xBF") {
            from.consume(3);
        }
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(from);
        let header = reader
            .byte_headers()
            .map_err(|e| vec![note(1, "", "malformed", &e.to_string())])?;
        let header: Vec<String> = header
            .iter()
            .map(|cell| text(cell, mapping.encoding).unwrap_or_default().trim().to_owned())
            .collect();
        let at = |name: &String| header.iter().position(|h| h == name);
        let (mut places, mut criteria, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for field in FIELDS {
            match mapping.columns.get(field.name).map(|name| (name, at(name))) {
                Some((_, Some(place))) => places.push((field.name, place)),
                Some((name, None)) if field.required && !mapping.defaults.contains_key(field.name) => {
                    missing.push(note(1, name, "missing_column", "the list has no such column"));
                }
                _ => {}
            }
        }
        for (code, name) in &mapping.criteria {
            match at(name) {
                Some(place) => criteria.push((code.clone(), place)),
                None => missing.push(note(1, name, "missing_column", "the list has no such column")),
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Self {
            reader,
            mapping,
            places,
            criteria,
            record: csv::ByteRecord::new(),
            row: 1,
        })
    }

    /// The next row that is not empty; a row that is no row of this list is a fault of its own.
    pub fn next_row(&mut self) -> Option<Result<Cells, RowNote>> {
        loop {
            self.row += 1;
            match self.reader.read_byte_record(&mut self.record) {
                Ok(false) => return None,
                Ok(true) if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(true) => return Some(self.cells()),
                Err(e) => return Some(Err(note(self.row, "", "malformed", &e.to_string()))),
            }
        }
    }

    fn cells(&self) -> Result<Cells, RowNote> {
        let cell = |place: usize| {
            let bytes = self.record.get(place).unwrap_or_default();
            let text = text(bytes, self.mapping.encoding).filter(|text| !text.contains('\0'));
            let fault = || {
                note(
                    self.row,
                    "",
                    "encoding",
                    "a cell has letters that are not of this encoding",
                )
            };
            Ok::<_, RowNote>(text.ok_or_else(fault)?.trim().to_owned())
        };
        let mut fields: BTreeMap<&'static str, String> = BTreeMap::new();
        for (name, place) in &self.places {
            let said = cell(*place)?;
            if !said.is_empty() {
                fields.insert(name, said);
            }
        }
        for field in FIELDS {
            if let Some(said) = self.mapping.defaults.get(field.name) {
                fields.entry(field.name).or_insert_with(|| said.clone());
            }
        }
        let mut criteria = BTreeMap::new();
        for (code, place) in &self.criteria {
            let said = cell(*place)?;
            if !said.is_empty() {
                criteria.insert(code.clone(), said);
            }
        }
        Ok(Cells {
            row: self.row,
            fields,
            criteria,
        })
    }
}

/// The letters of a cell; `None` where they are not of the encoding.
fn text(bytes: &[u8], encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Encoding::Windows1252 => Some(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// Windows-1252 is ISO 8859-1 but for these 32 places.
fn windows_1252(byte: u8) -> char {
    const OWN: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => OWN[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// A row that was understood; facilities and criteria are still the list's words.
#[derive(Debug, Clone)]
pub struct Read {
    /// The family with the child, unchecked.
    pub family: NewFamily,
    /// What is wished.
    pub change: DemandChange,
    /// When the demand was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The wished facilities in the list's words with their columns, the dearest first.
    pub facilities: Vec<(String, String)>,
    /// Criteria that are claimed: code, number.
    pub criteria: Vec<(String, Option<i32>)>,
}

/// Reads the cells of a row, with all faults of the words themselves.
pub struct Reading<'a> {
    cells: &'a Cells,
    mapping: &'a FamilyMapping,
    /// What was found so far.
    pub faults: Vec<RowNote>,
}

impl<'a> Reading<'a> {
    /// Begins with a row.
    pub fn new(cells: &'a Cells, mapping: &'a FamilyMapping) -> Self {
        Self {
            cells,
            mapping,
            faults: Vec::new(),
        }
    }

    /// The list's own name of a field's column.
    pub fn header(&self, field: &str) -> String {
        self.mapping
            .columns
            .get(field)
            .cloned()
            .unwrap_or_else(|| field.to_owned())
    }

    /// Notes a fault of a field.
    pub fn fault(&mut self, field: &str, code: &str, detail: &str) {
        let header = self.header(field);
        self.faults.push(note(self.cells.row, &header, code, detail));
    }

    /// Notes a fault of a column by the list's own name.
    pub fn fault_at(&mut self, header: &str, code: &str, detail: &str) {
        self.faults.push(note(self.cells.row, header, code, detail));
    }

    /// Takes faults of the form over, each to its column.
    pub fn of<T>(&mut self, part: Result<T, Invalid>) -> Option<T> {
        match part {
            Ok(value) => Some(value),
            Err(Invalid(faults)) => {
                for fault in faults {
                    self.fault(&column_of(&fault.pointer), &fault.code, &fault.detail);
                }
                None
            }
        }
    }

    fn said(&self, field: &str) -> Option<&'a str> {
        self.cells.fields.get(field).map(String::as_str)
    }

    fn text(&self, field: &str) -> String {
        self.said(field).unwrap_or_default().to_owned()
    }

    /// A cell as something else; what cannot be that is a fault.
    fn parsed<T>(
        &mut self,
        field: &str,
        code: &str,
        read: impl FnOnce(&FamilyMapping, &str) -> Option<T>,
    ) -> Option<T> {
        let said = self.said(field)?;
        let found = read(self.mapping, said);
        if found.is_none() {
            self.fault(field, code, &format!("{said:?} is not understood"));
        }
        found
    }

    fn yes(&mut self, field: &str) -> bool {
        self.parsed(field, "unknown_word", |m, said| m.word("yes_no", said))
            .is_some_and(|word| word == "yes")
    }

    fn time(&mut self, field: &str) -> Option<TimeOfDay> {
        self.parsed(field, "invalid", |_, said| time_of_day(said))
            .map(TimeOfDay)
    }

    fn date(&mut self, field: &str) -> Option<chrono::NaiveDate> {
        self.parsed(field, "invalid_date", FamilyMapping::date)
    }

    /// The whole row.
    pub fn read(&mut self, language: &str) -> Read {
        let family = self.family(language);
        let change = self.change();
        let submitted_at = self.parsed("submitted_at", "invalid_date", |m, said| {
            let moment = m.moment(said)?.and_local_timezone(Berlin).earliest()?;
            Some(moment.with_timezone(&Utc))
        });
        if self.said("submitted_at").is_none() {
            self.fault("submitted_at", "required", "");
        }
        Read {
            family,
            change,
            submitted_at,
            facilities: self.facilities(),
            criteria: self.criteria(),
        }
    }

    fn family(&mut self, language: &str) -> NewFamily {
        let sex = self.parsed("child_sex", "unknown_word", |m, said| {
            let word = m.word("child_sex", said)?;
            [Sex::Female, Sex::Male, Sex::Diverse]
                .into_iter()
                .find(|sex| sex.as_str() == word)
        });
        NewFamily {
            guardian: NewGuardian {
                first_name: self.text("guardian_first_name"),
                last_name: self.text("guardian_last_name"),
                phone: self.said("guardian_phone").map(str::to_owned),
            },
            email: self.said("guardian_email").map(str::to_owned),
            language: self
                .said("language")
                .map_or_else(|| language.to_owned(), str::to_lowercase),
            household: NewHousehold {
                street: self.text("street"),
                house_number: self.text("house_number"),
                postal_code: self.text("postal_code"),
                city: self.text("city"),
                address_protected: self.yes("address_protected"),
            },
            child: NewChild {
                first_name: self.said("child_first_name").map(str::to_owned),
                last_name: self.said("child_last_name").map(str::to_owned),
                sex,
                birth_date: self.date("child_birth_date"),
                expected_birth_date: self.date("child_expected_birth_date"),
            },
        }
    }

    fn change(&mut self) -> DemandChange {
        let care_type = self.parsed("care_type", "unknown_word", |m, said| {
            CareType::parse(&m.word("care_type", said)?)
        });
        DemandChange {
            care_type: Some(care_type),
            desired_start: Some(self.date("desired_start")),
            latest_start: Some(self.date("latest_start")),
            hours_per_week: Some(self.parsed("hours_per_week", "invalid", |_, said| said.parse().ok())),
            window_from: Some(self.time("window_from")),
            window_to: Some(self.time("window_to")),
            legal_claim: Some(self.yes("legal_claim")),
            facts: None,
        }
    }

    /// The wishes by their priority, where the list has one, else in the order of the columns.
    fn facilities(&mut self) -> Vec<(String, String)> {
        let mut wishes = Vec::new();
        for n in 1..=8 {
            let (field, priority) = (format!("facility_{n}"), format!("priority_{n}"));
            let Some(said) = self.said(&field) else {
                continue;
            };
            let order = self.parsed(&priority, "invalid", |m, said| {
                m.word("priority", said)
                    .as_deref()
                    .unwrap_or(said)
                    .trim()
                    .parse::<i32>()
                    .ok()
            });
            let name = self.mapping.word("facility", said).unwrap_or_else(|| said.to_owned());
            wishes.push((order.unwrap_or(n), n, self.header(&field), name));
        }
        wishes.sort_by_key(|(order, n, ..)| (*order, *n));
        wishes.into_iter().map(|(_, _, header, name)| (header, name)).collect()
    }

    fn criteria(&mut self) -> Vec<(String, Option<i32>)> {
        let mut claimed = Vec::new();
        for (code, said) in &self.cells.criteria {
            let header = self.mapping.criteria.get(code).cloned().unwrap_or_default();
            match (said.parse::<i32>(), self.mapping.word("yes_no", said).as_deref()) {
                (_, Some("no")) => {}
                (number, Some("yes")) => claimed.push((code.clone(), number.ok())),
                (Ok(number), _) => claimed.push((code.clone(), Some(number))),
                (Err(_), _) => {
                    let detail = format!("{said:?} is not understood");
                    self.faults.push(note(self.cells.row, &header, "unknown_word", &detail));
                }
            }
        }
        claimed
    }
}

/// Which field a fault of the family's or demand's form belongs to.
fn column_of(pointer: &str) -> String {
    let path = pointer.trim_start_matches('/');
    match path.split_once('/') {
        Some(("guardian", field)) => format!("guardian_{field}"),
        Some(("child", field)) => format!("child_{field}"),
        Some(("household", field)) => field.to_owned(),
        _ if path == "preferences" => "facility_1".to_owned(),
        _ => path.to_owned(),
    }
}

/// Tells whether a row changed since it was imported.
pub fn hash(cells: &Cells) -> Vec<u8> {
    #[derive(Serialize)]
    struct Row<'a>(&'a BTreeMap<&'static str, String>, &'a BTreeMap<String, String>);
    sha256(&serde_json::to_vec(&Row(&cells.fields, &cells.criteria)).unwrap_or_default())
}
