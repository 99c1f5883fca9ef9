//! SQL as the operator's role: the registry, operators and their sessions, counts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::http::{TenantState, TenantUsage};
use super::model::{IDLE, LIFE, OperatorError};
use crate::platform::crypto::digest;
use crate::platform::db::OpsDb;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::TenantId;

/// An operator.
#[derive(Debug, Clone)]
pub(super) struct OperatorRow {
    pub id: Uuid,
    pub email: String,
    pub password_hash: String,
}

pub(super) async fn operator_by_email(ops: &OpsDb, email: &str) -> Result<Option<OperatorRow>, sqlx::Error> {
    sqlx::query_as!(
        OperatorRow,
        "SELECT id, email, password_hash FROM operator_account WHERE email = $1",
        email
    )
    .fetch_optional(ops.pool())
    .await
}

/// A new operator; refused when the address has one.
pub(super) async fn insert_operator(
    ops: &OpsDb,
    email: &str,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<(), OperatorError> {
    let made = sqlx::query!(
        "INSERT INTO operator_account (id, email, password_hash, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (email) DO NOTHING",
        crate::platform::ids::random_uuid(),
        email,
        hash,
        now
    )
    .execute(ops.pool())
    .await?;
    if made.rows_affected() == 1 {
        Ok(())
    } else {
        Err(OperatorError::Taken)
    }
}

/// Starts a session, and forgets those that ended.
pub(super) async fn start_session(
    ops: &OpsDb,
    operator: Uuid,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, sqlx::Error> {
    sqlx::query!(
        "WITH old AS (DELETE FROM operator_session WHERE expires_at <= $3 OR last_seen_at <= $5)
         INSERT INTO operator_session (token_hash, operator_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        digest(secret),
        operator,
        now,
        now + LIFE,
        now - IDLE
    )
    .execute(ops.pool())
    .await?;
    Ok(now + LIFE)
}

/// The operator behind a session that lives; notes that it was used.
pub(super) async fn operator_of(
    ops: &OpsDb,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Option<(OperatorRow, DateTime<Utc>)>, sqlx::Error> {
    let row = sqlx::query!(
        "UPDATE operator_session s SET last_seen_at = $2
           FROM operator_account a
          WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND a.id = s.operator_id
         RETURNING a.id, a.email, a.password_hash, s.expires_at",
        digest(secret),
        now,
        now - IDLE
    )
    .fetch_optional(ops.pool())
    .await?;
    Ok(row.map(|r| {
        let operator = OperatorRow {
            id: r.id,
            email: r.email,
            password_hash: r.password_hash,
        };
        (operator, r.expires_at)
    }))
}

pub(super) async fn end_session(ops: &OpsDb, secret: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM operator_session WHERE token_hash = $1", digest(secret))
        .execute(ops.pool())
        .await
        .map(|_| ())
}

/// A tenant in the list.
pub(super) struct TenantRow {
    pub usage: TenantUsage,
    sort_key: Option<String>,
    row: Uuid,
    total: i64,
}

listed!(TenantRow, row);

/// What the list of tenants can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum TenantSort {
    /// The name in addresses.
    #[default]
    Slug,
    /// The name for people.
    Name,
    /// Whether it is served.
    State,
    /// The host name of its own.
    Host,
    /// Active accounts, the most first.
    Accounts,
    /// Open facilities, the most first.
    Facilities,
    /// Demands that wait for a place, the most first.
    Demands,
    /// Jobs that wait, the most first.
    Jobs,
}

impl SortKey for TenantSort {
    fn natural(self) -> Direction {
        match self {
            Self::Slug | Self::Name | Self::State | Self::Host => Direction::Asc,
            _ => Direction::Desc,
        }
    }
}

/// What a list of tenants is narrowed to, and its order.
#[derive(Default)]
pub(super) struct TenantFilter<'a> {
    pub slug: Option<&'a str>,
    pub state: Option<TenantState>,
    /// What name, slug or host begin with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<TenantSort>,
}

/// Tenants with their counts, in the order asked for. The registry's number is not shown outside, so that a row is known by its slug.
pub(super) async fn tenants(ops: &OpsDb, filter: &TenantFilter<'_>) -> Result<Vec<TenantRow>, sqlx::Error> {
    let order = &filter.order;
    let rows = sqlx::query!(
        r#"SELECT t.slug, t.name, t.ags, t.federal_state, t.state, t.host, u.accounts AS "accounts!", u.facilities AS "facilities!",
                  u.demands_open AS "demands_open!", u.jobs_waiting AS "jobs_waiting!", n.row AS "row!", s.key AS sort_key,
                  count(*) OVER () AS "total!"
             FROM tenant t
             JOIN app.tenant_usage() u ON u.tenant_id = t.id
            CROSS JOIN LATERAL (SELECT md5(t.slug)::uuid AS row) n
            CROSS JOIN LATERAL (SELECT CASE $2::text
                 WHEN 'name' THEN lower(t.name)
                 WHEN 'state' THEN t.state
                 WHEN 'host' THEN t.host
                 WHEN 'accounts' THEN lpad(u.accounts::text, 12, '0')
                 WHEN 'facilities' THEN lpad(u.facilities::text, 12, '0')
                 WHEN 'demands' THEN lpad(u.demands_open::text, 12, '0')
                 WHEN 'jobs' THEN lpad(u.jobs_waiting::text, 12, '0')
                 ELSE t.slug END) s (key)
            WHERE ($1::text IS NULL OR t.slug = $1)
              AND ($7::text IS NULL OR t.state = $7)
              AND ($8::text IS NULL OR lower(t.name) ^@ $8 OR t.slug ^@ $8 OR t.host ^@ $8)
              AND app.comes_after(s.key, n.row, $3, $4, $5)
            ORDER BY CASE WHEN NOT $3 THEN s.key END COLLATE "de-x-icu", CASE WHEN $3 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, n.row
            LIMIT $6"#,
        filter.slug,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.state.map(TenantState::as_str),
        filter.q.as_deref()
    )
    .fetch_all(ops.pool())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TenantRow {
            usage: TenantUsage {
                id: row.slug.clone(),
                slug: row.slug,
                name: row.name,
                ags: row.ags,
                federal_state: row.federal_state,
                state: row.state,
                host: row.host,
                accounts: row.accounts,
                facilities: row.facilities,
                demands_open: row.demands_open,
                jobs_waiting: row.jobs_waiting,
            },
            sort_key: row.sort_key,
            row: row.row,
            total: row.total,
        })
        .collect())
}

