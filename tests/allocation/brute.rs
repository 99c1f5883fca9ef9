//! What is stable in a small town, from the definition, and by trying every allocation.

use crate::towns::{Stay, Town};

/// A child, its place in its list, and the pool.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ask {
    pub child: usize,
    pub rank: usize,
    pub pool: usize,
    points: i64,
    stays: bool,
}

impl Ask {
    /// Who stays goes first, then more points, then the smaller child, then its smaller pool.
    fn key(&self) -> (bool, i64, usize, usize) {
        (!self.stays, -self.points, self.child, self.pool)
    }

    /// Whether the child has this place already.
    pub fn stays(&self) -> bool {
        self.stays
    }

    pub fn goes_before(&self, other: &Ask) -> bool {
        self.key() < other.key()
    }
}

/// A town of single children with the choice of its pools.
pub struct Books {
    /// What each child asks for, best first.
    pub lists: Vec<Vec<Ask>>,
    /// For each pool itself and the bounds above.
    bounds: Vec<Vec<usize>>,
    /// Seats of each bound that fixed children leave.
    caps: Vec<u32>,
    reserves: Vec<[u32; 2]>,
    types: Vec<[bool; 2]>,
}

impl Books {
    pub fn of(town: &Town) -> Self {
        let lists = town.children.iter().enumerate().map(|(child, kid)| {
            let asks = town.asks(child).into_iter().enumerate();
            let ask = |(rank, (pool, points))| Ask {
                child,
                rank,
                pool,
                points,
                stays: kid.stay == Stay::Incumbent(pool),
            };
            asks.map(ask).collect()
        });
        let bounds: Vec<Vec<usize>> = (0..town.pools.len()).map(|pool| town.bounds(pool)).collect();
        let mut caps = town.caps();
        for kid in &town.children {
            if let Stay::Fixed(pool) = kid.stay {
                bounds[pool].iter().for_each(|&bound| caps[bound] -= 1);
            }
        }
        Self {
            lists: lists.collect(),
            bounds,
            caps,
            reserves: town.pools.iter().map(|pool| pool.reserves).collect(),
            types: town.children.iter().map(|kid| kid.types).collect(),
        }
    }

    /// Whether all these may have reserved seats of one pool: by Hall's theorem if no set of types has more children than seats.
    fn may_hold(&self, pool: usize, holders: &[Ask]) -> bool {
        let [one, other] = self.reserves[pool];
        let count = |types: [bool; 2]| holders.iter().filter(|ask| self.types[ask.child] == types).count();
        let (both, alone) = (count([true, true]), [count([true, false]), count([false, true])]);
        let none = count([false, false]);
        none == 0
            && alone[0] <= one as usize
            && alone[1] <= other as usize
            && both + alone[0] + alone[1] <= (one + other) as usize
    }

    /// Whom the pools would take of all who ask, best first: whoever holds a reserved seat or stays, then the others, each kept while there
    /// is room in every bound above. Of the children of a type those hold reserved seats who come first and can all have one.
    pub fn choice(&self, asks: &[Ask]) -> Vec<Ask> {
        let mut asks = asks.to_vec();
        asks.sort_unstable_by_key(Ask::key);
        let mut holders: Vec<Vec<Ask>> = vec![vec![]; self.reserves.len()];
        for &ask in &asks {
            holders[ask.pool].push(ask);
            if !self.may_hold(ask.pool, &holders[ask.pool]) {
                holders[ask.pool].pop();
            }
        }
        let (first, later): (Vec<Ask>, Vec<Ask>) = asks
            .into_iter()
            .partition(|ask| ask.stays || holders[ask.pool].contains(ask));
        let mut left = self.caps.clone();
        let mut kept = Vec::new();
        for ask in first.into_iter().chain(later) {
            let above = &self.bounds[ask.pool];
            if above.iter().all(|&bound| left[bound] > 0) {
                above.iter().for_each(|&bound| left[bound] -= 1);
                kept.push(ask);
            }
        }
        kept
    }

    /// How many seats of each bound are left.
    pub fn left(&self, ranks: &[usize]) -> Vec<i64> {
        let mut left: Vec<i64> = self.caps.iter().map(|&cap| i64::from(cap)).collect();
        for ask in self.held(ranks) {
            self.bounds[ask.pool].iter().for_each(|&bound| left[bound] -= 1);
        }
        left
    }

    /// Counts a seat off again.
    pub fn give_back(&self, ask: &Ask, left: &mut [i64]) {
        self.bounds[ask.pool].iter().for_each(|&bound| left[bound] += 1);
    }

    /// Whether a child could have this beside all who have something.
    pub fn has_room(&self, ask: &Ask, left: &[i64]) -> bool {
        self.bounds[ask.pool].iter().all(|&bound| left[bound] > 0)
    }

    /// The highest bound above a pool, which names its tree.
    pub fn tree(&self, pool: usize) -> usize {
        self.bounds[pool].last().copied().unwrap_or(pool)
    }

    /// What the children have.
    pub fn held(&self, ranks: &[usize]) -> Vec<Ask> {
        let lists = self.lists.iter().zip(ranks);
        lists.filter_map(|(list, &rank)| list.get(rank).copied()).collect()
    }

    /// A wish that its pool would rather grant, or one that it would rather not have granted.
    pub fn complaint(&self, ranks: &[usize]) -> Option<Ask> {
        let held = self.held(ranks);
        let kept = self.choice(&held);
        let lost = held.iter().find(|ask| !kept.contains(ask)).copied();
        let better = self.lists.iter().zip(ranks).flat_map(|(list, &rank)| &list[..rank]);
        let envied = |ask: &&Ask| {
            let mut more = held.clone();
            more.push(**ask);
            self.choice(&more).contains(ask)
        };
        lost.or_else(|| better.copied().find(|ask| envied(&ask)))
    }

    /// All stable allocations, as ranks, by trying every one that has room for all.
    pub fn stable(&self) -> Vec<Vec<usize>> {
        let mut found = Vec::new();
        let mut left: Vec<i64> = self.caps.iter().map(|&cap| i64::from(cap)).collect();
        self.extend(&mut Vec::new(), &mut left, &mut found);
        found
    }

    fn extend(&self, ranks: &mut Vec<usize>, left: &mut Vec<i64>, found: &mut Vec<Vec<usize>>) {
        let Some(list) = self.lists.get(ranks.len()) else {
            if self.complaint(ranks).is_none() {
                found.push(ranks.clone());
            }
            return;
        };
        for rank in 0..=list.len() {
            let above = list.get(rank).map_or(&[][..], |ask| &self.bounds[ask.pool]);
            if above.iter().any(|&bound| left[bound] == 0) {
                continue;
            }
            above.iter().for_each(|&bound| left[bound] -= 1);
            ranks.push(rank);
            self.extend(ranks, left, found);
            ranks.pop();
            above.iter().for_each(|&bound| left[bound] += 1);
        }
    }
}
