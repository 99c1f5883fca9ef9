//! The promises of the mechanism, each tried on many small instances and where possible against all alternatives.

use kitaplatz::allocation::{Instance, Market, Outcome, ResultFile, Rolling, solve, verify};

use crate::generator::{City, Features, Random, city, small};
use crate::support::{Plain, numbered};

fn plain(random: &mut Random, children: usize, pools: usize) -> Plain {
    let caps = (0..pools).map(|_| random.below(3) as u32).collect();
    let list = |random: &mut Random| {
        let mut left: Vec<usize> = (0..pools).collect();
        let mut list = Vec::new();
        while !left.is_empty() && !random.once_in(6) {
            list.push((left.swap_remove(random.below(left.len())), random.below(4) as i64));
        }
        list
    };
    Plain {
        caps,
        lists: (0..children).map(|_| list(random)).collect(),
    }
}

#[test]
fn every_child_gets_the_best_that_any_stable_matching_gives() {
    for seed in 0..250 {
        let mut random = Random::new(seed);
        let (children, pools) = (1 + random.below(6), 1 + random.below(3));
        let market = plain(&mut random, children, pools);
        let stable = market.stable();
        let best: Vec<usize> = (0..market.lists.len())
            .map(|child| stable.iter().map(|ranks| ranks[child]).min().unwrap())
            .collect();
        assert_eq!(market.solved(), best, "seed {seed}: {market:?}");
    }
}

#[test]
fn facilities_that_propose_give_every_child_the_worst_of_all_stable_matchings() {
    for seed in 0..250 {
        let mut random = Random::new(seed);
        let (children, pools) = (1 + random.below(6), 1 + random.below(3));
        let market = plain(&mut random, children, pools);
        let stable = market.stable();
        let worst = |child: usize| stable.iter().map(|ranks| ranks[child]).max().unwrap();
        let worst =
            (0..market.lists.len()).map(|child| market.lists[child].get(worst(child)).map_or(0, |&(pool, _)| pool + 1));
        let instance = market.instance();
        assert_eq!(
            numbered(Market::new(&instance).facility_proposing()),
            worst.collect::<Vec<_>>(),
            "seed {seed}: {market:?}"
        );
    }
}

#[test]
fn no_child_gains_by_any_other_list() {
    for seed in 0..25 {
        let mut random = Random::new(seed);
        let market = plain(&mut random, 5, 3);
        let honest = market.solved();
        for (child, &honest) in honest.iter().enumerate() {
            for list in orders(&market.lists[child]) {
                let mut other = market.clone();
                other.lists[child] = list;
                let got = other.lists[child].get(other.solved()[child]).map(|&(pool, _)| pool);
                let worth = market.lists[child].iter().position(|&(pool, _)| Some(pool) == got);
                assert!(
                    worth.unwrap_or(market.lists[child].len()) >= honest,
                    "seed {seed}, child {child}"
                );
            }
        }
    }
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

#[test]
fn the_same_facilities_stay_short_whoever_proposes() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let market = plain(&mut random, 8, 4);
        let instance = market.instance();
        let outcome = solve(&instance);
        let facilities = Market::new(&instance).facility_proposing();
        for (pool, &cap) in (0..).zip(&market.caps) {
            let children = (0..8).filter(|&child| outcome.place(child).is_some_and(|place| place.pool == pool));
            let children: Vec<u32> = children.collect();
            let others: Vec<u32> = (0..8)
                .filter(|&child| facilities[child as usize] == Some(pool))
                .collect();
            assert_eq!(children.len(), others.len());
            assert!(
                children.len() == cap as usize || children == others,
                "seed {seed}: a short pool has one set of children"
            );
        }
    }
}

#[test]
fn one_more_seat_or_one_child_fewer_makes_nobody_worse() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let market = plain(&mut random, 8, 4);
        let before = market.solved();
        let mut larger = market.clone();
        larger.caps[random.below(4)] += 1;
        assert!(
            larger
                .solved()
                .iter()
                .zip(&before)
                .all(|(after, before)| after <= before)
        );
        let mut fewer = market.clone();
        let gone = random.below(8);
        fewer.lists[gone].clear();
        let after = fewer.solved();
        assert!(
            (0..8)
                .filter(|&child| child != gone)
                .all(|child| after[child] <= before[child]),
            "seed {seed}"
        );
    }
}

