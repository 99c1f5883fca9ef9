//! Differences between runs. The other figures are tested with the proposals they count.

use super::*;
use crate::allocation::InstanceBuilder;
use crate::allocation::rounds::proposal::{Case, Placing};
use crate::allocation::rounds::snapshot::CaseWish;
use crate::platform::ids::{CaseId, ChildId, PreferenceId};

fn result(places: &[(&str, Option<&str>)]) -> ResultFile {
    let rows: Vec<_> = places
        .iter()
        .map(|(child, pool)| serde_json::json!({"child": child, "pool": pool, "wish": pool.map(|_| 1)}))
        .collect();
    let text = serde_json::json!({"format": "kitaplatz-allocation-result/1", "instance_sha256": "", "engine": "", "assignments": rows,
        "explanations": [], "exceptions": [], "metrics": {"children": places.len(), "placed": 0, "first_wish": 0, "wish_sum": 0,
        "justified_envy": 0, "wasted_seats": 0}});
    ResultFile::read(text.to_string().as_bytes()).unwrap()
}

#[test]
fn against_the_run_before_each_child_has_gained_lost_moved_or_stayed() {
    let wish = |pool: &str| CaseWish {
        preference_id: PreferenceId::new(),
        facility_id: FacilityId::new(),
        pool: Some(pool.into()),
        excluded: None,
        priority: vec![0],
        points: 0,
        lines: std::sync::Arc::new([]),
        ways: Vec::new(),
    };
    let case = |child: &str| Case {
        id: CaseId::new(),
        child_id: ChildId::new(),
        family: child.into(),
        child: child.into(),
        birth: "2026-03-14".parse().unwrap(),
        care_from: "2027-08-01".parse().unwrap(),
        band: AgeBand::Under3,
        legal_claim: false,
        transfer: false,
        siblings: Placing::default(),
        wishes: vec![wish("p1"), wish("p2")],
    };
    let proposal = |case: &Case, pool: Option<&str>| Proposal {
        case_id: case.id,
        pool: pool.map(str::to_owned),
        part: None,
        preference_id: None,
        rank: None,
        codes: Vec::new(),
        flags: Default::default(),
        lottery: String::new(),
        by_hand: false,
        keeps: false,
    };
    let cases = ["a", "b", "c", "d", "e"].map(case);
    let now = [Some("p1"), None, Some("p1"), Some("p2"), Some("p2")];
    let proposals: Vec<_> = cases.iter().zip(now).map(|(c, p)| proposal(c, p)).collect();
    let before = result(&[
        ("a", None),
        ("b", Some("p1")),
        ("c", Some("p2")),
        ("d", Some("p1")),
        ("e", Some("p2")),
    ]);
    let report = report(Material {
        cases: &cases,
        proposals: &proposals,
        changes: &Changes::default(),
        result: &result(&[]),
        pools: &[],
        belongs: &HashMap::new(),
        instance: &InstanceBuilder::new("").build().unwrap(),
        on_kept: &BTreeMap::new(),
        before: Some((3, &before)),
        held: None,
        last_round: None,
    });
    let wanted = Difference {
        number: 3,
        gained: 1,
        lost: 1,
        better: 1,
        worse: 1,
        same: 1,
    };
    assert_eq!(report.against_run, Some(wanted));
}

#[test]
fn what_an_exception_leaves_behind_is_not_ticked() {
    let ticks = |envy: u64, wasted: u64| -> Vec<bool> {
        let mut left = result(&[]);
        (left.metrics.justified_envy, left.metrics.wasted_seats) = (envy, wasted);
        left.exceptions = vec![crate::allocation::Exception {
            family: "f".into(),
            would_take: vec![Some("p1".into())],
            reason: String::new(),
        }];
        let report = report(Material {
            cases: &[],
            proposals: &[],
            changes: &Changes::default(),
            result: &left,
            pools: &[],
            belongs: &HashMap::new(),
            instance: &InstanceBuilder::new("").build().unwrap(),
            on_kept: &BTreeMap::new(),
            before: None,
            held: None,
            last_round: None,
        });
        report.invariants.iter().map(|one| one.holds).collect()
    };
    assert_eq!(ticks(1, 0), [true, false, true, true]);
    assert_eq!(ticks(0, 1), [true, true, false, true]);
}
