//! SQL of sessions.

use chrono::{DateTime, Utc};

use crate::access::{SESSION_IDLE_PARENT, TenantRead, TenantTx};
use crate::platform::ids::{AccountId, SessionId};

/// A session as its owner sees it.
pub(in crate::identity) struct SessionRow {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub user_agent: String,
    pub second_factor: bool,
}

/// The sessions of an account that live.
pub(in crate::identity) async fn sessions(
    tx: &mut TenantRead,
    account: AccountId,
) -> Result<Vec<SessionRow>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        SessionRow,
        r#"SELECT id AS "id: SessionId", created_at, last_seen_at, user_agent, second_factor
             FROM session
            WHERE tenant_id = $1 AND account_id = $2 AND expires_at > $3 AND last_seen_at > $4
            ORDER BY last_seen_at DESC, id"#,
        tenant.0,
        account as _,
        now,
        now - SESSION_IDLE_PARENT
    )
    .fetch_all(tx.conn())
    .await
}

/// When a session ends at the latest.
pub(in crate::identity) async fn session_end(
    tx: &mut TenantRead,
    id: SessionId,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT expires_at FROM session WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// Ends one session of an account; `false` when it has none with this id.
pub(in crate::identity) async fn end_session(
    tx: &mut TenantTx,
    account: AccountId,
    id: SessionId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ended = sqlx::query!(
        "DELETE FROM session WHERE tenant_id = $1 AND account_id = $2 AND id = $3",
        tenant.0,
        account as _,
        id as _
    )
    .execute(tx.conn())
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all sessions of an account but one.
pub(in crate::identity) async fn end_sessions(
    tx: &mut TenantTx,
    account: AccountId,
    but: Option<SessionId>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM session WHERE tenant_id = $1 AND account_id = $2 AND id IS DISTINCT FROM $3",
        tenant.0,
        account as _,
        but as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
