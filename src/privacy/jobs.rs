//! Background work of this slice: every night what is over its period is deleted, in batches, and the chain of the audit is looked through.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::retention::{self, Class};
use crate::access::{as_system, as_system_unrecorded, tenant_of_job};
use crate::audit;
use crate::notifications::{self, Message};
use crate::platform::Platform;
use crate::platform::db::TenantRef;
use crate::platform::ids::random_uuid;
use crate::platform::jobs::{Job, JobError, NewJob, Registry};

/// Batches of one class in a run; what is left waits for the next night.
const MOST_BATCHES: usize = 400;

/// After so long a look through the chain is handed on: the lease of a job is two minutes.
const A_TURN: Duration = Duration::from_secs(60);

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .every(24 * 3600, "VerifyAudit", |platform, job| {
            Box::pin(verify_audit(platform, job))
        })
        .every(24 * 3600, "DeleteExpired", |platform, job| {
            Box::pin(delete_expired(platform, job))
        })
}

/// A transaction a batch: no lock is held for long, and what was logged was deleted.
async fn delete_expired(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let run = random_uuid();
    // What cannot be deleted in one class stops no other one: each is a duty of its own.
    let mut failed = None;
    for class in Class::ALL {
        for _ in 0..MOST_BATCHES {
            let work = as_system(&platform, &tenant, "DeleteExpired", async |tx| {
                tx.touch(run);
                retention::delete_batch(tx, class, run).await
            });
            match work.await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(tenant = job.tenant.0, class = class.as_str(), %error, "what is over its period was not deleted");
                    failed.get_or_insert(error);
                    break;
                }
            }
        }
    }
    failed.map_or(Ok(()), |error: sqlx::Error| Err(error.into()))
}

/// Where the chain ends stands in the log every night, which is another place than the database: who shortens or rewrites a chain has to
/// change both. A long chain is looked through in pieces, and handed on to the next turn before the job's lease is over.
async fn verify_audit(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let begun = Instant::now();
    let verdict = loop {
        // A piece leaves no event of its own, or looking at a chain would make it longer.
        let piece = as_system_unrecorded(&platform, &tenant, "VerifyAudit", async |tx| {
            audit::verify_piece(tx).await
        });
        let piece: Option<audit::Verdict> = piece.await?;
        if let Some(verdict) = piece {
            break verdict;
        }
        if begun.elapsed() > A_TURN {
            let goes_on = as_system_unrecorded(&platform, &tenant, "VerifyAudit", async |tx| {
                let run_at = tx.now();
                tx.enqueue(NewJob {
                    kind: "VerifyAudit",
                    payload: serde_json::Value::Null,
                    dedup_key: Some("goes_on".into()),
                    run_at,
                })
                .await
            });
            let done: Result<(), sqlx::Error> = goes_on.await;
            done?;
            return Ok(());
        }
    };
    tell(&platform, &tenant, &verdict).await
}

/// Writes what came of it into the log, and to the administrators where something is wrong.
async fn tell(platform: &Platform, tenant: &Arc<TenantRef>, verdict: &audit::Verdict) -> Result<(), JobError> {
    let told = as_system(platform, tenant, "VerifyAudit", async |tx| {
        if verdict.broken.is_some() {
            let message = Message::AuditBroken { at: tx.now() };
            notifications::tell_administrators(tx, &message).await?;
        }
        Ok::<_, sqlx::Error>(())
    });
    told.await?;
    let slug = tenant.slug.as_str();
    match &verdict.broken {
        None => {
            tracing::info!(tenant = slug, events = verdict.events, head = %verdict.head, "the chain of the audit is whole")
        }
        Some(broken) => {
            tracing::error!(tenant = slug, fault = broken.fault.as_str(), event = ?broken.event, "the chain of the audit is broken")
        }
    }
    Ok(())
}
