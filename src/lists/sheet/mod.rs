//! The care sheet of a child: who may pick it up, and what it must not eat or touch. Written by the family, or by the facility for it.
//!
//! Health data (Art. 9 GDPR): only with consent, sealed in the database, seen by the facility that has the contract and by nobody else, gone
//! soon after care has ended.

pub(super) mod http;
pub(super) mod model;
mod store;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::{TenantRead, TenantTx};
use crate::families;
use crate::platform::crypto::{SealError, Vault};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, FacilityId, TenantId};
use model::{CareSheet, Entries, NewCareSheet};

/// What can stand against a care sheet.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// There is no such child, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Nobody cares for the child.
    #[error("no facility has a contract for this child")]
    NoContract,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// It could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Who asks: somebody with custody, or a facility that cares for the child.
#[derive(Clone, Copy)]
enum By {
    Guardian,
    Facility(FacilityId),
}

/// Where a sealed sheet belongs; it cannot be opened elsewhere.
fn place(tenant: TenantId, child: ChildId) -> String {
    format!("{}/care_sheet/{child}/sheet", tenant.0)
}

/// A sealed sheet of a tenant, opened for who takes all of its data out: a JSON object on a line of its own.
pub fn opened(vault: &Vault, tenant: TenantId, child: ChildId, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let sheet: Value = serde_json::from_slice(&vault.open(&place(tenant, child), sealed)?).map_err(|_| SealError)?;
    let mut line = serde_json::to_vec(&json!({"child_id": child, "sheet": sheet})).map_err(|_| SealError)?;
    line.push(b'\n');
    Ok(line)
}

/// Names the child for the audit, and refuses whoever may not see its sheet. A facility sees it from the draft of its contract to the end
/// of care.
async fn allow(tx: &mut TenantRead, child: ChildId, by: By) -> Result<(), SheetError> {
    let may = match by {
        By::Guardian => {
            let me = tx.account().map(|a| a.id).ok_or(SheetError::Missing)?;
            families::has_custody(tx, me, child).await?
        }
        By::Facility(facility) => {
            tx.scope().covers(facility)
                && store::has_contract(tx, child, Some(facility)).await?
                && !families::is_hidden(tx, child).await?
        }
    };
    if !may {
        return Err(SheetError::Missing);
    }
    tx.touch_child(child);
    Ok(())
}

/// The sheet as it stands; an empty one of version 0 where nobody wrote any.
async fn read(tx: &mut TenantRead, vault: &Vault, child: ChildId) -> Result<CareSheet, SheetError> {
    let row = store::sheet(tx, child).await?;
    let entries = match &row {
        Some(row) => {
            serde_json::from_slice(&vault.open(&place(tx.tenant_id(), child), &row.sheet)?).map_err(|_| SealError)?
        }
        None => Entries::default(),
    };
    let known = families::child_facts(tx, child).await?.ok_or(SheetError::Missing)?;
    let language = &tx.language();
    Ok(CareSheet {
        child_label: families::child_label(known.first_name.as_deref(), known.last_name.as_deref(), language),
        writable: store::has_contract(tx, child, None).await?,
        entries,
        health_consent_at: row.as_ref().and_then(|row| row.health_consent_at),
        version: row.map_or(0, |row| row.version),
    })
}

/// Writes the whole sheet; `seen` is 0 where there was none.
async fn write(
    tx: &mut TenantTx,
    vault: &Vault,
    child: ChildId,
    seen: i32,
    new: NewCareSheet,
) -> Result<(), SheetError> {
    let new = new.checked(tx.today())?;
    if !store::has_contract(tx, child, None).await? {
        return Err(SheetError::NoContract);
    }
    let before = store::sheet_for_update(tx, child).await?;
    Stale::check(seen, before.as_ref().map_or(0, |row| row.version))?;
    let consent = new.health_consent.then(|| {
        let since = before.and_then(|row| row.health_consent_at);
        since.unwrap_or(tx.now())
    });
    let plain = serde_json::to_vec(&new.entries).map_err(|_| SealError)?;
    let sealed = vault.seal(&place(tx.tenant_id(), child), &plain)?;
    Ok(store::put(tx, child, &sealed, consent).await?)
}

/// The sheets of children, opened, for a list of the facility that cares for them.
pub(super) async fn of_children(
    tx: &mut TenantRead,
    vault: &Vault,
    children: &[ChildId],
) -> Result<BTreeMap<ChildId, Entries>, SheetError> {
    let mut opened = BTreeMap::new();
    for row in store::sheets(tx, children).await? {
        let plain = vault.open(&place(tx.tenant_id(), row.child_id), &row.sheet)?;
        opened.insert(row.child_id, serde_json::from_slice(&plain).map_err(|_| SealError)?);
    }
    Ok(opened)
}

/// The rows of the table for a family's copy, opened.
pub async fn copy(tx: &mut TenantRead, vault: &Vault, children: &[ChildId]) -> Result<Vec<Value>, SheetError> {
    let mut rows = Vec::new();
    for row in store::sheets(tx, children).await? {
        let plain = vault.open(&place(tx.tenant_id(), row.child_id), &row.sheet)?;
        let sheet: Value = serde_json::from_slice(&plain).map_err(|_| SealError)?;
        rows.push(json!({
            "child_id": row.child_id, "sheet": sheet, "health_consent_at": row.health_consent_at,
            "updated_at": row.updated_at, "version": row.version,
        }));
    }
    Ok(rows)
}

/// Deletes the sheets of children whose care ended before a day; answers how many there were.
pub async fn forget(tx: &mut TenantTx, cutoff: chrono::NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    store::forget(tx, cutoff, n).await
}

/// How many such sheets there are, and since when the oldest is there.
pub async fn forgettable(
    tx: &mut TenantRead,
    cutoff: chrono::NaiveDate,
) -> Result<(i64, Option<chrono::DateTime<chrono::Utc>>), sqlx::Error> {
    store::forgettable(tx, cutoff).await
}
