//! What places rest on: permits, staff by the staffing key, closures, contingents, licences; and the monthly question whether it is right.

use kitaplatz::access::{Role, as_system};
use kitaplatz::facilities::{AgeBand, CapacityError};
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::{day, facility, give_capacity, hold};
use crate::support::rounds::Round;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp, last_to};

fn nothing() -> Value {
    json!({"permits": [], "groups": [], "staff": [], "closures": [], "contingents": [], "substitute_id": null})
}

fn with(part: &str, rows: Value) -> Value {
    let mut basis = nothing();
    basis[part] = rows;
    basis
}

fn permit(places: i32) -> Value {
    json!([{"reference": "47-6123", "valid_from": "2027-01-01", "valid_to": null,
            "places": [{"care_type": "kindergarten", "age_band": "over3", "places": places}]}])
}

async fn put(who: &Client, facility: FacilityId, version: i64, basis: Value) -> Value {
    let path = format!("/staff/facilities/{facility}/basis");
    who.edit(Method::PUT, &path, version, basis).await.ok()
}

/// Licensed, operable, bookable and what bounds it, of a month from now.
async fn month(who: &Client, facility: FacilityId, ahead: usize) -> Value {
    let body = who.get(&format!("/staff/facilities/{facility}/capacity")).await.ok();
    let month = &body["bands"][0]["months"][ahead];
    json!([
        month["licensed"],
        month["operable"],
        month["bookable"],
        month["limited_by"]
    ])
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_facility_with_a_permit_for_153_staff_for_120_and_120_contracts_never_shows_a_free_place() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Park").await;
    let manager = app.manager(id).await;
    give_capacity(&app, id, AgeBand::Over3, 153).await;
    let basis = json!({"permits": permit(153), "groups": [], "staff": [{"weekly_minutes": 24_000, "valid_from": "2027-01-01"}],
                       "closures": [], "contingents": []});
    put(&manager, id, 0, basis).await;
    assert_eq!(month(&manager, id, 0).await, json!([153, 120, 120, "staff"]));
    // 120 children with a contract until the end of what the pool looks at.
    for n in 0..120 {
        let birth = day("2023-05-01") + chrono::Days::new(n);
        let offer = hold(&app, id, &birth.to_string(), "2027-02-01", "2029-08-01")
            .await
            .unwrap();
        as_system(&app.platform, &app.tenant, "test", async |tx| {
            kitaplatz::facilities::occupy_place(tx, offer).await
        })
        .await
        .unwrap();
    }
    let body = manager.get(&format!("/staff/facilities/{id}/capacity")).await.ok();
    let months = body["bands"][0]["months"].as_array().unwrap();
    assert!(
        months.iter().all(|m| m["bookable"] == 0 && m["occupied"] == 120),
        "{months:?}"
    );
    // The public search and the facility's page.
    let search = "/facilities?birth_date=2023-05-01&start=2027-08-01";
    let found = app.anonymous().get(search).await.ok()["items"][0]["availability"]["state"].clone();
    assert_eq!(found, "full");
    let page = app.anonymous().get(&format!("/facilities/{id}")).await.ok();
    assert_eq!(page["capacity"][0]["licensed"], 153);
    let shown = page["capacity"][0]["months"].as_array().unwrap();
    assert!(shown.iter().all(|m| m["bookable"] == 0));
    // The row that an offer locks, and an offer.
    assert_eq!(app.bookable(id, "over3", "2027-08-01").await, 0);
    let refused = hold(&app, id, "2023-06-01", "2027-08-01", "2029-08-01").await;
    assert!(matches!(refused, Err(CapacityError::NoPlace { .. })), "{refused:?}");
    // The forecast.
    let forecast = manager.get(&format!("/staff/forecast?facility_id={id}")).await.ok();
    let first = &forecast["bands"][0]["months"][0];
    assert_eq!((&first["operable"], &first["bookable"]), (&json!(120), &json!(0)));
    // An allocation round.
    let family = Family {
        birth: day("2023-06-01"),
        ..Family::default()
    };
    let child = waiting(&app, &family, &[id]).await;
    let round = Round::proposed(&app).await;
    let case = round.case(child.demand).await;
    assert_eq!(case["case"]["facility_id"], Value::Null, "{case}");
}

