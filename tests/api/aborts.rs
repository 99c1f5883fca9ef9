//! Clients that vanish: a request whose sender resets the connection happens wholly or not at all, and can be repeated.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

const REQUESTS: usize = 60;

/// Sends a creating request and resets the connection at once or a moment later, without reading an answer.
fn send_and_vanish(base: &str, path: &str, cookie: &str, key: &str, body: &Value, pause_micros: u64) {
    let host = base.trim_start_matches("http://");
    let body = body.to_string();
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    std::thread::sleep(std::time::Duration::from_micros(pause_micros));
    // Dropping a socket that lingers for zero seconds sends RST instead of FIN.
    socket2::SockRef::from(&stream)
        .set_linger(Some(std::time::Duration::ZERO))
        .unwrap();
}

/// The request once more, and again while the server is busy with the vanished ones.
async fn repeat(parent: &Client, child: &Value, key: &str) -> Answer {
    loop {
        let key = [("idempotency-key", key)];
        let answer = parent
            .send(reqwest::Method::POST, "/family/children", Some(child), &key)
            .await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

async fn children(parent: &Client) -> usize {
    parent.get("/family").await.ok()["children"].as_array().unwrap().len()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_vanished_client_leaves_whole_effects_and_a_repeated_request_has_one() {
    let app = TestApp::new().await;
    let family = app.family("anna@example.org").await;
    let path = format!("/api/v1/{}/family/children", app.tenant.slug);
    let child = |n: usize| json!({"first_name": format!("Kind {n}"), "last_name": "Braun", "birth_date": "2026-03-14"});
    let (base, cookie) = (app.base.clone(), family.parent.cookie.clone().unwrap());
    tokio::task::spawn_blocking(move || {
        for n in 0..REQUESTS {
            send_and_vanish(
                &base,
                &path,
                &cookie,
                &format!("vanished-{n:04}"),
                &child(n),
                (n as u64 * 137) % 5_000,
            );
        }
    })
    .await
    .unwrap();
    for n in 0..REQUESTS {
        let key = format!("vanished-{n:04}");
        let answer = repeat(&family.parent, &child(n), &key).await;
        assert_eq!(answer.status, 201, "{}", answer.json());
    }
    // The family's first child, and one for each key: none lost, none twice.
    assert_eq!(children(&family.parent).await, 1 + REQUESTS);
}

/// A proxy keeps connections for later requests; one that the server closed a moment before would be an error of the page.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_idle_connection_takes_the_next_request_as_long_as_a_proxy_keeps_it() {
    let app = TestApp::new().await;
    let host = app.base.trim_start_matches("http://").to_owned();
    let answers = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(&host).unwrap();
        let mut status = || {
            let request = format!("GET /health/live HTTP/1.1\r\nHost: {host}\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            // So short an answer comes in one piece; a closed connection gives nothing.
            let mut answer = [0; 4096];
            let bytes = stream.read(&mut answer).unwrap();
            String::from_utf8_lossy(&answer[..bytes]).into_owned()
        };
        let first = status();
        std::thread::sleep(std::time::Duration::from_secs(10));
        [first, status()]
    });
    for answer in answers.await.unwrap() {
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }
}
