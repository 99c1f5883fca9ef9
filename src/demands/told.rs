//! What a family without an account says on the telephone, by letter or in person, and the office enters for it: the family's own
//! commands, with the day and the way in the history. Who has an account answers there.

use super::clerk::{close, sent};
use super::model::DemandEnd;
use super::store::{self, Change};
use super::writing::child_of;
use super::{DemandError, demand_for_update, renew};
use crate::access::TenantTx;
use crate::families;
use crate::notifications::{self, ChildInitial, DemandNow, Message, Said, Told};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, DemandId};

/// What a family without an account says about its demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaysOfDemand {
    /// It still needs the place.
    StillNeeded,
    /// It needs it no more.
    Withdrawn,
}

/// The office enters what the family said about its demand.
pub async fn record_answer(
    tx: &mut TenantTx,
    id: DemandId,
    seen: i32,
    says: SaysOfDemand,
    told: Told,
) -> Result<(), DemandError> {
    let told = check_told_of(tx, id, seen, told).await?;
    match says {
        SaysOfDemand::StillNeeded => {
            renew(tx, id).await?;
            note_told(tx, id, Said::StillNeeded, told).await?;
            tell_recorded(tx, id, None, Said::StillNeeded, told).await
        }
        SaysOfDemand::Withdrawn => {
            note_told(tx, id, Said::Withdrawn, told).await?;
            close(tx, id, seen, DemandEnd::Withdrawn, None).await
        }
    }
}

/// The same words of a demand that was sent, in the version that was seen, where the family can have said them and has no account.
pub async fn check_told_of(tx: &mut TenantTx, id: DemandId, seen: i32, told: Told) -> Result<Told, DemandError> {
    let row = sent(tx, id, seen).await?;
    let today = tx.today();
    let told = told.checked(row.submitted_at.map_or(today, berlin_date), today)?;
    check_told(tx, row.child_id).await?;
    Ok(told)
}

/// Refuses to speak for a family of which a guardian with custody has an account; a child whose data are restricted is missing.
pub async fn check_told(tx: &mut TenantTx, child: ChildId) -> Result<(), DemandError> {
    if families::is_hidden(tx, child).await? {
        return Err(DemandError::Missing);
    }
    if families::has_account(tx, child).await? {
        return Err(DemandError::HasAccount);
    }
    Ok(())
}

/// Writes into the history what the family said, on which day, and how; who entered it is the line's actor.
pub async fn note_told(tx: &mut TenantTx, demand: DemandId, said: Said, told: Told) -> Result<(), DemandError> {
    tx.because(told.by.as_str());
    let row = demand_for_update(tx, demand).await?;
    let change = Change {
        reason: Some(said.as_str()),
        told: Some(told),
        ..Change::of("told")
    };
    Ok(store::note_change(tx, &row, change).await?)
}

/// Tells the family what was entered in its name, so that it can object.
pub async fn tell_recorded(
    tx: &mut TenantTx,
    demand: DemandId,
    facility: Option<String>,
    said: Said,
    told: Told,
) -> Result<(), DemandError> {
    let row = demand_for_update(tx, demand).await?;
    let child = child_of(tx, row.child_id).await?;
    let now = match said {
        Said::Changed => Some(DemandNow {
            facilities: store::wished_names(tx, demand).await?,
            desired_start: row.desired_start,
            legal_due_on: row.legal_due_on,
            hours_per_week: row.hours_per_week,
            latest_start: row.latest_start,
        }),
        _ => None,
    };
    let message = Message::AnswerRecorded {
        demand_id: demand,
        child: ChildInitial::of(child.first_name.as_deref()),
        facility,
        said,
        told_on: told.on,
        told_by: told.by,
        now,
    };
    Ok(notifications::tell_family(tx, row.child_id, demand, &message).await?)
}
