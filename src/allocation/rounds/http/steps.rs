//! The steps of a coordinated round as the office sees and moves them.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::Stands;
use crate::allocation::rounds::coordination::{AnswerKind, FacilityMode};
use crate::allocation::rounds::standing::{self, Standing};
use crate::allocation::rounds::steps;
use crate::allocation::rounds::{self, RoundError, store};
use crate::facilities;
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{FacilityId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_round_steps)
        .service(open_steps)
        .service(extend_step)
        .service(continue_step);
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundStepBody)]
pub(super) struct StepBody {
    pub(super) number: i32,
    /// Last day to answer.
    due_on: NaiveDate,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    /// Facilities that answered, or that the round went on without.
    answers: usize,
}

/// How a facility stands in the open step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "awaited")]
pub(super) enum FacilityStand {
    /// The step waits for it.
    Awaited,
    /// It may still object to the points.
    MayObject,
    /// It answered.
    Answered,
    /// It has nothing to answer.
    Nothing,
}

/// A facility in a coordinated round.
#[derive(Debug, Serialize, ToSchema)]
struct StepFacilityBody {
    facility_id: FacilityId,
    facility_name: String,
    provider: String,
    mode: FacilityMode,
    continue_by_points: bool,
    /// Whether its people chose it; else it is what holds without a choice.
    chosen: bool,
    stand: FacilityStand,
    /// How its answer in the open step came about.
    answer: Option<AnswerKind>,
    places: u32,
    applicants: usize,
    /// Offers of it that families hold.
    held: usize,
    /// Of them those that stand for good.
    last: usize,
}

/// The steps of a coordinated round.
#[derive(Debug, Serialize, ToSchema)]
struct RoundStepsBody {
    steps: Vec<StepBody>,
    /// Number of the open step.
    open: Option<i32>,
    /// Whether its deadline has passed and somebody is still waited for.
    overdue: bool,
    /// Whether all steps are over, so that the round can be run.
    done: bool,
    /// How many steps are left if everybody answers by the order that stands; `null` before the first.
    steps_left: Option<u32>,
    /// Facilities for which children wait, in the order of their names.
    facilities: Vec<StepFacilityBody>,
    /// Of the round, for edits of the steps.
    version: i32,
}

pub(super) fn step_bodies(standing: &Standing) -> Vec<StepBody> {
    let body = |row: &store::StepRow| StepBody {
        number: row.number,
        due_on: row.due_on,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        answers: standing.inputs.answers.iter().filter(|a| a.step == row.number).count(),
    };
    standing.rows.iter().map(body).collect()
}

pub(super) fn stand(standing: &Standing, facility: FacilityId) -> FacilityStand {
    let Some(open) = standing.inputs.open() else {
        return FacilityStand::Nothing;
    };
    if standing.inputs.answer(open.number, facility).is_some() {
        FacilityStand::Answered
    } else if standing.situation.pending.contains(&facility) {
        FacilityStand::Awaited
    } else if standing.inputs.may_answer(&standing.situation).contains(&facility) {
        FacilityStand::MayObject
    } else {
        FacilityStand::Nothing
    }
}

async fn versioned(tx: &mut TenantRead, id: RoundId) -> Result<Versioned<RoundStepsBody>, ApiError> {
    let body = shown(tx, id).await?;
    Ok(Versioned::new(body.version, body))
}

async fn shown(tx: &mut TenantRead, id: RoundId) -> Result<RoundStepsBody, ApiError> {
    let round = rounds::round(tx, id).await?;
    steps::coordinated(&round)?;
    if round.frozen_at.is_none() {
        return Err(RoundError::NotFrozen.into());
    }
    let standing = standing::standing(tx, &round).await?;
    let wished = standing.inputs.wished(&standing.situation);
    let ids: Vec<FacilityId> = wished.into_iter().collect();
    let names = facilities::facility_briefs(tx, &ids).await?;
    let belongs = store::belongs(tx).await?;
    let mut all: BTreeMap<(String, FacilityId), StepFacilityBody> = BTreeMap::new();
    for facility in ids {
        let name = names
            .iter()
            .find(|f| f.id == facility)
            .map(|f| f.name.clone())
            .unwrap_or_default();
        let provider = belongs.get(&facility).map(|b| b.provider.clone()).unwrap_or_default();
        let body = StepFacilityBody::of(&standing, facility, name.clone(), provider);
        all.insert((name, facility), body);
    }
    let open = standing.inputs.open();
    Ok(RoundStepsBody {
        steps: step_bodies(&standing),
        open: open.map(|step| step.number),
        overdue: open.is_some_and(|step| tx.today() > step.due_on),
        done: standing.inputs.done(),
        steps_left: (!standing.rows.is_empty()).then_some(standing.situation.steps_left),
        facilities: all.into_values().collect(),
        version: round.version,
    })
}

