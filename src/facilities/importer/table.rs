//! A list as a table of text, whatever it is a list of, and what is said about one of its cells. Pure.

use serde::Serialize;
use utoipa::ToSchema;

/// Something about a cell of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowNote {
    /// Line of the list as a spreadsheet counts them: the header is row 1.
    pub row: usize,
    /// Header of the column.
    pub column: String,
    /// Stable code: `required`, `invalid`, `too_long`, `out_of_range`, `duplicate`, `missing_column`, `unknown_word`, `half_a_position` …
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

/// A table of text: header and records, with the delimiter found by looking at the header.
pub(super) struct Table {
    pub headers: Vec<String>,
    pub records: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Reads UTF-8, with or without byte order mark, with semicolons, commas or tabs.
    pub fn read(bytes: &[u8]) -> Result<Self, RowNote> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let row = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            note(row, "", "encoding", "the list is not UTF-8")
        })?;
        if text.contains('\0') {
            return Err(note(1, "", "encoding", "the list contains a NUL character"));
        }
        let header = text.lines().next().unwrap_or_default();
        let often = |d: char| header.matches(d).count();
        let delimiter = [';', ',', '\t'].into_iter().max_by_key(|d| often(*d)).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .flexible(false)
            .from_reader(text.as_bytes());
        let broken = |e: &csv::Error, row: usize| note(row, "", "malformed", &e.to_string());
        let headers = reader.headers().map_err(|e| broken(&e, 1))?;
        let headers = headers.iter().map(|h| h.trim().to_owned()).collect();
        let mut records = Vec::new();
        for (n, record) in reader.records().enumerate() {
            let record = record.map_err(|e| broken(&e, n + 2))?;
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                records.push((n + 2, record.iter().map(|c| c.trim().to_owned()).collect()));
            }
        }
        Ok(Self { headers, records })
    }
}

pub(super) fn note(row: usize, column: &str, code: &str, detail: &str) -> RowNote {
    RowNote {
        row,
        column: column.to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    }
}
