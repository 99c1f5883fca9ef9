//! Families with joint wishes: a repair in the order of the lottery, and the exceptions where none succeeds.

use std::collections::BTreeSet;

use super::super::instance::NONE;
use super::market::{BARRED, Market};
use super::settle::{Applicants, State, WAITING};

/// Where everybody goes in the end.
#[derive(Clone, Debug)]
pub struct Settled {
    /// For each child the entry that it holds, or [`NONE`].
    pub(super) held: Vec<u32>,
    /// For each joint family the joint wish that it holds, or [`NONE`].
    pub(super) joint_at: Vec<u32>,
    /// Joint families that may claim a joint wish which was not granted, and that wish.
    pub(super) exceptions: Vec<(u32, u32)>,
}

/// Steps that a repair may take for each family before one of them is parked.
const STEPS: usize = 3;

/// Solves an instance with capacity trees, reserves or joint wishes.
pub(super) fn solve(market: &Market<'_>) -> Settled {
    let applicants = Applicants::new(market);
    let mut state = State::new(market, &applicants);
    state.settle();
    let joints = 0..market.joints.len() as u32;
    let mut repair = Repair::new(state, joints.clone());
    repair.run();
    let mut best = repair.settled();
    // Whoever was parked may fit after all, now that the others have found their places.
    for joint in joints {
        if !repair.parked[joint as usize] {
            continue;
        }
        let mut trial = repair.clone();
        trial.release(joint);
        let again = trial.settled();
        if trial.parked == repair.parked || again.exceptions.len() > best.exceptions.len() {
            continue;
        }
        (best, repair) = (again, trial);
    }
    best
}

#[derive(Clone)]
struct Repair<'m> {
    state: State<'m>,
    /// Families who are to look for a joint wish, by lottery.
    queue: BTreeSet<(u32, u32)>,
    /// How often each was displaced.
    displaced: Vec<u32>,
    /// Families for whom joint wishes do not count for the time being.
    parked: Vec<bool>,
}

impl<'m> Repair<'m> {
    fn new(state: State<'m>, joints: impl Iterator<Item = u32>) -> Self {
        let count = state.joint_at.len();
        let mut repair = Self {
            state,
            queue: BTreeSet::new(),
            displaced: vec![0; count],
            parked: vec![false; count],
        };
        joints.for_each(|joint| repair.enqueue(joint));
        repair
    }

    fn enqueue(&mut self, joint: u32) {
        if !self.parked[joint as usize] {
            let market = self.state.market;
            let first = market.joints[joint as usize].child;
            self.queue.insert((market.tie[first as usize], joint));
        }
    }

    /// Works off the queue; if that takes too long, the family displaced most often is parked, and so on.
    fn run(&mut self) {
        let allowed = STEPS * self.state.market.joints.len();
        let mut left = allowed;
        while let Some((_, joint)) = self.queue.pop_first() {
            if left == 0 {
                self.enqueue(joint);
                self.park();
                left = allowed;
                continue;
            }
            left -= 1;
            self.step(joint);
        }
    }

    fn step(&mut self, joint: u32) {
        if self.state.take_best(joint) {
            self.settle();
        } else if self.state.joint_at[joint as usize] == WAITING {
            self.fall_back(joint);
            self.settle();
        }
    }

    /// Without a joint wish each child proposes for itself.
    fn fall_back(&mut self, joint: u32) {
        self.state.joint_at[joint as usize] = NONE;
        for child in self.state.market.joints[joint as usize].children() {
            self.state.enter(child);
        }
    }

    fn settle(&mut self) {
        self.state.settle();
        for joint in std::mem::take(&mut self.state.displaced) {
            self.displaced[joint as usize] += 1;
            self.enqueue(joint);
        }
        for joint in std::mem::take(&mut self.state.curious) {
            self.enqueue(joint);
        }
    }

    fn park(&mut self) {
        let candidates = (0..self.parked.len()).filter(|&joint| !self.parked[joint]);
        // Among equals the last in the lottery.
        let Some(joint) = candidates.max_by_key(|&joint| {
            let first = self.state.market.joints[joint].child;
            (self.displaced[joint], self.state.market.tie[first as usize])
        }) else {
            return;
        };
        let joint = joint as u32;
        self.parked[joint as usize] = true;
        self.displaced.fill(0);
        self.queue.retain(|&(_, other)| other != joint);
        if self.state.joint_at[joint as usize] != NONE {
            for child in self.state.market.joints[joint as usize].children() {
                self.state.vacate(child);
            }
            self.fall_back(joint);
        }
        self.settle();
    }

