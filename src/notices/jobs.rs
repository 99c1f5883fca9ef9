//! Background work of this slice: what was posted becomes served, and final, by the calendar.

use super::store;
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(3600, "MoveNotices", |platform, job| {
        Box::pin(move_notices(platform, job))
    })
}

async fn move_notices(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "move_notices", async |tx| store::move_on(tx).await).await?;
    Ok(())
}
