//! When and how a family without an account told its answer. Pure.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ToldBy;
use crate::platform::clock::{berlin_date, start_of_day};
use crate::platform::fields::{Fields, Invalid};

/// On which day a family said something, and in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"on": "2027-02-01", "by": "phone"}))]
pub struct Told {
    /// The day on which it was said, or on which the letter arrived.
    pub on: NaiveDate,
    /// In which way.
    pub by: ToldBy,
}

impl Told {
    /// The same, where the family can have said it: not on a day to come, and not before it was asked.
    pub fn checked(self, asked_on: NaiveDate, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        fields.check(self.on <= today, "/told/on", "in_future");
        fields.check(self.on >= asked_on, "/told/on", "too_early");
        fields.finish()?;
        Ok(self)
    }

    /// The same, where it was said in writing.
    pub fn in_writing(self) -> Result<Self, Invalid> {
        match self.by {
            ToldBy::Phone => Err(Invalid::one("/told/by", "not_written", "it is valid in writing only")),
            ToldBy::Letter | ToldBy::InPerson => Ok(self),
        }
    }

    /// From when it counts: what was said on a day before, at noon of that day, and never after now.
    pub fn at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.on >= berlin_date(now) {
            now
        } else {
            start_of_day(self.on) + Duration::hours(12)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(on: &str) -> Told {
        Told {
            on: on.parse().unwrap(),
            by: ToldBy::Phone,
        }
    }

    #[test]
    fn nothing_is_said_before_it_is_asked_or_on_a_day_to_come() {
        let (asked, today) = ("2027-01-20".parse().unwrap(), "2027-02-01".parse().unwrap());
        let code = |on: &str| {
            told(on)
                .checked(asked, today)
                .err()
                .map(|Invalid(faults)| faults[0].code.clone())
        };
        assert_eq!(code("2027-01-20"), None);
        assert_eq!(code("2027-02-01"), None);
        assert_eq!(code("2027-01-19").as_deref(), Some("too_early"));
        assert_eq!(code("2027-02-02").as_deref(), Some("in_future"));
    }

    #[test]
    fn a_call_is_no_paper() {
        assert!(told("2027-02-01").in_writing().is_err());
        let paper = Told {
            by: ToldBy::Letter,
            ..told("2027-02-01")
        };
        assert_eq!(paper.in_writing(), Ok(paper));
    }

    #[test]
    fn what_was_said_counts_on_its_day_and_never_after_now() {
        let now: DateTime<Utc> = "2027-02-01T07:00:00Z".parse().unwrap();
        assert_eq!(told("2027-02-01").at(now), now);
        assert_eq!(
            told("2027-01-31").at(now),
            "2027-01-31T11:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
