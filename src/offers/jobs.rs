//! Background work of this slice: reconcilers over state, each offer in a transaction of its own.

use chrono::Days;
use serde::Deserialize;

use super::{Message, OfferError, rounds, store};
use crate::access::{as_system, tenant_of_job};
use crate::allocation::rounds::turns;
use crate::platform::Platform;
use crate::platform::ids::DemandId;
use crate::platform::jobs::{Job, JobError, Registry, Stint};

/// How many are looked for at a time.
const BATCH: i64 = 200;
/// Days before the deadline on which the family is reminded.
const REMIND_DAYS: u64 = 2;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .every(60, "ExpireOffers", |platform, job| Box::pin(expire(platform, job)))
        .every(900, "RemindOffers", |platform, job| Box::pin(remind(platform, job)))
        .every(3600, "ReleaseOffers", |platform, job| Box::pin(release(platform, job)))
        .every(60, "SendRoundOffers", |platform, job| {
            Box::pin(rounds::send_waiting(platform, job))
        })
        .every(3600, "FollowUpRounds", |platform, job| {
            Box::pin(rounds::follow_up(platform, job))
        })
}

/// Ends every open offer whose deadline has passed, as far as the time of one run goes.
async fn expire(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "ExpireOffers");
    let mut after = None;
    while !stint.is_over() {
        let due = as_system(&platform, &tenant, "expire_offers", async |tx| {
            store::overdue(tx, after, BATCH).await
        });
        let due: Vec<_> = due.await?;
        after = due.last().copied();
        if after.is_none() {
            break;
        }
        for (_, id) in due {
            let expired = as_system(&platform, &tenant, "expire_offer", async |tx| {
                super::expire(tx, id).await
            });
            stint.note(id, expired.await, OfferError::database);
        }
    }
    stint.end()
}

/// Reminds families whose deadline is near, once an offer.
async fn remind(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "RemindOffers");
    as_system(&platform, &tenant, "remind_offers", async |tx| {
        let today = tx.today();
        let last_day = today.checked_add_days(Days::new(REMIND_DAYS)).unwrap_or(today);
        for id in store::claim_reminders(tx, last_day).await? {
            let told = tx.attempt(async |tx| {
                let offer = super::offer(tx, id).await?;
                super::tell(tx, &offer, Message::OfferReminder).await
            });
            let told: Result<(), OfferError> = told.await;
            stint.note(id, told, OfferError::database);
        }
        Ok::<_, OfferError>(())
    })
    .await
    .map_err(|e| failed(&e))?;
    stint.end()
}

/// Of which demand; periodic work is for all.
#[derive(Deserialize)]
struct OfDemand {
    demand_id: DemandId,
}

/// Gives back the places of open offers that have lost their ground: of a demand at once, and of all again and again, so that no place
/// is held by an offer that could not be taken back the first time.
async fn release(platform: Platform, job: Job) -> Result<(), JobError> {
    let of: Option<OfDemand> =
        serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let of = of.map(|of| of.demand_id);
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "ReleaseOffers");
    let mut after = None;
    while !stint.is_over() {
        let lost = as_system(&platform, &tenant, "release_offers", async |tx| {
            store::without_ground(tx, of, after, BATCH).await
        });
        let lost: Vec<_> = lost.await?;
        after = lost.last().copied();
        if after.is_none() {
            break;
        }
        for id in lost {
            let released = as_system(&platform, &tenant, "release_offer", async |tx| {
                super::release(tx, id, "no_longer_wished").await
            });
            let released = released.await;
            let lasts = Stint::lasts(&released, OfferError::database);
            stint.note(id, released, OfferError::database);
            if lasts {
                let told = as_system(&platform, &tenant, "note_round_offer_not_released", async |tx| {
                    turns::not_released(tx, id).await
                });
                stint.note(id, told.await, |error: &sqlx::Error| Some(error));
            }
        }
    }
    stint.end()
}

fn failed(error: &OfferError) -> JobError {
    JobError::Retry(error.to_string())
}
