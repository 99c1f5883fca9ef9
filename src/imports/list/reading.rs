//! A row in our words, and every fault with its column and code. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Berlin;

use super::rows::{Cells, note};
use crate::demands::{DemandChange, TimeOfDay};
use crate::facilities::{CareType, RowNote};
use crate::families::{NewChild, NewFamily, NewGuardian, NewHousehold, SecondGuardian, Sex};
use crate::imports::mapping::{FamilyMapping, time_of_day};
use crate::platform::fields::Invalid;

/// A row that was understood; facilities and criteria are still the list's words.
#[derive(Debug, Clone)]
pub struct Read {
    /// The family with the child, unchecked.
    pub family: NewFamily,
    /// A second guardian of the household, unchecked.
    pub second: Option<SecondGuardian>,
    /// What is wished.
    pub change: DemandChange,
    /// When the demand was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The wished facilities in the list's words with their columns, the dearest first.
    pub facilities: Vec<(String, String)>,
    /// Criteria that are claimed.
    pub criteria: Vec<Claimed>,
    /// The place that the child has already.
    pub contract: Option<Placed>,
}

/// A criterion that the family claims.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its code.
    pub code: String,
    /// The number, where one is asked.
    pub number: Option<i32>,
    /// When the office saw the evidence.
    pub seen_on: Option<NaiveDate>,
}

/// A running contract, its facility still in the list's words.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The facility.
    pub facility: Option<String>,
    /// First day of care.
    pub from: Option<NaiveDate>,
    /// Last day of care, where one is agreed.
    pub last_day: Option<NaiveDate>,
    /// Hours a week.
    pub hours: Option<i32>,
    /// When the child comes and goes.
    pub window: (Option<TimeOfDay>, Option<TimeOfDay>),
}

impl Read {
    /// Whether the row says nothing of a wish: it is about the contract alone.
    pub fn is_contract_only(&self) -> bool {
        self.contract.is_some() && self.facilities.is_empty()
    }
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
        // What was not understood is no gap as well.
        if code != "required" || self.faults.iter().all(|fault| fault.column != header) {
            self.faults.push(note(self.cells.row, &header, code, detail));
        }
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
        let (contract, facilities) = (self.contract(), self.facilities());
        let wishes = contract.is_none() || !facilities.is_empty();
        let change = if wishes { self.change() } else { DemandChange::default() };
        let submitted_at = self.parsed("submitted_at", "invalid_date", |m, said| {
            let moment = m.moment(said)?.and_local_timezone(Berlin).earliest()?;
            Some(moment.with_timezone(&Utc))
        });
        if wishes && self.said("submitted_at").is_none() {
            self.fault("submitted_at", "required", "");
        }
        Read {
            family,
            second: self.second(),
            change,
            submitted_at,
            facilities,
            criteria: self.criteria(),
            contract,
        }
    }

    /// A contract, if the row says anything of one.
    fn contract(&mut self) -> Option<Placed> {
        let fields = [
            "contract_facility",
            "contract_from",
            "contract_last_day",
            "contract_hours",
            "contract_window_from",
            "contract_window_to",
        ];
        fields.iter().find(|field| self.said(field).is_some())?;
        let name = self.said("contract_facility");
        let placed = Placed {
            facility: name.map(|said| self.mapping.word("facility", said).unwrap_or_else(|| said.to_owned())),
            from: self.date("contract_from"),
            last_day: self.date("contract_last_day"),
            hours: self.parsed("contract_hours", "invalid", |_, said| said.parse().ok()),
            window: (self.time("contract_window_from"), self.time("contract_window_to")),
        };
        for field in ["contract_facility", "contract_from", "contract_hours"] {
            if self.said(field).is_none() {
                self.fault(field, "required", "");
            }
        }
        Some(placed)
    }

    /// A second guardian, if the row says anything of one.
    fn second(&self) -> Option<SecondGuardian> {
        let fields = ["second_first_name", "second_last_name", "second_email", "second_phone"];
        fields.iter().find(|field| self.said(field).is_some())?;
        Some(SecondGuardian {
            guardian: NewGuardian {
                first_name: self.text("second_first_name"),
                last_name: self.text("second_last_name"),
                phone: self.said("second_phone").map(str::to_owned),
            },
            email: self.said("second_email").map(str::to_owned),
        })
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
            least_hours: None,
            times_first: None,
            ways: None,
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

    fn criteria(&mut self) -> Vec<Claimed> {
        let mut claimed = Vec::new();
        for (code, said) in &self.cells.criteria {
            let claim = |number| Claimed {
                code: code.clone(),
                number,
                seen_on: None,
            };
            match (said.parse::<i32>(), self.mapping.word("yes_no", said).as_deref()) {
                (_, Some("no")) => {}
                (number, Some("yes")) => claimed.push(claim(number.ok())),
                (Ok(number), _) => claimed.push(claim(Some(number))),
                (Err(_), _) => {
                    let header = self.mapping.criteria.get(code).cloned().unwrap_or_default();
                    self.fault_at(&header, "unknown_word", &format!("{said:?} is not understood"));
                }
            }
        }
        self.evidence(&mut claimed);
        claimed
    }

    /// When the evidence of what is claimed was seen.
    fn evidence(&mut self, claimed: &mut [Claimed]) {
        for (code, said) in &self.cells.evidence {
            let header = self.mapping.evidence.get(code).cloned().unwrap_or_default();
            match (
                claimed.iter_mut().find(|claim| claim.code == *code),
                self.mapping.date(said),
            ) {
                (_, None) => self.fault_at(&header, "invalid_date", &format!("{said:?} is not understood")),
                (None, _) => self.fault_at(&header, "not_claimed", "the row does not claim this criterion"),
                (Some(claim), seen_on) => claim.seen_on = seen_on,
            }
        }
    }
}

/// Which field a fault of the family's or demand's form belongs to.
fn column_of(pointer: &str) -> String {
    let path = pointer.trim_start_matches('/');
    match path.split_once('/') {
        Some(("guardian", field)) => format!("guardian_{field}"),
        Some(("second", field)) => format!("second_{field}"),
        Some(("child", field)) => format!("child_{field}"),
        Some(("household", field)) => field.to_owned(),
        _ if path == "preferences" => "facility_1".to_owned(),
        _ => path.to_owned(),
    }
}
