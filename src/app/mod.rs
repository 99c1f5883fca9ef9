//! The composition root: settings become a platform, slices become routes and jobs; `serving` runs the server until it is told to stop.

mod serving;

pub use serving::{serve, server, work};

use std::sync::Arc;

use actix_web::App;
use secrecy::ExposeSecret;
use utoipa::OpenApi as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::platform::config::{Config, ConfigError};
use crate::platform::db::{Db, OpsDb, Tenants};
use crate::platform::http::{self, Problem};
use crate::platform::jobs::{Registry, WorkerError};
use crate::platform::{Platform, clock, crypto, limits, mail, password};
use crate::{
    aftercare, allocation, audit, claims, contracts, demands, exports, facilities, families, fees, followups,
    freshness, groups, identity, imports, inbox, lists, mandates, notices, notifications, offers, office, operator,
    planning, privacy, register, residence, setup, statistics, substitutes, swaps, tenancy, versions, visits,
};

/// The process cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The mail server's address is wrong.
    #[error(transparent)]
    Mailer(#[from] mail::MailerError),
    /// A database URL is wrong, or the database does not answer.
    #[error("database: {0}")]
    Db(#[from] sqlx::Error),
    /// An address cannot be listened on.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The worker cannot start.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// Password hashing does not work.
    #[error(transparent)]
    Hash(#[from] password::HashError),
    /// The secret key cannot be used.
    #[error(transparent)]
    Seal(#[from] crypto::SealError),
    /// Metrics cannot be recorded.
    #[error("metrics: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    /// Isolation of tenants is not certain, so nothing is served.
    #[error("the schema lint found what breaks isolation; refusing to serve:\n{0}")]
    Unsafe(String),
}

/// A platform on the machine's clock.
pub fn platform(config: Config) -> Result<Platform, AppError> {
    platform_at(config, clock::Clock::system())
}

/// A platform on a given clock.
pub fn platform_at(config: Config, clock: clock::Clock) -> Result<Platform, AppError> {
    // One provider of cryptography for TLS to the database and the mail server; a second call finds it in place.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let db = Db::connect(config.database_url.expose_secret(), config.database_connections)?;
    let ops = config
        .ops_database_url
        .as_ref()
        .map(|url| OpsDb::connect(url.expose_secret()))
        .transpose()?;
    let parallel = std::thread::available_parallelism()
        .map_or(1, |n| n.get().saturating_sub(1))
        .max(1);
    Ok(Platform {
        tenants: Tenants::new(db.clone()),
        ops,
        clock,
        hasher: password::Hasher::new(parallel)?,
        vault: crypto::Vault::new(&config.secret_key()?)?,
        mailer: mail::Mailer::from_url(config.smtp_url.expose_secret())?,
        limits: limits::Limits::new(config.limit_factor),
        config: Arc::new(config),
        db,
    })
}

/// All kinds of background work.
pub fn jobs() -> Registry {
    let registry = Registry::default();
    let registry = audit::jobs::register(registry);
    let registry = notifications::jobs::register(registry);
    let registry = identity::jobs::register(registry);
    let registry = facilities::jobs::register(registry);
    let registry = freshness::jobs::register(registry);
    let registry = demands::jobs::register(registry);
    let registry = contracts::jobs::register(registry);
    let registry = groups::jobs::register(registry);
    let registry = substitutes::jobs::register(registry);
    let registry = allocation::rounds::jobs::register(registry);
    let registry = offers::jobs::register(registry);
    let registry = followups::jobs::register(registry);
    let registry = residence::jobs::register(registry);
    let registry = aftercare::jobs::register(registry);
    let registry = swaps::jobs::register(registry);
    let registry = inbox::jobs::register(registry);
    let registry = notices::jobs::register(registry);
    let registry = register::jobs::register(registry);
    privacy::jobs::register(registry)
}

/// Routes below `/api/v1/{tenant}`.
fn tenant_routes(routes: &mut ServiceConfig) {
    tenancy::http::routes(routes);
    facilities::http::routes(routes);
    identity::http::routes(routes);
    families::http::routes(routes);
    mandates::http::routes(routes);
    demands::http::routes(routes);
    allocation::rounds::http::routes(routes);
    offers::http::routes(routes);
    followups::http::routes(routes);
    contracts::http::routes(routes);
    fees::http::routes(routes);
    groups::http::routes(routes);
    substitutes::http::routes(routes);
    inbox::http::routes(routes);
    freshness::http::routes(routes);
    lists::http::routes(routes);
    visits::http::routes(routes);
    notices::http::routes(routes);
    residence::http::routes(routes);
    aftercare::http::routes(routes);
    swaps::http::routes(routes);
    register::http::routes(routes);
    office::http::routes(routes);
    claims::http::routes(routes);
    imports::http::routes(routes);
    planning::http::routes(routes);
    statistics::http::routes(routes);
    exports::http::routes(routes);
    notifications::http::routes(routes);
    audit::http::routes(routes);
    versions::http::routes(routes);
    privacy::http::routes(routes);
    setup::http::routes(routes);
}

/// Routes below `/api/v1` that belong to no tenant.
fn global_routes(routes: &mut ServiceConfig) {
    tenancy::http::global_routes(routes);
    operator::http::routes(routes);
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Kitaplatz",
        description = "One backend for many municipalities that hand out daycare places. Every path below `/api/v1/{tenant}` belongs to one \
                       municipality; ids of another answer as missing ones. Errors are problem documents with a stable `code`. Creating POSTs \
                       need an `Idempotency-Key`; edits need `If-Match` with the `ETag` that was read.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    components(schemas(Problem)),
    tags(
        (name = "tenancy", description = "The municipality: look, legal pages, settings"),
        (name = "operator", description = "The platform's operator: tenants, never families"),
        (name = "identity", description = "Accounts, sessions, second factor, staff, keys"),
        (name = "facilities", description = "Providers, facilities, childminders, capacity, public search"),
        (name = "families", description = "Households, guardians, children, custody"),
        (name = "mandates", description = "Counsellors who see, or act for, a family that gave them a mandate"),
        (name = "demands", description = "Care demands and facility preferences"),
        (name = "allocation", description = "Allocation rounds: places for all who asked until a day"),
        (name = "offers", description = "Place offers"),
        (name = "followups", description = "Whom a vacancy is offered to, all year round"),
        (name = "contracts", description = "Care contracts"),
        (name = "fees", description = "Parent fees: tables, notices, receivables"),
        (name = "groups", description = "Groups of a facility and the children in them"),
        (name = "substitutes", description = "Who looks after children while their childminder is away"),
        (name = "inbox", description = "What waits today for whoever runs a facility"),
        (name = "lists", description = "Lists of a facility for its day"),
        (name = "visits", description = "Appointments to get to know a facility, and its notes"),
        (name = "notices", description = "Notices (Bescheide) on an asserted legal claim"),
        (name = "residence", description = "Guest children of other municipalities, and families who move here"),
        (name = "aftercare", description = "Follow-up care before a place ends with the child's age"),
        (name = "swaps", description = "Swaps of places between two or three children"),
        (name = "register", description = "Comparing children with the register of residents"),
        (name = "office", description = "The youth office"),
        (name = "planning", description = "Places against children, planning area by planning area"),
        (name = "notifications", description = "Undelivered mails and letters to print"),
        (name = "audit", description = "Who did what to whose data"),
        (name = "privacy", description = "The family's own copy, restriction, deletion by period")
    )
)]
struct Document;

fn document(mut collected: utoipa::openapi::OpenApi) -> serde_json::Value {
    let base = Document::openapi();
    collected.info = base.info;
    collected.tags = base.tags;
    if let Some(ours) = base.components {
        collected
            .components
            .get_or_insert_default()
            .schemas
            .extend(ours.schemas);
    }
    http::finish_openapi(collected)
}

/// The OpenAPI document of all routes.
pub fn openapi() -> serde_json::Value {
    let (_, collected) = App::new()
        .into_utoipa_app()
        .service(
            scope("/api/v1")
                .configure(global_routes)
                .service(scope("/{tenant}").configure(tenant_routes)),
        )
        .split_for_parts();
    document(collected)
}
