//! What is known of better places: for the next run, for the office, and for the family.

use std::collections::{BTreeSet, HashMap};

use sqlx::types::Json;
use uuid::Uuid;

use crate::access::TenantRead;
use crate::allocation::rounds::model::ImprovementState;
use crate::allocation::rounds::proposal::WishCode;
use crate::platform::ids::{CaseId, OfferId, PreferenceId, RoundId};

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