/// Staff for 24 children at the 45 hours that are planned; 20 contracts with 54 hours need it all by themselves.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn children_who_are_there_longer_than_planned_leave_fewer_places() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Park").await;
    let manager = app.manager(id).await;
    give_capacity(&app, id, AgeBand::Over3, 30).await;
    let staff = json!([{"weekly_minutes": 4800, "valid_from": "2027-01-01"}]);
    put(&manager, id, 0, with("staff", staff)).await;
    for n in 0..20 {
        let birth = day("2023-05-01") + chrono::Days::new(n);
        hold(&app, id, &birth.to_string(), "2027-02-01", "2029-08-01")
            .await
            .unwrap();
    }
    assert_eq!(
        month(&manager, id, 0).await,
        json!([30, 24, 4, "staff"]),
        "40 hours each are fewer than planned, and give nobody a place more"
    );
    let longer = "UPDATE place_offer SET hours_per_week = 54 WHERE tenant_id = $1 AND facility_id = $2";
    app.change(longer, id.0).await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        kitaplatz::facilities::times_agreed(tx, id).await
    })
    .await
    .unwrap();
    assert_eq!(month(&manager, id, 0).await, json!([30, 20, 0, "staff"]));
    assert_eq!(
        app.bookable(id, "over3", "2029-07-01").await,
        0,
        "as long as they are there"
    );
    assert_eq!(app.bookable(id, "over3", "2029-08-01").await, 24);
    let forecast = manager.get(&format!("/staff/forecast?facility_id={id}")).await.ok();
    let first = &forecast["bands"][0]["months"][0];
    assert_eq!((&first["operable"], &first["bookable"]), (&json!(20), &json!(0)));
    let refused = hold(&app, id, "2023-06-01", "2027-08-01", "2029-08-01").await;
    assert!(matches!(refused, Err(CapacityError::NoPlace { .. })), "{refused:?}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_long_closure_takes_places_at_once_and_is_entered_also_when_families_were_promised_places() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Park").await;
    give_capacity(&app, id, AgeBand::Over3, 20).await;
    let manager = app.manager(id).await;
    hold(&app, id, "2023-05-01", "2027-03-01", "2029-08-01").await.unwrap();
    let group = json!([{"id": null, "name": "Igel", "age_from_months": 36, "age_to_months": 84, "under3": 0, "over3": 15, "school_age": 0,
        "valid_from": "2027-01-01",
        "closures": [{"reason": "Wasserschaden", "valid_from": "2027-03-10", "valid_to": "2027-04-21"}]}]);
    let made = put(&manager, id, 0, with("groups", group)).await;
    assert_eq!(made["version"], 1);
    assert_eq!(month(&manager, id, 0).await, json!([20, 20, 20, "permit"]));
    assert_eq!(month(&manager, id, 1).await, json!([20, 5, 4, "closure"]));
    assert_eq!(month(&manager, id, 3).await, json!([20, 20, 19, "permit"]));
    let shut = json!([{"reason": "Brand", "valid_from": "2027-03-01", "valid_to": "2027-05-31"}]);
    put(&manager, id, 1, with("closures", shut)).await;
    assert_eq!(month(&manager, id, 1).await, json!([20, 0, -1, "closure"]));
    let path = format!("/staff/facilities/{id}/basis");
    let stale = manager.edit(Method::PUT, &path, 1, nothing()).await;
    assert_eq!(stale.refused(412), "version.stale");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn contingents_stand_side_by_side_and_take_only_from_what_is_free() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Park").await;
    give_capacity(&app, id, AgeBand::Over3, 4).await;
    let manager = app.manager(id).await;
    hold(&app, id, "2023-05-01", "2027-02-01", "2029-08-01").await.unwrap();
    let one = |places: i32, purpose: &str, to: &str| json!({"age_band": "over3", "places": places, "purpose": purpose, "valid_from": "2027-02-01", "valid_to": to});
    let both = json!([one(1, "Notplatz", "2027-03-31"), one(2, "Klinikum", "2027-06-30")]);
    put(&manager, id, 0, with("contingents", both)).await;
    assert_eq!(month(&manager, id, 0).await[2], 0);
    assert_eq!(month(&manager, id, 2).await[2], 1);
    assert_eq!(month(&manager, id, 5).await[2], 3);
    let path = format!("/staff/facilities/{id}/basis");
    let too_much = with("contingents", json!([one(4, "Klinikum", "2027-06-30")]));
    let refused = manager.edit(Method::PUT, &path, 1, too_much).await;
    assert_eq!(refused.refused(409), "capacity.below_promised");
    let overlapping = with("permits", json!([permit(4)[0], permit(5)[0]]));
    let faults = manager.edit(Method::PUT, &path, 1, overlapping).await.faults();
    assert_eq!(faults, [("/permits/1/valid_from".to_owned(), "overlaps".to_owned())]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_key_of_the_tenants_own_counts_from_its_day_on_and_moves_all_places() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Park").await;
    give_capacity(&app, id, AgeBand::Over3, 30).await;
    let (manager, admin) = (app.manager(id).await, app.admin().await);
    put(
        &manager,
        id,
        0,
        with("staff", json!([{"weekly_minutes": 4800, "valid_from": "2027-01-01"}])),
    )
    .await;
    assert_eq!(
        month(&manager, id, 2).await,
        json!([30, 24, 24, "staff"]),
        "Saxony: two posts for 24 children"
    );
    let shipped = manager.get("/staff/staffing-keys").await.ok()["items"].clone();
    assert_eq!(
        (shipped[0]["in_force"].clone(), shipped[0]["id"].clone()),
        (json!(true), Value::Null)
    );
    let mut rule = shipped[0]["rule"].clone();
    rule["over3"]["children"] = json!(10);
    let new = json!({"name": "Eigener Schlüssel 1:10", "valid_from": "2027-04-01", "rule": rule});
    assert_eq!(
        manager.create("/admin/staffing-keys", new.clone()).await.refused(403),
        "access.denied"
    );
    admin.create("/admin/staffing-keys", new.clone()).await.ok();
    assert_eq!(month(&manager, id, 1).await[1], 24);
    assert_eq!(month(&manager, id, 2).await[1], 20);
    assert_eq!(app.bookable(id, "over3", "2027-04-01").await, 20);
    let again = admin.create("/admin/staffing-keys", new).await.faults();
    assert_eq!(again, [("/valid_from".to_owned(), "taken".to_owned())]);
    let mut broken = shipped[0]["rule"].clone();
    broken["under3"]["children"] = json!(0);
    let body = json!({"name": " ", "valid_from": "2028-01-01", "rule": broken});
    let faults = admin.create("/admin/staffing-keys", body).await.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_childminder_has_five_children_at_most_nobody_beyond_the_licence_and_a_substitute() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let new = json!({"name": "Tina Tagesmutter", "kind": "childminder", "care_types": ["nursery"], "street": "Lindenweg",
        "house_number": "4", "postal_code": "04109", "city": "Musterstadt",
        "licence": {"valid_from": "2026-01-01", "valid_to": "2028-06-15", "places": 5}});
    let made = admin.create("/admin/facilities", new).await.ok();
    let id = FacilityId(made["id"].as_str().unwrap().parse().unwrap());
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, id, band, 9).await;
    }
    assert_eq!(app.bookable(id, "under3", "2027-08-01").await, 5);
    for n in 1..=5 {
        let birth = format!("2026-05-0{n}");
        hold(&app, id, &birth, "2027-08-01", "2028-06-01").await.unwrap();
    }
    assert_eq!(
        app.bookable(id, "over3", "2027-08-01").await,
        0,
        "five small children leave no place for a larger one"
    );
    let sixth = hold(&app, id, "2023-05-01", "2027-08-01", "2028-02-01").await;
    assert!(matches!(sixth, Err(CapacityError::NoPlace { .. })), "{sixth:?}");
    let beyond = hold(&app, id, "2023-05-01", "2028-06-01", "2028-07-01").await;
    assert!(
        matches!(beyond, Err(CapacityError::NoPlace { .. })),
        "the licence ends in June: {beyond:?}"
    );
    let version = admin.get(&format!("/facilities/{id}")).await.ok()["version"]
        .as_i64()
        .unwrap();
    let longer = json!({"licence": {"valid_from": "2026-01-01", "valid_to": "2030-12-31", "places": 5}});
    admin
        .edit(Method::PATCH, &format!("/admin/facilities/{id}"), version, longer)
        .await
        .ok();
    assert_eq!(
        app.bookable(id, "over3", "2028-06-01").await,
        5,
        "places follow the licence at once"
    );
    // The licence after that one is entered ahead: today's goes on, and in the month between them no place is lost.
    let next = json!({"licence": {"valid_from": "2031-01-01", "valid_to": "2035-12-31", "places": 3}});
    admin
        .edit(Method::PATCH, &format!("/admin/facilities/{id}"), version + 1, next)
        .await
        .ok();
    assert_eq!(app.bookable(id, "over3", "2028-06-01").await, 5);
    assert_eq!(app.bookable(id, "over3", "2031-06-01").await, 3);
    let listed = admin.get(&format!("/staff/facilities/{id}/basis")).await.ok();
    assert_eq!(listed["licences"].as_array().unwrap().len(), 2);
    assert_eq!(listed["licences"][0]["valid_to"], "2030-12-31");
    // Three larger children kept elsewhere would leave the five small ones without their places.
    let runs = app.staff(&[(Role::Childminder, None, Some(id))]).await;
    let figures = format!("/staff/facilities/{id}/capacity");
    let seen = runs.get(&figures).await.ok()["version"].as_i64().unwrap();
    let external = json!({"from_month": "2027-02-01", "licensed": 9, "operable": 9, "occupied_external": 3});
    let refused = runs
        .edit(Method::PUT, &format!("{figures}/over3"), seen, external)
        .await;
    assert_eq!(refused.refused(409), "capacity.below_promised");
    let other = facility(&app, "Kita Sonne").await;
    let own = app.staff(&[(Role::Childminder, None, Some(id))]).await;
    let path = format!("/staff/facilities/{id}/basis");
    let mut basis = nothing();
    basis["substitute_id"] = json!(id);
    let faults = own.edit(Method::PUT, &path, 0, basis.clone()).await.faults();
    assert_eq!(faults, [("/substitute_id".to_owned(), "unknown".to_owned())]);
    basis["substitute_id"] = json!(other);
    own.edit(Method::PUT, &path, 0, basis).await.ok();
    let page = app.anonymous().get(&format!("/facilities/{id}")).await.ok();
    assert_eq!(page["substitute"]["name"], "Kita Sonne");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn once_a_month_whoever_runs_a_facility_is_asked_and_a_confirmation_is_an_answer() {
    let (app, mails) = TestApp::with_mail().await;
    let id = facility(&app, "Kita am Park").await;
    give_capacity(&app, id, AgeBand::Over3, 10).await;
    let manager = app.manager(id).await;
    let sql = "SELECT email FROM account WHERE tenant_id = $1 AND id = $2";
    let email = app.value(sql, manager.account_id().0).await.unwrap();
    app.run_periodic().await;
    assert!(mails.to(&email).is_empty(), "the figures are of today");
    app.at("2027-03-02T09:00:00Z");
    app.run_periodic().await;
    let mail = last_to(&mails, &email);
    let text = mail.text.unwrap();
    assert!(text.contains("/plaetze-stimmen#"), "{text}");
    let sent = async || {
        let sql = "SELECT count(*)::text FROM notification WHERE tenant_id = $1 AND kind = 'capacity_due' AND account_id = $2";
        app.value(sql, manager.account_id().0).await.unwrap()
    };
    app.at("2027-03-20T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(sent().await, "1", "nobody is asked twice a month");
    let manager_again = app.manager(id).await;
    let confirm = format!("/staff/facilities/{id}/capacity/confirm");
    manager_again.post(&confirm, json!({})).await.ok();
    app.at("2027-04-10T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(sent().await, "1", "who confirmed is left in peace for a month");
    app.at("2027-04-20T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(sent().await, "2");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_link_of_the_mail_shows_and_confirms_without_signing_in_and_ends_with_the_role() {
    let (app, mails) = TestApp::with_mail().await;
    let id = facility(&app, "Kita am Park").await;
    give_capacity(&app, id, AgeBand::Over3, 10).await;
    let manager = app.manager(id).await;
    let sql = "SELECT email FROM account WHERE tenant_id = $1 AND id = $2";
    let email = app.value(sql, manager.account_id().0).await.unwrap();
    app.at("2027-03-02T09:00:00Z");
    app.run_periodic().await;
    let text = last_to(&mails, &email).text.unwrap();
    let token = text.split_once("/plaetze-stimmen#").unwrap().1[..43].to_owned();
    let nobody = app.anonymous();
    let follow = async |confirm: bool| {
        let body = json!({"token": token, "confirm": confirm});
        nobody.post("/capacity-confirmations", body).await
    };
    let seen = follow(false).await.ok();
    assert_eq!(
        (&seen["facility_name"], &seen["bookable_now"]),
        (&json!("Kita am Park"), &json!(10))
    );
    assert_eq!(seen["confirmed_on"], "2027-02-01", "looking confirms nothing");
    assert_eq!(follow(true).await.ok()["confirmed_on"], "2027-03-02");
    let wrong = json!({"token": "x".repeat(43), "confirm": true});
    assert_eq!(
        nobody.post("/capacity-confirmations", wrong).await.refused(410),
        "capacity.link_invalid"
    );
    let other_town = app.other_tenant().await;
    let other = app.client_of(&other_town);
    let elsewhere = json!({"token": token, "confirm": true});
    assert_eq!(
        other.post("/capacity-confirmations", elsewhere).await.refused(410),
        "capacity.link_invalid"
    );
    let sql = "UPDATE membership SET ended_at = '2027-03-03T00:00:00Z' WHERE tenant_id = $1 AND account_id = $2";
    app.change(sql, manager.account_id().0).await;
    assert_eq!(follow(false).await.refused(410), "capacity.link_invalid");
}
