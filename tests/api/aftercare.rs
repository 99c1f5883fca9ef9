//! Follow-up care: proposed once before a place ends with the child's age, answered with one click.

use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::facilities::facility;
use crate::support::{Answer, TestApp};

const JANA: &str = "jana@example.org";

/// Mia, born on 14 March 2026, is at a nursery until she is three; there is a kindergarten near.
async fn nursery(app: &TestApp) -> Placed {
    let placed = Placed::new(app).await;
    placed.both_sign(app).await;
    let until = "UPDATE care_contract SET care_until = '2029-03-14' WHERE tenant_id = $1 AND facility_id = $2";
    app.change(until, placed.facility.0).await;
    let kita = facility(app, "Kindergarten Ahorn").await;
    let care = "UPDATE facility SET care_types = '{kindergarten}' WHERE tenant_id = $1 AND id = $2";
    app.change(care, kita.0).await;
    let nursery = "UPDATE facility SET care_types = '{nursery}' WHERE tenant_id = $1 AND id = $2";
    app.change(nursery, placed.facility.0).await;
    placed
}

async fn asked(app: &TestApp) -> usize {
    app.mails_to(JANA)
        .await
        .iter()
        .filter(|kind| *kind == "followup_due")
        .count()
}

async fn say(app: &TestApp, token: &str, wants: bool) -> Answer {
    let body = json!({"token": token, "wants": wants, "legal_claim": true});
    app.anonymous().post("/followup-demands/answer", body).await
}

async fn office(app: &TestApp) -> Value {
    app.clerk().await.get("/office/followup-demands").await.ok()["items"].clone()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_family_is_asked_once_and_one_click_makes_the_demand() {
    let app = TestApp::new().await;
    let mut placed = nursery(&app).await;
    placed.later(&app, "2028-05-13T09:00:00Z").await;
    assert_eq!(asked(&app).await, 0, "ten months and a day before");
    placed.later(&app, "2028-05-14T09:00:00Z").await;
    placed.later(&app, "2028-05-15T09:00:00Z").await;
    assert_eq!(asked(&app).await, 1, "nothing is proposed twice");
    let token = app.link("followup_due", JANA).await;
    let seen = app
        .anonymous()
        .post("/followup-demands/seen", json!({ "token": token }))
        .await
        .ok();
    assert_eq!(
        (&seen["child"], &seen["care_type"]),
        (&json!("M."), &json!("kindergarten"))
    );
    assert_eq!(
        (&seen["needed_from"], &seen["facilities"]),
        (&json!("2029-03-14"), &json!(["Kindergarten Ahorn"]))
    );
    assert_eq!(office(&app).await[0]["state"], "proposed");
    let done = say(&app, &token, true).await.ok();
    assert_eq!(
        (&done["confirmed"], &done["sent"]),
        (&json!(true), &json!(true)),
        "{done}"
    );
    let demand = placed
        .family
        .parent
        .get(&format!("/demands/{}", done["demand_id"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(
        (&demand["state"], &demand["care_type"]),
        (&json!("confirmed"), &json!("kindergarten"))
    );
    assert_eq!(
        (&demand["desired_start"], &demand["hours_per_week"]),
        (&json!("2029-03-14"), &json!(40))
    );
    assert_eq!(demand["preferences"][0]["facility_name"], "Kindergarten Ahorn");
    assert!(
        demand["legal_claim_asserted_at"].is_string() || demand["legal_claim"] == true,
        "{demand}"
    );
    assert_eq!(say(&app, &token, false).await.refused(409), "followup_demand.answered");
    let listed = office(&app).await;
    assert_eq!(
        (&listed[0]["state"], &listed[0]["demand_id"]),
        (&json!("confirmed"), &done["demand_id"])
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_no_is_kept_and_nobody_asks_again() {
    let app = TestApp::new().await;
    let mut placed = nursery(&app).await;
    placed.later(&app, "2028-06-01T09:00:00Z").await;
    let token = app.link("followup_due", JANA).await;
    let done = say(&app, &token, false).await.ok();
    assert_eq!((&done["confirmed"], &done["demand_id"]), (&json!(false), &Value::Null));
    placed.later(&app, "2028-07-01T09:00:00Z").await;
    assert_eq!(asked(&app).await, 1);
    assert_eq!(office(&app).await[0]["state"], "declined");
    let gone = app
        .anonymous()
        .post("/followup-demands/seen", json!({"token": "x"}))
        .await;
    assert_eq!(gone.refused(410), "followup_demand.link_invalid");
    app.at("2029-03-14T09:00:00Z");
    let late = app
        .anonymous()
        .post("/followup-demands/seen", json!({ "token": token }))
        .await;
    assert_eq!(late.refused(410), "followup_demand.link_invalid", "the place has ended");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_has_a_later_place_or_a_wish_is_not_asked() {
    let app = TestApp::new().await;
    let mut placed = nursery(&app).await;
    app.wishes(placed.family.child, &[placed.facility]).await;
    placed.later(&app, "2028-06-01T09:00:00Z").await;
    assert_eq!(asked(&app).await, 0, "the family wishes something already");
    let notice =
        "UPDATE care_demand SET state = 'withdrawn' WHERE tenant_id = $1 AND child_id = $2 AND state <> 'closed'";
    app.change(notice, placed.family.child.0).await;
    let ends = "UPDATE care_contract SET care_until = '2028-08-01' WHERE tenant_id = $1 AND facility_id = $2";
    app.change(ends, placed.facility.0).await;
    placed.later(&app, "2028-06-02T09:00:00Z").await;
    assert_eq!(asked(&app).await, 0, "a place that ends before the age was meant to");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_link_holds_as_long_as_the_guardian_who_got_it_has_custody() {
    let app = TestApp::new().await;
    let mut placed = nursery(&app).await;
    let kai = app.second_custody(placed.family.child, Some("kai@example.org")).await;
    placed.later(&app, "2028-06-01T09:00:00Z").await;
    let links = (
        app.link("followup_due", JANA).await,
        app.link("followup_due", "kai@example.org").await,
    );
    app.end_custody(&kai, "2028-06-02").await;
    let seen = async |token: &str| {
        let body = json!({ "token": token });
        app.anonymous().post("/followup-demands/seen", body).await
    };
    assert_eq!(seen(&links.1).await.ok()["child"], "M.", "until midnight");
    app.at("2028-06-02T09:00:00Z");
    assert_eq!(seen(&links.1).await.refused(410), "followup_demand.link_invalid");
    for wants in [true, false] {
        let said = say(&app, &links.1, wants).await;
        assert_eq!(said.refused(410), "followup_demand.link_invalid");
    }
    assert_eq!(say(&app, &links.0, true).await.ok()["sent"], true);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_has_not_answered_is_reminded_once_while_a_demand_is_still_in_time() {
    let app = TestApp::new().await;
    let mut placed = nursery(&app).await;
    placed.later(&app, "2028-08-10T09:00:00Z").await;
    let first = app.link("followup_due", JANA).await;
    // Six months of notice before 14 March 2029, and a fortnight before that.
    placed.later(&app, "2028-08-30T09:00:00Z").await;
    assert_eq!(asked(&app).await, 1);
    placed.later(&app, "2028-08-31T09:00:00Z").await;
    placed.later(&app, "2028-09-01T09:00:00Z").await;
    assert_eq!(asked(&app).await, 2, "once more, and no more");
    let second = app.link("followup_due", JANA).await;
    assert_eq!(
        say(&app, &first, true).await.refused(410),
        "followup_demand.link_invalid"
    );
    assert_eq!(say(&app, &second, true).await.ok()["sent"], true);
}
