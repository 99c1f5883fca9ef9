//! Children who have a place of a round and get, or turn down, one that their family likes better.

use sqlx::types::Json;

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
    pub part: Option<&'a str>,
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
        "INSERT INTO case_improvement (tenant_id, case_id, run_id, round_id, pool, part, preference_id, codes, kept_offer_id,
                                       kept_preference_id)
         SELECT $1, $2, $3, $4, $5, $8, $6, $7::text::json, c.offer_id, p.preference_id
           FROM round_case c
           JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
          WHERE c.tenant_id = $1 AND c.id = $2",
        tenant.0,
        new.case_id.0,
        new.run_id.0,
        new.round_id.0,
        new.pool,
        new.preference_id.0,
        codes,
        new.part
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
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
    pub part: Option<String>,
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
        r#"SELECT i.pool, i.part, i.preference_id AS "preference_id: PreferenceId", i.codes AS "codes: Json<Vec<WishCode>>",
                  (c.offer_id = i.kept_offer_id
                   AND (o.state IN ('sent', 'viewed') OR d.state = 'covered' AND EXISTS (
                       SELECT 1 FROM care_contract k
                        WHERE k.tenant_id = i.tenant_id AND k.offer_id = o.id AND k.state IN ('drafted', 'sent')))) IS TRUE AS "stands!"
             FROM case_improvement i
             JOIN round_case c ON c.tenant_id = i.tenant_id AND c.id = i.case_id
             JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
             JOIN place_offer o ON o.tenant_id = i.tenant_id AND o.id = i.kept_offer_id
            WHERE i.tenant_id = $1 AND i.case_id = $2 AND i.run_id = $3 AND (i.state = 'waiting' OR i.reason = 'failed')
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

/// A better place that waits failed by itself: it waits no longer, and is tried again by whoever looks for such places.
pub(in crate::allocation::rounds) async fn improvement_failed(
    tx: &mut TenantTx,
    (case, run): (CaseId, RunId),
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE case_improvement SET state = 'not_sent', reason = 'failed'
          WHERE tenant_id = $1 AND case_id = $2 AND run_id = $3 AND state = 'waiting'",
        tenant.0,
        case.0,
        run.0
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
              SET state = o.state, reason = NULL
             FROM place_offer o
            WHERE i.tenant_id = $1 AND i.offer_id = $2 AND (i.state = 'offered' OR i.reason = 'not_released')
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
             RETURNING tenant_id, case_id, run_id, pool, part, preference_id, codes, offer_id),
         said AS (
            UPDATE case_proposal p
               SET pool = t.pool, part = t.part, preference_id = t.preference_id, codes = t.codes
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

/// Open offers of better places whose child has signed for the one that it has, after one.
pub(in crate::allocation::rounds) async fn signed_meanwhile(
    tx: &mut TenantRead,
    after: Option<OfferId>,
    limit: i64,
) -> Result<Vec<OfferId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT i.offer_id AS "offer_id!: OfferId"
             FROM case_improvement i
             JOIN care_contract k ON k.tenant_id = i.tenant_id AND k.offer_id = i.kept_offer_id
            WHERE i.tenant_id = $1 AND i.state = 'offered' AND k.state NOT IN ('drafted', 'sent', 'terminated')
              AND ($2::uuid IS NULL OR i.offer_id > $2)
            ORDER BY i.offer_id
            LIMIT $3"#,
        tenant.0,
        after.map(|after| after.0),
        limit
    )
    .fetch_all(tx.conn())
    .await
}
