//! SQL of the chain.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::look::Look;
use super::model::{Broken, Fault, Link, Position};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::random_uuid;

/// So many rows are looked at in one query.
pub(super) const PAGE: i64 = 5000;

/// Seals at most so many events; answers how many.
pub(super) async fn seal(tx: &mut TenantTx, n: i32) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT app.seal_audit($1) AS "n!""#, n)
        .fetch_one(tx.conn())
        .await
}

/// Where the chain begins and ends.
pub(super) struct Ends {
    pub sealed_seq: i64,
    pub sealed_hash: Vec<u8>,
    pub forgotten_seq: i64,
    pub forgotten_hash: Vec<u8>,
    pub forgotten_until: Option<DateTime<Utc>>,
}

pub(super) async fn ends(tx: &mut TenantRead) -> Result<Option<Ends>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Ends,
        "SELECT sealed_seq, sealed_hash, forgotten_seq, forgotten_hash, forgotten_until FROM audit_chain WHERE tenant_id = $1",
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The instant of the newest event.
pub(super) async fn newest(tx: &mut TenantRead) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!("SELECT max(at) FROM audit_event WHERE tenant_id = $1", tenant.0)
        .fetch_one(tx.conn())
        .await
}

struct Row {
    event_id: Uuid,
    at: DateTime<Utc>,
    event_hash: Vec<u8>,
    seq: Option<i64>,
    chain_hash: Option<Vec<u8>>,
    hash_now: Option<Vec<u8>>,
    hidden: bool,
}

impl From<Row> for Link {
    fn from(row: Row) -> Self {
        Self {
            event: row.event_id,
            at: row.at,
            event_hash: row.event_hash,
            sealed: row.seq.zip(row.chain_hash),
            hash_now: row.hash_now,
            hidden: row.hidden,
        }
    }
}

/// The sealed links after a place and up to another one, in their order.
pub(super) async fn sealed(tx: &mut TenantRead, after: i64, until: i64) -> Result<Vec<Link>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT l.event_id, l.at, l.event_hash, l.seq, l.chain_hash,
                  CASE WHEN e.id IS NOT NULL THEN app.audit_hash(e) END AS hash_now,
                  EXISTS (SELECT 1 FROM unnest(e.child_ids) AS named(child)
                           WHERE NOT EXISTS (SELECT 1 FROM audit_child c
                                              WHERE c.tenant_id = e.tenant_id AND c.child_id = named.child AND c.at = e.at AND c.event_id = e.id))
                      AS "hidden!"
             FROM audit_link l
             LEFT JOIN audit_event e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
            WHERE l.tenant_id = $1 AND l.seq > $2 AND l.seq <= $3
            ORDER BY l.seq
            LIMIT $4"#,
        tenant.0,
        after,
        until,
        PAGE
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Link::from).collect())
}

/// A link that is not sealed yet and whose event is gone or not what it was.
pub(super) async fn broken_pending(tx: &mut TenantRead) -> Result<Option<Broken>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT l.event_id, l.at, e.id AS "event?"
           FROM audit_link l
           LEFT JOIN audit_event e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
          WHERE l.tenant_id = $1 AND l.seq IS NULL AND (e.id IS NULL OR app.audit_hash(e) <> l.event_hash)
          ORDER BY l.at, l.event_id
          LIMIT 1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Broken {
        fault: match row.event {
            Some(_) => Fault::Altered,
            None => Fault::Removed,
        },
        event: Some(row.event_id),
        at: Some(row.at),
    }))
}

/// An event with its instant and whether it has no link.
pub(super) struct Event {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub unlinked: bool,
}

/// The events after one, by instant, each with whether it has no link.
pub(super) async fn events(
    tx: &mut TenantRead,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> Result<Vec<Event>, sqlx::Error> {
    let (tenant, (at, id)) = (tx.tenant_id(), after.unzip());
    sqlx::query_as!(
        Event,
        r#"SELECT e.id, e.at, l.event_id IS NULL AS "unlinked!"
             FROM (SELECT id, at FROM audit_event
                    WHERE tenant_id = $1 AND ($2::timestamptz IS NULL OR (at >= $2 AND (at, id) > ($2, $3)))
                    ORDER BY at, id LIMIT $4) e
             LEFT JOIN audit_link l ON l.tenant_id = $1 AND l.event_id = e.id
            ORDER BY e.at, e.id"#,
        tenant.0,
        at,
        id,
        PAGE
    )
    .fetch_all(tx.conn())
    .await
}

/// How many events wait to be sealed.
pub(super) async fn pending(tx: &mut TenantRead) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM audit_link WHERE tenant_id = $1 AND seq IS NULL"#,
        tenant.0
    )
    .fetch_one(tx.conn())
    .await
}

/// The hash at a place of the chain, where it is still there.
pub(super) async fn hash_at(tx: &mut TenantRead, seq: i64) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_scalar!(
        "SELECT chain_hash FROM audit_link WHERE tenant_id = $1 AND seq = $2",
        tenant.0,
        seq
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.flatten())
}

/// What came of a look at the whole chain.
pub(super) struct CheckRow {
    pub at: DateTime<Utc>,
    pub events: i64,
    pub head_seq: i64,
    pub head_hash: Vec<u8>,
    pub fault: Option<Fault>,
    pub event_id: Option<Uuid>,
    pub event_at: Option<DateTime<Utc>>,
}

pub(super) async fn insert_check(tx: &mut TenantTx, row: &CheckRow) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO audit_check (tenant_id, id, at, events, head_seq, head_hash, fault, event_id, event_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        random_uuid(),
        row.at,
        row.events,
        row.head_seq,
        row.head_hash,
        row.fault.map(Fault::as_str),
        row.event_id,
        row.event_at
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The newest looks at the chain.
pub(super) async fn checks(tx: &mut TenantRead, n: i64) -> Result<Vec<CheckRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CheckRow,
        r#"SELECT at, events, head_seq, head_hash, fault AS "fault: Fault", event_id, event_at
             FROM audit_check WHERE tenant_id = $1 ORDER BY at DESC, id DESC LIMIT $2"#,
        tenant.0,
        n
    )
    .fetch_all(tx.conn())
    .await
}

/// A look that was put down. Only the database's own doors write it (`app.take_up_look` and those beside it).
pub(super) async fn progress(tx: &mut TenantTx) -> Result<Option<Look>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT begun_at AS "begun_at!", until_seq AS "until_seq!", until_hash AS "until_hash!", seq AS "seq!", hash AS "hash!", latest,
                  after_at, after_id, events AS "events!"
             FROM app.take_up_look()"#
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Look {
        begun_at: row.begun_at,
        until: (row.until_seq, row.until_hash),
        position: Position::new(row.seq, row.hash, row.latest),
        after: row.after_at.zip(row.after_id),
        events: row.events,
    }))
}

/// Puts a look down; refused where the chain does not hold up to there.
pub(super) async fn save_progress(tx: &mut TenantTx, look: &Look) -> Result<(), sqlx::Error> {
    let (after_at, after_id) = look.after.unzip();
    sqlx::query!(
        "SELECT app.put_down_look($1, $2, $3, $4, $5, $6, $7, $8)",
        look.begun_at,
        look.until.0,
        look.until.1,
        look.position.seq,
        look.position.hash,
        after_at,
        after_id,
        look.events
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The look is through.
pub(super) async fn drop_progress(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT app.end_look()")
        .execute(tx.conn())
        .await
        .map(|_| ())
}
