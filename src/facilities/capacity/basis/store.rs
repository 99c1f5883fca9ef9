//! SQL that writes what places rest on, and of staffing keys.

use uuid::Uuid;

use super::StaffingKey;
use super::model::{Basis, Closure, Contingent, Group, Permit, Staff};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::capacity::staffing::{NewStaffingKey, StaffingRule};
use crate::platform::ids::{FacilityId, GroupId, StaffingKeyId, random_uuid};

/// The version of what a facility's places rest on; 0 while it said nothing.
pub(super) async fn version(tx: &mut TenantRead, facility: FacilityId) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_scalar!(
        "SELECT version FROM capacity_basis WHERE tenant_id = $1 AND facility_id = $2",
        tenant.0,
        facility.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.unwrap_or(0))
}

/// A childminder's substitute, with its name.
pub(super) async fn substitute(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Option<(FacilityId, String)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT f.id AS "id: FacilityId", f.name
             FROM capacity_basis b
             JOIN facility f ON f.tenant_id = b.tenant_id AND f.id = b.substitute_id
            WHERE b.tenant_id = $1 AND b.facility_id = $2"#,
        tenant.0,
        facility.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| (r.id, r.name)))
}

pub(super) async fn group_ids(tx: &mut TenantTx, facility: FacilityId) -> Result<Vec<GroupId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: GroupId" FROM care_group WHERE tenant_id = $1 AND facility_id = $2 ORDER BY id"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn any_placed(tx: &mut TenantTx, groups: &[GroupId]) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = groups.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM group_placement WHERE tenant_id = $1 AND group_id = ANY($2)) AS "placed!""#,
        tenant.0,
        &ids
    )
    .fetch_one(tx.conn())
    .await
}

