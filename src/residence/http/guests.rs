//! The office and guest children.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{Around, GuestLine, ResidenceBody};
use crate::access::{Action, Ctx, TenantRead};
use crate::documents;
use crate::families;
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, beginning};
use crate::platform::ids::DemandId;
use crate::residence::store::{self, GuestFilter, GuestSort};
use crate::residence::{self, GuestAnswer, GuestState, Home, ResidenceError};
use crate::tenancy::{self, GuestConsent};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_guests)
        .service(get_residence)
        .service(put_guest)
        .service(ask_home)
        .service(record_guest_answer)
        .service(unmark_guest)
        .service(get_guest_letter);
}

/// Nothing more to say.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskHome, example = json!({}))]
struct Nothing {}

/// Which guests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GuestsQuery {
    /// Only in this state.
    state: Option<GuestState>,
    /// Only consents that end within sixty days, or have ended, while the child is still meant to be here.
    #[serde(default)]
    ending: bool,
    /// Only consents that were withdrawn or ended while a contract stands, and about which nobody has decided.
    #[serde(default)]
    lapsed: bool,
    /// Beginning of the child's name or of the reference code.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<GuestSort>,
}

/// Guest children with the consent of their home municipalities, filtered and sorted; the oldest first when nothing is said.
#[utoipa::path(tag = "residence", params(GuestsQuery, OrderQuery<GuestSort>),
    responses((status = 200, description = "A page of guests", body = Page<GuestLine>)))]
#[get("/office/guests")]
async fn list_guests(ctx: Ctx, query: Query<GuestsQuery>) -> Result<Json<Page<GuestLine>>, ApiError> {
    let GuestsQuery {
        state,
        ending,
        lapsed,
        q,
        order,
    } = query.0;
    ctx.read(Action::ListGuests, async |tx| {
        let filter = GuestFilter {
            demand: None,
            state,
            ending,
            lapsed,
            q: beginning(q),
            order: order.order()?,
        };
        let rows = store::guests(tx, &filter).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let language = tx.language();
        let page = filter.order.page(rows);
        Ok(Json(page.map(|row| GuestLine::of(row, &language))))
    })
    .await
}

/// The residence of a demand's child, as the office sees it.
pub(super) async fn shown(tx: &mut TenantRead, demand: DemandId) -> Result<Json<ResidenceBody>, ApiError> {
    let child_id = store::child_of(tx, demand).await?.ok_or(ResidenceError::Missing)?;
    if families::is_hidden(tx, child_id).await? {
        return Err(ResidenceError::Missing.into());
    }
    tx.touch(demand);
    tx.touch_child(child_id);
    let facts = families::child_facts(tx, child_id).await?;
    let after = tenancy::settings(tx).await?.after;
    let around = Around {
        demand_id: demand,
        child_id,
        child: facts.map(|child| child.label(&tx.language())).unwrap_or_default(),
        lives_elsewhere: residence::lives_elsewhere(tx, child_id).await?,
        consent_required: after.guest_consent == GuestConsent::Required,
        areas: store::areas(tx).await?,
    };
    let residence = residence::of_demand(tx, demand).await?;
    Ok(Json(ResidenceBody::of(residence, around, tx.today())))
}

/// Where the child of a demand lives: as a guest of another municipality, or before it moves here.
#[utoipa::path(tag = "residence", responses((status = 200, description = "The residence", body = ResidenceBody)))]
#[get("/office/demands/{demand_id}/residence")]
async fn get_residence(ctx: Ctx, at: At<DemandId>) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.read(Action::GetResidence, async |tx| shown(tx, at.0).await).await
}

/// Writes down the home municipality. Whoever was no guest is one from now on.
#[utoipa::path(tag = "residence", request_body = Home,
    params(("if-match" = String, Header, description = "Version of the guest that was seen, 0 when there is none")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.not_running`: a draft, or it has ended")))]
#[put("/office/demands/{demand_id}/guest")]
async fn put_guest(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Home>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::PutGuest, async |tx| {
        residence::put_home(tx, at.0, if_match.version()?, body.parse()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// The letter went out today.
#[utoipa::path(tag = "residence", request_body = Nothing,
    params(("if-match" = String, Header, description = "Version of the guest that was seen")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.no_guest`, `residence.not_running`; `residence.home_unknown`: nobody knows whom to ask")))]
#[post("/office/demands/{demand_id}/guest/ask")]
async fn ask_home(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Nothing>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::AskHome, async |tx| {
        body.parse()?;
        residence::record_asked(tx, at.0, if_match.version()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Keeps what the home municipality answered, and tells the family. A later answer replaces the one before.
#[utoipa::path(tag = "residence", request_body = GuestAnswer,
    params(("if-match" = String, Header, description = "Version of the guest that was seen")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.no_guest`, `residence.not_running`, `residence.not_asked`"),
              (status = 422, description = "A day out of order, or a period with a refusal")))]
#[post("/office/demands/{demand_id}/guest/answer")]
async fn record_guest_answer(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<GuestAnswer>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::RecordGuestAnswer, async |tx| {
        residence::record_answer(tx, at.0, if_match.version()?, body.parse()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// The letter to the home municipality as PDF: who and for what, and nothing more of the family.
#[utoipa::path(tag = "residence",
    responses((status = 200, description = "The letter", body = Vec<u8>, content_type = "application/pdf"),
              (status = 409, description = "`residence.no_guest`; `residence.home_unknown`: nobody knows whom to write to")))]
#[get("/office/demands/{demand_id}/guest/letter")]
async fn get_guest_letter(ctx: Ctx, at: At<DemandId>) -> Result<HttpResponse, ApiError> {
    let (head, letter) = ctx
        .read(Action::GetGuestLetter, async |tx| {
            shown(tx, at.0).await?;
            Ok(residence::letter(tx, at.0).await?)
        })
        .await?;
    Ok(documents::letter_pdf(head, letter).await?.answer("gastkind.pdf"))
}

/// The child lives here after all.
#[utoipa::path(tag = "residence", params(("if-match" = String, Header, description = "Version of the guest that was seen")),
    responses((status = 204, description = "Gone"), (status = 409, description = "`residence.no_guest`, `residence.not_running`")))]
#[delete("/office/demands/{demand_id}/guest")]
async fn unmark_guest(ctx: Ctx, at: At<DemandId>, if_match: IfMatch) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::UnmarkGuest, async |tx| {
        residence::unmark(tx, at.0, if_match.version()?).await?;
        Ok(HttpResponse::build(StatusCode::NO_CONTENT).finish())
    })
    .await
}
