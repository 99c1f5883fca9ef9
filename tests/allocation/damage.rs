//! A result that was tampered with is rejected, whatever was done to it.

use kitaplatz::allocation::{
    Code, Detail, Exception, Instance, InstanceBuilder, Node, Pool, Reserve, ResultFile, Violation, solve, verify,
};

use crate::generator::{City, Features, Random, city, small};
use crate::support::{single, wish};

fn solved(seed: u64) -> (Instance, ResultFile) {
    let instance = city(
        City {
            children: 120,
            pools: 10,
            wishes: 5,
            seats: 100,
            siblings: 10,
        },
        seed,
    );
    let result = solve(&instance).file();
    assert_eq!(verify(&instance, &result), []);
    (instance, result)
}

fn rejected(what: &str, damage: impl Fn(&mut ResultFile, &mut Random)) {
    for seed in 0..20 {
        let (instance, right) = solved(seed);
        let mut wrong = right.clone();
        damage(&mut wrong, &mut Random::new(seed));
        assert!(
            wrong == right || !verify(&instance, &wrong).is_empty(),
            "seed {seed}: {what}"
        );
        assert_ne!(wrong, right, "seed {seed}: {what} damages nothing");
    }
}

/// Two children who are in different pools.
fn pair(result: &ResultFile, random: &mut Random) -> (usize, usize) {
    loop {
        let (one, two) = (
            random.below(result.assignments.len()),
            random.below(result.assignments.len()),
        );
        let pool = |at: usize| result.assignments[at].pool.as_ref();
        if pool(one).is_some() && pool(two).is_some() && pool(one) != pool(two) {
            return (one, two);
        }
    }
}

/// Each wrong row is named once and in its order, wherever it stands.
#[test]
fn wrong_rows_at_both_ends_of_a_large_result() {
    let size = City {
        children: 4_000,
        pools: 150,
        wishes: 6,
        seats: 3_600,
        siblings: 60,
    };
    let instance = city(size, 7);
    let mut result = solve(&instance).file();
    assert_eq!(verify(&instance, &result), []);
    let rows = result.explanations.len();
    let wrong: Vec<usize> = [0, rows / 2 - 1, rows / 2, rows - 1].to_vec();
    for &at in &wrong {
        result.explanations[at].wish += 100;
    }
    let named: Vec<usize> = verify(&instance, &result)
        .iter()
        .filter_map(|violation| match violation {
            Violation::Explanation { at, .. } => Some(*at),
            _ => None,
        })
        .collect();
    assert_eq!(named, wrong);
}

#[test]
fn a_swapped_pair() {
    rejected("swapped pools", |result, random| {
        let (one, two) = pair(result, random);
        let pool = result.assignments[one].pool.take();
        result.assignments[one].pool = std::mem::replace(&mut result.assignments[two].pool, pool);
    });
}

#[test]
fn an_overfull_pool() {
    rejected("one more in a pool", |result, random| {
        let (one, two) = pair(result, random);
        result.assignments[one].pool = result.assignments[two].pool.clone();
    });
}

#[test]
fn a_skipped_child() {
    rejected("a child left out", |result, random| {
        let at = random.below(result.assignments.len());
        result.assignments.remove(at);
    });
    rejected("a child without its place", |result, random| {
        let (one, _) = pair(result, random);
        result.assignments[one].pool = None;
        result.assignments[one].wish = None;
    });
}

#[test]
fn a_child_named_twice() {
    rejected("a child named twice", |result, random| {
        let at = random.below(result.assignments.len());
        result.assignments.insert(at, result.assignments[at].clone());
    });
}

#[test]
fn another_order() {
    rejected("assignments out of order", |result, _| result.assignments.swap(3, 4));
    rejected("explanations out of order", |result, _| result.explanations.swap(3, 4));
}

#[test]
fn another_wish() {
    rejected("another number", |result, random| {
        let (one, _) = pair(result, random);
        result.assignments[one].wish = result.assignments[one].wish.map(|wish| wish % 5 + 1);
    });
}

#[test]
fn another_explanation() {
    rejected("another code", |result, random| {
        let at = random.below(result.explanations.len());
        let code = &mut result.explanations[at].code;
        *code = if *code == Code::Placed {
            Code::BetterPlaced
        } else {
            Code::Placed
        };
    });
    rejected("one explanation less", |result, _| drop(result.explanations.pop()));
    rejected("one explanation more", |result, _| {
        result.explanations.extend(result.explanations.last().cloned())
    });
    rejected("an explanation of nobody", |result, random| {
        let at = random.below(result.explanations.len());
        let mut stray = result.explanations[at].clone();
        stray.child = "nobody".into();
        result.explanations.insert(at, stray);
    });
    rejected("explanations after their child's turn", |result, random| {
        let at = 1 + random.below(result.explanations.len() - 1);
        result.explanations.rotate_left(at);
    });
    rejected("an explanation under another child's name", |result, random| {
        let at = random.below(result.explanations.len());
        let own = result.explanations[at].child.clone();
        let other = result
            .explanations
            .iter()
            .find(|row| row.child != own)
            .unwrap()
            .child
            .clone();
        result.explanations[at].child = other;
    });
    rejected("explanations without a detail and with one", |result, _| {
        let detailed = result.explanations.iter().position(|row| row.detail.is_some()).unwrap();
        let plain = result.explanations.iter().position(|row| row.detail.is_none()).unwrap();
        result.explanations[plain].detail = result.explanations[detailed].detail.take();
    });
    rejected("another number ahead", |result, _| detail(result).ahead += 1);
    rejected("another cut-off", |result, _| {
        detail(result).cutoff = Some([0, 0, 0].into())
    });
    rejected("another priority", |result, _| detail(result).own[0] -= 1);
}

