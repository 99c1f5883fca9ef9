//! Background work of this slice: a place that a family did not take goes to the next, where the municipality wants it so.

use serde::Deserialize;

use crate::access::{as_system, tenant_of_job};
use crate::allocation::rounds;
use crate::facilities::AgeBand;
use crate::platform::Platform;
use crate::platform::db::may_pass;
use crate::platform::ids::FacilityId;
use crate::platform::jobs::{Job, JobError, Registry};
use crate::tenancy;

/// So many offers a job sends for an age band at most; a place gives one, a change of figures may give several.
const AT_MOST: usize = 50;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.on("OfferNext", |platform, job| Box::pin(offer_next(platform, job)))
}

#[derive(Deserialize)]
struct Vacated {
    facility_id: FacilityId,
}

/// Offers what is free at a facility to the next, each in a transaction of its own. While a released round is open its places are its own.
async fn offer_next(platform: Platform, job: Job) -> Result<(), JobError> {
    let Vacated { facility_id } =
        serde_json::from_value(job.payload.clone()).map_err(|e| JobError::Dead(e.to_string()))?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    for band in AgeBand::ALL {
        for _ in 0..AT_MOST {
            let sent = as_system(&platform, &tenant, "offer_next_by_rule", async |tx| {
                if !tenancy::settings(tx).await?.followup_automatic || rounds::is_one_open(tx).await? {
                    return Ok(false);
                }
                super::offer_to_first(tx, facility_id, *band).await
            });
            match sent.await {
                Ok(true) => {}
                Ok(false) => break,
                // What a person must look at stays on the list of vacancies.
                Err(error) if error.database().is_some_and(may_pass) => return Err(JobError::Retry(error.to_string())),
                Err(error) => {
                    tracing::warn!(tenant = job.tenant.0, %error, "the next was not offered the place");
                    break;
                }
            }
        }
    }
    Ok(())
}
