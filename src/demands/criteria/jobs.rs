//! Counting in the background: all open demands after a set was published, and once a day, because criteria know dates.

use futures_util::future::LocalBoxFuture;
use serde_json::json;

use super::{counting, store};
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::ids::ChildId;
use crate::platform::jobs::{Job, JobError, NewJob, Registry};

/// So many batches a job; then it leaves the rest to another one, well within the time that a job may take.
const BATCHES: usize = 20;

pub(in crate::demands) fn register(registry: Registry) -> Registry {
    registry
        .on("RecountPoints", |platform, job| boxed(recount_points(platform, job)))
        .every(3600, "CountOfTheDay", |platform, job| {
            boxed(count_of_the_day(platform, job))
        })
}

fn boxed<F: Future<Output = Result<(), JobError>> + 'static>(work: F) -> LocalBoxFuture<'static, Result<(), JobError>> {
    Box::pin(work)
}

/// A large tenant has hundreds of thousands of preferences: they are counted after the answer, not before it.
pub(super) async fn recount_all_later(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    store::forget_counting(tx).await?;
    count_rest_later(tx).await
}

pub(in crate::demands) async fn count_rest_later(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let run_at = tx.now();
    tx.enqueue(NewJob {
        kind: "CountOfTheDay",
        payload: json!({}),
        dedup_key: Some("rest".into()),
        run_at,
    })
    .await
}

/// Counts the demands of a child and its siblings after it got siblings or a place.
async fn recount_points(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let child: Option<ChildId> = job
        .payload
        .get("child_id")
        .and_then(|id| serde_json::from_value(id.clone()).ok());
    as_system(&platform, &tenant, "RecountPoints", async |tx| match child {
        Some(child) => counting::recompute_points_of_siblings(tx, child).await,
        // A job of the version before asks for all.
        None => Ok(recount_all_later(tx).await?),
    })
    .await?;
    Ok(())
}

/// Counts every open demand that was not counted today: sets come into force, evidence falls due or runs out, children grow.
async fn count_of_the_day(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    for _ in 0..BATCHES {
        // A transaction a batch, so that no family waits for its demand longer than for one.
        let more = as_system(&platform, &tenant, "CountOfTheDay", async |tx| {
            counting::count_batch(tx).await
        })
        .await?;
        if !more {
            return Ok(());
        }
    }
    as_system(&platform, &tenant, "CountOfTheDay", async |tx| {
        count_rest_later(tx).await
    })
    .await?;
    Ok(())
}
