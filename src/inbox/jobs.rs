//! Background work of this slice: who lets families wait longer than the answer clock allows is reminded, once a week.

use chrono::Days;

use super::store;
use crate::access::{as_system, tenant_of_job};
use crate::notifications::{self, Message, Recipient};
use crate::platform::Platform;
use crate::platform::clock::berlin_date;
use crate::platform::jobs::{Job, JobError, Registry};

/// Days between two reminders of a facility.
const EVERY_DAYS: u64 = 7;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(86_400, "RemindAnswers", |platform, job| Box::pin(remind(platform, job)))
}

async fn remind(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "remind_answers", async |tx| {
        let today = tx.today();
        let not_since = today.checked_sub_days(Days::new(EVERY_DAYS)).unwrap_or(today);
        for late in store::late(tx, not_since).await? {
            let message = Message::AnswersOverdue {
                facility: late.facility_name,
                waiting: late.waiting,
                oldest_days: (today - berlin_date(late.oldest)).num_days(),
            };
            let to = Recipient::account(late.account_id, late.email, late.language);
            notifications::enqueue(tx, to, message).await?;
            store::set_reminded(tx, late.facility_id).await?;
        }
        Ok::<_, sqlx::Error>(())
    })
    .await?;
    Ok(())
}
