//! Coordinated rounds: facilities choose how they take part, steps are opened, answered, extended, and go on.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::coordination::{Answer, AnswerKind, Choice, FacilityMode, Step};
use super::model::RoundMode;
use super::standing::{Standing, followed, standing};
use super::store::{self, RoundRow};
use super::{RoundError, locked, person, step_mails};
use crate::access::{TenantRead, TenantTx};
use crate::platform::fields::Fields;
use crate::platform::http::Stale;
use crate::platform::ids::{FacilityId, RoundId};

/// The longest time to answer a step, in days.
const LONGEST: u32 = 60;

/// How a facility takes part, as its people choose it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoundChoice, example = json!({"mode": "by_hand", "continue_by_points": true}))]
pub struct NewChoice {
    /// By the points, unless it objects; or by hand.
    pub mode: FacilityMode,
    /// Whether the round may go on by the order that stands once a deadline has passed.
    pub continue_by_points: bool,
}

/// Only coordinated rounds have steps.
pub(super) fn coordinated(round: &RoundRow) -> Result<(), RoundError> {
    match round.mode {
        RoundMode::Coordinated => Ok(()),
        RoundMode::Central => Err(RoundError::NotCoordinated),
    }
}

/// A facility chooses how it takes part, until the first step is opened.
pub async fn choose(
    tx: &mut TenantTx,
    id: RoundId,
    facility: FacilityId,
    seen: i32,
    new: &NewChoice,
) -> Result<(), RoundError> {
    let round = mine(tx, id, facility).await?;
    if round.machine().edit().is_err() {
        round.machine().decide()?;
    }
    let rows = store::choices(tx, id).await?;
    let current = rows.iter().find(|c| c.facility_id == facility).map_or(0, |c| c.version);
    Stale::check(seen, current)?;
    if !store::steps(tx, id).await?.is_empty() {
        return Err(RoundError::StepsOpened);
    }
    let choice = Choice {
        mode: new.mode,
        continue_by_points: new.continue_by_points,
    };
    let by = person(tx)?;
    Ok(store::put_choice(tx, id, facility, choice, by).await?)
}

/// A coordinated round, locked, for somebody who may speak for a facility.
pub(super) async fn mine(tx: &mut TenantTx, id: RoundId, facility: FacilityId) -> Result<RoundRow, RoundError> {
    if !tx.scope().covers(facility) {
        return Err(RoundError::Missing);
    }
    let round = locked(tx, id).await?;
    coordinated(&round)?;
    tx.touch(facility);
    Ok(round)
}

/// Opens the first step; the others follow by themselves, each with as many days. The draw stands, so that every order is a strict one.
pub async fn open_steps(tx: &mut TenantTx, id: RoundId, days: i32) -> Result<(), RoundError> {
    let round = locked(tx, id).await?;
    coordinated(&round)?;
    round.machine().decide()?;
    if round.seed.is_none() {
        return Err(RoundError::DrawAhead);
    }
    let mut fields = Fields::new();
    let allowed = u32::try_from(days).is_ok_and(|d| (1..=LONGEST).contains(&d));
    fields.check(allowed, "/days", "out_of_range");
    fields.finish()?;
    if !store::steps(tx, id).await?.is_empty() {
        return Err(RoundError::StepsOpened);
    }
    let due_on = later(tx.today(), days);
    store::insert_step(tx, id, 1, days, due_on).await?;
    advance(tx, &round).await?;
    // Where nobody has anything to answer the step is over already.
    step_mails::opened(tx, &round).await
}