/// Takes away all rows but the groups, and those groups that are gone.
pub(super) async fn clear(tx: &mut TenantTx, facility: FacilityId, gone: &[GroupId]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = gone.iter().map(|id| id.0).collect();
    sqlx::query!(
        "DELETE FROM operating_permit WHERE tenant_id = $1 AND facility_id = $2",
        tenant.0,
        facility.0
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM qualified_staff WHERE tenant_id = $1 AND facility_id = $2",
        tenant.0,
        facility.0
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM capacity_closure WHERE tenant_id = $1 AND facility_id = $2",
        tenant.0,
        facility.0
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM reserved_contingent WHERE tenant_id = $1 AND facility_id = $2",
        tenant.0,
        facility.0
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM care_group WHERE tenant_id = $1 AND id = ANY($2)",
        tenant.0,
        &ids
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes all rows and moves the version on.
pub(super) async fn replace(tx: &mut TenantTx, facility: FacilityId, new: &Basis) -> Result<(), sqlx::Error> {
    for permit in &new.permits {
        insert_permit(tx, facility, permit).await?;
    }
    for group in &new.groups {
        let id = put_group(tx, facility, group).await?;
        for staff in &group.staff {
            insert_staff(tx, facility, Some(id), staff).await?;
        }
        for closure in &group.closures {
            insert_closure(tx, facility, Some(id), closure).await?;
        }
    }
    for staff in &new.staff {
        insert_staff(tx, facility, None, staff).await?;
    }
    for closure in &new.closures {
        insert_closure(tx, facility, None, closure).await?;
    }
    for contingent in &new.contingents {
        insert_contingent(tx, facility, contingent).await?;
    }
    put_version(tx, facility, new.substitute_id).await
}

async fn put_version(
    tx: &mut TenantTx,
    facility: FacilityId,
    substitute: Option<FacilityId>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO capacity_basis (tenant_id, facility_id, substitute_id)
         VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, facility_id) DO UPDATE
            SET substitute_id = EXCLUDED.substitute_id, version = capacity_basis.version + 1",
        tenant.0,
        facility.0,
        substitute.map(|s| s.0)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn insert_permit(tx: &mut TenantTx, facility: FacilityId, permit: &Permit) -> Result<(), sqlx::Error> {
    let (tenant, id) = (tx.tenant_id(), random_uuid());
    sqlx::query!(
        "INSERT INTO operating_permit (tenant_id, id, facility_id, reference, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.0,
        id,
        facility.0,
        permit.reference,
        permit.valid_from,
        permit.valid_to
    )
    .execute(tx.conn())
    .await?;
    for line in &permit.places {
        sqlx::query!(
            "INSERT INTO permit_places (tenant_id, permit_id, care_type, age_band, places) VALUES ($1, $2, $3, $4, $5)",
            tenant.0,
            id,
            line.care_type as _,
            line.age_band as _,
            line.places
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

async fn put_group(tx: &mut TenantTx, facility: FacilityId, group: &Group) -> Result<GroupId, sqlx::Error> {
    let (tenant, id) = (tx.tenant_id(), group.id.unwrap_or_else(GroupId::new));
    sqlx::query!(
        "INSERT INTO care_group (tenant_id, id, facility_id, name, age_from_months, age_to_months, under3, over3, school_age, opens_at,
                                 closes_at, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (tenant_id, id) DO UPDATE
            SET name = EXCLUDED.name, age_from_months = EXCLUDED.age_from_months, age_to_months = EXCLUDED.age_to_months,
                under3 = EXCLUDED.under3, over3 = EXCLUDED.over3, school_age = EXCLUDED.school_age, opens_at = EXCLUDED.opens_at,
                closes_at = EXCLUDED.closes_at, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to",
        tenant.0,
        id.0,
        facility.0,
        group.name,
        group.age_from_months,
        group.age_to_months,
        group.under3,
        group.over3,
        group.school_age,
        group.opens_at,
        group.closes_at,
        group.valid_from,
        group.valid_to
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

async fn insert_staff(
    tx: &mut TenantTx,
    facility: FacilityId,
    group: Option<GroupId>,
    staff: &Staff,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO qualified_staff (tenant_id, id, facility_id, group_id, weekly_minutes, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        random_uuid(),
        facility.0,
        group.map(|g| g.0),
        staff.weekly_minutes,
        staff.valid_from,
        staff.valid_to
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn insert_closure(
    tx: &mut TenantTx,
    facility: FacilityId,
    group: Option<GroupId>,
    closure: &Closure,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO capacity_closure (tenant_id, id, facility_id, group_id, reason, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        random_uuid(),
        facility.0,
        group.map(|g| g.0),
        closure.reason,
        closure.valid_from,
        closure.valid_to
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn insert_contingent(
    tx: &mut TenantTx,
    facility: FacilityId,
    contingent: &Contingent,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO reserved_contingent (tenant_id, id, facility_id, age_band, places, purpose, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant.0,
        random_uuid(),
        facility.0,
        contingent.age_band as _,
        contingent.places,
        contingent.purpose,
        contingent.valid_from,
        contingent.valid_to
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The tenant's own staffing keys.
pub(super) async fn own_keys(tx: &mut TenantRead) -> Result<Vec<StaffingKey>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: StaffingKeyId", name, valid_from, rule AS "rule: sqlx::types::Json<StaffingRule>"
             FROM staffing_key
            WHERE tenant_id = $1
            ORDER BY valid_from"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| StaffingKey {
            id: Some(r.id),
            key: NewStaffingKey {
                name: r.name,
                valid_from: r.valid_from,
                rule: r.rule.0,
            },
        })
        .collect())
}

/// Adds a key; `false` when another begins on the same day.
pub(super) async fn insert_key(
    tx: &mut TenantTx,
    id: StaffingKeyId,
    new: &NewStaffingKey,
) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO staffing_key (tenant_id, id, name, valid_from, rule, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, valid_from) DO NOTHING",
        tenant.0,
        id.0,
        new.name,
        new.valid_from,
        sqlx::types::Json(&new.rule) as _,
        by,
        now
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

/// Facilities that entered staff, in the order of their ids.
pub(super) async fn with_staff(tx: &mut TenantTx) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT facility_id AS "facility_id: FacilityId" FROM qualified_staff WHERE tenant_id = $1 ORDER BY 1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}
