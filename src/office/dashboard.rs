//! SQL of the office's dashboard: each figure is counted in one pass, and each has a list behind it that the same filters show.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::query::WITHOUT_PLACE;
use crate::access::TenantRead;
use crate::allocation::rounds::DeviationReason;
use crate::facilities::AgeBand;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, DemandId, FacilityId, FollowupId};
use crate::tenancy::SchoolRule;

/// What the unserved children are narrowed to.
#[derive(Debug, Default, Clone)]
pub(super) struct Narrow {
    pub age_band: Option<AgeBand>,
    /// First day of the month of the wished start.
    pub month: Option<NaiveDate>,
    /// Of the first wish; empty: none is known.
    pub district: Option<String>,
}

/// Open claims by when they are due.
pub(super) struct Claims {
    pub overdue: i64,
    pub days_30: i64,
    pub days_90: i64,
    pub later: i64,
}

fn open_states() -> Vec<String> {
    WITHOUT_PLACE.iter().map(|state| state.as_str().to_owned()).collect()
}

/// Counts open claims: overdue today, due within 30 days, within 90 days, later.
pub(super) async fn claims(tx: &mut TenantRead, near: NaiveDate, far: NaiveDate) -> Result<Claims, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        Claims,
        r#"SELECT count(*) FILTER (WHERE legal_due_on < $3) AS "overdue!",
                  count(*) FILTER (WHERE legal_due_on >= $3 AND legal_due_on <= $4) AS "days_30!",
                  count(*) FILTER (WHERE legal_due_on > $4 AND legal_due_on <= $5) AS "days_90!",
                  count(*) FILTER (WHERE legal_due_on > $5) AS "later!"
             FROM care_demand
            WHERE tenant_id = $1 AND state = ANY($2) AND legal_due_on IS NOT NULL"#,
        tenant.0,
        &open_states(),
        today,
        near,
        far
    )
    .fetch_one(tx.conn())
    .await
}

/// Unserved children of one group.
pub(super) struct Unserved {
    /// Which of the three is grouped by: 3 the age band, 5 the month, 6 the district.
    pub grouping: i32,
    pub age_band: Option<AgeBand>,
    pub month: Option<NaiveDate>,
    pub district: Option<String>,
    pub count: i64,
}

/// Children without a place, counted by age band on the wished day, by its month, and by the district of the first wish; the same that
/// the list shows: a child that has a place and wishes another one does not lack one.
///
/// They are put together before they are narrowed: of an age band the planner knows no statistics, expects a hundred children, and
/// would fetch thirty thousand one by one.
pub(super) async fn unserved(
    tx: &mut TenantRead,
    narrow: &Narrow,
    school: SchoolRule,
) -> Result<Vec<Unserved>, sqlx::Error> {
    let (tenant, restricted_too) = (tx.tenant_id(), tx.is_administrator());
    // A plan for each filter: one for all, which the database may keep after some requests, knows nothing of the filter.
    sqlx::query!("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
        .fetch_one(tx.conn())
        .await?;
    sqlx::query_as!(
        Unserved,
        r#"WITH waiting AS MATERIALIZED (
             SELECT COALESCE(app.age_band(COALESCE(c.birth_date, c.expected_birth_date), d.desired_start, s.entry_on, $8, $6),
                             'under3') AS age_band,
                    date_trunc('month', d.desired_start)::date AS month, COALESCE(f.district, '') AS district
               FROM care_demand d
               JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
               LEFT JOIN app.decided_entries($1) s ON s.child_id = d.child_id
               LEFT JOIN facility_preference p ON p.tenant_id = d.tenant_id AND p.demand_id = d.id AND p.rank = 1
               LEFT JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
              WHERE d.tenant_id = $1 AND d.state = ANY($2) AND NOT d.transfer AND ($7::bool OR c.restricted_at IS NULL)
           )
           SELECT grouping(age_band, month, district) AS "grouping!", age_band AS "age_band: AgeBand", month, district,
                  count(*) AS "count!"
             FROM waiting
            WHERE ($3::text IS NULL OR age_band = $3) AND ($4::date IS NULL OR month = $4) AND ($5::text IS NULL OR district = $5)
            GROUP BY GROUPING SETS ((age_band), (month), (district))
            ORDER BY 1, month, count(*) DESC, district"#,
        tenant.0,
        &open_states(),
        narrow.age_band.map(AgeBand::as_str),
        narrow.month,
        narrow.district.as_deref(),
        school.month(),
        restricted_too,
        school.six_by_number()
    )
    .fetch_all(tx.conn())
    .await
}

