//! SQL of deletion by period. What is counted and what is deleted are found by the same conditions.

mod families;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::Class;
use crate::access::{TenantRead, TenantTx};
use crate::lists;
use crate::notices;
use crate::platform::clock::start_of_day;
use crate::platform::ids::random_uuid;
use crate::statistics;
use families::{
    accounts, delete_accounts, delete_demands, delete_families, delete_mandates, demands, families, mandates,
};

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
        Class::Licence => {
            let (count, since) = notices::forgettable_licences(tx, cutoff).await?;
            Ok(Found { count, since })
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
        Class::Licence => notices::forget_licences(tx, cutoff, n).await,
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
