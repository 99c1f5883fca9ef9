//! Place offers: their states, their deadline, and what an offer may say. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contracts::{CareTimes, ContractError};
use crate::demands::DemandError;
use crate::facilities::{CapacityError, CareType, FacilityKind, usual_end};
use crate::platform::dates::time_of_day;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::PreferenceId;
use crate::platform::week::DayTimes;
use crate::tenancy::Settings;

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "sent")]
pub enum OfferState {
    /// It is written and holds nothing yet.
    Drafted,
    /// It is on its way to the family, and holds a place.
    Sent,
    /// The family has seen it.
    Viewed,
    /// The family accepted.
    Accepted,
    /// The family declined.
    Declined,
    /// The deadline passed.
    Expired,
    /// The facility took it back, or it lost its ground.
    Revoked,
}

impl OfferState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Drafted,
        Self::Sent,
        Self::Viewed,
        Self::Accepted,
        Self::Declined,
        Self::Expired,
        Self::Revoked,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Sent => "sent",
            Self::Viewed => "viewed",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// Whether it waits for the family and holds a place.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Viewed)
    }
}

/// Why a family declines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "too_far")]
pub enum DeclineReason {
    /// The child has a place elsewhere.
    OtherPlace,
    /// The way is too long.
    TooFar,
    /// The hours do not fit.
    Hours,
    /// The start does not fit.
    Start,
    /// It costs too much.
    Cost,
    /// Something else.
    Other,
}

impl DeclineReason {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherPlace => "other_place",
            Self::TooFar => "too_far",
            Self::Hours => "hours",
            Self::Start => "start",
            Self::Cost => "cost",
            Self::Other => "other",
        }
    }
}

/// An offer in one of its states, with the instant until which it can be answered. Every transition consumes it.
#[derive(Debug, PartialEq, Eq)]
pub struct PlaceOffer {
    state: OfferState,
    expires_at: DateTime<Utc>,
}

impl PlaceOffer {
    /// A new offer that nobody has seen.
    pub fn draft(expires_at: DateTime<Utc>) -> Self {
        Self::in_state(OfferState::Drafted, expires_at)
    }

    /// The offer in the state that the database holds.
    pub fn in_state(state: OfferState, expires_at: DateTime<Utc>) -> Self {
        Self { state, expires_at }
    }

    /// Its state.
    pub fn state(&self) -> OfferState {
        self.state
    }

    /// The facility sends it.
    pub fn send(self) -> Result<Self, TransitionError> {
        match self.state {
            OfferState::Drafted => Ok(self.to(OfferState::Sent)),
            _ => Err(TransitionError::NotOpen),
        }
    }

    /// The family opens it; doing so again changes nothing.
    pub fn view(self, now: DateTime<Utc>) -> Result<Self, TransitionError> {
        self.open(now).map(|me| me.to(OfferState::Viewed))
    }

    /// The family accepts.
    pub fn accept(self, now: DateTime<Utc>) -> Result<Self, TransitionError> {
        self.open(now).map(|me| me.to(OfferState::Accepted))
    }

    /// The family declines.
    pub fn decline(self, now: DateTime<Utc>) -> Result<Self, TransitionError> {
        self.open(now).map(|me| me.to(OfferState::Declined))
    }

    /// The deadline has passed.
    pub fn expire(self, now: DateTime<Utc>) -> Result<Self, TransitionError> {
        match self.state {
            state if !state.is_open() => Err(TransitionError::NotOpen),
            _ if now < self.expires_at => Err(TransitionError::NotDue),
            _ => Ok(self.to(OfferState::Expired)),
        }
    }

    /// The facility takes it back. Also after the deadline, as long as nobody noted that it expired.
    pub fn revoke(self) -> Result<Self, TransitionError> {
        if self.state.is_open() {
            Ok(self.to(OfferState::Revoked))
        } else {
            Err(TransitionError::NotOpen)
        }
    }

    /// Open and in time: an answer after the deadline does not count, whether or not a job has noted the end.
    fn open(self, now: DateTime<Utc>) -> Result<Self, TransitionError> {
        match self.state {
            OfferState::Expired => Err(TransitionError::Expired(self.expires_at)),
            state if !state.is_open() => Err(TransitionError::NotOpen),
            _ if now >= self.expires_at => Err(TransitionError::Expired(self.expires_at)),
            _ => Ok(self),
        }
    }

    fn to(self, state: OfferState) -> Self {
        Self { state, ..self }
    }
}

/// A transition that the offer's state, or the clock, does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// It was answered, or taken back.
    #[error("the offer is not open")]
    NotOpen,
    /// Its deadline passed at this instant.
    #[error("the deadline passed at {0}")]
    Expired(DateTime<Utc>),
    /// Its deadline has not passed.
    #[error("the deadline has not passed")]
    NotDue,
}

/// The last day on which an offer of today can be answered: the `days`-th day after today that is not a closing day, and never a
/// Saturday, a Sunday or a closing day itself. Weekends count among the days.
pub fn deadline(today: NaiveDate, days: i32, closed: &BTreeSet<NaiveDate>) -> NaiveDate {
    let next = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    let (mut day, mut left) = (today, days.max(1));
    while left > 0 && day < NaiveDate::MAX {
        day = next(day);
        left -= i32::from(!closed.contains(&day));
    }
    while day < NaiveDate::MAX && (matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || closed.contains(&day)) {
        day = next(day);
    }
    day
}

