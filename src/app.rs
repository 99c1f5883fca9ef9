//! The composition root: settings become a platform, slices become routes and jobs, and the server runs until it is told to stop.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use actix_web::dev::{ResourceDef, Server, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpMessage, HttpRequest, HttpResponse, HttpServer, body::MessageBody};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::platform::config::{Config, ConfigError};
use crate::platform::db::{Db, Finding, OpsDb, Tenants};
use crate::platform::http::{self, ApiError, Problem};
use crate::platform::jobs::{Registry, Worker, WorkerError};
use crate::platform::{Platform, assets, clock, crypto, limits, mail, password, telemetry};
use crate::{
    aftercare, allocation, audit, claims, contracts, demands, exports, facilities, families, fees, followups,
    freshness, groups, identity, imports, inbox, lists, mandates, notices, notifications, offers, office, operator,
    planning, privacy, register, residence, setup, statistics, swaps, tenancy, versions, visits,
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

/// What every server of this process says about its routes: their methods, and the document as it is sent.
static CONTRACT: LazyLock<(Data<Paths>, Data<str>)> = LazyLock::new(|| {
    let api = openapi();
    (
        Data::new(Paths::of(&api)),
        Data::from(Arc::<str>::from(api.to_string())),
    )
});

/// Which methods each path of the API has, to tell 405 from 404.
struct Paths(Vec<(ResourceDef, Vec<&'static str>)>);

impl Paths {
    fn of(api: &serde_json::Value) -> Self {
        let methods = |item: &serde_json::Value| {
            let all = ["GET", "PUT", "POST", "PATCH", "DELETE"];
            all.into_iter().filter(|m| item[m.to_lowercase()].is_object()).collect()
        };
        let paths = api["paths"].as_object().into_iter().flatten();
        Self(
            paths
                .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
                .collect(),
        )
    }
}

async fn no_such_operation(req: HttpRequest, paths: Data<Paths>) -> HttpResponse {
    let allowed = paths
        .0
        .iter()
        .find(|(path, _)| path.is_match(req.path()))
        .map(|(_, methods)| methods.join(", "));
    let id = req
        .extensions()
        .get::<http::RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let error = match &allowed {
        Some(_) => ApiError::new(
            actix_web::http::StatusCode::METHOD_NOT_ALLOWED,
            "method.not_allowed",
            "not with this method",
        ),
        None => ApiError::not_found(),
    };
    let mut answer = actix_web::ResponseError::error_response(&error.with_request_id(&id));
    if let Some(Ok(value)) = allowed.map(|methods| header::HeaderValue::from_str(&methods)) {
        answer.headers_mut().insert(header::ALLOW, value);
    }
    answer
}

/// Everything that is no API: files of the frontend, and its start page for the addresses it routes itself.
async fn page(req: HttpRequest, platform: Data<Platform>, paths: Data<Paths>) -> HttpResponse {
    // An address of the API that leads nowhere must not answer with a page.
    if req.path().starts_with("/api/") {
        return no_such_operation(req, paths).await;
    }
    if !matches!(*req.method(), Method::GET | Method::HEAD) {
        return HttpResponse::MethodNotAllowed()
            .insert_header((header::ALLOW, "GET, HEAD"))
            .finish();
    }
    if req.path() == "/" {
        let host = req
            .headers()
            .get(header::HOST)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        if let Ok(Some(tenant)) = platform.tenants.by_host(host, platform.clock.now()).await {
            return HttpResponse::Found()
                .insert_header((header::LOCATION, format!("/{}", tenant.slug)))
                .finish();
        }
    }
    assets::serve(&req, req.path())
}

/// The operator's own map tiles, in parts as the map asks for them; missing where none are configured.
async fn tiles(req: HttpRequest, platform: Data<Platform>) -> HttpResponse {
    match platform.config.tiles.as_ref().map(actix_files::NamedFile::open) {
        Some(Ok(file)) => file.use_last_modified(true).into_response(&req),
        Some(Err(error)) => {
            tracing::error!(%error, "the map tiles of KITAPLATZ_TILES cannot be read");
            HttpResponse::NotFound().finish()
        }
        None => HttpResponse::NotFound().finish(),
    }
}

async fn live() -> &'static str {
    "alive"
}

async fn ready(platform: Data<Platform>) -> HttpResponse {
    match platform.db.ping().await {
        Ok(()) => HttpResponse::Ok().body("ready"),
        Err(_) => HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "2"))
            .body("no database"),
    }
}

