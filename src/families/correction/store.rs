//! SQL of corrections.

use crate::access::{TenantRead, TenantTx};
use crate::families::model::{NewChild, Sex};
use crate::platform::ids::{AccountId, ChildId, GuardianId, HouseholdId};

/// A guardian or household before a correction.
pub(super) struct Before {
    pub version: i32,
    pub has_account: bool,
}

pub(super) async fn guardian_for_update(tx: &mut TenantTx, id: GuardianId) -> Result<Option<Before>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Before,
        r#"SELECT version, account_id IS NOT NULL AS "has_account!" FROM guardian WHERE tenant_id = $1 AND id = $2 FOR UPDATE"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn children_of_guardian(tx: &mut TenantRead, id: GuardianId) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT child_id AS "child_id: ChildId" FROM custody
            WHERE tenant_id = $1 AND guardian_id = $2 AND (valid_to IS NULL OR valid_to > $3)"#,
        tenant.0,
        id as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Where mail goes, and in which language.
pub(super) async fn set_contact(
    tx: &mut TenantTx,
    id: GuardianId,
    email: Option<&str>,
    language: &str,
) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "UPDATE guardian SET email = $3, language = $4 WHERE tenant_id = $1 AND id = $2 RETURNING version",
        tenant.0,
        id as _,
        email,
        language
    )
    .fetch_one(tx.conn())
    .await
}

/// A child with its version.
pub(super) async fn child(tx: &mut TenantRead, id: ChildId) -> Result<Option<(NewChild, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT first_name, last_name, sex AS "sex: Sex", birth_date, expected_birth_date, version
             FROM child
            WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| {
        let child = NewChild {
            first_name: row.first_name,
            last_name: row.last_name,
            sex: row.sex,
            birth_date: row.birth_date,
            expected_birth_date: row.expected_birth_date,
        };
        (child, row.version)
    }))
}

/// A household before a correction.
pub(super) struct Household {
    pub version: i32,
    pub address_protected: bool,
    pub case_worker: Option<AccountId>,
    pub has_account: bool,
}

pub(super) async fn household_for_update(tx: &mut TenantTx, id: HouseholdId) -> Result<Option<Household>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Household,
        r#"SELECT h.version, h.address_protected, h.case_worker AS "case_worker: AccountId",
                  EXISTS (SELECT 1 FROM guardian g
                           WHERE g.tenant_id = h.tenant_id AND g.household_id = h.id AND g.account_id IS NOT NULL) AS "has_account!"
             FROM household h
            WHERE h.tenant_id = $1 AND h.id = $2
              FOR UPDATE"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn children_of_household(tx: &mut TenantRead, id: HouseholdId) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT DISTINCT c.child_id AS "child_id: ChildId"
             FROM guardian g
             JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
            WHERE g.tenant_id = $1 AND g.household_id = $2 AND (c.valid_to IS NULL OR c.valid_to > $3)"#,
        tenant.0,
        id as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}
