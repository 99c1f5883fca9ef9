//! A result read case by case.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::allocation::rounds::compose::compose;
use crate::allocation::rounds::report::{Material, report};
use crate::allocation::rounds::snapshot::RoundPool;
use crate::allocation::solve;
use crate::demands::{EvidenceState, ScoreLine};
use crate::facilities::AgeBand;

/// Facilities a and b with one place each, p1 and p2.
struct Town {
    facilities: [FacilityId; 2],
    cases: Vec<Case>,
}

impl Town {
    fn new() -> Self {
        Self {
            facilities: [FacilityId::new(), FacilityId::new()],
            cases: Vec::new(),
        }
    }

    /// A child with these wishes, as pool number and points.
    fn child(mut self, family: &str, child: &str, wishes: &[(usize, i64)]) -> Self {
        let wish = |(pool, points): &(usize, i64)| CaseWish {
            preference_id: PreferenceId::new(),
            facility_id: self.facilities[pool - 1],
            pool: Some(format!("p{pool}")),
            excluded: None,
            priority: vec![0, *points],
            points: i32::try_from(*points).unwrap(),
            ways: Vec::new(),
            lines: Arc::new([ScoreLine {
                code: "both_work".into(),
                points: i32::try_from(*points).unwrap(),
                evidence: Some(EvidenceState::Claimed),
                not_counted: None,
                number: None,
            }]),
        };
        let case = Case {
            id: CaseId::new(),
            child_id: ChildId::new(),
            family: family.into(),
            child: child.into(),
            birth: "2026-03-14".parse().unwrap(),
            care_from: "2027-08-01".parse().unwrap(),
            band: AgeBand::Under3,
            legal_claim: true,
            transfer: false,
            siblings: Placing::default(),
            wishes: wishes.iter().map(wish).collect(),
        };
        self.cases.push(case);
        self
    }

    fn snapshot(&self) -> String {
        let mut families: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
        for case in &self.cases {
            families.entry(&case.family).or_default().push(case);
        }
        let children = |cases: &[&Case]| -> Vec<serde_json::Value> {
            let wishes = |c: &Case| {
                c.wishes
                    .iter()
                    .map(|w| serde_json::json!({"pool": w.pool, "priority": w.priority}))
                    .collect::<Vec<_>>()
            };
            cases
                .iter()
                .map(|c| serde_json::json!({"id": c.child, "wishes": wishes(c)}))
                .collect()
        };
        let joint = |cases: &[&Case]| -> Vec<Vec<String>> {
            if cases.len() < 2 {
                return Vec::new();
            }
            let common = |w: &&CaseWish| cases.iter().all(|c| c.wishes.iter().any(|o| o.pool == w.pool));
            cases[0]
                .wishes
                .iter()
                .filter(common)
                .map(|w| vec![w.pool.clone().unwrap(); cases.len()])
                .collect()
        };
        let families: Vec<_> = families
            .into_iter()
            .map(|(id, cases)| {
                let joint = joint(&cases);
                let siblings = if joint.is_empty() { "independent" } else { "preferred" };
                serde_json::json!({"id": id, "siblings": siblings, "children": children(&cases), "joint_wishes": joint})
            })
            .collect();
        let pools = serde_json::json!([{"id": "p1", "cap": 1}, {"id": "p2", "cap": 2}]);
        serde_json::json!({"format": "kitaplatz-allocation/1", "nodes": [], "pools": pools, "families": families})
            .to_string()
    }

    fn run(&self, changes: &Changes) -> (Vec<Proposal>, ResultFile) {
        let composed = compose(&self.snapshot(), changes).unwrap();
        let result = solve(&composed.instance).file();
        (proposals(&self.cases, &composed, changes, &result), result)
    }
}

fn codes(proposal: &Proposal) -> Vec<Reason> {
    proposal.codes.iter().map(|c| c.code).collect()
}

#[test]
fn a_family_placed_together_reads_its_reasons_by_facility() {
    let town = Town::new()
        .child("f", "a", &[(1, 9), (2, 9)])
        .child("f", "b", &[(2, 8), (1, 8)]);
    let (all, _) = town.run(&Changes::default());
    assert_eq!(
        all.iter().map(|p| p.pool.as_deref()).collect::<Vec<_>>(),
        [Some("p2"), Some("p2")]
    );
    assert_eq!(codes(&all[1]), [Reason::Placed, Reason::Sibling].map(|r| r));
    assert_eq!((all[0].rank, all[1].rank), (Some(2), Some(1)));
    assert!(all.iter().all(|p| !p.flags.contains(&Flag::SiblingsSplit)));
}

