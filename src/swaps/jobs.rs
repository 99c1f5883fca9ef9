//! Background work of this slice: a swap to which all said yes is carried out, one without all answers in time is called off.

use serde::Deserialize;

use super::model::SwapState;
use super::{SwapError, call_off, carry_out, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::ids::SwapId;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .every(3600, "TendSwaps", |platform, job| Box::pin(tend(platform, job)))
        .on("CarryOutSwap", |platform, job| Box::pin(carry_out_swap(platform, job)))
        .on("TellSwapOff", |platform, job| Box::pin(tell_off(platform, job)))
}

impl From<SwapError> for JobError {
    fn from(error: SwapError) -> Self {
        match error {
            SwapError::Db(db) => db.into(),
            other => Self::Dead(other.to_string()),
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

/// All contracts change in one transaction; where one cannot, none does, and the families are told.
async fn carry_out_swap(platform: Platform, job: Job) -> Result<(), JobError> {
    let (id, tenant) = (of(&job)?, tenant_of_job(&platform, job.tenant).await?);
    let done = as_system(&platform, &tenant, "carry_out_swap", async |tx| carry_out(tx, id).await).await;
    match done {
        Ok(_) => Ok(()),
        Err(SwapError::Db(error)) => Err(error.into()),
        Err(error) => {
            tracing::warn!(tenant = job.tenant.0, %error, "a swap could not be carried out");
            as_system(&platform, &tenant, "void_swap", async |tx| {
                call_off(tx, id, SwapState::Void).await
            })
            .await?;
            Ok(())
        }
    }
}

async fn tell_off(platform: Platform, job: Job) -> Result<(), JobError> {
    let (id, tenant) = (of(&job)?, tenant_of_job(&platform, job.tenant).await?);
    as_system(&platform, &tenant, "tell_swap_off", async |tx| {
        call_off(tx, id, SwapState::Declined).await
    })
    .await?;
    Ok(())
}

async fn tend(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let overdue = as_system(&platform, &tenant, "tend_swaps", async |tx| store::overdue(tx).await).await?;
    for id in overdue {
        as_system(&platform, &tenant, "expire_swap", async |tx| {
            call_off(tx, id, SwapState::Expired).await
        })
        .await?;
    }
    Ok(())
}
