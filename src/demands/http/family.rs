//! The family's own demands. Without custody of the child today a demand is missing.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, put, web::Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead, TenantTx};
use crate::demands::model::{DemandChange, SiblingAnswer};
use crate::demands::shown::{DemandBody, HistoryItem};
use crate::demands::{self, DemandError, store};
use crate::documents::{self, Letterhead, Receipt};
use crate::families;
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, At, Body, IfMatch, Stale, Versioned};
use crate::platform::ids::{AccountId, ChildId, DemandId, FacilityId};
use crate::platform::limits::Kind;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(create_demand)
        .service(list_demands)
        .service(get_demand)
        .service(update_demand)
        .service(put_preferences)
        .service(put_sibling_answer)
        .service(submit_demand)
        .service(withdraw_demand)
        .service(renew_demand)
        .service(renew_by_link)
        .service(discard_demand)
        .service(get_receipt)
        .service(get_demand_history);
}

/// For which child.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"child_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"}))]
struct NewDemand {
    child_id: ChildId,
    /// The child has a place and wishes another one; it keeps its place until an offer elsewhere is accepted.
    #[serde(default)]
    transfer: bool,
}

/// The wished facilities, the dearest first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"facility_ids": ["6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"]}))]
struct Wishes {
    #[schema(max_items = 50)]
    facility_ids: Vec<FacilityId>,
}

/// Whether children who look for places at the same time go to one facility.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "preferred"}))]
struct SiblingsInput {
    answer: SiblingAnswer,
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
struct Nothing {}

/// The own demands.
#[derive(Debug, Serialize, ToSchema)]
struct DemandsBody {
    items: Vec<DemandBody>,
}

/// What happened to a demand, oldest first.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryBody {
    items: Vec<HistoryItem>,
}

/// The parent who asks; the policy lets nobody else come this far.
fn own(tx: &TenantRead) -> Result<AccountId, ApiError> {
    tx.scope().own().ok_or_else(ApiError::forbidden)
}

/// Makes sure that the demand is of a child in the asker's custody today.
async fn find_own(tx: &mut TenantRead, id: DemandId) -> Result<ChildId, ApiError> {
    let account = own(tx)?;
    let row = store::demand(tx, id).await?.ok_or_else(ApiError::not_found)?;
    if !families::has_custody(tx, account, row.child_id).await? {
        return Err(ApiError::not_found());
    }
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row.child_id)
}

/// The same, locked, and only in the version that the asker saw.
async fn find_seen(tx: &mut TenantTx, id: DemandId, if_match: IfMatch) -> Result<(), ApiError> {
    find_own(tx, id).await?;
    let row = demands::demand_for_update(tx, id).await?;
    Ok(Stale::check(if_match.version()?, row.version)?)
}

async fn shown(tx: &mut TenantRead, id: DemandId) -> Result<DemandBody, ApiError> {
    let language = tx.language();
    let body = demands::demand_body(tx, id, &language).await?;
    body.ok_or_else(ApiError::not_found)
}

async fn versioned(tx: &mut TenantRead, id: DemandId) -> Result<Versioned<DemandBody>, ApiError> {
    let body = shown(tx, id).await?;
    Ok(Versioned::new(body.version, body))
}

/// Begins a demand for a child: a draft that is filled in step by step.
#[utoipa::path(tag = "demands", request_body = NewDemand,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The draft", body = DemandBody),
              (status = 409, description = "`demand.exists`: the child has a demand that has not ended; `demand.no_place`: only who has a \
                                            place can change to another one")))]
#[post("/demands")]
async fn create_demand(ctx: Ctx, body: Body<NewDemand>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateDemand, StatusCode::CREATED, &body, async |tx| {
        let (
            account,
            NewDemand {
                child_id: child,
                transfer,
            },
        ) = (own(tx)?, body.parse()?);
        if !families::has_custody(tx, account, child).await? {
            return Err(Invalid::one("/child_id", "unknown", "no child of yours").into());
        }
        let id = if transfer {
            demands::create_transfer(tx, child).await?
        } else {
            demands::create(tx, child).await?
        };
        tx.touch(id);
        shown(tx, id).await
    })
    .await
}

/// The demands of all own children, newest first.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The demands", body = DemandsBody)))]
#[get("/demands")]
async fn list_demands(ctx: Ctx) -> Result<Json<DemandsBody>, ApiError> {
    ctx.read(Action::ListDemands, async |tx| {
        let account = own(tx)?;
        let mut items = Vec::new();
        for id in store::demands_of(tx, account).await? {
            items.push(shown(tx, id).await?);
        }
        Ok(Json(DemandsBody { items }))
    })
    .await
}

