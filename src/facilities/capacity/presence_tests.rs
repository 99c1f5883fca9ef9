//! Children who follow one another share a place, and nobody is forgotten: against a count of every minute.

use proptest::prelude::*;

use super::super::model::months_after;
use super::*;

fn month(n: u32) -> NaiveDate {
    months_after(NaiveDate::from_ymd_opt(2027, 8, 1).unwrap(), n)
}

fn time(minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap()
}

fn child(window: Option<(u32, u32)>) -> Taken {
    Taken {
        held: false,
        from_month: month(0),
        until_month: month(12),
        window: window.map(|(from, to)| (time(from), time(to))),
    }
}

#[test]
fn a_child_of_the_morning_and_one_of_the_afternoon_share_a_place() {
    let (morning, afternoon) = (Some((7 * 60, 12 * 60)), Some((12 * 60, 17 * 60)));
    let two = [child(morning), child(afternoon)];
    assert_eq!(at_once(&two, month(0)), 1, "one goes when the other comes");
    let four = [
        child(morning),
        child(afternoon),
        child(None),
        child(Some((11 * 60, 13 * 60))),
    ];
    assert_eq!(at_once(&four, month(0)), 3);
    assert_eq!(at_once(&four, month(12)), 0);
    let steps: Vec<_> = day(&four, month(0)).into_iter().map(|(_, n)| n).collect();
    assert_eq!(steps, [2, 3, 3, 2]);
    assert_eq!(places(&four).len(), 3);
}

#[test]
fn an_offer_without_times_takes_a_place_for_the_whole_day() {
    let offer = Taken {
        held: true,
        ..child(None)
    };
    let three = [child(Some((480, 720))), child(Some((720, 960))), offer];
    assert_eq!(at_once(&three, month(3)), 2);
    let places = places(&three);
    assert_eq!((places.len(), places.iter().filter(|t| t.held).count()), (2, 1));
}

prop_compose! {
    fn anyone()(
        held in proptest::bool::weighted(0.2),
        from in 0..6u32,
        months in 1..6u32,
        window in proptest::option::of((360..900u32, 1..400u32)),
    ) -> Taken {
        Taken {
            held,
            from_month: month(from),
            until_month: month(from + months),
            window: window.map(|(from, minutes)| (time(from), time(from + minutes))),
        }
    }
}

proptest! {
    #[test]
    fn the_most_at_once_is_the_most_of_all_minutes(all in proptest::collection::vec(anyone(), 0..8)) {
        for n in 0..12 {
            let there: Vec<_> = all.iter().filter(|t| t.in_month(month(n))).collect();
            let at = |minute: u32| {
                let here = |t: &&&Taken| t.window.is_none_or(|(from, to)| from <= time(minute) && time(minute) < to);
                there.iter().filter(here).count()
            };
            let most = (0..24 * 60).map(at).max().unwrap_or(0);
            prop_assert_eq!(at_once(&all, month(n)), i32::try_from(most).unwrap());
            let places = places(&all);
            prop_assert_eq!(places.iter().filter(|t| t.in_month(month(n))).count(), most);
            let steps = day(&all, month(n)).into_iter().map(|(_, n)| n).max();
            prop_assert!(steps.is_none_or(|steps| usize::try_from(steps).unwrap() == most));
        }
    }
}

#[test]
fn months_are_compared_with_themselves_when_the_earlier_list_begins_a_month_before() {
    let was = [Some(0), Some(-1), Some(2), Some(1)];
    let worse = |is: &[Option<i32>]| first_worse((month(0), &was), (month(1), is));
    assert_eq!(worse(&[Some(-1), Some(2), Some(1), Some(1)]), None, "as many as before");
    assert_eq!(worse(&[Some(-2), Some(2), Some(1), Some(1)]), Some(month(1)));
    assert_eq!(worse(&[Some(-1), Some(-1), Some(1), Some(1)]), Some(month(2)));
    assert_eq!(
        worse(&[Some(-1), Some(0), Some(0), Some(0)]),
        None,
        "fewer, but none too many"
    );
    assert_eq!(
        worse(&[None, None, None, Some(-1)]),
        Some(month(4)),
        "behind the earlier list"
    );
    assert_eq!(first_worse((month(1), &was), (month(1), &[Some(-1)])), Some(month(1)));
    assert_eq!(first_worse((month(0), &[]), (month(0), &[Some(-1)])), Some(month(0)));
}
