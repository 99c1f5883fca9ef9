//! The API of protected addresses.

use actix_web::web::Json;
use actix_web::{post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{ProtectedAddress, Purpose};
use super::store;
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{AccountId, HouseholdId};

/// Adds the operations on protected addresses.
pub(in crate::families) fn routes(routes: &mut ServiceConfig) {
    routes.service(set_case_worker).service(read_protected_address);
}

/// Who is to work on the case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"}))]
struct CaseWorkerInput {
    /// A clerk takes the case with the own account; only administrators name another one. `null`: nobody.
    account_id: Option<AccountId>,
}

/// Who works on the case of a protected household.
#[derive(Debug, Serialize, ToSchema)]
struct CaseWorkerBody {
    household_id: HouseholdId,
    /// `null`: nobody, and nobody reads the address.
    case_worker_name: Option<String>,
    version: i32,
}

/// Names who works on the case of a protected household; only this person reads its address.
#[utoipa::path(tag = "families", request_body = CaseWorkerInput,
    params(("if-match" = String, Header, description = "Version of the household that was seen")),
    responses((status = 200, description = "Who works on it now", body = CaseWorkerBody),
              (status = 409, description = "`family.admin_names`: somebody has the case, or another one is to get it; an administrator decides")))]
#[put("/office/households/{household_id}/case-worker")]
async fn set_case_worker(
    ctx: Ctx,
    at: At<HouseholdId>,
    if_match: IfMatch,
    body: Body<CaseWorkerInput>,
) -> Result<Versioned<CaseWorkerBody>, ApiError> {
    ctx.write(Action::SetCaseWorker, async |tx| {
        super::set_case_worker(tx, at.0, if_match.version()?, body.parse()?.account_id).await?;
        let (case_worker_name, version) = store::case(tx, at.0).await?;
        let body = CaseWorkerBody {
            household_id: at.0,
            case_worker_name,
            version,
        };
        Ok(Versioned::new(version, body))
    })
    .await
}

/// For what the address is needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "letter"}))]
struct PurposeInput {
    purpose: Purpose,
}

/// The protected address of a household, for who works on its case. Each time is an alert in the audit, with the purpose.
#[utoipa::path(tag = "families", request_body = PurposeInput,
    responses((status = 200, description = "The address", body = ProtectedAddress),
              (status = 409, description = "`family.not_case_worker`: somebody else works on the case, or nobody")))]
#[post("/office/households/{household_id}/address")]
async fn read_protected_address(
    ctx: Ctx,
    at: At<HouseholdId>,
    body: Body<PurposeInput>,
) -> Result<Json<ProtectedAddress>, ApiError> {
    ctx.write(Action::ReadProtectedAddress, async |tx| {
        let purpose = body.parse()?.purpose;
        Ok(Json(super::read_address(tx, at.0, purpose).await?))
    })
    .await
}
