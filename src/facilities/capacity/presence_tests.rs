//! Children who follow one another share a place, and nobody is forgotten: against a count of every half hour of the week.

use proptest::prelude::*;

use super::super::model::months_after;
use super::*;
use crate::platform::fields::Fields;
use crate::platform::week::DayTimes;

fn month(n: u32) -> NaiveDate {
    months_after(NaiveDate::from_ymd_opt(2027, 8, 1).unwrap(), n)
}

fn time(minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap()
}

fn all_week(window: (u32, u32)) -> WeekTimes {
    WeekTimes::every_day((time(window.0), time(window.1)))
}

/// From Monday on, each day from one hour to another, or not at all.
fn week(days: [Option<(u32, u32)>; 5]) -> Option<WeekTimes> {
    let day = |(n, hours): (u32, Option<(u32, u32)>)| {
        let (from, to) = hours?;
        Some(DayTimes {
            weekday: n,
            from: Some(time(from * 60)),
            to: Some(time(to * 60)),
        })
    };
    let days: Vec<DayTimes> = (1..).zip(days).filter_map(day).collect();
    WeekTimes::of(&days, "", &mut Fields::new())
}

fn child(window: Option<(u32, u32)>) -> Taken {
    Taken {
        held: false,
        from_month: month(0),
        until_month: month(12),
        week: window.map(all_week),
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
    let usual = usual_week(&four, month(0));
    assert_eq!(usual.len(), 1, "every day alike");
    assert_eq!(usual[0].weekdays.len(), 5);
    let steps: Vec<_> = usual[0].steps.iter().map(|(_, n)| *n).collect();
    assert_eq!(steps, [2, 3, 3, 2]);
    assert_eq!(places(&four).len(), 3);
}

#[test]
fn children_of_other_weekdays_share_a_place() {
    let on = |days| Taken {
        week: week(days),
        ..child(None)
    };
    let day = Some((8, 14));
    let first = on([day, day, None, None, None]);
    let last = on([None, None, day, day, None]);
    assert_eq!(at_once(&[first, last], month(0)), 1);
    let wednesday = on([None, None, Some((13, 16)), None, None]);
    let three = [first, last, wednesday];
    assert_eq!(at_once(&three, month(0)), 2, "on Wednesday from one to two");
    let usual: Vec<_> = usual_week(&three, month(0))
        .into_iter()
        .map(|days| (days.weekdays, days.steps.into_iter().map(|(_, n)| n).collect()))
        .collect();
    let expected: [(Vec<Weekday>, Vec<i32>); 3] = [
        (vec![Weekday::Mon, Weekday::Tue], vec![1]),
        (vec![Weekday::Wed], vec![1, 2, 1]),
        (vec![Weekday::Thu], vec![1]),
    ];
    assert_eq!(usual, expected);
    assert_eq!(at_once(&[first, last, wednesday, child(None)], month(0)), 3);
}

#[test]
fn a_childminder_who_is_full_from_monday_to_thursday_can_offer_the_friday() {
    let day = Some((8, 14));
    let full = Taken {
        week: week([day, day, day, day, None]),
        ..child(None)
    };
    let offer = |days| Taken {
        held: true,
        week: week(days),
        ..full
    };
    let with = |offer: Taken| at_once([full; 5].iter().chain([&offer]), month(3));
    let late = Some((14, 16));
    // Which days are offered, and how many are then there at once, of whom five may be.
    for (days, children) in [
        ([None, None, None, None, day], 5),
        ([None, None, None, late, day], 5),
        ([None, None, None, day, None], 6),
        ([None, None, None, Some((13, 16)), day], 6),
        ([day; 5], 6),
    ] {
        assert_eq!(with(offer(days)), children, "{days:?}");
    }
    let fridays = [offer([None, None, None, None, day]); 6];
    assert_eq!(at_once([full; 5].iter().chain(&fridays), month(3)), 6, "six on Fridays");
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

fn half_hours() -> impl Strategy<Value = Option<(u32, u32)>> {
    let window = (12..30u32, 1..12u32).prop_map(|(from, length)| (from, from + length));
    proptest::option::weighted(0.7, window)
}

prop_compose! {
    fn anyone()(
        held in proptest::bool::weighted(0.2),
        from in 0..6u32,
        months in 1..6u32,
        // All day, the same on every day, or each day by itself.
        kind in 0..3u32,
        days in proptest::array::uniform5(half_hours()),
    ) -> Taken {
        let days = if kind == 1 { [days[0]; 5] } else { days };
        let list: Vec<DayTimes> = (1..).zip(days).filter_map(|(weekday, window)| window.map(|(from, to)| DayTimes {
            weekday, from: Some(time(from * 30)), to: Some(time(to * 30)),
        })).collect();
        let week = WeekTimes::of(&list, "", &mut Fields::new()).filter(|_| kind > 0);
        Taken { held, from_month: month(from), until_month: month(from + months), week }
    }
}

const WORKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

proptest! {
    #[test]
    fn the_most_at_once_is_the_most_of_all_half_hours_of_the_week(all in proptest::collection::vec(anyone(), 0..8)) {
        for n in 0..12 {
            let there: Vec<_> = all.iter().filter(|t| t.in_month(month(n))).collect();
            let at = |day: Weekday, half: u32| {
                let now = time(half * 30);
                let here = |t: &&&Taken| t.week.is_none_or(|week| week.on(day).is_some_and(|(from, to)| from <= now && now < to));
                there.iter().filter(here).count()
            };
            let most = WORKDAYS.iter().flat_map(|day| (0..48).map(|half| at(*day, half))).max().unwrap_or(0);
            prop_assert_eq!(at_once(&all, month(n)), i32::try_from(most).unwrap());
            let places = places(&all);
            prop_assert_eq!(places.iter().filter(|t| t.in_month(month(n))).count(), most);
            for usual in usual_week(&all, month(n)) {
                for (day, ((from, to), children)) in usual.weekdays.iter().flat_map(|day| usual.steps.iter().map(move |s| (day, s))) {
                    let halves = (0..48).filter(|half| *from <= time(half * 30) && time(half * 30) < *to);
                    for half in halves {
                        prop_assert_eq!(usize::try_from(*children).unwrap(), at(*day, half));
                    }
                }
            }
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
