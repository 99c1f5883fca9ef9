//! What the office does: confirm, note a difference to the register, note evidence, end, take in from paper and telephone.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{
    CloseInput, KnownChildren, MismatchInput, Nothing, OfficeDemandDetail, SoughtChild, SoughtGuardian,
    ToldDemandAnswer, ToldSiblingAnswer, detail, known_children, known_siblings,
};
use crate::access::{Action, Ctx};
use crate::demands::{self, DemandBody, EvidenceNote};
use crate::office::{self, NewIntake, ToldChange};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{CriterionId, DemandId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(confirm_demand)
        .service(set_register_mismatch)
        .service(close_demand)
        .service(record_demand_answer)
        .service(record_demand_change)
        .service(record_sibling_answer)
        .service(record_evidence)
        .service(find_known_children)
        .service(find_known_siblings)
        .service(intake_demand);
}

/// Confirms a demand: facilities may offer from now on, and the family is told.
#[utoipa::path(tag = "office", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail),
              (status = 409, description = "`demand.wrong_state`: it waits for no confirmation")))]
#[post("/office/demands/{demand_id}/confirm")]
async fn confirm_demand(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::ConfirmDemand, async |tx| {
        body.parse()?;
        demands::confirm(tx, at.0, if_match.version()?).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Notes that the register knows other data, or takes that back. The date of application stands in any case.
#[utoipa::path(tag = "office", request_body = MismatchInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail)))]
#[post("/office/demands/{demand_id}/register-mismatch")]
async fn set_register_mismatch(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<MismatchInput>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::SetRegisterMismatch, async |tx| {
        let differs = body.parse()?.mismatch;
        demands::set_register_mismatch(tx, at.0, if_match.version()?, differs).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Ends a demand without a place; all its preferences and an open offer end with it, and the family is told why.
#[utoipa::path(tag = "office", request_body = CloseInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail),
              (status = 409, description = "`demand.wrong_state`: it has ended, or a place was accepted"),
              (status = 422, description = "`/note`: `required`; `/state`: `not_unanswered`: `expired` is for who let all letters go unanswered")))]
#[post("/office/demands/{demand_id}/close")]
async fn close_demand(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<CloseInput>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::CloseDemand, async |tx| {
        let input = body.parse()?;
        demands::close(tx, at.0, if_match.version()?, input.state.into(), input.note).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Enters what a family without an account said of its demand: that it still needs the place, or that it takes the demand back.
#[utoipa::path(tag = "office", request_body = ToldDemandAnswer,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail),
              (status = 409, description = "`family.has_account`: a guardian with custody has an account and answers there; \
                `demand.wrong_state`: it has ended, or a place was accepted; under an open offer it cannot be renewed"),
              (status = 422, description = "`/told/on`: `in_future`, `too_early`: before the demand was sent")))]
#[post("/office/demands/{demand_id}/answer")]
async fn record_demand_answer(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<ToldDemandAnswer>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::RecordDemandAnswer, async |tx| {
        let input = body.parse()?;
        demands::record_answer(tx, at.0, if_match.version()?, input.says.into(), input.told).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Enters what a family without an account wants to be otherwise in its demand, as if it had changed that itself: after sending hours, times,
/// latest start, answers to criteria and the wished facilities, until the key date. What came by then is in time. The family gets a letter.
#[utoipa::path(tag = "office", request_body = ToldChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail),
              (status = 409, description = "`family.has_account`: a guardian with custody has an account and changes it there; \
                `demand.not_editable`: the key date was over when it was said, or a place is being decided"),
              (status = 422, description = "`/demand`: `unchanged`; `/demand/desired_start`, `/demand/care_type`, `/demand/legal_claim`: \
                `locked` after sending; `/told/on`: `in_future`, `too_early`: before the demand was sent; and what is wrong in a wish")))]
