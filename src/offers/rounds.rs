//! Offers of a released allocation round: every waiting case gets its offer once, and places that come back go on to the next.

use std::sync::Arc;

use super::{NewOffer, OfferError, improving};
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::allocation::rounds::{self, Decided, ImprovementKey, ProposedPlace, RoundError};
use crate::demands::DemandError;
use crate::platform::Platform;
use crate::platform::db::TenantRef;
use crate::platform::ids::{CaseId, RoundId};
use crate::platform::jobs::{Job, JobError};

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
        hours_per_week: place.hours_per_week,
        window_from,
        window_to,
        deadline_days: place.offer_days,
    }
}

/// Deals with waiting cases of all released rounds, each in a transaction of its own: a crash anywhere leaves cases that are done and
/// cases that wait, and nothing in between.
pub(super) async fn send_waiting(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let all = as_system(&platform, &tenant, "list_released_rounds", async |tx| {
        rounds::released_rounds(tx).await
    });
    for round in all.await.map_err(|e| failed(&e))? {
        for _ in 0..BATCHES {
            let waiting = as_system(&platform, &tenant, "list_waiting_cases", async |tx| {
                rounds::waiting_cases(tx, round, BATCH).await
            });
            let waiting = waiting.await.map_err(|e| failed(&e))?;
            if waiting.is_empty() {
                break;
            }
            for case in waiting {
                let sent = as_system(&platform, &tenant, "send_round_offer", async |tx| {
                    send_for_round(tx, round, case).await
                });
                match sent.await {
                    Ok(()) => {}
                    Err(CaseError::Offer(refused)) if lasting(&refused).is_some() => {
                        let reason = lasting(&refused).unwrap_or_default();
                        let noted = as_system(&platform, &tenant, "note_round_offer_not_sent", async |tx| {
                            rounds::case_not_sent(tx, round, case, reason).await
                        });
                        noted.await.map_err(|e| failed(&e))?;
                    }
                    Err(error) => return Err(failed(&error)),
                }
            }
        }
        send_all_better(&platform, &tenant, round).await?;
    }
    Ok(())
}

/// Offers better places of a round, each in a transaction of its own; the next run goes on where there are more.
async fn send_all_better(platform: &Platform, tenant: &Arc<TenantRef>, round: RoundId) -> Result<(), JobError> {
    let waiting = as_system(platform, tenant, "list_waiting_cases", async |tx| {
        rounds::waiting_improvements(tx, round, BATCH).await
    });
    for key in waiting.await.map_err(|e| failed(&e))? {
        let sent = as_system(platform, tenant, "send_round_offer", async |tx| {
            send_better(tx, round, key).await
        });
        match sent.await {
            Ok(()) => {}
            Err(CaseError::Offer(refused)) if lasting(&refused).is_some() => {
                let reason = lasting(&refused).unwrap_or_default();
                let noted = as_system(platform, tenant, "note_round_offer_not_sent", async |tx| {
                    rounds::improvement_not_sent(tx, round, key, reason).await
                });
                noted.await.map_err(|e| failed(&e))?;
            }
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(())
}

/// Takes offers of better places back whose child signed for the place that it has.
async fn withdraw_signed(platform: &Platform, tenant: &Arc<TenantRef>) -> Result<(), JobError> {
    let signed = as_system(platform, tenant, "list_waiting_cases", async |tx| {
        rounds::signed_meanwhile(tx).await
    });
    for id in signed.await.map_err(|e| failed(&e))? {
        let done = as_system(platform, tenant, "withdraw_round_offer", async |tx| {
            improving::withdraw_signed(tx, id).await
        });
        done.await.map_err(|e| failed(&e))?;
    }
    Ok(())
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
    withdraw_signed(&platform, &tenant).await?;
    send_waiting(platform.clone(), job.clone()).await?;
    let all = as_system(&platform, &tenant, "list_released_rounds", async |tx| {
        rounds::released_rounds(tx).await
    });
    for round in all.await.map_err(|e| failed(&e))? {
        let next = as_system(&platform, &tenant, "follow_up_round", async |tx| {
            rounds::follow_up(tx, round).await
        });
        if next.await.map_err(|e| failed(&e))? > 0 {
            send_waiting(platform.clone(), job.clone()).await?;
        }
    }
    Ok(())
}

fn failed(error: &dyn std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}
