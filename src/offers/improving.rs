//! Offers of a released round to children who have a place, or an open offer of one, that the family likes less: it stays theirs until they
//! accept, and nothing changes when they do not.

use super::{NewOffer, OfferError, OfferRow, hold, locked, offer, store, tell, vacated};
use crate::access::TenantTx;
use crate::allocation::rounds::{self, KeptPlace};
use crate::contracts;
use crate::demands::{self, OfferEnd};
use crate::facilities;
use crate::notifications::Message;
use crate::platform::ids::OfferId;
use crate::tenancy;

/// Offers a better place beside the one that is kept. The other wishes of the child rest or have ended already.
pub(super) async fn send(tx: &mut TenantTx, new: &NewOffer) -> Result<OfferRow, OfferError> {
    let wished = demands::preference(tx, new.preference_id).await?;
    facilities::lock_places(tx, wished.facility_id).await?;
    let preference = demands::preference_for_update(tx, new.preference_id).await?;
    let settings = tenancy::settings(tx).await?;
    let id = hold(tx, new, &preference, &settings).await?;
    demands::improvement_offered(tx, preference.id).await?;
    offer(tx, id).await
}

/// Tells the family of it, once the round knows which place is kept.
pub(super) async fn announce(tx: &mut TenantTx, better: &OfferRow) -> Result<(), OfferError> {
    let kept = rounds::kept_place(tx, better.id()).await?.ok_or(OfferError::Missing)?;
    tell(tx, better, |news| Message::OfferBetter {
        news,
        kept: kept.facility_name,
    })
    .await
}

/// The place that the child leaves by accepting this offer, if it was offered as a better one; not once somebody has signed for that place.
pub(super) async fn may_leave(tx: &mut TenantTx, id: OfferId) -> Result<Option<KeptPlace>, OfferError> {
    let kept = rounds::kept_place(tx, id).await?;
    match &kept {
        Some(kept) if !kept.open && !stands_unsigned(tx, kept).await? => Err(OfferError::ContractSigned),
        _ => Ok(kept),
    }
}

/// A place that was turned down, lapsed or let be meanwhile is in nobody's way.
async fn stands_unsigned(tx: &mut TenantTx, kept: &KeptPlace) -> Result<bool, OfferError> {
    let accepted = offer(tx, kept.offer_id).await?.contract_id.is_some();
    Ok(!accepted || contracts::is_unsigned(tx, kept.offer_id).await?)
}

/// Ends an open offer of a better place because the family signed for the one that it has.
pub(super) async fn withdraw_signed(tx: &mut TenantTx, id: OfferId) -> Result<(), OfferError> {
    let better = locked(tx, id).await?;
    let Ok(revoked) = better.machine().revoke() else {
        return Ok(());
    };
    store::set_ended(tx, id, &revoked, None, Some("contract_signed")).await?;
    facilities::release_place(tx, id).await?;
    demands::offer_ended(tx, better.preference_id, OfferEnd::Revoked).await?;
    rounds::offer_ended(tx, id).await?;
    Ok(vacated(tx, better.facility_id).await?)
}
