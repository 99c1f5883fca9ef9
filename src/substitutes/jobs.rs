//! Background work of this slice.

use chrono::{Months, NaiveDate};

use super::store;
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// Absences are forgotten so many months after their last day: then nothing hangs on them any more.
const KEPT_MONTHS: u32 = 6;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(24 * 3600, "ForgetAbsences", |platform, job| {
        Box::pin(forget_absences(platform, job))
    })
}

async fn forget_absences(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "ForgetAbsences", async |tx| {
        let before = tx.today().checked_sub_months(Months::new(KEPT_MONTHS));
        store::forget(tx, before.unwrap_or(NaiveDate::MIN)).await
    })
    .await?;
    Ok(())
}
