//! Later and with fewer hours, in the order that the family chose, and never what it would not take.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::GroupHours;
use super::super::tests::{Freeze, day, entrant, freeze_with, round, site, wish};
use super::*;
use crate::allocation::rounds::model::SiblingRule;
use crate::allocation::rounds::proposal::{Case, Proposal, Reason, proposals};
use crate::allocation::rounds::{compose, solving};
use crate::demands::ScoredPreference;
use crate::platform::ids::{FacilityId, PreferenceId};

/// Places for under threes from August on, month by month; the last number holds from then on.
fn free(from_august: &[i32]) -> Site {
    let last = *from_august.last().unwrap();
    let mut all = vec![0; 6];
    all.extend(from_august);
    all.resize(84, last);
    site(&all)
}

/// Two groups: so many places of 45 hours and so many of 25.
fn groups(long: i32, short: i32) -> Site {
    let group = |(places, hours)| GroupHours {
        band: AgeBand::Under3,
        valid_from: day("2026-01-01"),
        valid_to: None,
        places,
        hours: Some(hours),
    };
    Site {
        groups: [(long, 45), (short, 25)].map(group).to_vec(),
        ..site(&[long + short; 84])
    }
}

fn child() -> Entrant {
    Entrant {
        desired_start: day("2027-08-01"),
        birth: day("2027-06-01"),
        hours_per_week: Some(40),
        ..entrant()
    }
}

fn until(month: &str) -> Entrant {
    Entrant {
        latest_start: Some(day(month)),
        ..child()
    }
}

fn least(hours: i32) -> Entrant {
    Entrant {
        least_hours: Some(hours),
        ..child()
    }
}

/// Children in the order of their claims, each with the facilities that it wishes by their number.
fn frozen(sites: &[Site], children: &[(Entrant, &[usize])]) -> (Freeze, Vec<FacilityId>) {
    let ids: Vec<FacilityId> = sites.iter().map(|_| FacilityId::new()).collect();
    let claims = (1..).map(|n: i64| 1000 - n);
    let wishes = children.iter().zip(claims).flat_map(|((child, at), claim)| {
        let ids = &ids;
        at.iter().map(move |at| ScoredPreference {
            priority: vec![0, claim, 0],
            ..wish(child, ids[*at])
        })
    });
    let sites: BTreeMap<FacilityId, Site> = ids.iter().copied().zip(sites.iter().cloned()).collect();
    let entrants = children.iter().map(|(child, _)| child.clone()).collect();
    let frozen = freeze_with(
        round(SiblingRule::Preferred),
        &sites,
        entrants,
        wishes.collect(),
        vec![],
    );
    (frozen, ids)
}

fn solved(frozen: &Freeze) -> Vec<(Case, Proposal)> {
    let changes = compose::Changes::default();
    let composed = compose::compose(&frozen.snapshot, &changes).unwrap();
    let solved = solving::solved(&composed.instance).unwrap();
    let cases = frozen.cases.to_vec();
    let all = proposals(&cases, &composed, &changes, &solved.result);
    for proposal in &all {
        assert!(proposal.codes.iter().all(|code| code.code != Reason::NotDecided));
    }
    cases.into_iter().zip(all).collect()
}

/// Where each child is placed: the number of the facility, the first month, and the hours where they are bounded.
fn places(sites: &[Site], children: &[(Entrant, &[usize])]) -> Vec<Option<(usize, u32, Option<i32>)>> {
    use chrono::Datelike;
    let (frozen, ids) = frozen(sites, children);
    let place = |(case, proposal): (Case, Proposal)| {
        let (_, wish) = case.wish_at(proposal.pool.as_deref()?)?;
        let at = ids.iter().position(|id| *id == wish.facility_id)?;
        let hours = wish.way(proposal.part.as_deref()).and_then(|way| way.hours);
        Some((at, case.begins(&proposal).month(), hours))
    };
    solved(&frozen).into_iter().map(place).collect()
}

#[test]
fn who_can_wait_takes_the_place_that_comes_free_later() {
    let sites = [free(&[1, 1, 1, 2])];
    let both: [(Entrant, &[usize]); 2] = [(child(), &[0]), (until("2027-12-01"), &[0])];
    assert_eq!(places(&sites, &both), [Some((0, 8, None)), Some((0, 11, None))]);
    let swapped: [(Entrant, &[usize]); 2] = [(until("2027-12-01"), &[0]), (child(), &[0])];
    assert_eq!(
        places(&sites, &swapped),
        [Some((0, 8, None)), None],
        "the larger claim takes August, for it likes that better"
    );
    let short: [(Entrant, &[usize]); 2] = [(child(), &[0]), (until("2027-10-31"), &[0])];
    assert_eq!(
        places(&sites, &short),
        [Some((0, 8, None)), None],
        "not later than it can"
    );
}

