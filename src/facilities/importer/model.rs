//! A list of facilities as text, read row by row; faults with row, column and code. Pure.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveTime;
use serde::Serialize;

use super::cells::Cells;
use super::mapping::Mapping;
use super::table::{RowNote, Table, note};
use crate::facilities::model::{CareType, FacilityKind, ProviderKind};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facilities::catalogue::hour_minute;

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
