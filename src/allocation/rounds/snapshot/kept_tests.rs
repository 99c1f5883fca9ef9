//! A kept seat is kept once, whatever its children's first days and hours, and where nobody needs it another child has it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::tests::{Freeze, day, entrant, freeze_with, round, site, wish};
use crate::allocation::rounds::model::SiblingRule;
use crate::allocation::rounds::proposal::{Proposal, proposals};
use crate::allocation::rounds::snapshot::{GroupHours, Kept, RoundPool, Site};
use crate::allocation::rounds::{compose, solving};
use crate::demands::{Entrant, ScoredPreference};
use crate::facilities::AgeBand;
use crate::platform::ids::FacilityId;

/// Free places of the under-threes from August on, of which some are kept for hardship.
fn keeping(free: &[i32], seats: i32) -> Site {
    let last = *free.last().unwrap();
    let mut all = vec![0; 6];
    all.extend(free);
    all.resize(84, last);
    Site {
        reserves: vec![Kept {
            kind: "hardship".into(),
            seats,
            per_group: false,
        }],
        ..site(&all)
    }
}

/// A child by the month in which it begins, its hours, and whether a seat may be kept for it.
#[derive(Debug, Clone, Copy)]
struct Asking {
    month: u32,
    hours: i32,
    hardship: bool,
    /// Whether it likes another facility better, which has one place.
    elsewhere: bool,
}

fn asking(month: u32, hardship: bool) -> Asking {
    Asking {
        month,
        hours: 20,
        hardship,
        elsewhere: false,
    }
}

/// Children in the order of their claims, and what each is proposed.
fn placed(site: &Site, children: &[Asking]) -> (Freeze, Vec<Proposal>) {
    let (facility, other) = (FacilityId::new(), FacilityId::new());
    let entrants = children.iter().map(|of| Entrant {
        desired_start: day(&format!(
            "{}-{:02}-01",
            if of.month >= 8 { 2027 } else { 2028 },
            of.month
        )),
        birth: day("2027-06-01"),
        hours_per_week: Some(of.hours),
        ..entrant()
    });
    let entrants: Vec<Entrant> = entrants.collect();
    let wishes = entrants.iter().zip(children).zip((1..).map(|n: i64| 1000 - n));
    let wishes = wishes.flat_map(|((child, of), claim)| {
        let at = |facility| ScoredPreference {
            priority: vec![0, claim, 0],
            ..wish(child, facility)
        };
        let here = ScoredPreference {
            reserves: if of.hardship {
                vec!["hardship".into()]
            } else {
                Vec::new()
            },
            ..at(facility)
        };
        of.elsewhere.then(|| at(other)).into_iter().chain([here])
    });
    let wishes: Vec<ScoredPreference> = wishes.collect();
    let order: Vec<_> = entrants.iter().map(|e| e.child_id).collect();
    let one = Site {
        reserves: Vec::new(),
        ..keeping(&[1], 0)
    };
    let sites = BTreeMap::from([(facility, site.clone()), (other, one)]);
    let frozen = freeze_with(round(SiblingRule::Preferred), &sites, entrants, wishes, vec![]);
    let changes = compose::Changes::default();
    let composed = compose::compose(&frozen.snapshot, &changes).unwrap();
    let solved = solving::solved(&composed.instance).unwrap();
    let all = proposals(&frozen.cases, &composed, &changes, &solved.result);
    let of = |child| {
        let at = frozen.cases.iter().position(|case| case.child_id == child).unwrap();
        all[at].clone()
    };
    let all = order.into_iter().map(of).collect();
    (frozen, all)
}

/// The places that all wish last.
fn under3(frozen: &Freeze) -> &RoundPool {
    let facility = frozen.cases[0].wishes.last().unwrap().facility_id;
    let own = |pool: &&RoundPool| pool.band == AgeBand::Under3 && pool.facility_id == facility;
    frozen.pools.iter().find(own).unwrap()
}

fn has(all: &[Proposal]) -> Vec<bool> {
    all.iter().map(|proposal| proposal.pool.is_some()).collect()
}

#[test]
fn a_kept_seat_is_one_for_children_of_every_month_and_is_kept_once() {
    let site = keeping(&[1, 1, 1, 2], 1);
    let (others, hardship) = (|month| asking(month, false), |month| asking(month, true));
    let (frozen, all) = placed(&site, &[others(8), others(11), hardship(11)]);
    assert_eq!(
        under3(&frozen).starts.len(),
        2,
        "places that come free later are told apart"
    );
    assert_eq!(
        has(&all),
        [true, false, true],
        "it goes before the one who begins in its month"
    );
    let (_, all) = placed(&site, &[others(11), others(11), hardship(8)]);
    assert_eq!(has(&all), [true, false, true], "the early place is kept for it");
    let (_, all) = placed(&site, &[others(8), hardship(11), hardship(11), others(11)]);
    assert_eq!(
        has(&all),
        [true, true, false, false],
        "one is kept, not one in each part"
    );
    let (_, all) = placed(&site, &[others(11), others(8), others(11)]);
    assert_eq!(has(&all), [true, true, false], "nobody needs it");
}

