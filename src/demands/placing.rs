//! What an offer and a contract do to the demand and its preferences, in the transaction of the offer.

use super::model::{DemandEnd, DemandState, OfferEnd, PreferenceState};
use super::store::{self, Change, DemandRow, PreferenceRow};
use super::{DemandError, demand_for_update, preference_for_update};
use crate::access::TenantTx;
use crate::platform::ids::{ChildId, DemandId, PreferenceId};
use crate::tenancy::{self, AllocationMode, Settings};

/// A round was released with this demand in it. One that waits from a round before stays as it is.
pub async fn enter_allocation(tx: &mut TenantTx, demand: DemandId) -> Result<(), DemandError> {
    let demand = demand_for_update(tx, demand).await?;
    if demand.state != DemandState::InAllocation {
        let entered = demand.machine().enter_allocation()?;
        store::change_demand(tx, &demand, &entered, Change::of("enter_allocation")).await?;
    }
    Ok(())
}

/// A facility sends an offer: the preference is offered, the demand pending, the child's other open preferences rest (unless the tenant
/// allows offers side by side).
pub async fn offer_sent(tx: &mut TenantTx, preference: PreferenceId) -> Result<PreferenceRow, DemandError> {
    let (row, demand, settings) = opened(tx, preference).await?;
    let pending = demand.machine().offer(settings.parallel_offers)?;
    let offered = row.machine()?.offer()?;
    store::change_preference(tx, &row, &offered, Change::of("offer_sent")).await?;
    if pending.state() != demand.state {
        store::change_demand(tx, &demand, &pending, Change::of("offer_sent")).await?;
    }
    if !settings.parallel_offers {
        pause_others(tx, &row).await?;
    }
    preference_for_update(tx, preference).await
}

/// A child that has a place, or an open offer of one, is offered a place that the family likes better. What it has stays as it is.
pub async fn improvement_offered(tx: &mut TenantTx, preference: PreferenceId) -> Result<(), DemandError> {
    let (row, demand, _) = opened(tx, preference).await?;
    if demand.state != DemandState::Covered {
        // Pending it must be, and stays: an offer is open.
        demand.machine().offer(true)?;
    }
    let offered = row.machine()?.improve()?;
    store::change_preference(tx, &row, &offered, Change::of("better_offered")).await?;
    Ok(())
}

/// An open offer ended without a place: the preference gets its end (or returns, when the facility revoked), and unless another offer is
/// open the demand is open for offers again and the resting preferences go on.
pub async fn offer_ended(tx: &mut TenantTx, preference: PreferenceId, end: OfferEnd) -> Result<(), DemandError> {
    let (row, demand, settings) = opened(tx, preference).await?;
    let kind = match end {
        OfferEnd::Declined => "offer_declined",
        OfferEnd::Expired => "offer_expired",
        OfferEnd::Revoked => "offer_revoked",
    };
    if demand.state == DemandState::Covered {
        // It was a better place than the one that covers the demand, which stays.
        let ended = match end {
            OfferEnd::Revoked => row.machine()?.cover_elsewhere()?,
            end => row.machine()?.offer_ended(end)?,
        };
        store::change_preference(tx, &row, &ended, Change::of(kind)).await?;
        return Ok(());
    }
    let mut ended = row.machine()?.offer_ended(end)?;
    let another = others(tx, &row)
        .await?
        .iter()
        .any(|p| p.state == PreferenceState::Offered);
    if another && end == OfferEnd::Revoked && !settings.parallel_offers {
        ended = ended.pause()?;
    }
    store::change_preference(tx, &row, &ended, Change::of(kind)).await?;
    open_again(tx, &demand, &settings, kind).await
}

