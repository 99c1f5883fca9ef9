//! Background work: rows of one PostgreSQL table, written in the transaction of the change, claimed by a narrow role.

mod stint;

pub use stint::Stint;

use std::collections::BTreeMap;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use futures_util::future::LocalBoxFuture;
use secrecy::ExposeSecret;
use serde_json::Value;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use crate::platform::Platform;
use crate::platform::config::ConfigError;
use crate::platform::db::Db;
use crate::platform::ids::TenantId;

/// A job to be done for a tenant. It carries ids only, never personal data.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Kind, for example `SendNotification`.
    pub kind: &'static str,
    /// Ids that the job needs.
    pub payload: Value,
    /// Waiting jobs of one kind with the same key are one job.
    pub dedup_key: Option<String>,
    /// Not before.
    pub run_at: DateTime<Utc>,
}

/// Writes a job in the caller's transaction: it runs if and only if the change is committed.
pub async fn enqueue(
    conn: &mut PgConnection,
    tenant: TenantId,
    job: NewJob,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO job (tenant_id, kind, payload, dedup_key, run_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
        tenant.0,
        job.kind,
        job.payload,
        job.dedup_key,
        job.run_at,
        now,
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// How a job failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// May succeed later; it waits with growing pauses.
    #[error("{0}")]
    Retry(String),
    /// Will never succeed.
    #[error("{0}")]
    Dead(String),
}

impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::Retry(format!("database: {error}"))
    }
}

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its tenant.
    pub tenant: TenantId,
    /// Ids that it needs.
    pub payload: Value,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// Whether a further attempt would follow a failure.
    pub last_attempt: bool,
}

/// Runs one kind of job.
pub type Handler = fn(Platform, Job) -> LocalBoxFuture<'static, Result<(), JobError>>;

/// Work that is looked after again and again for every tenant: a reconciler over state, not a timer per row.
#[derive(Clone, Copy)]
pub struct Periodic {
    /// Kind of the job.
    pub kind: &'static str,
    /// Seconds between two runs.
    pub every_seconds: i64,
}

/// The kinds of jobs that the process knows.
#[derive(Default)]
pub struct Registry {
    handlers: BTreeMap<&'static str, Handler>,
    prompt: Vec<&'static str>,
    periodic: Vec<Periodic>,
}

/// What is done side by side, so that nobody waits for a mail behind the work of the night, nor a round behind the round of all tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What somebody waits for in front of the screen.
    Prompt,
    /// What follows from a change.
    Work,
    /// What is looked after again and again.
    Periodic,
}

impl Registry {
    /// Adds a kind.
    pub fn on(mut self, kind: &'static str, handler: Handler) -> Self {
        self.handlers.insert(kind, handler);
        self
    }

    /// Adds a kind that somebody waits for.
    pub fn promptly(self, kind: &'static str, handler: Handler) -> Self {
        let mut me = self.on(kind, handler);
        me.prompt.push(kind);
        me
    }

    /// Adds a kind that runs for every tenant again and again.
    pub fn every(self, seconds: i64, kind: &'static str, handler: Handler) -> Self {
        let mut me = self.on(kind, handler);
        me.periodic.push(Periodic {
            kind,
            every_seconds: seconds,
        });
        me
    }

    /// The kinds of a lane: these alone, or all but these, so that a kind that nobody knows is found too.
    fn kinds(&self, lane: Lane) -> (Option<Vec<String>>, Vec<String>) {
        let names = |kinds: &mut dyn Iterator<Item = &'static str>| kinds.map(str::to_owned).collect::<Vec<_>>();
        let (mut prompt, mut periodic) = (self.prompt.iter().copied(), self.periodic.iter().map(|p| p.kind));
        match lane {
            Lane::Prompt => (Some(names(&mut prompt)), Vec::new()),
            Lane::Periodic => (Some(names(&mut periodic)), Vec::new()),
            Lane::Work => (None, names(&mut prompt.chain(periodic))),
        }
    }

    /// Runs a kind for a tenant once, now, without a row in the table.
    pub async fn run_now(&self, platform: &Platform, tenant: TenantId, kind: &str) -> Result<(), JobError> {
        let job = Job {
            tenant,
            payload: Value::Null,
            attempt: 1,
            last_attempt: true,
        };
        self.run(platform.clone(), kind, job).await
    }

