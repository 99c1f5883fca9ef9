//! A town whose families are imported, and what a report counts.

use reqwest::Method;
use serde_json::Value;

use super::facilities::facility;
use super::{Client, TestApp};

/// The template's own rows, with the facilities they name.
pub async fn town() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    facility(&app, "Kita Ahorn").await;
    facility(&app, "Kita Birke").await;
    let admin = app.admin().await;
    let template = admin.get("/admin/imports/families/template.csv").await;
    let text = String::from_utf8(template.bytes).unwrap();
    (app, admin, text)
}

pub async fn send(admin: &Client, query: &str, list: &str) -> Value {
    let path = format!("/admin/imports/families{query}");
    let body = Some(("text/csv", list.as_bytes().to_vec()));
    admin.send_bytes(Method::POST, &path, body, &[]).await.ok()
}

pub fn counts(report: &Value) -> [i64; 6] {
    ["rows", "new", "known", "known_differs", "duplicates", "faulty"].map(|name| report[name].as_i64().unwrap())
}