/// The parents accept: the demand is covered, and every other preference ends as covered elsewhere. Offers that stand beside it
/// (parallel offers) are the caller's to revoke; their preferences have ended here already. `better` is one whose open offer the family
/// likes better still: it stays open. A demand that a place covers already is covered by this one now, and that place is given up.
pub async fn offer_accepted(
    tx: &mut TenantTx,
    preference: PreferenceId,
    better: Option<PreferenceId>,
) -> Result<PreferenceRow, DemandError> {
    let (row, demand, _) = opened(tx, preference).await?;
    let accepted = row.machine()?.accept()?;
    store::change_preference(tx, &row, &accepted, Change::of("offer_accepted")).await?;
    if demand.state != DemandState::Covered {
        let covered = demand.machine().cover()?;
        store::change_demand(tx, &demand, &covered, Change::of("offer_accepted")).await?;
    }
    for other in others(tx, &row).await?.into_iter().filter(|p| Some(p.id) != better) {
        if let Ok(given_up) = other.machine()?.give_up() {
            store::change_preference(tx, &other, &given_up, Change::of("improved")).await?;
        } else if let Ok(ended) = other.machine()?.cover_elsewhere() {
            store::change_preference(tx, &other, &ended, Change::of("covered_elsewhere")).await?;
        }
    }
    recount_later(tx, row.child_id).await?;
    preference_for_update(tx, preference).await
}

/// The child goes to another place before care has begun at the one that covered this demand.
pub async fn given_up(tx: &mut TenantTx, demand: DemandId) -> Result<(), DemandError> {
    let demand = demand_for_update(tx, demand).await?;
    let superseded = demand.machine().supersede()?;
    for row in store::preferences_of(tx, demand.id).await? {
        if row.state == PreferenceState::Accepted {
            let given_up = row.machine()?.give_up()?;
            store::change_preference(tx, &row, &given_up, Change::of("transferred")).await?;
        } else if row.state == PreferenceState::Offered {
            // A better place was offered beside the one that is given up.
            let ended = row.machine()?.cover_elsewhere()?;
            store::change_preference(tx, &row, &ended, Change::of("transferred")).await?;
            release_offers(tx, demand.id).await?;
        }
    }
    store::change_demand(tx, &demand, &superseded, Change::of("transferred")).await?;
    Ok(())
}

/// The contract begins: the accepted preference is contracted and the demand closed.
pub async fn contract_started(tx: &mut TenantTx, demand: DemandId) -> Result<(), DemandError> {
    let demand = demand_for_update(tx, demand).await?;
    let closed = demand.machine().close()?;
    for row in store::preferences_of(tx, demand.id).await? {
        if row.state == PreferenceState::Accepted {
            let contracted = row.machine()?.contract()?;
            store::change_preference(tx, &row, &contracted, Change::of("contract_started")).await?;
        } else if row.state == PreferenceState::Offered {
            // A better place that was not answered in time.
            let ended = row.machine()?.cover_elsewhere()?;
            store::change_preference(tx, &row, &ended, Change::of("contract_started")).await?;
            release_offers(tx, demand.id).await?;
        }
    }
    store::change_demand(tx, &demand, &closed, Change::of("contract_started")).await?;
    Ok(())
}

/// An accepted place did not come about. The family let it be: the demand closes. The facility did: the demand stands as before, with its
/// date and its other wishes, so that nobody loses a claim by it. What has moved on meanwhile is left alone: the family may have accepted a
/// better place before this is told.
pub async fn without_contract(
    tx: &mut TenantTx,
    demand: DemandId,
    preference: Option<PreferenceId>,
    by_facility: bool,
) -> Result<(), DemandError> {
    let fell = Change::of("contract_fell_through");
    let demand = demand_for_update(tx, demand).await?;
    if let Some(preference) = preference
        && preference_for_update(tx, preference).await?.state != PreferenceState::Accepted
    {
        return Ok(());
    }
    let settings = tenancy::settings(tx).await?;
    let office_allocates = settings.allocation_mode != AllocationMode::Decentral;
    let next = if by_facility {
        demand.machine().reopen(office_allocates)
    } else {
        demand.machine().close()
    };
    let Ok(mut next) = next else { return Ok(()) };
    for row in store::preferences_of(tx, demand.id).await? {
        if row.state == PreferenceState::Offered {
            // A better place was offered beside the one that came to nothing. The facility let that one be: this offer stands all the more.
            if by_facility {
                next = next.offer(true)?;
            } else {
                store::change_preference(tx, &row, &row.machine()?.withdraw()?, fell).await?;
                release_offers(tx, demand.id).await?;
            }
        } else if let Ok(fallen) = row.machine()?.fall_through() {
            store::change_preference(tx, &row, &fallen, fell).await?;
        } else if by_facility && let Ok(again) = row.machine()?.wish_again() {
            store::change_preference(tx, &row, &again, fell).await?;
        }
    }
    store::change_demand(tx, &demand, &next, fell).await?;
    Ok(())
}

