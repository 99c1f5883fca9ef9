//! What a run proposes for each case, wish by wish, and what of it a person must look at. Pure.

mod flag;
mod passing_over;
mod reading;

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::by_hand;
use super::compose::{Changes, Composed};
use super::model::{DeviationKind, DeviationReason, SiblingRule};
use super::ranking::mark_positions;
use super::snapshot::{CaseWish, RoundPool};
use crate::allocation::ResultFile;
use crate::platform::ids::{CaseId, ChildId, FacilityId, PreferenceId};

pub use flag::Flag;
use reading::Run;

/// A case as it was frozen, for the interpretation of a run.
#[derive(Debug, Clone)]
pub struct Case {
    /// The case.
    pub id: CaseId,
    /// Its child.
    pub child_id: ChildId,
    /// Random name of the family.
    pub family: String,
    /// Random name of the child.
    pub child: String,
    /// The child's date of birth.
    pub birth: chrono::NaiveDate,
    /// First day of care.
    pub care_from: chrono::NaiveDate,
    /// Band on that day.
    pub band: crate::facilities::AgeBand,
    /// Whether the legal claim was asserted.
    pub legal_claim: bool,
    /// The child has a place that it keeps unless it gets one here.
    pub transfer: bool,
    /// How the children of its family are placed.
    pub siblings: Placing,
    /// Its wishes.
    pub wishes: Vec<CaseWish>,
}

/// How the children of one family are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placing {
    /// Together, or each by its own wishes.
    pub rule: SiblingRule,
    /// When the parents said so; `None`: they did not, and what was set for all counts.
    pub said_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Case {
    /// The wish for a pool, with its rank among all wishes from 1.
    pub fn wish_at(&self, pool: &str) -> Option<(u32, &CaseWish)> {
        (1..).zip(&self.wishes).find(|(_, w)| w.pool.as_deref() == Some(pool))
    }

    /// Which part of a pool it stands in, by the name of the part or by the best way to it. Pools that were frozen before there were ways
    /// are told apart by the first day of care.
    pub fn part_in(&self, pool: &RoundPool, part: Option<&str>) -> usize {
        // A kept seat lies in a part that is none of its own ways.
        let parts = || part.and_then(|part| pool.parts().iter().position(|(name, _)| name == part));
        if let Some(at) = parts() {
            return at;
        }
        let wish = self.wish_at(&pool.name);
        match wish.and_then(|(_, wish)| wish.way(part)) {
            Some(way) => pool.part_named(&way.part),
            None => pool.start_at(self.care_from),
        }
    }

    /// First day of care of a proposal: that of its way to the wish.
    pub fn begins(&self, proposal: &Proposal) -> chrono::NaiveDate {
        let wish = proposal.pool.as_deref().and_then(|pool| self.wish_at(pool));
        let way = wish.and_then(|(_, wish)| wish.way(proposal.part.as_deref()));
        way.map_or(self.care_from, |way| way.care_from)
    }
}

/// Why a wish was met or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "full")]
pub enum Reason {
    /// The child goes there.
    Placed,
    /// The child goes where the family likes it better.
    BetterPlaced,
    /// All places went to children who come before.
    Full,
    /// The wish cannot be met at all.
    NotEligible,
    /// Only children for whom places are kept are there with less priority.
    Reserved,
    /// There were not enough places for all siblings together.
    Sibling,
    /// A person decided that this wish does not count or that another child goes there, or the provider's own order made the difference,
    /// with a published reason.
    ProviderOrder,
    /// A person decided that the child goes elsewhere, with a published reason.
    Fixed,
    /// The run has not decided about it.
    NotDecided,
    /// In a coordinated round under way: the child's best offer. No run says so, and no family hears of it before the release.
    Held,
    /// The family could claim it, but granting it would start a circle without end; a person decides.
    Exception,
}

/// What a run says about a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishCode {
    /// Why it was met or not.
    pub code: Reason,
    /// Priority of the last child that got an open place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<Vec<i64>>,
    /// How many wait before this child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u32>,
    /// Whether the draw decided, all else being equal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lottery: bool,
    /// The published reason, where a person departed from the order of the criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<DeviationReason>,
    /// What the office decided: that this wish does not count, that the child goes here, or, where it does not, that another one does.
    /// `None`: nothing, and a reason is that of the provider's own order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<DeviationKind>,
    /// The place in the order of all wishes for these places, from 1; `None` for a wish that does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// How many wishes there are in that order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

