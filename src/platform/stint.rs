//! One run of a job over many rows: a row that fails stops no other, and the run ends well within its lease.

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::platform::db::may_pass;
use crate::platform::jobs::{Job, JobError};

/// So long one run goes on at most; a lease is twice as long, so that no other worker begins with the same rows.
const AT_MOST: Duration = Duration::from_secs(60);

/// One run over many rows.
pub struct Stint<'a> {
    job: &'a Job,
    work: &'static str,
    until: Instant,
    retry: Option<String>,
}

impl<'a> Stint<'a> {
    /// Begins now; `work` names it in the log.
    pub fn begin(job: &'a Job, work: &'static str) -> Self {
        Self {
            job,
            work,
            until: Instant::now() + AT_MOST,
            retry: None,
        }
    }

    /// Whether the rest is for the next run.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Notes how a row went. What the database could not do now is tried again; everything else is for people, who find it in the log.
    pub fn note<T, E: Display>(&mut self, done: Result<T, E>, database: impl FnOnce(&E) -> Option<&sqlx::Error>) {
        let Err(error) = done else { return };
        if database(&error).is_some_and(may_pass) {
            self.retry = Some(error.to_string());
        } else {
            metrics::counter!("kitaplatz_rows_failed_total", "work" => self.work).increment(1);
            tracing::error!(tenant = self.job.tenant.0, work = self.work, %error, "a row was left out");
        }
    }

    /// The outcome of the run.
    pub fn end(self) -> Result<(), JobError> {
        self.retry.map_or(Ok(()), |why| Err(JobError::Retry(why)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::TenantId;

    fn job() -> Job {
        Job {
            tenant: TenantId(1),
            payload: serde_json::Value::Null,
            attempt: 1,
            last_attempt: false,
        }
    }

    fn own(error: &sqlx::Error) -> Option<&sqlx::Error> {
        Some(error)
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_may_not_is_left_out() {
        let job = job();
        let mut stint = Stint::begin(&job, "test");
        stint.note(Ok::<(), sqlx::Error>(()), own);
        stint.note(Err::<(), _>("no such transition"), |_| None);
        stint.note(Err::<(), _>(sqlx::Error::RowNotFound), own);
        assert!(!stint.is_over());
        assert!(stint.end().is_ok(), "one row is no reason to do all of them again");
        let mut stint = Stint::begin(&job, "test");
        stint.note(Err::<(), _>(sqlx::Error::PoolTimedOut), own);
        stint.note(Ok::<(), sqlx::Error>(()), own);
        assert!(matches!(stint.end(), Err(JobError::Retry(_))));
    }
}
