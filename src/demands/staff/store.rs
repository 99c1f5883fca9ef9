//! SQL of the manager's day. A list is one query, whatever its filters, its order and its page.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::query::Wanted;
use crate::access::TenantRead;
use crate::demands;
use crate::demands::model::{DemandState, PreferenceState, RefuseReason};
use crate::facilities::AgeBand;
use crate::platform::dates::hours_minutes;
use crate::platform::ids::{ChildId, FacilityId, OfferId, PreferenceId};
use crate::platform::week::{DayTimes, WeekTimes};
use crate::tenancy::SchoolRule;

/// A claimed criterion as staff see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StaffFact {
    /// Stable code of the criterion.
    pub code: String,
    /// Its title in the language of the asker.
    pub title: String,
    /// What it counts there.
    pub points: i32,
    /// `claimed`, `seen` or `rejected`; `null` where it is the office's to know.
    pub evidence_state: Option<String>,
    /// The reader must not know which reason it is.
    #[serde(skip_serializing, default)]
    pub(super) veiled: bool,
}

impl StaffFact {
    /// The facts of a preference with one in place of all that the reader must not know.
    pub(super) fn shown(facts: Vec<Self>, language: &str) -> Vec<Self> {
        let (veiled, mut shown): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| fact.veiled);
        let points = veiled.iter().map(|fact| fact.points).sum();
        if points != 0 {
            shown.push(Self {
                code: demands::CONFIDENTIAL.into(),
                title: demands::confidential_title(language).into(),
                points,
                evidence_state: None,
                veiled: true,
            });
        }
        shown
    }
}

/// A preference as the database gives it to staff.
pub(super) struct Row {
    pub id: PreferenceId,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub expected_birth_date: Option<NaiveDate>,
    pub age_band: Option<AgeBand>,
    pub demand_state: DemandState,
    pub reference_code: Option<String>,
    pub state: PreferenceState,
    pub state_since: DateTime<Utc>,
    pub received_at: Option<DateTime<Utc>>,
    pub answer_due_on: Option<NaiveDate>,
    pub refuse_reason: Option<RefuseReason>,
    pub note: Option<String>,
    pub desired_start: Option<NaiveDate>,
    pub latest_start: Option<NaiveDate>,
    pub hours_per_week: Option<i32>,
    pub least_hours: Option<i32>,
    pub window_from: Option<NaiveTime>,
    pub window_to: Option<NaiveTime>,
    pub care_type: Option<String>,
    pub points: i32,
    pub facts: Json<Vec<StaffFact>>,
    pub legal_claim: bool,
    pub legal_due_on: Option<NaiveDate>,
    pub sibling_here: bool,
    pub version: i32,
    pub live: bool,
    pub key: i64,
    pub key_received: i64,
    pub total: i64,
}

