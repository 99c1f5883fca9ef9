//! Getting to know each other: an appointment per preference, with a mail and a calendar file, and the facility's own notes.
//!
//! An appointment is one for a preference: a change or a cancellation is the next version of it, so that a calendar takes it over. Notes
//! are for the facility's people and the office; the family does not see them on its pages, but has a right to be told (Art. 15 GDPR).

mod calendar;
pub mod http;
mod model;
mod store;

pub use model::NewVisit;

use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandError, PreferenceRow, PreferenceState};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, PreferenceId, PreferenceNoteId, VisitId};
use crate::{facilities, families, tenancy};

/// What can stand against an appointment or a note.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// The preference has ended.
    #[error("this preference has ended")]
    Ended,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The preference stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

fn me(tx: &TenantRead) -> Result<AccountId, VisitError> {
    tx.account().map(|a| a.id).ok_or(VisitError::Missing)
}

/// A preference within the scope; missing otherwise.
async fn within(tx: &mut TenantRead, id: PreferenceId) -> Result<PreferenceRow, VisitError> {
    let row = match demands::preference(tx, id).await {
        Err(DemandError::Missing) => return Err(VisitError::Missing),
        other => other?,
    };
    if row.state == PreferenceState::Draft || !tx.scope().covers(row.facility_id) {
        return Err(VisitError::Missing);
    }
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row)
}

/// Plans an appointment or changes it; the family gets a mail with the way to its calendar file. `seen` is 0 where there was none.
pub async fn plan(tx: &mut TenantTx, id: PreferenceId, seen: i32, new: NewVisit) -> Result<(), VisitError> {
    within(tx, id).await?;
    // The demand's lock, so that two managers do not plan at once.
    let row = demands::preference_for_update(tx, id).await?;
    if !row.state.is_live() {
        return Err(VisitError::Ended);
    }
    let (new, by) = (new.checked(tx.now())?, me(tx)?);
    Stale::check(seen, store::version(tx, id).await?.unwrap_or(0))?;
    let visit = store::put(tx, id, &new, by).await?;
    tell(tx, &row, visit, Some(&new)).await
}

/// Cancels an appointment; the family is told.
pub async fn cancel(tx: &mut TenantTx, id: PreferenceId, seen: i32) -> Result<(), VisitError> {
    within(tx, id).await?;
    let row = demands::preference_for_update(tx, id).await?;
    let version = store::version(tx, id).await?.ok_or(VisitError::Missing)?;
    Stale::check(seen, version)?;
    let Some(visit) = store::cancel(tx, id).await? else {
        return Ok(());
    };
    tell(tx, &row, visit, None).await
}

async fn tell(tx: &mut TenantTx, row: &PreferenceRow, visit: VisitId, at: Option<&NewVisit>) -> Result<(), VisitError> {
    let facility = facilities::facility_name(tx, row.facility_id)
        .await?
        .unwrap_or_default();
    let child = families::child_facts(tx, row.child_id).await?;
    let child = ChildInitial::of(child.as_ref().and_then(|c| c.first_name.as_deref()));
    let office = tenancy::contact(tx).await?.office;
    let visits = store::visits(tx, &store::Which::Of(row.id)).await?;
    let calendar = visits
        .last()
        .map(|visit| calendar::file(visit, &office, tx.now(), "de"));
    let message = match at {
        Some(new) => Message::VisitPlanned {
            visit_id: visit,
            demand_id: row.demand_id,
            facility,
            child,
            starts_at: new.starts_at,
            place: new.place.clone(),
            calendar,
        },
        None => Message::VisitCancelled {
            demand_id: row.demand_id,
            facility,
            child,
            calendar,
        },
    };
    Ok(notifications::tell_family(tx, row.child_id, row.demand_id, &message).await?)
}

/// Writes a note: at most 1,000 characters, no control characters but line ends.
pub async fn add_note(tx: &mut TenantTx, id: PreferenceId, words: &str) -> Result<PreferenceNoteId, VisitError> {
    within(tx, id).await?;
    let by = me(tx)?;
    let mut fields = Fields::new();
    let words = fields.text(words, "/words", 1000);
    fields.check(!words.chars().any(|c| c.is_control() && c != '\n'), "/words", "invalid");
    fields.finish()?;
    Ok(store::add_note(tx, id, words, by).await?)
}

/// Removes a note.
pub async fn remove_note(tx: &mut TenantTx, id: PreferenceId, note: PreferenceNoteId) -> Result<(), VisitError> {
    within(tx, id).await?;
    if store::remove_note(tx, id, note).await? {
        Ok(())
    } else {
        Err(VisitError::Missing)
    }
}
