//! Formulas stay text, in CSV and in a spreadsheet that another library reads; birthdays over the year's end.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::platform::fields::Fields;
use crate::platform::week::{DayTimes, WeekTimes};

const PAYLOADS: [&str; 14] = [
    "=HYPERLINK(\"https://evil.example\",\"Mia\")",
    "=1+1",
    "+49 341 123",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "=cmd|'/C calc'!A0",
    "\"=1+1\"",
    ";=1+1",
    "'=1+1",
];

fn table() -> ListTable {
    ListTable {
        title: "Kontakte".into(),
        headers: vec!["Kind".into(), "Telefon".into()],
        rows: PAYLOADS.iter().map(|p| vec![(*p).to_owned(), "0341".into()]).collect(),
        child_ids: Vec::new(),
    }
}

#[test]
fn no_cell_of_a_csv_begins_a_formula_and_every_cell_is_read_back() {
    let bytes = table().csv();
    let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let read: Vec<String> = reader.records().map(|r| r.unwrap()[0].to_owned()).collect();
    assert_eq!(read.len(), PAYLOADS.len());
    for (cell, payload) in read.iter().zip(PAYLOADS) {
        let first = cell.trim_start_matches(' ').chars().next().unwrap();
        assert!(!"=+-@\t\r\n＝".contains(first), "{cell:?}");
        assert_eq!(
            cell.strip_prefix('\'')
                .filter(|_| !payload.starts_with('\''))
                .unwrap_or(cell),
            payload
        );
    }
}

#[test]
fn another_library_reads_text_and_no_formula_in_the_spreadsheet() {
    let bytes = table().xlsx().unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let cells = book.worksheet_range(&name).unwrap();
    for (row, payload) in (1_u32..).zip(PAYLOADS) {
        let cell = cells.get_value((row, 0)).unwrap();
        let Data::String(text) = cell else {
            panic!("{cell:?} is no text")
        };
        // XML knows no carriage return of its own: readers see a line feed.
        assert_eq!(
            text.replace("_x000D_", "\r").replace('\r', "\n"),
            payload.replace('\r', "\n")
        );
    }
    let formulas = book.worksheet_formula(&name).unwrap();
    assert!(
        formulas.cells().all(|(_, _, formula)| formula.is_empty()),
        "{formulas:?}"
    );
}

#[test]
fn the_next_birthday_comes_first_also_over_the_years_end() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(
        next_birthday(day("2024-02-01"), day("2027-02-01")),
        day("2027-02-01"),
        "today"
    );
    assert_eq!(next_birthday(day("2024-01-31"), day("2027-02-01")), day("2028-01-31"));
    assert_eq!(next_birthday(day("2024-02-29"), day("2027-02-01")), day("2027-03-01"));
    assert_eq!(next_birthday(day("2024-02-29"), day("2028-02-01")), day("2028-02-29"));
}

#[test]
fn who_does_not_come_on_the_day_stands_at_the_end_and_says_so() {
    let time = |text: &str| text.parse::<chrono::NaiveTime>().unwrap();
    let usual = Some((time("08:00:00"), time("16:00:00")));
    let child = |name: &str, days: &[(u32, &str, &str)]| {
        let days: Vec<DayTimes> = days
            .iter()
            .map(|(weekday, from, to)| DayTimes {
                weekday: *weekday,
                from: Some(time(from)),
                to: Some(time(to)),
            })
            .collect();
        let week = WeekTimes::of(&days, "", &mut Fields::new());
        let (window_from, window_to) = week.and_then(|week| week.bounds()).or(usual).unzip();
        ChildRow {
            child_id: ChildId::new(),
            first_name: None,
            last_name: Some(name.to_owned()),
            birth_date: None,
            hours_per_week: week.map_or(40, |week| week.hours()),
            window_from,
            window_to,
            week,
            guest_of: None,
            guardians: sqlx::types::Json(Vec::new()),
        }
    };
    let all = || {
        vec![
            child("Ahorn", &[(1, "07:30:00", "12:00:00"), (5, "08:00:00", "11:00:00")]),
            child("Birke", &[]),
            child("Erle", &[(3, "09:00:00", "12:00:00"), (5, "09:00:00", "12:00:00")]),
        ]
    };
    let on = |day: &str| {
        let sheet = Sheet {
            facility: "Kita Ahorn",
            on: day.parse().unwrap(),
            language: "de",
        };
        let table = sheet.table(ListKind::Attendance, all(), &BTreeMap::new());
        // All three days are in one week; its boxes stand below the name of the week, the times below that of the day.
        let head = "Anwesenheit, Kita Ahorn, Woche ab 1. Februar 2027, Zeiten vom ";
        assert!(table.title.starts_with(head), "{}", table.title);
        table
            .rows
            .iter()
            .map(|row| [&row[0], &row[3], &row[4..].join("/")].map(String::as_str).join(" "))
            .collect::<Vec<_>>()
    };
    let [ahorn, birke, erle] = ["/–/–/–/", "////", "–/–//–/"];
    assert_eq!(
        on("2027-02-01"),
        [
            format!("Ahorn 07:30–12:00 {ahorn}"),
            format!("Birke 08:00–16:00 {birke}"),
            format!("Erle kommt nicht {erle}")
        ],
        "a Monday"
    );
    assert_eq!(
        on("2027-02-03"),
        [
            format!("Birke 08:00–16:00 {birke}"),
            format!("Erle 09:00–12:00 {erle}"),
            format!("Ahorn kommt nicht {ahorn}")
        ],
        "a Wednesday"
    );
    assert_eq!(
        on("2027-02-06"),
        [
            format!("Ahorn 07:30–12:00 {ahorn}"),
            format!("Birke 08:00–16:00 {birke}"),
            format!("Erle 09:00–12:00 {erle}")
        ],
        "a Saturday"
    );
}
