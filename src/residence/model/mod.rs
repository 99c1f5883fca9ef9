//! Guests and movers by pure rules.

mod lapse;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid, is_postal_code};
pub(super) use lapse::decide_by;
pub use lapse::{LapseDecision, LapseReason, NewDecision, Withdrawal};

/// So many days before a consent ends, or a family moves, somebody is reminded.
pub(super) const CONSENT_ENDS_SOON: u64 = 60;
/// The family is asked for the proof so many days before it moves.
pub(super) const MOVES_SOON: u64 = 14;

/// Where the consent of the home municipality stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "asked")]
pub enum GuestState {
    /// Nobody was asked yet.
    Open,
    /// The home municipality was asked.
    Asked,
    /// It agreed, for a time.
    Granted,
    /// It refused.
    Refused,
}

/// The municipality in which a guest child lives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HomeMunicipality, example = json!({"name": "Gemeinde Nachbarort", "address": "Kirchweg 2, 04435 Nachbarort", "email": null}))]
pub struct Home {
    /// Its name, at most 200 characters.
    #[schema(max_length = 200)]
    pub name: String,
    /// Its address for the letter, on one line; at most 400 characters.
    #[schema(max_length = 400)]
    pub address: String,
    /// Its e-mail address.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
}

impl Home {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let name = fields.text(&self.name, "/name", 200).to_owned();
        let address = fields.text(&self.address, "/address", 400).to_owned();
        let email = self.email.map(|e| e.trim().to_owned()).filter(|e| !e.is_empty());
        let looks = |e: &String| e.len() <= 254 && e.contains('@') && !e.contains(char::is_whitespace);
        fields.check(email.as_ref().is_none_or(looks), "/email", "invalid");
        fields.finish()?;
        Ok(Self { name, address, email })
    }
}

/// What the home municipality answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGuestAnswer, example = json!({"granted": true, "answered_on": "2027-02-01", "valid_from": "2027-08-01", "valid_until": "2028-08-01",
    "costs_agreed": true, "file_number": "51.2-17/27", "note": null}))]
