//! Children, custody and siblings. Custody of the day decides who sees a child: without it a child is missing.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::families::model::{ChildFacts, NewChild, Restriction, Sex};
use crate::platform::ids::{AccountId, ChildId, DemandId, GuardianId, HouseholdId, random_uuid};

/// A child as its guardians see it.
#[derive(Debug, Clone)]
pub struct ChildRow {
    pub id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub sex: Option<Sex>,
    pub birth_date: Option<NaiveDate>,
    pub expected_birth_date: Option<NaiveDate>,
    pub version: i32,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub demand_id: Option<DemandId>,
    /// Whether that demand is one that an offer has covered.
    pub covered: bool,
    pub place_facility: Option<String>,
    pub place_from: Option<NaiveDate>,
    pub place_until: Option<NaiveDate>,
    /// First day of school, where it was decided.
    pub school_entry_on: Option<NaiveDate>,
}

/// The children of whom this account has custody today, or the one of them.
pub async fn children_of(
    tx: &mut TenantRead,
    account: AccountId,
    only: Option<ChildId>,
) -> Result<Vec<ChildRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        ChildRow,
        r#"SELECT ch.id AS "id: ChildId", ch.first_name, ch.last_name, ch.sex AS "sex: Sex", ch.birth_date, ch.expected_birth_date,
                  ch.version, cu.valid_from, cu.valid_to, d.id AS "demand_id?: DemandId", COALESCE(d.state = 'covered', false) AS "covered!",
                  k.name AS "place_facility?", k.care_from AS "place_from?", k.care_until AS "place_until?",
                  (SELECT s.entry_on FROM app.decided_entries(ch.tenant_id) s WHERE s.child_id = ch.id) AS school_entry_on
             FROM guardian g
             JOIN custody cu ON cu.tenant_id = g.tenant_id AND cu.guardian_id = g.id
             JOIN child ch ON ch.tenant_id = cu.tenant_id AND ch.id = cu.child_id
             -- Demands and contracts stand below this slice; a child with a place may have a demand for another one beside the covered one.
             LEFT JOIN LATERAL (
               SELECT x.id, x.state
                 FROM care_demand x
                WHERE x.tenant_id = ch.tenant_id AND x.child_id = ch.id
                  AND x.state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered')
                ORDER BY x.state = 'covered', x.created_at DESC
                LIMIT 1) d ON true
             LEFT JOIN LATERAL (
               SELECT f.name, x.care_from, x.care_until
                 FROM care_contract x
                 JOIN facility f ON f.tenant_id = x.tenant_id AND f.id = x.facility_id
                WHERE x.tenant_id = ch.tenant_id AND x.child_id = ch.id AND x.state <> 'terminated' AND x.care_until > $3
                ORDER BY x.care_from
                LIMIT 1) k ON true
            WHERE g.tenant_id = $1 AND (g.account_id = $2 OR g.id = $2) AND cu.valid_from <= $3 AND (cu.valid_to IS NULL OR cu.valid_to > $3)
              AND ($4::uuid IS NULL OR ch.id = $4)
            ORDER BY COALESCE(ch.birth_date, ch.expected_birth_date), ch.id"#,
        tenant.0,
        account as _,
        today,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}