    /// The pause before the next attempt. Periodic work is not tried less often than it is planned: what failed of it is often one row of many.
    fn pause(&self, kind: &str, attempt: i32, id: i64) -> Duration {
        let pause = back_off(attempt, id);
        let every = self.periodic.iter().find(|p| p.kind == kind).map(|p| p.every_seconds);
        every.map_or(pause, |every| pause.min(Duration::seconds(every)))
    }

    async fn run(&self, platform: Platform, kind: &str, job: Job) -> Result<(), JobError> {
        let Some(handler) = self.handlers.get(kind) else {
            return Err(JobError::Dead(format!("no handler for {kind}")));
        };
        // On a task of its own: a panic in a job is one failed job, not a dead worker.
        match actix_web::rt::spawn(handler(platform, job)).await {
            Ok(outcome) => outcome,
            Err(panic) => Err(JobError::Retry(format!("panicked: {panic}"))),
        }
    }
}

/// Claims jobs as the narrow role and runs them as the application's.
pub struct Worker {
    platform: Platform,
    claims: Db,
    registry: Registry,
}

const LEASE_SECONDS: i32 = 120;

impl Worker {
    /// A worker; needs the URL of the claiming role.
    pub fn new(platform: Platform, registry: Registry) -> Result<Self, WorkerError> {
        let url = platform
            .config
            .worker_database_url
            .as_ref()
            .ok_or(ConfigError::Missing("KITAPLATZ_WORKER_DATABASE_URL"))?;
        let claims = Db::connect(url.expose_secret(), 3)?;
        Ok(Self {
            platform,
            claims,
            registry,
        })
    }

    /// Runs until cancelled: claims what is due on each lane, plans periodic work, sleeps when there is nothing.
    pub async fn run(&self, stop: CancellationToken) {
        tokio::join!(
            self.run_lane(Lane::Prompt, &stop),
            self.run_lane(Lane::Work, &stop),
            self.run_lane(Lane::Periodic, &stop),
        );
        self.claims.close().await;
    }

