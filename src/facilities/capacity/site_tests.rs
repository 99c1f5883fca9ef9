//! What permit, staff, closures, contingents and licence make of entered figures.

use super::super::basis::{Closure, Contingent, Group, Permit, PermitPlaces, Staff};
use super::super::model::{HORIZON, Rung, ladder, rung};
use super::super::staffing::shipped;
use super::*;
use crate::facilities::model::CareType;
use crate::platform::week::WeekTimes;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn entered(band: AgeBand, places: i32, external: i32) -> (AgeBand, Figure) {
    let figure = Figure {
        from_month: day("2027-01-01"),
        licensed: places,
        operable: places,
        by_hand: false,
        limit: Limit::Permit,
        reserved: 0,
        occupied_external: external,
        confirmed_on: None,
        is_example: false,
    };
    (band, figure)
}

fn permit(from: &str, to: Option<&str>, places: i32) -> Permit {
    Permit {
        reference: None,
        valid_from: day(from),
        valid_to: to.map(day),
        places: vec![PermitPlaces {
            care_type: CareType::Kindergarten,
            age_band: AgeBand::Over3,
            places,
        }],
    }
}

fn staff(minutes: i32, from: &str, to: Option<&str>) -> Staff {
    Staff {
        weekly_minutes: minutes,
        valid_from: day(from),
        valid_to: to.map(day),
    }
}

fn saxony(basis: Basis) -> Site {
    Site {
        basis,
        keys: shipped("SN"),
        ..Site::default()
    }
}

/// From the first entered figure on.
fn steps(site: &Site, entered: &[(AgeBand, Figure)], band: AgeBand, taken: &[(AgeBand, Taken)]) -> Vec<Figure> {
    let months = (day("2027-01-01"), NaiveDate::MAX);
    std::mem::take(&mut site.figures(entered, taken, months)[band as usize])
}

fn at(site: &Site, entered: &[(AgeBand, Figure)], month: &str) -> Rung {
    let figures = steps(site, entered, AgeBand::Over3, &[]);
    rung(&figures, &[], day(month)).unwrap()
}

#[test]
fn a_permit_for_153_with_staff_for_120_and_120_children_has_no_free_place_in_any_month() {
    let site = saxony(Basis {
        permits: vec![permit("2027-01-01", None, 153)],
        staff: vec![staff(24_000, "2027-01-01", None)],
        ..Basis::default()
    });
    let figures = steps(&site, &[entered(AgeBand::Over3, 153, 120)], AgeBand::Over3, &[]);
    for rung in ladder(&figures, &[], day("2027-01-01"), HORIZON).into_iter().flatten() {
        assert_eq!((rung.licensed, rung.operable, rung.bookable), (153, 120, 0));
        assert_eq!(rung.limited_by, Limit::Staff);
    }
}

#[test]
fn a_month_counts_by_its_worst_day() {
    let site = saxony(Basis {
        permits: vec![
            permit("2027-01-01", Some("2027-06-15"), 100),
            permit("2027-06-16", None, 60),
        ],
        staff: vec![
            staff(24_000, "2027-01-01", Some("2027-09-10")),
            staff(12_000, "2027-09-20", None),
        ],
        ..Basis::default()
    });
    let entered = [entered(AgeBand::Over3, 100, 0)];
    let licensed: Vec<_> = ["2027-05-01", "2027-06-01", "2027-07-01"]
        .map(|m| at(&site, &entered, m).licensed)
        .into();
    assert_eq!(licensed, [100, 60, 60]);
    // Nobody works from 11 to 19 September.
    let operable: Vec<_> = ["2027-08-01", "2027-09-01", "2027-10-01"]
        .map(|m| at(&site, &entered, m).operable)
        .into();
    assert_eq!(operable, [60, 0, 60]);
}

#[test]
fn a_permit_that_ran_out_permits_nothing_and_before_the_first_the_figure_counts() {
    let site = saxony(Basis {
        permits: vec![permit("2027-03-01", Some("2027-12-31"), 40)],
        ..Basis::default()
    });
    let entered = [entered(AgeBand::Over3, 50, 10)];
    assert_eq!(at(&site, &entered, "2027-02-01").operable, 50);
    assert_eq!(at(&site, &entered, "2027-03-01").operable, 40);
    let after = at(&site, &entered, "2028-01-01");
    assert_eq!((after.operable, after.bookable), (0, -10));
}

