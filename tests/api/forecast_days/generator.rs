//! What is made up: facilities with permits, groups, staff, closures, contingents, licences and children.

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;

use super::{Change, Child, Entered, Kept, Permission, Shelter, Span, TODAY, Team, Town, month, next};

fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day + Duration::days(days)
}

/// A day from half a year ago until a while after the forecast ends.
fn some_day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        3 => (-180_i64..760).prop_map(|n| plus(TODAY, n)),
        // On the edges of months, where faults are.
        1 => (-6_i32..26, -1_i64..2).prop_map(|(n, off)| plus(month(n), off)),
    ]
}

fn span(longest: i64) -> impl Strategy<Value = Span> {
    (some_day(), prop::option::weighted(0.8, 0..longest))
        .prop_map(|(from, length)| (from, length.map(|n| plus(from, n))))
}

/// Closures around the length that makes the difference, some of them one after another.
fn closures() -> impl Strategy<Value = Vec<Span>> {
    let one = (
        some_day(),
        prop_oneof![4 => 0_i64..30, 4 => 38_i64..46, 2 => 60_i64..120, 1 => Just(-1)],
    );
    let more = prop::option::weighted(0.3, (0_i64..3, 0_i64..40));
    let pair = (one, more).prop_map(|((from, length), more)| {
        if length < 0 {
            return vec![(from, None)];
        }
        let last = plus(from, length);
        let second = more.map(|(gap, length)| (plus(last, gap), Some(plus(last, gap + length))));
        [(from, Some(last))].into_iter().chain(second).collect()
    });
    prop_oneof![3 => Just(Vec::new()), 2 => pair]
}

fn staff() -> impl Strategy<Value = Vec<(Span, i32)>> {
    prop::collection::vec((span(500), 600_i32..9000), 0..4)
}

fn figures() -> impl Strategy<Value = Vec<Entered>> {
    let one = (
        0_usize..3,
        -6_i32..26,
        0_i32..25,
        prop::option::weighted(0.3, 0_i32..25),
        0_i32..4,
    );
    let one = one.prop_map(|(band, month, licensed, by_hand, external)| Entered {
        band,
        month,
        licensed,
        by_hand: by_hand.map(|n| n.min(licensed)),
        external,
    });
    prop::collection::vec(one, 1..8).prop_map(|mut all| {
        all.sort_by_key(|e| (e.band, e.month));
        all.dedup_by_key(|e| (e.band, e.month));
        all
    })
}

/// Permits that follow one another, with or without a gap, from the past on or from some day to come.
fn permits() -> impl Strategy<Value = Vec<Shelter>> {
    let places = (0_i32..15, 0_i32..25, 0_i32..8, 0_i32..12);
    let one = (prop_oneof![2 => Just(0_i64), 1 => 1_i64..40], 20_i64..400, places);
    (some_day(), prop::collection::vec(one, 0..4), any::<bool>()).prop_map(|(first, all, ends)| {
        let (mut from, many) = (first, all.len());
        let mut permits = Vec::new();
        for (n, (gap, length, (small, large, mixed, school))) in all.into_iter().enumerate() {
            from = plus(from, gap);
            let last = plus(from, length);
            permits.push(Shelter {
                span: (from, (ends || n + 1 < many).then_some(last)),
                places: vec![
                    ("nursery", 0, small),
                    ("kindergarten", 1, large),
                    ("nursery", 1, mixed),
                    ("after_school", 2, school),
                ],
            });
            from = next(last);
        }
        permits
    })
}

fn team() -> impl Strategy<Value = Team> {
    (
        span(700),
        [0_i32..8, 0..12, 0..6],
        prop::collection::vec((span(400), 300_i32..2500), 0..2),
        closures(),
    )
        .prop_map(|(span, places, staff, closed)| Team {
            span,
            places,
            staff,
            closed,
        })
}

fn kept() -> impl Strategy<Value = Kept> {
    (some_day(), 0_i64..300, 0_usize..3, 1_i32..4).prop_map(|(from, length, band, places)| Kept {
        span: (from, plus(from, length)),
        band,
        places,
    })
}

fn child() -> impl Strategy<Value = Child> {
    let hours = || 15_i32..60;
    let change = (0_i64..700, hours(), prop::bool::weighted(0.8)).prop_map(|(n, hours, agreed)| (n, hours, agreed));
    // Ages at the start around the third birthday and the school entry too.
    let age = prop_oneof![3 => 0_i64..3300, 2 => 600_i64..1200, 2 => 1700_i64..2500];
    let stay = (some_day(), age, 1_i64..1500, prop::option::weighted(0.2, 0_i64..800));
    let says = (
        any::<bool>(),
        hours(),
        hours(),
        prop::collection::vec(change, 0..4),
        prop_oneof![4 => Just(0), 1 => Just(1)],
    );
    (stay, says).prop_map(
        |((from, age, length, leaves), (held, offered, hours, changes, deferred))| Child {
            birth: plus(from, -age),
            from,
            until: plus(from, length),
            held,
            offered,
            hours,
            changes: match held {
                true => Vec::new(),
                false => changes
                    .into_iter()
                    .map(|(n, hours, agreed)| Change {
                        from: plus(from, n),
                        hours,
                        agreed,
                    })
                    .collect(),
            },
            leaves: leaves.map(|n| plus(from, n)).filter(|day| *day < plus(from, length)),
            deferred,
        },
    )
}

/// Licences that follow one another, with or without a gap.
fn licences() -> impl Strategy<Value = Vec<Permission>> {
    let one = (
        prop_oneof![2 => Just(0_i64), 1 => 1_i64..40],
        20_i64..400,
        1_i32..6,
        prop::option::of(0_i32..3),
    );
    (some_day(), prop::collection::vec(one, 0..4)).prop_map(|(mut from, all)| {
        let mut licences = Vec::new();
        for (gap, length, places, more) in all {
            from = plus(from, gap);
            let last = plus(from, length);
            licences.push(Permission {
                span: (from, last),
                places,
                contracts: more.map(|more| places + more),
            });
            from = next(last);
        }
        licences
    })
}

pub(super) fn town() -> impl Strategy<Value = Town> {
    let teams = prop::collection::vec(team(), 0..4);
    let children = prop::collection::vec(child(), 0..10);
    let kept = prop::collection::vec(kept(), 0..4);
    let licences = prop::option::weighted(0.2, licences());
    let all = (
        figures(),
        permits(),
        teams,
        staff(),
        closures(),
        kept,
        children,
        licences,
    );
    all.prop_map(
        |(entered, permits, teams, staff, closed, kept, children, licences)| Town {
            entered,
            permits,
            teams,
            staff,
            closed,
            kept,
            children,
            licences,
        },
    )
}
