//! SQL of named filters.

use sqlx::types::Json;

use super::model::SavedViews;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::AccountId;

/// The named filters with their version.
pub(super) async fn views(tx: &mut TenantRead, account: AccountId) -> Result<Option<(SavedViews, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT views AS "views: Json<SavedViews>", version FROM saved_views WHERE tenant_id = $1 AND account_id = $2"#,
        tenant.0,
        account.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.views.0, row.version)))
}

/// Writes the first ones; false where there are some.
pub(super) async fn add(tx: &mut TenantTx, account: AccountId, views: &SavedViews) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "INSERT INTO saved_views (tenant_id, account_id, views) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, account_id) DO NOTHING",
        tenant.0,
        account.0,
        Json(views) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes the next version; false where somebody else did.
pub(super) async fn change(
    tx: &mut TenantTx,
    account: AccountId,
    seen: i32,
    views: &SavedViews,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "UPDATE saved_views SET views = $4, version = version + 1 WHERE tenant_id = $1 AND account_id = $2 AND version = $3",
        tenant.0,
        account.0,
        seen,
        Json(views) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
