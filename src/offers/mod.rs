//! Place offers: a facility offers a place to a child, the family answers in time, and an accepted offer becomes a contract's draft.
//!
//! States: `drafted → sent → viewed → accepted | declined | expired | revoked`. Invariants: from `sent` on an offer holds a bookable
//! place in every month of the stay, and gives it back when it ends without acceptance; unless the tenant allows offers side by side, a
//! child has one open offer, and beside it at most one of a place that the family likes better (`improving`); an answer after the
//! deadline does not count, whether or not the job has noted its end. That of a family without an account counts from the day on which it
//! arrived, and for some days after the deadline its place is kept: the letter may not be opened yet.
//!
//! Every command takes its locks in one order: the facility's places, the demand, the offer.

mod accepting;
pub mod http;
mod improving;
pub mod jobs;
mod model;
mod rounds;
mod store;
mod swapping;
mod taken_over;
mod told;

pub use accepting::accept;
pub use model::{DeclineReason, NewOffer, OfferError, OfferState, PlaceOffer, TransitionError, deadline};
pub use store::OfferRow;
pub use swapping::{SwapMove, swap};
pub use taken_over::{Running, take_over};
pub use told::{SaysOfOffer, record_answer};

use chrono::{DateTime, Days, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::allocation::{self, rounds::KeptPlace};
use crate::demands::{self, OfferEnd, PreferenceRow};
use crate::facilities::{self, FacilityBrief, Stay};
use crate::notifications::{self, ChildInitial, Message, OfferNews};
use crate::platform::clock::end_of_day;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{DemandId, FacilityId, OfferId};
use crate::tenancy::{self, AllocationMode, Settings};
use model::Measure;
use store::{Draft, Filter};

/// A facility decides by itself to offer a place. It cannot where the office gives the places, nor while a round gives its own.
pub async fn send_by_facility(tx: &mut TenantTx, new: &NewOffer) -> Result<OfferRow, OfferError> {
    allocation::rounds::hold_rounds(tx).await?;
    let wished = demands::preference(tx, new.preference_id).await?;
    if !tx.scope().covers(wished.facility_id) {
        return Err(OfferError::Missing);
    }
    if tenancy::settings(tx).await?.allocation_mode != AllocationMode::Decentral {
        return Err(OfferError::DecidedByOffice);
    }
    if allocation::rounds::gives_places_of(tx, wished.facility_id, new.care_from, new.care_until).await? {
        return Err(OfferError::RoundUnderWay);
    }
    let offer = send(tx, new).await?;
    if offer.care_from != new.care_from {
        return Err(Invalid::one("/care_from", "closed", format!("open again on {}", offer.care_from)).into());
    }
    Ok(offer)
}

/// A facility offers a place: it is held from now on, the child's other preferences rest, and the family is told.
pub async fn send(tx: &mut TenantTx, new: &NewOffer) -> Result<OfferRow, OfferError> {
    let wished = demands::preference(tx, new.preference_id).await?;
    if !tx.scope().covers(wished.facility_id) {
        return Err(OfferError::Missing);
    }
    facilities::lock_places(tx, wished.facility_id).await?;
    // Read again behind the locks: meanwhile it may have got another offer.
    let preference = demands::preference_for_update(tx, new.preference_id).await?;
    let settings = tenancy::settings(tx).await?;
    if !settings.parallel_offers && store::child_has_open_offer(tx, preference.child_id).await? {
        return Err(OfferError::ChildHasOpenOffer);
    }
    let id = hold(tx, new, &preference, &settings).await?;
    demands::offer_sent(tx, preference.id).await?;
    let offer = offer(tx, id).await?;
    tell(tx, &offer, Message::Offer).await?;
    Ok(offer)
}

/// Writes an offer as sent, and holds its place.
async fn hold(
    tx: &mut TenantTx,
    new: &NewOffer,
    preference: &PreferenceRow,
    settings: &Settings,
) -> Result<OfferId, OfferError> {
    let (draft, birth) = draft(tx, new, preference, settings).await?;
    let sent = PlaceOffer::draft(draft.expires_at).send()?;
    store::insert(tx, &draft, &sent).await?;
    let stay = Stay {
        child: draft.child_id,
        birth,
        from: draft.care_from,
        until: draft.care_until,
    };
    facilities::hold_place(tx, draft.facility_id, draft.id, stay).await?;
    Ok(draft.id)
}

/// The offer as it would be written, and the child's date of birth. Nobody begins on a day on which the facility is closed, but on the next
/// open one.
async fn draft(
    tx: &mut TenantTx,
    new: &NewOffer,
    preference: &PreferenceRow,
    settings: &Settings,
) -> Result<(Draft, chrono::NaiveDate), OfferError> {
    let facility = open_facility(tx, preference.facility_id).await?;
    let birth = preference
        .birth_date
        .or(preference.expected_birth_date)
        .ok_or_else(|| Invalid::one("/preference_id", "birth_unknown", "the child has no date of birth"))?;
    let today = tx.today();
    let school_entry = facilities::school_entry_of(tx, preference.child_id, birth).await?;
    let open = facilities::open_days(tx, preference.facility_id).await?;
    let new = &NewOffer {
        care_from: open
            .first_for(birth, school_entry, new.care_from)
            .unwrap_or(new.care_from),
        ..new.clone()
    };
    let (care_until, times) = new.checked(&Measure {
        today,
        settings,
        birth,
        school_entry,
        kind: facility.kind,
        care_types: &facility.care_types,
    })?;
    let days = new.deadline_days.unwrap_or(settings.offer_window_days);
    // Far enough ahead to see every closing day that could push the deadline.
    let horizon = today.checked_add_days(Days::new(400)).unwrap_or(today);
    let closed = facilities::closing_days_between(tx, preference.facility_id, today, horizon).await?;
    let deadline_on = deadline(today, days, &closed);
    let draft = Draft {
        id: OfferId::new(),
        demand_id: preference.demand_id,
        preference_id: preference.id,
        facility_id: preference.facility_id,
        child_id: preference.child_id,
        care_from: new.care_from,
        care_until,
        times,
        deadline_on,
        expires_at: end_of_day(deadline_on),
    };
    Ok((draft, birth))
}

async fn open_facility(tx: &mut TenantRead, id: FacilityId) -> Result<FacilityBrief, OfferError> {
    let facility = facilities::facility_brief(tx, id).await?.ok_or(OfferError::Missing)?;
    if facility.open {
        Ok(facility)
    } else {
        Err(OfferError::FacilityClosed)
    }
}

/// The family opens the offer.
pub async fn view(tx: &mut TenantTx, id: OfferId) -> Result<OfferRow, OfferError> {
    let offer = locked(tx, id).await?;
    let viewed = offer.machine().view(tx.now())?;
    store::set_viewed(tx, id, &viewed).await?;
    self::offer(tx, id).await
}

/// The family declines: the place is free again and the resting preferences go on. The answer counts from `said_at`: now, or when a family
/// without an account said it.
pub async fn decline(
    tx: &mut TenantTx,
    id: OfferId,
    seen: i32,
    reason: DeclineReason,
    said_at: DateTime<Utc>,
) -> Result<OfferRow, OfferError> {
    let offer = locked(tx, id).await?;
    let declined = offer.machine().decline(said_at)?;
    Stale::check(seen, offer.version)?;
    store::set_ended(tx, id, &declined, Some(reason), None).await?;
    facilities::release_place(tx, id).await?;
    demands::offer_ended(tx, offer.preference_id, OfferEnd::Declined).await?;
    allocation::rounds::offer_ended(tx, id).await?;
    vacated(tx, offer.facility_id).await?;
    self::offer(tx, id).await
}

/// The facility takes an open offer back, with a reason that the family reads.
pub async fn revoke(tx: &mut TenantTx, id: OfferId, seen: i32, reason: &str) -> Result<OfferRow, OfferError> {
    let offer = locked(tx, id).await?;
    let revoked = offer.machine().revoke()?;
    Stale::check(seen, offer.version)?;
    let kept = allocation::rounds::kept_place(tx, id).await?;
    store::set_ended(tx, id, &revoked, None, Some(reason)).await?;
    facilities::release_place(tx, id).await?;
    demands::offer_ended(tx, offer.preference_id, OfferEnd::Revoked).await?;
    allocation::rounds::offer_ended(tx, id).await?;
    tell_over(tx, &offer, kept, Message::OfferRevoked).await?;
    self::offer(tx, id).await
}

/// Notes that the deadline of an open offer has passed; an offer that was answered meanwhile is left alone, and one to which the letter of
/// a family without an account may lie unopened.
pub(crate) async fn expire(tx: &mut TenantTx, id: OfferId) -> Result<(), OfferError> {
    let offer = locked(tx, id).await?;
    if offer.letter_until.is_some() {
        return Ok(());
    }
    let Ok(expired) = offer.machine().expire(tx.now()) else {
        return Ok(());
    };
    let kept = allocation::rounds::kept_place(tx, id).await?;
    store::set_ended(tx, id, &expired, None, None).await?;
    facilities::release_place(tx, id).await?;
    demands::offer_ended(tx, offer.preference_id, OfferEnd::Expired).await?;
    allocation::rounds::offer_ended(tx, id).await?;
    vacated(tx, offer.facility_id).await?;
    tell_over(tx, &offer, kept, Message::OfferExpired).await
}

/// Ends an open offer whose preference was withdrawn, or whose child was covered elsewhere, and gives its place back. The demand has
/// taken its step already.
pub(crate) async fn release(tx: &mut TenantTx, id: OfferId, reason: &str) -> Result<(), OfferError> {
    let offer = locked(tx, id).await?;
    let Ok(revoked) = offer.machine().revoke() else {
        return Ok(());
    };
    store::set_ended(tx, id, &revoked, None, Some(reason)).await?;
    facilities::release_place(tx, id).await?;
    allocation::rounds::offer_ended(tx, id).await?;
    Ok(vacated(tx, offer.facility_id).await?)
}

/// Tells the follow-up lists, which stand below this module, that a place came back. Not after a facility took its offer back: its list
/// would offer the place to the same child again.
async fn vacated(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    tx.enqueue_about("OfferNext", "facility_id", facility).await
}

async fn release_later(tx: &mut TenantTx, demand: DemandId) -> Result<(), sqlx::Error> {
    tx.enqueue_about("ReleaseOffers", "demand_id", demand).await
}

/// An offer within the scope.
pub async fn offer(tx: &mut TenantRead, id: OfferId) -> Result<OfferRow, OfferError> {
    let filter = Filter {
        id: Some(id),
        ..Filter::default()
    };
    let offer = store::list(tx, &filter).await?.pop().ok_or(OfferError::Missing)?;
    tx.touch(id);
    tx.touch_child(offer.child_id);
    Ok(offer)
}

/// An offer within the scope, after the facility's places, its demand and the offer itself were locked.
async fn locked(tx: &mut TenantTx, id: OfferId) -> Result<OfferRow, OfferError> {
    let found = offer(tx, id).await?;
    facilities::lock_places(tx, found.facility_id).await?;
    demands::demand_for_update(tx, found.demand_id).await?;
    store::lock(tx, id).await?;
    offer(tx, id).await
}

/// Tells that an offer is open no longer; who keeps a place reads that nothing changes.
async fn tell_over(
    tx: &mut TenantTx,
    offer: &OfferRow,
    kept: Option<KeptPlace>,
    message: impl FnOnce(OfferNews) -> Message,
) -> Result<(), OfferError> {
    tell(tx, offer, |news| match kept {
        Some(kept) => Message::OfferBetterOver {
            news,
            kept: kept.facility_name,
        },
        None => message(news),
    })
    .await
}

async fn tell(
    tx: &mut TenantTx,
    offer: &OfferRow,
    message: impl FnOnce(OfferNews) -> Message,
) -> Result<(), OfferError> {
    let message = message(OfferNews {
        offer_id: offer.id,
        facility: offer.facility_name.clone(),
        deadline_on: offer.deadline_on,
        care_from: offer.care_from,
        week: offer.week,
        child: ChildInitial::of(offer.child_first_name.as_deref()),
    });
    Ok(notifications::tell_family(tx, offer.child_id, offer.demand_id, &message).await?)
}
