//! SQL of drafts and notices.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sqlx::types::Json;

use super::ContractRow;
use crate::access::{TenantRead, TenantTx};
use crate::fees::NewFee;
use crate::fees::model::{Facts, Period};
use crate::platform::ids::{ChildId, ContractId, FeeId};

/// What was worked out for a contract.
#[derive(Debug, Clone)]
pub(in crate::fees) struct AssessmentRow {
    pub id: FeeId,
    pub contract_id: ContractId,
    pub child_id: ChildId,
    pub from_month: NaiveDate,
    pub child_position: i32,
    pub lone_parent: bool,
    pub income_up_to: Option<i32>,
    pub periods: Json<Vec<Period>>,
    pub note: String,
    pub issued_at: Option<DateTime<Utc>>,
    pub file_year: Option<i32>,
    pub file_serial: Option<i32>,
    pub version: i32,
}

impl AssessmentRow {
    pub fn facts(&self) -> Facts {
        Facts {
            child: self.child_position,
            lone_parent: self.lone_parent,
            income_up_to: self.income_up_to,
        }
    }

    /// `EB-2027-00012`; it has it from the draft on.
    pub fn file_number(&self) -> Option<String> {
        let (year, serial) = self.file_year.zip(self.file_serial)?;
        Some(file_number(year, serial))
    }
}

/// How a file number is written.
pub(in crate::fees) fn file_number(year: i32, serial: i32) -> String {
    format!("EB-{year}-{serial:05}")
}

/// Locks a draft or notice until the transaction ends.
pub(in crate::fees) async fn lock_fee(tx: &mut TenantTx, id: FeeId) -> Result<Option<AssessmentRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM fee_assessment WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(assessments(tx, None, Some(id)).await?.pop())
}

/// Drafts and notices of contracts, the oldest notice first and a draft last.
pub(in crate::fees) async fn assessments(
    tx: &mut TenantRead,
    contracts: Option<&[ContractId]>,
    id: Option<FeeId>,
) -> Result<Vec<AssessmentRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AssessmentRow,
        r#"SELECT id AS "id: FeeId", contract_id AS "contract_id: ContractId", child_id AS "child_id: ChildId", from_month, child_position,
                  lone_parent, income_up_to, periods AS "periods: Json<Vec<Period>>", note, issued_at, file_year, file_serial, version
             FROM fee_assessment
            WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR contract_id = ANY($2)) AND ($3::uuid IS NULL OR id = $3)
            ORDER BY issued_at NULLS LAST, file_year, file_serial"#,
        tenant.0,
        contracts as _,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// Keeps a draft under the next file number of the year; `false` where a draft of the contract is open.
pub(in crate::fees) async fn insert_draft(
    tx: &mut TenantTx,
    id: FeeId,
    contract: &ContractRow,
    new: &NewFee,
    periods: &[Period],
) -> Result<bool, sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id.0));
    let year = tx.today().year();
    let done = sqlx::query!(
        "INSERT INTO fee_assessment (tenant_id, id, contract_id, child_id, state, from_month, child_position, lone_parent, income_up_to,
                                     periods, note, drafted_by, drafted_at)
         VALUES ($1, $2, $3, $4, 'drafted', $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (tenant_id, contract_id) WHERE state = 'drafted' DO NOTHING",
        tenant.0,
        id.0,
        contract.id.0,
        contract.child_id.0,
        new.from_month,
        new.child_position,
        new.lone_parent,
        new.income_up_to,
        Json(periods) as _,
        new.note,
        by,
        now
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "WITH next AS (
             INSERT INTO fee_register (tenant_id, year, last) VALUES ($1, $3, 1)
             ON CONFLICT (tenant_id, year) DO UPDATE SET last = fee_register.last + 1
             RETURNING last
         )
         UPDATE fee_assessment SET file_year = $3, file_serial = next.last FROM next WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        year
    )
    .execute(tx.conn())
    .await?;
    Ok(true)
}

/// Notes that the notice of a draft was posted.
pub(in crate::fees) async fn issue(tx: &mut TenantTx, id: FeeId) -> Result<(), sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id.0));
    sqlx::query!(
        "UPDATE fee_assessment SET state = 'issued', issued_at = $3, issued_by = $4, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        now,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::fees) async fn delete_draft(tx: &mut TenantTx, id: FeeId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM fee_assessment WHERE tenant_id = $1 AND id = $2 AND state = 'drafted'",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
