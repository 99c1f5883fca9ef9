//! SQL of this slice.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::model::{Content, Earlier, Kind, Subject};
use crate::access::{Actor, TenantRead, TenantTx};

/// Lets one change of a subject at a time through, until its transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, subject: &Subject) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('content_version ' || $2::text || ' ' || $3::text, $1::int))",
        tenant.0,
        subject.kind.as_str(),
        subject.key
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The latest version's number and content.
pub(super) async fn last(tx: &mut TenantRead, subject: &Subject) -> Result<Option<(i32, Value)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        "SELECT number, content FROM content_version
          WHERE tenant_id = $1 AND kind = $2 AND subject = $3
          ORDER BY number DESC
          LIMIT 1",
        tenant.0,
        subject.kind.as_str(),
        subject.key
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| (r.number, r.content)))
}

/// Writes a version. What was found is nobody's; it stood since what the content itself says, if it says so.
pub(super) async fn insert(
    tx: &mut TenantTx,
    subject: &Subject,
    number: i32,
    content: &Content,
    found: bool,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = match tx.actor() {
        _ if found => None,
        Actor::Account(account) => Some(account.id.0),
        Actor::ApiKey(key) => Some(key.0),
        Actor::Anonymous | Actor::System(_) => None,
    };
    let since = if found { content.since } else { Some(now) };
    sqlx::query!(
        "INSERT INTO content_version (tenant_id, kind, subject, number, content, recorded_at, since, made_by, found)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        subject.kind.as_str(),
        subject.key,
        number,
        content.value,
        now,
        since,
        by,
        found
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn content(
    tx: &mut TenantRead,
    subject: &Subject,
    number: i32,
) -> Result<Option<Content>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Content,
        "SELECT content AS value, since FROM content_version
          WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND number = $4",
        tenant.0,
        subject.kind.as_str(),
        subject.key,
        number
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn earlier(tx: &mut TenantRead, subject: &Subject) -> Result<Vec<Earlier>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Earlier,
        "SELECT number, since FROM content_version
          WHERE tenant_id = $1 AND kind = $2 AND subject = $3
          ORDER BY number DESC
         OFFSET 1",
        tenant.0,
        subject.kind.as_str(),
        subject.key
    )
    .fetch_all(tx.conn())
    .await
}

/// A version with the one before it.
pub(super) struct Row {
    pub kind: Kind,
    pub subject: String,
    pub number: i32,
    pub recorded_at: DateTime<Utc>,
    pub since: Option<DateTime<Utc>>,
    pub found: bool,
    pub latest: bool,
    pub content: Value,
    pub before: Option<Value>,
    pub by: Option<String>,
    pub about: Option<String>,
}

/// Where a row stands in the list.
pub(super) type Place = (DateTime<Utc>, String, String, i32);

/// Versions of these kinds, the latest first. Names are looked up now, as the audit does; a closed account has none.
pub(super) async fn versions(
    tx: &mut TenantRead,
    kinds: &[Kind],
    subject: Option<&str>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    let (at, after_kind, after_subject, after_number) = match after {
        Some((at, kind, subject, number)) => (Some(at), Some(kind), Some(subject), Some(number)),
        None => (None, None, None, None),
    };
    sqlx::query_as!(
        Row,
        r#"SELECT v.kind AS "kind: Kind", v.subject, v.number, v.recorded_at, v.since, v.found, v.content,
                  NOT EXISTS (SELECT 1 FROM content_version n
                               WHERE n.tenant_id = v.tenant_id AND n.kind = v.kind AND n.subject = v.subject AND n.number = v.number + 1) AS "latest!",
                  p.content AS "before?",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, k.name) AS by,
                  COALESCE(f.name, o.display_name, CASE WHEN o.state <> 'closed' THEN o.email END) AS about
             FROM content_version v
             LEFT JOIN content_version p ON p.tenant_id = v.tenant_id AND p.kind = v.kind AND p.subject = v.subject AND p.number = v.number - 1
             LEFT JOIN account a ON a.tenant_id = v.tenant_id AND a.id = v.made_by
             LEFT JOIN api_key k ON k.tenant_id = v.tenant_id AND k.id = v.made_by
             LEFT JOIN facility f ON f.tenant_id = v.tenant_id
              AND f.id = CASE WHEN v.kind IN ('closing_days', 'basis', 'figures') AND v.subject <> '' THEN v.subject::uuid END
             LEFT JOIN account o ON o.tenant_id = v.tenant_id AND o.id = CASE WHEN v.kind = 'roles' THEN v.subject::uuid END
            WHERE v.tenant_id = $1 AND v.kind = ANY($2) AND ($3::text IS NULL OR v.subject = $3)
              AND ($4::timestamptz IS NULL OR (v.recorded_at, v.kind, v.subject, v.number) < ($4, $5, $6, $7))
            ORDER BY v.recorded_at DESC, v.kind DESC, v.subject DESC, v.number DESC
            LIMIT $8"#,
        tenant.0,
        &kinds,
        subject,
        at,
        after_kind,
        after_subject,
        after_number,
        limit + 1
    )
    .fetch_all(tx.conn())
    .await
}
