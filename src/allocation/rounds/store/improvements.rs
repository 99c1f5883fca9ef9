//! Children who have a place of a round and get, or turn down, one that their family likes better.

use std::collections::{BTreeSet, HashMap};

use sqlx::types::Json;
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::ImprovementState;
use crate::allocation::rounds::proposal::WishCode;
use crate::platform::ids::{CaseId, FacilityId, OfferId, PreferenceId, RoundId, RunId};

/// A better place to be offered; the place that is kept is that of the case.
pub(in crate::allocation::rounds) struct NewImprovement<'a> {
    pub case_id: CaseId,
    pub run_id: RunId,
    pub round_id: RoundId,
    pub pool: &'a str,
    pub preference_id: PreferenceId,
    pub codes: &'a [WishCode],
}

pub(in crate::allocation::rounds) async fn insert_improvement(
    tx: &mut TenantTx,
    new: &NewImprovement<'_>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let codes = serde_json::to_string(new.codes).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query!(
        "INSERT INTO case_improvement (tenant_id, case_id, run_id, round_id, pool, preference_id, codes, kept_offer_id, kept_preference_id)
         SELECT $1, $2, $3, $4, $5, $6, $7::text::json, c.offer_id, p.preference_id
           FROM round_case c
           JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
          WHERE c.tenant_id = $1 AND c.id = $2",
        tenant.0,
        new.case_id.0,
        new.run_id.0,
        new.round_id.0,
        new.pool,
        new.preference_id.0,
        codes
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What the newest run said of these cases, wish by wish.
pub(in crate::allocation::rounds) async fn codes_of(
    tx: &mut TenantRead,
    cases: impl Iterator<Item = CaseId>,
) -> Result<HashMap<CaseId, Vec<WishCode>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let cases: Vec<Uuid> = cases.map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT case_id AS "case_id: CaseId", codes AS "codes: Json<Vec<WishCode>>"
             FROM case_proposal
            WHERE tenant_id = $1 AND case_id = ANY($2)"#,
        tenant.0,
        &cases
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.case_id, r.codes.0)).collect())
}

/// Wishes that ended only because the child got another place of this round: child and pool.
pub(in crate::allocation::rounds) async fn covered_wishes(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<BTreeSet<(String, String)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT c.child, q.pool
             FROM round_case c
             JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
             JOIN facility_preference p ON p.tenant_id = c.tenant_id AND p.demand_id = c.demand_id
             JOIN round_pool q ON q.tenant_id = c.tenant_id AND q.round_id = c.round_id AND q.facility_id = p.facility_id
                              AND q.age_band = c.age_band
            WHERE c.tenant_id = $1 AND c.round_id = $2 AND d.state = 'covered' AND p.state = 'covered_elsewhere'"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.child, r.pool)).collect())
}

/// Better places that came to nothing; nobody is asked about the same one twice: child and pool.
pub(in crate::allocation::rounds) async fn turned_down(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<BTreeSet<(String, String)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        "SELECT c.child, i.pool
           FROM case_improvement i
           JOIN round_case c ON c.tenant_id = i.tenant_id AND c.id = i.case_id
          WHERE i.tenant_id = $1 AND i.round_id = $2 AND i.state IN ('declined', 'expired', 'revoked', 'not_sent')",
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.child, r.pool)).collect())
}

/// Some better places that have still to be offered.
pub(in crate::allocation::rounds) async fn waiting_improvements(
    tx: &mut TenantRead,
    round: RoundId,
    limit: i64,
) -> Result<Vec<(CaseId, RunId)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT case_id AS "case_id: CaseId", run_id AS "run_id: RunId"
             FROM case_improvement
            WHERE tenant_id = $1 AND round_id = $2 AND state = 'waiting'
            ORDER BY case_id
            LIMIT $3"#,
        tenant.0,
        round.0,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.case_id, r.run_id)).collect())
}

