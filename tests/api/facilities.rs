//! Providers, facilities, closing days and figures over the API: who may, what is refused, and that nothing crosses tenants.

use kitaplatz::access::Role;
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::facilities::{facility, facility_with_capacity, hold};

fn new_facility() -> Value {
    json!({"name": "Kita Regenbogen", "kind": "daycare", "care_types": ["nursery", "kindergarten"], "street": "Lindenweg",
        "house_number": "4", "postal_code": "04109", "city": "Musterstadt", "latitude": 51.34, "longitude": 12.37,
        "opens_at": "07:00", "closes_at": "17:00", "website": "https://regenbogen.example"})
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_provider_and_its_facility_are_entered_and_changed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let provider = admin
        .create(
            "/admin/providers",
            json!({"name": " Kinderland e. V. ", "kind": "parents_initiative"}),
        )
        .await
        .ok();
    assert_eq!(provider["name"], "Kinderland e. V.");
    let again = admin
        .create("/admin/providers", json!({"name": "Kinderland e. V."}))
        .await;
    assert_eq!(again.refused(409), "provider.name_taken");

    let mut new = new_facility();
    new["provider_id"] = provider["id"].clone();
    let made = admin.create("/admin/facilities", new).await.ok();
    let path = format!("/admin/facilities/{}", made["id"].as_str().unwrap());
    assert_eq!(
        (made["provider_name"].as_str(), made["opens_at"].as_str()),
        (Some("Kinderland e. V."), Some("07:00"))
    );
    assert_eq!(made["availability"]["state"], "unknown", "capacity is never invented");

    let lost = admin.send(Method::PATCH, &path, Some(&json!({"name": "X"})), &[]).await;
    assert_eq!(lost.refused(428), "version.required");
    let changed = admin
        .edit(
            Method::PATCH,
            &path,
            1,
            json!({"closes_at": null, "concepts": ["Wald", "Wald"]}),
        )
        .await;
    assert_eq!(changed.headers["etag"], "\"2\"");
    let changed = changed.ok();
    assert_eq!(
        (&changed["closes_at"], &changed["concepts"], &changed["opens_at"]),
        (&json!(null), &json!(["Wald"]), &json!("07:00"))
    );
    assert_eq!(
        admin.edit(Method::PATCH, &path, 1, json!({})).await.refused(412),
        "version.stale"
    );

    let renamed = format!("/admin/providers/{}", provider["id"].as_str().unwrap());
    admin
        .edit(Method::PATCH, &renamed, 1, json!({"name": "Buntspecht gGmbH"}))
        .await
        .ok();
    let found = app.anonymous().get("/facilities?q=buntspecht").await.ok();
    assert_eq!(found["total"], 1, "the provider's name is found: {found}");
    let list = admin.get("/admin/providers").await.ok();
    assert_eq!(
        (&list["items"][0]["facility_count"], &list["total"]),
        (&json!(1), &json!(1))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_wrong_with_a_facility_is_told_by_field() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let empty = admin
        .create("/admin/facilities", json!({"latitude": 51.0}))
        .await
        .faults();
    for fault in [
        ("/name", "required"),
        ("/kind", "required"),
        ("/care_types", "required"),
        ("/postal_code", "invalid"),
        ("/longitude", "half_a_position"),
    ] {
        assert!(
            empty.contains(&(fault.0.into(), fault.1.into())),
            "{fault:?} in {empty:?}"
        );
    }
    let mut wrong = new_facility();
    wrong["website"] = json!("javascript:alert(1)");
    wrong["provider_id"] = json!(FacilityId::new());
    let faults = admin.create("/admin/facilities", wrong.clone()).await.faults();
    assert_eq!(faults, [("/website".to_owned(), "invalid".to_owned())]);
    wrong["website"] = json!(null);
    let faults = admin.create("/admin/facilities", wrong).await.faults();
    assert_eq!(faults, [("/provider_id".to_owned(), "unknown".to_owned())]);
    assert_eq!(app.anonymous().get("/facilities").await.ok()["total"], 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_childminder_has_a_licence_for_at_most_five() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut new = new_facility();
    new["kind"] = json!("childminder");
    new["licence"] = json!({"valid_from": "2026-01-01", "valid_to": "2030-12-31", "places": 6});
    let faults = admin.create("/admin/facilities", new.clone()).await.faults();
    assert_eq!(faults, [("/licence/places".to_owned(), "out_of_range".to_owned())]);
    new["licence"]["places"] = json!(5);
    admin.create("/admin/facilities", new).await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_manager_changes_the_own_facility_but_not_whose_it_is() {
    let app = TestApp::new().await;
    let (mine, other) = (facility(&app, "Meine").await, facility(&app, "Andere").await);
    let manager = app.manager(mine).await;
    let changed = manager
        .edit(
            Method::PATCH,
            &format!("/admin/facilities/{mine}"),
            1,
            json!({"phone": "0341 1"}),
        )
        .await;
    assert_eq!(changed.ok()["phone"], "0341 1");
    let whose = manager
        .edit(
            Method::PATCH,
            &format!("/admin/facilities/{mine}"),
            2,
            json!({"provider_id": null}),
        )
        .await;
    assert_eq!(whose.faults()[0].1, "not_allowed");
    let foreign = manager
        .edit(
            Method::PATCH,
            &format!("/admin/facilities/{other}"),
            1,
            json!({"phone": "0341 1"}),
        )
        .await;
    assert_eq!(foreign.refused(404), "not_found");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn figures_are_entered_confirmed_and_grow_stale() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Bach").await;
    let manager = app.manager(id).await;
    let (base, path) = (
        format!("/staff/facilities/{id}/capacity"),
        format!("/staff/facilities/{id}/capacity/over3"),
    );
    let figure = json!({"from_month": "2027-02-01", "licensed": 20, "operable": 18, "operable_reason": "eine Stelle frei",
        "operable_since": "2027-01-15", "occupied_external": 11});
    assert_eq!(manager.get(&base).await.ok()["bands"], json!([]));
    let put = manager.edit(Method::PUT, &path, 0, figure.clone()).await.ok();
    let month = &put["bands"][0]["months"][0];
    assert_eq!(
        (&month["bookable"], &month["occupied"], &month["limited_by"]),
        (&json!(7), &json!(11), &json!("by_hand"))
    );
    assert_eq!(
        manager.edit(Method::PUT, &path, 0, figure.clone()).await.refused(412),
        "version.stale"
    );

    let mut wrong = figure.clone();
    wrong["operable"] = json!(21);
    let faults = manager.edit(Method::PUT, &path, 1, wrong).await.faults();
    assert_eq!(faults, [("/operable".to_owned(), "above_licensed".to_owned())]);
    let mut undated = figure.clone();
    undated["operable_since"] = json!(null);
    let faults = manager.edit(Method::PUT, &path, 1, undated).await.faults();
    assert_eq!(faults, [("/operable_since".to_owned(), "required".to_owned())]);
    let mut silent = figure.clone();
    silent["operable_reason"] = json!(" ");
    let faults = manager.edit(Method::PUT, &path, 1, silent).await.faults();
    assert_eq!(faults, [("/operable_reason".to_owned(), "required".to_owned())]);

    for birth in ["2023-05-01", "2023-05-02", "2023-05-03"] {
        hold(&app, id, birth, "2027-09-01", "2028-08-01").await.unwrap();
    }
    let mut fewer = figure.clone();
    fewer["operable"] = json!(12);
    let refused = manager.edit(Method::PUT, &path, 1, fewer).await;
    assert_eq!(refused.refused(409), "capacity.below_promised");
    assert_eq!(
        manager.get(&base).await.ok()["version"],
        1,
        "a refused figure changes nothing"
    );

    app.at("2027-06-01T09:00:00Z");
    let manager = app.manager(id).await;
    let shown = |body: Value| {
        (
            body["capacity"][0]["stale"].clone(),
            body["capacity"][0]["confirmed_on"].clone(),
        )
    };
    let path = format!("/facilities/{id}");
    assert_eq!(
        shown(app.anonymous().get(&path).await.ok()),
        (json!(true), json!("2027-02-01"))
    );
    manager.post(&format!("{base}/confirm"), json!({})).await.ok();
    assert_eq!(
        shown(app.anonymous().get(&path).await.ok()),
        (json!(false), json!("2027-06-01"))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_may_not_finds_nothing() {
    let app = TestApp::new().await;
    let (a, b) = (
        facility(&app, "A").await,
        facility_with_capacity(&app, AgeBand::Over3, 3).await,
    );
    let manager = app.manager(a).await;
    let figure = json!({"from_month": "2027-02-01", "licensed": 20, "operable": 20});
    let missing = FacilityId::new();
    let problem = |answer: &crate::support::Answer| {
        let mut body = answer.json();
        body["request_id"] = json!(null);
        (answer.status, body)
    };
    for method in [Method::GET, Method::PUT] {
        let suffix = if method == Method::GET { "" } else { "/over3" };
        let path = |id: FacilityId| format!("/staff/facilities/{id}/capacity{suffix}");
        let body = (method == Method::PUT).then_some(&figure);
        let send = async |id| {
            manager
                .send(method.clone(), &path(id), body, &[("if-match", "\"0\"")])
                .await
        };
        let (foreign, none) = (send(b).await, send(missing).await);
        assert_eq!(foreign.refused(404), "not_found");
        assert_eq!(problem(&foreign), problem(&none));
    }
    let confirm = manager
        .post(&format!("/staff/facilities/{b}/capacity/confirm"), json!({}))
        .await;
    assert_eq!(confirm.refused(404), "not_found");
    let reader = app.staff(&[(Role::ReadOnly, None, None)]).await;
    assert_eq!(
        reader
            .edit(Method::PUT, &format!("/staff/facilities/{b}/capacity/over3"), 1, figure)
            .await
            .status,
        403
    );
    assert_eq!(
        app.parent("eltern@example.org")
            .await
            .get(&format!("/staff/facilities/{b}/capacity"))
            .await
            .status,
        403
    );

    let other = app.other_tenant().await;
    let elsewhere = app.client_of(&other);
    let (foreign, none) = (
        elsewhere.get(&format!("/facilities/{a}")).await,
        elsewhere.get(&format!("/facilities/{missing}")).await,
    );
    assert_eq!(foreign.refused(404), "not_found");
    assert_eq!(problem(&foreign), problem(&none));
    assert_eq!(elsewhere.get("/facilities").await.ok()["total"], 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_day_is_closed_and_opened_again() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin().await, facility(&app, "Kita am Tor").await);
    let all = admin
        .create(
            "/admin/closing-days",
            json!({"day": "2027-05-07", "note": "Brückentag"}),
        )
        .await
        .ok();
    admin
        .create("/admin/closing-days", json!({"day": "2027-05-10", "facility_id": id}))
        .await
        .ok();
    let again = admin.create("/admin/closing-days", json!({"day": "2027-05-07"})).await;
    assert_eq!(again.refused(409), "closing_day.taken");
    let unknown = admin
        .create(
            "/admin/closing-days",
            json!({"day": "2027-05-07", "facility_id": FacilityId::new()}),
        )
        .await;
    assert_eq!(unknown.faults()[0].0, "/facility_id");
    let shown = app.anonymous().get(&format!("/facilities/{id}")).await.ok();
    assert_eq!(shown["closing_days"].as_array().map(Vec::len), Some(2));
    let path = format!("/admin/closing-days/{}", all["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.delete(&path).await.refused(404), "not_found");
    assert_eq!(
        admin.get("/admin/closing-days").await.ok()["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}
