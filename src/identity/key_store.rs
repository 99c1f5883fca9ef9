//! SQL of machine clients' keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::http::{ApiKeyBody, ApiKeyState};
use crate::access::{TenantRead, TenantTx};
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::ApiKeyId;

/// A key in the list.
pub(super) struct ApiKeyRow {
    pub id: ApiKeyId,
    pub name: String,
    pub scopes: Vec<String>,
    pub prefix: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub state: ApiKeyState,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(ApiKeyRow, id.0);

/// What the list of keys can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum ApiKeySort {
    /// When it was made, the latest first.
    #[default]
    Created,
    /// What it is for.
    Name,
    /// When it ends by itself.
    Expires,
    /// When it was last used, the latest first.
    Used,
    /// Whether it still works.
    State,
}

impl SortKey for ApiKeySort {
    fn natural(self) -> Direction {
        match self {
            Self::Created | Self::Used => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// Which keys, and in which order.
pub(super) struct ApiKeyFilter {
    pub state: Option<ApiKeyState>,
    /// What the name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<ApiKeySort>,
}

/// Keys in the order asked for.
pub(super) async fn api_keys(tx: &mut TenantRead, filter: &ApiKeyFilter) -> Result<Vec<ApiKeyRow>, sqlx::Error> {
    let (tenant, now, order) = (tx.tenant_id(), tx.now(), &filter.order);
    sqlx::query_as!(
        ApiKeyRow,
        r#"SELECT k.id AS "id: ApiKeyId", k.name, k.scopes, k.prefix, k.created_at, k.last_used_at, k.revoked_at, k.expires_at,
                  w.state AS "state!: ApiKeyState", s.key AS sort_key, count(*) OVER () AS "total!"
             FROM api_key k
            CROSS JOIN LATERAL (SELECT CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= $2 THEN 'expired'
                                            ELSE 'active' END AS state) w
            CROSS JOIN LATERAL (SELECT CASE $3::text
                 WHEN 'name' THEN lower(k.name)
                 WHEN 'expires' THEN to_char(k.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 WHEN 'used' THEN to_char(k.last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 WHEN 'state' THEN w.state
                 ELSE to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE k.tenant_id = $1
              AND ($8::text IS NULL OR w.state = $8)
              AND ($9::text IS NULL OR lower(k.name) ^@ $9)
              AND app.comes_after(s.key, k.id, $4, $5, $6)
            ORDER BY CASE WHEN NOT $4 THEN s.key END COLLATE "de-x-icu", CASE WHEN $4 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, k.id
            LIMIT $7"#,
        tenant.0,
        now,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.state as _,
        filter.q.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn insert_api_key(tx: &mut TenantTx, key: &ApiKeyBody, hash: &[u8]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO api_key (tenant_id, id, name, prefix, key_hash, scopes, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        key.id as _,
        key.name,
        key.prefix,
        hash,
        &key.scopes,
        by,
        key.created_at,
        key.expires_at
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Revokes a key; `false` when there is none that works.
pub(super) async fn revoke_api_key(tx: &mut TenantTx, id: ApiKeyId) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let revoked = sqlx::query!(
        "UPDATE api_key SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL",
        tenant.0,
        id as _,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(revoked.rows_affected() == 1)
}
