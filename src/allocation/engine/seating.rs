//! Who sits where in a capacity tree with reserves, and what changes when a child comes or goes.

use std::collections::BTreeSet;

use super::super::instance::NONE;
use super::market::Market;
use super::reserves::{self, Reserves};

/// Set in the key of a child that holds no reserved seat: all who do go before, as do incumbents.
const OPEN: u64 = 1 << 63;

/// The choice of every tree from all who have applied so far, kept up to date child by child.
///
/// A tree chooses greedily: first the holders of reserved seats by priority, then the others, each kept while every bound above it
/// has room. Since bounds are nested, a newcomer competes with the children of the lowest full bound above it, and with nobody
/// else.
#[derive(Clone)]
pub(super) struct Seating<'m> {
    market: &'m Market<'m>,
    /// For each child the entry that it holds, or [`NONE`].
    pub(super) held: Vec<u32>,
    /// Keys of the children in each slot.
    inside: Vec<BTreeSet<u64>>,
    reserves: Vec<Option<Box<Reserves>>>,
    /// The key under which each child sits.
    key: Vec<u64>,
}

impl<'m> Seating<'m> {
    pub(super) fn new(market: &'m Market<'m>) -> Self {
        let pools = market.instance.pools.iter();
        let reserves = pools.map(|pool| (!pool.reserves.is_empty()).then(|| Box::new(Reserves::new(&pool.reserves))));
        Self {
            market,
            held: vec![NONE; market.lists.len()],
            inside: vec![BTreeSet::new(); market.slots.len()],
            reserves: reserves.collect(),
            key: vec![0; market.lists.len()],
        }
    }

    /// The lowest full bound above a pool.
    pub(super) fn full(&self, pool: u32) -> Option<u32> {
        self.market
            .bounds(pool)
            .find(|&slot| self.inside[slot as usize].len() >= self.market.slots[slot as usize].cap as usize)
    }

    /// Children in a slot, best first.
    pub(super) fn inside(&self, slot: u32) -> impl DoubleEndedIterator<Item = u32> {
        self.inside[slot as usize]
            .iter()
            .map(|&key| self.market.child(key & !OPEN))
    }

    /// Whether a child sits on an open seat, neither reserved nor by incumbency.
    pub(super) fn is_open(&self, child: u32) -> bool {
        let incumbent = self.market.entries[self.held[child as usize] as usize].class == super::market::INCUMBENT;
        self.key[child as usize] & OPEN != 0 && !incumbent
    }

    /// The key of an applicant without a reserved seat.
    fn open_key(&self, child: u32, entry: u32) -> u64 {
        let key = self.market.key(child, entry);
        if self.market.entries[entry as usize].class == super::market::INCUMBENT {
            key
        } else {
            key | OPEN
        }
    }

    fn types(&self, child: u32) -> &'m [u32] {
        self.market.instance.types_of(child)
    }

    /// Whether the choice of the pool's tree would take this child beside all whom it has.
    pub(super) fn would_take(&self, child: u32, entry: u32) -> bool {
        let pool = self.market.pool(entry);
        let key = self.market.key(child, entry);
        let reserve = match &self.reserves[pool as usize] {
            Some(reserves) => reserves.would(key, self.types(child)),
            None => reserves::Entry::No,
        };
        let key = match reserve {
            // It takes over the seat of a holder, who then competes for an open one.
            reserves::Entry::Replaces(_) => return true,
            reserves::Entry::Joins => key,
            reserves::Entry::No => self.open_key(child, entry),
        };
        match self.full(pool) {
            None => true,
            Some(full) => self.inside[full as usize].last().is_some_and(|&worst| key < worst),
        }
    }

    /// Lets a child apply that holds nothing; tells who has to go for it, which may be itself, and from which entry.
    pub(super) fn apply(&mut self, child: u32, entry: u32) -> Option<(u32, u32)> {
        debug_assert!(self.held[child as usize] == NONE, "a child sits on one seat");
        let pool = self.market.pool(entry) as usize;
        let (key, types) = (self.market.key(child, entry), self.types(child));
        let reserve = self.reserves[pool]
            .as_mut()
            .map_or(reserves::Entry::No, |reserves| reserves.apply(key, types));
        match reserve {
            reserves::Entry::No => self.seat(child, entry, self.open_key(child, entry)),
            reserves::Entry::Joins => self.seat(child, entry, key),
            reserves::Entry::Replaces(holder) => {
                let other = self.market.child(holder);
                let held = self.held[other as usize];
                self.unseat(other);
                let lost = self.seat(child, entry, key);
                debug_assert!(lost.is_none(), "the place of the other is free");
                self.seat(other, held, self.open_key(other, held))
            }
        }
    }

    /// Takes a child from its seat. The best one in the pool who can then has a reserved seat instead of it.
    pub(super) fn leave(&mut self, child: u32) {
        let (key, pool) = (self.key[child as usize], self.market.pool(self.held[child as usize]));
        self.unseat(child);
        let Some(mut reserves) = self.reserves[pool as usize].take() else {
            return;
        };
        if reserves.leave(key & !OPEN) {
            self.promote(pool, &mut reserves);
        }
        self.reserves[pool as usize] = Some(reserves);
    }

    fn promote(&mut self, pool: u32, reserves: &mut Reserves) {
        let open: Vec<u32> = self
            .inside(pool)
            .filter(|&child| self.key[child as usize] & OPEN != 0)
            .collect();
        for child in open {
            let entry = self.held[child as usize];
            let key = self.market.key(child, entry);
            if reserves.apply(key, self.types(child)) == reserves::Entry::Joins {
                self.unseat(child);
                self.take_seat(child, entry, key);
                break;
            }
        }
    }

    fn seat(&mut self, child: u32, entry: u32, key: u64) -> Option<(u32, u32)> {
        let Some(full) = self.full(self.market.pool(entry)) else {
            self.take_seat(child, entry, key);
            return None;
        };
        let worst = self.inside[full as usize].last().copied().filter(|&worst| key < worst);
        let loser = worst.map_or(child, |worst| self.market.child(worst & !OPEN));
        let (lost_key, lost) = if loser == child {
            (key, entry)
        } else {
            let lost = (self.key[loser as usize], self.held[loser as usize]);
            self.unseat(loser);
            self.take_seat(child, entry, key);
            lost
        };
        // Who goes was the worst below a full bound, so nobody there is left to take over a reserved seat.
        if let Some(reserves) = self.reserves[self.market.pool(lost) as usize].as_mut() {
            reserves.leave(lost_key & !OPEN);
        }
        Some((loser, lost))
    }

    fn take_seat(&mut self, child: u32, entry: u32, key: u64) {
        self.held[child as usize] = entry;
        self.key[child as usize] = key;
        for slot in self.market.bounds(self.market.pool(entry)) {
            self.inside[slot as usize].insert(key);
        }
    }

    fn unseat(&mut self, child: u32) {
        let key = self.key[child as usize];
        for slot in self.market.bounds(self.market.pool(self.held[child as usize])) {
            self.inside[slot as usize].remove(&key);
        }
        self.held[child as usize] = NONE;
    }
}