/// A better place as a run gave it.
pub(in crate::allocation::rounds) struct Claimed {
    pub pool: String,
    pub preference_id: PreferenceId,
    pub codes: Json<Vec<WishCode>>,
    /// Whether the child still has the place that it would keep.
    pub stands: bool,
}

/// Takes a better place for this transaction; `None` when another one dealt with it already.
pub(in crate::allocation::rounds) async fn claim_improvement(
    tx: &mut TenantTx,
    (case, run): (CaseId, RunId),
) -> Result<Option<Claimed>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Claimed,
        r#"SELECT i.pool, i.preference_id AS "preference_id: PreferenceId", i.codes AS "codes: Json<Vec<WishCode>>",
                  (c.offer_id = i.kept_offer_id
                   AND (o.state IN ('sent', 'viewed') OR d.state = 'covered' AND EXISTS (
                       SELECT 1 FROM care_contract k
                        WHERE k.tenant_id = i.tenant_id AND k.offer_id = o.id AND k.state IN ('drafted', 'sent')))) IS TRUE AS "stands!"
             FROM case_improvement i
             JOIN round_case c ON c.tenant_id = i.tenant_id AND c.id = i.case_id
             JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
             JOIN place_offer o ON o.tenant_id = i.tenant_id AND o.id = i.kept_offer_id
            WHERE i.tenant_id = $1 AND i.case_id = $2 AND i.run_id = $3 AND i.state = 'waiting'
              FOR UPDATE OF i"#,
        tenant.0,
        case.0,
        run.0
    )
    .fetch_optional(tx.conn())
    .await
}

