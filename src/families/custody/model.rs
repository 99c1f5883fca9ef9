//! What the office enters about custody, and what of it can be right. Pure.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::families::model::NewGuardian;
use crate::platform::fields::{Fields, Invalid, normalised_email};

/// From a day on, until the first day on which it no longer holds.
pub(super) type Time = (NaiveDate, Option<NaiveDate>);

/// On which ground custody begins, ends or is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = CustodyReason)]
pub(super) enum Reason {
    /// The second parent, by the certificate of birth.
    SecondParent,
    /// A decision of a family court.
    CourtDecision,
    /// A declaration of joint custody.
    Declaration,
    /// A guardian or curator was appointed.
    Guardianship,
    /// Foster parents, with the powers that the papers show.
    FosterCare,
    /// Adoption.
    Adoption,
    /// Death.
    Death,
    /// It was entered wrongly.
    Correction,
}

impl Reason {
    /// The word in database, API and audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecondParent => "second_parent",
            Self::CourtDecision => "court_decision",
            Self::Declaration => "declaration",
            Self::Guardianship => "guardianship",
            Self::FosterCare => "foster_care",
            Self::Adoption => "adoption",
            Self::Death => "death",
            Self::Correction => "correction",
        }
    }
}

/// Somebody who gets custody of a child.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Kai", "last_name": "Sommer", "phone": null, "email": null, "language": "de",
    "valid_from": "2027-02-01", "valid_to": null, "reason": "second_parent"}))]
pub(super) struct NewCustody {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Where mail goes. Who has an account with this address sees the child in it; without an address the person gets letters.
    #[serde(default)]
    pub email: Option<String>,
    /// Language of mails and letters.
    pub language: String,
    /// First day of custody.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// The ground.
    pub reason: Reason,
}

/// The time of custody as it is from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2026-09-01", "valid_to": null, "reason": "correction"}))]
pub(super) struct CustodyChange {
    /// First day of custody.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; `null`: it goes on.
    pub valid_to: Option<NaiveDate>,
    /// The ground.
    pub reason: Reason,
}

fn check_time(fields: &mut Fields, today: NaiveDate, (from, to): Time) {
    let (low, high) = (
        today.checked_sub_months(Months::new(18 * 12)),
        today.checked_add_months(Months::new(24)),
    );
    fields.check(Some(from) >= low, "/valid_from", "too_early");
    fields.check(high.is_none_or(|high| from <= high), "/valid_from", "too_late");
    if let Some(to) = to {
        fields.check(to > from, "/valid_to", "before_start");
        fields.check(high.is_none_or(|high| to <= high), "/valid_to", "too_late");
    }
}

impl NewCustody {
    /// The same with blanks trimmed, or all that is wrong.
    pub fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        check_time(&mut fields, today, (self.valid_from, self.valid_to));
        fields.check(["de", "en"].contains(&self.language.as_str()), "/language", "unknown");
        let typed = self.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        let email = typed.and_then(normalised_email);
        fields.check(typed.is_none() || email.is_some(), "/email", "invalid");
        let mut faults = fields.finish().err().map(|Invalid(faults)| faults).unwrap_or_default();
        match self.guardian().checked("") {
            Ok(guardian) if faults.is_empty() => Ok(Self {
                first_name: guardian.first_name,
                last_name: guardian.last_name,
                phone: guardian.phone,
                email,
                ..self
            }),
            Ok(_) => Err(Invalid(faults)),
            Err(Invalid(more)) => {
                faults.extend(more);
                Err(Invalid(faults))
            }
        }
    }

    /// The person.
    pub fn guardian(&self) -> NewGuardian {
        NewGuardian {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            phone: self.phone.clone(),
        }
    }
}

impl CustodyChange {
    /// The same, or what is wrong with it.
    pub fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        check_time(&mut fields, today, (self.valid_from, self.valid_to));
        fields.finish()?;
        Ok(self)
    }

    /// Whether the person has custody on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| to > day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn change(from: &str, to: Option<&str>) -> CustodyChange {
        CustodyChange {
            valid_from: day(from),
            valid_to: to.map(day),
            reason: Reason::Correction,
        }
    }

    #[test]
    fn custody_holds_until_the_day_before_its_end() {
        let ended = change("2026-01-01", Some("2027-02-01"));
        assert!(ended.holds_on(day("2027-01-31")));
        assert!(!ended.holds_on(day("2027-02-01")));
        assert!(!ended.holds_on(day("2025-12-31")));
    }

    #[test]
    fn a_time_that_cannot_be_is_refused() {
        let today = day("2027-02-01");
        for (from, to, wrong) in [
            ("2008-01-01", None, "/valid_from"),
            ("2030-01-01", None, "/valid_from"),
            ("2027-01-01", Some("2027-01-01"), "/valid_to"),
            ("2027-01-01", Some("9999-01-01"), "/valid_to"),
        ] {
            let Err(Invalid(faults)) = change(from, to).checked(today) else {
                panic!("{from} {to:?}")
            };
            assert_eq!(faults[0].pointer, wrong, "{from} {to:?}");
        }
    }
}
