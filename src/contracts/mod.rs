//! Care contracts. For now each is a draft that follows from an accepted offer, with child, facility, scope and dates.
//!
//! A child has no two contracts for the same day: the database holds it, whatever else happens.

pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::{ContractError, ContractState, NewContract};

use crate::access::TenantTx;
use crate::platform::ids::ContractId;

/// Writes the draft that follows from an accepted offer.
pub async fn draft_from_offer(tx: &mut TenantTx, new: &NewContract) -> Result<ContractId, ContractError> {
    let id = ContractId::new();
    match store::insert(tx, id, new).await {
        Ok(()) => Ok(id),
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => Err(ContractError::Overlaps),
        Err(error) => Err(error.into()),
    }
}
