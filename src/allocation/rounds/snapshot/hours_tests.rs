//! Long care is bounded by the groups that have it, and short care by nothing but the places.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn group(places: i32, hours: Option<i32>) -> GroupHours {
    GroupHours {
        band: AgeBand::Over3,
        valid_from: day("2026-01-01"),
        valid_to: None,
        places,
        hours,
    }
}

fn child(hours: i32) -> TakenHours {
    TakenHours {
        band: AgeBand::Over3,
        from_month: day("2027-01-01"),
        until_month: day("2029-08-01"),
        hours,
    }
}

fn hours(groups: &[GroupHours], taken: &[TakenHours], cap: u32) -> Vec<(i32, u32)> {
    let found = by_hours(groups, taken, cap, day("2027-08-01"));
    found.into_iter().map(|of| (of.hours, of.places)).collect()
}

#[test]
fn a_child_of_the_whole_day_needs_a_group_that_is_open_so_long() {
    let groups = [group(10, Some(45)), group(20, Some(25))];
    assert_eq!(hours(&groups, &[], 30), [(45, 10), (25, 30)]);
    let taken = [child(40), child(26), child(25), child(20)];
    assert_eq!(
        hours(&groups, &taken, 26),
        [(45, 8), (25, 26)],
        "who goes at noon may be in any group"
    );
    let full: Vec<_> = (0..12).map(|_| child(45)).collect();
    assert_eq!(hours(&groups, &full, 18), [(45, 0), (25, 18)], "never fewer than none");
}

#[test]
fn a_bound_that_binds_nobody_is_none() {
    let groups = [group(10, Some(45)), group(20, Some(25))];
    assert_eq!(
        hours(&groups, &[child(25)], 7),
        [(45, 7)],
        "all that is free may be long"
    );
    assert_eq!(hours(&[group(10, Some(35))], &[], 4), [(35, 4)]);
    let three = [group(2, Some(45)), group(3, Some(35)), group(9, Some(25))];
    assert_eq!(hours(&three, &[], 14), [(45, 2), (35, 5), (25, 14)]);
    assert_eq!(
        hours(&three, &[child(30), child(30), child(30)], 11),
        [(45, 2), (25, 11)]
    );
    let four = [child(30), child(30), child(30), child(30)];
    assert_eq!(
        hours(&three, &four, 10),
        [(45, 1), (25, 10)],
        "who needs the whole day finds no more than who needs half of it"
    );
}

proptest! {
    /// The slow way: the child that needs most takes the place that is open longest, and so on.
    #[test]
    fn just_those_fit_who_can_be_given_a_place_each(
        places in proptest::array::uniform3(0i32..4), taken in proptest::collection::vec(1i32..46, 0..4),
        new in proptest::collection::vec(1i32..46, 0..6),
    ) {
        let groups: Vec<_> = places.iter().zip([45, 35, 25]).map(|(n, hours)| group(*n, Some(hours))).collect();
        let mut seats: Vec<i32> = places.iter().zip([45, 35, 25]).flat_map(|(n, hours)| vec![hours; *n as usize]).collect();
        seats.sort_unstable_by(|a, b| b.cmp(a));
        let seated = |children: &[i32]| {
            let mut all = children.to_vec();
            all.sort_unstable_by(|a, b| b.cmp(a));
            all.len() <= seats.len() && all.iter().zip(&seats).all(|(need, open)| need <= open)
        };
        prop_assume!(seated(&taken));
        let cap = (seats.len() - taken.len()) as u32;
        let children: Vec<_> = taken.iter().map(|hours| child(*hours)).collect();
        let parts = hours(&groups, &children, cap);
        // Each child stands in the shortest care that is long enough, and counts in all that is shorter.
        let within = |need: i32| parts.iter().rposition(|(hours, _)| *hours >= need);
        let fit = new.iter().all(|need| within(*need).is_some())
            && (0..parts.len()).all(|at| {
                let there = new.iter().filter(|need| within(**need).is_some_and(|own| own <= at));
                there.count() as u32 <= parts[at].1
            });
        let all: Vec<i32> = taken.iter().chain(&new).copied().collect();
        prop_assert_eq!(fit, seated(&all));
    }
}

#[test]
fn where_a_group_says_nothing_nothing_is_known() {
    assert_eq!(hours(&[], &[], 4), []);
    assert_eq!(hours(&[group(10, Some(45)), group(10, None)], &[], 4), []);
}

#[test]
fn the_month_with_the_fewest_places_counts() {
    let closes = GroupHours {
        valid_to: Some(day("2028-02-28")),
        ..group(10, Some(45))
    };
    let groups = [closes, group(4, Some(45)), group(20, Some(25))];
    assert_eq!(hours(&groups, &[], 24), [(45, 4), (25, 24)]);
    let goes = TakenHours {
        until_month: day("2027-09-01"),
        ..child(45)
    };
    assert_eq!(
        hours(&[group(4, Some(45)), group(9, Some(25))], &[goes], 12),
        [(45, 3), (25, 12)]
    );
}