/// An offer as a facility writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"preference_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "care_from": "2027-08-01", "care_until": null,
    "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00", "week": null, "deadline_days": null}))]
pub struct NewOffer {
    /// The preference that gets the place.
    pub preference_id: PreferenceId,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again; left out: school entry, or the third birthday in a nursery.
    #[serde(default)]
    pub care_until: Option<NaiveDate>,
    /// Hours a week, 1 to 60. With `week` they follow from it and can be left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 60)]
    pub hours_per_week: Option<i32>,
    /// Care from this time of day; with `window_to`.
    #[serde(default, deserialize_with = "time_of_day")]
    #[schema(value_type = Option<String>, example = "08:00")]
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day; with `window_from`.
    #[serde(default, deserialize_with = "time_of_day")]
    #[schema(value_type = Option<String>, example = "16:00")]
    pub window_to: Option<NaiveTime>,
    /// Other times on each day, the days on which the child would come; left out: the same on every day.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub week: Option<Vec<DayTimes>>,
    /// Days to answer, 1 to 90; left out: as the municipality sets it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90)]
    pub deadline_days: Option<i32>,
}

/// What an offer is measured against.
pub struct Measure<'a> {
    /// Today.
    pub today: NaiveDate,
    /// The tenant's rules.
    pub settings: &'a Settings,
    /// The child's date of birth, or the expected one.
    pub birth: NaiveDate,
    /// The day on which school begins for it.
    pub school_entry: NaiveDate,
    /// What the facility is.
    pub kind: Option<FacilityKind>,
    /// What care it gives.
    pub care_types: &'a [CareType],
}

impl NewOffer {
    /// The end of the stay, and hours and times, after everything was found in order.
    pub fn checked(&self, measure: &Measure<'_>) -> Result<(NaiveDate, CareTimes), Invalid> {
        let mut fields = Fields::new();
        let until = self.care_until.unwrap_or_else(|| {
            usual_end(
                measure.birth,
                self.care_from,
                measure.school_entry,
                measure.kind,
                measure.care_types,
            )
        });
        fields.check(self.care_from >= measure.today, "/care_from", "too_early");
        fields.check(self.care_from >= measure.birth, "/care_from", "before_birth");
        let months = measure.settings.earliest_contract_months;
        let latest = u32::try_from(months).ok().filter(|m| *m > 0).map(Months::new);
        let latest = latest.and_then(|m| measure.today.checked_add_months(m));
        fields.check(latest.is_none_or(|day| self.care_from <= day), "/care_from", "too_late");
        fields.check(until > self.care_from, "/care_until", "before_start");
        let longest = self.care_from.checked_add_months(Months::new(15 * 12));
        fields.check(longest.is_some_and(|day| until <= day), "/care_until", "too_late");
        let window = (self.window_from, self.window_to);
        let times = CareTimes::of(self.hours_per_week, window, self.week.as_deref(), &mut fields);
        let days = self.deadline_days.unwrap_or(measure.settings.offer_window_days);
        fields.check((1..=90).contains(&days), "/deadline_days", "out_of_range");
        fields.finish()?;
        Ok((until, times))
    }
}

/// What can stand against an offer.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Its state or the clock does not allow it.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// No place is bookable for the whole stay.
    #[error("no bookable place for the whole stay")]
    NoPlace,
    /// The childminder's licence allows no further contract.
    #[error("the childminder's licence allows no further contract")]
    ContractsFull,
    /// The facility never said how many places it has.
    #[error("the facility has not said how many places it has")]
    CapacityUnknown,
    /// Another offer to the child is open, and this tenant wants one at a time.
    #[error("another offer to this child is open")]
    ChildHasOpenOffer,
    /// In this municipality the office gives the places.
    #[error("the office gives the places here")]
    DecidedByOffice,
    /// A round gives the places of the facility and was not released yet.
    #[error("the places of this facility are part of an allocation round that was not released yet")]
    RoundUnderWay,
    /// A child whose contract is signed stays where it is.
    #[error("the contract for the place that the child has is signed")]
    ContractSigned,
    /// The facility takes no children.
    #[error("the facility is closed")]
    FacilityClosed,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The demand or the preference stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The contract cannot be drafted.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The places cannot be counted.
    #[error(transparent)]
    Capacity(CapacityError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl OfferError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            Self::Demand(error) => error.database(),
            Self::Contract(error) => error.database(),
            Self::Capacity(error) => error.database(),
            _ => None,
        }
    }
}

impl From<CapacityError> for OfferError {
    fn from(error: CapacityError) -> Self {
        match error {
            CapacityError::NoPlace { .. } => Self::NoPlace,
            CapacityError::ContractsFull { .. } => Self::ContractsFull,
            CapacityError::Unknown(_) => Self::CapacityUnknown,
            CapacityError::Db(db) => Self::Db(db),
            other => Self::Capacity(other),
        }
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
