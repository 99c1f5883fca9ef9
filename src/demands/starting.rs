//! The wished start of a demand that was sent: it may move as long as nobody has decided by it.
//!
//! The day on which the demand arrived stays, and with it every order by that day. An earlier start is news to the municipality: its notice
//! period begins anew, though never to the family's harm.

use chrono::NaiveDate;

use super::model::{DemandChange, DemandState, StartRules, check_start, due_after_move};
use super::store::{self, DemandRow};
use super::writing::child_of;
use super::{DemandError, demand_for_update};
use crate::access::{TenantRead, TenantTx};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::ids::DemandId;
use crate::{residence, tenancy};

/// The new start of a demand that was sent, if a change names another one than it has.
pub(super) fn moved_to(row: &DemandRow, change: &DemandChange) -> Option<NaiveDate> {
    let start = change
        .desired_start
        .flatten()
        .filter(|start| Some(*start) != row.desired_start);
    start.filter(|_| row.state != DemandState::Draft)
}

/// Refuses to move the start once somebody decides by it.
pub(super) async fn may_move(tx: &mut TenantRead, row: &DemandRow) -> Result<(), DemandError> {
    match row.state {
        DemandState::InAllocation => Err(DemandError::StartInRound),
        DemandState::OfferPending => Err(DemandError::StartUnderOffer),
        DemandState::Submitted | DemandState::Confirmed => match store::is_frozen(tx, &[row.id]).await? {
            true => Err(DemandError::StartInRound),
            false => Ok(()),
        },
        _ => Err(DemandError::NotEditable),
    }
}

/// The first day on which the municipality can owe a place that it hears of on a day.
pub(super) async fn notice_ends(
    tx: &mut TenantRead,
    demand: DemandId,
    said_on: NaiveDate,
) -> Result<NaiveDate, sqlx::Error> {
    let months = tenancy::settings(tx).await?.notice_period_months;
    let begins = residence::clock_begins(tx, demand, said_on).await?;
    Ok(residence::legal_due_on(begins, begins, months))
}

/// Checks a new start as at sending, and moves the day on which a claim is due.
pub(super) async fn move_start(
    tx: &mut TenantTx,
    row: &DemandRow,
    start: NaiveDate,
    said_on: NaiveDate,
) -> Result<(), DemandError> {
    let child = child_of(tx, row.child_id).await?;
    let rules = StartRules {
        birth: child.birth(),
        start_age_months: tenancy::settings(tx).await?.earliest_start_age_months,
    };
    check_start(start, rules, said_on)?;
    if let Some((due, was)) = row.legal_due_on.zip(row.desired_start) {
        let ends = notice_ends(tx, row.id, said_on).await?;
        store::set_legal_due(tx, row.id, due_after_move(due, was, start, ends)).await?;
    }
    Ok(())
}

/// Tells the family in writing which start holds now.
pub(super) async fn tell_moved(tx: &mut TenantTx, id: DemandId) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    let (Some(reference_code), Some(start)) = (row.reference_code.clone(), row.desired_start) else {
        return Ok(());
    };
    let child = child_of(tx, row.child_id).await?;
    let message = Message::StartChanged {
        demand_id: id,
        reference_code,
        child: ChildInitial::of(child.first_name.as_deref()),
        start,
        legal_due_on: row.legal_due_on,
    };
    Ok(notifications::tell_family(tx, row.child_id, id, &message).await?)
}
