//! What the office does with a notice: draft, change, approve, give back, post, and what comes after.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{DecisionInput, Nothing, NoticeBody, NoticeDetail, ObjectionInput, PostedInput, ServedInput};
use super::read::shown;
use crate::access::{Action, Ctx};
use crate::notices::model::{NewNotice, NoticeText};
use crate::notices::{self};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::NoticeId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(draft_notice)
        .service(update_notice)
        .service(discard_notice)
        .service(approve_notice)
        .service(return_notice)
        .service(issue_notice)
        .service(record_notice_service)
        .service(record_objection)
        .service(decide_objection);
}

/// Drafts a notice from the newest template of its kind, with what is known put in; what is not stands in `[…]`.
#[utoipa::path(tag = "notices", request_body = NewNotice,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The draft", body = NoticeBody),
              (status = 409, description = "`notice.no_claim`: the family did not assert the legal claim")))]
#[post("/office/notices")]
async fn draft_notice(ctx: Ctx, body: Body<NewNotice>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::DraftNotice, StatusCode::CREATED, &body, async |tx| {
        let id = notices::draft(tx, &body.parse()?).await?;
        let row = notices::find(tx, id).await?;
        Ok(NoticeBody::of(row, &tx.language()))
    })
    .await
}

/// Changes the words of a draft.
#[utoipa::path(tag = "notices", request_body = NoticeText,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail),
              (status = 409, description = "`notice.wrong_state`: it is no draft any more")))]
#[put("/office/notices/{notice_id}")]
async fn update_notice(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<NoticeText>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::UpdateNotice, async |tx| {
        notices::edit(tx, at.0, if_match.version()?, body.parse()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Throws a draft away.
#[utoipa::path(tag = "notices", params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 204, description = "Gone"),
              (status = 409, description = "`notice.wrong_state`: it is no draft any more; `notice.with_fee`: it goes with its fee")))]
#[delete("/office/notices/{notice_id}")]
async fn discard_notice(ctx: Ctx, at: At<NoticeId>, if_match: IfMatch) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::DiscardNotice, async |tx| {
        notices::discard(tx, at.0, if_match.version()?).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// A second person approves a draft in which nothing is left open.
#[utoipa::path(tag = "notices", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail),
              (status = 409, description = "`notice.second_person`: who wrote or changed it does not approve it; `notice.wrong_state`"),
              (status = 422, description = "`open_gap`: something in `[…]` or `{…}` is left to be written")))]
#[post("/office/notices/{notice_id}/approve")]
async fn approve_notice(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::ApproveNotice, async |tx| {
        body.parse()?;
        notices::approve(tx, at.0, if_match.version()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// An approved notice goes back to who writes it.
#[utoipa::path(tag = "notices", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail), (status = 409, description = "`notice.wrong_state`")))]
#[post("/office/notices/{notice_id}/return")]
async fn return_notice(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::ReturnNotice, async |tx| {
        body.parse()?;
        notices::give_back(tx, at.0, if_match.version()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Notes that an approved notice was posted: its dates follow from that day; the family is told, or a licence is set or ended.
#[utoipa::path(tag = "notices", request_body = PostedInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail),
              (status = 409, description = "`notice.wrong_state`; `notice.with_fee`: it is posted with its fee; `notice.no_licence`: no licence goes beyond the day on which this one ends it")))]
#[post("/office/notices/{notice_id}/issue")]
async fn issue_notice(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<PostedInput>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::IssueNotice, async |tx| {
        let posted_on = body.parse()?.posted_on;
        notices::issue(tx, at.0, if_match.version()?, posted_on).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Notes that the notice came later than the law presumes; the last day to object moves along.
#[utoipa::path(tag = "notices", request_body = ServedInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail), (status = 409, description = "`notice.wrong_state`")))]
#[post("/office/notices/{notice_id}/service")]
async fn record_notice_service(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<ServedInput>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::RecordNoticeService, async |tx| {
        let served_on = body.parse()?.served_on;
        notices::record_service(tx, at.0, if_match.version()?, served_on).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Notes an objection; one that came too late is noted as well.
#[utoipa::path(tag = "notices", request_body = ObjectionInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail), (status = 409, description = "`notice.wrong_state`")))]
#[post("/office/notices/{notice_id}/objection")]
async fn record_objection(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<ObjectionInput>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::RecordObjection, async |tx| {
        let input = body.parse()?;
        notices::object(tx, at.0, if_match.version()?, input.objected_on, input.note).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Notes how an objection was decided.
#[utoipa::path(tag = "notices", request_body = DecisionInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = NoticeDetail), (status = 409, description = "`notice.wrong_state`")))]
#[post("/office/notices/{notice_id}/decision")]
async fn decide_objection(
    ctx: Ctx,
    at: At<NoticeId>,
    if_match: IfMatch,
    body: Body<DecisionInput>,
) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.write(Action::DecideObjection, async |tx| {
        let input = body.parse()?;
        let decision = (input.decided_on, input.outcome);
        notices::decide(tx, at.0, if_match.version()?, decision, input.note).await?;
        shown(tx, at.0).await
    })
    .await
}
