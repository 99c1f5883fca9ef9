//! Providers, facilities and childminders as they are entered and shown; closing days.

mod closing_days;
pub(super) mod http;
mod model;
mod store;

pub use closing_days::close_days;

pub use model::{CatalogueError, FacilityBrief, FacilityInput, Facts, Licence, PlacesNow, ProviderInput};
pub(super) use model::{hour_minute, search_words};

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::month_of;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{FacilityId, ProviderId};

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

/// Days from `from` to `to`, both included, on which the whole municipality is closed.
pub async fn closing_days_of_all(
    tx: &mut TenantRead,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<BTreeSet<NaiveDate>, sqlx::Error> {
    let days = store::closing_days_of_all(tx, from, to).await?;
    Ok(days.into_iter().collect())
}

/// Makes a provider; refused when another of the tenant has its name.
pub async fn create_provider(tx: &mut TenantTx, new: ProviderInput) -> Result<ProviderId, CatalogueError> {
    let (id, new) = (ProviderId::new(), new.checked()?);
    if store::insert_provider(tx, id, &new).await? {
        Ok(id)
    } else {
        Err(CatalogueError::NameTaken)
    }
}

/// Changes a provider of the version that the person saw.
pub async fn update_provider(
    tx: &mut TenantTx,
    id: ProviderId,
    new: ProviderInput,
    seen: i32,
) -> Result<(), CatalogueError> {
    let version = store::provider_version(tx, id).await?.ok_or(CatalogueError::Missing)?;
    Stale::check(seen, version)?;
    let new = new.checked()?;
    if store::name_is_taken(tx, id, &new.name).await? {
        return Err(CatalogueError::NameTaken);
    }
    Ok(store::update_provider(tx, id, &new).await?)
}

/// Makes a facility. Its capacity is unknown until somebody enters it.
pub async fn create_facility(tx: &mut TenantTx, new: FacilityInput) -> Result<FacilityId, CatalogueError> {
    let id = FacilityId::new();
    let facts = new.applied_to(&Facts::default())?;
    put(tx, id, &facts).await?;
    Ok(id)
}

/// Changes a facility of the version that the person saw. Whose it is, what it is and the licence are the office's to change.
pub async fn update_facility(
    tx: &mut TenantTx,
    id: FacilityId,
    change: FacilityInput,
    seen: i32,
) -> Result<(), CatalogueError> {
    if !tx.scope().covers(id) {
        return Err(CatalogueError::Missing);
    }
    let (facts, version) = store::facts_for_update(tx, id).await?.ok_or(CatalogueError::Missing)?;
    Stale::check(seen, version)?;
    if tx.scope().facilities().is_some() && change.names_office_matters() {
        return Err(Invalid::one(
            "/provider_id",
            "not_allowed",
            "provider, kind and licence are changed by the office",
        )
        .into());
    }
    let facts = change.applied_to(&facts)?;
    put(tx, id, &facts).await
}

async fn put(tx: &mut TenantTx, id: FacilityId, facts: &Facts) -> Result<(), CatalogueError> {
    if let Some(provider) = facts.provider_id
        && store::provider_version(tx, provider).await?.is_none()
    {
        return Err(Invalid::one("/provider_id", "unknown", "there is no such provider").into());
    }
    store::put_facts(tx, id, facts).await?;
    super::capacity::keep_licence(tx, id, async |tx| {
        store::put_licence(tx, id, facts.licence).await?;
        Ok(super::capacity::licence_changed(tx, id).await?)
    })
    .await
}

/// What is known of a facility; nothing when there is none.
pub(super) async fn facts_of(tx: &mut TenantTx, id: FacilityId) -> Result<Facts, sqlx::Error> {
    Ok(store::facts_for_update(tx, id)
        .await?
        .map(|(facts, _)| facts)
        .unwrap_or_default())
}

/// Writes a facility as a list has it: what the list does not say stays empty, so the checks for people's input do not fit.
pub(super) async fn put_imported(tx: &mut TenantTx, id: FacilityId, facts: &Facts) -> Result<(), sqlx::Error> {
    store::put_facts(tx, id, facts).await
}

/// Grants a childminder's licence from a day on; places are counted by it.
pub async fn grant_licence(tx: &mut TenantTx, id: FacilityId, licence: Licence) -> Result<(), sqlx::Error> {
    super::capacity::keep_licence(tx, id, async |tx| {
        store::put_licence(tx, id, Some(licence)).await?;
        store::mark_changed(tx, id).await?;
        super::capacity::licence_changed(tx, id).await
    })
    .await
}

/// Ends the licence that holds on a day with that day, and takes away what was to follow; answers whether one held beyond it.
pub async fn end_licence(tx: &mut TenantTx, id: FacilityId, last_day: NaiveDate) -> Result<bool, sqlx::Error> {
    super::capacity::keep_licence(tx, id, async |tx| {
        if !store::end_licence(tx, id, last_day).await? {
            return Ok(false);
        }
        store::mark_changed(tx, id).await?;
        super::capacity::licence_changed(tx, id).await?;
        Ok(true)
    })
    .await
}
