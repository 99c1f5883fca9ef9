//! Jobs that do many things, each for itself: one that fails must not keep the others from being done.

use std::fmt::Display;

use super::JobError;

/// What failed of many things that one job does. The others are done all the same, and the job fails in the end, so that it is tried again
/// and seen.
#[derive(Debug, Default)]
pub struct Failures {
    count: usize,
    first: Option<String>,
}

impl Failures {
    /// What one thing came to; `None`, and noted, when it failed.
    pub fn note<T, E: Display>(&mut self, of: impl Display, outcome: Result<T, E>) -> Option<T> {
        match outcome {
            Ok(done) => Some(done),
            Err(error) => {
                tracing::warn!(%of, %error, "one of many failed in a job");
                self.count += 1;
                self.first.get_or_insert_with(|| format!("{of}: {error}"));
                None
            }
        }
    }

    /// Fails when anything did, to be tried again.
    pub fn finish(self) -> Result<(), JobError> {
        match self.first {
            None => Ok(()),
            Some(first) => Err(JobError::Retry(format!("{} failed, first {first}", self.count))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_works_is_done_and_the_first_that_failed_is_named() {
        let mut failures = Failures::default();
        let outcomes = [(1, Ok("a")), (2, Err("full")), (3, Ok("c")), (4, Err("gone"))];
        let done: Vec<_> = outcomes
            .into_iter()
            .filter_map(|(of, o)| failures.note(of, o))
            .collect();
        assert_eq!(done, ["a", "c"]);
        let failed = failures.finish().unwrap_err();
        assert!(
            matches!(&failed, JobError::Retry(why) if why == "2 failed, first 2: full"),
            "{failed}"
        );
        assert!(Failures::default().finish().is_ok());
    }
}
