//! After the release: case by case the demand enters the allocation, the decision is recorded, and the place is offered.

use chrono::{NaiveDate, NaiveTime};

use super::model::{Outcome, RoundState};
use super::store::{self, CaseRow, RoundRow};
use super::{RoundError, record};
use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandRow, DemandState};
use crate::facilities;
use crate::platform::ids::{CaseId, OfferId, PreferenceId, RoundId};
use crate::platform::jobs::NewJob;

/// A place to be offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedPlace {
    /// To this preference.
    pub preference_id: PreferenceId,
    /// From this day on.
    pub care_from: NaiveDate,
    /// Hours a week that the family wishes, or fewer where the groups are open no longer.
    pub hours_per_week: i32,
    /// Care window that it wishes.
    pub window: Option<(NaiveTime, NaiveTime)>,
    /// Days to answer; `None`: as the municipality sets it.
    pub offer_days: Option<i32>,
}

/// What is to be done for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Nothing: another worker did it, the round rests, or the demand has left.
    Nothing,
    /// No place for now; the record is written.
    NoPlace,
    /// A place; the record is written, and the offer is the caller's.
    Place(ProposedPlace),
}

/// Rounds whose offers are sent and whose places go on to the next.
pub async fn released_rounds(tx: &mut TenantRead) -> Result<Vec<RoundId>, RoundError> {
    Ok(store::released(tx).await?)
}

/// Takes a case that waits or was set aside. The facility's places are locked before the demand, as everywhere.
pub(super) async fn take_case(tx: &mut TenantTx, round: RoundId, id: CaseId) -> Result<Decided, RoundError> {
    if store::hold_round(tx, round).await? != Some(RoundState::Released) {
        return Ok(Decided::Nothing);
    }
    if store::claim_case(tx, round, id).await?.is_none() {
        return Ok(Decided::Nothing);
    }
    let case = case(tx, round, id).await?;
    let place = case
        .preference_id
        .and_then(|id| case.wishes.iter().find(|w| w.preference_id == id));
    if let Some(wish) = place {
        facilities::lock_places(tx, wish.facility_id).await?;
    }
    let demand = demands::demand_for_update(tx, case.demand_id).await?;
    if !matches!(demand.state, DemandState::Confirmed | DemandState::InAllocation) {
        store::set_outcome(tx, id, Outcome::Left, Some(demand.state.as_str()), None).await?;
        return Ok(Decided::Nothing);
    }
    demands::enter_allocation(tx, case.demand_id).await?;
    let round = super::round(tx, round).await?;
    record::write(tx, &round, &case, &demand).await?;
    tx.touch_child(case.child_id);
    let Some(preference_id) = case.preference_id else {
        store::set_outcome(tx, id, Outcome::Decided, None, None).await?;
        return Ok(Decided::NoPlace);
    };
    let today = tx.today();
    Ok(Decided::Place(ProposedPlace::of(
        &round,
        &case,
        &demand,
        (preference_id, today),
    )))
}

impl ProposedPlace {
    /// The place of a wish. A first day that is over by the day of the offer is that day.
    pub(super) fn of(
        round: &RoundRow,
        case: &CaseRow,
        demand: &DemandRow,
        (preference_id, today): (PreferenceId, NaiveDate),
    ) -> Self {
        let wish = case.wishes.iter().find(|w| w.preference_id == preference_id);
        let way = wish.and_then(|wish| wish.way(case.part.as_deref()));
        let (wished, given) = (demand.hours_per_week.unwrap_or(40), way.and_then(|way| way.hours));
        let hours_per_week = given.map_or(wished, |given| given.min(wished));
        Self {
            preference_id,
            care_from: way.map_or(case.care_from, |way| way.care_from).max(today),
            hours_per_week,
            // With fewer hours the times of day are for the family and the facility to agree.
            window: demand
                .window_from
                .zip(demand.window_to)
                .filter(|_| hours_per_week == wished),
            offer_days: round.config.offer_days,
        }
    }
}

pub(super) async fn case(tx: &mut TenantRead, round: RoundId, id: CaseId) -> Result<store::CaseRow, RoundError> {
    let filter = store::Cases {
        id: Some(id),
        ..Default::default()
    };
    store::cases(tx, round, &filter).await?.pop().ok_or(RoundError::Missing)
}

/// An offer ended without a place. If a round made it, its place goes to the next.
pub async fn offer_ended(tx: &mut TenantTx, offer: OfferId) -> Result<(), sqlx::Error> {
    store::released_after_all(tx, offer).await?;
    let better = store::improvement_ended(tx, offer).await?;
    match better.or(store::round_of_offer(tx, offer).await?) {
        Some(_) => enqueue_follow_up(tx).await,
        None => Ok(()),
    }
}

/// Has the waiting cases dealt with soon.
pub(super) async fn go_on(tx: &mut TenantTx) -> Result<(), RoundError> {
    Ok(enqueue_follow_up(tx).await?)
}

/// Has the places that came back go to the next soon.
pub(super) async fn enqueue_follow_up(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let run_at = tx.now();
    let job = NewJob {
        kind: "FollowUpRounds",
        payload: serde_json::json!({}),
        dedup_key: Some("rounds".into()),
        run_at,
    };
    tx.enqueue(job).await
}