fn later(day: NaiveDate, days: i32) -> NaiveDate {
    let days = u64::try_from(days).unwrap_or(0);
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

pub(super) fn open_step(standing: &Standing, number: i32) -> Result<Step, RoundError> {
    let open = standing.inputs.open().filter(|step| step.number == number);
    open.ok_or(RoundError::StepOver)
}

/// The office gives everybody more time.
pub async fn extend(
    tx: &mut TenantTx,
    id: RoundId,
    seen: i32,
    number: i32,
    due_on: NaiveDate,
) -> Result<(), RoundError> {
    let (round, standing) = stepping(tx, id, seen).await?;
    let step = open_step(&standing, number)?;
    let mut fields = Fields::new();
    let today = tx.today();
    fields.check(due_on > step.due_on && due_on >= today, "/due_on", "too_early");
    fields.check(due_on <= later(today, LONGEST as i32), "/due_on", "too_late");
    fields.finish()?;
    store::extend_step(tx, id, number, due_on).await?;
    Ok(store::set_state(tx, id, &round.machine()).await?)
}

/// The office goes on without those who did not answer in time, by the order that stands; the ground is kept.
pub async fn go_on(tx: &mut TenantTx, id: RoundId, seen: i32, number: i32, note: &str) -> Result<(), RoundError> {
    let (round, standing) = stepping(tx, id, seen).await?;
    let step = open_step(&standing, number)?;
    let mut fields = Fields::new();
    let note = fields.text(note, "/note", 1000);
    fields.finish()?;
    if tx.today() <= step.due_on {
        return Err(RoundError::StepRunning);
    }
    let by = person(tx)?;
    for facility in standing.inputs.awaited(&standing.situation) {
        let answer = continued(number, facility);
        store::put_answer(tx, id, &answer, Some(by), Some(note)).await?;
    }
    advance(tx, &round).await?;
    Ok(store::set_state(tx, id, &round.machine()).await?)
}

async fn stepping(tx: &mut TenantTx, id: RoundId, seen: i32) -> Result<(RoundRow, Standing), RoundError> {
    let round = locked(tx, id).await?;
    Stale::check(seen, round.version)?;
    coordinated(&round)?;
    round.machine().decide()?;
    let standing = standing(tx, &round).await?;
    Ok((round, standing))
}

fn continued(step: i32, facility_id: FacilityId) -> Answer {
    Answer {
        step,
        facility_id,
        kind: AnswerKind::Continued,
        orders: BTreeMap::new(),
    }
}

/// Ends the open step if it is over, and opens the next if somebody has places to offer. Whoever agreed to it is answered for once the
/// deadline has passed.
pub(super) async fn advance(tx: &mut TenantTx, round: &RoundRow) -> Result<(), RoundError> {
    let mut now = standing(tx, round).await?;
    let Some(open) = now.inputs.open() else {
        return Ok(());
    };
    if tx.today() > open.due_on {
        for facility in now.inputs.awaited(&now.situation) {
            if now.inputs.choice(facility).continue_by_points {
                let answer = continued(open.number, facility);
                store::put_answer(tx, round.id, &answer, None, None).await?;
                now.inputs.answers.push(answer);
            }
        }
    }
    if !now.inputs.is_over(&now.situation, tx.today()) {
        return Ok(());
    }
    store::close_step(tx, round.id, open.number).await?;
    now.inputs.steps.iter_mut().for_each(|step| step.closed = true);
    let (_, after) = followed(now.inputs).await?;
    let days = now.rows.last().map_or(1, |row| row.days);
    if !after.pending.is_empty() {
        let due_on = later(tx.today(), days);
        store::insert_step(tx, round.id, open.number + 1, days, due_on).await?;
        step_mails::opened(tx, round).await?;
    }
    Ok(())
}

/// Rounds whose open step may be over.
pub async fn stepping_rounds(tx: &mut TenantRead) -> Result<Vec<RoundId>, RoundError> {
    Ok(store::stepping(tx).await?)
}

/// Looks whether the open step of a round is over, because a deadline passed or a family left.
pub async fn look_at_step(tx: &mut TenantTx, id: RoundId) -> Result<(), RoundError> {
    let round = locked(tx, id).await?;
    if round.machine().decide().is_err() {
        return Ok(());
    }
    advance(tx, &round).await?;
    step_mails::deadline_near(tx, &round).await
}
