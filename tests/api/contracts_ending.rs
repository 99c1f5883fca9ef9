//! How a contract ends: with notice, let be before it is signed, and the account behind it closed.

use serde_json::{Value, json};

use crate::contracts::JANA;
use crate::support::contracts::Placed;
use crate::support::facilities::facility;
use crate::support::{Answer, TestApp};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn notice_ends_at_the_end_of_a_month_and_gives_the_place_back_at_once() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.later(&app, "2028-01-15T09:00:00Z").await;
    let jana = placed.family.parent.clone();
    let active = placed.seen(&jana).await;
    assert_eq!(
        (&active["state"], &active["earliest_last_day"]),
        (&json!("active"), &json!("2028-04-30"))
    );
    let soon = placed
        .guardian(&jana, "notice", json!({"last_day": "2028-03-31"}))
        .await;
    assert_eq!(soon.faults(), [("/last_day".into(), "too_early".into())]);
    assert_eq!(app.bookable(placed.facility, "under3", "2028-05-01").await, 0);
    let reason = "Wir ziehen um";
    let given = placed.guardian(&jana, "notice", json!({ "reason": reason })).await.ok();
    assert_eq!(
        (&given["state"], &given["care_until"]),
        (&json!("active"), &json!("2028-05-01"))
    );
    assert_eq!(
        (&given["notice_by"], &given["notice_reason"]),
        (&json!("guardians"), &json!(reason))
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2028-05-01").await, 1);
    assert_eq!(app.bookable(placed.facility, "under3", "2028-04-01").await, 0);
    assert!(app.mails_to(JANA).await.contains(&"contract_ends".to_owned()));
    let twice = placed.staff("terminate", json!({"reason": "x"})).await;
    assert_eq!(twice.refused(409), "contract.notice_given");
    placed.later(&app, "2028-04-30T10:00:00Z").await;
    assert_eq!(
        placed.seen(&placed.manager).await["state"],
        "active",
        "the last day is a day of care"
    );
    placed.later(&app, "2028-05-01T10:00:00Z").await;
    assert_eq!(placed.seen(&placed.manager).await["state"], "terminated");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_facility_says_why_and_may_end_sooner_when_both_agree() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.later(&app, "2028-01-15T09:00:00Z").await;
    let bare = placed.staff("terminate", json!({"reason": " "})).await;
    assert_eq!(bare.faults(), [("/reason".into(), "required".into())]);
    let body =
        json!({"reason": "Umzug, die Familie ist einverstanden", "last_day": "2028-01-31", "by_agreement": true});
    let ended = placed.staff("terminate", body).await.ok();
    assert_eq!(
        (&ended["notice_by"], &ended["care_until"]),
        (&json!("facility"), &json!("2028-02-01"))
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2028-02-01").await, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_lets_an_unsigned_contract_be_and_its_demand_closes() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let jana = placed.family.parent.clone();
    placed.staff("send", json!({})).await.ok();
    assert_eq!(placed.seen(&jana).await["may_withdraw"], true);
    let gone = placed.guardian(&jana, "notice", json!({})).await.ok();
    assert_eq!(
        (&gone["state"], &gone["earliest_last_day"]),
        (&json!("terminated"), &Value::Null)
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2027-08-01").await, 1);
    app.run_jobs().await;
    assert_eq!(app.demand_state(placed.wishes.demand).await, "closed");
    assert_eq!(app.preference_state(placed.wishes.preferences[0]).await, "withdrawn");
    let signed = placed.staff("send", json!({})).await;
    assert_eq!(signed.refused(409), "contract.wrong_state");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn when_the_facility_lets_it_be_the_demand_stands_with_its_other_wishes() {
    let app = TestApp::new().await;
    let other = facility(&app, "Kita Mond").await;
    let placed = Placed::wishing(&app, &[other]).await;
    assert_eq!(
        app.preference_state(placed.wishes.preferences[1]).await,
        "covered_elsewhere"
    );
    let body = json!({"reason": "Die Gruppe öffnet nicht."});
    let gone = placed.staff("terminate", body).await.ok();
    assert_eq!(gone["state"], "terminated");
    app.run_jobs().await;
    assert_eq!(app.demand_state(placed.wishes.demand).await, "confirmed");
    assert_eq!(app.preference_state(placed.wishes.preferences[1]).await, "received");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_account_can_be_closed_once_its_contracts_have_ended() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let running = close_account(&app).await;
    assert_eq!(running.refused(409), "identity.open_matters");
    app.at("2033-08-01T09:00:00Z");
    app.run_periodic().await;
    let jana = app.parent(JANA).await;
    assert_eq!(placed.seen(&jana).await["state"], "ended");
    assert_eq!(close_account(&app).await.status, 204);
}

/// Jana sets a password by the mail and closes her account with it.
async fn close_account(app: &TestApp) -> Answer {
    const PASSWORD: &str = "vier grüne Pinguine tanzen";
    let anybody = app.anonymous();
    let asked = anybody.post("/password-resets", json!({ "email": JANA })).await;
    assert_eq!(asked.status, 202);
    let token = app.link("reset", JANA).await;
    let body = json!({"token": token, "password": PASSWORD});
    anybody.post("/password-resets/complete", body).await.ok();
    let jana = app.parent(JANA).await;
    jana.post("/account/close", json!({ "current_password": PASSWORD }))
        .await
}
