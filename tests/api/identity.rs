//! People: registration, sign-in, sessions, passwords, addresses.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::demands::{Demand, complete};
use crate::support::families::{child, enter, id};
use crate::support::{Answer, Client, TestApp};

const PASSWORD: &str = "vier grüne Pinguine tanzen";

/// Registers and confirms a parent; answers a client with the session.
async fn registered(app: &TestApp, email: &str) -> Client {
    let mut client = app.anonymous();
    let body = json!({"email": email, "password": PASSWORD, "language": "de"});
    assert_eq!(client.post("/registrations", body).await.status, 202);
    let token = app.link("confirm_address", email).await;
    let answer = client.post("/registrations/confirm", json!({"token": token})).await;
    client.keep(&answer);
    assert_eq!(answer.ok()["account"]["email"], email);
    client
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous()
        .post("/session", json!({"email": email, "password": password}))
        .await
}

#[actix_web::test]
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

#[actix_web::test]
async fn nothing_exists_until_the_address_is_confirmed() {
    let app = TestApp::new().await;
    let body = json!({"email": "anna@example.org", "password": PASSWORD, "language": "de"});
    app.anonymous().post("/registrations", body).await.ok();
    assert_eq!(
        sign_in(&app, "anna@example.org", PASSWORD).await.refused(401),
        "identity.credentials"
    );
}

#[actix_web::test]
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

/// Status, headers without the request's id and the date, and body without the request's id.
fn face(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let id = answer.headers["x-request-id"].to_str().unwrap();
    let body = String::from_utf8_lossy(&answer.bytes).replace(id, "…");
    (answer.status.as_u16(), headers, body)
}

#[actix_web::test]
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

#[actix_web::test]
async fn the_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
    let app = TestApp::new().await;
    registered(&app, "anna@example.org").await;
    let answer = sign_in(&app, "anna@example.org", PASSWORD).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with(&format!("__Host-kp-{}=", app.tenant.slug)),
        "{cookie}"
    );
    for attribute in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/", "; Expires="] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert_eq!(secret.len(), 43, "256 bits");
}

#[actix_web::test]
async fn signing_in_changes_the_session() {
    let app = TestApp::new().await;
    let mut client = registered(&app, "anna@example.org").await;
    let before = client.clone();
    let body = json!({"email": "anna@example.org", "password": PASSWORD});
    let answer = client.post("/session", body).await;
    client.keep(&answer);
    assert_ne!(client.cookie, before.cookie);
    assert_eq!(before.get("/session").await.ok()["account"], Value::Null);
    assert_eq!(
        client.get("/session").await.ok()["account"]["email"],
        "anna@example.org"
    );
}

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
async fn a_new_password_by_mail_ends_all_sessions() {
    let app = TestApp::new().await;
    let client = registered(&app, "anna@example.org").await;
    app.anonymous()
        .post("/password-resets", json!({"email": "anna@example.org"}))
        .await
        .ok();
    let token = app.link("reset", "anna@example.org").await;
    let complete = |password: &str| {
        let body = json!({"token": token, "password": password});
        app_post(&app, "/password-resets/complete", body)
    };
    // A weak password does not use the link up.
    assert_eq!(complete("kurz").await.faults()[0].1, "too_short");
    assert_eq!(complete("sieben rote Füchse schlafen").await.status, 204);
    assert_eq!(
        complete("sieben rote Füchse schlafen").await.refused(410),
        "identity.link_invalid"
    );
    assert_eq!(client.get("/session").await.ok()["account"], Value::Null);
    assert_eq!(sign_in(&app, "anna@example.org", PASSWORD).await.status, 401);
    assert_eq!(
        sign_in(&app, "anna@example.org", "sieben rote Füchse schlafen")
            .await
            .status,
        200
    );
}

#[actix_web::test]
async fn a_reset_link_lives_thirty_minutes_and_the_next_one_replaces_it() {
    let app = TestApp::new().await;
    registered(&app, "anna@example.org").await;
    let ask = || app_post(&app, "/password-resets", json!({"email": "anna@example.org"}));
    ask().await.ok();
    let first = app.link("reset", "anna@example.org").await;
    ask().await.ok();
    let second = app.link("reset", "anna@example.org").await;
    let body = |token: &str| json!({"token": token, "password": "sieben rote Füchse schlafen"});
    let replaced = app_post(&app, "/password-resets/complete", body(&first)).await;
    assert_eq!(replaced.refused(410), "identity.link_invalid");
    app.at("2027-02-01T09:30:00Z");
    let late = app_post(&app, "/password-resets/complete", body(&second)).await;
    assert_eq!(late.refused(410), "identity.link_invalid");
}

