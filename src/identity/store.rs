//! SQL of accounts, sessions and one-time links.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Role, SESSION_IDLE_PARENT, TenantRead, TenantTx};
use crate::platform::crypto::{digest, random_token};
use crate::platform::ids::{AccountId, InvitationId, MembershipId, SessionId};

/// An account as commands need it.
pub(super) struct AccountRow {
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
pub(super) async fn account_by_email(tx: &mut TenantRead, email: &str) -> Result<Option<AccountRow>, sqlx::Error> {
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
pub(super) async fn account(tx: &mut TenantRead, id: AccountId) -> Result<Option<AccountRow>, sqlx::Error> {
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
pub(super) async fn is_address_taken(tx: &mut TenantRead, email: &str) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM account WHERE tenant_id = $1 AND email = $2 AND state <> 'closed') AS "taken!""#,
        tenant.0,
        email
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn has_people(tx: &mut TenantRead) -> Result<bool, sqlx::Error> {
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
pub(super) async fn insert_account(
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

pub(super) async fn update_account(
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

pub(super) async fn set_password(tx: &mut TenantTx, id: AccountId, hash: &str) -> Result<(), sqlx::Error> {
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
pub(super) async fn set_email(tx: &mut TenantTx, id: AccountId, email: &str) -> Result<bool, sqlx::Error> {
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
pub(super) async fn has_open_matters(tx: &mut TenantRead, id: AccountId) -> Result<bool, sqlx::Error> {
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
pub(super) async fn close_account(tx: &mut TenantTx, id: AccountId) -> Result<(), sqlx::Error> {
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

/// A link that somebody was sent.
pub(super) struct LinkRow {
    pub account_id: Option<AccountId>,
    pub email: String,
    pub payload: Value,
    pub created_by: Option<Uuid>,
}

/// Makes a one-time link; answers its id and its secret, of which only the digest is stored.
pub(super) async fn insert_link(
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
pub(super) async fn find_link(tx: &mut TenantRead, kind: &str, secret: &str) -> Result<Option<LinkRow>, sqlx::Error> {
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
pub(super) async fn use_link(tx: &mut TenantTx, kind: &str, secret: &str) -> Result<Option<LinkRow>, sqlx::Error> {
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
pub(super) async fn revoke_links_to(tx: &mut TenantTx, kind: &str, email: &str) -> Result<(), sqlx::Error> {
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
pub(super) async fn revoke_links_of(tx: &mut TenantTx, account: AccountId) -> Result<(), sqlx::Error> {
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

/// A session as its owner sees it.
pub(super) struct SessionRow {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub user_agent: String,
}

/// The sessions of an account that live.
pub(super) async fn sessions(tx: &mut TenantRead, account: AccountId) -> Result<Vec<SessionRow>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        SessionRow,
        r#"SELECT id AS "id: SessionId", created_at, last_seen_at, user_agent
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
pub(super) async fn session_end(tx: &mut TenantRead, id: SessionId) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
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
pub(super) async fn end_session(tx: &mut TenantTx, account: AccountId, id: SessionId) -> Result<bool, sqlx::Error> {
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
pub(super) async fn end_sessions(
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

/// A granted role with the name of its scope.
pub(super) struct MembershipRow {
    pub id: MembershipId,
    pub account_id: AccountId,
    pub role: String,
    pub provider_id: Option<Uuid>,
    pub facility_id: Option<Uuid>,
    pub label: Option<String>,
}

impl MembershipRow {
    /// The role; the table's check allows no other word.
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or(Role::ReadOnly)
    }
}

/// The roles of these accounts that hold now.
pub(super) async fn memberships(
    tx: &mut TenantRead,
    accounts: &[AccountId],
) -> Result<Vec<MembershipRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let accounts: Vec<Uuid> = accounts.iter().map(|a| a.0).collect();
    sqlx::query_as!(
        MembershipRow,
        r#"SELECT m.id AS "id: MembershipId", m.account_id AS "account_id: AccountId", m.role, m.provider_id, m.facility_id,
                  COALESCE(f.name, p.name) AS label
             FROM membership m
             LEFT JOIN facility f ON f.tenant_id = m.tenant_id AND f.id = m.facility_id
             LEFT JOIN provider p ON p.tenant_id = m.tenant_id AND p.id = m.provider_id
            WHERE m.tenant_id = $1 AND m.account_id = ANY($2) AND m.ended_at IS NULL
            ORDER BY m.created_at, m.id"#,
        tenant.0,
        &accounts
    )
    .fetch_all(tx.conn())
    .await
}

/// Stores a sealed secret that is not yet confirmed.
pub(super) async fn begin_second_factor(tx: &mut TenantTx, id: AccountId, sealed: &[u8]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE account SET totp_secret = $3, totp_enabled_at = NULL, totp_last_step = 0, recovery_codes = '{}'
          WHERE tenant_id = $1 AND id = $2 AND totp_enabled_at IS NULL",
        tenant.0,
        id as _,
        sealed
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn enable_second_factor(
    tx: &mut TenantTx,
    id: AccountId,
    step: i64,
    recovery: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE account SET totp_enabled_at = $3, totp_last_step = $4, recovery_codes = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        now,
        step,
        recovery
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn disable_second_factor(tx: &mut TenantTx, id: AccountId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE account SET totp_secret = NULL, totp_enabled_at = NULL, totp_last_step = 0, recovery_codes = '{}',
                version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Uses a step of the second factor up; `false` when it, or a later one, was used before.
pub(super) async fn use_step(tx: &mut TenantTx, id: AccountId, step: i64) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let used = sqlx::query!(
        "UPDATE account SET totp_last_step = $3 WHERE tenant_id = $1 AND id = $2 AND totp_last_step < $3",
        tenant.0,
        id as _,
        step
    )
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Uses a recovery code up; `false` when it is none of the account's.
pub(super) async fn use_recovery_code(tx: &mut TenantTx, id: AccountId, hash: &[u8]) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let used = sqlx::query!(
        "UPDATE account SET recovery_codes = array_remove(recovery_codes, $3)
          WHERE tenant_id = $1 AND id = $2 AND $3 = ANY(recovery_codes)",
        tenant.0,
        id as _,
        hash
    )
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}
