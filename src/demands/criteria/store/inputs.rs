//! What a score is made of: answers, places of the child and its siblings, where the family lives. Read for a batch of demands at once.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::demands::criteria::model::EvidenceState;
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId, ProviderId};

/// A demand to be counted.
#[derive(Debug)]
pub(in crate::demands) struct DemandInput {
    pub id: DemandId,
    pub child_id: ChildId,
    pub desired_start: Option<NaiveDate>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub birth: Option<NaiveDate>,
    /// Somebody with custody has an address that is not known to lie in another district.
    pub lives_here: bool,
}

/// A preference to be counted.
#[derive(Debug)]
pub(in crate::demands) struct PreferenceInput {
    pub id: PreferenceId,
    pub demand_id: DemandId,
    pub facility_id: FacilityId,
    pub provider_id: Option<ProviderId>,
}

/// An answer to a criterion.
#[derive(Debug)]
pub(in crate::demands) struct AnswerInput {
    pub demand_id: DemandId,
    pub code: String,
    pub claimed: bool,
    pub number: Option<i32>,
    pub evidence: EvidenceState,
    pub valid_until: Option<NaiveDate>,
}

/// A place that was accepted, of the child itself or of a sibling.
#[derive(Debug)]
pub(in crate::demands) struct PlaceInput {
    pub demand_id: DemandId,
    pub own: bool,
    pub facility_id: FacilityId,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    /// Its contract was ended early.
    pub ended: bool,
}

/// Locks demands that are still open and answers which, in the fixed order of ids.
pub(in crate::demands) async fn lock_open(
    tx: &mut TenantTx,
    demands: &[DemandId],
) -> Result<Vec<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: DemandId"
             FROM care_demand
            WHERE tenant_id = $1 AND id = ANY($2) AND state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')
            ORDER BY id
              FOR UPDATE"#,
        tenant.0,
        demands as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks open demands that were not counted today, at most so many. Those that somebody else holds come with a later batch.
pub(in crate::demands) async fn lock_uncounted(tx: &mut TenantTx, limit: i64) -> Result<Vec<DemandId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT id AS "id: DemandId"
             FROM care_demand
            WHERE tenant_id = $1 AND (scored_on IS NULL OR scored_on < $2)
              AND state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')
            ORDER BY id
            LIMIT $3
              FOR UPDATE SKIP LOCKED"#,
        tenant.0,
        today,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Lets all open demands be counted anew.
pub(in crate::demands) async fn forget_counting(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand SET scored_on = NULL
          WHERE tenant_id = $1 AND scored_on IS NOT NULL
            AND state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')",
        tenant.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Notes that these demands were counted today.
pub(in crate::demands) async fn note_counted(tx: &mut TenantTx, demands: &[DemandId]) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "UPDATE care_demand SET scored_on = $3
          WHERE tenant_id = $1 AND id = ANY($2) AND scored_on IS DISTINCT FROM $3",
        tenant.0,
        demands as _,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::demands) async fn demand_inputs(
    tx: &mut TenantRead,
    demands: &[DemandId],
) -> Result<Vec<DemandInput>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let district = tx.tenant().ags.chars().take(5).collect::<String>();
    sqlx::query_as!(
        DemandInput,
        r#"SELECT d.id AS "id: DemandId", d.child_id AS "child_id: ChildId", d.desired_start, d.submitted_at,
                  COALESCE(c.birth_date, c.expected_birth_date) AS birth,
                  EXISTS (SELECT 1
                            FROM custody k
                            JOIN guardian g ON g.tenant_id = k.tenant_id AND g.id = k.guardian_id
                            JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
                           WHERE k.tenant_id = d.tenant_id AND k.child_id = d.child_id AND k.valid_from <= $3
                             AND (k.valid_to IS NULL OR k.valid_to > $3)
                             AND NOT COALESCE((SELECT bool_and(left(pc.district_ags, 5) <> $4)
                                                 FROM postal_code pc
                                                WHERE pc.code = h.postal_code), false)) AS "lives_here!"
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND d.id = ANY($2)"#,
        tenant.0,
        demands as _,
        today,
        district
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::demands) async fn preference_inputs(
    tx: &mut TenantRead,
    demands: &[DemandId],
) -> Result<Vec<PreferenceInput>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PreferenceInput,
        r#"SELECT p.id AS "id: PreferenceId", p.demand_id AS "demand_id: DemandId", p.facility_id AS "facility_id: FacilityId",
                  f.provider_id AS "provider_id: ProviderId"
             FROM facility_preference p
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
            WHERE p.tenant_id = $1 AND p.demand_id = ANY($2)
            ORDER BY p.demand_id, p.rank"#,
        tenant.0,
        demands as _
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::demands) async fn answer_inputs(
    tx: &mut TenantRead,
    demands: &[DemandId],
) -> Result<Vec<AnswerInput>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AnswerInput,
        r#"SELECT f.demand_id AS "demand_id: DemandId", c.code, f.claimed, f.number, f.evidence_state AS "evidence: EvidenceState",
                  f.valid_until
             FROM demand_fact f
             JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
            WHERE f.tenant_id = $1 AND f.demand_id = ANY($2)"#,
        tenant.0,
        demands as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Accepted places of the children of these demands and of their siblings.
pub(in crate::demands) async fn place_inputs(
    tx: &mut TenantRead,
    demands: &[DemandId],
) -> Result<Vec<PlaceInput>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PlaceInput,
        r#"WITH child_of AS (
             SELECT d.id AS demand_id, d.child_id, true AS own
               FROM care_demand d
              WHERE d.tenant_id = $1 AND d.id = ANY($2)
              UNION ALL
             SELECT d.id, s.sibling_id, false
               FROM care_demand d
               JOIN sibling_link s ON s.tenant_id = d.tenant_id AND s.child_id = d.child_id
              WHERE d.tenant_id = $1 AND d.id = ANY($2)
              UNION ALL
             SELECT d.id, s.child_id, false
               FROM care_demand d
               JOIN sibling_link s ON s.tenant_id = d.tenant_id AND s.sibling_id = d.child_id
              WHERE d.tenant_id = $1 AND d.id = ANY($2)
           )
           SELECT x.demand_id AS "demand_id!: DemandId", x.own AS "own!", o.facility_id AS "facility_id!: FacilityId",
                  o.care_from AS "care_from!", o.care_until AS "care_until!",
                  COALESCE(k.state IN ('terminated', 'ended'), false) AS "ended!"
             FROM child_of x
             JOIN place_offer o ON o.tenant_id = $1 AND o.child_id = x.child_id AND o.state = 'accepted'
             LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.id"#,
        tenant.0,
        demands as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Whose set may hold at each facility.
pub(in crate::demands) async fn providers_of_facilities(
    tx: &mut TenantRead,
) -> Result<Vec<(FacilityId, Option<ProviderId>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: FacilityId", provider_id AS "provider_id: ProviderId" FROM facility WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.provider_id)).collect())
}

/// The open demands of a child and its siblings.
pub(in crate::demands) async fn demands_of_siblings(
    tx: &mut TenantTx,
    child: ChildId,
) -> Result<Vec<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT d.id AS "id: DemandId"
             FROM care_demand d
            WHERE d.tenant_id = $1 AND d.state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')
              AND (d.child_id = $2
                   OR d.child_id IN (SELECT sibling_id FROM sibling_link WHERE tenant_id = $1 AND child_id = $2)
                   OR d.child_id IN (SELECT child_id FROM sibling_link WHERE tenant_id = $1 AND sibling_id = $2))"#,
        tenant.0,
        child as _
    )
    .fetch_all(tx.conn())
    .await
}