/// A demand with its preferences, the legal clock and what comes next.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The demand", body = DemandBody)))]
#[get("/demands/{demand_id}")]
async fn get_demand(ctx: Ctx, at: At<DemandId>) -> Result<Versioned<DemandBody>, ApiError> {
    ctx.read(Action::GetDemand, async |tx| {
        find_own(tx, at.0).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Saves what was filled in; a draft may be incomplete. After sending only hours, window, latest start and facts change until the key date, and
/// the wished start as long as nobody has decided by it: the day of arrival stays, and the family gets the new start in writing.
#[utoipa::path(tag = "demands", request_body = DemandChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = DemandBody),
              (status = 409, description = "`demand.not_editable`: the key date has passed, or an offer is open; of the wished start also \
                                            `demand.start_in_round` and `demand.start_under_offer`")))]
#[patch("/demands/{demand_id}")]
async fn update_demand(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<DemandChange>,
) -> Result<Versioned<DemandBody>, ApiError> {
    ctx.write(Action::UpdateDemand, async |tx| {
        find_seen(tx, at.0, if_match).await?;
        demands::change(tx, at.0, &body.parse()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Puts the wished facilities in order: adds, reorders, and takes back what is not named.
#[utoipa::path(tag = "demands", request_body = Wishes,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = DemandBody),
              (status = 409, description = "`demand.not_editable`: the key date has passed; taking back alone is possible")))]
#[put("/demands/{demand_id}/preferences")]
async fn put_preferences(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Wishes>,
) -> Result<Versioned<DemandBody>, ApiError> {
    ctx.write(Action::PutPreferences, async |tx| {
        find_seen(tx, at.0, if_match).await?;
        demands::put_preferences(tx, at.0, &body.parse()?.facility_ids).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Says whether children who look for places at the same time go to one facility. The answer counts for all of them.
#[utoipa::path(tag = "demands", request_body = SiblingsInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = DemandBody),
              (status = 409, description = "`demand.no_siblings`: no sibling looks for a place at the same time; `demand.siblings_frozen`: a \
                                            round that is under way took the answer as it was")))]
#[put("/demands/{demand_id}/siblings")]
async fn put_sibling_answer(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<SiblingsInput>,
) -> Result<Versioned<DemandBody>, ApiError> {
    ctx.write(Action::PutSiblingAnswer, async |tx| {
        find_own(tx, at.0).await?;
        let (account, seen) = (own(tx)?, if_match.version()?);
        demands::answer_siblings(tx, at.0, seen, account, body.parse()?.answer).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Sends the demand: reference code, legal clock, receipt by mail or letter to every guardian with custody.
#[utoipa::path(tag = "demands", request_body = Nothing,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 200, description = "The demand", body = DemandBody),
              (status = 409, description = "`demand.wrong_state`: it was sent before"),
              (status = 422, description = "Everything that is missing, with its place")))]
#[post("/demands/{demand_id}/submit")]
async fn submit_demand(ctx: Ctx, at: At<DemandId>, body: Body<Nothing>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::SubmitDemand, StatusCode::OK, &body, async |tx| {
        find_own(tx, at.0).await?;
        body.parse()?;
        let now = tx.now();
        demands::submit(tx, at.0, now).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Takes the whole demand back, with all its preferences; an open offer ends with it.
#[utoipa::path(tag = "demands", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = DemandBody),
              (status = 409, description = "`demand.wrong_state`: a draft is discarded, and after acceptance only the contract can be ended")))]
