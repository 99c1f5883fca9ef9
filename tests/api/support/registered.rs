//! People who came through registration, with a password: `registered(&app, "…")`.

use serde_json::{Value, json};

use super::{Answer, Client, TestApp};

/// The password of everybody who registers in a test.
pub const PASSWORD: &str = "vier grüne Pinguine tanzen";

/// Registers and confirms a parent; answers a client with the session.
pub async fn registered(app: &TestApp, email: &str) -> Client {
    let mut client = app.anonymous();
    let body = json!({"email": email, "password": PASSWORD, "language": "de"});
    assert_eq!(client.post("/registrations", body).await.status, 202);
    let token = app.link("confirm_address", email).await;
    let answer = client.post("/registrations/confirm", json!({"token": token})).await;
    client.keep(&answer);
    assert_eq!(answer.ok()["account"]["email"], email);
    client
}

/// Tries to sign in, without keeping the cookie.
pub async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous()
        .post("/session", json!({"email": email, "password": password}))
        .await
}

/// Status, headers without the request's id and the date, and body without the request's id.
pub fn face(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
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

/// A POST of somebody without a session.
pub async fn app_post(app: &TestApp, path: &str, body: Value) -> Answer {
    app.anonymous().post(path, body).await
}
