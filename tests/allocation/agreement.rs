//! Engine and verifier, which share no code, agree on every kind of instance.

use kitaplatz::allocation::{solve, verify};
use proptest::prelude::*;

use crate::generator::{City, city};
use crate::towns::{Town, config, town, town_of_families};

fn agree(town: &Town) -> Result<(), TestCaseError> {
    let instance = town.instance();
    prop_assert_eq!(verify(&instance, &solve(&instance).file()), []);
    Ok(())
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn where_children_wish_for_themselves(town in town(12, 5)) {
        agree(&town)?;
    }
}

proptest! {
    // What comes about only where siblings give up seats that are reserved is rare.
    #![proptest_config(config(2500))]

    #[test]
    fn where_siblings_wish_together(town in town_of_families(12, 5)) {
        agree(&town)?;
    }
}

#[test]
fn in_a_city() {
    let size = City {
        children: 2000,
        pools: 80,
        wishes: 6,
        seats: 1800,
        siblings: 100,
    };
    for seed in 0..4 {
        let instance = city(size, seed);
        assert_eq!(verify(&instance, &solve(&instance).file()), []);
    }
}
