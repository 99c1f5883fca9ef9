//! Families: guardians, their household, children with custody, siblings.
//!
//! Custody of the day is what opens a child and everything that hangs on it: who has it today sees the child and its demand as every
//! other guardian with custody does; for everybody else both are missing. A guardian reads and writes only the own household, so that
//! parents who live apart do not learn each other's address. Children of one household are siblings. Two families may enter the same
//! child: neither learns it from an answer.

mod correction;
mod custody;
mod doubles;
mod enrolment;
pub mod http;
mod invitations;
mod model;
mod protection;
mod store;
mod takeover;

pub use doubles::{known_children, known_siblings};
pub use enrolment::{NewFamily, SecondGuardian, enroll, enroll_sibling};
pub use invitations::{accept_invitation, invite_guardian, revoke_invitation};
pub use model::{
    Address, ChildChange, ChildFacts, Contact, FamilyError, NewChild, NewGuardian, NewHousehold, Restriction, Sex,
    child_label,
};
pub use store::{
    ChildOf, HomeOf, KnownChild, KnownGuardian, PaperChild, Second, born_on, guardians_in, homes_of, insert_many,
};
pub use takeover::{WithoutAccount, take_over, without_account};

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, ChildId, GuardianId};

/// Everybody with custody of the child today, with where to reach them.
pub async fn guardians_of(tx: &mut TenantRead, child: ChildId) -> Result<Vec<Contact>, sqlx::Error> {
    store::contacts_of(tx, child).await
}

/// Name and address on a paper that its reader asks for. Somebody with the reader's mandate does not learn where the family lives.
pub fn address_on_paper(tx: &TenantRead, reader: Option<Contact>) -> Vec<String> {
    let shown = reader.map(|contact| Contact {
        address: contact.address.filter(|_| tx.acting().is_none()),
        ..contact
    });
    shown.map(|contact| contact.address_lines()).unwrap_or_default()
}

/// Whether this account has custody of the child today.
pub async fn has_custody(tx: &mut TenantRead, account: AccountId, child: ChildId) -> Result<bool, sqlx::Error> {
    store::has_custody(tx, account, child).await
}

/// The child's version, and on which ground its data are restricted, where they are.
pub async fn restriction(
    tx: &mut TenantRead,
    child: ChildId,
) -> Result<Option<(i32, Option<Restriction>)>, sqlx::Error> {
    store::restriction(tx, child).await
}

/// Whether the child's data are restricted, and the asker is none of the administrators.
pub async fn is_hidden(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let restricted = store::restriction(tx, child).await?;
    Ok(restricted.is_some_and(|(_, ground)| ground.is_some()) && !tx.is_administrator())
}

/// Whether anybody who has custody of the child today has an account. For the others the office enters what they say.
pub async fn has_account(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    store::has_account(tx, child).await
}

/// Restricts the data of a child, or lifts that: only administrators see them, and nothing of them is deleted.
pub async fn set_restriction(
    tx: &mut TenantTx,
    child: ChildId,
    seen: i32,
    ground: Option<Restriction>,
) -> Result<(), FamilyError> {
    store::lock_child(tx, child).await?;
    let (version, _) = store::restriction(tx, child).await?.ok_or(FamilyError::Missing)?;
    tx.touch_child(child);
    Stale::check(seen, version)?;
    if ground.is_some() && store::has_open_demand(tx, child).await? {
        return Err(FamilyError::DemandOpen);
    }
    // Who cares for a child needs its lists, its sheet and its parents' numbers every day.
    if ground.is_some() && store::has_running_contract(tx, child).await? {
        return Err(FamilyError::ContractRunning);
    }
    if let Some(ground) = ground {
        tx.because(ground.as_str());
    }
    Ok(store::set_restriction(tx, child, ground).await?)
}

/// What other slices may know of a child; who may see it is theirs to ask.
pub async fn child_facts(tx: &mut TenantRead, child: ChildId) -> Result<Option<ChildFacts>, sqlx::Error> {
    store::child_facts(tx, child).await
}

/// Writes the own name; `seen` is 0 the first time.
pub async fn put_guardian(
    tx: &mut TenantTx,
    account: AccountId,
    seen: i32,
    new: NewGuardian,
) -> Result<(), FamilyError> {
    let new = new.checked("")?;
    match store::lock_guardian_of(tx, account).await? {
        None => {
            Stale::check(seen, 0)?;
            let language = tx.language();
            let inserted = store::insert_guardian(tx, Some(account), &new, None, &language).await?;
            // Somebody with the same account was faster, in another window.
            inserted.map(|_| ()).ok_or(Stale { current: 1 }.into())
        }
        Some(guardian) => {
            Stale::check(seen, guardian.version)?;
            store::update_guardian(tx, guardian.id, &new).await?;
            Ok(())
        }
    }
}

