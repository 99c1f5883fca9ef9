//! Whether the children of a family go to one facility, as its parents say. Pure.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the parents answer for children who look for places at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "preferred")]
pub enum SiblingAnswer {
    /// Each child by its own wishes.
    Independent,
    /// Together where that can be, or else each by its own wishes.
    Preferred,
    /// Together, or none of them gets a place.
    Required,
}

impl SiblingAnswer {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Independent => "independent",
            Self::Preferred => "preferred",
            Self::Required => "required",
        }
    }
}

/// An answer, and when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidOfSiblings {
    /// What was said.
    pub answer: SiblingAnswer,
    /// When.
    pub at: DateTime<Utc>,
}

/// The one answer that counts for children who are placed together: the newest, whichever demand it was given with.
pub fn newest(answers: impl IntoIterator<Item = SaidOfSiblings>) -> Option<SaidOfSiblings> {
    answers.into_iter().max_by_key(|said| (said.at, said.answer))
}

/// Whether two children look for places at the same time: what they wish begins less than a year apart, as long as a round reaches. Who
/// waits since a day that is over would begin today.
pub fn is_same_time(one: NaiveDate, other: NaiveDate, today: NaiveDate) -> bool {
    let (one, other) = (one.max(today), other.max(today));
    let (first, last) = (one.min(other), one.max(other));
    first
        .checked_add_months(Months::new(12))
        .is_none_or(|year_later| last < year_later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn said(answer: SiblingAnswer, at: &str) -> SaidOfSiblings {
        SaidOfSiblings {
            answer,
            at: at.parse().unwrap(),
        }
    }

    #[test]
    fn the_newest_answer_counts_and_the_order_of_the_demands_does_not() {
        use SiblingAnswer::*;
        let (old, new) = (
            said(Required, "2027-01-10T08:00:00Z"),
            said(Independent, "2027-01-12T08:00:00Z"),
        );
        assert_eq!(newest([old, new]), Some(new));
        assert_eq!(newest([new, old]), Some(new));
        assert_eq!(newest([]), None);
        let (a, b) = (said(Preferred, "2027-01-12T08:00:00Z"), new);
        assert_eq!(newest([a, b]), newest([b, a]), "also of two in one moment");
    }

    #[test]
    fn children_look_at_the_same_time_when_a_round_can_take_both() {
        let today = day("2027-02-01");
        let same = |a, b| is_same_time(day(a), day(b), today);
        assert!(same("2027-08-01", "2027-08-01"));
        assert!(same("2027-08-01", "2028-07-31"));
        assert!(!same("2027-08-01", "2028-08-01"));
        assert!(!same("2028-08-01", "2027-08-01"), "whichever is asked");
        assert!(
            same("2025-08-01", "2027-11-01"),
            "who waits since long would begin today"
        );
        assert!(!same("2025-08-01", "2028-02-01"));
    }
}