#[test]
fn a_family_that_goes_nowhere_but_together_reads_that_of_every_wish() {
    let town = Town::new()
        .child("f", "a", &[(2, 9), (1, 9)])
        .child("f", "b", &[(1, 8)])
        .child("g", "c", &[(2, 3)]);
    let snapshot = town.snapshot().replace("preferred", "required");
    let composed = compose(&snapshot, &Changes::default()).unwrap();
    let result = solve(&composed.instance).file();
    let all = proposals(&town.cases, &composed, &Changes::default(), &result);
    assert!(all[0].pool.is_none() && all[1].pool.is_none(), "p1 has one place");
    assert_eq!(codes(&all[0]), [Reason::Sibling, Reason::Sibling]);
    assert_eq!(codes(&all[1]), [Reason::Sibling]);
    assert_eq!(codes(&all[2]), [Reason::Placed]);
}

#[test]
fn siblings_apart_and_claims_without_a_place_are_flagged() {
    let town = Town::new()
        .child("f", "a", &[(1, 9)])
        .child("f", "b", &[(2, 8)])
        .child("g", "c", &[(1, 3)]);
    let (all, _) = town.run(&Changes::default());
    assert!(all[0].flags.contains(&Flag::SiblingsSplit) && all[1].flags.contains(&Flag::SiblingsSplit));
    assert_eq!(all[2].flags.iter().copied().collect::<Vec<_>>(), [Flag::ClaimUnserved]);
    assert_eq!(
        (codes(&all[2]), all[2].codes[0].cutoff.clone(), all[2].codes[0].ahead),
        (vec![Reason::Full], Some(vec![0, 9]), Some(0))
    );
    assert!(
        all[0].flags.contains(&Flag::EvidenceMissing),
        "points count that nobody has seen the evidence of"
    );
    assert!(all[0].weight() > all[2].weight());
}

#[test]
fn who_won_and_who_lost_by_the_draw_are_both_marked() {
    let town = Town::new()
        .child("f", "a", &[(1, 5)])
        .child("g", "b", &[(1, 5)])
        .child("h", "c", &[(1, 1)]);
    let (all, _) = town.run(&Changes {
        seed: "any text".into(),
        ..Changes::default()
    });
    let marked: Vec<bool> = all.iter().map(|p| p.flags.contains(&Flag::Lottery)).collect();
    assert_eq!(marked, [true, true, false]);
    assert_eq!(all[0].lottery.len(), 64);
}

#[test]
fn decisions_and_leavers_are_told_as_such() {
    let town = Town::new()
        .child("f", "a", &[(1, 9), (2, 9)])
        .child("g", "b", &[(1, 5)])
        .child("h", "c", &[(1, 1), (2, 1)]);
    let pair = |child: &str, pool: &str| (child.to_owned(), pool.to_owned());
    let changes = Changes {
        excluded: [pair("a", "p1")].into(),
        ended: [pair("c", "p1")].into(),
        gone: ["b".to_owned()].into(),
        ..Changes::default()
    };
    let (all, _) = town.run(&changes);
    assert_eq!(codes(&all[0]), [Reason::ProviderOrder, Reason::Placed]);
    assert_eq!(codes(&all[1]), [Reason::NotDecided]);
    assert!(all[1].flags.contains(&Flag::Left) && all[0].flags.contains(&Flag::Deviation));
    assert_eq!(codes(&all[2]), [Reason::NotEligible, Reason::Placed]);
    let fixed = Changes {
        fixed: [pair("c", "p1")].into(),
        ..Changes::default()
    };
    let (all, _) = town.run(&fixed);
    assert_eq!(
        (codes(&all[2]), codes(&all[0])),
        (
            vec![Reason::Placed, Reason::BetterPlaced],
            vec![Reason::Full, Reason::Placed]
        )
    );
}

fn wish(child: &str, pool: &str) -> (String, String) {
    (child.to_owned(), pool.to_owned())
}

/// Code, reason and decision of a wish.
fn told(proposal: &Proposal, wish: usize) -> (Reason, Option<DeviationReason>, Option<DeviationKind>) {
    let code = &proposal.codes[wish];
    (code.code, code.reason, code.decided)
}

