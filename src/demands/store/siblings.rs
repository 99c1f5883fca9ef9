//! Demands of children who are siblings, and what their parents say of placing them together.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::demands::model::SiblingAnswer;
use crate::platform::ids::{AccountId, ChildId, DemandId};

/// A demand that looks for a place, of a child or one of its siblings.
#[derive(Debug, Clone)]
pub(in crate::demands) struct SiblingRow {
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub desired_start: Option<NaiveDate>,
    pub answer: Option<SiblingAnswer>,
    pub said_at: Option<DateTime<Utc>>,
}

/// The demands of a family that look for places: that of this demand's child and those of its siblings, however many links lie between.
/// A family sees those of the children in its custody, the office those that were sent.
pub(in crate::demands) async fn family_of(
    tx: &mut TenantRead,
    demand: DemandId,
    account: Option<AccountId>,
) -> Result<Vec<SiblingRow>, sqlx::Error> {
    let (tenant, today, sees_restricted) = (tx.tenant_id(), tx.today(), tx.sees_restricted());
    sqlx::query_as!(
        SiblingRow,
        r#"WITH RECURSIVE looking AS (
             SELECT id, child_id
               FROM care_demand
              WHERE tenant_id = $1 AND state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')
           ), kin (child_id) AS (
             SELECT d.child_id FROM care_demand d WHERE d.tenant_id = $1 AND d.id = $2
              UNION
             SELECT l.child_id
               FROM kin
               JOIN sibling_link s ON s.tenant_id = $1 AND (s.child_id = kin.child_id OR s.sibling_id = kin.child_id)
               JOIN looking l ON l.child_id = CASE WHEN s.child_id = kin.child_id THEN s.sibling_id ELSE s.child_id END
           )
           SELECT d.id AS "demand_id: DemandId", d.child_id AS "child_id: ChildId", c.first_name, c.last_name, d.desired_start,
                  d.siblings AS "answer: SiblingAnswer", d.siblings_said_at AS said_at
             FROM kin
             JOIN looking l ON l.child_id = kin.child_id
             JOIN care_demand d ON d.tenant_id = $1 AND d.id = l.id
             JOIN child c ON c.tenant_id = $1 AND c.id = d.child_id
            WHERE CASE WHEN $3::uuid IS NULL THEN d.state <> 'draft' AND ($5 OR c.restricted_at IS NULL)
                       ELSE EXISTS (SELECT 1
                                      FROM custody u
                                      JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                                     WHERE u.tenant_id = $1 AND u.child_id = d.child_id AND (g.account_id = $3 OR g.id = $3)
                                       AND u.valid_from <= $4 AND (u.valid_to IS NULL OR u.valid_to > $4)) END
            ORDER BY c.birth_date, c.expected_birth_date, d.id"#,
        tenant.0,
        demand.0,
        account.map(|a| a.0),
        today,
        sees_restricted
    )
    .fetch_all(tx.conn())
    .await
}

/// The facilities that all of these demands wish, by name.
pub(in crate::demands) async fn wished_by_all(
    tx: &mut TenantRead,
    demands: &[DemandId],
) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT f.name
           FROM facility_preference p
           JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
          WHERE p.tenant_id = $1 AND p.demand_id = ANY($2)
            AND p.state IN ('draft', 'received', 'under_review', 'invited', 'waitlisted', 'paused', 'offered')
          GROUP BY f.id, f.name
         HAVING count(DISTINCT p.demand_id) = cardinality($2::uuid[])
          ORDER BY min(p.rank), f.name",
        tenant.0,
        demands as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Whether one of these demands stands in a round that was frozen and is not released yet.
pub(in crate::demands) async fn is_frozen(tx: &mut TenantRead, demands: &[DemandId]) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1
                            FROM allocation_round r
                            JOIN round_case c ON c.tenant_id = r.tenant_id AND c.round_id = r.id
                           WHERE r.tenant_id = $1 AND r.frozen_at IS NOT NULL AND r.released_at IS NULL AND r.state <> 'cancelled'
                             AND c.demand_id = ANY($2)) AS "frozen!""#,
        tenant.0,
        demands as _
    )
    .fetch_one(tx.conn())
    .await
}

/// Locks demands in one order, so that two parents who answer at once wait for each other.
pub(in crate::demands) async fn lock_demands(tx: &mut TenantTx, demands: &[DemandId]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id FROM care_demand WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
        tenant.0,
        demands as _
    )
    .fetch_all(tx.conn())
    .await
    .map(|_| ())
}

/// Writes the answer with all of these demands, each of which gets a new version.
pub(in crate::demands) async fn save_said_of_siblings(
    tx: &mut TenantTx,
    demands: &[DemandId],
    answer: SiblingAnswer,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE care_demand
            SET siblings = $3, siblings_said_at = $4, updated_at = $5, version = version + 1
          WHERE tenant_id = $1 AND id = ANY($2)",
        tenant.0,
        demands as _,
        answer.as_str(),
        at,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
