//! SQL of the deletion of mandates, demands, families and accounts, each counted and deleted by the same conditions.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Found;
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::start_of_day;
use crate::privacy::retention::model::Class;

/// Mandates whose last day, or whose end before it, is past.
pub(super) async fn mandates(tx: &mut TenantRead, cutoff: NaiveDate) -> Result<Found, sqlx::Error> {
    let (tenant, before) = (tx.tenant_id(), start_of_day(cutoff));
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(LEAST(ended_at, valid_until AT TIME ZONE 'Europe/Berlin')) AS since
             FROM mandate m
            WHERE m.tenant_id = $1 AND (m.valid_until < $2 OR m.ended_at < $3)
              AND NOT EXISTS (SELECT 1 FROM mandate_child k JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
                               WHERE k.tenant_id = m.tenant_id AND k.mandate_id = m.id AND c.restricted_at IS NOT NULL)"#,
        tenant.0,
        cutoff,
        before
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn delete_mandates(tx: &mut TenantTx, cutoff: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    let (tenant, before) = (tx.tenant_id(), start_of_day(cutoff));
    let done = sqlx::query!(
        "DELETE FROM mandate
          WHERE tenant_id = $1 AND id IN (
           SELECT m.id FROM mandate m
            WHERE m.tenant_id = $1 AND (m.valid_until < $2 OR m.ended_at < $3)
              AND NOT EXISTS (SELECT 1 FROM mandate_child k JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
                               WHERE k.tenant_id = m.tenant_id AND k.mandate_id = m.id AND c.restricted_at IS NOT NULL)
            LIMIT $4)",
        tenant.0,
        cutoff,
        before,
        n
    )
    .execute(tx.conn())
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}

/// Something that is due, with how many there are in all.
pub(super) struct Row {
    pub id: Uuid,
    pub since: Option<DateTime<Utc>>,
    pub total: i64,
}

/// Demands that are due, the oldest first. What a record of a decision still names stays until the record goes.
pub(super) async fn demands(
    tx: &mut TenantRead,
    class: Class,
    cutoff: NaiveDate,
    n: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (tenant, before) = (tx.tenant_id(), start_of_day(cutoff));
    sqlx::query_as!(
        Row,
        r#"SELECT d.id, COALESCE(d.ended_at, d.updated_at) AS since, count(*) OVER () AS "total!"
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND c.restricted_at IS NULL
              AND CASE $2::text
                  WHEN 'draft' THEN d.state = 'draft' AND d.updated_at < $3
                  WHEN 'unserved' THEN d.state IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                       AND COALESCE(d.ended_at, d.updated_at) < $3
                       AND NOT EXISTS (SELECT 1 FROM care_contract k WHERE k.tenant_id = d.tenant_id AND k.demand_id = d.id)
                  ELSE EXISTS (SELECT 1 FROM care_contract k WHERE k.tenant_id = d.tenant_id AND k.demand_id = d.id)
                       AND NOT EXISTS (SELECT 1 FROM care_contract k
                                        WHERE k.tenant_id = d.tenant_id AND k.demand_id = d.id AND k.care_until > $4)
                  END
              AND NOT EXISTS (SELECT 1 FROM round_case r WHERE r.tenant_id = d.tenant_id AND r.demand_id = d.id)
              AND NOT EXISTS (SELECT 1 FROM followup_decision f
                                JOIN place_offer o ON o.tenant_id = f.tenant_id AND o.id = f.offer_id
                               WHERE o.tenant_id = d.tenant_id AND o.demand_id = d.id)
            ORDER BY 2, 1
            LIMIT $5"#,
        tenant.0,
        class.as_str(),
        before,
        cutoff,
        n
    )
    .fetch_all(tx.conn())
    .await
}

/// Deletes demands with all that hangs on them; wishes, answers, scores, history and messages go by cascade.
pub(super) async fn delete_demands(tx: &mut TenantTx, ids: &[Uuid]) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM occupancy
          WHERE tenant_id = $1 AND offer_id IN (SELECT id FROM place_offer WHERE tenant_id = $1 AND demand_id = ANY($2))",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM care_contract WHERE tenant_id = $1 AND demand_id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM place_offer WHERE tenant_id = $1 AND demand_id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    let done = sqlx::query!(
        "DELETE FROM care_demand WHERE tenant_id = $1 AND id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}

/// Children without any demand, and guardians and households that nothing hangs on any more.
pub(super) async fn families(tx: &mut TenantRead, before: DateTime<Utc>) -> Result<Found, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(c.created_at) AS since
             FROM child c
            WHERE c.tenant_id = $1 AND c.created_at < $2 AND c.restricted_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM care_demand d WHERE d.tenant_id = c.tenant_id AND d.child_id = c.id)"#,
        tenant.0,
        before
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn delete_families(tx: &mut TenantTx, before: DateTime<Utc>, n: i64) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let children = sqlx::query!(
        "DELETE FROM child
          WHERE tenant_id = $1 AND id IN (
                SELECT c.id FROM child c
                 WHERE c.tenant_id = $1 AND c.created_at < $2 AND c.restricted_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM care_demand d WHERE d.tenant_id = c.tenant_id AND d.child_id = c.id)
                 LIMIT $3)",
        tenant.0,
        before,
        n
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    // Who has an account keeps the own name and household until the account goes, and who signed, until the contract goes.
    let guardians: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT g.id
           FROM guardian g
           LEFT JOIN account a ON a.tenant_id = g.tenant_id AND a.id = g.account_id AND a.state <> 'closed'
          WHERE g.tenant_id = $1 AND a.id IS NULL
            AND NOT EXISTS (SELECT 1 FROM custody c WHERE c.tenant_id = g.tenant_id AND c.guardian_id = g.id)
            AND NOT EXISTS (SELECT 1 FROM contract_signature s WHERE s.tenant_id = g.tenant_id AND s.guardian_id = g.id)
          LIMIT $2",
        tenant.0,
        n
    )
    .fetch_all(tx.conn())
    .await?;
    let guardians = delete_guardians(tx, &guardians).await?;
    let households = delete_empty_households(tx).await?;
    Ok(i64::try_from(children + guardians + households).unwrap_or(i64::MAX))
}

