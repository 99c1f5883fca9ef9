//! Seed and decisions go into the snapshot, and nothing else changes.

use super::*;
use crate::allocation::solve;

const SNAPSHOT: &str = r#"{"families":[
  {"id":"f","siblings":"preferred","joint_wishes":[["p1","p1"],["p2","p2"]],"children":[
    {"id":"a","types":[],"incumbent":null,"fixed":null,"wishes":[{"pool":"p1","priority":[9]},{"pool":"p2","priority":[9]}]},
    {"id":"b","types":[],"incumbent":null,"fixed":null,"wishes":[{"pool":"p1","priority":[8]},{"pool":"p2","priority":[8]}]}]},
  {"id":"g","siblings":"independent","joint_wishes":[],"children":[
    {"id":"c","types":[],"incumbent":null,"fixed":null,"wishes":[{"pool":"p1","priority":[7]}]}]}],
  "format":"kitaplatz-allocation/1","nodes":[],
  "pools":[{"id":"p1","node":null,"cap":2,"reserves":[]},{"id":"p2","node":null,"cap":2,"reserves":[]}],"seed":""}"#;

fn pair(child: &str, pool: &str) -> (String, String) {
    (child.to_owned(), pool.to_owned())
}

fn placed(changes: &Changes) -> Vec<(String, Option<String>)> {
    let composed = compose(SNAPSHOT, changes).unwrap();
    let file = solve(&composed.instance).file();
    assert_eq!(crate::allocation::verify(&composed.instance, &file), []);
    let place = |a: &crate::allocation::Assignment| (a.child.to_string(), a.pool.as_ref().map(ToString::to_string));
    file.assignments.iter().map(place).collect()
}

fn at(child: &str, pool: Option<&str>) -> (String, Option<String>) {
    (child.to_owned(), pool.map(str::to_owned))
}

#[test]
fn without_changes_it_is_the_snapshot_and_a_seed_makes_it_another() {
    let frozen = Instance::read(SNAPSHOT.as_bytes()).unwrap().sha256();
    let same = compose(SNAPSHOT, &Changes::default()).unwrap();
    assert_eq!(same.instance.sha256(), frozen);
    assert_eq!(same.joint["f"].wishes.len(), 2);
    let seeded = Changes {
        seed: "7".into(),
        ..Changes::default()
    };
    assert_ne!(compose(SNAPSHOT, &seeded).unwrap().instance.sha256(), frozen);
    assert_eq!(
        placed(&Changes::default()),
        [at("a", Some("p1")), at("b", Some("p1")), at("c", None)]
    );
}

#[test]
fn a_decision_about_one_child_lets_the_siblings_go_by_their_own_wishes() {
    let fixed = Changes {
        fixed: [pair("b", "p2")].into(),
        ..Changes::default()
    };
    assert_eq!(
        placed(&fixed),
        [at("a", Some("p1")), at("b", Some("p2")), at("c", Some("p1"))]
    );
    assert!(compose(SNAPSHOT, &fixed).unwrap().joint.is_empty());
    let excluded = Changes {
        excluded: [pair("a", "p1")].into(),
        ..Changes::default()
    };
    assert_eq!(
        placed(&excluded),
        [at("a", Some("p2")), at("b", Some("p1")), at("c", Some("p1"))]
    );
    let gone = Changes {
        gone: ["a".to_owned()].into(),
        ..Changes::default()
    };
    assert_eq!(placed(&gone), [at("b", Some("p1")), at("c", Some("p1"))]);
}

/// Where the family f goes together or nowhere.
fn together(changes: &Changes) -> Vec<(String, Option<String>)> {
    let snapshot = SNAPSHOT.replace("preferred", "required");
    let composed = compose(&snapshot, changes).unwrap();
    let file = solve(&composed.instance).file();
    assert_eq!(crate::allocation::verify(&composed.instance, &file), []);
    let place = |a: &crate::allocation::Assignment| (a.child.to_string(), a.pool.as_ref().map(ToString::to_string));
    file.assignments.iter().map(place).collect()
}