    fn release(&mut self, joint: u32) {
        self.parked[joint as usize] = false;
        self.enqueue(joint);
        self.run();
    }

    fn settled(&self) -> Settled {
        let mut state = self.state.clone();
        state.recognise_joint();
        let claims = (0..self.parked.len() as u32).filter_map(|joint| Some((joint, state.claim(joint)?)));
        let exceptions = claims.collect();
        Settled {
            held: state.seating.held,
            joint_at: state.joint_at,
            exceptions,
        }
    }
}

impl State<'_> {
    /// A family whose children came to the seats of a joint wish one by one has that joint wish.
    fn recognise_joint(&mut self) {
        for (joint, at) in self
            .market
            .joints
            .iter()
            .zip(&mut self.joint_at)
            .filter(|(_, at)| **at == NONE)
        {
            let held = &self.seating.held[joint.child as usize..][..joint.columns as usize];
            if let Some(wish) = (0..joint.len()).find(|&wish| joint.wish(wish) == held) {
                *at = wish;
            }
        }
    }

    /// Moves a family to the best joint wish that it may claim and that is better than what it holds.
    fn take_best(&mut self, joint: u32) -> bool {
        let Some((wish, lost)) = self.try_wishes(joint) else {
            return false;
        };
        self.joint_at[joint as usize] = wish;
        for (child, entry) in lost {
            self.lost(child, entry);
        }
        true
    }

    /// The best joint wish that a family may claim and that is better than what it holds; nothing is changed.
    fn claim(&mut self, joint: u32) -> Option<u32> {
        let family = &self.market.joints[joint as usize];
        let before: Vec<u32> = family
            .children()
            .map(|child| self.seating.held[child as usize])
            .collect();
        let vacant = self.vacant.clone();
        let (wish, lost) = self.try_wishes(joint)?;
        for child in family.children() {
            if self.seating.held[child as usize] != NONE {
                self.seating.leave(child);
            }
        }
        self.restore(lost);
        self.restore(family.children().zip(before).collect());
        self.vacant = vacant;
        Some(wish)
    }

    /// Seats a family by its best joint wish that all its children would get, and tells who lost a seat by that.
    fn try_wishes(&mut self, joint: u32) -> Option<(u32, Vec<(u32, u32)>)> {
        let family = &self.market.joints[joint as usize];
        let better = match self.joint_at[joint as usize] {
            NONE | WAITING => family.len(),
            held => held,
        };
        let before: Vec<(u32, u32)> = family
            .children()
            .map(|child| (child, self.seating.held[child as usize]))
            .filter(|&(_, held)| held != NONE)
            .collect();
        for &(child, _) in &before {
            self.seating.leave(child);
        }
        for at in 0..better {
            if let Some(lost) = self.try_wish(family.child, family.wish(at)) {
                for (_, entry) in before {
                    self.vacant
                        .insert(self.market.tree_of[self.market.pool(entry) as usize]);
                }
                return Some((at, lost));
            }
        }
        self.restore(before);
        None
    }

    fn try_wish(&mut self, first: u32, wish: &[u32]) -> Option<Vec<(u32, u32)>> {
        let seats = || (first..).zip(wish.iter().copied()).filter(|&(_, entry)| entry != NONE);
        if !seats().all(|(child, entry)| entry != BARRED && self.seating.would_take(child, entry)) {
            return None;
        }
        let mut lost = Vec::new();
        for (child, entry) in seats() {
            let Some((loser, held)) = self.seating.apply(child, entry) else {
                continue;
            };
            if (first..first + wish.len() as u32).contains(&loser) {
                for (child, _) in seats()
                    .filter(|&(child, _)| self.seating.held[child as usize] != NONE)
                    .collect::<Vec<_>>()
                {
                    self.seating.leave(child);
                }
                self.restore(lost);
                return None;
            }
            lost.push((loser, held));
        }
        Some(lost)
    }

    /// Gives children the seats back from which they were taken.
    fn restore(&mut self, seats: Vec<(u32, u32)>) {
        for (child, entry) in seats.into_iter().filter(|&(_, entry)| entry != NONE) {
            let lost = self.seating.apply(child, entry);
            debug_assert!(lost.is_none(), "the seat was free");
        }
    }
}
