//! The choice of one tree among any applicants, made from scratch: whom to offer its seats.

use super::super::instance::NONE;
use super::market::{INCUMBENT, Market};
use super::reserves::{Entry, Reserves};

/// Entries that a tree chooses among these applicants, who come best first: the holders of reserved seats, then the others, each
/// kept while every bound above it has room. A child may be chosen twice, by two pools of the tree.
pub(super) fn choose(market: &Market<'_>, applicants: &[(u32, u32)], counts: &mut [u32]) -> Vec<(u32, u32)> {
    let reserved = reserved(market, applicants);
    let open = |at: usize| !reserved[at] && market.entries[applicants[at].1 as usize].class != INCUMBENT;
    let (first, later): (Vec<usize>, Vec<usize>) = (0..applicants.len()).partition(|&at| !open(at));
    let mut chosen = Vec::new();
    for &(child, entry) in first.iter().chain(&later).map(|&at| &applicants[at]) {
        let bounds = || market.bounds(market.pool(entry));
        if bounds().all(|slot| counts[slot as usize] < market.slots[slot as usize].cap) {
            bounds().for_each(|slot| counts[slot as usize] += 1);
            chosen.push((child, entry));
        }
    }
    for &(_, entry) in &chosen {
        market
            .bounds(market.pool(entry))
            .for_each(|slot| counts[slot as usize] = 0);
    }
    chosen
}

/// Who of the applicants gets a reserved seat.
fn reserved(market: &Market<'_>, applicants: &[(u32, u32)]) -> Vec<bool> {
    let mut reserved = vec![false; applicants.len()];
    let mut pools: Vec<(u32, usize)> = (0..)
        .zip(applicants)
        .map(|(at, &(_, entry))| (market.pool(entry), at))
        .collect();
    pools.retain(|&(pool, _)| !market.instance.pools[pool as usize].reserves.is_empty());
    pools.sort_unstable();
    for pool in pools.chunk_by(|a, b| a.0 == b.0) {
        let mut reserves = Reserves::new(&market.instance.pools[pool[0].0 as usize].reserves);
        for &(_, at) in pool {
            let (child, entry) = applicants[at];
            let joined = reserves.apply(market.key(child, entry), market.instance.types_of(child));
            reserved[at] = joined == Entry::Joins;
        }
    }
    reserved
}

/// The entries of children who are chosen by a better one as well, in their order.
fn worse(chosen: &[(u32, u32)]) -> Vec<u32> {
    let mut chosen = chosen.to_vec();
    chosen.sort_unstable();
    let twice = chosen.windows(2).filter(|two| two[0].0 == two[1].0);
    let mut worse: Vec<u32> = twice.map(|two| two[1].1).collect();
    worse.sort_unstable();
    worse
}

/// Facilities propose: each tree offers its seats to its choice, and children keep the best offer, so that they only move up.
#[derive(Clone)]
pub(super) struct Offers<'m> {
    market: &'m Market<'m>,
    /// For each child the entry that it holds, or [`NONE`].
    pub(super) held: Vec<u32>,
    /// The entries that were offered, whatever became of it.
    pub(super) made: Vec<bool>,
    counts: Vec<u32>,
}

impl<'m> Offers<'m> {
    pub(super) fn new(market: &'m Market<'m>) -> Self {
        Self {
            market,
            held: vec![NONE; market.lists.len()],
            made: vec![false; market.entries.len()],
            counts: vec![0; market.slots.len()],
        }
    }

    /// The tree of an entry.
    pub(super) fn tree(&self, entry: u32) -> u32 {
        self.market.tree_of[self.market.pool(entry) as usize]
    }

    /// Whom a tree would make an offer now: its choice among those who hold nothing better, less those who hold its offer. No child gets
    /// two offers of one tree, for it would turn the worse one down at once: that seat goes to the next.
    pub(super) fn pending(&mut self, applicants: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let open = |&(child, entry): &(u32, u32)| {
            let held = self.held[child as usize];
            entry == held || self.market.prefers(child, entry, held)
        };
        let mut open: Vec<(u32, u32)> = applicants.iter().copied().filter(open).collect();
        loop {
            let mut chosen = choose(self.market, &open, &mut self.counts);
            let worse = worse(&chosen);
            if worse.is_empty() {
                chosen.retain(|&(child, entry)| self.held[child as usize] != entry);
                return chosen;
            }
            open.retain(|(_, entry)| worse.binary_search(entry).is_err());
        }
    }

    /// Makes an offer, and tells which entry the child turns down for it: what it held, or the offer.
    pub(super) fn offer(&mut self, child: u32, entry: u32) -> Option<u32> {
        self.made[entry as usize] = true;
        let held = &mut self.held[child as usize];
        let down = if entry < *held {
            std::mem::replace(held, entry)
        } else {
            entry
        };
        (down != NONE).then_some(down)
    }
}
