//! The check against the register of residents: an adapter answers `match | no_match | several | unavailable`, and a child that it cannot
//! know yet is `pending`.
//!
//! A result is a note for a clerk: it moves no date, stops nothing, and never becomes a reason by itself. A match takes a noted difference
//! back, no match notes one; anything else leaves what was noted.

mod csv_list;
pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::RegisterResult;
pub use store::CheckRow;

use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandError};
use crate::platform::ids::DemandId;
use crate::residence;
use csv_list::{Adapter, CsvList};
use model::{Person, result};

/// What can stand against a check.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// There is no such demand, or it was not sent.
    #[error("missing")]
    Missing,
    /// The demand stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// The newest result of a demand, if it was ever checked.
pub async fn newest(tx: &mut TenantRead, demand: DemandId) -> Result<Option<CheckRow>, sqlx::Error> {
    store::newest(tx, demand).await
}

/// Compares the child of a sent demand with the register and keeps the result.
pub async fn check(tx: &mut TenantTx, demand: DemandId) -> Result<RegisterResult, RegisterError> {
    let found = look_up(tx, demand).await?;
    keep(tx, demand, found).await?;
    Ok(found)
}

/// The same for what was left open; the same answer again is not kept.
async fn check_again(tx: &mut TenantTx, demand: DemandId) -> Result<(), RegisterError> {
    let found = look_up(tx, demand).await?;
    let before = store::newest(tx, demand).await?;
    if before.is_none_or(|check| check.result != found) {
        keep(tx, demand, found).await?;
    }
    Ok(())
}

async fn look_up(tx: &mut TenantTx, demand: DemandId) -> Result<RegisterResult, RegisterError> {
    let row = match demands::demand_for_update(tx, demand).await {
        Err(DemandError::Missing) => return Err(RegisterError::Missing),
        other => other?,
    };
    if row.submitted_at.is_none() {
        return Err(RegisterError::Missing);
    }
    tx.touch(demand);
    tx.touch_child(row.child_id);
    let moving = residence::of_demand(tx, demand).await?.moving;
    if moving.is_some_and(|m| !m.is_proven() && m.move_on > tx.today()) {
        // Before it moves here the register cannot know it.
        return Ok(RegisterResult::Pending);
    }
    let child = store::child(tx, row.child_id).await?.ok_or(RegisterError::Missing)?;
    let (Some(born_on), Some(first_names), Some(last_name)) = (child.birth_date, child.first_name, child.last_name)
    else {
        return Ok(RegisterResult::Pending);
    };
    let person = Person {
        first_names,
        last_name,
        postal_code: child.postal_code,
    };
    let answer = CsvList.look_up(tx, &person, born_on).await?;
    Ok(result(answer, born_on, tx.today()))
}

async fn keep(tx: &mut TenantTx, demand: DemandId, found: RegisterResult) -> Result<(), RegisterError> {
    store::add_check(tx, demand, found, CsvList.name()).await?;
    match found {
        RegisterResult::Match => {
            demands::note_register(tx, demand, false).await?;
            residence::registered(tx, demand).await?;
        }
        RegisterResult::NoMatch => demands::note_register(tx, demand, true).await?,
        RegisterResult::Several | RegisterResult::Unavailable | RegisterResult::Pending => {}
    }
    Ok(())
}