#[test]
fn the_family_says_whether_the_facility_or_the_times_go_first() {
    let sites = [free(&[1, 1, 1, 2]), free(&[1])];
    let ahead: (Entrant, &[usize]) = (child(), &[0]);
    let rather_place: [(Entrant, &[usize]); 2] = [ahead.clone(), (until("2027-12-01"), &[0, 1])];
    assert_eq!(places(&sites, &rather_place)[1], Some((0, 11, None)));
    let times = Entrant {
        times_first: true,
        ..until("2027-12-01")
    };
    let rather_times: [(Entrant, &[usize]); 2] = [ahead, (times, &[0, 1])];
    assert_eq!(places(&sites, &rather_times)[1], Some((1, 8, None)));
}

#[test]
fn an_order_of_the_familys_own_says_when_it_gives_way_at_which_facility() {
    let [a, b, c, new] = [(); 4].map(|()| FacilityId::new());
    let way = |part: &str, month: &str, hours: i32| Way {
        part: part.into(),
        care_from: day(month),
        hours: Some(hours),
    };
    let wish = |facility_id, ways| CaseWish {
        preference_id: PreferenceId::new(),
        facility_id,
        pool: Some("p".into()),
        excluded: None,
        priority: vec![0],
        points: 0,
        lines: std::sync::Arc::new([]),
        ways,
    };
    let wishes = [
        wish(a, vec![way("a1", "2027-08-01", 40), way("a2", "2027-11-01", 40)]),
        wish(b, vec![way("b1", "2027-08-01", 40), way("b2", "2027-08-01", 25)]),
        // None of its groups is open for so long: all that there is gives way.
        wish(c, vec![way("c1", "2027-08-01", 25)]),
        wish(new, vec![]),
    ];
    let own = |order: &[FacilityId]| {
        let entrant = Entrant {
            ways: Some(order.to_vec()),
            ..child()
        };
        let liking = Liking::of(&entrant, day("2027-08-01"));
        let ranked = ranked(&wishes, &liking);
        let name = |(_, way): &(&CaseWish, Option<&Way>)| way.map_or("new".to_owned(), |way| way.part.clone());
        ranked.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(own(&[a, b, b, c, a, c]), ["a1", "b1", "b2", "a2", "c1", "new"]);
    assert_eq!(own(&[a, b, c, c, a, b]), ["a1", "b1", "c1", "a2", "b2", "new"]);
    // Where nothing is told apart all is as wished, and goes before nobody whom the parents put first.
    let times = Entrant {
        times_first: true,
        ..child()
    };
    let ranked = ranked(&wishes, &Liking::of(&times, day("2027-08-01")));
    let parts = ranked.iter().map(|(_, way)| way.map_or("new", |way| way.part.as_str()));
    assert_eq!(parts.collect::<Vec<_>>(), ["a1", "b1", "new", "b2", "c1", "a2"]);
}

#[test]
fn fewer_hours_are_taken_only_where_they_are_enough() {
    let sites = [groups(1, 1)];
    let first: (Entrant, &[usize]) = (child(), &[0]);
    let second = |entrant: Entrant| places(&sites, &[first.clone(), (entrant, &[0])])[1];
    assert_eq!(second(least(20)), Some((0, 8, Some(25))));
    assert_eq!(second(least(30)), None);
    assert_eq!(second(child()), None, "nothing was said");
    let noon = Entrant {
        hours_per_week: Some(25),
        ..child()
    };
    assert_eq!(second(noon), Some((0, 8, Some(25))));
}

#[test]
fn a_facility_without_enough_hours_is_no_candidate() {
    let (frozen, _) = frozen(&[groups(0, 4)], &[(least(30), &[0]), (child(), &[0])]);
    let wish = |at: usize| &frozen.cases[at].wishes[0];
    assert_eq!(wish(0).excluded, Some(Exclusion::Hours));
    assert_eq!(
        (wish(1).excluded, wish(1).ways[0].hours),
        (None, Some(25)),
        "as many as there are"
    );
}

#[test]
fn a_reason_is_that_of_the_wish_and_not_of_one_of_its_ways() {
    let sites = [free(&[1, 1, 1, 2]), free(&[1])];
    let (frozen, _) = frozen(
        &sites,
        &[
            (child(), &[0]),
            (until("2027-12-01"), &[0, 1]),
            (until("2027-12-01"), &[0]),
        ],
    );
    let codes: Vec<Vec<Reason>> = solved(&frozen)
        .into_iter()
        .map(|(_, proposal)| proposal.codes.iter().map(|code| code.code).collect())
        .collect();
    assert_eq!(
        codes,
        [
            vec![Reason::Placed],
            vec![Reason::Placed, Reason::BetterPlaced],
            vec![Reason::Full]
        ]
    );
}

proptest! {
    /// No month has more children than places, nobody gets what it would not take, and who says that it could wait has a place at least
    /// wherever it had one without.
    #[test]
    fn waiting_never_hurts(
        bookable in proptest::collection::vec(0..3i32, 12),
        latest in proptest::collection::vec(0..12u32, 1..7),
    ) {
        let sites = [free(&bookable)];
        let month = |n: u32| crate::facilities::months_after(day("2027-08-01"), n);
        let of = |latest: &[u32]| {
            let children: Vec<(Entrant, &[usize])> = latest
                .iter()
                .map(|n| (Entrant { latest_start: Some(month(*n)), ..child() }, &[0][..]))
                .collect();
            places(&sites, &children)
        };
        let all = of(&latest);
        let begun = |place: &Option<(usize, u32, Option<i32>)>| place.map(|(_, month, _)| (month + 4) % 12);
        for (at, free) in bookable.iter().enumerate() {
            let there = all.iter().filter_map(begun).filter(|begin| *begin as usize <= at).count();
            prop_assert!(i32::try_from(there).unwrap() <= *free, "month {at}: {all:?}");
        }
        for (place, latest) in all.iter().zip(&latest) {
            prop_assert!(begun(place).is_none_or(|begin| begin <= *latest));
        }
        for at in 0..latest.len() {
            let mut strict = latest.clone();
            strict[at] = 0;
            prop_assert!(of(&strict)[at].is_none() || all[at].is_some(), "child {at} of {latest:?}");
        }
    }
}

/// Groups of 45 and of 25 hours, and so many places month by month from August on.
fn both(long: i32, bookable: &[i32]) -> Site {
    Site {
        groups: groups(long, 9).groups,
        ..free(bookable)
    }
}

#[test]
fn places_of_both_kinds_are_one_chain() {
    let site = both(1, &[2, 2, 2, 4]);
    let (frozen, _) = frozen(std::slice::from_ref(&site), &[(until("2027-12-01"), &[0])]);
    let pool = frozen.pools.iter().find(|pool| pool.band == AgeBand::Under3).unwrap();
    let parts: Vec<_> = pool
        .parts()
        .into_iter()
        .map(|(name, places)| (name.into_owned(), places))
        .collect();
    let named = |part: &str| format!("{}@{part}", pool.name);
    assert_eq!(parts, [(named("45h"), 1), (named("25h"), 2), (named("2027-11"), 4)]);

    let noon = |latest: &str| Entrant {
        hours_per_week: Some(25),
        ..until(latest)
    };
    let children: [(Entrant, &[usize]); 5] = [
        (child(), &[0]),
        (least(20), &[0]),
        (noon("2027-12-01"), &[0]),
        (until("2027-12-01"), &[0]),
        (noon("2027-08-01"), &[0]),
    ];
    assert_eq!(
        places(&[site], &children),
        [
            Some((0, 8, Some(40))),
            Some((0, 8, Some(25))),
            Some((0, 11, Some(25))),
            None,
            None
        ],
        "the whole day is taken, and in November there is only half a day left"
    );
}

proptest! {
    /// No month has more children than places, and nobody has longer care than there are groups for.
    #[test]
    fn both_bounds_hold_together(
        long in 0..3i32, bookable in proptest::collection::vec(0..4i32, 12),
        wanted in proptest::collection::vec((0..12u32, prop_oneof![Just(25), Just(40)], proptest::option::of(Just(20))), 1..8),
    ) {
        let month = |n: u32| crate::facilities::months_after(day("2027-08-01"), n);
        let children: Vec<(Entrant, &[usize])> = wanted
            .iter()
            .map(|(latest, hours, least)| {
                let entrant = Entrant {
                    latest_start: Some(month(*latest)), hours_per_week: Some(*hours), least_hours: *least, ..child()
                };
                (entrant, &[0][..])
            })
            .collect();
        let all = places(&[both(long, &bookable)], &children);
        let begun = |place: &(usize, u32, Option<i32>)| (place.1 + 4) % 12;
        for (at, free) in bookable.iter().enumerate() {
            let there = all.iter().flatten().filter(|place| begun(place) as usize <= at).count();
            prop_assert!(i32::try_from(there).unwrap() <= *free, "month {at}: {all:?}");
        }
        let given = all.iter().zip(&wanted).filter_map(|(place, (_, hours, _))| Some(place.as_ref()?.2.unwrap_or(*hours)));
        let whole_day = given.filter(|hours| *hours > 25).count();
        prop_assert!(i32::try_from(whole_day).unwrap() <= long, "{all:?}");
        for (place, (latest, hours, least)) in all.iter().zip(&wanted) {
            let Some(place) = place else { continue };
            prop_assert!(begun(place) <= *latest);
            prop_assert!(place.2.is_none_or(|given| given <= *hours && given >= least.unwrap_or(*hours).min(25)));
        }
    }
}
