//! SQL of this slice.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::http::AuditItem;
use crate::access::TenantRead;

/// What events are asked for.
pub(super) struct Wanted {
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub actor: Option<Uuid>,
    pub action: Option<String>,
    pub object: Option<Uuid>,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub limit: i64,
}

/// Events, the latest first. A person's label is looked up now; a closed account has none.
pub(super) async fn events(tx: &mut TenantRead, wanted: Wanted) -> Result<Vec<AuditItem>, sqlx::Error> {
    let (tenant, (at, id)) = (tx.tenant_id(), wanted.after.unzip());
    sqlx::query_as!(
        AuditItem,
        r#"SELECT e.id, e.at, e.actor_kind, e.actor_id, e.role, e.action, e.object_id, e.request_id,
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, k.name) AS actor_label
             FROM audit_event e
             LEFT JOIN account a ON a.tenant_id = e.tenant_id AND a.id = e.actor_id
             LEFT JOIN api_key k ON k.tenant_id = e.tenant_id AND k.id = e.actor_id
            WHERE e.tenant_id = $1
              AND ($2::timestamptz IS NULL OR e.at >= $2) AND ($3::timestamptz IS NULL OR e.at < $3)
              AND ($4::uuid IS NULL OR e.actor_id = $4) AND ($5::text IS NULL OR e.action = $5)
              AND ($6::uuid IS NULL OR e.object_id = $6 OR $6 = ANY(e.child_ids))
              AND ($7::timestamptz IS NULL OR (e.at, e.id) < ($7, $8))
            ORDER BY e.at DESC, e.id DESC
            LIMIT $9"#,
        tenant.0,
        wanted.from,
        wanted.until,
        wanted.actor,
        wanted.action,
        wanted.object,
        at,
        id,
        wanted.limit + 1
    )
    .fetch_all(tx.conn())
    .await
}