#[test]
fn a_closed_group_takes_its_places_and_a_closed_facility_all_but_a_break_none() {
    let closure = |from, to| Closure {
        reason: "Wasserschaden".into(),
        valid_from: day(from),
        valid_to: Some(day(to)),
    };
    let group = Group {
        id: None,
        name: "Igel".into(),
        age_from_months: 36,
        age_to_months: 84,
        under3: 0,
        over3: 18,
        school_age: 0,
        opens_at: None,
        closes_at: None,
        valid_from: day("2027-01-01"),
        valid_to: None,
        staff: Vec::new(),
        closures: vec![closure("2027-03-10", "2027-04-21")],
    };
    let site = saxony(Basis {
        groups: vec![group],
        closures: vec![closure("2027-07-01", "2027-08-31"), closure("2027-12-20", "2028-01-03")],
        ..Basis::default()
    });
    let entered = [entered(AgeBand::Over3, 50, 0)];
    let operable: Vec<_> = [
        "2027-02-01",
        "2027-03-01",
        "2027-04-01",
        "2027-05-01",
        "2027-08-01",
        "2027-09-01",
        "2027-12-01",
        "2028-01-01",
    ]
    .map(|m| at(&site, &entered, m).operable)
    .into();
    assert_eq!(operable, [50, 32, 32, 50, 0, 50, 50, 50]);
    assert_eq!(at(&site, &entered, "2027-03-01").limited_by, Limit::Closure);
}

#[test]
fn what_is_set_by_hand_goes_before_the_staff_and_never_above_the_permit() {
    let site = saxony(Basis {
        permits: vec![permit("2027-01-01", None, 40)],
        staff: vec![staff(2_400, "2027-01-01", None)],
        ..Basis::default()
    });
    let (band, mut figure) = entered(AgeBand::Over3, 60, 0);
    assert_eq!(at(&site, &[(band, figure.clone())], "2027-02-01").operable, 12);
    (figure.by_hand, figure.operable) = (true, 30);
    let by_hand = at(&site, &[(band, figure.clone())], "2027-02-01");
    assert_eq!((by_hand.operable, by_hand.limited_by), (30, Limit::ByHand));
    figure.operable = 60;
    assert_eq!(at(&site, &[(band, figure)], "2027-02-01").operable, 40);
}

#[test]
fn contingents_add_up_in_every_month_that_they_touch() {
    let contingent = |places, from, to| Contingent {
        age_band: AgeBand::Over3,
        places,
        purpose: "Notplätze".into(),
        valid_from: day(from),
        valid_to: day(to),
    };
    let site = saxony(Basis {
        contingents: vec![
            contingent(2, "2027-02-15", "2027-04-01"),
            contingent(3, "2027-04-01", "2027-04-30"),
            // Two that follow one another are never kept at once.
            contingent(4, "2027-06-01", "2027-06-14"),
            contingent(3, "2027-06-15", "2027-06-30"),
        ],
        ..Basis::default()
    });
    let entered = [entered(AgeBand::Over3, 50, 0)];
    let reserved: Vec<_> = [1, 2, 3, 4, 5, 6, 7]
        .map(|m| at(&site, &entered, &format!("2027-{m:02}-01")).reserved)
        .into();
    assert_eq!(reserved, [0, 2, 2, 5, 0, 4, 0]);
}

#[test]
fn a_childminder_has_five_children_at_most_over_all_bands_and_none_beyond_the_licence() {
    let licence = Licence {
        valid_from: day("2027-01-01"),
        valid_to: day("2028-06-15"),
        places: 5,
        contracts_total: None,
    };
    let site = Site {
        childminder: true,
        licences: vec![licence],
        ..Site::default()
    };
    let figures = [entered(AgeBand::Under3, 5, 1), entered(AgeBand::Over3, 5, 0)];
    let stay = Taken {
        held: false,
        from_month: day("2027-08-01"),
        until_month: day("2027-10-01"),
        week: None,
    };
    let taken = [(AgeBand::Under3, stay), (AgeBand::Under3, stay)];
    let free = |band: AgeBand, month: &str| {
        let own: Vec<_> = taken.iter().filter(|(b, _)| *b == band).map(|(_, t)| *t).collect();
        let steps = steps(&site, &figures, band, &taken);
        rung(&steps, &own, day(month)).unwrap().bookable
    };
    assert_eq!(
        (free(AgeBand::Under3, "2027-07-01"), free(AgeBand::Over3, "2027-07-01")),
        (4, 4)
    );
    assert_eq!(
        (free(AgeBand::Under3, "2027-08-01"), free(AgeBand::Over3, "2027-08-01")),
        (2, 2)
    );
    assert_eq!(free(AgeBand::Over3, "2027-10-01"), 4);
    assert_eq!(free(AgeBand::Over3, "2028-05-01"), 4);
    assert_eq!(free(AgeBand::Over3, "2028-06-01"), 0);
    let without = Site {
        licences: Vec::new(),
        ..site.clone()
    };
    let steps = steps(&without, &[entered(AgeBand::Over3, 9, 0)], AgeBand::Over3, &[]);
    assert_eq!(rung(&steps, &[], day("2030-01-01")).unwrap().bookable, 5);
}

