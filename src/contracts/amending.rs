//! Changes of an agreed contract: drafted by the provider, signed by both sides as the contract itself, and what follows when they have.

use chrono::NaiveDate;

use super::model::{Agreed, Amending, CareContract, ContractError, ContractState, last_day};
use super::store::{self, AmendmentRow, ContractRow};
use super::{contract, ending, locked, locked_with_places, names_of, signing};
use crate::access::{TenantRead, TenantTx};
use crate::documents::{AmendmentDraft, TermsDraft};
use crate::facilities::{self, Stay};
use crate::families;
use crate::notifications::Message;
use crate::platform::http::Stale;
use crate::platform::ids::{ContractId, GroupId};
use crate::platform::jobs::NewJob;

/// The change of a contract that waits for something, if there is one.
pub(super) async fn open(tx: &mut TenantRead, id: ContractId) -> Result<Option<AmendmentRow>, sqlx::Error> {
    let all = store::amendments(tx, id).await?;
    Ok(all.into_iter().find(AmendmentRow::is_open))
}

impl AmendmentRow {
    /// It goes the contract's own way of signatures.
    pub(super) fn machine(&self) -> CareContract {
        CareContract::in_state(self.state, self.valid_from, self.care_until)
    }

    /// The end that both sides agreed on: a change that says nothing of it leaves it where it is today.
    fn agreed_until(&self, today: NaiveDate) -> NaiveDate {
        let says = |document: &AmendmentDraft| document.before.last_day != document.after.last_day;
        match self.document.as_ref().is_none_or(|document| says(&document.0)) {
            true => self.care_until,
            false => today,
        }
    }
}

/// Whether a contract can be changed: it is agreed, and nobody gave notice.
pub(super) fn may_change(row: &ContractRow, today: NaiveDate) -> bool {
    let agreed = matches!(row.state, ContractState::SignedByProvider | ContractState::Active);
    agreed && row.notice_by.is_none() && today < row.care_until
}

/// What was agreed last before a change with this number.
pub(super) fn agreed_before(first: Agreed, all: &[AmendmentRow], number: i32) -> Agreed {
    let agreed = all
        .iter()
        .rfind(|a| a.number < number && a.state == ContractState::SignedByProvider);
    agreed.map_or(first, AmendmentRow::terms)
}

/// What stands today, before a change that is open: also where the end followed a decision on school entry, which no document says.
pub(super) async fn standing(
    tx: &mut TenantRead,
    row: &ContractRow,
    all: &[AmendmentRow],
) -> Result<Agreed, sqlx::Error> {
    let agreed = agreed_before(store::first_terms(tx, row.id).await?, all, i32::MAX);
    Ok(Agreed {
        care_until: row.care_until,
        ..agreed
    })
}

/// The facility drafts a change, or changes the draft that is open.
pub async fn put_amendment(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    change: Amending,
) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    if !may_change(&row, tx.today()) {
        return Err(ContractError::NoChange);
    }
    let open = open(tx, id).await?;
    if let Some(open) = &open {
        open.machine().edit()?;
    }
    let all = store::amendments(tx, id).await?;
    let before = standing(tx, &row, &all).await?;
    let (change, times) = change.checked(tx.today(), &before)?;
    if let Some(group) = change.group_id {
        group_here(tx, &row, group).await?;
    }
    let until = change.care_until(&before);
    if until > row.care_until {
        has_room(tx, &row, until).await?;
    }
    store::put_amendment(tx, id, open.map(|o| o.id), &change, &times, until).await?;
    contract(tx, id).await
}

async fn group_here(tx: &mut TenantRead, row: &ContractRow, group: GroupId) -> Result<(), ContractError> {
    let basis = facilities::basis(tx, row.facility_id).await?;
    let here = basis.groups.iter().any(|g| g.id == Some(group));
    here.then_some(()).ok_or(ContractError::Missing)
}

/// Said while it is a draft; the signature of the provider asks again under the lock.
async fn has_room(tx: &mut TenantTx, row: &ContractRow, until: NaiveDate) -> Result<(), ContractError> {
    let stay = Stay {
        until,
        ..stay_of(tx, row).await?
    };
    Ok(facilities::may_extend(tx, row.facility_id, row.offer_id, stay).await?)
}

async fn stay_of(tx: &mut TenantRead, row: &ContractRow) -> Result<Stay, ContractError> {
    let child = families::child_facts(tx, row.child_id)
        .await?
        .ok_or(ContractError::Missing)?;
    Ok(Stay {
        child: row.child_id,
        birth: child.birth_date.or(child.expected_birth_date).unwrap_or(row.care_from),
        from: row.care_from,
        until: row.care_until,
    })
}

