//! Families who move here: announced by themselves or the office, shown by papers, proven by the registration.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{MoveLine, MoveShown, NewMoveEvidence, ResidenceBody};
use super::guests::shown;
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, Versioned, beginning};
use crate::platform::ids::DemandId;
use crate::residence::store::{self, MoveFilter, MoveSort};
use crate::residence::{self, NewMove, ResidenceError};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(announce_move)
        .service(cancel_move)
        .service(list_movers)
        .service(put_move)
        .service(record_move_evidence)
        .service(delete_move);
}

/// The own child's demand; missing without custody today.
async fn own(tx: &mut TenantRead, demand: DemandId) -> Result<(), ApiError> {
    let (child, account) = (store::child_of(tx, demand).await?, tx.scope().own());
    let (Some(child), Some(account)) = (child, account) else {
        return Err(ResidenceError::Missing.into());
    };
    match families::has_custody(tx, account, child).await? {
        true => Ok(()),
        false => Err(ResidenceError::Missing.into()),
    }
}

/// The own family moves here on a day; until then it lives elsewhere and may send its demand all the same.
#[utoipa::path(tag = "residence", request_body = NewMove,
    params(("if-match" = String, Header, description = "Version of the move that was seen, 0 when there is none")),
    responses((status = 200, description = "The move", body = MoveShown),
              (status = 409, description = "`residence.not_running`: the demand has ended; `residence.proven`: nothing of it changes any more")))]
#[put("/demands/{demand_id}/move-in")]
async fn announce_move(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<NewMove>,
) -> Result<Versioned<MoveShown>, ApiError> {
    ctx.write(Action::AnnounceMove, async |tx| {
        own(tx, at.0).await?;
        let new = NewMove {
            area: None,
            ..body.parse()?
        };
        residence::plan(tx, at.0, if_match.version()?, new).await?;
        let row = store::moving(tx, at.0).await?.ok_or(ResidenceError::NoMove)?;
        Ok(Versioned::new(row.version, MoveShown::of(&row, tx.today())))
    })
    .await
}

/// The own family does not move here.
#[utoipa::path(tag = "residence", params(("if-match" = String, Header, description = "Version of the move that was seen")),
    responses((status = 204, description = "Gone"),
              (status = 409, description = "`residence.no_move`, `residence.not_running`, `residence.proven`")))]
#[delete("/demands/{demand_id}/move-in")]
async fn cancel_move(ctx: Ctx, at: At<DemandId>, if_match: IfMatch) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::CancelMove, async |tx| {
        own(tx, at.0).await?;
        residence::cancel(tx, at.0, if_match.version()?).await?;
        Ok(HttpResponse::build(StatusCode::NO_CONTENT).finish())
    })
    .await
}

/// Which movers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MoversQuery {
    /// Only whose day has passed without a proof.
    #[serde(default)]
    overdue: bool,
    /// Beginning of the child's name or of the reference code.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<MoveSort>,
}

/// Families who move here and have not proven it, filtered and sorted; by the day of the move when nothing is said.
#[utoipa::path(tag = "residence", params(MoversQuery, OrderQuery<MoveSort>),
    responses((status = 200, description = "A page of movers", body = Page<MoveLine>)))]
#[get("/office/movers")]
async fn list_movers(ctx: Ctx, query: Query<MoversQuery>) -> Result<Json<Page<MoveLine>>, ApiError> {
    let MoversQuery { overdue, q, order } = query.0;
    ctx.read(Action::ListMovers, async |tx| {
        let filter = MoveFilter {
            demand: None,
            overdue,
            q: beginning(q),
            order: order.order()?,
        };
        let rows = store::moves(tx, &filter).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let (language, today) = (tx.language(), tx.today());
        let page = filter.order.page(rows);
        Ok(Json(page.map(|row| MoveLine::of(row, &language, today))))
    })
    .await
}

/// Notes that a family moves here, or changes what was noted. The clock of its legal claim runs from that day at the earliest.
#[utoipa::path(tag = "residence", request_body = NewMove,
    params(("if-match" = String, Header, description = "Version of the move that was seen, 0 when there is none")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.not_running`, `residence.proven`")))]
#[put("/office/demands/{demand_id}/move-in")]
async fn put_move(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<NewMove>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::PutMove, async |tx| {
        residence::plan(tx, at.0, if_match.version()?, body.parse()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// The office has seen what shows the move. A contract shows the intention; the registration proves the move.
#[utoipa::path(tag = "residence", request_body = NewMoveEvidence,
    params(("if-match" = String, Header, description = "Version of the move that was seen")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.no_move`, `residence.not_running`, `residence.proven`")))]
#[post("/office/demands/{demand_id}/move-in/evidence")]
async fn record_move_evidence(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<NewMoveEvidence>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::RecordMoveEvidence, async |tx| {
        let (version, new) = (if_match.version()?, body.parse()?);
        residence::record_evidence(tx, at.0, version, new.evidence, new.seen_on).await?;
        shown(tx, at.0).await
    })
    .await
}

/// The family does not move here.
#[utoipa::path(tag = "residence", params(("if-match" = String, Header, description = "Version of the move that was seen")),
    responses((status = 204, description = "Gone"),
              (status = 409, description = "`residence.no_move`, `residence.not_running`, `residence.proven`")))]
#[delete("/office/demands/{demand_id}/move-in")]
async fn delete_move(ctx: Ctx, at: At<DemandId>, if_match: IfMatch) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::DeleteMove, async |tx| {
        residence::cancel(tx, at.0, if_match.version()?).await?;
        Ok(HttpResponse::build(StatusCode::NO_CONTENT).finish())
    })
    .await
}
