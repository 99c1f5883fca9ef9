//! Deferred acceptance in capacity trees with reserves, which also runs on from any state: whoever lost a seat proposes on, and
//! every seat that became free goes to the best child who would rather have it.

use std::collections::{BTreeSet, VecDeque};

use super::super::instance::NONE;
use super::market::Market;
use super::seating::Seating;

/// A joint family that holds nothing and is to look for a joint wish.
pub(super) const WAITING: u32 = NONE - 1;

/// A state in which single children propose and move, while families with joint wishes only lose.
#[derive(Clone)]
pub(super) struct State<'m> {
    pub(super) market: &'m Market<'m>,
    pub(super) seating: Seating<'m>,
    /// For each joint family the joint wish that it holds, [`WAITING`] while it is to look for one, and [`NONE`] while its children
    /// are single ones.
    pub(super) joint_at: Vec<u32>,
    /// Single children who have to propose, with the entry at which they go on.
    proposals: VecDeque<(u32, u32)>,
    /// Trees in which a seat became free.
    pub(super) vacant: BTreeSet<u32>,
    /// Families whom others displaced, and families who should look again.
    pub(super) displaced: Vec<u32>,
    pub(super) curious: BTreeSet<u32>,
    /// For each tree its entries with their children, best first.
    applicants: &'m Applicants,
}

/// The entries of each tree with their children, best first.
#[derive(Clone, Debug)]
pub(super) struct Applicants {
    from: Vec<u32>,
    list: Vec<(u32, u32)>,
}

impl Applicants {
    pub(super) fn new(market: &Market<'_>) -> Self {
        let trees = market.tree_of.iter().max().map_or(0, |&tree| tree as usize + 1);
        let mut from = vec![0_u32; trees + 1];
        for entry in &market.entries {
            from[market.tree_of[entry.pool as usize] as usize + 1] += 1;
        }
        for tree in 0..trees {
            from[tree + 1] += from[tree];
        }
        let mut next = from.clone();
        let mut list = vec![(NONE, NONE); market.entries.len()];
        for (child, own) in (0..).zip(&market.lists) {
            for entry in own.from..own.to {
                let tree = market.tree_of[market.pool(entry) as usize] as usize;
                list[next[tree] as usize] = (child, entry);
                next[tree] += 1;
            }
        }
        for tree in 0..trees {
            let own = &mut list[from[tree] as usize..from[tree + 1] as usize];
            own.sort_unstable_by_key(|&(child, entry)| (market.key(child, entry), entry));
        }
        Self { from, list }
    }

    pub(super) fn trees(&self) -> u32 {
        self.from.len() as u32 - 1
    }

    pub(super) fn of(&self, tree: u32) -> &[(u32, u32)] {
        &self.list[self.from[tree as usize] as usize..self.from[tree as usize + 1] as usize]
    }
}

impl<'m> State<'m> {
    /// Nobody has a seat, and every single child is about to propose.
    pub(super) fn new(market: &'m Market<'m>, applicants: &'m Applicants) -> Self {
        let singles = (0..)
            .zip(&market.lists)
            .filter(|&(child, _)| market.joint_of[child as usize] == NONE);
        Self {
            market,
            seating: Seating::new(market),
            joint_at: vec![WAITING; market.joints.len()],
            proposals: singles.map(|(child, list)| (child, list.first)).collect(),
            vacant: BTreeSet::new(),
            displaced: Vec::new(),
            curious: BTreeSet::new(),
            applicants,
        }
    }

    /// The family of a child that is no single one.
    fn joint_held(&self, child: u32) -> Option<u32> {
        let joint = self.market.joint_of[child as usize];
        (joint != NONE && self.joint_at[joint as usize] != NONE).then_some(joint)
    }

    /// A child that has no seat proposes down its own list, from its start.
    pub(super) fn enter(&mut self, child: u32) {
        self.proposals
            .push_back((child, self.market.lists[child as usize].first));
    }

    /// Takes a child from its seat, which is then vacant.
    pub(super) fn vacate(&mut self, child: u32) {
        let entry = self.seating.held[child as usize];
        if entry != NONE {
            self.seating.leave(child);
            self.vacant
                .insert(self.market.tree_of[self.market.pool(entry) as usize]);
        }
    }

    /// Somebody lost the seat of this entry: a single child proposes on, a family gives up all its seats.
    pub(super) fn lost(&mut self, child: u32, entry: u32) {
        let Some(joint) = self.joint_held(child) else {
            self.proposals.push_back((child, entry + 1));
            return;
        };
        self.joint_at[joint as usize] = WAITING;
        self.displaced.push(joint);
        for sibling in self.market.joints[joint as usize].children() {
            self.vacate(sibling);
        }
    }

    /// Lets the single children propose and move until none of them would be taken anywhere better.
    pub(super) fn settle(&mut self) {
        loop {
            while let Some((child, entry)) = self.proposals.pop_front() {
                self.propose(child, entry);
            }
            match self.vacant.pop_first() {
                Some(tree) => self.refill(tree),
                None => break,
            }
        }
    }

    fn propose(&mut self, child: u32, from: u32) {
        let market = self.market;
        for entry in from..market.lists[child as usize].last {
            let held = self.seating.held[child as usize];
            // A seat that became free may have come to it since it lost the other: then only a better one is worth a proposal.
            if held != NONE {
                if entry >= held {
                    return;
                }
                if !self.seating.would_take(child, entry) {
                    continue;
                }
                self.vacate(child);
            }
            match self.seating.apply(child, entry) {
                Some((loser, _)) if loser == child => {}
                Some((loser, lost)) => {
                    self.lost(loser, lost);
                    return;
                }
                None => return,
            }
        }
    }

    /// Gives the free seats of a tree to the best children who prefer them, and tells families who might.
    fn refill(&mut self, tree: u32) {
        let applicants = self.applicants.of(tree);
        let mut at = 0;
        while let Some(&(child, entry)) = applicants.get(at) {
            at += 1;
            let joint = self.market.joint_of[child as usize];
            if joint != NONE {
                self.curious.insert(joint);
            }
            let held = self.seating.held[child as usize];
            let free = self.joint_held(child).is_none() && self.market.prefers(child, entry, held);
            if !free || !self.seating.would_take(child, entry) {
                continue;
            }
            if held != NONE {
                let left = self.market.tree_of[self.market.pool(held) as usize];
                self.seating.leave(child);
                if left == tree {
                    // A seat of this tree became free, which those before may prefer.
                    at = 0;
                } else {
                    self.vacant.insert(left);
                }
            }
            if let Some((loser, lost)) = self.seating.apply(child, entry) {
                self.lost(loser, lost);
            }
        }
    }
}