#[test]
fn children_who_share_a_place_are_a_contract_each() {
    let window = |from: &str, to: &str| Some(WeekTimes::every_day((from.parse().unwrap(), to.parse().unwrap())));
    let stay = |week, held| Taken {
        held,
        from_month: day("2027-08-01"),
        until_month: day("2027-10-01"),
        week,
    };
    let (morning, afternoon) = (window("07:00:00", "12:00:00"), window("12:00:00", "17:00:00"));
    // Two in the morning and two in the afternoon, one of them held: two places, four contracts; and one whose contract is not kept here.
    let taken = [
        (AgeBand::Under3, stay(morning, false)),
        (AgeBand::Under3, stay(afternoon, false)),
        (AgeBand::Under3, stay(afternoon, true)),
        (AgeBand::Over3, stay(morning, false)),
    ];
    let figures = [entered(AgeBand::Under3, 5, 1), entered(AgeBand::Over3, 5, 0)];
    let site = |contracts_total| Site {
        childminder: true,
        licences: vec![Licence {
            valid_from: day("2027-01-01"),
            valid_to: day("2028-06-15"),
            places: 5,
            contracts_total,
        }],
        ..Site::default()
    };
    let free = |total: Option<i32>, band: AgeBand, month: &str| {
        let site = site(total);
        let own: Vec<_> = taken.iter().filter(|(b, _)| *b == band).map(|(_, t)| *t).collect();
        let rung = rung(&steps(&site, &figures, band, &taken), &site.places(own), day(month)).unwrap();
        (rung.bookable, rung.limited_by)
    };
    let both = |total, month| [AgeBand::Under3, AgeBand::Over3].map(|band| free(total, band, month));
    let [under3, over3] = both(None, "2027-08-01");
    assert_eq!((under3, over3), ((2, Limit::Permit), (2, Limit::Licence)));
    for (total, left) in [(8, 2), (7, 2), (6, 1), (5, 0), (4, -1)] {
        let shown = both(Some(total), "2027-08-01").map(|(bookable, _)| bookable);
        assert_eq!(shown, [left, left], "of {total}");
        let asked = site(Some(total)).contracts_left(&figures, &taken, day("2027-08-01"));
        assert_eq!(asked, Some(total - 5));
    }
    assert_eq!(free(Some(6), AgeBand::Over3, "2027-08-01").1, Limit::Contracts);
    assert_eq!(
        both(Some(6), "2027-10-01").map(|(n, _)| n),
        [4, 4],
        "nobody is there, one elsewhere"
    );
    assert_eq!(
        free(Some(8), AgeBand::Over3, "2028-06-01").0,
        0,
        "the licence ends within the month"
    );
    let none = Site {
        licences: Vec::new(),
        ..site(Some(6))
    };
    assert_eq!(none.contracts_left(&figures, &taken, day("2027-08-01")), None);
}

#[test]
fn one_licence_follows_another_also_in_the_middle_of_a_month() {
    let licence = |from: &str, to: &str, places, contracts_total| Licence {
        valid_from: day(from),
        valid_to: day(to),
        places,
        contracts_total,
    };
    let site = Site {
        childminder: true,
        licences: vec![
            licence("2026-01-01", "2027-05-14", 5, Some(8)),
            licence("2027-05-15", "2027-12-31", 3, None),
            licence("2028-03-01", "2032-12-31", 4, Some(4)),
        ],
        ..Site::default()
    };
    let entered = [entered(AgeBand::Over3, 5, 0)];
    let free = |month: &str| at(&site, &entered, month).bookable;
    assert_eq!(
        free("2027-02-01"),
        5,
        "the licence of today holds, though the next ones are entered"
    );
    assert_eq!(
        free("2027-05-01"),
        3,
        "a month with two licences has the places of the smaller"
    );
    assert_eq!(free("2027-06-01"), 3);
    assert_eq!(free("2028-01-01"), 0, "between two licences there is none");
    assert_eq!(free("2028-03-01"), 4);
    let left = |month: &str| site.contracts_left(&entered, &[], day(month));
    assert_eq!(
        ["2027-04-01", "2027-05-01", "2027-06-01", "2028-03-01"].map(left),
        [Some(8), Some(8), None, Some(4)]
    );
}
