//! The forecast against a slow model that walks through every day.

use std::collections::BTreeSet;

use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::facilities::capacity::model::{Stay, segments, third_birthday};
use crate::facilities::capacity::school_entry;
use crate::facilities::capacity::site::Limit;
use crate::platform::ids::ChildId;
use crate::tenancy::SchoolRule;

fn base() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 2, 1).unwrap()
}

fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap()
}

fn figure(operable: i32, external: i32) -> Figure {
    Figure {
        from_month: base(),
        licensed: operable,
        operable,
        by_hand: false,
        limit: Limit::Permit,
        reserved: 0,
        occupied_external: external,
        confirmed_on: None,
        is_example: false,
    }
}

/// A child, its stay, and whether an open offer takes the place.
#[derive(Debug, Clone)]
struct Child {
    birth: NaiveDate,
    from: NaiveDate,
    until: NaiveDate,
    held: bool,
}

fn child() -> impl Strategy<Value = Child> {
    (0_u32..3300, 0_u32..1100, 1_u32..1500, any::<bool>()).prop_map(|(age, start, length, held)| {
        let from = after(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), start);
        Child {
            birth: from.checked_sub_days(Days::new(u64::from(age))).unwrap(),
            from,
            until: after(from, length),
            held,
        }
    })
}

/// Day by day: a child takes a place of a band in a month when it is there on some day of it. It counts under three as long as it was
/// not yet three on the first of the month, and as a schoolchild from the month of its school entry on.
fn slow(children: &[Child], band: AgeBand, month: NaiveDate) -> (i32, i32) {
    let mut present = BTreeSet::new();
    let mut day = month;
    while day < months_after(month, 1) {
        for (n, child) in children.iter().enumerate() {
            let entry = school_entry(child.birth, SchoolRule::default());
            let of_day = if day >= entry {
                AgeBand::SchoolAge
            } else if month > third_birthday(child.birth) {
                AgeBand::Over3
            } else {
                AgeBand::Under3
            };
            if child.from <= day && day < child.until && of_day == band {
                present.insert((child.held, n));
            }
        }
        day = after(day, 1);
    }
    let count = |held: bool| i32::try_from(present.iter().filter(|(h, _)| *h == held).count()).unwrap();
    (count(false), count(true))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_forecast_is_what_a_walk_through_every_day_finds(
        children in prop::collection::vec(child(), 0..24), operable in 0_i32..12, external in 0_i32..4,
    ) {
        let mut spells = Vec::new();
        for child in &children {
            let stay = Stay { child: ChildId::new(), birth: child.birth, from: child.from, until: child.until };
            for part in segments(&stay, school_entry(child.birth, SchoolRule::default())).unwrap() {
                if part.until_month > base() && part.from_month < months_after(base(), MONTHS) {
                    spells.push((part.band, Spell {
                        held: child.held,
                        from_month: part.from_month.max(base()),
                        until_month: part.until_month.min(months_after(base(), MONTHS)),
                        week: None,
                        count: 1,
                    }));
                }
            }
        }
        let entered: Vec<_> = AgeBand::ALL.iter().map(|band| (*band, figure(operable, external))).collect();
        let mut forecast = Forecast::new(base());
        forecast.add(&Site::default(), &entered, &spells);
        for band in &forecast.bands {
            for month in &band.months {
                let (occupied, held) = slow(&children, band.age_band, month.month);
                prop_assert_eq!((month.occupied, month.held), (occupied + external, held), "{:?} {}", band.age_band, month.month);
                let free = operable - external - occupied - held;
                prop_assert_eq!((month.bookable, month.missing), (free.max(0), (-free).max(0)));
            }
        }
    }
}

#[test]
fn an_overbooked_facility_takes_nothing_from_the_free_places_of_another() {
    let mut forecast = Forecast::new(base());
    for (operable, external) in [(10, 8), (10, 13)] {
        forecast.add(&Site::default(), &[(AgeBand::Over3, figure(operable, external))], &[]);
    }
    let first = forecast.known().bands[0].months[0];
    assert_eq!(
        (first.operable, first.occupied, first.bookable, first.missing),
        (20, 21, 2, 3)
    );
}