async fn app_post(app: &TestApp, path: &str, body: Value) -> Answer {
    app.anonymous().post(path, body).await
}

#[actix_web::test]
async fn changing_the_password_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let first = registered(&app, "anna@example.org").await;
    let mut second = app.anonymous();
    second.keep(&sign_in(&app, "anna@example.org", PASSWORD).await);
    let sessions = second.get("/account/sessions").await.ok();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 2);
    let change = |current: &str| {
        let body = json!({"current_password": current, "new_password": "sieben rote Füchse schlafen"});
        let client = second.clone();
        async move {
            client
                .send(reqwest::Method::PUT, "/account/password", Some(&body), &[])
                .await
        }
    };
    let wrong = change("nicht das alte Passwort").await.faults();
    assert_eq!(wrong, [("/current_password".to_owned(), "wrong".to_owned())]);
    assert_eq!(change(PASSWORD).await.status, 204);
    assert_eq!(first.get("/account/sessions").await.refused(401), "access.signed_out");
    assert_eq!(
        second.get("/account/sessions").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[actix_web::test]
async fn a_person_ends_a_session_but_no_stranger_s() {
    let app = TestApp::new().await;
    let (anna, ben) = (
        app.parent("anna@example.org").await,
        app.parent("ben@example.org").await,
    );
    let other = app.parent("anna@example.org").await;
    let items = anna.get("/account/sessions").await.ok()["items"].clone();
    let id = |current: bool| {
        let all = items.as_array().unwrap();
        all.iter().find(|s| s["current"] == current).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let path = format!("/account/sessions/{}", id(false));
    assert_eq!(ben.delete(&path).await.refused(404), "not_found");
    assert_eq!(other.get("/session").await.ok()["account"]["email"], "anna@example.org");
    assert_eq!(anna.delete(&path).await.status, 204);
    assert_eq!(other.get("/session").await.ok()["account"], Value::Null);
    assert_eq!(anna.delete(&path).await.refused(404), "not_found");
}

#[actix_web::test]
async fn sessions_end_when_unused_and_at_their_age() {
    let app = TestApp::new().await;
    let (parent, staff) = (app.parent("anna@example.org").await, app.clerk().await);
    app.at("2027-02-01T09:29:00Z");
    assert_ne!(staff.get("/session").await.ok()["account"], Value::Null);
    app.at("2027-02-01T10:00:00Z");
    assert_eq!(staff.get("/session").await.ok()["account"], Value::Null);
    assert_ne!(parent.get("/session").await.ok()["account"], Value::Null);
    for day in 2..15 {
        app.at(&format!("2027-02-{day:02}T08:59:00Z"));
        assert_ne!(parent.get("/session").await.ok()["account"], Value::Null, "day {day}");
    }
    app.at("2027-02-15T09:00:00Z");
    assert_eq!(parent.get("/session").await.ok()["account"], Value::Null);
}

#[actix_web::test]
async fn ten_failures_make_an_account_wait_and_nobody_else() {
    let app = TestApp::new().await;
    for email in ["anna@example.org", "ben@example.org"] {
        registered(&app, email).await;
    }
    for email in ["anna@example.org", "nobody@example.org"] {
        for n in 0..10 {
            assert_eq!(
                sign_in(&app, email, "falsch").await.refused(401),
                "identity.credentials",
                "{n}"
            );
        }
        let waits = sign_in(&app, email, PASSWORD).await;
        assert_eq!(waits.refused(429), "rate.limited");
        let seconds: i64 = waits.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=900).contains(&seconds), "{seconds}");
    }
    assert_eq!(sign_in(&app, "ben@example.org", PASSWORD).await.status, 200);
    app.at("2027-02-01T09:15:01Z");
    assert_eq!(sign_in(&app, "anna@example.org", PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_hundred_guesses_at_once_are_counted_one_by_one() {
    let app = TestApp::new().await;
    let guesses = (0..40).map(|_| sign_in(&app, "anna@example.org", "falsch"));
    let answers = join_all(guesses).await;
    let tried = answers.iter().filter(|a| a.status == 401).count();
    assert!((1..=10).contains(&tried), "{tried}");
}

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
async fn an_unknown_address_costs_as_many_hashes_as_a_known_one() {
    let app = TestApp::new().await;
    registered(&app, "anna@example.org").await;
    for email in ["anna@example.org", "nobody@example.org"] {
        let before = app.platform.hasher.runs();
        assert_eq!(
            sign_in(&app, email, "falsch").await.refused(401),
            "identity.credentials"
        );
        assert_eq!(app.platform.hasher.runs() - before, 1, "{email}");
    }
}

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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
