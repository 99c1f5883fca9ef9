//! The coordinated mode and the lottery: who answers when, how often, and what chances there are.

use kitaplatz::allocation::{Coordination, Market};
use proptest::prelude::*;

use crate::generator::{City, city};
use crate::towns::{config, town};

proptest! {
    #![proptest_config(config(300))]

    /// Whoever is decided by hand, and in whatever order they answer.
    #[test]
    fn managers_who_follow_the_points_arrive_where_facilities_do_that_propose(
        town in town(9, 4),
        hands in any::<[bool; 4]>(),
        turns in prop::collection::vec(any::<[bool; 4]>(), 0..6),
    ) {
        let instance = town.instance();
        let market = Market::new(&instance);
        let mut steps = Coordination::new(&market, |pool| hands[pool as usize]);
        let count = town.children.len() as u32;
        let mut held: Vec<Option<u32>> = (0..count).map(|child| steps.held(child)).collect();
        // Some answer and some do not; in the end everybody does.
        for turn in turns.into_iter().chain(std::iter::repeat([true; 4])) {
            let finals = steps.finals();
            if steps.pending().is_empty() {
                break;
            }
            steps.step(|pool| turn[pool as usize]);
            let now: Vec<Option<u32>> = (0..count).map(|child| steps.held(child)).collect();
            for ((last, before), after) in finals.iter().zip(&held).zip(&now) {
                prop_assert!(!last || before == after, "what is final stays");
                prop_assert!(before.is_none() || after.is_some(), "nobody loses an offer for nothing");
            }
            held = now;
        }
        prop_assert_eq!(held, market.facility_proposing());
    }
}

#[test]
fn chances_add_up_and_do_not_depend_on_the_number_of_cores() {
    let size = City {
        children: 200,
        pools: 10,
        wishes: 4,
        seats: 150,
        siblings: 0,
    };
    let instance = city(size, 1);
    let market = Market::new(&instance);
    let chances = market.chances(50);
    assert_eq!(chances, market.chances(50));
    let sum = |child: u32| chances.of(child).iter().sum::<u32>();
    assert!((0..200).all(|child| sum(child) <= 50));
    assert_eq!(
        (0..200).map(sum).sum::<u32>(),
        50 * 150,
        "every seat is wanted in every draw"
    );
}

#[test]
fn without_managers_one_round_is_enough_and_with_them_it_takes_more() {
    let size = City {
        children: 1000,
        pools: 60,
        wishes: 8,
        seats: 900,
        siblings: 0,
    };
    let instance = city(size, 3);
    let market = Market::new(&instance);
    let rounds: Vec<u32> = [0, 3, 6, 10]
        .iter()
        .map(|&share| market.coordinated_rounds(|pool| pool % 10 < share, 50))
        .collect();
    assert_eq!(rounds[0], 1);
    assert!(rounds.is_sorted(), "{rounds:?}");
}