fn detail(result: &mut ResultFile) -> &mut Detail {
    result
        .explanations
        .iter_mut()
        .find_map(|row| row.detail.as_deref_mut())
        .unwrap()
}

#[test]
fn another_figure() {
    rejected("more placed", |result, _| result.metrics.placed += 1);
    rejected("more envy", |result, _| result.metrics.justified_envy += 1);
    rejected("more waste", |result, _| result.metrics.wasted_seats += 1);
    rejected("another sum", |result, _| result.metrics.wish_sum += 1);
}

#[test]
fn another_instance() {
    rejected("another hash", |result, _| {
        result.instance_sha256.replace_range(0..1, "x")
    });
}

#[test]
fn an_invented_exception() {
    rejected("an exception without a claim", |result, _| {
        result.exceptions.push(Exception {
            family: "f0000000".into(),
            would_take: vec![None, None],
            reason: String::new(),
        });
    });
}

#[test]
fn an_exception_that_is_not_listed() {
    let features = Features {
        nodes: false,
        reserves: false,
        stays: false,
        siblings: true,
    };
    let mut dropped = 0;
    for seed in 0..2_000 {
        let instance = small(&mut Random::new(seed), 10, 4, features);
        let right = solve(&instance).file();
        for at in 0..right.exceptions.len() {
            let mut wrong = right.clone();
            let hidden = wrong.exceptions.remove(at).family;
            let found = verify(&instance, &wrong);
            let claims = |one: &Violation| matches!(one, Violation::Claim { family, .. } if *family == *hidden);
            assert!(found.iter().any(claims), "seed {seed}: {found:?}");
            dropped += 1;
        }
    }
    assert!(dropped >= 20, "{dropped} were listed at all");
}

/// What stands against a result that is right for another instance, under the hash of this one.
fn of_another(instance: &Instance, other: &Instance) -> Vec<Violation> {
    let mut result = solve(other).file();
    assert_eq!(verify(other, &result), []);
    result.instance_sha256 = instance.sha256();
    verify(instance, &result)
}

#[test]
fn an_overfull_node_whose_pools_are_not() {
    let house = |cap| {
        let mut builder = InstanceBuilder::default();
        builder.node(Node {
            id: "house".into(),
            parent: None,
            cap,
        });
        for (pool, child) in [("small", "a"), ("large", "b")] {
            builder.pool(Pool {
                id: pool.into(),
                node: Some("house".into()),
                cap: 1,
                reserves: vec![],
            });
            builder.family(single(child, vec![wish(pool, &[1])]));
        }
        builder.build().unwrap()
    };
    let found = of_another(&house(1), &house(2));
    let overfull = Violation::Overfull {
        id: "house".into(),
        taken: 2,
        cap: 1,
    };
    assert!(found.contains(&overfull), "{found:?}");
}

#[test]
fn a_kept_seat_told_as_a_lack_of_points_and_the_other_way_round() {
    let mut builder = InstanceBuilder::default();
    builder.pool(Pool {
        id: "p".into(),
        node: None,
        cap: 2,
        reserves: vec![Reserve {
            kind: "hardship".into(),
            seats: 1,
        }],
    });
    for (child, points) in [("a", 9), ("b", 8), ("c", 2), ("d", 1)] {
        let mut family = single(child, vec![wish("p", &[points])]);
        if child == "c" {
            family.children[0].types = vec!["hardship".into()];
        }
        builder.family(family);
    }
    let instance = builder.build().unwrap();
    let right = solve(&instance).file();
    assert_eq!(verify(&instance, &right), []);
    let codes: Vec<Code> = right.explanations.iter().map(|row| row.code).collect();
    assert_eq!(codes, [Code::Placed, Code::Reserved, Code::Placed, Code::Full]);
    for (row, code) in [(1, Code::Full), (3, Code::Reserved)] {
        let mut wrong = right.clone();
        wrong.explanations[row].code = code;
        let found = verify(&instance, &wrong);
        assert!(
            matches!(found.as_slice(), [Violation::Explanation { at, .. }] if *at == row),
            "{found:?}"
        );
    }
}
