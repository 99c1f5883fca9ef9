//! Providers, facilities and childminders as they are entered and shown; closing days.

mod model;
mod store;

pub use model::{FacilityBrief, PlacesNow};

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::access::TenantRead;
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;

/// A facility's name, `None` when there is no such facility in the tenant.
pub async fn facility_name(tx: &mut TenantRead, id: FacilityId) -> Result<Option<String>, sqlx::Error> {
    Ok(facility_brief(tx, id).await?.map(|f| f.name))
}

/// What letters and contracts say of a facility.
pub async fn facility_brief(tx: &mut TenantRead, id: FacilityId) -> Result<Option<FacilityBrief>, sqlx::Error> {
    Ok(store::briefs(tx, &[id]).await?.pop())
}

/// The same for many at once, sorted by name; unknown ids are left out.
pub async fn facility_briefs(tx: &mut TenantRead, ids: &[FacilityId]) -> Result<Vec<FacilityBrief>, sqlx::Error> {
    store::briefs(tx, ids).await
}

/// What is bookable this month at facilities whose capacity is known.
pub async fn places_now(tx: &mut TenantRead, ids: &[FacilityId]) -> Result<Vec<PlacesNow>, sqlx::Error> {
    let month = month_of(tx.today());
    store::places_now(tx, ids, month).await
}

/// Days from `from` to `to`, both included, on which the tenant or the facility is closed.
pub async fn closing_days_between(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<BTreeSet<NaiveDate>, sqlx::Error> {
    let days = store::closing_days_between(tx, facility, from, to).await?;
    Ok(days.into_iter().collect())
}
