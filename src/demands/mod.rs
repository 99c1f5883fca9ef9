//! Care demands and their facility preferences: what a family asks of the municipality, and which facilities it wishes.
//!
//! A demand goes to the municipality and may assert the legal claim; a preference goes to one facility. Both are state machines
//! (`model`), and every change of state writes its line in the history. Offers stand below this module and tell it what happened:
//! [`offer_sent`], [`offer_ended`], [`offer_accepted`], each in the offer's own transaction. This module never calls them; where a
//! withdrawal takes the ground from an open offer it leaves a job (`ReleaseOffers`).
//!
//! Lock order: facility (place pool) → demand → offer. Every command here locks the demand before it looks at its preferences, so a
//! preference needs no lock of its own; who needs the facility's places locks them before calling.

pub mod http;
pub mod jobs;
mod model;
mod placing;
mod staff;
mod store;

pub use model::{
    CareDemand, DemandEnd, DemandState, FacilityPreference, Listed, OfferEnd, PreferenceState, RefuseReason,
    TransitionError,
};
pub use placing::{contract_started, end_demand, offer_accepted, offer_ended, offer_sent, withdraw_preference};
pub use store::{DemandRow, PreferenceRow};

use crate::access::{TenantRead, TenantTx};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{DemandId, PreferenceId};

/// What can stand against a command on a demand or preference.
#[derive(Debug, thiserror::Error)]
pub enum DemandError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Its state does not allow it.
    #[error(transparent)]
    Transition(#[from] TransitionError),
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

/// A demand, locked until the transaction ends.
pub async fn demand_for_update(tx: &mut TenantTx, id: DemandId) -> Result<DemandRow, DemandError> {
    store::demand_for_update(tx, id).await?.ok_or(DemandError::Missing)
}

/// A preference, without a lock: who sends an offer learns the facility from it, locks that, and then takes [`preference_for_update`].
pub async fn preference(tx: &mut TenantRead, id: PreferenceId) -> Result<PreferenceRow, DemandError> {
    store::preference(tx, id).await?.ok_or(DemandError::Missing)
}

/// A preference whose demand is locked until the transaction ends.
pub async fn preference_for_update(tx: &mut TenantTx, id: PreferenceId) -> Result<PreferenceRow, DemandError> {
    store::preference_for_update(tx, id).await?.ok_or(DemandError::Missing)
}
