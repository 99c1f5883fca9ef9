//! One server and one fresh tenant a test, on the cluster that `deploy/cluster.sh start .data/test` runs.

#![allow(dead_code, reason = "each helper is used by some slice")]
#![allow(unused_imports, reason = "each helper is used by some slice")]

mod client;
pub mod contracts;
pub mod criteria;
mod database;
pub mod demands;
pub mod facilities;
pub mod families;
pub mod family_import;
pub mod fees;
pub mod homes;
mod links;
mod mail;
pub mod mandates;
pub mod notices;
pub mod offers;
pub mod offers_town;
pub mod office;
mod own_database;
pub mod registered;
pub mod rounds;
pub mod rounds_steps;
mod sessions;
mod stand;
pub mod waiting;

pub use client::{Answer, Client, pairs};
pub use database::{superuser_url, urls};
pub use mail::{Scripted, last_to};
pub use own_database::Database;
pub use sessions::Granted;
pub use stand::Shared;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use kitaplatz::platform::Platform;
use kitaplatz::platform::clock::Clock;
use kitaplatz::platform::config::Config;
use kitaplatz::platform::db::TenantRef;
use kitaplatz::platform::jobs::Worker;
use kitaplatz::platform::mail::Mailer;
use kitaplatz::tenancy::{self, NewTenant};

use self::stand::Lent;

/// A running server with a tenant of its own; its clock stands still until it is moved.
pub struct TestApp {
    pub platform: Platform,
    pub tenant: Arc<TenantRef>,
    pub base: String,
    /// Made with the first job; its connection is kept, because a new one reads the whole catalogue again.
    worker: OnceLock<Arc<Worker>>,
    lent: Option<Lent>,
}

/// Tests begin on this day unless they say otherwise: Monday, 1 February 2027, 10:00 in Germany.
pub fn start() -> DateTime<Utc> {
    "2027-02-01T09:00:00Z".parse().unwrap()
}

impl TestApp {
    /// A server at [`start`] with a fresh tenant in Saxony.
    pub async fn new() -> Self {
        let lent = Lent::new().await;
        let app = Self::lent(lent.platform(), lent).await;
        app.worker.get_or_init(|| app.lent.as_ref().map(Lent::worker).unwrap());
        app
    }

    /// The same, sending mail to this server.
    pub async fn with_smtp(smtp: &str) -> Self {
        let lent = Lent::new().await;
        let mailer = Mailer::from_url(smtp).unwrap();
        Self::lent(
            Platform {
                mailer,
                ..lent.platform()
            },
            lent,
        )
        .await
    }

    async fn lent(platform: Platform, lent: Lent) -> Self {
        let (tenant, base) = (fresh_tenant(&platform).await, lent.base());
        Self {
            lent: Some(lent),
            ..Self::of(platform, tenant, base)
        }
    }

    /// A server with its clock at [`start`] on a database of its own, with a fresh tenant.
    pub async fn on(database: &Database) -> Self {
        let platform = database.platform_at(Clock::fixed(start()));
        let tenant = fresh_tenant(&platform).await;
        Self::serve(platform, tenant)
    }

    /// A server of a tenant that is there.
    pub fn serve(platform: Platform, tenant: Arc<TenantRef>) -> Self {
        let (server, address) = kitaplatz::app::server(platform.clone(), "127.0.0.1:0", 1).unwrap();
        actix_web::rt::spawn(server);
        Self::of(platform, tenant, format!("http://{address}"))
    }

    /// A fresh tenant of a server that somebody else runs at `base`.
    pub async fn elsewhere(platform: Platform, base: &str) -> Self {
        let tenant = fresh_tenant(&platform).await;
        Self::of(platform, tenant, base.to_owned())
    }

    /// The same for a tenant that is there.
    pub fn of(platform: Platform, tenant: Arc<TenantRef>, base: String) -> Self {
        Self {
            platform,
            tenant,
            base,
            worker: OnceLock::new(),
            lent: None,
        }
    }

    /// A second tenant on the same installation.
    pub async fn other_tenant(&self) -> Arc<TenantRef> {
        fresh_tenant(&self.platform).await
    }

    /// A client without a session.
    pub fn anonymous(&self) -> Client {
        self.client_of(&self.tenant)
    }

    /// A client of another tenant, without a session.
    pub fn client_of(&self, tenant: &TenantRef) -> Client {
        Client::new(&self.base, &tenant.slug)
    }

    /// Runs all jobs of this tenant that are due now, until none is left.
    pub async fn run_jobs(&self) {
        let worker = self.worker();
        while worker.run_due(Some(self.tenant.id), 50).await.unwrap() > 0 {}
    }

    /// Runs every periodic job of this tenant once, then what it planned.
    pub async fn run_periodic(&self) {
        self.worker().run_periodic(self.tenant.id).await.unwrap();
        self.run_jobs().await;
    }

    fn worker(&self) -> &Worker {
        self.worker
            .get_or_init(|| Arc::new(Worker::new(self.platform.clone(), kitaplatz::app::jobs()).unwrap()))
    }

    /// Moves the clock.
    pub fn at(&self, instant: &str) {
        self.platform.clock.set(instant.parse().unwrap());
    }
}

fn config(urls: &database::Urls, smtp: &str) -> Config {
    use clap::Parser;
    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        config: Config,
    }
    let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let arguments = [
        "test",
        "--database-url",
        &urls.app,
        "--worker-database-url",
        &urls.worker,
        "--ops-database-url",
        &urls.ops,
        "--database-connections",
        "4",
        "--secret-key",
        key,
        "--smtp-url",
        smtp,
        "--limit-factor",
        "1000",
        "--public-url",
        "http://kita.test",
    ];
    Only::parse_from(arguments).config
}

async fn fresh_tenant(platform: &Platform) -> Arc<TenantRef> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let id = kitaplatz::platform::ids::random_uuid().simple().to_string();
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let new = NewTenant {
        slug: format!("t{n}-{}", &id[..12]),
        name: format!("Musterstadt {n}"),
        ags: "14713000".into(),
        ars: "147130000000".into(),
        federal_state: "SN".into(),
        language: "de".into(),
    };
    tenancy::create(platform, new).await.unwrap()
}

/// The words of a PDF with single blanks between them.
pub fn pdf_text(pdf: &[u8]) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext; deploy/prepare.sh test says what to install");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
