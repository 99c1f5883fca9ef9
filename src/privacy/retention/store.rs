//! SQL of deletion by period. What is counted and what is deleted are found by the same conditions.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::Class;
use crate::access::{TenantRead, TenantTx};
use crate::lists;
use crate::platform::clock::start_of_day;
use crate::platform::ids::random_uuid;
use crate::statistics;

/// How many are due, and since when the oldest is there.
#[derive(Default)]
pub(super) struct Found {
    pub count: i64,
    pub since: Option<DateTime<Utc>>,
}

pub(super) async fn due(tx: &mut TenantRead, class: Class, cutoff: NaiveDate) -> Result<Found, sqlx::Error> {
    let (tenant, before) = (tx.tenant_id(), start_of_day(cutoff));
    match class {
        Class::CareSheet => {
            let (count, since) = lists::forgettable_sheets(tx, cutoff).await?;
            Ok(Found { count, since })
        }
        Class::Survey => {
            let (count, since) = statistics::forgettable(tx, cutoff).await?;
            Ok(Found { count, since })
        }
        Class::Draft | Class::Unserved | Class::Served => {
            let rows = demands(tx, class, cutoff, 1).await?;
            Ok(rows.first().map_or_else(Found::default, |row| Found {
                count: row.total,
                since: row.since,
            }))
        }
        Class::Mandate => mandates(tx, cutoff).await,
        Class::Family => families(tx, before).await,
        Class::Account => {
            let rows = accounts(tx, before, 1).await?;
            Ok(rows.first().map_or_else(Found::default, |row| Found {
                count: row.total,
                since: row.since,
            }))
        }
        Class::Decision => decisions(tx, before).await,
        Class::Undelivered => {
            sqlx::query_as!(
                Found,
                r#"SELECT count(*) AS "count!", min(created_at) AS since
                     FROM notification
                    WHERE tenant_id = $1 AND state IN ('queued', 'dead', 'to_print') AND created_at < $2"#,
                tenant.0,
                before
            )
            .fetch_one(tx.conn())
            .await
        }
        Class::Sent => {
            sqlx::query_as!(
                Found,
                r#"SELECT count(*) AS "count!", min(created_at) AS since
                     FROM notification
                    WHERE tenant_id = $1 AND state IN ('sent', 'printed') AND demand_id IS NULL AND created_at < $2"#,
                tenant.0,
                before
            )
            .fetch_one(tx.conn())
            .await
        }
        Class::Audit => {
            sqlx::query_as!(
                Found,
                r#"SELECT count(*) AS "count!", min(at) AS since FROM audit_event WHERE tenant_id = $1 AND at < $2"#,
                tenant.0,
                before
            )
            .fetch_one(tx.conn())
            .await
        }
        Class::Job => {
            sqlx::query_as!(
                Found,
                r#"SELECT count AS "count!", since FROM app.forgettable_jobs($1)"#,
                before
            )
            .fetch_one(tx.conn())
            .await
        }
    }
}

