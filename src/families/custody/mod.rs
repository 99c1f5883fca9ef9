//! Custody over time, by the office: begin, end and correct it, each time with a ground of a fixed list.
//!
//! The new day counts from the next request on: access is asked anew each time, messages that wait for somebody without custody are taken
//! back, and the child moves into the household of who has it. Somebody always keeps custody.

mod http;
mod model;
mod store;

pub(super) use http::routes;
use model::{CustodyChange, NewCustody, Reason};

use super::model::FamilyError;
use super::store as family;
use crate::access::{TenantRead, TenantTx};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, CustodyId, GuardianId};

/// A child that the office knows; drafts are the families' own business.
pub(super) async fn known(tx: &mut TenantRead, child: ChildId) -> Result<(), FamilyError> {
    if store::is_known(tx, child).await? && !super::is_hidden(tx, child).await? {
        tx.touch_child(child);
        Ok(())
    } else {
        Err(FamilyError::Missing)
    }
}

/// Gives another person custody: who has an account with this address sees the child from then on, everybody else gets letters or mails.
async fn add(tx: &mut TenantTx, child: ChildId, new: NewCustody) -> Result<CustodyId, FamilyError> {
    known(tx, child).await?;
    family::lock_child(tx, child).await?;
    let new = new.checked(tx.today())?;
    let guardian = guardian_for(tx, &new).await?;
    let id = store::insert(tx, child, guardian, new.valid_from, new.valid_to).await?;
    let id = id.ok_or(FamilyError::HasCustody)?;
    note(tx, child, guardian, (new.valid_from, new.valid_to), new.reason).await?;
    tx.touch(id);
    Ok(id)
}

/// The guardian behind the address, if there is one of this name; a new one otherwise.
async fn guardian_for(tx: &mut TenantTx, new: &NewCustody) -> Result<GuardianId, FamilyError> {
    let person = new.guardian();
    let behind = match &new.email {
        Some(email) => store::behind(tx, email).await?,
        None => None,
    };
    let account = match behind {
        Some(found) => match (found.guardian_id, found.last_name) {
            (Some(id), Some(name)) if name.to_lowercase() == person.last_name.to_lowercase() => return Ok(id),
            (Some(_), _) => {
                return Err(Invalid::one("/last_name", "other_name", "the account is of another name").into());
            }
            (None, _) => Some(found.account_id),
        },
        None => None,
    };
    let email = new.email.as_deref().filter(|_| account.is_none());
    let made = family::insert_guardian(tx, account, &person, email, &new.language).await?;
    // The account was looked up in this very transaction and has no guardian yet.
    made.ok_or(FamilyError::Missing)
}

/// Changes the time in which a guardian has custody.
async fn change(tx: &mut TenantTx, id: CustodyId, seen: i32, change: CustodyChange) -> Result<ChildId, FamilyError> {
    let (child, _) = store::of(tx, id).await?.ok_or(FamilyError::Missing)?;
    known(tx, child).await?;
    family::lock_child(tx, child).await?;
    let (_, version) = store::of(tx, id).await?.ok_or(FamilyError::Missing)?;
    Stale::check(seen, version)?;
    let change = change.checked(tx.today())?;
    let guardian = store::update(tx, id, change.valid_from, change.valid_to)
        .await
        .map_err(overlap)?;
    let today = tx.today();
    let ends = change.valid_to.filter(|day| *day > today);
    for day in std::iter::once(today).chain(ends) {
        if !store::somebody_on(tx, child, day).await? {
            return Err(FamilyError::NobodyLeft);
        }
    }
    if !change.holds_on(today) {
        store::withdraw_messages(tx, child, guardian).await?;
        store::move_child(tx, child, guardian).await?;
    }
    note(tx, child, guardian, (change.valid_from, change.valid_to), change.reason).await?;
    tx.touch(id);
    Ok(child)
}

async fn note(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    time: model::Time,
    reason: Reason,
) -> Result<(), sqlx::Error> {
    tx.because(reason.as_str());
    store::note(tx, child, guardian, time, reason).await
}

/// The database holds that a guardian has custody of a child once at a time.
fn overlap(error: sqlx::Error) -> FamilyError {
    match error.as_database_error().and_then(|db| db.code()).as_deref() {
        Some("23P01") => FamilyError::HasCustody,
        _ => error.into(),
    }
}
