//! Care contracts. For now each is a draft that follows from an accepted offer, with child, facility, scope and dates.
//!
//! A child has no two contracts for the same day: the database holds it, whatever else happens.

pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::{ContractError, ContractState, NewContract};

pub use store::PresentPlace;

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, ContractId};

/// Writes the draft that follows from an accepted offer.
pub async fn draft_from_offer(tx: &mut TenantTx, new: &NewContract) -> Result<ContractId, ContractError> {
    let id = ContractId::new();
    match store::insert(tx, id, new).await {
        Ok(()) => Ok(id),
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => Err(ContractError::Overlaps),
        Err(error) => Err(error.into()),
    }
}

/// The places that a child has by contract on some of these days.
pub async fn present_places(
    tx: &mut TenantRead,
    child: ChildId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PresentPlace>, sqlx::Error> {
    store::present_places(tx, child, from, until).await
}

/// The place that a child has by contract today, or the next one that it will have.
pub async fn place_of(tx: &mut TenantRead, child: ChildId) -> Result<Option<PresentPlace>, sqlx::Error> {
    let today = tx.today();
    let places = store::present_places(tx, child, today, NaiveDate::MAX).await?;
    Ok(places.into_iter().min_by_key(|place| place.care_from))
}

/// The child goes elsewhere on this day: a contract that began before ends with it, one that would begin later does not come about.
pub async fn leave_for(tx: &mut TenantTx, present: &PresentPlace, day: NaiveDate) -> Result<(), sqlx::Error> {
    store::leave_on(tx, present.contract_id, day).await
}
