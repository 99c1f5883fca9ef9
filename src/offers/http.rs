//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::SaysOfOffer;
use super::model::{DeclineReason, NewOffer, OfferError, OfferState, TransitionError};
use super::store::{self, Filter, OfferRow, OfferSort};
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::notifications::Told;
use crate::platform::dates::hours_minutes;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, Sorted, Versioned, beginning};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId, PreferenceId};
use crate::platform::week::{DayTimes, WeekTimes};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(send_offer)
        .service(list_staff_offers)
        .service(revoke_offer)
        .service(record_offer_answer)
        .service(list_offers)
        .service(view_offer)
        .service(accept_offer)
        .service(decline_offer)
        .service(get_offer);
}

impl From<OfferError> for ApiError {
    fn from(error: OfferError) -> Self {
        let says = error.to_string();
        match error {
            OfferError::Missing => Self::not_found(),
            OfferError::Transition(TransitionError::Expired(_)) => Self::conflict("offer.expired", says),
            OfferError::Transition(_) => Self::conflict("offer.not_open", says),
            OfferError::NoPlace => Self::conflict("offer.no_place", says),
            OfferError::ContractsFull => Self::conflict("capacity.contracts_full", says),
            OfferError::CapacityUnknown => Self::conflict("offer.capacity_unknown", says),
            OfferError::ChildHasOpenOffer => Self::conflict("offer.child_has_open_offer", says),
            OfferError::DecidedByOffice => Self::conflict("offer.decided_by_office", says),
            OfferError::RoundUnderWay => Self::conflict("offer.round_under_way", says),
            OfferError::ContractSigned => Self::conflict("offer.contract_signed", says),
            OfferError::FacilityClosed => Self::conflict("offer.facility_closed", says),
            OfferError::Invalid(invalid) => invalid.into(),
            OfferError::Stale(stale) => stale.into(),
            OfferError::Demand(demand) => demand.into(),
            OfferError::Contract(contract) => contract.into(),
            OfferError::Capacity(capacity) => Self::internal(&capacity),
            OfferError::Db(db) => db.into(),
        }
    }
}

/// A child as staff and family name it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferChild)]
struct ChildBody {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
}

/// A place offer.
#[derive(Debug, Serialize, ToSchema)]
struct OfferBody {
    id: OfferId,
    facility_id: FacilityId,
    facility_name: String,
    preference_id: PreferenceId,
    demand_id: DemandId,
    child: ChildBody,
    state: OfferState,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
    hours_per_week: i32,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "08:00")]
    window_from: Option<NaiveTime>,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "16:00")]
    window_to: Option<NaiveTime>,
    /// The times of each day on which the child would come; `null`: the same on every day.
    #[schema(value_type = Option<Vec<DayTimes>>)]
    week: Option<WeekTimes>,
    /// Last day on which it can be answered, until midnight in Germany.
    deadline_on: NaiveDate,
    sent_at: Option<DateTime<Utc>>,
    viewed_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    decline_reason: Option<DeclineReason>,
    /// Why the facility took it back; `no_longer_wished` when the family withdrew or accepted another place.
    revoke_reason: Option<String>,
    contract_id: Option<ContractId>,
    /// Where the child has a place now, which ends with the start of this one if the family accepts; seen by the family only.
    present_facility: Option<String>,
    /// The facility of the place that the child keeps until the family accepts this one, which it likes better: an accepted place without
    /// signatures, or an open offer. `null` for every other offer; seen by the family only.
    better_than: Option<String>,
    /// A guardian with custody has an account and answers there; otherwise facility and office enter what the family says.
    has_account: bool,
    /// The deadline is over and the family has no account: until this day its place is kept, because a letter that came in time may not be
    /// opened yet. `null` for every other offer.
    letter_until: Option<NaiveDate>,
    version: i32,
}

impl OfferBody {
    fn of(row: OfferRow, language: &str) -> Self {
        let (first, last) = (row.child_first_name.as_deref(), row.child_last_name.as_deref());
        Self {
            id: row.id,
            facility_id: row.facility_id,
            preference_id: row.preference_id,
            demand_id: row.demand_id,
            child: ChildBody {
                id: row.child_id,
                label: families::child_label(first, last, language),
            },
            facility_name: row.facility_name,
            state: row.state,
            care_from: row.care_from,
            care_until: row.care_until,
            hours_per_week: row.hours_per_week,
            window_from: row.window_from,
            window_to: row.window_to,
            week: row.week,
            deadline_on: row.deadline_on,
            sent_at: row.sent_at,
            viewed_at: row.viewed_at,
            answered_at: row.answered_at,
            decline_reason: row.decline_reason,
            revoke_reason: row.revoke_reason,
            contract_id: row.contract_id,
            present_facility: row.present_facility,
            better_than: row.better_than,
            has_account: row.has_account,
            letter_until: row.letter_until,
            version: row.version,
        }
    }
}

fn body(tx: &TenantRead, row: OfferRow) -> OfferBody {
    let language = &tx.language();
    OfferBody::of(row, language)
}

