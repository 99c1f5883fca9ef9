//! SQL of the office's views: reads over the tables of other slices, and no write.

use chrono::{DateTime, NaiveDate, Utc};

use super::query::Wanted;
use crate::access::TenantRead;
use crate::demands::{self, DemandState};
use crate::facilities::{AgeBand, CareType};
use crate::platform::clock::start_of_day;
use crate::platform::ids::{ChildId, CriterionId, DemandId, FacilityId};

/// A demand in the list.
pub(super) struct ListedDemand {
    pub id: DemandId,
    pub child_id: ChildId,
    pub reference_code: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub expected_birth_date: Option<NaiveDate>,
    pub state: DemandState,
    pub register_mismatch: bool,
    pub desired_start: Option<NaiveDate>,
    pub legal_claim: bool,
    pub transfer: bool,
    pub legal_due_on: Option<NaiveDate>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub preferences_open: i64,
    pub preferences_total: i64,
    pub first_wish_points: i32,
    pub version: i32,
    pub key: i64,
    pub total: i64,
}

/// The rows of a page and one more, each with the number of all hits. `hit` holds keys only, so that counting carries no columns.
pub(super) async fn demands(tx: &mut TenantRead, wanted: &Wanted) -> Result<Vec<ListedDemand>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let order = &wanted.order;
    sqlx::query_as!(
        ListedDemand,
        r#"WITH hit AS MATERIALIZED (
             SELECT d.id,
                    COALESCE($8 * CASE $7::text
                        WHEN 'submitted' THEN (extract(epoch FROM d.submitted_at) * 1000000)::bigint
                        WHEN 'start' THEN (d.desired_start - date '2000-01-01')::bigint
                        WHEN 'legal_due' THEN (d.legal_due_on - date '2000-01-01')::bigint
                        WHEN 'age' THEN (date '2000-01-01' - COALESCE(c.birth_date, c.expected_birth_date))::bigint
                        END, 9223372036854775807) AS key
               FROM care_demand d
               JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
               LEFT JOIN app.decided_entries($1) s ON s.child_id = d.child_id
              WHERE d.tenant_id = $1
                AND d.state = ANY($2)
                AND ($19::bool OR c.restricted_at IS NULL)
                AND (NOT $3::bool OR d.legal_claim_asserted_at IS NOT NULL)
                AND (NOT $21::bool OR app.is_unanswered(d))
                AND ($18::bool IS NULL OR d.transfer = $18)
                AND ($4::date IS NULL OR d.desired_start >= $4)
                AND ($5::date IS NULL OR d.desired_start <= $5)
                AND ($6::text IS NULL OR lower(d.reference_code) ^@ $6 OR lower(c.last_name) ^@ $6
                     OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $6)
                AND ($12::date IS NULL OR d.legal_due_on >= $12)
                AND ($13::date IS NULL OR d.legal_due_on <= $13)
                AND ($14::bool IS NULL OR d.register_mismatch = $14)
                AND ($15::text IS NULL OR $15 = COALESCE(
                      app.age_band(COALESCE(c.birth_date, c.expected_birth_date), d.desired_start, s.entry_on, $20, $16), 'under3'))
                AND ($17::text IS NULL OR $17 = COALESCE((
                      SELECT f.district
                        FROM facility_preference p
                        JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
                       WHERE p.tenant_id = d.tenant_id AND p.demand_id = d.id AND p.rank = 1), ''))
                AND ($22::text IS NULL OR d.care_type = $22)
                AND ($23::timestamptz IS NULL OR d.submitted_at >= $23)
                AND ($24::timestamptz IS NULL OR d.submitted_at < $24)
                AND ($25::timestamptz IS NULL AND $26::timestamptz IS NULL OR EXISTS (
                      SELECT 1
                        FROM place_offer o
                       WHERE o.tenant_id = d.tenant_id AND o.demand_id = d.id AND o.state = 'accepted'
                         AND ($25 IS NULL OR o.answered_at >= $25) AND ($26 IS NULL OR o.answered_at < $26)))
                AND ($27::int IS NULL OR $27 = extract(year FROM app.school_entry(
                      COALESCE(c.birth_date, c.expected_birth_date), s.entry_on, $20, $16)) AND NOT EXISTS (
                      SELECT 1
                        FROM care_demand n
                       WHERE n.tenant_id = d.tenant_id AND n.child_id = d.child_id AND n.state = ANY($2)
                         AND ($18::bool IS NULL OR n.transfer = $18) AND ($22::text IS NULL OR n.care_type = $22)
                         AND (n.submitted_at, n.id) > (d.submitted_at, d.id)))
                AND (NOT $28::bool OR EXISTS (
                      SELECT 1
                        FROM care_contract k
                       WHERE k.tenant_id = d.tenant_id AND k.child_id = d.child_id AND k.state <> 'terminated'
                         AND k.care_until > greatest($29::date, app.school_entry(
                               COALESCE(c.birth_date, c.expected_birth_date), s.entry_on, $20, $16))))
           ), page AS (
             SELECT hit.*
               FROM hit
              WHERE $9::bigint IS NULL OR (key, id) > ($9, $10)
              ORDER BY key, id
              LIMIT $11
           )
           SELECT d.id AS "id: DemandId", d.child_id AS "child_id: ChildId", d.reference_code, c.first_name, c.last_name, c.birth_date,
                  c.expected_birth_date, d.state AS "state: DemandState", d.register_mismatch, d.desired_start,
                  d.legal_claim_asserted_at IS NOT NULL AS "legal_claim!", d.transfer, d.legal_due_on, d.submitted_at,
                  wishes.open AS "preferences_open!", wishes.total AS "preferences_total!", COALESCE(first_wish.points, 0) AS "first_wish_points!",
                  d.version, page.key AS "key!", (SELECT count(*) FROM hit) AS "total!"
             FROM page
             JOIN care_demand d ON d.tenant_id = $1 AND d.id = page.id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            CROSS JOIN LATERAL (
              SELECT count(*) AS total,
                     count(*) FILTER (WHERE p.state IN ('received', 'under_review', 'invited', 'waitlisted', 'offered', 'paused')) AS open
                FROM facility_preference p
               WHERE p.tenant_id = d.tenant_id AND p.demand_id = d.id) wishes
             LEFT JOIN LATERAL (
              SELECT p.points
                FROM facility_preference p
               WHERE p.tenant_id = d.tenant_id AND p.demand_id = d.id
               ORDER BY p.rank, p.id
               LIMIT 1) first_wish ON true
            ORDER BY page.key, page.id"#,
        tenant.0,
        &wanted.states,
        wanted.claimed_only,
        wanted.start_from,
        wanted.start_to,
        wanted.q.as_deref(),
        order.by as _,
        order.direction.factor(),
        order.after.map(|a| a.0),
        order.after.map(|a| a.1.0),
        order.limit + 1,
        wanted.due_from,
        wanted.due_to,
        wanted.mismatch,
        wanted.age_band.map(AgeBand::as_str),
        wanted.school.month(),
        wanted.district.as_deref(),
        wanted.transfer,
        tx.is_administrator(),
        wanted.school.six_by_number(),
        wanted.unanswered_only,
        wanted.care_type.map(CareType::as_str),
        wanted.submitted.0,
        wanted.submitted.1,
        wanted.accepted.0,
        wanted.accepted.1,
        wanted.entry_year,
        wanted.school_place,
        today,
    )
    .fetch_all(tx.conn())
    .await
}

