//! Cases of a round: what is proposed, and what the office sees.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::{Answer, Outcome, SiblingRule};
use crate::allocation::rounds::proposal::{Flag, Proposal, WishCode};
use crate::allocation::rounds::snapshot::{Way, Wishes};
use crate::facilities::AgeBand;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{AccountId, CaseId, ChildId, DemandId, FacilityId, OfferId, PreferenceId, RoundId, RunId};

/// Rows written at once.
pub(super) const BATCH: usize = 2000;

/// Writes what a run says about these cases.
pub(in crate::allocation::rounds) async fn put_proposals(
    tx: &mut TenantTx,
    round: RoundId,
    proposals: &[Proposal],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    for batch in proposals.chunks(BATCH) {
        let ids: Vec<Uuid> = batch.iter().map(|p| p.case_id.0).collect();
        let pools: Vec<Option<&str>> = batch.iter().map(|p| p.pool.as_deref()).collect();
        let parts: Vec<Option<&str>> = batch.iter().map(|p| p.part.as_deref()).collect();
        let preferences: Vec<Option<Uuid>> = batch.iter().map(|p| p.preference_id.map(|id| id.0)).collect();
        let codes: Vec<String> = batch.iter().map(|p| text(&p.codes)).collect::<Result<_, _>>()?;
        // Arrays of arrays are no lists of lists in PostgreSQL, so the flags travel as one text each.
        let flags: Vec<String> = batch.iter().map(words).collect();
        let weights: Vec<i32> = batch.iter().map(Proposal::weight).collect();
        let numbers: Vec<&str> = batch.iter().map(|p| p.lottery.as_str()).collect();
        sqlx::query!(
            "INSERT INTO case_proposal (tenant_id, round_id, case_id, pool, preference_id, codes, flags, weight, lottery, part)
             SELECT $1, $2, x.id, x.pool, x.preference_id, x.codes::json, string_to_array(x.flags, ','), x.weight, x.lottery, x.part
               FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::int[], $9::text[], $10::text[])
                    AS x (id, pool, preference_id, codes, flags, weight, lottery, part)
             ON CONFLICT (tenant_id, case_id) DO UPDATE
                SET (decided_by, decided_at, decision_note) = (
                        SELECT case_proposal.decided_by, case_proposal.decided_at, case_proposal.decision_note
                         WHERE (case_proposal.pool, case_proposal.part, case_proposal.flags)
                               IS NOT DISTINCT FROM (excluded.pool, excluded.part, excluded.flags)),
                    pool = excluded.pool, part = excluded.part, preference_id = excluded.preference_id, codes = excluded.codes,
                    flags = excluded.flags, weight = excluded.weight, lottery = excluded.lottery",
            tenant.0,
            round.0,
            &ids,
            &pools as _,
            &preferences as _,
            &codes,
            &flags,
            &weights,
            &numbers as _,
            &parts as _
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// A list as the text of a JSON column.
fn text<T: serde::Serialize>(list: &[T]) -> Result<String, sqlx::Error> {
    serde_json::to_string(list).map_err(|e| sqlx::Error::Encode(Box::new(e)))
}

fn words(proposal: &Proposal) -> String {
    proposal.flags.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(",")
}

/// A case as the office sees it.
#[derive(Debug, Clone)]
pub(in crate::allocation::rounds) struct CaseRow {
    pub id: CaseId,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub reference_code: Option<String>,
    pub family: String,
    pub child: String,
    pub birth_date: NaiveDate,
    pub age_band: AgeBand,
    pub care_from: NaiveDate,
    pub legal_claim: bool,
    /// How the children of its family are placed.
    pub siblings: SiblingRule,
    /// When the parents said so; `None`: they did not, and what was set for all counts.
    pub siblings_said_at: Option<DateTime<Utc>>,
    pub wishes: Json<Wishes>,
    pub pool: Option<String>,
    /// The part of the pool, where it has parts.
    pub part: Option<String>,
    pub preference_id: Option<PreferenceId>,
    pub codes: Json<Vec<WishCode>>,
    pub flags: Vec<String>,
    pub lottery: Option<String>,
    pub outcome: Outcome,
    pub outcome_reason: Option<String>,
    pub run_id: Option<RunId>,
    pub offer_id: Option<OfferId>,
    /// How its latest offer stands.
    pub answer: Option<Answer>,
    /// Whether a place that came back after the release is proposed to it.
    pub moved_up: bool,
    /// Who decided about what is proposed; `None`: nobody has.
    pub decided_by: Option<AccountId>,
    /// That person's name.
    pub decided_by_name: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decision_note: Option<String>,
    /// Whether a person has to decide about it before the release.
    pub to_decide: bool,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(CaseRow, id.0);

impl CaseRow {
    /// First day of care and hours a week of the place that is proposed, where they are told apart.
    pub fn way(&self) -> Option<&Way> {
        let wish = self
            .wishes
            .iter()
            .find(|w| Some(w.preference_id) == self.preference_id)?;
        wish.way(self.part.as_deref())
    }

    /// What its family is told: an offer that could not be taken back was sent all the same.
    pub fn outcome_for_family(&self) -> Outcome {
        match self.outcome_reason.as_deref() {
            Some("not_released") => Outcome::Offered,
            _ => self.outcome,
        }
    }

    /// What a run said about a wish.
    pub fn code(&self, preference: PreferenceId) -> Option<&WishCode> {
        let at = self.wishes.iter().position(|w| w.preference_id == preference)?;
        self.codes.get(at)
    }
}

/// What a list of cases can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::allocation::rounds) enum CaseSort {
    /// The gravest matters first.
    #[default]
    Gravity,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The facility that is proposed.
    Facility,
    /// The age band.
    Band,
    /// The first day of care.
    Start,
    /// The day of birth.
    Born,
    /// The reference code.
    Reference,
}

impl SortKey for CaseSort {
    fn natural(self) -> Direction {
        match self {
            Self::Gravity => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What a list of cases is narrowed to, and its order.
#[derive(Debug, Clone, Default)]
pub(in crate::allocation::rounds) struct Cases {
    pub id: Option<CaseId>,
    pub flag: Option<Flag>,
    pub flagged: Option<bool>,
    pub placed: Option<bool>,
    pub facility: Option<FacilityId>,
    pub age_band: Option<AgeBand>,
    pub outcome: Option<Outcome>,
    pub answer: Option<Answer>,
    /// Those whose place came back, and those who moved up.
    pub moved: Option<bool>,
    /// Those who were offered a better place than the one they have.
    pub improved: Option<bool>,
    /// What the child's name or the reference code begins with, in small letters.
    pub q: Option<String>,
    /// Those about which a person has to decide and nobody has.
    pub undecided: Option<bool>,
    pub order: Sorted<CaseSort>,
}

/// Cases of a round in the order asked for: the page by the narrow rows alone, and then what belongs to it, so that a
/// table that was filled a moment ago, of which the planner knows nothing yet, is read no differently than any other. The office does not see
/// those of restricted data.
pub(in crate::allocation::rounds) async fn cases(
    tx: &mut TenantRead,
    round: RoundId,
    filter: &Cases,
) -> Result<Vec<CaseRow>, sqlx::Error> {
    let (page, keys, totals) = page(tx, round, filter).await?;
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CaseRow,
        r#"SELECT c.id AS "id: CaseId", c.demand_id AS "demand_id: DemandId", c.child_id AS "child_id: ChildId", k.first_name, k.last_name,
                  d.reference_code, c.family, c.child, c.birth_date, c.age_band AS "age_band: AgeBand", c.care_from, c.legal_claim,
                  COALESCE(c.siblings, q.config ->> 'siblings', 'preferred') AS "siblings!: SiblingRule", c.siblings_said_at,
                  c.wishes AS "wishes: Json<Wishes>", p.pool, p.part, p.preference_id AS "preference_id: PreferenceId",
                  p.codes AS "codes: Json<Vec<WishCode>>", p.flags, p.lottery, c.outcome AS "outcome: Outcome",
                  c.outcome_reason, c.run_id AS "run_id: RunId", c.offer_id AS "offer_id: OfferId",
                  CASE WHEN o.state IN ('sent', 'viewed') THEN 'open' ELSE o.state END AS "answer: Answer",
                  r.kind IS NOT DISTINCT FROM 'followup' AS "moved_up!", p.decided_by AS "decided_by: AccountId",
                  CASE WHEN a.id IS NOT NULL
                       THEN COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, '') END AS decided_by_name,
                  p.decided_at, p.decision_note, p.weight >= $5 AS "to_decide!", x.key AS "sort_key?", x.total AS "total!"
             FROM unnest($2::uuid[], $3::text[], $4::bigint[]) WITH ORDINALITY AS x (id, key, total, place)
             JOIN case_proposal p ON p.tenant_id = $1 AND p.case_id = x.id
             JOIN round_case c ON c.tenant_id = p.tenant_id AND c.id = p.case_id
             JOIN allocation_round q ON q.tenant_id = c.tenant_id AND q.id = c.round_id
             JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
             JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
             LEFT JOIN place_offer o ON o.tenant_id = c.tenant_id AND o.id = c.offer_id
             LEFT JOIN allocation_run r ON r.tenant_id = c.tenant_id AND r.id = c.run_id
             LEFT JOIN account a ON a.tenant_id = p.tenant_id AND a.id = p.decided_by
            ORDER BY x.place"#,
        tenant.0,
        &page,
        &keys as _,
        &totals,
        Flag::LAST_DECIDED.weight()
    )
    .fetch_all(tx.conn())
    .await
}

/// Ids of a page, the sort key of each, and how many there are from there on.
type Narrow = (Vec<Uuid>, Vec<Option<String>>, Vec<i64>);

async fn page(tx: &mut TenantRead, round: RoundId, filter: &Cases) -> Result<Narrow, sqlx::Error> {
    let (tenant, order, sees_restricted) = (tx.tenant_id(), &filter.order, tx.sees_restricted());
    let rows = sqlx::query!(
        r#"SELECT p.case_id, s.key, count(*) OVER () AS "total!"
           FROM case_proposal p
          CROSS JOIN LATERAL (SELECT CASE $10::text
               WHEN 'gravity' THEN lpad(p.weight::text, 10, '0')
               WHEN 'facility' THEN (SELECT lower(f.name)
                                       FROM round_pool q
                                       JOIN facility f ON f.tenant_id = q.tenant_id AND f.id = q.facility_id
                                      WHERE q.tenant_id = p.tenant_id AND q.round_id = p.round_id AND q.pool = p.pool)
               ELSE (SELECT CASE $10::text
                          WHEN 'child' THEN lower(concat_ws(' ', k.first_name, k.last_name))
                          WHEN 'band' THEN array_position('{under3,over3,school_age}'::text[], c.age_band)::text
                          WHEN 'start' THEN c.care_from::text
                          WHEN 'born' THEN c.birth_date::text
                          WHEN 'reference' THEN lower(d.reference_code) END
                       FROM round_case c
                       JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
                       JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
                      WHERE c.tenant_id = p.tenant_id AND c.id = p.case_id) END) s (key)
          WHERE p.tenant_id = $1 AND p.round_id = $2
            AND ($3::uuid IS NULL OR p.case_id = $3)
            AND ($4::text IS NULL OR $4 = ANY(p.flags))
            AND ($5::bool IS NULL OR (p.weight > 0) = $5)
            AND ($6::bool IS NULL OR (p.pool IS NOT NULL) = $6)
            AND ($7::uuid IS NULL OR p.pool IN (SELECT q.pool
                                                  FROM round_pool q
                                                 WHERE q.tenant_id = $1 AND q.round_id = $2 AND q.facility_id = $7))
            AND (($8::text IS NULL AND $9::text IS NULL)
                 OR EXISTS (SELECT 1
                              FROM round_case c
                             WHERE c.tenant_id = p.tenant_id AND c.id = p.case_id
                               AND ($8 IS NULL OR c.age_band = $8) AND ($9 IS NULL OR c.outcome = $9)))
            AND app.comes_after(s.key, p.case_id, $11, $16, $17)
            AND (($13::text IS NULL AND $14::bool IS NULL)
                 OR EXISTS (SELECT 1
                              FROM round_case c
                              LEFT JOIN place_offer o ON o.tenant_id = c.tenant_id AND o.id = c.offer_id
                              LEFT JOIN allocation_run r ON r.tenant_id = c.tenant_id AND r.id = c.run_id
                             WHERE c.tenant_id = p.tenant_id AND c.id = p.case_id
                               AND ($13 IS NULL OR CASE WHEN o.state IN ('sent', 'viewed') THEN 'open' ELSE o.state END = $13)
                               AND ($14 IS NULL OR (o.state IN ('declined', 'expired', 'revoked') OR r.kind = 'followup') IS TRUE = $14)))
            AND ($15::bool IS NULL
                 OR EXISTS (SELECT 1 FROM case_improvement i WHERE i.tenant_id = p.tenant_id AND i.case_id = p.case_id) = $15)
            AND ($18 OR p.case_id NOT IN (SELECT c.id
                                            FROM child k
                                            JOIN round_case c ON c.tenant_id = k.tenant_id AND c.child_id = k.id
                                           WHERE k.tenant_id = $1 AND k.restricted_at IS NOT NULL))
            AND ($19::text IS NULL
                 OR EXISTS (SELECT 1
                              FROM round_case c
                              JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
                              JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
                             WHERE c.tenant_id = p.tenant_id AND c.id = p.case_id
                               AND (lower(d.reference_code) ^@ $19 OR lower(k.last_name) ^@ $19
                                    OR lower(concat_ws(' ', k.first_name, k.last_name)) ^@ $19)))
            AND ($20::bool IS NULL OR (p.weight >= $21 AND p.decided_by IS NULL) = $20)
          ORDER BY CASE WHEN NOT $11 THEN s.key END COLLATE "de-x-icu", CASE WHEN $11 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, p.case_id
          LIMIT $12"#,
        tenant.0,
        round.0,
        filter.id.map(|id| id.0),
        filter.flag.map(Flag::as_str),
        filter.flagged,
        filter.placed,
        filter.facility.map(|id| id.0),
        filter.age_band.map(AgeBand::as_str),
        filter.outcome as _,
        order.by as _,
        order.downwards,
        order.limit + 1,
        filter.answer as _,
        filter.moved,
        filter.improved,
        order.last_key.as_deref(),
        order.last_id,
        sees_restricted,
        filter.q.as_deref(),
        filter.undecided,
        Flag::LAST_DECIDED.weight()
    )
    .fetch_all(tx.conn())
    .await?;
    let (mut ids, mut keys, mut totals) = Narrow::default();
    for row in rows {
        ids.push(row.case_id);
        keys.push(row.key);
        totals.push(row.total);
    }
    Ok((ids, keys, totals))
}

/// The numbers that these demands drew in the newest released round.
pub(in crate::allocation::rounds) async fn last_draw(
    tx: &mut TenantRead,
    demands: &[DemandId],
) -> Result<HashMap<DemandId, String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let demands: Vec<Uuid> = demands.iter().map(|d| d.0).collect();
    let rows = sqlx::query!(
        r#"SELECT c.demand_id AS "demand_id: DemandId", p.lottery AS "lottery!"
             FROM round_case c
             JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
            WHERE c.tenant_id = $1 AND c.demand_id = ANY($2) AND p.lottery IS NOT NULL
              AND c.round_id = (SELECT r.id
                                  FROM allocation_round r
                                 WHERE r.tenant_id = $1 AND r.released_at IS NOT NULL
                                 ORDER BY r.released_at DESC, r.id
                                 LIMIT 1)"#,
        tenant.0,
        &demands
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.demand_id, r.lottery)).collect())
}

/// The other cases of a family.
pub(in crate::allocation::rounds) async fn siblings_of(
    tx: &mut TenantRead,
    round: RoundId,
    family: &str,
    id: CaseId,
) -> Result<Vec<CaseId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: CaseId"
             FROM round_case
            WHERE tenant_id = $1 AND round_id = $2 AND family = $3 AND id <> $4
            ORDER BY id"#,
        tenant.0,
        round.0,
        family,
        id.0
    )
    .fetch_all(tx.conn())
    .await
}
