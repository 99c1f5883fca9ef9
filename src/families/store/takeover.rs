//! SQL of taking a family over into an account.

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, GuardianId, HouseholdId};

/// A guardian without an account.
#[derive(Debug, Clone)]
pub struct WithoutAccount {
    /// The guardian.
    pub id: GuardianId,
    /// First and last name.
    pub name: String,
    /// Language of letters.
    pub language: String,
}

pub async fn without_account(tx: &mut TenantRead, child: ChildId) -> Result<Vec<WithoutAccount>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        WithoutAccount,
        r#"SELECT g.id AS "id: GuardianId", g.first_name || ' ' || g.last_name AS "name!", g.language
             FROM custody c
             JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
            WHERE c.tenant_id = $1 AND c.child_id = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)
              AND g.account_id IS NULL
            ORDER BY c.valid_from, g.id"#,
        tenant.0,
        child as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Where a guardian without an account lives.
pub struct Before {
    pub household_id: Option<HouseholdId>,
    pub address_protected: bool,
}

/// A guardian without an account, locked.
pub async fn lock_without_account(tx: &mut TenantTx, id: GuardianId) -> Result<Option<Before>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Before,
        r#"SELECT g.household_id AS "household_id: HouseholdId", COALESCE(h.address_protected, false) AS "address_protected!"
             FROM guardian g
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
            WHERE g.tenant_id = $1 AND g.id = $2 AND g.account_id IS NULL
              FOR UPDATE OF g"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// The children of whom a guardian has custody today.
pub async fn custody_today(tx: &mut TenantRead, guardian: GuardianId) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT DISTINCT child_id AS "child_id: ChildId"
             FROM custody
            WHERE tenant_id = $1 AND guardian_id = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)
            ORDER BY 1"#,
        tenant.0,
        guardian as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// The account's address counts from now on, and its language.
pub async fn give_to_account(tx: &mut TenantTx, guardian: GuardianId, account: AccountId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE guardian g
            SET account_id = a.id, email = NULL, language = a.language, version = g.version + 1
           FROM account a
          WHERE g.tenant_id = $1 AND g.id = $2 AND a.tenant_id = g.tenant_id AND a.id = $3",
        tenant.0,
        guardian as _,
        account as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Custody of one guardian becomes the other's, with its dates; where the other one has it already it only ends.
pub async fn move_custody(tx: &mut TenantTx, from: GuardianId, to: GuardianId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from, valid_to)
         SELECT tenant_id, gen_random_uuid(), child_id, $3, valid_from, valid_to
           FROM custody
          WHERE tenant_id = $1 AND guardian_id = $2
         ON CONFLICT DO NOTHING",
        tenant.0,
        from as _,
        to as _
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM custody WHERE tenant_id = $1 AND guardian_id = $2",
        tenant.0,
        from as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The guardian, and those of the children who lived in one household, live in another one.
pub async fn live_at(
    tx: &mut TenantTx,
    guardian: GuardianId,
    children: &[ChildId],
    from: HouseholdId,
    to: HouseholdId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE guardian SET household_id = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        guardian as _,
        to as _
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE child SET household_id = $4 WHERE tenant_id = $1 AND id = ANY($2) AND household_id = $3",
        tenant.0,
        children as _,
        from as _,
        to as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