/// The rows of a page and one more, each with the number of all hits.
///
/// `hit` holds keys only, so that counting a large list carries no columns; `key` grows in the order asked for, whichever it is. The
/// facilities are always named, by the office all of them: "no filter or these" would cost a manager the index as soon as PostgreSQL
/// plans the statement once for all callers.
pub(super) async fn list(
    tx: &mut TenantRead,
    wanted: &Wanted,
    facilities: &[FacilityId],
    language: &str,
    school: SchoolRule,
) -> Result<Vec<Row>, sqlx::Error> {
    let (tenant, knows_reasons) = (tx.tenant_id(), demands::knows_reasons(tx));
    let facilities: Vec<_> = facilities.iter().map(|f| f.0).collect();
    let states: Vec<String> = wanted.states.iter().map(|s| (*s).to_owned()).collect();
    let order = &wanted.order;
    sqlx::query_as!(
        Row,
        r#"WITH hit AS MATERIALIZED (
             SELECT p.id, row_of.live, row_of.age_band,
                    CASE $16::text WHEN 'priority' THEN COALESCE(p.tie_key, row_of.received) ELSE row_of.received END AS key_received,
                    COALESCE(CASE WHEN row_of.live THEN $17 * CASE $16::text
                        WHEN 'priority' THEN p.criteria_rank * 100000000::bigint + p.points
                        WHEN 'age' THEN (date '2000-01-01' - row_of.birth)::bigint
                        WHEN 'start' THEN (d.desired_start - date '2000-01-01')::bigint
                        WHEN 'answer_due' THEN (p.answer_due_on - date '2000-01-01')::bigint
                        ELSE row_of.received END END, 9223372036854775807) AS key
               FROM facility_preference p
               JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
               JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
               LEFT JOIN app.decided_entries($1) s ON s.child_id = d.child_id
              CROSS JOIN LATERAL (
                SELECT COALESCE(c.birth_date, c.expected_birth_date) AS birth,
                       COALESCE((extract(epoch FROM p.received_at) * 1000000)::bigint, 0) AS received,
                       $4::bool OR p.state NOT IN ('refused', 'declined', 'withdrawn', 'offer_expired', 'covered_elsewhere')
                           OR (p.state = 'refused' AND d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending')) AS live,
                       app.age_band(COALESCE(c.birth_date, c.expected_birth_date), d.desired_start, s.entry_on, $23, $15) AS age_band
              ) row_of
              WHERE p.tenant_id = $1
                AND p.facility_id = ANY($2)
                AND p.state = ANY($3)
                AND d.state <> 'draft'
                AND c.restricted_at IS NULL
                AND (row_of.live OR NOT $5::bool)
                AND ($6::uuid IS NULL OR p.id = $6)
                AND ($7::text IS NULL OR row_of.age_band = $7)
                AND ($8::date IS NULL OR d.desired_start >= $8)
                AND ($9::date IS NULL OR d.desired_start <= $9)
                AND ($10::int IS NULL OR d.hours_per_week >= $10)
                AND ($11::int IS NULL OR d.hours_per_week <= $11)
                AND ($12::bool IS NULL OR (d.legal_claim_asserted_at IS NOT NULL) = $12)
                AND ($13::text IS NULL OR EXISTS (
                      SELECT 1 FROM demand_fact f JOIN criterion k ON k.tenant_id = f.tenant_id AND k.id = f.criterion_id
                       WHERE f.tenant_id = d.tenant_id AND f.demand_id = d.id AND f.claimed AND k.code = $13
                         -- A confidential reason cannot be found out by asking for it.
                         AND ($24 OR NOT k.confidential)
                         -- What does not count here is not this facility's to know.
                         AND EXISTS (SELECT 1 FROM preference_score s
                                      WHERE s.tenant_id = p.tenant_id AND s.preference_id = p.id
                                        AND s.lines @> jsonb_build_array(jsonb_build_object('code', $13::text)))))
                AND ($14::text IS NULL OR lower(d.reference_code) ^@ $14 OR lower(c.last_name) ^@ $14
                     OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $14)
           ), page AS (
             SELECT hit.*
               FROM hit
              WHERE $18::bigint IS NULL OR (key, key_received, id) > ($18, $19, $20)
              ORDER BY key, key_received, id
              LIMIT $21
           )
           SELECT p.id AS "id: PreferenceId", p.facility_id AS "facility_id: FacilityId", f.name AS facility_name,
                  c.id AS "child_id: ChildId", c.first_name, c.last_name, c.birth_date,
                  c.expected_birth_date, page.age_band AS "age_band: AgeBand", d.state AS "demand_state: DemandState",
                  d.reference_code, p.state AS "state: PreferenceState", p.state_since, p.received_at, p.answer_due_on,
                  p.refuse_reason AS "refuse_reason: RefuseReason", p.note, d.desired_start, d.latest_start, d.hours_per_week,
                  d.least_hours,
                  d.window_from, d.window_to, d.care_type, p.points,
                  COALESCE(facts.list, '[]') AS "facts!: Json<Vec<StaffFact>>",
                  d.legal_claim_asserted_at IS NOT NULL AS "legal_claim!", d.legal_due_on,
                  EXISTS (
                    SELECT 1
                      FROM sibling_link s
                      JOIN care_contract k ON k.tenant_id = s.tenant_id AND k.facility_id = p.facility_id
                           AND k.child_id = CASE WHEN s.child_id = c.id THEN s.sibling_id ELSE s.child_id END
                     WHERE s.tenant_id = c.tenant_id AND (s.child_id = c.id OR s.sibling_id = c.id)
                       AND k.state NOT IN ('terminated', 'ended') AND k.care_until > d.desired_start) AS "sibling_here!",
                  p.version, page.live AS "live!", page.key AS "key!", page.key_received AS "key_received!",
                  (SELECT count(*) FROM hit) AS "total!"
             FROM page
             JOIN facility_preference p ON p.tenant_id = $1 AND p.id = page.id
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
             LEFT JOIN LATERAL (
               SELECT json_agg(json_build_object('code', k.code, 'evidence_state', df.evidence_state, 'veiled', k.confidential AND NOT $24,
                                                 'points', COALESCE((line.line ->> 'points')::int, 0),
                                                 'title', CASE $22::text WHEN 'en' THEN k.title_en ELSE k.title_de END)
                               ORDER BY k.position, k.code) AS list
                 FROM demand_fact df
                 JOIN criterion k ON k.tenant_id = df.tenant_id AND k.id = df.criterion_id
                 JOIN preference_score ps ON ps.tenant_id = p.tenant_id AND ps.preference_id = p.id
                 JOIN LATERAL jsonb_array_elements(ps.lines) AS line (line) ON line.line ->> 'code' = k.code
                WHERE df.tenant_id = d.tenant_id AND df.demand_id = d.id AND df.claimed
             ) facts ON true
            ORDER BY page.key, page.key_received, page.id"#,
        tenant.0,
        &facilities,
        &states,
        wanted.all_visible,
        wanted.asks_for_details(),
        wanted.only.map(|id| id.0),
        wanted.age_band.map(AgeBand::as_str),
        wanted.start_from,
        wanted.start_to,
        wanted.hours_min,
        wanted.hours_max,
        wanted.legal_claim,
        wanted.criterion.as_deref(),
        wanted.q.as_deref(),
        school.month(),
        order.by as _,
        order.direction.factor(),
        order.after.map(|a| a.0),
        order.after.map(|a| a.1),
        order.after.map(|a| a.2.0),
        order.limit + 1,
        language,
        school.six_by_number(),
        knows_reasons,
    )
    .fetch_all(tx.conn())
    .await
}

