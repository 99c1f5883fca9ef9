//! Orders made by hand: how they become priorities, where they deviate from the points, and whom that cost a place. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::compose::{Changes, Ordered};
use super::proposal::{Case, Flag, Proposal};
use super::snapshot::pool_of;
use crate::allocation::{Family, Lottery, LotteryNumber, Node, Pool, Priority};

/// What decides between two children at a pool by the points: priority, then the draw, then the names. The smaller goes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim(Reverse<Vec<i64>>, LotteryNumber, String, String);

impl Claim {
    /// The claim of a child at a pool.
    pub fn new(priority: &[i64], lottery: &Lottery, family: &str, child: &str) -> Self {
        let number = lottery.number(family);
        Self(Reverse(priority.to_vec()), number, family.to_owned(), child.to_owned())
    }
}

/// Cases that wish a pool, by the points.
pub fn by_points<'c>(cases: &'c [Case], pool: &str, lottery: &Lottery) -> Vec<&'c Case> {
    let mut wish: Vec<(Claim, &Case)> = Vec::new();
    for case in cases {
        if let Some((_, own)) = case.wish_at(pool) {
            wish.push((Claim::new(&own.priority, lottery, &case.family, &case.child), case));
        }
    }
    wish.sort_by(|a, b| a.0.cmp(&b.0));
    wish.into_iter().map(|(_, case)| case).collect()
}