#[test]
fn who_goes_together_or_nowhere_is_parted_by_no_wish_that_ended() {
    let ended = |wishes: &[(&str, &str)]| Changes {
        ended: wishes.iter().map(|(child, pool)| pair(child, pool)).collect(),
        ..Changes::default()
    };
    assert_eq!(
        together(&ended(&[("a", "p1")])),
        [at("a", Some("p2")), at("b", Some("p2")), at("c", Some("p1"))],
        "b alone could have p1"
    );
    assert_eq!(
        together(&ended(&[("a", "p1"), ("b", "p2")])),
        [at("a", Some("p2")), at("b", Some("p1")), at("c", Some("p1"))],
        "without a joint wish each goes by its own"
    );
    let gone = Changes {
        gone: ["a".to_owned()].into(),
        ..Changes::default()
    };
    assert_eq!(together(&gone), [at("b", Some("p1")), at("c", Some("p1"))]);
}

#[test]
fn a_later_run_over_some_places_parts_nobody_who_goes_together_or_nowhere() {
    let over = |pool: &str, cap: u32, changes: Changes| Changes {
        only: Some([pool.to_owned()].into()),
        caps: [(pool.to_owned(), cap)].into(),
        ..changes
    };
    assert_eq!(
        together(&over("p2", 1, Changes::default())),
        [at("a", None), at("b", None)],
        "one place is none for both"
    );
    let elsewhere = Changes {
        ended: [pair("a", "p1")].into(),
        ..Changes::default()
    };
    assert_eq!(
        together(&over("p1", 1, elsewhere)),
        [at("c", Some("p1"))],
        "their joint wish is for other places"
    );
    let one_has_it = Changes {
        fixed: [pair("a", "p1")].into(),
        ended: [pair("b", "p1")].into(),
        ..Changes::default()
    };
    let placed = together(&one_has_it);
    assert_eq!(
        placed[1],
        at("b", None),
        "b declined beside a, and does not go to p2 alone"
    );
}

#[test]
fn more_fixed_children_than_places_are_refused() {
    let fixed = [pair("a", "p1"), pair("b", "p1"), pair("c", "p1")].into();
    let changes = Changes {
        fixed,
        ..Changes::default()
    };
    assert!(matches!(compose(SNAPSHOT, &changes), Err(ComposeError::Fault(_))));
}

#[test]
fn a_part_of_the_pools_leaves_out_who_has_nothing_to_do_with_them() {
    let only = Some(["p2".to_owned()].into());
    let changes = Changes {
        only,
        caps: [("p2".to_owned(), 1)].into(),
        ..Changes::default()
    };
    let composed = compose(SNAPSHOT, &changes).unwrap();
    assert_eq!((composed.instance.children(), composed.instance.pools()), (2, 1));
    assert_eq!(placed(&changes), [at("a", Some("p2")), at("b", None)]);
}

/// A child of a family of its own; with the right to a kept seat where it says so.
fn waiting(child: &str, hardship: bool, points: i64, ways: &[&str]) -> serde_json::Value {
    let types: &[&str] = if hardship { &["hardship@1"] } else { &[] };
    let wishes: Vec<_> = ways
        .iter()
        .map(|way| serde_json::json!({"pool": way, "priority": [points]}))
        .collect();
    serde_json::json!({"id": format!("family of {child}"), "siblings": "independent", "joint_wishes": [], "children": [
        {"id": child, "types": types, "incumbent": null, "fixed": null, "wishes": wishes}]})
}

/// One place from August on and another one from November on.
fn in_two_parts(families: &[serde_json::Value], kept: u32) -> String {
    let reserves = if kept > 0 {
        serde_json::json!([{"type": "hardship@1", "seats": kept}])
    } else {
        serde_json::json!([])
    };
    serde_json::json!({
        "families": families,
        "nodes": [{"id": "p1@2027-11", "parent": "f1", "cap": 2}, {"id": "f1", "parent": null, "cap": 9}],
        "pools": [{"id": "p1@2027-08", "node": "p1@2027-11", "cap": 1, "reserves": reserves},
                  {"id": "p1@2027-11", "node": "p1@2027-11", "cap": 2, "reserves": []}],
    })
    .to_string()
}

