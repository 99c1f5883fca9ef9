//! What offers and contracts take: holding a place, occupying it, giving it back, and what changes on the way.

use chrono::NaiveDate;

use super::model::{self, CapacityError, Stay, months_after};
use super::{Known, basis, presence, rebuild, school_entry, school_entry_of, school_rule, store};
use crate::access::TenantTx;
use crate::platform::clock::month_of;
use crate::platform::ids::{ChildId, FacilityId, OfferId};

/// Locks a facility's places until the end of the transaction. Commands that go on to lock demands and offers call it first.
pub async fn lock_places(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    store::lock_pool(tx, facility).await
}

/// Holds a place for an offer in every month of the stay and in each age band that the child passes through, or none at all.
///
/// The offer's row must stand already. Locks the facility's places first, so two managers cannot give one place twice.
pub async fn hold_place(
    tx: &mut TenantTx,
    facility: FacilityId,
    offer: OfferId,
    stay: Stay,
) -> Result<(), CapacityError> {
    let entry = school_entry_of(tx, stay.child, stay.birth).await?;
    let segments = model::segments(&stay, entry)?;
    store::lock_pool(tx, facility).await?;
    let known = Known::load(tx, facility, month_of(stay.from)).await?;
    known.check(&segments, store::week_of(tx, facility, offer).await?)?;
    for segment in &segments {
        store::insert_held(tx, facility, offer, stay.child, segment).await?;
    }
    Ok(rebuild(tx, facility).await?)
}

/// Takes places that children have already, as another system knows them: nobody is refused, also where the figures say there is no room.
///
/// The children are new, so that nothing was decided about their school entry. The pools are the caller's to rebuild ([`super::rebuild_many`]).
pub async fn take_known_places(tx: &mut TenantTx, all: &[(FacilityId, OfferId, Stay)]) -> Result<(), CapacityError> {
    let rule = school_rule(tx).await?;
    let mut rows = Vec::new();
    for (facility, offer, stay) in all {
        for segment in model::segments(stay, school_entry(stay.birth, rule))? {
            rows.push((*facility, *offer, stay.child, segment));
        }
    }
    Ok(store::insert_occupied(tx, &rows).await?)
}

/// The offer was accepted: its held place is occupied by a contract from now on.
pub async fn occupy_place(tx: &mut TenantTx, offer: OfferId) -> Result<(), CapacityError> {
    // Held and occupied count alike, so the pool stays as it is.
    store::set_occupied(tx, offer).await?;
    Ok(())
}

/// Hours or times of day were agreed or changed. What the staff can run follows the hours. At a childminder's, children who follow one
/// another in a day, or come on other days, share a place. Refused when there would be more children at the same time than before and than
/// may be there.
pub async fn times_agreed(tx: &mut TenantTx, facility: FacilityId) -> Result<(), CapacityError> {
    if basis::read::childminders(tx, &[facility]).await?.is_empty() {
        if basis(tx, facility).await?.has_staff() {
            store::lock_pool(tx, facility).await?;
            rebuild(tx, facility).await?;
        }
        return Ok(());
    }
    store::lock_pool(tx, facility).await?;
    let before = store::pools(tx, facility).await?;
    rebuild(tx, facility).await?;
    for (band, base, is) in store::pools(tx, facility).await? {
        let was = before.iter().find(|(b, ..)| *b == band);
        let was = was.map_or((base, &[][..]), |(_, from, was)| (*from, was));
        if let Some(month) = presence::first_worse(was, (base, &is)) {
            return Err(CapacityError::NoPlace { band, month });
        }
    }
    Ok(())
}

/// Gives the place of an offer or contract back. Doing it again changes nothing.
pub async fn release_place(tx: &mut TenantTx, offer: OfferId) -> Result<(), CapacityError> {
    if let Some(facility) = store::facility_of_offer(tx, offer).await? {
        store::lock_pool(tx, facility).await?;
        store::delete_taken(tx, offer).await?;
        rebuild(tx, facility).await?;
    }
    Ok(())
}

/// The child leaves on this day: the place of an offer or contract is free from the next full month on.
pub async fn end_place(tx: &mut TenantTx, offer: OfferId, day: NaiveDate) -> Result<(), CapacityError> {
    if let Some(facility) = store::facility_of_offer(tx, offer).await? {
        store::lock_pool(tx, facility).await?;
        let month = month_of(day);
        let free_from = if month == day { month } else { months_after(month, 1) };
        store::cut_taken(tx, offer, free_from).await?;
        rebuild(tx, facility).await?;
    }
    Ok(())
}

/// The child stays longer, until the end of `stay`: a place in every month that the contract does not take yet, or none at all.
pub async fn extend_place(tx: &mut TenantTx, offer: OfferId, stay: Stay) -> Result<(), CapacityError> {
    let Some(facility) = store::facility_of_offer(tx, offer).await? else {
        return Ok(());
    };
    let taken_until = store::taken_until(tx, offer).await?.unwrap_or(stay.from);
    if taken_until < stay.until {
        let more = Stay {
            from: taken_until,
            ..stay
        };
        hold_place(tx, facility, offer, more).await?;
        occupy_place(tx, offer).await?;
    }
    Ok(())
}

/// The child was born on another day than its places were counted by: all that it takes changes its age bands with that. Nobody is refused:
/// it has these places.
pub async fn follow_birth(tx: &mut TenantTx, child: ChildId, birth: NaiveDate) -> Result<(), CapacityError> {
    let entry = school_entry_of(tx, child, birth).await?;
    let facilities = store::facilities_of_child(tx, child).await?;
    for facility in &facilities {
        store::lock_pool(tx, *facility).await?;
    }
    for stay in store::stays_of_child(tx, child).await? {
        let (from, until) = (stay.from_month, stay.until_month);
        let segments = model::segments(
            &Stay {
                child,
                birth,
                from,
                until,
            },
            entry,
        )?;
        store::delete_taken(tx, stay.offer).await?;
        for segment in &segments {
            store::insert_held(tx, stay.facility, stay.offer, child, segment).await?;
        }
        if !stay.held {
            store::set_occupied(tx, stay.offer).await?;
        }
    }
    for facility in facilities {
        rebuild(tx, facility).await?;
    }
    Ok(())
}

/// Whether [`extend_place`] would find a place in every further month of the stay, for its times of day; the months that the contract takes
/// already are its own. Asked before, without a lock: the extension asks again under it.
pub async fn may_extend(
    tx: &mut TenantTx,
    facility: FacilityId,
    offer: OfferId,
    stay: Stay,
) -> Result<(), CapacityError> {
    let from = store::taken_until(tx, offer).await?.unwrap_or(stay.from);
    if stay.until <= from {
        return Ok(());
    }
    let entry = school_entry_of(tx, stay.child, stay.birth).await?;
    let segments = model::segments(&Stay { from, ..stay }, entry)?;
    let known = Known::load(tx, facility, month_of(from)).await?;
    known.check(&segments, store::week_of(tx, facility, offer).await?)
}
