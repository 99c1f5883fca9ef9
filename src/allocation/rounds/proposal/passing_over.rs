//! Whom it cost a place that a person decided against the order of the criteria. Pure.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::{Case, Flag, Proposal};
use crate::allocation::rounds::compose::{Changes, Composed, Decision};
use crate::allocation::rounds::model::DeviationKind;
use crate::allocation::rounds::snapshot::CaseWish;
use crate::platform::ids::FacilityId;

/// What decides between two children by the criteria: priority, then the draw, then the names. The smaller goes first.
type Claim<'a> = (Reverse<&'a [i64]>, &'a str, &'a str, &'a str);

fn claim<'a>(case: &'a Case, proposal: &'a Proposal, wish: &'a CaseWish) -> Claim<'a> {
    (Reverse(&wish.priority), &proposal.lottery, &case.family, &case.child)
}

/// A child on a place.
struct Seat<'a> {
    claim: Claim<'a>,
    /// What bounds the children there, from the pool upwards.
    bounds: Vec<usize>,
    /// Why it is there, if persons decided so.
    decision: Option<Decision>,
    /// The type of the kept seat that it has.
    kept: Option<&'a str>,
}

/// The children of facilities about which persons decided, and how many of them each bound counts.
struct Seats<'a> {
    composed: &'a Composed,
    at: HashMap<FacilityId, Vec<Seat<'a>>>,
    taken: HashMap<usize, u32>,
}

impl<'a> Seats<'a> {
    fn of(cases: &'a [Case], all: &'a [Proposal], changes: &Changes, composed: &'a Composed) -> Self {
        let instance = &composed.instance;
        let known: HashMap<&str, &Case> = cases.iter().map(|case| (case.child.as_str(), case)).collect();
        let facility = |(child, pool): &(String, String)| Some(known.get(child.as_str())?.wish_at(pool)?.1.facility_id);
        let facilities: HashSet<FacilityId> = changes.decided.keys().filter_map(facility).collect();
        let (mut at, mut taken) = (HashMap::<_, Vec<_>>::new(), HashMap::new());
        for (case, proposal) in cases.iter().zip(all) {
            let wish = proposal
                .pool
                .as_deref()
                .and_then(|pool| Some((pool, case.wish_at(pool)?.1)));
            let Some((pool, wish)) = wish.filter(|(_, wish)| facilities.contains(&wish.facility_id)) else {
                continue;
            };
            let part = instance.pool(proposal.part.as_deref().unwrap_or(pool));
            let bounds: Vec<usize> = part
                .into_iter()
                .flat_map(|part| instance.bounds(part))
                .map(|(bound, _)| bound)
                .collect();
            bounds.iter().for_each(|bound| *taken.entry(*bound).or_default() += 1);
            let decision = changes
                .decision(&case.child, pool)
                .filter(|d| d.kind == DeviationKind::Place);
            let claim = claim(case, proposal, wish);
            let kept = composed.on_kept.get(&case.child).map(String::as_str);
            at.entry(wish.facility_id).or_default().push(Seat {
                claim,
                bounds,
                decision,
                kept,
            });
        }
        Self { composed, at, taken }
    }

    /// Whether a child with this wish could be there instead: a seat that is kept for others, and a bound of its own that is full, would keep
    /// it out all the same.
    fn would_have(&self, child: &str, wish: &CaseWish, seat: &Seat<'_>) -> bool {
        let kept_for = seat.kept.and_then(|kind| self.composed.kept_for.get(kind));
        if kept_for.is_some_and(|children| !children.contains(child)) {
            return false;
        }
        let instance = &self.composed.instance;
        let whole = wish.pool.as_deref().filter(|_| wish.ways.is_empty());
        let mut parts = whole.into_iter().chain(wish.ways.iter().map(|way| way.part.as_str()));
        parts.any(|part| {
            let bounds = || instance.pool(part).into_iter().flat_map(|part| instance.bounds(part));
            let shared = |bound: usize| seat.bounds.contains(&bound);
            let mut own = bounds().take_while(|(bound, _)| !shared(*bound));
            bounds().any(|(bound, _)| shared(bound))
                && own.all(|(bound, cap)| self.taken.get(&bound).is_none_or(|n| *n < cap))
        })
    }
}

/// A child that is refused where one with the smaller claim has a place by decision hears the published reason. So does one whose wish was
/// excluded, in any case; here it is marked where a child with the smaller claim has the place. A person looks at both.
pub(super) fn mark(cases: &[Case], all: &mut [Proposal], changes: &Changes, composed: &Composed) {
    if changes.decided.is_empty() {
        return;
    }
    let mut found = Vec::new();
    let seats = Seats::of(cases, all, changes, composed);
    for (at, (case, proposal)) in cases.iter().zip(all.iter()).enumerate() {
        for (n, (wish, code)) in case.wishes.iter().zip(&proposal.codes).enumerate() {
            let missed = proposal.rank.is_none_or(|rank| rank as usize > n);
            let excluded = code.decided == Some(DeviationKind::Exclude) && missed && !proposal.has_left();
            let own = claim(case, proposal, wish);
            let before = seats.at.get(&wish.facility_id).into_iter().flatten().filter(|seat| {
                (excluded || code.is_refused() && seat.decision.is_some())
                    && own < seat.claim
                    && seats.would_have(&case.child, wish, seat)
            });
            if let Some(seat) = before.min_by(|a, b| a.claim.cmp(&b.claim)) {
                found.push((at, n, seat.decision.filter(|_| !excluded)));
            }
        }
    }
    for (at, n, decision) in found {
        all[at].flags.insert(Flag::PassedOver);
        if let Some(decision) = decision {
            all[at].codes[n].pass_over(Some(decision.reason), Some(decision.kind));
        }
    }
}
