//! The inbox of a manager: what waits, by deadline; who is late is reminded, and the public median says so.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::demands::outbox;
use crate::support::facilities::{day, facility, give_capacity, hold};
use crate::support::offers::new_offer;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};
use kitaplatz::facilities::AgeBand;

fn lines(page: &Value) -> Vec<(Value, Value, Value)> {
    let line = |item: &Value| {
        (
            item["kind"].clone(),
            item["child_label"].clone(),
            item["due_on"].clone(),
        )
    };
    page["items"].as_array().unwrap().iter().map(line).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_waits_stands_in_one_list_by_deadline_and_only_of_the_own_facility() {
    let app = TestApp::new().await;
    let (kita, other) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    let family = |name, due| Family {
        first_name: Some(name),
        due,
        ..Family::default()
    };
    waiting(&app, &family("Ada", "2027-02-20"), &[kita]).await;
    waiting(&app, &family("Ben", "2027-02-05"), &[kita, other]).await;
    let parent = app.parent("cem@example.org").await;
    let cem = Family {
        account: parent.account,
        ..family("Cem", "2027-02-04")
    };
    let cem = waiting(&app, &cem, &[kita]).await;
    let manager = app.manager(kita).await;
    let offer = manager
        .create("/staff/offers", new_offer(cem.preferences[0]))
        .await
        .ok();
    let seen = manager.get("/staff/inbox").await.ok();
    let line = |kind: &str, child: &str, due: &str| (json!(kind), json!(child), json!(due));
    assert_eq!(
        lines(&seen),
        [
            line("answer", "Ben B.", "2027-02-05"),
            line("offer", "Cem B.", offer["deadline_on"].as_str().unwrap()),
            line("answer", "Ada B.", "2027-02-20"),
        ]
    );
    let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let version = offer["version"].as_i64().unwrap();
    parent.edit(Method::POST, &path, version, json!({})).await.ok();
    let contracts = manager.get("/staff/inbox?kind=contract").await.ok();
    assert_eq!(lines(&contracts), [line("contract", "Cem B.", "2027-08-01")]);
    let first = manager.get("/staff/inbox?limit=1").await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = manager.get(&format!("/staff/inbox?cursor={cursor}")).await.ok();
    assert_eq!((lines(&first).len(), lines(&rest).len()), (1, 2));
    let elsewhere = app.manager(other).await;
    assert_eq!(
        lines(&elsewhere.get("/staff/inbox").await.ok()),
        [line("answer", "Ben B.", "2027-02-05")]
    );
    let foreign = elsewhere.get(&format!("/staff/inbox?facility_id={kita}")).await.ok();
    assert_eq!(foreign["items"], json!([]));
    assert_eq!(
        app.clerk().await.get("/staff/inbox").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

/// The places end with the permit: who runs the facility and the office read it in time, until another one follows.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_permit_that_ends_soon_waits_until_another_one_follows() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let (manager, other) = (
        app.manager(kita).await,
        app.manager(facility(&app, "Kita Birke").await).await,
    );
    let permit = |from: &str, to: Value| {
        json!({"reference": null, "valid_from": from, "valid_to": to,
        "places": [{"care_type": "kindergarten", "age_band": "over3", "places": 40}]})
    };
    let path = format!("/staff/facilities/{kita}/basis");
    let basis =
        |permits: Value| json!({"permits": permits, "groups": [], "staff": [], "closures": [], "contingents": []});
    let now = permit("2027-01-01", json!("2027-04-30"));
    manager.edit(Method::PUT, &path, 0, basis(json!([now]))).await.ok();
    let seen = async |who: &Client| who.get("/staff/inbox?kind=permit").await.ok();
    assert_eq!(
        lines(&seen(&manager).await),
        [(json!("permit"), json!(null), json!("2027-04-30"))]
    );
    assert_eq!(seen(&manager).await["items"][0]["facility_name"], "Kita Ahorn");
    assert_eq!(lines(&seen(&app.clerk().await).await).len(), 1);
    assert_eq!(lines(&seen(&other).await).len(), 0);
    let next = permit("2027-05-01", json!(null));
    manager
        .edit(Method::PUT, &path, 1, basis(json!([now, next])))
        .await
        .ok();
    assert_eq!(lines(&seen(&manager).await).len(), 0);
    let far = permit("2027-01-01", json!("2027-05-03"));
    manager.edit(Method::PUT, &path, 2, basis(json!([far]))).await.ok();
    assert_eq!(lines(&seen(&manager).await).len(), 0, "in more than ninety days");
}

/// Hours that end and places that lack for it are told before, to the facility and to the office.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn staff_that_leaves_and_places_that_cannot_be_run_wait_until_somebody_sees_to_it() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let (manager, other) = (
        app.manager(kita).await,
        app.manager(facility(&app, "Kita Birke").await).await,
    );
    give_capacity(&app, kita, AgeBand::Over3, 20).await;
    hold(&app, kita, "2023-05-01", "2027-03-01", "2029-08-01")
        .await
        .unwrap();
    let hours =
        |minutes: i64, from: &str, to: Value| json!({"weekly_minutes": minutes, "valid_from": from, "valid_to": to});
    let path = format!("/staff/facilities/{kita}/basis");
    let put = async |version: i64, staff: Value, closures: Value| {
        let body = json!({"permits": [], "groups": [], "staff": staff, "closures": closures, "contingents": []});
        manager.edit(Method::PUT, &path, version, body).await.ok();
    };
    let seen = async |who: &Client, kind: &str| {
        let page = who.get(&format!("/staff/inbox?kind={kind}")).await.ok();
        let line = |item: &Value| {
            (
                item["due_on"].clone(),
                item["count"].clone(),
                item["child_label"].clone(),
            )
        };
        page["items"].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    let (ends, stays) = (json!("2027-04-30"), hours(90_000, "2027-01-01", json!(null)));
    let leave = [
        hours(1800, "2027-01-01", ends.clone()),
        hours(1200, "2027-01-15", ends.clone()),
    ];
    let far = hours(1200, "2027-01-01", json!("2027-05-03"));
    put(0, json!([stays, leave[0], leave[1], far]), json!([])).await;
    let fifty = vec![(ends, json!(50), Value::Null)];
    assert_eq!(seen(&manager, "staff").await, fifty);
    assert_eq!(seen(&app.clerk().await, "staff").await, fifty);
    assert_eq!(seen(&other, "staff").await, []);
    let next = hours(3000, "2027-05-01", json!(null));
    put(1, json!([stays, leave[0], leave[1], next]), json!([])).await;
    assert_eq!(seen(&manager, "staff").await, []);
    assert_eq!(seen(&manager, "shortage").await, []);
    let fire = json!([{"reason": "Brand", "valid_from": "2027-03-01", "valid_to": "2027-05-31"}]);
    put(2, json!([stays]), fire).await;
    let short = [(json!("2027-03-01"), json!(1), Value::Null)];
    assert_eq!(seen(&manager, "shortage").await, short);
    assert_eq!(seen(&app.clerk().await, "shortage").await, short);
    assert_eq!(seen(&other, "shortage").await, []);
    let late = json!([{"reason": "Umbau", "valid_from": "2028-02-01", "valid_to": "2028-05-31"}]);
    put(3, json!([stays]), late).await;
    assert_eq!(seen(&manager, "shortage").await, [], "in more than twelve months");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_declined_or_gave_notice_stands_there_for_a_week() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.later(&app, "2028-01-15T09:00:00Z").await;
    placed
        .guardian(&placed.family.parent, "notice", json!({"reason": "Umzug"}))
        .await
        .ok();
    let parent = app.parent("cem@example.org").await;
    let cem = Family {
        first_name: Some("Cem"),
        account: parent.account,
        birth: day("2027-03-14"),
        start: day("2028-08-01"),
        ..Family::default()
    };
    let cem = waiting(&app, &cem, &[placed.facility]).await;
    let mut offer = new_offer(cem.preferences[0]);
    offer["care_from"] = json!("2028-08-01");
    let offer = placed.manager.create("/staff/offers", offer).await.ok();
    let path = format!("/offers/{}/decline", offer["id"].as_str().unwrap());
    let declined = parent.edit(Method::POST, &path, 1, json!({"reason": "too_far"})).await;
    declined.ok();
    let seen = async |placed: &Placed| {
        let mut all = lines(&placed.manager.get("/staff/inbox").await.ok());
        all.retain(|(kind, ..)| kind == "decline" || kind == "termination");
        all
    };
    assert_eq!(
        seen(&placed).await,
        [
            (json!("termination"), json!("Mia B."), json!("2028-04-30")),
            (json!("decline"), json!("Cem B."), json!(null)),
        ]
    );
    placed.later(&app, "2028-01-22T09:00:00Z").await;
    assert_eq!(seen(&placed).await.len(), 2, "on the seventh day");
    placed.later(&app, "2028-01-23T09:00:00Z").await;
    assert_eq!(seen(&placed).await, []);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_lets_families_wait_is_reminded_once_a_week() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    app.manager(kita).await;
    let family = Family {
        due: "2027-01-31",
        ..Family::default()
    };
    waiting(&app, &family, &[kita]).await;
    let in_time = Family {
        due: "2027-03-31",
        ..Family::default()
    };
    waiting(&app, &in_time, &[facility(&app, "Kita Birke").await]).await;
    let told = async || outbox(&app, "answers_overdue").await;
    app.run_periodic().await;
    app.run_periodic().await;
    let first = told().await;
    assert_eq!(
        (first.len(), &first[0]["facility"], &first[0]["waiting"]),
        (1, &json!("Kita Ahorn"), &json!(1))
    );
    assert_eq!(first[0]["oldest_days"], 22);
    app.at("2027-02-07T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(told().await.len(), 1, "not before a week");
    app.at("2027-02-08T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(told().await.len(), 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_median_reply_time_is_public_from_five_answers_on() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let manager = app.manager(kita).await;
    let median = async || {
        let path = format!("/facilities/{kita}");
        app.anonymous().get(&path).await.ok()["median_reply_days"].clone()
    };
    // Received on the 10th of January; the middle answer takes ten days and an hour.
    for (n, days) in [5, 6, 10, 20, 21].into_iter().enumerate() {
        assert_eq!(median().await, Value::Null, "{n} answers tell of single families");
        let family = waiting(&app, &Family::default(), &[kita]).await;
        let path = format!("/staff/preferences/{}", family.preferences[0]);
        let version = manager.get(&path).await.ok()["version"].as_i64().unwrap();
        manager
            .edit(Method::POST, &format!("{path}/waitlist"), version, json!({}))
            .await
            .ok();
        let sql = match days {
            5 => {
                "UPDATE facility_preference SET answered_at = received_at + interval '5 days' WHERE tenant_id = $1 AND id = $2"
            }
            10 => {
                "UPDATE facility_preference SET answered_at = received_at + interval '10 days 1 hour' WHERE tenant_id = $1 AND id = $2"
            }
            6 => {
                "UPDATE facility_preference SET answered_at = received_at + interval '6 days' WHERE tenant_id = $1 AND id = $2"
            }
            _ => {
                "UPDATE facility_preference SET answered_at = received_at + interval '20 days' WHERE tenant_id = $1 AND id = $2"
            }
        };
        app.change(sql, family.preferences[0].0).await;
    }
    assert_eq!(median().await, 10);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn named_filters_follow_a_person_and_are_nobody_elses() {
    let app = TestApp::new().await;
    let (clerk, admin) = (app.clerk().await, app.admin().await);
    let path = "/account/views";
    assert_eq!(clerk.get(path).await.ok()["lists"], json!({}));
    let views = json!({"lists": {"bedarfe": [{"title": " Krippe ", "values": {"care_type": "nursery"}}]}});
    let written = clerk.edit(Method::PUT, path, 0, views.clone()).await.ok();
    assert_eq!(written["lists"]["bedarfe"][0]["title"], "Krippe");
    assert_eq!(clerk.edit(Method::PUT, path, 0, views.clone()).await.status, 412);
    assert_eq!(
        clerk.edit(Method::PUT, path, 1, json!({"lists": {}})).await.ok()["lists"],
        json!({})
    );
    assert_eq!(clerk.edit(Method::PUT, path, 1, views).await.status, 412);
    assert_eq!(admin.get(path).await.ok()["lists"], json!({}), "nobody else's");
    let name = json!({"lists": {"bedarfe": [{"title": "Suche", "values": {"q": "Braun"}}]}});
    let faults = clerk.edit(Method::PUT, path, 2, name).await.faults();
    assert_eq!(faults, [("/lists/bedarfe/0/values".to_owned(), "invalid".to_owned())]);
}
