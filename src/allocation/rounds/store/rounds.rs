//! Rounds: made, read, locked, moved on.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::{AllocationRound, NewRound, RoundConfig, RoundMode, RoundState, RunKind};
use crate::allocation::rounds::proposal::Flag;
use crate::allocation::rounds::report::Figures;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{AccountId, FacilityId, RoundId, RunId};

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
    pub(in crate::allocation::rounds) sort_key: Option<String>,
    pub(in crate::allocation::rounds) total: i64,
}

listed!(RoundRow, id.0);

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

/// What the list of rounds can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::allocation::rounds) enum RoundSort {
    /// When it was planned, the latest first.
    #[default]
    Created,
    /// The name.
    Name,
    /// How far it has come.
    State,
    /// The key date.
    KeyDate,
    /// First day of care.
    Start,
    /// How many children its standing run has, the most first.
    Children,
    /// How many of them have a place, the most first.
    Placed,
    /// When it was released, the latest first.
    Released,
}

impl SortKey for RoundSort {
    fn natural(self) -> Direction {
        match self {
            Self::Created | Self::Children | Self::Placed | Self::Released => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What a list of rounds is narrowed to, and its order.
#[derive(Default)]
pub(in crate::allocation::rounds) struct Rounds {
    pub id: Option<RoundId>,
    pub state: Option<RoundState>,
    /// What the name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<RoundSort>,
}

/// Rounds in the order asked for.
pub(in crate::allocation::rounds) async fn rounds(
    tx: &mut TenantRead,
    filter: &Rounds,
) -> Result<Vec<RoundRow>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    sqlx::query_as!(
        RoundRow,
        r#"SELECT o.id AS "id: RoundId", o.name, o.kita_year, o.key_date, o.start_on, o.mode AS "mode: RoundMode",
                  o.state AS "state: RoundState", o.paused_from AS "paused_from: RoundState", o.config AS "config: Json<RoundConfig>",
                  o.snapshot_sha256, o.rule_set, o.commitment, o.seed, o.run_id AS "run_id: RunId", o.created_at, o.frozen_at,
                  o.released_at, o.version, s.key AS sort_key, count(*) OVER () AS "total!"
             FROM allocation_round o
             LEFT JOIN allocation_run r ON r.tenant_id = o.tenant_id AND r.id = o.run_id
            CROSS JOIN LATERAL (SELECT CASE $3::text
                 WHEN 'name' THEN lower(o.name)
                 WHEN 'state' THEN array_position(ARRAY['planned', 'frozen', 'proposed', 'in_review', 'released', 'closed', 'paused',
                                                        'cancelled'], o.state)::text
                 WHEN 'key_date' THEN o.key_date::text
                 WHEN 'start' THEN o.start_on::text
                 WHEN 'children' THEN lpad(r.metrics ->> 'children', 9, '0')
                 WHEN 'placed' THEN lpad(r.metrics ->> 'placed', 9, '0')
                 WHEN 'released' THEN to_char(o.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 ELSE to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE o.tenant_id = $1 AND ($2::uuid IS NULL OR o.id = $2)
              AND ($8::text IS NULL OR o.state = $8)
              AND ($9::text IS NULL OR lower(o.name) ^@ $9)
              AND app.comes_after(s.key, o.id, $4, $5, $6)
            ORDER BY CASE WHEN NOT $4 THEN s.key END COLLATE "de-x-icu", CASE WHEN $4 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, o.id
            LIMIT $7"#,
        tenant.0,
        filter.id.map(|id| id.0),
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.state.map(RoundState::as_str),
        filter.q.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}

/// What a list tells of a round beside the round itself.
pub(in crate::allocation::rounds) struct Progress {
    pub id: RoundId,
    pub figures: Option<Json<Figures>>,
    pub run_kind: Option<RunKind>,
    pub verified_at: Option<DateTime<Utc>>,
    pub seed_entries: i64,
    pub seed_by_me: bool,
    pub opened_by_me: bool,
    pub signed_by_me: bool,
    pub pending: i64,
    pub undecided: bool,
    pub decided_at: Option<DateTime<Utc>>,
    pub waiting: bool,
    pub not_sent: bool,
}

/// How far these rounds have come, for the person who asks.
pub(in crate::allocation::rounds) async fn progress(
    tx: &mut TenantRead,
    rounds: &[RoundId],
) -> Result<Vec<Progress>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let me = tx.account().map(|a| a.id.0);
    sqlx::query_as!(
        Progress,
        r#"SELECT o.id AS "id: RoundId", r.metrics AS "figures?: Json<Figures>", r.kind AS "run_kind?: RunKind", r.verified_at AS "verified_at?",
                  (SELECT count(*) FROM round_seed s WHERE s.tenant_id = $1 AND s.round_id = o.id) AS "seed_entries!",
                  EXISTS (SELECT 1 FROM round_seed s WHERE s.tenant_id = $1 AND s.round_id = o.id AND s.account_id = $3) AS "seed_by_me!",
                  EXISTS (SELECT 1 FROM round_review v WHERE v.tenant_id = $1 AND v.run_id = o.run_id AND v.account_id = $3) AS "opened_by_me!",
                  EXISTS (SELECT 1 FROM round_signature g WHERE g.tenant_id = $1 AND g.run_id = o.run_id AND g.account_id = $3) AS "signed_by_me!",
                  (SELECT count(*) FROM allocation_deviation d
                    WHERE d.tenant_id = $1 AND d.round_id = o.id AND d.state = 'proposed') AS "pending!",
                  o.released_at IS NULL AND EXISTS (SELECT 1 FROM case_proposal p
                    WHERE p.tenant_id = $1 AND p.round_id = o.id AND p.weight >= $4 AND p.decided_by IS NULL) AS "undecided!",
                  (SELECT max(GREATEST(d.approved_at, d.withdrawn_at)) FROM allocation_deviation d
                    WHERE d.tenant_id = $1 AND d.round_id = o.id AND d.approved_at IS NOT NULL) AS decided_at,
                  o.state = 'released' AND EXISTS (SELECT 1 FROM round_case c
                    WHERE c.tenant_id = $1 AND c.round_id = o.id AND c.outcome = 'waiting') AS "waiting!",
                  o.state = 'released' AND EXISTS (SELECT 1 FROM round_case c
                    WHERE c.tenant_id = $1 AND c.round_id = o.id AND c.outcome = 'not_sent') AS "not_sent!"
             FROM allocation_round o
             LEFT JOIN allocation_run r ON r.tenant_id = o.tenant_id AND r.id = o.run_id
            WHERE o.tenant_id = $1 AND o.id = ANY($2)"#,
        tenant.0,
        rounds as _,
        me,
        Flag::LAST_DECIDED.weight()
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

/// Locks all rounds that have not ended against changes of their state.
pub(in crate::allocation::rounds) async fn hold_rounds(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM allocation_round WHERE tenant_id = $1 AND state NOT IN ('closed', 'cancelled') ORDER BY id FOR SHARE",
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
    .map(|_| ())
}

/// First day of care of the round between its freeze and its release that gives places of a facility; there is one such round at most.
pub(in crate::allocation::rounds) async fn places_given_by_round(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Option<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT o.start_on
           FROM allocation_round o
          WHERE o.tenant_id = $1
            AND (o.state IN ('frozen', 'proposed', 'in_review') OR (o.state = 'paused' AND o.paused_from <> 'released'))
            AND EXISTS (SELECT 1
                          FROM round_pool p
                         WHERE p.tenant_id = o.tenant_id AND p.round_id = o.id AND p.facility_id = $2)
          LIMIT 1",
        tenant.0,
        facility.0
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
