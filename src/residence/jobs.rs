//! Background work of this slice: once a day families are reminded of the proof of their move, the office of consents that end;
//! those that have ended while a contract stands are noted; the register is asked for those who should live here by now.

use super::{lapses, store};
use crate::access::{as_system, tenant_of_job};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry};

/// So many at once; the next run goes on.
const BATCH: i64 = 200;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(86_400, "RemindResidence", |platform, job| {
        Box::pin(remind_residence(platform, job))
    })
}

async fn remind_residence(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "remind_residence", async |tx| {
        for moving in store::take_unreminded(tx, BATCH).await? {
            tx.touch_child(moving.child_id);
            let message = Message::MoveProofDue {
                demand_id: moving.demand_id,
                child: ChildInitial::of(moving.first_name.as_deref()),
                move_on: moving.move_on,
            };
            notifications::tell_family(tx, moving.child_id, moving.demand_id, &message).await?;
        }
        if let Some((count, first)) = store::remind_of_ends(tx).await? {
            notifications::tell_administrators(tx, &Message::GuestConsentEnds { count, first }).await?;
        }
        lapses::note_ended(tx, BATCH).await?;
        for demand in store::to_look_up(tx, BATCH).await? {
            tx.enqueue_about("CheckRegister", "demand_id", demand).await?;
        }
        Ok::<_, sqlx::Error>(())
    })
    .await?;
    Ok(())
}