impl StepFacilityBody {
    fn of(standing: &Standing, facility_id: FacilityId, facility_name: String, provider: String) -> Self {
        let choice = standing.inputs.choice(facility_id);
        let pools: Vec<_> = standing
            .inputs
            .pools
            .iter()
            .filter(|p| p.facility_id == facility_id)
            .collect();
        let lists = pools.iter().filter_map(|p| standing.situation.pools.get(&p.name));
        let (mut applicants, mut held, mut last) = (0, 0, 0);
        for applicant in lists.flatten() {
            applicants += 1;
            held += usize::from(applicant.stands == Stands::Held);
            last += usize::from(applicant.stands == Stands::Held && applicant.last);
        }
        let open = standing.inputs.open();
        let answer = open.and_then(|step| standing.inputs.answer(step.number, facility_id));
        Self {
            facility_id,
            facility_name,
            provider,
            mode: choice.mode,
            continue_by_points: choice.continue_by_points,
            chosen: standing.versions.contains_key(&facility_id),
            stand: stand(standing, facility_id),
            answer: answer.map(|a| a.kind),
            places: pools.iter().map(|p| p.cap).sum(),
            applicants,
            held,
            last,
        }
    }
}

/// The steps of a coordinated round: who has answered, what is held, how many are left.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The steps", body = RoundStepsBody),
    (status = 409, description = "`round.not_coordinated`; `round.not_frozen`")))]
#[get("/rounds/{round_id}/steps")]
async fn get_round_steps(ctx: Ctx, at: At<RoundId>) -> Result<Versioned<RoundStepsBody>, ApiError> {
    ctx.read(Action::GetRoundSteps, async |tx| versioned(tx, at.0).await)
        .await
}

/// How the steps go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSteps, example = json!({"days": 5}))]
struct NewSteps {
    /// Days to answer each step, 1 to 60.
    #[schema(minimum = 1, maximum = 60)]
    days: i32,
}

/// Opens the first step of a coordinated round; the next ones follow by themselves.
#[utoipa::path(tag = "allocation", request_body = NewSteps,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The steps", body = RoundStepsBody),
              (status = 409, description = "`round.wrong_state`; `round.not_coordinated`; `round.draw_ahead`; `round.steps_opened`")))]
#[post("/rounds/{round_id}/steps")]
async fn open_steps(ctx: Ctx, at: At<RoundId>, body: Body<NewSteps>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::OpenSteps, StatusCode::CREATED, &body, async |tx| {
        rounds::open_steps(tx, at.0, body.parse()?.days).await?;
        shown(tx, at.0).await
    })
    .await
}

/// A later deadline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepExtension, example = json!({"number": 1, "due_on": "2027-02-20"}))]
struct Extension {
    /// The open step.
    #[schema(minimum = 1)]
    number: i32,
    /// Last day to answer.
    due_on: NaiveDate,
}

/// Gives everybody more time for the open step.
#[utoipa::path(tag = "allocation", request_body = Extension,
    params(("if-match" = String, Header, description = "Version of the round that was seen")),
    responses((status = 200, description = "The steps", body = RoundStepsBody),
              (status = 409, description = "`round.wrong_state`; `round.not_coordinated`; `round.step_over`")))]
#[patch("/rounds/{round_id}/steps")]
async fn extend_step(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Extension>,
) -> Result<Versioned<RoundStepsBody>, ApiError> {
    ctx.write(Action::ExtendStep, async |tx| {
        let new = body.parse()?;
        rounds::extend(tx, at.0, if_match.version()?, new.number, new.due_on).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Why the round goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepContinuation, example = json!({"number": 1, "note": "Kita Sonne war am 20. Februar telefonisch nicht zu erreichen"}))]
struct Continuation {
    /// The open step.
    #[schema(minimum = 1)]
    number: i32,
    /// The ground in words, for the record; at most 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    note: String,
}

/// Goes on without those who did not answer in time, by the order that stands there.
#[utoipa::path(tag = "allocation", request_body = Continuation,
    params(("if-match" = String, Header, description = "Version of the round that was seen")),
    responses((status = 200, description = "The steps", body = RoundStepsBody),
              (status = 409, description = "`round.wrong_state`; `round.not_coordinated`; `round.step_over`; `round.step_running`: the deadline has not passed")))]
#[post("/rounds/{round_id}/steps/continue")]
async fn continue_step(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<Continuation>,
) -> Result<Versioned<RoundStepsBody>, ApiError> {
    ctx.write(Action::ContinueStep, async |tx| {
        let new = body.parse()?;
        rounds::go_on(tx, at.0, if_match.version()?, new.number, &new.note).await?;
        versioned(tx, at.0).await
    })
    .await
}
