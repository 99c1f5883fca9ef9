//! School entry by the key date or as it was decided: contracts, places and the family's fees follow.

use std::collections::HashMap;

use chrono::NaiveDate;
use kitaplatz::access::{Role, as_system};
use kitaplatz::facilities::{AgeBand, SchoolEntries, age_band_on};
use kitaplatz::tenancy::SchoolRule;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::facilities::{day, facility, give_capacity, hold};
use crate::support::waiting::{Family, waiting};
use crate::support::{Answer, Client, TestApp};

fn path(placed: &Placed) -> String {
    format!("/office/children/{}/school-entry", placed.family.child)
}

async fn decide(app: &TestApp, placed: &Placed, kind: &str, on: &str) -> Answer {
    let body = json!({"kind": kind, "decided_on": on, "note": " Grundschule am See "});
    app.clerk().await.create(&path(placed), body).await
}

async fn until(placed: &Placed) -> Value {
    placed.seen(&placed.manager).await["care_until"].clone()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_deferral_keeps_the_child_a_year_longer_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let before = app.clerk().await.get(&path(&placed)).await.ok();
    assert_eq!(
        (&before["by_rule"], &before["entry_on"]),
        (&json!("2032-08-01"), &json!("2032-08-01"))
    );
    assert_eq!(
        (&before["decision"], &before["claim_from_entry"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(until(&placed).await, "2032-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2032-08-01").await, 1);
    let later = decide(&app, &placed, "deferral", "2027-02-02").await.faults();
    assert_eq!(later, [("/decided_on".into(), "in_future".into())]);
    let made = decide(&app, &placed, "deferral", "2027-01-20").await.ok();
    assert_eq!(
        (&made["entry_on"], &made["not_followed"]),
        (&json!("2033-08-01"), &json!(0))
    );
    assert_eq!(
        (&made["decision"]["kind"], &made["decision"]["note"]),
        (&json!("deferral"), &json!("Grundschule am See"))
    );
    assert_eq!(until(&placed).await, "2033-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2033-07-01").await, 0);
    let again = decide(&app, &placed, "deferral", "2027-01-20").await.faults();
    assert_eq!(again, [("/kind".into(), "unchanged".into())]);
    let back = decide(&app, &placed, "by_rule", "2027-02-01").await.ok();
    assert_eq!(back["entry_on"], "2032-08-01");
    assert_eq!(until(&placed).await, "2032-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2032-08-01").await, 1);
    let kept = "SELECT count(*)::text FROM school_entry_decision WHERE tenant_id = $1 AND child_id = $2";
    assert_eq!(
        app.value(kept, placed.family.child.0).await.as_deref(),
        Some("2"),
        "both stay on record"
    );
}

/// A change that says nothing of the end, whether it is drafted, sent or not even thought of when school entry is deferred.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn fewer_hours_leave_a_deferred_end_where_it_is() {
    for step in 0..3 {
        let app = TestApp::new().await;
        let placed = Placed::new(&app).await;
        placed.both_sign(&app).await;
        let fewer = json!({"valid_from": "2028-03-01", "hours_per_week": 25});
        if step > 0 {
            placed.staff("amendment", fewer.clone()).await.ok();
        }
        if step > 1 {
            placed.staff("send", json!({})).await.ok();
        }
        decide(&app, &placed, "deferral", "2027-01-20").await.ok();
        if step == 0 {
            placed.staff("amendment", fewer).await.ok();
        }
        if step < 2 {
            let seen = placed.seen(&placed.manager).await["amendments"][0].clone();
            assert_eq!(seen["before"]["last_day"], seen["after"]["last_day"], "step {step}");
            placed.staff("send", json!({})).await.ok();
        }
        let jana = placed.family.parent.clone();
        placed.sign(&app, &jana, "jana@example.org").await.ok();
        placed.staff("countersign", json!({})).await.ok();
        let agreed = placed.seen(&placed.manager).await;
        assert_eq!(agreed["amendments"][0]["state"], "signed_by_provider", "step {step}");
        assert_eq!(agreed["care_until"], "2033-08-01", "step {step}");
        assert_eq!(
            app.bookable(placed.facility, "over3", "2033-07-01").await,
            0,
            "step {step}"
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_early_entry_ends_the_place_a_year_sooner() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let made = decide(&app, &placed, "early", "2027-01-20").await.ok();
    assert_eq!(made["entry_on"], "2031-08-01");
    assert_eq!(until(&placed).await, "2031-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2031-08-01").await, 1);
    assert_eq!(app.bookable(placed.facility, "over3", "2031-07-01").await, 0);
    let parent = placed.family.parent.get(&path(&placed)).await;
    assert_eq!(parent.status, 403);
}