/// Writes the own household; `seen` is 0 the first time. Children that live nowhere yet come to live there.
pub async fn put_household(
    tx: &mut TenantTx,
    account: AccountId,
    seen: i32,
    new: NewHousehold,
) -> Result<(), FamilyError> {
    let new = new.checked("")?;
    let guardian = locked_guardian(tx, account).await?;
    let Some(id) = guardian.household_id else {
        Stale::check(seen, 0)?;
        let household = store::insert_household(tx, guardian.id, &new).await?;
        for child in store::house_children(tx, guardian.id, household).await? {
            link_siblings(tx, child).await?;
        }
        return Ok(());
    };
    let current = store::household(tx, id).await?.ok_or(FamilyError::Missing)?;
    Stale::check(seen, current.version)?;
    store::update_household(tx, id, &new).await?;
    Ok(())
}

/// Adds a child to the own family, with custody from today on.
pub async fn add_child(tx: &mut TenantTx, account: AccountId, new: NewChild) -> Result<ChildId, FamilyError> {
    let (today, guardian) = (tx.today(), locked_guardian(tx, account).await?);
    let new = new.checked("", today, None)?;
    let child = store::insert_child(tx, guardian.household_id, &new).await?;
    store::insert_custody(tx, child, guardian.id, today, None).await?;
    link_siblings(tx, child).await?;
    Ok(child)
}

/// Changes what is known of a child.
pub async fn update_child(
    tx: &mut TenantTx,
    account: AccountId,
    child: ChildId,
    seen: i32,
    change: ChildChange,
) -> Result<(), FamilyError> {
    let today = tx.today();
    let row = own_child(tx, account, child).await?;
    Stale::check(seen, row.version)?;
    let before = NewChild {
        first_name: row.first_name,
        last_name: row.last_name,
        sex: row.sex,
        birth_date: row.birth_date,
        expected_birth_date: row.expected_birth_date,
    };
    let changed = before.clone().changed(change).checked("", today, Some(&before))?;
    write_child(tx, child, &before, &changed).await?;
    Ok(())
}

/// Writes what is known of a child. Its places and contracts stand below this module and go by its birth: where that moved, a job counts
/// them again.
async fn write_child(tx: &mut TenantTx, id: ChildId, before: &NewChild, changed: &NewChild) -> Result<(), sqlx::Error> {
    store::update_child(tx, id, changed).await?;
    if before.birth() == changed.birth() {
        return Ok(());
    }
    tx.enqueue_about("FollowBirth", "child_id", id).await
}

/// Removes a child for which no demand was ever made.
pub async fn remove_child(tx: &mut TenantTx, account: AccountId, child: ChildId) -> Result<(), FamilyError> {
    own_child(tx, account, child).await?;
    if store::has_any_demand(tx, child).await? {
        return Err(FamilyError::ChildHasDemand);
    }
    Ok(store::delete_child(tx, child).await?)
}

/// Gives a guardian custody from a day on; `valid_to` is the first day on which it no longer holds.
pub async fn give_custody(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
) -> Result<(), FamilyError> {
    Ok(store::insert_custody(tx, child, guardian, valid_from, valid_to).await?)
}

/// Ends a guardian's custody; on `first_day_without` the child and its demand are missing for them.
pub async fn end_custody(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    first_day_without: NaiveDate,
) -> Result<(), FamilyError> {
    match store::end_custody(tx, child, guardian, first_day_without).await? {
        0 => Err(FamilyError::Missing),
        _ => Ok(()),
    }
}

/// A child of whom the account has custody today, locked; missing otherwise.
async fn own_child(tx: &mut TenantTx, account: AccountId, child: ChildId) -> Result<store::ChildRow, FamilyError> {
    store::lock_child(tx, child).await?;
    let mut rows = store::children_of(tx, account, Some(child)).await?;
    rows.pop().ok_or(FamilyError::Missing)
}

async fn locked_guardian(tx: &mut TenantTx, account: AccountId) -> Result<store::GuardianRow, FamilyError> {
    store::lock_guardian_of(tx, account)
        .await?
        .ok_or(FamilyError::GuardianMissing)
}

/// Makes the children of one household siblings. Demands stand below this module and count siblings, so a job looks at them again.
async fn link_siblings(tx: &mut TenantTx, child: ChildId) -> Result<(), sqlx::Error> {
    if store::link_siblings(tx, child).await? == 0 {
        return Ok(());
    }
    tx.enqueue_about("RecountPoints", "child_id", child).await
}
