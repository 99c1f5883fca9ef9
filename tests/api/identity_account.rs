//! The account of a person: its address, its version, its end, and what is removed with time.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::demands::{Demand, complete};
use crate::support::families::{child, enter, id};
use crate::support::registered::{PASSWORD, app_post, face, registered, sign_in};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_address_changes_by_a_link_to_the_new_one() {
    let app = TestApp::new().await;
    let anna = registered(&app, "anna@example.org").await;
    registered(&app, "ben@example.org").await;
    let ask = |email: &str| {
        let body = json!({"email": email, "current_password": PASSWORD});
        let client = anna.clone();
        async move { client.post("/account/email", body).await }
    };
    let (free, taken) = (ask("neu@example.org").await, ask("ben@example.org").await);
    assert_eq!(face(&free), face(&taken));
    assert_eq!(
        app.mails_to("ben@example.org").await,
        ["confirm_address", "account_exists"]
    );
    let token = app.link("email_change", "neu@example.org").await;
    assert_eq!(sign_in(&app, "anna@example.org", PASSWORD).await.status, 200);
    let confirm = app_post(&app, "/account/email/confirm", json!({"token": token})).await;
    assert_eq!(confirm.status, 204);
    assert_eq!(sign_in(&app, "anna@example.org", PASSWORD).await.status, 401);
    assert_eq!(sign_in(&app, "neu@example.org", PASSWORD).await.status, 200);
    assert_eq!(
        app.mails_to("anna@example.org").await,
        ["confirm_address", "email_changed"]
    );
    assert_eq!(app.mails_to("neu@example.org").await, ["email_change"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_account_with_a_running_demand_stays_open() {
    let app = TestApp::new().await;
    let jana = registered(&app, "jana@example.org").await;
    let demand = app.demand("other@example.org").await;
    enter(&jana, "Jana", "Braun").await;
    let mia = json!({"first_name": "Mia", "last_name": "Braun", "sex": "female", "birth_date": "2026-03-14"});
    let mia = child(&jana, mia).await;
    let own = Demand {
        id: id(&jana.create("/demands", json!({"child_id": mia})).await.ok()["id"]),
        parent: jana.clone(),
        child: mia,
        facilities: demand.facilities,
    };
    own.change(complete()).await.ok();
    own.wish(&own.facilities).await.ok();
    own.submit().await.ok();
    let close = json!({"current_password": PASSWORD});
    let refused = jana.post("/account/close", close.clone()).await;
    assert_eq!(refused.refused(409), "identity.open_matters");
    own.withdraw().await.ok();
    assert_eq!(jana.post("/account/close", close).await.status, 204);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_account_is_edited_by_who_saw_its_version() {
    let app = TestApp::new().await;
    let anna = app.parent("anna@example.org").await;
    let patch = reqwest::Method::PATCH;
    let body = json!({"display_name": " Anna B. ", "language": "en"});
    let bare = anna.send(patch.clone(), "/account", Some(&body), &[]).await;
    assert_eq!(bare.refused(428), "version.required");
    let saved = anna.edit(patch.clone(), "/account", 1, body.clone()).await;
    assert_eq!(saved.headers["etag"], "\"2\"");
    assert_eq!(saved.ok()["display_name"], "Anna B.");
    let stale = anna.edit(patch.clone(), "/account", 1, body).await;
    assert_eq!(stale.refused(412), "version.stale");
    assert_eq!(stale.headers["etag"], "\"2\"");
    let gone = anna
        .edit(patch, "/account", 2, json!({"display_name": null}))
        .await
        .ok();
    assert_eq!(gone["display_name"], Value::Null);
    assert_eq!(gone["language"], "en");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_closed_account_is_gone_and_its_address_free() {
    let app = TestApp::new().await;
    let anna = registered(&app, "anna@example.org").await;
    let wrong = anna.post("/account/close", json!({"current_password": "falsch"})).await;
    assert_eq!(wrong.faults()[0].0, "/current_password");
    let closed = anna.post("/account/close", json!({"current_password": PASSWORD})).await;
    assert_eq!(closed.status, 204);
    assert_eq!(anna.get("/session").await.ok()["account"], Value::Null);
    assert_eq!(sign_in(&app, "anna@example.org", PASSWORD).await.status, 401);
    registered(&app, "anna@example.org").await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_has_expired_is_removed() {
    let app = TestApp::new().await;
    registered(&app, "anna@example.org").await;
    sign_in(&app, "anna@example.org", "falsch").await;
    app.admin()
        .await
        .create("/admin/api-keys", json!({"name": "x", "scopes": ["facilities_read"]}))
        .await
        .ok();
    let count = async || {
        kitaplatz::access::as_system(&app.platform, &app.tenant, "test_count", async |tx| {
            let tenant = tx.tenant_id();
            sqlx::query_scalar::<_, i64>(
                "SELECT (SELECT count(*) FROM session WHERE tenant_id = $1) + (SELECT count(*) FROM throttle WHERE tenant_id = $1)
                      + (SELECT count(*) FROM account_token WHERE tenant_id = $1) + (SELECT count(*) FROM idempotency_key WHERE tenant_id = $1)",
            )
            .bind(tenant.0)
            .fetch_one(tx.conn())
            .await
        })
        .await
        .unwrap()
    };
    assert!(count().await >= 5);
    app.at("2027-02-03T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(count().await, 0);
}
