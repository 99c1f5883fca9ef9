//! What a mandate can say, and what is against one. Pure.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid, normalised_email};
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, GuardianId};

/// More mandates than this at a time no family needs; it also bounds the mails that one account can cause.
pub(super) const MOST_OPEN: usize = 5;

/// So long a mandate holds at most; then the family is asked anew by being asked for another one.
const MOST_DAYS: u64 = 731;

/// A mandate as the family gives it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Beratungsstelle Mitte, Frau Ay", "email": "ay@beratung.example", "may_act": true, "valid_until": "2027-08-31",
    "child_ids": ["6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"]}))]
pub struct NewMandate {
    /// Who it is, as the family calls the person or the counselling centre.
    #[schema(max_length = 100)]
    pub name: String,
    /// Where the mandate is offered; who opens an account with this address, or has one, can accept it.
    pub email: String,
    /// `true`: also act in the family's name; `false`: only look.
    pub may_act: bool,
    /// The last day, at most two years from today.
    pub valid_until: NaiveDate,
    /// For these children and no other.
    pub child_ids: Vec<ChildId>,
}

/// A mandate on paper, as the office records it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"guardian_id": "0d9a3a31-52f3-4b7f-9a1e-6b9b7c1f2d44", "name": "Beratungsstelle Mitte, Frau Ay",
    "email": "ay@beratung.example", "may_act": true, "valid_until": "2027-08-31",
    "child_ids": ["6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"]}))]
pub struct PaperMandate {
    /// Who signed the paper.
    pub guardian_id: GuardianId,
    /// Who it is, as the paper calls the person or the counselling centre.
    #[schema(max_length = 100)]
    pub name: String,
    /// Where the mandate is offered.
    pub email: String,
    /// `true`: also act in the family's name; `false`: only look.
    pub may_act: bool,
    /// The last day, at most two years from today.
    pub valid_until: NaiveDate,
    /// For these children and no other.
    pub child_ids: Vec<ChildId>,
}

impl From<PaperMandate> for NewMandate {
    fn from(paper: PaperMandate) -> Self {
        Self {
            name: paper.name,
            email: paper.email,
            may_act: paper.may_act,
            valid_until: paper.valid_until,
            child_ids: paper.child_ids,
        }
    }
}

impl NewMandate {
    /// The same with blanks trimmed, or what is wrong.
    pub(super) fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let name = fields.text(&self.name, "/name", 100).to_owned();
        fields.check(!name.chars().any(char::is_control), "/name", "invalid");
        let email = normalised_email(&self.email);
        fields.check(email.is_some(), "/email", "invalid");
        fields.check(self.valid_until >= today, "/valid_until", "too_early");
        let last = today.checked_add_days(Days::new(MOST_DAYS));
        fields.check(Some(self.valid_until) <= last, "/valid_until", "too_late");
        fields.check(!self.child_ids.is_empty(), "/child_ids", "required");
        fields.finish()?;
        let mut child_ids = self.child_ids;
        child_ids.sort();
        child_ids.dedup();
        Ok(Self {
            name,
            email: email.unwrap_or_default(),
            child_ids,
            ..self
        })
    }
}

/// How a mandate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "active")]
pub enum MandateState {
    /// The person has not accepted it yet.
    Offered,
    /// It holds.
    Active,
    /// Its last day has passed.
    Expired,
    /// Somebody ended it.
    Ended,
}

impl MandateState {
    /// The state of this day.
    pub(super) fn of(
        ended_at: Option<DateTime<Utc>>,
        accepted_at: Option<DateTime<Utc>>,
        valid_until: NaiveDate,
        today: NaiveDate,
    ) -> Self {
        match (ended_at, accepted_at) {
            (Some(_), _) => Self::Ended,
            _ if valid_until < today => Self::Expired,
            (None, None) => Self::Offered,
            (None, Some(_)) => Self::Active,
        }
    }

    /// Whether it holds or could come to hold.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Active)
    }
}

/// Who ended a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = MandateEnder)]
pub enum Ender {
    /// The family.
    Family,
    /// The counsellor.
    Counsellor,
    /// The office.
    Office,
}

impl Ender {
    /// The word in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Counsellor => "counsellor",
            Self::Office => "office",
        }
    }
}

/// What can stand against a command on a mandate.
#[derive(Debug, thiserror::Error)]
pub enum MandateError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// The own name is needed first.
    #[error("enter your own name first")]
    GuardianMissing,
    /// One cannot be one's own counsellor.
    #[error("this is your own family")]
    OwnFamily,
    /// It was ended, or its last day has passed.
    #[error("this mandate does not hold any more")]
    Over,
    /// It must be accepted first.
    #[error("accept the mandate first")]
    NotAccepted,
    /// There are enough.
    #[error("too many mandates are open")]
    TooMany,
    /// A field is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody was faster.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn new(until: &str) -> NewMandate {
        let child = ChildId::new();
        NewMandate {
            name: " Frau Ay ".into(),
            email: "Ay@Beratung.example ".into(),
            may_act: true,
            valid_until: day(until),
            child_ids: vec![child, child],
        }
    }

    #[test]
    fn a_mandate_has_a_name_an_address_a_last_day_and_children() {
        let today = day("2027-02-01");
        let good = new("2027-08-31").checked(today).unwrap();
        assert_eq!((good.name.as_str(), good.child_ids.len()), ("Frau Ay", 1));
        assert_eq!(good.email, "ay@beratung.example");
        let wrong = NewMandate {
            name: String::new(),
            email: "nobody".into(),
            child_ids: Vec::new(),
            ..new("2027-01-31")
        };
        assert_eq!(wrong.checked(today).unwrap_err().0.len(), 4);
        assert!(new("2029-02-01").checked(today).is_ok());
        assert!(new("2029-02-02").checked(today).is_err());
    }

    #[test]
    fn it_holds_from_acceptance_to_its_last_day_unless_it_is_ended() {
        let (now, until) = (Some("2027-02-01T09:00:00Z".parse().unwrap()), day("2027-03-01"));
        let state = |ended, accepted, today| MandateState::of(ended, accepted, until, day(today));
        assert_eq!(state(None, None, "2027-02-01"), MandateState::Offered);
        assert_eq!(state(None, now, "2027-03-01"), MandateState::Active);
        assert_eq!(state(None, now, "2027-03-02"), MandateState::Expired);
        assert_eq!(state(now, now, "2027-02-01"), MandateState::Ended);
    }
}
