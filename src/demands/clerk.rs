//! What the office does with a demand that was sent: confirm it, note a difference to the register, note evidence, end it.
//!
//! A draft is the family's own business and missing for the office.

use super::model::{DemandEnd, DemandState, EvidenceNote, Finding};
use super::staff::note;
use super::store::{self, Change, DemandRow};
use super::writing::child_of;
use super::{DemandError, demand_for_update, end_demand, recompute_points};
use crate::access::TenantTx;
use crate::notifications::{self, ChildInitial, Ending, Message};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, CriterionId, DemandId};

/// A clerk confirms a demand: facilities may offer from now on, and the family is told.
pub async fn confirm(tx: &mut TenantTx, id: DemandId, seen: i32) -> Result<(), DemandError> {
    let row = sent(tx, id, seen).await?;
    let confirmed = row.machine().confirm()?;
    store::change_demand(tx, &row, &confirmed, Change::of("confirmed")).await?;
    let message = Message::DemandConfirmed {
        demand_id: id,
        reference_code: row.reference_code.clone().unwrap_or_default(),
        child: initial(tx, &row).await?,
    };
    Ok(notifications::tell_family(tx, row.child_id, id, &message).await?)
}

/// Notes whether the register knows other data. That stands beside the state: it moves no date and stops nothing.
pub async fn set_register_mismatch(
    tx: &mut TenantTx,
    id: DemandId,
    seen: i32,
    differs: bool,
) -> Result<(), DemandError> {
    let row = sent(tx, id, seen).await?;
    if row.register_mismatch == differs {
        return Ok(());
    }
    store::set_register_mismatch(tx, id, differs).await?;
    let kind = if differs { "register_mismatch" } else { "register_match" };
    Ok(store::note_change(tx, &row, Change::of(kind)).await?)
}

/// The same by a check of the register: what is noted already stays, and a demand that has ended is left alone. It should be locked.
pub async fn note_register(tx: &mut TenantTx, id: DemandId, differs: bool) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    let waits = matches!(
        row.state,
        DemandState::Submitted | DemandState::Confirmed | DemandState::InAllocation | DemandState::OfferPending
    );
    if row.register_mismatch == differs || !waits {
        return Ok(());
    }
    store::set_register_mismatch(tx, id, differs).await?;
    let kind = if differs { "register_mismatch" } else { "register_match" };
    Ok(store::note_change(tx, &row, Change::of(kind)).await?)
}

/// Ends a demand without a place, with all that hangs on it, and tells the family why. That there is no claim needs an explanation.
pub async fn close(
    tx: &mut TenantTx,
    id: DemandId,
    seen: i32,
    end: DemandEnd,
    explanation: Option<String>,
) -> Result<(), DemandError> {
    let row = sent(tx, id, seen).await?;
    let explanation = note(explanation)?;
    if end == DemandEnd::NotEntitled && explanation.is_none() {
        return Err(Invalid::one("/note", "required", "say why there is no claim").into());
    }
    if end == DemandEnd::Expired && !store::is_unanswered(tx, id).await? {
        return Err(Invalid::one("/state", "not_unanswered", "the family was not asked in vain").into());
    }
    end_demand(tx, &row, end, explanation.as_deref()).await?;
    tell_ended(tx, &row, end, explanation).await
}

/// Tells the family that its demand ended without a place.
pub(super) async fn tell_ended(
    tx: &mut TenantTx,
    row: &DemandRow,
    end: DemandEnd,
    explanation: Option<String>,
) -> Result<(), DemandError> {
    let message = Message::DemandEnded {
        demand_id: row.id,
        reference_code: row.reference_code.clone().unwrap_or_default(),
        child: initial(tx, row).await?,
        ending: match end {
            DemandEnd::Withdrawn => Ending::Withdrawn,
            DemandEnd::Expired => Ending::Expired,
            DemandEnd::NotEntitled => Ending::NotEntitled,
            DemandEnd::MovedAway => Ending::MovedAway,
            DemandEnd::Superseded => Ending::Superseded,
        },
        explanation,
    };
    Ok(notifications::tell_family(tx, row.child_id, row.id, &message).await?)
}

/// Notes in the history of a child's open demands that its family took them over into an account.
pub async fn note_claimed(tx: &mut TenantTx, child: ChildId) -> Result<(), DemandError> {
    for id in store::open_of_child(tx, child).await? {
        let row = demand_for_update(tx, id).await?;
        store::note_change(tx, &row, Change::of("claimed")).await?;
    }
    Ok(())
}

/// Notes that evidence for a claimed criterion was seen, or does not suffice; the points follow at once.
pub async fn record_evidence(
    tx: &mut TenantTx,
    id: DemandId,
    criterion: CriterionId,
    seen: i32,
    evidence: EvidenceNote,
) -> Result<(), DemandError> {
    let row = sent(tx, id, seen).await?;
    let fact = store::answered(tx, id, criterion).await?.ok_or(DemandError::Missing)?;
    row.machine().examine()?;
    if !fact.claimed {
        return Err(DemandError::NotClaimed);
    }
    let evidence = evidence.checked(tx.today())?;
    store::save_evidence(tx, id, criterion, evidence.state.as_str(), evidence.valid_until).await?;
    let kind = match evidence.state {
        Finding::Seen => "evidence_seen",
        Finding::Rejected => "evidence_rejected",
    };
    let change = Change {
        reason: Some(&fact.title),
        ..Change::of(kind)
    };
    store::note_change(tx, &row, change).await?;
    recompute_points(tx, id).await
}

/// A demand that was sent, locked, in the version that the clerk saw.
pub(super) async fn sent(tx: &mut TenantTx, id: DemandId, seen: i32) -> Result<DemandRow, DemandError> {
    let row = demand_for_update(tx, id).await?;
    if row.state == DemandState::Draft {
        return Err(DemandError::Missing);
    }
    tx.touch(id);
    tx.touch_child(row.child_id);
    Stale::check(seen, row.version)?;
    Ok(row)
}

async fn initial(tx: &mut TenantTx, row: &DemandRow) -> Result<ChildInitial, DemandError> {
    let child = child_of(tx, row.child_id).await?;
    Ok(ChildInitial::of(child.first_name.as_deref()))
}
