//! Settings of the process, all from the environment; unknown `KITAPLATZ_*` names are refused.

use base64::Engine;
use clap::{Args, Command};
use secrecy::{ExposeSecret, SecretString};

/// Settings of the process.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Database URL of the application's role.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "postgres://kitaplatz_app@localhost/kitaplatz"
    )]
    pub database_url: SecretString,
    /// Database URL of the role that only claims jobs.
    #[arg(long, env = "KITAPLATZ_WORKER_DATABASE_URL", hide_env_values = true)]
    pub worker_database_url: Option<SecretString>,
    /// Database URL of the operator's role (registry of tenants); without it the operator interface is off.
    #[arg(long, env = "KITAPLATZ_OPS_DATABASE_URL", hide_env_values = true)]
    pub ops_database_url: Option<SecretString>,
    /// Database URL of the migration role; only `migrate` uses it.
    #[arg(long, env = "KITAPLATZ_MIGRATE_DATABASE_URL", hide_env_values = true)]
    pub migrate_database_url: Option<SecretString>,
    /// Database URL of the backup role; only the backup scripts use it.
    #[arg(long, env = "KITAPLATZ_BACKUP_DATABASE_URL", hide_env_values = true)]
    pub backup_database_url: Option<SecretString>,
    /// Database connections of the application's role.
    #[arg(long, env = "KITAPLATZ_DATABASE_CONNECTIONS", default_value_t = 16)]
    pub database_connections: u32,
    /// Address and port of API and pages.
    #[arg(long, env = "KITAPLATZ_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Address and port of metrics; never open it to the internet.
    #[arg(long, env = "KITAPLATZ_ADMIN_LISTEN", default_value = "127.0.0.1:9090")]
    pub admin_listen: String,
    /// Address under which people reach the platform; it stands in mails.
    #[arg(long, env = "KITAPLATZ_PUBLIC_URL", default_value = "http://localhost:8080")]
    pub public_url: String,
    /// Mail server: smtp://user:password@host:port (STARTTLS required), smtps://…, or smtp://host:port?tls=none.
    #[arg(
        long,
        env = "KITAPLATZ_SMTP_URL",
        hide_env_values = true,
        default_value = "smtp://localhost:25?tls=none"
    )]
    pub smtp_url: SecretString,
    /// Sender address where a tenant has none of its own.
    #[arg(long, env = "KITAPLATZ_MAIL_FROM", default_value = "kitaplatz@localhost")]
    pub mail_from: String,
    /// Key that seals secrets at rest: 32 bytes as base64.
    #[arg(long, env = "KITAPLATZ_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<SecretString>,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, env = "KITAPLATZ_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Factor on the request limits per address (load tests on one machine need a large one).
    #[arg(long, env = "KITAPLATZ_LIMIT_FACTOR", default_value_t = 1)]
    pub limit_factor: u32,
    /// HTTP worker threads; 0 means one per core.
    #[arg(long, env = "KITAPLATZ_HTTP_WORKERS", default_value_t = 0)]
    pub http_workers: usize,
    /// Map tiles: path of a .pmtiles file to serve; without it the map shows markers and place names on a plain ground.
    #[arg(long, env = "KITAPLATZ_TILES")]
    pub tiles: Option<std::path::PathBuf>,
    /// Log filter, for example `info` or `kitaplatz=debug`.
    #[arg(long, env = "KITAPLATZ_LOG", default_value = "info")]
    pub log: String,
    /// Log as text for people instead of JSON.
    #[arg(long, env = "KITAPLATZ_LOG_TEXT", default_value_t = false)]
    pub log_text: bool,
}

/// A setting cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A name that we do not know, most likely a slip.
    #[error("unknown setting {0}; `kitaplatz serve --help` lists all of them")]
    Unknown(String),
    /// A setting that the command needs is missing.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// A setting has a value that cannot be used.
    #[error("{0} {1}")]
    Unusable(&'static str, &'static str),
}

impl Config {
    /// The 32 bytes of the secret key.
    pub fn secret_key(&self) -> Result<[u8; 32], ConfigError> {
        let text = self
            .secret_key
            .as_ref()
            .ok_or(ConfigError::Missing("KITAPLATZ_SECRET_KEY"))?;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text.expose_secret().trim())
            .map_err(|_| ConfigError::Unusable("KITAPLATZ_SECRET_KEY", "is not base64"))?;
        let key: [u8; 32] = bytes
            .try_into()
            .map_err(|_| ConfigError::Unusable("KITAPLATZ_SECRET_KEY", "is not 32 bytes long"))?;
        if key.iter().all(|b| *b == key[0]) {
            return Err(ConfigError::Unusable(
                "KITAPLATZ_SECRET_KEY",
                "is a constant, not a random key",
            ));
        }
        Ok(key)
    }

    /// Whether people reach us over TLS (then HSTS is sent).
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Refuses names `KITAPLATZ_*` in the environment that no command knows: a slip must not be silent.
pub fn refuse_unknown(command: &Command, names: impl Iterator<Item = String>) -> Result<(), ConfigError> {
    let mut known = Vec::new();
    collect(command, &mut known);
    // Read by the scripts around the binary, not by it.
    known.extend(["KITAPLATZ_PGBIN".to_owned()]);
    match names
        .filter(|n| n.starts_with("KITAPLATZ_"))
        .find(|n| !known.contains(n))
    {
        Some(name) => Err(ConfigError::Unknown(name)),
        None => Ok(()),
    }
}

fn collect(command: &Command, known: &mut Vec<String>) {
    known.extend(
        command
            .get_arguments()
            .filter_map(|a| a.get_env())
            .map(|e| e.to_string_lossy().into_owned()),
    );
    for sub in command.get_subcommands() {
        collect(sub, known);
    }
}
