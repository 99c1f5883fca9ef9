//! The place of every wish in the order of its pool, as it was when the run was made. Pure.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::compose::Changes;
use super::proposal::{Case, Proposal};

/// A wish in the order of its pool: as the provider ordered by hand; whom that does not name, and else all: the larger priority first,
/// then the smaller lottery number, then the names, as the engine has it.
type Key<'a> = (usize, Reverse<&'a [i64]>, &'a str, &'a str, &'a str);

/// Notes for each wish that counts where it stands among all that count in the same pool.
pub(super) fn mark_positions(cases: &[Case], changes: &Changes, proposals: &mut [Proposal]) {
    let mut by_hand: HashMap<(&str, &str), usize> = HashMap::new();
    for (pool, order) in &changes.orders {
        by_hand.extend(
            order
                .iter()
                .enumerate()
                .map(|(at, of)| ((pool.as_str(), of.child.as_str()), at)),
        );
    }
    let mut pools: HashMap<&str, Vec<(Key<'_>, usize, usize)>> = HashMap::new();
    for (at, (case, proposal)) in cases.iter().zip(proposals.iter()).enumerate() {
        if proposal.has_left() {
            continue;
        }
        for (n, wish) in case.wishes.iter().enumerate() {
            if let Some(pool) = wish.pool.as_deref().filter(|pool| changes.counts(&case.child, pool)) {
                let place = by_hand.get(&(pool, case.child.as_str())).copied().unwrap_or(usize::MAX);
                let key: Key<'_> = (
                    place,
                    Reverse(&wish.priority),
                    &proposal.lottery,
                    &case.family,
                    &case.child,
                );
                pools.entry(pool).or_default().push((key, at, n));
            }
        }
    }
    let mut found = Vec::new();
    for mut wishes in pools.into_values() {
        wishes.sort_unstable();
        let of = count(wishes.len());
        found.extend((1..).zip(&wishes).map(|(position, (_, at, n))| (*at, *n, position, of)));
    }
    for (at, n, position, of) in found {
        if let Some(code) = proposals[at].codes.get_mut(n) {
            (code.position, code.of) = (Some(position), Some(of));
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
