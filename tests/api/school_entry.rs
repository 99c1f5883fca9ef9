//! School entry by the key date or as it was decided: contracts, places and the family's fees follow.

use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::{Answer, TestApp};

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

#[actix_web::test]
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

#[actix_web::test]
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
