//! Background work of coordinated rounds: a step whose deadline passed goes on, each round in a transaction of its own.

use super::RoundError;
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(300, "AdvanceRounds", |platform, job| Box::pin(advance(platform, job)))
}

async fn advance(platform: Platform, job: Job) -> Result<(), JobError> {
    let failed = |e: RoundError| JobError::Retry(e.to_string());
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let rounds = as_system(&platform, &tenant, "list_stepping_rounds", async |tx| {
        super::stepping_rounds(tx).await
    });
    for round in rounds.await.map_err(failed)? {
        as_system(&platform, &tenant, "advance_round", async |tx| {
            super::look_at_step(tx, round).await
        })
        .await
        .map_err(failed)?;
    }
    Ok(())
}