/// All facilities of the tenant.
pub(super) async fn facility_ids(tx: &mut TenantRead) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: FacilityId" FROM facility WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// A facility of the asker with what waits there.
pub(super) struct MineRow {
    pub id: FacilityId,
    pub name: String,
    pub city: String,
    pub received: i64,
    pub under_review: i64,
    pub invited: i64,
    pub waitlisted: i64,
    pub offered: i64,
    pub accepted: i64,
    pub overdue: i64,
    pub next_deadline: Option<NaiveDate>,
}

/// The facilities within the scope, by name, with the number of preferences by state.
pub(super) async fn my_facilities(
    tx: &mut TenantRead,
    facilities: Option<&[FacilityId]>,
) -> Result<Vec<MineRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let facilities: Option<Vec<_>> = facilities.map(|all| all.iter().map(|f| f.0).collect());
    sqlx::query_as!(
        MineRow,
        r#"SELECT f.id AS "id: FacilityId", f.name, f.city,
                  count(*) FILTER (WHERE p.state = 'received') AS "received!",
                  count(*) FILTER (WHERE p.state = 'under_review') AS "under_review!",
                  count(*) FILTER (WHERE p.state = 'invited') AS "invited!",
                  count(*) FILTER (WHERE p.state = 'waitlisted') AS "waitlisted!",
                  count(*) FILTER (WHERE p.state = 'offered') AS "offered!",
                  count(*) FILTER (WHERE p.state = 'accepted') AS "accepted!",
                  count(*) FILTER (WHERE p.state IN ('received', 'under_review') AND p.answered_at IS NULL AND p.answer_due_on < $3)
                      AS "overdue!",
                  min(p.answer_due_on) FILTER (WHERE p.state IN ('received', 'under_review') AND p.answered_at IS NULL)
                      AS next_deadline
             FROM facility f
             LEFT JOIN facility_preference p ON p.tenant_id = f.tenant_id AND p.facility_id = f.id
                  AND p.state IN ('received', 'under_review', 'invited', 'waitlisted', 'offered', 'accepted')
            WHERE f.tenant_id = $1 AND f.state = 'open' AND ($2::uuid[] IS NULL OR f.id = ANY($2))
            GROUP BY f.tenant_id, f.id
            ORDER BY f.name, f.id"#,
        tenant.0,
        facilities.as_deref(),
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// A guardian as a facility may know one.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffGuardian {
    /// First and last name.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// Mail address.
    pub email: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffAddress {
    /// Street without the house number.
    pub street: String,
    /// House number.
    pub house_number: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub city: String,
}

/// Where the child lives (`None` where that is protected or unknown), and whether it is protected: one protected household of child or
/// guardians protects all. The database does not even hand the protected address out.
pub async fn home(tx: &mut TenantRead, child: ChildId) -> Result<(Option<StaffAddress>, bool), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let rows = sqlx::query!(
        r#"WITH home AS (
             -- Custody may have ended of itself since the child moved in: who has none today is no home.
             SELECT c.household_id, 0 AS place
               FROM child c
              WHERE c.tenant_id = $1 AND c.id = $2
                AND EXISTS (SELECT 1
                              FROM custody k JOIN guardian g ON g.tenant_id = k.tenant_id AND g.id = k.guardian_id
                             WHERE k.tenant_id = c.tenant_id AND k.child_id = c.id AND g.household_id = c.household_id
                               AND k.valid_from <= $3 AND (k.valid_to IS NULL OR k.valid_to > $3))
              UNION ALL
             SELECT g.household_id, 1
               FROM custody k JOIN guardian g ON g.tenant_id = k.tenant_id AND g.id = k.guardian_id
              WHERE k.tenant_id = $1 AND k.child_id = $2 AND k.valid_from <= $3 AND (k.valid_to IS NULL OR k.valid_to > $3)
           )
           SELECT h.address_protected, u.street AS "street?", u.house_number AS "house_number?", u.postal_code AS "postal_code?",
                  u.city AS "city?"
             FROM home
             JOIN household h ON h.tenant_id = $1 AND h.id = home.household_id
             LEFT JOIN household u ON u.tenant_id = h.tenant_id AND u.id = h.id AND NOT u.address_protected
            ORDER BY home.place"#,
        tenant.0,
        child as _,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    if rows.iter().any(|row| row.address_protected) {
        return Ok((None, true));
    }
    let home = rows.into_iter().next().map(|row| StaffAddress {
        street: row.street.unwrap_or_default(),
        house_number: row.house_number.unwrap_or_default(),
        postal_code: row.postal_code.unwrap_or_default(),
        city: row.city.unwrap_or_default(),
    });
    Ok((home, false))
}

