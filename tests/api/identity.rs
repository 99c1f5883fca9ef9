//! People: registration, the links in their mails, and what strangers can tell from an answer.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::registered::{PASSWORD, app_post, face, registered, sign_in};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_parent_registers_confirms_signs_out_and_in() {
    let app = TestApp::new().await;
    let client = registered(&app, "anna@example.org").await;
    let session = client.get("/session").await.ok();
    assert_eq!(session["account"]["kind"], "parent");
    assert_eq!(
        session["second_factor"],
        json!({"enabled": false, "required": false, "required_from": null})
    );
    assert_eq!(client.delete("/session").await.status, 204);
    assert_eq!(client.get("/session").await.ok()["account"], Value::Null);
    assert_eq!(client.delete("/session").await.refused(401), "access.signed_out");
    let again = sign_in(&app, " Anna@Example.org ", PASSWORD).await;
    assert_eq!(again.ok()["account"]["email"], "anna@example.org");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nothing_exists_until_the_address_is_confirmed() {
    let app = TestApp::new().await;
    let body = json!({"email": "anna@example.org", "password": PASSWORD, "language": "de"});
    app.anonymous().post("/registrations", body).await.ok();
    assert_eq!(
        sign_in(&app, "anna@example.org", PASSWORD).await.refused(401),
        "identity.credentials"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn passwords_and_addresses_are_checked_field_by_field() {
    let app = TestApp::new().await;
    let faults = |body: Value| async { app.anonymous().post("/registrations", body).await.faults() };
    let pair = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        faults(json!({"email": "nobody", "password": "kurz", "language": "fr"})).await,
        [
            pair("/email", "invalid"),
            pair("/language", "unknown"),
            pair("/password", "too_short")
        ]
    );
    assert_eq!(
        faults(json!({"email": "a@example.org", "password": "passwordpassword"})).await,
        [pair("/password", "too_weak")]
    );
    assert_eq!(
        faults(json!({"email": "a@example.org", "password": "musterstadt-kitaplatz"})).await,
        [pair("/password", "too_weak")]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::new().await;
    registered(&app, "known@example.org").await;
    let anonymous = app.anonymous();
    for (path, password) in [
        ("/session", Some("sieben rote Füchse schlafen")),
        ("/registrations", Some(PASSWORD)),
        ("/password-resets", None),
    ] {
        let mut faces = Vec::new();
        for email in ["known@example.org", "nobody@example.org"] {
            let mut body = json!({"email": email});
            if let Some(password) = password {
                body["password"] = json!(password);
            }
            faces.push(face(&anonymous.post(path, body).await));
        }
        assert_eq!(faces[0], faces[1], "{path}");
    }
    // The difference arrives by mail only.
    assert_eq!(
        app.mails_to("known@example.org").await,
        ["confirm_address", "account_exists", "reset"]
    );
    assert_eq!(app.mails_to("nobody@example.org").await, ["confirm_address"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_link_works_once_even_for_a_hundred_at_once() {
    let app = TestApp::new().await;
    let body = json!({"email": "anna@example.org", "password": PASSWORD});
    app.anonymous().post("/registrations", body).await.ok();
    let token = app.link("confirm_address", "anna@example.org").await;
    let client = app.anonymous();
    let answers = join_all((0..100).map(|_| client.post("/registrations/confirm", json!({"token": token})))).await;
    let won = answers.iter().filter(|a| a.status == 200).count();
    assert_eq!(won, 1);
    // The others find the link used; a few may find the server busy.
    for answer in answers.iter().filter(|a| a.status != 200) {
        assert!([410, 503].contains(&answer.status.as_u16()), "{}", answer.status);
    }
    assert!(answers.iter().filter(|a| a.status == 410).count() > 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn links_grow_old_and_belong_to_one_purpose() {
    let app = TestApp::new().await;
    let client = app.anonymous();
    let body = json!({"email": "anna@example.org", "password": PASSWORD});
    client.post("/registrations", body).await.ok();
    let token = app.link("confirm_address", "anna@example.org").await;
    let reset = json!({"token": token, "password": PASSWORD});
    assert_eq!(
        client.post("/password-resets/complete", reset).await.refused(410),
        "identity.link_invalid"
    );
    app.at("2027-02-02T09:00:00Z");
    let late = client.post("/registrations/confirm", json!({"token": token})).await;
    assert_eq!(late.refused(410), "identity.link_invalid");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_link_of_another_tenant_is_no_link_here() {
    let app = TestApp::new().await;
    let other = app.other_tenant().await;
    let body = json!({"email": "anna@example.org", "password": PASSWORD});
    app.anonymous().post("/registrations", body).await.ok();
    let token = app.link("confirm_address", "anna@example.org").await;
    let elsewhere = app.client_of(&other);
    let refused = elsewhere.post("/registrations/confirm", json!({"token": token})).await;
    assert_eq!(refused.refused(410), "identity.link_invalid");
    let here = app
        .anonymous()
        .post("/registrations/confirm", json!({"token": token}))
        .await;
    assert_eq!(here.status, 200);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_address_gets_three_mails_an_hour_and_ten_a_day() {
    let app = TestApp::new().await;
    let ask = || {
        app_post(
            &app,
            "/registrations",
            json!({"email": "anna@example.org", "password": PASSWORD}),
        )
    };
    for _ in 0..5 {
        assert_eq!(ask().await.status, 202);
    }
    assert_eq!(app.mails_to("anna@example.org").await.len(), 3);
    for hour in 10..23 {
        app.at(&format!("2027-02-01T{hour}:01:00Z"));
        assert_eq!(ask().await.status, 202);
    }
    let total = app.mails_to("anna@example.org").await.len();
    assert!(total <= 10, "{total}");
}
