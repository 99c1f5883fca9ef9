//! A database of its own for what must not be done to the shared one: breaking the schema, starting the real binary.

use std::process::{Command, Stdio};

use kitaplatz::platform::Platform;
use kitaplatz::platform::clock::Clock;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn cluster(arguments: &[&str]) -> String {
    let out = Command::new(format!("{ROOT}/deploy/cluster.sh"))
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

/// The schema without a row, migrated once: a copy of files costs a tenth of migrating again.
static BLANK: OnceCell<Database> = OnceCell::const_new();

/// A database of its own on the test cluster, migrated; dropped with the value.
pub struct Database(String);

impl Database {
    pub async fn new(name: &str) -> Self {
        let blank = BLANK.get_or_init(async || {
            cluster(&["drop", ".data/test", "blank"]);
            cluster(&["database", ".data/test", "blank"]);
            let blank = Self("blank".into());
            kitaplatz::platform::db::migrate(&blank.url("migrate")).await.unwrap();
            blank.leave().await;
            blank
        });
        blank.await.copy(name)
    }

    /// A copy with all its rows. Nobody may be connected to this one (see [`Database::leave`]).
    pub fn copy(&self, name: &str) -> Self {
        cluster(&["drop", ".data/test", name]);
        cluster(&["database", ".data/test", name, &self.0]);
        Self(name.to_owned())
    }

    /// Ends all connections.
    pub async fn leave(&self) {
        let mut conn = PgConnection::connect(&super::superuser_url()).await.unwrap();
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
            .bind(&self.0)
            .execute(&mut conn)
            .await
            .unwrap();
    }

    pub fn url(&self, role: &str) -> String {
        cluster(&["url", ".data/test", role, &self.0])
    }

    /// For a look at all tenants at once, which no role of the product has.
    pub async fn superuser(&self) -> PgConnection {
        PgConnection::connect(&self.url("superuser")).await.unwrap()
    }

    pub async fn as_owner(&self, sql: &'static str) {
        let options: PgConnectOptions = self.url("migrate").parse().unwrap();
        let mut conn = options.connect().await.unwrap();
        conn.execute("SET ROLE kitaplatz_owner; SET search_path = app, public")
            .await
            .unwrap();
        conn.execute(sql).await.unwrap();
    }

    /// The product within the test, on this database and with the machine's clock, as the binary has it.
    pub fn platform(&self) -> Platform {
        self.platform_at(Clock::system())
    }

    /// The same with another clock.
    pub fn platform_at(&self, clock: Clock) -> Platform {
        let urls = super::database::Urls {
            app: self.url("app"),
            worker: self.url("worker"),
            ops: self.url("ops"),
            migrate: self.url("migrate"),
        };
        let config = super::config(&urls, "smtp://127.0.0.1:9?tls=none");
        kitaplatz::app::platform_at(config, clock).unwrap()
    }

    /// The binary with its settings for this database, on free ports.
    pub fn binary(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kitaplatz"));
        command
            .args(arguments)
            .env("DATABASE_URL", self.url("app"))
            .env("KITAPLATZ_WORKER_DATABASE_URL", self.url("worker"))
            .env("KITAPLATZ_OPS_DATABASE_URL", self.url("ops"))
            .env("KITAPLATZ_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
            .env("KITAPLATZ_LISTEN", "127.0.0.1:0")
            .env("KITAPLATZ_ADMIN_LISTEN", "127.0.0.1:0")
            .env("KITAPLATZ_LOG_TEXT", "true")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        cluster(&["drop", ".data/test", &self.0]);
    }
}
