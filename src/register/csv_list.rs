//! The first adapter: a list of children that the municipality uploads as CSV. What of it can be read is pure.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::model::{Answer, Person, compare};
use super::store;
use crate::access::TenantRead;
use crate::facilities::RowNote;
use crate::platform::clock::berlin_date;
use crate::platform::fields::is_postal_code;

/// An older list is not asked any more: it says nothing about today.
pub(super) const USABLE_DAYS: u64 = 60;

/// Something that can be asked about a child. An interface to the register's own service is another one of these.
pub(super) trait Adapter {
    /// Its name on record.
    fn name(&self) -> &'static str;

    /// Looks for a child that is born.
    async fn look_up(&self, tx: &mut TenantRead, child: &Person, born_on: NaiveDate) -> Result<Answer, sqlx::Error>;
}

/// The uploaded list.
pub(super) struct CsvList;

impl Adapter for CsvList {
    fn name(&self) -> &'static str {
        "csv"
    }

    async fn look_up(&self, tx: &mut TenantRead, child: &Person, born_on: NaiveDate) -> Result<Answer, sqlx::Error> {
        let today = tx.today();
        let oldest = today.checked_sub_days(Days::new(USABLE_DAYS)).unwrap_or(today);
        let list = store::list(tx).await?;
        if list.is_none_or(|list| berlin_date(list.uploaded_at) < oldest) {
            return Ok(Answer::Unavailable);
        }
        Ok(compare(child, &store::born_on(tx, born_on).await?))
    }
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub birth_date: NaiveDate,
    pub person: Person,
}

/// Columns by any of their names.
const COLUMNS: [(&str, &[&str], bool); 4] = [
    ("first_names", &["first_names", "vornamen", "vorname"], true),
    ("last_name", &["last_name", "nachname", "familienname", "name"], true),
    ("birth_date", &["birth_date", "geburtsdatum", "geboren"], true),
    ("postal_code", &["postal_code", "plz", "postleitzahl"], false),
];

/// Reads a list: UTF-8, semicolons or commas, a header; columns that are not known are left alone.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, Vec<RowNote>> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|_| vec![note(1, "", "not_utf8", "the list is not UTF-8")])?;
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .map_err(|_| vec![note(1, "", "invalid", "the header cannot be read")])?
        .clone();
    let columns = columns(&headers)?;
    let (mut entries, mut notes) = (Vec::new(), Vec::new());
    for (number, record) in reader.records().enumerate() {
        let row = number + 2;
        match record {
            Ok(record) => match entry(row, &record, &columns) {
                Ok(entry) => entries.push(entry),
                Err(fault) => notes.push(fault),
            },
            Err(_) => notes.push(note(row, "", "invalid", "this row cannot be read")),
        }
    }
    if notes.is_empty() { Ok(entries) } else { Err(notes) }
}

fn columns(headers: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, Vec<RowNote>> {
    let names: Vec<String> = headers.iter().map(str::to_lowercase).collect();
    let (mut found, mut notes) = (BTreeMap::new(), Vec::new());
    for (column, known, needed) in COLUMNS {
        match names.iter().position(|name| known.contains(&name.as_str())) {
            Some(at) => {
                found.insert(column, at);
            }
            None if needed => notes.push(note(1, column, "missing_column", "this column is needed")),
            None => {}
        }
    }
    if notes.is_empty() { Ok(found) } else { Err(notes) }
}

fn entry(row: usize, record: &csv::StringRecord, columns: &BTreeMap<&'static str, usize>) -> Result<Entry, RowNote> {
    let cell = |column: &str| columns.get(column).and_then(|at| record.get(*at)).unwrap_or_default();
    let text = |column: &str| match cell(column) {
        "" => Err(note(row, column, "required", "this cell is empty")),
        long if long.chars().count() > 200 => Err(note(row, column, "too_long", "at most 200 characters")),
        text if text.contains('\0') => Err(note(row, column, "invalid", "a NUL character")),
        text => Ok(text.to_owned()),
    };
    let birth_date = date(cell("birth_date")).ok_or_else(|| {
        note(
            row,
            "birth_date",
            "invalid",
            "a date is written 2026-03-14 or 14.03.2026",
        )
    })?;
    let person = Person {
        first_names: text("first_names")?,
        last_name: text("last_name")?,
        postal_code: Some(cell("postal_code").to_owned()).filter(|code| is_postal_code(code)),
    };
    Ok(Entry { birth_date, person })
}

fn date(text: &str) -> Option<NaiveDate> {
    let read = |form| NaiveDate::parse_from_str(text, form).ok();
    read("%Y-%m-%d").or_else(|| read("%d.%m.%Y"))
}

fn note(row: usize, column: &str, code: &str, detail: &str) -> RowNote {
    RowNote {
        row,
        column: column.to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_headers_semicolons_and_a_mark_at_the_begin_are_read() {
        let text = "\u{feff}Vornamen;Nachname;Geburtsdatum;PLZ;Sonst\nMia Sophie;Groß;14.03.2026;04109;x\n";
        let entries = read(text.as_bytes()).unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].birth_date, "2026-03-14".parse::<NaiveDate>().unwrap());
        assert_eq!(entries[0].person.postal_code.as_deref(), Some("04109"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row() {
        let missing = read(b"vorname,geburtsdatum\nMia,2026-03-14\n").unwrap_err();
        assert_eq!((missing.len(), missing[0].code.as_str()), (1, "missing_column"));
        let faults = read(b"vorname,name,geburtsdatum\n,Braun,2026-03-14\nMia,Braun,gestern\nLea,Braun,2026-03-14\n");
        let lines: Vec<_> = faults.unwrap_err().into_iter().map(|n| (n.row, n.code)).collect();
        assert_eq!(lines, [(2, "required".to_owned()), (3, "invalid".to_owned())]);
        assert_eq!(read(b"\xff\xfe").unwrap_err()[0].code, "not_utf8");
    }
}
