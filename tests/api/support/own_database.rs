//! A database of its own for what must not be done to the shared one: breaking the schema, starting the real binary.

use std::process::{Command, Stdio};

use kitaplatz::platform::Platform;
use kitaplatz::platform::clock::Clock;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor};

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

/// A database of its own on the test cluster, migrated; dropped with the value.
pub struct Database(&'static str);

impl Database {
    pub async fn new(name: &'static str) -> Self {
        cluster(&["drop", ".data/test", name]);
        cluster(&["database", ".data/test", name]);
        let me = Self(name);
        kitaplatz::platform::db::migrate(&me.url("migrate")).await.unwrap();
        me
    }

    pub fn url(&self, role: &str) -> String {
        cluster(&["url", ".data/test", role, self.0])
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
        let urls = super::database::Urls {
            app: self.url("app"),
            worker: self.url("worker"),
            ops: self.url("ops"),
            migrate: self.url("migrate"),
        };
        let config = super::config(&urls, "smtp://127.0.0.1:9?tls=none");
        kitaplatz::app::platform_at(config, Clock::system()).unwrap()
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
        cluster(&["drop", ".data/test", self.0]);
    }
}
