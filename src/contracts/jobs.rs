//! Background work of this slice: care begins and ends on its day, missing signatures are asked for, and old codes go.

use chrono::Duration;

use super::{ContractError, birth, ending, signing, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};
use crate::tenancy;

/// How many contracts one run looks at; the next run goes on.
const BATCH: i64 = 200;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    birth::register(registry).every(3600, "TendContracts", |platform, job| Box::pin(tend(platform, job)))
}

/// Notes for every contract whose first or last day has come that it has, each in a transaction of its own.
async fn tend(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let (due, unsigned) = as_system(&platform, &tenant, "tend_contracts", async |tx| {
        let yesterday = tx.now() - Duration::days(1);
        store::old_codes_gone(tx, yesterday).await?;
        let days = tenancy::settings(tx).await?.after.signature_reminder_days;
        let since = tx.today() - Duration::days(days.into());
        Ok::<_, sqlx::Error>((store::due(tx, BATCH).await?, store::unsigned(tx, since, BATCH).await?))
    })
    .await?;
    for id in due {
        as_system(&platform, &tenant, "tend_contract", async |tx| {
            ending::tend(tx, id).await
        })
        .await
        .map_err(|error: ContractError| JobError::Retry(error.to_string()))?;
    }
    for id in unsigned {
        as_system(&platform, &tenant, "remind_of_contract", async |tx| {
            signing::remind(tx, id).await
        })
        .await
        .map_err(|error: ContractError| JobError::Retry(error.to_string()))?;
    }
    Ok(())
}