/// The tree of each pool, and of the parts by which an instance has it: the topmost node above it, or itself.
fn trees<'p>(nodes: &'p [Node<'_>], pools: &'p [Pool<'_>]) -> HashMap<&'p str, &'p str> {
    let parents: HashMap<&str, Option<&str>> = nodes.iter().map(|n| (&*n.id, n.parent.as_deref())).collect();
    let top = |pool: &'p Pool<'_>| {
        let mut at = pool.node.as_deref()?;
        // As many steps as there are nodes: a circle is refused when the instance is built.
        for _ in 0..nodes.len() {
            match parents.get(at) {
                Some(Some(up)) => at = up,
                _ => break,
            }
        }
        Some(at)
    };
    let parts = pools.iter().map(|pool| (&*pool.id, top(pool).unwrap_or(&pool.id)));
    let whole = parts.clone().map(|(pool, tree)| (pool_of(pool), tree));
    whole.chain(parts).collect()
}

/// Gives the wishes of trees with a pool that was ordered by hand priorities of one number: the points order of the tree, in which the
/// places of that pool's children are filled in its own order.
pub fn reorder(families: &mut [Family<'_>], nodes: &[Node<'_>], pools: &[Pool<'_>], changes: &Changes) {
    if changes.orders.is_empty() {
        return;
    }
    let trees = trees(nodes, pools);
    let touched: BTreeSet<&str> = changes
        .orders
        .keys()
        .filter_map(|p| trees.get(p.as_str()).copied())
        .collect();
    let lottery = Lottery::new(&changes.seed);
    let mut wishes: BTreeMap<&str, Vec<At>> = BTreeMap::new();
    for (f, family) in families.iter().enumerate() {
        for (c, child) in family.children.iter().enumerate() {
            for (w, wish) in child.wishes.iter().enumerate() {
                if let Some(tree) = trees.get(&*wish.pool).filter(|tree| touched.contains(*tree)) {
                    wishes.entry(tree).or_default().push((f, c, w));
                }
            }
        }
    }
    for mut list in wishes.into_values() {
        list.sort_by_cached_key(|at| claim(families, &lottery, at));
        let order = refilled(families, &list, changes);
        for (place, (f, c, w)) in order.into_iter().rev().enumerate() {
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            if let Some(priority) = Priority::new(&[place]) {
                families[f].children[c].wishes[w].priority = priority;
            }
        }
    }
}

/// Family, child and wish.
type At = (usize, usize, usize);

fn claim(families: &[Family<'_>], lottery: &Lottery, &(f, c, w): &At) -> Claim {
    let (family, child) = (&families[f], &families[f].children[c]);
    Claim::new(child.wishes[w].priority.as_slice(), lottery, &family.id, &child.id)
}

fn refilled(families: &[Family<'_>], list: &[At], changes: &Changes) -> Vec<At> {
    let wish = |&(f, c, w): &At| &families[f].children[c].wishes[w];
    let mut by_pool: BTreeMap<&str, Vec<At>> = BTreeMap::new();
    for at in list {
        by_pool.entry(pool_of(&wish(at).pool)).or_default().push(*at);
    }
    for (pool, own) in &mut by_pool {
        let Some(order) = changes.orders.get(*pool) else {
            continue;
        };
        let places: HashMap<&str, usize> = order.iter().enumerate().map(|(i, o)| (o.child.as_str(), i)).collect();
        // Stable: whom the order does not name follows by the points.
        own.sort_by_key(|(f, c, _)| {
            places
                .get(&*families[*f].children[*c].id)
                .copied()
                .unwrap_or(usize::MAX)
        });
    }
    let mut next: BTreeMap<&str, std::vec::IntoIter<At>> =
        by_pool.into_iter().map(|(pool, own)| (pool, own.into_iter())).collect();
    list.iter()
        .filter_map(|at| next.get_mut(pool_of(&wish(at).pool))?.next())
        .collect()
}

/// Places of an order at which a child with fewer points goes before one with more: there a reason is needed. `points` is the order by
/// the points.
pub fn deviations(order: &[&str], points: &[&str]) -> Vec<usize> {
    let mut left: Vec<&str> = points.to_vec();
    let mut found = Vec::new();
    for (place, child) in order.iter().enumerate() {
        match left.iter().position(|other| other == child) {
            Some(0) => {
                left.remove(0);
            }
            Some(at) => {
                found.push(place);
                left.remove(at);
            }
            None => {}
        }
    }
    found
}

/// Where an order made by hand gave a place to a child with fewer points: the one who missed it hears the published reason, and a person
/// looks at both.
pub fn mark(cases: &[Case], all: &mut [Proposal], changes: &Changes) {
    let lottery = Lottery::new(&changes.seed);
    for (pool, order) in &changes.orders {
        let mut claims: HashMap<&str, (usize, Claim)> = HashMap::new();
        for (at, case) in cases.iter().enumerate() {
            if let Some((_, wish)) = case.wish_at(pool) {
                let claim = Claim::new(&wish.priority, &lottery, &case.family, &case.child);
                claims.insert(&case.child, (at, claim));
            }
        }
        let mut before: Vec<(usize, &Claim, &Ordered)> = Vec::new();
        for ordered in order {
            let Some((at, claim)) = claims.get(ordered.child.as_str()) else {
                continue;
            };
            let placed = all[*at].pool.as_deref() == Some(pool);
            // The places of an order are nobody's points, so none is shown as a cut-off.
            let wish = cases[*at].wish_at(pool).map(|(rank, _)| rank as usize - 1);
            if let Some(code) = wish.and_then(|wish| all[*at].codes.get_mut(wish)) {
                code.cutoff = None;
            }
            // Whom the office placed was not put first by the provider.
            let by_order = ordered.reason.is_some() && changes.decision(&ordered.child, pool).is_none();
            if placed && by_order {
                before.push((*at, claim, ordered));
            } else if !placed {
                let overtaken = before.iter().filter(|(_, other, _)| claim < *other);
                let others: Vec<(usize, &Ordered)> = overtaken.map(|(at, _, ordered)| (*at, *ordered)).collect();
                missed(cases, all, pool, *at, &others);
            }
        }
    }
}

fn missed(cases: &[Case], all: &mut [Proposal], pool: &str, at: usize, others: &[(usize, &Ordered)]) {
    let (Some((rank, _)), Some((_, first))) = (cases[at].wish_at(pool), others.first()) else {
        return;
    };
    let Some(code) = all[at].codes.get_mut(rank as usize - 1).filter(|c| c.is_refused()) else {
        return;
    };
    code.pass_over(first.reason, None);
    all[at].flags.extend([Flag::PassedOver, Flag::ProviderOrder]);
    for (other, _) in others {
        all[*other].flags.insert(Flag::ProviderOrder);
        all[*other].by_hand = true;
    }
}

#[cfg(test)]
#[path = "by_hand_tests.rs"]
mod tests;
