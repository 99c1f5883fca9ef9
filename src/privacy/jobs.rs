//! Background work of this slice: every night what is over its period is deleted, in batches, and the chain of the audit is looked through.

use super::retention::{self, Class};
use crate::access::{as_system, tenant_of_job};
use crate::audit;
use crate::notifications::{self, Message};
use crate::platform::Platform;
use crate::platform::ids::random_uuid;
use crate::platform::jobs::{Job, JobError, Registry};

/// Batches of one class in a run; what is left waits for the next night.
const MOST_BATCHES: usize = 400;

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
    for class in Class::ALL {
        for _ in 0..MOST_BATCHES {
            let work = as_system(&platform, &tenant, "DeleteExpired", async |tx| {
                tx.touch(run);
                retention::delete_batch(tx, class, run).await
            });
            if !work.await? {
                break;
            }
        }
    }
    Ok(())
}

/// Where the chain ends stands in the log every night, which is another place than the database: who shortens or rewrites a chain has to
/// change both.
async fn verify_audit(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let work = as_system(&platform, &tenant, "VerifyAudit", async |tx| {
        let verdict = audit::verify(tx, None).await?;
        if verdict.broken.is_some() {
            let message = Message::AuditBroken { at: tx.now() };
            notifications::tell_administrators(tx, &message).await?;
        }
        Ok::<_, sqlx::Error>(verdict)
    });
    let verdict: audit::Verdict = work.await?;
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