async fn delete_guardians(tx: &mut TenantTx, ids: &[Uuid]) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM notification WHERE tenant_id = $1 AND guardian_id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    let done = sqlx::query!(
        "DELETE FROM guardian WHERE tenant_id = $1 AND id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

async fn delete_empty_households(tx: &mut TenantTx) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM household h
          WHERE h.tenant_id = $1
            AND NOT EXISTS (SELECT 1 FROM guardian g WHERE g.tenant_id = h.tenant_id AND g.household_id = h.id)
            AND NOT EXISTS (SELECT 1 FROM child c WHERE c.tenant_id = h.tenant_id AND c.household_id = h.id)",
        tenant.0
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}

/// Parents' accounts that nobody used, or that were closed, with no child left.
pub(super) async fn accounts(tx: &mut TenantRead, before: DateTime<Utc>, n: i64) -> Result<Vec<Row>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Row,
        r#"SELECT a.id, COALESCE(a.last_sign_in_at, a.created_at) AS since, count(*) OVER () AS "total!"
             FROM account a
            WHERE a.tenant_id = $1 AND a.kind = 'parent' AND COALESCE(a.last_sign_in_at, a.created_at) < $2
              AND NOT EXISTS (SELECT 1
                                FROM guardian g
                                JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
                               WHERE g.tenant_id = a.tenant_id AND g.account_id = a.id)
              AND NOT EXISTS (SELECT 1 FROM contract_signature s WHERE s.tenant_id = a.tenant_id AND s.account_id = a.id)
              AND NOT EXISTS (SELECT 1
                                FROM guardian g
                                JOIN contract_signature s ON s.tenant_id = g.tenant_id AND s.guardian_id = g.id
                               WHERE g.tenant_id = a.tenant_id AND g.account_id = a.id)
            ORDER BY 2, 1
            LIMIT $3"#,
        tenant.0,
        before,
        n
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn delete_accounts(tx: &mut TenantTx, ids: &[Uuid]) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let guardians: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT id FROM guardian WHERE tenant_id = $1 AND account_id = ANY($2)",
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    delete_guardians(tx, &guardians).await?;
    sqlx::query!(
        "DELETE FROM notification WHERE tenant_id = $1 AND account_id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM account_token WHERE tenant_id = $1 AND (account_id = ANY($2) OR created_by = ANY($2))",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM session WHERE tenant_id = $1 AND account_id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    let done = sqlx::query!(
        "DELETE FROM account WHERE tenant_id = $1 AND id = ANY($2)",
        tenant.0,
        ids
    )
    .execute(tx.conn())
    .await?;
    delete_empty_households(tx).await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}
