//! SQL of this slice.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::NewFee;
use super::model::{self, Facts, FeeRow, Period, Schedule, TableInput};
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::month_of;
use crate::platform::fields::Invalid;
use crate::platform::ids::{ChildId, ContractId, DemandId, FeeId, FeeScheduleId};

/// Where a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = FeeScheduleState)]
pub enum ScheduleState {
    /// Being written; nothing is owed by it.
    Draft,
    /// Fixed, with the month from which it holds.
    Published,
    /// Taken back before it held.
    Withdrawn,
}

/// A table as it is stored.
#[derive(Debug, Clone)]
pub(super) struct ScheduleRow {
    pub id: FeeScheduleId,
    pub number: i32,
    pub name: String,
    pub legal_basis: String,
    pub due_day: i32,
    pub state: ScheduleState,
    pub valid_from: Option<NaiveDate>,
    pub formula: Option<Json<TableInput>>,
    pub rows: Json<Vec<FeeRow>>,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl ScheduleRow {
    pub fn content(&self) -> Content {
        Content {
            name: self.name.clone(),
            legal_basis: self.legal_basis.clone(),
            due_day: self.due_day,
            formula: self.formula.as_ref().map(|f| f.0.clone()),
            rows: self.rows.0.clone(),
        }
    }
}

/// What a draft says.
pub(super) struct Content {
    pub name: String,
    pub legal_basis: String,
    pub due_day: i32,
    pub formula: Option<TableInput>,
    pub rows: Vec<FeeRow>,
}

impl Content {
    pub fn empty(name: String) -> Self {
        Self {
            name,
            legal_basis: String::new(),
            due_day: 15,
            formula: None,
            rows: Vec::new(),
        }
    }

