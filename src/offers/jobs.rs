//! Background work of this slice: reconcilers over state, each offer in a transaction of its own.

use chrono::Days;
use serde::Deserialize;

use super::{Message, OfferError, rounds, store};
use crate::access::{as_system, tenant_of_job};
use crate::demands::{self, DemandError};
use crate::platform::Platform;
use crate::platform::ids::DemandId;
use crate::platform::jobs::{Job, JobError, Registry, Stint};

/// How many rows one run looks at; the next run goes on.
const BATCH: i64 = 200;
/// Days before the deadline on which the family is reminded.
const REMIND_DAYS: u64 = 2;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .every(60, "ExpireOffers", |platform, job| Box::pin(expire(platform, job)))
        .every(900, "RemindOffers", |platform, job| Box::pin(remind(platform, job)))
        .every(3600, "CloseDemands", |platform, job| {
            Box::pin(close_demands(platform, job))
        })
        .on("ReleaseOffers", |platform, job| Box::pin(release(platform, job)))
        .every(60, "SendRoundOffers", |platform, job| {
            Box::pin(rounds::send_waiting(platform, job))
        })
        .every(3600, "FollowUpRounds", |platform, job| {
            Box::pin(rounds::follow_up(platform, job))
        })
}

/// Ends every open offer whose deadline has passed.
async fn expire(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let due = as_system(&platform, &tenant, "expire_offers", async |tx| {
        store::overdue(tx, BATCH).await
    })
    .await?;
    let mut stint = Stint::begin(&job, "ExpireOffers");
    for id in due {
        let expired = as_system(&platform, &tenant, "expire_offer", async |tx| {
            super::expire(tx, id).await
        });
        stint.note(id, expired.await, OfferError::database);
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

/// Closes covered demands whose contract has begun.
async fn close_demands(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let begun = as_system(&platform, &tenant, "close_demands", async |tx| {
        store::begun(tx, BATCH).await
    })
    .await?;
    let mut stint = Stint::begin(&job, "CloseDemands");
    for demand in begun {
        let closed = as_system(&platform, &tenant, "close_demand_at_start", async |tx| {
            demands::contract_started(tx, demand).await
        });
        stint.note(demand, closed.await, DemandError::database);
    }
    stint.end()
}

#[derive(Deserialize)]
struct OfDemand {
    demand_id: DemandId,
}

/// Gives back the places of a demand's open offers that have lost their ground.
async fn release(platform: Platform, job: Job) -> Result<(), JobError> {
    let OfDemand { demand_id } =
        serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let lost = as_system(&platform, &tenant, "release_offers", async |tx| {
        store::without_ground(tx, demand_id).await
    })
    .await?;
    let mut stint = Stint::begin(&job, "ReleaseOffers");
    for id in lost {
        let released = as_system(&platform, &tenant, "release_offer", async |tx| {
            super::release(tx, id, "no_longer_wished").await
        });
        stint.note(id, released.await, OfferError::database);
    }
    stint.end()
}

fn failed(error: &OfferError) -> JobError {
    JobError::Retry(error.to_string())
}
