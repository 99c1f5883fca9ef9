//! Demands of an allocation round with the order of their wishes.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::types::Json;
use uuid::Uuid;

use crate::access::TenantRead;
use crate::demands::criteria::Line;
use crate::demands::model::{DemandState, PreferenceState, SiblingAnswer};
use crate::demands::scored::{Entrant, Entrants, KeptSeats, ScoreLine, ScoredPreference, WaitingWish};
use crate::platform::ids::{ChildId, CriteriaSetId, DemandId, FacilityId, PreferenceId};

pub(in crate::demands) async fn entrants(tx: &mut TenantRead, which: &Entrants) -> Result<Vec<Entrant>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Entrant,
        r#"SELECT d.id AS "demand_id: DemandId", d.child_id AS "child_id: ChildId",
                  COALESCE(c.birth_date, c.expected_birth_date) AS "birth!", d.desired_start AS "desired_start!", d.legal_claim, d.transfer,
                  d.latest_start, d.hours_per_week, d.least_hours, d.times_first, d.ways AS "ways: Vec<FacilityId>",
                  d.siblings AS "siblings: SiblingAnswer",
                  d.siblings_said_at
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND d.state IN ('confirmed', 'in_allocation') AND d.submitted_at < $2
              AND d.desired_start < $3 AND (d.latest_start IS NULL OR d.latest_start >= $4)
            ORDER BY d.id"#,
        tenant.0,
        which.sent_before,
        which.until,
        which.from
    )
    .fetch_all(tx.conn())
    .await
}

/// What a set counted for each wish; `None` while one of them was not counted today. Where no set holds all are equal, and the draw decides.
pub(in crate::demands) async fn scored_preferences(
    tx: &mut TenantRead,
    which: &Entrants,
) -> Result<Option<Vec<ScoredPreference>>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let mut rows = sqlx::query!(
        r#"SELECT p.id AS "id: PreferenceId", p.demand_id AS "demand_id: DemandId", p.facility_id AS "facility_id: FacilityId", p.rank,
                  p.state AS "state: PreferenceState", p.points, p.criteria_rank, s.set_id AS "set_id?: CriteriaSetId",
                  s.ties AS "ties?", s.reserves AS "reserves?", s.lines_key AS "lines_key?",
                  d.scored_on IS NOT NULL AND d.scored_on >= $5 AS "counted!"
             FROM facility_preference p
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             LEFT JOIN preference_score s ON s.tenant_id = p.tenant_id AND s.preference_id = p.id
            WHERE d.tenant_id = $1 AND d.state IN ('confirmed', 'in_allocation') AND d.submitted_at < $2
              AND d.desired_start < $3 AND (d.latest_start IS NULL OR d.latest_start >= $4)
              AND p.state IN ('received', 'under_review', 'invited', 'waitlisted', 'refused')"#,
        tenant.0,
        which.sent_before,
        which.until,
        which.from,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    // Asked in the very statement that reads the points: between two of them a batch could be counted.
    if rows.iter().any(|row| !row.counted) {
        return Ok(None);
    }
    rows.sort_unstable_by_key(|row| (row.demand_id, row.rank));
    let named = rows.iter().filter_map(|row| Some((row.lines_key?, row.id)));
    let breakdowns = breakdowns(tx, &named.collect()).await?;
    let none: Arc<[ScoreLine]> = Arc::new([]);
    let lines = |key: Option<Uuid>| key.and_then(|key| breakdowns.get(&key)).unwrap_or(&none).clone();
    let scored = rows.into_iter().map(|row| {
        let mut priority = vec![i64::from(row.criteria_rank), i64::from(row.points)];
        priority.extend(row.ties.unwrap_or_default());
        ScoredPreference {
            id: row.id,
            demand_id: row.demand_id,
            facility_id: row.facility_id,
            state: row.state,
            priority,
            points: row.points,
            lines: lines(row.lines_key),
            reserves: row.reserves.unwrap_or_default(),
            set_id: row.set_id,
        }
    });
    let mut scored = scored.collect::<Vec<_>>();
    level(&mut scored);
    Ok(Some(scored))
}

/// Breakdowns by their names, each read from one of the wishes that have it.
async fn breakdowns(
    tx: &mut TenantRead,
    named: &HashMap<Uuid, PreferenceId>,
) -> Result<HashMap<Uuid, Arc<[ScoreLine]>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let wishes: Vec<PreferenceId> = named.values().copied().collect();
    let rows = sqlx::query!(
        r#"SELECT lines_key AS "lines_key!",
                  jsonb_path_query_array(lines, '$[*] ? (@.outcome != "does_not_hold")') AS "lines!: Json<Vec<Line>>"
             FROM preference_score
            WHERE tenant_id = $1 AND preference_id = ANY($2)"#,
        tenant.0,
        &wishes as _
    )
    .fetch_all(tx.conn())
    .await?;
    let told = |lines: Vec<Line>| lines.into_iter().filter_map(ScoreLine::of).collect();
    Ok(rows.into_iter().map(|row| (row.lines_key, told(row.lines.0))).collect())
}

