//! Invitations of the other guardian: one-time tokens, stored as digests.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::access::{TenantRead, TenantTx};
use crate::platform::crypto::digest;
use crate::platform::ids::{AccountId, ChildId, GuardianId, InvitationId};

/// What an invitation gives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Given {
    /// Who invites; the children are given only while this guardian has custody of them.
    pub guardian_id: GuardianId,
    /// Custody of these children.
    pub child_ids: Vec<ChildId>,
}

/// An open invitation as its sender sees it.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub email: String,
    pub expires_at: DateTime<Utc>,
}

pub async fn open_invitations(tx: &mut TenantRead, account: AccountId) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        InvitationRow,
        r#"SELECT id AS "id: InvitationId", email, expires_at
             FROM account_token
            WHERE tenant_id = $1 AND kind = 'guardian_invitation' AND created_by = $2
              AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
            ORDER BY created_at, id"#,
        tenant.0,
        account as _,
        now
    )
    .fetch_all(tx.conn())
    .await
}

pub async fn insert_invitation(
    tx: &mut TenantTx,
    account: AccountId,
    email: &str,
    token: &str,
    given: &Given,
    expires_at: DateTime<Utc>,
) -> Result<InvitationId, sqlx::Error> {
    let (tenant, now, id) = (tx.tenant_id(), tx.now(), InvitationId::new());
    sqlx::query!(
        "INSERT INTO account_token (tenant_id, id, kind, token_hash, email, payload, created_by, created_at, expires_at)
         VALUES ($1, $2, 'guardian_invitation', $3, $4, $5, $6, $7, $8)",
        tenant.0,
        id as _,
        digest(token),
        email,
        sqlx::types::Json(given) as _,
        account as _,
        now,
        expires_at
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// Revokes an open invitation of this account. `false`: there is none.
pub async fn revoke_invitation(tx: &mut TenantTx, account: AccountId, id: InvitationId) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE account_token SET revoked_at = $4
          WHERE tenant_id = $1 AND id = $2 AND kind = 'guardian_invitation' AND created_by = $3
            AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $4",
        tenant.0,
        id as _,
        account as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

/// Consumes a token: of many who redeem it at the same moment one gets the invitation.
pub async fn redeem_invitation(tx: &mut TenantTx, token: &str) -> Result<Option<Given>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let row = sqlx::query_scalar!(
        r#"UPDATE account_token SET used_at = $3
            WHERE tenant_id = $1 AND token_hash = $2 AND kind = 'guardian_invitation'
              AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
            RETURNING payload AS "payload: sqlx::types::Json<Given>""#,
        tenant.0,
        digest(token),
        now
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|json| json.0))
}

/// Those of the children of whom a guardian has custody today.
pub async fn still_in_custody(
    tx: &mut TenantRead,
    guardian: GuardianId,
    children: &[ChildId],
) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT DISTINCT child_id AS "child_id: ChildId"
             FROM custody
            WHERE tenant_id = $1 AND guardian_id = $2 AND child_id = ANY($3)
              AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)"#,
        tenant.0,
        guardian as _,
        children as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}
