//! A family that was entered without an account comes into the account of its guardian.

use super::model::FamilyError;
use super::{link_siblings, store};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, GuardianId};
use crate::platform::names::agree;

pub use store::WithoutAccount;

/// Who has custody of the child today and no account.
pub async fn without_account(tx: &mut TenantRead, child: ChildId) -> Result<Vec<WithoutAccount>, sqlx::Error> {
    store::without_account(tx, child).await
}

/// Gives a guardian without an account to an account, with all of its children, and answers them. Who has entered the own name before
/// keeps it and gets the custody; a child that was entered here once more, and for which nothing was asked yet, goes.
pub async fn take_over(
    tx: &mut TenantTx,
    account: AccountId,
    guardian: GuardianId,
) -> Result<Vec<ChildId>, FamilyError> {
    let own = store::lock_guardian_of(tx, account).await?;
    let before = store::lock_without_account(tx, guardian)
        .await?
        .ok_or(FamilyError::Missing)?;
    let children = store::custody_today(tx, guardian).await?;
    if children.is_empty() {
        return Err(FamilyError::Missing);
    }
    let Some(own) = own else {
        store::give_to_account(tx, guardian, account).await?;
        return Ok(children);
    };
    let mine = store::custody_today(tx, own.id).await?;
    store::move_custody(tx, guardian, own.id).await?;
    if let Some(household) = before.household_id {
        // A protected address stays protected, whatever was entered here since.
        let to = own
            .household_id
            .filter(|_| !before.address_protected)
            .unwrap_or(household);
        store::live_at(tx, own.id, &children, household, to).await?;
    }
    drop_doubles(tx, &mine, &children).await?;
    for child in &children {
        link_siblings(tx, *child).await?;
    }
    Ok(children)
}

/// Removes the children among `mine` who are one of `theirs` and for whom no demand was made.
async fn drop_doubles(tx: &mut TenantTx, mine: &[ChildId], theirs: &[ChildId]) -> Result<(), sqlx::Error> {
    for own in mine.iter().filter(|own| !theirs.contains(own)) {
        let Some(typed) = store::child_facts(tx, *own).await? else {
            continue;
        };
        for known in theirs {
            let Some(known) = store::child_facts(tx, *known).await? else {
                continue;
            };
            let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
                (Some(a), Some(b)) => agree(a, b),
                (None, None) => true,
                _ => false,
            };
            let is_double = typed.birth() == known.birth()
                && same(&typed.first_name, &known.first_name)
                && same(&typed.last_name, &known.last_name);
            if is_double && !store::has_any_demand(tx, *own).await? {
                store::delete_child(tx, *own).await?;
                break;
            }
        }
    }
    Ok(())
}
