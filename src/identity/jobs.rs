//! Background work of this slice: what has expired is removed.

use chrono::Duration;

use crate::access::{SESSION_IDLE_PARENT, TenantTx, as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// How long a used or expired invitation stays in the administrator's list.
const INVITATIONS_SHOWN: Duration = Duration::days(90);
/// How long a repeated creating request gets the first answer.
const ANSWERS_KEPT: Duration = Duration::hours(24);
/// The longest window that a counter is read for.
const COUNTERS_KEPT: Duration = Duration::days(1);

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(6 * 3600, "PurgeExpired", |platform, job| Box::pin(purge(platform, job)))
}

async fn purge(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "PurgeExpired", async |tx| {
        purge_people(tx).await?;
        purge_counters(tx).await
    })
    .await?;
    Ok(())
}

/// Sessions that ended, and links that no longer work; a link to confirm holds a password's hash and goes first.
async fn purge_people(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "DELETE FROM session WHERE tenant_id = $1 AND (expires_at <= $2 OR last_seen_at <= $3)",
        tenant.0,
        now,
        now - SESSION_IDLE_PARENT
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM account_token
          WHERE tenant_id = $1
            AND ((kind IN ('confirm', 'reset', 'email_change') AND (expires_at <= $2 OR used_at IS NOT NULL OR revoked_at IS NOT NULL))
                 OR expires_at <= $3)",
        tenant.0,
        now,
        now - INVITATIONS_SHOWN
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn purge_counters(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "DELETE FROM throttle WHERE tenant_id = $1 AND window_start < $2",
        tenant.0,
        now - COUNTERS_KEPT
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM idempotency_key WHERE tenant_id = $1 AND created_at < $2",
        tenant.0,
        now - ANSWERS_KEPT
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