fn places(composed: &Composed) -> Vec<Option<String>> {
    let file = solve(&composed.instance).file();
    assert_eq!(crate::allocation::verify(&composed.instance, &file), []);
    file.assignments
        .iter()
        .map(|a| a.pool.as_ref().map(ToString::to_string))
        .collect()
}

#[test]
fn where_another_set_keeps_seats_they_lie_in_the_parts() {
    let (early, late) = ("p1@2027-08", "p1@2027-11");
    let snapshot = in_two_parts(
        &[
            waiting("a", false, 9, &[early, late]),
            waiting("b", false, 8, &[late]),
            waiting("c", true, 1, &[late]),
        ],
        0,
    );
    let order = |seats: u32| Order {
        cases: HashMap::new(),
        types: [("c".to_owned(), ["hardship@1".to_owned()].into())].into(),
        reserves: [(
            "p1".to_owned(),
            KeptParts::new(
                &[(early.into(), 1), (late.into(), 2)],
                &[("hardship@1".to_owned(), seats)],
                |_| vec![1],
            ),
        )]
        .into(),
    };
    let placed = |order: &Order<'_>| places(&reorder(&snapshot, &Changes::default(), order).unwrap());
    let at = |part: &str| Some(part.to_owned());
    assert_eq!(placed(&order(0)), [at(early), at(late), None]);
    assert_eq!(
        placed(&order(1)),
        [at(early), None, at(late)],
        "it lies where the child begins for whom it is kept"
    );
}

#[test]
fn a_kept_seat_is_held_by_whoever_has_a_place_in_any_part() {
    let (early, late) = ("p1@2027-08", "p1@2027-11");
    let snapshot = in_two_parts(
        &[
            waiting("a", true, 9, &[late]),
            waiting("b", false, 8, &[early]),
            waiting("c", true, 1, &[late, early]),
        ],
        1,
    );
    let changes = Changes {
        fixed: [pair("a", "p1")].into(),
        parts: [pair("a", late)].into(),
        ..Changes::default()
    };
    let placed = places(&compose(&snapshot, &changes).unwrap());
    assert_eq!(
        placed,
        [Some(late.to_owned()), Some(early.to_owned()), None],
        "the kept seat is a's, and the other place goes by points"
    );
}

#[test]
fn a_kept_seat_that_somebody_holds_is_not_kept_once_more() {
    let child = |child: &str, hardship: bool, points: i64| {
        let types: &[&str] = if hardship { &["hardship@1"] } else { &[] };
        serde_json::json!({"id": format!("family of {child}"), "siblings": "independent", "joint_wishes": [], "children": [
            {"id": child, "types": types, "incumbent": null, "fixed": null, "wishes": [{"pool": "p1", "priority": [points]}]}]})
    };
    // One of three seats is kept; one of those who got the three left again.
    let snapshot = serde_json::json!({
        "families": [child("a", false, 8), child("b", true, 2), child("c", false, 7), child("d", true, 1)],
        "nodes": [],
        "pools": [{"id": "p1", "node": null, "cap": 3, "reserves": [{"type": "hardship@1", "seats": 1}]}],
    });
    let third = |fixed: [&str; 2]| {
        let changes = Changes {
            fixed: fixed.map(|child| pair(child, "p1")).into(),
            ..Changes::default()
        };
        let composed = compose(&snapshot.to_string(), &changes).unwrap();
        let file = solve(&composed.instance).file();
        assert_eq!(crate::allocation::verify(&composed.instance, &file), []);
        let mut placed = file.assignments.iter().filter(|a| a.pool.is_some());
        placed
            .find(|a| !fixed.contains(&a.child.as_ref()))
            .unwrap()
            .child
            .to_string()
    };
    assert_eq!(
        third(["a", "b"]),
        "c",
        "the kept seat is held; the open one goes by points"
    );
    assert_eq!(
        third(["a", "c"]),
        "b",
        "the kept seat is free, and hers before the other's"
    );
}
