//! The municipality's own matters: settings, look, logo, legal pages, its host name.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn settings_hold_from_their_day_and_what_held_before_stays() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let now = admin.get("/admin/settings").await;
    assert_eq!(now.headers["etag"], "\"1\"");
    let now = now.ok();
    let mut settings = now["current"]["settings"].clone();
    settings["max_preferences"] = json!(9);
    let put = |version: i64, from: &str, settings: &Value| {
        let (admin, body) = (admin.clone(), json!({"valid_from": from, "settings": settings}));
        async move { admin.edit(Method::PUT, "/admin/settings", version, body).await }
    };
    let planned = put(1, "2027-08-01", &settings).await.ok();
    assert_eq!(planned["current"], now["current"]);
    assert_eq!(planned["planned"][0]["settings"]["max_preferences"], 9);
    assert_eq!(put(1, "2027-08-01", &settings).await.refused(412), "version.stale");
    let past = put(2, "2027-01-31", &settings).await.faults();
    assert_eq!(past, [("/valid_from".to_owned(), "too_early".to_owned())]);
    settings["max_preferences"] = json!(0);
    assert_eq!(
        put(2, "2027-08-01", &settings).await.faults()[0].0,
        "/settings/max_preferences"
    );
    assert_eq!(app.anonymous().get("").await.ok()["max_preferences"], 5);
    app.at("2027-08-01T08:00:00Z");
    assert_eq!(app.anonymous().get("").await.ok()["max_preferences"], 9);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_look_is_edited_field_by_field() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let edit = |version: i64, body: Value| {
        let admin = admin.clone();
        async move { admin.edit(Method::PATCH, "/admin/tenant", version, body).await }
    };
    let body = json!({"office_name": "Jugendamt", "primary_color": "#0A5C36", "contact_email": "kita@example.org",
        "sender_address": "kita@example.org"});
    let saved = edit(1, body).await.ok();
    assert_eq!(
        (&saved["primary_color"], &saved["version"]),
        (&json!("#0a5c36"), &json!(2))
    );
    assert_eq!(app.anonymous().get("").await.ok()["office_name"], "Jugendamt");
    let bad =
        json!({"office_name": " ", "primary_color": "#ffff00", "contact_email": "nobody", "sender_address": null});
    let codes: Vec<_> = edit(2, bad).await.faults().into_iter().map(|f| f.1).collect();
    assert_eq!(codes, ["required", "invalid", "low_contrast"]);
    assert_eq!(
        edit(2, json!({"sender_address": null})).await.ok()["sender_address"],
        Value::Null
    );
    assert_eq!(edit(2, json!({})).await.refused(412), "version.stale");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_logo_is_a_picture_that_can_do_nothing() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let put = async |kind: &str, bytes: &str| {
        reqwest::Client::new()
            .put(format!("{}/api/v1/{}/admin/logo", app.base, app.tenant.slug))
            .header("cookie", admin.cookie.clone().unwrap())
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind)
            .body(bytes.to_owned())
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(app.anonymous().get("/logo").await.refused(404), "not_found");
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>";
    assert_eq!(put("image/svg+xml", &svg.replace("<path", "<script/><path")).await, 422);
    assert_eq!(put("image/png", svg).await, 422);
    assert_eq!(put("text/html", svg).await, 415);
    assert_eq!(put("image/svg+xml", svg).await, 204);
    let url = app.anonymous().get("").await.ok()["logo_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let logo = app.anonymous().get(&format!("/{url}")).await;
    assert_eq!(logo.bytes, svg.as_bytes());
    assert_eq!(logo.headers["content-type"], "image/svg+xml");
    assert!(
        logo.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    assert_eq!(logo.headers["x-content-type-options"], "nosniff");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn legal_pages_fall_back_to_a_language_that_is_there() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let public = app.anonymous();
    assert_eq!(public.get("/legal/imprint?language=en").await.ok()["language"], "en");
    assert_eq!(
        public.get("/legal/plain_language?language=en").await.ok()["language"],
        "de"
    );
    assert_eq!(public.get("/legal/nothing").await.refused(404), "not_found");
    let put = |version: i64| {
        let (admin, body) = (admin.clone(), json!({"title": "Plain language", "body": "Hello."}));
        async move {
            admin
                .edit(Method::PUT, "/admin/legal/plain_language/en", version, body)
                .await
        }
    };
    assert_eq!(put(0).await.ok()["version"], 1);
    assert_eq!(put(0).await.refused(412), "version.stale");
    assert_eq!(put(1).await.ok()["version"], 2);
    assert_eq!(
        public.get("/legal/plain_language?language=en").await.ok()["body"],
        "Hello."
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_host_name_reaches_its_own_tenant_only() {
    let app = TestApp::new().await;
    let other = app.other_tenant().await;
    let host = format!("{}.example.org", app.tenant.slug);
    sqlx::query("UPDATE tenant SET host = $2 WHERE id = $1")
        .bind(app.tenant.id.0)
        .bind(&host)
        .execute(app.platform.ops.as_ref().unwrap().pool())
        .await
        .unwrap();
    app.platform.tenants.forget();
    let status = async |slug: &str, headers: &[(&str, &str)]| {
        let mut request = reqwest::Client::new().get(format!("{}/api/v1/{slug}", app.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(&app.tenant.slug, &[("host", &host)]).await, 200);
    assert_eq!(status(&other.slug, &[("host", &host)]).await, 404);
    assert_eq!(status(&other.slug, &[("x-forwarded-host", &host)]).await, 200);
    assert_eq!(status(&other.slug, &[]).await, 200);
}
