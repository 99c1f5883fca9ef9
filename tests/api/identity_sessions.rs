//! Sessions and passwords: where the cookie goes, what ends a session, how often one may guess.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::registered::{PASSWORD, app_post, registered, sign_in};

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_hundred_guesses_at_once_are_counted_one_by_one() {
    let app = TestApp::new().await;
    let guesses = (0..40).map(|_| sign_in(&app, "anna@example.org", "falsch"));
    let answers = join_all(guesses).await;
    let tried = answers.iter().filter(|a| a.status == 401).count();
    assert!((1..=10).contains(&tried), "{tried}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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
