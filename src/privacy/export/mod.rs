//! A whole copy of what is stored about a person, and of nobody else: for a guardian the own data and those of the children in custody today,
//! for whoever has an account what that account holds, and of a childminder the own place.
//!
//! The copy has the tables as they are, without the columns that are about somebody else (who of the staff did it, other families in a
//! list) or that are a secret. Who reads it finds the tables described in `docs/operator/personendaten.txt`.

mod store;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::access::{Role, TenantRead};
use crate::families::{self, FamilyError};
use crate::lists::{self, SheetError};
use crate::platform::crypto::Vault;
use crate::platform::ids::{AccountId, FacilityId, GuardianId};
use crate::statistics::{self, EntryError};

/// The format's name; the number changes when a table or column changes its meaning.
pub(super) const FORMAT: &str = "kitaplatz-auskunft/1";

/// What can stand against a copy.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    /// A care sheet cannot be opened.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// What was entered for the statistics cannot be opened.
    #[error(transparent)]
    Survey(#[from] EntryError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Whether the office may hand its copy to a guardian: one without an account, whose children are restricted for nobody, and, where the
/// address is protected, by who works on the case.
pub(super) async fn may_copy(tx: &mut TenantRead, guardian: GuardianId) -> Result<AccountId, FamilyError> {
    let found = store::applicant(tx, guardian).await?.ok_or(FamilyError::Missing)?;
    let key = AccountId(guardian.0);
    for child in store::subject(tx, key).await?.children {
        if families::is_hidden(tx, child).await? {
            return Err(FamilyError::Missing);
        }
    }
    if found.has_account {
        return Err(FamilyError::HasAccount);
    }
    if found.address_protected && (found.case_worker.is_none() || found.case_worker != tx.account().map(|a| a.id)) {
        return Err(FamilyError::NotCaseWorker);
    }
    Ok(key)
}

/// The rows by table.
pub(super) async fn family(
    tx: &mut TenantRead,
    vault: &Vault,
    account: AccountId,
) -> Result<BTreeMap<&'static str, Vec<Value>>, CopyError> {
    let subject = store::subject(tx, account).await?;
    for child in &subject.children {
        tx.touch_child(*child);
    }
    let mut tables = BTreeMap::new();
    store::person(tx, &subject, &mut tables).await?;
    store::children(tx, &subject, &mut tables).await?;
    store::demands(tx, &subject, &mut tables).await?;
    store::places(tx, &subject, &mut tables).await?;
    store::contracts(tx, &subject, &mut tables).await?;
    store::office(tx, &subject, &mut tables).await?;
    store::decisions(tx, &subject, &mut tables).await?;
    store::records(tx, &subject, &mut tables).await?;
    // Sealed in the database, so it is opened for the copy.
    tables.insert(
        "care_sheet",
        lists::sheets_for_copy(tx, vault, &subject.children).await?,
    );
    tables.insert("survey_child", statistics::copy(tx, vault, &subject.children).await?);
    Ok(tables)
}

/// The rows by table of who asks: the account, and of a childminder the own place. None where no person asks.
pub(super) async fn account(tx: &mut TenantRead) -> Result<Option<BTreeMap<&'static str, Vec<Value>>>, sqlx::Error> {
    let Some(asker) = tx.account() else { return Ok(None) };
    let id = asker.id;
    let minds = asker.grants.iter().filter(|grant| grant.role == Role::Childminder);
    let own: Vec<FacilityId> = minds.flat_map(|grant| grant.facilities.iter().copied()).collect();
    let mut tables = BTreeMap::new();
    store::own(tx, id, &mut tables).await?;
    store::childminder(tx, &own, &mut tables).await?;
    Ok(Some(tables))
}
