//! A demand as it comes on paper or by telephone, and what of it can be right. Pure.

use chrono::{DateTime, Months, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::demands::{DemandChange, DemandError, SiblingAnswer};
use crate::families::{FamilyError, NewChild, NewFamily, NewGuardian, NewHousehold};
use crate::notifications::Told;
use crate::platform::clock::{berlin_date, end_of_day, start_of_day};
use crate::platform::fields::{FieldError, Fields, Invalid};
use crate::platform::ids::{ChildId, FacilityId};

/// The guardian who applies, with where to reach them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakeGuardian {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Where mail goes; without it the family gets letters.
    #[serde(default)]
    pub email: Option<String>,
    /// Language of mails and letters.
    pub language: String,
}

/// A family and its demand, as they came on paper or by telephone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "guardian": {"first_name": "Jana", "last_name": "Braun", "phone": "0341 123456", "email": null, "language": "de"},
    "household": {"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt", "address_protected": false},
    "child": {"first_name": "Mia", "last_name": null, "sex": null, "birth_date": "2026-03-14", "expected_birth_date": null},
    "demand": {"care_type": "nursery", "desired_start": "2027-09-01", "latest_start": null, "hours_per_week": 40, "window_from": "07:30",
               "window_to": "16:00", "legal_claim": true, "facts": []},
    "facility_ids": ["6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"], "received_at": "2027-02-01T11:00:00Z"}))]
pub struct NewIntake {
    /// Who applies.
    pub guardian: IntakeGuardian,
    /// Where the family lives.
    pub household: NewHousehold,
    /// The child; without a last name of its own it has the guardian's.
    pub child: NewChild,
    /// What is wished.
    pub demand: DemandChange,
    /// The wished facilities, the dearest first.
    #[schema(max_items = 50)]
    pub facility_ids: Vec<FacilityId>,
    /// When it arrived: all periods begin then, as if the family had sent it online at that moment.
    pub received_at: DateTime<Utc>,
    /// The child, where it is known by this name and day of birth; guardian and household stay as they are known.
    #[serde(default)]
    pub child_id: Option<ChildId>,
    /// It is not the child that is known by this name and day of birth, but another one.
    #[serde(default)]
    pub other_child: bool,
    /// A known child of the same family on paper: the new child comes to live in its household, as its sibling; guardian and household stay
    /// as they are known.
    #[serde(default)]
    pub sibling_of: Option<ChildId>,
    /// The child has a place, and the family wishes another one.
    #[serde(default)]
    pub transfer: bool,
    /// Whether the children of the family shall go to one facility, where it says so.
    #[serde(default)]
    pub siblings: Option<SiblingAnswer>,
}

impl NewIntake {
    /// The family in it.
    pub fn family(&self) -> NewFamily {
        let guardian = self.guardian.clone();
        NewFamily {
            guardian: NewGuardian {
                first_name: guardian.first_name,
                last_name: guardian.last_name,
                phone: guardian.phone,
            },
            email: guardian.email,
            language: guardian.language,
            household: self.household.clone(),
            child: self.child.clone(),
        }
    }

    /// When it counts as received: not after now, for a stamp of today says no hour. Refused: a day to come, and what lay for over a year.
    pub fn received(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Invalid> {
        let today = berlin_date(now);
        let earliest = today.checked_sub_months(Months::new(12)).unwrap_or(today);
        let mut fields = Fields::new();
        // Instants are compared, not days: an instant at the end of all time has no day in Germany.
        fields.check(self.received_at < end_of_day(today), "/received_at", "in_future");
        fields.check(self.received_at >= start_of_day(earliest), "/received_at", "too_early");
        fields.finish()?;
        Ok(self.received_at.min(now))
    }

    /// Refuses a language in which this municipality does not write.
    pub fn check_language(&self, known: &[String]) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        fields.check(known.contains(&self.guardian.language), "/guardian/language", "unknown");
        fields.finish()
    }
}

/// What a family without an account wants to be otherwise in its demand, when it said so, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ToldDemandChange, example = json!({"demand": {"hours_per_week": 30}, "facility_ids": null, "told": {"on": "2027-02-01", "by": "phone"}}))]
pub struct ToldChange {
    /// What is otherwise; after sending that is start, hours, times, latest start and answers to criteria.
    #[serde(default)]
    pub demand: Option<DemandChange>,
    /// All wished facilities from now on, the dearest first; left out: as before.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub facility_ids: Option<Vec<FacilityId>>,
    /// When it was said, and how.
    pub told: Told,
}

