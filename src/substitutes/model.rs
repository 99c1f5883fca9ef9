//! When a childminder is away, and on what ground. Pure.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// The kind of ground; nothing about anybody's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AbsenceReason {
    /// She is ill.
    Illness,
    /// She has holidays.
    Holiday,
    /// She learns.
    Training,
    /// Something else.
    Other,
}

/// A childminder is away for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_on": "2027-02-08", "to_on": "2027-02-12", "reason": "holiday"}))]
pub struct NewAbsence {
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day.
    pub to_on: NaiveDate,
    /// The kind of ground.
    pub reason: AbsenceReason,
}

/// Days of an absence at most.
const MOST_DAYS: i64 = 92;
/// So many days ahead at most.
const AHEAD: u64 = 366;

impl NewAbsence {
    /// The same, where somebody can still be found for it.
    pub(super) fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let latest = today.checked_add_days(Days::new(AHEAD)).unwrap_or(NaiveDate::MAX);
        fields.check(self.from_on >= today, "/from_on", "too_early");
        fields.check(self.from_on <= latest, "/from_on", "too_late");
        fields.check(self.from_on <= self.to_on, "/to_on", "before_start");
        fields.check((self.to_on - self.from_on).num_days() < MOST_DAYS, "/to_on", "too_late");
        fields.finish()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_lies_ahead_and_is_no_leave_of_years() {
        let code = |from: &str, to: &str| {
            let new = NewAbsence {
                from_on: from.parse().unwrap(),
                to_on: to.parse().unwrap(),
                reason: AbsenceReason::Illness,
            };
            let checked = new.checked("2027-02-01".parse().unwrap());
            checked
                .err()
                .map(|Invalid(faults)| (faults[0].pointer.clone(), faults[0].code.clone()))
        };
        let fault = |at: &str, code: &str| Some((at.to_owned(), code.to_owned()));
        assert_eq!(code("2027-02-01", "2027-02-01"), None);
        assert_eq!(code("2027-02-01", "2027-05-03"), None);
        assert_eq!(code("2027-01-31", "2027-02-01"), fault("/from_on", "too_early"));
        assert_eq!(code("2027-02-03", "2027-02-02"), fault("/to_on", "before_start"));
        assert_eq!(code("2027-02-01", "2027-05-04"), fault("/to_on", "too_late"));
        assert_eq!(code("2028-02-03", "2028-02-03"), fault("/from_on", "too_late"));
    }
}
