//! Rounds are planned, frozen, stopped and ended.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{RoundBody, RoundSummary};
use crate::access::{Action, Ctx, TenantRead, TenantTx};
use crate::allocation::rounds::model::{NewRound, RoundState};
use crate::allocation::rounds::store::RoundSort;
use crate::allocation::rounds::{self, store};
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, Versioned, beginning};
use crate::platform::ids::RoundId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_rounds)
        .service(create_round)
        .service(get_round)
        .service(update_round)
        .service(freeze_round)
        .service(pause_round)
        .service(resume_round)
        .service(cancel_round)
        .service(close_round);
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoundStep, example = json!({}))]
pub(super) struct Nothing {}

pub(super) async fn shown(tx: &mut TenantRead, id: RoundId) -> Result<RoundBody, ApiError> {
    let row = rounds::round(tx, id).await?;
    Ok(RoundBody::of(tx, row).await?)
}

pub(super) async fn versioned(tx: &mut TenantRead, id: RoundId) -> Result<Versioned<RoundBody>, ApiError> {
    let body = shown(tx, id).await?;
    Ok(Versioned::new(body.version, body))
}

/// What the list of rounds is narrowed to, and its order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RoundsQuery {
    /// Only in this state.
    state: Option<RoundState>,
    /// Beginning of the name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<RoundSort>,
}

/// The rounds of the municipality, the newest first when nothing is said.
#[utoipa::path(tag = "allocation", params(RoundsQuery, OrderQuery<RoundSort>),
    responses((status = 200, description = "A page of rounds", body = Page<RoundSummary>)))]
#[get("/rounds")]
async fn list_rounds(ctx: Ctx, query: Query<RoundsQuery>) -> Result<Json<Page<RoundSummary>>, ApiError> {
    let query = query.0;
    let filter = store::Rounds {
        id: None,
        state: query.state,
        q: beginning(query.q),
        order: query.order.order()?,
    };
    ctx.read(Action::ListRounds, async |tx| {
        let rows = store::rounds(tx, &filter).await?;
        let page = filter.order.page(rows);
        let ids: Vec<RoundId> = page.items.iter().map(|row| row.id).collect();
        let progress = store::progress(tx, &ids).await?;
        let today = tx.today();
        let known = |id: RoundId| progress.iter().find(|p| p.id == id);
        Ok(Json(Page {
            items: page
                .items
                .into_iter()
                .filter_map(|row| known(row.id).map(|p| RoundSummary::of(row, p, today)))
                .collect(),
            next_cursor: page.next_cursor,
            total: page.total,
        }))
    })
    .await
}

/// Plans a round: for which year, until which day demands count, and which public draw breaks ties.
#[utoipa::path(tag = "allocation", request_body = NewRound,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The round", body = RoundBody)))]
#[post("/rounds")]
async fn create_round(ctx: Ctx, body: Body<NewRound>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateRound, StatusCode::CREATED, &body, async |tx| {
        let id = rounds::create(tx, body.parse()?).await?;
        shown(tx, id).await
    })
    .await
}

/// A round with its standing run, its signatures and what is pending.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The round", body = RoundBody)))]
#[get("/rounds/{round_id}")]
async fn get_round(ctx: Ctx, at: At<RoundId>) -> Result<Versioned<RoundBody>, ApiError> {
    ctx.read(Action::GetRound, async |tx| versioned(tx, at.0).await).await
}

/// Changes what was planned, until the freeze.
#[utoipa::path(tag = "allocation", request_body = NewRound,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody),
              (status = 409, description = "`round.wrong_state`: it was frozen or ended")))]
#[patch("/rounds/{round_id}")]
async fn update_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<NewRound>,
) -> Result<Versioned<RoundBody>, ApiError> {
    ctx.write(Action::UpdateRound, async |tx| {
        rounds::change(tx, at.0, if_match.version()?, body.parse()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// How a round is frozen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FreezeRound, example = json!({"dry_run": true}))]
struct Freezing {
    /// Whether the first dry run is made at once. If it fails, nothing is frozen.
    #[serde(default)]
    dry_run: bool,
}

/// Freezes demands and places as they are now, publishes the commitment to the draw, and on request makes the first dry run.
#[utoipa::path(tag = "allocation", request_body = Freezing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody),
              (status = 409, description = "`round.wrong_state`; `round.key_date_ahead`; `round.draw_over`; `round.another_under_way`; `round.points_being_counted`: a set of criteria was published or the day began, and not all wishes are counted yet")))]
#[post("/rounds/{round_id}/freeze")]
async fn freeze_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Freezing>,
) -> Result<Versioned<RoundBody>, ApiError> {
    ctx.write(Action::FreezeRound, async |tx| {
        let dry_run = body.parse()?.dry_run;
        rounds::freeze(tx, at.0, if_match.version()?, dry_run).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Lets a round rest: no run, no decision, no offer until it is resumed.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody), (status = 409, description = "`round.wrong_state`")))]
#[post("/rounds/{round_id}/pause")]
async fn pause_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<RoundBody>, ApiError> {
    step(ctx, Action::PauseRound, at.0, if_match, body, rounds::pause).await
}

/// Lets a paused round go on where it was.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody), (status = 409, description = "`round.wrong_state`")))]
#[post("/rounds/{round_id}/resume")]
async fn resume_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<RoundBody>, ApiError> {
    step(ctx, Action::ResumeRound, at.0, if_match, body, rounds::resume).await
}

/// Gives a round up before its release; nothing of any family changes.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody),
              (status = 409, description = "`round.wrong_state`: it was released or has ended")))]
#[post("/rounds/{round_id}/cancel")]
async fn cancel_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<RoundBody>, ApiError> {
    step(ctx, Action::CancelRound, at.0, if_match, body, rounds::cancel).await
}

/// Ends a released round: places that come back from now on are no matter of it.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody),
              (status = 409, description = "`round.wrong_state`; `round.still_sending`: offers wait to be sent")))]
#[post("/rounds/{round_id}/close")]
async fn close_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Versioned<RoundBody>, ApiError> {
    step(ctx, Action::CloseRound, at.0, if_match, body, rounds::close).await
}

async fn step(
    ctx: Ctx,
    action: Action,
    id: RoundId,
    if_match: IfMatch,
    body: Body<Nothing>,
    command: impl AsyncFnOnce(&mut TenantTx, RoundId, i32) -> Result<(), rounds::RoundError>,
) -> Result<Versioned<RoundBody>, ApiError> {
    ctx.write(action, async |tx| {
        body.parse()?;
        command(tx, id, if_match.version()?).await?;
        versioned(tx, id).await
    })
    .await
}
