//! Commands of jobs and operators: a tenant without a session.

use std::sync::Arc;

use super::actor::{Actor, Scope};
use super::tx::{Opened, TenantTx};
use crate::platform::Platform;
use crate::platform::db::{Mode, TenantRef};
use crate::platform::ids::TenantId;
use crate::platform::jobs::JobError;

/// Runs a job's or an operator's command in a tenant, without a session; `name` stands in the audit.
pub async fn as_system<T, E: From<sqlx::Error>>(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    name: &'static str,
    work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
) -> Result<T, E> {
    let opened = open_system(platform, tenant, name).await?;
    finish_system(TenantTx::open(opened), work).await
}

/// The same without an event: for the care of the audit itself, and nothing else.
pub async fn as_system_unrecorded<T, E: From<sqlx::Error>>(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    name: &'static str,
    work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
) -> Result<T, E> {
    let opened = open_system(platform, tenant, name).await?;
    finish_system(TenantTx::open_unrecorded(opened), work).await
}

async fn open_system(platform: &Platform, tenant: &Arc<TenantRef>, name: &'static str) -> Result<Opened, sqlx::Error> {
    Ok(Opened {
        tx: platform.db.begin(tenant.id, Mode::ReadWrite).await?,
        tenant: tenant.clone(),
        now: platform.clock.now(),
        actor: Actor::System(name),
        scope: Scope::Tenant,
        role: None,
        action: name,
        recorded: true,
        request_id: None,
    })
}

async fn finish_system<T, E: From<sqlx::Error>>(
    mut tx: TenantTx,
    work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
) -> Result<T, E> {
    match work(&mut tx).await {
        Ok(value) => {
            tx.finish().await?;
            Ok(value)
        }
        Err(error) => {
            tx.roll_back().await;
            Err(error)
        }
    }
}

/// The tenant of a job; a suspended tenant's jobs wait.
pub async fn tenant_of_job(platform: &Platform, id: TenantId) -> Result<Arc<TenantRef>, JobError> {
    let found = platform.tenants.by_id(id, platform.clock.now()).await?;
    found.ok_or_else(|| JobError::Retry("the tenant is not active".into()))
}
