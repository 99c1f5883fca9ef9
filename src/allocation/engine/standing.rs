//! How full everything is in the end, and how good one would have to be.

use super::super::instance::NONE;
use super::market::{INCUMBENT, Market};
use super::repair::Settled;
use super::seating::Seating;

/// The final state, from which the answer to every wish follows in constant time.
pub(super) struct Standing<'m> {
    pub(super) market: &'m Market<'m>,
    pub(super) settled: &'m Settled,
    /// Only where trees have reserves or nodes.
    seating: Option<Seating<'m>>,
    slots: Vec<SlotStanding>,
    /// The lowest full slot above each pool, or [`NONE`].
    full: Vec<u32>,
}

/// The children in one slot.
#[derive(Clone, Copy, Default)]
struct SlotStanding {
    count: u32,
    /// The worst child on an open seat and the one on a reserved seat, with their keys and entries.
    open: Option<(u64, u32)>,
    reserved: Option<(u64, u32)>,
    incumbents: bool,
}

impl<'m> Standing<'m> {
    pub(super) fn new(market: &'m Market<'m>, settled: &'m Settled) -> Self {
        let alone = market
            .instance
            .pools
            .iter()
            .all(|pool| pool.reserves.is_empty() && pool.node == NONE);
        let seating = (!alone).then(|| seating(market, &settled.held));
        let mut slots = vec![SlotStanding::default(); market.slots.len()];
        let seated = (0..).zip(&settled.held).filter(|&(_, &entry)| entry != NONE);
        for (child, &entry) in seated {
            let worst = Some((market.key(child, entry), entry));
            let open = seating.as_ref().is_none_or(|seating| seating.is_open(child));
            for slot in market.bounds(market.pool(entry)) {
                let standing = &mut slots[slot as usize];
                standing.count += 1;
                match (market.entries[entry as usize].class, open) {
                    (INCUMBENT, _) => standing.incumbents = true,
                    (_, true) => standing.open = standing.open.max(worst),
                    (_, false) => standing.reserved = standing.reserved.max(worst),
                }
            }
        }
        let full = (0..market.instance.pools.len() as u32).map(|pool| {
            let is_full = |&slot: &u32| slots[slot as usize].count >= market.slots[slot as usize].cap;
            market.bounds(pool).find(is_full).unwrap_or(NONE)
        });
        let full = full.collect();
        Self {
            market,
            settled,
            seating,
            slots,
            full,
        }
    }

    /// Whether the choice of the pool would take the child beside all whom it has.
    pub(super) fn takes(&self, child: u32, entry: u32) -> bool {
        if self.market.entries[entry as usize].class == INCUMBENT {
            return true;
        }
        if let Some(seating) = &self.seating {
            return seating.would_take(child, entry);
        }
        let Some(slot) = self.slots.get(self.full[self.market.pool(entry) as usize] as usize) else {
            return true;
        };
        slot.open
            .is_some_and(|(worst, _)| self.market.key(child, entry) < worst)
    }

    /// Whether somebody with less priority is on a reserved seat of the pool that refused a wish.
    pub(super) fn stands_behind_reserves(&self, child: u32, entry: u32) -> bool {
        let slot = self.slots.get(self.full[self.market.pool(entry) as usize] as usize);
        slot.and_then(|slot| slot.reserved)
            .is_some_and(|(worst, _)| self.market.key(child, entry) < worst)
    }

    /// The entry of the last child on an open seat below the lowest full bound of a pool.
    pub(super) fn last_open(&self, pool: u32) -> Option<u32> {
        let slot = self.slots.get(self.full[pool as usize] as usize)?;
        slot.open.map(|(_, entry)| entry)
    }

    /// How many of these entries could be taken together in seats that stayed empty.
    pub(super) fn empty_seats(&self, wanted: impl Iterator<Item = u32>) -> u64 {
        let mut counts: Vec<u32> = self.slots.iter().map(|slot| slot.count).collect();
        let mut empty = 0;
        for entry in wanted {
            let path = || self.market.bounds(self.market.pool(entry));
            if path().all(|slot| counts[slot as usize] < self.market.slots[slot as usize].cap) {
                path().for_each(|slot| counts[slot as usize] += 1);
                empty += 1;
            }
        }
        empty
    }

    /// Marks the entries for which their child would leave what it has.
    pub(super) fn waiting(&self) -> Vec<bool> {
        let market = self.market;
        let mut waiting = vec![false; market.entries.len()];
        for (child, list) in (0..).zip(&market.lists) {
            let joint = market.joint_of[child as usize];
            if joint == NONE || self.settled.joint_at[joint as usize] == NONE {
                let held = self.settled.held[child as usize];
                waiting[list.first as usize..list.last.min(held) as usize].fill(true);
            }
        }
        for (joint, &held) in market.joints.iter().zip(&self.settled.joint_at) {
            for wish in (0..joint.len().min(held)).map(|wish| joint.wish(wish)) {
                for (child, &entry) in joint.children().zip(wish) {
                    let held = self.settled.held[child as usize];
                    if (entry as usize) < waiting.len() && entry != held {
                        waiting[entry as usize] = true;
                    }
                }
            }
        }
        waiting
    }
}

fn seating<'m>(market: &'m Market<'m>, held: &[u32]) -> Seating<'m> {
    let mut seating = Seating::new(market);
    for (child, &entry) in (0..).zip(held).filter(|&(_, &entry)| entry != NONE) {
        let lost = seating.apply(child, entry);
        debug_assert!(lost.is_none(), "everybody in the final state has a seat");
    }
    seating
}
