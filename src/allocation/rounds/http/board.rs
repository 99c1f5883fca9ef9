//! A coordinated round as the people of a facility see it: their choice, their children, their answers. Nothing of any other facility.

use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::board_bodies::{ApplicantBody, ApplicantState, BoardBody, PoolBoardBody};
use super::staff::name;
use super::steps::{FacilityStand, stand, step_bodies};
use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::Stands;
use crate::allocation::rounds::answering::NewAnswer;
use crate::allocation::rounds::coordination::{Applicant, Choice};
use crate::allocation::rounds::snapshot::RoundPool;
use crate::allocation::rounds::standing::{self, Standing, standing as standing_of};
use crate::allocation::rounds::steps::{self, NewChoice};
use crate::allocation::rounds::{self, store};
use crate::demands;
use crate::facilities;
use crate::families;
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{FacilityId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(put_round_choice)
        .service(get_round_board)
        .service(answer_step);
}

async fn board(tx: &mut TenantRead, id: RoundId, facility: FacilityId) -> Result<Versioned<BoardBody>, ApiError> {
    if !tx.scope().covers(facility) {
        return Err(ApiError::not_found());
    }
    let round = rounds::round(tx, id).await?;
    steps::coordinated(&round)?;
    let names = facilities::facility_briefs(tx, &[facility]).await?;
    if names.is_empty() {
        return Err(ApiError::not_found());
    }
    tx.touch(facility);
    let mut body = BoardBody {
        round_id: id,
        round_name: round.name.clone(),
        facility_id: facility,
        facility_name: name(&names, facility),
        mode: Choice::default().mode,
        continue_by_points: Choice::default().continue_by_points,
        step: None,
        stand: FacilityStand::Nothing,
        provisional: true,
        done: false,
        steps_left: None,
        pools: Vec::new(),
        version: 0,
    };
    if let Some(row) = store::choices(tx, id).await?.iter().find(|c| c.facility_id == facility) {
        (body.mode, body.continue_by_points, body.version) = (row.mode, row.continue_by_points, row.version);
    }
    // Before the draw nobody knows the order.
    if round.frozen_at.is_some() && round.seed.is_some() {
        let standing = standing_of(tx, &round).await?;
        let suggestion = standing::suggestion(&standing).await?;
        let own: Vec<RoundPool> = standing
            .inputs
            .pools
            .iter()
            .filter(|p| p.facility_id == facility)
            .cloned()
            .collect();
        for pool in &own {
            body.pools.push(pool_board(tx, &standing, pool, &suggestion).await?);
        }
        body.step = step_bodies(&standing).pop();
        body.stand = stand(&standing, facility);
        body.provisional = !standing.inputs.steps.first().is_some_and(|step| step.closed);
        body.done = standing.inputs.done();
        body.steps_left = (!standing.rows.is_empty()).then_some(standing.situation.steps_left);
    }
    Ok(Versioned::new(body.version, body))
}

async fn pool_board(
    tx: &mut TenantRead,
    standing: &Standing,
    pool: &RoundPool,
    suggestion: &standing::Suggestion,
) -> Result<PoolBoardBody, ApiError> {
    let list = standing.situation.pools.get(&pool.name).cloned().unwrap_or_default();
    let children: Vec<String> = list.iter().map(|a| a.child.clone()).collect();
    let named = store::named(tx, standing.round, &children).await?;
    let language = tx.language();
    let label = |child: &str| {
        let row = named.iter().find(|n| n.child == child);
        let (first, last) = row.map_or((None, None), |n| (n.first_name.as_deref(), n.last_name.as_deref()));
        families::child_label(first, last, &language)
    };
    let by_points = standing.by_points(&pool.name, &children);
    let veil = demands::veil(tx).await?;
    let orders = crate::allocation::rounds::coordination::orders(&standing.inputs.answers);
    let order = orders.get(&pool.name).map(Vec::as_slice).unwrap_or_default();
    // Until the first step is over everything can change, so nothing is called final.
    let settled = standing.inputs.steps.first().is_some_and(|step| step.closed);
    let mut applicants = Vec::new();
    for applicant in &list {
        let Some(case) = standing.cases.iter().find(|c| c.child == applicant.child) else {
            continue;
        };
        let Some((_, wish)) = case.wish_at(&pool.name) else {
            continue;
        };
        tx.touch_child(case.child_id);
        let part = applicant.next.as_ref().or(applicant.held.as_ref());
        let way = part.and_then(|part| wish.way(Some(part)));
        applicants.push(ApplicantBody {
            case_id: case.id,
            label: label(&case.child),
            birth_date: case.birth,
            points: wish.points,
            breakdown: veil.score_lines(&wish.lines),
            points_place: by_points.iter().position(|c| *c == case.child).map_or(0, |at| at + 1),
            state: state(
                applicant,
                settled,
                standing.inputs.changes.fixed.get(&case.child) == Some(&pool.name),
            ),
            next: applicant.next.is_some(),
            care_from: way.map(|way| way.care_from),
            hours_per_week: way.and_then(|way| way.hours),
            suggested: suggestion.get(&case.child) == Some(&pool.name),
            reason: order.iter().find(|o| o.child == case.child).and_then(|o| o.reason),
        });
    }
    let taken = applicants
        .iter()
        .filter(|a| matches!(a.state, ApplicantState::Held | ApplicantState::Final))
        .count();
    Ok(PoolBoardBody {
        age_band: pool.band,
        places: pool.cap,
        starts: pool.starts.clone(),
        hours: pool.hours.clone(),
        free: pool.cap.saturating_sub(u32::try_from(taken).unwrap_or(0)),
        kept: standing.kept(pool.facility_id, &pool.name),
        applicants,
    })
}

