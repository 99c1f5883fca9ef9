//! What the product says of a facility is what the slow model finds.

use chrono::NaiveDate;
use kitaplatz::access::as_system;
use kitaplatz::platform::ids::FacilityId;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::generator::town;
use super::keys::KEYS;
use super::{BANDS, Change, Child, Entered, Kept, Town, month};
use crate::support::facilities::facility;
use crate::support::{Client, TestApp};

const MONTHS: usize = 24;
/// Facilities that one run of the test makes up.
const CASES: usize = 24;

/// What is bookable by month from today's on, as search, rounds and offers read it.
async fn pool(app: &TestApp, facility: FacilityId, band: &str) -> Vec<Option<i32>> {
    let band = band.to_owned();
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let sql = "SELECT bookable FROM place_pool WHERE tenant_id = $1 AND facility_id = $2 AND age_band = $3";
        let query = sqlx::query_scalar::<_, Vec<Option<i32>>>(sql);
        query
            .bind(tx.tenant_id().0)
            .bind(facility.0)
            .bind(band)
            .fetch_optional(tx.conn())
            .await
    })
    .await
    .unwrap()
    .unwrap_or_default()
}

const LADDER: [&str; 6] = ["licensed", "operable", "occupied", "held", "reserved", "bookable"];

/// The numbers of a month of a band; `None` where the band or the month is left out.
fn numbers(body: &Value, band: &str, at: NaiveDate, names: &[&str]) -> Option<Vec<i64>> {
    let bands = body["bands"].as_array().unwrap();
    let band = bands.iter().find(|b| b["age_band"] == band)?;
    let month = band["months"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["month"] == json!(at))?;
    Some(names.iter().map(|n| month[n].as_i64().unwrap()).collect())
}

/// Where the product says something else of a facility than the slow model.
async fn differs(app: &TestApp, clerk: &Client, town: &Town) -> Option<String> {
    let id = facility(app, "Kita am Tag").await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        town.enter(tx, id).await;
        Ok::<_, sqlx::Error>(())
    })
    .await
    .unwrap();
    let forecast = clerk.get(&format!("/staff/forecast?facility_id={id}")).await.ok();
    let ladder = clerk.get(&format!("/staff/facilities/{id}/capacity")).await.ok();
    for (n, name) in BANDS.iter().enumerate() {
        let pool = pool(app, id, name).await;
        for ahead in 0..MONTHS {
            let at = month(i32::try_from(ahead).unwrap());
            let slow = town.row(n, at);
            let row = slow.map(|row| row.map(i64::from).to_vec());
            let seen = numbers(&ladder, name, at, &LADDER);
            if seen != row {
                return Some(format!("{name} {at}: ladder {seen:?}, day by day {row:?}"));
            }
            let free = slow.map(|row| row[5]);
            let seen = pool.get(ahead).copied().flatten();
            if seen != free {
                return Some(format!("{name} {at}: pool {seen:?}, day by day {free:?}"));
            }
            let mut row = row.unwrap_or_else(|| vec![0; 6]);
            row.push((-row[5]).max(0));
            row[5] = row[5].max(0);
            let seen = numbers(&forecast, name, at, &[&LADDER[..], &["missing"]].concat());
            // A band without places and children is left out.
            let idle = seen.is_none() && row[0] == 0 && row[2] == 0 && row[3] == 0;
            if !idle && seen.as_ref() != Some(&row) {
                return Some(format!("{name} {at}: forecast {seen:?}, day by day {row:?}"));
            }
        }
    }
    None
}

