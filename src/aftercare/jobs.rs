//! Background work of this slice: once a day follow-up care is proposed for places that end with the child's age.

use chrono::Months;

use super::{AfterError, propose, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};
use crate::tenancy;

/// So many proposals one run makes; the next run goes on.
const BATCH: i64 = 200;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(86_400, "ProposeFollowups", |platform, job| {
        Box::pin(propose_followups(platform, job))
    })
}

/// Each in a transaction of its own, with its mail.
async fn propose_followups(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let due = as_system(&platform, &tenant, "propose_followups", async |tx| {
        let ahead = tenancy::settings(tx).await?.after.followup_months_ahead;
        let today = tx.today();
        let until = today.checked_add_months(Months::new(ahead.unsigned_abs()));
        store::candidates(tx, until.unwrap_or(today), BATCH).await
    })
    .await?;
    for contract in due {
        let made = as_system(&platform, &tenant, "propose_followup", async |tx| {
            propose(tx, contract).await
        });
        match made.await {
            Ok(_) => {}
            Err(AfterError::Db(error)) => return Err(error.into()),
            Err(error) => tracing::warn!(tenant = job.tenant.0, %error, "follow-up care was not proposed"),
        }
    }
    Ok(())
}
