//! School entry of a child: when it is by the key date, what was decided, and recording a decision.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::contracts::{self, ContractError, NewSchoolEntry, SchoolEntryKind};
use crate::families;
use crate::platform::http::{ApiError, At, Body};
use crate::platform::ids::ChildId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_school_entry).service(record_school_entry);
}

/// A decision on school entry.
#[derive(Debug, Serialize, ToSchema)]
struct SchoolDecision {
    kind: SchoolEntryKind,
    decided_on: NaiveDate,
    note: Option<String>,
    /// Who recorded it.
    recorded_by: Option<String>,
    recorded_at: DateTime<Utc>,
}

/// When school begins for a child.
#[derive(Debug, Serialize, ToSchema)]
struct SchoolEntryBody {
    /// By the key date.
    by_rule: NaiveDate,
    /// As it counts.
    entry_on: NaiveDate,
    /// The decision that counts; `null`: none.
    decision: Option<SchoolDecision>,
    /// Whether the child has a claim to full-day care from its first grade on: who enters school in 2026 or later.
    claim_from_entry: bool,
    /// Contracts that could not follow the decision just recorded: nothing is free for the time between.
    not_followed: usize,
}

async fn body(tx: &mut TenantRead, child: ChildId, not_followed: usize) -> Result<SchoolEntryBody, ApiError> {
    families::child_facts(tx, child).await?.ok_or(ContractError::Missing)?;
    tx.touch_child(child);
    let entry = contracts::school_entry(tx, child)
        .await?
        .ok_or(ContractError::Missing)?;
    Ok(SchoolEntryBody {
        by_rule: entry.by_rule,
        entry_on: entry.entry_on,
        claim_from_entry: contracts::claim_from_entry(entry.entry_on),
        decision: entry.decision.map(|d| SchoolDecision {
            kind: d.kind,
            decided_on: d.decided_on,
            note: d.note,
            recorded_by: d.recorded_by,
            recorded_at: d.recorded_at,
        }),
        not_followed,
    })
}

/// When school begins for a child: by the key date, or as it was decided.
#[utoipa::path(tag = "contracts", responses((status = 200, description = "School entry", body = SchoolEntryBody)))]
#[get("/office/children/{child_id}/school-entry")]
async fn get_school_entry(ctx: Ctx, at: At<ChildId>) -> Result<Json<SchoolEntryBody>, ApiError> {
    ctx.read(Action::GetSchoolEntry, async |tx| Ok(Json(body(tx, at.0, 0).await?)))
        .await
}

/// Records a deferral, an early entry, or that the key date counts again. Contracts that end with school entry, their places and the
/// forecast follow.
#[utoipa::path(tag = "contracts", request_body = NewSchoolEntry,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "School entry; `not_followed` counts the contracts that stay as they are for want of a place",
               body = SchoolEntryBody),
              (status = 422, description = "`/kind`: `unchanged`, `too_late`; `/decided_on`: `in_future`")))]
#[post("/office/children/{child_id}/school-entry")]
async fn record_school_entry(ctx: Ctx, at: At<ChildId>, new: Body<NewSchoolEntry>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::RecordSchoolEntry, StatusCode::CREATED, &new, async |tx| {
        let stuck = contracts::record_school_entry(tx, at.0, &new.parse()?).await?;
        body(tx, at.0, stuck).await
    })
    .await
}
