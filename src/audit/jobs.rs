//! Background work of this slice: every minute what was committed is sealed into the chain of its tenant.

use super::chain;
use crate::access::{as_system_unrecorded, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(60, "SealAudit", |platform, job| Box::pin(seal(platform, job)))
}

/// Sealing leaves no event, or it would never come to an end.
async fn seal(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    loop {
        let work = as_system_unrecorded(&platform, &tenant, "SealAudit", async |tx| chain::seal(tx).await);
        let more: bool = work.await?;
        if !more {
            return Ok(());
        }
    }
}
