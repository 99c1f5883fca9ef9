//! A table as CSV and as a spreadsheet; nothing in it is a formula. Pure.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Cell {
    /// A number, with which one can reckon.
    Number(f64),
    /// A text, which stays one whatever it looks like.
    Text(String),
    /// Nothing.
    Empty,
}

impl Cell {
    /// What it says on paper.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Number(number) => number.to_string().replace('.', ","),
            Self::Text(text) => text.clone(),
            Self::Empty => String::new(),
        }
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// A cell that no spreadsheet reads as a formula.
fn harmless(cell: &str) -> String {
    match cell
        .chars()
        .find(|c| !c.is_whitespace() || matches!(c, '\t' | '\r' | '\n'))
    {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", harmless(text).replace('"', "\"\""))
}

fn lines(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    for cells in rows {
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// Rows as CSV for spreadsheets: UTF-8 with a mark, semicolons, CRLF, and no cell that begins a formula.
pub fn csv<'a>(rows: impl IntoIterator<Item = &'a Vec<String>>) -> Vec<u8> {
    lines(
        rows.into_iter()
            .map(|row| row.iter().map(|cell| quoted(cell)).collect()),
    )
}

/// The same of cells; a number has a comma, as a German spreadsheet reads it.
pub(super) fn cells_csv(headers: &[String], rows: &[Vec<Cell>]) -> Vec<u8> {
    let head = headers.iter().map(|cell| quoted(cell)).collect();
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => quoted(text),
        Cell::Number(_) | Cell::Empty => cell.words(),
    };
    lines(std::iter::once(head).chain(rows.iter().map(|row| row.iter().map(cell).collect())))
}

/// A table as a spreadsheet of text cells and numbers: nothing in it is a formula or a link.
pub(super) fn xlsx(headers: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (bold, plain) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (column, head) in (0_u16..).zip(headers) {
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Number(number) => sheet.write_number(row, column, *number)?,
                Cell::Text(text) => sheet.write_string_with_format(row, column, text, &plain)?,
                Cell::Empty => continue,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_a_number_and_a_text_that_looks_like_one_or_like_a_formula_stays_a_text() {
        let cells: Vec<Cell> = serde_json::from_str(r#"[-3.5, 12, "-3,5", "=1+1", "04109", null]"#).unwrap();
        assert_eq!(cells[5], Cell::Empty);
        let text = String::from_utf8(cells_csv(&["A".into()], std::slice::from_ref(&cells))).unwrap();
        assert_eq!(text, "\u{feff}\"A\"\r\n-3,5;12;\"'-3,5\";\"'=1+1\";\"04109\";\r\n");
        let bytes = xlsx(&["A".into()], &[cells]).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
        let name = calamine::Reader::sheet_names(&book)[0].clone();
        let range = calamine::Reader::worksheet_range(&mut book, &name).unwrap();
        let at = |column| range.get_value((1, column)).cloned();
        assert_eq!(at(0), Some(calamine::Data::Float(-3.5)));
        assert_eq!(at(3), Some(calamine::Data::String("=1+1".into())));
        assert_eq!(at(4), Some(calamine::Data::String("04109".into())));
    }
}