#[test]
fn a_kept_seat_is_one_for_children_of_all_hours() {
    let group = |places, hours| GroupHours {
        band: AgeBand::Under3,
        valid_from: day("2026-01-01"),
        valid_to: None,
        places,
        hours: Some(hours),
    };
    let site = Site {
        groups: vec![group(1, 45), group(1, 25)],
        ..keeping(&[2], 1)
    };
    let asks = |hours, hardship| Asking {
        hours,
        ..asking(8, hardship)
    };
    let (frozen, all) = placed(&site, &[asks(20, false), asks(20, false), asks(20, true)]);
    assert_eq!(under3(&frozen).hours.len(), 2, "long care is told apart");
    assert_eq!(has(&all), [true, false, true]);
    let (_, all) = placed(&site, &[asks(40, false), asks(20, false), asks(40, true)]);
    assert_eq!(has(&all), [false, true, true], "the one place with long care");
    let (_, all) = placed(&site, &[asks(40, false), asks(20, false), asks(20, false)]);
    assert_eq!(has(&all), [true, true, false], "nobody needs it");
    let goes = Asking {
        elsewhere: true,
        ..asks(40, true)
    };
    let (_, all) = placed(&site, &[goes, asks(20, false), asks(20, false), asks(20, true)]);
    assert_eq!(
        has(&all),
        [true, true, false, true],
        "the seat of who went elsewhere is another one's"
    );
    let kept = all[3].part.as_deref().unwrap();
    assert!(kept.ends_with("@45h"), "{kept}");
}

/// Seats that are kept in a part and in those inside of it.
fn kept_within(frozen: &Freeze, pool: &RoundPool, at: usize) -> usize {
    let snapshot: serde_json::Value = serde_json::from_str(&frozen.snapshot).unwrap();
    let parts = pool.parts();
    let within = |name: &str| parts.iter().take(at + 1).any(|(part, _)| part == name);
    let pools = snapshot["pools"].as_array().unwrap().iter();
    let pools = pools.filter(|pool| within(pool["id"].as_str().unwrap()));
    let seats = pools.flat_map(|pool| pool["reserves"].as_array().unwrap());
    seats
        .map(|of| usize::try_from(of["seats"].as_u64().unwrap()).unwrap())
        .sum()
}

proptest! {
    /// No month is overfull, no place stays empty that somebody could have, kept seats go to those for whom they are kept, and never are
    /// there more of them.
    #[test]
    fn kept_seats_are_kept_once_in_all_months(
        free in proptest::collection::vec(0..4i32, 12), seats in 0..3i32,
        children in proptest::collection::vec((1..=12u32, any::<bool>(), any::<bool>()), 1..9),
    ) {
        let children = children.into_iter().map(|(month, hardship, elsewhere)| Asking { elsewhere, ..asking(month, hardship) });
        let children: Vec<Asking> = children.collect();
        let (frozen, all) = placed(&keeping(&free, seats), &children);
        let pool = under3(&frozen);
        let here = |has: &Proposal| has.pool.as_ref() == Some(&pool.name);
        // Month 0 is August. A child that begins stays to the end of the Kita year.
        let at = |of: &Asking| ((of.month + 4) % 12) as usize;
        let there = |month: usize| {
            let begun = children.iter().zip(&all).filter(|(of, has)| here(has) && at(of) <= month);
            i32::try_from(begun.count()).unwrap()
        };
        for (month, places) in free.iter().enumerate() {
            prop_assert!(there(month) <= *places, "month {month}");
        }
        let most = usize::try_from(seats).unwrap();
        prop_assert!(kept_within(&frozen, pool, usize::MAX - 1) <= most);
        for (n, of) in children.iter().enumerate().filter(|(n, _)| all[*n].pool.is_none()) {
            let could = (at(of)..12).all(|month| there(month) < free[month]);
            prop_assert!(!could, "{of:?} would have had a place");
            let case = frozen.cases.iter().find(|case| case.id == all[n].case_id).unwrap();
            if case.wishes.last().unwrap().pool.is_none() {
                continue;
            }
            let own = case.part_in(pool, None);
            let inside = |has: &Proposal| has.part.as_deref().map_or(0, |part| pool.part_named(part)) <= own;
            let holders = children.iter().zip(&all).enumerate();
            let holders = holders.filter(|(_, (other, has))| other.hardship && here(has) && inside(has));
            let holders: Vec<usize> = holders.map(|(m, _)| m).collect();
            if of.hardship {
                prop_assert!(holders.len() >= kept_within(&frozen, pool, own), "{of:?} could have had a kept seat");
            } else {
                prop_assert!(holders.iter().filter(|m| **m > n).count() <= most, "{of:?}: more than is kept went before");
            }
        }
    }
}