/// The child stays on in the house as a schoolchild; the kindergarten place of its extra year is promised to another one.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_decision_is_recorded_also_where_a_child_that_stays_on_finds_no_place_for_it() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    give_capacity(&app, placed.facility, AgeBand::SchoolAge, 1).await;
    placed.both_sign(&app).await;
    let longer = json!({"valid_from": "2028-03-01", "hours_per_week": 40, "last_day": "2034-07-31"});
    placed.staff("amendment", longer).await.ok();
    placed.staff("send", json!({})).await.ok();
    placed
        .staff("paper-signature", json!({"signed_on": "2027-02-01"}))
        .await
        .ok();
    placed.staff("countersign", json!({})).await.ok();
    hold(&app, placed.facility, "2029-05-10", "2032-08-01", "2034-08-01")
        .await
        .unwrap();
    let made = decide(&app, &placed, "deferral", "2027-01-20").await.ok();
    assert_eq!(
        (&made["entry_on"], &made["not_followed"]),
        (&json!("2033-08-01"), &json!(1)),
        "what the school decided is on record"
    );
    assert_eq!(until(&placed).await, "2034-08-01", "the contract stays as it is");
    assert_eq!(app.bookable(placed.facility, "over3", "2032-09-01").await, 0);
    assert_eq!(
        app.bookable(placed.facility, "school_age", "2032-09-01").await,
        0,
        "and so does its place"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn group_board_lists_and_search_follow_a_decision() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    // A child of the same age wishes a place for September 2032: a schoolchild by the key day.
    let other = facility(&app, "Kita Nord").await;
    let wishing = Family {
        birth: day("2026-03-14"),
        start: day("2032-09-01"),
        ..Family::default()
    };
    let wishing = waiting(&app, &wishing, &[other]).await;
    let listed = async |band: &str| {
        let staff = app.manager(other).await.get("/staff/preferences").await.ok();
        assert_eq!(staff["items"][0]["child"]["age_band"], band);
        let path = format!("/office/demands?view=without_place&age_band={band}");
        assert_eq!(app.clerk().await.get(&path).await.ok()["total"], 1, "{band}");
        let dashboard = app.clerk().await.get("/office/dashboard").await.ok();
        assert_eq!(dashboard["unserved"]["by_age"], json!([{"age_band": band, "count": 1}]));
    };
    let on_board = async || {
        let path = format!("/staff/facilities/{}/groups?on=2032-07-31", placed.facility);
        let before = placed.manager.get(&path).await.ok();
        before["without_group"][0]["age_band"].clone()
    };
    listed("school_age").await;
    assert_eq!(on_board().await, "over3");
    let path = format!("/office/children/{}/school-entry", wishing.child);
    let deferral = json!({"kind": "deferral", "decided_on": "2027-01-20"});
    app.clerk().await.create(&path, deferral).await.ok();
    listed("over3").await;
    decide(&app, &placed, "early", "2027-01-20").await.ok();
    assert_eq!(on_board().await, Value::Null, "the place ended a year before");
    let family = placed.family.parent.get("/family").await.ok();
    assert_eq!(family["children"][0]["school_entry_on"], "2031-08-01");
    let back = json!({"kind": "by_rule", "decided_on": "2027-01-21"});
    app.clerk().await.create(&path, back).await.ok();
    listed("school_age").await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_municipality_sets_another_key_day_than_its_state() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let admin = app.staff(&[(Role::TenantAdmin, None, None)]).await;
    let body = admin.get("/admin/settings").await.ok();
    let mut settings = body["current"]["settings"].clone();
    assert_eq!(settings["after"]["school_key_day"], Value::Null);
    let set = async |settings: &Value| {
        let body = json!({"valid_from": "2027-02-01", "settings": settings});
        admin
            .edit(Method::PUT, "/admin/settings", body_version(&admin).await, body)
            .await
    };
    settings["after"]["school_key_day"] = json!("31-12");
    let fault = ("/settings/after/school_key_day".into(), "invalid".into());
    assert_eq!(set(&settings).await.faults(), [fault]);
    settings["after"]["school_key_day"] = json!("02-28");
    set(&settings).await.ok();
    // Mia, born on 14 March 2026, is six after it.
    let entry = app.clerk().await.get(&path(&placed)).await.ok();
    assert_eq!(entry["entry_on"], "2033-08-01");
}

async fn body_version(admin: &Client) -> i64 {
    admin.get("/admin/settings").await.ok()["version"].as_i64().unwrap()
}

/// Born on each of six years' days that are near a leap day, a key day or the turn of a year, asked about on days of every month.
const BANDS: &str = "SELECT birth::date, on_day::date, decided, app.age_band(birth::date, on_day::date, decided, $2, $3)
       FROM generate_series(timestamp '2018-01-01', '2024-12-31', '1 day') birth,
            generate_series(timestamp '2021-01-01', '2031-12-31', '1 month') first,
            LATERAL (VALUES (first), (first + interval '27 days')) days (on_day),
            (VALUES (NULL), (date '2028-09-11')) decisions (decided)
      WHERE to_char(birth, 'MMDD') IN ('0101', '0228', '0229', '0301', '0630', '0701', '0930', '1001', '1231') AND $1::int IS NOT NULL";

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_database_counts_age_bands_as_the_application_does() {
    let app = TestApp::new().await;
    for (rule, six_by) in [
        (SchoolRule::default(), 630),
        (
            SchoolRule {
                six_by: (9, 30),
                begins: (9, 1),
            },
            930,
        ),
    ] {
        type Row = (NaiveDate, NaiveDate, Option<NaiveDate>, String);
        let month = i32::try_from(rule.begins.0).unwrap();
        let rows: Vec<Row> = as_system(&app.platform, &app.tenant, "test", async |tx| {
            let query = sqlx::query_as(BANDS).bind(tx.tenant_id().0).bind(six_by).bind(month);
            query.fetch_all(tx.conn()).await
        })
        .await
        .unwrap();
        assert!(rows.len() > 20_000, "{}", rows.len());
        let entries = SchoolEntries::new(rule, HashMap::new());
        for (birth, on, decided, band) in rows {
            let expected = age_band_on(birth, on, decided.unwrap_or_else(|| entries.by_rule(birth)));
            assert_eq!(band, expected.as_str(), "born {birth}, on {on}, decided {decided:?}");
        }
    }
}
