//! Whom a decision of persons passes over.

use super::*;

#[test]
fn who_is_passed_over_by_a_decision_is_told_so_and_nobody_else() {
    let town = Town::new()
        .child("f", "a", &[(1, 9), (2, 1)])
        .child("g", "b", &[(1, 5), (2, 9)])
        .child("h", "c", &[(1, 1)])
        .child("i", "d", &[(1, 0)])
        .child("j", "e", &[(2, 8), (1, 4)])
        .child("k", "f", &[(2, 5)]);
    let why = Some(DeviationReason::CourtOrder);
    let changes = Changes {
        fixed: [wish("c", "p1")].into(),
        excluded: [wish("e", "p2")].into(),
        decided: [
            (wish("c", "p1"), DeviationReason::CourtOrder),
            (wish("e", "p2"), DeviationReason::GroupMix),
        ]
        .into(),
        ..Changes::default()
    };
    let (all, _) = town.run(&changes);
    let passed = (Reason::ProviderOrder, why, Some(DeviationKind::Place));
    assert_eq!(
        (told(&all[0], 0), told(&all[1], 0), told(&all[4], 1)),
        (passed, passed, passed)
    );
    assert_eq!(told(&all[2], 0), (Reason::Placed, why, Some(DeviationKind::Place)));
    assert_eq!(
        told(&all[3], 0),
        (Reason::Full, None, None),
        "c goes before d by the criteria"
    );
    let excluded = (
        Reason::ProviderOrder,
        Some(DeviationReason::GroupMix),
        Some(DeviationKind::Exclude),
    );
    assert_eq!(told(&all[4], 0), excluded);
    assert_eq!(
        told(&all[0], 1),
        (Reason::Full, None, None),
        "nobody was placed there by decision"
    );
    let marked: Vec<bool> = all.iter().map(|p| p.flags.contains(&Flag::PassedOver)).collect();
    assert_eq!(marked, [true, true, false, false, true, false]);
    // Without f nobody with the smaller claim has what e was excluded from.
    let alone = Changes {
        gone: ["a".to_owned(), "f".to_owned()].into(),
        fixed: BTreeMap::new(),
        ..changes
    };
    let (all, _) = town.run(&alone);
    assert!(!all[4].flags.contains(&Flag::PassedOver));
    assert_eq!(told(&all[4], 0), excluded);
}

#[test]
fn a_decision_about_places_that_a_child_could_not_have_passes_it_over_for_nobody() {
    // Of two places one has long hours, which a needs. c sits on a short one by decision.
    let mut town = Town::new()
        .child("f", "a", &[(1, 9)])
        .child("g", "b", &[(1, 10)])
        .child("h", "c", &[(1, 1)]);
    for (case, part) in town.cases.iter_mut().zip(["p1@45h", "p1@45h", "p1@25h"]) {
        let way = crate::allocation::rounds::snapshot::Way {
            part: part.into(),
            care_from: case.care_from,
            hours: None,
        };
        case.wishes[0].ways = vec![way];
    }
    let run = |town: &Town| {
        let child = |case: &Case| {
            let pool = &case.wishes[0].ways[0].part;
            serde_json::json!({"id": case.family, "siblings": "independent", "joint_wishes": [],
                "children": [{"id": case.child, "wishes": [{"pool": pool, "priority": case.wishes[0].priority}]}]})
        };
        let snapshot = serde_json::json!({"nodes": [{"id": "p1@25h", "cap": 2}],
            "pools": [{"id": "p1@25h", "cap": 2, "node": "p1@25h"}, {"id": "p1@45h", "cap": 1, "node": "p1@25h"}],
            "families": town.cases.iter().map(child).collect::<Vec<_>>()})
        .to_string();
        let changes = Changes {
            fixed: [wish("c", "p1")].into(),
            decided: [(wish("c", "p1"), DeviationReason::Hardship)].into(),
            ..Changes::default()
        };
        let composed = compose(&snapshot, &changes).unwrap();
        let result = solve(&composed.instance).file();
        proposals(&town.cases, &composed, &changes, &result)
    };
    assert_eq!(
        told(&run(&town)[0], 0),
        (Reason::Full, None, None),
        "b has the long one"
    );
    town.cases[1].wishes[0].ways[0].part = "p1@25h".into();
    let passed = (
        Reason::ProviderOrder,
        Some(DeviationReason::Hardship),
        Some(DeviationKind::Place),
    );
    assert_eq!(told(&run(&town)[0], 0), passed, "only the place of c is in the way");
}

#[test]
fn a_decision_that_fills_a_seat_kept_for_that_child_passes_nobody_over() {
    let town = Town::new()
        .child("f", "a", &[(2, 9)])
        .child("g", "b", &[(2, 1)])
        .child("h", "c", &[(2, 5)]);
    let changes = Changes {
        fixed: [wish("b", "p2")].into(),
        decided: [(wish("b", "p2"), DeviationReason::Hardship)].into(),
        ..Changes::default()
    };
    let run = |kept_for: &[&str]| {
        let mut snapshot: serde_json::Value = serde_json::from_str(&town.snapshot()).unwrap();
        snapshot["pools"][1]["reserves"] = serde_json::json!([{"type": "hardship@1", "seats": 1}]);
        for family in snapshot["families"].as_array_mut().unwrap() {
            let child = &mut family["children"][0];
            if kept_for.contains(&child["id"].as_str().unwrap()) {
                child["types"] = serde_json::json!(["hardship@1"]);
            }
        }
        let composed = compose(&snapshot.to_string(), &changes).unwrap();
        let result = solve(&composed.instance).file();
        let all = proposals(&town.cases, &composed, &changes, &result);
        (told(&all[2], 0), all[2].flags.contains(&Flag::PassedOver))
    };
    let passed = (
        Reason::ProviderOrder,
        Some(DeviationReason::Hardship),
        Some(DeviationKind::Place),
    );
    assert_eq!(
        run(&["b"]),
        ((Reason::Full, None, None), false),
        "the kept seat is b's by right"
    );
    assert_eq!(run(&["b", "c"]), (passed, true), "c goes before b on the kept seat");
    assert_eq!(run(&[]), (passed, true), "b has an open seat");
}
