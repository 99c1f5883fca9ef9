//! Counsellors: a guardian gives somebody whom the family trusts a mandate for named children, to look or also to act in the family's name,
//! for a time. The office records a mandate on paper the same way. Whoever accepted it acts by it in a session of their own; every event then
//! names both. The family, the office or the counsellor ends it with one click, and the next request is refused.
//!
//! What a mandate opens is decided in `access`: which actions, and by a row-level policy on custody which children.

pub mod http;
mod model;
mod store;

pub use model::{Ender, MandateError, MandateState, NewMandate};
use store::{Row, Which};

use crate::access::{TenantRead, TenantTx};
use crate::families;
use crate::notifications::{self, Message, Recipient};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, ChildId, GuardianId, MandateId};

/// A guardian gives a mandate for own children.
pub async fn give(tx: &mut TenantTx, account: AccountId, new: NewMandate) -> Result<MandateId, MandateError> {
    let guardian = store::guardian_of(tx, account).await?;
    let guardian = guardian.ok_or(MandateError::GuardianMissing)?;
    let open = store::list(tx, &given_by(account)).await?;
    if open.iter().filter(|row| state(tx, row).is_open()).count() >= model::MOST_OPEN {
        return Err(MandateError::TooMany);
    }
    write(tx, guardian, new, None).await
}

/// The office records a mandate on paper.
pub async fn record(tx: &mut TenantTx, guardian: GuardianId, new: NewMandate) -> Result<MandateId, MandateError> {
    let clerk = tx.account().map(|account| account.id);
    let children = new.child_ids.clone();
    let id = write(tx, guardian, new, clerk).await?;
    // The family hears of every mandate in its name, whoever entered it.
    for child in children {
        tell_guardian(tx, guardian, child, id).await?;
    }
    Ok(id)
}

async fn write(
    tx: &mut TenantTx,
    guardian: GuardianId,
    new: NewMandate,
    recorded_by: Option<AccountId>,
) -> Result<MandateId, MandateError> {
    let new = new.checked(tx.today())?;
    let own = store::in_custody(tx, guardian, &new.child_ids).await?;
    if own.len() != new.child_ids.len() {
        return Err(Invalid::one("/child_ids", "unknown", "no child in this person's custody").into());
    }
    let id = store::insert(tx, guardian, &new, recorded_by).await?;
    tx.touch(id);
    new.child_ids.iter().for_each(|child| tx.touch_child(*child));
    // The language of the address is unknown; the municipality's first one is German.
    let message = Message::MandateOffered {
        name: new.name.clone(),
        may_act: new.may_act,
        valid_until: new.valid_until,
    };
    notifications::enqueue(tx, Recipient::address(new.email, "de"), message).await?;
    Ok(id)
}

/// Tells the guardian in whose name it is that there is a mandate; once, though it names several children.
async fn tell_guardian(
    tx: &mut TenantTx,
    guardian: GuardianId,
    child: ChildId,
    id: MandateId,
) -> Result<(), MandateError> {
    let row = find(tx, id).await?;
    if row.child_ids.first() != Some(&child) {
        return Ok(());
    }
    let contacts = families::guardians_of(tx, child).await?;
    if let Some(contact) = contacts.into_iter().find(|contact| contact.guardian_id == guardian) {
        let message = Message::MandateBegan {
            name: row.name,
            may_act: row.may_act,
            valid_until: row.valid_until,
        };
        let to = Recipient::guardian(guardian, contact.account_id, contact.email, contact.language);
        notifications::enqueue(tx, to, message).await?;
    }
    Ok(())
}

