//! Coordinated rounds: from what was frozen and what facilities answered follows who holds what, what is final, and who is waited for. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compose::{Changes, ComposeError, Ordered, compose};
use super::snapshot::{RoundPool, pool_of};
use crate::allocation::{Coordination, Market, Stands};
use crate::platform::ids::FacilityId;

/// How a facility takes part in a coordinated round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "by_hand")]
pub enum FacilityMode {
    /// The points propose by themselves, unless the facility objects in the first step.
    ByPoints,
    /// The facility orders and confirms in each step in which it has places to offer.
    ByHand,
}

/// How an answer came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "hand")]
pub enum AnswerKind {
    /// An order of the facility's own.
    Hand,
    /// The order that stands: the points, or its own of an earlier step.
    Points,
    /// The deadline passed without an answer.
    Continued,
}

/// What a facility chose; who chose nothing is left to the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// How it takes part.
    pub mode: FacilityMode,
    /// Whether it goes on without an answer once a deadline has passed.
    pub continue_by_points: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            mode: FacilityMode::ByPoints,
            continue_by_points: true,
        }
    }
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub number: i32,
    /// Last day to answer.
    pub due_on: NaiveDate,
    /// Whether it is over.
    pub closed: bool,
}

/// What a facility answered in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The step.
    pub step: i32,
    /// The facility.
    pub facility_id: FacilityId,
    /// How it came about.
    pub kind: AnswerKind,
    /// Orders by pool; none: the order that stands.
    pub orders: BTreeMap<String, Vec<Ordered>>,
}

/// All that persons put in, with what was frozen.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The snapshot's text.
    pub snapshot: String,
    /// Seed, decisions, who left; the orders come from the answers.
    pub changes: Changes,
    /// The pools.
    pub pools: Vec<RoundPool>,
    /// Choices of the facilities that made one.
    pub choices: BTreeMap<FacilityId, Choice>,
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The answers in the order of their steps.
    pub answers: Vec<Answer>,
}

/// A child at a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// Random name.
    pub child: String,
    /// How it stands with the pool.
    pub stands: Stands,
    /// Whether the pool made it an offer in any step.
    pub offered: bool,
    /// The part of the pool in which it would be offered a place in this step.
    pub next: Option<String>,
    /// The part of the pool whose offer it holds.
    pub held: Option<String>,
    /// Whether its offer cannot become a better one any more.
    pub last: bool,
}

/// Where a round stands between its steps.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// For each pool the children who wish it, in the order that stands.
    pub pools: BTreeMap<String, Vec<Applicant>>,
    /// Facilities by hand with places to offer.
    pub pending: BTreeSet<FacilityId>,
    /// The pool whose offer a child holds.
    pub held: BTreeMap<String, String>,
    /// Steps that are left if everybody answers by the order that stands; the open one included.
    pub steps_left: u32,
}

/// The newest order of each pool that was ordered by hand.
pub fn orders(answers: &[Answer]) -> BTreeMap<String, Vec<Ordered>> {
    let mut newest = BTreeMap::new();
    for answer in answers {
        newest.extend(answer.orders.clone());
    }
    newest
}

impl Inputs {
    /// The choice of a facility.
    pub fn choice(&self, facility: FacilityId) -> Choice {
        self.choices.get(&facility).copied().unwrap_or_default()
    }

    /// The step that is open.
    pub fn open(&self) -> Option<Step> {
        self.steps.last().copied().filter(|step| !step.closed)
    }

    /// Whether steps were opened and are over.
    pub fn done(&self) -> bool {
        self.steps.last().is_some_and(|step| step.closed)
    }

    /// What a facility answered in a step.
    pub fn answer(&self, step: i32, facility: FacilityId) -> Option<&Answer> {
        self.answers
            .iter()
            .find(|a| a.step == step && a.facility_id == facility)
    }

