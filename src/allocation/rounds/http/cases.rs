//! Cases of a round one by one, and what persons decide against the proposal.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::case_bodies::{CaseBody, CaseDetailBody, CaseWishBody, DeviationBody};
use super::planning::Nothing;
use super::siblings::SiblingPlacingBody;
use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::rounds::deciding::{NewCaseDecision, NewDeviation};
use crate::allocation::rounds::model::{Answer, Outcome};
use crate::allocation::rounds::proposal::Flag;
use crate::allocation::rounds::snapshot::CaseWish;
use crate::allocation::rounds::standing::held_now;
use crate::allocation::rounds::store::{CaseRow, CaseSort};
use crate::allocation::rounds::{self, store};
use crate::demands;
use crate::facilities::{self, AgeBand};
use crate::platform::http::{ApiError, At, Body, OrderQuery, Page, Query, beginning};
use crate::platform::ids::{CaseId, DeviationId, FacilityId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_cases)
        .service(get_case)
        .service(decide_cases)
        .service(list_deviations)
        .service(propose_deviation)
        .service(approve_deviation)
        .service(withdraw_deviation);
}

/// What a list of cases is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CasesQuery {
    /// Only with this to look at.
    #[param(inline)]
    flag: Option<Flag>,
    /// Only with (or without) anything to look at.
    flagged: Option<bool>,
    /// Only with (or without) a place.
    placed: Option<bool>,
    /// Only those who go to this facility.
    facility_id: Option<FacilityId>,
    /// The band on the first day of care.
    age_band: Option<AgeBand>,
    /// What came of it.
    #[param(inline)]
    outcome: Option<Outcome>,
    /// How the latest offer stands.
    #[param(inline)]
    answer: Option<Answer>,
    /// Only those whose place came back and those who moved up (or without them).
    moved: Option<bool>,
    /// Only those who were offered a better place than the one they have (or without them).
    improved: Option<bool>,
    /// Beginning of the child's name or of the reference code.
    q: Option<String>,
    /// Only those about which a person has to decide before the release and nobody has (or without them).
    undecided: Option<bool>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<CaseSort>,
}

/// Cases of a round, filtered and sorted; those with the gravest matters first when nothing is said.
#[utoipa::path(tag = "allocation", params(CasesQuery, OrderQuery<CaseSort>), responses((status = 200, description = "A page of cases", body = Page<CaseBody>)))]
#[get("/rounds/{round_id}/cases")]
async fn list_cases(ctx: Ctx, at: At<RoundId>, query: Query<CasesQuery>) -> Result<Json<Page<CaseBody>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListCases, async |tx| {
        let round = rounds::round(tx, at.0).await?;
        let filter = store::Cases {
            id: None,
            flag: query.flag,
            flagged: query.flagged,
            placed: query.placed,
            facility: query.facility_id,
            age_band: query.age_band,
            outcome: query.outcome,
            answer: query.answer,
            moved: query.moved,
            improved: query.improved,
            q: beginning(query.q),
            undecided: query.undecided,
            order: query.order.order()?,
        };
        let rows = store::cases(tx, at.0, &filter).await?;
        let page = filter.order.page(rows);
        page.items.iter().for_each(|row| tx.touch_child(row.child_id));
        let language = tx.language();
        let ids: Vec<CaseId> = page.items.iter().map(|row| row.id).collect();
        let better = store::improvements(tx, &ids).await?;
        let held = held_now(tx, &round).await?;
        let body = |row: CaseRow| CaseBody::of(&row, better.get(&row.id), held.get(&row.child), &language);
        Ok(Json(page.map(body)))
    })
    .await
}

/// A case with its wishes, the reasons, and what was decided about it.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The case", body = CaseDetailBody)))]
#[get("/rounds/{round_id}/cases/{case_id}")]
async fn get_case(ctx: Ctx, at: At<RoundId>, case: At<CaseId>) -> Result<Json<CaseDetailBody>, ApiError> {
    ctx.read(Action::GetCase, async |tx| {
        let filter = store::Cases {
            id: Some(case.0),
            ..Default::default()
        };
        let row = store::cases(tx, at.0, &filter)
            .await?
            .pop()
            .ok_or_else(ApiError::not_found)?;
        tx.touch(case.0);
        tx.touch_child(row.child_id);
        let ids: Vec<FacilityId> = row.wishes.iter().map(|w| w.facility_id).collect();
        let named = facilities::facility_briefs(tx, &ids).await?;
        let name = |id: FacilityId| {
            named
                .iter()
                .find(|f| f.id == id)
                .map(|f| f.name.clone())
                .unwrap_or_default()
        };
        let (chance, veil) = (store::chance_of(tx, case.0).await?, demands::veil(tx).await?);
        let round = rounds::round(tx, at.0).await?;
        let held = held_now(tx, &round).await?.remove(&row.child);
        let holds = |wish: &CaseWish| held.as_ref().is_some_and(|held| wish.pool.as_ref() == Some(&held.pool));
        let wishes = row.wishes.iter().enumerate();
        let wishes = wishes
            .map(|(i, w)| CaseWishBody::of(&row, i, w, name(w.facility_id), chance.as_ref(), holds(w), &veil))
            .collect();
        let deviations = store::deviations(tx, at.0, Some(case.0), None).await?;
        let better = store::improvements(tx, &[row.id]).await?;
        Ok(Json(CaseDetailBody {
            case: CaseBody::of(&row, better.get(&row.id), held.as_ref(), &tx.language()),
            wishes,
            deviations: deviations.into_iter().map(DeviationBody::of).collect(),
            siblings: store::siblings_of(tx, at.0, &row.family, row.id).await?,
            sibling_placing: SiblingPlacingBody::of(tx, at.0, &row).await?,
            pseudonym: row.child,
            lottery_number: row.lottery,
        }))
    })
    .await
}

