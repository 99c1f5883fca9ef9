//! Cycles against a search through everything.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn facility(n: u8) -> FacilityId {
    FacilityId(uuid::Uuid::from_u128(u128::from(n) + 1))
}

fn wisher(at: u8, older: bool, wishes: &[u8]) -> Wisher {
    Wisher {
        contract: ContractId::new(),
        facility: facility(at),
        band: if older { AgeBand::Over3 } else { AgeBand::Under3 },
        wishes: wishes.iter().map(|f| (facility(*f), PreferenceId::new())).collect(),
    }
}

fn indices(cycle: &Cycle) -> Vec<usize> {
    cycle.moves.iter().map(|m| m.wisher).collect()
}

#[test]
fn two_who_wish_each_others_place_and_three_who_go_round() {
    let all = [
        wisher(0, false, &[2, 1]),
        wisher(1, false, &[0]),
        wisher(2, false, &[1]),
        wisher(1, true, &[0]),
    ];
    let found = cycles(&all);
    let found: Vec<_> = found.iter().map(|c| (indices(c), c.ranks)).collect();
    assert_eq!(
        found,
        [(vec![0, 2, 1], 0), (vec![0, 1], 1)],
        "the older child takes no place of the younger"
    );
}

#[test]
fn a_wish_for_the_own_place_is_none() {
    assert!(cycles(&[wisher(0, false, &[0, 0]), wisher(0, false, &[0])]).is_empty());
}

/// Every ordered choice of two and three, looked at one by one.
fn slow(all: &[Wisher]) -> BTreeSet<Vec<usize>> {
    let goes = |a: usize, b: usize| {
        let (me, other) = (&all[a], &all[b]);
        let wishes = me.wishes.iter().any(|(f, _)| *f == other.facility);
        me.facility != other.facility && me.band == other.band && wishes
    };
    let mut found = BTreeSet::new();
    let n = all.len();
    for a in 0..n {
        for b in a + 1..n {
            if goes(a, b) && goes(b, a) {
                found.insert(vec![a, b]);
            }
        }
        for b in a + 1..n {
            for c in a + 1..n {
                if b != c && goes(a, b) && goes(b, c) && goes(c, a) {
                    found.insert(vec![a, b, c]);
                }
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_quick_search_finds_what_the_slow_one_finds(
        seeds in prop::collection::vec((0..5_u8, any::<bool>(), prop::collection::btree_set(0..5_u8, 0..4)), 0..9),
    ) {
        let all: Vec<Wisher> = seeds.iter().map(|(at, older, wishes)| {
            wisher(*at, *older, &wishes.iter().copied().collect::<Vec<_>>())
        }).collect();
        let found = cycles(&all);
        let set: BTreeSet<Vec<usize>> = found.iter().map(indices).collect();
        prop_assert_eq!(set.len(), found.len(), "each stands once");
        prop_assert_eq!(&set, &slow(&all));
        // The same list gives the same order.
        prop_assert_eq!(&cycles(&all), &found);
        for cycle in &found {
            for (n, one) in cycle.moves.iter().enumerate() {
                let to = &all[cycle.moves[(n + 1) % cycle.moves.len()].wisher];
                prop_assert_eq!(all[one.wisher].wishes[one.rank].0, to.facility);
            }
        }
    }
}
