//! Background work of this slice: care begins and ends on its day, missing signatures are asked for, and old codes go.

use chrono::Duration;

use super::{ContractError, birth, ending, signing, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry, Stint};
use crate::tenancy;

/// How many contracts are looked for at a time.
const BATCH: i64 = 200;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    birth::register(registry).every(3600, "TendContracts", |platform, job| Box::pin(tend(platform, job)))
}

/// Notes for every contract whose first or last day has come that it has, each in a transaction of its own. On the first day of a Kita
/// year these are thousands: all of them, as far as the time of one run goes.
async fn tend(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "TendContracts");
    let mut after = None;
    while !stint.is_over() {
        let due = as_system(&platform, &tenant, "tend_contracts", async |tx| {
            let yesterday = tx.now() - Duration::days(1);
            store::old_codes_gone(tx, yesterday).await?;
            store::due(tx, after, BATCH).await
        });
        let due: Vec<_> = due.await?;
        after = due.last().copied();
        if after.is_none() {
            break;
        }
        for id in due {
            let done = as_system(&platform, &tenant, "tend_contract", async |tx| {
                ending::tend(tx, id).await
            });
            stint.note(id, done.await, ContractError::database);
        }
    }
    let mut after = None;
    while !stint.is_over() {
        let unsigned = as_system(&platform, &tenant, "tend_contracts", async |tx| {
            let days = tenancy::settings(tx).await?.after.signature_reminder_days;
            let since = tx.today() - Duration::days(days.into());
            store::unsigned(tx, since, after, BATCH).await
        });
        let unsigned: Vec<_> = unsigned.await?;
        after = unsigned.last().copied();
        if after.is_none() {
            break;
        }
        for id in unsigned {
            let done = as_system(&platform, &tenant, "remind_of_contract", async |tx| {
                signing::remind(tx, id).await
            });
            stint.note(id, done.await, ContractError::database);
        }
    }
    stint.end()
}
