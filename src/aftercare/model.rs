//! Whether a place ends with the child's age, and what comes after it. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facilities::{CareType, third_birthday};

/// The care that a child needs after its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "kindergarten")]
pub enum AfterCare {
    /// It turns three where there are no places for it then.
    Kindergarten,
    /// School begins.
    AfterSchool,
}

impl AfterCare {
    /// The kind of care that a demand asks for.
    pub fn care_type(self) -> CareType {
        match self {
            Self::Kindergarten => CareType::Kindergarten,
            Self::AfterSchool => CareType::AfterSchool,
        }
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum FollowupState {
    /// The family has not answered.
    Proposed,
    /// The family wants it; a demand was made.
    Confirmed,
    /// The family needs nothing more.
    Declined,
}

/// What comes after a place, if it ends with the child's age: at the third birthday or later but before school, or with school entry. A
/// place that ends earlier was meant to.
pub fn after(birth: NaiveDate, school_entry: NaiveDate, from: NaiveDate, until: NaiveDate) -> Option<AfterCare> {
    if from < school_entry && until >= school_entry {
        Some(AfterCare::AfterSchool)
    } else if from < third_birthday(birth) && until >= third_birthday(birth) {
        Some(AfterCare::Kindergarten)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_ends_with_the_third_birthday_or_with_school_entry() {
        let (birth, entry) = (day("2026-03-14"), day("2032-08-01"));
        let after = |from: &str, until: &str| after(birth, entry, day(from), day(until));
        assert_eq!(after("2027-08-01", "2029-03-14"), Some(AfterCare::Kindergarten));
        assert_eq!(after("2027-08-01", "2029-08-01"), Some(AfterCare::Kindergarten));
        assert_eq!(after("2027-08-01", "2028-08-01"), None, "it was meant to end");
        assert_eq!(after("2029-08-01", "2032-08-01"), Some(AfterCare::AfterSchool));
        assert_eq!(after("2027-08-01", "2032-08-01"), Some(AfterCare::AfterSchool));
        assert_eq!(after("2029-08-01", "2031-08-01"), None);
        assert_eq!(
            after("2032-08-01", "2036-08-01"),
            None,
            "after primary school nothing follows"
        );
    }
}
