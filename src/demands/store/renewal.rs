//! Who is asked to renew, how often, and by which link.

use chrono::{DateTime, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::demands::model::Asked;
use crate::platform::clock::berlin_date;
use crate::platform::crypto::digest;
use crate::platform::ids::{DemandId, GuardianId, random_uuid};

/// An open demand with how often its family was asked since it touched it.
pub(in crate::demands) struct Candidate {
    pub id: DemandId,
    pub touched_at: DateTime<Utc>,
    pub asked: Asked,
    /// Somebody who has custody has an account.
    pub has_account: bool,
    /// Nobody who has custody has an account or a mail address.
    pub gets_letters: bool,
    /// The office has it among those whom somebody must ask.
    pub unanswered: bool,
}

/// Open demands that nobody has touched since an instant, the longest first.
pub(in crate::demands) async fn renewal_candidates(
    tx: &mut TenantRead,
    since: DateTime<Utc>,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let rows = sqlx::query!(
        r#"SELECT d.id AS "id: DemandId", d.updated_at, asked.times AS "times!", asked.last, asked.unanswered AS "unanswered!",
                  app.has_account(d.tenant_id, d.child_id, $3) AS "has_account!",
                  NOT EXISTS (SELECT 1
                                FROM custody c
                                JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                               WHERE c.tenant_id = d.tenant_id AND c.child_id = d.child_id AND (g.account_id IS NOT NULL OR g.email <> '')
                                 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)) AS "gets_letters!"
             FROM care_demand d
            CROSS JOIN LATERAL (
                  SELECT count(*) FILTER (WHERE e.kind = 'renewal_reminded') AS times,
                         max(e.at) FILTER (WHERE e.kind = 'renewal_reminded') AS last, count(*) > count(*) FILTER (WHERE e.kind = 'renewal_reminded')
                             AS unanswered
                    FROM demand_event e
                   WHERE e.tenant_id = d.tenant_id AND e.demand_id = d.id AND e.kind IN ('renewal_reminded', 'renewal_unanswered')
                     AND e.at >= d.updated_at) asked
            WHERE d.tenant_id = $1 AND d.state IN ('submitted', 'confirmed', 'in_allocation') AND d.updated_at < $2
            ORDER BY d.updated_at, d.id"#,
        tenant.0,
        since,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    let candidate = rows.into_iter().map(|row| Candidate {
        id: row.id,
        touched_at: row.updated_at,
        has_account: row.has_account,
        gets_letters: row.gets_letters,
        unanswered: row.unanswered,
        asked: Asked {
            times: usize::try_from(row.times).unwrap_or(0),
            last_on: row.last.map(berlin_date),
        },
    });
    Ok(candidate.collect())
}

/// Whether the family let all reminders of its open demand go without an answer, and somebody must ask it.
pub(in crate::demands) async fn is_unanswered(tx: &mut TenantRead, id: DemandId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT app.is_unanswered(d) AS "unanswered!" FROM care_demand d WHERE d.tenant_id = $1 AND d.id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::unwrap_or_default)
}

/// Keeps a guardian's link.
pub(in crate::demands) async fn add_renewal_link(
    tx: &mut TenantTx,
    demand: DemandId,
    guardian: GuardianId,
    token: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO renewal_link (tenant_id, id, demand_id, guardian_id, token_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        random_uuid(),
        demand.0,
        guardian.0,
        digest(token),
        now,
        expires_at
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A link that holds.
pub(in crate::demands) struct Link {
    pub id: uuid::Uuid,
    pub demand_id: DemandId,
}

/// The link with this token, if it holds: while the guardian who got it has custody.
pub(in crate::demands) async fn renewal_link(tx: &mut TenantTx, token: &str) -> Result<Option<Link>, sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    sqlx::query_as!(
        Link,
        r#"SELECT l.id, l.demand_id AS "demand_id: DemandId"
             FROM renewal_link l
             JOIN care_demand d ON d.tenant_id = l.tenant_id AND d.id = l.demand_id
            WHERE l.tenant_id = $1 AND l.token_hash = $2 AND l.expires_at > $3
              AND EXISTS (SELECT 1
                            FROM custody u
                           WHERE u.tenant_id = l.tenant_id AND u.guardian_id = l.guardian_id AND u.child_id = d.child_id
                             AND u.valid_from <= $4 AND (u.valid_to IS NULL OR u.valid_to > $4))"#,
        tenant.0,
        digest(token),
        now,
        today
    )
    .fetch_optional(tx.conn())
    .await
}

/// Uses a link up, with those that the other guardians got at the same time; `false`: it was used before.
pub(in crate::demands) async fn use_renewal_link(tx: &mut TenantTx, id: uuid::Uuid) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE renewal_link o SET used_at = $3
           FROM renewal_link l
          WHERE l.tenant_id = $1 AND l.id = $2 AND l.used_at IS NULL
            AND o.tenant_id = l.tenant_id AND o.demand_id = l.demand_id AND o.created_at = l.created_at",
        tenant.0,
        id,
        now
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() > 0)
}

/// Throws links away that hold no longer.
pub(in crate::demands) async fn old_renewal_links_gone(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "DELETE FROM renewal_link WHERE tenant_id = $1 AND expires_at < $2",
        tenant.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
