//! Envy, and the figures that follow from the places.

use super::super::file::Metrics;
use super::super::instance::{NONE, Siblings};
use super::Violation;
use super::expected::View;
use super::places::By;
use super::seats::wish_for;

impl View<'_> {
    /// Children with the wishes that they may claim; single ones among them are violations.
    pub(super) fn envied(&self, found: &mut Vec<Violation>) -> Vec<(u32, usize)> {
        let mut envied = Vec::new();
        for child in (0..self.instance.children.len() as u32).filter(|&child| self.is_single(child)) {
            let wishes = self
                .instance
                .wishes_of(child)
                .take(self.places.better[child as usize] as usize);
            for wish in wishes.filter(|&wish| self.seats.takes(self.instance, self.order, child, wish)) {
                let number = (wish - self.instance.wishes_of(child).start + 1) as u32;
                found.push(Violation::Envy {
                    child: self.instance.child_id(child).to_owned(),
                    wish: number,
                });
                envied.push((child, wish));
            }
        }
        for (family, claim) in (0..).zip(self.claims) {
            let Some(pools) = claim.and_then(|claim| self.instance.joint_of(family).nth(claim as usize)) else {
                continue;
            };
            for (child, &pool) in self.instance.children_of(family).zip(pools) {
                let moves = pool != NONE && pool != self.places.pool[child as usize];
                envied.extend(
                    wish_for(self.instance, child, pool)
                        .filter(|_| moves)
                        .map(|wish| (child, wish)),
                );
            }
        }
        envied.sort_unstable();
        envied.dedup();
        envied
    }

    pub(super) fn check_metrics(&self, envied: &[(u32, usize)], metrics: &Metrics, found: &mut Vec<Violation>) {
        let mut expected = Metrics {
            children: self.instance.children.len() as u64,
            ..Metrics::default()
        };
        for (child, &pool) in (0..).zip(&self.places.pool).filter(|&(_, &pool)| pool != NONE) {
            let wish = self.number(child, pool);
            expected.placed += 1;
            expected.first_wish += u64::from(wish == Some(1));
            expected.wish_sum += u64::from(wish.unwrap_or(0));
        }
        expected.justified_envy = envied.chunk_by(|a, b| a.0 == b.0).count() as u64;
        expected.wasted_seats = self.wasted(envied);
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

    /// The number of the wish by which a child has its pool.
    fn number(&self, child: u32, pool: u32) -> Option<u32> {
        let row = &self.instance.children[child as usize];
        let mut wishes = self.instance.wishes_of(child);
        let own = wishes
            .clone()
            .position(|wish| self.instance.wish_pool[wish] == pool)
            .map(|at| at as u32 + 1);
        if row.fixed != NONE {
            return own;
        }
        match self.places.by[row.family as usize] {
            By::Joint(wish) => Some(wish + 1),
            By::Own if self.instance.families[row.family as usize].siblings == Siblings::Required => {
                Some(self.instance.joint_of(row.family).len() as u32 + 1)
            }
            By::Own => own.or(Some(wishes.by_ref().len() as u32 + 1)),
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