#[test]
fn more_points_never_hurt() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let market = plain(&mut random, 8, 4);
        let before = market.solved();
        let child = random.below(8);
        let mut richer = market.clone();
        richer.lists[child].iter_mut().for_each(|(_, points)| *points += 1);
        assert!(richer.solved()[child] <= before[child], "seed {seed}");
    }
}

const EVERYTHING: Features = Features {
    nodes: true,
    reserves: true,
    stays: true,
    siblings: true,
};

/// The canonical form with all arrays whose order is free turned around.
fn turned(instance: &Instance) -> Instance {
    let mut text = Vec::new();
    instance.write_canonical(&mut text).unwrap();
    let mut file: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let turn = |value: &mut serde_json::Value| value.as_array_mut().unwrap().reverse();
    for key in ["nodes", "pools", "families"] {
        turn(&mut file[key]);
    }
    for pool in file["pools"].as_array_mut().unwrap() {
        turn(&mut pool["reserves"]);
    }
    for family in file["families"].as_array_mut().unwrap() {
        turn(&mut family["children"]);
        family["joint_wishes"].as_array_mut().unwrap().iter_mut().for_each(turn);
        family["children"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|child| turn(&mut child["types"]));
    }
    Instance::read(file.to_string().as_bytes()).unwrap()
}

#[test]
fn the_order_of_the_file_is_irrelevant() {
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let instance = small(&mut random, 10, 4, EVERYTHING);
        let other = turned(&instance);
        assert_eq!(other.sha256(), instance.sha256());
        assert_eq!(solve(&other).file(), solve(&instance).file(), "seed {seed}");
    }
}

#[test]
fn a_run_can_be_replayed_byte_by_byte() {
    for seed in 0..100 {
        let instance = small(&mut Random::new(seed), 10, 4, EVERYTHING);
        let bytes = |result: &ResultFile| {
            let mut bytes = Vec::new();
            result.write(&mut bytes).unwrap();
            bytes
        };
        let first = bytes(&solve(&instance).file());
        let mut text = Vec::new();
        instance.write_canonical(&mut text).unwrap();
        let again = Instance::read(&text).unwrap();
        assert_eq!(bytes(&solve(&again).file()), first);
        assert_eq!(bytes(&ResultFile::read(&first).unwrap()), first);
    }
}

fn pools(outcome: &Outcome<'_>, children: usize) -> Vec<Option<u32>> {
    (0..children as u32)
        .map(|child| outcome.place(child).map(|place| place.pool))
        .collect()
}

