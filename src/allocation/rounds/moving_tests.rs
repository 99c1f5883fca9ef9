//! What is offered step by step ends where the engine's chain of a decline does.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::allocation::rounds::proposal::Placing;
use crate::allocation::rounds::snapshot::CaseWish;
use crate::allocation::{Instance, Market, Rolling};
use crate::facilities::AgeBand;
use crate::platform::ids::{CaseId, ChildId, PreferenceId};

/// One facility for each pool.
struct Town {
    pools: Vec<RoundPool>,
    cases: Vec<Case>,
}

impl Town {
    /// Places of p0, p1 and so on; children by name with their wishes, as pool and points.
    fn new(caps: &[u32], children: &[(&str, &[(usize, i64)])]) -> Self {
        let pool = |(at, cap): (usize, &u32)| RoundPool {
            name: format!("p{at}"),
            facility_id: FacilityId::new(),
            band: AgeBand::Under3,
            cap: *cap,
            starts: Vec::new(),
            hours: Vec::new(),
        };
        let pools: Vec<RoundPool> = caps.iter().enumerate().map(pool).collect();
        let wish = |(at, points): &(usize, i64)| CaseWish {
            preference_id: PreferenceId::new(),
            facility_id: pools[*at].facility_id,
            pool: Some(pools[*at].name.clone()),
            excluded: None,
            priority: vec![0, *points],
            points: 0,
            lines: Arc::new([]),
            ways: Vec::new(),
        };
        let case = |(name, wishes): &(&str, &[(usize, i64)])| Case {
            id: CaseId::new(),
            child_id: ChildId::new(),
            family: format!("f{name}"),
            child: (*name).to_owned(),
            birth: "2026-03-14".parse().unwrap(),
            care_from: "2027-08-01".parse().unwrap(),
            band: AgeBand::Under3,
            legal_claim: true,
            transfer: false,
            siblings: Placing::default(),
            wishes: wishes.iter().map(wish).collect(),
        };
        Self {
            cases: children.iter().map(case).collect(),
            pools,
        }
    }

    fn snapshot(&self) -> String {
        let wish = |w: &CaseWish| json!({"pool": w.pool, "priority": w.priority});
        let family = |case: &Case| {
            let wishes: Vec<_> = case.wishes.iter().map(wish).collect();
            json!({"id": format!("f{}", case.child), "children": [{"id": case.child, "wishes": wishes}]})
        };
        let pools: Vec<_> = self.pools.iter().map(|p| json!({"id": p.name, "cap": p.cap})).collect();
        let families: Vec<_> = self.cases.iter().map(family).collect();
        let raw = json!({"format": "kitaplatz-allocation/1", "pools": pools, "families": families});
        Instance::read(raw.to_string().as_bytes()).unwrap().canonical().0
    }

    fn look(&self, changes: &Changes) -> Vec<(String, String, bool)> {
        let found = look(
            &self.snapshot(),
            self.cases.clone(),
            &self.pools,
            changes.clone(),
            &BTreeMap::new(),
        )
        .unwrap();
        let line = |m: Move| (m.case.child, m.proposal.pool.unwrap(), m.better);
        found.map_or(Vec::new(), |next| next.moves.into_iter().map(line).collect())
    }

    /// Where all are once everybody has accepted what was offered, wave after wave.
    fn in_the_end(&self, mut places: BTreeMap<String, String>, gone: &str) -> BTreeMap<String, String> {
        let caps: BTreeMap<String, u32> = self.pools.iter().map(|p| (p.name.clone(), p.cap)).collect();
        for _ in 0..50 {
            let mut changes = Changes {
                gone: [gone.to_owned()].into(),
                kept: places.clone(),
                caps: caps.clone(),
                ..Changes::default()
            };
            changes.settle_who_has_the_best(&self.cases);
            let moves = self.look(&changes);
            if moves.is_empty() {
                return places;
            }
            for (child, pool, better) in moves {
                assert_eq!(places.insert(child, pool).is_some(), better);
            }
            for (pool, cap) in &caps {
                let taken = places.values().filter(|p| *p == pool).count();
                assert!(taken <= *cap as usize, "nothing is offered twice");
            }
        }
        panic!("the chain ends");
    }
}

fn held(rolling: &Rolling<'_>, instance: &Instance) -> BTreeMap<String, String> {
    let place = |child: u32| {
        let pool = rolling.pool(child)?;
        Some((instance.child_id(child).to_owned(), instance.pool_id(pool).to_owned()))
    };
    (0..u32::try_from(instance.children()).unwrap())
        .filter_map(place)
        .collect()
}

