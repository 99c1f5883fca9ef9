//! Signatures, and the codes with which guardians give them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::contracts::model::{Side, Way};
use crate::platform::ids::{AccountId, AmendmentId, ContractId, GuardianId, random_uuid};

/// A signature.
#[derive(Debug, Clone)]
pub struct SignatureRow {
    pub side: Side,
    pub guardian_id: Option<GuardianId>,
    pub name: String,
    pub way: Way,
    pub signed_on: NaiveDate,
}

/// The signatures in order: of the contract itself, or of a change of it.
pub async fn signatures(
    tx: &mut TenantRead,
    id: ContractId,
    amendment: Option<AmendmentId>,
) -> Result<Vec<SignatureRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        SignatureRow,
        r#"SELECT side AS "side: Side", guardian_id AS "guardian_id: GuardianId", name, way AS "way: Way", signed_on
             FROM contract_signature
            WHERE tenant_id = $1 AND contract_id = $2 AND amendment_id IS NOT DISTINCT FROM $3
            ORDER BY at, name, id"#,
        tenant.0,
        id.0,
        amendment.map(|a| a.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// Adds a signature; `false`: this person has signed already.
pub async fn add_signature(
    tx: &mut TenantTx,
    id: ContractId,
    amendment: Option<AmendmentId>,
    new: &SignatureRow,
) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let account = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO contract_signature (tenant_id, id, contract_id, side, guardian_id, name, way, signed_on, account_id, at,
                                         amendment_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT DO NOTHING",
        tenant.0,
        random_uuid(),
        id.0,
        new.side as _,
        new.guardian_id.map(|g| g.0),
        new.name,
        new.way as _,
        new.signed_on,
        account,
        now,
        amendment.map(|a| a.0)
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

/// A code as it is kept.
pub struct Code {
    pub contract: ContractId,
    pub account: AccountId,
    pub hash: Vec<u8>,
    pub expires_at: DateTime<Utc>,
}

/// Codes of a person for a contract hold no longer.
pub async fn void_codes(tx: &mut TenantTx, id: ContractId, account: AccountId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE contract_code SET expires_at = $4
          WHERE tenant_id = $1 AND contract_id = $2 AND account_id = $3 AND expires_at > $4",
        tenant.0,
        id.0,
        account.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Keeps a code in place of those before.
pub async fn add_code(tx: &mut TenantTx, code: &Code) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    void_codes(tx, code.contract, code.account).await?;
    sqlx::query!(
        "INSERT INTO contract_code (tenant_id, id, contract_id, account_id, code_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        random_uuid(),
        code.contract.0,
        code.account.0,
        code.hash,
        now,
        code.expires_at
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// How many codes an account asked for since then.
pub async fn codes_since(tx: &mut TenantTx, account: AccountId, since: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM contract_code WHERE tenant_id = $1 AND account_id = $2 AND created_at > $3"#,
        tenant.0,
        account.0,
        since
    )
    .fetch_one(tx.conn())
    .await
}

/// Counts a try on the codes that hold, and answers how many there were; `None`: no code holds.
pub async fn tries_of_code(tx: &mut TenantTx, id: ContractId, account: AccountId) -> Result<Option<i32>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let tried = sqlx::query_scalar!(
        "UPDATE contract_code SET tries = tries + 1
          WHERE tenant_id = $1 AND contract_id = $2 AND account_id = $3 AND expires_at > $4
          RETURNING tries",
        tenant.0,
        id.0,
        account.0,
        now
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(tried.into_iter().max())
}

/// Whether a code that holds has this hash.
pub async fn fitting_code(
    tx: &mut TenantTx,
    id: ContractId,
    account: AccountId,
    hash: &[u8],
) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
             SELECT 1 FROM contract_code
              WHERE tenant_id = $1 AND contract_id = $2 AND account_id = $3 AND expires_at > $4 AND code_hash = $5) AS "fits!""#,
        tenant.0,
        id.0,
        account.0,
        now,
        hash
    )
    .fetch_one(tx.conn())
    .await
}

/// Throws the codes of a person for a contract away: one was used.
pub async fn drop_codes(tx: &mut TenantTx, id: ContractId, account: AccountId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM contract_code WHERE tenant_id = $1 AND contract_id = $2 AND account_id = $3",
        tenant.0,
        id.0,
        account.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Throws codes away that were asked for before then.
pub async fn old_codes_gone(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM contract_code WHERE tenant_id = $1 AND created_at < $2",
        tenant.0,
        before
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
