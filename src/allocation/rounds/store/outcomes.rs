//! What came of the cases of a round after its release.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::{Answer, Outcome};
use crate::platform::ids::{CaseId, OfferId, RoundId, RunId};

/// Every case of a round waits for the job that deals with it.
pub(in crate::allocation::rounds) async fn let_wait(
    tx: &mut TenantTx,
    round: RoundId,
    run: RunId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE round_case SET outcome = 'waiting', run_id = $3 WHERE tenant_id = $1 AND round_id = $2",
        tenant.0,
        round.0,
        run.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A run after the release decided about a case: it waits for the job once more.
pub(in crate::allocation::rounds) async fn let_wait_again(
    tx: &mut TenantTx,
    id: CaseId,
    run: RunId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE round_case SET outcome = 'waiting', outcome_reason = NULL, run_id = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        run.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Some cases that wait: those with a place first, and of them those whose stay fits.
pub(in crate::allocation::rounds) async fn waiting_cases(
    tx: &mut TenantRead,
    round: RoundId,
    limit: i64,
) -> Result<Vec<CaseId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT c.id AS "id: CaseId"
             FROM round_case c
             JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
            WHERE c.tenant_id = $1 AND c.round_id = $2 AND c.outcome = 'waiting'
            ORDER BY p.pool IS NULL, 'stay_does_not_fit' = ANY(p.flags), c.id
            LIMIT $3"#,
        tenant.0,
        round.0,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Whether anybody's offer has still to be sent: of a first place, or of a better one.
pub(in crate::allocation::rounds) async fn is_somebody_waiting(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM round_case WHERE tenant_id = $1 AND round_id = $2 AND outcome = 'waiting')
               OR EXISTS (SELECT 1 FROM case_improvement WHERE tenant_id = $1 AND round_id = $2 AND state = 'waiting') AS "waiting!""#,
        tenant.0,
        round.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Takes a case for this transaction; `None` when another one dealt with it already.
pub(in crate::allocation::rounds) async fn claim_case(
    tx: &mut TenantTx,
    round: RoundId,
    id: CaseId,
) -> Result<Option<()>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_scalar!(
        "SELECT outcome
           FROM round_case
          WHERE tenant_id = $1 AND round_id = $2 AND id = $3 AND (outcome = 'waiting' OR outcome_reason = 'failed')
            FOR UPDATE",
        tenant.0,
        round.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|_| ()))
}

