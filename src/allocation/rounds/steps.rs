//! Coordinated rounds: facilities choose how they take part, steps are opened, answered, extended, and go on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::by_hand;
use super::compose::{Ordered, compose};
use super::coordination::{self, Answer, AnswerKind, Applicant, Choice, FacilityMode, Inputs, Situation, Step, kept};
use super::model::{DeviationReason, RoundMode};
use super::proposal::Case;
use super::store::{self, RoundRow};
use super::{RoundError, aside, locked, person, running};
use crate::access::{TenantRead, TenantTx};
use crate::allocation::{Assignment, Lottery, solve};
use crate::facilities::AgeBand;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{CaseId, FacilityId, RoundId};

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

/// A child's place in an order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepPlace, example = json!({"case_id": "0d7c1f6e-2a4b-4c8d-9e0f-1a2b3c4d5e6f", "reason": "group_mix"}))]
pub struct NewPlace {
    /// The case.
    pub case_id: CaseId,
    /// Why it goes before a child with more points; needed where it does.
    #[serde(default)]
    pub reason: Option<DeviationReason>,
}

/// An order of the children who wish the places of one age band.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepOrder, example = json!({"age_band": "under3", "places": []}))]
pub struct NewOrder {
    /// The band.
    pub age_band: AgeBand,
    /// Who goes first, best first; whom it leaves out follow as they stand.
    pub places: Vec<NewPlace>,
}

/// What a facility answers in a step.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepAnswer, example = json!({"step": 1, "orders": []}))]
pub struct NewAnswer {
    /// The step.
    #[schema(minimum = 1)]
    pub step: i32,
    /// By age band; a band that is left out goes by the order that stands, which is that of the points until there is another.
    pub orders: Vec<NewOrder>,
}

/// Everything that a coordinated round stands on, and what follows from it.
pub(super) struct Standing {
    pub round: RoundId,
    pub inputs: Inputs,
    pub cases: Vec<Case>,
    pub situation: Situation,
    /// Versions of the choices, by facility.
    pub versions: BTreeMap<FacilityId, i32>,
    pub rows: Vec<store::StepRow>,
}

/// Only coordinated rounds have steps.
pub(super) fn coordinated(round: &RoundRow) -> Result<(), RoundError> {
    match round.mode {
        RoundMode::Coordinated => Ok(()),
        RoundMode::Central => Err(RoundError::NotCoordinated),
    }
}

/// Where a round stands. Nothing of it is stored, so a crash loses nothing.
pub(super) async fn standing(tx: &mut TenantRead, round: &RoundRow) -> Result<Standing, RoundError> {
    let snapshot = store::snapshot(tx, round.id).await?.ok_or(RoundError::NotFrozen)?;
    let cases = store::frozen_cases(tx, round.id).await?;
    let changes = running::changes(tx, round, &cases).await?;
    let rows = store::steps(tx, round.id).await?;
    let step = |r: &store::StepRow| Step {
        number: r.number,
        due_on: r.due_on,
        closed: r.closed_at.is_some(),
    };
    let choices = store::choices(tx, round.id).await?;
    let choice = |c: &store::ChoiceRow| Choice {
        mode: c.mode,
        continue_by_points: c.continue_by_points,
    };
    let inputs = Inputs {
        snapshot,
        changes,
        pools: store::pools(tx, round.id).await?,
        choices: choices.iter().map(|c| (c.facility_id, choice(c))).collect(),
        steps: rows.iter().map(step).collect(),
        answers: store::answers(tx, round.id).await?,
    };
    let (inputs, situation) = followed(inputs).await?;
    Ok(Standing {
        round: round.id,
        inputs,
        cases,
        situation,
        versions: choices.iter().map(|c| (c.facility_id, c.version)).collect(),
        rows,
    })
}

/// Where the points alone would place each child.
pub(super) type Suggestion = BTreeMap<String, String>;

/// What the central run would give, which managers see as a suggestion.
pub(super) async fn suggestion(standing: &Standing) -> Result<Suggestion, RoundError> {
    let (snapshot, mut changes) = (standing.inputs.snapshot.clone(), standing.inputs.changes.clone());
    changes.orders.clear();
    aside(move || {
        let composed = compose(&snapshot, &changes)?;
        let file = solve(&composed.instance).file();
        let place = |a: &Assignment| Some((a.child.to_string(), a.pool.as_ref()?.to_string()));
        Ok(file.assignments.iter().filter_map(place).collect())
    })
    .await
}

