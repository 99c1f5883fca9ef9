//! The API of the chain.

use actix_web::web::Json;
use actix_web::{get, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::model::Fault;
use super::store::{self, CheckRow};
use super::{hex, verify};
use crate::access::{Action, Ctx, TenantRead};
use crate::platform::http::ApiError;
use crate::platform::jobs::NewJob;

/// So many looks at the chain are shown.
const SHOWN: i64 = 5;

/// A longer chain is looked through in the background: 100,000 events take some four seconds.
const AT_ONCE: i64 = 250_000;

/// Adds the operations on the chain.
pub(in crate::audit) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_audit_chain).service(verify_audit_chain);
}

/// The chain of the audit, and what came of looking it through.
#[derive(Debug, Serialize, ToSchema)]
struct AuditChain {
    /// How many events were ever sealed.
    sealed: i64,
    /// How many wait to be sealed.
    pending: i64,
    /// Number and hash of the last sealed event, to be written down elsewhere.
    head: Option<String>,
    /// Until when events were deleted by period.
    deleted_until: Option<DateTime<Utc>>,
    /// The latest looks, the newest first.
    checks: Vec<AuditCheck>,
    /// The chain is long, and is looked through in the background now.
    scheduled: bool,
}

/// A look at the whole chain.
#[derive(Debug, Serialize, ToSchema)]
struct AuditCheck {
    at: DateTime<Utc>,
    /// Events that were looked at.
    events: i64,
    /// Where the chain ended.
    head: String,
    /// What is wrong first; `null` when all is well.
    fault: Option<Fault>,
    /// At which event.
    event_id: Option<Uuid>,
    /// When it was written.
    event_at: Option<DateTime<Utc>>,
}

impl From<CheckRow> for AuditCheck {
    fn from(row: CheckRow) -> Self {
        Self {
            at: row.at,
            events: row.events,
            head: format!("{}:{}", row.head_seq, hex(&row.head_hash)),
            fault: row.fault,
            event_id: row.event_id,
            event_at: row.event_at,
        }
    }
}

async fn shown(tx: &mut TenantRead, scheduled: bool) -> Result<Json<AuditChain>, ApiError> {
    let ends = store::ends(tx).await?;
    let checks = store::checks(tx, SHOWN).await?;
    Ok(Json(AuditChain {
        sealed: ends.as_ref().map_or(0, |ends| ends.sealed_seq),
        pending: store::pending(tx).await?,
        head: ends
            .as_ref()
            .map(|ends| format!("{}:{}", ends.sealed_seq, hex(&ends.sealed_hash))),
        deleted_until: ends.and_then(|ends| ends.forgotten_until),
        checks: checks.into_iter().map(AuditCheck::from).collect(),
        scheduled,
    }))
}

/// How long the chain of the audit is, and what came of the latest looks at it.
#[utoipa::path(tag = "audit", responses((status = 200, description = "The chain", body = AuditChain)))]
#[get("/admin/audit/chain")]
async fn get_audit_chain(ctx: Ctx) -> Result<Json<AuditChain>, ApiError> {
    ctx.read(Action::GetAuditChain, async |tx| shown(tx, false).await).await
}

/// Looks the whole chain of the audit through, from the oldest event to the newest, and says what is wrong first.
#[utoipa::path(tag = "audit", responses((status = 200, description = "The chain with what came of it", body = AuditChain)))]
#[post("/admin/audit/chain/verify")]
async fn verify_audit_chain(ctx: Ctx) -> Result<Json<AuditChain>, ApiError> {
    ctx.write(Action::VerifyAuditChain, async |tx| {
        let long = store::ends(tx)
            .await?
            .is_some_and(|ends| ends.sealed_seq - ends.forgotten_seq > AT_ONCE);
        if long {
            let run_at = tx.now();
            tx.enqueue(NewJob {
                kind: "VerifyAudit",
                payload: serde_json::Value::Null,
                dedup_key: Some("asked".into()),
                run_at,
            })
            .await?;
        } else {
            verify(tx, None).await?;
        }
        shown(tx, long).await
    })
    .await
}