/// The open wishes at a facility with their points, whether they wait, rest, were offered a place or refused.
pub(in crate::demands) async fn waiting_at(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Vec<WaitingWish>, sqlx::Error> {
    let (tenant, sees_restricted) = (tx.tenant_id(), tx.sees_restricted());
    let rows = sqlx::query!(
        r#"SELECT p.id AS "id: PreferenceId", p.demand_id AS "demand_id: DemandId", p.state AS "state: PreferenceState", p.points,
                  p.criteria_rank, s.set_id AS "set_id?: CriteriaSetId", s.ties AS "ties?", s.reserves AS "reserves?",
                  jsonb_path_query_array(s.lines, '$[*] ? (@.outcome != "does_not_hold")') AS "lines?: Json<Vec<Line>>",
                  d.child_id AS "child_id: ChildId", CASE WHEN $3 OR c.restricted_at IS NULL THEN c.first_name END AS first_name,
                  CASE WHEN $3 OR c.restricted_at IS NULL THEN c.last_name END AS last_name,
                  COALESCE(c.birth_date, c.expected_birth_date) AS "birth!", d.reference_code,
                  d.state AS "demand_state: DemandState", d.desired_start AS "desired_start!", d.latest_start, d.hours_per_week,
                  d.window_from, d.window_to, d.legal_claim, d.submitted_at AS "submitted_at!"
             FROM facility_preference p
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
             LEFT JOIN preference_score s ON s.tenant_id = p.tenant_id AND s.preference_id = p.id
            WHERE p.tenant_id = $1 AND p.facility_id = $2
              AND p.state IN ('received', 'under_review', 'invited', 'waitlisted', 'paused', 'offered', 'refused')
              AND d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending')
              AND d.desired_start IS NOT NULL AND d.submitted_at IS NOT NULL
              AND COALESCE(c.birth_date, c.expected_birth_date) IS NOT NULL"#,
        tenant.0,
        facility.0,
        sees_restricted
    )
    .fetch_all(tx.conn())
    .await?;
    let longest = rows
        .iter()
        .map(|r| r.ties.as_ref().map_or(0, Vec::len))
        .max()
        .unwrap_or(0);
    let wishes = rows.into_iter().map(|row| {
        let mut priority = vec![i64::from(row.criteria_rank), i64::from(row.points)];
        priority.extend(row.ties.unwrap_or_default());
        priority.resize(2 + longest, -i64::MAX);
        WaitingWish {
            wish: ScoredPreference {
                id: row.id,
                demand_id: row.demand_id,
                facility_id: facility,
                state: row.state,
                priority,
                points: row.points,
                lines: row
                    .lines
                    .map(|l| l.0)
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(ScoreLine::of)
                    .collect(),
                reserves: row.reserves.unwrap_or_default(),
                set_id: row.set_id,
            },
            child_id: row.child_id,
            first_name: row.first_name,
            last_name: row.last_name,
            birth: row.birth,
            reference_code: row.reference_code,
            demand_state: row.demand_state,
            desired_start: row.desired_start,
            latest_start: row.latest_start,
            hours_per_week: row.hours_per_week,
            window_from: row.window_from,
            window_to: row.window_to,
            legal_claim: row.legal_claim,
            submitted_at: row.submitted_at,
        }
    });
    Ok(wishes.collect())
}

/// A wish that was not counted yet comes last among its equals, so that all priorities of a facility are equally long.
pub(in crate::demands) fn level(scored: &mut [ScoredPreference]) {
    let mut longest: HashMap<FacilityId, usize> = HashMap::new();
    for wish in scored.iter() {
        let longest = longest.entry(wish.facility_id).or_default();
        *longest = (*longest).max(wish.priority.len());
    }
    for wish in scored {
        wish.priority.resize(longest[&wish.facility_id], -i64::MAX);
    }
}

pub(in crate::demands) async fn kept_seats(tx: &mut TenantRead) -> Result<Vec<KeptSeats>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        KeptSeats,
        r#"SELECT set_id AS "set_id: CriteriaSetId", reserve ->> 'type' AS "kind!", max((reserve ->> 'seats')::int) AS "seats!",
                  reserve ->> 'per' = 'group' AS "per_group!"
             FROM criteria_rule
            WHERE tenant_id = $1 AND reserve IS NOT NULL
            GROUP BY set_id, reserve ->> 'type', reserve ->> 'per'
            ORDER BY set_id, reserve ->> 'type', reserve ->> 'per'"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::demands) async fn set_names(
    tx: &mut TenantRead,
    sets: &[CriteriaSetId],
) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT concat_ws(' ', p.name, s.name, s.number::text, '(' || s.id || ')') AS "name!"
             FROM criteria_set s
             LEFT JOIN provider p ON p.tenant_id = s.tenant_id AND p.id = s.provider_id
            WHERE s.tenant_id = $1 AND s.id = ANY($2)
            ORDER BY s.provider_id IS NOT NULL, s.number, s.id"#,
        tenant.0,
        sets as _
    )
    .fetch_all(tx.conn())
    .await
}
