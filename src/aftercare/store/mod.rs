//! SQL of proposing, reminding and answering; of the list in a file of its own.

mod list;

pub use list::ProposalRow;
pub(super) use list::{Filter, FollowupSort, by_id, by_token, list};

use chrono::NaiveDate;

use super::model::{AfterCare, FollowupState};
use crate::access::{TenantRead, TenantTx};
use crate::facilities;
use crate::platform::crypto::digest;
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, GuardianId, random_uuid};

/// Agreed contracts that end by a day without notice and with the child's age ([`super::model::after`]), of children for whom nothing else
/// is known: no proposal, no running demand, no later place. In order of their ends, those after one that was seen.
pub(super) async fn candidates(
    tx: &mut TenantRead,
    until: NaiveDate,
    after: Option<(NaiveDate, ContractId)>,
    limit: i64,
) -> Result<Vec<(NaiveDate, ContractId)>, sqlx::Error> {
    let school = facilities::school_rule(tx).await?;
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (day, id) = after.unzip();
    let rows = sqlx::query!(
        r#"SELECT k.care_until, k.id AS "id: ContractId"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id AND c.restricted_at IS NULL AND c.birth_date IS NOT NULL
             LEFT JOIN app.decided_entries($1) s ON s.child_id = c.id
            CROSS JOIN LATERAL (
                  SELECT (c.birth_date + (to_char(c.birth_date, 'MMDD') = '0229')::int + interval '3 years')::date AS three,
                         app.school_entry(c.birth_date, s.entry_on, $5, $6) AS school) ages
            WHERE k.tenant_id = $1 AND k.state IN ('signed_by_provider', 'active') AND k.notice_by IS NULL
              AND k.care_until > $2 AND k.care_until <= $3
              -- What ends before an age was meant to: it never has a proposal, and must not stand before those that have.
              AND (k.care_from < ages.three AND k.care_until >= ages.three OR k.care_from < ages.school AND k.care_until >= ages.school)
              AND ($7::date IS NULL OR (k.care_until, k.id) > ($7, $8::uuid))
              AND NOT EXISTS (SELECT 1 FROM followup_demand p WHERE p.tenant_id = k.tenant_id AND p.contract_id = k.id)
              AND NOT EXISTS (SELECT 1 FROM care_demand d WHERE d.tenant_id = k.tenant_id AND d.child_id = k.child_id
                                 AND (d.state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')
                                      OR d.state = 'covered' AND d.id <> k.demand_id))
              AND NOT EXISTS (SELECT 1 FROM care_contract x WHERE x.tenant_id = k.tenant_id AND x.child_id = k.child_id
                                 AND x.state <> 'terminated' AND x.care_until > k.care_until)
            ORDER BY k.care_until, k.id
            LIMIT $4"#,
        tenant.0,
        today,
        until,
        limit,
        school.six_by_number(),
        i32::try_from(school.begins.0).unwrap_or(8),
        day,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.care_until, row.id)).collect())
}

/// A place that ends, with its child.
pub(super) struct EndingPlace {
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub birth: NaiveDate,
    pub demand_id: DemandId,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
}

pub(super) async fn ending_place(tx: &mut TenantTx, contract: ContractId) -> Result<Option<EndingPlace>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        EndingPlace,
        r#"SELECT k.child_id AS "child_id: ChildId", c.first_name, c.birth_date AS "birth!", k.demand_id AS "demand_id: DemandId",
                  k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.care_from, k.care_until
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE k.tenant_id = $1 AND k.id = $2 AND k.state IN ('signed_by_provider', 'active') AND k.notice_by IS NULL
              AND c.birth_date IS NOT NULL
              FOR UPDATE OF k"#,
        tenant.0,
        contract.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Open facilities with this care, of the same provider first, then the nearest.
pub(super) async fn near(
    tx: &mut TenantRead,
    facility: FacilityId,
    care: AfterCare,
    limit: i64,
) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT n.id AS "id: FacilityId"
             FROM facility f
             JOIN facility n ON n.tenant_id = f.tenant_id AND n.state = 'open' AND $3::text = ANY(n.care_types)
            WHERE f.tenant_id = $1 AND f.id = $2
            ORDER BY (n.provider_id IS NOT DISTINCT FROM f.provider_id AND f.provider_id IS NOT NULL) DESC,
                     (n.latitude - f.latitude) ^ 2 + ((n.longitude - f.longitude) * 0.63) ^ 2, n.id
            LIMIT $4"#,
        tenant.0,
        facility.0,
        care.care_type().as_str(),
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Those of them that still take children, in their order.
pub(super) async fn still_open(tx: &mut TenantRead, wished: &[FacilityId]) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let open = sqlx::query_scalar!(
        r#"SELECT id AS "id: FacilityId" FROM facility WHERE tenant_id = $1 AND id = ANY($2) AND state = 'open'"#,
        tenant.0,
        wished as _
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(wished.iter().copied().filter(|f| open.contains(f)).collect())
}

