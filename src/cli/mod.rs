//! The command line: what an operator or a script can ask of the binary.

mod allocation;
mod audit;
mod import;

use std::error::Error;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret;

use crate::app;
use crate::platform::config::{Config, ConfigError};
use crate::platform::{db, telemetry};
use crate::tenancy::NewTenant;

/// Kitaplatz: the platform on which municipalities hand out daycare places.
#[derive(Parser)]
#[command(name = "kitaplatz", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves API and pages, and runs the jobs unless told otherwise.
    Serve {
        #[command(flatten)]
        config: Box<Config>,
        /// Leaves the jobs to `kitaplatz worker`.
        #[arg(long, env = "KITAPLATZ_NO_WORKER")]
        no_worker: bool,
    },
    /// Runs the jobs only.
    Worker {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Brings the database schema up to date.
    Migrate {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Checks settings, database roles and the schema's isolation, and says what is wrong.
    Doctor {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Makes three example towns with made-up families and a login for every role, and says how to sign in.
    #[cfg(feature = "demo")]
    Demo {
        #[command(flatten)]
        config: Box<Config>,
        /// Folder of real facility lists; a town whose list is not there gets a made-up one.
        #[arg(long, env = "FACILITIES_DIR", default_value = "../shared/data")]
        lists: std::path::PathBuf,
    },
    /// Reads a delivery status notification (RFC 3464) on standard input and marks the mail that bounced.
    Bounce {
        #[command(flatten)]
        config: Box<Config>,
        /// The tenant that sent the mail.
        #[arg(long)]
        tenant: String,
    },
    /// Catches mail on loopback and shows it in an inbox page; for demo and tests.
    #[cfg(feature = "demo")]
    MailCatcher {
        /// Address and port for SMTP.
        #[arg(long, default_value = "127.0.0.1:2525")]
        listen: String,
        /// Address and port of the inbox page.
        #[arg(long, default_value = "127.0.0.1:8025")]
        inbox: std::net::SocketAddr,
        /// Keeps the mails in this folder, so that they are there after a restart.
        #[arg(long)]
        folder: Option<std::path::PathBuf>,
    },
    /// Makes accounts of the platform's operators.
    Operator {
        #[command(subcommand)]
        command: OperatorCommand,
    },
    /// Makes and lists tenants.
    Tenant {
        #[command(subcommand)]
        command: TenantCommand,
    },
    /// Solves, verifies and replays allocation files; needs no database.
    Allocation {
        #[command(subcommand)]
        command: allocation::AllocationCommand,
    },
    /// Looks after the audit.
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Imports lists: facilities, streets, postal codes.
    Import {
        #[command(subcommand)]
        command: import::ImportCommand,
    },
}

#[derive(Subcommand)]
enum OperatorCommand {
    /// Makes an operator's account; without --password-stdin a password is made up and printed once.
    Create {
        #[command(flatten)]
        config: Box<Config>,
        /// Address of the operator.
        #[arg(long)]
        email: String,
        /// Reads the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
enum TenantCommand {
    /// Makes a tenant.
    Create {
        #[command(flatten)]
        config: Box<Config>,
        #[command(flatten)]
        tenant: NewTenant,
    },
    /// Lists the active tenants.
    List {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Writes everything that a tenant owns as CSV and JSON into a new folder, with a manifest of rows and checksums.
    Export {
        #[command(flatten)]
        config: Box<Config>,
        /// Slug of the municipality; it may be suspended.
        #[arg(long)]
        tenant: String,
        /// The folder; it must not exist.
        #[arg(long)]
        to: std::path::PathBuf,
    },
    /// Destroys a suspended tenant: one operator asks, another one gives the same command, and then every row is gone.
    Destroy {
        #[command(flatten)]
        config: Box<Config>,
        /// Slug of the municipality.
        #[arg(long)]
        tenant: String,
        /// `manifest.json` of the export that was handed over, beside its files.
        #[arg(long)]
        manifest: std::path::PathBuf,
        /// Address of the operator; the password is the first line of standard input.
        #[arg(long)]
        email: String,
    },
}

/// Runs a command to its end.
pub async fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    match cli.command {
        Command::Serve { config, no_worker } => {
            telemetry::start_logs(&config.log, config.log_text);
            Ok(app::serve(*config, !no_worker).await?)
        }
        Command::Worker { config } => {
            telemetry::start_logs(&config.log, config.log_text);
            Ok(app::work(*config).await?)
        }
        Command::Migrate { config } => {
            let url = config
                .migrate_database_url
                .as_ref()
                .ok_or(ConfigError::Missing("KITAPLATZ_MIGRATE_DATABASE_URL"))?;
            Ok(db::migrate(url.expose_secret()).await?)
        }
        Command::Openapi => {
            say(&serde_json::to_string_pretty(&app::openapi())?);
            Ok(())
        }
        Command::Doctor { config } => doctor(*config).await,
        Command::Operator {
            command:
                OperatorCommand::Create {
                    config,
                    email,
                    password_stdin,
                },
        } => create_operator(*config, &email, password_stdin).await,
        Command::Import { command } => import::run(command).await,
        Command::Allocation { command } => allocation::run(command).await,
        Command::Audit { command } => audit::run(command).await,
        Command::Bounce { config, tenant } => bounce(*config, &tenant).await,
        #[cfg(feature = "demo")]
        Command::Demo { config, lists } => {
            telemetry::start_logs("error", true);
            say(&crate::demo::run(*config, lists).await?);
            Ok(())
        }
        #[cfg(feature = "demo")]
        Command::MailCatcher { listen, inbox, folder } => {
            use crate::platform::mail::catcher::{Catcher, serve_inbox};
            telemetry::start_logs("info", true);
            let catcher = Catcher::start(&listen, folder).await?;
            tracing::info!(smtp = %catcher.address(), %inbox, "catching mail");
            Ok(serve_inbox(catcher, inbox).await?)
        }
        Command::Tenant {
            command: TenantCommand::Create { config, tenant },
        } => {
            let platform = app::platform(*config)?;
            let made = crate::tenancy::create(&platform, tenant).await?;
            say(&format!("{} {}", made.slug, made.name));
            Ok(())
        }
        Command::Tenant {
            command: TenantCommand::Export { config, tenant, to },
        } => export_tenant(*config, &tenant, &to).await,
        Command::Tenant {
            command:
                TenantCommand::Destroy {
                    config,
                    tenant,
                    manifest,
                    email,
                },
        } => destroy_tenant(*config, &tenant, &manifest, &email).await,
        Command::Tenant {
            command: TenantCommand::List { config },
        } => {
            let platform = app::platform(*config)?;
            for tenant in platform.tenants.all(platform.clock.now()).await? {
                say(&format!("{} {} {}", tenant.slug, tenant.ags, tenant.name));
            }
            Ok(())
        }
    }
}

async fn export_tenant(config: Config, tenant: &str, to: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let platform = app::platform(config)?;
    let manifest = crate::operator::export_tenant(&platform, tenant, to).await?;
    let rows: i64 = manifest.tables.values().map(|table| table.rows).sum();
    say(&format!(
        "{} tables, {rows} rows, in {}",
        manifest.tables.len(),
        to.display()
    ));
    Ok(())
}

async fn destroy_tenant(
    config: Config,
    tenant: &str,
    manifest: &std::path::Path,
    email: &str,
) -> Result<(), Box<dyn Error>> {
    use crate::operator::Destruction;
    let platform = app::platform(config)?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).into();
    match crate::operator::destroy_tenant(&platform, tenant, manifest, email, password).await? {
        Destruction::Requested => say("requested; a second operator gives the same command to confirm"),
        Destruction::Done(numbers) => say(&serde_json::to_string_pretty(&numbers)?),
    }
    Ok(())
}

async fn create_operator(config: Config, email: &str, password_stdin: bool) -> Result<(), Box<dyn Error>> {
    let platform = app::platform(config)?;
    let password = if password_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        crate::platform::crypto::random_token()
    };
    crate::operator::create_account(&platform, email, &password.as_str().into()).await?;
    if password_stdin {
        say(email);
    } else {
        say(&format!("{email} {password}"));
    }
    Ok(())
}

/// What is no bounce of ours is no error: the mail server hands over everything that comes to the sender's address.
async fn bounce(config: Config, tenant: &str) -> Result<(), Box<dyn Error>> {
    use crate::notifications::{Bounce, bounced};
    use std::io::Read;

    let mut raw = Vec::new();
    std::io::stdin().take(10 * 1024 * 1024).read_to_end(&mut raw)?;
    let Some(bounce) = Bounce::read(&String::from_utf8_lossy(&raw)) else {
        say("no bounce");
        return Ok(());
    };
    let platform = app::platform(config)?;
    let found = platform.tenants.by_slug(tenant, platform.clock.now()).await?;
    let tenant = found.ok_or("there is no such tenant")?;
    let work = async |tx: &mut crate::access::TenantTx| bounced(tx, &bounce).await;
    let ours = crate::access::as_system(&platform, &tenant, "bounce", work).await?;
    say(if ours { "marked" } else { "not a mail of this tenant" });
    Ok(())
}

async fn doctor(config: Config) -> Result<(), Box<dyn Error>> {
    let platform = app::platform(config)?;
    let findings = platform.db.lint().await?;
    for finding in &findings {
        say(&finding.to_string());
    }
    if findings.is_empty() {
        say("all is well");
        Ok(())
    } else {
        Err(format!("{} rules are broken", findings.len()).into())
    }
}

/// The answer of a command goes to standard output; logs go to standard error. A reader who has read enough, as `head` does, ends the
/// command quietly.
fn say(line: &str) {
    use std::io::{ErrorKind, Write};
    match writeln!(std::io::stdout(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            tracing::error!(%error, "the answer could not be written");
            std::process::exit(1)
        }
    }
}
