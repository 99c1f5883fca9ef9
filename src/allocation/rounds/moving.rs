//! Who moves because places came back: which places are in question, and which of a run's moves can be offered before anybody else has
//! moved. Pure.
//!
//! A child that has a place and no signed contract stands in the run with its place as its last acceptable wish and before everybody else
//! there, so it can only win. The run says where all would be in the end; only what is free today is offered today. When somebody accepts a
//! better place, its old one is free and the next run goes on: at the end of the chain all are where the first run said.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::RoundError;
use super::compose::{Changes, compose};
use super::model::SiblingRule;
use super::proposal::{Case, Proposal, Reason, WishCode, proposals};
use super::report::{Figures, figures};
use super::snapshot::RoundPool;
use super::solving::{Solved, solved};
use crate::platform::ids::FacilityId;

/// What a run gives now.
pub(super) struct Next {
    pub solved: Solved,
    pub figures: Figures,
    pub moves: Vec<Move>,
}

/// A move that can be offered now.
pub(super) struct Move {
    pub case: Case,
    /// Whether it keeps a place until it accepts this one.
    pub better: bool,
    pub proposal: Proposal,
}

/// Looks who moves, first over all places that could come free by it. What is stored is a run over the places between which children move,
/// if that says the same: a chain is short.
pub(super) fn look(
    snapshot: &str,
    cases: Vec<Case>,
    pools: &[RoundPool],
    mut changes: Changes,
    left: &BTreeMap<FacilityId, u32>,
) -> Result<Option<Next>, RoundError> {
    let ground = Ground {
        cases: &cases,
        pools,
        left,
    };
    let (mut run, moves) = loop {
        changes.only = in_question(&ground, &changes);
        if changes.only.is_none() {
            return Ok(None);
        }
        let run = once(snapshot, &ground, &changes)?;
        let moves = offerable(&ground, &changes, run.2.clone());
        if !moves.is_empty() || !break_circle(&ground, &mut changes, &run.2) {
            break (run, moves);
        }
    };
    if moves.is_empty() {
        return Ok(None);
    }
    let short = Changes {
        only: touched(&ground, &changes, &run.2),
        ..changes.clone()
    };
    let again = once(snapshot, &ground, &short)?;
    let places =
        |moves: &[(usize, Proposal)]| -> Vec<_> { moves.iter().map(|(at, p)| (*at, p.pool.clone())).collect() };
    if places(&again.2) == places(&run.2) {
        run = again;
    }
    let now: BTreeSet<usize> = moves.iter().map(|(at, _)| *at).collect();
    let of = |(at, proposal): (usize, Proposal)| Move {
        better: changes.kept.contains_key(&cases[at].child),
        case: cases[at].clone(),
        proposal,
    };
    Ok(Some(Next {
        moves: run.2.into_iter().filter(|(at, _)| now.contains(at)).map(of).collect(),
        solved: run.0,
        figures: run.1,
    }))
}

type Run = (Solved, Figures, Vec<(usize, Proposal)>);

fn once(snapshot: &str, ground: &Ground<'_>, changes: &Changes) -> Result<Run, RoundError> {
    let composed = compose(snapshot, changes)?;
    let solved = solved(&composed.instance)?;
    let all = proposals(ground.cases, &composed, changes, &solved.result);
    let figures = figures(&solved.result, &all);
    let moves = moves(ground, changes, all);
    Ok((solved, figures, moves))
}

/// Places of a round as they are today.
struct Ground<'a> {
    cases: &'a [Case],
    pools: &'a [RoundPool],
    /// What is left over all bands of facilities that have such a bound.
    left: &'a BTreeMap<FacilityId, u32>,
}

impl Changes {
    /// The wishes that the family may like better than the place that the child keeps: those before it and, where there are several ways, all
    /// others, for the order of the ways may have one of them before the way that the child has. The instance knows that order.
    fn better<'c>(&'c self, case: &'c Case) -> impl Iterator<Item = (&'c str, FacilityId)> {
        let kept = self.kept.get(&case.child);
        let several = case.wishes.iter().any(|wish| !wish.ways.is_empty());
        let wishes = case
            .wishes
            .iter()
            .take_while(move |w| several || kept.is_none() || w.pool.as_ref() != kept);
        wishes
            .filter(move |w| kept.is_none() || w.pool.as_ref() != kept)
            .filter_map(|wish| Some((wish.pool.as_deref()?, wish.facility_id)))
            .filter(|(pool, _)| self.counts(&case.child, pool))
    }

    /// Whoever has no better wish that counts stays where it is.
    pub(super) fn settle_who_has_the_best(&mut self, cases: &[Case]) {
        for case in cases
            .iter()
            .filter(|c| self.kept.contains_key(&c.child))
            .collect::<Vec<_>>()
        {
            if self.better(case).next().is_none() {
                self.stay(&case.child);
            }
        }
    }

    /// Siblings who are at one facility stay there, unless their parents want each for itself: a better wish of one would part them.
    pub(super) fn keep_siblings_together(&mut self, cases: &[Case]) {
        let mut at: HashMap<(&str, FacilityId), Vec<&str>> = HashMap::new();
        for case in cases.iter().filter(|c| c.siblings.rule != SiblingRule::Independent) {
            let pool = self.kept.get(&case.child).or_else(|| self.fixed.get(&case.child));
            if let Some((_, wish)) = pool.and_then(|pool| case.wish_at(pool)) {
                at.entry((&case.family, wish.facility_id))
                    .or_default()
                    .push(&case.child);
            }
        }
        for child in at.into_values().filter(|siblings| siblings.len() > 1).flatten() {
            self.stay(child);
        }
    }

    fn stay(&mut self, child: &str) {
        if let Some((child, pool)) = self.kept.remove_entry(child) {
            self.fixed.insert(child, pool);
        }
    }
}

