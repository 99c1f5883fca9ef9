//! SQL of accounts.

use chrono::{DateTime, Utc};

use super::{end_sessions, revoke_links_of};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::AccountId;

/// An account as commands need it.
pub(in crate::identity) struct AccountRow {
    pub id: AccountId,
    pub email: String,
    pub kind: String,
    pub display_name: Option<String>,
    pub language: String,
    pub created_at: DateTime<Utc>,
    pub password_hash: Option<String>,
    pub totp_secret: Option<Vec<u8>>,
    pub has_second_factor: bool,
    pub totp_last_step: i64,
    pub version: i32,
}

impl AccountRow {
    pub fn is_staff(&self) -> bool {
        self.kind == "staff"
    }
}

/// The active account with this address.
pub(in crate::identity) async fn account_by_email(
    tx: &mut TenantRead,
    email: &str,
) -> Result<Option<AccountRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AccountRow,
        r#"SELECT id AS "id: AccountId", email, kind, display_name, language, created_at, password_hash, totp_secret,
                  totp_enabled_at IS NOT NULL AS "has_second_factor!", totp_last_step, version
             FROM account
            WHERE tenant_id = $1 AND email = $2 AND state = 'active'"#,
        tenant.0,
        email
    )
    .fetch_optional(tx.conn())
    .await
}

/// The active account with this id, locked by a transaction that changes it.
pub(in crate::identity) async fn account(
    tx: &mut TenantRead,
    id: AccountId,
) -> Result<Option<AccountRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AccountRow,
        r#"SELECT id AS "id: AccountId", email, kind, display_name, language, created_at, password_hash, totp_secret,
                  totp_enabled_at IS NOT NULL AS "has_second_factor!", totp_last_step, version
             FROM account
            WHERE tenant_id = $1 AND id = $2 AND state = 'active'"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whether an account that is not closed has this address.
pub(in crate::identity) async fn is_address_taken(tx: &mut TenantRead, email: &str) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM account WHERE tenant_id = $1 AND email = $2 AND state <> 'closed') AS "taken!""#,
        tenant.0,
        email
    )
    .fetch_one(tx.conn())
    .await
}

pub(in crate::identity) async fn has_people(tx: &mut TenantRead) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM account WHERE tenant_id = $1)
               OR EXISTS (SELECT 1 FROM account_token WHERE tenant_id = $1 AND kind = 'invitation') AS "people!""#,
        tenant.0
    )
    .fetch_one(tx.conn())
    .await
}

/// A new account with a confirmed address; `None` when the address has one.
pub(in crate::identity) async fn insert_account(
    tx: &mut TenantTx,
    kind: &str,
    email: &str,
    password_hash: &str,
    display_name: Option<&str>,
    language: &str,
) -> Result<Option<AccountId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"INSERT INTO account (tenant_id, id, email, email_confirmed_at, password_hash, kind, display_name, language, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4)
           ON CONFLICT (tenant_id, email) WHERE state <> 'closed' DO NOTHING
           RETURNING id AS "id: AccountId""#,
        tenant.0,
        AccountId::new() as _,
        email,
        now,
        password_hash,
        kind,
        display_name,
        language
    )
    .fetch_optional(tx.conn())
    .await
}

pub(in crate::identity) async fn update_account(
    tx: &mut TenantTx,
    id: AccountId,
    display_name: Option<&str>,
    language: &str,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE account SET display_name = $3, language = $4, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        display_name,
        language
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::identity) async fn set_password(tx: &mut TenantTx, id: AccountId, hash: &str) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE account SET password_hash = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        hash
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Gives the account another address; `false` when the address has an account meanwhile.
pub(in crate::identity) async fn set_email(tx: &mut TenantTx, id: AccountId, email: &str) -> Result<bool, sqlx::Error> {
    if is_address_taken(tx, email).await? {
        return Ok(false);
    }
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let changed = sqlx::query!(
        "UPDATE account SET email = $3, email_confirmed_at = $4, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND state = 'active'",
        tenant.0,
        id as _,
        email,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Whether an offer is open, or a contract has not ended, for a child in this account's custody. Demands, offers and contracts stand
/// below this slice in the order of modules, so their states are read here as data, not asked of their commands.
pub(in crate::identity) async fn has_open_matters(tx: &mut TenantRead, id: AccountId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
             SELECT 1 FROM guardian g
               JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id AND (c.valid_to IS NULL OR c.valid_to > $3)
              WHERE g.tenant_id = $1 AND g.account_id = $2
                AND (EXISTS (SELECT 1 FROM care_demand d WHERE d.tenant_id = c.tenant_id AND d.child_id = c.child_id
                                AND d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending'))
                  OR EXISTS (SELECT 1 FROM place_offer o WHERE o.tenant_id = c.tenant_id AND o.child_id = c.child_id
                                AND o.state IN ('sent', 'viewed'))
                  OR EXISTS (SELECT 1 FROM care_contract k WHERE k.tenant_id = c.tenant_id AND k.child_id = c.child_id
                                AND k.state NOT IN ('terminated', 'ended')))) AS "open!""#,
        tenant.0,
        id as _,
        tx.today()
    )
    .fetch_one(tx.conn())
    .await
}

/// Closes an account: nothing that identifies the person stays in it, and its address is free again.
pub(in crate::identity) async fn close_account(tx: &mut TenantTx, id: AccountId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE account
            SET state = 'closed', email = 'closed-' || id || '@kitaplatz.invalid', password_hash = NULL, display_name = NULL,
                totp_secret = NULL, totp_enabled_at = NULL, recovery_codes = '{}', version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE membership SET ended_at = $3 WHERE tenant_id = $1 AND account_id = $2 AND ended_at IS NULL",
        tenant.0,
        id as _,
        now
    )
    .execute(tx.conn())
    .await?;
    revoke_links_of(tx, id).await?;
    end_sessions(tx, id, None).await
}
