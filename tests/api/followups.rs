//! The follow-up list through the year: a vacancy, who is next and who is passed over, one offer, and then the next.

use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use crate::support::demands::with_settings;
use crate::support::facilities::{day, facility};
use crate::support::offers::act;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Answer, Client, TestApp};

struct Home {
    parent: Client,
    made: Waiting,
}

async fn home(app: &TestApp, name: &str, family: Family<'_>, facilities: &[FacilityId]) -> Home {
    let parent = app.parent(&format!("{}@example.org", name.to_lowercase())).await;
    let family = Family {
        first_name: Some(name),
        account: parent.account,
        ..family
    };
    let made = waiting(app, &family, facilities).await;
    Home { parent, made }
}

fn points(points: i32) -> Family<'static> {
    Family {
        points,
        ..Family::default()
    }
}

impl Home {
    async fn answer(&self, action: &str, body: Value) -> Value {
        let offers = self.parent.get("/offers").await.ok();
        let open = |offer: &&Value| offer["state"] == "sent" || offer["state"] == "viewed";
        let offer = offers["items"].as_array().unwrap().iter().find(open).unwrap();
        let path = format!("/offers/{}/{action}", offer["id"].as_str().unwrap());
        act(&self.parent, &path, offer["version"].as_i64().unwrap(), body)
            .await
            .ok()
    }

    async fn decline(&self) {
        self.answer("decline", json!({"reason": "too_far"})).await;
    }
}

async fn list(who: &Client, facility: FacilityId) -> Value {
    who.get(&format!("/staff/facilities/{facility}/followups?age_band=under3"))
        .await
        .ok()
}

/// Name, position and why somebody is passed over.
fn order(list: &Value) -> Vec<(String, Value, Value)> {
    let line = |row: &Value| {
        let name = row["label"].as_str().unwrap().split(' ').next().unwrap().to_owned();
        (name, row["position"].clone(), row["passed_over"].clone())
    };
    list["items"].as_array().unwrap().iter().map(line).collect()
}

