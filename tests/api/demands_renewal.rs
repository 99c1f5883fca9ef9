//! Demands that grow old: forgotten drafts go, families are asked, and one click renews.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::demands::{Demand, outbox, with_settings};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn forgotten_drafts_go_and_demands_run_out_where_they_must_be_renewed() {
    let app = TestApp::new().await;
    let draft = app.demand("jana@example.org").await;
    let sent = app.sent_demand("kim@example.org", &draft.facilities).await;
    app.at("2027-05-02T08:00:00Z");
    app.run_periodic().await;
    let jana = app.parent("jana@example.org").await;
    assert_eq!(jana.get(&draft.path()).await.status, 200, "90 days are not over");
    app.at("2027-05-02T10:00:00Z");
    app.run_periodic().await;
    assert_eq!(jana.get(&draft.path()).await.refused(404), "not_found");
    let kim = app.parent("kim@example.org").await;
    assert_eq!(
        kim.get(&sent.path()).await.ok()["state"],
        "confirmed",
        "no renewal is asked here"
    );
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    app.run_periodic().await;
    let asked = kim.get(&sent.path()).await.ok();
    assert_eq!(asked["state"], "confirmed", "nobody loses a demand without being asked");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_is_asked_three_times_and_the_demand_ends_a_fortnight_after_the_third() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    demand.submit().await.ok();
    assert_eq!(demand.get().await["next_step"]["code"], "facilities_answer");
    let asked = async |day: &str| {
        app.at(&format!("{day}T09:00:00Z"));
        // Twice: a job that runs again asks nobody again.
        app.run_periodic().await;
        app.run_periodic().await;
        outbox(&app, "renewal_due").await.len()
    };
    let mut counts = Vec::new();
    for day in [
        "2027-03-30",
        "2027-03-31",
        "2027-04-22",
        "2027-04-23",
        "2027-04-30",
        "2027-05-01",
        "2027-05-15",
    ] {
        counts.push(asked(day).await);
    }
    assert_eq!(counts, [0, 1, 1, 2, 2, 3, 3]);
    let mails = outbox(&app, "renewal_due").await;
    let told: Vec<_> = mails.iter().map(|m| (m["until"].clone(), m["last"].clone())).collect();
    assert_eq!(
        told,
        [
            (json!("2027-04-30"), json!(false)),
            (json!("2027-04-30"), json!(false)),
            (json!("2027-05-15"), json!(true))
        ]
    );
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    let shown = demand.get().await;
    assert_eq!(shown["next_step"], json!({"code": "renew", "date": "2027-05-15"}));
    assert_eq!(shown["hints"][0]["code"], "renew");
    assert_eq!(asked("2027-05-16").await, 3);
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(demand.get().await["state"], "expired");
    let told = outbox(&app, "demand_ended").await;
    assert_eq!(
        (told.len(), &told[0]["ending"]),
        (1, &json!("expired")),
        "and the family is told"
    );
    let history = demand.parent.get(&format!("{}/history", demand.path())).await.ok();
    let kinds: Vec<&str> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["kind"].as_str())
        .collect();
    let steps = kinds.iter().filter(|k| **k == "renewal_reminded").count();
    assert_eq!(
        (steps, kinds.contains(&"expired")),
        (3, true),
        "every step is on record: {kinds:?}"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn one_click_in_the_mail_renews_without_signing_in_and_once() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    demand.submit().await.ok();
    app.at("2027-04-05T09:00:00Z");
    app.run_periodic().await;
    let token = app.link("renewal_due", "jana@example.org").await;
    let anybody = app.anonymous();
    let click = async |token: &str| anybody.post("/renewals", json!({ "token": token })).await;
    assert_eq!(
        anybody.get(&format!("/renewals?token={token}")).await.status,
        405,
        "looking renews nothing"
    );
    assert_eq!(click("falsch").await.refused(410), "demand.link_invalid");
    let renewed = click(&token).await.ok();
    assert_eq!(renewed["until"], "2027-07-04");
    app.at("2027-04-06T09:00:00Z");
    assert_eq!(
        click(&token).await.ok()["until"],
        "2027-07-04",
        "the second click changes nothing"
    );
    let events = "SELECT count(*)::text FROM demand_event WHERE tenant_id = $1 AND demand_id = $2 AND kind = 'renewed'";
    assert_eq!(app.value(events, demand.id.0).await.as_deref(), Some("1"));
    let kept = "SELECT encode(token_hash, 'hex') FROM renewal_link WHERE tenant_id = $1 AND demand_id = $2";
    assert!(
        !app.value(kept, demand.id.0).await.unwrap().contains(&token),
        "only a hash is kept"
    );
    let other = app.other_tenant().await;
    let elsewhere = app.client_of(&other).post("/renewals", json!({ "token": token })).await;
    assert_eq!(elsewhere.refused(410), "demand.link_invalid");
    let jana = app.parent("jana@example.org").await;
    let demand = Demand { parent: jana, ..demand };
    demand.withdraw().await.ok();
    assert_eq!(
        click(&token).await.refused(410),
        "demand.link_invalid",
        "an ended demand stays ended"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_guardian_has_a_link_that_holds_as_long_as_custody() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    demand.submit().await.ok();
    let kai = app.second_custody(demand.child, Some("kai@example.org")).await;
    app.at("2027-04-05T09:00:00Z");
    app.run_periodic().await;
    let links = (
        app.link("renewal_due", "jana@example.org").await,
        app.link("renewal_due", "kai@example.org").await,
    );
    let click = async |token: &str| app.anonymous().post("/renewals", json!({ "token": token })).await;
    app.end_custody(&kai, "2027-04-05").await;
    assert_eq!(click(&links.1).await.refused(410), "demand.link_invalid");
    assert_eq!(click(&links.0).await.ok()["until"], "2027-07-04");
    let again = json!({"valid_from": kai["valid_from"], "valid_to": null, "reason": "correction"});
    let path = format!("/office/custody/{}", kai["id"].as_str().unwrap());
    app.clerk().await.edit(Method::PUT, &path, 2, again).await.ok();
    app.at("2027-04-06T09:00:00Z");
    assert_eq!(
        click(&links.1).await.ok()["until"],
        "2027-07-04",
        "the mail to the other one was answered for both"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_renews_in_its_account() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    let path = format!("{}/renew", demand.path());
    let version = demand.version().await;
    let draft = demand.parent.edit(Method::POST, &path, version, json!({})).await;
    assert_eq!(draft.refused(409), "demand.wrong_state");
    demand.submit().await.ok();
    app.at("2027-04-05T09:00:00Z");
    app.run_periodic().await;
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(
        demand.get().await["next_step"],
        json!({"code": "renew", "date": "2027-04-30"})
    );
    let stranger = app.family("fremd@example.org").await.parent;
    let version = demand.version().await;
    let missing = stranger.edit(Method::POST, &path, version, json!({})).await;
    assert_eq!(missing.refused(404), "not_found");
    let stale = demand.parent.edit(Method::POST, &path, version - 1, json!({})).await;
    assert_eq!(stale.refused(412), "version.stale");
    let renewed = demand.parent.edit(Method::POST, &path, version, json!({})).await.ok();
    assert_eq!(renewed["next_step"]["code"], "facilities_answer");
    app.at("2027-05-20T09:00:00Z");
    app.run_periodic().await;
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(demand.get().await["state"], "confirmed");
}
