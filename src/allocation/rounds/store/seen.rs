//! What is shown of rounds to families, facilities and the public.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::access::TenantRead;
use crate::allocation::rounds::model::{Outcome, RoundConfig, RoundState};
use crate::allocation::rounds::report::{Figures, Report};
use crate::allocation::rounds::snapshot::{PlacesFrom, PlacesOfHours};
use crate::facilities::AgeBand;
use crate::platform::ids::{CaseId, ChildId, DemandId, FacilityId, PreferenceId, RoundId};

/// A round in public.
pub(in crate::allocation::rounds) struct PublicRound {
    pub id: RoundId,
    pub name: String,
    pub state: RoundState,
    pub kita_year: NaiveDate,
    pub key_date: NaiveDate,
    pub start_on: NaiveDate,
    pub config: Json<RoundConfig>,
    pub snapshot_sha256: Option<String>,
    pub rule_set: Option<String>,
    pub commitment: Option<String>,
    pub seed: Option<String>,
    pub frozen_at: Option<DateTime<Utc>>,
    pub released_at: Option<DateTime<Utc>>,
    pub engine: Option<String>,
    pub instance_sha256: Option<String>,
    pub metrics: Option<Json<Figures>>,
    pub report: Option<Json<Report>>,
}

/// Rounds, newest first. One that was given up before its freeze never was one; after it its commitment stays public. Their figures are of the standing run, which is public after the release only.
pub(in crate::allocation::rounds) async fn public_rounds(tx: &mut TenantRead) -> Result<Vec<PublicRound>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PublicRound,
        r#"SELECT o.id AS "id: RoundId", o.name, o.state AS "state: RoundState", o.kita_year, o.key_date, o.start_on,
                  o.config AS "config: Json<RoundConfig>", o.snapshot_sha256, o.rule_set, o.commitment,
                  CASE WHEN o.released_at IS NOT NULL THEN o.seed END AS seed, o.frozen_at, o.released_at,
                  r.engine AS "engine?", r.instance_sha256 AS "instance_sha256?", r.metrics AS "metrics?: Json<Figures>",
                  r.report AS "report?: Json<Report>"
             FROM allocation_round o
             LEFT JOIN allocation_run r ON r.tenant_id = o.tenant_id AND r.id = o.run_id AND o.released_at IS NOT NULL
            WHERE o.tenant_id = $1 AND (o.state <> 'cancelled' OR o.frozen_at IS NOT NULL)
            ORDER BY o.key_date DESC, o.id
            LIMIT 50"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The newest released round in which a demand was decided about, with its case.
pub(in crate::allocation::rounds) async fn decided_case(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<(RoundId, CaseId)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query!(
        r#"SELECT c.round_id AS "round_id: RoundId", c.id AS "id: CaseId"
             FROM round_case c
             JOIN allocation_round o ON o.tenant_id = c.tenant_id AND o.id = c.round_id
            WHERE c.tenant_id = $1 AND c.demand_id = $2 AND o.released_at IS NOT NULL AND c.outcome NOT IN ('none', 'waiting')
              AND c.outcome_reason IS DISTINCT FROM 'failed'
            ORDER BY o.released_at DESC, c.id
            LIMIT 1"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|f| (f.round_id, f.id)))
}

/// How many children a round placed in each of these pools.
pub(in crate::allocation::rounds) async fn placed_in(
    tx: &mut TenantRead,
    round: RoundId,
    pools: &[String],
) -> Result<Vec<(String, u64)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT COALESCE(part, pool) AS "part!", count(*) AS "n!"
             FROM case_proposal
            WHERE tenant_id = $1 AND round_id = $2 AND pool = ANY($3)
            GROUP BY COALESCE(part, pool)"#,
        tenant.0,
        round.0,
        pools
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.part, r.n.unsigned_abs())).collect())
}

/// Families in a round, and how many of them have a smaller lottery number than this one.
pub(in crate::allocation::rounds) async fn lottery_place(
    tx: &mut TenantRead,
    round: RoundId,
    number: &str,
) -> Result<(u64, u64), sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT count(DISTINCT lottery) AS "families!",
                  count(DISTINCT lottery) FILTER (WHERE lottery COLLATE "C" < $3 COLLATE "C") AS "smaller!"
             FROM case_proposal
            WHERE tenant_id = $1 AND round_id = $2"#,
        tenant.0,
        round.0,
        number
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.families.unsigned_abs(), row.smaller.unsigned_abs()))
}

