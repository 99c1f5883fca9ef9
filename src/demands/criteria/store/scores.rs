//! Scores of preferences with their breakdown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::demands::criteria::model::{Line, ReserveType, Score, TieBreak};
use crate::platform::ids::{CriteriaSetId, DemandId, PreferenceId};

/// A score to be kept.
#[derive(Debug, Serialize)]
pub(in crate::demands) struct NewScore {
    pub preference_id: PreferenceId,
    pub set_id: CriteriaSetId,
    pub counts_on: NaiveDate,
    pub rank: i32,
    pub points: i32,
    pub ties: Vec<i64>,
    pub reserves: Vec<ReserveType>,
    pub lines: Vec<Line>,
}

impl NewScore {
    pub(in crate::demands) fn of(
        preference_id: PreferenceId,
        set_id: CriteriaSetId,
        counts_on: NaiveDate,
        score: Score,
    ) -> Self {
        Self {
            preference_id,
            set_id,
            counts_on,
            rank: score.rank,
            points: score.points,
            ties: score.ties,
            reserves: score.reserves,
            lines: score.lines,
        }
    }
}

/// Keeps the scores of all preferences of these demands, and takes the old one from where no set holds. Only what differs is written.
pub(in crate::demands) async fn keep_scores(
    tx: &mut TenantTx,
    demands: &[DemandId],
    scores: &[NewScore],
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let scored: Vec<PreferenceId> = scores.iter().map(|s| s.preference_id).collect();
    sqlx::query!(
        "DELETE FROM preference_score s
          USING facility_preference p
          WHERE s.tenant_id = $1 AND p.tenant_id = $1 AND p.id = s.preference_id AND p.demand_id = ANY($2)
            AND NOT s.preference_id = ANY($3)",
        tenant.0,
        demands as _,
        &scored as _
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO preference_score AS s (tenant_id, preference_id, set_id, counts_on, rank, points, ties, reserves, lines, counted_at)
         SELECT $1, x.preference_id, x.set_id, x.counts_on, x.rank, x.points, x.ties, x.reserves, x.lines, $3
           FROM jsonb_to_recordset($2) AS x (preference_id uuid, set_id uuid, counts_on date, rank int, points int, ties bigint[],
                                             reserves text[], lines jsonb)
         ON CONFLICT (tenant_id, preference_id) DO UPDATE
            SET set_id = excluded.set_id, counts_on = excluded.counts_on, rank = excluded.rank, points = excluded.points,
                ties = excluded.ties, reserves = excluded.reserves, lines = excluded.lines, counted_at = excluded.counted_at
          WHERE (s.set_id, s.counts_on, s.rank, s.points, s.ties, s.reserves, s.lines)
                IS DISTINCT FROM (excluded.set_id, excluded.counts_on, excluded.rank, excluded.points, excluded.ties,
                                  excluded.reserves, excluded.lines)",
        tenant.0,
        Json(scores) as _,
        now
    )
    .execute(tx.conn())
    .await?;
    carry_over(tx, demands).await
}

/// Rank, points and first tie-break also stand at the preference, for the order of lists.
async fn carry_over(tx: &mut TenantTx, demands: &[DemandId]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE facility_preference p
            SET points = COALESCE(s.points, 0), criteria_rank = COALESCE(s.rank, 0), tie_key = -s.ties[1]
           FROM facility_preference q
           LEFT JOIN preference_score s ON s.tenant_id = q.tenant_id AND s.preference_id = q.id
          WHERE p.tenant_id = $1 AND q.tenant_id = $1 AND q.id = p.id AND p.demand_id = ANY($2)
            AND (p.points, p.criteria_rank, p.tie_key) IS DISTINCT FROM (COALESCE(s.points, 0), COALESCE(s.rank, 0), -s.ties[1])",
        tenant.0,
        demands as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A kept score with the set that made it.
#[derive(Debug)]
pub(in crate::demands) struct ScoreRow {
    pub preference_id: PreferenceId,
    pub set_id: CriteriaSetId,
    pub set_name: String,
    pub set_number: i32,
    pub provider_name: Option<String>,
    pub tie_breaks: Vec<TieBreak>,
    pub counts_on: NaiveDate,
    pub rank: i32,
    pub points: i32,
    pub lines: Json<Vec<Line>>,
    pub counted_at: DateTime<Utc>,
}

/// The kept scores of these preferences.
pub(in crate::demands) async fn scores(
    tx: &mut TenantRead,
    preferences: &[PreferenceId],
) -> Result<Vec<ScoreRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ScoreRow,
        r#"SELECT s.preference_id AS "preference_id: PreferenceId", s.set_id AS "set_id: CriteriaSetId", c.name AS set_name,
                  c.number AS set_number, p.name AS "provider_name?", c.tie_breaks AS "tie_breaks: Vec<TieBreak>", s.counts_on,
                  s.rank, s.points, s.lines AS "lines: Json<Vec<Line>>", s.counted_at
             FROM preference_score s
             JOIN criteria_set c ON c.tenant_id = s.tenant_id AND c.id = s.set_id
             LEFT JOIN provider p ON p.tenant_id = c.tenant_id AND p.id = c.provider_id
            WHERE s.tenant_id = $1 AND s.preference_id = ANY($2)"#,
        tenant.0,
        preferences as _
    )
    .fetch_all(tx.conn())
    .await
}
