//! What holds for a file and its result as a whole, siblings who wish together included.

use kitaplatz::allocation::{Instance, ResultFile, solve, verify};
use proptest::prelude::*;
use proptest::test_runner::TestRng;

use crate::towns::{Stay, Town, config, town_of_families};

/// The canonical form with all arrays whose order is free, and the columns of joint wishes with their children, in another order.
fn shuffled(instance: &Instance, random: &mut TestRng) -> Instance {
    let mut text = Vec::new();
    instance.write_canonical(&mut text).unwrap();
    let mut file: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let mut order = |count: usize| {
        let mut order: Vec<usize> = (0..count).collect();
        (1..count)
            .rev()
            .for_each(|at| order.swap(at, random.random_range(0..=at)));
        order
    };
    let shuffle = |value: &mut serde_json::Value, order: &[usize]| {
        let array = value.as_array_mut().unwrap();
        *array = order.iter().map(|&at| array[at].clone()).collect();
    };
    let count = |value: &serde_json::Value| value.as_array().unwrap().len();
    for key in ["nodes", "pools", "families"] {
        let order = order(count(&file[key]));
        shuffle(&mut file[key], &order);
    }
    for pool in file["pools"].as_array_mut().unwrap() {
        let order = order(count(&pool["reserves"]));
        shuffle(&mut pool["reserves"], &order);
    }
    for family in file["families"].as_array_mut().unwrap() {
        let columns = order(count(&family["children"]));
        shuffle(&mut family["children"], &columns);
        for wish in family["joint_wishes"].as_array_mut().unwrap() {
            shuffle(wish, &columns);
        }
        for child in family["children"].as_array_mut().unwrap() {
            let order = order(count(&child["types"]));
            shuffle(&mut child["types"], &order);
        }
    }
    Instance::read(file.to_string().as_bytes()).unwrap()
}

fn bytes(result: &ResultFile) -> Vec<u8> {
    let mut bytes = Vec::new();
    result.write(&mut bytes).unwrap();
    bytes
}

/// The places of a result in the order of the children, as the town numbers its pools.
fn places(result: &ResultFile) -> Vec<Option<usize>> {
    let pool = |pool: &str| pool[1..].parse().unwrap();
    result
        .assignments
        .iter()
        .map(|row| row.pool.as_deref().map(pool))
        .collect()
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn the_order_of_the_file_is_irrelevant(town in town_of_families(10, 4), random in Just(()).prop_perturb(|(), random| random)) {
        let instance = town.instance();
        let other = shuffled(&instance, &mut random.clone());
        prop_assert_eq!(other.sha256(), instance.sha256());
        prop_assert_eq!(bytes(&solve(&other).file()), bytes(&solve(&instance).file()));
    }

    #[test]
    fn a_run_can_be_replayed_byte_by_byte(town in town_of_families(10, 4)) {
        let instance = town.instance();
        let first = bytes(&solve(&instance).file());
        let mut text = Vec::new();
        instance.write_canonical(&mut text).unwrap();
        let again = Instance::read(&text).unwrap();
        prop_assert_eq!(&bytes(&solve(&again).file()), &first);
        prop_assert_eq!(&bytes(&ResultFile::read(&first).unwrap()), &first);
    }

    /// Every code, cut-off and figure is what the verifier derives from the places alone, and where it lists no exception nobody has a
    /// claim and no wanted seat is empty.
    #[test]
    fn codes_agree_with_the_verifier_and_only_listed_exceptions_remain(town in town_of_families(12, 4)) {
        let instance = town.instance();
        let result = solve(&instance).file();
        prop_assert_eq!(verify(&instance, &result), []);
        let none = result.exceptions.is_empty();
        prop_assert!(!none || (result.metrics.wasted_seats, result.metrics.justified_envy) == (0, 0));
        let named = |family: &str| town.kins.iter().any(|kin| format!("f{:02}", kin.first) == family);
        prop_assert!(result.exceptions.iter().all(|row| named(&row.family)), "no single child is an exception");
    }

    /// Only what was wished, or where a child stays; no more children in any pool or node than it has seats, and no seat left empty that a
    /// child without siblings would rather have.
    #[test]
    fn families_get_what_they_wished_and_no_bound_is_broken(town in town_of_families(12, 4)) {
        let places = places(&solve(&town.instance()).file());
        let mut left = town.caps();
        for (child, place) in places.iter().enumerate() {
            let Some(pool) = *place else { continue };
            let kid = &town.children[child];
            let listed = kid.list.iter().any(|&(wished, _)| wished == pool);
            prop_assert!(listed || kid.stay == Stay::Incumbent(pool) || kid.stay == Stay::Fixed(pool));
            for bound in town.bounds(pool) {
                prop_assert!(left[bound] > 0, "{bound} is overfull");
                left[bound] -= 1;
            }
        }
        let in_kin = |child: usize| town.kins.iter().any(|kin| (kin.first..kin.first + kin.count).contains(&child));
        for child in (0..places.len()).filter(|&child| !in_kin(child)) {
            let asks = town.asks(child).into_iter().map(|(pool, _)| pool);
            let mut better = asks.take_while(|&pool| Some(pool) != places[child]);
            prop_assert!(better.all(|pool| town.bounds(pool).iter().any(|&bound| left[bound] == 0)), "a wanted seat is empty");
        }
        for kin in town.kins.iter().filter(|kin| kin.required) {
            let got = &places[kin.first..kin.first + kin.count];
            let stays = |child: usize| town.children[child].stay != Stay::Free;
            let kept = (kin.first..kin.first + kin.count).all(|child| places[child].is_none() || stays(child));
            let joint = kin.joint.iter().any(|wish| is_granted(&town, kin.first, wish, got));
            prop_assert!(joint || kept, "together or not at all: {got:?}");
        }
    }

    #[test]
    fn the_verifier_rejects_a_skipped_child(town in town_of_families(9, 4), child in any::<prop::sample::Index>()) {
        let instance = town.instance();
        let right = solve(&instance).file();
        let mut wrong = right.clone();
        let gone = child.index(town.children.len());
        wrong.assignments.remove(gone);
        prop_assert_ne!(verify(&instance, &wrong), []);
        wrong.explanations.retain(|row| row.child != right.assignments[gone].child);
        prop_assert_ne!(verify(&instance, &wrong), []);
    }
}

/// Whether a family has the places of a joint wish; where it has none for a child, that child may have one only by staying.
fn is_granted(town: &Town, first: usize, wish: &[Option<usize>], got: &[Option<usize>]) -> bool {
    let mut columns = wish.iter().zip(got).zip(&town.children[first..]);
    columns.all(|((wished, got), kid)| match wished {
        Some(at) => Some(kid.list[*at].0) == *got,
        None => got.is_none() || kid.stay != Stay::Free,
    })
}
