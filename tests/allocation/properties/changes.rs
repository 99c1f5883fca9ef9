//! What happens to a result when a seat, a child or a point comes or goes.

use kitaplatz::allocation::{Market, Rolling, solve};
use proptest::prelude::*;

use crate::brute::Books;
use crate::generator::{City, Random, city};
use crate::towns::{Stay, Town, config, town, town_of_families};

/// Children who get less than before, by the ranks of both.
fn worse(before: &[usize], after: &[usize]) -> Vec<usize> {
    let pairs = before.iter().zip(after).enumerate();
    pairs
        .filter(|(_, (before, after))| after > before)
        .map(|(child, _)| child)
        .collect()
}

proptest! {
    #![proptest_config(config(300))]

    /// What is short is a tree: of the pools below one node another one may have the room, but none below it has it for other children.
    #[test]
    fn the_same_facilities_stay_short_whoever_proposes(town in town(9, 4)) {
        let books = Books::of(&town);
        let (children, facilities) = (town.solved(), town.proposed());
        let (best, worst) = (books.held(&children), books.held(&facilities));
        let placed = |held: &[crate::brute::Ask]| held.iter().map(|ask| ask.child).collect::<Vec<_>>();
        prop_assert_eq!(placed(&best), placed(&worst), "the same children have a place");
        let left = books.left(&facilities);
        for tree in 0..town.pools.len() + town.nodes.len() {
            let inside = |held: &[crate::brute::Ask]| held.iter().filter(|ask| books.tree(ask.pool) == tree).copied().collect::<Vec<_>>();
            let (best, worst) = (inside(&best), inside(&worst));
            prop_assert_eq!(best.len(), worst.len(), "a tree has as many children");
            if best.iter().chain(&worst).all(|ask| books.has_room(ask, &left)) {
                prop_assert_eq!(best, worst, "a tree that is short has one set of children");
            }
        }
    }

    /// One more seat, that is one in each bound above the pool as well: a larger pool below a full node only gives one child the seat of
    /// another.
    #[test]
    fn one_more_seat_makes_nobody_worse(town in town(8, 4), pool in any::<prop::sample::Index>()) {
        let mut larger = town.clone();
        larger.add_seat(pool.index(town.pools.len()));
        prop_assert_eq!(worse(&town.solved(), &larger.solved()), Vec::<usize>::new());
    }

    #[test]
    fn one_child_fewer_makes_nobody_worse(town in town(8, 4), gone in any::<prop::sample::Index>()) {
        let gone = gone.index(town.children.len());
        let mut fewer = town.clone();
        fewer.children[gone].list.clear();
        fewer.children[gone].stay = Stay::Free;
        let (mut before, mut after) = (town.solved(), fewer.solved());
        before.remove(gone);
        after.remove(gone);
        prop_assert_eq!(worse(&before, &after), Vec::<usize>::new());
    }

    /// At all its wishes or at one of them.
    #[test]
    fn more_points_never_hurt(
        town in town(8, 4),
        child in any::<prop::sample::Index>(),
        one in proptest::option::of(0..4_usize),
        more in 1..4_i64,
    ) {
        let child = child.index(town.children.len());
        let mut richer = town.clone();
        let wishes = richer.children[child].list.iter_mut().enumerate();
        wishes.filter(|(at, _)| one.is_none_or(|one| one == *at)).for_each(|(_, (_, points))| *points += more);
        prop_assert!(richer.solved()[child] <= town.solved()[child]);
    }

    /// With siblings too: whatever else their families are granted.
    #[test]
    fn incumbents_never_lose_and_fixed_children_stay(town in town_of_families(10, 4)) {
        let instance = town.instance();
        let places = town.places(&solve(&instance));
        for (child, (kid, &place)) in town.children.iter().zip(&places).enumerate() {
            let together = town.kins.iter().any(|kin| (kin.first..kin.first + kin.count).contains(&child));
            match kid.stay {
                Stay::Fixed(pool) => prop_assert_eq!(place, Some(pool)),
                // A joint wish of the family may be for a place that the child itself likes less, or for none.
                Stay::Incumbent(_) if together => {}
                Stay::Incumbent(_) => prop_assert!(town.asks(child).iter().any(|&(pool, _)| Some(pool) == place)),
                Stay::Free => {}
            }
        }
    }

    /// One after the other. With nodes, reserves and siblings a full run is made; where pools stand alone, as in most of these, only the chain.
    #[test]
    fn a_decline_ends_where_a_full_run_does(
        mut town in town_of_families(12, 4),
        alone in prop::bool::weighted(0.8),
        gone in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        if alone {
            town.kins.clear();
            for pool in &mut town.pools {
                (pool.node, pool.reserves) = (None, [0; 2]);
            }
        }
        let instance = town.instance();
        let mut rolling = Rolling::new(Market::new(&instance));
        let mut expected = Market::new(&instance);
        let count = town.children.len();
        for gone in gone {
            let gone = gone.index(count) as u32;
            let before: Vec<Option<u32>> = (0..count as u32).map(|child| rolling.pool(child)).collect();
            let moves = rolling.withdraw(gone);
            expected = expected.withdrawn(gone);
            let now: Vec<Option<u32>> = (0..count as u32).map(|child| rolling.pool(child)).collect();
            prop_assert_eq!(&now, &expected.places());
            let mut moved = before;
            for step in moves {
                prop_assert!(step.child == gone || moved[step.child as usize] == step.from, "a move begins where the child was");
                moved[step.child as usize] = step.to;
            }
            moved[gone as usize] = now[gone as usize];
            prop_assert_eq!(moved, now, "the moves tell all that changed");
        }
    }
}

#[test]
fn a_decline_in_a_city_runs_its_chain_and_ends_where_a_full_run_does() {
    let size = City {
        children: 300,
        pools: 20,
        wishes: 5,
        seats: 250,
        siblings: 0,
    };
    let mut moves = 0;
    for seed in 0..30 {
        let instance = city(size, seed);
        let mut rolling = Rolling::new(Market::new(&instance));
        let mut random = Random::new(seed);
        let mut expected = Market::new(&instance);
        for _ in 0..40 {
            let child = random.below(300) as u32;
            moves += rolling.withdraw(child).len();
            expected = expected.withdrawn(child);
            let now: Vec<Option<u32>> = (0..300).map(|child| rolling.pool(child)).collect();
            assert_eq!(now, expected.places(), "seed {seed}");
        }
    }
    assert!(moves > 500, "declines do move children");
}

/// A child without a place that only kept two others from changing theirs: no seat becomes free, and yet both move.
#[test]
fn a_decline_lets_two_children_change_places() {
    let lists = vec![vec![(1, 1), (0, 3)], vec![(0, 1), (1, 3)], vec![(0, 2)]];
    let instance = Town::plain(&[1, 1], lists).instance();
    let mut rolling = Rolling::new(Market::new(&instance));
    let places = |rolling: &Rolling<'_>| [0, 1, 2].map(|child| rolling.pool(child));
    assert_eq!(places(&rolling), [Some(0), Some(1), None]);
    assert_eq!(rolling.withdraw(2).len(), 2);
    assert_eq!(places(&rolling), [Some(1), Some(0), None]);
}
