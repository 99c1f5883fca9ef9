//! What persons did in a round: seeds entered, conflicts opened, releases signed.

use chrono::{DateTime, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, RoundId, RunId};

/// Who did something, and when.
#[derive(Debug, Clone)]
pub(in crate::allocation::rounds) struct PersonAt {
    pub account_id: AccountId,
    /// The name for people; empty once the account is closed.
    pub name: String,
    pub at: DateTime<Utc>,
}

/// A person's entry replaces the same person's entry before.
pub(in crate::allocation::rounds) async fn put_seed(
    tx: &mut TenantTx,
    round: RoundId,
    account: AccountId,
    seed: &str,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO round_seed (tenant_id, round_id, account_id, seed, at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, round_id, account_id) DO UPDATE SET seed = EXCLUDED.seed, at = EXCLUDED.at",
        tenant.0,
        round.0,
        account.0,
        seed,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn seeds(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<(AccountId, String)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT account_id AS "account_id: AccountId", seed
             FROM round_seed
            WHERE tenant_id = $1 AND round_id = $2
            ORDER BY at, account_id"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.account_id, r.seed)).collect())
}

/// Who entered a seed, without what they entered: nobody copies from the other.
pub(in crate::allocation::rounds) async fn seed_entries(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<PersonAt>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PersonAt,
        r#"SELECT s.account_id AS "account_id: AccountId",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, '') AS "name!", s.at
             FROM round_seed s
             JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
            WHERE s.tenant_id = $1 AND s.round_id = $2
            ORDER BY s.at, s.account_id"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Who opened the conflicts of a run.
pub(in crate::allocation::rounds) async fn reviews(
    tx: &mut TenantRead,
    run: RunId,
) -> Result<Vec<PersonAt>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PersonAt,
        r#"SELECT r.account_id AS "account_id: AccountId",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, '') AS "name!", r.at
             FROM round_review r
             JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.account_id
            WHERE r.tenant_id = $1 AND r.run_id = $2
            ORDER BY r.at, r.account_id"#,
        tenant.0,
        run.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Notes that a person opened the conflicts of a run; the first time counts.
pub(in crate::allocation::rounds) async fn note_review(
    tx: &mut TenantTx,
    round: RoundId,
    run: RunId,
    account: AccountId,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO round_review (tenant_id, run_id, account_id, round_id, at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        tenant.0,
        run.0,
        account.0,
        round.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn has_reviewed(
    tx: &mut TenantRead,
    run: RunId,
    account: AccountId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM round_review WHERE tenant_id = $1 AND run_id = $2 AND account_id = $3) AS "has!""#,
        tenant.0,
        run.0,
        account.0
    )
    .fetch_one(tx.conn())
    .await
}

/// `false`: this person has signed already.
pub(in crate::allocation::rounds) async fn sign(
    tx: &mut TenantTx,
    round: RoundId,
    run: RunId,
    account: AccountId,
) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let signed = sqlx::query!(
        "INSERT INTO round_signature (tenant_id, run_id, account_id, round_id, at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        tenant.0,
        run.0,
        account.0,
        round.0,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(signed.rows_affected() == 1)
}

/// Who signed a run, and when.
pub(in crate::allocation::rounds) async fn signatures(
    tx: &mut TenantRead,
    run: RunId,
) -> Result<Vec<PersonAt>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PersonAt,
        r#"SELECT s.account_id AS "account_id: AccountId",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, '') AS "name!", s.at
             FROM round_signature s
             JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
            WHERE s.tenant_id = $1 AND s.run_id = $2
            ORDER BY s.at, s.account_id"#,
        tenant.0,
        run.0
    )
    .fetch_all(tx.conn())
    .await
}
