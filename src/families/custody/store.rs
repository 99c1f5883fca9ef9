//! SQL of custody over time.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{Reason, Time};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, CustodyId, GuardianId, HouseholdId, random_uuid};

/// Whether a demand for the child was ever sent.
pub(super) async fn is_known(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM care_demand WHERE tenant_id = $1 AND child_id = $2 AND state <> 'draft') AS "any!""#,
        tenant.0,
        child as _
    )
    .fetch_one(tx.conn())
    .await
}

/// A time of custody with the guardian and the protection of its household.
pub(super) struct CustodyRow {
    pub id: CustodyId,
    pub guardian_id: GuardianId,
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub language: String,
    pub guardian_version: i32,
    pub has_account: bool,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub version: i32,
    pub household_id: Option<HouseholdId>,
    pub household_version: Option<i32>,
    pub address_protected: Option<bool>,
    pub case_worker: Option<AccountId>,
    pub case_worker_name: Option<String>,
}

/// All custody of a child, ended and to come included, in the order of time.
pub(super) async fn all(tx: &mut TenantRead, child: ChildId) -> Result<Vec<CustodyRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CustodyRow,
        r#"SELECT c.id AS "id: CustodyId", c.guardian_id AS "guardian_id: GuardianId", g.first_name || ' ' || g.last_name AS "name!",
                  g.first_name, g.last_name, g.phone, g.email, g.language, g.version AS guardian_version,
                  g.account_id IS NOT NULL AS "has_account!", c.valid_from, c.valid_to, c.version,
                  h.id AS "household_id?: HouseholdId", h.version AS "household_version?", h.address_protected AS "address_protected?",
                  h.case_worker AS "case_worker?: AccountId", COALESCE(w.display_name, w.email) AS case_worker_name
             FROM custody c
             JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
             LEFT JOIN account w ON w.tenant_id = h.tenant_id AND w.id = h.case_worker
            WHERE c.tenant_id = $1 AND c.child_id = $2
            ORDER BY c.valid_from, c.id"#,
        tenant.0,
        child as _
    )
    .fetch_all(tx.conn())
    .await
}

/// What the office did to custody.
pub(super) struct ChangeRow {
    pub at: DateTime<Utc>,
    pub guardian_id: GuardianId,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub reason: Reason,
    pub by: Option<String>,
}

pub(super) async fn changes(tx: &mut TenantRead, child: ChildId) -> Result<Vec<ChangeRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ChangeRow,
        r#"SELECT c.at, c.guardian_id AS "guardian_id: GuardianId", c.valid_from, c.valid_to, c.reason AS "reason: Reason",
                  COALESCE(a.display_name, a.email) AS by
             FROM custody_change c
             LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.changed_by
            WHERE c.tenant_id = $1 AND c.child_id = $2
            ORDER BY c.at DESC, c.id
            LIMIT 200"#,
        tenant.0,
        child as _
    )
    .fetch_all(tx.conn())
    .await
}

/// The child and the version of a time of custody.
pub(super) async fn of(tx: &mut TenantRead, id: CustodyId) -> Result<Option<(ChildId, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT child_id AS "child_id: ChildId", version FROM custody WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.child_id, row.version)))
}

/// A parent's account behind a confirmed address.
pub(super) struct Behind {
    pub account_id: AccountId,
    pub guardian_id: Option<GuardianId>,
    pub last_name: Option<String>,
}

pub(super) async fn behind(tx: &mut TenantRead, email: &str) -> Result<Option<Behind>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Behind,
        r#"SELECT a.id AS "account_id: AccountId", g.id AS "guardian_id?: GuardianId", g.last_name AS "last_name?"
             FROM account a
             LEFT JOIN guardian g ON g.tenant_id = a.tenant_id AND g.account_id = a.id
            WHERE a.tenant_id = $1 AND a.email = $2 AND a.kind = 'parent' AND a.state = 'active' AND a.email_confirmed_at IS NOT NULL"#,
        tenant.0,
        email
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes custody. `None`: the guardian has it in that time already.
pub(super) async fn insert(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
) -> Result<Option<CustodyId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from, valid_to)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT DO NOTHING
           RETURNING id AS "id: CustodyId""#,
        tenant.0,
        CustodyId::new() as _,
        child as _,
        guardian as _,
        valid_from,
        valid_to
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn update(
    tx: &mut TenantTx,
    id: CustodyId,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
) -> Result<GuardianId, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"UPDATE custody SET valid_from = $3, valid_to = $4, version = version + 1
            WHERE tenant_id = $1 AND id = $2
            RETURNING guardian_id AS "guardian_id: GuardianId""#,
        tenant.0,
        id as _,
        valid_from,
        valid_to
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether anybody has custody of a child on a day.
pub(super) async fn somebody_on(tx: &mut TenantRead, child: ChildId, day: NaiveDate) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM custody
                           WHERE tenant_id = $1 AND child_id = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)) AS "any!""#,
        tenant.0,
        child as _,
        day
    )
    .fetch_one(tx.conn())
    .await
}

/// Takes back what waits to be sent or printed about the child for who has no custody of it any more.
pub(super) async fn withdraw_messages(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM notification n
          USING care_demand d
          WHERE n.tenant_id = $1 AND d.tenant_id = n.tenant_id AND d.id = n.demand_id AND d.child_id = $2 AND n.guardian_id = $3
            AND n.state IN ('queued', 'dead', 'to_print')",
        tenant.0,
        child as _,
        guardian as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A child that lives where a guardian without custody lives moves to another one who has it today.
pub(super) async fn move_child(tx: &mut TenantTx, child: ChildId, former: GuardianId) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "UPDATE child ch
            SET household_id = (SELECT g.household_id
                                  FROM custody c
                                  JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                                 WHERE c.tenant_id = $1 AND c.child_id = $2
                                   AND c.valid_from <= $4 AND (c.valid_to IS NULL OR c.valid_to > $4)
                                 ORDER BY g.household_id IS NULL, c.valid_from, g.id
                                 LIMIT 1)
          WHERE ch.tenant_id = $1 AND ch.id = $2
            AND ch.household_id = (SELECT household_id FROM guardian WHERE tenant_id = $1 AND id = $3)
            AND NOT EXISTS (SELECT 1
                              FROM custody c
                              JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                             WHERE c.tenant_id = $1 AND c.child_id = $2 AND g.household_id = ch.household_id
                               AND c.valid_from <= $4 AND (c.valid_to IS NULL OR c.valid_to > $4))",
        tenant.0,
        child as _,
        former as _,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Notes what was done, with its ground.
pub(super) async fn note(
    tx: &mut TenantTx,
    child: ChildId,
    guardian: GuardianId,
    (valid_from, valid_to): Time,
    reason: Reason,
) -> Result<(), sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id));
    sqlx::query!(
        "INSERT INTO custody_change (tenant_id, id, child_id, guardian_id, valid_from, valid_to, reason, changed_by, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        random_uuid(),
        child as _,
        guardian as _,
        valid_from,
        valid_to,
        reason.as_str(),
        by as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
