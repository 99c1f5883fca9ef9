//! SQL of protected addresses.

use super::model::ProtectedAddress;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, HouseholdId};

/// A protected household without its address.
pub(super) struct Protected {
    pub version: i32,
    pub case_worker: Option<AccountId>,
}

/// A protected household of a family that the office knows.
pub(super) async fn protected_for_update(tx: &mut TenantTx, id: HouseholdId) -> Result<Option<Protected>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Protected,
        r#"SELECT h.version, h.case_worker AS "case_worker: AccountId"
             FROM household h
            WHERE h.tenant_id = $1 AND h.id = $2 AND h.address_protected
              AND EXISTS (SELECT 1
                            FROM guardian g
                            JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
                            JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.child_id = c.child_id AND d.state <> 'draft'
                           WHERE g.tenant_id = h.tenant_id AND g.household_id = h.id)
              FOR UPDATE OF h"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// The children of whom somebody of the household has custody today.
pub(super) async fn children(tx: &mut TenantRead, id: HouseholdId) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT DISTINCT c.child_id AS "child_id: ChildId"
             FROM guardian g
             JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
            WHERE g.tenant_id = $1 AND g.household_id = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)"#,
        tenant.0,
        id as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Whether an account is of a clerk or an administrator now.
pub(super) async fn is_office(tx: &mut TenantRead, account: AccountId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1
                            FROM membership m
                            JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id
                           WHERE m.tenant_id = $1 AND m.account_id = $2 AND m.ended_at IS NULL AND a.state = 'active'
                             AND m.role IN ('clerk', 'tenant_admin')) AS "any!""#,
        tenant.0,
        account as _
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn set_case_worker(
    tx: &mut TenantTx,
    id: HouseholdId,
    worker: Option<AccountId>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE household
            SET case_worker = $3, case_worker_since = CASE WHEN $3::uuid IS NULL THEN NULL ELSE $4::timestamptz END, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        worker as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Who works on the case, for people, and the version.
pub(super) async fn case(tx: &mut TenantRead, id: HouseholdId) -> Result<(Option<String>, i32), sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT COALESCE(w.display_name, w.email) AS name, h.version
             FROM household h
             LEFT JOIN account w ON w.tenant_id = h.tenant_id AND w.id = h.case_worker
            WHERE h.tenant_id = $1 AND h.id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.name, row.version))
}

/// The one query that hands a protected address out.
pub(super) async fn address(tx: &mut TenantRead, id: HouseholdId) -> Result<Option<ProtectedAddress>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ProtectedAddress,
        "SELECT street, house_number, postal_code, city FROM household WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}
