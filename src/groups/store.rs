//! SQL of this slice.

use chrono::NaiveDate;

use super::model::{ChildRow, NewPlacement};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, FacilityId, GroupId, random_uuid};
use crate::platform::week::WeekTimes;

/// Children with a contract at a facility on a day, also those who have left since, the youngest first, with the group of the day.
pub(super) async fn children(
    tx: &mut TenantRead,
    facility: FacilityId,
    day: NaiveDate,
) -> Result<Vec<ChildRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ChildRow,
        r#"SELECT k.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  COALESCE(c.birth_date, c.expected_birth_date, k.care_from) AS "birth!", t.hours_per_week AS "hours_per_week!",
                  t.window_from, t.window_to, t.week AS "week: WeekTimes", k.care_until, p.group_id AS "group_id?: GroupId", p.valid_from AS "in_group_since?"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
            CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, $3) t
             LEFT JOIN group_placement p ON p.tenant_id = k.tenant_id AND p.facility_id = k.facility_id AND p.child_id = k.child_id
                                        AND p.valid_from <= $3 AND (p.valid_to IS NULL OR p.valid_to >= $3)
            WHERE k.tenant_id = $1 AND k.facility_id = $2 AND (k.state <> 'terminated' OR k.began_on IS NOT NULL)
              AND k.care_from <= $3 AND k.care_until > $3 AND c.restricted_at IS NULL
            ORDER BY 4 DESC, c.first_name, k.child_id"#,
        tenant.0,
        facility.0,
        day
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes the contract by which a child is here on a day or later; `false` when there is none.
pub(super) async fn lock_contract(
    tx: &mut TenantTx,
    facility: FacilityId,
    child: ChildId,
    day: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id
           FROM care_contract
          WHERE tenant_id = $1 AND facility_id = $2 AND child_id = $3 AND state <> 'terminated' AND care_until > $4
          ORDER BY id
            FOR NO KEY UPDATE",
        tenant.0,
        facility.0,
        child.0,
        day
    )
    .fetch_all(tx.conn())
    .await
    .map(|rows| !rows.is_empty())
}

pub(super) async fn group_is_here(
    tx: &mut TenantTx,
    facility: FacilityId,
    group: GroupId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM care_group WHERE tenant_id = $1 AND facility_id = $2 AND id = $3) AS "here!""#,
        tenant.0,
        facility.0,
        group.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Ends what holds on a day with the day before, and takes away what would begin on it or later.
pub(super) async fn end_placements(
    tx: &mut TenantTx,
    facility: FacilityId,
    child: ChildId,
    day: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM group_placement
          WHERE tenant_id = $1 AND facility_id = $2 AND child_id = $3 AND valid_from >= $4",
        tenant.0,
        facility.0,
        child.0,
        day
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE group_placement
            SET valid_to = $4::date - 1
          WHERE tenant_id = $1 AND facility_id = $2 AND child_id = $3 AND (valid_to IS NULL OR valid_to >= $4)",
        tenant.0,
        facility.0,
        child.0,
        day
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn insert_placement(
    tx: &mut TenantTx,
    facility: FacilityId,
    group: GroupId,
    new: &NewPlacement,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO group_placement (tenant_id, id, facility_id, group_id, child_id, valid_from, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant.0,
        random_uuid(),
        facility.0,
        group.0,
        new.child_id.0,
        new.valid_from,
        by,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