#[post("/demands/{demand_id}/withdraw")]
async fn withdraw_demand(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<DemandBody>, ApiError> {
    ctx.write(Action::WithdrawDemand, async |tx| {
        find_seen(tx, at.0, if_match).await?;
        body.parse()?;
        demands::withdraw(tx, at.0).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Says that the family still needs the place, where demands run out that nobody renews.
#[utoipa::path(tag = "demands", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = DemandBody),
              (status = 409, description = "`demand.wrong_state`: a draft, under an offer, covered or ended")))]
#[post("/demands/{demand_id}/renew")]
async fn renew_demand(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<DemandBody>, ApiError> {
    ctx.write(Action::RenewDemand, async |tx| {
        find_seen(tx, at.0, if_match).await?;
        body.parse()?;
        demands::renew(tx, at.0).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// The link of a mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "m2Qy0vY3tq0m8dW6bY1l8xJ7yq1mYw9sZr4c5u6v7w8"}))]
struct RenewalLink {
    /// What stands behind `#` in the link.
    #[schema(max_length = 200)]
    token: String,
}

/// A demand that was renewed by a link.
#[derive(Debug, Serialize, ToSchema)]
struct RenewedBody {
    reference_code: Option<String>,
    /// The last day of the interval that began.
    until: Option<NaiveDate>,
}

/// Says by the link of a mail, without signing in, that the family still needs the place. Following it again changes nothing.
#[utoipa::path(tag = "demands", request_body = RenewalLink,
    responses((status = 200, description = "Renewed", body = RenewedBody),
              (status = 410, description = "`demand.link_invalid`: no link that holds, or the demand has ended or moved on")))]
#[post("/renewals")]
async fn renew_by_link(ctx: Ctx, body: Body<RenewalLink>) -> Result<Json<RenewedBody>, ApiError> {
    ctx.platform
        .limits
        .check(Kind::SignIn, ctx.address)
        .map_err(ApiError::too_many)?;
    ctx.write(Action::RenewByLink, async |tx| {
        let token = body.parse()?.token;
        match demands::renew_by_link(tx, &token).await {
            Ok(renewed) => Ok(Json(RenewedBody {
                reference_code: renewed.reference_code,
                until: renewed.until,
            })),
            Err(DemandError::Missing) => Err(ApiError::new(
                StatusCode::GONE,
                "demand.link_invalid",
                "this link does not hold any more",
            )),
            Err(other) => Err(other.into()),
        }
    })
    .await
}

/// Throws a draft away.
#[utoipa::path(tag = "demands", responses((status = 204, description = "Gone"),
    (status = 409, description = "`demand.not_draft`: it was sent; withdraw it instead")))]
#[delete("/demands/{demand_id}")]
async fn discard_demand(ctx: Ctx, at: At<DemandId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::DiscardDemand, async |tx| {
        find_own(tx, at.0).await?;
        demands::discard(tx, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The receipt as a PDF: reference code, time, what was wished, the legal claim.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The receipt", content_type = "application/pdf", body = [u8]),
    (status = 409, description = "`demand.not_submitted`: it was not sent yet"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/demands/{demand_id}/receipt.pdf")]
async fn get_receipt(ctx: Ctx, at: At<DemandId>) -> Result<HttpResponse, ApiError> {
    let (head, receipt) = ctx
        .read(Action::GetReceipt, async |tx| {
            let child = find_own(tx, at.0).await?;
            receipt(tx, at.0, child).await
        })
        .await?;
    let pdf = documents::receipt_pdf(head, receipt).await?;
    Ok(pdf.answer("eingangsbestaetigung.pdf"))
}

async fn receipt(tx: &mut TenantRead, id: DemandId, child: ChildId) -> Result<(Letterhead, Receipt), ApiError> {
    let (family, language) = (own(tx)?, tx.language());
    let row = store::demand(tx, id).await?.ok_or_else(ApiError::not_found)?;
    let guardians = families::guardians_of(tx, child).await?;
    // The reader's own address: parents who live apart do not learn each other's from a paper.
    let reader = guardians.into_iter().find(|g| g.is(family));
    let child = demands::writing::child_of(tx, child).await?;
    let preferences = store::preferences(tx, id).await?;
    let sent = (
        row.reference_code,
        row.submitted_at,
        row.desired_start,
        row.hours_per_week,
    );
    let (Some(reference_code), Some(submitted_at), Some(desired_start), Some(hours_per_week)) = sent else {
        return Err(DemandError::NotSubmitted.into());
    };
    let name = child.first_name.zip(child.last_name);
    let receipt = Receipt {
        address: families::address_on_paper(tx, reader),
        reference_code,
        submitted_at,
        child: name.map(|(first, last)| format!("{first} {last}")),
        birth_date: child.birth_date,
        expected_birth_date: child.expected_birth_date,
        care_type: row.care_type.unwrap_or_default(),
        desired_start,
        latest_start: row.latest_start,
        hours_per_week,
        window: row.window_from.zip(row.window_to),
        legal_claim: row.legal_claim_asserted_at.is_some(),
        legal_due_on: row.legal_due_on,
        siblings: demands::siblings::answer_on_paper(tx, id, family)
            .await?
            .map(SiblingAnswer::as_str),
        facilities: preferences
            .into_iter()
            .filter(|p| p.state.is_live())
            .map(|p| p.facility_name)
            .collect(),
    };
    Ok((documents::letterhead(tx, &language).await?, receipt))
}

/// Everything that happened to the demand and its preferences.
#[utoipa::path(tag = "demands", responses((status = 200, description = "Oldest first", body = HistoryBody)))]
#[get("/demands/{demand_id}/history")]
async fn get_demand_history(ctx: Ctx, at: At<DemandId>) -> Result<Json<HistoryBody>, ApiError> {
    ctx.read(Action::GetDemandHistory, async |tx| {
        find_own(tx, at.0).await?;
        let items = demands::history(tx, at.0).await?;
        Ok(Json(HistoryBody { items }))
    })
    .await
}
