//! The figures that follow from the places.

use super::super::file::Metrics;
use super::super::instance::{NONE, Siblings};
use super::places::By;
use super::seats::wish_for;
use super::{View, Violation};

impl View<'_> {
    /// Compares the figures; `envied` are children with wishes of their own that they would be granted.
    pub(super) fn check_metrics(&self, envied: Vec<(u32, usize)>, metrics: &Metrics, found: &mut Vec<Violation>) {
        let envied = self.with_claims(envied);
        let mut expected = Metrics {
            children: self.instance.children.len() as u64,
            ..Metrics::default()
        };
        for (child, _) in (0..).zip(&self.places.pool).filter(|&(_, &pool)| pool != NONE) {
            let wish = self.number(child);
            expected.placed += 1;
            expected.first_wish += u64::from(wish == Some(1));
            expected.wish_sum += u64::from(wish.unwrap_or(0));
        }
        expected.justified_envy = envied.chunk_by(|a, b| a.0 == b.0).count() as u64;
        expected.wasted_seats = self.wasted(&envied);
        for (name, expected, is) in [
            ("children", expected.children, metrics.children),
            ("placed", expected.placed, metrics.placed),
            ("first_wish", expected.first_wish, metrics.first_wish),
            ("wish_sum", expected.wish_sum, metrics.wish_sum),
            ("justified_envy", expected.justified_envy, metrics.justified_envy),
            ("wasted_seats", expected.wasted_seats, metrics.wasted_seats),
        ] {
            if expected != is {
                found.push(Violation::Metric {
                    name,
                    expected,
                    found: is,
                });
            }
        }
    }

    /// Adds what families may claim.
    fn with_claims(&self, mut envied: Vec<(u32, usize)>) -> Vec<(u32, usize)> {
        for &family in self.joint {
            let claim = self.claims[family as usize];
            let Some(pools) = claim.and_then(|claim| self.instance.joint_of(family).nth(claim as usize)) else {
                continue;
            };
            for (child, &pool) in self.instance.children_of(family).zip(pools) {
                let moves = pool != NONE && pool != self.places.pool[child as usize];
                let wish = wish_for(self.instance, child, pool).filter(|_| moves);
                envied.extend(wish.map(|wish| (child, wish)));
            }
        }
        envied.sort_unstable();
        envied.dedup();
        envied
    }

    /// The number of the wish by which a child has its pool.
    fn number(&self, child: u32) -> Option<u32> {
        if self.order.plain[child as usize] {
            return Some(self.places.rank[child as usize] + 1);
        }
        let row = &self.instance.children[child as usize];
        let rank = self.places.rank[child as usize];
        if row.fixed != NONE {
            return (rank < self.instance.wishes_of(child).len() as u32).then_some(rank + 1);
        }
        match self.places.by[row.family as usize] {
            By::Joint(wish) => Some(wish + 1),
            By::Own if self.instance.families[row.family as usize].siblings == Siblings::Required => {
                Some(self.instance.joint_of(row.family).len() as u32 + 1)
            }
            By::Own => Some(rank + 1),
        }
    }

    fn wasted(&self, envied: &[(u32, usize)]) -> u64 {
        let pools = self.instance.pools.len();
        let mut taken: Vec<(u64, u32)> = self.seats.taken.clone();
        let mut wasted = 0;
        for &(_, wish) in envied {
            let pool = self.instance.wish_pool[wish] as usize;
            let mut bounds = vec![pool];
            let mut node = self.instance.pools[pool].node;
            while node != NONE {
                bounds.push(pools + node as usize);
                node = self.instance.nodes[node as usize].parent;
            }
            if bounds.iter().all(|&bound| taken[bound].0 < u64::from(taken[bound].1)) {
                bounds.into_iter().for_each(|bound| taken[bound].0 += 1);
                wasted += 1;
            }
        }
        wasted
    }
}
