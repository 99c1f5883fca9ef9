//! The floor: problem answers, security headers, cross-site refusal, the tenant in the path.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_municipality_shows_itself_to_everybody() {
    let app = TestApp::new().await;
    let body = app.anonymous().get("").await.ok();
    assert_eq!(body["slug"], app.tenant.slug);
    assert_eq!(body["notice_period_months"], 6);
    assert_eq!(body["key_date"], json!(null));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_unknown_municipality_is_missing() {
    let app = TestApp::new().await;
    for slug in ["nowhere-at-all", "x", "..", "%2e%2e", "Musterstadt", "a%00b"] {
        let answer = app.anonymous().get(&format!("//api/v1/{slug}/session")).await;
        assert!(
            [400, 404].contains(&answer.status.as_u16()),
            "{slug}: {}",
            answer.status
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_wrong_method_is_told_from_a_missing_path() {
    let app = TestApp::new().await;
    let client = app.anonymous();
    let wrong = client.send(Method::DELETE, "", None, &[]).await;
    assert_eq!(wrong.refused(405), "method.not_allowed");
    assert_eq!(wrong.headers["allow"], "GET");
    assert_eq!(client.get("/no-such-thing").await.refused(404), "not_found");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn another_site_cannot_write() {
    let app = TestApp::new().await;
    let client = app.anonymous();
    let refused = [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "cross-site"), ("origin", "http://kita.test")],
    ];
    for headers in refused {
        let http = reqwest::Client::new();
        let mut request = http
            .post(format!("{}/api/v1/{}/session", app.base, app.tenant.slug))
            .json(&json!({}));
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status(), 403, "{headers:?}");
    }
    let bare = reqwest::Client::new()
        .post(format!("{}/api/v1/{}/session", app.base, app.tenant.slug))
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 403);
    let text = client
        .send(
            Method::POST,
            "/session",
            None,
            &[("content-type", "text/plain"), ("content-length", "0")],
        )
        .await;
    assert_ne!(text.status, 403);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_may_write_is_told_by_all_three_signs_together() {
    let app = TestApp::new().await;
    let url = format!("{}/api/v1/{}/session", app.base, app.tenant.slug);
    let http = reqwest::Client::new();
    for site in [None, Some("same-origin"), Some("cross-site")] {
        for origin in [app.base.as_str(), "https://evil.example"] {
            for kind in ["application/json", "text/plain"] {
                let mut request = http
                    .post(&url)
                    .header("origin", origin)
                    .header("content-type", kind)
                    .body("{}");
                if let Some(site) = site {
                    request = request.header("sec-fetch-site", site);
                }
                let answer = request.send().await.unwrap();
                // Where the browser says the site, that counts; the origin speaks for older browsers only.
                let trusted = site.map_or(origin == app.base, |site| site == "same-origin");
                let wanted = match (trusted, kind) {
                    (false, _) => (403, "csrf.refused"),
                    (true, "text/plain") => (415, "content_type.unsupported"),
                    (true, _) => (422, "body.shape"),
                };
                let status = answer.status().as_u16();
                let problem: serde_json::Value = answer.json().await.unwrap();
                let got = (status, problem["code"].as_str().unwrap());
                assert_eq!(got, wanted, "{site:?} {origin} {kind}");
            }
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_answer_carries_the_security_headers_and_its_id() {
    let app = TestApp::new().await;
    for path in ["", "/no-such-thing", "//health/live", "//"] {
        let answer = app.anonymous().get(path).await;
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "x-request-id",
        ] {
            assert!(answer.headers.contains_key(name), "{path} lacks {name}");
        }
    }
    let problem = app.anonymous().get("/no-such-thing").await;
    assert_eq!(problem.headers["cache-control"], "no-store");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn map_tiles_are_missing_unless_the_operator_has_some() {
    let app = TestApp::new().await;
    assert_eq!(app.anonymous().get("//tiles.pmtiles").await.status, 404);
    let file = std::env::temp_dir().join(format!("{}.pmtiles", app.tenant.slug));
    std::fs::write(&file, b"0123456789").unwrap();
    let mut platform = app.platform.clone();
    let mut config = (*platform.config).clone();
    config.tiles = Some(file.clone());
    platform.config = std::sync::Arc::new(config);
    let (server, address) = kitaplatz::app::server(platform, "127.0.0.1:0", 1).unwrap();
    actix_web::rt::spawn(server);
    let url = format!("http://{address}/tiles.pmtiles");
    let part = reqwest::Client::new()
        .get(url)
        .header("range", "bytes=2-4")
        .send()
        .await
        .unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap().as_ref(), b"234");
    std::fs::remove_file(file).unwrap();
}
