//! What is entered of a facility or childminder for a key date, and of who works there. Pure.
//!
//! Everything may stay open while it is being gathered: what is missing then is named, not refused.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Part;
use super::words::{CarePlace, Course, Employment, LegalForm, Position, Qualification, SchoolDegree, Sex, WorkArea};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::GroupId;

/// Most people of a house.
const MOST: usize = 200;

/// Somebody who works at a facility, or the childminder; nobody's name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SurveyPerson, example = json!({"sex": "female", "birth_month": 4, "birth_year": 1988, "qualification": "educator",
    "weekly_minutes": 2340, "area": "group_lead", "position": "employee", "employment": "permanent", "since": "2019-08-01",
    "group_id": "5f1b7c1e-8d4b-4f1c-9a57-1d3b7f6c2a10", "course": null, "place": null, "school_degree": null}))]
pub struct Person {
    /// Sex.
    pub sex: Option<Sex>,
    /// Month of birth.
    #[schema(minimum = 1, maximum = 12)]
    pub birth_month: Option<i32>,
    /// Year of birth.
    #[schema(minimum = 1920, maximum = 2100)]
    pub birth_year: Option<i32>,
    /// The highest qualification.
    pub qualification: Option<Qualification>,
    /// Minutes a week; facilities only.
    #[schema(minimum = 1, maximum = 3600)]
    pub weekly_minutes: Option<i32>,
    /// What the person mainly does; facilities only.
    pub area: Option<WorkArea>,
    /// As what the person works there; facilities only.
    pub position: Option<Position>,
    /// How the person is employed; facilities only.
    pub employment: Option<Employment>,
    /// Since when the person works here: the first day of the month; facilities only.
    pub since: Option<NaiveDate>,
    /// The group that the person belongs to; facilities only.
    pub group_id: Option<GroupId>,
    /// The highest school certificate; childminders only.
    pub school_degree: Option<SchoolDegree>,
    /// The course for childminding; childminders only.
    pub course: Option<Course>,
    /// Where the children are cared for; childminders only.
    pub place: Option<CarePlace>,
}

impl Person {
    /// Of housekeeping and technical staff only sex and hours are asked.
    pub fn is_pedagogic_or_office(&self) -> bool {
        self.area != Some(WorkArea::Housekeeping)
    }
}

/// What is entered of a facility or childminder for a key date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SurveyEntry, example = json!({"legal_form": "association", "opens_at": "07:00:00", "closes_at": "17:00:00", "closing_days": 25,
    "persons": [{"sex": "female", "birth_month": 4, "birth_year": 1988, "qualification": "educator", "weekly_minutes": 2340,
    "area": "group_lead", "employment": "permanent", "since": "2019-08-01", "group_id": "5f1b7c1e-8d4b-4f1c-9a57-1d3b7f6c2a10"}]}))]
pub struct HouseEntry {
    /// Legal form of the provider; facilities only.
    pub legal_form: Option<LegalForm>,
    /// When the house opens; facilities only.
    pub opens_at: Option<NaiveTime>,
    /// When it closes; facilities only.
    pub closes_at: Option<NaiveTime>,
    /// Days of regular opening on which it was closed in the year before; facilities only.
    #[schema(minimum = 0, maximum = 366)]
    pub closing_days: Option<i32>,
    /// Who works there; of a childminder the person itself, at most 200.
    #[schema(max_items = 200)]
    pub persons: Vec<Person>,
}

impl HouseEntry {
    /// The same without what this part of the survey does not ask for, or all that is wrong.
    pub fn checked(self, part: Part, key_date: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        fields.check(self.persons.len() <= MOST, "/persons", "too_many");
        let days = self.closing_days.is_none_or(|n| (0..=366).contains(&n));
        fields.check(days, "/closing_days", "out_of_range");
        if let (Some(opens), Some(closes)) = (self.opens_at, self.closes_at) {
            fields.check(closes > opens, "/closes_at", "before_start");
        }
        for (n, person) in self.persons.iter().enumerate() {
            let at = |field: &str| format!("/persons/{n}/{field}");
            let month = person.birth_month.is_none_or(|m| (1..=12).contains(&m));
            fields.check(month, &at("birth_month"), "out_of_range");
            let year = person.birth_year.is_none_or(|y| (1920..key_date.year()).contains(&y));
            fields.check(year, &at("birth_year"), "out_of_range");
            let minutes = person.weekly_minutes.is_none_or(|m| (1..=3600).contains(&m));
            fields.check(minutes, &at("weekly_minutes"), "out_of_range");
            let since = person.since.is_none_or(|day| day <= key_date);
            fields.check(since, &at("since"), "wrong");
        }
        fields.finish()?;
        Ok(self.only(part))
    }

    fn only(mut self, part: Part) -> Self {
        match part {
            Part::Facilities => {
                for person in &mut self.persons {
                    (person.course, person.place, person.school_degree) = (None, None, None);
                    person.since = person.since.map(|day| day.with_day(1).unwrap_or(day));
                    if !person.is_pedagogic_or_office() {
                        (person.birth_month, person.birth_year) = (None, None);
                        (person.qualification, person.position, person.employment) = (None, None, None);
                        (person.since, person.group_id) = (None, None);
                    }
                }
                self
            }
            Part::Childminding => Self {
                persons: self.persons.into_iter().map(childminder).collect(),
                ..Self::default()
            },
        }
    }
}

fn childminder(person: Person) -> Person {
    Person {
        sex: person.sex,
        birth_month: person.birth_month,
        birth_year: person.birth_year,
        qualification: person.qualification,
        school_degree: person.school_degree,
        course: person.course,
        place: person.place,
        ..Person::default()
    }
}