#[test]
fn one_after_the_other_moves_up_and_only_into_what_is_free() {
    let town = Town::new(&[1, 1], &[("a", &[(0, 9)]), ("b", &[(0, 5), (1, 5)]), ("c", &[(1, 3)])]);
    let kept = |child: &str, pool: &str| (child.to_owned(), pool.to_owned());
    let mut changes = Changes {
        gone: ["a".to_owned()].into(),
        kept: [kept("b", "p1")].into(),
        caps: [("p0".to_owned(), 1), ("p1".to_owned(), 1)].into(),
        ..Changes::default()
    };
    assert_eq!(
        town.look(&changes),
        [("b".into(), "p0".into(), true)],
        "c waits until b has left"
    );
    // She was asked and said no: the place goes to nobody of the two, and hers is hers.
    changes.ended.insert(kept("b", "p0"));
    changes.settle_who_has_the_best(&town.cases);
    assert_eq!(town.look(&changes), []);
    changes.fixed = [kept("b", "p0")].into();
    assert_eq!(town.look(&changes), [("c".into(), "p1".into(), false)]);
}

#[test]
fn siblings_who_are_together_are_not_parted_by_a_better_wish() {
    let mut town = Town::new(&[1, 2], &[("b", &[(0, 5), (1, 5)]), ("c", &[(0, 5), (1, 5)])]);
    town.cases[1].family = town.cases[0].family.clone();
    let kept = |child: &str| (child.to_owned(), "p1".to_owned());
    let mut changes = Changes {
        kept: [kept("b"), kept("c")].into(),
        caps: [("p0".to_owned(), 1), ("p1".to_owned(), 2)].into(),
        ..Changes::default()
    };
    assert_eq!(town.look(&changes).len(), 1, "each by itself would be asked");
    let mut apart = town.cases.clone();
    for case in &mut apart {
        case.siblings.rule = SiblingRule::Independent;
    }
    changes.keep_siblings_together(&apart);
    assert!(changes.fixed.is_empty(), "their parents want each for itself");
    changes.keep_siblings_together(&town.cases);
    assert_eq!(changes.fixed, [kept("b"), kept("c")].into());
    assert_eq!(town.look(&changes), []);
}

#[test]
fn who_goes_together_or_nowhere_is_asked_once_all_of_them_can_be() {
    let mut town = Town::new(&[1, 2], &[("b", &[(0, 5)]), ("c", &[(1, 5)]), ("d", &[(1, 4)])]);
    town.cases[1].family = town.cases[0].family.clone();
    let waits = |town: &Town, waits: &str| parted(town.cases.iter().map(|case| (case, case.child != waits)));
    assert!(waits(&town, "c").is_empty(), "each of them may be asked");
    for case in &mut town.cases {
        case.siblings.rule = SiblingRule::Required;
    }
    assert_eq!(waits(&town, "c"), [town.cases[0].family.clone()].into());
    assert!(!waits(&town, "d").contains(&town.cases[0].family));
}

#[test]
fn the_chain_of_offers_ends_where_the_chain_of_the_engine_does() {
    let (mut same, mut moved) = (0, 0);
    for seed in 0..250u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut random = move |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((state >> 33) % below as u64).unwrap()
        };
        let caps: Vec<u32> = (0..5).map(|_| u32::try_from(random(3)).unwrap()).collect();
        let names: Vec<String> = (0..9).map(|n| format!("c{n}")).collect();
        let mut list = || {
            let mut left: Vec<usize> = (0..5).collect();
            let count = 1 + random(5);
            (0..count)
                .map(|_| (left.swap_remove(random(left.len())), i64::try_from(random(6)).unwrap()))
                .collect::<Vec<_>>()
        };
        let lists: Vec<Vec<(usize, i64)>> = names.iter().map(|_| list()).collect();
        let children: Vec<(&str, &[(usize, i64)])> = names
            .iter()
            .map(String::as_str)
            .zip(lists.iter().map(Vec::as_slice))
            .collect();
        let town = Town::new(&caps, &children);
        let snapshot = town.snapshot();
        let instance = Instance::read(snapshot.as_bytes()).unwrap();
        let mut rolling = Rolling::new(Market::new(&instance));
        let mut before = held(&rolling, &instance);
        let Some(gone) = before.keys().nth(seed as usize % 3).cloned() else {
            continue;
        };
        rolling.withdraw(instance.child(&gone).unwrap());
        before.remove(&gone);
        let wanted = held(&rolling, &instance);
        let got = town.in_the_end(before.clone(), &gone);
        moved += usize::from(got != before);
        if got == wanted {
            same += 1;
            continue;
        }
        // What is left over are circles of children who could change places with each other: a swap, and no vacancy.
        let differ: Vec<&String> = wanted
            .keys()
            .filter(|child| wanted.get(*child) != got.get(*child))
            .collect();
        let sorted = |places: &BTreeMap<String, String>| {
            let mut pools: Vec<_> = differ.iter().map(|child| places.get(*child).cloned()).collect();
            pools.sort();
            pools
        };
        assert_eq!(sorted(&got), sorted(&wanted), "seed {seed}");
    }
    assert!(moved > 100 && same > 230, "{moved} chains, {same} to the same end");
}
