//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{FollowupRow, NewFollowup, Skip};
use super::store::{self, After};
use super::{FollowupError, FollowupList};
use crate::access::{Action, Ctx};
use crate::demands::{self, PreferenceState, ScoreLine, SiblingAnswer, Veil};
use crate::facilities::AgeBand;
use crate::families;
use crate::platform::http::{ApiError, At, Body, Page, PageQuery, Query};
use crate::platform::ids::{FacilityId, FollowupId, OfferId, PreferenceId};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_vacancies)
        .service(list_followups)
        .service(offer_next);
}

impl From<FollowupError> for ApiError {
    fn from(error: FollowupError) -> Self {
        let says = error.to_string();
        match error {
            FollowupError::Missing => Self::not_found(),
            FollowupError::NoVacancy => Self::conflict("followup.no_vacancy", says),
            FollowupError::PassedOver(_) => Self::conflict("followup.passed_over", says),
            FollowupError::RoundUnderWay => Self::conflict("followup.round_under_way", says),
            FollowupError::DecidedByOffice => Self::conflict("followup.decided_by_office", says),
            FollowupError::DecidedByFacilities => Self::conflict("followup.decided_by_facilities", says),
            FollowupError::Invalid(invalid) => invalid.into(),
            FollowupError::Demand(demand) => demand.into(),
            FollowupError::Offer(offer) => offer.into(),
            FollowupError::Db(db) => db.into(),
        }
    }
}

fn label(row: &FollowupRow, language: &str) -> String {
    let (first, last) = (row.waiting.first_name.as_deref(), row.waiting.last_name.as_deref());
    families::child_label(first, last, language)
}

/// Something free that somebody waits for.
#[derive(Debug, Serialize, ToSchema)]
struct VacancyBody {
    facility_id: FacilityId,
    facility_name: String,
    age_band: AgeBand,
    /// First day on which a child can have the place.
    free_from: Option<NaiveDate>,
    free: i32,
    /// For so many it is something.
    waiting: usize,
    /// So many are passed over for now.
    passed_over: usize,
    /// Who is next.
    next: Option<NextBody>,
    /// Whether the asker may offer it.
    may_offer: bool,
}

/// Who is next for a vacancy.
#[derive(Debug, Serialize, ToSchema)]
struct NextBody {
    preference_id: PreferenceId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    points: i32,
    care_from: NaiveDate,
}

impl VacancyBody {
    fn of(list: &FollowupList, language: &str) -> Self {
        let waiting = list.rows.iter().filter(|row| row.skip.is_none()).count();
        let next = list.rows.first().filter(|row| row.skip.is_none());
        Self {
            facility_id: list.facility_id,
            facility_name: list.facility_name.clone(),
            age_band: list.age_band,
            free_from: list.vacancy.map(|v| v.free_from),
            free: list.vacancy.map_or(0, |v| v.free),
            waiting,
            passed_over: list.rows.len() - waiting,
            next: next.map(|row| NextBody {
                preference_id: row.waiting.wish.id,
                label: label(row, language),
                points: row.waiting.wish.points,
                care_from: row.care_from,
            }),
            may_offer: list.may_offer,
        }
    }
}

/// Which vacancies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VacanciesQuery {
    /// Only of this facility.
    facility_id: Option<FacilityId>,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What is free within a year at facilities in reach where somebody waits, with who is next: a task for whoever gives the places.
#[utoipa::path(tag = "followups", params(VacanciesQuery),
    responses((status = 200, description = "A page of vacancies, by name of the facility", body = Page<VacancyBody>)))]
#[get("/staff/vacancies")]
async fn list_vacancies(ctx: Ctx, query: Query<VacanciesQuery>) -> Result<Json<Page<VacancyBody>>, ApiError> {
    let query = query.0;
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    ctx.read(Action::ListVacancies, async |tx| {
        let limit = page.limit()?;
        let rows = store::vacancies(tx, query.facility_id, page.after::<After>()?, limit + 1).await?;
        let page = Page::from_rows(rows, limit, |r| (r.facility_name.clone(), r.facility_id, r.age_band));
        let language = tx.language();
        let mut items = Vec::new();
        for free in &page.items {
            let list = super::list(tx, free.facility_id, free.age_band).await?;
            // Somebody waits at the facility, but nobody of this age.
            if list.rows.is_empty() {
                continue;
            }
            if let Some(next) = list.rows.first().filter(|row| row.skip.is_none()) {
                tx.touch_child(next.waiting.child_id);
            }
            items.push(VacancyBody::of(&list, &language));
        }
        Ok(Json(Page {
            items,
            next_cursor: page.next_cursor,
            total: None,
        }))
    })
    .await
}

