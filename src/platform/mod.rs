//! The floor of the house: database, time, configuration, jobs, mail and HTTP. It knows no word of the field.

pub mod assets;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod dates;
pub mod db;
pub mod fields;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod names;
pub mod password;
pub mod telemetry;
pub mod week;

use std::sync::Arc;

use clock::Clock;
use config::Config;
use db::{Db, OpsDb, Tenants};

/// Everything that a request or a job needs from the process; cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Database as the application's role.
    pub db: Db,
    /// Registry of tenants as the operator's role; absent where no operator interface is configured.
    pub ops: Option<OpsDb>,
    /// Tenants by slug and host, cached for seconds.
    pub tenants: Tenants,
    /// The only source of time.
    pub clock: Clock,
    /// Settings of the process.
    pub config: Arc<Config>,
    /// Password hashing off the async threads.
    pub hasher: password::Hasher,
    /// Seals secrets at rest.
    pub vault: crypto::Vault,
    /// Sends mail over SMTP.
    pub mailer: mail::Mailer,
    /// In-process request limits.
    pub limits: limits::Limits,
}
