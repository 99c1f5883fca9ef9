//! What stands in each list, and the list as CSV and as a spreadsheet. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use rust_xlsxwriter::XlsxError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::file::{Cell, csv, xlsx};
use super::sheet::model::Entries;
use super::store::{ChildRow, Guardian};
use crate::platform::dates;
use crate::platform::ids::ChildId;
use crate::platform::week;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "attendance")]
pub(super) enum ListKind {
    /// Who comes, with a box for each weekday.
    Attendance,
    /// Birthdays, the next one first.
    Birthdays,
    /// Whom to call.
    Contacts,
    /// Who may pick the children up, besides the guardians.
    Pickups,
    /// What children must not eat or touch.
    Allergies,
}

impl ListKind {
    /// Whether it shows what stands in care sheets.
    pub(super) fn is_of_sheets(self) -> bool {
        matches!(self, Self::Pickups | Self::Allergies)
    }

    /// Whether children stand in it who come in place of another childminder: who is there, and whom to call. Care sheets were written for
    /// their own place only.
    pub(super) fn has_guests(self) -> bool {
        matches!(self, Self::Attendance | Self::Contacts)
    }
}

/// A list as a table of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ListTable {
    /// What it is, where, and on which day.
    pub title: String,
    /// The heads of the columns.
    pub headers: Vec<String>,
    /// The rows, each with as many cells.
    pub rows: Vec<Vec<String>>,
    /// Which child each row is about.
    pub child_ids: Vec<ChildId>,
}

/// A row and the child it is about.
type Row = (ChildId, Vec<String>);

/// For whom and about which day a list is written.
pub(super) struct Sheet<'a> {
    pub facility: &'a str,
    pub on: NaiveDate,
    pub language: &'a str,
}