/// The child of a demand.
pub(in crate::allocation::rounds) async fn child_of(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<ChildId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT child_id AS "child_id: ChildId" FROM care_demand WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// A wish before any round.
pub(in crate::allocation::rounds) struct OpenWish {
    pub preference_id: PreferenceId,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub rank: i32,
    pub points: i32,
}

/// The wishes of a demand in the parents' order.
pub(in crate::allocation::rounds) async fn open_wishes(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Vec<OpenWish>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        OpenWish,
        r#"SELECT p.id AS "preference_id: PreferenceId", p.facility_id AS "facility_id: FacilityId", f.name AS facility_name, p.rank,
                  p.points
             FROM facility_preference p
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
            WHERE p.tenant_id = $1 AND p.demand_id = $2
            ORDER BY p.rank"#,
        tenant.0,
        demand.0
    )
    .fetch_all(tx.conn())
    .await
}

/// One of those who wish a facility.
pub(in crate::allocation::rounds) struct Rival {
    pub facility_id: FacilityId,
    pub demand_id: DemandId,
    pub points: i32,
    /// Goes before all points.
    pub criteria_rank: i32,
    pub child_id: ChildId,
    pub birth: NaiveDate,
    pub desired_start: NaiveDate,
}

/// All who wait for these facilities.
pub(in crate::allocation::rounds) async fn rivals(
    tx: &mut TenantRead,
    facilities: &[FacilityId],
) -> Result<Vec<Rival>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Rival,
        r#"SELECT p.facility_id AS "facility_id: FacilityId", p.demand_id AS "demand_id: DemandId", p.points,
                  p.criteria_rank, d.child_id AS "child_id: ChildId", COALESCE(c.birth_date, c.expected_birth_date) AS "birth!", d.desired_start AS "desired_start!"
             FROM facility_preference p
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE p.tenant_id = $1 AND p.facility_id = ANY($2) AND d.state IN ('confirmed', 'in_allocation')
              AND p.state IN ('received', 'under_review', 'invited', 'waitlisted')"#,
        tenant.0,
        facilities as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Places of a facility in a released round.
pub(in crate::allocation::rounds) struct PoolOutcome {
    pub pool: String,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub age_band: AgeBand,
    pub cap: i32,
    pub starts: Json<Vec<PlacesFrom>>,
    pub hours: Json<Vec<PlacesOfHours>>,
}

/// Pools of these facilities; `None`: all.
pub(in crate::allocation::rounds) async fn pool_outcomes(
    tx: &mut TenantRead,
    round: RoundId,
    facilities: Option<&[FacilityId]>,
    only: Option<FacilityId>,
) -> Result<Vec<PoolOutcome>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PoolOutcome,
        r#"SELECT p.pool, p.facility_id AS "facility_id: FacilityId", f.name AS facility_name, p.age_band AS "age_band: AgeBand", p.cap,
                  p.starts AS "starts: Json<Vec<PlacesFrom>>", p.hours AS "hours: Json<Vec<PlacesOfHours>>"
             FROM round_pool p
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
            WHERE p.tenant_id = $1 AND p.round_id = $2 AND ($3::uuid[] IS NULL OR p.facility_id = ANY($3))
              AND ($4::uuid IS NULL OR p.facility_id = $4)
            ORDER BY f.name, p.facility_id, p.age_band
            LIMIT 200"#,
        tenant.0,
        round.0,
        facilities as _,
        only.map(|f| f.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// A child that a round placed.
pub(in crate::allocation::rounds) struct PlacedChild {
    pub pool: String,
    pub preference_id: PreferenceId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub care_from: NaiveDate,
    pub outcome: Outcome,
    pub offer_state: Option<String>,
}

/// Children placed in these pools whose offer was sent; a facility hears of nobody before the family does, and of nobody restricted.
pub(in crate::allocation::rounds) async fn placed_children(
    tx: &mut TenantRead,
    round: RoundId,
    pools: &[String],
) -> Result<Vec<PlacedChild>, sqlx::Error> {
    let (tenant, sees_restricted) = (tx.tenant_id(), tx.sees_restricted());
    sqlx::query_as!(
        PlacedChild,
        r#"SELECT p.pool AS "pool!", p.preference_id AS "preference_id!: PreferenceId", c.child_id AS "child_id: ChildId", k.first_name,
                  k.last_name, o.care_from, c.outcome AS "outcome: Outcome", o.state AS "offer_state?"
             FROM case_proposal p
             JOIN round_case c ON c.tenant_id = p.tenant_id AND c.id = p.case_id
             JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
             JOIN place_offer o ON o.tenant_id = c.tenant_id AND o.id = c.offer_id AND o.preference_id = p.preference_id
            WHERE p.tenant_id = $1 AND p.round_id = $2 AND p.pool = ANY($3) AND ($4 OR k.restricted_at IS NULL)
            ORDER BY p.pool, o.care_from, c.id"#,
        tenant.0,
        round.0,
        pools,
        sees_restricted
    )
    .fetch_all(tx.conn())
    .await
}