#[test]
fn first_wishes_first_shows_more_first_wishes_and_the_envy_that_comes_with_them() {
    // c wishes p2 first and gets it by that habit, though a has the larger claim there and is refused at p1.
    let town = Town::new()
        .child("f", "a", &[(1, 5), (2, 9)])
        .child("g", "b", &[(1, 9)])
        .child("h", "c", &[(2, 1)])
        .child("i", "d", &[(2, 2)]);
    let (all, result) = town.run(&Changes::default());
    let pools: Vec<RoundPool> = (0..2)
        .map(|i| RoundPool {
            name: format!("p{}", i + 1),
            facility_id: town.facilities[i],
            band: AgeBand::Under3,
            cap: u32::try_from(i).unwrap() + 1,
            starts: Vec::new(),
            hours: Vec::new(),
        })
        .collect();
    let report = report(Material {
        cases: &town.cases,
        proposals: &all,
        changes: &Changes::default(),
        result: &result,
        pools: &pools,
        belongs: &HashMap::new(),
        instance: &compose(&town.snapshot(), &Changes::default()).unwrap().instance,
        on_kept: &BTreeMap::new(),
        before: None,
        held: None,
        last_round: None,
    });
    let (ours, habit) = (report.figures, report.first_preference_first);
    assert_eq!((ours.placed, ours.first_wish, ours.justified_envy), (3, 2, 0));
    assert_eq!((habit.placed, habit.first_wish, habit.justified_envy), (3, 3, 1));
    assert_eq!(report.rank_histogram, [2, 1]);
}

#[test]
fn every_wish_knows_its_place_in_the_order_of_its_pool() {
    let town = Town::new()
        .child("f1", "a", &[(1, 5), (2, 1)])
        .child("f2", "b", &[(1, 5)])
        .child("f3", "c", &[(1, 9)]);
    let mut changes = Changes {
        seed: "any text".into(),
        ..Changes::default()
    };
    let places = |all: &[Proposal]| -> Vec<Vec<(Option<u32>, Option<u32>)>> {
        let of = |p: &Proposal| p.codes.iter().map(|c| (c.position, c.of)).collect();
        all.iter().map(of).collect()
    };
    let at = |position, of| (Some(position), Some(of));
    // The seed gives f1 the smaller number.
    let (all, _) = town.run(&changes);
    assert_eq!(places(&all), [vec![at(2, 3), at(1, 1)], vec![at(3, 3)], vec![at(1, 3)]]);
    // Who left and what a person excluded stand in no order.
    changes.gone.insert("c".into());
    changes.excluded.insert(("a".into(), "p1".into()));
    let (all, _) = town.run(&changes);
    assert_eq!(
        places(&all),
        [vec![(None, None), at(1, 1)], vec![at(1, 1)], vec![(None, None)]]
    );
}

#[test]
fn another_order_of_the_same_wishes_moves_the_place_and_nothing_else() {
    use crate::allocation::rounds::compose::{Order, reorder};
    use crate::allocation::rounds::snapshot::KeptParts;
    let town = Town::new().child("f", "a", &[(1, 9)]).child("g", "b", &[(1, 5)]);
    let mut others = town.cases.clone();
    others[0].wishes[0].priority = vec![0, 1];
    let order = |reserves: &[(&str, u32)]| Order {
        cases: others.iter().map(|case| (case.child.as_str(), case)).collect(),
        types: [("a".to_owned(), ["hardship".to_owned()].into())].into(),
        reserves: [("p1".to_owned(), {
            let kept: Vec<_> = reserves
                .iter()
                .map(|(kind, seats)| ((*kind).to_owned(), *seats))
                .collect();
            KeptParts::new(&[("p1".into(), 1)], &kept, |_| Vec::new())
        })]
        .into(),
    };
    let placed = |order: &Order<'_>| {
        let composed = reorder(&town.snapshot(), &Changes::default(), order).unwrap();
        let result = solve(&composed.instance).file();
        assert_eq!(crate::allocation::verify(&composed.instance, &result), []);
        let all = proposals(&others, &composed, &Changes::default(), &result);
        all.iter().map(|p| p.pool.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(placed(&order(&[])), [false, true], "one point is less than five");
    assert_eq!(
        placed(&order(&[("hardship", 9)])),
        [true, false],
        "kept seats are at most the places"
    );
}

#[path = "passing_over_tests.rs"]
mod passing_over;
