//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ClaimError, Progress};
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, At, Body};
use crate::platform::ids::{ChildId, DemandId, GuardianId};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(claim_family)
        .service(list_claim_codes)
        .service(issue_claim_codes)
        .service(get_claim_progress);
    super::batches::http::routes(routes);
}

impl From<ClaimError> for ApiError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Missing => Self::not_found(),
            ClaimError::NobodyWithout => Self::conflict("claim.nobody_without", error.to_string()),
            // A fault of the field, so that the page can say it where the code was typed.
            ClaimError::CodeInvalid => Invalid::one("/code", "wrong", "").into(),
            ClaimError::Invalid(invalid) => invalid.into(),
            ClaimError::Letter(letter) => letter.into(),
            ClaimError::Family(family) => family.into(),
            ClaimError::Demand(demand) => demand.into(),
            ClaimError::Db(db) => db.into(),
        }
    }
}

/// The code of the letter, as it was typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "CKFH-7N3W-PQRT-4699"}))]
struct ClaimInput {
    /// Sixteen letters and digits; small letters, blanks and hyphens make no difference.
    #[schema(max_length = 100)]
    code: String,
}

/// A child that came into the account.
#[derive(Debug, Serialize, ToSchema)]
struct ClaimedChild {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
}

/// What came into the account.
#[derive(Debug, Serialize, ToSchema)]
struct Claimed {
    children: Vec<ClaimedChild>,
}

/// Takes over what was entered for the own family without an account, with the code of the letter.
///
/// Ten attempts in a quarter of an hour; the code holds once. Children and demands come as they are, with their dates.
#[utoipa::path(tag = "families", request_body = ClaimInput, responses(
    (status = 200, description = "The children that are the account's from now on", body = Claimed),
    (status = 422, description = "`/code` is `wrong`: unknown, used, revoked or too old"),
    (status = 429, description = "Too many attempts")))]
#[post("/family/claim")]
async fn claim_family(ctx: Ctx, body: Body<ClaimInput>) -> Result<Json<Claimed>, ApiError> {
    super::count_attempt(&ctx).await?;
    ctx.write(Action::ClaimFamily, async |tx| {
        let account = tx.scope().own().ok_or_else(ApiError::forbidden)?;
        let (code, language) = (body.parse()?.code, tx.language());
        let mut children = Vec::new();
        for id in super::claim(tx, account, &code).await? {
            let facts = families::child_facts(tx, id).await?;
            let label = facts.map(|child| child.label(&language)).unwrap_or_default();
            children.push(ClaimedChild { id, label });
        }
        Ok(Json(Claimed { children }))
    })
    .await
}

/// A guardian, as the office sees who can come in.
#[derive(Debug, Serialize, ToSchema)]
struct AccessBody {
    guardian_id: GuardianId,
    name: String,
    has_account: bool,
    /// When the code that holds was issued; `null`: there is none.
    issued_at: Option<DateTime<Utc>>,
    /// Until when it holds.
    expires_at: Option<DateTime<Utc>>,
    /// When a code was used to come in.
    used_at: Option<DateTime<Utc>>,
}

/// The guardians of a demand's child.
#[derive(Debug, Serialize, ToSchema)]
struct AccessList {
    items: Vec<AccessBody>,
}

async fn access_list(tx: &mut TenantRead, demand: DemandId) -> Result<AccessList, ApiError> {
    let all = super::access(tx, demand).await?;
    let items = all.into_iter().map(|one| AccessBody {
        guardian_id: one.guardian_id,
        name: one.name,
        has_account: one.has_account,
        issued_at: one.issued_at,
        expires_at: one.expires_at,
        used_at: one.used_at,
    });
    Ok(AccessList { items: items.collect() })
}

/// Who of a demand's guardians has an account or a code.
#[utoipa::path(tag = "office", responses((status = 200, description = "The guardians with custody today", body = AccessList)))]
#[get("/office/demands/{demand_id}/claim-codes")]
async fn list_claim_codes(ctx: Ctx, at: At<DemandId>) -> Result<Json<AccessList>, ApiError> {
    ctx.read(Action::ListClaimCodes, async |tx| {
        Ok(Json(access_list(tx, at.0).await?))
    })
    .await
}

/// Nothing more to say.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
struct NothingMore {}

/// Issues codes for the guardians without an account, as letters to print; a code issued before does not hold any more.
#[utoipa::path(tag = "office", request_body = NothingMore,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The guardians; the code stands in the letter only", body = AccessList),
              (status = 409, description = "`claim.nobody_without`: everybody has an account")))]
#[post("/office/demands/{demand_id}/claim-codes")]
async fn issue_claim_codes(ctx: Ctx, at: At<DemandId>, body: Body<NothingMore>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::IssueClaimCodes, StatusCode::CREATED, &body, async |tx| {
        body.parse()?;
        super::issue(tx, at.0).await?;
        access_list(tx, at.0).await
    })
    .await
}

/// How far the codes are.
#[derive(Debug, Serialize, ToSchema)]
struct ClaimProgress {
    /// Guardians without an account whose child has an open demand, or to whom a letter with a code was assigned.
    without_account: i64,
    /// Those of them whose child has an open demand and who have no code that holds.
    without_code: i64,
    /// Those of them who are in a file of letters that was not set yet.
    in_batch: i64,
    /// Guardians who came in with a code.
    claimed: i64,
}

impl From<Progress> for ClaimProgress {
    fn from(progress: Progress) -> Self {
        Self {
            without_account: progress.without_account,
            without_code: progress.without_code,
            in_batch: progress.in_batch,
            claimed: progress.claimed,
        }
    }
}

/// How many families have no account, and how many of them no code.
#[utoipa::path(tag = "office", responses((status = 200, description = "Numbers", body = ClaimProgress)))]
#[get("/office/claim-codes")]
async fn get_claim_progress(ctx: Ctx) -> Result<Json<ClaimProgress>, ApiError> {
    ctx.read(Action::GetClaimProgress, async |tx| {
        Ok(Json(super::progress(tx).await?.into()))
    })
    .await
}
