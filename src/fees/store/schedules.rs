//! SQL of the tables.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::access::{TenantRead, TenantTx};
use crate::fees::model::{FeeRow, Schedule, TableInput};
use crate::platform::fields::Invalid;
use crate::platform::ids::FeeScheduleId;

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
pub(in crate::fees) struct ScheduleRow {
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
pub(in crate::fees) struct Content {
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
pub(in crate::fees) async fn schedules(tx: &mut TenantRead) -> Result<Vec<ScheduleRow>, sqlx::Error> {
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
pub(in crate::fees) async fn schedule(
    tx: &mut TenantRead,
    id: FeeScheduleId,
) -> Result<Option<ScheduleRow>, sqlx::Error> {
    Ok(schedules(tx).await?.into_iter().find(|row| row.id == id))
}

/// Published tables in the order of their months.
pub(in crate::fees) async fn published(tx: &mut TenantRead) -> Result<Vec<Schedule>, sqlx::Error> {
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

pub(in crate::fees) async fn lock_schedule(tx: &mut TenantTx, id: FeeScheduleId) -> Result<(), sqlx::Error> {
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

pub(in crate::fees) async fn insert_schedule(
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

pub(in crate::fees) async fn update_schedule(
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

pub(in crate::fees) async fn publish_schedule(
    tx: &mut TenantTx,
    id: FeeScheduleId,
    from: NaiveDate,
) -> Result<(), sqlx::Error> {
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

pub(in crate::fees) async fn withdraw_schedule(tx: &mut TenantTx, id: FeeScheduleId) -> Result<(), sqlx::Error> {
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
