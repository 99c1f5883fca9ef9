//! The family accepts: what it has elsewhere ends in the same transaction, and so a wish to change risks nothing.

use chrono::{DateTime, Utc};

use super::{OfferError, OfferRow, improving, locked, offer, release, release_later, store, tell, vacated};
use crate::access::TenantTx;
use crate::allocation::rounds;
use crate::contracts::{self, NewContract};
use crate::demands;
use crate::facilities;
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::http::Stale;
use crate::platform::ids::{FacilityId, OfferId};

/// The family accepts: the place is occupied, the other preferences end as covered elsewhere, and the contract's draft stands.
///
/// A child that has a place elsewhere keeps it until now; it ends in this transaction, and so a wish to change risks nothing. The answer
/// counts from `said_at`: now, or when a family without an account said it.
pub async fn accept(tx: &mut TenantTx, id: OfferId, seen: i32, said_at: DateTime<Utc>) -> Result<OfferRow, OfferError> {
    lock_present_places(tx, id).await?;
    let accepts = locked(tx, id).await?;
    let accepted = accepts.machine().accept(said_at)?;
    Stale::check(seen, accepts.version)?;
    let kept = improving::may_leave(tx, id).await?;
    let better = rounds::better_offered(tx, id).await?;
    store::set_ended(tx, id, &accepted, None, None).await?;
    facilities::occupy_place(tx, id).await?;
    demands::offer_accepted(tx, accepts.preference_id, better).await?;
    leave_present_places(tx, &accepts).await?;
    rounds::offer_accepted(tx, id).await?;
    if let Some(kept) = kept.filter(|kept| kept.open) {
        release(tx, kept.offer_id, "no_longer_wished").await?;
    }
    let contract = NewContract {
        offer_id: id,
        demand_id: accepts.demand_id,
        child_id: accepts.child_id,
        facility_id: accepts.facility_id,
        care_from: accepts.care_from,
        care_until: accepts.care_until,
        hours_per_week: accepts.hours_per_week,
        window_from: accepts.window_from,
        window_to: accepts.window_to,
        week: accepts.week,
    };
    let contract_id = contracts::draft_from_offer(tx, &contract).await?;
    // Offers that stood beside this one hold places of other facilities: a job gives them back, each under its own locks.
    release_later(tx, accepts.demand_id).await?;
    tell(tx, &accepts, Message::OfferAccepted).await?;
    let ready = Message::ContractReady {
        contract_id,
        facility: accepts.facility_name.clone(),
        child: ChildInitial::of(accepts.child_first_name.as_deref()),
    };
    notifications::tell_family(tx, accepts.child_id, accepts.demand_id, &ready).await?;
    offer(tx, id).await
}

/// Locks the places of all facilities that an acceptance changes, in the order of their ids, before any demand.
async fn lock_present_places(tx: &mut TenantTx, id: OfferId) -> Result<(), OfferError> {
    let offer = offer(tx, id).await?;
    let present = contracts::present_places(tx, offer.child_id, offer.care_from, offer.care_until).await?;
    let mut facilities: Vec<FacilityId> = present.iter().map(|p| p.facility_id).collect();
    facilities.push(offer.facility_id);
    let kept = rounds::kept_place(tx, id).await?;
    facilities.extend(kept.map(|kept| kept.facility_id));
    facilities.sort_unstable();
    facilities.dedup();
    for facility in facilities {
        facilities::lock_places(tx, facility).await?;
    }
    Ok(())
}

/// The child goes from where it is to the accepted place: the contract there ends on that day, and its place goes to the next.
async fn leave_present_places(tx: &mut TenantTx, offer: &OfferRow) -> Result<(), OfferError> {
    let day = offer.care_from;
    for present in contracts::present_places(tx, offer.child_id, day, offer.care_until).await? {
        contracts::leave_for(tx, &present, day).await?;
        if present.care_from < day {
            facilities::end_place(tx, present.offer_id, day).await?;
        } else {
            facilities::release_place(tx, present.offer_id).await?;
            // A better place of the same demand covers it from now on.
            if present.demand_id != offer.demand_id {
                demands::given_up(tx, present.demand_id).await?;
            }
        }
        vacated(tx, present.facility_id).await?;
    }
    Ok(())
}
