//! What a result says about one case, wish by wish. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Case, Flag, Proposal, Reason, WishCode, hex};
use crate::allocation::rounds::compose::{Changes, Composed, Joint};
use crate::allocation::rounds::snapshot::{CaseWish, is_for_kept_seat, pool_of};
use crate::allocation::{Code, Explanation, Lottery, ResultFile};
use crate::demands::EvidenceState;

/// A result with quick ways to its rows.
pub(super) struct Run<'r> {
    composed: &'r Composed,
    changes: &'r Changes,
    places: HashMap<&'r str, (Option<&'r str>, Option<u32>)>,
    reasons: HashMap<&'r str, &'r [Explanation]>,
    exceptions: HashSet<&'r str>,
    lottery: Lottery,
}

impl<'r> Run<'r> {
    pub(super) fn of(composed: &'r Composed, changes: &'r Changes, result: &'r ResultFile) -> Self {
        let of_children = result.explanations.chunk_by(|a, b| a.child == b.child);
        let place = |a: &'r crate::allocation::Assignment| (&*a.child, (a.pool.as_deref(), a.wish));
        Self {
            composed,
            changes,
            places: result.assignments.iter().map(place).collect(),
            reasons: of_children.map(|rows| (&*rows[0].child, rows)).collect(),
            exceptions: result.exceptions.iter().map(|e| e.family.as_str()).collect(),
            lottery: Lottery::new(&changes.seed),
        }
    }

    pub(super) fn proposal(&self, case: &Case) -> Proposal {
        let part = self.places.get(case.child.as_str()).and_then(|(part, _)| *part);
        let pool = part.map(pool_of);
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
            part: part.filter(|part| pool_of(part) != *part).map(str::to_owned),
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
        let reasons = self.reasons.get(case.child.as_str()).copied().unwrap_or_default();
        let settled = joint.and_then(|joint| self.settled(joint));
        // The reasons of a family that was placed together, or goes nowhere else, are those of its joint wishes, by facility; else they are
        // the child's own.
        let together = joint.filter(|joint| joint.only || settled.is_some());
        let by_pool: BTreeMap<&str, &Explanation> = match together {
            Some(joint) => by_joint_wish(joint, &case.child, reasons),
            None => self.by_own_wish(case, reasons),
        };
        let code = |wish: &CaseWish| {
            let Some(pool) = wish.pool.as_deref() else {
                return WishCode::of(Reason::NotEligible);
            };
            let decision = self.changes.decision(&case.child, pool);
            let decided = |mut code: WishCode| {
                (code.reason, code.decided) = (decision.map(|d| d.reason), decision.map(|d| d.kind));
                code
            };
            if self.changes.excluded.contains(&(case.child.clone(), pool.to_owned())) {
                return decided(WishCode::of(Reason::ProviderOrder));
            }
            if !self.changes.counts(&case.child, pool) {
                return WishCode::of(Reason::NotEligible);
            }
            match by_pool.get(pool) {
                Some(row) if row.code == Code::Placed => decided(WishCode::from(row)),
                Some(row) => WishCode::from(row),
                None if together.is_some() => WishCode::of(Reason::Sibling),
                None => WishCode::of(Reason::NotDecided),
            }
        };
        case.wishes.iter().map(code).collect()
    }

    /// The reasons of a child's own wishes, by pool. Where there are several ways to a wish, that of the way that is met, else that of the
    /// last way that was refused, for it had the most places; what was not needed any more says nothing of its own.
    fn by_own_wish(&self, case: &Case, reasons: &'r [Explanation]) -> BTreeMap<&'r str, &'r Explanation> {
        let instance = &self.composed.instance;
        let Some(child) = instance.child(&case.child) else {
            return BTreeMap::new();
        };
        let own: Vec<&'r str> = instance.wished_pools(child).collect();
        let ways = case.wishes.iter().flat_map(|wish| &wish.ways);
        let ways: BTreeSet<&str> = ways.map(|way| way.part.as_str()).collect();
        let mut found: BTreeMap<&'r str, &'r Explanation> = BTreeMap::new();
        for row in reasons {
            let Some(part) = own.get(row.wish as usize - 1) else {
                continue;
            };
            // Who asks inside for a kept seat and gets none is told why its own part was full.
            if row.code != Code::Placed && is_for_kept_seat(part, &ways) {
                continue;
            }
            let pool = &pool_of(part);
            let before = found.get(pool).map(|row| row.code);
            let says = match before {
                Some(Code::Placed) => false,
                Some(Code::Fixed) => row.code == Code::Placed,
                Some(_) => row.code != Code::BetterPlaced,
                None => true,
            };
            if says {
                found.insert(pool, row);
            }
        }
        found
    }

    /// The joint wish by which a family is placed. Each child then has the number of that wish and its pool of it; children placed by
    /// their own wishes cannot have both, because then the joint wish would hold.
    fn settled(&self, joint: &Joint) -> Option<usize> {
        let (_, wish) = self.places.get(joint.children.first()?.as_str())?;
        let wish = wish.and_then(|w| usize::try_from(w).ok())?.checked_sub(1)?;
        let pools = joint.wishes.get(wish)?;
        let stands = |(child, pool): (&String, &Option<String>)| {
            let place = self.places.get(child.as_str());
            place.is_some_and(|(at, n)| at.map(pool_of) == pool.as_deref() && n.is_some_and(|n| n as usize == wish + 1))
        };
        joint.children.iter().zip(pools).all(stands).then_some(wish)
    }
}

fn by_joint_wish<'w>(joint: &'w Joint, child: &str, reasons: &'w [Explanation]) -> BTreeMap<&'w str, &'w Explanation> {
    let column = joint.children.iter().position(|c| c == child).unwrap_or(0);
    let pool = |row: &'w Explanation| {
        let wish = joint.wishes.get(row.wish as usize - 1)?;
        Some((wish.get(column)?.as_deref()?, row))
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
            decided: None,
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