/// Ends a demand without a place, with all its open preferences. An open offer loses its ground: a job of the offers gives the held
/// place back. The reason stands in the demand's history alone: facilities read that of their preferences.
pub async fn end_demand(
    tx: &mut TenantTx,
    demand: &DemandRow,
    end: DemandEnd,
    reason: Option<&str>,
) -> Result<i32, DemandError> {
    let change = Change::of(end.state().as_str());
    let ended = demand.machine().end(end)?;
    let mut had_offer = false;
    for row in store::preferences_of(tx, demand.id).await? {
        if let Ok(withdrawn) = row.machine()?.withdraw() {
            had_offer |= row.state == PreferenceState::Offered;
            store::change_preference(tx, &row, &withdrawn, change).await?;
        }
    }
    if had_offer {
        release_offers(tx, demand.id).await?;
    }
    Ok(store::change_demand(tx, demand, &ended, Change { reason, ..change }).await?)
}

/// The parents take one preference back. With an offer on it this is as if they had declined, but that they do not wish it any more.
pub async fn withdraw_preference(
    tx: &mut TenantTx,
    demand: &DemandRow,
    row: &PreferenceRow,
    settings: &Settings,
) -> Result<(), DemandError> {
    let withdrawn = row.machine()?.withdraw()?;
    store::change_preference(tx, row, &withdrawn, Change::of("preference_withdrawn")).await?;
    if row.state == PreferenceState::Offered {
        release_offers(tx, demand.id).await?;
        open_again(tx, demand, settings, "preference_withdrawn").await?;
    }
    Ok(())
}

/// Asks the offers, which stand below this module, to end those of a demand whose preference is no longer offered.
async fn release_offers(tx: &mut TenantTx, demand: DemandId) -> Result<(), sqlx::Error> {
    tx.enqueue_about("ReleaseOffers", "demand_id", demand).await
}

/// A sibling counts where this child now has a place; the offer is accepted when this transaction ends, so a job counts.
async fn recount_later(tx: &mut TenantTx, child: ChildId) -> Result<(), sqlx::Error> {
    tx.enqueue_about("RecountPoints", "child_id", child).await
}

async fn opened(
    tx: &mut TenantTx,
    preference: PreferenceId,
) -> Result<(PreferenceRow, DemandRow, Settings), DemandError> {
    let row = preference_for_update(tx, preference).await?;
    let demand = demand_for_update(tx, row.demand_id).await?;
    Ok((row, demand, tenancy::settings(tx).await?))
}

async fn others(tx: &mut TenantTx, row: &PreferenceRow) -> Result<Vec<PreferenceRow>, sqlx::Error> {
    let mut all = store::preferences_of(tx, row.demand_id).await?;
    all.retain(|p| p.id != row.id);
    Ok(all)
}

async fn pause_others(tx: &mut TenantTx, row: &PreferenceRow) -> Result<(), DemandError> {
    for other in others(tx, row).await? {
        if let Ok(paused) = other.machine()?.pause() {
            store::change_preference(tx, &other, &paused, Change::of("paused")).await?;
        }
    }
    Ok(())
}

/// After an offer is gone: unless another one is open, the demand waits for offers again and what rested goes on.
async fn open_again(
    tx: &mut TenantTx,
    demand: &DemandRow,
    settings: &Settings,
    kind: &'static str,
) -> Result<(), DemandError> {
    let rows = store::preferences_of(tx, demand.id).await?;
    if rows.iter().any(|p| p.state == PreferenceState::Offered) {
        return Ok(());
    }
    let office_allocates = settings.allocation_mode != AllocationMode::Decentral;
    let back = demand.machine().offer_ended(office_allocates)?;
    store::change_demand(tx, demand, &back, Change::of(kind)).await?;
    for row in rows {
        if let Ok(resumed) = row.machine()?.resume() {
            store::change_preference(tx, &row, &resumed, Change::of("resumed")).await?;
        }
    }
    Ok(())
}