/// The facility lets an open change be; what was agreed goes on.
pub async fn withdraw_amendment(tx: &mut TenantTx, id: ContractId, seen: i32) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let open = open(tx, id).await?.ok_or(ContractError::NoChange)?;
    store::set_amendment_state(tx, id, open.id, ContractState::Terminated).await?;
    contract(tx, id).await
}

/// What a change says: as it was sent, or as it would be sent now.
pub(super) async fn document_of(
    tx: &mut TenantRead,
    row: &ContractRow,
    change: &AmendmentRow,
    before: &Agreed,
) -> Result<AmendmentDraft, ContractError> {
    if let Some(sent) = &change.document {
        return Ok(sent.0.clone());
    }
    let (child, guardians) = names_of(tx, row.child_id).await?;
    let terms = |agreed: &Agreed, group: Option<String>| TermsDraft {
        hours_per_week: agreed.times.hours_per_week,
        window: agreed.times.window_from.zip(agreed.times.window_to),
        week: agreed.times.week,
        last_day: last_day(agreed.care_until),
        group,
    };
    Ok(AmendmentDraft {
        number: change.number,
        child,
        guardians,
        facility: row.facility_name.clone(),
        provider: row.provider_name.clone(),
        care_from: row.care_from,
        valid_from: change.valid_from,
        before: terms(before, None),
        after: terms(&change.terms(), change.group_name.clone()),
        note: change.note.clone(),
    })
}

/// The facility sends a draft of a change to the guardians.
pub(super) async fn send(tx: &mut TenantTx, row: &ContractRow, change: &AmendmentRow) -> Result<(), ContractError> {
    change.machine().send()?;
    let all = store::amendments(tx, row.id).await?;
    let before = standing(tx, row, &all).await?;
    let document = document_of(tx, row, change, &before).await?;
    store::set_amendment_sent(tx, row.id, change.id, Some(&document)).await?;
    signing::tell(tx, row, change.valid_from, Message::ContractChangeSent).await
}

/// Both sides have signed a change: places, end and group follow it. The places of the facility are locked.
pub(super) async fn agree(tx: &mut TenantTx, row: &ContractRow, change: &AmendmentRow) -> Result<(), ContractError> {
    store::set_amendment_state(tx, row.id, change.id, ContractState::SignedByProvider).await?;
    let until = change.agreed_until(row.care_until);
    if until != row.care_until {
        move_end(tx, row.id, until).await?;
        if until > row.care_until {
            let stay = Stay {
                until,
                ..stay_of(tx, row).await?
            };
            facilities::extend_place(tx, row.offer_id, stay).await?;
        } else {
            facilities::end_place(tx, row.offer_id, until).await?;
            ending::vacated(tx, row.facility_id).await?;
        }
    }
    facilities::times_agreed(tx, row.facility_id).await?;
    if let Some(group) = change.group_id {
        move_to_group(tx, row, change, group).await?;
    }
    signing::tell(tx, row, change.valid_from, Message::ContractChanged).await
}

/// Writes another end; the database holds that a child has no two contracts for one day.
pub(super) async fn move_end(tx: &mut TenantTx, id: ContractId, until: NaiveDate) -> Result<(), ContractError> {
    match store::set_care_until(tx, id, until).await {
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => Err(ContractError::Overlaps),
        other => Ok(other?),
    }
}

/// Tells the groups, which stand below this module, where the child goes.
async fn move_to_group(
    tx: &mut TenantTx,
    row: &ContractRow,
    change: &AmendmentRow,
    group: GroupId,
) -> Result<(), sqlx::Error> {
    let run_at = tx.now();
    tx.enqueue(NewJob {
        kind: "MoveToGroup",
        payload: serde_json::json!({
            "facility_id": row.facility_id, "child_id": row.child_id, "group_id": group, "valid_from": change.valid_from,
        }),
        dedup_key: Some(change.id.to_string()),
        run_at,
    })
    .await
}

/// A change of the contract by its number, or the last one, with what was agreed before it.
pub(super) async fn found(
    tx: &mut TenantRead,
    row: &ContractRow,
    number: Option<i32>,
) -> Result<(AmendmentRow, Agreed), ContractError> {
    let mut all = store::amendments(tx, row.id).await?;
    let at = match number {
        Some(number) => all.iter().position(|a| a.number == number),
        None => all.len().checked_sub(1),
    };
    let at = at.ok_or(ContractError::Missing)?;
    let before = match all[at].is_open() {
        true => standing(tx, row, &all).await?,
        false => agreed_before(store::first_terms(tx, row.id).await?, &all, all[at].number),
    };
    Ok((all.swap_remove(at), before))
}

/// Locks a contract with the places of its facility where a signature could change them.
pub(super) async fn locked_to_agree(tx: &mut TenantTx, id: ContractId) -> Result<ContractRow, ContractError> {
    if open(tx, id).await?.is_some() {
        return locked_with_places(tx, id).await;
    }
    locked(tx, id).await
}