pub struct GuestAnswer {
    /// Whether it agreed.
    pub granted: bool,
    /// The day of its answer.
    pub answered_on: NaiveDate,
    /// First day for which it agreed.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// First day for which it does not any more; `null`: no end was named.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    /// Whether it bears its part of the costs; `null`: it said nothing.
    #[serde(default)]
    pub costs_agreed: Option<bool>,
    /// Its file number; at most 100 characters.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub file_number: Option<String>,
    /// A note; at most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

impl GuestAnswer {
    pub(super) fn checked(mut self, asked_on: NaiveDate, today: NaiveDate) -> Result<Self, Invalid> {
        let trimmed = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        (self.file_number, self.note) = (trimmed(self.file_number), trimmed(self.note));
        let mut fields = Fields::new();
        fields.check(self.answered_on <= today, "/answered_on", "in_future");
        fields.check(self.answered_on >= asked_on, "/answered_on", "too_early");
        if self.granted {
            fields.check(self.valid_from.is_some(), "/valid_from", "required");
            let begins = self.valid_from.is_none_or(|day| (2000..=2200).contains(&day.year()));
            fields.check(begins, "/valid_from", "out_of_range");
            let ends = |until: NaiveDate| self.valid_from.is_none_or(|from| until > from) && until.year() <= 2200;
            fields.check(self.valid_until.is_none_or(ends), "/valid_until", "before_start");
        } else {
            fields.check(self.valid_from.is_none(), "/valid_from", "not_expected");
            fields.check(self.valid_until.is_none(), "/valid_until", "not_expected");
        }
        let long = |text: &Option<String>, most| text.as_ref().is_none_or(|t| t.chars().count() <= most);
        fields.check(long(&self.file_number, 100), "/file_number", "too_long");
        fields.check(long(&self.note, 1000), "/note", "too_long");
        fields.finish()?;
        Ok(self)
    }
}

/// Whether a consent holds on a day.
pub(super) fn covers(state: GuestState, from: Option<NaiveDate>, until: Option<NaiveDate>, day: NaiveDate) -> bool {
    let begun = from.is_some_and(|from| from <= day);
    state == GuestState::Granted && begun && until.is_none_or(|until| until > day)
}

/// Until when the municipality owes a place on an asserted claim: the wished start, but not before the notice period is over.
pub fn legal_due_on(asserted_on: NaiveDate, desired_start: NaiveDate, notice_months: i32) -> NaiveDate {
    asserted_on
        .checked_add_months(Months::new(notice_months.unsigned_abs()))
        .map_or(desired_start, |after_notice| after_notice.max(desired_start))
}

/// By what a move is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = MoveEvidence, example = "rental_contract")]
pub enum Evidence {
    /// A contract of rent: the family means to move.
    RentalContract,
    /// A contract of purchase: the same.
    PurchaseContract,
    /// The confirmation of registration: the family lives here.
    Registration,
    /// The register of residents knows the child here.
    Register,
}

impl Evidence {
    /// Whether it shows that the family lives here.
    pub fn proves(self) -> bool {
        matches!(self, Self::Registration | Self::Register)
    }
}

/// Where a move stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "announced")]
pub enum MoveState {
    /// The family said so.
    Announced,
    /// A contract was seen.
    Shown,
    /// It lives here.
    Proven,
    /// The day has passed and nothing proves it.
    Overdue,
}

impl MoveState {
    pub(super) fn of(evidence: Option<Evidence>, move_on: NaiveDate, today: NaiveDate) -> Self {
        match evidence {
            Some(seen) if seen.proves() => Self::Proven,
            _ if move_on < today => Self::Overdue,
            Some(_) => Self::Shown,
            None => Self::Announced,
        }
    }
}

/// A family moves here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"move_on": "2027-06-01", "postal_code": "04109", "city": "Musterstadt", "area": null}))]
pub struct NewMove {
    /// The day.
    pub move_on: NaiveDate,
    /// Postal code of the new home.
    #[schema(max_length = 5)]
    pub postal_code: String,
    /// Its town.
    #[schema(max_length = 100)]
    pub city: String,
    /// The planning area, where it is known; families leave it out.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub area: Option<String>,
}

impl NewMove {
    /// `before`: the day that was noted already; a day gone by may stay.
    pub(super) fn checked(mut self, before: Option<NaiveDate>, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let latest = today.checked_add_days(Days::new(3 * 366)).unwrap_or(today);
        let ahead = self.move_on >= today || before == Some(self.move_on);
        fields.check(ahead, "/move_on", "in_past");
        fields.check(self.move_on <= latest, "/move_on", "too_late");
        self.postal_code = self.postal_code.trim().to_owned();
        fields.check(is_postal_code(&self.postal_code), "/postal_code", "invalid");
        self.city = fields.text(&self.city, "/city", 100).to_owned();
        self.area = self.area.map(|a| a.trim().to_owned()).filter(|a| !a.is_empty());
        let fits = |a: &String| a.chars().count() <= 100 && !a.contains(char::is_control);
        fields.check(self.area.as_ref().is_none_or(fits), "/area", "invalid");
        fields.finish()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_consent_holds_from_its_first_day_to_the_day_before_its_end() {
        let from = Some(day("2027-08-01"));
        let until = Some(day("2028-08-01"));
        let on = |state, until, at| covers(state, from, until, day(at));
        assert!(on(GuestState::Granted, until, "2027-08-01") && on(GuestState::Granted, until, "2028-07-31"));
        assert!(!on(GuestState::Granted, until, "2027-07-31") && !on(GuestState::Granted, until, "2028-08-01"));
        assert!(on(GuestState::Granted, None, "2040-01-01"));
        assert!(
            !on(GuestState::Asked, until, "2027-08-01"),
            "an old period says nothing"
        );
        assert!(!covers(GuestState::Granted, None, None, day("2027-08-01")));
    }

    #[test]
    fn only_a_registration_proves_a_move() {
        let (move_on, today) = (day("2027-06-01"), day("2027-06-01"));
        let of = |evidence, today| MoveState::of(evidence, move_on, today);
        assert_eq!(of(None, today), MoveState::Announced);
        assert_eq!(of(Some(Evidence::RentalContract), today), MoveState::Shown);
        assert_eq!(
            of(Some(Evidence::RentalContract), day("2027-06-02")),
            MoveState::Overdue
        );
        assert_eq!(of(Some(Evidence::Register), day("2027-07-01")), MoveState::Proven);
    }
}