fn versioned(tx: &TenantRead, row: OfferRow) -> Versioned<OfferBody> {
    Versioned::new(row.version, body(tx, row))
}

/// Offers a place: it is held from now on, and the family is told by mail or letter.
#[utoipa::path(tag = "offers", request_body = NewOffer,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses(
    (status = 201, description = "The offer, sent", body = OfferBody),
    (status = 409, description = "`offer.no_place`: no bookable place in every month of the stay; `offer.capacity_unknown`; \
        `offer.child_has_open_offer`; `offer.facility_closed`; `offer.decided_by_office`; `offer.round_under_way`: the facility's \
        places are part of a round that was not released yet; `preference.wrong_state`; `demand.wrong_state`"),
    (status = 422, description = "`/care_from`: `too_early`, `too_late`, `before_birth`; `/care_until`: `before_start`, `too_late`; \
        `/hours_per_week`: `required`, `out_of_range`, and with `week` `not_of_week`; `/week`: `required`, `too_many_hours`; \
        `/week/0/to`: `before_start`; `/deadline_days`: `out_of_range`")))]
#[post("/staff/offers")]
async fn send_offer(ctx: Ctx, new: Body<NewOffer>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::SendOffer, StatusCode::CREATED, &new, async |tx| {
        let new = new.parse()?;
        let sent = super::send_by_facility(tx, &new).await?;
        Ok(body(tx, sent))
    })
    .await
}

/// What a list of offers is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfferQuery {
    /// Only of this facility.
    facility_id: Option<FacilityId>,
    /// States, separated by commas; all when left out.
    #[param(example = "sent,viewed")]
    state: Option<String>,
    /// Beginning of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<OfferSort>,
}

/// States from a list with commas; `None` where none is chosen.
fn states(list: Option<&str>) -> Result<Option<Vec<&'static str>>, ApiError> {
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        return Ok(None);
    };
    let known = |word: &str| OfferState::ALL.into_iter().map(OfferState::as_str).find(|s| *s == word);
    let state = |word: &str| {
        known(word.trim()).ok_or_else(|| ApiError::malformed("query.malformed", "state: not a state of an offer"))
    };
    list.split(',').map(state).collect::<Result<_, _>>().map(Some)
}

/// Offers of the facilities in reach, filtered and sorted.
#[utoipa::path(tag = "offers", params(OfferQuery, OrderQuery<OfferSort>),
    responses((status = 200, description = "A page of offers", body = Page<OfferBody>)))]
#[get("/staff/offers")]
async fn list_staff_offers(ctx: Ctx, query: Query<OfferQuery>) -> Result<Json<Page<OfferBody>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListStaffOffers, async |tx| {
        let filter = Filter {
            facility: query.facility_id,
            states: states(query.state.as_deref())?,
            q: beginning(query.q),
            order: query.order.order()?,
            ..Filter::default()
        };
        let rows = store::list(tx, &filter).await?;
        let page = filter.order.page(rows);
        page.items.iter().for_each(|row| tx.touch_child(row.child_id));
        Ok(Json(page.map(|row| body(tx, row))))
    })
    .await
}

/// Why an offer is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The group opens two months later."}))]
struct Revocation {
    /// The family reads it; at most 500 characters.
    #[schema(max_length = 500)]
    reason: String,
}

/// Takes an open offer back; the place is free again and the preference returns to where it was.
#[utoipa::path(tag = "offers", request_body = Revocation,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The offer, revoked", body = OfferBody),
    (status = 409, description = "`offer.not_open`: it was answered or ended")))]
#[post("/staff/offers/{offer_id}/revoke")]
async fn revoke_offer(
    ctx: Ctx,
    at: At<OfferId>,
    if_match: IfMatch,
    revocation: Body<Revocation>,
) -> Result<Versioned<OfferBody>, ApiError> {
    ctx.write(Action::RevokeOffer, async |tx| {
        let revocation = revocation.parse()?;
        let mut fields = Fields::new();
        let reason = fields.text(&revocation.reason, "/reason", 500);
        fields.finish()?;
        let revoked = super::revoke(tx, at.0, if_match.version()?, reason).await?;
        Ok(versioned(tx, revoked))
    })
    .await
}

/// The two answers to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OfferAnswer {
    /// The family takes the place.
    Accepted,
    /// It does not.
    Declined,
}

/// What a family without an account said to an offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "accepted", "reason": null, "told": {"on": "2027-02-01", "by": "phone"}}))]
struct ToldOfferAnswer {
    answer: OfferAnswer,
    /// Why the family declines; only then.
    #[serde(default)]
    reason: Option<DeclineReason>,
    /// When it was said, and how.
    told: Told,
}

impl ToldOfferAnswer {
    fn says(&self) -> Result<SaysOfOffer, Invalid> {
        match (self.answer, self.reason) {
            (OfferAnswer::Accepted, None) => Ok(SaysOfOffer::Accepted),
            (OfferAnswer::Declined, Some(reason)) => Ok(SaysOfOffer::Declined(reason)),
            (OfferAnswer::Accepted, Some(_)) => Err(Invalid::one(
                "/reason",
                "not_supported",
                "nobody gives a reason for a yes",
            )),
            (OfferAnswer::Declined, None) => Err(Invalid::one("/reason", "required", "say why the family declines")),
        }
    }
}

