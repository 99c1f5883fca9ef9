//! Deviations from the proposal.

use chrono::{DateTime, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::{DeviationKind, DeviationReason, DeviationState};
use crate::platform::ids::{AccountId, CaseId, ChildId, DeviationId, FacilityId, PreferenceId, RoundId};

/// A deviation to be written.
pub(in crate::allocation::rounds) struct NewDeviationRow<'a> {
    pub id: DeviationId,
    pub round_id: RoundId,
    pub case_id: CaseId,
    pub kind: DeviationKind,
    pub preference_id: PreferenceId,
    pub reason: DeviationReason,
    pub note: &'a str,
    pub by: AccountId,
}

/// A deviation.
#[derive(Debug, Clone)]
pub struct DeviationRow {
    pub(in crate::allocation::rounds) id: DeviationId,
    pub(in crate::allocation::rounds) case_id: CaseId,
    pub(in crate::allocation::rounds) child_id: ChildId,
    pub(in crate::allocation::rounds) child: String,
    pub(in crate::allocation::rounds) pool: Option<String>,
    pub(in crate::allocation::rounds) kind: DeviationKind,
    pub(in crate::allocation::rounds) preference_id: PreferenceId,
    pub(in crate::allocation::rounds) facility_id: FacilityId,
    pub(in crate::allocation::rounds) reason: DeviationReason,
    pub(in crate::allocation::rounds) note: String,
    pub(in crate::allocation::rounds) state: DeviationState,
    pub(in crate::allocation::rounds) proposed_by: AccountId,
    pub(in crate::allocation::rounds) proposed_by_name: String,
    pub(in crate::allocation::rounds) proposed_at: DateTime<Utc>,
    pub(in crate::allocation::rounds) approved_by: Option<AccountId>,
    pub(in crate::allocation::rounds) approved_by_name: Option<String>,
    pub(in crate::allocation::rounds) approved_at: Option<DateTime<Utc>>,
    pub(in crate::allocation::rounds) withdrawn_by: Option<AccountId>,
    pub(in crate::allocation::rounds) withdrawn_by_name: Option<String>,
    pub(in crate::allocation::rounds) withdrawn_at: Option<DateTime<Utc>>,
}

/// `false`: another deviation about the same child or wish stands.
pub(in crate::allocation::rounds) async fn insert_deviation(
    tx: &mut TenantTx,
    new: &NewDeviationRow<'_>,
) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let done = sqlx::query!(
        "INSERT INTO allocation_deviation (tenant_id, id, round_id, case_id, kind, preference_id, reason, note, state, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10)
         ON CONFLICT DO NOTHING",
        tenant.0,
        new.id.0,
        new.round_id.0,
        new.case_id.0,
        new.kind as _,
        new.preference_id.0,
        new.reason as _,
        new.note,
        new.by.0,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deviations of a round in their order, or of one case, or the one.
pub(in crate::allocation::rounds) async fn deviations(
    tx: &mut TenantRead,
    round: RoundId,
    case: Option<CaseId>,
    only: Option<DeviationId>,
) -> Result<Vec<DeviationRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DeviationRow,
        r#"SELECT v.id AS "id: DeviationId", v.case_id AS "case_id: CaseId", c.child_id AS "child_id: ChildId", c.child,
                  (SELECT w.value ->> 'pool'
                     FROM json_array_elements(c.wishes) w
                    WHERE w.value ->> 'preference_id' = v.preference_id::text) AS pool,
                  v.kind AS "kind: DeviationKind", v.preference_id AS "preference_id: PreferenceId",
                  p.facility_id AS "facility_id: FacilityId", v.reason AS "reason: DeviationReason", v.note,
                  v.state AS "state: DeviationState", v.proposed_by AS "proposed_by: AccountId",
                  COALESCE(pa.display_name, CASE WHEN pa.state <> 'closed' THEN pa.email END, '') AS "proposed_by_name!", v.proposed_at,
                  v.approved_by AS "approved_by: AccountId",
                  CASE WHEN aa.id IS NOT NULL
                       THEN COALESCE(aa.display_name, CASE WHEN aa.state <> 'closed' THEN aa.email END, '') END AS approved_by_name,
                  v.approved_at, v.withdrawn_by AS "withdrawn_by: AccountId",
                  CASE WHEN wa.id IS NOT NULL
                       THEN COALESCE(wa.display_name, CASE WHEN wa.state <> 'closed' THEN wa.email END, '') END AS withdrawn_by_name,
                  v.withdrawn_at
             FROM allocation_deviation v
             JOIN round_case c ON c.tenant_id = v.tenant_id AND c.id = v.case_id
             JOIN facility_preference p ON p.tenant_id = v.tenant_id AND p.id = v.preference_id
             LEFT JOIN account pa ON pa.tenant_id = v.tenant_id AND pa.id = v.proposed_by
             LEFT JOIN account aa ON aa.tenant_id = v.tenant_id AND aa.id = v.approved_by
             LEFT JOIN account wa ON wa.tenant_id = v.tenant_id AND wa.id = v.withdrawn_by
            WHERE v.tenant_id = $1 AND v.round_id = $2 AND ($3::uuid IS NULL OR v.case_id = $3) AND ($4::uuid IS NULL OR v.id = $4)
            ORDER BY v.proposed_at, v.id"#,
        tenant.0,
        round.0,
        case.map(|c| c.0),
        only.map(|d| d.0)
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::allocation::rounds) async fn approve_deviation(
    tx: &mut TenantTx,
    id: DeviationId,
    by: AccountId,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE allocation_deviation SET state = 'approved', approved_by = $3, approved_at = $4 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        by.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn withdraw_deviation(
    tx: &mut TenantTx,
    id: DeviationId,
    by: AccountId,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE allocation_deviation SET state = 'withdrawn', withdrawn_by = $3, withdrawn_at = $4 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        by.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