/// Deletes at most so many of a class.
pub(super) async fn delete(tx: &mut TenantTx, class: Class, cutoff: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    let before = start_of_day(cutoff);
    let few = i32::try_from(n).unwrap_or(i32::MAX);
    match class {
        Class::CareSheet => lists::forget_sheets(tx, cutoff, n).await,
        Class::Survey => statistics::forget(tx, cutoff, n).await,
        Class::Draft | Class::Unserved | Class::Served => {
            let rows = demands(tx, class, cutoff, n).await?;
            let ids: Vec<Uuid> = rows.into_iter().map(|row| row.id).collect();
            delete_demands(tx, &ids).await
        }
        Class::Mandate => delete_mandates(tx, cutoff, n).await,
        Class::Family => delete_families(tx, before, n).await,
        Class::Account => {
            let rows = accounts(tx, before, n).await?;
            let ids: Vec<Uuid> = rows.into_iter().map(|row| row.id).collect();
            delete_accounts(tx, &ids).await
        }
        Class::Undelivered | Class::Sent => delete_messages(tx, class == Class::Sent, before, n).await,
        Class::Decision => {
            sqlx::query_scalar!(r#"SELECT app.forget_decisions($1, $2) AS "n!""#, before, few)
                .fetch_one(tx.conn())
                .await
        }
        Class::Audit => {
            // Who made a version is known as long as who did anything else.
            sqlx::query!("SELECT app.forget_version_authors($1)", before)
                .execute(tx.conn())
                .await?;
            sqlx::query_scalar!(r#"SELECT app.forget_audit($1, $2) AS "n!""#, before, few)
                .fetch_one(tx.conn())
                .await
        }
        Class::Job => {
            sqlx::query_scalar!(r#"SELECT app.forget_jobs($1, $2) AS "n!""#, before, few)
                .fetch_one(tx.conn())
                .await
        }
    }
}

/// Mandates whose last day, or whose end before it, is past.
async fn mandates(tx: &mut TenantRead, cutoff: NaiveDate) -> Result<Found, sqlx::Error> {
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

async fn delete_mandates(tx: &mut TenantTx, cutoff: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
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

/// Messages that never left, or proofs of sending that belong to no demand.
async fn delete_messages(tx: &mut TenantTx, left: bool, before: DateTime<Utc>, n: i64) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "DELETE FROM notification
          WHERE tenant_id = $1 AND id IN (
                SELECT id FROM notification
                 WHERE tenant_id = $1 AND created_at < $2
                   AND CASE WHEN $3 THEN state IN ('sent', 'printed') AND demand_id IS NULL ELSE state IN ('queued', 'dead', 'to_print') END
                 LIMIT $4)",
        tenant.0,
        before,
        left,
        n
    )
    .execute(tx.conn())
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}

/// Something that is due, with how many there are in all.
struct Row {
    id: Uuid,
    since: Option<DateTime<Utc>>,
    total: i64,
}

/// Demands that are due, the oldest first. What a record of a decision still names stays until the record goes.
async fn demands(tx: &mut TenantRead, class: Class, cutoff: NaiveDate, n: i64) -> Result<Vec<Row>, sqlx::Error> {
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
async fn delete_demands(tx: &mut TenantTx, ids: &[Uuid]) -> Result<i64, sqlx::Error> {
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
async fn families(tx: &mut TenantRead, before: DateTime<Utc>) -> Result<Found, sqlx::Error> {
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

async fn delete_families(tx: &mut TenantTx, before: DateTime<Utc>, n: i64) -> Result<i64, sqlx::Error> {
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
    // Who has an account keeps the own name and household until the account goes.
    let guardians: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT g.id
           FROM guardian g
           LEFT JOIN account a ON a.tenant_id = g.tenant_id AND a.id = g.account_id AND a.state <> 'closed'
          WHERE g.tenant_id = $1 AND a.id IS NULL
            AND NOT EXISTS (SELECT 1 FROM custody c WHERE c.tenant_id = g.tenant_id AND c.guardian_id = g.id)
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
async fn accounts(tx: &mut TenantRead, before: DateTime<Utc>, n: i64) -> Result<Vec<Row>, sqlx::Error> {
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
            ORDER BY 2, 1
            LIMIT $3"#,
        tenant.0,
        before,
        n
    )
    .fetch_all(tx.conn())
    .await
}

async fn delete_accounts(tx: &mut TenantTx, ids: &[Uuid]) -> Result<i64, sqlx::Error> {
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

/// Cases of rounds that ended before, and decisions of follow-up lists whose offer is over.
async fn decisions(tx: &mut TenantRead, before: DateTime<Utc>) -> Result<Found, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(at) AS since
             FROM (SELECT r.ended_at AS at
                     FROM round_case c
                     JOIN allocation_round r ON r.tenant_id = c.tenant_id AND r.id = c.round_id
                     JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
                    WHERE c.tenant_id = $1 AND r.state IN ('closed', 'cancelled') AND r.ended_at < $2 AND k.restricted_at IS NULL
                    UNION ALL
                   SELECT d.at
                     FROM followup_decision d
                     JOIN place_offer o ON o.tenant_id = d.tenant_id AND o.id = d.offer_id
                     JOIN child k ON k.tenant_id = o.tenant_id AND k.id = o.child_id
                    WHERE d.tenant_id = $1 AND d.at < $2 AND o.state NOT IN ('sent', 'viewed') AND k.restricted_at IS NULL) due"#,
        tenant.0,
        before
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn log(
    tx: &mut TenantTx,
    run: Uuid,
    class: Class,
    cutoff: NaiveDate,
    deleted: i64,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO retention_log (tenant_id, id, run_id, at, class, cutoff, deleted) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        random_uuid(),
        run,
        now,
        class.as_str(),
        cutoff,
        deleted
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A line of the proof log.
pub(crate) struct LogRow {
    pub at: DateTime<Utc>,
    pub run_id: Uuid,
    pub class: String,
    pub cutoff: NaiveDate,
    pub deleted: i64,
}

/// The newest lines of the proof log.
pub(crate) async fn log_rows(tx: &mut TenantRead, n: i64) -> Result<Vec<LogRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        LogRow,
        "SELECT at, run_id, class, cutoff, deleted FROM retention_log WHERE tenant_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        tenant.0,
        n
    )
    .fetch_all(tx.conn())
    .await
}