#[test]
fn a_decline_runs_its_chain_and_ends_where_a_full_run_does() {
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

#[test]
fn a_decline_in_a_tree_ends_where_a_full_run_does() {
    for seed in 0..100 {
        let instance = small(
            &mut Random::new(seed),
            10,
            4,
            Features {
                nodes: true,
                reserves: true,
                ..Features::default()
            },
        );
        let mut rolling = Rolling::new(Market::new(&instance));
        rolling.withdraw(3);
        let now: Vec<Option<u32>> = (0..10).map(|child| rolling.pool(child)).collect();
        assert_eq!(now, Market::new(&instance).withdrawn(3).places());
    }
}

#[test]
fn incumbents_never_lose_and_fixed_children_stay() {
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let instance = small(
            &mut random,
            10,
            4,
            Features {
                siblings: false,
                ..EVERYTHING
            },
        );
        let mut text = Vec::new();
        instance.write_canonical(&mut text).unwrap();
        let file: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let outcome = solve(&instance);
        for child in file["families"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|family| family["children"].as_array().unwrap())
        {
            let place = outcome.place(instance.child(child["id"].as_str().unwrap()).unwrap());
            let pool = place.map(|place| instance.pool_id(place.pool));
            if let Some(fixed) = child["fixed"].as_str() {
                assert_eq!(pool, Some(fixed));
            } else if let Some(incumbent) = child["incumbent"].as_str() {
                let list: Vec<&str> = child["wishes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|wish| wish["pool"].as_str().unwrap())
                    .collect();
                let worth = |pool: &str| list.iter().position(|&other| other == pool).unwrap_or(list.len());
                assert!(worth(pool.unwrap()) <= worth(incumbent), "seed {seed}");
            }
        }
    }
}

#[test]
fn reserves_leave_no_wanted_seat_empty_and_only_listed_exceptions_remain() {
    for seed in 1000..1600 {
        let instance = small(&mut Random::new(seed), 12, 4, EVERYTHING);
        let result = solve(&instance).file();
        assert_eq!(verify(&instance, &result), []);
        if result.exceptions.is_empty() {
            assert_eq!((result.metrics.wasted_seats, result.metrics.justified_envy), (0, 0));
        }
    }
}

#[test]
fn nobody_who_was_turned_away_is_taken_when_more_apply() {
    // Substitutability, seen from outside: the choice from some applicants contains what the choice from more of them keeps.
    for seed in 0..600 {
        let mut random = Random::new(seed);
        let features = Features {
            nodes: true,
            reserves: true,
            ..Features::default()
        };
        let instance = small(&mut random, 9, 3, features);
        let everybody = one_wish_each(&instance, 9);
        let fewer = one_wish_each(&instance, 5 + random.below(4));
        let (all, some) = (pools(&solve(&everybody), 9), pools(&solve(&fewer), fewer.children()));
        for (child, pool) in some.iter().enumerate() {
            assert!(
                pool.is_some() || all[child].is_none(),
                "seed {seed}: {child} comes in because others apply"
            );
        }
    }
}

/// The first children, each with its first wish only, so that a run is nothing but one choice of each tree.
fn one_wish_each(instance: &Instance, children: usize) -> Instance {
    let mut text = Vec::new();
    instance.write_canonical(&mut text).unwrap();
    let mut file: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let families = file["families"].as_array_mut().unwrap();
    families.truncate(children);
    for family in families {
        family["children"][0]["wishes"].as_array_mut().unwrap().truncate(1);
    }
    Instance::read(file.to_string().as_bytes()).unwrap()
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

#[test]
fn the_rounds_are_those_of_the_published_simulation() {
    // Thirty wishes, three children a facility, 1.2 applicants a place, and 5 of 100 places that may still change, as published.
    let size = City {
        children: 600,
        pools: 200,
        wishes: 30,
        seats: 500,
        siblings: 0,
    };
    let published = [(0, 1.0), (30, 5.0), (60, 8.2), (100, 14.2)];
    let instances: Vec<Instance> = (0..6).map(|seed| city(size, seed)).collect();
    for (share, expected) in published {
        let counted = instances.iter().zip(0..).map(|(instance, seed)| {
            let by_hand = |pool: u32| (u64::from(pool) * 7919 + seed) % 100 < share;
            let market = Market::new(instance);
            (
                market.coordinated_rounds(by_hand, 50),
                market.coordinated_steps(by_hand, 50),
            )
        });
        let (rounds, steps): (Vec<u32>, Vec<u32>) = counted.unzip();
        let mean = |counts: &[u32]| f64::from(counts.iter().sum::<u32>()) / 6.0;
        let (rounds, steps) = (mean(&rounds), mean(&steps));
        eprintln!("{share} of 100 by hand: {rounds:.1} rounds, published {expected}; {steps:.1} of our own steps");
        assert!(
            (rounds - expected).abs() <= 1.0,
            "{share} of 100 by hand: {rounds} rounds, published {expected}"
        );
        // In our own steps whoever goes by points has proposed before a manager looks, which the published ones do not count so.
        assert!(
            steps <= rounds,
            "{share} of 100 by hand: {steps} steps, {rounds} rounds"
        );
    }
}