/// Counts and times every request by route, and writes its one log line: no query, no body, no person.
async fn observe<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let (started, method) = (Instant::now(), req.method().as_str().to_owned());
    let outcome = next.call(req).await;
    let (status, route) = match &outcome {
        Ok(res) => (res.status().as_u16(), res.request().match_pattern()),
        Err(error) => (error.as_response_error().status_code().as_u16(), None),
    };
    let route = route.unwrap_or_else(|| "other".into());
    let seconds = started.elapsed().as_secs_f64();
    let labels = [
        ("method", method.clone()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    metrics::counter!("kitaplatz_http_requests_total", &labels).increment(1);
    metrics::histogram!("kitaplatz_http_request_seconds", "route" => route.clone()).record(seconds);
    tracing::info!(target: "kitaplatz::request", method, route, status, ms = seconds * 1000.0, "request");
    outcome
}

/// How long a connection may be idle. Longer than the proxy before it keeps one (deploy/nginx.conf), so that no request is sent on a
/// connection that is being closed; shorter than a shutdown waits.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A server on `listen`; port 0 takes a free one. It is not running yet: await it, or spawn it.
pub fn server(platform: Platform, listen: &str, workers: usize) -> Result<(Server, std::net::SocketAddr), AppError> {
    let (paths, api_json) = CONTRACT.clone();
    let platform = Data::new(platform);
    let mut server = HttpServer::new(move || {
        let (app, _) = App::new()
            .into_utoipa_app()
            .app_data(platform.clone())
            .app_data(paths.clone())
            .app_data(api_json.clone())
            .app_data(web::PayloadConfig::new(256 * 1024))
            .service(
                scope(
                    web::scope("/api/v1")
                        .wrap(from_fn(http::detach))
                        .wrap(from_fn(http::guard_request))
                        .default_service(web::to(no_such_operation)),
                )
                .configure(global_routes)
                .service(
                    scope(
                        web::scope("/{tenant}")
                            .wrap(from_fn(http::resolve_tenant))
                            .default_service(web::to(no_such_operation)),
                    )
                    .configure(tenant_routes),
                ),
            )
            .split_for_parts();
        app.route("/health/live", web::get().to(live))
            .route("/health/ready", web::get().to(ready))
            .route("/tiles.pmtiles", web::get().to(tiles))
            .configure(crate::platform::http::docs)
            .default_service(web::to(page))
            .wrap(from_fn(http::security_headers))
            .wrap(from_fn(observe))
            .wrap(Compress::default())
    })
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(20)
    .disable_signals();
    if workers > 0 {
        server = server.workers(workers);
    }
    let server = server.bind(listen)?;
    let address = server
        .addrs()
        .first()
        .copied()
        .ok_or_else(|| std::io::Error::other("no address"))?;
    Ok((server.run(), address))
}

/// Serves until SIGTERM or SIGINT, then ends jobs and requests in order.
///
/// Jobs first: a connection to the database belongs to the thread that opened it, so those of the threads for requests die with them, also
/// under a job that borrowed one. A mail that was sent but not noted would leave a second time.
pub async fn serve(config: Config, with_worker: bool) -> Result<(), AppError> {
    let (listen, admin, workers) = (config.listen.clone(), config.admin_listen.clone(), config.http_workers);
    let metrics = telemetry::start_metrics()?;
    let platform = platform(config)?;
    refuse_unless_isolated(platform.db.lint().await?)?;
    let stop = CancellationToken::new();
    let worker = if with_worker {
        Some(spawn_worker(&platform, &stop)?)
    } else {
        None
    };
    let (main, address) = server(platform.clone(), &listen, workers)?;
    let gauge = platform.db.clone();
    let admin_server = HttpServer::new(move || {
        let (metrics, gauge) = (metrics.clone(), gauge.clone());
        App::new().route(
            "/metrics",
            web::get().to(move || {
                let (open, idle) = gauge.connections();
                metrics::gauge!("kitaplatz_db_connections", "state" => "open").set(f64::from(open));
                metrics::gauge!("kitaplatz_db_connections", "state" => "idle")
                    .set(f64::from(u32::try_from(idle).unwrap_or(u32::MAX)));
                let text = metrics.render();
                async move { text }
            }),
        )
    })
    .workers(1)
    .disable_signals()
    .bind(&admin)?
    .run();
    let admin_handle = admin_server.handle();
    actix_web::rt::spawn(admin_server);
    tracing::info!(%address, %admin, "serving");
    let handle = main.handle();
    let mut main = actix_web::rt::spawn(main);
    tokio::select! {
        ended = &mut main => return Ok(ended.map_err(std::io::Error::other)??),
        told = told_to_stop() => told?,
    }
    stop.cancel();
    if let Some(worker) = worker {
        end(worker).await;
    }
    tracing::info!("jobs have ended; ending requests");
    handle.stop(true).await;
    main.await.map_err(std::io::Error::other)??;
    admin_handle.stop(false).await;
    platform.db.close().await;
    Ok(())
}

/// Runs the jobs until SIGTERM or SIGINT.
pub async fn work(config: Config) -> Result<(), AppError> {
    let platform = platform(config)?;
    refuse_unless_isolated(platform.db.lint().await?)?;
    let stop = CancellationToken::new();
    let worker = spawn_worker(&platform, &stop)?;
    told_to_stop().await?;
    stop.cancel();
    end(worker).await;
    Ok(())
}

async fn told_to_stop() -> std::io::Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = term.recv() => Ok(()),
        interrupt = tokio::signal::ctrl_c() => interrupt,
    }
}

/// Waits for the jobs that run; one that hangs must not use up the time that a service manager gives us. Its lease runs out, and it is
/// done again.
async fn end(worker: actix_web::rt::task::JoinHandle<()>) {
    match tokio::time::timeout(Duration::from_secs(8), worker).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => tracing::warn!("the worker ended with a panic"),
        Err(_) => tracing::warn!("a job did not end in time; it will be done again"),
    }
}

fn spawn_worker(
    platform: &Platform,
    stop: &CancellationToken,
) -> Result<actix_web::rt::task::JoinHandle<()>, AppError> {
    let (worker, stop) = (Worker::new(platform.clone(), jobs())?, stop.clone());
    let limits = platform.limits.clone();
    let stop_tidy = stop.clone();
    actix_web::rt::spawn(async move {
        while !stop_tidy.is_cancelled() {
            limits.tidy();
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    });
    Ok(actix_web::rt::spawn(async move { worker.run(stop).await }))
}

fn refuse_unless_isolated(findings: Vec<Finding>) -> Result<(), AppError> {
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    Err(AppError::Unsafe(lines.join("\n")))
}
