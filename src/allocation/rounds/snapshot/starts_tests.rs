//! Who begins later may have a place that comes free later, and in no month are there more children than places.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::tests::{Freeze, day, entrant, freeze_with, round, site, wish};
use super::*;
use crate::allocation::rounds::model::SiblingRule;
use crate::allocation::rounds::proposal::{Reason, proposals};
use crate::allocation::rounds::snapshot::Site;
use crate::allocation::rounds::{compose, solving};
use crate::demands::{Entrant, ScoredPreference};
use crate::platform::ids::FacilityId;

/// Free places from February on: none until July, then these from August on.
fn free_from_august(free: &[i32]) -> Site {
    let last = *free.last().unwrap();
    let mut all = vec![0; 6];
    all.extend(free);
    all.resize(84, last);
    site(&all)
}

fn begins(month: u32) -> Entrant {
    let year = if month >= 8 { 2027 } else { 2028 };
    Entrant {
        desired_start: NaiveDate::from_ymd_opt(year, month, 1).unwrap(),
        // Under three for the whole stay that is looked at, so that the other age band never matters.
        birth: day("2027-06-01"),
        ..entrant()
    }
}

/// Children in the order of their claims.
fn frozen(site: &Site, begin: &[u32]) -> Freeze {
    let facility = FacilityId::new();
    let children: Vec<Entrant> = begin.iter().map(|month| begins(*month)).collect();
    let claims = (1..).map(|n: i64| 1000 - n);
    let wishes: Vec<ScoredPreference> = children
        .iter()
        .zip(claims)
        .map(|(child, claim)| ScoredPreference {
            priority: vec![0, claim, 0],
            ..wish(child, facility)
        })
        .collect();
    freeze_with(
        round(SiblingRule::Preferred),
        &BTreeMap::from([(facility, site.clone())]),
        children,
        wishes,
        vec![],
    )
}

/// Whether each child is placed, in their order.
fn placed(frozen: &Freeze) -> Vec<bool> {
    let changes = compose::Changes::default();
    let composed = compose::compose(&frozen.snapshot, &changes).unwrap();
    let solved = solving::solved(&composed.instance).unwrap();
    let cases = &frozen.cases;
    let all = proposals(cases, &composed, &changes, &solved.result);
    for (case, proposal) in cases.iter().zip(&all) {
        assert!(proposal.codes.iter().all(|code| code.code != Reason::NotDecided));
        assert!(proposal.pool.is_none() || proposal.pool == case.wishes[0].pool);
    }
    all.iter().map(|proposal| proposal.pool.is_some()).collect()
}

fn under3(frozen: &Freeze) -> &RoundPool {
    frozen
        .pools
        .iter()
        .find(|p| p.band == crate::facilities::AgeBand::Under3)
        .unwrap()
}

#[test]
fn a_place_that_comes_free_in_november_goes_to_a_child_that_begins_in_november() {
    let site = free_from_august(&[1, 1, 1, 2]);
    let frozen_round = frozen(&site, &[8, 9, 11, 12]);
    let pool = under3(&frozen_round);
    let starts: Vec<_> = pool.starts.iter().map(|s| (s.from_month, s.places)).collect();
    assert_eq!(starts, [(day("2027-08-01"), 1), (day("2027-11-01"), 2)]);
    assert_eq!(pool.cap, 2);
    assert_eq!(placed(&frozen_round), [true, false, true, false]);
    let names: Vec<_> = frozen_round.snapshot.matches("@2027-08\"").collect();
    assert_eq!(
        names.len(),
        3,
        "the pool and the two children who begin before November"
    );
}

#[test]
fn a_larger_claim_may_take_the_early_place_for_a_later_start() {
    let site = free_from_august(&[1, 1, 1, 2]);
    assert_eq!(
        placed(&frozen(&site, &[11, 11, 8])),
        [true, true, false],
        "in November there are two places, whoever has them"
    );
}

#[test]
fn places_stay_one_where_nobody_begins_later_or_nothing_comes_free() {
    for (site, begin) in [
        (free_from_august(&[1, 1, 1, 2]), [8, 8]),
        (free_from_august(&[2, 2, 2, 2]), [8, 11]),
        (free_from_august(&[2, 2, 2, 1]), [8, 11]),
    ] {
        let frozen = frozen(&site, &begin);
        assert!(under3(&frozen).starts.is_empty());
        assert!(!frozen.snapshot.contains(super::super::parts::PART));
    }
}

#[test]
fn a_bound_over_all_bands_lies_around_all_parts() {
    let site = Site {
        cap: Some(1),
        ..free_from_august(&[1, 1, 1, 2])
    };
    assert_eq!(
        placed(&frozen(&site, &[11, 11])),
        [true, false],
        "one child more is all that the licence allows"
    );
}

proptest! {
    /// Nobody is placed in a month without a place, and nobody is left out who could be added in all months.
    #[test]
    fn no_month_is_overfull_and_no_place_is_wasted(
        free in proptest::collection::vec(0..4i32, 12),
        begin in proptest::collection::vec(1..=12u32, 1..9),
    ) {
        let site = free_from_august(&free);
        let frozen = frozen(&site, &begin);
        let placed = placed(&frozen);
        // Month 0 is August. A child that begins stays to the end of the Kita year.
        let at = |month: u32| ((month + 4) % 12) as usize;
        let there = |month: usize| {
            let begun = begin.iter().zip(&placed).filter(|(begin, placed)| **placed && at(**begin) <= month);
            i32::try_from(begun.count()).unwrap()
        };
        for (month, places) in free.iter().enumerate() {
            prop_assert!(there(month) <= *places, "month {month}");
        }
        for (begin, placed) in begin.iter().zip(&placed) {
            let could = (at(*begin)..12).all(|month| there(month) < free[month]);
            // Beyond the Kita year the last figure holds, which the stay needs as well.
            prop_assert!(*placed || !could, "a child from month {} would have had a place", at(*begin));
        }
    }
}
