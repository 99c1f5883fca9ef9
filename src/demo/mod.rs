//! Example towns: real facility lists, made-up families with demands in many states, a login for every role.
//!
//! [`run`] starts the server on a loopback port of its own, with a clock that is moved by hand, and lets made-up people use the API as
//! the pages do, over the last two months. So the demo holds only what the product itself makes, and always the same. Only logins are
//! written directly: hashing a password for each of them would take longer than everything else. Running it again changes nothing.

mod accounts;
mod basis;
mod capacities;
mod cared;
mod counsel;
mod custody;
mod fees;
mod furnish;
mod houses;
mod notices;
mod people;
mod planning;
mod residence;
mod rounds;
mod stage;
mod stories;
mod towns;
mod visitor;

use std::path::PathBuf;

use crate::app::{self, AppError};
use crate::operator::{self, OperatorError};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::password::HashError;
use crate::tenancy::{self, TenancyError};

/// The demo's data could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The platform does not start.
    #[error(transparent)]
    App(#[from] AppError),
    /// The database does not answer.
    #[error("database: {0}")]
    Db(#[from] sqlx::Error),
    /// The town cannot be made.
    #[error(transparent)]
    Tenancy(#[from] TenancyError),
    /// The operator's login cannot be made.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// Hashing the password does not work.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The own server does not answer.
    #[error("{0}")]
    Way(#[from] reqwest::Error),
    /// The API said no, where it should not.
    #[error("{0}")]
    Refused(String),
    /// A list of facilities cannot be read.
    #[error("{0}: {1}")]
    List(PathBuf, std::io::Error),
    /// An earlier run ended half-way.
    #[error("the example data of {0} are incomplete, an earlier run was interrupted; start afresh with: make clean")]
    Incomplete(String),
}

/// Who can sign in in every town, and with what before the @.
const LOGINS: [(&str, &str); 10] = [
    ("parent with an open offer", "familie"),
    ("parent on a waiting list", "familie2"),
    ("parent with a draft", "familie3"),
    ("facility manager", "leitung"),
    ("provider manager", "traeger"),
    ("childminder", "tagespflege"),
    ("youth-office clerk", "amt"),
    ("tenant administrator", "verwaltung"),
    ("read-only", "lesen"),
    ("counsellor", "beratung"),
];

/// The operator's login.
const OPERATOR: &str = "betreiber@kitaplatz.example";

/// Makes what is missing, and says how to sign in. `lists` is the folder of real facility lists; a town without one gets a made-up list.
pub async fn run(config: Config, lists: PathBuf) -> Result<String, DemoError> {
    let now = Clock::system().now();
    let public_url = config.public_url.clone();
    let clock = Clock::fixed(now);
    // Thousands of requests from one address within seconds.
    let config = Config {
        limit_factor: 100_000,
        ..config
    };
    let platform = app::platform_at(config, clock)?;
    let (server, address) = app::server(platform.clone(), "127.0.0.1:0", 1)?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let (http, base) = (reqwest::Client::new(), format!("http://{address}"));
    let password: secrecy::SecretString = accounts::PASSWORD.to_owned().into();
    let hash = platform.hasher.hash(password.clone()).await?;
    match operator::create_account(&platform, OPERATOR, &password).await {
        // Made by an earlier run, or the database of this demo has no operator's role.
        Ok(()) | Err(OperatorError::Taken | OperatorError::Off) => {}
        Err(error) => return Err(error.into()),
    }
    let mut missing = Vec::new();
    for town in &towns::TOWNS {
        let tenant = match platform.tenants.by_slug(town.slug, now).await? {
            Some(tenant) if accounts::exists(&platform, &tenant, &town.address(furnish::LAST_LOGIN)).await? => {
                for (_, login) in LOGINS {
                    if !accounts::exists(&platform, &tenant, &town.address(login)).await? {
                        missing.push(town.address(login));
                    }
                }
                continue;
            }
            Some(_) => return Err(DemoError::Incomplete(town.slug.into())),
            None => {
                platform.clock.set(now - chrono::Duration::days(90));
                tenancy::create(&platform, town.tenant()).await?
            }
        };
        let stage = stage::Stage::new(&platform, town, tenant.clone(), now, (&http, &base), &hash);
        furnish::places(&stage, &lists).await?;
        furnish::town(&stage, &lists).await?;
        accounts::end_sessions(&platform, &tenant).await?;
        platform.clock.set(now);
    }
    handle.stop(true).await;
    platform.db.close().await;
    Ok(greeting(&public_url, &missing))
}

/// Addresses and logins, as the terminal shows them. `missing` are logins that the example data of an earlier version do not have.
fn greeting(public_url: &str, missing: &[String]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "\n  Kitaplatz      {public_url}\n  API            {public_url}/api/docs\n  Inbox          http://localhost:8025\n"
    );
    for town in &towns::TOWNS {
        let _ = writeln!(text, "  {:<28} {public_url}/{}", town.name, town.slug);
    }
    let _ = writeln!(text, "\n  Password of every login: {}\n", accounts::PASSWORD);
    for (role, login) in LOGINS {
        let _ = writeln!(text, "  {role:<28} {login}@flensburg.example");
    }
    let _ = writeln!(text, "  {:<28} {OPERATOR} on {public_url}/betreiber", "operator");
    let _ = writeln!(
        text,
        "\n  The same logins exist @leipzig.example and @chemnitz.example, each in its own town."
    );
    if !missing.is_empty() {
        let _ = writeln!(
            text,
            "\n  The example data are from an earlier version and lack {}.\n  To make them anew: make clean, then make demo.",
            missing.join(", ")
        );
    }
    text
}
