//! What a run proposes for each case, wish by wish, and what of it a person must look at. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::by_hand;
use super::compose::{Changes, Composed, Joint};
use super::model::DeviationReason;
use super::ranking::mark_positions;
use super::snapshot::CaseWish;
use crate::allocation::{Code, Explanation, Lottery, ResultFile};
use crate::demands::EvidenceState;
use crate::platform::ids::{CaseId, ChildId, FacilityId, PreferenceId};

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
    /// Its wishes.
    pub wishes: Vec<CaseWish>,
}

impl Case {
    /// The wish for a pool, with its rank among all wishes from 1.
    pub fn wish_at(&self, pool: &str) -> Option<(u32, &CaseWish)> {
        (1..).zip(&self.wishes).find(|(_, w)| w.pool.as_deref() == Some(pool))
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
    /// A person decided that this wish does not count, or the provider's own order made the difference, with a published reason.
    ProviderOrder,
    /// A person decided where the child goes, with a published reason.
    Fixed,
    /// The run has not decided about it.
    NotDecided,
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
    /// Why the provider's own order put another child first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<DeviationReason>,
    /// The place in the order of all wishes for these places, from 1; `None` for a wish that does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// How many wishes there are in that order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

/// What a person must look at, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "siblings_split")]
pub enum Flag {
    /// A claim of siblings that no allocation grants.
    Exception,
    /// The place is not free for the whole stay when all others come too.
    StayDoesNotFit,
    /// Siblings are not all at one facility.
    SiblingsSplit,
    /// The legal claim is asserted and no place is proposed.
    ClaimUnserved,
    /// A person decided against the proposal.
    Deviation,
    /// The provider's own order gave the place to a child with fewer points.
    ProviderOrder,
    /// The draw decided.
    Lottery,
    /// Points count without evidence seen.
    EvidenceMissing,
    /// A kept place made the difference.
    Reserved,
    /// The demand was withdrawn or has a place by another way.
    Left,
}

impl Flag {
    /// All flags, the gravest first.
    pub const ALL: [Self; 10] = [
        Self::Exception,
        Self::StayDoesNotFit,
        Self::SiblingsSplit,
        Self::ClaimUnserved,
        Self::Deviation,
        Self::ProviderOrder,
        Self::Lottery,
        Self::EvidenceMissing,
        Self::Reserved,
        Self::Left,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::StayDoesNotFit => "stay_does_not_fit",
            Self::SiblingsSplit => "siblings_split",
            Self::ClaimUnserved => "claim_unserved",
            Self::Deviation => "deviation",
            Self::ProviderOrder => "provider_order",
            Self::Lottery => "lottery",
            Self::EvidenceMissing => "evidence_missing",
            Self::Reserved => "reserved",
            Self::Left => "left",
        }
    }

    /// So that a case with a grave matter stands before any number of lighter ones.
    fn weight(self) -> i32 {
        Self::ALL.iter().rev().position(|f| *f == self).map_or(0, |at| 1 << at)
    }
}

/// What a run says about a case.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The case.
    pub case_id: CaseId,
    /// The pool.
    pub pool: Option<String>,
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
    mark_positions(cases, changes, &mut all);
    all
}

/// A result with quick ways to its rows.
struct Run<'r> {
    composed: &'r Composed,
    changes: &'r Changes,
    places: HashMap<&'r str, (Option<&'r str>, Option<u32>)>,
    reasons: HashMap<&'r str, Vec<&'r Explanation>>,
    exceptions: HashSet<&'r str>,
    lottery: Lottery,
}

impl<'r> Run<'r> {
    fn of(composed: &'r Composed, changes: &'r Changes, result: &'r ResultFile) -> Self {
        let mut reasons: HashMap<&str, Vec<&Explanation>> = HashMap::new();
        for row in &result.explanations {
            reasons.entry(&*row.child).or_default().push(row);
        }
        let place = |a: &'r crate::allocation::Assignment| (&*a.child, (a.pool.as_deref(), a.wish));
        Self {
            composed,
            changes,
            places: result.assignments.iter().map(place).collect(),
            reasons,
            exceptions: result.exceptions.iter().map(|e| e.family.as_str()).collect(),
            lottery: Lottery::new(&changes.seed),
        }
    }

    fn proposal(&self, case: &Case) -> Proposal {
        let pool = self.places.get(case.child.as_str()).and_then(|(pool, _)| *pool);
        let found = pool.and_then(|pool| case.wish_at(pool));
        let codes = self.codes(case);
        let mut flags = BTreeSet::new();
        let mut flag = |holds: bool, flag: Flag| {
            if holds {
                flags.insert(flag);
            }
        };
        let left = !self.places.contains_key(case.child.as_str());
        flag(left, Flag::Left);
        flag(self.exceptions.contains(case.family.as_str()), Flag::Exception);
        flag(
            !left && case.legal_claim && !case.transfer && pool.is_none(),
            Flag::ClaimUnserved,
        );
        flag(self.decided(&case.child), Flag::Deviation);
        flag(codes.iter().any(|c| c.code == Reason::Reserved), Flag::Reserved);
        let unseen = |w: &CaseWish| {
            w.lines
                .iter()
                .any(|l| l.points != 0 && l.evidence == Some(EvidenceState::Claimed))
        };
        flag(found.is_some_and(|(_, w)| unseen(w)), Flag::EvidenceMissing);
        Proposal {
            case_id: case.id,
            pool: pool.map(str::to_owned),
            preference_id: found.map(|(_, w)| w.preference_id),
            rank: found.map(|(rank, _)| rank),
            codes,
            flags,
            lottery: hex(&self.lottery.number(&case.family)),
            by_hand: false,
            keeps: case.transfer && !left && pool.is_none(),
        }
    }

