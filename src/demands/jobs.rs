//! Background work of this slice: old drafts go, demands run out or close; counting is the criteria's.

use chrono::Duration;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;

use super::{DemandError, contract_started, renewal, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::ids::{DemandId, PreferenceId};
use crate::platform::jobs::{Job, JobError, Registry, Stint};
use crate::tenancy;

/// So many demands are dealt with in a transaction.
const BATCH: usize = 100;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    super::criteria::jobs::register(registry)
        .every(3600, "TendDemands", |platform, job| boxed(tend_demands(platform, job)))
        .on("WithoutContract", |platform, job| {
            boxed(without_contract(platform, job))
        })
}

fn boxed<F: Future<Output = Result<(), JobError>> + 'static>(work: F) -> LocalBoxFuture<'static, Result<(), JobError>> {
    Box::pin(work)
}

impl From<DemandError> for JobError {
    fn from(error: DemandError) -> Self {
        match error {
            DemandError::Db(db) => db.into(),
            other => Self::Dead(other.to_string()),
        }
    }
}

/// Each row in a savepoint of its own, some in a transaction. On the first day of a Kita year thousands of demands close: all of them, as
/// far as the time of one run goes.
async fn tend_demands(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "TendDemands");
    let due = as_system(&platform, &tenant, "TendDemands", async |tx| {
        let kept = tenancy::settings(tx).await?.retention.draft_days;
        let untouched_since = tx.now() - Duration::days(kept.into());
        store::delete_old_drafts(tx, untouched_since).await?;
        store::old_renewal_links_gone(tx).await?;
        renewal::due_now(tx).await
    });
    for some in due.await?.chunks(BATCH) {
        if stint.is_over() {
            break;
        }
        as_system(&platform, &tenant, "TendDemands", async |tx| {
            for one in some {
                let done = tx.attempt(async |tx| renewal::tend(tx, one).await).await;
                stint.note(one.id, done, DemandError::database);
            }
            Ok::<_, sqlx::Error>(())
        })
        .await?;
    }
    let mut after = None;
    while !stint.is_over() {
        let begun = as_system(&platform, &tenant, "TendDemands", async |tx| {
            let begun = store::begun_demands(tx, after, BATCH).await?;
            for demand in &begun {
                let done = tx.attempt(async |tx| contract_started(tx, *demand).await).await;
                stint.note(demand, done, DemandError::database);
            }
            Ok::<_, sqlx::Error>(begun)
        });
        after = begun.await?.last().copied();
        if after.is_none() {
            break;
        }
    }
    stint.end()
}

#[derive(Deserialize)]
struct FellThrough {
    demand_id: DemandId,
    /// The wish whose place came to nothing; jobs that were written before it was told know it not.
    #[serde(default)]
    preference_id: Option<PreferenceId>,
    by_facility: bool,
}

/// The contracts, which stand above this slice, tell that nothing came of an accepted place.
async fn without_contract(platform: Platform, job: Job) -> Result<(), JobError> {
    let told: FellThrough = serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "without_contract", async |tx| {
        super::without_contract(tx, told.demand_id, told.preference_id, told.by_facility).await
    })
    .await?;
    Ok(())
}
