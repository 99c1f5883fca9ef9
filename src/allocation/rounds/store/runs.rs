//! Runs: written once, after the verifier passed them, and never changed.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::RunKind;
use crate::allocation::rounds::report::{Figures, Report};
use crate::platform::ids::{AccountId, RoundId, RunId};

/// A run to be written.
pub(in crate::allocation::rounds) struct NewRun<'a> {
    pub id: RunId,
    pub round_id: RoundId,
    pub kind: RunKind,
    pub instance: &'a str,
    pub instance_sha256: &'a str,
    pub result: &'a str,
    pub engine: &'a str,
    pub figures: Figures,
    pub report: Option<&'a Report>,
    pub by: Option<AccountId>,
}

/// A run without its files.
#[derive(Debug, Clone)]
pub(in crate::allocation::rounds) struct RunRow {
    pub id: RunId,
    pub number: i32,
    pub kind: RunKind,
    pub instance_sha256: String,
    pub engine: String,
    pub metrics: Json<Figures>,
    pub verified_at: DateTime<Utc>,
    pub created_by: Option<AccountId>,
    /// Name of who started it; empty once the account is closed.
    pub created_by_name: Option<String>,
}

/// Files of a run.
pub(in crate::allocation::rounds) struct RunFiles {
    pub number: i32,
    pub instance: String,
    pub result: String,
}

/// Writes a run with the next number; the round is locked.
pub(in crate::allocation::rounds) async fn insert_run(tx: &mut TenantTx, new: &NewRun<'_>) -> Result<i32, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"INSERT INTO allocation_run (tenant_id, id, round_id, number, kind, instance, instance_sha256, result, engine, metrics, report,
                                       verified_at, created_at, created_by)
           VALUES ($1, $2, $3, 1 + COALESCE((SELECT max(number) FROM allocation_run WHERE tenant_id = $1 AND round_id = $3), 0),
                   $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)
           RETURNING number"#,
        tenant.0,
        new.id.0,
        new.round_id.0,
        new.kind as _,
        new.instance,
        new.instance_sha256,
        new.result,
        new.engine,
        Json(new.figures) as _,
        new.report.map(Json) as _,
        now,
        new.by.map(|a| a.0)
    )
    .fetch_one(tx.conn())
    .await
}

/// Runs of a round, newest first, or the one of them.
pub(in crate::allocation::rounds) async fn runs(
    tx: &mut TenantRead,
    round: RoundId,
    only: Option<RunId>,
) -> Result<Vec<RunRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        RunRow,
        r#"SELECT r.id AS "id: RunId", r.number, r.kind AS "kind: RunKind", r.instance_sha256, r.engine,
                  r.metrics AS "metrics: Json<Figures>", r.verified_at, r.created_by AS "created_by: AccountId",
                  CASE WHEN a.id IS NOT NULL
                       THEN COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, '') END AS created_by_name
             FROM allocation_run r
             LEFT JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.created_by
            WHERE r.tenant_id = $1 AND r.round_id = $2 AND ($3::uuid IS NULL OR r.id = $3)
            ORDER BY r.number DESC"#,
        tenant.0,
        round.0,
        only.map(|r| r.0)
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::allocation::rounds) async fn report(
    tx: &mut TenantRead,
    run: RunId,
) -> Result<Option<Report>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_scalar!(
        r#"SELECT report AS "report: Json<Report>" FROM allocation_run WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        run.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.flatten().map(|report| report.0))
}

pub(in crate::allocation::rounds) async fn run_files(
    tx: &mut TenantRead,
    run: RunId,
) -> Result<Option<RunFiles>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        RunFiles,
        "SELECT number, instance, result FROM allocation_run WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        run.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Name and figures of the round that was released last before this one.
pub(in crate::allocation::rounds) async fn last_released(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Option<(String, Figures)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query!(
        r#"SELECT o.name, r.metrics AS "metrics: Json<Figures>"
             FROM allocation_round o
             JOIN allocation_run r ON r.tenant_id = o.tenant_id AND r.id = o.run_id
            WHERE o.tenant_id = $1 AND o.id <> $2 AND o.released_at IS NOT NULL
            ORDER BY o.released_at DESC, o.id
            LIMIT 1"#,
        tenant.0,
        round.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|f| (f.name, f.metrics.0)))
}