/// Sent demands in one state.
pub(super) struct StateCount {
    pub state: DemandState,
    pub all: i64,
    /// Those whose child has a place and wishes another one.
    pub transfers: i64,
    pub claims: i64,
    pub claims_due: i64,
}

/// Counts demands by state, as their list shows them; of the claims those that are due by a day, too.
pub(super) async fn by_state(tx: &mut TenantRead, due_by: NaiveDate) -> Result<Vec<StateCount>, sqlx::Error> {
    let (tenant, restricted_too) = (tx.tenant_id(), tx.is_administrator());
    sqlx::query_as!(
        StateCount,
        r#"SELECT d.state AS "state: DemandState", count(*) AS "all!", count(*) FILTER (WHERE d.transfer) AS "transfers!",
                  count(d.legal_due_on) AS "claims!",
                  count(*) FILTER (WHERE d.legal_due_on <= $2) AS "claims_due!"
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND d.state <> 'draft' AND ($3::bool OR c.restricted_at IS NULL)
            GROUP BY d.state"#,
        tenant.0,
        due_by,
        restricted_too
    )
    .fetch_all(tx.conn())
    .await
}

/// How many families somebody must ask whether they still need the place.
pub(super) async fn unanswered(tx: &mut TenantRead) -> Result<i64, sqlx::Error> {
    let (tenant, all) = (tx.tenant_id(), tx.is_administrator());
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND app.is_unanswered(d) AND ($2::bool OR c.restricted_at IS NULL)"#,
        tenant.0,
        all
    )
    .fetch_one(tx.conn())
    .await
}

