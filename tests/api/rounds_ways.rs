//! Wishes are contracts: who could start later or do with fewer hours has a place by it, and never one that it would not take.

use kitaplatz::access::as_system;
use kitaplatz::facilities::{self, AgeBand, NewFigure};
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::facilities::day;
use crate::support::homes::Home;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, waiting};

/// A family that wishes 40 hours from August on, and what it says besides.
async fn home(app: &TestApp, name: &str, points: i32, says: Value, facilities: &[FacilityId]) -> Home {
    let parent = app.parent(&format!("{name}@example.org")).await;
    let family = Family {
        points,
        // Three only after the Kita year.
        birth: day("2026-09-14"),
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(app, &family, facilities).await;
    let path = format!("/demands/{}", made.demand);
    let version = parent.get(&path).await.ok()["version"].as_i64().unwrap();
    let changed = parent.edit(Method::PATCH, &path, version, says.clone()).await.ok();
    for (key, value) in says.as_object().unwrap() {
        assert_eq!(&changed[key], value);
    }
    Home { parent, made }
}

/// A facility with a place in a group of the whole day, and one in a group that closes at one.
async fn long_and_short(app: &TestApp, name: &str) -> FacilityId {
    let facility = kita(app, name, 2).await;
    let group = |name: &str, closes: &str| {
        json!({"id": null, "name": name, "age_from_months": 2, "age_to_months": 84, "under3": 1, "over3": 9, "school_age": 0,
               "opens_at": "08:00:00", "closes_at": closes, "valid_from": "2027-01-01"})
    };
    let basis = json!({"permits": [], "groups": [group("Igel", "17:00:00"), group("Maus", "13:00:00")], "staff": [], "closures": [],
                       "contingents": [], "substitute_id": null});
    let manager = app.manager(facility).await;
    manager
        .edit(Method::PUT, &format!("/staff/facilities/{facility}/basis"), 0, basis)
        .await
        .ok();
    facility
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn fewer_hours_are_offered_to_who_said_that_they_are_enough() {
    let app = TestApp::new().await;
    let sun = long_and_short(&app, "Kita Sonne").await;
    let ada = home(&app, "ada", 9, json!({"least_hours": 35}), &[sun]).await;
    let ben = home(&app, "ben", 7, json!({"least_hours": 30}), &[sun]).await;
    let cem = home(&app, "cem", 5, json!({"least_hours": 20}), &[sun]).await;
    let round = Round::released_to_fill(&app).await;
    assert_eq!(ada.offer().await["hours_per_week"], 40);
    assert!(
        ben.offer().await.is_null(),
        "the place of the whole day went to more points"
    );
    assert_eq!(cem.offer().await["hours_per_week"], 25, "what the other group has");
    assert_eq!(
        cem.explanation().await["wishes"][0]["way"],
        json!({"care_from": "2027-08-01", "hours_per_week": 25})
    );
    assert_eq!(ada.explanation().await["wishes"][0]["way"], Value::Null, "as wished");
    let case = round.case(cem.made.demand).await;
    assert_eq!(case["case"]["hours_per_week"], 25);
    let outcome = app
        .manager(sun)
        .await
        .get(&format!("/staff/rounds/{}/outcome", round.id))
        .await
        .ok();
    let small = outcome["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["age_band"] == "under3");
    assert_eq!(
        small.unwrap()["hours"],
        json!([{"hours": 45, "places": 1}, {"hours": 25, "places": 2}])
    );
    // The place of the whole day comes back: it goes to the family that needs it, not to the one that has a place.
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(ben.offer().await["hours_per_week"], 40);
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_can_wait_is_offered_the_place_from_november_and_times_may_go_before_the_facility() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    more_in_november(&app, sun, 3).await;
    let waits = json!({"latest_start": "2027-12-01"});
    let ada = home(&app, "ada", 9, json!({"latest_start": null}), &[sun]).await;
    let ben = home(&app, "ben", 7, waits.clone(), &[sun, moon]).await;
    let times = json!({"latest_start": "2027-12-01", "times_first": true});
    let cem = home(&app, "cem", 5, times, &[sun, moon]).await;
    let dia = home(&app, "dia", 3, json!({"latest_start": "2027-10-15"}), &[sun]).await;
    let round = Round::released_to_fill(&app).await;
    let place = |offer: Value| json!([offer["facility_id"], offer["care_from"]]);
    assert_eq!(place(ada.offer().await), json!([sun, "2027-08-01"]));
    assert_eq!(
        place(ben.offer().await),
        json!([sun, "2027-11-01"]),
        "rather the facility"
    );
    assert_eq!(
        place(cem.offer().await),
        json!([moon, "2027-08-01"]),
        "rather the start"
    );
    assert!(dia.offer().await.is_null(), "November is too late");
    assert_eq!(dia.explanation().await["wishes"][0]["reason"], "full");
    assert_eq!(
        ben.explanation().await["wishes"][0]["way"],
        json!({"care_from": "2027-11-01", "hours_per_week": null})
    );
    let case = round.case(ben.made.demand).await;
    assert_eq!(case["case"]["care_from"], "2027-11-01");
    // August comes back: whoever has November keeps it, for the times at a facility are agreed with it.
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(place(dia.offer().await), json!([sun, "2027-08-01"]));
    assert_eq!(place(ben.offer().await), json!([sun, "2027-11-01"]));
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_orders_the_ways_to_its_wishes_itself_until_the_wishes_change() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        long_and_short(&app, "Kita Sonne").await,
        long_and_short(&app, "Kita Mond").await,
    );
    for (name, at) in [("ada", sun), ("bea", moon)] {
        home(&app, name, 9, json!({"least_hours": 35}), &[at]).await;
    }
    let says = |ways: Value| json!({"least_hours": 20, "ways": ways});
    let cem = home(&app, "cem", 5, says(json!([sun, moon, moon, sun])), &[sun, moon]).await;
    let dia = home(&app, "dia", 4, says(json!([sun, sun, moon, moon])), &[sun, moon]).await;
    let path = format!("/demands/{}", dia.made.demand);
    let change = async |body: Value| {
        let version = dia.parent.get(&path).await.ok()["version"].as_i64().unwrap();
        dia.parent.edit(Method::PATCH, &path, version, body).await
    };
    for (ways, fault) in [
        (json!([]), ("/ways", "incomplete")),
        (json!([sun, moon, sun]), ("/ways", "incomplete")),
        (json!([moon, sun, sun, moon]), ("/ways", "wrong_order")),
        (json!([sun, sun, sun, moon]), ("/ways/2", "duplicate")),
        (json!([sun, sun, cem.made.child, moon]), ("/ways/2", "unknown")),
    ] {
        let faults = change(json!({"ways": ways})).await.faults();
        assert_eq!(faults, [(fault.0.to_owned(), fault.1.to_owned())]);
    }
    assert_eq!(
        change(json!({"times_first": false})).await.ok()["ways"],
        Value::Null,
        "the rule counts again"
    );
    change(json!({"ways": [sun, sun, moon, moon]})).await.ok();
    let version = dia.parent.get(&path).await.ok()["version"].as_i64().unwrap();
    let wishes = json!({"facility_ids": [moon, sun]});
    let put = dia
        .parent
        .edit(Method::PUT, &format!("{path}/preferences"), version, wishes)
        .await;
    assert_eq!(put.ok()["ways"], Value::Null, "it was about another order");
    let round = Round::released_to_fill(&app).await;
    let place = |offer: Value| json!([offer["facility_id"], offer["hours_per_week"]]);
    assert_eq!(
        place(cem.offer().await),
        json!([moon, 25]),
        "rather fewer hours there than here"
    );
    assert_eq!(place(dia.offer().await), json!([sun, 25]), "what was left");
    let records = String::from_utf8(round.clerk.get(&round.path("/decisions")).await.bytes).unwrap();
    assert!(
        records.contains(&format!("\"ways\":[\"{sun}\",\"{moon}\",\"{moon}\",\"{sun}\"]")),
        "the record has it"
    );
}

/// A facility has so many places for small children from November on.
async fn more_in_november(app: &TestApp, facility: FacilityId, small: i32) {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        for (band, places) in [(AgeBand::Under3, small), (AgeBand::Over3, 9)] {
            let seen = facilities::capacity_version(tx, facility).await?;
            let figure = NewFigure::of(day("2027-11-01"), places);
            facilities::put_figure(tx, facility, band, &figure, seen).await?;
        }
        Ok::<_, facilities::CapacityError>(())
    })
    .await
    .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_rather_begins_in_time_is_asked_about_the_second_facility_when_a_place_comes_back_there() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    more_in_november(&app, sun, 3).await;
    home(&app, "ada", 9, json!({"latest_start": null}), &[sun]).await;
    let bea = home(&app, "bea", 8, json!({"latest_start": null}), &[moon]).await;
    let times = json!({"latest_start": "2027-12-01", "times_first": true});
    let cem = home(&app, "cem", 5, times, &[sun, moon]).await;
    let eve = home(&app, "eve", 3, json!({"latest_start": null}), &[moon]).await;
    let round = Round::released(&app).await;
    app.run_jobs().await;
    let offered = async || {
        let list = cem.parent.get("/offers").await.ok();
        let all = list["items"].as_array().unwrap().iter();
        let mut all: Vec<Value> = all.map(|o| json!([o["facility_id"], o["care_from"]])).collect();
        all.sort_by_key(Value::to_string);
        json!(all)
    };
    let held = json!([sun, "2027-11-01"]);
    assert_eq!(offered().await, json!([held]), "the second facility was full, too");
    assert_eq!(cem.explanation().await["may_improve"], true);
    bea.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    let mut both = vec![held, json!([moon, "2027-08-01"])];
    both.sort_by_key(Value::to_string);
    assert_eq!(offered().await, json!(both), "August elsewhere before November here");
    assert!(eve.offer().await.is_null(), "with fewer points");
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_cutoff_of_few_is_not_told_because_many_begin_later() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    more_in_november(&app, sun, 7).await;
    home(&app, "ada", 9, json!({"latest_start": null}), &[sun]).await;
    for name in ["bea", "cem", "dia", "eve", "fee", "gil"] {
        home(&app, name, 4, json!({"latest_start": "2027-12-01"}), &[sun]).await;
    }
    let times = json!({"latest_start": "2027-12-01", "times_first": true});
    let mia = home(&app, "mia", 5, times, &[sun, moon]).await;
    Round::released_to_fill(&app).await;
    assert_eq!(mia.offer().await["facility_id"], json!(moon));
    let why = mia.explanation().await["wishes"][0].clone();
    assert_eq!(
        (&why["reason"], &why["cutoff"]),
        (&json!("full"), &Value::Null),
        "one child alone began in August"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn more_hours_than_wished_cannot_be_the_fewest() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    for least in [0, 41] {
        let refused = demand.change(json!({"hours_per_week": 40, "least_hours": least})).await;
        assert_eq!(
            refused.faults(),
            [("/least_hours".to_owned(), "out_of_range".to_owned())]
        );
    }
    demand
        .change(json!({"hours_per_week": 40, "least_hours": 40}))
        .await
        .ok();
    let refused = demand.change(json!({"hours_per_week": 35})).await;
    assert_eq!(
        refused.faults(),
        [("/least_hours".to_owned(), "out_of_range".to_owned())]
    );
    let changed = demand
        .change(json!({"hours_per_week": 35, "least_hours": null}))
        .await
        .ok();
    assert_eq!(
        (&changed["least_hours"], &changed["times_first"]),
        (&Value::Null, &json!(false))
    );
}
