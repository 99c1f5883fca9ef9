//! What a facility's places rest on: permits, groups, staff, closures, contingents, and the staffing keys of the tenant.
//!
//! Invariant: every change derives the facility's places anew in the same transaction. What is so (a permit, staff, a closure) is
//! entered also when it leaves fewer places than were promised; what is a choice (a contingent) takes only from what is free.

pub(in crate::facilities) mod http;
mod model;
pub(super) mod read;
mod store;

pub use model::{Basis, Closure, Contingent, Group, Permit, PermitPlaces, Staff, holds};

use serde_json::Map;

use super::model::{self as ladder, CapacityError};
use super::staffing::{NewStaffingKey, shipped};
use super::{Known, lock_places, rebuild};
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::month_of;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{FacilityId, GroupId, StaffingKeyId};
use crate::versions::{self, Content, Kind, Subject};

/// Writes what a facility's places rest on, whole; `seen` is the version that the person saw, 0 for a facility that said nothing yet.
pub async fn put_basis(tx: &mut TenantTx, facility: FacilityId, new: Basis, seen: i32) -> Result<(), CapacityError> {
    if !tx.scope().covers(facility) || !super::store::lock_facility(tx, facility).await? {
        return Err(CapacityError::Missing);
    }
    lock_places(tx, facility).await?;
    Stale::check(seen, store::version(tx, facility).await?)?;
    let new = new.checked()?;
    check_substitute(tx, facility, &new).await?;
    versions::keep(
        tx,
        &Subject::of(Kind::Basis, facility),
        async |tx| content(tx, facility).await,
        async |tx| write(tx, facility, &new).await,
    )
    .await
}

async fn write(tx: &mut TenantTx, facility: FacilityId, new: &Basis) -> Result<(), CapacityError> {
    let base = month_of(tx.today());
    let before = Known::load(tx, facility, base).await?;
    put_groups(tx, facility, new).await?;
    store::replace(tx, facility, new).await?;
    let after = Known::load(tx, facility, base).await?;
    if before.site.basis.contingents != after.site.basis.contingents {
        check_contingents(&before, &after, base)?;
    }
    Ok(rebuild(tx, facility).await?)
}

/// Changes a childminder's licence, and keeps what its places rest on then as a version.
pub(in crate::facilities) async fn keep_licence<T, E: From<sqlx::Error>>(
    tx: &mut TenantTx,
    facility: FacilityId,
    change: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
) -> Result<T, E> {
    // The places first: in the same order as somebody who writes permits and staff meanwhile.
    lock_places(tx, facility).await?;
    let subject = Subject::of(Kind::Basis, facility);
    versions::keep(tx, &subject, async |tx| content(tx, facility).await, change).await
}

/// What stands, as its versions keep it: the substitute by name, and a childminder's licences.
async fn content(tx: &mut TenantRead, facility: FacilityId) -> Result<Content, sqlx::Error> {
    let basis = read::bases(tx, &[facility]).await?.remove(&facility);
    let substitute = store::substitute(tx, facility).await?.map(|(_, name)| name);
    let licences = read::childminders(tx, &[facility]).await?.remove(&facility);
    let licences = licences.filter(|licences| !licences.is_empty());
    let mut fields = Map::new();
    if basis.is_some() || substitute.is_some() {
        let said = serde_json::to_value(basis.unwrap_or_default()).unwrap_or_default();
        fields.extend(said.as_object().cloned().unwrap_or_default());
        fields.remove("substitute_id");
        fields.insert("substitute".into(), substitute.into());
    }
    if let Some(licences) = licences {
        fields.insert("licences".into(), serde_json::to_value(licences).unwrap_or_default());
    }
    Ok(if fields.is_empty() {
        Content::default()
    } else {
        Content::of(fields.into())
    })
}

/// A contingent takes from what is free: it may not leave fewer places than were promised where there were enough without it.
fn check_contingents(before: &Known, after: &Known, base: chrono::NaiveDate) -> Result<(), CapacityError> {
    let mut without = after.clone();
    without.site.basis.contingents = before.site.basis.contingents.clone();
    for ((without, _), (figures, taken)) in without.bands().iter().zip(&after.bands()) {
        ladder::check_promises(without, figures, taken, base)?;
    }
    Ok(())
}

async fn check_substitute(tx: &mut TenantTx, facility: FacilityId, new: &Basis) -> Result<(), CapacityError> {
    let Some(substitute) = new.substitute_id else {
        return Ok(());
    };
    let known = substitute != facility && super::store::facility_exists(tx, substitute).await?;
    if known {
        Ok(())
    } else {
        Err(Invalid::one("/substitute_id", "unknown", "there is no such other facility").into())
    }
}

/// Keeps the groups that are named, makes those without an id, and removes the others unless children were placed in them.
async fn put_groups(tx: &mut TenantTx, facility: FacilityId, new: &Basis) -> Result<(), CapacityError> {
    let known = store::group_ids(tx, facility).await?;
    for (n, group) in new.groups.iter().enumerate() {
        if group.id.is_some_and(|id| !known.contains(&id)) {
            return Err(Invalid::one(format!("/groups/{n}/id"), "unknown", "there is no such group here").into());
        }
    }
    let kept: Vec<GroupId> = new.groups.iter().filter_map(|g| g.id).collect();
    let gone: Vec<GroupId> = known.into_iter().filter(|id| !kept.contains(id)).collect();
    if store::any_placed(tx, &gone).await? {
        return Err(CapacityError::GroupInUse);
    }
    Ok(store::clear(tx, facility, &gone).await?)
}

/// A staffing key with where it comes from.
pub struct StaffingKey {
    /// The tenant's own; `None`: of the federal state, as it comes with the product.
    pub id: Option<StaffingKeyId>,
    /// The key.
    pub key: NewStaffingKey,
}

/// The staffing keys of a tenant by their first day; on the same day the tenant's own goes before the federal state's.
pub async fn staffing_keys(tx: &mut TenantRead) -> Result<Vec<StaffingKey>, sqlx::Error> {
    let of_state = shipped(&tx.tenant().federal_state).into_iter();
    let mut keys: Vec<_> = of_state.map(|key| StaffingKey { id: None, key }).collect();
    keys.extend(store::own_keys(tx).await?);
    keys.sort_by_key(|k| (k.key.valid_from, k.id.is_some()));
    Ok(keys)
}

/// Adds a staffing key of the tenant's own and derives the places of all facilities with staff anew.
pub async fn add_staffing_key(tx: &mut TenantTx, new: NewStaffingKey) -> Result<StaffingKeyId, CapacityError> {
    let (id, new) = (StaffingKeyId::new(), new.checked()?);
    if !store::insert_key(tx, id, &new).await? {
        return Err(Invalid::one("/valid_from", "taken", "another key begins on this day").into());
    }
    // In the order of their ids, as everybody locks who locks several.
    for facility in store::with_staff(tx).await? {
        lock_places(tx, facility).await?;
        rebuild(tx, facility).await?;
    }
    Ok(id)
}
