//! Offers of a released allocation round: every waiting case gets its offer once, and places that come back go on to the next.

use std::collections::HashSet;
use std::sync::Arc;

use super::{NewOffer, OfferError, improving};
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::allocation::rounds::{self, Decided, ImprovementKey, ProposedPlace, RoundError};
use crate::demands::DemandError;
use crate::platform::Platform;
use crate::platform::db::TenantRef;
use crate::platform::ids::{CaseId, RoundId};
use crate::platform::jobs::{Job, JobError, Stint};

/// How many cases are looked up at once.
const BATCH: i64 = 100;
/// How many batches one job deals with before it lets others go first; the next run goes on.
const BATCHES: usize = 20;

/// Why a case was not dealt with.
#[derive(Debug, thiserror::Error)]
enum CaseError {
    #[error(transparent)]
    Offer(#[from] OfferError),
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl CaseError {
    fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Offer(error) => error.database(),
            Self::Round(error) => error.database(),
            Self::Db(error) => Some(error),
        }
    }
}

/// Sends the offer of one case of a released round, all in the caller's transaction. Doing it again changes nothing.
async fn send_for_round(tx: &mut TenantTx, round: RoundId, case: CaseId) -> Result<(), CaseError> {
    if let Decided::Place(place) = rounds::take_case(tx, round, case).await? {
        let offer = super::send(tx, &new_offer(&place)).await?;
        rounds::case_offered(tx, case, offer.id).await?;
    }
    Ok(())
}

/// The same for a better place of a child that keeps one.
async fn send_better(tx: &mut TenantTx, round: RoundId, key: ImprovementKey) -> Result<(), CaseError> {
    if let Decided::Place(place) = rounds::take_improvement(tx, round, key).await? {
        let offer = improving::send(tx, &new_offer(&place)).await?;
        rounds::improvement_offered(tx, key, offer.id).await?;
        improving::announce(tx, &offer).await?;
    }
    Ok(())
}

fn new_offer(place: &ProposedPlace) -> NewOffer {
    let (window_from, window_to) = place.window.unzip();
    NewOffer {
        preference_id: place.preference_id,
        care_from: place.care_from,
        care_until: None,
        hours_per_week: Some(place.hours_per_week),
        window_from,
        window_to,
        week: None,
        deadline_days: place.offer_days,
    }
}

/// Deals with waiting cases of all released rounds, each in a transaction of its own: a crash anywhere leaves cases that are done and
/// cases that wait, and nothing in between.
pub(super) async fn send_waiting(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "SendRoundOffers");
    send_all(&platform, &tenant, &mut stint).await?;
    stint.end()
}

async fn released(platform: &Platform, tenant: &Arc<TenantRef>) -> Result<Vec<RoundId>, JobError> {
    let all = as_system(platform, tenant, "list_released_rounds", async |tx| {
        rounds::released_rounds(tx).await
    });
    all.await.map_err(|e| failed(&e))
}

async fn send_all(platform: &Platform, tenant: &Arc<TenantRef>, stint: &mut Stint<'_>) -> Result<(), JobError> {
    for round in released(platform, tenant).await? {
        // What failed still waits; it is not tried a second time in this run.
        let mut stuck = HashSet::new();
        for _ in 0..BATCHES {
            let waiting = as_system(platform, tenant, "list_waiting_cases", async |tx| {
                rounds::waiting_cases(tx, round, BATCH).await
            });
            let mut waiting = waiting.await.map_err(|e| failed(&e))?;
            waiting.retain(|case| !stuck.contains(case));
            if waiting.is_empty() {
                break;
            }
            for case in waiting {
                let dealt_with = send_one(platform, tenant, round, case).await;
                if stint.note(case, dealt_with, CaseError::database).is_none() {
                    stuck.insert(case);
                }
            }
        }
        send_all_better(platform, tenant, round, stint).await?;
    }
    Ok(())
}

