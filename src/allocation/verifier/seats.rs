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

/// Who goes last of those with one kind of seat: place in the order, and child.
type Last = (u32, u32);

/// How the seats are taken.
pub(super) struct Seats {
    /// The seat of each child that has one.
    pub(super) seat: Vec<Option<Standing>>,
    /// For each pool, then each node: children in it, and its cap.
    pub(super) taken: Vec<(u64, u32)>,
    /// For each pool, then each node: who goes last in it, of all and of the kinds reserved and open, as children.
    last: Vec<[Option<Last>; 2]>,
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
            taken: instance
                .pools
                .iter()
                .map(|pool| pool.cap)
                .chain(instance.nodes.iter().map(|node| node.cap))
                .map(|cap| (0, cap))
                .collect(),
            last: vec![[None; 2]; pools + instance.nodes.len()],
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
        for (child, row) in (0..).zip(&instance.children) {
            let pool = places.pool[child as usize];
            if pool == NONE {
                continue;
            }
            let stays = pool == row.fixed || (row.fixed == NONE && pool == row.incumbent);
            let wishes = instance.wishes_of(child);
            let own = wishes.start + places.rank[child as usize] as usize;
            let place = if own < wishes.end { order.wish[own] } else { 0 };
            let seat = if stays {
                (Seat::Stays, place)
            } else {
                (Seat::Open, place)
            };
            self.seat[child as usize] = Some(seat);
            if !instance.pools[pool as usize].reserves.is_empty() && row.fixed == NONE {
                candidates.push((pool, seat, child));
            }
        }
        candidates.sort_unstable();
        for pool in candidates.chunk_by(|a, b| a.0 == b.0) {
            let at = pool[0].0 as usize;
            let mut matching = Matching::new(&instance.pools[at].reserves);
            for &(_, (seat, place), child) in pool {
                // Those who stay come before all others, whatever their own wish says.
                let place = if seat == Seat::Stays { 0 } else { place };
                if matching.seat(place, instance.types_of(child)) && seat == Seat::Open {
                    self.seat[child as usize] = Some((Seat::Reserved, place));
                }
            }
            self.ways[at] = matching.ways();
        }
        for (at, pool) in instance.pools.iter().enumerate() {
            if self.ways[at].len() < pool.reserves.len() {
                self.ways[at] = Matching::new(&pool.reserves).ways();
            }
        }
        for (child, seat) in (0..).zip(&self.seat) {
            if let &Some(seat) = seat {
                let at = places.pool[child as usize] as usize;
                self.taken[at].0 += 1;
                note(&mut self.last[at], seat, child);
            }
        }
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
        let (pool, place) = (instance.wish_pool[wish] as usize, order.wish[wish]);
        if instance.children[child as usize].incumbent as usize == pool {
            return true;
        }
        let ways = &self.ways[pool];
        if ways.is_empty() {
            return (Seat::Open, place) < self.bar[pool];
        }
        self.takes_beside_reserves(instance, child, pool, place)
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
                let open = open.map(|(place, _)| (Seat::Open, place));
                let reserved = reserved.map(|(place, _)| (Seat::Reserved, place));
                open.or(reserved).unwrap_or((Seat::Stays, 0))
            }
        }
    }

    /// Why a pool takes no more children: the place of the last one on a reserved seat, and the child that got the last open seat.
    pub(super) fn refusal(&self, pool: u32) -> (Option<u32>, Option<u32>) {
        let full = self.full[pool as usize];
        let [reserved, open] = if full == NONE {
            [None; 2]
        } else {
            self.last[full as usize]
        };
        (reserved.map(|(place, _)| place), open.map(|(_, child)| child))
    }
}

/// The wish of a child for a pool.
pub(super) fn wish_for(instance: &Instance, child: u32, pool: u32) -> Option<usize> {
    instance.wishes_of(child).find(|&wish| instance.wish_pool[wish] == pool)
}

fn note(last: &mut [Option<Last>; 2], (seat, place): Standing, child: u32) {
    let kind = match seat {
        Seat::Stays => return,
        Seat::Reserved => 0,
        Seat::Open => 1,
    };
    last[kind] = last[kind].max(Some((place, child)));
}
