//! Criteria: public to read, the administrator's to write, and what they make of a preference's points.

use kitaplatz::demands;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::demands::{add_default_criteria, points};

fn lone_parent() -> Value {
    json!({"code": "lone_parent", "title_de": "Alleinerziehend", "title_en": "Lone parent", "points": 5, "scope": "global", "position": 1})
}

#[actix_web::test]
async fn everybody_reads_the_criteria_in_their_language() {
    let app = TestApp::new().await;
    assert_eq!(
        app.anonymous().get("/criteria").await.ok()["items"],
        json!([]),
        "none is given unasked"
    );
    add_default_criteria(&app).await;
    let german = app.anonymous().get("/criteria").await.ok();
    assert_eq!(
        german["items"].as_array().unwrap().len(),
        demands::default_criteria().len()
    );
    assert_eq!(german["items"][1]["title"], "Beide Eltern arbeiten");
    let english = app.anonymous().get("/criteria?language=en").await.ok();
    assert_eq!(english["items"][1]["title"], "Both parents work");
}

#[actix_web::test]
async fn an_administrator_adds_changes_and_switches_off() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = admin.create("/admin/criteria", lone_parent()).await.ok();
    let again = admin.create("/admin/criteria", lone_parent()).await;
    assert_eq!(again.faults(), [("/code".to_owned(), "taken".to_owned())]);
    let path = format!("/admin/criteria/{}", made["id"].as_str().unwrap());
    let stale = admin.edit(Method::PATCH, &path, 2, json!({"points": 7})).await;
    assert_eq!(stale.refused(412), "version.stale");
    let changed = admin
        .edit(Method::PATCH, &path, 1, json!({"points": 7, "active": false}))
        .await
        .ok();
    assert_eq!(
        (&changed["points"], &changed["active"], &changed["version"]),
        (&json!(7), &json!(false), &json!(2))
    );
    assert_eq!(app.anonymous().get("/criteria").await.ok()["items"], json!([]));
    assert_eq!(admin.get("/admin/criteria").await.ok()["items"][0]["id"], made["id"]);
    let missing = admin
        .edit(
            Method::PATCH,
            "/admin/criteria/9b2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11",
            1,
            json!({}),
        )
        .await;
    assert_eq!(missing.refused(404), "not_found");
    for person in [app.clerk().await, app.parent("jana@example.org").await] {
        assert_eq!(
            person.create("/admin/criteria", lone_parent()).await.refused(403),
            "access.denied"
        );
    }
}

#[actix_web::test]
async fn faults_of_a_criterion_name_their_fields() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = json!({"code": "Ö", "title_de": "", "title_en": "x", "points": 5000, "scope": "local", "position": -1,
                      "hint_de": "x".repeat(1001)});
    let wanted = [
        ("/code", "invalid"),
        ("/title_de", "required"),
        ("/hint_de", "too_long"),
        ("/points", "out_of_range"),
        ("/position", "out_of_range"),
        ("/scope", "not_supported"),
    ];
    let faults = admin.create("/admin/criteria", body).await.faults();
    assert_eq!(faults, wanted.map(|(p, c)| (p.to_owned(), c.to_owned())));
}

#[actix_web::test]
async fn points_follow_claims_evidence_and_criteria() {
    let app = TestApp::new().await;
    let criterion = app.admin().await.create("/admin/criteria", lone_parent()).await.ok();
    let demand = app.demand("jana@example.org").await;
    let claim = |claimed: bool| json!({"facts": [{"criterion_id": criterion["id"], "claimed": claimed}]});
    assert_eq!(points(&app, &demand).await, [0, 0]);
    let body = demand.change(claim(true)).await.ok();
    assert_eq!(body["facts"][0]["evidence_state"], "claimed");
    assert_eq!(points(&app, &demand).await, [5, 5]);
    let body = demand.change(claim(false)).await.ok();
    assert_eq!(body["facts"][0]["evidence_state"], Value::Null);
    assert_eq!(points(&app, &demand).await, [0, 0]);
    demand.change(claim(true)).await.ok();
    let path = format!("/admin/criteria/{}", criterion["id"].as_str().unwrap());
    app.admin()
        .await
        .edit(Method::PATCH, &path, 1, json!({"points": 8}))
        .await
        .ok();
    app.run_jobs().await;
    assert_eq!(points(&app, &demand).await, [8, 8]);
    let unknown = json!({"facts": [{"criterion_id": "9b2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "claimed": true}]});
    assert_eq!(
        demand.change(unknown).await.faults(),
        [("/facts/0/criterion_id".to_owned(), "unknown".to_owned())]
    );
}
