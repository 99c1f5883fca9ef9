//! The figures of a run: what it gives, what holds, and how it compares. Pure.

mod shown;

use std::collections::{BTreeMap, HashMap};

use super::compose::Changes;
use super::groups::{self, Belongs};
use super::proposal::{Case, Flag, Proposal};
use super::snapshot::{RoundPool, pool_of};
use crate::allocation::{Instance, Market, ResultFile};
use crate::facilities::AgeBand;
use crate::platform::ids::FacilityId;

pub use shown::{Difference, Figures, Invariant, LastRound, Report, Siblings};

/// What a report is made of.
pub struct Material<'a> {
    /// The cases.
    pub cases: &'a [Case],
    /// What the run proposes, in the same order.
    pub proposals: &'a [Proposal],
    /// What persons decided, and who left.
    pub changes: &'a Changes,
    /// The result.
    pub result: &'a ResultFile,
    /// The pools.
    pub pools: &'a [RoundPool],
    /// Where facilities belong.
    pub belongs: &'a HashMap<FacilityId, Belongs>,
    /// What was solved.
    pub instance: &'a Instance,
    /// Children who have a seat that was kept for them by decision, and its type.
    pub on_kept: &'a BTreeMap<String, String>,
    /// The run before, with its number.
    pub before: Option<(i32, &'a ResultFile)>,
    /// What families held at the end of the steps, with the number of the last one.
    pub held: Option<(i32, &'a BTreeMap<String, String>)>,
    /// The last released round.
    pub last_round: Option<LastRound>,
}

/// Makes the report.
pub fn report(of: Material<'_>) -> Report {
    let figures = figures(of.result, of.proposals);
    let held = |name: &str, holds: bool| Invariant {
        name: name.to_owned(),
        holds,
    };
    Report {
        figures,
        rank_histogram: histogram(of.proposals),
        unserved_claims: unserved(of.cases, of.proposals),
        siblings: siblings(of.cases, of.proposals),
        lottery_decided: count(of.proposals, Flag::Lottery),
        flags: Flag::ALL
            .into_iter()
            .map(|f| (f.as_str().to_owned(), count(of.proposals, f)))
            .collect(),
        // Only what the verifier passed comes here: it looks at capacity, wishes, fixed places and reasons.
        invariants: vec![
            held("verified", true),
            held("no_justified_envy", figures.justified_envy == 0),
            held("no_wasted_seat", figures.wasted_seats == 0),
            held(
                "every_child_once",
                of.result.assignments.len() as u64 == figures.children,
            ),
        ],
        first_preference_first: first_preference_first(of.instance, of.cases),
        by_provider: groups::by(&of, |b| &b.provider),
        by_district: groups::by(&of, |b| &b.district),
        by_criterion: groups::by_criterion(&of),
        by_facility: groups::by_facility(&of),
        kept_seats: groups::kept(&of),
        unserved: groups::unserved(&of),
        against_run: of
            .before
            .map(|(number, before)| difference(number, &of, &places(before))),
        against_steps: of.held.map(|(number, held)| {
            let held = held.iter().map(|(child, pool)| (child.as_str(), pool.as_str()));
            difference(number, &of, &held.collect())
        }),
        against_round: of.last_round,
    }
}

/// The figures of a result. The file counts the joint wishes of siblings, and of a child's wishes only those that can be met at all; here
/// the first wish is the one that the parents put first, so that it is the first number of the histogram.
pub fn figures(result: &ResultFile, proposals: &[Proposal]) -> Figures {
    let m = result.metrics;
    let keeping = proposals.iter().filter(|p| p.keeps).count() as u64;
    Figures {
        children: m.children,
        placed: m.placed,
        unplaced: (m.children - m.placed).saturating_sub(keeping),
        keeping,
        first_wish: proposals.iter().filter(|p| p.rank == Some(1)).count() as u64,
        justified_envy: m.justified_envy,
        wasted_seats: m.wasted_seats,
        exceptions: result.exceptions.len() as u64,
    }
}

fn count(proposals: &[Proposal], flag: Flag) -> u64 {
    proposals.iter().filter(|p| p.flags.contains(&flag)).count() as u64
}

fn histogram(proposals: &[Proposal]) -> Vec<u64> {
    let mut histogram = Vec::new();
    for rank in proposals.iter().filter_map(|p| p.rank) {
        let at = rank as usize - 1;
        if histogram.len() <= at {
            histogram.resize(at + 1, 0);
        }
        histogram[at] += 1;
    }
    histogram
}

fn unserved(cases: &[Case], proposals: &[Proposal]) -> BTreeMap<String, u64> {
    let mut all: BTreeMap<String, u64> = AgeBand::ALL.iter().map(|b| (b.as_str().to_owned(), 0)).collect();
    for (case, _) in cases
        .iter()
        .zip(proposals)
        .filter(|(_, p)| p.flags.contains(&Flag::ClaimUnserved))
    {
        *all.entry(case.band.as_str().to_owned()).or_default() += 1;
    }
    all
}

fn siblings(cases: &[Case], proposals: &[Proposal]) -> Siblings {
    let mut families: HashMap<&str, (u64, bool, bool)> = HashMap::new();
    for (case, proposal) in cases.iter().zip(proposals) {
        let family = families.entry(&case.family).or_default();
        family.0 += 1;
        family.1 |= proposal.flags.contains(&Flag::SiblingsSplit);
        family.2 |= proposal.pool.is_some();
    }
    let mut found = Siblings::default();
    for (_, split, placed) in families.into_values().filter(|(n, ..)| *n > 1) {
        found.families += 1;
        found.split += u64::from(split);
        found.together += u64::from(placed && !split);
    }
    found
}

fn places(result: &ResultFile) -> HashMap<&str, &str> {
    let placed = result.assignments.iter();
    placed
        .filter_map(|a| Some((&*a.child, pool_of(a.pool.as_deref()?))))
        .collect()
}

fn difference(number: i32, of: &Material<'_>, had: &HashMap<&str, &str>) -> Difference {
    let mut found = Difference {
        number,
        ..Difference::default()
    };
    for (case, proposal) in of.cases.iter().zip(of.proposals) {
        let rank = |pool: &str| case.wish_at(pool).map_or(u32::MAX, |(rank, _)| rank);
        let (was, is) = (had.get(case.child.as_str()).copied(), proposal.pool.as_deref());
        let counter = match (was, is) {
            (None, Some(_)) => &mut found.gained,
            (Some(_), None) => &mut found.lost,
            (Some(was), Some(is)) if rank(is) < rank(was) => &mut found.better,
            (Some(was), Some(is)) if rank(is) > rank(was) => &mut found.worse,
            _ => &mut found.same,
        };
        *counter += 1;
    }
    found
}

/// What serving first wishes first would give, each child on its own. Which wish is the first is what the parents say, as everywhere.
fn first_preference_first(instance: &Instance, cases: &[Case]) -> Figures {
    let market = Market::new(instance);
    let habit = market.compare_first_preference_first();
    let places = market.first_preference_first();
    let first = |case: &&Case| {
        let pool = instance.child(&case.child).and_then(|child| places[child as usize]);
        pool.and_then(|pool| case.wish_at(pool_of(instance.pool_id(pool))))
            .is_some_and(|(rank, _)| rank == 1)
    };
    let children = instance.children() as u64;
    let keeps = |case: &&Case| {
        let child = instance.child(&case.child).filter(|_| case.transfer);
        child.is_some_and(|child| places[child as usize].is_none())
    };
    let keeping = cases.iter().filter(keeps).count() as u64;
    Figures {
        children,
        placed: habit.placed,
        unplaced: (children - habit.placed).saturating_sub(keeping),
        keeping,
        first_wish: cases.iter().filter(first).count() as u64,
        justified_envy: habit.justified_envy,
        wasted_seats: habit.wasted_seats,
        // Nobody asks for siblings together, so no claim is left that nobody can grant.
        exceptions: 0,
    }
}

#[cfg(test)]
mod tests;
