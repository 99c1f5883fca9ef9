//! What a result is among all others: stable, the best for every child, and nothing that a child could better by its list.

use kitaplatz::allocation::{solve, verify};
use proptest::prelude::*;

use crate::brute::Books;
use crate::towns::{Home, Kid, Stay, Town, config, town};

proptest! {
    #![proptest_config(config(400))]

    /// Feasible in every node, only listed wishes, no justified envy, no waste, all by the definition and without the verifier.
    #[test]
    fn nobody_has_a_justified_complaint_and_no_bound_is_broken(town in town(12, 5)) {
        let books = Books::of(&town);
        let ranks = town.solved();
        let left = books.left(&ranks);
        prop_assert!(left.iter().all(|&left| left >= 0), "{left:?}");
        prop_assert_eq!(books.complaint(&ranks), None);
        for (list, &rank) in books.lists.iter().zip(&ranks) {
            prop_assert!(list[..rank].iter().all(|ask| !books.has_room(ask, &left)), "a wanted seat is empty");
        }
    }

    /// Each choice is substitutable, and takes no fewer when more apply; the promises below rest on that. First of the engine, where each
    /// child has one wish, so that a run is nothing but one choice of each tree: it takes whom the definition says. Then of the
    /// definition, where a child may ask several pools of a tree.
    #[test]
    fn nobody_who_was_turned_away_is_taken_when_more_apply(town in town(9, 4), some in any::<u32>()) {
        let applies = |at: usize| some >> (at % 32) & 1 == 1;
        let (mut all, mut fewer) = (town.clone(), town.clone());
        for (child, (kid, same)) in all.children.iter_mut().zip(&mut fewer.children).enumerate() {
            // An incumbent asks for its place as well, whatever its list says.
            kid.list.truncate(if matches!(kid.stay, Stay::Incumbent(_)) { 0 } else { 1 });
            same.list.clone_from(&kid.list);
            if kid.stay == Stay::Free && !applies(child) {
                same.list.clear();
            }
        }
        let (of_all, of_fewer) = (all.solved(), fewer.solved());
        for (town, ranks) in [(&all, &of_all), (&fewer, &of_fewer)] {
            let books = Books::of(town);
            let mut chosen = books.choice(&books.lists.concat());
            chosen.sort_unstable_by_key(|ask| ask.child);
            prop_assert_eq!(books.held(ranks), chosen);
        }
        for (child, (&of_fewer, &of_all)) in of_fewer.iter().zip(&of_all).enumerate() {
            let refused = !fewer.asks(child).is_empty() && of_fewer > 0;
            prop_assert!(!refused || of_all > 0, "{child} comes in because others apply");
        }

        let books = Books::of(&town);
        let all = books.lists.concat();
        let fewer: Vec<_> = (0..all.len()).filter(|&at| applies(at)).map(|at| all[at]).collect();
        let (of_all, of_fewer) = (books.choice(&all), books.choice(&fewer));
        prop_assert!(fewer.iter().all(|ask| of_fewer.contains(ask) || !of_all.contains(ask)));
        prop_assert!(of_fewer.len() <= of_all.len());
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// So it is for single children, whatever the pools choose by; siblings who wish together may have no stable allocation at all.
    #[test]
    fn every_child_gets_the_best_that_any_stable_allocation_gives(town in town(6, 3)) {
        let stable = Books::of(&town).stable();
        let best: Vec<usize> = (0..town.children.len()).filter_map(|child| stable.iter().map(|ranks| ranks[child]).min()).collect();
        prop_assert_eq!(town.solved(), best);
    }

    #[test]
    fn facilities_that_propose_give_every_child_the_worst_of_all_stable_allocations(town in town(6, 3)) {
        let stable = Books::of(&town).stable();
        let worst: Vec<usize> = (0..town.children.len()).filter_map(|child| stable.iter().map(|ranks| ranks[child]).max()).collect();
        prop_assert_eq!(town.proposed(), worst);
    }

    /// Single children only: siblings may gain by naming other joint wishes, for then no mechanism is strategy-proof.
    #[test]
    fn no_child_gains_by_any_other_list(town in town(5, 3)) {
        let honest = town.solved();
        for (child, &honest) in honest.iter().enumerate() {
            for list in orders(&town.children[child].list) {
                let worth = worth(&town, child, list.clone());
                prop_assert!(worth >= honest, "{child} gains by {list:?}");
            }
        }
    }
}

/// What a child gets that tells another list, as a rank among what it truly asks for.
fn worth(town: &Town, child: usize, list: Vec<(usize, i64)>) -> usize {
    let mut other = town.clone();
    other.children[child].list = list;
    let instance = other.instance();
    let got = other.places(&solve(&instance))[child];
    let asks = town.asks(child);
    let worth = asks.iter().position(|&(pool, _)| Some(pool) == got);
    worth.unwrap_or(asks.len())
}

/// Every ordered choice of some of the entries.
fn orders(list: &[(usize, i64)]) -> Vec<Vec<(usize, i64)>> {
    let mut all = vec![vec![]];
    for at in 0..list.len() {
        let mut rest = list.to_vec();
        let first = rest.remove(at);
        all.extend(orders(&rest).into_iter().map(|order| [vec![first], order].concat()));
    }
    all
}

/// Kinds of a town of two pools and three children: seats of both, seats of a node above both, a reserved seat of the first pool for the
/// last child, and how the last child stands.
const KINDS: [([u32; 2], Option<u32>, u32, Stay); 12] = [
    ([1, 1], None, 0, Stay::Free),
    ([1, 2], None, 0, Stay::Free),
    ([0, 1], None, 0, Stay::Free),
    ([1, 1], Some(1), 0, Stay::Free),
    ([1, 2], Some(2), 0, Stay::Free),
    ([1, 1], None, 1, Stay::Free),
    ([2, 1], None, 1, Stay::Free),
    ([2, 1], Some(2), 1, Stay::Free),
    ([1, 1], None, 0, Stay::Incumbent(1)),
    ([2, 1], Some(2), 1, Stay::Incumbent(1)),
    ([2, 1], None, 1, Stay::Fixed(0)),
    ([2, 2], Some(3), 1, Stay::Fixed(0)),
];

/// Every town of two pools and three children of these kinds: each list of each child, and each order of the children at the second pool.
/// Who lies is looked up among the others: nobody gains, and each result is the best of all stable ones and the verifier's.
#[test]
fn in_every_town_of_three_children_the_result_is_the_best_and_no_lie_helps() {
    const ORDERS: [[i64; 3]; 6] = [[5, 3, 1], [5, 1, 3], [3, 5, 1], [1, 5, 3], [3, 1, 5], [1, 3, 5]];
    for (caps, node, reserve, stay) in KINDS {
        for order in ORDERS {
            let list = |child: usize, which: usize| {
                let entries = [(0, 4 - 2 * child as i64), (1, order[child])];
                let chosen: &[usize] = [&[][..], &[0], &[1], &[0, 1], &[1, 0]][which];
                chosen.iter().map(|&pool| entries[pool]).collect::<Vec<_>>()
            };
            let town = |which: [usize; 3]| {
                let pool = |at: usize| Home {
                    node: node.map(|_| 0),
                    cap: caps[at],
                    reserves: if at == 0 { [reserve, 0] } else { [0; 2] },
                };
                let child = |child: usize| Kid {
                    list: list(child, which[child]),
                    types: [child == 2, false],
                    stay: if child == 2 { stay } else { Stay::Free },
                };
                Town {
                    nodes: node.iter().map(|&cap| (None, cap)).collect(),
                    pools: (0..2).map(pool).collect(),
                    children: (0..3).map(child).collect(),
                    kins: vec![],
                    lottery: false,
                    wide: false,
                }
            };
            let each = || (0..5).flat_map(|a| (0..5).flat_map(move |b| (0..5).map(move |c| [a, b, c])));
            let mut places = Vec::new();
            for which in each() {
                let town = town(which);
                let instance = town.instance();
                let outcome = solve(&instance);
                assert_eq!(verify(&instance, &outcome.file()), [], "{town:?}");
                let got = town.places(&outcome);
                let stable = Books::of(&town).stable();
                for (child, &rank) in town.ranks(&got).iter().enumerate() {
                    assert_eq!(Some(rank), stable.iter().map(|ranks| ranks[child]).min(), "{town:?}");
                }
                places.push(got);
            }
            for (which, honest) in each().zip(&places) {
                let truth = town(which);
                let ranks = truth.ranks(honest);
                for (child, lie) in (0..3).flat_map(|child| (0..5).map(move |lie| (child, lie))) {
                    let mut told = which;
                    told[child] = lie;
                    let got = places[told[0] * 25 + told[1] * 5 + told[2]][child];
                    let asks = truth.asks(child);
                    let worth = asks
                        .iter()
                        .position(|&(pool, _)| Some(pool) == got)
                        .unwrap_or(asks.len());
                    assert!(worth >= ranks[child], "{child} gains by list {lie}: {truth:?}");
                }
            }
        }
    }
}
