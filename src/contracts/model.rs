//! Care contracts: their states and how they may change. Pure.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::ids::{ChildId, DemandId, FacilityId, OfferId};

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
    /// A document cannot be made.
    #[error(transparent)]
    Document(#[from] crate::documents::DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}
