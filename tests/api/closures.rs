//! A facility that is closed for some weeks: its places stay in every figure, and nobody begins while it is closed.

use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::facilities::{day, hold};
use crate::support::offers::new_offer;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp};

/// Closed from 26 July to 15 August 2027.
async fn summer(who: &Client, facility: FacilityId) {
    let basis = json!({"permits": [], "groups": [], "staff": [], "contingents": [],
        "closures": [{"reason": "Sommer", "valid_from": "2027-07-26", "valid_to": "2027-08-15"}]});
    let path = format!("/staff/facilities/{facility}/basis");
    who.edit(Method::PUT, &path, 0, basis).await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn three_weeks_of_summer_leave_every_figure_of_the_month_as_it_is() {
    let app = TestApp::new().await;
    let id = kita(&app, "Kita am Park", 3).await;
    let manager = app.manager(id).await;
    hold(&app, id, "2023-05-01", "2027-02-01", "2029-08-01").await.unwrap();
    summer(&manager, id).await;
    let body = manager.get(&format!("/staff/facilities/{id}/capacity")).await.ok();
    let over3 = body["bands"].as_array().unwrap();
    let over3 = over3.iter().find(|b| b["age_band"] == "over3").unwrap();
    let forecast = manager.get(&format!("/staff/forecast?facility_id={id}")).await.ok();
    let ahead = forecast["bands"].as_array().unwrap();
    let ahead = ahead.iter().find(|b| b["age_band"] == "over3").unwrap();
    for n in 4..8 {
        let seen = |month: &Value| json!([month["operable"], month["bookable"]]);
        assert_eq!(seen(&over3["months"][n]), json!([3, 2]), "month {n}");
        assert_eq!(seen(&ahead["months"][n]), json!([3, 2]), "month {n}");
        assert_eq!(ahead["months"][n]["missing"], 0);
    }
    assert_eq!(app.bookable(id, "over3", "2027-08-01").await, 2);
    let search = "/facilities?birth_date=2023-05-01&start=2027-08-01";
    let found = app.anonymous().get(search).await.ok()["items"][0]["availability"]["state"].clone();
    assert_eq!(found, "covered");
    // A contract that goes through the summer.
    hold(&app, id, "2023-06-01", "2027-03-01", "2029-08-01").await.unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_offers_a_place_for_a_closed_day_is_told_so() {
    let app = TestApp::new().await;
    let id = kita(&app, "Kita am Park", 3).await;
    let manager = app.manager(id).await;
    summer(&manager, id).await;
    let child = waiting(&app, &Family::default(), &[id]).await;
    let mut offer = new_offer(child.preferences[0]);
    for closed in ["2027-07-26", "2027-08-01", "2027-08-15"] {
        offer["care_from"] = json!(closed);
        let faults = manager.create("/staff/offers", offer.clone()).await.faults();
        assert_eq!(faults, [("/care_from".to_owned(), "closed".to_owned())], "{closed}");
    }
    assert_eq!(app.bookable(id, "under3", "2027-08-01").await, 3, "nothing is held");
    offer["care_from"] = json!("2027-08-16");
    manager.create("/staff/offers", offer).await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_round_gives_the_places_of_a_closed_summer_and_care_begins_when_it_is_over() {
    let app = TestApp::new().await;
    let id = kita(&app, "Kita am Park", 1).await;
    summer(&app.manager(id).await, id).await;
    let child = waiting(&app, &Family::default(), &[id]).await;
    let round = Round::proposed(&app).await;
    let case = round.case(child.demand).await;
    assert_eq!(case["case"]["facility_id"], json!(id), "{case}");
    round.release().await;
    app.run_jobs().await;
    let sql = "SELECT care_from::text FROM place_offer WHERE tenant_id = $1 AND demand_id = $2";
    assert_eq!(app.value(sql, child.demand.0).await.as_deref(), Some("2027-08-16"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_start_of_a_contract_is_not_moved_to_a_closed_day() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    summer(&placed.manager, placed.facility).await;
    let terms = |from: &str| json!({"care_from": from, "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00", "settling_in_weeks": 4});
    let refused = placed.staff("terms", terms("2027-08-10")).await.faults();
    assert_eq!(refused, [("/care_from".to_owned(), "closed".to_owned())]);
    placed.staff("terms", terms("2027-08-16")).await.ok();
    let seen = placed.seen(&placed.manager).await;
    assert_eq!(day(seen["care_from"].as_str().unwrap()), day("2027-08-16"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_follow_up_list_names_the_day_that_an_offer_would() {
    let app = TestApp::new().await;
    let id = kita(&app, "Kita am Park", 1).await;
    let manager = app.manager(id).await;
    summer(&manager, id).await;
    // The place is taken until the summer.
    hold(&app, id, "2025-05-01", "2027-02-01", "2027-08-01").await.unwrap();
    let child = waiting(&app, &Family::default(), &[id]).await;
    let hurry = waiting(&app, &Family::default(), &[id]).await;
    let latest = "UPDATE care_demand SET latest_start = '2027-08-10' WHERE tenant_id = $1 AND id = $2";
    app.change(latest, hurry.demand.0).await;
    let list = manager
        .get(&format!("/staff/facilities/{id}/followups?age_band=under3"))
        .await
        .ok();
    assert_eq!(list["free_from"], "2027-08-16");
    let row = |of: &Waiting| {
        let rows = list["items"].as_array().unwrap();
        let row = rows.iter().find(|row| row["preference_id"] == json!(of.preferences[0]));
        row.map(|row| (row["care_from"].clone(), row["passed_over"].clone()))
    };
    assert_eq!(row(&child), Some((json!("2027-08-16"), Value::Null)));
    assert_eq!(
        row(&hurry),
        Some((json!("2027-08-16"), json!("start"))),
        "it cannot begin that late"
    );
    let vacancies = manager.get("/staff/vacancies").await.ok();
    assert_eq!(vacancies["items"][0]["next"]["care_from"], "2027-08-16");
    let next = json!({"preference_id": child.preferences[0], "age_band": "under3"});
    manager.create("/staff/followups", next).await.ok();
    let sql = "SELECT care_from::text FROM place_offer WHERE tenant_id = $1 AND demand_id = $2";
    assert_eq!(app.value(sql, child.demand.0).await.as_deref(), Some("2027-08-16"));
}
