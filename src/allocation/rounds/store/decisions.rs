//! Records of decisions: added and read, never changed.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, CaseId, ChildId, DemandId, RoundId, RunId, random_uuid};

/// A record to be added.
pub(in crate::allocation::rounds) struct NewRecord<'a> {
    pub round_id: RoundId,
    pub run_id: RunId,
    pub case_id: CaseId,
    pub body: &'a str,
    pub sha256: &'a str,
}

/// Adds a record; one for a case and run.
pub(in crate::allocation::rounds) async fn add_record(
    tx: &mut TenantTx,
    new: &NewRecord<'_>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO decision_record (tenant_id, id, round_id, run_id, case_id, body, sha256, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, case_id, run_id) DO NOTHING",
        tenant.0,
        random_uuid(),
        new.round_id.0,
        new.run_id.0,
        new.case_id.0,
        new.body,
        new.sha256,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What a family answered to a criterion, and what the office saw of it.
pub(in crate::allocation::rounds) struct FactRow {
    pub code: String,
    pub claimed: bool,
    pub number: Option<i32>,
    pub evidence: String,
    pub seen_on: Option<NaiveDate>,
    pub seen_by: Option<AccountId>,
    pub seen_by_name: Option<String>,
    pub valid_until: Option<NaiveDate>,
}

/// The answers of a demand as they stand now.
pub(in crate::allocation::rounds) async fn facts_of(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Vec<FactRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FactRow,
        r#"SELECT c.code, f.claimed, f.number, f.evidence_state AS evidence, f.seen_on, f.seen_by AS "seen_by: AccountId",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END) AS seen_by_name, f.valid_until
             FROM demand_fact f
             JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
             LEFT JOIN account a ON a.tenant_id = f.tenant_id AND a.id = f.seen_by
            WHERE f.tenant_id = $1 AND f.demand_id = $2
            ORDER BY c.code"#,
        tenant.0,
        demand.0
    )
    .fetch_all(tx.conn())
    .await
}

/// All records of a round in the order in which they were made.
pub(in crate::allocation::rounds) async fn records(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT r.body, r.sha256, c.child_id AS "child_id: ChildId"
             FROM decision_record r
             JOIN round_case c ON c.tenant_id = r.tenant_id AND c.id = r.case_id
            WHERE r.tenant_id = $1 AND r.round_id = $2
            ORDER BY r.at, r.id"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter().for_each(|row| tx.touch_child(row.child_id));
    Ok(rows.into_iter().map(|r| (r.body, r.sha256)).collect())
}
