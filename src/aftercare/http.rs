//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, Filter, FollowupSort};
use super::{AfterCare, AfterError, FollowupState, ProposalRow};
use crate::access::{Action, Ctx};
use crate::families;
use crate::notifications::{ChildInitial, Told};
use crate::platform::http::{ApiError, At, Body, OrderQuery, Page, Query, beginning};
use crate::platform::ids::{ChildId, DemandId, FacilityId, FollowupDemandId};
use crate::platform::limits::Kind;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(see_followup)
        .service(answer_followup)
        .service(list_followup_demands)
        .service(record_followup_answer);
}

impl From<AfterError> for ApiError {
    fn from(error: AfterError) -> Self {
        match error {
            AfterError::Missing => Self::new(
                StatusCode::GONE,
                "followup_demand.link_invalid",
                "this link does not hold any more",
            ),
            AfterError::Answered => Self::conflict("followup_demand.answered", error.to_string()),
            AfterError::Demand(demand) => demand.into(),
            AfterError::Db(db) => db.into(),
        }
    }
}

/// The link of the mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "x"}))]
struct FollowupLink {
    /// The token behind the `#`.
    #[schema(max_length = 200)]
    token: String,
}

/// Follow-up care as it is proposed to the family.
#[derive(Debug, Serialize, ToSchema)]
struct FollowupProposal {
    /// The first letter of the child's name: who holds the link need not be the family.
    child: Option<String>,
    /// Where the child is.
    facility_name: String,
    care_type: AfterCare,
    /// First day without the place.
    needed_from: NaiveDate,
    hours_per_week: i32,
    /// Proposed wishes; they can be changed afterwards.
    facilities: Vec<String>,
    state: FollowupState,
}

/// Shows by the link of a mail, without signing in, what follow-up care is proposed.
#[utoipa::path(tag = "aftercare", request_body = FollowupLink,
    responses((status = 200, description = "The proposal", body = FollowupProposal),
              (status = 410, description = "`followup_demand.link_invalid`")))]
#[post("/followup-demands/seen")]
async fn see_followup(ctx: Ctx, body: Body<FollowupLink>) -> Result<Json<FollowupProposal>, ApiError> {
    limited(&ctx)?;
    ctx.read(Action::SeeFollowup, async |tx| {
        let row = super::by_link(tx, &body.parse()?.token).await?;
        Ok(Json(FollowupProposal {
            child: ChildInitial::of(row.first_name.as_deref()).text(),
            facility_name: row.facility_name,
            care_type: row.care_type,
            needed_from: row.needed_from,
            hours_per_week: row.hours_per_week,
            facilities: row.facility_names,
            state: row.state,
        }))
    })
    .await
}

fn limited(ctx: &Ctx) -> Result<(), ApiError> {
    let limits = &ctx.platform.limits;
    limits.check(Kind::SignIn, ctx.address).map_err(ApiError::too_many)
}

/// The family's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "x", "wants": true, "legal_claim": false}))]
struct FollowupAnswer {
    /// The token behind the `#`.
    #[schema(max_length = 200)]
    token: String,
    /// Whether the family wants follow-up care.
    wants: bool,
    /// The tick for the legal claim (§ 24 SGB VIII).
    #[serde(default)]
    legal_claim: bool,
}

/// What came of the answer.
#[derive(Debug, Serialize, ToSchema)]
struct FollowupAnswered {
    confirmed: bool,
    /// Whether the demand was sent; otherwise something is missing and it waits as a draft in the family's account.
    sent: bool,
    demand_id: Option<DemandId>,
}

/// Answers by the link of a mail, without signing in: with a yes the demand is made and sent, with a no nothing more is asked.
#[utoipa::path(tag = "aftercare", request_body = FollowupAnswer,
    responses((status = 200, description = "What came of it", body = FollowupAnswered),
              (status = 409, description = "`followup_demand.answered`; `demand.exists`: the child has another demand"),
              (status = 410, description = "`followup_demand.link_invalid`")))]
