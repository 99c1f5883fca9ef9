//! When single children go to school.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::access::TenantRead;
use crate::platform::ids::ChildId;

/// The day of school entry that was decided for a child. Decisions stand below this slice; their rows are read as data.
pub async fn decided_entry(tx: &mut TenantRead, child: ChildId) -> Result<Option<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT entry_on AS "entry_on!" FROM app.decided_entries($1) WHERE child_id = $2"#,
        tenant.0,
        child.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The days of school entry that were decided for single children.
pub async fn decided_entries(tx: &mut TenantRead) -> Result<HashMap<ChildId, NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT child_id AS "child_id!: ChildId", entry_on AS "entry_on!" FROM app.decided_entries($1)"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.child_id, row.entry_on)).collect())
}
