//! A consent that is withdrawn or ends while a contract stands: what the office notes, and what it decides.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// The office decides within so many days.
const DECIDE_WITHIN: u64 = 28;
/// A withdrawal may be noted so many days late.
const NOTED_LATE: u64 = 366;

/// Why a consent does not hold any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = GuestLapseReason, example = "costs")]
pub enum LapseReason {
    /// Its time was over; nobody withdrew it.
    Ended,
    /// The home municipality has a place of its own for the child.
    OwnPlace,
    /// It does not bear the costs any more.
    Costs,
    /// The family does not live there any more.
    Moved,
    /// It named no reason.
    NotSaid,
}

/// How the office settles it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = GuestLapseDecision, example = "own_costs")]
pub enum LapseDecision {
    /// This municipality takes the costs over.
    OwnCosts,
    /// The home municipality agreed again.
    GrantedAgain,
    /// The contract is being ended by the usual notice.
    Notice,
}

impl LapseDecision {
    /// Its word in the mails.
    pub(in crate::residence) fn as_str(self) -> &'static str {
        match self {
            Self::OwnCosts => "own_costs",
            Self::GrantedAgain => "granted_again",
            Self::Notice => "notice",
        }
    }
}

/// The home municipality takes its consent back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewConsentWithdrawal, example = json!({"withdrawn_from": "2027-10-01", "reason": "costs", "file_number": "51.2-17/27"}))]
pub struct Withdrawal {
    /// First day without the consent.
    pub withdrawn_from: NaiveDate,
    /// Why.
    pub reason: LapseReason,
    /// File number of its letter; at most 100 characters.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub file_number: Option<String>,
}

impl Withdrawal {
    /// `ends`: first day without the consent, as it stood.
    pub(in crate::residence) fn checked(mut self, ends: Option<NaiveDate>, today: NaiveDate) -> Result<Self, Invalid> {
        let earliest = today.checked_sub_days(Days::new(NOTED_LATE)).unwrap_or(today);
        self.file_number = self.file_number.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let mut fields = Fields::new();
        fields.check(self.withdrawn_from >= earliest, "/withdrawn_from", "too_early");
        fields.check(self.withdrawn_from.year() <= 2200, "/withdrawn_from", "out_of_range");
        let before_end = ends.is_none_or(|end| self.withdrawn_from < end);
        fields.check(before_end, "/withdrawn_from", "after_end");
        fields.check(self.reason != LapseReason::Ended, "/reason", "not_expected");
        let fits = self.file_number.as_ref().is_none_or(|t| t.chars().count() <= 100);
        fields.check(fits, "/file_number", "too_long");
        fields.finish()?;
        Ok(self)
    }
}

/// What the office decides about a consent that does not hold any more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLapseDecision, example = json!({"decision": "own_costs", "decided_on": "2027-02-01", "granted_until": null,
    "reason": "Das Kind bleibt bis zur Einschulung in seiner Gruppe."}))]
pub struct NewDecision {
    /// How it is settled.
    pub decision: LapseDecision,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// First day without the new consent, where there is one; `null`: it has no end.
    #[serde(default)]
    pub granted_until: Option<NaiveDate>,
    /// Why; at most 1,000 characters. The family can read it.
    #[schema(max_length = 1000)]
    pub reason: String,
}

impl NewDecision {
    pub(in crate::residence) fn checked(
        mut self,
        lapses_on: NaiveDate,
        noted_on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        fields.check(self.decided_on <= today, "/decided_on", "in_future");
        fields.check(self.decided_on >= noted_on, "/decided_on", "too_early");
        if let Some(until) = self.granted_until {
            let again = self.decision == LapseDecision::GrantedAgain;
            fields.check(again, "/granted_until", "not_expected");
            fields.check(!again || until > lapses_on, "/granted_until", "before_start");
            fields.check(until.year() <= 2200, "/granted_until", "out_of_range");
        }
        self.reason = fields.text(&self.reason, "/reason", 1000).to_owned();
        fields.finish()?;
        Ok(self)
    }
}

/// Until when the office decides about what was noted on a day.
pub(in crate::residence) fn decide_by(noted_on: NaiveDate) -> NaiveDate {
    noted_on.checked_add_days(Days::new(DECIDE_WITHIN)).unwrap_or(noted_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn decided(decision: LapseDecision, on: &str, until: Option<&str>) -> bool {
        let new = NewDecision {
            decision,
            decided_on: day(on),
            granted_until: until.map(day),
            reason: "Weil.".into(),
        };
        new.checked(day("2027-10-01"), day("2027-02-01"), day("2027-02-10"))
            .is_ok()
    }

    #[test]
    fn a_consent_is_withdrawn_before_its_end_and_by_somebody() {
        let ok = |from, reason, ends: Option<&str>| {
            let new = Withdrawal {
                withdrawn_from: day(from),
                reason,
                file_number: None,
            };
            new.checked(ends.map(day), day("2027-02-01")).is_ok()
        };
        assert!(ok("2027-10-01", LapseReason::Costs, None) && ok("2026-12-01", LapseReason::Moved, Some("2026-12-02")));
        assert!(
            !ok("2027-10-01", LapseReason::Costs, Some("2027-10-01")),
            "it ends then anyway"
        );
        assert!(!ok("2027-10-01", LapseReason::Ended, None), "the daily look notes this");
        assert!(!ok("2025-12-01", LapseReason::Costs, None));
    }

    #[test]
    fn a_decision_has_a_day_since_it_waits_and_only_a_new_consent_has_an_end() {
        assert!(decided(LapseDecision::Notice, "2027-02-10", None));
        assert!(!decided(LapseDecision::Notice, "2027-02-11", None), "tomorrow");
        assert!(
            !decided(LapseDecision::OwnCosts, "2027-01-31", None),
            "before anybody knew"
        );
        assert!(!decided(LapseDecision::OwnCosts, "2027-02-10", Some("2028-10-01")));
        assert!(decided(LapseDecision::GrantedAgain, "2027-02-10", Some("2028-10-01")));
        assert!(!decided(LapseDecision::GrantedAgain, "2027-02-10", Some("2027-10-01")));
        assert_eq!(decide_by(day("2027-02-01")), day("2027-03-01"));
    }
}
