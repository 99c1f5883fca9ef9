//! Background work of this slice.

use super::{BATCH, remind};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(6 * 3600, "RemindOfCapacity", |platform, job| {
        Box::pin(remind_of_capacity(platform, job))
    })
}

async fn remind_of_capacity(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    loop {
        let found = as_system(&platform, &tenant, "RemindOfCapacity", async |tx| remind(tx).await).await?;
        // Fewer than a batch: no other is due.
        if i64::try_from(found).unwrap_or(0) < BATCH {
            return Ok(());
        }
    }
}
