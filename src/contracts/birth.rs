//! A child is born on another day than expected, or its date of birth was wrong: its places follow. What was agreed stays agreed, and
//! contracts whose end followed from the former day stand in the list of [`super::rule_change`].

use serde::Deserialize;

use super::model::ContractError;
use super::school::birth_of;
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::facilities;
use crate::platform::Platform;
use crate::platform::ids::ChildId;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds the job that the families, which stand above this slice, leave when a birth moved.
pub(super) fn register(registry: Registry) -> Registry {
    registry.on("FollowBirth", |platform, job| Box::pin(follow_birth(platform, job)))
}

#[derive(Deserialize)]
struct OfChild {
    child_id: ChildId,
}

async fn follow_birth(platform: Platform, job: Job) -> Result<(), JobError> {
    let OfChild { child_id } =
        serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "follow_birth", async |tx| {
        follow(tx, child_id).await
    })
    .await
    .map_err(|e| JobError::Retry(e.to_string()))
}

async fn follow(tx: &mut TenantTx, child: ChildId) -> Result<(), ContractError> {
    // The family may have taken the date back, or the child was deleted.
    let Some(birth) = birth_of(tx, child).await? else {
        return Ok(());
    };
    tx.touch_child(child);
    Ok(facilities::follow_birth(tx, child, birth).await?)
}
