//! Background work of this slice: once a day follow-up care is proposed for places that end with the child's age, and who has not answered
//! is reminded.

use chrono::{Days, Months, NaiveDate};

use super::{AfterError, propose, remind, store};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::jobs::{Job, JobError, Registry, Stint};
use crate::tenancy;

/// How many are looked for at a time.
const BATCH: i64 = 200;

/// The family is reminded so many days before a demand would come too late for the notice period, and not sooner after it was asked.
const REMIND_BEFORE: u64 = 14;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.every(86_400, "ProposeFollowups", |platform, job| {
        Box::pin(propose_followups(platform, job))
    })
}

/// Each in a transaction of its own, with its mail; all of them, as far as the time of one run goes.
async fn propose_followups(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut stint = Stint::begin(&job, "ProposeFollowups");
    let mut after = None;
    while !stint.is_over() {
        let due = as_system(&platform, &tenant, "propose_followups", async |tx| {
            let ahead = tenancy::settings(tx).await?.after.followup_months_ahead;
            let today = tx.today();
            let until = today.checked_add_months(Months::new(ahead.unsigned_abs()));
            store::candidates(tx, until.unwrap_or(today), after, BATCH).await
        });
        let due: Vec<_> = due.await?;
        after = due.last().copied();
        if after.is_none() {
            break;
        }
        for (_, contract) in due {
            let made = as_system(&platform, &tenant, "propose_followup", async |tx| {
                propose(tx, contract).await
            });
            stint.note(contract, made.await, AfterError::database);
        }
    }
    let mut after = None;
    while !stint.is_over() {
        let unanswered = as_system(&platform, &tenant, "remind_of_followups", async |tx| {
            let months = tenancy::settings(tx).await?.notice_period_months;
            let today = tx.today();
            store::unanswered(tx, (needed_by(today, months), days_before(today)), after, BATCH).await
        });
        let unanswered: Vec<_> = unanswered.await?;
        after = unanswered.last().copied();
        if after.is_none() {
            break;
        }
        for (_, id) in unanswered {
            let done = as_system(&platform, &tenant, "remind_of_followup", async |tx| {
                remind(tx, id).await
            });
            stint.note(id, done.await, |error: &sqlx::Error| Some(error));
        }
    }
    stint.end()
}

/// Who needs care by this day is reminded today.
fn needed_by(today: NaiveDate, notice_months: i32) -> NaiveDate {
    let in_time = today.checked_add_days(Days::new(REMIND_BEFORE)).unwrap_or(today);
    let months = Months::new(notice_months.unsigned_abs());
    in_time.checked_add_months(months).unwrap_or(in_time)
}

fn days_before(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(REMIND_BEFORE)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reminder_leaves_a_fortnight_to_be_in_time() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(needed_by(day("2028-08-31"), 6), day("2029-03-14"));
        assert_eq!(needed_by(day("2028-08-31"), 0), day("2028-09-14"));
    }
}
