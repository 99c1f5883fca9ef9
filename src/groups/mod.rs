//! The group board: which child is in which group on a day, and what that means for places, ages and staff.
//!
//! Warnings stop nothing: the people there decide. Who was where stays on record by its validity; a child is in one group at a time.

pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::{Board, BoardChild, BoardGroup, GroupWarning, NewPlacement};

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::facilities;
use crate::platform::fields::Invalid;
use crate::platform::ids::FacilityId;

/// What can stand against a place in a group.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// There is no such facility, group or child with a contract here, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// The children of a facility on a day, by group.
pub async fn board(tx: &mut TenantRead, facility: FacilityId, day: NaiveDate) -> Result<Board, GroupError> {
    if !tx.scope().covers(facility) {
        return Err(GroupError::Missing);
    }
    let name = facilities::facility_name(tx, facility).await?;
    let facility_name = name.ok_or(GroupError::Missing)?;
    let basis = facilities::basis(tx, facility).await?;
    let rule = facilities::staffing_rule(tx, day).await?;
    let entries = facilities::school_entries_on(tx, day).await?;
    let children = store::children(tx, facility, day).await?;
    Ok(model::board(
        facility_name,
        day,
        &basis,
        rule.as_ref(),
        &children,
        &entries,
    ))
}

/// From a day on a child is in a group, or in none; what was planned for it after that day is replaced, what was before stays.
pub async fn place(tx: &mut TenantTx, facility: FacilityId, new: &NewPlacement) -> Result<(), GroupError> {
    if !tx.scope().covers(facility) {
        return Err(GroupError::Missing);
    }
    new.check()?;
    // The child's contract is the row that moves of the same child wait for.
    if !store::lock_contract(tx, facility, new.child_id, new.valid_from).await? {
        return Err(GroupError::Missing);
    }
    if let Some(group) = new.group_id
        && !store::group_is_here(tx, facility, group).await?
    {
        return Err(GroupError::Missing);
    }
    store::end_placements(tx, facility, new.child_id, new.valid_from).await?;
    if let Some(group) = new.group_id {
        store::insert_placement(tx, facility, group, new).await?;
    }
    Ok(())
}
