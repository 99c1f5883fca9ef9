//! SQL of the second factor.

use crate::access::TenantTx;
use crate::platform::ids::AccountId;

/// Stores a sealed secret that is not yet confirmed.
pub(in crate::identity) async fn begin_second_factor(
    tx: &mut TenantTx,
    id: AccountId,
    sealed: &[u8],
) -> Result<(), sqlx::Error> {
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

pub(in crate::identity) async fn enable_second_factor(
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

pub(in crate::identity) async fn disable_second_factor(tx: &mut TenantTx, id: AccountId) -> Result<(), sqlx::Error> {
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
pub(in crate::identity) async fn use_step(tx: &mut TenantTx, id: AccountId, step: i64) -> Result<bool, sqlx::Error> {
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
pub(in crate::identity) async fn use_recovery_code(
    tx: &mut TenantTx,
    id: AccountId,
    hash: &[u8],
) -> Result<bool, sqlx::Error> {
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
