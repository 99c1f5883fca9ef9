//! SQL of families who move here.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::soon;
use crate::access::{TenantRead, TenantTx};
use crate::platform::http::{SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, DemandId};
use crate::residence::model::{Evidence, MOVES_SOON, MoveState, NewMove};

/// A family that moves here.
#[derive(Debug, Clone)]
pub struct MoveRow {
    /// The demand.
    pub demand_id: DemandId,
    /// Its reference code.
    pub reference_code: Option<String>,
    /// The child.
    pub child_id: ChildId,
    /// Its first name.
    pub first_name: Option<String>,
    /// Its last name.
    pub last_name: Option<String>,
    /// The day.
    pub move_on: NaiveDate,
    /// Postal code of the new home.
    pub postal_code: String,
    /// Its town.
    pub city: String,
    /// Its planning area.
    pub area: Option<String>,
    /// What was seen.
    pub evidence: Option<Evidence>,
    /// When.
    pub seen_on: Option<NaiveDate>,
    /// Its version.
    pub version: i32,
    /// By what it is sorted in a list.
    pub sort_key: Option<String>,
    /// How many there are from here on.
    pub total: i64,
}

listed!(MoveRow, demand_id.0);

impl MoveRow {
    /// Whether the family is known to live here.
    pub fn is_proven(&self) -> bool {
        self.evidence.is_some_and(Evidence::proves)
    }

    /// Where it stands on a day.
    pub fn state(&self, today: NaiveDate) -> MoveState {
        MoveState::of(self.evidence, self.move_on, today)
    }
}

/// What the list of movers can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::residence) enum MoveSort {
    /// The day of the move.
    #[default]
    On,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The town of the new home.
    City,
    /// Its planning area.
    Area,
}

impl SortKey for MoveSort {}

/// What the list of movers is narrowed to, and its order.
#[derive(Default)]
pub(in crate::residence) struct MoveFilter {
    pub demand: Option<DemandId>,
    /// Only whose day has passed without a proof.
    pub overdue: bool,
    /// What the child's name or the reference code begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<MoveSort>,
}

/// Movers whose move is not proven, in the order asked for; asked for one demand, also the proven one.
pub(in crate::residence) async fn moves(tx: &mut TenantRead, filter: &MoveFilter) -> Result<Vec<MoveRow>, sqlx::Error> {
    let (tenant, today, restricted_too) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    let order = &filter.order;
    sqlx::query_as!(
        MoveRow,
        r#"SELECT m.demand_id AS "demand_id: DemandId", d.reference_code, m.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  m.move_on, m.postal_code, m.city, m.area, m.evidence AS "evidence: Evidence", m.seen_on, m.version,
                  s.key AS sort_key, count(*) OVER () AS "total!"
             FROM move_in m
             JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
             JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id
            CROSS JOIN LATERAL (SELECT CASE $4::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'city' THEN lower(m.city)
                 WHEN 'area' THEN lower(m.area)
                 ELSE m.move_on::text END) s (key)
            WHERE m.tenant_id = $1 AND ($2::uuid IS NULL OR m.demand_id = $2)
              AND ($2::uuid IS NOT NULL OR (($6::bool OR c.restricted_at IS NULL)
                   AND d.state NOT IN ('draft', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                   AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))))
              AND (NOT $3::bool OR m.move_on < $7)
              AND ($11::text IS NULL OR lower(d.reference_code) ^@ $11 OR lower(c.last_name) ^@ $11
                   OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $11)
              AND app.comes_after(s.key, m.demand_id, $5, $9, $10)
            ORDER BY CASE WHEN NOT $5 THEN s.key END COLLATE "de-x-icu", CASE WHEN $5 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, m.demand_id
            LIMIT $8"#,
        tenant.0,
        filter.demand.map(|d| d.0),
        filter.overdue,
        order.by as _,
        order.downwards,
        restricted_too,
        today,
        order.limit + 1,
        order.last_key.as_deref(),
        order.last_id,
        filter.q.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}

