//! Brings the schema up to date, as the owner's role.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Applies what is missing. `url` names the migration role, which steps into `kitaplatz_owner` for the time of the run.
pub async fn migrate(url: &str) -> Result<(), sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options.connect().await?;
    conn.execute("SET ROLE kitaplatz_owner; SET search_path = app, public; SET lock_timeout = '5s'")
        .await?;
    MIGRATIONS.run(&mut conn).await?;
    conn.close().await
}