/// A child on a follow-up list.
#[derive(Debug, Serialize, ToSchema)]
struct FollowupBody {
    preference_id: PreferenceId,
    /// The place among those who are not passed over, from 1; `null` for who is.
    position: Option<usize>,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    birth_date: NaiveDate,
    reference_code: Option<String>,
    state: PreferenceState,
    desired_start: NaiveDate,
    latest_start: Option<NaiveDate>,
    hours_per_week: Option<i32>,
    legal_claim: bool,
    /// First day of care, if the child gets the place.
    care_from: NaiveDate,
    /// The higher rank goes first, whatever the points.
    rank: i64,
    points: i32,
    /// How the points came about, with the state of the evidence.
    breakdown: Vec<ScoreLine>,
    /// The number of the last draw, in hexadecimal; the smaller goes first among equals.
    lottery: Option<String>,
    /// Why the child is passed over for now.
    passed_over: Option<Skip>,
    /// What the family said of siblings who look for places at the same time; `null`: nothing, or there are none.
    siblings: Option<SiblingAnswer>,
    /// So many siblings are offered their places together with the child.
    together_with: usize,
}

impl FollowupBody {
    fn of(row: FollowupRow, veil: &Veil, language: &str) -> Self {
        Self {
            label: label(&row, language),
            preference_id: row.waiting.wish.id,
            position: row.position,
            birth_date: row.waiting.birth,
            reference_code: row.waiting.reference_code,
            state: row.waiting.wish.state,
            desired_start: row.waiting.desired_start,
            latest_start: row.waiting.latest_start,
            hours_per_week: row.waiting.hours_per_week,
            legal_claim: row.waiting.legal_claim,
            care_from: row.care_from,
            rank: row.waiting.wish.priority.first().copied().unwrap_or(0),
            points: row.waiting.wish.points,
            breakdown: veil.score_lines(&row.waiting.wish.lines),
            lottery: row.lottery,
            passed_over: row.skip,
            siblings: row.siblings,
            together_with: row.with.len(),
        }
    }
}

/// A follow-up list.
#[derive(Debug, Serialize, ToSchema)]
struct FollowupListBody {
    facility_id: FacilityId,
    facility_name: String,
    age_band: AgeBand,
    /// First day on which a child can have the place; `null`: nothing is free within a year.
    free_from: Option<NaiveDate>,
    free: i32,
    /// Whether the asker may offer: where the office gives the places, the office; elsewhere the facility.
    may_offer: bool,
    /// Whether an allocation round gives these places and was not released yet; nobody offers them one by one until then.
    round_under_way: bool,
    /// Those who wait in their order, then those who are passed over.
    items: Vec<FollowupBody>,
}

/// Which list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FollowupsQuery {
    /// For places of this age band.
    age_band: AgeBand,
}

/// Who waits for a place of a facility in an age band: by the published criteria, then by the last draw, then by who came first.
#[utoipa::path(tag = "followups", params(FollowupsQuery),
    responses((status = 200, description = "The list", body = FollowupListBody)))]
#[get("/staff/facilities/{facility_id}/followups")]
async fn list_followups(
    ctx: Ctx,
    at: At<FacilityId>,
    query: Query<FollowupsQuery>,
) -> Result<Json<FollowupListBody>, ApiError> {
    ctx.read(Action::ListFollowups, async |tx| {
        let list = super::list(tx, at.0, query.0.age_band).await?;
        tx.touch(list.facility_id);
        list.rows.iter().for_each(|row| tx.touch_child(row.waiting.child_id));
        let (language, veil) = (tx.language(), demands::veil(tx).await?);
        Ok(Json(FollowupListBody {
            facility_id: list.facility_id,
            facility_name: list.facility_name,
            age_band: list.age_band,
            free_from: list.vacancy.map(|v| v.free_from),
            free: list.vacancy.map_or(0, |v| v.free),
            may_offer: list.may_offer,
            round_under_way: list.round_under_way,
            items: list
                .rows
                .into_iter()
                .map(|row| FollowupBody::of(row, &veil, &language))
                .collect(),
        }))
    })
    .await
}

/// An offer from the follow-up list, as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct FollowupOffered {
    id: FollowupId,
    offer_id: OfferId,
    /// The place in the order that the child had, from 1.
    position: usize,
}

/// Offers a vacancy to the next of the list, or to another one with a reason of the published list; the list is kept as it stood. Siblings who
/// go only together get their offers at once.
#[utoipa::path(tag = "followups", request_body = NewFollowup,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses(
    (status = 201, description = "The offer was sent", body = FollowupOffered),
    (status = 409, description = "`followup.no_vacancy`; `followup.passed_over`: the vacancy is nothing for this child; \
        `followup.decided_by_office`; `followup.decided_by_facilities`; `followup.round_under_way`; what stands against an offer"),
    (status = 422, description = "`/reason` and `/note` are required for another one than the next")))]
#[post("/staff/followups")]
async fn offer_next(ctx: Ctx, new: Body<NewFollowup>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::OfferNext, StatusCode::CREATED, &new, async |tx| {
        let new = new.parse()?;
        let (id, offer_id, position) = super::offer_next(tx, &new).await?;
        Ok(FollowupOffered { id, offer_id, position })
    })
    .await
}
