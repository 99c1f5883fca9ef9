//! SQL of staff and invitations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::http::InvitationState;
use super::model::Grant;
use crate::access::{Role, TenantRead, TenantTx};
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{AccountId, InvitationId, MembershipId};

/// A member of staff.
pub(super) struct StaffRow {
    pub id: AccountId,
    pub email: String,
    pub display_name: Option<String>,
    pub has_second_factor: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(StaffRow, id.0);

/// What the list of staff can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum StaffSort {
    /// The address.
    #[default]
    Email,
    /// The name, or the address of who gave none.
    Name,
    /// When somebody was here, the latest first.
    Seen,
}

impl SortKey for StaffSort {
    fn natural(self) -> Direction {
        match self {
            Self::Seen => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// Staff in the order asked for.
/// `q` is what name or address begin with, in small letters.
pub(super) async fn staff(
    tx: &mut TenantRead,
    q: Option<&str>,
    role: Option<Role>,
    order: &Sorted<StaffSort>,
) -> Result<Vec<StaffRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        StaffRow,
        r#"SELECT a.id AS "id: AccountId", a.email, a.display_name, a.totp_enabled_at IS NOT NULL AS "has_second_factor!",
                  here.last_seen_at, o.key AS sort_key, count(*) OVER () AS "total!"
             FROM account a
            CROSS JOIN LATERAL (SELECT max(s.last_seen_at) AS last_seen_at
                                  FROM session s
                                 WHERE s.tenant_id = a.tenant_id AND s.account_id = a.id) here
            CROSS JOIN LATERAL (SELECT CASE $2::text
                 WHEN 'name' THEN lower(COALESCE(a.display_name, a.email))
                 WHEN 'seen' THEN to_char(here.last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 ELSE a.email END) o (key)
            WHERE a.tenant_id = $1 AND a.kind = 'staff' AND a.state = 'active'
              AND ($7::text IS NULL OR a.email ^@ $7 OR lower(a.display_name) ^@ $7)
              AND ($8::text IS NULL OR EXISTS (SELECT 1
                                                 FROM membership m
                                                WHERE m.tenant_id = a.tenant_id AND m.account_id = a.id AND m.role = $8
                                                  AND m.ended_at IS NULL))
              AND app.comes_after(o.key, a.id, $3, $4, $5)
            ORDER BY CASE WHEN NOT $3 THEN o.key END COLLATE "de-x-icu", CASE WHEN $3 THEN o.key END COLLATE "de-x-icu" DESC NULLS LAST, a.id
            LIMIT $6"#,
        tenant.0,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        q,
        role.map(Role::as_str)
    )
    .fetch_all(tx.conn())
    .await
}

/// An invitation with what it grants.
pub(super) struct InvitationRow {
    pub id: InvitationId,
    pub email: String,
    pub payload: Value,
    pub label: Option<String>,
    pub expires_at: DateTime<Utc>,
    pub state: InvitationState,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(InvitationRow, id.0);

/// What the list of invitations can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum InvitationSort {
    /// Until when it holds, which is also the order in which they were sent; the latest first.
    #[default]
    Expires,
    /// The address.
    Email,
    /// How far it has come.
    State,
}

impl SortKey for InvitationSort {
    fn natural(self) -> Direction {
        match self {
            Self::Expires => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// Which invitations, and in which order.
#[derive(Default)]
pub(super) struct InvitationFilter {
    pub id: Option<InvitationId>,
    /// What the address begins with, in small letters.
    pub email: Option<String>,
    pub role: Option<Role>,
    pub state: Option<InvitationState>,
    pub order: Sorted<InvitationSort>,
}

/// Invitations in the order asked for.
pub(super) async fn invitations(
    tx: &mut TenantRead,
    filter: &InvitationFilter,
) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let (tenant, now, order) = (tx.tenant_id(), tx.now(), &filter.order);
    sqlx::query_as!(
        InvitationRow,
        r#"SELECT t.id AS "id: InvitationId", t.email, t.payload, COALESCE(f.name, p.name) AS label, t.expires_at,
                  w.state AS "state!: InvitationState", s.key AS sort_key, count(*) OVER () AS "total!"
             FROM account_token t
             LEFT JOIN facility f ON f.tenant_id = t.tenant_id AND f.id = (t.payload ->> 'facility_id')::uuid
             LEFT JOIN provider p ON p.tenant_id = t.tenant_id AND p.id = (t.payload ->> 'provider_id')::uuid
            CROSS JOIN LATERAL (SELECT CASE WHEN t.used_at IS NOT NULL THEN 'accepted'
                                            WHEN t.revoked_at IS NOT NULL THEN 'revoked'
                                            WHEN t.expires_at <= $3 THEN 'expired'
                                            ELSE 'open' END) w (state)
            CROSS JOIN LATERAL (SELECT CASE $4::text
                 WHEN 'email' THEN lower(t.email)
                 WHEN 'state' THEN array_position('{open,accepted,expired,revoked}'::text[], w.state)::text
                 ELSE to_char(t.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE t.tenant_id = $1 AND t.kind = 'invitation' AND ($2::uuid IS NULL OR t.id = $2)
              AND ($9::text IS NULL OR lower(t.email) ^@ $9)
              AND ($10::text IS NULL OR t.payload -> 'grant' ->> 'role' = $10)
              AND ($11::text IS NULL OR w.state = $11)
              AND app.comes_after(s.key, t.id, $5, $6, $7)
            ORDER BY CASE WHEN NOT $5 THEN s.key END COLLATE "de-x-icu", CASE WHEN $5 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, t.id
            LIMIT $8"#,
        tenant.0,
        filter.id as _,
        now,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.email.as_deref(),
        filter.role.map(Role::as_str),
        filter.state as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes an open invitation back; `false` when there is none.
pub(super) async fn revoke_invitation(tx: &mut TenantTx, id: InvitationId) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let revoked = sqlx::query!(
        "UPDATE account_token SET revoked_at = $3
          WHERE tenant_id = $1 AND id = $2 AND kind = 'invitation' AND used_at IS NULL AND revoked_at IS NULL",
        tenant.0,
        id as _,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(revoked.rows_affected() == 1)
}

/// Whether provider and facility of a grant exist here.
pub(super) async fn has_scope(tx: &mut TenantRead, grant: &Grant) -> Result<(bool, bool), sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT ($2::uuid IS NULL OR EXISTS (SELECT 1 FROM provider WHERE tenant_id = $1 AND id = $2)) AS "provider!",
                  ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM facility WHERE tenant_id = $1 AND id = $3)) AS "facility!""#,
        tenant.0,
        grant.provider_id,
        grant.facility_id
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.provider, row.facility))
}

/// Grants a role; `None` when it is granted on this scope already.
pub(super) async fn insert_membership(
    tx: &mut TenantTx,
    account: AccountId,
    grant: &Grant,
    by: Option<Uuid>,
) -> Result<Option<MembershipId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"INSERT INTO membership (tenant_id, id, account_id, role, provider_id, facility_id, created_by, created_at)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8
            WHERE NOT EXISTS (SELECT 1 FROM membership
                               WHERE tenant_id = $1 AND account_id = $3 AND role = $4 AND ended_at IS NULL
                                 AND provider_id IS NOT DISTINCT FROM $5 AND facility_id IS NOT DISTINCT FROM $6)
           RETURNING id AS "id: MembershipId""#,
        tenant.0,
        MembershipId::new() as _,
        account as _,
        grant.role.as_str(),
        grant.provider_id,
        grant.facility_id,
        by,
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whose membership this is and its role, if it holds now.
pub(super) async fn membership(
    tx: &mut TenantTx,
    id: MembershipId,
) -> Result<Option<(AccountId, String)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT account_id AS "account_id: AccountId", role FROM membership
            WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL FOR UPDATE"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| (r.account_id, r.role)))
}

/// How many administrator's roles an account holds.
pub(super) async fn admin_roles(tx: &mut TenantTx, account: AccountId) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM membership
            WHERE tenant_id = $1 AND account_id = $2 AND role = 'tenant_admin' AND ended_at IS NULL"#,
        tenant.0,
        account as _
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether this account is the only administrator that is left. The administrators' rows are locked, so that two who leave at the
/// same moment do not both find the other.
pub(super) async fn is_last_admin(tx: &mut TenantTx, account: AccountId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let admins = sqlx::query_scalar!(
        r#"SELECT m.account_id AS "account_id: AccountId" FROM membership m
             JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id AND a.state = 'active'
            WHERE m.tenant_id = $1 AND m.role = 'tenant_admin' AND m.ended_at IS NULL
            ORDER BY m.id
              FOR UPDATE OF m"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(admins.contains(&account) && admins.iter().all(|a| *a == account))
}

pub(super) async fn end_membership(tx: &mut TenantTx, id: MembershipId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE membership SET ended_at = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