/// Children who enter school in one year and have a claim to full-day care from then on.
pub(super) struct Cohort {
    pub entry_year: i32,
    pub children: i64,
    pub waiting: i64,
    pub placed: i64,
}

/// The first year of school entry with a claim to full-day care; one grade more each year (§ 24 (4) SGB VIII).
const FIRST_COHORT: i32 = 2026;

/// The children of the years whose claim holds, up to those who enter next, whose families sent a demand: how many, for how many
/// after-school care is wished, and how many have a place beyond their school entry.
pub(super) async fn cohorts(tx: &mut TenantRead, school: SchoolRule) -> Result<Vec<Cohort>, sqlx::Error> {
    let (tenant, today, restricted_too) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    // The last year of entry that has begun, by the first day of school.
    let begun = (today.month(), today.day()) >= school.begins;
    let this = today.year() - i32::from(!begun);
    sqlx::query_as!(
        Cohort,
        r#"WITH known AS (
             SELECT c.id, app.school_entry(COALESCE(c.birth_date, c.expected_birth_date), s.entry_on, $4, $5) AS entry
               FROM child c
               LEFT JOIN app.decided_entries($1) s ON s.child_id = c.id
              WHERE c.tenant_id = $1 AND ($6::bool OR c.restricted_at IS NULL)
                AND EXISTS (SELECT 1 FROM care_demand d WHERE d.tenant_id = $1 AND d.child_id = c.id AND d.state <> 'draft')
                -- Nobody enters earlier than with four, or later than with nine.
                AND COALESCE(c.birth_date, c.expected_birth_date) >= make_date($2 - 9, 1, 1)
                AND COALESCE(c.birth_date, c.expected_birth_date) < make_date($3 - 3, 1, 1)
           )
           SELECT extract(year FROM k.entry)::int AS "entry_year!", count(*) AS "children!",
                  count(*) FILTER (WHERE EXISTS (
                    SELECT 1 FROM care_demand d
                     WHERE d.tenant_id = $1 AND d.child_id = k.id AND d.state = ANY($7) AND d.care_type = 'after_school' AND NOT d.transfer
                  )) AS "waiting!",
                  count(*) FILTER (WHERE EXISTS (
                    SELECT 1 FROM care_contract p
                     WHERE p.tenant_id = $1 AND p.child_id = k.id AND p.state <> 'terminated' AND p.care_until > greatest(k.entry, $8)
                  )) AS "placed!"
             FROM known k
            WHERE extract(year FROM k.entry) BETWEEN $2 AND $3
            GROUP BY 1
            ORDER BY 1"#,
        tenant.0,
        FIRST_COHORT.max(this - 3),
        this + 1,
        school.six_by_number(),
        school.month(),
        restricted_too,
        &open_states(),
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// What goes another way than the usual one.
pub(super) struct Exceptions {
    pub register_mismatches: i64,
    pub notices_to_approve: i64,
    pub notices_to_post: i64,
    pub objections: i64,
    pub deviations: i64,
    pub absences_uncovered: i64,
}

/// An offer past the order of a follow-up list.
pub(super) struct PassedOver {
    pub id: FollowupId,
    pub at: DateTime<Utc>,
    pub facility_name: String,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// The place in the order of who got the offer.
    pub position: i32,
    pub reason: Option<String>,
    pub decided_by: Option<String>,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(PassedOver, id.0);

/// What the offers past the order can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum PassedOverSort {
    /// When it was offered, the latest first.
    #[default]
    At,
    /// The facility's name.
    Facility,
    /// The place in the order, the farthest first.
    Position,
}

impl SortKey for PassedOverSort {
    fn natural(self) -> Direction {
        match self {
            Self::At | Self::Position => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// Which offers past the order, and how they are sorted.
pub(super) struct PassedOverFilter {
    /// The first day.
    pub since: NaiveDate,
    /// The last day.
    pub until: Option<NaiveDate>,
    pub facility: Option<FacilityId>,
    pub reason: Option<DeviationReason>,
    pub order: Sorted<PassedOverSort>,
}

/// Offers past the order of a follow-up list: without a filter, what the figure of deviations counts since the same day.
pub(super) async fn passed_over(
    tx: &mut TenantRead,
    filter: &PassedOverFilter,
) -> Result<Vec<PassedOver>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    sqlx::query_as!(
        PassedOver,
        r#"SELECT d.id AS "id: FollowupId", d.at, f.name AS facility_name, p.demand_id AS "demand_id: DemandId", c.id AS "child_id: ChildId",
                  c.first_name, c.last_name, d.position, d.reason,
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END) AS decided_by,
                  s.key AS sort_key, count(*) OVER () AS "total!"
             FROM followup_decision d
             JOIN facility f ON f.tenant_id = d.tenant_id AND f.id = d.facility_id
             JOIN facility_preference p ON p.tenant_id = d.tenant_id AND p.id = d.preference_id
             JOIN care_demand m ON m.tenant_id = p.tenant_id AND m.id = p.demand_id
             JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id
             LEFT JOIN account a ON a.tenant_id = d.tenant_id AND a.id = d.decided_by
            CROSS JOIN LATERAL (SELECT CASE $3::text
                 WHEN 'facility' THEN lower(f.name)
                 WHEN 'position' THEN lpad(d.position::text, 6, '0')
                 ELSE to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE d.tenant_id = $1 AND d.position > 1 AND d.goes_with IS NULL AND d.at >= $2::date::timestamp AT TIME ZONE 'Europe/Berlin'
              AND ($8::date IS NULL OR d.at < ($8::date + 1)::timestamp AT TIME ZONE 'Europe/Berlin')
              AND ($9::uuid IS NULL OR d.facility_id = $9)
              AND ($10::text IS NULL OR d.reason = $10)
              AND app.comes_after(s.key, d.id, $4, $5, $6)
            ORDER BY CASE WHEN NOT $4 THEN s.key END COLLATE "de-x-icu", CASE WHEN $4 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, d.id
            LIMIT $7"#,
        tenant.0,
        filter.since,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.until,
        filter.facility.map(|id| id.0),
        filter.reason.map(DeviationReason::as_str)
    )
    .fetch_all(tx.conn())
    .await
}

/// Counts exceptions; deviations from the order of a list or round since a day.
pub(super) async fn exceptions(tx: &mut TenantRead, since: NaiveDate) -> Result<Exceptions, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        Exceptions,
        r#"SELECT (SELECT count(*) FROM care_demand WHERE tenant_id = $1 AND state = ANY($2) AND register_mismatch) AS "register_mismatches!",
                  (SELECT count(*) FROM notice WHERE tenant_id = $1 AND state = 'drafted') AS "notices_to_approve!",
                  (SELECT count(*) FROM notice WHERE tenant_id = $1 AND state = 'approved') AS "notices_to_post!",
                  (SELECT count(*) FROM notice WHERE tenant_id = $1 AND state = 'objected') AS "objections!",
                  (SELECT count(*) FROM followup_decision
                    WHERE tenant_id = $1 AND position > 1 AND goes_with IS NULL AND at >= $3::date::timestamp AT TIME ZONE 'Europe/Berlin') AS "deviations!",
                  (SELECT count(*) FROM app.uncovered_absences($1, $4)) AS "absences_uncovered!""#,
        tenant.0,
        &open_states(),
        since,
        today
    )
    .fetch_one(tx.conn())
    .await
}
