//! Background work of this slice: a step whose deadline passed goes on, and after a run it is counted how likely each wish is to be met in
//! other draws.

use serde::{Deserialize, Serialize};

use super::chances::{draws_for, of_case};
use super::{RoundError, aside, round, store};
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::allocation::{Instance, Market};
use crate::platform::Platform;
use crate::platform::ids::{RoundId, RunId};
use crate::platform::jobs::{Job, JobError, NewJob, Registry, Stint};

const KIND: &str = "CountChances";

#[derive(Serialize, Deserialize)]
struct Of {
    round_id: RoundId,
    run_id: RunId,
}

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .on(KIND, |platform, job| Box::pin(count_chances(platform, job)))
        .every(300, "AdvanceRounds", |platform, job| Box::pin(advance(platform, job)))
}

/// Has the chances of a run counted soon: hundreds of draws take longer than an answer should.
pub(super) async fn count_later(tx: &mut TenantTx, round_id: RoundId, run_id: RunId) -> Result<(), sqlx::Error> {
    let run_at = tx.now();
    let payload = serde_json::to_value(Of { round_id, run_id }).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    let job = NewJob {
        kind: KIND,
        payload,
        dedup_key: Some(run_id.to_string()),
        run_at,
    };
    tx.enqueue(job).await
}

async fn count_chances(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let of: Of = serde_json::from_value(job.payload).map_err(|e| JobError::Dead(e.to_string()))?;
    let read = as_system(&platform, &tenant, "CountChances", async |tx| {
        let standing = round(tx, of.round_id).await?.run_id == Some(of.run_id);
        let files = store::run_files(tx, of.run_id).await?.ok_or(RoundError::Missing)?;
        let cases = super::frozen_cases(tx, of.round_id).await?;
        Ok::<_, RoundError>(standing.then_some((files, cases)))
    });
    // A newer run has taken its place, and is counted by a job of its own.
    let Some((files, cases)) = read.await.map_err(failed)? else {
        return Ok(());
    };
    let (draws, counted) = aside(move || {
        let instance = Instance::read(files.instance.as_bytes()).map_err(|e| RoundError::Broken(e.to_string()))?;
        let chances = Market::new(&instance).chances(draws_for(instance.joint_families()));
        let one = |case: &super::proposal::Case| Some((case.id, of_case(case, &instance, &chances)?));
        Ok((chances.draws, cases.iter().filter_map(one).collect::<Vec<_>>()))
    })
    .await
    .map_err(failed)?;
    as_system(&platform, &tenant, "CountChances", async |tx| {
        Ok::<_, RoundError>(store::put_chances(tx, of.round_id, of.run_id, draws, &counted).await?)
    })
    .await
    .map_err(failed)
}

/// Each round in a transaction of its own.
async fn advance(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "AdvanceRounds");
    let rounds = as_system(&platform, &tenant, "list_stepping_rounds", async |tx| {
        super::stepping_rounds(tx).await
    });
    for round in rounds.await.map_err(failed)? {
        let looked = as_system(&platform, &tenant, "advance_round", async |tx| {
            super::look_at_step(tx, round).await
        });
        stint.note(round, looked.await, RoundError::database);
    }
    stint.end()
}

fn failed(error: RoundError) -> JobError {
    match error {
        RoundError::Db(db) => JobError::from(db),
        RoundError::Missing => JobError::Dead("the run is gone".into()),
        other => JobError::Dead(other.to_string()),
    }
}