fn state(applicant: &Applicant, settled: bool, fixed_here: bool) -> ApplicantState {
    match applicant.stands {
        Stands::Out if fixed_here => ApplicantState::Final,
        Stands::Open => ApplicantState::Open,
        Stands::Held if applicant.last && settled => ApplicantState::Final,
        Stands::Held => ApplicantState::Held,
        Stands::Elsewhere | Stands::Out => ApplicantState::Elsewhere,
    }
}

/// A facility's part of a coordinated round: its children, what is held, what is final, and what it would offer next.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The board", body = BoardBody),
    (status = 409, description = "`round.not_coordinated`")))]
#[get("/staff/rounds/{round_id}/facilities/{facility_id}")]
async fn get_round_board(
    ctx: Ctx,
    at: At<RoundId>,
    facility: At<FacilityId>,
) -> Result<Versioned<BoardBody>, ApiError> {
    ctx.read(Action::GetRoundBoard, async |tx| board(tx, at.0, facility.0).await)
        .await
}

/// Chooses how a facility takes part, until the first step is opened.
#[utoipa::path(tag = "allocation", request_body = NewChoice,
    params(("if-match" = String, Header, description = "Version that was seen; 0 before the first choice")),
    responses((status = 200, description = "The board", body = BoardBody),
              (status = 409, description = "`round.wrong_state`; `round.not_coordinated`; `round.steps_opened`")))]
#[put("/staff/rounds/{round_id}/facilities/{facility_id}/choice")]
async fn put_round_choice(
    ctx: Ctx,
    at: At<RoundId>,
    facility: At<FacilityId>,
    if_match: IfMatch,
    body: Body<NewChoice>,
) -> Result<Versioned<BoardBody>, ApiError> {
    ctx.write(Action::PutRoundChoice, async |tx| {
        rounds::choose(tx, at.0, facility.0, if_match.version()?, &body.parse()?).await?;
        board(tx, at.0, facility.0).await
    })
    .await
}

/// Answers the open step for a facility: its own orders with their reasons, or the order that stands. Until the step is over it can be
/// answered again.
#[utoipa::path(tag = "allocation", request_body = NewAnswer,
    params(("if-match" = String, Header, description = "Version that was seen; 0 before the first choice")),
    responses((status = 200, description = "The board", body = BoardBody),
              (status = 409, description = "`round.wrong_state`; `round.not_coordinated`; `round.step_over`; `round.not_awaited`")))]
#[put("/staff/rounds/{round_id}/facilities/{facility_id}/answer")]
async fn answer_step(
    ctx: Ctx,
    at: At<RoundId>,
    facility: At<FacilityId>,
    if_match: IfMatch,
    body: Body<NewAnswer>,
) -> Result<Versioned<BoardBody>, ApiError> {
    ctx.write(Action::AnswerStep, async |tx| {
        rounds::answer(tx, at.0, facility.0, if_match.version()?, &body.parse()?).await?;
        board(tx, at.0, facility.0).await
    })
    .await
}