/// A month's demands and accepted offers.
pub(super) struct MonthCount {
    pub month: NaiveDate,
    pub demands: i64,
    pub accepted: i64,
}

/// Demands by the month in which they were sent, and by the one in which an offer was accepted, as their list shows them; months of
/// Germany, none left out.
pub(super) async fn by_month(
    tx: &mut TenantRead,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<MonthCount>, sqlx::Error> {
    let (tenant, since, restricted_too) = (tx.tenant_id(), start_of_day(first), tx.is_administrator());
    sqlx::query_as!(
        MonthCount,
        r#"WITH sent AS (
             SELECT date_trunc('month', d.submitted_at AT TIME ZONE 'Europe/Berlin')::date AS month, count(*) AS count
               FROM care_demand d
               JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
              WHERE d.tenant_id = $1 AND d.submitted_at >= $2 AND d.state <> 'draft' AND ($5::bool OR c.restricted_at IS NULL)
              GROUP BY 1
           ), accepted AS (
             SELECT date_trunc('month', o.answered_at AT TIME ZONE 'Europe/Berlin')::date AS month, count(DISTINCT o.demand_id) AS count
               FROM place_offer o
               JOIN child c ON c.tenant_id = o.tenant_id AND c.id = o.child_id
              WHERE o.tenant_id = $1 AND o.state = 'accepted' AND o.answered_at >= $2 AND ($5::bool OR c.restricted_at IS NULL)
              GROUP BY 1
           )
           SELECT m.month::date AS "month!", COALESCE(sent.count, 0) AS "demands!", COALESCE(accepted.count, 0) AS "accepted!"
             FROM generate_series($3::date, $4::date, interval '1 month') AS m(month)
             LEFT JOIN sent ON sent.month = m.month::date
             LEFT JOIN accepted ON accepted.month = m.month::date
            ORDER BY 1"#,
        tenant.0,
        since,
        first,
        last,
        restricted_too
    )
    .fetch_all(tx.conn())
    .await
}

/// A facility that lets families wait.
pub(super) struct SilentFacility {
    pub id: FacilityId,
    pub name: String,
    pub waiting: i64,
    pub oldest: DateTime<Utc>,
}

/// Facilities with preferences that came before a day and have no answer yet, the longest waiting first. What rests under another
/// facility's offer is not theirs to answer.
pub(super) async fn silent_facilities(
    tx: &mut TenantRead,
    before: NaiveDate,
) -> Result<Vec<SilentFacility>, sqlx::Error> {
    let (tenant, before) = (tx.tenant_id(), start_of_day(before));
    sqlx::query_as!(
        SilentFacility,
        r#"SELECT f.id AS "id: FacilityId", f.name, count(*) AS "waiting!", min(p.received_at) AS "oldest!"
             FROM facility f
             JOIN facility_preference p ON p.tenant_id = f.tenant_id AND p.facility_id = f.id
            WHERE f.tenant_id = $1 AND p.state IN ('received', 'under_review') AND p.answered_at IS NULL AND p.received_at < $2
            GROUP BY f.tenant_id, f.id
            ORDER BY 4, f.name, f.id"#,
        tenant.0,
        before
    )
    .fetch_all(tx.conn())
    .await
}

/// Who saw evidence, and until when it holds.
pub(super) struct EvidenceRow {
    pub criterion_id: CriterionId,
    pub state: String,
    pub seen_on: Option<NaiveDate>,
    pub seen_by: Option<String>,
    pub valid_until: Option<NaiveDate>,
}

/// What the office noted about evidence for a demand, of confidential criteria only for whom they are.
pub(super) async fn evidence(tx: &mut TenantRead, demand: DemandId) -> Result<Vec<EvidenceRow>, sqlx::Error> {
    let (tenant, all) = (tx.tenant_id(), demands::knows_reasons(tx));
    sqlx::query_as!(
        EvidenceRow,
        r#"SELECT f.criterion_id AS "criterion_id: CriterionId", f.evidence_state AS state, f.seen_on,
                  COALESCE(a.display_name, a.email) AS seen_by, f.valid_until
             FROM demand_fact f
             JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
             LEFT JOIN account a ON a.tenant_id = f.tenant_id AND a.id = f.seen_by
            WHERE f.tenant_id = $1 AND f.demand_id = $2 AND f.claimed AND f.evidence_state <> 'claimed'
              AND ($3 OR NOT c.confidential)
            ORDER BY c.position, c.code"#,
        tenant.0,
        demand as _,
        all
    )
    .fetch_all(tx.conn())
    .await
}
