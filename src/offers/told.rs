//! A family without an account answers an offer on the telephone, by letter or in person: the same acceptance and refusal, entered for it.

use super::{DeclineReason, OfferError, OfferRow, accept, decline, offer};
use crate::access::TenantTx;
use crate::demands;
use crate::notifications::{Said, Told};
use crate::platform::clock::berlin_date;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::OfferId;

/// What a family without an account says to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaysOfOffer {
    /// It takes the place.
    Accepted,
    /// It does not.
    Declined(DeclineReason),
}

/// Enters what the family said to an offer that stands. What it said by the deadline is in time, also where it is entered after it.
pub async fn record_answer(
    tx: &mut TenantTx,
    id: OfferId,
    seen: i32,
    says: SaysOfOffer,
    told: Told,
) -> Result<OfferRow, OfferError> {
    let (today, now) = (tx.today(), tx.now());
    let found = offer(tx, id).await?;
    if found.state.is_open() {
        Stale::check(seen, found.version)?;
    }
    let told = told.checked(found.sent_at.map_or(today, berlin_date), today)?;
    if found.state.is_open() && told.on > found.deadline_on {
        return Err(Invalid::one("/told/on", "after_deadline", "the last day to answer was before").into());
    }
    demands::check_told(tx, found.child_id).await?;
    let (answered, said) = match says {
        SaysOfOffer::Accepted => (accept(tx, id, seen, told.at(now)).await?, Said::Accepted),
        SaysOfOffer::Declined(reason) => (decline(tx, id, seen, reason, told.at(now)).await?, Said::Declined),
    };
    demands::note_told(tx, found.demand_id, said, told).await?;
    // Of an acceptance it reads in the letters of the place and its contract.
    if said == Said::Declined {
        demands::tell_recorded(tx, found.demand_id, Some(found.facility_name), said, told).await?;
    }
    Ok(answered)
}