    /// With a table, and the formula that it came from.
    pub fn with_table(self, table: TableInput) -> Result<Self, Invalid> {
        let rows = table.rows()?;
        let formula = matches!(table, TableInput::Formula { .. }).then_some(table);
        Ok(Self { formula, rows, ..self })
    }
}

/// All tables, the newest first.
pub(super) async fn schedules(tx: &mut TenantRead) -> Result<Vec<ScheduleRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ScheduleRow,
        r#"SELECT id AS "id: FeeScheduleId", number, name, legal_basis, due_day, state AS "state: ScheduleState", valid_from,
                  formula AS "formula: Json<TableInput>", rows AS "rows: Json<Vec<FeeRow>>", published_at, version
             FROM fee_schedule
            WHERE tenant_id = $1
            ORDER BY number DESC"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// One table.
pub(super) async fn schedule(tx: &mut TenantRead, id: FeeScheduleId) -> Result<Option<ScheduleRow>, sqlx::Error> {
    Ok(schedules(tx).await?.into_iter().find(|row| row.id == id))
}

/// Published tables in the order of their months.
pub(super) async fn published(tx: &mut TenantRead) -> Result<Vec<Schedule>, sqlx::Error> {
    let mut all: Vec<Schedule> = schedules(tx)
        .await?
        .into_iter()
        .filter(|row| row.state == ScheduleState::Published)
        .filter_map(|row| {
            Some(Schedule {
                id: row.id,
                valid_from: row.valid_from?,
                rows: row.rows.0,
            })
        })
        .collect();
    all.sort_by_key(|s| s.valid_from);
    Ok(all)
}

pub(super) async fn lock_schedule(tx: &mut TenantTx, id: FeeScheduleId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM fee_schedule WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn insert_schedule(
    tx: &mut TenantTx,
    id: FeeScheduleId,
    content: &Content,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO fee_schedule (tenant_id, id, number, name, legal_basis, due_day, state, formula, rows)
         VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM fee_schedule WHERE tenant_id = $1), $3, $4, $5, 'draft', $6, $7)",
        tenant.0,
        id.0,
        content.name,
        content.legal_basis,
        content.due_day,
        content.formula.as_ref().map(Json) as _,
        Json(&content.rows) as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn update_schedule(
    tx: &mut TenantTx,
    id: FeeScheduleId,
    content: &Content,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE fee_schedule
            SET name = $3, legal_basis = $4, due_day = $5, formula = $6, rows = $7, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        content.name,
        content.legal_basis,
        content.due_day,
        content.formula.as_ref().map(Json) as _,
        Json(&content.rows) as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn publish_schedule(tx: &mut TenantTx, id: FeeScheduleId, from: NaiveDate) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE fee_schedule SET state = 'published', valid_from = $3, published_at = $4, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        from,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn withdraw_schedule(tx: &mut TenantTx, id: FeeScheduleId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE fee_schedule SET state = 'withdrawn', version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The terms of a contract on which a fee depends.
pub(super) struct ContractRow {
    pub id: ContractId,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub birth: NaiveDate,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    /// As they stood in the contract itself.
    pub hours_per_week: i32,
    /// The hours of its changes, each from its day on.
    pub changes: Json<Vec<(NaiveDate, i32)>>,
}

impl ContractRow {
    /// The hours by month: those of the contract, and of each change from the month on in which it holds.
    pub fn hours(&self) -> Vec<(NaiveDate, i32)> {
        let first = (month_of(self.care_from), self.hours_per_week);
        let changes = self.changes.iter().map(|(from, hours)| (month_of(*from), *hours));
        std::iter::once(first).chain(changes).collect()
    }

    /// The hours of a month.
    pub fn hours_in(&self, month: NaiveDate) -> i32 {
        model::hours_in(&self.hours(), month)
    }
}

/// One that came about or still can: what ended before care began costs nothing.
pub(super) async fn contract(tx: &mut TenantRead, id: ContractId) -> Result<Option<ContractRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ContractRow,
        r#"SELECT k.id AS "id: ContractId", k.demand_id AS "demand_id: DemandId", k.child_id AS "child_id: ChildId",
                  coalesce(c.birth_date, c.expected_birth_date) AS "birth!", k.care_from, k.care_until, k.hours_per_week,
                  (SELECT coalesce(json_agg(json_build_array(v.valid_from, v.hours_per_week) ORDER BY v.number), '[]')
                     FROM contract_amendment v
                    WHERE v.tenant_id = k.tenant_id AND v.contract_id = k.id AND v.state = 'signed_by_provider'
                  ) AS "changes!: Json<Vec<(NaiveDate, i32)>>"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
            WHERE k.tenant_id = $1 AND k.id = $2 AND NOT (k.state = 'terminated' AND k.began_on IS NULL)"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// What was worked out for a contract.
#[derive(Debug, Clone)]
pub(super) struct AssessmentRow {
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

    /// `EB-2027-00012`, once it is issued.
    pub fn file_number(&self) -> Option<String> {
        let (year, serial) = self.file_year.zip(self.file_serial)?;
        Some(file_number(year, serial))
    }
}

/// How a file number is written.
pub(super) fn file_number(year: i32, serial: i32) -> String {
    format!("EB-{year}-{serial:05}")
}

/// Locks a draft or notice until the transaction ends.
pub(super) async fn lock_fee(tx: &mut TenantTx, id: FeeId) -> Result<Option<AssessmentRow>, sqlx::Error> {
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
pub(super) async fn assessments(
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

/// `false` where a draft of the contract is open.
pub(super) async fn insert_draft(
    tx: &mut TenantTx,
    id: FeeId,
    contract: &ContractRow,
    new: &NewFee,
    periods: &[Period],
) -> Result<bool, sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id.0));
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
    Ok(done.rows_affected() == 1)
}

/// Gives a draft the next file number of the year.
pub(super) async fn issue(tx: &mut TenantTx, id: FeeId) -> Result<(), sqlx::Error> {
    let (tenant, now, year, by) = (
        tx.tenant_id(),
        tx.now(),
        tx.today().year(),
        tx.account().map(|a| a.id.0),
    );
    let serial = sqlx::query_scalar!(
        "INSERT INTO fee_register (tenant_id, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (tenant_id, year) DO UPDATE SET last = fee_register.last + 1
         RETURNING last",
        tenant.0,
        year
    )
    .fetch_one(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE fee_assessment
            SET state = 'issued', issued_at = $3, issued_by = $4, file_year = $5, file_serial = $6, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        now,
        by,
        year,
        serial
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn delete_draft(tx: &mut TenantTx, id: FeeId) -> Result<(), sqlx::Error> {
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

/// A contract in the office's list of fees.
pub(super) struct ListedRow {
    pub contract_id: ContractId,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth: NaiveDate,
    pub facility_name: String,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    pub hours_per_week: i32,
    pub changes: Json<Vec<(NaiveDate, i32)>>,
    pub older_siblings: i64,
}

impl ListedRow {
    /// The terms on which a fee depends.
    pub fn terms(&self) -> ContractRow {
        ContractRow {
            id: self.contract_id,
            demand_id: self.demand_id,
            child_id: self.child_id,
            birth: self.birth,
            care_from: self.care_from,
            care_until: self.care_until,
            hours_per_week: self.hours_per_week,
            changes: self.changes.clone(),
        }
    }
}

/// What the office's list is narrowed to.
#[derive(Default)]
pub(super) struct Filter {
    pub without_notice: bool,
    pub after: Option<(NaiveDate, ContractId)>,
    pub limit: i64,
}

/// Contracts of the tenant by their first day, with how many older siblings are in care on it.
pub(super) async fn listed(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<ListedRow>, sqlx::Error> {
    let (tenant, (from, id)) = (tx.tenant_id(), filter.after.map(|(day, id)| (day, id.0)).unzip());
    let today = tx.today();
    sqlx::query_as!(
        ListedRow,
        r#"SELECT k.id AS "contract_id: ContractId", k.demand_id AS "demand_id: DemandId", k.child_id AS "child_id: ChildId",
                  c.first_name, c.last_name, coalesce(c.birth_date, c.expected_birth_date) AS "birth!", f.name AS facility_name, k.care_from, k.care_until,
                  k.hours_per_week,
                  (SELECT coalesce(json_agg(json_build_array(v.valid_from, v.hours_per_week) ORDER BY v.number), '[]')
                     FROM contract_amendment v
                    WHERE v.tenant_id = k.tenant_id AND v.contract_id = k.id AND v.state = 'signed_by_provider'
                  ) AS "changes!: Json<Vec<(NaiveDate, i32)>>", (
                      SELECT count(DISTINCT o.child_id)
                        FROM sibling_link s
                        JOIN care_contract o ON o.tenant_id = s.tenant_id AND o.state <> 'terminated'
                                            AND o.child_id = CASE WHEN s.child_id = k.child_id THEN s.sibling_id ELSE s.child_id END
                        JOIN child b ON b.tenant_id = o.tenant_id AND b.id = o.child_id
                       WHERE s.tenant_id = k.tenant_id AND (s.child_id = k.child_id OR s.sibling_id = k.child_id)
                         AND o.care_from <= greatest(k.care_from, $5::date) AND o.care_until > greatest(k.care_from, $5::date)
                         AND coalesce(b.birth_date, b.expected_birth_date) < coalesce(c.birth_date, c.expected_birth_date)
                  ) AS "older_siblings!"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE k.tenant_id = $1 AND k.state <> 'terminated' AND k.care_until > $5::date
              AND (NOT $2 OR NOT EXISTS (SELECT 1
                                           FROM fee_assessment a
                                          WHERE a.tenant_id = k.tenant_id AND a.contract_id = k.id AND a.state = 'issued'))
              AND ($3::date IS NULL OR (k.care_from, k.id) > ($3, $4::uuid))
            ORDER BY k.care_from, k.id
            LIMIT $6"#,
        tenant.0,
        filter.without_notice,
        from,
        id,
        today,
        filter.limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Notices of the children of whom an account has custody today, the newest first.
pub(super) struct OwnRow {
    pub id: FeeId,
    pub contract_id: ContractId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub facility_name: String,
}

pub(super) async fn own(
    tx: &mut TenantRead,
    account: uuid::Uuid,
    id: Option<FeeId>,
) -> Result<Vec<OwnRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        OwnRow,
        r#"SELECT a.id AS "id: FeeId", a.contract_id AS "contract_id: ContractId", a.child_id AS "child_id: ChildId", c.first_name,
                  c.last_name, f.name AS facility_name
             FROM fee_assessment a
             JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
             JOIN child c ON c.tenant_id = a.tenant_id AND c.id = a.child_id
            WHERE a.tenant_id = $1 AND a.state = 'issued' AND ($4::uuid IS NULL OR a.id = $4)
              AND EXISTS (SELECT 1
                            FROM custody u
                            JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                           WHERE u.tenant_id = a.tenant_id AND u.child_id = a.child_id AND g.account_id = $2
                             AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to > $3))
            ORDER BY a.issued_at DESC, a.id"#,
        tenant.0,
        account,
        today,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// A line of the receivables of a month.
pub(super) struct ReceivableRow {
    pub child_id: ChildId,
    pub periods: Json<Vec<Period>>,
    pub file_year: i32,
    pub file_serial: i32,
    pub reference_code: Option<String>,
    pub facility_name: String,
    pub debtors: Vec<String>,
}

/// The notice that holds for each contract in a month: the last one issued that reaches it.
pub(super) async fn holding_in(tx: &mut TenantRead, month: NaiveDate) -> Result<Vec<ReceivableRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        ReceivableRow,
        r#"SELECT DISTINCT ON (a.contract_id) a.child_id AS "child_id: ChildId",
                  a.periods AS "periods: Json<Vec<Period>>", a.file_year AS "file_year!", a.file_serial AS "file_serial!",
                  d.reference_code, f.name AS facility_name, (
                      SELECT coalesce(array_agg(g.last_name || ', ' || g.first_name ORDER BY g.last_name, g.first_name), '{}')
                        FROM custody u
                        JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                       WHERE u.tenant_id = a.tenant_id AND u.child_id = a.child_id AND u.valid_from <= $3
                         AND (u.valid_to IS NULL OR u.valid_to > $3)
                  ) AS "debtors!"
             FROM fee_assessment a
             JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
             JOIN care_demand d ON d.tenant_id = k.tenant_id AND d.id = k.demand_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE a.tenant_id = $1 AND a.state = 'issued' AND a.from_month <= $2 AND k.care_until > $2
              AND NOT (k.state = 'terminated' AND k.began_on IS NULL)
            ORDER BY a.contract_id, a.issued_at DESC, a.file_year DESC, a.file_serial DESC"#,
        tenant.0,
        month,
        today
    )
    .fetch_all(tx.conn())
    .await
}
