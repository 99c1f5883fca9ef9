//! A consistent copy of all rows of one tenant, table by table, streamed: never more than a piece of it is in memory.

use std::io::Write;

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use uuid::Uuid;

use super::{Db, Mode};
use crate::platform::ids::TenantId;

/// A column of a table of tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The table.
    pub table: String,
    /// The column.
    pub name: String,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Comma-separated values with a header, as PostgreSQL writes them (RFC 4180).
    Csv,
    /// A JSON object a line.
    JsonLines,
}

/// One snapshot of a tenant's rows, as the application's role sees them: row-level security holds here as everywhere.
pub struct TenantCopy {
    tx: Transaction<'static, Postgres>,
}

/// What goes wrong while rows are copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

impl Db {
    /// Opens a snapshot of a tenant that lasts as long as the copy does.
    pub async fn copy_of(&self, tenant: TenantId) -> Result<TenantCopy, sqlx::Error> {
        let mut tx = self.begin(tenant, Mode::ReadOnly).await?;
        sqlx::raw_sql(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0;
             SET LOCAL idle_in_transaction_session_timeout = 0",
        )
        .execute(&mut *tx)
        .await?;
        Ok(TenantCopy { tx })
    }
}

/// A name as it stands in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl TenantCopy {
    /// All columns of all tables that the application may read of tenants, in the order of the tables.
    pub async fn columns(&mut self) -> Result<Vec<Column>, sqlx::Error> {
        let rows = sqlx::query!(
            r#"SELECT c.relname::text AS "table!", a.attname::text AS "name!"
                 FROM pg_class c
                 JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id'
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND c.relrowsecurity
                ORDER BY c.relname, a.attnum"#
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let columns = rows.into_iter().map(|row| Column {
            table: row.table,
            name: row.name,
        });
        Ok(columns.collect())
    }

    /// How many rows a table has of the tenant in this snapshot.
    pub async fn count(&mut self, table: &str) -> Result<i64, sqlx::Error> {
        let sql = format!("SELECT count(*) FROM app.{}", quoted(table));
        // The name comes from the catalogue.
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *self.tx).await
    }

    /// A column of bytes with the id beside it, row by row, for what is sealed: only the application can open it.
    pub fn bytes(
        &mut self,
        table: &str,
        id: &str,
        column: &str,
    ) -> BoxStream<'_, Result<(Uuid, Vec<u8>), sqlx::Error>> {
        let [id, column, table] = [id, column, table].map(quoted);
        let sql = format!("SELECT {id}, {column} FROM app.{table} ORDER BY 1");
        // The names come from the program.
        sqlx::query_as(AssertSqlSafe(sql)).fetch(&mut *self.tx)
    }

    /// The same where several columns tell a row from the others, as text.
    pub async fn bytes_by(
        &mut self,
        table: &str,
        keys: &[&str],
        column: &str,
    ) -> Result<Vec<(Vec<String>, Vec<u8>)>, sqlx::Error> {
        let keys: Vec<String> = keys.iter().map(|key| format!("{}::text", quoted(key))).collect();
        let (column, table) = (quoted(column), quoted(table));
        let sql = format!(
            "SELECT ARRAY[{}], {column} FROM app.{table} ORDER BY 1",
            keys.join(", ")
        );
        // The names come from the program.
        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *self.tx).await
    }

    /// Writes the rows of a table, piece by piece as they come.
    pub async fn write(
        &mut self,
        table: &str,
        columns: &[String],
        layout: Layout,
        to: &mut dyn Write,
    ) -> Result<(), CopyError> {
        let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let select = format!("SELECT {} FROM app.{}", names.join(", "), quoted(table));
        let sql = match layout {
            Layout::Csv => format!("COPY ({select}) TO STDOUT (FORMAT csv, HEADER)"),
            // JSON has no raw control characters, so that neither of these two can stand in it and nothing is quoted again.
            Layout::JsonLines => format!(
                "COPY (SELECT to_json(r)::text FROM ({select}) r) TO STDOUT (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')"
            ),
        };
        let mut pieces = self.tx.copy_out_raw(&sql).await?;
        while let Some(piece) = pieces.try_next().await? {
            to.write_all(&piece)?;
        }
        Ok(())
    }
}