/// Enters what a family without an account said to an open offer: it is accepted or declined as if the family had done so itself. What was
/// said by the deadline, or arrived by then, is in time as long as the offer stands.
#[utoipa::path(tag = "offers", request_body = ToldOfferAnswer,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The offer, answered", body = OfferBody),
    (status = 409, description = "`family.has_account`: a guardian with custody has an account and answers there; `offer.not_open`; \
        `offer.expired`: the offer has expired; `contract.overlaps`; `offer.contract_signed`"),
    (status = 422, description = "`/reason`: `required`, `not_supported`; `/told/on`: `in_future`, `too_early`: before the offer was sent, \
        `after_deadline`: it was said, or arrived, after the last day to answer")))]
#[post("/staff/offers/{offer_id}/answer")]
async fn record_offer_answer(
    ctx: Ctx,
    at: At<OfferId>,
    if_match: IfMatch,
    body: Body<ToldOfferAnswer>,
) -> Result<Versioned<OfferBody>, ApiError> {
    ctx.write(Action::RecordOfferAnswer, async |tx| {
        let input = body.parse()?;
        let answered = super::record_answer(tx, at.0, if_match.version()?, input.says()?, input.told).await?;
        Ok(versioned(tx, answered))
    })
    .await
}

/// The offers of a family.
#[derive(Debug, Serialize, ToSchema)]
struct OfferList {
    items: Vec<OfferBody>,
}

/// The offers to the own children, newest first.
#[utoipa::path(tag = "offers", responses((status = 200, description = "The offers", body = OfferList)))]
#[get("/offers")]
async fn list_offers(ctx: Ctx) -> Result<Json<OfferList>, ApiError> {
    ctx.read(Action::ListOffers, async |tx| {
        let filter = Filter {
            order: Sorted::first(200),
            ..Filter::default()
        };
        let rows = store::list(tx, &filter).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let items = rows.into_iter().map(|row| body(tx, row)).collect();
        Ok(Json(OfferList { items }))
    })
    .await
}

/// One offer to an own child.
#[utoipa::path(tag = "offers", responses((status = 200, description = "The offer", body = OfferBody)))]
#[get("/offers/{offer_id}")]
async fn get_offer(ctx: Ctx, at: At<OfferId>) -> Result<Versioned<OfferBody>, ApiError> {
    ctx.read(Action::GetOffer, async |tx| {
        let offer = super::offer(tx, at.0).await?;
        Ok(versioned(tx, offer))
    })
    .await
}

/// Notes that the family has seen the offer.
#[utoipa::path(tag = "offers", responses(
    (status = 200, description = "The offer", body = OfferBody),
    (status = 409, description = "`offer.not_open`, `offer.expired`")))]
#[post("/offers/{offer_id}/view")]
async fn view_offer(ctx: Ctx, at: At<OfferId>) -> Result<Versioned<OfferBody>, ApiError> {
    ctx.write(Action::ViewOffer, async |tx| {
        let viewed = super::view(tx, at.0).await?;
        Ok(versioned(tx, viewed))
    })
    .await
}

/// Accepts the place: the other preferences end, and the draft of the contract stands.
#[utoipa::path(tag = "offers",
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The offer, accepted, with the contract's id", body = OfferBody),
    (status = 409, description = "`offer.not_open`; `offer.expired`: the deadline has passed; `contract.overlaps`; \
     `offer.contract_signed`: for a child whose contract is signed there is no better place")))]
#[post("/offers/{offer_id}/accept")]
async fn accept_offer(ctx: Ctx, at: At<OfferId>, if_match: IfMatch) -> Result<Versioned<OfferBody>, ApiError> {
    ctx.write(Action::AcceptOffer, async |tx| {
        let now = tx.now();
        let accepted = super::accept(tx, at.0, if_match.version()?, now).await?;
        Ok(versioned(tx, accepted))
    })
    .await
}

/// Why a family declines.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "too_far"}))]
struct Decline {
    reason: DeclineReason,
}

/// Declines the place: it is free again, and the other preferences go on.
#[utoipa::path(tag = "offers", request_body = Decline,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The offer, declined", body = OfferBody),
    (status = 409, description = "`offer.not_open`; `offer.expired`: the deadline has passed")))]
#[post("/offers/{offer_id}/decline")]
async fn decline_offer(
    ctx: Ctx,
    at: At<OfferId>,
    if_match: IfMatch,
    decline: Body<Decline>,
) -> Result<Versioned<OfferBody>, ApiError> {
    ctx.write(Action::DeclineOffer, async |tx| {
        let reason = decline.parse()?.reason;
        let now = tx.now();
        let declined = super::decline(tx, at.0, if_match.version()?, reason, now).await?;
        Ok(versioned(tx, declined))
    })
    .await
}
