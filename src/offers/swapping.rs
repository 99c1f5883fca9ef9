//! Children who change places with each other: all leave before any arrives, in the caller's transaction.

use chrono::{NaiveDate, NaiveTime};

use super::model::PlaceOffer;
use super::{NewOffer, OfferError, draft, store};
use crate::access::TenantTx;
use crate::contracts::{self, NewContract};
use crate::demands;
use crate::facilities::{self, Stay};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ChildId, ContractId, FacilityId, PreferenceId};
use crate::platform::week::WeekTimes;
use crate::tenancy;

/// A child that leaves its place for that of another one.
#[derive(Debug, Clone)]
pub struct SwapMove {
    /// The contract that ends.
    pub contract_id: ContractId,
    /// The wish that is granted.
    pub preference_id: PreferenceId,
    /// As it is agreed now.
    pub hours_per_week: i32,
    /// Care between these times of day.
    pub window: Option<(NaiveTime, NaiveTime)>,
    /// The times of each day, where the contract names them.
    pub week: Option<WeekTimes>,
}

/// Carries a swap out on a day, as the system: no single person reaches all of it. An error changes nothing. Answers the drafts of the new contracts, in the order of the moves.
pub async fn swap(tx: &mut TenantTx, moves: &[SwapMove], day: NaiveDate) -> Result<Vec<ContractId>, OfferError> {
    let mut wished = Vec::new();
    for one in moves {
        wished.push(demands::preference(tx, one.preference_id).await?);
    }
    // A child goes from a facility to another one of the cycle: these are all.
    let mut sites: Vec<FacilityId> = wished.iter().map(|p| p.facility_id).collect();
    sites.sort_unstable();
    for site in sites {
        facilities::lock_places(tx, site).await?;
    }
    for (one, wish) in moves.iter().zip(&wished) {
        leave(tx, one, wish.child_id, day).await?;
    }
    let mut made = Vec::new();
    for one in moves {
        made.push(arrive(tx, one, day).await?);
    }
    Ok(made)
}

async fn leave(tx: &mut TenantTx, one: &SwapMove, child: ChildId, day: NaiveDate) -> Result<(), OfferError> {
    let present = contracts::present_places(tx, child, day, NaiveDate::MAX).await?;
    // Another place from that day on would be in the way; it is not part of the swap.
    let [place] = present.as_slice() else {
        return Err(OfferError::Missing);
    };
    if place.contract_id != one.contract_id {
        return Err(OfferError::Missing);
    }
    contracts::leave_for(tx, place, day).await?;
    if place.care_from < day {
        facilities::end_place(tx, place.offer_id, day).await?;
    } else {
        facilities::release_place(tx, place.offer_id).await?;
        demands::given_up(tx, place.demand_id).await?;
    }
    Ok(())
}

async fn arrive(tx: &mut TenantTx, one: &SwapMove, day: NaiveDate) -> Result<ContractId, OfferError> {
    let settings = tenancy::settings(tx).await?;
    let preference = demands::preference_for_update(tx, one.preference_id).await?;
    let (window_from, window_to) = one.window.unzip();
    let new = NewOffer {
        preference_id: one.preference_id,
        care_from: day,
        care_until: None,
        hours_per_week: Some(one.hours_per_week),
        window_from,
        window_to,
        week: one.week.map(Vec::from),
        deadline_days: None,
    };
    let (offer, birth) = draft(tx, &new, &preference, &settings).await?;
    // The child leaves its place on this day, whatever the other facility does: one that is closed would leave it without care.
    if offer.care_from != day {
        return Err(Invalid::one("/care_from", "closed", format!("open again on {}", offer.care_from)).into());
    }
    let sent = PlaceOffer::draft(offer.expires_at).send()?;
    store::insert(tx, &offer, &sent).await?;
    let stay = Stay {
        child: offer.child_id,
        birth,
        from: offer.care_from,
        until: offer.care_until,
    };
    facilities::hold_place(tx, offer.facility_id, offer.id, stay).await?;
    demands::offer_sent(tx, offer.preference_id).await?;
    // Family and facility have said yes to this swap: the offer is accepted as it is made.
    let accepted = sent.accept(tx.now())?;
    store::set_ended(tx, offer.id, &accepted, None, None).await?;
    facilities::occupy_place(tx, offer.id).await?;
    demands::offer_accepted(tx, offer.preference_id, None).await?;
    let contract = contracts::draft_from_offer(
        tx,
        &NewContract {
            offer_id: offer.id,
            demand_id: offer.demand_id,
            child_id: offer.child_id,
            facility_id: offer.facility_id,
            care_from: offer.care_from,
            care_until: offer.care_until,
            hours_per_week: offer.times.hours_per_week,
            window_from: offer.times.window_from,
            window_to: offer.times.window_to,
            week: offer.times.week,
        },
    )
    .await?;
    let made = super::offer(tx, offer.id).await?;
    let ready = Message::ContractReady {
        contract_id: contract,
        facility: made.facility_name.clone(),
        child: ChildInitial::of(made.child_first_name.as_deref()),
    };
    notifications::tell_family(tx, made.child_id, made.demand_id, &ready).await?;
    Ok(contract)
}