impl Sheet<'_> {
    fn say(&self, german: &'static str, english: &'static str) -> &'static str {
        if self.language == "en" { english } else { german }
    }

    fn date(&self, day: Option<NaiveDate>) -> String {
        let form = if self.language == "en" { "%d/%m/%Y" } else { "%d.%m.%Y" };
        day.map(|day| day.format(form).to_string()).unwrap_or_default()
    }

    /// The day of the list; that of who comes has the times of the day and boxes for the whole week.
    fn time(&self, kind: ListKind) -> String {
        let day = dates::date(self.on, self.language);
        if kind != ListKind::Attendance {
            return day;
        }
        let monday = dates::date(self.on.week(Weekday::Mon).first_day(), self.language);
        let (week, times) = (self.say("Woche ab", "week of"), self.say("Zeiten vom", "times of"));
        format!("{week} {monday}, {times} {day}")
    }

    /// The list of these children.
    pub(super) fn table(
        &self,
        kind: ListKind,
        children: Vec<ChildRow>,
        sheets: &BTreeMap<ChildId, Entries>,
    ) -> ListTable {
        let name = match kind {
            ListKind::Attendance => self.say("Anwesenheit", "Attendance"),
            ListKind::Birthdays => self.say("Geburtstage", "Birthdays"),
            ListKind::Contacts => self.say("Kontakte", "Contacts"),
            ListKind::Pickups => self.say("Abholberechtigte", "Pick-up persons"),
            ListKind::Allergies => self.say("Allergien und Unverträglichkeiten", "Allergies and intolerances"),
        };
        let (headers, rows) = match kind {
            ListKind::Attendance => self.attendance(children),
            ListKind::Birthdays => self.birthdays(children),
            ListKind::Contacts => self.contacts(children),
            ListKind::Pickups => self.pickups(children, sheets),
            ListKind::Allergies => self.allergies(children, sheets),
        };
        let (child_ids, rows) = rows.into_iter().unzip();
        ListTable {
            title: format!("{name}, {}, {}", self.facility, self.time(kind)),
            headers: headers.into_iter().map(str::to_owned).collect(),
            rows,
            child_ids,
        }
    }

    /// Who comes on the day with its times of it; who does not come stands at the end and says so.
    fn attendance(&self, children: Vec<ChildRow>) -> (Vec<&'static str>, Vec<Row>) {
        let headers = vec![
            self.say("Name", "Name"),
            self.say("Geboren", "Born"),
            self.say("Stunden", "Hours"),
            self.say("Zeit", "Time"),
            self.say("Mo", "Mo"),
            self.say("Di", "Tu"),
            self.say("Mi", "We"),
            self.say("Do", "Th"),
            self.say("Fr", "Fr"),
        ];
        let absent = self.say("kommt nicht", "not coming");
        let row = |child: &ChildRow| {
            let times = week::times_on(child.week.as_ref(), child.window_from.zip(child.window_to), self.on);
            let window = match times {
                _ if !self.comes(child) => absent.to_owned(),
                Some((from, to)) => dates::window(from, to, "en"),
                None => String::new(),
            };
            let name = match &child.guest_of {
                Some(from) => format!(
                    "{} ({} {from})",
                    child.name(),
                    self.say("Vertretung für", "in place of")
                ),
                None => child.name(),
            };
            let mut cells = vec![
                name,
                self.date(child.birth_date),
                child.hours_per_week.to_string(),
                window,
            ];
            // A box to tick for each day on which it comes.
            let comes = |day: Weekday| child.week.is_none_or(|week| week.on(day).is_some());
            cells.extend(week::DAYS.map(|day| if comes(day) { String::new() } else { "–".to_owned() }));
            (child.child_id, cells)
        };
        let (here, away): (Vec<_>, Vec<_>) = children.iter().partition(|child| self.comes(child));
        (headers, here.into_iter().chain(away).map(row).collect())
    }

    /// Whether a child comes on the day of the list by its contract; at a weekend none is missed.
    fn comes(&self, child: &ChildRow) -> bool {
        week::comes_on(child.week.as_ref(), self.on)
    }

    fn birthdays(&self, children: Vec<ChildRow>) -> (Vec<&'static str>, Vec<Row>) {
        let headers = vec![
            self.say("Geburtstag", "Birthday"),
            self.say("Name", "Name"),
            self.say("wird", "turns"),
        ];
        let mut next: Vec<_> = children
            .into_iter()
            .filter_map(|child| Some((next_birthday(child.birth_date?, self.on), child)))
            .collect();
        next.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name().cmp(&b.1.name())));
        let row = |(day, child): (NaiveDate, ChildRow)| {
            let turns = child.birth_date.map_or(0, |born| day.year() - born.year());
            let cells = vec![self.date(Some(day)), child.name(), turns.to_string()];
            (child.child_id, cells)
        };
        (headers, next.into_iter().map(row).collect())
    }

    fn contacts(&self, children: Vec<ChildRow>) -> (Vec<&'static str>, Vec<Row>) {
        let headers = vec![
            self.say("Kind", "Child"),
            self.say("Sorgeberechtigt", "Guardian"),
            self.say("Telefon", "Telephone"),
            self.say("E-Mail", "E-mail"),
        ];
        let mut rows = Vec::new();
        for child in children {
            let name = child.name();
            let line = |guardian: &Guardian| {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let cells = vec![
                    name.clone(),
                    guardian.name.clone(),
                    text(&guardian.phone),
                    text(&guardian.email),
                ];
                (child.child_id, cells)
            };
            if child.guardians.0.is_empty() {
                let cells = vec![name.clone(), String::new(), String::new(), String::new()];
                rows.push((child.child_id, cells));
            }
            rows.extend(child.guardians.0.iter().map(line));
        }
        (headers, rows)
    }

    /// The guardians first, who may always; then who stands in the sheet.
    fn pickups(&self, children: Vec<ChildRow>, sheets: &BTreeMap<ChildId, Entries>) -> (Vec<&'static str>, Vec<Row>) {
        let headers = vec![
            self.say("Kind", "Child"),
            self.say("Darf abholen", "May pick up"),
            self.say("Wer ist das", "Who that is"),
            self.say("Telefon", "Telephone"),
        ];
        let mut rows = Vec::new();
        for child in children {
            let name = child.name();
            for guardian in &child.guardians.0 {
                let who = self.say("Sorgeberechtigt", "Guardian").to_owned();
                let phone = guardian.phone.clone().unwrap_or_default();
                rows.push((child.child_id, vec![name.clone(), guardian.name.clone(), who, phone]));
            }
            if child.guardians.0.is_empty() {
                let cells = vec![name.clone(), String::new(), String::new(), String::new()];
                rows.push((child.child_id, cells));
            }
            let entries = sheets.get(&child.child_id).into_iter();
            let others = entries.flat_map(|sheet| sheet.pickups(self.on));
            rows.extend(others.map(|[other, who, phone]| {
                let cells = [&name, other, who, phone];
                (child.child_id, cells.map(str::to_owned).to_vec())
            }));
        }
        (headers, rows)
    }

    /// Only children of whom something is known: whoever stands at the stove reads a short list.
    fn allergies(&self, children: Vec<ChildRow>, sheets: &BTreeMap<ChildId, Entries>) -> (Vec<&'static str>, Vec<Row>) {
        let headers = vec![
            self.say("Kind", "Child"),
            self.say("Verträgt nicht", "Does not tolerate"),
            self.say("Was zu tun ist", "What to do"),
        ];
        let mut rows = Vec::new();
        for child in children {
            let entries = sheets.get(&child.child_id).into_iter();
            rows.extend(entries.flat_map(Entries::allergies).map(|(substance, measures)| {
                let cells = vec![child.name(), substance.to_owned(), measures.to_owned()];
                (child.child_id, cells)
            }));
        }
        (headers, rows)
    }
}

/// The next birthday on or after a day; who was born on 29 February has it on 1 March in other years.
fn next_birthday(born: NaiveDate, on: NaiveDate) -> NaiveDate {
    let in_year = |year: i32| {
        NaiveDate::from_ymd_opt(year, born.month(), born.day()).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
    };
    let this = in_year(on.year()).filter(|day| *day >= on);
    this.or_else(|| in_year(on.year() + 1)).unwrap_or(on)
}

impl ListTable {
    /// As CSV for spreadsheets.
    pub(super) fn csv(&self) -> Vec<u8> {
        csv(std::iter::once(&self.headers).chain(&self.rows))
    }

    /// As a spreadsheet of text cells: nothing in it is a formula or a link.
    pub(super) fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let rows: Vec<Vec<Cell>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(Cell::from).collect())
            .collect();
        xlsx(&self.headers, &rows)
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
