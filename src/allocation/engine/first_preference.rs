//! "First preference first", as many hand out places today, to set beside the outcome.

use super::super::instance::NONE;
use super::market::{List, Market};
use super::repair::Settled;
use super::standing::Standing;

/// What the other mechanism does with the same wishes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FirstPreferenceFirst {
    /// Children with a place.
    pub placed: u64,
    /// Children with their first wish.
    pub first_wish: u64,
    /// Children whom a pool that they like better would take in place of somebody it has, or in an empty seat.
    pub justified_envy: u64,
}

impl Market<'_> {
    /// Where each child would go: all first wishes are served by priority, then all second ones in what is left, and so on. Reserves
    /// do not count, and each child wishes for itself.
    pub fn first_preference_first(&self) -> Vec<Option<u32>> {
        let held = self.immediate();
        held.iter()
            .map(|&held| (held != NONE).then(|| self.pool(held)))
            .collect()
    }

    /// The figures of [`first_preference_first`](Self::first_preference_first).
    pub fn compare_first_preference_first(&self) -> FirstPreferenceFirst {
        let held = self.immediate();
        let placed = held.iter().filter(|&&held| held != NONE).count() as u64;
        let first_wish = self
            .lists
            .iter()
            .zip(&held)
            .filter(|(list, held)| list.from == **held)
            .count() as u64;
        let settled = Settled {
            held,
            joint_at: vec![NONE; self.joints.len()],
            exceptions: Vec::new(),
        };
        let standing = Standing::new(self, &settled);
        let envies = |&(child, &List { first, last, .. }): &(u32, &List)| {
            (first..last.min(settled.held[child as usize])).any(|entry| standing.takes(child, entry))
        };
        let justified_envy = (0..).zip(&self.lists).filter(envies).count() as u64;
        FirstPreferenceFirst {
            placed,
            first_wish,
            justified_envy,
        }
    }

    fn immediate(&self) -> Vec<u32> {
        let mut held = vec![NONE; self.lists.len()];
        let mut counts = vec![0; self.slots.len()];
        let longest = self.lists.iter().map(|list| list.last - list.first).max().unwrap_or(0);
        for wish in 0..longest {
            let free = (0..)
                .zip(&self.lists)
                .filter(|&(child, list)| held[child as usize] == NONE && list.first + wish < list.last);
            let mut round: Vec<(u32, u64, u32, u32)> = free
                .map(|(child, list)| {
                    let entry = list.first + wish;
                    (
                        self.tree_of[self.pool(entry) as usize],
                        self.key(child, entry),
                        child,
                        entry,
                    )
                })
                .collect();
            round.sort_unstable();
            for (_, _, child, entry) in round {
                let bounds = || self.bounds(self.pool(entry));
                if bounds().all(|slot| counts[slot as usize] < self.slots[slot as usize].cap) {
                    bounds().for_each(|slot| counts[slot as usize] += 1);
                    held[child as usize] = entry;
                }
            }
        }
        held
    }
}