/// A line of a preference's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: String,
    /// State before.
    pub from: Option<String>,
    /// State after.
    pub to: String,
    /// The reason, where one was given.
    pub reason: Option<String>,
}

/// The history of one preference, oldest first: its changes of state and nothing else, because the rest is the family's.
pub(super) async fn history(tx: &mut TenantRead, preference: PreferenceId) -> Result<Vec<StaffEvent>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        StaffEvent,
        r#"SELECT at, kind, from_state AS "from", to_state AS "to", reason
             FROM demand_event
            WHERE tenant_id = $1 AND preference_id = $2 AND from_state IS DISTINCT FROM to_state AND to_state <> 'draft'
            ORDER BY at, id"#,
        tenant.0,
        preference as _
    )
    .fetch_all(tx.conn())
    .await
}

/// The offer that is open on a preference.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenOffer {
    /// The offer.
    pub id: OfferId,
    /// `sent` or `viewed`.
    pub state: String,
    /// First day of care.
    pub care_from: NaiveDate,
    /// Hours a week.
    pub hours_per_week: i32,
    /// Care from this time of day.
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "08:00")]
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "16:00")]
    pub window_to: Option<NaiveTime>,
    /// The times of each day on which the child would come; `null`: the same on every day.
    #[schema(value_type = Option<Vec<DayTimes>>)]
    pub week: Option<WeekTimes>,
    /// Last day on which it can be answered.
    pub deadline_on: NaiveDate,
    /// Its version.
    pub version: i32,
}

/// The open offer on a preference, if there is one.
pub(super) async fn open_offer(
    tx: &mut TenantRead,
    preference: PreferenceId,
) -> Result<Option<OpenOffer>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        OpenOffer,
        r#"SELECT id AS "id: OfferId", state, care_from, hours_per_week, window_from, window_to, week AS "week: WeekTimes", deadline_on,
                  version
             FROM place_offer
            WHERE tenant_id = $1 AND preference_id = $2 AND state IN ('sent', 'viewed')"#,
        tenant.0,
        preference as _
    )
    .fetch_optional(tx.conn())
    .await
}
