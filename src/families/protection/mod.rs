//! Protected addresses (§ 51 BMG): one named person of the office reads them, with a ground, and every time leaves an alert in the audit.
//!
//! A clerk takes a case that nobody has; everything else is an administrator's to name. The address stands in no other answer.

mod http;
mod model;
mod store;

pub(super) use http::routes;
use model::{ProtectedAddress, Purpose};

use super::model::FamilyError;
use crate::access::TenantTx;
use crate::notifications::{self, Message};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, HouseholdId};

/// Names who works on the case of a protected household, or nobody.
async fn set_case_worker(
    tx: &mut TenantTx,
    id: HouseholdId,
    seen: i32,
    worker: Option<AccountId>,
) -> Result<(), FamilyError> {
    let household = store::protected_for_update(tx, id).await?.ok_or(FamilyError::Missing)?;
    touch(tx, id).await?;
    Stale::check(seen, household.version)?;
    if let Some(worker) = worker
        && !store::is_office(tx, worker).await?
    {
        return Err(Invalid::one("/account_id", "unknown", "no clerk or administrator of this office").into());
    }
    let me = tx.account().map(|a| a.id);
    let names_others = tx.is_administrator();
    let takes_or_leaves = match (household.case_worker, worker) {
        (None, wanted) => wanted == me,
        (current, wanted) => current == me && (wanted.is_none() || wanted == me),
    };
    if !names_others && !takes_or_leaves {
        return Err(FamilyError::AdminNames);
    }
    Ok(store::set_case_worker(tx, id, worker).await?)
}

/// The address, for who works on the case.
async fn read_address(tx: &mut TenantTx, id: HouseholdId, purpose: Purpose) -> Result<ProtectedAddress, FamilyError> {
    let household = store::protected_for_update(tx, id).await?.ok_or(FamilyError::Missing)?;
    touch(tx, id).await?;
    tx.because(purpose.as_str());
    if household.case_worker.is_none() || household.case_worker != tx.account().map(|a| a.id) {
        return Err(FamilyError::NotCaseWorker);
    }
    let address = store::address(tx, id).await?.ok_or(FamilyError::Missing)?;
    let message = Message::ProtectedAddressRead { at: tx.now() };
    notifications::tell_administrators(tx, &message).await?;
    Ok(address)
}

async fn touch(tx: &mut TenantTx, id: HouseholdId) -> Result<(), sqlx::Error> {
    tx.touch(id);
    for child in store::children(tx, id).await? {
        tx.touch_child(child);
    }
    Ok(())
}
