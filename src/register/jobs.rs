//! Background work of this slice: a sent demand is checked, what was left open is checked again, and an old list is deleted.

use chrono::Days;
use serde::Deserialize;

use super::csv_list::USABLE_DAYS;
use super::{RegisterError, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::clock::start_of_day;
use crate::platform::ids::DemandId;
use crate::platform::jobs::{Job, JobError, Registry};

/// How many demands one run looks at; the next run goes on.
const BATCH: i64 = 500;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .on("CheckRegister", |platform, job| Box::pin(check_one(platform, job)))
        .every(86_400, "RecheckRegister", |platform, job| {
            Box::pin(recheck(platform, job))
        })
}

#[derive(Deserialize)]
struct OfDemand {
    demand_id: DemandId,
}

async fn check_one(platform: Platform, job: Job) -> Result<(), JobError> {
    let OfDemand { demand_id } =
        serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let done = as_system(&platform, &tenant, "check_register", async |tx| {
        // Where no list was ever uploaded there is no register to compare with.
        if store::list(tx).await?.is_none() {
            return Ok(());
        }
        super::check(tx, demand_id).await.map(|_| ())
    });
    match done.await {
        // The family took it back meanwhile.
        Ok(()) | Err(RegisterError::Missing) => Ok(()),
        Err(error) => Err(JobError::Retry(error.to_string())),
    }
}

async fn recheck(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let open = as_system(&platform, &tenant, "recheck_register", async |tx| {
        let today = tx.today();
        let oldest = today.checked_sub_days(Days::new(USABLE_DAYS)).unwrap_or(today);
        store::purge(tx, start_of_day(oldest)).await?;
        store::open_checks(tx, BATCH).await
    })
    .await?;
    for demand in open {
        let again = as_system(&platform, &tenant, "check_register", async |tx| {
            super::check_again(tx, demand).await
        });
        if let Err(RegisterError::Db(error)) = again.await {
            return Err(error.into());
        }
    }
    Ok(())
}