/// Free places before anybody moves, part by part of each pool.
struct Free<'a>(HashMap<&'a str, (&'a RoundPool, Vec<u32>)>);

impl<'a> Free<'a> {
    fn of(ground: &Ground<'a>, changes: &Changes) -> Self {
        let places = |pool: &'a RoundPool| {
            let caps = pool
                .parts()
                .into_iter()
                .filter_map(|(name, _)| changes.caps.get(&*name));
            (pool.name.as_str(), (pool, caps.copied().collect()))
        };
        let mut free = Self(ground.pools.iter().map(places).collect());
        for case in ground.cases {
            let has = changes.fixed.get(&case.child).or_else(|| changes.kept.get(&case.child));
            if let Some(pool) = has {
                let part = changes.parts.get(&case.child).map(String::as_str);
                let parts = free.parts(pool, case, part);
                parts.iter_mut().for_each(|left| *left = left.saturating_sub(1));
            }
        }
        free
    }

    /// What is left in each part in which a child counts that has, or would have, this part of a pool.
    fn parts(&mut self, pool: &str, case: &Case, part: Option<&str>) -> &mut [u32] {
        let parts = self.0.get_mut(pool);
        parts.map_or(&mut [], |(pool, left)| {
            let at = case.part_in(pool, part).min(left.len());
            &mut left[at..]
        })
    }

    fn has(&mut self, pool: &str, case: &Case, part: Option<&str>) -> bool {
        let parts = self.parts(pool, case, part);
        !parts.is_empty() && parts.iter().all(|left| *left > 0)
    }

    /// Whether there is a place by any of a child's ways to it.
    fn has_any(&mut self, pool: &str, case: &Case) -> bool {
        let ways = case.wish_at(pool).map_or(&[][..], |(_, wish)| &wish.ways);
        match ways.is_empty() {
            true => self.has(pool, case, None),
            false => ways.iter().any(|way| self.has(pool, case, Some(&way.part))),
        }
    }
}

/// Pools with a free place that somebody wants, those that come free when somebody moves there, and so on; with all others of the same
/// facilities, because a bound over a facility's bands counts all of its children.
fn in_question(ground: &Ground<'_>, changes: &Changes) -> Option<BTreeSet<String>> {
    let mut free = Free::of(ground, changes);
    let facility_of: HashMap<&str, FacilityId> = ground.pools.iter().map(|p| (&*p.name, p.facility_id)).collect();
    let mut todo: Vec<FacilityId> = Vec::new();
    // Where somebody would go, and what comes free by that.
    let mut behind: HashMap<FacilityId, BTreeSet<FacilityId>> = HashMap::new();
    for case in ground.cases.iter().filter(|c| !changes.gone.contains(&c.child)) {
        if changes.fixed.contains_key(&case.child) {
            continue;
        }
        let own = changes
            .kept
            .get(&case.child)
            .and_then(|pool| facility_of.get(pool.as_str()));
        for (pool, facility) in changes.better(case) {
            if free.has_any(pool, case) {
                todo.push(facility);
            }
            if let Some(own) = own {
                behind.entry(facility).or_default().insert(*own);
            }
        }
    }
    let mut wanted: BTreeSet<FacilityId> = BTreeSet::new();
    while let Some(facility) = todo.pop() {
        if wanted.insert(facility) {
            todo.extend(behind.get(&facility).into_iter().flatten());
        }
    }
    pools_of(ground, &wanted)
}

/// The pools of these facilities; `None` when there is none.
fn pools_of(ground: &Ground<'_>, facilities: &BTreeSet<FacilityId>) -> Option<BTreeSet<String>> {
    let of = ground.pools.iter().filter(|p| facilities.contains(&p.facility_id));
    let pools: BTreeSet<String> = of.map(|p| p.name.clone()).collect();
    (!pools.is_empty()).then_some(pools)
}

