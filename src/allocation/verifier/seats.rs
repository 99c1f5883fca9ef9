//! How the seats are taken: counts against every bound, and what would happen to one more applicant.

use super::super::instance::{Instance, NONE};
use super::Violation;
use super::order::Order;
use super::places::Places;
use super::reserves::{Matching, Way};

/// How a child has its seat; earlier kinds go before later ones.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Seat {
    /// Fixed or incumbent.
    Stays,
    /// Reserved for one of its types.
    Reserved,
    /// Open to all.
    Open,
}

/// A seat with the place of its child in the order: the larger goes first of two who compete.
pub(super) type Standing = (Seat, u32);

/// Who goes last of those with one kind of seat, or nobody: place in the order, then child, as one number of which the larger goes later.
#[derive(Clone, Copy, Default, Eq, Ord, PartialEq, PartialOrd)]
struct Last(u64);

impl Last {
    fn new(place: u32, child: u32) -> Self {
        Self((u64::from(place) << 32 | u64::from(child)) + 1)
    }

    /// Place and child.
    fn get(self) -> Option<(u32, u32)> {
        let both = self.0.checked_sub(1)?;
        Some(((both >> 32) as u32, both as u32))
    }
}

/// How the seats are taken.
pub(super) struct Seats {
    /// The seat of each child that has one.
    pub(super) seat: Vec<Option<Standing>>,
    /// For each pool whether it keeps seats for some.
    kept: Vec<bool>,
    /// For each pool, then each node: children in it, and its cap.
    pub(super) taken: Vec<(u64, u32)>,
    /// For each pool, then each node: who goes last in it, of all and of the kinds reserved and open, as children.
    last: Vec<[Last; 2]>,
    /// For each pool, then each node: the lowest full one from there upwards.
    full: Vec<u32>,
    /// For each pool what an applicant must go before to be taken: everything where no bound is full.
    bar: Vec<Standing>,
    /// For each pool with reserves how a child of each type would fare.
    ways: Vec<Vec<Way>>,
}

impl Seats {
    pub(super) fn new(instance: &Instance, order: &Order, places: &Places, found: &mut Vec<Violation>) -> Self {
        let pools = instance.pools.len();
        let mut seats = Self {
            seat: vec![None; instance.children.len()],
            kept: instance.pools.iter().map(|pool| !pool.reserves.is_empty()).collect(),
            taken: instance
                .pools
                .iter()
                .map(|pool| pool.cap)
                .chain(instance.nodes.iter().map(|node| node.cap))
                .map(|cap| (0, cap))
                .collect(),
            last: vec![[Last::default(); 2]; pools + instance.nodes.len()],
            full: vec![NONE; pools + instance.nodes.len()],
            bar: Vec::new(),
            ways: vec![Vec::new(); pools],
        };
        seats.sit(instance, order, places);
        seats.add_up(instance, order);
        seats.bar = (0..pools).map(|pool| seats.bar_of(pool)).collect();
        let names = instance
            .pools
            .iter()
            .map(|pool| &pool.id)
            .chain(instance.nodes.iter().map(|node| &node.id));
        for (id, &(taken, cap)) in names.zip(&seats.taken) {
            if taken > u64::from(cap) {
                found.push(Violation::Overfull {
                    id: id.to_string(),
                    taken,
                    cap,
                });
            }
        }
        seats
    }

    fn sit(&mut self, instance: &Instance, order: &Order, places: &Places) {
        let mut candidates = Vec::new();
        for (child, (&pool, &rank)) in (0..).zip(places.pool.iter().zip(&places.rank)) {
            if pool == NONE {
                continue;
            }
            let wishes = order.wishes_of(child);
            let own = wishes.start + rank as usize;
            let place = if own < wishes.end { order.wish[own].place } else { 0 };
            let (mut kind, mut fixed) = (Seat::Open, false);
            if !order.plain[child as usize] {
                let row = &instance.children[child as usize];
                fixed = row.fixed != NONE;
                if pool == row.fixed || (!fixed && pool == row.incumbent) {
                    kind = Seat::Stays;
                }
            }
            let seat = (kind, place);
            self.seat[child as usize] = Some(seat);
            if self.kept[pool as usize] && !fixed {
                candidates.push((pool, seat, child));
            } else {
                self.note(pool, seat, child);
            }
        }
        candidates.sort_unstable();
        for pool in candidates.chunk_by(|a, b| a.0 == b.0) {
            let at = pool[0].0 as usize;
            let mut matching = Matching::new(&instance.pools[at].reserves);
            for &(_, standing, child) in pool {
                let (seat, place) = standing;
                // Those who stay come before all others, whatever their own wish says.
                let place = if seat == Seat::Stays { 0 } else { place };
                let reserved = matching.seat(place, instance.types_of(child)) && seat == Seat::Open;
                let standing = if reserved { (Seat::Reserved, place) } else { standing };
                self.seat[child as usize] = Some(standing);
                self.note(pool[0].0, standing, child);
            }
            self.ways[at] = matching.ways();
        }
        for (at, pool) in instance.pools.iter().enumerate() {
            if self.ways[at].len() < pool.reserves.len() {
                self.ways[at] = Matching::new(&pool.reserves).ways();
            }
        }
    }

