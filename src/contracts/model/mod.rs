//! Care contracts: their states and how they may change. Pure.

mod amendment;
mod machine;
mod rule_change;
mod terms;
mod times;

pub use amendment::{Agreed, Amending};
pub use machine::{CareContract, Ending, TransitionError, USUAL_NOTICE_MONTHS, last_day};
pub use rule_change::{Hindrance, OtherEnd};
pub use terms::{Notice, TermsChange, checked_end};
pub use times::CareTimes;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, DemandId, FacilityId, OfferId};
use crate::platform::week::WeekTimes;

/// Where a care contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "drafted")]
pub enum ContractState {
    /// It follows from an accepted offer; nobody has signed.
    Drafted,
    /// The facility sent it to the guardians.
    Sent,
    /// The guardians have signed.
    SignedByGuardians,
    /// Both sides have signed.
    SignedByProvider,
    /// Care has begun.
    Active,
    /// It was ended before its time.
    Terminated,
    /// Its time is over.
    Ended,
}

impl ContractState {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Sent => "sent",
            Self::SignedByGuardians => "signed_by_guardians",
            Self::SignedByProvider => "signed_by_provider",
            Self::Active => "active",
            Self::Terminated => "terminated",
            Self::Ended => "ended",
        }
    }
}

/// What an accepted offer says about the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContract {
    /// The accepted offer.
    pub offer_id: OfferId,
    /// The demand that it covers.
    pub demand_id: DemandId,
    /// The child.
    pub child_id: ChildId,
    /// The facility.
    pub facility_id: FacilityId,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
    /// Hours a week.
    pub hours_per_week: i32,
    /// Care from this time of day.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    pub window_to: Option<NaiveTime>,
    /// The times of each day; `None`: the same on every day.
    pub week: Option<WeekTimes>,
}

/// What can stand against a contract.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// The child has a contract for some of these days already.
    #[error("the child has a contract for some of these days")]
    Overlaps,
    /// Its state does not allow it.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// The guardian has signed already.
    #[error("this guardian has signed already")]
    Signed,
    /// The home municipality of a guest child has not agreed for the first day of care.
    #[error("the consent of the child's home municipality is missing")]
    ConsentMissing,
    /// Not everybody has signed who must.
    #[error("a guardian's signature is missing")]
    SignatureMissing,
    /// It cannot be changed: it does not bind yet, it ends, or there is no change under way.
    #[error("there is nothing to change: the contract is not agreed, it ends, or no change is under way")]
    NoChange,
    /// A guardian with custody has an account and gives notice there.
    #[error("a guardian has an account and gives notice there")]
    HasAccount,
    /// Somebody gave notice already.
    #[error("notice was given already")]
    NoticeGiven,
    /// There is no place in every month of the new time.
    #[error("no place is free in every month of this time")]
    NoPlace,
    /// The childminder's licence allows no further contract in the new time.
    #[error("the childminder's licence allows no further contract in this time")]
    ContractsFull,
    /// Too many codes were asked for.
    #[error("too many codes were asked for")]
    TooMany(u64),
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The places cannot be counted.
    #[error(transparent)]
    Capacity(crate::facilities::CapacityError),
    /// A document cannot be made.
    #[error(transparent)]
    Document(#[from] crate::documents::DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl ContractError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            Self::Capacity(error) => error.database(),
            _ => None,
        }
    }
}

/// Which side acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ContractSide, example = "guardian")]
pub enum Side {
    /// A guardian of the child.
    Guardian,
    /// The provider, by the people of the facility.
    Provider,
}

/// How somebody signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = SigningWay, example = "code")]
pub enum Way {
    /// Online, with a code by mail.
    Code,
    /// Online, with the second factor.
    SecondFactor,
    /// On paper; the facility recorded it.
    Paper,
    /// Online, by the signed-in people of the facility.
    Account,
}

/// Who gave notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "guardians")]
pub enum NoticeBy {
    /// The guardians.
    Guardians,
    /// The facility.
    Facility,
    /// Nobody: the child goes to another facility of this municipality.
    Transfer,
}

impl From<crate::facilities::CapacityError> for ContractError {
    fn from(error: crate::facilities::CapacityError) -> Self {
        use crate::facilities::CapacityError as E;
        match error {
            E::NoPlace { .. } | E::Unknown(_) => Self::NoPlace,
            E::ContractsFull { .. } => Self::ContractsFull,
            E::Db(db) => Self::Db(db),
            other => Self::Capacity(other),
        }
    }
}
