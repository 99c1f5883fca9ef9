//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, Filter, PartRow};
use super::{Answerer, SwapError, SwapState};
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::notifications::Told;
use crate::platform::http::{ApiError, At, Body, Page};
use crate::platform::ids::{ChildId, SwapId, SwapPartId};

/// So many cycles are shown at most, the dearest first.
const MOST_SHOWN: usize = 100;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_swap_candidates)
        .service(propose_swap)
        .service(list_office_swaps)
        .service(record_swap_answer)
        .service(list_facility_swaps)
        .service(answer_facility_swap)
        .service(list_my_swaps)
        .service(answer_my_swap);
}

impl From<SwapError> for ApiError {
    fn from(error: SwapError) -> Self {
        let says = error.to_string();
        match error {
            SwapError::Missing => Self::not_found(),
            SwapError::NoCycle => Self::conflict("swap.no_cycle", says),
            SwapError::NotOpen => Self::conflict("swap.not_open", says),
            SwapError::Invalid(invalid) => invalid.into(),
            SwapError::Demand(demand) => demand.into(),
            SwapError::Offer(offer) => offer.into(),
            SwapError::Db(db) => db.into(),
        }
    }
}

fn whole<T>(items: Vec<T>) -> Page<T> {
    Page {
        items,
        next_cursor: None,
        total: None,
    }
}

/// A child of a cycle.
#[derive(Debug, Serialize, ToSchema)]
struct SwapCandidateMove {
    child_id: ChildId,
    /// First name and initial.
    child: String,
    from_facility: String,
    to_facility: String,
    /// The rank of the wish, from 1.
    rank: usize,
}

/// Children who could change places with each other.
#[derive(Debug, Serialize, ToSchema)]
struct SwapCandidate {
    /// Names the cycle when it is proposed.
    key: String,
    /// The first day on which it can go round.
    earliest_day: NaiveDate,
    moves: Vec<SwapCandidateMove>,
}

/// What could be swapped.
#[derive(Debug, Serialize, ToSchema)]
struct SwapCandidates {
    /// So many children look for another place.
    wishers: usize,
    /// So many cycles of two and three there are; the dearest hundred are shown.
    total: usize,
    items: Vec<SwapCandidate>,
}

/// Children with a place who wish another one and could go round in twos and threes, the dearest wishes first.
#[utoipa::path(tag = "swaps", responses((status = 200, description = "The cycles", body = SwapCandidates)))]
#[get("/office/swaps/candidates")]
async fn list_swap_candidates(ctx: Ctx) -> Result<Json<SwapCandidates>, ApiError> {
    ctx.read(Action::ListSwapCandidates, async |tx| {
        let (rows, cycles) = super::candidates(tx).await?;
        let language = tx.language();
        let mut items = Vec::new();
        for (cycle, day) in cycles.iter().take(MOST_SHOWN) {
            let moves = cycle.moves.iter().map(|one| {
                let row = &rows[one.wisher];
                tx.touch_child(row.child_id);
                SwapCandidateMove {
                    child_id: row.child_id,
                    child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), &language),
                    from_facility: row.facility_name.clone(),
                    to_facility: row.wishes[one.rank].name.clone(),
                    rank: one.rank + 1,
                }
            });
            items.push(SwapCandidate {
                moves: moves.collect(),
                earliest_day: *day,
                key: super::key_of(&rows, cycle),
            });
        }
        Ok(Json(SwapCandidates {
            wishers: rows.len(),
            total: cycles.len(),
            items,
        }))
    })
    .await
}

/// A cycle that is proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "3f0b0a4e-6d0e-4a8b-9b57-1f7c3f1f2a10.8d6f1a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "swap_on": "2027-04-01"}))]
struct NewSwap {
    /// The cycle's name.
    #[schema(max_length = 200)]
    key: String,
    /// The first of a month.
    swap_on: NaiveDate,
}

/// A swap that was proposed.
#[derive(Debug, Serialize, ToSchema)]
struct ProposedSwap {
    id: SwapId,
}

/// Proposes a swap: every family and every facility in it is asked by mail, and has a last day to answer.
#[utoipa::path(tag = "swaps", request_body = NewSwap,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The swap", body = ProposedSwap),
              (status = 409, description = "`swap.no_cycle`: these places cannot be swapped any more"),
              (status = 422, description = "`/swap_on`: `not_first_of_month`, `too_early`, `too_late`, `closed`")))]
