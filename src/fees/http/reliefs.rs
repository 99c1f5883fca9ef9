//! Waivers and reductions: granting and ending them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::fees::store::{self, ReliefRow};
use crate::fees::{self, FeeError, NewRelief, ReliefReason};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{ContractId, FeeReliefId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(grant_fee_relief).service(end_fee_relief);
}

/// What of a fee is waived or reduced.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeeRelief)]
pub(super) struct ReliefBody {
    id: FeeReliefId,
    contract_id: ContractId,
    reason: ReliefReason,
    /// What is still paid of the table's amount; 0: the fee is waived.
    percent: i32,
    from_month: NaiveDate,
    /// First month for which it does not hold any more.
    until_month: NaiveDate,
    /// Day on which the evidence was seen.
    evidence_on: Option<NaiveDate>,
    note: String,
    /// Who decided.
    decided_by: String,
    decided_at: DateTime<Utc>,
    /// When it was taken back before it held.
    revoked_at: Option<DateTime<Utc>>,
    version: i32,
}

impl ReliefBody {
    pub fn of(row: &ReliefRow) -> Self {
        Self {
            id: row.id,
            contract_id: row.contract_id,
            reason: row.reason,
            percent: row.percent,
            from_month: row.from_month,
            until_month: row.until_month,
            evidence_on: row.evidence_on,
            note: row.note.clone(),
            decided_by: row.decided_by.clone(),
            decided_at: row.decided_at,
            revoked_at: row.revoked_at,
            version: row.version,
        }
    }
}

async fn found(tx: &mut TenantRead, id: FeeReliefId) -> Result<ReliefBody, ApiError> {
    let row = store::reliefs(tx, None, Some(id)).await?.pop();
    Ok(ReliefBody::of(&row.ok_or(FeeError::Missing)?))
}

/// Waives or reduces the fee of a contract for some months. The notice that holds is marked; a new one tells the family.
#[utoipa::path(tag = "fees", request_body = NewRelief,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The relief", body = ReliefBody),
              (status = 409, description = "`fee.relief_overlaps`: in some of these months something is waived already")))]
#[post("/office/fee-reliefs")]
async fn grant_fee_relief(ctx: Ctx, body: Body<NewRelief>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::GrantFeeRelief, StatusCode::CREATED, &body, async |tx| {
        let id = fees::grant(tx, &body.parse()?).await?;
        found(tx, id).await
    })
    .await
}

/// From which month on it does not hold any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"until_month": "2027-09-01"}))]
struct ReliefEnd {
    /// Any day of the month; the first month of the relief or an earlier one takes it back as a whole.
    until_month: NaiveDate,
}

/// Ends a relief early, or takes it back before it held. The notice that holds is marked; a new one tells the family.
#[utoipa::path(tag = "fees", request_body = ReliefEnd,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The relief", body = ReliefBody),
              (status = 409, description = "`fee.relief_over`: it was taken back"),
              (status = 422, description = "`/until_month` is `not_earlier` than its end")))]
#[post("/office/fee-reliefs/{fee_relief_id}/end")]
async fn end_fee_relief(
    ctx: Ctx,
    at: At<FeeReliefId>,
    if_match: IfMatch,
    body: Body<ReliefEnd>,
) -> Result<Versioned<ReliefBody>, ApiError> {
    ctx.write(Action::EndFeeRelief, async |tx| {
        fees::end_relief(tx, at.0, if_match.version()?, body.parse()?.until_month).await?;
        let relief = found(tx, at.0).await?;
        Ok(Versioned::new(relief.version, relief))
    })
    .await
}
