//! Cases that others published with their solutions.
//!
//! The markets are small enough that all their stable matchings are found by trying every one, where the book lists them.

use kitaplatz::allocation::{Family, Instance, InstanceBuilder, Market, Pool, ResultFile, Siblings, solve, verify};

use crate::brute::Books;
use crate::support::{child, market, numbered, placed, single, wish};
use crate::towns::Town;

#[test]
fn roth_and_sotomayor_2_9() {
    let men: &[&[usize]] = &[&[1, 2, 3, 4], &[4, 2, 3, 1], &[4, 3, 1, 2], &[1, 4, 3, 2], &[1, 2, 4]];
    let women: &[&[usize]] = &[&[2, 3, 1, 4, 5], &[3, 1, 2, 4, 5], &[5, 4, 1, 2, 3], &[1, 4, 5, 2, 3]];
    let instance = market(&[1; 4], men, women);
    assert_eq!(placed(&instance), [1, 2, 3, 4, 0]);
    assert_eq!(numbered(Market::new(&instance).facility_proposing()), [4, 1, 2, 3, 0]);
}

#[test]
fn roth_and_sotomayor_2_17() {
    let men: &[&[usize]] = &[&[1, 2, 3, 4], &[2, 1, 4, 3], &[3, 4, 1, 2], &[4, 3, 2, 1]];
    let women: &[&[usize]] = &[&[4, 3, 2, 1], &[3, 4, 1, 2], &[2, 1, 4, 3], &[1, 2, 3, 4]];
    let instance = market(&[1; 4], men, women);
    assert_eq!(placed(&instance), [1, 2, 3, 4]);
    assert_eq!(numbered(Market::new(&instance).facility_proposing()), [4, 3, 2, 1]);
}

/// Seven students and five colleges, of which the first takes three.
#[test]
fn roth_and_sotomayor_5_24() {
    let students: &[&[usize]] = &[&[5, 1], &[2, 5, 1], &[3, 1], &[4, 1], &[1, 2], &[1, 3], &[1, 3, 4]];
    let colleges: &[&[usize]] = &[&[1, 2, 3, 4, 5, 6, 7], &[5, 2], &[6, 7, 3], &[7, 4], &[2, 1]];
    let caps = [3, 1, 1, 1, 1];
    let instance = market(&caps, students, colleges);
    let (best_for_students, best_for_colleges) = ([5, 2, 3, 4, 1, 1, 1], [1, 5, 1, 1, 2, 3, 4]);
    assert_eq!(placed(&instance), best_for_students);
    assert_eq!(numbered(Market::new(&instance).facility_proposing()), best_for_colleges);
    let mut expected = vec![
        best_for_students,
        [5, 2, 1, 4, 1, 1, 3],
        [5, 2, 1, 1, 1, 3, 4],
        best_for_colleges,
    ];
    expected.sort_unstable();
    assert_eq!(all_stable(&caps, students, colleges), expected);
}

/// All stable matchings: the pool of each child from 1, or 0.
fn all_stable(caps: &[u32], children: &[&[usize]], pools: &[&[usize]]) -> Vec<Vec<usize>> {
    let lists = (1..).zip(children).map(|(child, list)| {
        let listed = list.iter().filter_map(|&pool| {
            let place = pools[pool - 1].iter().position(|&other| other == child)?;
            Some((pool - 1, -(place as i64)))
        });
        listed.collect()
    });
    let town = Town::plain(caps, lists.collect());
    let pool = |(child, rank): (usize, usize)| town.asks(child).get(rank).map_or(0, |&(pool, _)| pool + 1);
    let named = |ranks: Vec<usize>| ranks.into_iter().enumerate().map(pool).collect();
    let mut found: Vec<Vec<usize>> = Books::of(&town).stable().into_iter().map(named).collect();
    found.sort_unstable();
    found
}

#[test]
fn gusfield_and_irving_1_6_5() {
    let students: &[&[usize]] = &[
        &[3, 1, 5, 4],
        &[1, 3, 4, 2, 5],
        &[4, 5, 3, 1, 2],
        &[3, 4, 1, 5],
        &[1, 4, 2],
        &[4, 3, 2, 1, 5],
        &[2, 5, 1, 3],
        &[1, 3, 2, 5, 4],
        &[4, 1, 5],
        &[3, 1, 5, 2, 4],
        &[5, 4, 1, 3, 2],
    ];
    let colleges: &[&[usize]] = &[
        &[3, 7, 9, 11, 5, 4, 10, 8, 6, 1, 2],
        &[5, 7, 10, 6, 8, 2, 3, 11],
        &[11, 6, 8, 3, 2, 4, 7, 1, 10],
        &[10, 1, 2, 11, 4, 9, 5, 3, 6, 8],
        &[2, 4, 10, 7, 6, 1, 8, 3, 11, 9],
    ];
    let instance = market(&[4, 1, 3, 2, 1], students, colleges);
    assert_eq!(placed(&instance), [3, 1, 4, 3, 1, 3, 2, 1, 4, 1, 5]);
    // The book prints another one as optimal for the colleges; this is what its data give, as later authors noticed.
    assert_eq!(
        numbered(Market::new(&instance).facility_proposing()),
        [4, 5, 3, 1, 1, 3, 2, 3, 1, 4, 1]
    );
}

