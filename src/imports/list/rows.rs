//! A list row by row: the cells of each by field. A row is forgotten before the next one is read.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Serialize;

use crate::facilities::RowNote;
use crate::imports::mapping::{Encoding, FIELDS, FamilyMapping};
use crate::platform::crypto::sha256;

/// A row as it stands in the list, its cells by field.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Line of the list as a spreadsheet counts them: the header is row 1.
    pub row: usize,
    /// By field; empty cells are left out.
    pub fields: BTreeMap<&'static str, String>,
    /// By code of a criterion.
    pub criteria: BTreeMap<String, String>,
    /// By code of a criterion: when its evidence was seen.
    pub evidence: BTreeMap<String, String>,
}

/// Reads the list one row after another.
pub struct Rows<'a, R> {
    reader: csv::Reader<R>,
    mapping: &'a FamilyMapping,
    places: Vec<(&'static str, usize)>,
    criteria: Vec<(String, usize)>,
    evidence: Vec<(String, usize)>,
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
        let (mut places, mut missing) = (Vec::new(), Vec::new());
        for field in FIELDS {
            match mapping.columns.get(field.name).map(|name| (name, at(name))) {
                Some((_, Some(place))) => places.push((field.name, place)),
                Some((name, None)) if field.required && !mapping.defaults.contains_key(field.name) => {
                    missing.push(note(1, name, "missing_column", "the list has no such column"));
                }
                _ => {}
            }
        }
        let [mut criteria, mut evidence] = [Vec::new(), Vec::new()];
        for (named, found) in [(&mapping.criteria, &mut criteria), (&mapping.evidence, &mut evidence)] {
            for (code, name) in named {
                match at(name) {
                    Some(place) => found.push((code.clone(), place)),
                    None => missing.push(note(1, name, "missing_column", "the list has no such column")),
                }
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
            evidence,
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
        let [mut criteria, mut evidence] = [BTreeMap::new(), BTreeMap::new()];
        for (places, said_of) in [(&self.criteria, &mut criteria), (&self.evidence, &mut evidence)] {
            for (code, place) in places {
                let said = cell(*place)?;
                if !said.is_empty() {
                    said_of.insert(code.clone(), said);
                }
            }
        }
        Ok(Cells {
            row: self.row,
            fields,
            criteria,
            evidence,
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

/// Tells whether a row changed since it was imported.
pub fn hash(cells: &Cells) -> Vec<u8> {
    #[derive(Serialize)]
    struct Row<'a>(&'a BTreeMap<&'static str, String>, &'a BTreeMap<String, String>);
    let mut said = serde_json::to_vec(&Row(&cells.fields, &cells.criteria)).unwrap_or_default();
    // Rows that were imported before evidence could be are still known.
    if !cells.evidence.is_empty() {
        said.extend(serde_json::to_vec(&cells.evidence).unwrap_or_default());
    }
    sha256(&said)
}