/// What a run says about a case.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The case.
    pub case_id: CaseId,
    /// The pool.
    pub pool: Option<String>,
    /// The part of it, where it has parts.
    pub part: Option<String>,
    /// The preference that this is.
    pub preference_id: Option<PreferenceId>,
    /// Its rank among the wishes, from 1.
    pub rank: Option<u32>,
    /// Wish by wish, in the order of the case's wishes.
    pub codes: Vec<WishCode>,
    /// What to look at.
    pub flags: BTreeSet<Flag>,
    /// The family's lottery number in hexadecimal.
    pub lottery: String,
    /// Whether the provider's own order gave it the place before a child with more points.
    pub by_hand: bool,
    /// Whether the child keeps the place that it has already.
    pub keeps: bool,
}

impl WishCode {
    /// Whether others have the places.
    pub fn is_refused(&self) -> bool {
        matches!(self.code, Reason::Full | Reason::Reserved)
    }

    /// Another child with the smaller claim has a place, because a person decided so.
    pub(super) fn pass_over(&mut self, reason: Option<DeviationReason>, decided: Option<DeviationKind>) {
        (self.code, self.reason, self.decided) = (Reason::ProviderOrder, reason, decided);
    }
}

impl Proposal {
    /// Whether the demand takes no part any more.
    pub fn has_left(&self) -> bool {
        self.flags.contains(&Flag::Left)
    }

    /// How much a person should look at it.
    pub fn weight(&self) -> i32 {
        self.flags.iter().map(|f| f.weight()).sum()
    }
}

/// Reads a result case by case. `decided` are the children about whom a person decided.
pub fn proposals(cases: &[Case], composed: &Composed, changes: &Changes, result: &ResultFile) -> Vec<Proposal> {
    let run = Run::of(composed, changes, result);
    let mut all: Vec<Proposal> = cases.iter().map(|case| run.proposal(case)).collect();
    mark_lottery(cases, &mut all);
    mark_siblings(cases, &mut all);
    by_hand::mark(cases, &mut all, changes);
    passing_over::mark(cases, &mut all, changes, composed);
    mark_positions(cases, changes, &mut all);
    all
}

/// The draw decides between children of the same priority: who lost by it, and who won.
fn mark_lottery(cases: &[Case], all: &mut [Proposal]) {
    let mut tied: HashSet<(String, Vec<i64>)> = HashSet::new();
    for (case, proposal) in cases.iter().zip(all.iter_mut()) {
        for (wish, code) in case.wishes.iter().zip(&proposal.codes) {
            if let (true, Some(pool)) = (code.lottery, &wish.pool) {
                proposal.flags.insert(Flag::Lottery);
                tied.insert((pool.clone(), wish.priority.clone()));
            }
        }
    }
    for (case, proposal) in cases.iter().zip(all.iter_mut()) {
        let placed = proposal
            .pool
            .as_deref()
            .and_then(|pool| Some((pool, case.wish_at(pool)?.1)));
        if placed.is_some_and(|(pool, wish)| tied.contains(&(pool.to_owned(), wish.priority.clone()))) {
            proposal.flags.insert(Flag::Lottery);
        }
    }
}

/// Siblings of one round who do not all go to one facility, though at least one of them goes somewhere.
fn mark_siblings(cases: &[Case], all: &mut [Proposal]) {
    let mut families: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, case) in cases.iter().enumerate() {
        families.entry(&case.family).or_default().push(at);
    }
    for children in families.into_values().filter(|c| c.len() > 1) {
        let facilities: Vec<Option<FacilityId>> = children
            .iter()
            .map(|at| {
                let pool = all[*at].pool.as_deref()?;
                cases[*at].wish_at(pool).map(|(_, wish)| wish.facility_id)
            })
            .collect();
        if facilities.iter().any(|f| *f != facilities[0]) {
            for at in children {
                all[at].flags.insert(Flag::SiblingsSplit);
            }
        }
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests;
