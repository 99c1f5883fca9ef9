//! What a round comes to step by step: its state, its snapshot, its seed, its run.

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::{AllocationRound, RoundState};
use crate::allocation::rounds::snapshot::Frozen;
use crate::platform::ids::{RoundId, RunId};

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

/// What stands from the freeze on, with the rules that made it.
pub(in crate::allocation::rounds) struct Sealed {
    pub frozen: Frozen,
    pub rule_set: String,
    pub commitment: String,
}

pub(in crate::allocation::rounds) async fn set_frozen(
    tx: &mut TenantTx,
    id: RoundId,
    sealed: &Sealed,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE allocation_round
            SET snapshot = $3, snapshot_sha256 = $4, rule_set = $5, commitment = $6, frozen_at = $7
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        sealed.frozen.snapshot,
        sealed.frozen.sha256,
        sealed.rule_set,
        sealed.commitment,
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
