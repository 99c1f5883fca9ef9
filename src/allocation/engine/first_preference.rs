//! "First preference first", as many hand out places today, to set beside the outcome.

use std::ops::Range;

use super::super::instance::{ChildRow, NONE};
use super::market::Market;
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
    /// Seats that stayed empty though such a child could have them.
    pub wasted_seats: u64,
}

impl Market<'_> {
    /// Where each child would go: all first wishes are served by priority, then all second ones in what is left, and so on. Reserves
    /// do not count, and each child wishes for itself. Fixed children have their place here as well.
    pub fn first_preference_first(&self) -> Vec<Option<u32>> {
        let place = |(&held, row): (&u32, &ChildRow)| match held {
            NONE => Some(row.fixed).filter(|&pool| pool != NONE),
            held => Some(self.pool(held)),
        };
        self.immediate()
            .iter()
            .zip(&self.instance.children)
            .map(place)
            .collect()
    }

    /// The wishes of a child for itself, also where its family asks for joint ones only.
    fn own(&self, child: u32) -> Range<u32> {
        let (list, row) = (&self.lists[child as usize], &self.instance.children[child as usize]);
        match (row.fixed, row.incumbent) {
            (NONE, NONE) => list.from..list.to,
            // Wishes below the place that it has do not count.
            (NONE, _) => list.from..list.last,
            _ => list.from..list.from,
        }
    }

    /// The figures of [`first_preference_first`](Self::first_preference_first).
    pub fn compare_first_preference_first(&self) -> FirstPreferenceFirst {
        let held = self.immediate();
        let (mut placed, mut first_wish) = (0, 0);
        for ((&held, list), (child, row)) in held.iter().zip(&self.lists).zip((0..).zip(&self.instance.children)) {
            let listed = self.instance.wishes_of(child).next();
            let fixed_first =
                row.fixed != NONE && listed.is_some_and(|wish| self.instance.wish_pool[wish] == row.fixed);
            placed += u64::from(held != NONE || row.fixed != NONE);
            first_wish += u64::from(list.from == held || fixed_first);
        }
        let settled = Settled {
            held,
            joint_at: vec![NONE; self.joints.len()],
            exceptions: Vec::new(),
        };
        let standing = &Standing::new(self, &settled);
        let settled = &settled;
        let claimed = |child: u32| {
            let held = settled.held[child as usize];
            let better = self.own(child).take_while(move |&entry| entry < held);
            better.filter(move |&entry| standing.takes(child, entry))
        };
        let children = 0..self.lists.len() as u32;
        let justified_envy = children
            .clone()
            .filter(|&child| claimed(child).next().is_some())
            .count() as u64;
        let wasted_seats = standing.empty_seats(children.flat_map(claimed));
        FirstPreferenceFirst {
            placed,
            first_wish,
            justified_envy,
            wasted_seats,
        }
    }

    fn immediate(&self) -> Vec<u32> {
        let mut held = vec![NONE; self.lists.len()];
        let mut counts = vec![0; self.slots.len()];
        let children = 0..self.lists.len() as u32;
        let longest = children.clone().map(|child| self.own(child).len()).max().unwrap_or(0);
        for wish in 0..longest {
            let free = children.clone().filter(|&child| held[child as usize] == NONE);
            let mut round: Vec<(u32, u64, u32, u32)> = free
                .filter_map(|child| Some((child, self.own(child).nth(wish)?)))
                .map(|(child, entry)| {
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
