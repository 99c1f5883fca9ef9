//! Background work of this slice: a swap to which all said yes is carried out, one without all answers in time is called off.

use std::sync::Arc;

use serde::Deserialize;

use super::model::SwapState;
use super::{SwapError, call_off, carry_out, store, tell_off};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::db::{TenantRef, may_pass};
use crate::platform::ids::SwapId;
use crate::platform::jobs::{Job, JobError, Registry, Stint};

/// How many are looked for at a time.
const BATCH: i64 = 100;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .every(3600, "TendSwaps", |platform, job| Box::pin(tend(platform, job)))
        .on("CarryOutSwap", |platform, job| Box::pin(carry_out_swap(platform, job)))
        .on("TellSwapOff", |platform, job| Box::pin(tell_families(platform, job)))
}

impl From<SwapError> for JobError {
    fn from(error: SwapError) -> Self {
        match error.database() {
            Some(_) => Self::Retry(error.to_string()),
            None => Self::Dead(error.to_string()),
        }
    }
}

#[derive(Deserialize)]
struct OfSwap {
    swap_id: SwapId,
}

fn of(job: &Job) -> Result<SwapId, JobError> {
    let told: OfSwap = serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    Ok(told.swap_id)
}

async fn carry_out_swap(platform: Platform, job: Job) -> Result<(), JobError> {
    let (id, tenant) = (of(&job)?, tenant_of_job(&platform, job.tenant).await?);
    carry_out_or_void(&platform, &tenant, id).await?;
    Ok(())
}

/// All contracts change in one transaction; where one cannot, none does, and the families are told. What the database could not do now
/// it may do later: all sides have said yes, so nothing is called off for that.
async fn carry_out_or_void(platform: &Platform, tenant: &Arc<TenantRef>, id: SwapId) -> Result<(), SwapError> {
    let done = as_system(platform, tenant, "carry_out_swap", async |tx| carry_out(tx, id).await).await;
    match done {
        Ok(_) => Ok(()),
        Err(error) if error.database().is_some_and(may_pass) => Err(error),
        Err(error) => {
            tracing::warn!(tenant = tenant.id.0, %error, "a swap could not be carried out");
            as_system(platform, tenant, "void_swap", async |tx| {
                call_off(tx, id, SwapState::Void).await
            })
            .await
        }
    }
}

async fn tell_families(platform: Platform, job: Job) -> Result<(), JobError> {
    let (id, tenant) = (of(&job)?, tenant_of_job(&platform, job.tenant).await?);
    as_system(&platform, &tenant, "tell_swap_off", async |tx| tell_off(tx, id).await).await?;
    Ok(())
}

/// Those with every yes first: their own job may have failed for good, or come too late for the day.
async fn tend(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "TendSwaps");
    for agreed in [true, false] {
        let mut after = None;
        while !stint.is_over() {
            let open = as_system(&platform, &tenant, "tend_swaps", async |tx| match agreed {
                true => store::agreed(tx, after, BATCH).await,
                false => store::overdue(tx, after, BATCH).await,
            });
            let open: Vec<_> = open.await?;
            after = open.last().copied();
            if after.is_none() {
                break;
            }
            for id in open {
                let done = match agreed {
                    true => carry_out_or_void(&platform, &tenant, id).await,
                    false => {
                        as_system(&platform, &tenant, "expire_swap", async |tx| {
                            call_off(tx, id, SwapState::Expired).await
                        })
                        .await
                    }
                };
                stint.note(id, done, SwapError::database);
            }
        }
    }
    stint.end()
}