    async fn run_lane(&self, lane: Lane, stop: &CancellationToken) {
        let mut planned: BTreeMap<&'static str, DateTime<Utc>> = BTreeMap::new();
        while !stop.is_cancelled() {
            if lane == Lane::Periodic
                && let Err(error) = self.plan(&mut planned).await
            {
                tracing::warn!(%error, "planning periodic jobs failed");
            }
            // One at a time: when told to stop, what was claimed is done before, and no lease ends behind a long one.
            let ran = match self.claim(Some(lane), None, 1).await {
                Ok(ran) => ran,
                Err(error) => {
                    tracing::warn!(%error, "claiming jobs failed");
                    0
                }
            };
            if ran == 0 {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(StdDuration::from_millis(500)) => {}
                }
            }
        }
    }

    /// Claims up to `n` due jobs (of one tenant, if given), runs them, answers how many.
    pub async fn run_due(&self, only: Option<TenantId>, n: i32) -> Result<usize, sqlx::Error> {
        self.claim(None, only, n).await
    }

    async fn claim(&self, lane: Option<Lane>, only: Option<TenantId>, n: i32) -> Result<usize, sqlx::Error> {
        let now = self.platform.clock.now();
        let (these, but) = lane.map_or_else(Default::default, |lane| self.registry.kinds(lane));
        let mut claimed = sqlx::query!(
            r#"SELECT id AS "id!", tenant_id, kind AS "kind!", payload AS "payload!", attempts AS "attempts!", max_attempts AS "max_attempts!"
               FROM app.job_claim($1, $2, $3, $4, $5, $6)"#,
            now,
            n,
            LEASE_SECONDS,
            only.map(|t| t.0),
            these.as_deref(),
            &but,
        )
        .fetch_all(self.claims.global())
        .await?;
        // An UPDATE answers its rows in any order; two mails to one person must leave in the order in which they were written.
        claimed.sort_by_key(|row| row.id);
        let count = claimed.len();
        for row in claimed {
            let job = Job {
                tenant: TenantId(row.tenant_id.unwrap_or_default()),
                payload: row.payload,
                attempt: row.attempts,
                last_attempt: row.attempts >= row.max_attempts,
            };
            let outcome = self.registry.run(self.platform.clone(), &row.kind, job.clone()).await;
            self.settle(row.id, &row.kind, &job, outcome).await?;
        }
        Ok(count)
    }

    /// Runs every periodic job of one tenant once, now (tests move the clock and call this).
    pub async fn run_periodic(&self, tenant: TenantId) -> Result<(), JobError> {
        for periodic in &self.registry.periodic {
            self.registry.run_now(&self.platform, tenant, periodic.kind).await?;
        }
        Ok(())
    }

    async fn settle(&self, id: i64, kind: &str, job: &Job, outcome: Result<(), JobError>) -> Result<(), sqlx::Error> {
        let now = self.platform.clock.now();
        let (error, retry_at) = match &outcome {
            Ok(()) => (None, None),
            Err(JobError::Retry(why)) if !job.last_attempt => (
                Some(why.clone()),
                Some(now + self.registry.pause(kind, job.attempt, id)),
            ),
            Err(why) => (Some(why.to_string()), None),
        };
        let label = if error.is_none() {
            "done"
        } else if retry_at.is_some() {
            "retry"
        } else {
            "dead"
        };
        metrics::counter!("kitaplatz_jobs_total", "kind" => kind.to_owned(), "outcome" => label).increment(1);
        if let Some(error) = &error {
            tracing::warn!(
                job = id,
                kind,
                tenant = job.tenant.0,
                attempt = job.attempt,
                error,
                "job failed"
            );
        }
        sqlx::query!("SELECT app.job_settle($1, $2, $3)", id, error, retry_at)
            .execute(self.claims.global())
            .await
            .map(|_| ())
    }

    async fn plan(&self, planned: &mut BTreeMap<&'static str, DateTime<Utc>>) -> Result<(), sqlx::Error> {
        let now = self.platform.clock.now();
        for periodic in &self.registry.periodic {
            if planned
                .get(periodic.kind)
                .is_some_and(|at| now - *at < Duration::seconds(periodic.every_seconds))
            {
                continue;
            }
            planned.insert(periodic.kind, now);
            for tenant in self.platform.tenants.all(now).await? {
                let job = NewJob {
                    kind: periodic.kind,
                    payload: Value::Null,
                    dedup_key: Some("periodic".into()),
                    run_at: now,
                };
                let mut conn = self.platform.db.global().acquire().await?;
                enqueue(&mut conn, tenant.id, job, now).await?;
            }
        }
        Ok(())
    }
}

/// Pause before the next attempt: 5 s, 20 s, 80 s … up to 6 h, with up to a quarter more so that failures do not march in step.
fn back_off(attempt: i32, id: i64) -> Duration {
    let seconds = (5_i64 << (2 * i64::from(attempt.clamp(1, 8) - 1))).min(6 * 3600);
    let spread = seconds / 4;
    Duration::seconds(seconds + if spread > 0 { id.rem_euclid(spread + 1) } else { 0 })
}

/// The worker cannot start.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// A setting is missing.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The URL of the claiming role cannot be read.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periodic_work_is_tried_again_no_later_than_its_next_turn() {
        let registry = Registry::default().every(60, "ExpireThings", |_, _| Box::pin(async { Ok(()) }));
        assert_eq!(registry.pause("ExpireThings", 1, 0), back_off(1, 0));
        assert_eq!(registry.pause("ExpireThings", 11, 0), Duration::seconds(60));
        assert_eq!(registry.pause("SendThing", 11, 0), back_off(11, 0));
    }

    #[test]
    fn pauses_grow_to_six_hours_and_last_a_day_in_total() {
        let total: i64 = (1..12).map(|n| back_off(n, 0).num_seconds()).sum();
        assert_eq!(back_off(1, 0).num_seconds(), 5);
        assert!(back_off(2, 0) > back_off(1, 3));
        assert!(back_off(11, i64::MAX).num_seconds() <= 6 * 3600 * 5 / 4);
        assert!(total >= 24 * 3600, "{total}");
    }
}