/// Whoever is offered a mandate takes it on.
pub async fn accept(tx: &mut TenantTx, account: AccountId, id: MandateId) -> Result<(), MandateError> {
    let row = taken(tx, account, id).await?;
    if row.guardian_account == Some(account) {
        return Err(MandateError::OwnFamily);
    }
    match state(tx, &row) {
        MandateState::Active => return Ok(()),
        MandateState::Offered => store::accept(tx, id, account).await?,
        MandateState::Expired | MandateState::Ended => return Err(MandateError::Over),
    }
    if let Some(child) = row.child_ids.first() {
        tell_guardian(tx, row.guardian_id, *child, id).await?;
    }
    Ok(())
}

/// From the next request on the own session acts in the family's name.
pub async fn act(tx: &mut TenantTx, account: AccountId, id: MandateId) -> Result<(), MandateError> {
    let row = taken(tx, account, id).await?;
    match state(tx, &row) {
        MandateState::Active => Ok(store::set_acting(tx, Some(id)).await?),
        MandateState::Offered => Err(MandateError::NotAccepted),
        MandateState::Expired | MandateState::Ended => Err(MandateError::Over),
    }
}

/// The own session acts for itself again.
pub async fn stop(tx: &mut TenantTx) -> Result<(), MandateError> {
    Ok(store::set_acting(tx, None).await?)
}

/// The family takes an own mandate back.
pub async fn withdraw(tx: &mut TenantTx, account: AccountId, id: MandateId) -> Result<(), MandateError> {
    let which = Which {
        id: Some(id),
        ..given_by(account)
    };
    end(tx, which, Ender::Family, None).await
}

/// The counsellor gives a mandate back, or does not take it on.
pub async fn give_back(tx: &mut TenantTx, account: AccountId, id: MandateId) -> Result<(), MandateError> {
    let which = Which {
        id: Some(id),
        taken_by: Some(account),
        ..Which::default()
    };
    end(tx, which, Ender::Counsellor, None).await
}

/// The office ends a mandate.
pub async fn end_by_office(tx: &mut TenantTx, id: MandateId, seen: i32) -> Result<ChildId, MandateError> {
    let which = Which {
        id: Some(id),
        ..Which::default()
    };
    let row = find(tx, id).await?;
    let child = row.child_ids.first().copied().ok_or(MandateError::Missing)?;
    end(tx, which, Ender::Office, Some(seen)).await?;
    Ok(child)
}

/// Ending what has ended changes nothing.
async fn end(tx: &mut TenantTx, which: Which, by: Ender, seen: Option<i32>) -> Result<(), MandateError> {
    if let Some(id) = which.id {
        store::lock(tx, id).await?;
    }
    let row = store::list(tx, &which).await?.pop().ok_or(MandateError::Missing)?;
    name(tx, &row);
    if let Some(seen) = seen {
        Stale::check(seen, row.version)?;
    }
    if row.ended_at.is_none() {
        store::end(tx, row.id, by).await?;
    }
    Ok(())
}

/// A mandate that this account took on, or could.
async fn taken(tx: &mut TenantTx, account: AccountId, id: MandateId) -> Result<Row, MandateError> {
    store::lock(tx, id).await?;
    let which = Which {
        id: Some(id),
        taken_by: Some(account),
        ..Which::default()
    };
    let row = store::list(tx, &which).await?.pop().ok_or(MandateError::Missing)?;
    name(tx, &row);
    Ok(row)
}

async fn find(tx: &mut TenantRead, id: MandateId) -> Result<Row, MandateError> {
    let which = Which {
        id: Some(id),
        ..Which::default()
    };
    store::list(tx, &which).await?.pop().ok_or(MandateError::Missing)
}

/// Names the mandate and its children for the audit.
fn name(tx: &mut TenantRead, row: &Row) {
    tx.touch(row.id);
    row.child_ids.iter().for_each(|child| tx.touch_child(*child));
}

fn given_by(account: AccountId) -> Which {
    Which {
        given_by: Some(account),
        ..Which::default()
    }
}

fn state(tx: &TenantRead, row: &Row) -> MandateState {
    MandateState::of(row.ended_at, row.accepted_at, row.valid_until, tx.today())
}
