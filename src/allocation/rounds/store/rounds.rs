//! Rounds: made, read, locked, moved on.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::{AllocationRound, NewRound, RoundConfig, RoundMode, RoundState};
use crate::allocation::rounds::snapshot::Frozen;
use crate::platform::ids::{AccountId, RoundId, RunId};

/// A round, without its snapshot.
#[derive(Debug, Clone)]
pub struct RoundRow {
    pub(in crate::allocation::rounds) id: RoundId,
    pub(in crate::allocation::rounds) name: String,
    pub(in crate::allocation::rounds) kita_year: NaiveDate,
    pub(in crate::allocation::rounds) key_date: NaiveDate,
    pub(in crate::allocation::rounds) start_on: NaiveDate,
    pub(in crate::allocation::rounds) mode: RoundMode,
    pub(in crate::allocation::rounds) state: RoundState,
    pub(in crate::allocation::rounds) paused_from: Option<RoundState>,
    pub(in crate::allocation::rounds) config: Json<RoundConfig>,
    pub(in crate::allocation::rounds) snapshot_sha256: Option<String>,
    pub(in crate::allocation::rounds) rule_set: Option<String>,
    pub(in crate::allocation::rounds) commitment: Option<String>,
    pub(in crate::allocation::rounds) seed: Option<String>,
    pub(in crate::allocation::rounds) run_id: Option<RunId>,
    pub(in crate::allocation::rounds) created_at: DateTime<Utc>,
    pub(in crate::allocation::rounds) frozen_at: Option<DateTime<Utc>>,
    pub(in crate::allocation::rounds) released_at: Option<DateTime<Utc>>,
    pub(in crate::allocation::rounds) version: i32,
}

impl RoundRow {
    /// The state machine at its state.
    pub(in crate::allocation::rounds) fn machine(&self) -> AllocationRound {
        AllocationRound::in_state(self.state, self.paused_from)
    }
}

pub(in crate::allocation::rounds) async fn insert_round(
    tx: &mut TenantTx,
    id: RoundId,
    new: &NewRound,
    kita_year: NaiveDate,
    by: AccountId,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO allocation_round (tenant_id, id, name, kita_year, key_date, start_on, mode, state, config, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, $9, $10)",
        tenant.0,
        id.0,
        new.name,
        kita_year,
        new.key_date,
        new.start_on,
        new.mode as _,
        Json(&new.config) as _,
        by.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn update_round(
    tx: &mut TenantTx,
    id: RoundId,
    new: &NewRound,
    kita_year: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE allocation_round
            SET name = $3, kita_year = $4, key_date = $5, start_on = $6, mode = $7, config = $8, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        new.name,
        kita_year,
        new.key_date,
        new.start_on,
        new.mode as _,
        Json(&new.config) as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What a list of rounds is narrowed to.
#[derive(Default)]
pub(in crate::allocation::rounds) struct Rounds {
    pub id: Option<RoundId>,
    pub after: Option<(DateTime<Utc>, RoundId)>,
    pub limit: i64,
}

/// Rounds, newest first.
pub(in crate::allocation::rounds) async fn rounds(
    tx: &mut TenantRead,
    filter: &Rounds,
) -> Result<Vec<RoundRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let (after_at, after_id) = filter.after.map(|(at, id)| (at, id.0)).unzip();
    sqlx::query_as!(
        RoundRow,
        r#"SELECT id AS "id: RoundId", name, kita_year, key_date, start_on, mode AS "mode: RoundMode", state AS "state: RoundState",
                  paused_from AS "paused_from: RoundState", config AS "config: Json<RoundConfig>", snapshot_sha256, rule_set, commitment,
                  seed, run_id AS "run_id: RunId", created_at, frozen_at, released_at, version
             FROM allocation_round
            WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id = $2)
              AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
            ORDER BY created_at DESC, id DESC
            LIMIT $5"#,
        tenant.0,
        filter.id.map(|id| id.0),
        after_at,
        after_id,
        filter.limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a round until the transaction ends; everything that a round does begins with it.
pub(in crate::allocation::rounds) async fn lock_round(tx: &mut TenantTx, id: RoundId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM allocation_round WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|row| row.is_some())
}

/// Holds a round in its state until the transaction ends, together with others who do the same. Answers the state.
pub(in crate::allocation::rounds) async fn hold_round(
    tx: &mut TenantTx,
    id: RoundId,
) -> Result<Option<RoundState>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT state AS "state: RoundState" FROM allocation_round WHERE tenant_id = $1 AND id = $2 FOR SHARE"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whether another round is between its freeze and its release.
pub(in crate::allocation::rounds) async fn another_under_way(
    tx: &mut TenantTx,
    id: RoundId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1
                            FROM allocation_round
                           WHERE tenant_id = $1 AND id <> $2
                             AND (state IN ('frozen', 'proposed', 'in_review') OR (state = 'paused' AND paused_from <> 'released')))
                  AS "under_way!""#,
        tenant.0,
        id.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Writes the state that a transition answered.
pub(in crate::allocation::rounds) async fn set_state(
    tx: &mut TenantTx,
    id: RoundId,
    to: &AllocationRound,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE allocation_round
            SET state = $3, paused_from = $4, version = version + 1,
                released_at = CASE WHEN $3 = 'released' THEN COALESCE(released_at, $5) ELSE released_at END,
                ended_at = CASE WHEN $3 IN ('closed', 'cancelled') THEN $5::timestamptz END
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        to.state().as_str(),
        to.paused_from().map(RoundState::as_str),
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn set_frozen(
    tx: &mut TenantTx,
    id: RoundId,
    frozen: &Frozen,
    rule_set: &str,
    commitment: &str,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE allocation_round
            SET snapshot = $3, snapshot_sha256 = $4, rule_set = $5, commitment = $6, frozen_at = $7
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        frozen.snapshot,
        frozen.sha256,
        rule_set,
        commitment,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn snapshot(
    tx: &mut TenantRead,
    id: RoundId,
) -> Result<Option<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT snapshot FROM allocation_round WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::flatten)
}

pub(in crate::allocation::rounds) async fn set_seed(
    tx: &mut TenantTx,
    id: RoundId,
    seed: &str,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE allocation_round SET seed = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        seed
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn set_run(
    tx: &mut TenantTx,
    id: RoundId,
    run: RunId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE allocation_round SET run_id = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        run.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Released rounds that go on.
pub(in crate::allocation::rounds) async fn released(tx: &mut TenantRead) -> Result<Vec<RoundId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: RoundId" FROM allocation_round WHERE tenant_id = $1 AND state = 'released' ORDER BY released_at, id"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}