/// Lea, Kai and Mia are 1, 2 and 3.
#[test]
fn the_manual_of_kitamatch() {
    let families: &[&[usize]] = &[&[1, 2, 3], &[1, 2, 3], &[2, 3, 1]];
    let kitas: &[&[usize]] = &[&[1, 2, 3], &[1, 2, 3], &[2, 3, 1]];
    let instance = market(&[1; 3], families, kitas);
    let market = Market::new(&instance);
    assert_eq!(placed(&instance), [1, 2, 3]);
    assert_eq!(numbered(market.facility_proposing()), [1, 2, 3]);
    assert_eq!(numbered(market.first_preference_first()), [1, 3, 2]);
}

/// What the other mechanism does is said of the same children: who has a place by decision has it there too, and siblings who want a place
/// together or none wish each for itself.
#[test]
fn first_wishes_first_leaves_nobody_out_of_the_count() {
    let text = r#"{"format": "kitaplatz-allocation/1",
        "pools": [{"id": "a", "cap": 2}, {"id": "b", "cap": 2}],
        "families": [
            {"id": "f1", "children": [{"id": "c1", "fixed": "a", "wishes": [{"pool": "a", "priority": [1]}]}]},
            {"id": "f2", "siblings": "required", "joint_wishes": [["a", "b"]], "children": [
                {"id": "c2", "wishes": [{"pool": "a", "priority": [2]}]}, {"id": "c3", "wishes": [{"pool": "b", "priority": [2]}]}]},
            {"id": "f3", "children": [{"id": "c4", "wishes": [{"pool": "a", "priority": [9]}, {"pool": "b", "priority": [1]}]}]}]}"#;
    let instance = Instance::read(text.as_bytes()).unwrap();
    let market = Market::new(&instance);
    let habit = market.compare_first_preference_first();
    assert_eq!((habit.placed, habit.first_wish, habit.justified_envy), (3, 3, 0));
    let places = market.first_preference_first();
    let place = |child: &str| places[instance.child(child).unwrap() as usize].map(|pool| instance.pool_id(pool));
    assert_eq!(
        ["c1", "c2", "c3", "c4"].map(place),
        [Some("a"), None, Some("b"), Some("a")]
    );
}

fn pool(id: &'static str, cap: u32) -> Pool<'static> {
    Pool {
        id: id.into(),
        node: None,
        cap,
        reserves: vec![],
    }
}

fn joint(
    siblings: Siblings,
    wishes: [Vec<kitaplatz::allocation::Wish<'static>>; 2],
    pools: [&'static str; 2],
) -> Family<'static> {
    let [first, second] = wishes;
    let joint_wishes = vec![pools.map(|pool| Some(pool.into())).to_vec()];
    Family {
        id: "T".into(),
        siblings,
        children: vec![child("t1", first), child("t2", second)],
        joint_wishes,
    }
}

fn couple(siblings: Siblings) -> ResultFile {
    let mut builder = InstanceBuilder::default();
    builder.pool(pool("h1", 1)).pool(pool("h2", 1));
    builder.family(joint(
        siblings,
        [vec![wish("h1", &[2])], vec![wish("h2", &[1])]],
        ["h1", "h2"],
    ));
    builder.family(single("s", vec![wish("h1", &[1]), wish("h2", &[2])]));
    let instance = builder.build().unwrap();
    let result = solve(&instance).file();
    assert_eq!(verify(&instance, &result), []);
    result
}

#[test]
fn a_couple_without_a_stable_matching_is_one_exception() {
    let result = couple(Siblings::Required);
    assert_eq!(result.exceptions.len(), 1);
    assert_eq!(result.exceptions[0].family, "T");
}

#[test]
fn a_couple_that_may_split_needs_no_exception() {
    let result = couple(Siblings::Preferred);
    assert_eq!(result.exceptions, []);
    assert_eq!(result.metrics.placed, 2);
}

#[test]
fn twins_without_a_stable_matching_are_one_exception() {
    let mut builder = InstanceBuilder::default();
    builder.pool(pool("A", 2)).pool(pool("B", 1));
    builder.family(joint(
        Siblings::Required,
        [vec![wish("A", &[3])], vec![wish("A", &[2])]],
        ["A", "A"],
    ));
    builder.family(single("x", vec![wish("B", &[1]), wish("A", &[4])]));
    builder.family(single("y", vec![wish("A", &[1]), wish("B", &[2])]));
    let instance = builder.build().unwrap();
    let result = solve(&instance).file();
    assert_eq!(verify(&instance, &result), []);
    assert_eq!(result.exceptions.len(), 1);
    assert_eq!(
        result.exceptions[0].would_take,
        [Some("A".to_owned()), Some("A".to_owned())]
    );
}