/// The move of a demand.
pub(in crate::residence) async fn moving(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<MoveRow>, sqlx::Error> {
    let filter = MoveFilter {
        demand: Some(demand),
        ..MoveFilter::default()
    };
    Ok(moves(tx, &filter).await?.pop())
}

/// Writes a move. Another day or place needs another paper, and another reminder.
pub(in crate::residence) async fn put_move(
    tx: &mut TenantTx,
    demand: DemandId,
    child: ChildId,
    new: &NewMove,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO move_in AS m (tenant_id, demand_id, child_id, move_on, postal_code, city, area, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, demand_id) DO UPDATE
            SET move_on = $4, postal_code = $5, city = $6, area = COALESCE($7, m.area), version = m.version + 1,
                reminded_on = CASE WHEN m.move_on = $4 THEN m.reminded_on END,
                evidence = CASE WHEN (m.move_on, m.postal_code) = ($4, $5) THEN m.evidence END,
                seen_on = CASE WHEN (m.move_on, m.postal_code) = ($4, $5) THEN m.seen_on END,
                seen_by = CASE WHEN (m.move_on, m.postal_code) = ($4, $5) THEN m.seen_by END",
        tenant.0,
        demand.0,
        child.0,
        new.move_on,
        new.postal_code,
        new.city,
        new.area,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// `true`: there was one.
pub(in crate::residence) async fn delete_move(tx: &mut TenantTx, demand: DemandId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM move_in WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

pub(in crate::residence) async fn set_evidence(
    tx: &mut TenantTx,
    demand: DemandId,
    evidence: Evidence,
    seen_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "UPDATE move_in SET evidence = $3, seen_on = $4, seen_by = $5, version = version + 1 WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        evidence as _,
        seen_on,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Movers who are to be reminded now: they move soon, or have moved, and were not asked for the proof.
pub(in crate::residence) async fn take_unreminded(tx: &mut TenantTx, limit: i64) -> Result<Vec<MoveRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let soon = soon(today, MOVES_SOON);
    sqlx::query_as!(
        MoveRow,
        r#"WITH due AS (
             SELECT m.demand_id
               FROM move_in m
               JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
               JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id AND c.restricted_at IS NULL
              WHERE m.tenant_id = $1 AND m.move_on <= $2 AND m.reminded_on IS NULL
                AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))
                AND d.state NOT IN ('draft', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
              ORDER BY m.move_on, m.demand_id
              LIMIT $4
                FOR UPDATE OF m SKIP LOCKED
           )
           UPDATE move_in m
              SET reminded_on = $3
             FROM due, care_demand d, child c
            WHERE m.tenant_id = $1 AND m.demand_id = due.demand_id AND d.tenant_id = $1 AND d.id = m.demand_id AND c.tenant_id = $1
              AND c.id = m.child_id
           RETURNING m.demand_id AS "demand_id: DemandId", d.reference_code, m.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                     m.move_on, m.postal_code, m.city, m.area, m.evidence AS "evidence: Evidence", m.seen_on, m.version,
                     NULL::text AS sort_key, 0::bigint AS "total!""#,
        tenant.0,
        soon,
        today,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Movers whose day has come in the last ninety days without a proof: the register may know them by now.
pub(in crate::residence) async fn to_look_up(tx: &mut TenantRead, limit: i64) -> Result<Vec<DemandId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT m.demand_id AS "id: DemandId"
             FROM move_in m
             JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id AND d.submitted_at IS NOT NULL
            WHERE m.tenant_id = $1 AND m.move_on <= $2 AND m.move_on > $2 - 90
              AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))
            ORDER BY m.move_on, m.demand_id
            LIMIT $3"#,
        tenant.0,
        today,
        limit
    )
    .fetch_all(tx.conn())
    .await
}
