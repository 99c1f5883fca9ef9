//! A child that has a seat and likes another one below the same bound better: its own seat stands in its way only where somebody with the
//! larger claim waits for the seat that it would take.
//!
//! Its place goes before everybody, every other wish by its own claim (top priority is at the present place, and there alone). So who wishes
//! to change risks nothing, and nobody with a larger claim is passed over by a change within a tree: to place the child there would leave
//! that one with justified envy, which the verifier refuses.

use kitaplatz::allocation::{solve, verify};
use proptest::prelude::*;

use crate::brute::{Ask, Books};
use crate::towns::{Home, Kid, Stay, Town, config, town};

/// Two pools of one seat each below a node with one seat: the first child has the first and likes the second better.
fn two_rooms(points_of_other: Option<i64>) -> Town {
    let mut town = Town::plain(&[1, 1], vec![vec![(1, 2), (0, 2)]]);
    town.nodes = vec![(None, 1)];
    town.pools.iter_mut().for_each(|pool| pool.node = Some(0));
    town.children[0].stay = Stay::Incumbent(0);
    town.children.extend(points_of_other.map(|points| Kid {
        list: vec![(0, points)],
        types: [false; 2],
        stay: Stay::Free,
    }));
    town
}

#[test]
fn its_own_seat_blocks_nobody_who_has_the_largest_claim_below_the_bound() {
    for (other, place) in [(None, 1), (Some(1), 1), (Some(3), 0)] {
        let town = two_rooms(other);
        let instance = town.instance();
        let places = town.places(&solve(&instance));
        assert_eq!(places[0], Some(place), "beside one with {other:?} points");
        assert!(places[1..].iter().all(Option::is_none), "the seat stays the child's");
    }
    // The other way round the one with the larger claim would envy the seat.
    let town = two_rooms(Some(3));
    let books = Books::of(&town);
    assert!(books.complaint(&[0, 1]).is_some_and(|ask| ask.child == 1));
    let instance = town.instance();
    let mut file = solve(&instance).file();
    file.assignments[0].pool = Some("p01".into());
    file.assignments[0].wish = Some(1);
    assert!(!verify(&instance, &file).is_empty());
}

proptest! {
    #![proptest_config(config(400))]

    /// If a child could have the better seat once its own is counted off, somebody waits who has the larger claim to it.
    #[test]
    fn who_keeps_a_seat_below_a_bound_is_kept_from_a_better_one_by_a_larger_claim_alone(mut town in town(10, 4)) {
        for Home { reserves, .. } in &mut town.pools {
            *reserves = [0; 2];
        }
        let books = Books::of(&town);
        let ranks = town.solved();
        for (child, list) in books.lists.iter().enumerate() {
            let rank = ranks[child];
            let Some(own) = list.get(rank).filter(|own| own.stays()) else { continue };
            let mut left = books.left(&ranks);
            books.give_back(own, &mut left);
            for better in list[..rank].iter().filter(|ask| books.has_room(ask, &left)) {
                let larger = |ask: &Ask| books.tree(ask.pool) == books.tree(own.pool) && ask.goes_before(better);
                let envies = |(other, list): (usize, &Vec<Ask>)| other != child && list[..ranks[other]].iter().any(larger);
                prop_assert!(books.lists.iter().enumerate().any(envies), "{child} could have {better:?}");
            }
        }
    }
}