/// Changes name, host and state of a tenant; `None` leaves a value. `false` when there is no such tenant.
pub(super) async fn update_tenant(
    ops: &OpsDb,
    slug: &str,
    name: Option<&str>,
    host: Option<Option<&str>>,
    state: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, OperatorError> {
    let done = sqlx::query!(
        "UPDATE tenant
            SET name = COALESCE($2, name), host = CASE WHEN $3 THEN $4 ELSE host END, state = COALESCE($5, state),
                suspended_at = CASE WHEN $5 IS NULL OR $5 = state THEN suspended_at WHEN $5 = 'suspended' THEN $6::timestamptz END
          WHERE slug = $1",
        slug,
        name,
        host.is_some(),
        host.flatten(),
        state,
        now
    )
    .execute(ops.pool())
    .await;
    match done {
        Ok(done) => Ok(done.rows_affected() == 1),
        Err(sqlx::Error::Database(db)) if db.is_unique_violation() => Err(OperatorError::Taken),
        Err(error) => Err(error.into()),
    }
}

/// A tenant as the registry has it, suspended or not.
pub(super) struct Registered {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub ags: String,
    pub state: String,
    /// Since when nobody is let in.
    pub suspended_at: Option<DateTime<Utc>>,
}

pub(super) async fn registered(ops: &OpsDb, slug: &str) -> Result<Option<Registered>, sqlx::Error> {
    sqlx::query_as!(
        Registered,
        r#"SELECT id AS "id: TenantId", slug, name, ags, state, suspended_at FROM tenant WHERE slug = $1"#,
        slug
    )
    .fetch_optional(ops.pool())
    .await
}

/// A destruction that somebody asked for.
pub(super) struct OpenDestruction {
    pub id: Uuid,
    pub requested_by: String,
    pub manifest_sha256: String,
}

pub(super) async fn open_destruction(ops: &OpsDb, tenant: TenantId) -> Result<Option<OpenDestruction>, sqlx::Error> {
    sqlx::query_as!(
        OpenDestruction,
        "SELECT id, requested_by, manifest_sha256 FROM tenant_destruction WHERE tenant_number = $1 AND destroyed_at IS NULL",
        tenant.0
    )
    .fetch_optional(ops.pool())
    .await
}

pub(super) async fn request_destruction(
    ops: &OpsDb,
    tenant: &Registered,
    manifest: &str,
    who: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO tenant_destruction (id, slug, tenant_number, manifest_sha256, requested_by, requested_at) VALUES ($1, $2, $3, $4, $5, $6)",
        crate::platform::ids::random_uuid(),
        tenant.slug,
        tenant.id.0,
        manifest,
        who,
        now
    )
    .execute(ops.pool())
    .await
    .map(|_| ())
}

/// Confirms a destruction as the second person, and does it; a confirmation whose destruction failed is used by the next try.
pub(super) async fn destroy(ops: &OpsDb, id: Uuid, who: &str, now: DateTime<Utc>) -> Result<Value, sqlx::Error> {
    sqlx::query!(
        "UPDATE tenant_destruction SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND confirmed_by IS NULL",
        id,
        who,
        now
    )
    .execute(ops.pool())
    .await?;
    sqlx::query_scalar!(r#"SELECT app.destroy_tenant($1, $2) AS "numbers!""#, id, now)
        .fetch_one(ops.pool())
        .await
}
