//! What the youth-welfare statistics of the key date ask for, what of it is known, and the file that comes of it. Pure.

mod child;
mod file;
mod findings;
mod house;
mod words;

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use utoipa::ToSchema;

use crate::facilities::FacilityKind;
use crate::platform::ids::{ChildId, FacilityId, GroupId};
use crate::platform::week::WeekTimes;

pub use child::ChildAnswers;
pub use file::{COLUMNS, SurveyField};
pub use findings::Finding;
pub use house::{HouseEntry, Person};

/// Part of the survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Teil III.1: children and staff in day-care facilities.
    Facilities,
    /// Teil III.3: publicly funded childminding.
    Childminding,
}

impl Part {
    /// Where a facility of this kind belongs.
    pub fn of(kind: Option<FacilityKind>) -> Self {
        match kind {
            Some(FacilityKind::Childminder) => Self::Childminding,
            _ => Self::Facilities,
        }
    }

    /// Its number.
    pub fn number(self) -> &'static str {
        match self {
            Self::Facilities => "III.1",
            Self::Childminding => "III.3",
        }
    }
}

/// A facility on the key date.
#[derive(Debug, Clone)]
pub struct FacilityRow {
    /// The facility.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Option<FacilityKind>,
    /// Kind of its provider.
    pub provider_kind: Option<String>,
    /// Name of the provider, if known.
    pub provider_name: Option<String>,
    /// Places of the permit that holds on the day; for childminders of the licence.
    pub licensed: Option<i64>,
    /// When it opens, as the catalogue says.
    pub opens_at: Option<NaiveTime>,
    /// When it closes.
    pub closes_at: Option<NaiveTime>,
}

/// A group that is open on the key date.
#[derive(Debug, Clone)]
pub struct GroupRow {
    /// Where.
    pub facility_id: FacilityId,
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its places for children under three.
    pub under3: i32,
    /// Its places for children from three to school.
    pub over3: i32,
    /// Its places for pupils.
    pub school_age: i32,
}

/// Hours of staff on the key date.
#[derive(Debug, Clone)]
pub struct StaffRow {
    /// Where.
    pub facility_id: FacilityId,
    /// In which group; `None`: for the whole facility.
    pub group_name: Option<String>,
    /// Minutes a week.
    pub weekly_minutes: i64,
}

/// A child with a contract on the key date.
#[derive(Debug, Clone)]
pub struct ChildRow {
    /// Where.
    pub facility_id: FacilityId,
    /// The child.
    pub child_id: ChildId,
    /// First name; stands in no file.
    pub first_name: Option<String>,
    /// Last name; stands in no file.
    pub last_name: Option<String>,
    /// Sex, if it is recorded.
    pub sex: Option<String>,
    /// Date of birth; month and year stand in the file.
    pub birth_date: Option<NaiveDate>,
    /// First day of care.
    pub care_from: NaiveDate,
    /// Hours a week.
    pub hours_per_week: i32,
    /// From this time of day.
    pub window_from: Option<NaiveTime>,
    /// Until this time of day.
    pub window_to: Option<NaiveTime>,
    /// The times of each day, where the contract names them; the window is then the earliest and the latest of them.
    pub week: Option<WeekTimes>,
    /// The group on that day.
    pub group_name: Option<String>,
    /// Whether its data are restricted: only administrators see them.
    pub restricted: bool,
}

/// A child with what was entered of it for the key date.
#[derive(Debug, Clone)]
pub struct Child {
    /// What is known here.
    pub row: ChildRow,
    /// What was entered.
    pub answers: ChildAnswers,
}

impl Child {
    /// Days of care a week: what was entered, else the days that the contract names.
    pub fn days_per_week(&self) -> Option<i32> {
        let agreed = || i32::try_from(self.row.week?.count()).ok();
        self.answers.days_per_week.or_else(agreed)
    }
}

/// A facility with all that is known of it on the key date.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// The facility.
    pub facility: FacilityRow,
    /// What was entered for the key date.
    pub entry: HouseEntry,
    /// Its groups.
    pub groups: Vec<GroupRow>,
    /// The hours of its staff.
    pub staff: Vec<StaffRow>,
    /// Its children.
    pub children: Vec<Child>,
}

impl Surveyed {
    /// Which part of the survey it belongs to.
    pub fn part(&self) -> Part {
        Part::of(self.facility.kind)
    }

    /// What is missing at the facility itself.
    pub fn findings(&self) -> Vec<Finding> {
        findings::of_house(self)
    }

    /// The children of whom something is missing.
    pub fn incomplete(&self) -> impl Iterator<Item = (&ChildRow, Vec<Finding>)> {
        let part = self.part();
        let all = self
            .children
            .iter()
            .map(move |child| (&child.row, child.findings(part)));
        all.filter(|(_, findings)| !findings.is_empty())
    }

    /// Its file, by rows.
    pub fn file(&self) -> Vec<Vec<String>> {
        file::rows(self)
    }

    /// A name for the file.
    pub fn file_name(&self) -> String {
        file::name(self.part(), &self.facility.name, self.facility.id)
    }
}

impl Child {
    /// What is missing of it.
    pub fn findings(&self, part: Part) -> Vec<Finding> {
        findings::of_child(self, part)
    }
}

/// The key date of a year.
pub fn key_date(year: i32) -> Option<NaiveDate> {
    (2020..=2100)
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, 3, 1))?
}

#[cfg(test)]
mod tests;
