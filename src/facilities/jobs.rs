//! Background work of this slice.

use super::capacity;
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// Facilities a transaction: small, so that an offer waits for a moment at most.
const BATCH: i64 = 20;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(3600, "RollPlacePools", |platform, job| {
        Box::pin(roll_place_pools(platform, job))
    })
}

/// Moves every facility's places on to the current month; finds nothing to do on all but one day of a month.
async fn roll_place_pools(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    loop {
        let found = as_system(&platform, &tenant, "RollPlacePools", async |tx| {
            capacity::roll_forward(tx, BATCH).await
        })
        .await?;
        // Fewer than a batch: no other is behind.
        if i64::try_from(found).unwrap_or(0) < BATCH {
            return Ok(());
        }
    }
}
