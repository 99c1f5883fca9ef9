//! A child with a place that nobody signed for is offered one that its family likes better: it keeps what it has until it accepts.

use super::carrying_out::{Decided, ProposedPlace, case};
use super::model::{ImprovementState, RoundState};
use super::store::{self, KeptPlace};
use super::{RoundError, go_on_soon, record};
use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandState};
use crate::facilities;
use crate::platform::ids::{CaseId, OfferId, PreferenceId, RoundId, RunId};

/// Takes a better place, with its record. The order of locks is that of a case.
pub(super) async fn take_improvement(
    tx: &mut TenantTx,
    round: RoundId,
    key: (CaseId, RunId),
) -> Result<Decided, RoundError> {
    if store::hold_round(tx, round).await? != Some(RoundState::Released) {
        return Ok(Decided::Nothing);
    }
    let Some(claimed) = store::claim_improvement(tx, key).await? else {
        return Ok(Decided::Nothing);
    };
    let mut case = case(tx, round, key.0).await?;
    if let Some(wish) = case.wishes.iter().find(|w| w.preference_id == claimed.preference_id) {
        facilities::lock_places(tx, wish.facility_id).await?;
    }
    let demand = demands::demand_for_update(tx, case.demand_id).await?;
    if !claimed.stands || !matches!(demand.state, DemandState::OfferPending | DemandState::Covered) {
        store::set_improvement(tx, key, ImprovementState::Left, None, None).await?;
        return Ok(Decided::Nothing);
    }
    case.pool = Some(claimed.pool);
    case.part = claimed.part;
    case.preference_id = Some(claimed.preference_id);
    case.codes = claimed.codes;
    case.run_id = Some(key.1);
    let round = super::round(tx, round).await?;
    record::write(tx, &round, &case, &demand).await?;
    tx.touch_child(case.child_id);
    let place = (claimed.preference_id, tx.today());
    Ok(Decided::Place(ProposedPlace::of(&round, &case, &demand, place)))
}

/// The place that a child keeps until it accepts this open offer of a better one; `None` for every other offer.
pub async fn kept_place(tx: &mut TenantRead, offer: OfferId) -> Result<Option<KeptPlace>, sqlx::Error> {
    store::kept_place(tx, offer).await
}

/// The preference whose open offer the family likes better than this one: it stays open when this one is accepted.
pub async fn better_offered(tx: &mut TenantRead, kept: OfferId) -> Result<Option<PreferenceId>, sqlx::Error> {
    store::better_offered(tx, kept).await
}

/// Open offers of better places that came to nothing because the child signed for the place that it has, after one.
pub async fn signed_meanwhile(
    tx: &mut TenantRead,
    after: Option<OfferId>,
    limit: i64,
) -> Result<Vec<OfferId>, sqlx::Error> {
    store::signed_meanwhile(tx, after, limit).await
}

/// A family accepted. If it was a better place, the case says so from now on, and the old place goes to the next.
pub async fn offer_accepted(tx: &mut TenantTx, offer: OfferId) -> Result<(), sqlx::Error> {
    if store::improvement_accepted(tx, offer).await? {
        go_on_soon(tx).await?;
    }
    Ok(())
}