pub(in crate::allocation::rounds) async fn set_improvement(
    tx: &mut TenantTx,
    (case, run): (CaseId, RunId),
    state: ImprovementState,
    reason: Option<&str>,
    offer: Option<OfferId>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE case_improvement SET state = $4, reason = $5, offer_id = $6 WHERE tenant_id = $1 AND case_id = $2 AND run_id = $3",
        tenant.0,
        case.0,
        run.0,
        state as _,
        reason,
        offer.map(|o| o.0)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The offer of a better place ended as its row says; `None` when it is no such offer.
pub(in crate::allocation::rounds) async fn improvement_ended(
    tx: &mut TenantTx,
    offer: OfferId,
) -> Result<Option<RoundId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"UPDATE case_improvement i
              SET state = o.state
             FROM place_offer o
            WHERE i.tenant_id = $1 AND i.offer_id = $2 AND i.state = 'offered'
              AND o.tenant_id = i.tenant_id AND o.id = i.offer_id AND o.state IN ('declined', 'expired', 'revoked')
            RETURNING i.round_id AS "round_id: RoundId""#,
        tenant.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The family accepted the better place: the case says so from now on. `false` when it is no such offer.
pub(in crate::allocation::rounds) async fn improvement_accepted(
    tx: &mut TenantTx,
    offer: OfferId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "WITH taken AS (
            UPDATE case_improvement SET state = 'accepted'
             WHERE tenant_id = $1 AND offer_id = $2 AND state = 'offered'
             RETURNING tenant_id, case_id, run_id, pool, preference_id, codes, offer_id),
         said AS (
            UPDATE case_proposal p
               SET pool = t.pool, preference_id = t.preference_id, codes = t.codes
              FROM taken t
             WHERE p.tenant_id = t.tenant_id AND p.case_id = t.case_id)
         UPDATE round_case c
            SET run_id = t.run_id, offer_id = t.offer_id, outcome = 'offered', outcome_reason = NULL
           FROM taken t
          WHERE c.tenant_id = t.tenant_id AND c.id = t.case_id",
        tenant.0,
        offer.0
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The place that a child keeps until it accepts an open offer of a better one.
#[derive(Debug, Clone)]
pub struct KeptPlace {
    /// Its offer.
    pub offer_id: OfferId,
    /// Where.
    pub facility_id: FacilityId,
    /// The name of the facility.
    pub facility_name: String,
    /// Its offer was not answered yet.
    pub open: bool,
}

pub(in crate::allocation::rounds) async fn kept_place(
    tx: &mut TenantRead,
    offer: OfferId,
) -> Result<Option<KeptPlace>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        KeptPlace,
        r#"SELECT o.id AS "offer_id: OfferId", o.facility_id AS "facility_id: FacilityId", f.name AS facility_name,
                  o.state IN ('sent', 'viewed') AS "open!"
             FROM case_improvement i
             JOIN place_offer o ON o.tenant_id = i.tenant_id AND o.id = i.kept_offer_id
             JOIN facility f ON f.tenant_id = o.tenant_id AND f.id = o.facility_id
            WHERE i.tenant_id = $1 AND i.offer_id = $2 AND i.state = 'offered'"#,
        tenant.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The preference for which an offer is open that the family likes better than this one.
pub(in crate::allocation::rounds) async fn better_offered(
    tx: &mut TenantRead,
    kept: OfferId,
) -> Result<Option<PreferenceId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT preference_id AS "preference_id: PreferenceId"
             FROM case_improvement
            WHERE tenant_id = $1 AND kept_offer_id = $2 AND state = 'offered'"#,
        tenant.0,
        kept.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Open offers of better places whose child has signed for the one that it has.
pub(in crate::allocation::rounds) async fn signed_meanwhile(tx: &mut TenantRead) -> Result<Vec<OfferId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT i.offer_id AS "offer_id!: OfferId"
             FROM case_improvement i
             JOIN care_contract k ON k.tenant_id = i.tenant_id AND k.offer_id = i.kept_offer_id
            WHERE i.tenant_id = $1 AND i.state = 'offered' AND k.state NOT IN ('drafted', 'sent', 'terminated')
            ORDER BY i.offer_id
            LIMIT 100"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The newest better place of a case.
pub(in crate::allocation::rounds) struct Improvement {
    pub case_id: CaseId,
    pub state: ImprovementState,
    pub preference_id: PreferenceId,
    pub kept_preference_id: PreferenceId,
    pub offer_id: Option<OfferId>,
}

/// The newest better place of each of these cases that has any.
pub(in crate::allocation::rounds) async fn improvements(
    tx: &mut TenantRead,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, Improvement>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_as!(
        Improvement,
        r#"SELECT DISTINCT ON (i.case_id) i.case_id AS "case_id: CaseId", i.state AS "state: ImprovementState",
                  i.preference_id AS "preference_id: PreferenceId", i.kept_preference_id AS "kept_preference_id: PreferenceId",
                  i.offer_id AS "offer_id: OfferId"
             FROM case_improvement i
             JOIN allocation_run r ON r.tenant_id = i.tenant_id AND r.id = i.run_id
            WHERE i.tenant_id = $1 AND i.case_id = ANY($2)
            ORDER BY i.case_id, r.number DESC"#,
        tenant.0,
        cases as _
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row)).collect())
}

/// Better places of a round by what became of them.
pub(in crate::allocation::rounds) async fn improvement_counts(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<(ImprovementState, i64)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT state AS "state: ImprovementState", count(*) AS "n!"
             FROM case_improvement
            WHERE tenant_id = $1 AND round_id = $2
            GROUP BY state"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n)).collect())
}

/// Whether the child of a case has a place of the round that nobody has signed for.
pub(in crate::allocation::rounds) async fn has_unsigned_place(
    tx: &mut TenantRead,
    case: CaseId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
             SELECT 1
               FROM round_case c
               JOIN place_offer o ON o.tenant_id = c.tenant_id AND o.id = c.offer_id
               LEFT JOIN care_contract k ON k.tenant_id = c.tenant_id AND k.offer_id = c.offer_id
              WHERE c.tenant_id = $1 AND c.id = $2 AND c.outcome = 'offered'
                AND (o.state IN ('sent', 'viewed') OR o.state = 'accepted' AND k.state IN ('drafted', 'sent'))) AS "has!""#,
        tenant.0,
        case.0
    )
    .fetch_one(tx.conn())
    .await
}
