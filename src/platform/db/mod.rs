//! The database: one pool a role, hidden; transactions with the tenant set; the registry of tenants; the schema lint.

mod copy;
pub mod lint;
mod migrate;
mod tenants;

pub use copy::{Column, CopyError, Layout, TenantCopy};
pub use lint::Finding;
pub use migrate::migrate;
pub use tenants::{FRESH, OpsDb, TenantRef, Tenants, is_slug};

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgPool, Postgres, Transaction};

use crate::platform::ids::TenantId;

/// The pool of one role. Private on purpose: the only ways in are a transaction with the tenant set and a few global reads.
#[derive(Clone)]
pub struct Db {
    pool: PgPool,
}

/// Whether the same work may succeed later: a lock, a deadlock, a time limit, a lost connection. What the data themselves or the statement
/// forbid stays forbidden.
pub fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(db) => !db
            .code()
            .is_some_and(|code| ["22", "23", "42"].iter().any(|class| code.starts_with(class))),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The database refuses writes.
    ReadOnly,
    /// Reads and writes.
    ReadWrite,
}

impl Db {
    /// Connects lazily with at most `max` connections.
    pub fn connect(url: &str, max: u32) -> Result<Self, sqlx::Error> {
        let options: PgConnectOptions = url.parse()?;
        let options = options
            .log_statements(tracing::log::LevelFilter::Trace)
            .application_name("kitaplatz")
            // A statement is read and planned once a connection; with sqlx's 100, the many of this product would push each other out.
            .statement_cache_capacity(500);
        let pool = PgPoolOptions::new()
            .max_connections(max)
            .acquire_timeout(Duration::from_millis(900))
            // A cancelled `begin` may hand an open transaction back (a known fault of sqlx 0.9): it must not reach the next tenant.
            .after_release(|conn, _| {
                Box::pin(async move {
                    conn.execute("ROLLBACK").await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Opens a transaction in which only this tenant's rows exist. One round trip.
    pub(crate) async fn begin(
        &self,
        tenant: TenantId,
        mode: Mode,
    ) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let begin = match mode {
            Mode::ReadOnly => "BEGIN READ ONLY",
            Mode::ReadWrite => "BEGIN",
        };
        // Only a number of ours is put into the text.
        let sql = format!(
            "{begin}; SET LOCAL app.tenant_id = '{}'; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '2s'; \
             SET LOCAL idle_in_transaction_session_timeout = '10s'",
            tenant.0
        );
        self.pool.begin_with(AssertSqlSafe(sql)).await
    }

    /// The pool, for what has no tenant (health, registry, job functions). Not for slices.
    pub(in crate::platform) fn global(&self) -> &PgPool {
        &self.pool
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        self.pool.execute("SELECT 1").await.map(|_| ())
    }

    /// Connections open and idle, for metrics.
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// Closes the pool after running work has ended.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