async fn offer(who: &Client, home: &Home, more: Value) -> Answer {
    let mut body = json!({"preference_id": home.made.preferences[0], "age_band": "under3"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.create("/staff/followups", body).await
}

async fn central(app: &TestApp) {
    with_settings(app, json!({"allocation_mode": "central"})).await;
}

/// What stands in the record of an offer.
async fn record(app: &TestApp, id: &Value, column: &'static str) -> Option<String> {
    let sql = match column {
        "reason" => "SELECT reason FROM followup_decision WHERE tenant_id = $1 AND id = $2",
        "note" => "SELECT note FROM followup_decision WHERE tenant_id = $1 AND id = $2",
        _ => "SELECT list FROM followup_decision WHERE tenant_id = $1 AND id = $2",
    };
    app.value(sql, id.as_str().unwrap().parse().unwrap()).await
}

async fn open_offers(app: &TestApp, home: &Home) -> Option<String> {
    let sql =
        "SELECT string_agg(state, ',' ORDER BY created_at) FROM place_offer WHERE tenant_id = $1 AND demand_id = $2";
    app.value(sql, home.made.demand.0).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_is_next_is_ordered_by_the_criteria_and_who_is_passed_over_is_told_why() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 2).await, kita(&app, "Kita Mond", 1).await);
    home(&app, "Ada", points(3), &[sun]).await;
    home(&app, "Ben", points(7), &[sun]).await;
    let late = Family {
        start: day("2027-12-01"),
        ..points(9)
    };
    home(&app, "Cem", late, &[sun]).await;
    let unconfirmed = Family {
        state: "submitted",
        ..points(9)
    };
    home(&app, "Dora", unconfirmed, &[sun]).await;
    let large = Family {
        birth: day("2023-02-01"),
        ..points(9)
    };
    home(&app, "Emil", large, &[sun]).await;
    let elsewhere = home(&app, "Finn", points(5), &[moon, sun]).await;
    let manager = app.manager(moon).await;
    offer(&manager, &elsewhere, json!({})).await.ok();
    let seen = list(&app.manager(sun).await, sun).await;
    assert_eq!((&seen["free"], &seen["may_offer"]), (&json!(2), &json!(true)));
    let passed = |name: &str, why: &str| (name.to_owned(), Value::Null, json!(why));
    let order = order(&seen);
    assert_eq!(
        order[..2],
        [
            ("Ben".to_owned(), json!(1), Value::Null),
            ("Ada".to_owned(), json!(2), Value::Null)
        ]
    );
    let mut rest = order[2..].to_vec();
    rest.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        rest,
        [
            passed("Cem", "start"),
            passed("Dora", "not_confirmed"),
            passed("Finn", "paused")
        ],
        "and Emil is too old for this band"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_declined_place_is_a_task_with_the_next_in_line() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = home(&app, "Ada", points(9), &[sun]).await;
    let ben = home(&app, "Ben", points(5), &[sun]).await;
    let manager = app.manager(sun).await;
    let vacancies = async || manager.get("/staff/vacancies").await.ok()["items"].clone();
    assert_eq!(vacancies().await[0]["next"]["label"], "Ada B.");
    let made = offer(&manager, &ada, json!({})).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.ok()["position"], 1);
    let held = vacancies().await;
    let next: Vec<&Value> = held.as_array().unwrap().iter().map(|v| &v["next"]).collect();
    assert_eq!(
        next,
        [&Value::Null],
        "what is free until August is nothing for whoever begins then"
    );
    ada.decline().await;
    app.run_jobs().await;
    let task = vacancies().await[0].clone();
    assert_eq!(
        (&task["free"], &task["waiting"], &task["next"]["label"]),
        (&json!(1), &json!(1), &json!("Ben B."))
    );
    assert_eq!(
        open_offers(&app, &ben).await,
        None,
        "a person decides, unless the municipality says otherwise"
    );
    offer(&manager, &ben, json!({})).await.ok();
    ben.answer("accept", json!({})).await;
    assert_eq!(app.demand_state(ben.made.demand).await, "covered");
    let after = list(&manager, sun).await;
    assert_eq!(after["items"], json!([]), "nobody waits any more");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn another_one_than_the_next_needs_a_published_reason_which_is_kept_with_the_list() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    home(&app, "Ada", points(9), &[sun]).await;
    let ben = home(&app, "Ben", points(5), &[sun]).await;
    let manager = app.manager(sun).await;
    let missing = offer(&manager, &ben, json!({})).await.faults();
    assert_eq!(
        missing,
        [
            ("/reason".to_owned(), "required".to_owned()),
            ("/note".to_owned(), "required".to_owned())
        ]
    );
    let note = "Beschluss vom 1. Februar";
    let made = offer(&manager, &ben, json!({"reason": "court_order", "note": note}))
        .await
        .ok();
    assert_eq!(made["position"], 2);
    // The dashboard counts it, and its figure opens it.
    let clerk = app.clerk().await;
    let figures = clerk.get("/office/dashboard").await.ok();
    let listed = clerk.get("/office/deviations").await.ok();
    assert_eq!(figures["exceptions"]["deviations"], 1);
    assert_eq!(
        (
            listed["items"].as_array().unwrap().len(),
            &listed["items"][0]["position"]
        ),
        (1, &made["position"])
    );
    assert_eq!(
        record(&app, &made["id"], "reason").await.as_deref(),
        Some("court_order")
    );
    assert_eq!(record(&app, &made["id"], "note").await.as_deref(), Some(note));
    let kept: Value = serde_json::from_str(&record(&app, &made["id"], "list").await.unwrap()).unwrap();
    assert_eq!(
        (&kept[0]["points"], &kept[0]["position"], &kept[1]["preference_id"]),
        (&json!(9), &json!(1), &json!(ben.made.preferences[0]))
    );
    let tried = kitaplatz::access::as_system(&app.platform, &app.tenant, "test_tamper", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query("UPDATE followup_decision SET note = '' WHERE tenant_id = $1")
            .bind(tenant)
            .execute(tx.conn())
            .await
    })
    .await;
    assert!(tried.is_err(), "nobody changes a record");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_offers_where_it_allocates_and_nowhere_else() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = home(&app, "Ada", points(9), &[sun]).await;
    let (clerk, manager) = (app.clerk().await, app.manager(sun).await);
    let refused = offer(&clerk, &ada, json!({})).await.refused(409);
    assert_eq!(refused, "followup.decided_by_facilities");
    central(&app).await;
    let refused = offer(&manager, &ada, json!({})).await.refused(409);
    assert_eq!(refused, "followup.decided_by_office");
    assert_eq!(list(&manager, sun).await["may_offer"], false);
    offer(&clerk, &ada, json!({})).await.ok();
    assert_eq!(open_offers(&app, &ada).await.as_deref(), Some("sent"));
    let again = offer(&clerk, &ada, json!({})).await.refused(409);
    assert_eq!(again, "followup.passed_over");
    let stranger = app.manager(facility(&app, "Kita Mond").await).await;
    assert_eq!(offer(&stranger, &ada, json!({})).await.refused(404), "not_found");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn where_the_municipality_says_so_the_next_is_offered_by_itself_until_nobody_waits() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    with_settings(&app, json!({"followup_automatic": true})).await;
    let ada = home(&app, "Ada", points(9), &[sun]).await;
    let ben = home(&app, "Ben", points(5), &[sun]).await;
    let cem = home(&app, "Cem", points(2), &[sun]).await;
    offer(&app.manager(sun).await, &ada, json!({})).await.ok();
    ada.decline().await;
    app.run_jobs().await;
    assert_eq!(open_offers(&app, &ben).await.as_deref(), Some("sent"));
    assert_eq!(open_offers(&app, &cem).await, None, "one offer a place");
    app.at("2027-03-01T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(open_offers(&app, &ben).await.as_deref(), Some("expired"));
    assert_eq!(open_offers(&app, &cem).await.as_deref(), Some("sent"));
    assert_eq!(
        open_offers(&app, &ada).await.as_deref(),
        Some("declined"),
        "and nobody is asked twice"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn among_equals_the_last_draw_decides_again() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let mut homes = Vec::new();
    for name in ["Ada", "Ben", "Cem"] {
        homes.push(home(&app, name, points(5), &[sun]).await);
    }
    let round = Round::released(&app).await;
    app.run_jobs().await;
    round.step("close").await.ok();
    let mut drawn = Vec::new();
    for home in &homes {
        let case = round.case(home.made.demand).await;
        drawn.push((
            case["lottery_number"].as_str().unwrap().to_owned(),
            home.made.preferences[0],
        ));
    }
    drawn.sort();
    let first = homes.iter().find(|h| h.made.preferences[0] == drawn[0].1).unwrap();
    assert_eq!(open_offers(&app, first).await.as_deref(), Some("sent"));
    first.decline().await;
    let seen = list(&app.manager(sun).await, sun).await;
    let listed: Vec<Value> = seen["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["preference_id"].clone())
        .collect();
    assert_eq!(listed, [json!(drawn[1].1), json!(drawn[2].1)]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_that_wishes_to_change_keeps_its_place_until_the_new_one_is_accepted() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = home(&app, "Ada", points(9), &[sun]).await;
    offer(&app.manager(sun).await, &ada, json!({})).await.ok();
    ada.answer("accept", json!({})).await;
    // Care has begun, and the family would rather be elsewhere.
    app.at("2027-09-01T09:00:00Z");
    app.run_periodic().await;
    let (manager, other) = (app.manager(sun).await, app.manager(moon).await);
    let ada = Home {
        parent: app.parent("ada@example.org").await,
        made: ada.made,
    };
    assert_eq!(app.demand_state(ada.made.demand).await, "closed");
    let wish = app.wishes(ada.made.child, &[moon]).await;
    let body = json!({"preference_id": wish.preferences[0], "care_from": "2027-11-01", "care_until": null, "hours_per_week": 40,
                      "window_from": null, "window_to": null, "deadline_days": null});
    other.create("/staff/offers", body).await.ok();
    let seen = ada.parent.get("/offers").await.ok()["items"][0].clone();
    assert_eq!(seen["present_facility"], "Kita Sonne");
    let staff = other.get("/staff/offers?state=sent").await.ok()["items"][0].clone();
    assert_eq!(
        staff["present_facility"],
        Value::Null,
        "it is no matter of the other facility"
    );
    ada.decline().await;
    assert_eq!(app.bookable(sun, "under3", "2027-11-01").await, 0, "nothing was risked");
    assert_eq!(contracts(&ada).await, [json!(["Kita Sonne", "drafted", "2027-08-01"])]);
    app.change(
        "UPDATE care_demand SET state = 'withdrawn' WHERE tenant_id = $1 AND id = $2",
        wish.demand.0,
    )
    .await;
    let wish = app.wishes(ada.made.child, &[moon]).await.preferences[0];
    let body = json!({"preference_id": wish, "care_from": "2027-11-01", "care_until": null, "hours_per_week": 40,
                      "window_from": null, "window_to": null, "deadline_days": null});
    other.create("/staff/offers", body).await.ok();
    let ben = home(&app, "Ben", late(), &[sun]).await;
    ada.answer("accept", json!({})).await;
    assert_eq!(app.bookable(sun, "under3", "2027-10-01").await, 0);
    assert_eq!(app.bookable(sun, "under3", "2027-11-01").await, 1);
    let until = "SELECT string_agg(care_until::text, ',' ORDER BY care_from) FROM care_contract WHERE tenant_id = $1 AND child_id = $2";
    let until = app.value(until, ada.made.child.0).await.unwrap();
    assert!(until.starts_with("2027-11-01,"), "{until}");
    let task = manager.get("/staff/vacancies").await.ok()["items"][0].clone();
    assert_eq!(
        (&task["free_from"], &task["next"]["preference_id"]),
        (&json!("2027-11-01"), &json!(ben.made.preferences[0]))
    );
}

fn late() -> Family<'static> {
    Family {
        start: day("2027-11-01"),
        birth: day("2026-05-14"),
        ..Family::default()
    }
}

/// Facility, state and begin of the child's contracts.
async fn contracts(home: &Home) -> Vec<Value> {
    let list = home.parent.get("/contracts").await.ok();
    let line = |c: &Value| json!([c["facility_name"], c["state"], c["care_from"]]);
    list["items"].as_array().unwrap().iter().map(line).collect()
}