/// Sends the offer of a case, or notes why it never can be.
async fn send_one(platform: &Platform, tenant: &Arc<TenantRef>, round: RoundId, case: CaseId) -> Result<(), CaseError> {
    let sent = as_system(platform, tenant, "send_round_offer", async |tx| {
        send_for_round(tx, round, case).await
    });
    let reason = not_sent(sent.await)?;
    let Some(reason) = reason else { return Ok(()) };
    as_system(platform, tenant, "note_round_offer_not_sent", async |tx| {
        Ok(rounds::case_not_sent(tx, round, case, reason).await?)
    })
    .await
}

/// Offers better places of a round, each in a transaction of its own; the next run goes on where there are more.
async fn send_all_better(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    round: RoundId,
    stint: &mut Stint<'_>,
) -> Result<(), JobError> {
    let waiting = as_system(platform, tenant, "list_waiting_cases", async |tx| {
        rounds::waiting_improvements(tx, round, BATCH).await
    });
    for key in waiting.await.map_err(|e| failed(&e))? {
        stint.note(
            key.0,
            send_one_better(platform, tenant, round, key).await,
            CaseError::database,
        );
    }
    Ok(())
}

async fn send_one_better(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    round: RoundId,
    key: ImprovementKey,
) -> Result<(), CaseError> {
    let sent = as_system(platform, tenant, "send_round_offer", async |tx| {
        send_better(tx, round, key).await
    });
    let reason = not_sent(sent.await)?;
    let Some(reason) = reason else { return Ok(()) };
    as_system(platform, tenant, "note_round_offer_not_sent", async |tx| {
        Ok(rounds::improvement_not_sent(tx, round, key, reason).await?)
    })
    .await
}

/// Takes offers of better places back whose child signed for the place that it has.
async fn withdraw_signed(platform: &Platform, tenant: &Arc<TenantRef>, stint: &mut Stint<'_>) -> Result<(), JobError> {
    let signed = as_system(platform, tenant, "list_waiting_cases", async |tx| {
        rounds::signed_meanwhile(tx).await
    });
    for id in signed.await.map_err(|e| failed(&e))? {
        let done = as_system(platform, tenant, "withdraw_round_offer", async |tx| {
            improving::withdraw_signed(tx, id).await
        });
        stint.note(id, done.await, OfferError::database);
    }
    Ok(())
}

/// Why an offer was not sent and never can be; `None` where it was.
fn not_sent(outcome: Result<(), CaseError>) -> Result<Option<&'static str>, CaseError> {
    match outcome {
        Ok(()) => Ok(None),
        Err(CaseError::Offer(refused)) => lasting(&refused).map(Some).ok_or(CaseError::Offer(refused)),
        Err(error) => Err(error),
    }
}

/// Why an offer cannot be sent now or later, as a stable code; `None` for what another attempt may mend.
fn lasting(error: &OfferError) -> Option<&'static str> {
    match error {
        OfferError::NoPlace | OfferError::ContractsFull => Some("no_place"),
        OfferError::CapacityUnknown => Some("capacity_unknown"),
        OfferError::ChildHasOpenOffer => Some("child_has_open_offer"),
        OfferError::FacilityClosed => Some("facility_closed"),
        OfferError::Invalid(_) => Some("invalid"),
        OfferError::Demand(DemandError::Transition(_)) => Some("wish_ended"),
        OfferError::Missing => Some("missing"),
        _ => None,
    }
}

/// Sends what waits, and gives places that came back to the next until nobody waits for any of them.
pub(super) async fn follow_up(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "FollowUpRounds");
    withdraw_signed(&platform, &tenant, &mut stint).await?;
    send_all(&platform, &tenant, &mut stint).await?;
    for round in released(&platform, &tenant).await? {
        let next = as_system(&platform, &tenant, "follow_up_round", async |tx| {
            rounds::follow_up(tx, round).await
        });
        if stint
            .note(round, next.await, RoundError::database)
            .is_some_and(|found| found > 0)
        {
            send_all(&platform, &tenant, &mut stint).await?;
        }
    }
    stint.end()
}

fn failed(error: &dyn std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}
