//! Needs planning over HTTP: what the office enters, and places against children.

use kitaplatz::access::Role;
use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::{facility, give_capacity};
use crate::support::offers::new_offer;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};

async fn office(app: &TestApp) -> Client {
    app.staff(&[(Role::Clerk, None, None)]).await
}

fn basis() -> Value {
    json!({"as_of": "2026-12-31", "target_under3": 50, "target_over3": 98, "target_school_age": 60,
           "population": [{"area": "Plagwitz", "birth_year": 2026, "children": 120}]})
}

/// The month with this number of an area and age band.
fn month(planning: &Value, area: &str, band: &str, n: usize) -> Value {
    let of = |list: &Value, name: &str, word: &str| {
        let found = list.as_array().unwrap().iter().find(|item| item[name] == word);
        found.cloned().unwrap_or_else(|| panic!("no {word} in {list}"))
    };
    of(&of(&planning["areas"], "area", area)["bands"], "age_band", band)["months"][n].clone()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn places_and_children_stand_side_by_side() {
    let app = TestApp::new().await;
    let sun = facility(&app, "Kita Sonne").await;
    app.change(
        "UPDATE facility SET district = 'Plagwitz' WHERE tenant_id = $1 AND id = $2",
        sun.0,
    )
    .await;
    give_capacity(&app, sun, AgeBand::Under3, 12).await;
    for _ in 0..2 {
        waiting(&app, &Family::default(), &[sun]).await;
    }
    let office = office(&app).await;
    let before = office.get("/office/planning").await.ok();
    // Registered for 1 August 2027, six months from now.
    let (now, then) = (
        month(&before, "Plagwitz", "under3", 5),
        month(&before, "Plagwitz", "under3", 6),
    );
    assert_eq!((&now["waiting"], &then["waiting"]), (&json!(0), &json!(2)));
    assert_eq!(
        (&then["places"], &then["free"], &then["children"]),
        (&json!(12), &json!(12), &Value::Null)
    );
    let entered = office
        .edit(Method::PUT, "/office/planning/basis", 0, basis())
        .await
        .ok();
    assert_eq!(entered["version"], 1);
    let planning = office.get("/office/planning").await.ok();
    let found = month(&planning, "Plagwitz", "under3", 0);
    // 120 of 2026 and, as many a year, those of January and February 2027.
    assert_eq!((&found["children"], &found["needed"]), (&json!(140), &json!(70)));
    let fewer = office.get("/office/planning?births_percent=50").await.ok();
    assert_eq!(month(&fewer, "Plagwitz", "under3", 0)["children"], 130);
    let wrong = office.get("/office/planning?births_percent=201").await;
    assert_eq!(
        wrong.faults(),
        [("/births_percent".to_owned(), "out_of_range".to_owned())]
    );
    let again = office.get("/office/planning").await.ok();
    assert_eq!(
        month(&again, "Plagwitz", "under3", 0),
        found,
        "an assumption is not kept"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_with_an_open_offer_counts_once() {
    let app = TestApp::new().await;
    let sun = facility(&app, "Kita Sonne").await;
    app.change(
        "UPDATE facility SET district = 'Plagwitz' WHERE tenant_id = $1 AND id = $2",
        sun.0,
    )
    .await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, sun, band, 12).await;
    }
    let offered = waiting(&app, &Family::default(), &[sun]).await;
    waiting(&app, &Family::default(), &[sun]).await;
    let (office, manager) = (office(&app).await, app.manager(sun).await);
    let august = async || {
        let planning = office.get("/office/planning").await.ok();
        let month = month(&planning, "Plagwitz", "under3", 6);
        (month["waiting"].clone(), month["taken"].clone())
    };
    assert_eq!(august().await, (json!(2), json!(0)));
    manager
        .create("/staff/offers", new_offer(offered.preferences[0]))
        .await
        .ok();
    assert_eq!(august().await, (json!(1), json!(1)));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_was_entered_is_not_overwritten_unseen() {
    let app = TestApp::new().await;
    let office = office(&app).await;
    let first = office.get("/office/planning/basis").await.ok();
    assert_eq!((&first["version"], &first["as_of"]), (&json!(0), &Value::Null));
    let put = async |version: i64, body: Value| office.edit(Method::PUT, "/office/planning/basis", version, body).await;
    put(0, basis()).await.ok();
    assert_eq!(put(0, basis()).await.status, 412);
    let mut twice = basis();
    twice["population"] = json!([basis()["population"][0], basis()["population"][0]]);
    let faults = put(1, twice).await.faults();
    assert_eq!(faults, [("/population/1/birth_year".to_owned(), "twice".to_owned())]);
    assert_eq!(put(1, basis()).await.ok()["version"], 2);
}
