//! Planning by sums that a person can add up.

use std::sync::LazyLock;

use super::model::*;
use crate::facilities::{AgeBand, Forecast, ForecastBand, ForecastMonth, SchoolEntries, months_after};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

static ENTRIES: LazyLock<SchoolEntries> = LazyLock::new(SchoolEntries::default);

fn asked(births_percent: i32) -> Asked<'static> {
    Asked {
        base: day("2027-02-01"),
        entries: &ENTRIES,
        births_percent,
    }
}

fn plan(rows: &[(&str, i32, i32)]) -> NeedsPlan {
    NeedsPlan {
        as_of: day("2026-12-31"),
        target_under3: 45,
        target_over3: 98,
        target_school_age: 60,
        population: rows
            .iter()
            .map(|(area, birth_year, children)| Population {
                area: (*area).to_owned(),
                birth_year: *birth_year,
                children: *children,
            })
            .collect(),
    }
}

fn month(areas: &[AreaPlan], area: &str, band: AgeBand, n: usize) -> PlanMonth {
    let area = areas.iter().find(|a| a.area == area).unwrap();
    area.bands.iter().find(|b| b.age_band == band).unwrap().months[n]
}

#[test]
fn children_grow_from_one_band_into_the_next() {
    // 120 children a year, ten a month. In February 2027 those of March 2024 to February 2027 are below three: who turned three in
    // January or before counts above from the month after. That is 36 months less the two of 2024 and less eleven of 2027, and one more.
    let plan = plan(&[
        ("Süd", 2020, 120),
        ("Süd", 2021, 120),
        ("Süd", 2022, 120),
        ("Süd", 2023, 120),
        ("Süd", 2024, 120),
        ("Süd", 2025, 120),
        ("Süd", 2026, 120),
    ]);
    let all = areas(&asked(100), Some(&plan), &[], &[], &Positions::new());
    let under3 = month(&all, "Süd", AgeBand::Under3, 0);
    // Born from February 2024 (third birthday in the middle of this month) to February 2027: 37 months.
    assert_eq!((under3.children, under3.needed), (Some(370), Some(167)));
    // From August 2020 (six in August 2026, after 30 June, so school begins in 2027) to January 2024: those born from July 2020 on.
    let over3 = month(&all, "Süd", AgeBand::Over3, 0);
    assert_eq!(over3.children, Some(430));
    assert_eq!(over3.needed, Some(421));
}

#[test]
fn births_to_come_follow_the_last_year_and_the_scenario() {
    let plan = plan(&[("Süd", 2026, 120)]);
    let in_a_year = |percent| {
        let all = areas(&asked(percent), Some(&plan), &[], &[], &Positions::new());
        month(&all, "Süd", AgeBand::Under3, 11).children
    };
    // In January 2028: twelve months of 2026, thirteen of 2027 and January 2028.
    assert_eq!(in_a_year(100), Some(250));
    assert_eq!(in_a_year(50), Some(120 + 65));
    assert_eq!(in_a_year(0), Some(120));
}

#[test]
fn without_a_register_nothing_is_guessed() {
    let waiting = [Waiting {
        area: "Nord".into(),
        birth: day("2026-03-14"),
        decided_entry: None,
        from_month: day("2027-08-01"),
        count: 3,
    }];
    let all = areas(
        &asked(100),
        Some(&plan(&[("Süd", 2026, 120)])),
        &[],
        &waiting,
        &Positions::new(),
    );
    let names: Vec<_> = all.iter().map(|a| a.area.as_str()).collect();
    assert_eq!(names, ["Nord", "Süd"]);
    let (july, august) = (
        month(&all, "Nord", AgeBand::Under3, 5),
        month(&all, "Nord", AgeBand::Under3, 6),
    );
    assert_eq!(
        (july.waiting, august.waiting, august.children, august.needed),
        (0, 3, None, None)
    );
    // In April 2029 they are three; the month is beyond the view, so the last one still has them below.
    assert_eq!(month(&all, "Nord", AgeBand::Over3, 23).waiting, 0);
}

#[test]
fn places_are_those_of_the_forecast() {
    let months = (0..24)
        .map(|n| ForecastMonth {
            month: months_after(day("2027-02-01"), n),
            licensed: 60,
            operable: 50,
            occupied: 40,
            held: 3,
            reserved: 2,
            bookable: 5,
            missing: 0,
        })
        .collect();
    let forecast = Forecast {
        facilities: 2,
        unknown: 0,
        bands: vec![ForecastBand {
            age_band: AgeBand::Over3,
            months,
        }],
    };
    let positions = Positions::from([("Süd".to_owned(), (51.3, 12.3))]);
    let all = areas(&asked(100), None, &[("Süd".to_owned(), forecast)], &[], &positions);
    let found = month(&all, "Süd", AgeBand::Over3, 23);
    assert_eq!((found.places, found.taken, found.free), (50, 43, 5));
    assert_eq!((all[0].facilities, all[0].latitude), (2, Some(51.3)));
    assert_eq!(month(&all, "Süd", AgeBand::Under3, 0).places, 0);
}

#[test]
fn a_year_twice_or_a_day_to_come_is_refused() {
    let mut plan = plan(&[("Süd", 2026, 120), (" Süd ", 2026, 5), ("Süd", 1990, -1)]);
    plan.as_of = day("2027-03-01");
    plan.target_over3 = 101;
    let faults = plan.checked(day("2027-02-01")).unwrap_err().0;
    let places: Vec<_> = faults.iter().map(|f| (f.pointer.as_str(), f.code.as_str())).collect();
    assert_eq!(
        places,
        [
            ("/as_of", "in_future"),
            ("/target_over3", "out_of_range"),
            ("/population/1/birth_year", "twice"),
            ("/population/2/birth_year", "out_of_range"),
            ("/population/2/children", "out_of_range"),
        ]
    );
}
