//! SQL of this slice: who was where on the key date.

use chrono::NaiveDate;

use super::model::{ChildRow, FacilityRow, GroupRow, StaffRow};
use crate::access::TenantRead;
use crate::facilities::FacilityKind;
use crate::platform::ids::{ChildId, FacilityId, GroupId};
use crate::platform::week::WeekTimes;

/// Open facilities and childminders by name, or the one of them.
pub(super) async fn facilities(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<FacilityRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FacilityRow,
        r#"SELECT f.id AS "id: FacilityId", f.name, f.kind AS "kind: FacilityKind", p.kind AS "provider_kind?",
                  p.name AS "provider_name?",
                  COALESCE((SELECT sum(s.places)
                              FROM operating_permit o
                              JOIN permit_places s ON s.tenant_id = o.tenant_id AND s.permit_id = o.id
                             WHERE o.tenant_id = f.tenant_id AND o.facility_id = f.id AND o.valid_from <= $2
                               AND (o.valid_to IS NULL OR o.valid_to >= $2)),
                           (SELECT l.places
                              FROM childminder_licence l
                             WHERE l.tenant_id = f.tenant_id AND l.facility_id = f.id AND l.valid_from <= $2
                               AND l.valid_to >= $2)) AS licensed,
                  f.opens_at, f.closes_at
             FROM facility f
             LEFT JOIN provider p ON p.tenant_id = f.tenant_id AND p.id = f.provider_id
            WHERE f.tenant_id = $1 AND f.state = 'open' AND ($3::uuid IS NULL OR f.id = $3)
            ORDER BY f.name, f.id"#,
        tenant.0,
        on,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Groups that are open on the day.
pub(super) async fn groups(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<GroupRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        GroupRow,
        r#"SELECT facility_id AS "facility_id: FacilityId", id AS "id: GroupId", name, under3, over3, school_age
             FROM care_group
            WHERE tenant_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
              AND ($3::uuid IS NULL OR facility_id = $3)
            ORDER BY facility_id, name, id"#,
        tenant.0,
        on,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Hours of staff that hold on the day.
pub(super) async fn staff(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<StaffRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        StaffRow,
        r#"SELECT q.facility_id AS "facility_id: FacilityId", g.name AS "group_name?", sum(q.weekly_minutes) AS "weekly_minutes!"
             FROM qualified_staff q
             LEFT JOIN care_group g ON g.tenant_id = q.tenant_id AND g.id = q.group_id
            WHERE q.tenant_id = $1 AND q.valid_from <= $2 AND (q.valid_to IS NULL OR q.valid_to >= $2)
              AND ($3::uuid IS NULL OR q.facility_id = $3)
            GROUP BY q.facility_id, g.id, g.name
            ORDER BY q.facility_id, g.name NULLS FIRST"#,
        tenant.0,
        on,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Children who have a place on the day, by the terms that hold on it: who begins on it is there, whose last day was the day before is not. A contract that was taken
/// back before care began is none.
pub(super) async fn children(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<ChildRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ChildRow,
        r#"SELECT k.facility_id AS "facility_id: FacilityId", c.id AS "child_id: ChildId", c.first_name, c.last_name, c.sex, c.birth_date,
                  k.care_from, t.hours_per_week AS "hours_per_week!", t.window_from, t.window_to,
                  t.week AS "week: WeekTimes", g.name AS "group_name?",
                  c.restricted_at IS NOT NULL AS "restricted!"
             FROM care_contract k
            CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, $2) t
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             LEFT JOIN LATERAL (
               SELECT x.name
                 FROM group_placement p
                 JOIN care_group x ON x.tenant_id = p.tenant_id AND x.id = p.group_id
                WHERE p.tenant_id = k.tenant_id AND p.facility_id = k.facility_id AND p.child_id = k.child_id
                  AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
                ORDER BY p.valid_from DESC
                LIMIT 1) g ON true
            WHERE k.tenant_id = $1 AND k.care_from <= $2 AND k.care_until > $2
              AND (k.state <> 'terminated' OR k.began_on IS NOT NULL)
              AND ($3::uuid IS NULL OR k.facility_id = $3)
            ORDER BY k.facility_id, c.birth_date, c.id"#,
        tenant.0,
        on,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}
