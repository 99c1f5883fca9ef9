//! What a run gives: who goes where, and all that follows from it.

use std::sync::Arc;

use super::super::file::{Assignment, Exception, Metrics, ResultFile, ResultFormat};
use super::super::instance::{Instance, NONE};
use super::explain;
use super::market::Market;
use super::repair::Settled;
use super::standing::Standing;

/// Name and version of this engine, as it stands in results and in the commitment of a lottery.
pub const ENGINE: &str = concat!("kitaplatz ", env!("CARGO_PKG_VERSION"));

/// Where a child goes, by its place in the instance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// The pool.
    pub pool: u32,
    /// Which wish that is, from 1; for a family placed by a joint wish the place of that one, and none for a child fixed where
    /// it never wished to be.
    pub wish: Option<u32>,
}

/// The outcome of a run.
#[derive(Clone, Debug)]
pub struct Outcome<'i> {
    pub(super) market: Market<'i>,
    pub(super) settled: Settled,
}

impl Outcome<'_> {
    /// Where a child goes.
    pub fn place(&self, child: u32) -> Option<Place> {
        place(&self.market, &self.settled, child)
    }

    /// Families that may claim a joint wish which no allocation grants: the family and the number of the wish, from 1.
    pub fn exceptions(&self) -> impl Iterator<Item = (u32, u32)> {
        let family = |&(joint, wish): &(u32, u32)| (self.market.joints[joint as usize].family, wish + 1);
        self.settled.exceptions.iter().map(family)
    }

    /// How many children got their first wish, their second, and so on, and how many got a place.
    pub fn rank_histogram(&self) -> Vec<u64> {
        let mut histogram = Vec::new();
        let wishes = (0..self.market.lists.len() as u32).filter_map(|child| self.place(child)?.wish);
        for wish in wishes {
            if histogram.len() < wish as usize {
                histogram.resize(wish as usize, 0);
            }
            histogram[wish as usize - 1] += 1;
        }
        histogram
    }

    /// The figures of the run.
    pub fn metrics(&self) -> Metrics {
        metrics(&Standing::new(&self.market, &self.settled))
    }

    /// The result file.
    pub fn file(&self) -> ResultFile {
        let market = &self.market;
        let standing = Standing::new(market, &self.settled);
        let instance = market.instance;
        let children: Vec<Arc<str>> = instance
            .by_id
            .iter()
            .map(|&child| instance.child_id(child).into())
            .collect();
        let pools: Vec<Arc<str>> = instance.pools.iter().map(|pool| Arc::from(&*pool.id)).collect();
        let assignments = instance.by_id.iter().zip(&children).map(|(&child, id)| {
            let place = self.place(child);
            Assignment {
                child: Arc::clone(id),
                pool: place.map(|place| Arc::clone(&pools[place.pool as usize])),
                wish: place.and_then(|place| place.wish),
            }
        });
        ResultFile {
            format: ResultFormat::V1,
            instance_sha256: instance.sha256(),
            engine: ENGINE.to_owned(),
            assignments: assignments.collect(),
            explanations: explain::explanations(&standing, &children),
            exceptions: self.exception_rows(),
            metrics: metrics(&standing),
        }
    }

    fn exception_rows(&self) -> Vec<Exception> {
        let row = |&(joint, wish): &(u32, u32)| {
            let family = self.market.joints[joint as usize].family;
            let pools = self
                .market
                .instance
                .joint_of(family)
                .nth(wish as usize)
                .unwrap_or_default();
            let pool = |&pool: &u32| (pool != NONE).then(|| self.market.instance.pool_id(pool).to_owned());
            Exception {
                family: self.market.instance.families[family as usize].id.to_string(),
                would_take: pools.iter().map(pool).collect(),
                reason: format!(
                    "joint wish {} has room, but granting it would start a circle of claims that never comes to rest",
                    wish + 1
                ),
            }
        };
        self.settled.exceptions.iter().map(row).collect()
    }
}

pub(super) fn place(market: &Market<'_>, settled: &Settled, child: u32) -> Option<Place> {
    let row = &market.instance.children[child as usize];
    let list = market.lists[child as usize];
    let numbered = |entry: u32| entry - list.from + 1;
    if row.fixed != NONE {
        let listed = (list.from..list.to).find(|&entry| market.pool(entry) == row.fixed);
        return Some(Place {
            pool: row.fixed,
            wish: listed.map(numbered),
        });
    }
    let held = settled.held[child as usize];
    if held == NONE {
        return None;
    }
    let joint = market.joint_of[child as usize];
    let wish = match market.joints.get(joint as usize) {
        Some(joint_row) => match settled.joint_at[joint as usize] {
            // An incumbent of a family that requires a joint wish keeps its place as if that were one wish more.
            NONE if explain::is_required(market, joint_row) => joint_row.len() + 1,
            NONE => numbered(held),
            wish => wish + 1,
        },
        None => numbered(held),
    };
    Some(Place {
        pool: market.pool(held),
        wish: Some(wish),
    })
}

fn metrics(standing: &Standing<'_>) -> Metrics {
    let (market, settled) = (standing.market, standing.settled);
    let mut metrics = Metrics {
        children: market.lists.len() as u64,
        ..Metrics::default()
    };
    for place in (0..market.lists.len() as u32).filter_map(|child| place(market, settled, child)) {
        metrics.placed += 1;
        metrics.first_wish += u64::from(place.wish == Some(1));
        metrics.wish_sum += u64::from(place.wish.unwrap_or(0));
    }
    let wanted = envied(standing);
    let mut children: Vec<u32> = wanted.iter().map(|&(child, _)| child).collect();
    children.dedup();
    metrics.justified_envy = children.len() as u64;
    metrics.wasted_seats = standing.empty_seats(wanted.iter().map(|&(_, entry)| entry));
    metrics
}

/// Children and the entries that they may claim, in the order of children.
fn envied(standing: &Standing<'_>) -> Vec<(u32, u32)> {
    let (market, settled) = (standing.market, standing.settled);
    let mut wanted = Vec::new();
    for (child, list) in (0..).zip(&market.lists) {
        let joint = market.joint_of[child as usize];
        let single = joint == NONE || settled.joint_at[joint as usize] == NONE;
        if single {
            let entries = list.first..list.last.min(settled.held[child as usize]);
            wanted.extend(
                entries
                    .filter(|&entry| standing.takes(child, entry))
                    .map(|entry| (child, entry)),
            );
        }
    }
    for &(joint, wish) in &settled.exceptions {
        let family = &market.joints[joint as usize];
        let entries = family.children().zip(family.wish(wish).iter().copied());
        wanted.extend(entries.filter(|&(child, entry)| entry != NONE && entry != settled.held[child as usize]));
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// Solves an instance.
pub fn solve(instance: &Instance) -> Outcome<'_> {
    Market::new(instance).into_outcome()
}