/// What is left to be decided.
#[derive(Debug, Serialize, ToSchema)]
struct UndecidedBody {
    /// Cases that wait for a person's decision.
    undecided: i64,
}

/// Decides about cases: what is proposed to them stands as the decision of the person who asks. It falls when a run proposes something else.
#[utoipa::path(tag = "allocation", request_body = NewCaseDecision,
    responses((status = 200, description = "What is left", body = UndecidedBody),
              (status = 409, description = "`round.wrong_state`; `round.conflicts_not_opened`; `round.run_outdated`: there is no run")))]
#[post("/rounds/{round_id}/case-decisions")]
async fn decide_cases(ctx: Ctx, at: At<RoundId>, body: Body<NewCaseDecision>) -> Result<Json<UndecidedBody>, ApiError> {
    ctx.write(Action::DecideCases, async |tx| {
        let undecided = rounds::decide_cases(tx, at.0, &body.parse()?).await?;
        tx.touch(at.0);
        Ok(Json(UndecidedBody { undecided }))
    })
    .await
}

/// The deviations of a round.
#[derive(Debug, Serialize, ToSchema)]
struct DeviationList {
    items: Vec<DeviationBody>,
}

/// The deviations of a round in the order in which they were proposed.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The deviations", body = DeviationList)))]
#[get("/rounds/{round_id}/deviations")]
async fn list_deviations(ctx: Ctx, at: At<RoundId>) -> Result<Json<DeviationList>, ApiError> {
    ctx.read(Action::ListDeviations, async |tx| {
        rounds::round(tx, at.0).await?;
        let rows = store::deviations(tx, at.0, None, None).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        Ok(Json(DeviationList {
            items: rows.into_iter().map(DeviationBody::of).collect(),
        }))
    })
    .await
}

async fn deviation(tx: &mut TenantRead, round: RoundId, id: DeviationId) -> Result<DeviationBody, ApiError> {
    let row = store::deviations(tx, round, None, Some(id)).await?.pop();
    row.map(DeviationBody::of).ok_or_else(ApiError::not_found)
}

/// Proposes a deviation with a published reason; it counts once a second person approved it and the round is run again.
#[utoipa::path(tag = "allocation", request_body = NewDeviation,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The deviation", body = DeviationBody),
              (status = 409, description = "`round.wrong_state`; `round.deviation_stands`: there is one about this child or wish")))]
#[post("/rounds/{round_id}/deviations")]
async fn propose_deviation(ctx: Ctx, at: At<RoundId>, body: Body<NewDeviation>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::ProposeDeviation, StatusCode::CREATED, &body, async |tx| {
        let id = rounds::propose_deviation(tx, at.0, &body.parse()?).await?;
        deviation(tx, at.0, id).await
    })
    .await
}

/// Approves a deviation, as a second person.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    responses((status = 200, description = "The deviation", body = DeviationBody),
              (status = 409, description = "`round.wrong_state`; `round.same_person`; `round.deviation_wrong_state`")))]
#[post("/rounds/{round_id}/deviations/{deviation_id}/approve")]
async fn approve_deviation(
    ctx: Ctx,
    at: At<RoundId>,
    id: At<DeviationId>,
    body: Body<Nothing>,
) -> Result<Json<DeviationBody>, ApiError> {
    ctx.write(Action::ApproveDeviation, async |tx| {
        body.parse()?;
        rounds::approve_deviation(tx, at.0, id.0).await?;
        deviation(tx, at.0, id.0).await.map(Json)
    })
    .await
}

/// Takes a deviation back.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    responses((status = 200, description = "The deviation", body = DeviationBody),
              (status = 409, description = "`round.wrong_state`; `round.deviation_wrong_state`")))]
#[post("/rounds/{round_id}/deviations/{deviation_id}/withdraw")]
async fn withdraw_deviation(
    ctx: Ctx,
    at: At<RoundId>,
    id: At<DeviationId>,
    body: Body<Nothing>,
) -> Result<Json<DeviationBody>, ApiError> {
    ctx.write(Action::WithdrawDeviation, async |tx| {
        body.parse()?;
        rounds::withdraw_deviation(tx, at.0, id.0).await?;
        deviation(tx, at.0, id.0).await.map(Json)
    })
    .await
}