#[post("/office/swaps")]
async fn propose_swap(ctx: Ctx, body: Body<NewSwap>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::ProposeSwap, StatusCode::CREATED, &body, async |tx| {
        let input = body.parse()?;
        let id = super::propose(tx, &input.key, input.swap_on).await?;
        Ok(ProposedSwap { id })
    })
    .await
}

/// A child's part of a swap, as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
struct OfficeSwapPart {
    id: SwapPartId,
    child_id: ChildId,
    /// First name and initial.
    child: String,
    from_facility: String,
    to_facility: String,
    /// The family's answer; `null`: none yet.
    family_answer: Option<bool>,
    /// The answer of the facility to which the child would come.
    site_answer: Option<bool>,
    /// A guardian with custody has an account and answers there; otherwise the office enters what the family says.
    has_account: bool,
    /// After the deadline: until when the office can still enter the answer of a family without an account, which arrived in time and lay
    /// unopened.
    letter_until: Option<NaiveDate>,
}

impl OfficeSwapPart {
    fn of(row: PartRow, language: &str) -> Self {
        Self {
            id: row.id,
            child_id: row.child_id,
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            from_facility: row.from_facility,
            to_facility: row.to_facility,
            family_answer: row.family_answer,
            site_answer: row.site_answer,
            has_account: row.has_account,
            letter_until: row.letter_until,
        }
    }
}

/// A swap, as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
struct OfficeSwap {
    id: SwapId,
    state: SwapState,
    swap_on: NaiveDate,
    /// The last day of answering.
    deadline_on: NaiveDate,
    created_at: DateTime<Utc>,
    parts: Vec<OfficeSwapPart>,
}

/// Swaps of the last year, the newest first, with who has answered what.
#[utoipa::path(tag = "swaps", responses((status = 200, description = "The swaps", body = Page<OfficeSwap>)))]
#[get("/office/swaps")]
async fn list_office_swaps(ctx: Ctx) -> Result<Json<Page<OfficeSwap>>, ApiError> {
    ctx.read(Action::ListOfficeSwaps, async |tx| {
        let rows = store::parts(tx, &Filter::default()).await?;
        let language = tx.language();
        let mut items: Vec<OfficeSwap> = Vec::new();
        for row in rows {
            tx.touch_child(row.child_id);
            if items.last().is_none_or(|swap| swap.id != row.swap_id) {
                items.push(OfficeSwap {
                    id: row.swap_id,
                    state: row.state,
                    swap_on: row.swap_on,
                    deadline_on: row.deadline_on,
                    created_at: row.created_at,
                    parts: Vec::new(),
                });
            }
            if let Some(swap) = items.last_mut() {
                swap.parts.push(OfficeSwapPart::of(row, &language));
            }
        }
        Ok(Json(whole(items)))
    })
    .await
}

/// What a family without an account said to a swap.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accept": true, "told": {"on": "2027-02-01", "by": "phone"}}))]
struct ToldSwapAnswer {
    /// Yes or no; a no ends the swap for all.
    accept: bool,
    /// When it was said, and how.
    told: Told,
}

/// Enters what a family without an account said to a swap, as if it had answered itself.
#[utoipa::path(tag = "swaps", request_body = ToldSwapAnswer,
    responses((status = 200, description = "The part", body = OfficeSwapPart),
              (status = 409, description = "`swap.not_open`; `family.has_account`: a guardian with custody has an account and answers there"),
              (status = 422, description = "`/told/on`: `in_future`, `too_early`: before the swap was proposed")))]
#[post("/office/swaps/{swap_part_id}/answer")]
async fn record_swap_answer(
    ctx: Ctx,
    at: At<SwapPartId>,
    body: Body<ToldSwapAnswer>,
) -> Result<Json<OfficeSwapPart>, ApiError> {
    ctx.write(Action::RecordSwapAnswer, async |tx| {
        let input = body.parse()?;
        let row = super::record_answer(tx, at.0, input.accept, input.told).await?;
        let language = tx.language();
        Ok(Json(OfficeSwapPart::of(row, &language)))
    })
    .await
}

