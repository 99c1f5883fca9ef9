//! The coordinated mode step by step: who holds which offer, what is final, and who is waited for. It is derived from the market and
//! from who answered in which step, so that nothing of it has to be kept.

use std::collections::BTreeSet;

use super::super::instance::NONE;
use super::choice::Offers;
use super::market::Market;
use super::rounds::answer;
use super::settle::Applicants;

/// How a child stands with a pool that it wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It would come.
    Open,
    /// The pool's offer is the best that it has.
    Held,
    /// It has an offer that it likes better.
    Elsewhere,
    /// It turned an offer of the pool down, or asks for no place of its own there.
    Out,
}

/// Facilities that propose in steps: those that are left to the points at once and as often as it takes, those by hand once a step.
#[derive(Clone)]
pub struct Coordination<'m> {
    market: &'m Market<'m>,
    applicants: Applicants,
    /// Trees that are decided by hand.
    manual: Vec<bool>,
    offers: Offers<'m>,
}

impl<'m> Coordination<'m> {
    /// Before the first step: everybody but those by hand has answered.
    pub fn new(market: &'m Market<'m>, by_hand: impl Fn(u32) -> bool) -> Self {
        let applicants = Applicants::new(market);
        let mut manual = vec![false; applicants.trees() as usize];
        for (pool, &tree) in (0..).zip(&market.tree_of) {
            manual[tree as usize] |= by_hand(pool);
        }
        let mut offers = Offers::new(market);
        let trees = (0..applicants.trees()).collect();
        answer(&mut offers, &applicants, trees, |tree| !manual[tree as usize]);
        Self {
            market,
            applicants,
            manual,
            offers,
        }
    }

    /// A step: the pools by hand that answered in it make their offers, all by what they saw before it; then the others answer.
    pub fn step(&mut self, answered: impl Fn(u32) -> bool) {
        let mut acts = BTreeSet::new();
        for (pool, &tree) in (0..).zip(&self.market.tree_of) {
            if self.manual[tree as usize] && answered(pool) {
                acts.insert(tree);
            }
        }
        let made: Vec<(u32, u32)> = acts
            .into_iter()
            .flat_map(|tree| self.offers.pending(self.applicants.of(tree)))
            .collect();
        let mut busy = BTreeSet::new();
        for (child, entry) in made {
            busy.extend(self.offers.offer(child, entry).map(|down| self.offers.tree(down)));
        }
        answer(&mut self.offers, &self.applicants, busy, |tree| {
            !self.manual[tree as usize]
        });
    }

    /// Pools by hand that have an offer to make, with the children to whom it would go: they are waited for.
    pub fn pending(&mut self) -> Vec<(u32, Vec<u32>)> {
        let mut found: Vec<(u32, Vec<u32>)> = Vec::new();
        for tree in self.hands() {
            let mut offers = self.offers.pending(self.applicants.of(tree));
            offers.sort_by_key(|&(_, entry)| self.market.pool(entry));
            for (child, entry) in offers {
                let pool = self.market.pool(entry);
                match found.last_mut() {
                    Some((last, children)) if *last == pool => children.push(child),
                    _ => found.push((pool, vec![child])),
                }
            }
        }
        found
    }

    fn hands(&self) -> Vec<u32> {
        let trees = (0..self.applicants.trees()).zip(&self.manual);
        trees.filter(|(_, manual)| **manual).map(|(tree, _)| tree).collect()
    }

    /// Children who wish any of these pools of one tree, best first.
    pub fn applicants(&self, pools: &[u32]) -> Vec<u32> {
        let Some(&first) = pools.first() else { return Vec::new() };
        let tree = self.applicants.of(self.market.tree_of[first as usize]);
        let own = tree
            .iter()
            .filter(|&&(_, entry)| pools.contains(&self.market.pool(entry)));
        let mut seen = BTreeSet::new();
        own.map(|&(child, _)| child)
            .filter(|child| seen.insert(*child))
            .collect()
    }

    /// The pool whose offer a child holds.
    pub fn held(&self, child: u32) -> Option<u32> {
        let held = self.offers.held[child as usize];
        (held != NONE).then(|| self.market.pool(held))
    }

    /// How a child stands with the pools of a facility; `None` where it wishes none. The second: whether one of them made it an offer in
    /// any step.
    pub fn stands(&self, child: u32, pools: &[u32]) -> Option<(Stands, bool)> {
        let list = self.market.lists[child as usize];
        let wished = (list.from..list.to).filter(|&entry| pools.contains(&self.market.pool(entry)));
        let wished: Vec<u32> = wished.collect();
        let held = self.offers.held[child as usize];
        let stands = match held {
            _ if wished.is_empty() => return None,
            _ if wished.contains(&held) => Stands::Held,
            _ if wished.iter().any(|&entry| self.market.prefers(child, entry, held)) => Stands::Open,
            _ if wished.iter().all(|&entry| held < entry) => Stands::Elsewhere,
            _ => Stands::Out,
        };
        let offered = wished.iter().any(|&entry| self.offers.made[entry as usize]);
        Some((stands, offered))
    }

    /// Children whose offer cannot become a better one any more, whatever order is still to come: nobody who is waited for, and nobody
    /// who could get a seat back because of them, is liked better.
    pub fn finals(&mut self) -> Vec<bool> {
        let mut last: Vec<bool> = self.offers.held.iter().map(|&held| held != NONE).collect();
        let mut queue: Vec<u32> = self.hands();
        queue.retain(|&tree| !self.offers.pending(self.applicants.of(tree)).is_empty());
        let mut seen: BTreeSet<u32> = queue.iter().copied().collect();
        while let Some(tree) = queue.pop() {
            for &(child, entry) in self.applicants.of(tree) {
                let held = self.offers.held[child as usize];
                if held == NONE || !self.market.prefers(child, entry, held) {
                    continue;
                }
                last[child as usize] = false;
                let left = self.offers.tree(held);
                if seen.insert(left) {
                    queue.push(left);
                }
            }
        }
        last
    }

    /// How many steps are left if everybody answers by the order that stands.
    pub fn steps_left(&self) -> u32 {
        let mut ahead = self.clone();
        let mut steps = 0;
        while !ahead.pending().is_empty() {
            ahead.step(|_| true);
            steps += 1;
        }
        steps
    }
}