async fn app_with_key() -> TestApp {
    let app = TestApp::new().await;
    let key = json!({"name": "Eigener Schlüssel", "valid_from": KEYS[1].from, "rule": {
        "hour_classes": KEYS[1].classes.iter().map(|(up_to, counts_as)| json!({"up_to": up_to, "counts_as": counts_as})).collect::<Value>(),
        "under3": {"staff_minutes": 20, "children": 1, "child_minutes": 100, "planned_minutes": 2550},
        "over3": {"staff_minutes": 7, "children": 1, "child_minutes": 100, "planned_minutes": 2550},
        "school_age": {"staff_minutes": 6, "children": 1, "child_minutes": 100, "planned_minutes": 1350},
        "absence_percent": 22, "head_percent": 20, "head_at_most_minutes": 700}});
    app.admin().await.create("/admin/staffing-keys", key).await.ok();
    app
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_forecast_of_any_facility_is_what_a_walk_through_every_day_finds() {
    let app = app_with_key().await;
    let clerk = app.clerk().await;
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..CASES {
        let mut tree = town().new_tree(&mut runner).unwrap();
        let Some(mut found) = differs(&app, &clerk, &tree.current()).await else {
            continue;
        };
        // The smallest that still differs.
        let mut smallest = tree.current();
        let mut moved = tree.simplify();
        for _ in 0..400 {
            if !moved {
                break;
            }
            moved = match differs(&app, &clerk, &tree.current()).await {
                Some(still) => {
                    (found, smallest) = (still, tree.current());
                    tree.simplify()
                }
                None => tree.complicate(),
            };
        }
        panic!("{found}\n{smallest:#?}");
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Places of one kind for children over three, from today's month on.
fn kindergarten(places: i32) -> Town {
    let entered = Entered {
        band: 1,
        month: 0,
        licensed: places,
        by_hand: None,
        external: 0,
    };
    Town {
        entered: vec![entered],
        ..Town::default()
    }
}

async fn assert_same(town: &Town) {
    let app = app_with_key().await;
    let clerk = app.clerk().await;
    assert_eq!(differs(&app, &clerk, town).await, None, "{town:#?}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn two_contingents_that_follow_one_another_within_a_month_are_never_kept_at_once() {
    let kept = |from: &str, to: &str, places| Kept {
        span: (day(from), day(to)),
        band: 1,
        places,
    };
    let town = Town {
        kept: vec![kept("2027-04-01", "2027-06-14", 3), kept("2027-06-15", "2027-12-31", 2)],
        ..kindergarten(10)
    };
    assert_eq!(town.row(1, day("2027-06-01")).unwrap()[4], 3);
    assert_same(&town).await;
}

/// Ten children of 45 hours need what the staff has; with 60 hours one of them needs a third more.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn hours_that_become_fewer_within_a_month_count_until_then() {
    let child = |changes| Child {
        birth: day("2023-05-01"),
        from: day("2027-02-01"),
        until: day("2029-08-01"),
        held: false,
        offered: 60,
        hours: 60,
        changes,
        leaves: None,
        deferred: 0,
    };
    let fewer = Change {
        from: day("2027-05-15"),
        hours: 40,
        agreed: true,
    };
    let town = Town {
        staff: vec![((day("2027-01-01"), None), 2000)],
        children: vec![child(vec![fewer])],
        ..kindergarten(10)
    };
    let run = |month: &str| town.row(1, day(month)).unwrap()[1];
    assert_eq!([run("2027-04-01"), run("2027-05-01"), run("2027-06-01")], [9, 9, 10]);
    assert_same(&town).await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_break_takes_no_places_and_a_longer_closure_those_of_all_months_that_it_touches() {
    let town = Town {
        closed: vec![
            (day("2027-07-26"), Some(day("2027-08-15"))),
            (day("2027-12-31"), Some(day("2028-01-31"))),
            (day("2028-02-01"), Some(day("2028-02-29"))),
        ],
        ..kindergarten(10)
    };
    let run = |month: &str| town.row(1, day(month)).unwrap()[1];
    let months = [
        "2027-08-01",
        "2027-11-01",
        "2027-12-01",
        "2028-01-01",
        "2028-02-01",
        "2028-03-01",
    ];
    assert_eq!(months.map(run), [10, 10, 0, 0, 0, 10]);
    assert_same(&town).await;
}