    /// Counts a child, and whether it goes last of its kind.
    fn note(&mut self, pool: u32, (seat, place): Standing, child: u32) {
        let at = pool as usize;
        self.taken[at].0 += 1;
        let kind = match seat {
            Seat::Stays => return,
            Seat::Reserved => 0,
            Seat::Open => 1,
        };
        self.last[at][kind] = self.last[at][kind].max(Last::new(place, child));
    }

    fn add_up(&mut self, instance: &Instance, order: &Order) {
        let pools = instance.pools.len();
        let up = |node: u32| {
            if node == NONE {
                None
            } else {
                Some(pools + node as usize)
            }
        };
        let above = |at: usize| {
            up(if at < pools {
                instance.pools[at].node
            } else {
                instance.nodes[at - pools].parent
            })
        };
        let upwards = || (0..pools).chain(order.deepest_first.iter().map(|&node| pools + node as usize));
        for at in upwards() {
            if let Some(above) = above(at) {
                self.taken[above].0 += self.taken[at].0;
                for kind in 0..2 {
                    self.last[above][kind] = self.last[above][kind].max(self.last[at][kind]);
                }
            }
        }
        for at in upwards().collect::<Vec<_>>().into_iter().rev() {
            let (taken, cap) = self.taken[at];
            let is_full = taken >= u64::from(cap);
            self.full[at] = if is_full {
                at as u32
            } else {
                above(at).map_or(NONE, |above| self.full[above])
            };
        }
    }

    /// Whether the choice of a pool would take a child that applies by this wish beside all whom it has.
    #[inline]
    pub(super) fn takes(&self, instance: &Instance, order: &Order, child: u32, wish: usize) -> bool {
        let (pool, place) = (instance.wish_pool[wish] as usize, order.wish[wish].place);
        if instance.children[child as usize].incumbent as usize == pool {
            return true;
        }
        let ways = &self.ways[pool];
        if ways.is_empty() {
            return (Seat::Open, place) < self.bar[pool];
        }
        self.takes_beside_reserves(instance, child, pool, place)
    }

    /// From which place on a pool takes nobody but its incumbents, whatever their types; what it keeps for some makes that no certain place.
    pub(super) fn open_from(&self, pool: u32) -> u32 {
        match self.bar[pool as usize] {
            _ if !self.ways[pool as usize].is_empty() => u32::MAX,
            (Seat::Open, place) => place,
            _ => 0,
        }
    }

    fn takes_beside_reserves(&self, instance: &Instance, child: u32, pool: usize, place: u32) -> bool {
        let types = instance.types_of(child);
        let usable = instance.pools[pool]
            .reserves
            .iter()
            .zip(&self.ways[pool])
            .filter(|((kind, _), _)| types.contains(kind));
        let seat = match usable.map(|(_, &way)| way).max() {
            Some(Way::Before(other)) if place < other => return true,
            Some(Way::Open) => Seat::Reserved,
            _ => Seat::Open,
        };
        (seat, place) < self.bar[pool]
    }

    fn bar_of(&self, pool: usize) -> Standing {
        match self.full[pool] {
            NONE => (Seat::Open, u32::MAX),
            full => {
                let [reserved, open] = self.last[full as usize];
                // Before those who stay nobody goes.
                let open = open.get().map(|(place, _)| (Seat::Open, place));
                let reserved = reserved.get().map(|(place, _)| (Seat::Reserved, place));
                open.or(reserved).unwrap_or((Seat::Stays, 0))
            }
        }
    }

    /// Why a pool takes no more children: the place of the last one on a reserved seat, and the child that got the last open seat.
    pub(super) fn refusal(&self, pool: u32) -> (Option<u32>, Option<u32>) {
        let full = self.full[pool as usize];
        let [reserved, open] = if full == NONE {
            [Last::default(); 2]
        } else {
            self.last[full as usize]
        };
        (
            reserved.get().map(|(place, _)| place),
            open.get().map(|(_, child)| child),
        )
    }
}

/// The wish of a child for a pool.
pub(super) fn wish_for(instance: &Instance, child: u32, pool: u32) -> Option<usize> {
    instance.wishes_of(child).find(|&wish| instance.wish_pool[wish] == pool)
}