async fn followed(inputs: Inputs) -> Result<(Inputs, Situation), RoundError> {
    aside(move || {
        let situation = inputs.situation()?;
        Ok((inputs, situation))
    })
    .await
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
async fn mine(tx: &mut TenantTx, id: RoundId, facility: FacilityId) -> Result<RoundRow, RoundError> {
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
    advance(tx, &round).await
}

fn later(day: NaiveDate, days: i32) -> NaiveDate {
    let days = u64::try_from(days).unwrap_or(0);
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// A facility confirms: its own orders, or the order that stands. It may change its mind until the step is over.
pub async fn answer(
    tx: &mut TenantTx,
    id: RoundId,
    facility: FacilityId,
    seen: i32,
    new: &NewAnswer,
) -> Result<(), RoundError> {
    let round = mine(tx, id, facility).await?;
    round.machine().decide()?;
    let standing = standing(tx, &round).await?;
    Stale::check(seen, standing.versions.get(&facility).copied().unwrap_or(0))?;
    let orders = orders(&standing, facility, new)?;
    open_step(&standing, new.step)?;
    let answered = standing.inputs.answer(new.step, facility).is_some();
    if !answered && !standing.inputs.may_answer(&standing.situation).contains(&facility) {
        return Err(RoundError::NotAwaited);
    }
    let answer = Answer {
        step: new.step,
        facility_id: facility,
        kind: if orders.is_empty() {
            AnswerKind::Points
        } else {
            AnswerKind::Hand
        },
        orders,
    };
    put(tx, &round, &standing, &answer).await?;
    advance(tx, &round).await
}

async fn put(tx: &mut TenantTx, round: &RoundRow, standing: &Standing, answer: &Answer) -> Result<(), RoundError> {
    let by = person(tx)?;
    store::put_answer(tx, round.id, answer, Some(by), None).await?;
    // The version of the choice goes with every answer, so that two people of one facility see each other's.
    let choice = standing.inputs.choice(answer.facility_id);
    Ok(store::put_choice(tx, round.id, answer.facility_id, choice, by).await?)
}

/// All facilities in reach that may answer and have not confirm the order that stands.
pub async fn answer_all(tx: &mut TenantTx, id: RoundId, step: i32) -> Result<usize, RoundError> {
    let round = locked(tx, id).await?;
    coordinated(&round)?;
    round.machine().decide()?;
    let standing = standing(tx, &round).await?;
    open_step(&standing, step)?;
    let scope = tx.scope().clone();
    let silent = |f: &FacilityId| scope.covers(*f) && standing.inputs.answer(step, *f).is_none();
    let may: Vec<FacilityId> = standing
        .inputs
        .may_answer(&standing.situation)
        .into_iter()
        .filter(silent)
        .collect();
    for facility in &may {
        let answer = Answer {
            step,
            facility_id: *facility,
            kind: AnswerKind::Points,
            orders: BTreeMap::new(),
        };
        put(tx, &round, &standing, &answer).await?;
        tx.touch(*facility);
    }
    advance(tx, &round).await?;
    Ok(may.len())
}

fn open_step(standing: &Standing, number: i32) -> Result<Step, RoundError> {
    let open = standing.inputs.open().filter(|step| step.number == number);
    open.ok_or(RoundError::StepOver)
}

/// Checks the orders of an answer: complete, what was offered kept, a reason at each place that needs one.
fn orders(
    standing: &Standing,
    facility: FacilityId,
    new: &NewAnswer,
) -> Result<BTreeMap<String, Vec<Ordered>>, Invalid> {
    let mut orders = BTreeMap::new();
    for (n, order) in new.orders.iter().enumerate() {
        let pools = &standing.inputs.pools;
        let pool = pools
            .iter()
            .find(|p| p.facility_id == facility && p.band == order.age_band);
        let list = pool.and_then(|p| Some((&p.name, standing.situation.pools.get(&p.name)?)));
        let Some((pool, list)) = list else {
            let at = format!("/orders/{n}/age_band");
            return Err(Invalid::one(&at, "unknown", "no places of this facility"));
        };
        let checked = checked(standing, facility, (pool, list), order, n)?;
        if orders.insert(pool.clone(), checked).is_some() {
            let at = format!("/orders/{n}/age_band");
            return Err(Invalid::one(
                &at,
                "duplicate",
                "an order for these places is there already",
            ));
        }
    }
    Ok(orders)
}

fn checked(
    standing: &Standing,
    facility: FacilityId,
    (pool, list): (&str, &[Applicant]),
    order: &NewOrder,
    n: usize,
) -> Result<Vec<Ordered>, Invalid> {
    let whole = whole(standing, (pool, list), order, n)?;
    let kept = standing.kept(facility, pool);
    if let Some(place) = (0..kept).find(|&at| whole[at].child != list[at].child) {
        let at = format!("/orders/{n}/places/{place}/case_id");
        return Err(Invalid::one(
            at,
            "locked",
            "an offer was made by this order; it stays as it is",
        ));
    }
    let children: Vec<&str> = whole.iter().map(|o| o.child.as_str()).collect();
    let applicants: Vec<String> = list.iter().map(|a| a.child.clone()).collect();
    let points = standing.by_points(pool, &applicants);
    let deviates: BTreeSet<usize> = by_hand::deviations(&children, &points).into_iter().collect();
    let place = |(at, place): (usize, &Ordered)| match place.reason {
        None if deviates.contains(&at) => {
            let at = format!("/orders/{n}/places/{at}/reason");
            Err(Invalid::one(at, "required", "a child with more points comes later"))
        }
        reason => Ok(Ordered {
            child: place.child.clone(),
            reason: reason.filter(|_| deviates.contains(&at)),
        }),
    };
    whole.iter().enumerate().map(place).collect()
}

/// The children whom an order names, and after them the others as they stand.
fn whole(
    standing: &Standing,
    (pool, list): (&str, &[Applicant]),
    order: &NewOrder,
    n: usize,
) -> Result<Vec<Ordered>, Invalid> {
    let ids: BTreeMap<CaseId, &str> = standing.cases.iter().map(|c| (c.id, c.child.as_str())).collect();
    let wish: BTreeSet<&str> = list.iter().map(|a| a.child.as_str()).collect();
    let mut named = BTreeSet::new();
    let mut whole = Vec::new();
    for (at, place) in order.places.iter().enumerate() {
        let at = format!("/orders/{n}/places/{at}/case_id");
        let Some(child) = ids.get(&place.case_id).copied().filter(|child| wish.contains(child)) else {
            return Err(Invalid::one(at, "unknown", "no child that wishes these places"));
        };
        if !named.insert(child) {
            return Err(Invalid::one(at, "duplicate", "this child stands in the order already"));
        }
        whole.push(Ordered {
            child: child.to_owned(),
            reason: place.reason,
        });
    }
    let before = coordination::orders(&standing.inputs.answers);
    let before = before.get(pool).map(Vec::as_slice).unwrap_or_default();
    let rest = list
        .iter()
        .filter(|a| !named.contains(a.child.as_str()))
        .map(|a| Ordered {
            child: a.child.clone(),
            reason: before.iter().find(|o| o.child == a.child).and_then(|o| o.reason),
        });
    whole.extend(rest);
    Ok(whole)
}

impl Standing {
    /// How many first places of a pool's order stay as they are. In the first step nothing stands yet.
    pub(super) fn kept(&self, facility: FacilityId, pool: &str) -> usize {
        if self.inputs.open().is_none_or(|step| step.number == 1) {
            return 0;
        }
        let list = self.situation.pools.get(pool).map(Vec::as_slice).unwrap_or_default();
        let ordered = self.inputs.answers.iter().any(|a| a.orders.contains_key(pool));
        let shares = self.inputs.pools.iter().filter(|p| p.facility_id == facility).count() > 1
            && self.inputs.snapshot.contains(&format!("\"f{facility}\""));
        kept(list, ordered, shares)
    }

    /// These children, who wish a pool, by the points.
    pub(super) fn by_points(&self, pool: &str, children: &[String]) -> Vec<&str> {
        let lottery = Lottery::new(&self.inputs.changes.seed);
        let still: BTreeSet<&str> = children.iter().map(String::as_str).collect();
        let order = by_hand::by_points(&self.cases, pool, &lottery);
        let names = order.into_iter().map(|case| case.child.as_str());
        names.filter(|child| still.contains(child)).collect()
    }
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
    advance(tx, &round).await
}