/// The part of a swap that concerns who asks; of the others it says only how many there are.
#[derive(Debug, Serialize, ToSchema)]
struct SwapPart {
    id: SwapPartId,
    state: SwapState,
    swap_on: NaiveDate,
    /// The last day of answering.
    deadline_on: NaiveDate,
    /// So many children are in the swap.
    children: i64,
    /// So many answers are missing, of all sides.
    missing: i64,
    child_id: ChildId,
    /// First name and initial.
    child: String,
    birth_date: NaiveDate,
    hours_per_week: i32,
    /// Where the child is; the receiving facility does not learn it.
    from_facility: Option<String>,
    to_facility: String,
    /// The asker's own answer; `null`: none yet.
    answer: Option<bool>,
    /// Whether the asker can answer now.
    may_answer: bool,
}

impl SwapPart {
    fn of(row: PartRow, who: Answerer, today: NaiveDate, language: &str) -> Self {
        let family = who == Answerer::Family;
        let answer = if family { row.family_answer } else { row.site_answer };
        Self {
            id: row.id,
            state: row.state,
            swap_on: row.swap_on,
            deadline_on: row.deadline_on,
            children: row.children,
            missing: row.missing,
            child_id: row.child_id,
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            birth_date: row.birth,
            hours_per_week: row.hours_per_week,
            from_facility: family.then_some(row.from_facility),
            to_facility: row.to_facility,
            answer,
            may_answer: row.state == SwapState::Open && answer.is_none() && today <= row.deadline_on,
        }
    }
}

async fn parts(tx: &mut TenantRead, who: Answerer) -> Result<Page<SwapPart>, ApiError> {
    let rows = store::parts(tx, &Filter::default()).await?;
    rows.iter().for_each(|row| tx.touch_child(row.child_id));
    let (today, language) = (tx.today(), tx.language());
    let items = rows.into_iter().map(|row| SwapPart::of(row, who, today, &language));
    Ok(whole(items.collect()))
}

/// Children who would come to facilities in reach by a swap.
#[utoipa::path(tag = "swaps", responses((status = 200, description = "The parts", body = Page<SwapPart>)))]
#[get("/staff/swaps")]
async fn list_facility_swaps(ctx: Ctx) -> Result<Json<Page<SwapPart>>, ApiError> {
    ctx.read(Action::ListFacilitySwaps, async |tx| {
        Ok(Json(parts(tx, Answerer::Site).await?))
    })
    .await
}

/// The own children's parts of swaps.
#[utoipa::path(tag = "swaps", responses((status = 200, description = "The parts", body = Page<SwapPart>)))]
#[get("/family/swaps")]
async fn list_my_swaps(ctx: Ctx) -> Result<Json<Page<SwapPart>>, ApiError> {
    ctx.read(Action::ListMySwaps, async |tx| {
        Ok(Json(parts(tx, Answerer::Family).await?))
    })
    .await
}

/// An answer to a swap.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accept": true}))]
struct SwapAnswer {
    /// Yes or no; a no ends the swap for all.
    accept: bool,
}

async fn answered(
    ctx: &Ctx,
    action: Action,
    at: SwapPartId,
    who: Answerer,
    body: &Body<SwapAnswer>,
) -> Result<Json<SwapPart>, ApiError> {
    ctx.write(action, async |tx| {
        let row = super::answer(tx, at, who, body.parse()?.accept).await?;
        let (today, language) = (tx.today(), tx.language());
        Ok(Json(SwapPart::of(row, who, today, &language)))
    })
    .await
}

/// Answers for the facility to which a child would come. With the last yes of all sides the contracts change together.
#[utoipa::path(tag = "swaps", request_body = SwapAnswer,
    responses((status = 200, description = "The part", body = SwapPart), (status = 409, description = "`swap.not_open`")))]
#[post("/staff/swaps/{swap_part_id}/answer")]
async fn answer_facility_swap(
    ctx: Ctx,
    at: At<SwapPartId>,
    body: Body<SwapAnswer>,
) -> Result<Json<SwapPart>, ApiError> {
    answered(&ctx, Action::AnswerFacilitySwap, at.0, Answerer::Site, &body).await
}

/// Answers for the own child. With the last yes of all sides the contracts change together; until then everything stays as it is.
#[utoipa::path(tag = "swaps", request_body = SwapAnswer,
    responses((status = 200, description = "The part", body = SwapPart), (status = 409, description = "`swap.not_open`")))]
#[post("/family/swaps/{swap_part_id}/answer")]
async fn answer_my_swap(ctx: Ctx, at: At<SwapPartId>, body: Body<SwapAnswer>) -> Result<Json<SwapPart>, ApiError> {
    answered(&ctx, Action::AnswerMySwap, at.0, Answerer::Family, &body).await
}
