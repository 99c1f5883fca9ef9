//! The shipped keys by the examples of the states, and what staff can run.

use super::*;

const HOUR: i32 = 60;

fn rule(state: &str) -> StaffingRule {
    shipped(state).pop().unwrap().rule
}

fn hours(minutes: i64) -> (i64, i64) {
    (minutes / 60, minutes % 60)
}

#[test]
fn the_shipped_keys_are_sound() {
    for state in ["SN", "HE", "BY"] {
        let keys = shipped(state);
        assert_eq!(keys.len(), 1, "{state}");
        keys[0].clone().checked().unwrap();
    }
    assert_eq!(shipped("NW"), []);
}

#[test]
fn saxony_one_full_post_for_5_nursery_or_12_kindergarten_children_at_9_hours() {
    let saxony = rule("SN");
    assert_eq!(hours(saxony.required([(AgeBand::Under3, 5, 45 * HOUR)])), (40, 0));
    assert_eq!(hours(saxony.required([(AgeBand::Over3, 12, 45 * HOUR)])), (40, 0));
    // 0.9 of a post for 20 schoolchildren at six hours.
    assert_eq!(hours(saxony.required([(AgeBand::SchoolAge, 20, 30 * HOUR)])), (36, 0));
    // Six hours a day are two thirds of nine: 40 × 2/3 = 26 h 40 min.
    assert_eq!(hours(saxony.required([(AgeBand::Over3, 12, 30 * HOUR)])), (26, 40));
    // A facility: 10 nursery children are two posts, 36 of kindergarten age three: 200 hours.
    let all = [(AgeBand::Under3, 10, 45 * HOUR), (AgeBand::Over3, 36, 45 * HOUR)];
    assert_eq!(hours(saxony.required(all)), (200, 0));
}

#[test]
fn hesse_factor_times_mean_hours_and_22_percent_absence_and_20_percent_head() {
    let hesse = rule("HE");
    // 25 × 0.07 × 42.5 = 74.375 h; + 22 % = 16.3625 h; + 20 % = 14.875 h; together 105.6125 h = 105 h 36.75 min.
    assert_eq!(hours(hesse.required([(AgeBand::Over3, 25, 40 * HOUR)])), (105, 37));
    // 10 × 0.2 × 30 = 60 h; + 13.2 h + 12 h = 85.2 h.
    assert_eq!(hours(hesse.required([(AgeBand::Under3, 10, 35 * HOUR)])), (85, 12));
    // Classes: 25 h count as 22.5, 25 h and a minute as 30; 45 h as 50.
    let need = |minutes| hours(hesse.required([(AgeBand::Under3, 10, minutes)]));
    assert_eq!(need(25 * HOUR), (63, 54));
    assert_eq!(need(25 * HOUR + 1), (85, 12));
    assert_eq!(need(45 * HOUR), (142, 0));
    // Head at most 1.5 posts = 58.5 h: 100 × 0.07 × 50 = 350 h; + 77 h + 58.5 h.
    assert_eq!(hours(hesse.required([(AgeBand::Over3, 100, 50 * HOUR)])), (485, 30));
}

#[test]
fn bavaria_an_hour_of_staff_for_11_booked_hours_with_small_children_counted_twice() {
    let bavaria = rule("BY");
    // Factor 2.00 is up to eight hours: 11 × 8 × 5 = 440 booked hours, so 40 of staff.
    assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 40 * HOUR)])), (40, 0));
    // More than seven hours a day is booked as eight; more than nine as ten (2.50).
    assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 36 * HOUR)])), (40, 0));
    assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 46 * HOUR)])), (50, 0));
    assert_eq!(hours(bavaria.required([(AgeBand::Under3, 11, 40 * HOUR)])), (80, 0));
    // Three to four hours: factor 1.00.
    assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 18 * HOUR)])), (20, 0));
}

#[test]
fn ten_posts_run_120_of_153_permitted_places_in_saxony() {
    let saxony = rule("SN");
    let runnable = |open, minutes| saxony.runnable(open, [Agreed::default(); 3], minutes);
    assert_eq!(runnable([0, 153, 0], 24_000), [0, 120, 0]);
    assert_eq!(runnable([0, 153, 0], 23_999), [0, 119, 0]);
    assert_eq!(runnable([0, 153, 0], 100_000), [0, 153, 0]);
    assert_eq!(runnable([10, 36, 0], 12_000), [10, 36, 0]);
    // Half of the staff runs half of the places of each band.
    assert_eq!(runnable([10, 36, 0], 6_000), [5, 18, 0]);
    assert_eq!(runnable([10, 36, 0], 0), [0, 0, 0]);
}

/// Ten posts, 153 permitted places, kindergarten.
fn kindergarten(state: &str, children: i32, hours: i32, staff: i64) -> i32 {
    let rule = rule(state);
    let mut agreed = [Agreed::default(); 3];
    agreed[AgeBand::Over3 as usize] = rule.agreed([(hours * HOUR, children)]);
    rule.runnable([0, 153, 0], agreed, staff)[AgeBand::Over3 as usize]
}

#[test]
fn longer_hours_than_planned_leave_fewer_places_and_shorter_ones_not_more() {
    // Planned with 45 h: 120. All of 120 children with 50 h need 11 % more: 108 can be run.
    assert_eq!(kindergarten("SN", 120, 50, 24_000), 108);
    // A hundred of them take 5000 of 5400 hours of care, and eight planned places the rest.
    assert_eq!(kindergarten("SN", 100, 50, 24_000), 108);
    // Ten of them take 500 hours: 108.9 planned places of 45 h beside them.
    assert_eq!(kindergarten("SN", 10, 50, 24_000), 118);
    for hours in [45, 30, 25] {
        assert_eq!(kindergarten("SN", 120, hours, 24_000), 120, "{hours}");
    }
}

#[test]
fn each_child_counts_by_its_own_class_of_hours() {
    for (state, planned, longer) in [("HE", 40, 50), ("BY", 40, 46)] {
        let need = rule(state).required([(AgeBand::Over3, 100, planned * HOUR)]);
        assert_eq!(kindergarten(state, 100, planned, need), 100, "{state}");
        assert!(kindergarten(state, 100, longer, need) < 90, "{state}");
    }
    // Hesse counts 45 h as 50 and 25 h as 22.5: together 72.5, while their mean of 35 h would count 30 twice.
    let hesse = rule("HE");
    let both = hesse.agreed([(45 * HOUR, 1), (25 * HOUR, 1)]);
    assert_eq!((both.children, both.minutes), (2, 4350));
}
