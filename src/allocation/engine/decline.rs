//! A child that withdraws: only the chain of moves that follows is run, and it ends where a full run without the child would.

use super::super::instance::NONE;
use super::Settled;
use super::market::Market;
use super::settle::Applicants;

/// An allocation from which children withdraw one after the other. Nobody gets worse by it.
///
/// A free seat goes to the best child that would rather be there, whose seat is free then, and so on. After that, children whom
/// only the one that left had kept from it change seats in a circle. Both together give the best allocation for all children that
/// has no justified envy, as a full run does. With capacity trees, reserves or joint wishes a full run is made.
#[derive(Clone, Debug)]
pub struct Rolling<'i> {
    market: Market<'i>,
    applicants: Applicants,
    settled: Settled,
    /// For each pool how far down its applicants nobody would rather be there; children only move up, so it only grows.
    next: Vec<u32>,
    /// The last walk in which each pool was found to lead nowhere.
    walked: Vec<u32>,
    walk: u32,
}

/// A child that moves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Move {
    /// The child.
    pub child: u32,
    /// Where it was, if anywhere.
    pub from: Option<u32>,
    /// Where it goes, if anywhere.
    pub to: Option<u32>,
}

impl<'i> Rolling<'i> {
    /// Begins with the allocation of a market.
    pub fn new(market: Market<'i>) -> Self {
        let settled = market.settle();
        let pools = market.instance.pools.len();
        let applicants = Applicants::new(&market);
        Self {
            applicants,
            settled,
            next: vec![0; pools],
            walked: vec![0; pools],
            walk: 0,
            market,
        }
    }

    /// The pool of a child.
    pub fn pool(&self, child: u32) -> Option<u32> {
        let held = self.settled.held[child as usize];
        (held != NONE).then(|| self.market.pool(held))
    }

    /// Takes a child with all its wishes out, and tells who moves because of that.
    pub fn withdraw(&mut self, child: u32) -> Vec<Move> {
        let list = &mut self.market.lists[child as usize];
        let (first, last) = (list.first, list.last);
        list.last = list.first;
        if !self.market.simple {
            return self.run_again();
        }
        let held = std::mem::replace(&mut self.settled.held[child as usize], NONE);
        let mut moves = Vec::new();
        let mut changed: Vec<u32> = (first..last.min(held)).map(|entry| self.market.pool(entry)).collect();
        if held != NONE {
            self.fill(self.market.pool(held), &mut moves, &mut changed);
        }
        self.rotate(changed, &mut moves);
        moves
    }

    fn run_again(&mut self) -> Vec<Move> {
        let before = std::mem::replace(&mut self.settled, self.market.settle());
        let pool = |held: u32| (held != NONE).then(|| self.market.pool(held));
        let pairs = before
            .held
            .iter()
            .zip(&self.settled.held)
            .zip(0..)
            .filter(|((before, after), _)| before != after);
        pairs
            .map(|((&before, &after), child)| Move {
                child,
                from: pool(before),
                to: pool(after),
            })
            .collect()
    }

    /// The best child that would rather be in this pool.
    fn best_waiting(&mut self, pool: u32) -> Option<(u32, u32)> {
        let applicants = self.applicants.of(self.market.tree_of[pool as usize]);
        let next = &mut self.next[pool as usize];
        while let Some(&(child, entry)) = applicants.get(*next as usize) {
            if self.market.prefers(child, entry, self.settled.held[child as usize]) {
                return Some((child, entry));
            }
            *next += 1;
        }
        None
    }

    /// Moves a child up, and notes the pools that now see another child or see it elsewhere.
    fn promote(&mut self, child: u32, entry: u32, moves: &mut Vec<Move>, changed: &mut Vec<u32>) -> u32 {
        let left = std::mem::replace(&mut self.settled.held[child as usize], entry);
        let list = self.market.lists[child as usize];
        changed.extend((list.first..list.last.min(left)).map(|entry| self.market.pool(entry)));
        let from = (left != NONE).then(|| self.market.pool(left));
        moves.push(Move {
            child,
            from,
            to: Some(self.market.pool(entry)),
        });
        from.unwrap_or(NONE)
    }

    fn fill(&mut self, mut pool: u32, moves: &mut Vec<Move>, changed: &mut Vec<u32>) {
        while pool != NONE {
            let Some((child, entry)) = self.best_waiting(pool) else {
                break;
            };
            pool = self.promote(child, entry, moves, changed);
        }
    }

    /// Lets children change seats in circles in which each is the best that waits for the next one's pool.
    fn rotate(&mut self, mut changed: Vec<u32>, moves: &mut Vec<Move>) {
        self.walk += 1;
        while let Some(start) = changed.pop() {
            let mut way: Vec<u32> = Vec::new();
            let mut pool = start;
            let circle = loop {
                if let Some(at) = way.iter().position(|&before| before == pool) {
                    break Some(at);
                }
                if self.walked[pool as usize] == self.walk {
                    break None;
                }
                way.push(pool);
                match self
                    .best_waiting(pool)
                    .map(|(child, _)| self.settled.held[child as usize])
                {
                    None | Some(NONE) => break None,
                    Some(held) => pool = self.market.pool(held),
                }
            };
            let Some(at) = circle else {
                way.iter().for_each(|&pool| self.walked[pool as usize] = self.walk);
                continue;
            };
            let circle: Vec<(u32, u32)> = way[at..].iter().filter_map(|&pool| self.best_waiting(pool)).collect();
            for (child, entry) in circle {
                self.promote(child, entry, moves, &mut changed);
            }
            changed.push(start);
            self.walk += 1;
        }
    }
}

impl Market<'_> {
    /// The market without this child's wishes.
    pub fn withdrawn(mut self, child: u32) -> Self {
        let list = &mut self.lists[child as usize];
        list.last = list.first;
        self
    }

    /// The pool of each child, without anything else that a run gives.
    pub fn places(&self) -> Vec<Option<u32>> {
        let held = self.settle().held;
        held.iter()
            .map(|&held| (held != NONE).then(|| self.pool(held)))
            .collect()
    }
}
