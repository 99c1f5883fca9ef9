//! One run of a job over many rows: a row that fails stops no other, and the run ends well within its lease.

use std::fmt::Display;
use std::time::{Duration, Instant};

use super::{Job, JobError};
use crate::platform::db::may_pass;

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

    /// What a row came to; `None`, and noted, when it failed. For what the database could not do now the whole run is tried again. Everything
    /// else would fail again, and doing all rows again for one would end with a dead job: it is for people, who find it in the log and
    /// the metrics, and the next run looks at it once more.
    pub fn note<T, E: Display>(
        &mut self,
        row: impl Display,
        done: Result<T, E>,
        database: impl FnOnce(&E) -> Option<&sqlx::Error>,
    ) -> Option<T> {
        let error = match done {
            Ok(done) => return Some(done),
            Err(error) => error,
        };
        if database(&error).is_some_and(may_pass) {
            tracing::warn!(tenant = self.job.tenant.0, work = self.work, %row, %error, "a row is tried again");
            self.retry.get_or_insert_with(|| format!("{row}: {error}"));
        } else {
            metrics::counter!("kitaplatz_rows_failed_total", "work" => self.work).increment(1);
            tracing::error!(tenant = self.job.tenant.0, work = self.work, %row, %error, "a row was left out");
        }
        None
    }

    /// Whether a row failed by itself, so that trying again soon would not help: it is for people.
    pub fn lasts<T, E>(done: &Result<T, E>, database: impl FnOnce(&E) -> Option<&sqlx::Error>) -> bool {
        done.as_ref().is_err_and(|error| !database(error).is_some_and(may_pass))
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
    fn what_lasts_is_what_the_database_is_not_to_blame_for_now() {
        assert!(Stint::lasts(&Err::<(), _>("no such transition"), |_| None));
        assert!(Stint::lasts(&Err::<(), _>(sqlx::Error::RowNotFound), own));
        assert!(!Stint::lasts(&Err::<(), _>(sqlx::Error::PoolTimedOut), own));
        assert!(!Stint::lasts(&Ok::<_, sqlx::Error>(()), own));
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_may_not_is_left_out() {
        let job = job();
        let mut stint = Stint::begin(&job, "test");
        assert_eq!(stint.note(1, Ok::<_, sqlx::Error>("a"), own), Some("a"));
        assert_eq!(stint.note(2, Err::<(), _>("no such transition"), |_| None), None);
        assert_eq!(stint.note(3, Err::<(), _>(sqlx::Error::RowNotFound), own), None);
        assert!(!stint.is_over());
        assert!(stint.end().is_ok(), "one row is no reason to do all of them again");
        let mut stint = Stint::begin(&job, "test");
        stint.note(1, Err::<(), _>("no such transition"), |_| None);
        stint.note(2, Err::<(), _>(sqlx::Error::PoolTimedOut), own);
        stint.note(3, Err::<(), _>(sqlx::Error::PoolClosed), own);
        stint.note(4, Ok::<_, sqlx::Error>(()), own);
        let failed = stint.end().unwrap_err();
        assert!(
            matches!(&failed, JobError::Retry(why) if why.starts_with("2: ")),
            "{failed}"
        );
    }
}