#[post("/followup-demands/answer")]
async fn answer_followup(ctx: Ctx, body: Body<FollowupAnswer>) -> Result<Json<FollowupAnswered>, ApiError> {
    limited(&ctx)?;
    ctx.write(Action::AnswerFollowup, async |tx| {
        let input = body.parse()?;
        let done = super::answer(tx, &input.token, input.wants, input.legal_claim).await?;
        Ok(Json(FollowupAnswered {
            confirmed: done.confirmed,
            sent: done.sent,
            demand_id: done.demand_id,
        }))
    })
    .await
}

/// A proposal as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
struct FollowupDemandBody {
    id: uuid::Uuid,
    child_id: ChildId,
    /// First name and initial.
    child: String,
    facility_name: String,
    care_type: AfterCare,
    needed_from: NaiveDate,
    facilities: Vec<String>,
    state: FollowupState,
    demand_id: Option<DemandId>,
    /// A guardian with custody has an account and answers there; otherwise the office enters what the family says.
    has_account: bool,
    created_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
}

impl FollowupDemandBody {
    fn of(row: ProposalRow, language: &str) -> Self {
        Self {
            id: row.id,
            child_id: row.child_id,
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            facility_name: row.facility_name,
            care_type: row.care_type,
            needed_from: row.needed_from,
            facilities: row.facility_names,
            state: row.state,
            demand_id: row.demand_id,
            has_account: row.has_account,
            created_at: row.created_at,
            answered_at: row.answered_at,
        }
    }
}

/// Which proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FollowupDemandsQuery {
    /// Only in this state.
    state: Option<FollowupState>,
    /// Only from this facility.
    facility_id: Option<FacilityId>,
    /// Beginning of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<FollowupSort>,
}

/// Follow-up care that was proposed, by the day from which it is needed; what is needed for more than half a year is left out.
#[utoipa::path(tag = "aftercare", params(FollowupDemandsQuery, OrderQuery<FollowupSort>),
    responses((status = 200, description = "A page of proposals", body = Page<FollowupDemandBody>)))]
#[get("/office/followup-demands")]
async fn list_followup_demands(
    ctx: Ctx,
    query: Query<FollowupDemandsQuery>,
) -> Result<Json<Page<FollowupDemandBody>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListFollowupDemands, async |tx| {
        let filter = Filter {
            state: query.state,
            facility: query.facility_id,
            q: beginning(query.q),
            order: query.order.order()?,
            ..Filter::default()
        };
        let rows = store::list(tx, &filter).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let language = tx.language();
        let page = filter.order.page(rows);
        Ok(Json(page.map(|row| FollowupDemandBody::of(row, &language))))
    })
    .await
}

/// What a family without an account said to a proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"wants": true, "legal_claim": true, "told": {"on": "2027-02-01", "by": "phone"}}))]
struct ToldFollowupAnswer {
    /// Whether the family wants follow-up care.
    wants: bool,
    /// Whether it asserted the legal claim (§ 24 SGB VIII).
    #[serde(default)]
    legal_claim: bool,
    /// When it was said, and how.
    told: Told,
}

/// Enters what a family without an account said to the proposed follow-up care: with a yes the demand is made and sent, and counts from the
/// day on which it was said.
#[utoipa::path(tag = "aftercare", request_body = ToldFollowupAnswer,
    responses((status = 200, description = "The proposal, answered", body = FollowupDemandBody),
              (status = 409, description = "`family.has_account`: a guardian with custody has an account and answers there; \
                `followup_demand.answered`; `demand.exists`: the child has another demand"),
              (status = 422, description = "`/told/on`: `in_future`, `too_early`: before the family was asked; or what is missing in the demand")))]
#[post("/office/followup-demands/{followup_demand_id}/answer")]
async fn record_followup_answer(
    ctx: Ctx,
    at: At<FollowupDemandId>,
    body: Body<ToldFollowupAnswer>,
) -> Result<Json<FollowupDemandBody>, ApiError> {
    ctx.write(Action::RecordFollowupAnswer, async |tx| {
        let input = body.parse()?;
        let row = match super::record_answer(tx, at.0, input.wants, input.legal_claim, input.told).await {
            // There is no link here that would hold no more.
            Err(AfterError::Missing) => return Err(ApiError::not_found()),
            done => done?,
        };
        let language = tx.language();
        Ok(Json(FollowupDemandBody::of(row, &language)))
    })
    .await
}