#[post("/office/demands/{demand_id}/change")]
async fn record_demand_change(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<ToldChange>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::RecordDemandChange, async |tx| {
        let input = body.parse()?;
        office::record_change(tx, at.0, if_match.version()?, &input).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Enters what a family without an account said of placing its children together. It counts for all of them who look for places.
#[utoipa::path(tag = "office", request_body = ToldSiblingAnswer,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail),
              (status = 409, description = "`family.has_account`: a guardian with custody has an account and answers there; \
                `demand.no_siblings`: the demand looks for no place; `demand.siblings_frozen`: a round that is under way took the answer as \
                it was"),
              (status = 422, description = "`/told/on`: `in_future`, `too_early`: before the demand was sent")))]
#[put("/office/demands/{demand_id}/siblings")]
async fn record_sibling_answer(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<ToldSiblingAnswer>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::RecordSiblingAnswer, async |tx| {
        let input = body.parse()?;
        demands::record_siblings(tx, at.0, if_match.version()?, input.answer, input.told).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Notes that evidence for a claimed criterion was seen, or does not suffice. The document is not kept; points are counted anew.
#[utoipa::path(tag = "office", request_body = EvidenceNote,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The demand", body = OfficeDemandDetail),
              (status = 409, description = "`demand.not_claimed`: the family does not claim it; `demand.wrong_state`: the demand has ended")))]
#[put("/office/demands/{demand_id}/evidence/{criterion_id}")]
async fn record_evidence(
    ctx: Ctx,
    at: At<DemandId>,
    criterion: At<CriterionId>,
    if_match: IfMatch,
    body: Body<EvidenceNote>,
) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.write(Action::RecordEvidence, async |tx| {
        let note = body.parse()?;
        demands::record_evidence(tx, at.0, criterion.0, if_match.version()?, note).await?;
        detail(tx, at.0).await
    })
    .await
}

/// Looks for the child of a form among those that are known: the same name and day of birth, as the import tells doubles.
#[utoipa::path(tag = "office", request_body = SoughtChild,
    responses((status = 200, description = "Those who can be it", body = KnownChildren)))]
#[post("/office/known-children")]
async fn find_known_children(ctx: Ctx, body: Body<SoughtChild>) -> Result<Json<KnownChildren>, ApiError> {
    ctx.read(Action::FindKnownChildren, async |tx| {
        let sought = body.parse()?;
        Ok(Json(known_children(tx, &sought).await?))
    })
    .await
}

/// Looks for siblings of the child of a form: children of a guardian of this name, of families without an account.
#[utoipa::path(tag = "office", request_body = SoughtGuardian,
    responses((status = 200, description = "Those who can be siblings", body = KnownChildren)))]
#[post("/office/known-siblings")]
async fn find_known_siblings(ctx: Ctx, body: Body<SoughtGuardian>) -> Result<Json<KnownChildren>, ApiError> {
    ctx.read(Action::FindKnownSiblings, async |tx| {
        let sought = body.parse()?;
        Ok(Json(known_siblings(tx, &sought).await?))
    })
    .await
}

/// Takes in a demand that came on paper or by telephone, and sends it: all periods begin when it arrived.
#[utoipa::path(tag = "office", request_body = NewIntake,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The demand", body = DemandBody),
              (status = 409, description = "`intake.known_child`: a child of this name and day of birth is known: name it by `child_id`, or say \
                `other_child`; `family.has_account`: a guardian of the known child has an account and applies there; `demand.exists`; \
                `demand.no_place`: only who has a place can change to another one"),
              (status = 422, description = "Everything that is missing or wrong, with its place in the form; `/sibling_of`: `unknown`: no child \
                of a guardian of this name, or somebody of the family has an account; `not_expected`: `child_id` names a child with a family")))]
#[post("/office/demands")]
async fn intake_demand(ctx: Ctx, body: Body<NewIntake>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::IntakeDemand, StatusCode::CREATED, &body, async |tx| {
        let id = office::intake(tx, &body.parse()?).await?;
        let language = tx.language();
        let body = demands::demand_body(tx, id, &language).await?;
        body.ok_or_else(ApiError::not_found)
    })
    .await
}
