//! Coordinated rounds: choices of the facilities, steps, answers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::compose::Ordered;
use crate::allocation::rounds::coordination::{Answer, AnswerKind, Choice, FacilityMode};
use crate::platform::ids::{AccountId, FacilityId, RoundId};

/// What a facility chose.
pub(in crate::allocation::rounds) struct ChoiceRow {
    pub facility_id: FacilityId,
    pub mode: FacilityMode,
    pub continue_by_points: bool,
    pub version: i32,
}

pub(in crate::allocation::rounds) async fn choices(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<ChoiceRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ChoiceRow,
        r#"SELECT facility_id AS "facility_id: FacilityId", mode AS "mode: FacilityMode", continue_by_points, version
             FROM round_facility
            WHERE tenant_id = $1 AND round_id = $2"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes what a facility chose, with the next version; the round is locked.
pub(in crate::allocation::rounds) async fn put_choice(
    tx: &mut TenantTx,
    round: RoundId,
    facility: FacilityId,
    choice: Choice,
    by: AccountId,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO round_facility AS f (tenant_id, round_id, facility_id, mode, continue_by_points, decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, round_id, facility_id)
         DO UPDATE SET mode = EXCLUDED.mode, continue_by_points = EXCLUDED.continue_by_points, decided_by = EXCLUDED.decided_by,
                       decided_at = EXCLUDED.decided_at, version = f.version + 1",
        tenant.0,
        round.0,
        facility.0,
        choice.mode as _,
        choice.continue_by_points,
        by.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A step.
pub(in crate::allocation::rounds) struct StepRow {
    pub number: i32,
    pub days: i32,
    pub due_on: NaiveDate,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

pub(in crate::allocation::rounds) async fn steps(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<StepRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        StepRow,
        "SELECT number, days, due_on, opened_at, closed_at
           FROM round_step
          WHERE tenant_id = $1 AND round_id = $2
          ORDER BY number",
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::allocation::rounds) async fn insert_step(
    tx: &mut TenantTx,
    round: RoundId,
    number: i32,
    days: i32,
    due_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO round_step (tenant_id, round_id, number, days, due_on, opened_at) VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.0,
        round.0,
        number,
        days,
        due_on,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn close_step(
    tx: &mut TenantTx,
    round: RoundId,
    number: i32,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE round_step SET closed_at = $4 WHERE tenant_id = $1 AND round_id = $2 AND number = $3",
        tenant.0,
        round.0,
        number,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn extend_step(
    tx: &mut TenantTx,
    round: RoundId,
    number: i32,
    due_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE round_step SET due_on = $4, reminded_at = NULL WHERE tenant_id = $1 AND round_id = $2 AND number = $3",
        tenant.0,
        round.0,
        number,
        due_on
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The answers of a round in the order of their steps.
pub(in crate::allocation::rounds) async fn answers(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<Answer>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT step, facility_id AS "facility_id: FacilityId", kind AS "kind: AnswerKind",
                  orders AS "orders: Json<BTreeMap<String, Vec<Ordered>>>"
             FROM round_answer
            WHERE tenant_id = $1 AND round_id = $2
            ORDER BY step, facility_id"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    let answers = rows.into_iter().map(|r| Answer {
        step: r.step,
        facility_id: r.facility_id,
        kind: r.kind,
        orders: r.orders.0,
    });
    Ok(answers.collect())
}

/// Writes an answer; until the step is over a new one takes the place of the one before.
pub(in crate::allocation::rounds) async fn put_answer(
    tx: &mut TenantTx,
    round: RoundId,
    answer: &Answer,
    by: Option<AccountId>,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO round_answer (tenant_id, round_id, step, facility_id, kind, orders, at, account_id, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant_id, round_id, step, facility_id)
         DO UPDATE SET kind = EXCLUDED.kind, orders = EXCLUDED.orders, at = EXCLUDED.at, account_id = EXCLUDED.account_id,
                       note = EXCLUDED.note",
        tenant.0,
        round.0,
        answer.step,
        answer.facility_id.0,
        answer.kind as _,
        Json(&answer.orders) as _,
        now,
        by.map(|a| a.0),
        note
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Rounds with an open step, whatever their state.
pub(in crate::allocation::rounds) async fn stepping(tx: &mut TenantRead) -> Result<Vec<RoundId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT s.round_id AS "round_id: RoundId"
             FROM round_step s
             JOIN allocation_round r ON r.tenant_id = s.tenant_id AND r.id = s.round_id
            WHERE s.tenant_id = $1 AND s.closed_at IS NULL AND r.state IN ('frozen', 'proposed', 'in_review')"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}