/// Writes a proposal; `None`: the contract has one.
pub(super) async fn insert(
    tx: &mut TenantTx,
    contract: ContractId,
    place: &EndingPlace,
    care: AfterCare,
    wished: &[FacilityId],
) -> Result<Option<uuid::Uuid>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        "INSERT INTO followup_demand (tenant_id, id, child_id, contract_id, care_type, needed_from, facility_ids, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8)
         ON CONFLICT (tenant_id, contract_id) DO NOTHING
         RETURNING id",
        tenant.0,
        random_uuid(),
        place.child_id.0,
        contract.0,
        care as _,
        place.care_until,
        wished as _,
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// Keeps a guardian's link in the place of the one before.
pub(super) async fn put_link(
    tx: &mut TenantTx,
    id: uuid::Uuid,
    guardian: GuardianId,
    token: &str,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO followup_link (tenant_id, followup_id, guardian_id, token_hash) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, followup_id, guardian_id) DO UPDATE SET token_hash = EXCLUDED.token_hash",
        tenant.0,
        id,
        guardian.0,
        digest(token)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Locks a proposal; `false`: it was answered.
pub(super) async fn lock_proposed(tx: &mut TenantTx, id: uuid::Uuid) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT state = 'proposed' AS "open!" FROM followup_demand WHERE tenant_id = $1 AND id = $2 FOR UPDATE"#,
        tenant.0,
        id
    )
    .fetch_optional(tx.conn())
    .await
    .map(|open| open == Some(true))
}

/// Proposals without an answer whose families are to be reminded now: care is needed by a day, and they were asked before another one.
pub(super) async fn unanswered(
    tx: &mut TenantRead,
    (needed_by, asked_before): (NaiveDate, NaiveDate),
    after: Option<(NaiveDate, uuid::Uuid)>,
    limit: i64,
) -> Result<Vec<(NaiveDate, uuid::Uuid)>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (day, id) = after.unzip();
    let rows = sqlx::query!(
        "SELECT p.needed_from, p.id
           FROM followup_demand p
           JOIN child c ON c.tenant_id = p.tenant_id AND c.id = p.child_id AND c.restricted_at IS NULL
          WHERE p.tenant_id = $1 AND p.state = 'proposed' AND p.reminded_on IS NULL AND p.needed_from > $2 AND p.needed_from <= $3
            AND p.created_at < $4::date::timestamp AT TIME ZONE 'Europe/Berlin'
            AND ($6::date IS NULL OR (p.needed_from, p.id) > ($6, $7::uuid))
          ORDER BY p.needed_from, p.id
          LIMIT $5",
        tenant.0,
        today,
        needed_by,
        asked_before,
        limit,
        day,
        id
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.needed_from, row.id)).collect())
}

/// A proposal as its reminder tells of it.
pub(super) struct Unanswered {
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub demand_id: DemandId,
    pub facility_name: String,
    pub care_type: AfterCare,
    pub needed_from: NaiveDate,
}

/// Notes the reminder of a proposal that nobody answered meanwhile.
pub(super) async fn remind(tx: &mut TenantTx, id: uuid::Uuid) -> Result<Option<Unanswered>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        Unanswered,
        r#"UPDATE followup_demand p
              SET reminded_on = $3
             FROM child c, care_contract k, facility f
            WHERE p.tenant_id = $1 AND p.id = $2 AND p.state = 'proposed' AND p.reminded_on IS NULL
              AND c.tenant_id = p.tenant_id AND c.id = p.child_id AND k.tenant_id = p.tenant_id AND k.id = p.contract_id
              AND f.tenant_id = k.tenant_id AND f.id = k.facility_id
          RETURNING p.child_id AS "child_id: ChildId", c.first_name, k.demand_id AS "demand_id: DemandId", f.name AS facility_name,
                    p.care_type AS "care_type: AfterCare", p.needed_from"#,
        tenant.0,
        id,
        today
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes the family's answer.
pub(super) async fn set_answered(
    tx: &mut TenantTx,
    id: uuid::Uuid,
    state: FollowupState,
    demand: Option<DemandId>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE followup_demand SET state = $3, demand_id = $4, answered_at = $5 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id,
        state as _,
        demand.map(|d| d.0),
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
