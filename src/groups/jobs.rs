//! Background work of this slice: a change of a contract that both sides signed moves the child to its group.

use serde::Deserialize;

use super::{GroupError, NewPlacement, place};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::ids::FacilityId;
use crate::platform::jobs::{Job, JobError, Registry};

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.on("MoveToGroup", |platform, job| Box::pin(move_to_group(platform, job)))
}

#[derive(Deserialize)]
struct Agreed {
    facility_id: FacilityId,
    #[serde(flatten)]
    placement: NewPlacement,
}

async fn move_to_group(platform: Platform, job: Job) -> Result<(), JobError> {
    let agreed: Agreed = serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let moved = as_system(&platform, &tenant, "move_to_group", async |tx| {
        place(tx, agreed.facility_id, &agreed.placement).await
    });
    match moved.await {
        Ok(()) => Ok(()),
        Err(GroupError::Db(error)) => Err(error.into()),
        // The group or the contract is gone; the board shows the child without a group, and people decide.
        Err(error) => {
            tracing::warn!(tenant = job.tenant.0, %error, "the child was not moved to its group");
            Ok(())
        }
    }
}
