//! Fee tables against a statute that everybody can read, and against the sums on paper.

use proptest::prelude::*;

use super::model::*;
use crate::facilities::{AgeBand, Segment};
use crate::platform::fields::Fields;
use crate::platform::ids::FeeScheduleId;
use crate::platform::week::{DayTimes, WeekTimes};

const FULL: [(&str, i32); 1] = [("2027-08-01", 45)];

/// The amounts from a month on, for a first child that lives with both parents.
fn amounts(
    from: &str,
    hours: &[(&str, i32)],
    schedules: &[Schedule],
    reliefs: &[Relief],
) -> Result<Vec<Period>, NoFee> {
    let hours: Vec<_> = hours.iter().map(|(from, hours)| (day(from), *hours)).collect();
    let terms = Terms {
        hours: &hours,
        schedules,
        reliefs,
    };
    periods(&stay(), day(from), &terms, &facts(1, false))
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// Leipzig from January 2014: 9 hours a day cost 207.52 € and 124.93 €; the second child pays 60 %, a lone parent 90 % and 50 %.
fn leipzig() -> TableInput {
    super::templates::leipzig_2014()
}

/// The city's table as it was published: 4, 5 … 9 hours a day, in cents.
#[rustfmt::skip]
const PUBLISHED: [(FeeCare, bool, i32, [i32; 6]); 8] = [
    (FeeCare::Nursery, false, 1, [9223, 11529, 13835, 16140, 18446, 20752]),
    (FeeCare::Nursery, false, 2, [5534, 6917, 8301, 9684, 11068, 12451]),
    (FeeCare::Nursery, true, 1, [8301, 10376, 12451, 14526, 16602, 18677]),
    (FeeCare::Nursery, true, 2, [4612, 5764, 6917, 8070, 9223, 10376]),
    (FeeCare::Kindergarten, false, 1, [5552, 6941, 8329, 9717, 11105, 12493]),
    (FeeCare::Kindergarten, false, 2, [3331, 4164, 4997, 5830, 6663, 7496]),
    (FeeCare::Kindergarten, true, 1, [4997, 6247, 7496, 8745, 9994, 11244]),
    (FeeCare::Kindergarten, true, 2, [2776, 3470, 4164, 4858, 5552, 6247]),
];

fn facts(child: i32, lone_parent: bool) -> Facts {
    Facts {
        child,
        lone_parent,
        income_up_to: None,
    }
}

#[test]
fn leipzig_2014_has_the_48_values_that_the_city_published() {
    let rows = leipzig().rows().unwrap();
    let mut compared = 0;
    for (care, lone, child, cents) in PUBLISHED {
        for (hours, cents) in [20, 25, 30, 35, 40, 45].into_iter().zip(cents) {
            let row = find(&rows, care, hours, &facts(child, lone)).unwrap();
            assert_eq!(row.cents, cents, "{care:?}, {hours} hours, child {child}, lone {lone}");
            compared += 1;
        }
    }
    assert_eq!(compared, 48);
}

#[test]
fn the_third_child_and_all_after_it_are_free_there() {
    let rows = leipzig().rows().unwrap();
    for (child, lone) in [(3, false), (3, true), (7, false)] {
        assert_eq!(find(&rows, FeeCare::Nursery, 45, &facts(child, lone)).unwrap().cents, 0);
    }
}

#[test]
fn hours_between_two_rows_count_as_the_larger_and_beyond_the_last_there_is_no_row() {
    let rows = leipzig().rows().unwrap();
    let cents = |hours| find(&rows, FeeCare::Nursery, hours, &facts(1, false)).map(|r| r.cents);
    assert_eq!(cents(41), Some(20752));
    assert_eq!(cents(1), Some(9223));
    assert_eq!(cents(46), None);
    assert_eq!(find(&rows, FeeCare::AfterSchool, 20, &facts(1, false)), None);
}

proptest! {
    #[test]
    fn a_begun_hour_that_counts_whole_never_costs_another_bracket(
        brackets in proptest::collection::btree_set(1..=60i32, 1..8),
        minutes in proptest::collection::vec(1..720u32, 1..=5),
    ) {
        let time = |minute: u32| chrono::NaiveTime::from_hms_opt(7 + minute / 60, minute % 60, 0);
        let days: Vec<_> = (1..).zip(&minutes).map(|(weekday, length)| DayTimes { weekday, from: time(0), to: time(*length) }).collect();
        let week = WeekTimes::of(&days, "", &mut Fields::new()).unwrap();
        let bracket = |hours_per_week: &i32| FeeRow {
            care: FeeCare::Nursery, hours_per_week: *hours_per_week, income_up_to: None, lone_parent: false, child: 1, cents: 100 * hours_per_week,
        };
        let rows: Vec<_> = brackets.iter().map(bracket).collect();
        let found = find(&rows, FeeCare::Nursery, week.hours(), &facts(1, false)).map(|row| row.hours_per_week);
        // By the minute: the first bracket that the agreed time does not exceed.
        let exact = brackets.into_iter().find(|hours| minutes.iter().sum::<u32>() <= hours.unsigned_abs() * 60);
        prop_assert_eq!(found, exact);
    }
}

fn by_income() -> Vec<FeeRow> {
    let row = |income_up_to, cents| FeeRow {
        care: FeeCare::Kindergarten,
        hours_per_week: 45,
        income_up_to,
        lone_parent: false,
        child: 1,
        cents,
    };
    vec![row(None, 30_000), row(Some(25_000), 0), row(Some(50_000), 12_000)]
}

#[test]
fn an_income_pays_by_its_bracket_and_the_highest_where_nothing_was_said() {
    let rows = TableInput::Rows { rows: by_income() }.rows().unwrap();
    let cents = |income_up_to| {
        let facts = Facts {
            income_up_to,
            ..facts(1, false)
        };
        find(&rows, FeeCare::Kindergarten, 40, &facts).unwrap().cents
    };
    assert_eq!(
        [cents(Some(25_000)), cents(Some(50_000)), cents(None)],
        [0, 12_000, 30_000]
    );
}

#[test]
fn a_table_without_lone_parents_has_one_amount_for_all() {
    let rows = TableInput::Rows { rows: by_income() }.rows().unwrap();
    let asked = |lone| find(&rows, FeeCare::Kindergarten, 40, &facts(1, lone)).unwrap().cents;
    assert_eq!(asked(true), asked(false));
}

fn wrong(input: &TableInput) -> (String, String) {
    let invalid = input.rows().unwrap_err();
    let fault = &invalid.0[0];
    (fault.pointer.clone(), fault.code.clone())
}

#[test]
fn a_table_with_a_hole_a_double_row_or_a_negative_amount_is_refused() {
    let with = |change: &dyn Fn(&mut Vec<FeeRow>)| {
        let mut rows = leipzig().rows().unwrap();
        change(&mut rows);
        wrong(&TableInput::Rows { rows })
    };
    let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(with(&|rows| rows.truncate(71)), at("/table/rows", "incomplete"));
    assert_eq!(with(&|rows| rows.push(rows[0])), at("/table/rows/72", "twice"));
    assert_eq!(
        with(&|rows| rows[2].cents = -1),
        at("/table/rows/2/cents", "out_of_range")
    );
    assert_eq!(
        with(&|rows| rows.retain(|r| r.child != 2)),
        at("/table/rows", "incomplete")
    );
    assert_eq!(with(&|rows| rows.clear()), at("/table/rows", "required"));
    let mut rows = by_income();
    rows.remove(0);
    assert_eq!(wrong(&TableInput::Rows { rows }), at("/table/rows", "incomplete"));
}

#[test]
fn a_formula_with_a_care_or_a_situation_twice_is_refused() {
    let TableInput::Formula { mut bases, mut factors } = leipzig() else {
        panic!()
    };
    bases.push(bases[0].clone());
    factors[1] = factors[0];
    let invalid = TableInput::Formula { bases, factors }.rows().unwrap_err();
    let places: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
    assert_eq!(places, ["/table/bases/2/care", "/table/factors/1/child"]);
}

fn schedule(from: &str, percent: i32) -> Schedule {
    let TableInput::Formula { bases, mut factors } = leipzig() else {
        panic!()
    };
    factors.iter_mut().for_each(|f| f.percent = f.percent * percent / 100);
    Schedule {
        id: FeeScheduleId::new(),
        valid_from: day(from),
        rows: TableInput::Formula { bases, factors }.rows().unwrap(),
    }
}

fn stay() -> [Segment; 2] {
    let segment = |band, from: &str, until: &str| Segment {
        band,
        from_month: day(from),
        until_month: day(until),
    };
    [
        segment(AgeBand::Under3, "2027-08-01", "2028-06-01"),
        segment(AgeBand::Over3, "2028-06-01", "2031-08-01"),
    ]
}

#[test]
fn what_is_owed_changes_with_the_age_and_with_a_new_table() {
    let tables = [schedule("2027-01-01", 100), schedule("2028-01-01", 50)];
    let all = amounts("2027-08-01", &FULL, &tables, &[]).unwrap();
    let said: Vec<_> = all
        .iter()
        .map(|p| (p.from_month.to_string(), p.care, p.cents))
        .collect();
    assert_eq!(
        said,
        [
            ("2027-08-01".to_owned(), FeeCare::Nursery, 20752),
            ("2028-01-01".to_owned(), FeeCare::Nursery, 10376),
            ("2028-06-01".to_owned(), FeeCare::Kindergarten, 6247),
        ]
    );
    assert_eq!(owed(&all, day("2028-05-01")).unwrap().cents, 10376);
    assert_eq!(owed(&all, day("2031-07-01")).unwrap().cents, 6247);
    assert_eq!(owed(&all, day("2031-08-01")), None);
    assert_eq!(owed(&all, day("2027-07-01")), None);
}

#[test]
fn a_notice_from_a_later_month_leaves_the_months_before_alone() {
    let tables = [schedule("2027-01-01", 100)];
    let all = amounts("2028-02-01", &FULL, &tables, &[]).unwrap();
    assert_eq!((all.len(), all[0].from_month), (2, day("2028-02-01")));
}

#[test]
fn without_a_table_or_a_row_nothing_is_guessed() {
    let late = [schedule("2027-10-01", 100)];
    let asked = |hours, tables: &[Schedule]| amounts("2027-08-01", &[("2027-08-01", hours)], tables, &[]);
    assert_eq!(asked(45, &late), Err(NoFee::NoSchedule(day("2027-08-01"))));
    assert_eq!(
        asked(50, &[schedule("2027-01-01", 100)]),
        Err(NoFee::NoRow(FeeCare::Nursery))
    );
}

#[test]
fn a_relief_cuts_the_months_in_which_it_holds_and_names_the_full_amount() {
    let tables = [schedule("2027-01-01", 100)];
    let relief = |from: &str, until: &str, percent| Relief {
        from_month: day(from),
        until_month: day(until),
        reason: ReliefReason::HousingBenefit,
        percent,
    };
    let reliefs = [
        relief("2027-10-01", "2027-12-01", 0),
        relief("2027-12-01", "2028-01-01", 33),
    ];
    let all = amounts("2027-08-01", &FULL, &tables, &reliefs).unwrap();
    let said: Vec<_> = all
        .iter()
        .take(4)
        .map(|p| (p.from_month.to_string(), p.cents, p.relief.map(|r| r.full_cents)))
        .collect();
    assert_eq!(
        said,
        [
            ("2027-08-01".to_owned(), 20752, None),
            ("2027-10-01".to_owned(), 0, Some(20752)),
            ("2027-12-01".to_owned(), 6848, Some(20752)),
            ("2028-01-01".to_owned(), 20752, None),
        ]
    );
}