    fn decided(&self, child: &str) -> bool {
        self.changes.fixed.contains_key(child) || self.changes.excluded.iter().any(|(c, _)| c == child)
    }

    fn codes(&self, case: &Case) -> Vec<WishCode> {
        let joint = self.composed.joint.get(&case.family);
        let reasons = self.reasons.get(case.child.as_str()).map_or(&[][..], Vec::as_slice);
        let settled = joint.and_then(|joint| self.settled(joint));
        // The reasons of a family that was placed together are those of its joint wishes, by facility; else they are the child's own.
        let by_pool: BTreeMap<&str, &Explanation> = match joint.filter(|_| settled.is_some()) {
            Some(joint) => by_joint_wish(joint, &case.child, reasons),
            None => self.by_own_wish(case, reasons),
        };
        let code = |wish: &CaseWish| {
            let Some(pool) = wish.pool.as_deref() else {
                return WishCode::of(Reason::NotEligible);
            };
            if self.changes.excluded.contains(&(case.child.clone(), pool.to_owned())) {
                return WishCode::of(Reason::ProviderOrder);
            }
            if !self.changes.counts(&case.child, pool) {
                return WishCode::of(Reason::NotEligible);
            }
            match by_pool.get(pool) {
                Some(row) => WishCode::from(row),
                None if settled.is_some() => WishCode::of(Reason::Sibling),
                None => WishCode::of(Reason::NotDecided),
            }
        };
        case.wishes.iter().map(code).collect()
    }

    fn by_own_wish<'w>(&self, case: &'w Case, reasons: &[&'w Explanation]) -> BTreeMap<&'w str, &'w Explanation> {
        let counts = |pool: &&str| {
            let only = self.changes.only.as_ref();
            self.changes.counts(&case.child, pool) && only.is_none_or(|only| only.contains(*pool))
        };
        let own: Vec<&str> = case
            .wishes
            .iter()
            .filter_map(|w| w.pool.as_deref())
            .filter(counts)
            .collect();
        let row = |row: &&'w Explanation| Some((*own.get(row.wish as usize - 1)?, *row));
        reasons.iter().filter_map(row).collect()
    }

    /// The joint wish by which a family is placed. Each child then has the number of that wish and its pool of it; children placed by
    /// their own wishes cannot have both, because then the joint wish would hold.
    fn settled(&self, joint: &Joint) -> Option<usize> {
        let (_, wish) = self.places.get(joint.children.first()?.as_str())?;
        let wish = wish.and_then(|w| usize::try_from(w).ok())?.checked_sub(1)?;
        let pools = joint.wishes.get(wish)?;
        let stands = |(child, pool): (&String, &Option<String>)| {
            let place = self.places.get(child.as_str());
            place.is_some_and(|(at, n)| *at == pool.as_deref() && n.is_some_and(|n| n as usize == wish + 1))
        };
        joint.children.iter().zip(pools).all(stands).then_some(wish)
    }
}

fn by_joint_wish<'w>(joint: &'w Joint, child: &str, reasons: &[&'w Explanation]) -> BTreeMap<&'w str, &'w Explanation> {
    let column = joint.children.iter().position(|c| c == child).unwrap_or(0);
    let pool = |row: &&'w Explanation| {
        let wish = joint.wishes.get(row.wish as usize - 1)?;
        Some((wish.get(column)?.as_deref()?, *row))
    };
    reasons.iter().filter_map(pool).collect()
}

impl WishCode {
    fn of(code: Reason) -> Self {
        Self {
            code,
            cutoff: None,
            ahead: None,
            lottery: false,
            reason: None,
            position: None,
            of: None,
        }
    }

    fn from(row: &Explanation) -> Self {
        let code = match row.code {
            Code::Placed => Reason::Placed,
            Code::BetterPlaced => Reason::BetterPlaced,
            Code::Fixed => Reason::Fixed,
            Code::Exception => Reason::Exception,
            Code::Sibling => Reason::Sibling,
            Code::Reserved => Reason::Reserved,
            Code::Full => Reason::Full,
        };
        let detail = row.detail.as_deref();
        let cutoff = detail.and_then(|d| d.cutoff.as_deref());
        let tied = cutoff.is_some() && cutoff == detail.map(|d| &*d.own);
        Self {
            lottery: code == Reason::Full && tied,
            cutoff: cutoff.map(<[i64]>::to_vec),
            ahead: detail.map(|d| d.ahead),
            ..Self::of(code)
        }
    }
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
#[path = "proposal_tests.rs"]
mod tests;
