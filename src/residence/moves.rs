//! Movers-in: the day of the move, what shows it, and the clock of the legal claim that waits for it.

use chrono::NaiveDate;

use super::model::{Evidence, NewMove, legal_due_on};
use super::store::{self, DemandRow, MoveRow};
use super::{ResidenceError, guests};
use crate::access::{TenantRead, TenantTx};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::DemandId;
use crate::tenancy;

/// Locks the demand, and its move in the version that the person saw; none is version 0.
async fn seen(
    tx: &mut TenantTx,
    demand: DemandId,
    version: i32,
) -> Result<(DemandRow, Option<MoveRow>), ResidenceError> {
    let row = store::lock_demand(tx, demand).await?.ok_or(ResidenceError::Missing)?;
    tx.touch(demand);
    tx.touch_child(row.child_id);
    let moving = store::moving(tx, demand).await?;
    Stale::check(version, moving.as_ref().map_or(0, |m| m.version))?;
    if row.has_ended() {
        return Err(ResidenceError::NotRunning);
    }
    Ok((row, moving))
}

/// Notes that the family moves here, or changes what was noted. Whoever was noted as a guest is none any more. What was seen stays while
/// the day and the place do.
pub async fn plan(tx: &mut TenantTx, demand: DemandId, version: i32, new: NewMove) -> Result<(), ResidenceError> {
    let (row, before) = seen(tx, demand, version).await?;
    if before.as_ref().is_some_and(MoveRow::is_proven) {
        return Err(ResidenceError::Proven);
    }
    let new = new.checked(before.as_ref().map(|b| b.move_on), tx.today())?;
    store::put_move(tx, demand, row.child_id, &new).await?;
    store::delete_guest(tx, demand).await?;
    Ok(move_clock(tx, demand, &row, Some(new.move_on)).await?)
}

/// The family does not move here.
pub async fn cancel(tx: &mut TenantTx, demand: DemandId, version: i32) -> Result<(), ResidenceError> {
    let (row, before) = seen(tx, demand, version).await?;
    if before.ok_or(ResidenceError::NoMove)?.is_proven() {
        return Err(ResidenceError::Proven);
    }
    drop_move(tx, demand).await?;
    if row.is_running() {
        guests::mark_again(tx, demand, row.child_id).await?;
    }
    Ok(())
}

/// Takes a move away and lets the clock run as without one.
pub(super) async fn drop_move(tx: &mut TenantTx, demand: DemandId) -> Result<(), ResidenceError> {
    let row = store::lock_demand(tx, demand).await?.ok_or(ResidenceError::Missing)?;
    if store::delete_move(tx, demand).await? {
        move_clock(tx, demand, &row, None).await?;
    }
    Ok(())
}

/// The office has seen what shows the move; the paper is given back.
pub async fn record_evidence(
    tx: &mut TenantTx,
    demand: DemandId,
    version: i32,
    evidence: Evidence,
    seen_on: NaiveDate,
) -> Result<(), ResidenceError> {
    let (_, moving) = seen(tx, demand, version).await?;
    let moving = moving.ok_or(ResidenceError::NoMove)?;
    if moving.is_proven() {
        return Err(ResidenceError::Proven);
    }
    if evidence == Evidence::Register {
        return Err(Invalid::one("/evidence", "not_expected", "the register check notes this by itself").into());
    }
    if seen_on > tx.today() {
        return Err(Invalid::one("/seen_on", "in_future", "").into());
    }
    Ok(store::set_evidence(tx, demand, evidence, seen_on).await?)
}

/// The register of residents knows the child here: a move that waits for its proof is proven.
pub async fn registered(tx: &mut TenantTx, demand: DemandId) -> Result<(), sqlx::Error> {
    let today = tx.today();
    let moving = store::moving(tx, demand).await?;
    if moving.is_some_and(|m| !m.is_proven() && m.move_on <= today) {
        store::set_evidence(tx, demand, Evidence::Register, today).await?;
    }
    Ok(())
}

/// The day from which the clock of a legal claim runs that was asserted on a day: for movers not before they live here.
pub async fn clock_begins(
    tx: &mut TenantRead,
    demand: DemandId,
    asserted: NaiveDate,
) -> Result<NaiveDate, sqlx::Error> {
    let moving = store::moving(tx, demand).await?;
    Ok(moving.map_or(asserted, |m| m.move_on.max(asserted)))
}

/// Sets the day on which a claim is due anew.
async fn move_clock(
    tx: &mut TenantTx,
    demand: DemandId,
    row: &DemandRow,
    move_on: Option<NaiveDate>,
) -> Result<(), sqlx::Error> {
    let (Some(asserted), Some(start)) = (row.asserted_on(), row.desired_start) else {
        return Ok(());
    };
    let months = tenancy::settings(tx).await?.notice_period_months;
    let begins = move_on.map_or(asserted, |day| day.max(asserted));
    let due = legal_due_on(begins, start, months);
    store::set_legal_due(tx, demand, due).await
}