    /// What follows from all closed steps. The newest orders stand for the earlier ones, because what was offered by those is kept.
    pub fn situation(&self) -> Result<Situation, ComposeError> {
        let changes = Changes {
            orders: orders(&self.answers),
            apart: true,
            ..self.changes.clone()
        };
        let composed = compose(&self.snapshot, &changes)?;
        let instance = &composed.instance;
        let market = Market::new(instance);
        let mut facility: BTreeMap<u32, FacilityId> = BTreeMap::new();
        let mut parts: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for pool in &self.pools {
            let names = pool.parts().into_iter();
            let known: Vec<u32> = names.filter_map(|(name, _)| instance.pool(&name)).collect();
            facility.extend(known.iter().map(|part| (*part, pool.facility_id)));
            parts.insert(&pool.name, known);
        }
        let by_hand = |pool: u32| {
            let choice = facility.get(&pool).map(|f| self.choice(*f));
            choice.is_some_and(|c| c.mode == FacilityMode::ByHand)
        };
        let mut state = Coordination::new(&market, by_hand);
        for step in self.steps.iter().filter(|step| step.closed) {
            state.step(|pool| {
                facility
                    .get(&pool)
                    .is_some_and(|f| self.answer(step.number, *f).is_some())
            });
        }
        let pending = state.pending();
        let last = state.finals();
        let mut found = Situation {
            steps_left: state.steps_left(),
            ..Situation::default()
        };
        for pool in &self.pools {
            let parts = &parts[pool.name.as_str()];
            let next: BTreeMap<u32, u32> = pending
                .iter()
                .filter(|(part, _)| parts.contains(part))
                .flat_map(|(part, children)| children.iter().map(|child| (*child, *part)))
                .collect();
            if !next.is_empty() {
                found.pending.insert(pool.facility_id);
            }
            let part = |part: u32| instance.pool_id(part).to_owned();
            let applicant = |child: u32| {
                let (stands, offered) = state.stands(child, parts)?;
                let held = state.held(child).filter(|part| parts.contains(part));
                Some(Applicant {
                    child: instance.child_id(child).to_owned(),
                    stands,
                    offered,
                    next: next.get(&child).copied().map(part),
                    held: held.map(part),
                    last: last[child as usize],
                })
            };
            let list = state.applicants(parts).into_iter().filter_map(applicant).collect();
            found.pools.insert(pool.name.clone(), list);
        }
        for child in 0..u32::try_from(instance.children()).unwrap_or(0) {
            if let Some(pool) = state.held(child) {
                let pool = pool_of(instance.pool_id(pool)).to_owned();
                found.held.insert(instance.child_id(child).to_owned(), pool);
            }
        }
        Ok(found)
    }

    /// Facilities with children to decide about.
    pub fn wished(&self, situation: &Situation) -> BTreeSet<FacilityId> {
        let some = |pool: &&RoundPool| situation.pools.get(&pool.name).is_some_and(|list| !list.is_empty());
        self.pools.iter().filter(some).map(|p| p.facility_id).collect()
    }

    /// Facilities that may answer in the open step: those by hand that have places to offer and, in the first step, those that may
    /// still object to the points.
    pub fn may_answer(&self, situation: &Situation) -> BTreeSet<FacilityId> {
        let Some(open) = self.open() else {
            return BTreeSet::new();
        };
        let mut may = situation.pending.clone();
        if open.number == 1 {
            let by_points = |f: &FacilityId| self.choice(*f).mode == FacilityMode::ByPoints;
            may.extend(self.wished(situation).into_iter().filter(by_points));
        }
        may
    }

    /// Facilities that the open step waits for.
    pub fn awaited(&self, situation: &Situation) -> BTreeSet<FacilityId> {
        let Some(open) = self.open() else {
            return BTreeSet::new();
        };
        let silent = |f: &FacilityId| self.answer(open.number, *f).is_none();
        situation.pending.iter().copied().filter(silent).collect()
    }

    /// Whether the open step is over: nobody is waited for, and nobody can object any more.
    pub fn is_over(&self, situation: &Situation, today: NaiveDate) -> bool {
        let Some(open) = self.open() else { return false };
        let silent = |f: FacilityId| self.answer(open.number, f).is_none();
        let waits = self.may_answer(situation).into_iter().any(silent);
        !waits || (self.awaited(situation).is_empty() && today > open.due_on)
    }
}

/// How many of an order's first places stay as they are: up to the last child that was made an offer. Bands of one facility that share
/// a bound are told apart by no order, so there an order stands as a whole.
pub fn kept(list: &[Applicant], ordered: bool, shares_a_bound: bool) -> usize {
    let offered = list.iter().rposition(|a| a.offered).map_or(0, |at| at + 1);
    if ordered && shares_a_bound && offered > 0 {
        list.len()
    } else {
        offered
    }
}

#[cfg(test)]
#[path = "coordination_tests.rs"]
mod tests;
