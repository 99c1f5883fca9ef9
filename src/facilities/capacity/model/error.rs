//! Why places cannot be taken or changed.

use chrono::NaiveDate;

use crate::facilities::model::AgeBand;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;

/// Why a place cannot be taken, or figures cannot be entered.
#[derive(Debug, thiserror::Error)]
pub enum CapacityError {
    /// No place is bookable in some month of the stay.
    #[error("no bookable place for {} in {month}", .band.as_str())]
    NoPlace {
        /// The age band.
        band: AgeBand,
        /// The first month without a place.
        month: NaiveDate,
    },
    /// The childminder's licence allows no further contract in some month of the stay.
    #[error("the licence allows no further contract in {month}")]
    ContractsFull {
        /// The first month with one too many.
        month: NaiveDate,
    },
    /// The facility never said how many places it has for an age band that the stay passes through.
    #[error("the capacity for {} is not known", .0.as_str())]
    Unknown(AgeBand),
    /// The stay ends before it begins.
    #[error("the stay ends before it begins")]
    EmptyStay,
    /// The figure falls below what was promised to families.
    #[error("{promised} places are promised in {month}, only {left} would be left")]
    BelowPromised {
        /// The first month in which it does.
        month: NaiveDate,
        /// Places held or occupied by contracts kept here.
        promised: i32,
        /// What the new figure leaves for them.
        left: i32,
    },
    /// Children were placed in a group that would be removed.
    #[error("children were placed in a group that is left out; end it by its last day")]
    GroupInUse,
    /// There is no such facility.
    #[error("missing")]
    Missing,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl CapacityError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}