pub(in crate::allocation::rounds) async fn set_outcome(
    tx: &mut TenantTx,
    id: CaseId,
    outcome: Outcome,
    reason: Option<&str>,
    offer: Option<OfferId>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE round_case
            SET outcome = $3, outcome_reason = $4, offer_id = COALESCE($5, offer_id)
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        outcome as _,
        reason,
        offer.map(|o| o.0)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A case that waits failed by itself: it waits no longer, keeps its place, and is tried again by whoever looks for such cases.
pub(in crate::allocation::rounds) async fn case_failed(tx: &mut TenantTx, id: CaseId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE round_case SET outcome = 'not_sent', outcome_reason = 'failed'
          WHERE tenant_id = $1 AND id = $2 AND outcome = 'waiting'",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Cases and better places that failed by themselves; a better place with the run that gave it.
pub(in crate::allocation::rounds) async fn failed_turns(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<(CaseId, Option<RunId>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT id AS "case_id!: CaseId", NULL::uuid AS "run_id?: RunId"
             FROM round_case
            WHERE tenant_id = $1 AND round_id = $2 AND outcome_reason = 'failed'
            UNION ALL
           SELECT case_id, run_id
             FROM case_improvement
            WHERE tenant_id = $1 AND round_id = $2 AND reason = 'failed'
            ORDER BY 2 NULLS FIRST, 1"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.case_id, r.run_id)).collect())
}

/// An offer of a round that lost its ground and could not be taken back.
pub(in crate::allocation::rounds) async fn not_released(tx: &mut TenantTx, offer: OfferId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "WITH better AS (
            UPDATE case_improvement SET state = 'not_sent', reason = 'not_released'
             WHERE tenant_id = $1 AND offer_id = $2 AND state = 'offered')
         UPDATE round_case SET outcome = 'not_sent', outcome_reason = 'not_released'
          WHERE tenant_id = $1 AND offer_id = $2 AND outcome = 'offered'",
        tenant.0,
        offer.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// It was taken back after all.
pub(in crate::allocation::rounds) async fn released_after_all(
    tx: &mut TenantTx,
    offer: OfferId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE round_case SET outcome = 'offered', outcome_reason = NULL
          WHERE tenant_id = $1 AND offer_id = $2 AND outcome_reason = 'not_released'",
        tenant.0,
        offer.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The round and case of an offer that a released round made.
pub(in crate::allocation::rounds) async fn round_of_offer(
    tx: &mut TenantRead,
    offer: OfferId,
) -> Result<Option<RoundId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT round_id AS "round_id: RoundId" FROM round_case WHERE tenant_id = $1 AND offer_id = $2"#,
        tenant.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Where the cases of a released round stand: child, pool, and the state of the latest offer.
pub(in crate::allocation::rounds) struct Standing {
    pub child: String,
    pub pool: Option<String>,
    /// The part of the pool, where it has parts.
    pub part: Option<String>,
    pub outcome: Outcome,
    /// `let_go` once the contract that followed has ended or will.
    pub offer_state: Option<String>,
    pub demand_waits: bool,
    /// The latest first day that the family would take.
    pub latest_start: Option<NaiveDate>,
    /// Its place was not signed for by anybody.
    pub unsigned: bool,
    /// The pool about which it is asked, or will be, that its family likes better.
    pub improving: Option<String>,
    /// The part of that pool.
    pub improving_part: Option<String>,
    /// The place could not be offered yet because the case fails by itself.
    pub failed: bool,
    /// The same of the better place.
    pub improving_failed: bool,
}

pub(in crate::allocation::rounds) async fn standing(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<Standing>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Standing,
        r#"SELECT c.child, p.pool, p.part, c.outcome AS "outcome: Outcome",
                  CASE WHEN o.state = 'accepted' AND EXISTS (
                      SELECT 1 FROM care_contract k
                       WHERE k.tenant_id = c.tenant_id AND k.offer_id = c.offer_id AND k.state IN ('terminated', 'ended')
                       ) THEN 'let_go' ELSE o.state END AS offer_state,
                  d.state IN ('confirmed', 'in_allocation') AS "demand_waits!", d.latest_start,
                  (o.state IN ('sent', 'viewed') OR d.state = 'covered' AND EXISTS (
                      SELECT 1 FROM care_contract k
                       WHERE k.tenant_id = c.tenant_id AND k.offer_id = c.offer_id AND k.state IN ('drafted', 'sent'))) IS TRUE
                      AS "unsigned!",
                  i.pool AS "improving?", i.part AS improving_part,
                  (c.outcome_reason = 'failed') IS TRUE AS "failed!", (i.reason = 'failed') IS TRUE AS "improving_failed!"
             FROM round_case c
             JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
             JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
             LEFT JOIN place_offer o ON o.tenant_id = c.tenant_id AND o.id = c.offer_id
             LEFT JOIN case_improvement i ON i.tenant_id = c.tenant_id AND i.case_id = c.id
                                         AND (i.state IN ('waiting', 'offered') OR i.reason = 'failed')
            WHERE c.tenant_id = $1 AND c.round_id = $2"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Cases of a round by outcome.
pub(in crate::allocation::rounds) async fn outcomes(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<(Outcome, i64)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT outcome AS "outcome: Outcome", count(*) AS "n!"
             FROM round_case
            WHERE tenant_id = $1 AND round_id = $2
            GROUP BY outcome"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.outcome, r.n)).collect())
}

/// Offers of a round's cases by how they stand, and how many of each were the first place of somebody who moved up.
pub(in crate::allocation::rounds) struct Answers {
    pub answer: Answer,
    pub all: i64,
    pub moved_up: i64,
}

pub(in crate::allocation::rounds) async fn answers_of_families(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<Answers>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Answers,
        r#"SELECT CASE WHEN o.state IN ('sent', 'viewed') THEN 'open' ELSE o.state END AS "answer!: Answer", count(*) AS "all!",
                  count(*) FILTER (WHERE r.kind = 'followup' AND c.outcome = 'offered' AND NOT EXISTS (
                      SELECT 1 FROM case_improvement i WHERE i.tenant_id = c.tenant_id AND i.offer_id = c.offer_id)) AS "moved_up!"
             FROM round_case c
             JOIN place_offer o ON o.tenant_id = c.tenant_id AND o.id = c.offer_id
             LEFT JOIN allocation_run r ON r.tenant_id = c.tenant_id AND r.id = c.run_id
            WHERE c.tenant_id = $1 AND c.round_id = $2
            GROUP BY 1"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}