pub async fn lock_child(tx: &mut TenantTx, id: ChildId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id FROM child WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

pub async fn child_facts(tx: &mut TenantRead, id: ChildId) -> Result<Option<ChildFacts>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ChildFacts,
        r#"SELECT id AS "id: ChildId", first_name, last_name, birth_date, expected_birth_date
             FROM child
            WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

pub async fn insert_child(
    tx: &mut TenantTx,
    household: Option<HouseholdId>,
    new: &NewChild,
) -> Result<ChildId, sqlx::Error> {
    let (tenant, now, id) = (tx.tenant_id(), tx.now(), ChildId::new());
    sqlx::query!(
        "INSERT INTO child (tenant_id, id, household_id, first_name, last_name, sex, birth_date, expected_birth_date, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        id as _,
        household as _,
        new.first_name,
        new.last_name,
        new.sex as _,
        new.birth_date,
        new.expected_birth_date,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// Writes what is known of a child; of a birth that moved, what was known before.
pub async fn update_child(tx: &mut TenantTx, id: ChildId, new: &NewChild) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE child
            SET first_name = $3, last_name = $4, sex = $5, birth_date = $6::date, expected_birth_date = $7::date, version = version + 1,
                former_birth = CASE WHEN COALESCE($6::date, $7::date) IS DISTINCT FROM COALESCE(birth_date, expected_birth_date)
                                    THEN COALESCE(birth_date, expected_birth_date) ELSE former_birth END
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        new.first_name,
        new.last_name,
        new.sex as _,
        new.birth_date,
        new.expected_birth_date
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub async fn has_any_demand(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM care_demand WHERE tenant_id = $1 AND child_id = $2) AS "any!""#,
        tenant.0,
        child as _
    )
    .fetch_one(tx.conn())
    .await
}

pub async fn delete_child(tx: &mut TenantTx, id: ChildId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!("DELETE FROM child WHERE tenant_id = $1 AND id = $2", tenant.0, id as _)
        .execute(tx.conn())
        .await
        .map(|_| ())
}

/// Writes custody, unless the guardian has it in that time already.
pub async fn insert_custody(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
        tenant.0,
        random_uuid(),
        child as _,
        guardian as _,
        valid_from,
        valid_to
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Ends custody: `first_day_without` is the first day on which it no longer holds. Custody that would begin later never begins.
pub async fn end_custody(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    first_day_without: NaiveDate,
) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let removed = sqlx::query!(
        "DELETE FROM custody WHERE tenant_id = $1 AND child_id = $2 AND guardian_id = $3 AND valid_from >= $4",
        tenant.0,
        child as _,
        guardian as _,
        first_day_without
    )
    .execute(tx.conn())
    .await?;
    let ended = sqlx::query!(
        "UPDATE custody SET valid_to = $4
          WHERE tenant_id = $1 AND child_id = $2 AND guardian_id = $3 AND valid_from < $4 AND (valid_to IS NULL OR valid_to > $4)",
        tenant.0,
        child as _,
        guardian as _,
        first_day_without
    )
    .execute(tx.conn())
    .await?;
    Ok(removed.rows_affected() + ended.rows_affected())
}

/// Puts the guardian's children that live nowhere yet into a household.
pub async fn house_children(
    tx: &mut TenantTx,
    guardian: GuardianId,
    household: HouseholdId,
) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"UPDATE child SET household_id = $3
            WHERE tenant_id = $1 AND household_id IS NULL
              AND id IN (SELECT child_id FROM custody
                          WHERE tenant_id = $1 AND guardian_id = $2 AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4))
            RETURNING id AS "id: ChildId""#,
        tenant.0,
        guardian as _,
        household as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Links a child with the other children of its household. Answers those that it was not linked with before.
pub async fn link_siblings(tx: &mut TenantTx, child: ChildId) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO sibling_link (tenant_id, child_id, sibling_id)
         SELECT me.tenant_id, LEAST(me.id, other.id), GREATEST(me.id, other.id)
           FROM child me
           JOIN child other ON other.tenant_id = me.tenant_id AND other.household_id = me.household_id AND other.id <> me.id
          WHERE me.tenant_id = $1 AND me.id = $2
         ON CONFLICT DO NOTHING",
        tenant.0,
        child as _
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}

pub async fn has_custody(tx: &mut TenantRead, account: AccountId, child: ChildId) -> Result<bool, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT 1
                 FROM guardian g
                 JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
                WHERE g.tenant_id = $1 AND (g.account_id = $2 OR g.id = $2) AND c.child_id = $3
                  AND c.valid_from <= $4 AND (c.valid_to IS NULL OR c.valid_to > $4)) AS "has!""#,
        tenant.0,
        account as _,
        child as _,
        today
    )
    .fetch_one(tx.conn())
    .await
}

/// The version of a child, and on which ground its data are restricted.
pub async fn restriction(tx: &mut TenantRead, id: ChildId) -> Result<Option<(i32, Option<Restriction>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT version, restricted_reason AS "ground: Restriction" FROM child WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.version, row.ground)))
}

pub async fn has_open_demand(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM care_demand
                           WHERE tenant_id = $1 AND child_id = $2
                             AND state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')) AS "any!""#,
        tenant.0,
        child as _
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether a contract for the child's care is being made or runs. Contracts stand above this slice; their rows are read as data.
pub async fn has_running_contract(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM care_contract
                           WHERE tenant_id = $1 AND child_id = $2 AND state NOT IN ('ended', 'terminated')) AS "any!""#,
        tenant.0,
        child as _
    )
    .fetch_one(tx.conn())
    .await
}

pub async fn set_restriction(tx: &mut TenantTx, id: ChildId, ground: Option<Restriction>) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE child
            SET restricted_reason = $3, restricted_at = CASE WHEN $3::text IS NULL THEN NULL ELSE $4::timestamptz END, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        ground.map(Restriction::as_str),
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Whether anybody who has custody of the child today has an account.
pub async fn has_account(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT app.has_account($1, $2, $3) AS "any!""#,
        tenant.0,
        child as _,
        today
    )
    .fetch_one(tx.conn())
    .await
}