/// What a run would change: children who get a place, and children who get one that they like better.
fn moves(ground: &Ground<'_>, changes: &Changes, proposals: Vec<Proposal>) -> Vec<(usize, Proposal)> {
    let moves = |(at, proposal): &(usize, Proposal)| {
        let child = &ground.cases[*at].child;
        proposal.pool.is_some()
            && !changes.fixed.contains_key(child)
            && proposal.pool.as_ref() != changes.kept.get(child)
    };
    (0..).zip(proposals).filter(moves).collect()
}

/// The pools of the facilities between which children move: a run over these alone says the same of them.
fn touched(ground: &Ground<'_>, changes: &Changes, moves: &[(usize, Proposal)]) -> Option<BTreeSet<String>> {
    let mut pools: BTreeSet<&str> = BTreeSet::new();
    for (at, proposal) in moves {
        pools.extend(proposal.pool.as_deref());
        pools.extend(changes.kept.get(&ground.cases[*at].child).map(String::as_str));
    }
    let facilities = ground
        .pools
        .iter()
        .filter(|p| pools.contains(p.name.as_str()))
        .map(|p| p.facility_id);
    pools_of(ground, &facilities.collect())
}

/// Takes the moves that can be offered now, the larger claim first where a place has yet to come free.
fn offerable(ground: &Ground<'_>, changes: &Changes, mut moves: Vec<(usize, Proposal)>) -> Vec<(usize, Proposal)> {
    let mut free = Free::of(ground, changes);
    let mut left = ground.left.clone();
    let all: Vec<usize> = moves.iter().map(|(at, _)| *at).collect();
    moves.sort_by_key(|(at, proposal)| {
        (
            place(&ground.cases[*at], proposal).and_then(|at| proposal.codes.get(at)?.position),
            *at,
        )
    });
    moves.retain(|(at, proposal)| {
        let Some(pool) = proposal.pool.as_deref() else {
            return false;
        };
        let case = &ground.cases[*at];
        let facility = case.wish_at(pool).map(|(_, wish)| wish.facility_id);
        let bound = facility.and_then(|facility| left.get_mut(&facility));
        let part = proposal.part.as_deref();
        if !free.has(pool, case, part) || bound.as_ref().is_some_and(|left| **left == 0) {
            return false;
        }
        free.parts(pool, case, part).iter_mut().for_each(|left| *left -= 1);
        if let Some(left) = bound {
            *left -= 1;
        }
        true
    });
    let now: BTreeSet<usize> = moves.iter().map(|(at, _)| *at).collect();
    let parted = parted(all.iter().map(|at| (&ground.cases[*at], now.contains(at))));
    moves.retain(|(at, _)| !parted.contains(&ground.cases[*at].family));
    moves.sort_by_key(|(at, _)| *at);
    moves
}

/// Families who go together or nowhere and of whom only some can be asked now: they are asked once all can be.
pub(super) fn parted<'c>(moves: impl IntoIterator<Item = (&'c Case, bool)>) -> BTreeSet<String> {
    let waits = moves.into_iter().filter(|(_, now)| !now).map(|(case, _)| case);
    let families = waits.filter(|case| case.siblings.rule == SiblingRule::Required);
    families.map(|case| case.family.clone()).collect()
}

/// Nobody can be asked first because children would have to change places in a circle, which is a swap and no vacancy: one of them stays,
/// so that the free place that another one would take does not wait for a swap. Answers whether there was one.
fn break_circle(ground: &Ground<'_>, changes: &mut Changes, moves: &[(usize, Proposal)]) -> bool {
    let keeps = |(at, _): &&(usize, Proposal)| changes.kept.contains_key(&ground.cases[*at].child);
    match moves.iter().find(keeps) {
        Some((at, _)) => {
            changes.stay(&ground.cases[*at].child);
            true
        }
        None => false,
    }
}

fn place(case: &Case, proposal: &Proposal) -> Option<usize> {
    case.wishes
        .iter()
        .position(|w| Some(w.preference_id) == proposal.preference_id)
}

/// A run over some places says nothing about the others: what was said of them before still holds, and what comes after the place is
/// liked less.
pub(super) fn complete(case: &Case, proposal: &mut Proposal, before: &[WishCode]) {
    let placed = place(case, proposal);
    for (at, code) in proposal.codes.iter_mut().enumerate() {
        if code.code != Reason::NotDecided {
            continue;
        }
        if placed.is_some_and(|placed| at > placed) {
            code.code = Reason::BetterPlaced;
        } else if let Some(before) = before.get(at) {
            *code = before.clone();
        }
    }
}

#[cfg(test)]
#[path = "moving_tests.rs"]
mod tests;
