//! SQL of this slice.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::http::AuditItem;
use crate::access::{Action, TenantRead};
use crate::platform::ids::{AccountId, ChildId};

/// What events are asked for.
pub(super) struct Wanted {
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub actor: Option<Uuid>,
    pub action: Option<String>,
    pub object: Option<Uuid>,
    pub outcome: Option<&'static str>,
    pub alerts_only: bool,
    /// Whether the oldest comes first.
    pub upwards: bool,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub limit: i64,
}

/// The page in one direction: only an order that is written down is read from an index, and a large town has millions of events.
macro_rules! events {
    ($tx:ident, $wanted:ident, $behind:tt, $order:tt) => {{
        let (tenant, (at, id)) = ($tx.tenant_id(), $wanted.after.unzip());
        sqlx::query_as!(
            AuditItem,
            r#"SELECT e.id, e.at, e.actor_kind, e.actor_id, e.role, e.action, e.object_id, e.request_id, e.outcome, e.code, e.reason,
                  e.on_behalf_of, g.first_name || ' ' || g.last_name AS on_behalf_of_label,
                  e.action = ANY($10) AS "alert!",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, k.name) AS actor_label
             FROM audit_event e
             LEFT JOIN account a ON a.tenant_id = e.tenant_id AND a.id = e.actor_id
             LEFT JOIN api_key k ON k.tenant_id = e.tenant_id AND k.id = e.actor_id
             LEFT JOIN guardian g ON g.tenant_id = e.tenant_id AND g.id = e.on_behalf_of
            WHERE e.tenant_id = $1
              AND ($2::timestamptz IS NULL OR e.at >= $2) AND ($3::timestamptz IS NULL OR e.at < $3)
              AND ($4::uuid IS NULL OR e.actor_id = $4) AND ($5::text IS NULL OR e.action = $5)
              AND ($6::uuid IS NULL OR e.object_id = $6 OR $6 = ANY(e.child_ids))
              AND ($11::text IS NULL OR e.outcome = $11) AND (NOT $12 OR e.action = ANY($10))
              AND ($7::timestamptz IS NULL OR (e.at, e.id) "# + $behind + " ($7, $8)) ORDER BY " + $order + " LIMIT $9",
            tenant.0,
            $wanted.from,
            $wanted.until,
            $wanted.actor,
            $wanted.action,
            $wanted.object,
            at,
            id,
            $wanted.limit + 1,
            &alerts(),
            $wanted.outcome,
            $wanted.alerts_only
        )
        .fetch_all($tx.conn())
        .await
    }};
}

/// Events by their time. A person's label is looked up now; a closed account has none.
pub(super) async fn events(tx: &mut TenantRead, wanted: Wanted) -> Result<Vec<AuditItem>, sqlx::Error> {
    if wanted.upwards {
        events!(tx, wanted, ">", "e.at, e.id")
    } else {
        events!(tx, wanted, "<", "e.at DESC, e.id DESC")
    }
}

/// More events than these are not counted: nobody reads so many, and a large town has millions.
const COUNTED: i64 = 10_000;

/// How many events there are; none where there are too many to be counted.
pub(super) async fn count(tx: &mut TenantRead, wanted: &Wanted) -> Result<Option<i64>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM (SELECT FROM audit_event e
                    WHERE e.tenant_id = $1
                      AND ($2::timestamptz IS NULL OR e.at >= $2) AND ($3::timestamptz IS NULL OR e.at < $3)
                      AND ($4::uuid IS NULL OR e.actor_id = $4) AND ($5::text IS NULL OR e.action = $5)
                      AND ($6::uuid IS NULL OR e.object_id = $6 OR $6 = ANY(e.child_ids))
                      AND ($7::text IS NULL OR e.outcome = $7) AND (NOT $8 OR e.action = ANY($9))
                    LIMIT $10) found"#,
        tenant.0,
        wanted.from,
        wanted.until,
        wanted.actor,
        wanted.action.as_deref(),
        wanted.object,
        wanted.outcome,
        wanted.alerts_only,
        &alerts(),
        COUNTED + 1
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Some(counted).filter(|n| *n <= COUNTED))
}

fn alerts() -> Vec<String> {
    let names = Action::ALL.iter().map(|action| action.name());
    names.filter(|name| Action::is_alert(name)).map(str::to_owned).collect()
}

/// An event about a child.
#[derive(Debug)]
pub struct ChildEvent {
    /// The event.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// `anonymous`, `parent`, `staff`, `api_key` or `system`.
    pub actor_kind: String,
    /// The account or key.
    pub actor_id: Option<Uuid>,
    /// The role that allowed it.
    pub role: Option<String>,
    /// The operation's name.
    pub action: String,
    /// Whether something was changed; unknown for old events.
    pub changed: Option<bool>,
    /// The ground, where one was given.
    pub reason: Option<String>,
    /// Facilities or providers for which the person had the role then, or the name of the machine client.
    pub place: Option<String>,
    /// The name of the guardian in whose name somebody with a mandate acted.
    pub on_behalf_of: Option<String>,
    /// That person, as the mandate names it.
    pub counsellor: Option<String>,
}

/// What was done about a child, the latest first: what came about, refused attempts left out, and those of an account where one is given.
pub async fn of_child(
    tx: &mut TenantRead,
    child: ChildId,
    but_of: Option<AccountId>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<ChildEvent>, sqlx::Error> {
    let (tenant, (at, id)) = (tx.tenant_id(), after.unzip());
    sqlx::query_as!(
        ChildEvent,
        r#"SELECT e.id, e.at, e.actor_kind, e.actor_id, e.role, e.action, e.changed, e.reason,
                  g.first_name || ' ' || g.last_name AS on_behalf_of,
                  (SELECT m.name FROM mandate m
                    WHERE m.tenant_id = e.tenant_id AND m.guardian_id = e.on_behalf_of AND m.account_id = e.actor_id
                    ORDER BY m.created_at DESC LIMIT 1) AS counsellor,
                  COALESCE(k.name, (SELECT string_agg(DISTINCT COALESCE(f.name, p.name), ', ')
                                      FROM membership m
                                      LEFT JOIN facility f ON f.tenant_id = m.tenant_id AND f.id = m.facility_id
                                      LEFT JOIN provider p ON p.tenant_id = m.tenant_id AND p.id = m.provider_id
                                     WHERE m.tenant_id = e.tenant_id AND m.account_id = e.actor_id AND m.role = e.role
                                       AND m.created_at <= e.at AND (m.ended_at IS NULL OR m.ended_at > e.at))) AS place
             FROM audit_child c
             JOIN audit_event e ON e.tenant_id = c.tenant_id AND e.id = c.event_id
             LEFT JOIN api_key k ON k.tenant_id = e.tenant_id AND k.id = e.actor_id AND e.actor_kind = 'api_key'
             LEFT JOIN guardian g ON g.tenant_id = e.tenant_id AND g.id = e.on_behalf_of
            WHERE c.tenant_id = $1 AND c.child_id = $2 AND e.outcome = 'done'
              AND ($3::timestamptz IS NULL OR (c.at, c.event_id) < ($3, $4))
              AND ($6::uuid IS NULL OR e.actor_id IS DISTINCT FROM $6)
            ORDER BY c.at DESC, c.event_id DESC
            LIMIT $5"#,
        tenant.0,
        child as _,
        at,
        id,
        limit,
        but_of.map(|account| account.0)
    )
    .fetch_all(tx.conn())
    .await
}
