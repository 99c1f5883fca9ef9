//! Engine and verifier, which share no code, agree on every kind of instance.

use kitaplatz::allocation::{solve, verify};

use crate::generator::{City, Features, Random, city, small};

fn agree(rounds: u64, features: Features) {
    for seed in 0..rounds {
        let mut random = Random::new(seed);
        let (children, pools) = (1 + random.below(12), 1 + random.below(5));
        let instance = small(&mut random, children, pools, features);
        let result = solve(&instance).file();
        let violations = verify(&instance, &result);
        let mut text = Vec::new();
        instance.write_canonical(&mut text).unwrap();
        assert!(
            violations.is_empty(),
            "seed {seed}: {violations:#?}\n{}\n{result:?}",
            String::from_utf8_lossy(&text)
        );
    }
}

#[test]
fn where_pools_stand_alone() {
    agree(500, Features::default());
}

#[test]
fn where_capacities_are_nested() {
    agree(
        2000,
        Features {
            nodes: true,
            ..Features::default()
        },
    );
}

#[test]
fn where_seats_are_reserved() {
    agree(
        2000,
        Features {
            reserves: true,
            ..Features::default()
        },
    );
}

#[test]
fn where_children_stay() {
    agree(
        2000,
        Features {
            stays: true,
            ..Features::default()
        },
    );
    agree(
        2000,
        Features {
            stays: true,
            nodes: true,
            reserves: true,
            ..Features::default()
        },
    );
}

#[test]
fn where_siblings_wish_together() {
    agree(
        2000,
        Features {
            siblings: true,
            ..Features::default()
        },
    );
    agree(
        2000,
        Features {
            siblings: true,
            nodes: true,
            ..Features::default()
        },
    );
}

#[test]
fn where_everything_comes_together() {
    agree(
        4000,
        Features {
            nodes: true,
            reserves: true,
            stays: true,
            siblings: true,
        },
    );
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
