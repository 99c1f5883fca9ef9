//! SQL of one-time links, of whose secrets only the digests are stored.

use chrono::Duration;
use serde_json::Value;
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::platform::crypto::{digest, random_token};
use crate::platform::ids::{AccountId, InvitationId};

/// A link that somebody was sent.
pub(in crate::identity) struct LinkRow {
    pub account_id: Option<AccountId>,
    pub email: String,
    pub payload: Value,
    pub created_by: Option<Uuid>,
}

/// Makes a one-time link; answers its id and its secret, of which only the digest is stored.
pub(in crate::identity) async fn insert_link(
    tx: &mut TenantTx,
    kind: &str,
    account: Option<AccountId>,
    email: &str,
    payload: Value,
    life: Duration,
) -> Result<(InvitationId, String), sqlx::Error> {
    let (tenant, now, id, secret) = (tx.tenant_id(), tx.now(), InvitationId::new(), random_token());
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO account_token (tenant_id, id, kind, token_hash, account_id, email, payload, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        tenant.0,
        id as _,
        kind,
        digest(&secret),
        account as _,
        email,
        payload,
        by,
        now,
        now + life
    )
    .execute(tx.conn())
    .await?;
    Ok((id, secret))
}

/// The link with this secret, if it still works. It is not used up.
pub(in crate::identity) async fn find_link(
    tx: &mut TenantRead,
    kind: &str,
    secret: &str,
) -> Result<Option<LinkRow>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        LinkRow,
        r#"SELECT account_id AS "account_id: AccountId", email, payload, created_by
             FROM account_token
            WHERE tenant_id = $1 AND kind = $2 AND token_hash = $3 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $4"#,
        tenant.0,
        kind,
        digest(secret),
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// Uses a link up; of a hundred requests at once one gets it, because the row can change from unused to used only once.
pub(in crate::identity) async fn use_link(
    tx: &mut TenantTx,
    kind: &str,
    secret: &str,
) -> Result<Option<LinkRow>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        LinkRow,
        r#"UPDATE account_token SET used_at = $4
            WHERE tenant_id = $1 AND kind = $2 AND token_hash = $3 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $4
            RETURNING account_id AS "account_id: AccountId", email, payload, created_by"#,
        tenant.0,
        kind,
        digest(secret),
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// Makes the unused links of a kind to an address void.
pub(in crate::identity) async fn revoke_links_to(
    tx: &mut TenantTx,
    kind: &str,
    email: &str,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE account_token SET revoked_at = $4
          WHERE tenant_id = $1 AND kind = $2 AND email = $3 AND used_at IS NULL AND revoked_at IS NULL",
        tenant.0,
        kind,
        email,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Makes all unused links of an account void.
pub(in crate::identity) async fn revoke_links_of(tx: &mut TenantTx, account: AccountId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE account_token SET revoked_at = $3
          WHERE tenant_id = $1 AND account_id = $2 AND used_at IS NULL AND revoked_at IS NULL",
        tenant.0,
        account as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
