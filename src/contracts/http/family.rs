//! What guardians do with their contract: a code, a signature, notice.

use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{ContractDetail, detail};
use crate::access::{Action, Ctx, TenantRead};
use crate::contracts::{self, Notice, NoticeBy, Way};
use crate::identity;
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{AccountId, ContractId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(request_contract_code)
        .service(sign_contract)
        .service(give_notice);
}

fn own_account(tx: &TenantRead) -> Result<AccountId, ApiError> {
    tx.account().map(|a| a.id).ok_or_else(ApiError::unauthenticated)
}

/// Sends a code by mail with which the contract can be signed within 15 minutes. With a second factor none is needed.
#[utoipa::path(tag = "contracts", responses(
    (status = 204, description = "The code is on its way"),
    (status = 409, description = "`contract.wrong_state`, `contract.signed_already`"),
    (status = 429, description = "Too many codes were asked for")))]
#[post("/contracts/{contract_id}/code")]
async fn request_contract_code(ctx: Ctx, at: At<ContractId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RequestContractCode, async |tx| {
        let account = own_account(tx)?;
        contracts::request_code(tx, at.0, account).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// What a guardian signs with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContractSigning, example = json!({"code": "123456"}))]
struct Signing {
    /// The code of the mail; with a second factor its code, or a recovery code.
    #[schema(max_length = 40)]
    code: String,
}

/// Signs the contract in the version that was seen. With the last guardian who is missing it waits for the provider.
#[utoipa::path(tag = "contracts", request_body = Signing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`, `contract.signed_already`"),
    (status = 422, description = "`/code`: `wrong`, also when it is too old or was tried too often")))]
#[post("/contracts/{contract_id}/sign")]
async fn sign_contract(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<Signing>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    // Counted on their own: a wrong code rolls back what follows.
    let has_second_factor = ctx
        .prepare(Action::SignContract, async |tx| {
            let account = own_account(tx)?;
            contracts::count_try(tx, at.0, account).await?;
            identity::has_second_factor(tx).await
        })
        .await?;
    if has_second_factor {
        identity::count_attempt(&ctx, Action::SignContract).await?;
    }
    ctx.write(Action::SignContract, async |tx| {
        let (input, account) = (body.parse()?, own_account(tx)?);
        contracts::check_seen(tx, at.0, if_match.version()?).await?;
        let way = if identity::has_second_factor(tx).await? {
            identity::show_second_factor(&ctx, tx, &input.code).await?;
            Way::SecondFactor
        } else {
            contracts::use_code(tx, at.0, account, &input.code).await?;
            Way::Code
        };
        let row = contracts::sign(tx, at.0, account, way).await?;
        detail(tx, row).await
    })
    .await
}

/// Notice by the guardians.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuardianNotice, example = json!({"last_day": null, "reason": "Wir ziehen um."}))]
struct GuardianNotice {
    /// The last day of care; left out: the earliest.
    #[serde(default)]
    last_day: Option<NaiveDate>,
    /// Why; nobody has to say it. At most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Gives notice: the contract ends after its period, or does not come about where it does not bind yet. The place goes to another child.
#[utoipa::path(tag = "contracts", request_body = GuardianNotice,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`; `contract.notice_given`"),
    (status = 422, description = "`/last_day`: `too_early`, `too_late`")))]
#[post("/contracts/{contract_id}/notice")]
async fn give_notice(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<GuardianNotice>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    ctx.write(Action::GiveNotice, async |tx| {
        let input = body.parse()?;
        let notice = Notice {
            last_day: input.last_day,
            reason: input.reason,
            by_agreement: false,
        };
        let row = contracts::give_notice(tx, at.0, if_match.version()?, NoticeBy::Guardians, &notice).await?;
        detail(tx, row).await
    })
    .await
}