impl ToldChange {
    /// Refuses a change of nothing.
    pub fn check_any(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        let any = self.demand.is_some() || self.facility_ids.is_some();
        fields.check(any, "/demand", "unchanged");
        fields.finish()
    }
}

/// Faults of several parts of one form, so that they are answered together.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<FieldError>);

impl Faults {
    /// Keeps the faults of a part, which stands at `at` in the form; answers its value where it has none.
    pub fn of<T>(&mut self, at: &str, part: Result<T, Invalid>) -> Option<T> {
        match part {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.0.extend(placed(at, invalid).0);
                None
            }
        }
    }

    /// The same of a command: other errors than faults go on at once.
    pub fn of_command(&mut self, at: &str, done: Result<(), DemandError>) -> Result<(), DemandError> {
        match done {
            Err(DemandError::Invalid(invalid)) => {
                self.of::<()>(at, Err(invalid));
                Ok(())
            }
            other => other,
        }
    }

    /// `Ok` when nothing was found.
    pub fn finish(self) -> Result<(), Invalid> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Invalid(self.0))
        }
    }
}

/// Faults of a part, with their places in the whole form.
fn placed(at: &str, Invalid(faults): Invalid) -> Invalid {
    let place = |fault: FieldError| FieldError {
        pointer: format!("{at}{}", fault.pointer),
        ..fault
    };
    Invalid(faults.into_iter().map(place).collect())
}

/// The faults that the check before sending finds, at their places in this form.
pub(super) fn placed_of_sending(Invalid(faults): Invalid) -> Invalid {
    let place = |fault: FieldError| {
        let pointer = match fault.pointer.as_str() {
            "/preferences" => "/facility_ids".to_owned(),
            family if family.starts_with("/household") || family.starts_with("/child") => family.to_owned(),
            wish => format!("/demand{wish}"),
        };
        FieldError { pointer, ..fault }
    };
    Invalid(faults.into_iter().map(place).collect())
}

/// What can stand against an intake.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A child of this name and day of birth is known.
    #[error("a child of this name and day of birth is known")]
    KnownChild,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The family cannot be entered.
    #[error(transparent)]
    Family(#[from] FamilyError),
    /// The demand cannot be entered or sent.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn received(at: &str) -> Result<DateTime<Utc>, Vec<String>> {
        let new: NewIntake = serde_json::from_value(json!({
            "guardian": {"first_name": "Jana", "last_name": "Braun", "language": "de"},
            "household": {"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Leipzig"},
            "child": {}, "demand": {}, "facility_ids": [], "received_at": at
        }))
        .unwrap();
        new.received("2027-02-01T09:00:00Z".parse().unwrap())
            .map_err(|Invalid(faults)| faults.into_iter().map(|f| f.code).collect())
    }

    #[test]
    fn a_stamp_of_today_is_never_after_now() {
        let now: DateTime<Utc> = "2027-02-01T09:00:00Z".parse().unwrap();
        assert_eq!(received("2027-02-01T11:00:00Z"), Ok(now));
        let earlier = "2027-01-20T11:00:00Z";
        assert_eq!(received(earlier), Ok(earlier.parse().unwrap()));
    }

    #[test]
    fn a_day_to_come_and_a_day_over_a_year_ago_are_refused() {
        assert_eq!(received("2027-02-01T23:00:00Z"), Err(vec!["in_future".into()]));
        assert!(received("2026-02-01T11:00:00Z").is_ok());
        assert_eq!(received("2026-01-31T11:00:00Z"), Err(vec!["too_early".into()]));
        assert_eq!(received("+262142-12-31T23:59:59Z"), Err(vec!["in_future".into()]));
        assert_eq!(received("-262143-01-01T00:00:00Z"), Err(vec!["too_early".into()]));
    }

    #[test]
    fn faults_of_sending_point_into_the_form() {
        let fault = |pointer: &str| Invalid::one(pointer, "required", "");
        for (from, to) in [
            ("/preferences", "/facility_ids"),
            ("/household", "/household"),
            ("/child/birth_date", "/child/birth_date"),
            ("/care_type", "/demand/care_type"),
        ] {
            assert_eq!(placed_of_sending(fault(from)).0[0].pointer, to);
        }
    }
}
