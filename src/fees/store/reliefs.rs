//! SQL of what is waived of a fee.

use chrono::{DateTime, NaiveDate, Utc};

use super::ContractRow;
use crate::access::{TenantRead, TenantTx};
use crate::fees::model::ReliefReason;
use crate::fees::reliefs::NewRelief;
use crate::platform::ids::{ChildId, ContractId, FeeReliefId};

/// A relief as the office sees it.
#[derive(Debug, Clone)]
pub(in crate::fees) struct ReliefRow {
    pub id: FeeReliefId,
    pub contract_id: ContractId,
    pub child_id: ChildId,
    pub reason: ReliefReason,
    pub percent: i32,
    pub from_month: NaiveDate,
    pub until_month: NaiveDate,
    pub evidence_on: Option<NaiveDate>,
    pub note: String,
    pub decided_by: String,
    pub decided_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// Reliefs of contracts, or one; those that were taken back before they held are left out of the list.
pub(in crate::fees) async fn reliefs(
    tx: &mut TenantRead,
    contracts: Option<&[ContractId]>,
    id: Option<FeeReliefId>,
) -> Result<Vec<ReliefRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ReliefRow,
        r#"SELECT r.id AS "id: FeeReliefId", r.contract_id AS "contract_id: ContractId", r.child_id AS "child_id: ChildId",
                  r.reason AS "reason: ReliefReason", r.percent, r.from_month, r.until_month, r.evidence_on, r.note,
                  coalesce(a.display_name, a.email) AS "decided_by!", r.decided_at, r.revoked_at, r.version
             FROM fee_relief r
             JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.decided_by
            WHERE r.tenant_id = $1 AND ($2::uuid[] IS NULL OR (r.contract_id = ANY($2) AND r.revoked_at IS NULL))
              AND ($3::uuid IS NULL OR r.id = $3)
            ORDER BY r.from_month, r.id"#,
        tenant.0,
        contracts as _,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a relief until the transaction ends.
pub(in crate::fees) async fn lock_relief(tx: &mut TenantTx, id: FeeReliefId) -> Result<Option<ReliefRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM fee_relief WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(reliefs(tx, None, Some(id)).await?.pop())
}

pub(in crate::fees) async fn insert_relief(
    tx: &mut TenantTx,
    id: FeeReliefId,
    contract: &ContractRow,
    new: &NewRelief,
) -> Result<(), sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id.0));
    sqlx::query!(
        "INSERT INTO fee_relief (tenant_id, id, contract_id, child_id, reason, percent, from_month, until_month, evidence_on, note,
                                 decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        tenant.0,
        id.0,
        contract.id.0,
        contract.child_id.0,
        new.reason.as_str(),
        new.percent,
        new.from_month,
        new.until_month,
        new.evidence_on,
        new.note,
        by,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Lets a relief end in an earlier month; `None`: it holds for no month at all.
pub(in crate::fees) async fn end_relief(
    tx: &mut TenantTx,
    id: FeeReliefId,
    until: Option<NaiveDate>,
) -> Result<(), sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id.0));
    sqlx::query!(
        "UPDATE fee_relief
            SET until_month = coalesce($3, until_month), revoked_at = CASE WHEN $3::date IS NULL THEN $4::timestamptz END,
                ended_by = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        until,
        now,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
