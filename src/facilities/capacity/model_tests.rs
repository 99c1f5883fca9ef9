//! Ladder, segments and figures at their edges.

use chrono::Days;

use super::super::school_entry;
use super::super::site::Limit;
use super::*;
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::ChildId;
use crate::tenancy::SchoolRule;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn figure(from: NaiveDate, licensed: i32, operable: i32, external: i32) -> Figure {
    Figure {
        from_month: from,
        licensed,
        operable,
        by_hand: false,
        limit: Limit::Permit,
        reserved: 0,
        occupied_external: external,
        confirmed_on: None,
        is_example: false,
    }
}

#[test]
fn a_permit_without_staff_gives_no_place() {
    let figures = [figure(day(2027, 1, 1), 153, 120, 120)];
    for rung in ladder(&figures, &[], day(2027, 2, 1), HORIZON) {
        assert_eq!(rung.unwrap().bookable, 0);
    }
}

#[test]
fn unknown_stays_unknown_before_the_first_figure() {
    let figures = [figure(day(2027, 4, 1), 10, 10, 0)];
    assert_eq!(rung(&figures, &[], day(2027, 3, 1)), None);
    assert_eq!(rung(&figures, &[], day(2027, 4, 1)).unwrap().bookable, 10);
    assert_eq!(rung(&[], &[], day(2027, 4, 1)), None);
}

#[test]
fn the_band_changes_the_month_after_the_third_birthday_and_at_school_entry() {
    let birth = day(2024, 2, 29);
    assert_eq!(third_birthday(birth), day(2027, 3, 1));
    let entry = school_entry(birth, SchoolRule::default());
    assert_eq!(age_band_on(birth, day(2027, 3, 31), entry), AgeBand::Under3);
    assert_eq!(age_band_on(birth, day(2027, 4, 1), entry), AgeBand::Over3);
    assert_eq!(age_band_on(birth, day(2030, 7, 31), entry), AgeBand::Over3);
    assert_eq!(age_band_on(birth, day(2030, 8, 1), entry), AgeBand::SchoolAge);
}

#[test]
fn a_stay_is_split_where_the_child_grows_out_of_a_band() {
    let stay = Stay {
        child: ChildId::new(),
        birth: day(2026, 3, 10),
        from: day(2027, 8, 16),
        until: day(2032, 9, 1),
    };
    let split: Vec<_> = segments(&stay, school_entry(stay.birth, SchoolRule::default()))
        .unwrap()
        .into_iter()
        .map(|s| (s.band, s.from_month, s.until_month))
        .collect();
    assert_eq!(
        split,
        [
            (AgeBand::Under3, day(2027, 8, 1), day(2029, 4, 1)),
            (AgeBand::Over3, day(2029, 4, 1), day(2032, 8, 1)),
            (AgeBand::SchoolAge, day(2032, 8, 1), day(2032, 9, 1)),
        ]
    );
}

#[test]
fn a_month_begun_is_a_month_taken() {
    let stay = |until| Stay {
        child: ChildId::new(),
        birth: day(2026, 3, 10),
        from: day(2027, 8, 31),
        until,
    };
    let entry = day(2032, 8, 1);
    let months = |until| segments(&stay(until), entry).unwrap()[0].months().count();
    assert_eq!((months(day(2027, 9, 1)), months(day(2027, 9, 2))), (1, 2));
    assert!(matches!(
        segments(&stay(day(2027, 8, 31)), entry),
        Err(CapacityError::EmptyStay)
    ));
}

proptest::proptest! {
    #[test]
    fn segments_cover_a_stay_without_gap_or_overlap(birth in 0u32..4000, start in 0u64..3000, length in 1u64..4000) {
        let birth = day(2020, 1, 1).checked_add_days(Days::new(u64::from(birth))).unwrap();
        let from = birth.checked_add_days(Days::new(start)).unwrap();
        let until = from.checked_add_days(Days::new(length)).unwrap();
        let stay = Stay { child: ChildId::new(), birth, from, until };
        let entry = school_entry(birth, SchoolRule::default());
        let parts = segments(&stay, entry).unwrap();
        let months: Vec<_> = parts.iter().flat_map(|p| p.months().map(|m| (p.band, m))).collect();
        proptest::prop_assert_eq!(months[0].1, month_of(from));
        for pair in months.windows(2) {
            proptest::prop_assert_eq!(months_after(pair[0].1, 1), pair[1].1);
        }
        for (band, month) in months {
            proptest::prop_assert_eq!(band, age_band_on(birth, month, entry));
        }
    }
}
