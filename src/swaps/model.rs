//! Who could change places with whom: cycles of two and three children, each of whom gets a facility that it wishes. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facilities::AgeBand;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{ContractId, FacilityId, PreferenceId};

/// A child with a place that looks for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wisher {
    /// Its contract.
    pub contract: ContractId,
    /// Where it is.
    pub facility: FacilityId,
    /// The places of one band are like each other.
    pub band: AgeBand,
    /// Facilities that it wishes more than its own, the dearest first.
    pub wishes: Vec<(FacilityId, PreferenceId)>,
}

/// A child of a cycle, with the facility that it would go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The wisher, by its place in the list.
    pub wisher: usize,
    /// The rank of its wish, from 0.
    pub rank: usize,
}

/// Children who can go round: each to the facility of the next, the last to that of the first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cycle {
    /// The ranks of all wishes together: less is dearer.
    pub ranks: usize,
    /// Who goes where.
    pub moves: Vec<Move>,
}

/// All cycles of two and three, the dearest first; among equals those of two, then in the order of the list. A cycle begins with its first
/// wisher and stands once.
pub fn cycles(all: &[Wisher]) -> Vec<Cycle> {
    let mut at: BTreeMap<(FacilityId, AgeBand), Vec<usize>> = BTreeMap::new();
    for (n, wisher) in all.iter().enumerate() {
        at.entry((wisher.facility, wisher.band)).or_default().push(n);
    }
    // To whom each could go, with the rank of that wish.
    let next = |n: usize| {
        let me = &all[n];
        let wishes = me.wishes.iter().enumerate().filter(|(_, (to, _))| *to != me.facility);
        wishes.flat_map(|(rank, (to, _))| {
            let there = at.get(&(*to, me.band)).into_iter().flatten();
            there.map(move |other| (*other, rank))
        })
    };
    let mut found = Vec::new();
    for first in 0..all.len() {
        for (second, rank) in next(first).filter(|(n, _)| *n > first) {
            for (third, back) in next(second) {
                if third == first {
                    found.push(cycle([(first, rank), (second, back)]));
                } else if third > first && third != second {
                    let home = next(third).find(|(n, _)| *n == first);
                    found.extend(home.map(|(_, home)| cycle([(first, rank), (second, back), (third, home)])));
                }
            }
        }
    }
    found.sort_by(|a, b| (a.ranks, a.moves.len(), &a.moves).cmp(&(b.ranks, b.moves.len(), &b.moves)));
    found
}

fn cycle<const N: usize>(moves: [(usize, usize); N]) -> Cycle {
    Cycle {
        ranks: moves.iter().map(|(_, rank)| rank).sum(),
        moves: moves.into_iter().map(|(wisher, rank)| Move { wisher, rank }).collect(),
    }
}

/// Where a swap stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "open")]
pub enum SwapState {
    /// Answers are missing.
    Open,
    /// All said yes, and the contracts have changed.
    Done,
    /// Somebody said no.
    Declined,
    /// Not all answered in time.
    Expired,
    /// All said yes, and it could not be carried out any more; nothing has changed.
    Void,
}

/// The day of a swap: the first of a month to come, within a year.
pub fn checked_day(swap_on: NaiveDate, deadline: NaiveDate) -> Result<NaiveDate, Invalid> {
    let mut fields = Fields::new();
    fields.check(swap_on.day() == 1, "/swap_on", "not_first_of_month");
    fields.check(swap_on > deadline, "/swap_on", "too_early");
    fields.check((swap_on - deadline).num_days() <= 366, "/swap_on", "too_late");
    fields.finish()?;
    Ok(swap_on)
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
