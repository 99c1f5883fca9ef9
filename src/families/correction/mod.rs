//! Corrections by the office (Art. 16 GDPR): for families without an account, which cannot correct their data themselves.
//!
//! Where somebody has an account, the data are that person's to change. A protected address is changed by who works on the case.

mod http;
mod model;
mod store;

pub(super) use http::routes;
use model::GuardianCorrection;

use super::model::{ChildChange, FamilyError, NewChild, NewHousehold};
use super::{custody, store as family, write_child};
use crate::access::TenantTx;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, GuardianId, HouseholdId};

async fn guardian(tx: &mut TenantTx, id: GuardianId, seen: i32, new: GuardianCorrection) -> Result<i32, FamilyError> {
    let found = store::guardian_for_update(tx, id).await?.ok_or(FamilyError::Missing)?;
    let children = store::children_of_guardian(tx, id).await?;
    touch(tx, &children).await?;
    tx.touch(id);
    Stale::check(seen, found.version)?;
    if found.has_account {
        return Err(FamilyError::HasAccount);
    }
    let new = new.checked()?;
    family::update_guardian(tx, id, &new.guardian()).await?;
    Ok(store::set_contact(tx, id, new.email.as_deref(), &new.language).await?)
}

async fn child(tx: &mut TenantTx, id: ChildId, seen: i32, change: ChildChange) -> Result<i32, FamilyError> {
    custody::known(tx, id).await?;
    family::lock_child(tx, id).await?;
    let (before, version) = store::child(tx, id).await?.ok_or(FamilyError::Missing)?;
    Stale::check(seen, version)?;
    if family::has_account(tx, id).await? {
        return Err(FamilyError::HasAccount);
    }
    let changed: NewChild = before.clone().changed(change).checked("", tx.today(), Some(&before))?;
    write_child(tx, id, &before, &changed).await?;
    Ok(version + 1)
}

async fn household(tx: &mut TenantTx, id: HouseholdId, seen: i32, new: NewHousehold) -> Result<i32, FamilyError> {
    let found = store::household_for_update(tx, id).await?.ok_or(FamilyError::Missing)?;
    let children = store::children_of_household(tx, id).await?;
    touch(tx, &children).await?;
    tx.touch(id);
    Stale::check(seen, found.version)?;
    if found.has_account {
        return Err(FamilyError::HasAccount);
    }
    let works_on_it = found.case_worker.is_some() && found.case_worker == tx.account().map(|a| a.id);
    if found.address_protected && !works_on_it {
        return Err(FamilyError::NotCaseWorker);
    }
    let new = new.checked("")?;
    Ok(family::update_household(tx, id, &new).await?)
}

/// Names the children for the audit; a family of which the office knows none is missing.
async fn touch(tx: &mut TenantTx, children: &[ChildId]) -> Result<(), FamilyError> {
    let mut is_known = false;
    for child in children {
        is_known |= custody::known(tx, *child).await.is_ok();
    }
    if is_known { Ok(()) } else { Err(FamilyError::Missing) }
}
