//! Criteria and sets: `published(&app, …)` makes a set that holds from today on.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Client, TestApp};

/// A criterion of the tenant, by the administrator.
pub async fn criterion(app: &TestApp, code: &str, source: &str) -> Value {
    let body = json!({"code": code, "source": source, "title_de": format!("Frage {code}"), "title_en": format!("Question {code}"),
                      "evidence_de": "Bescheinigung", "evidence_en": "Certificate"});
    app.admin().await.create("/admin/criteria", body).await.ok()["id"].clone()
}

/// A rule of flat points; evidence at the contract where the family is asked.
pub fn flat(criterion: &Value, points: i32) -> Value {
    json!({"criterion_id": criterion, "points": {"kind": "flat", "points": points}, "evidence": {"kind": "none"}})
}

/// What a draft says.
pub fn content(rules: &[Value]) -> Value {
    json!({"name": "Kriterien", "valid_from": null, "rules": rules, "tie_breaks": ["registered_earlier"]})
}

/// A draft with these rules.
pub async fn draft(admin: &Client, provider: Option<String>, rules: &[Value]) -> Value {
    let new = json!({"name": "Kriterien", "provider_id": provider});
    let set = admin.create("/admin/criteria-sets", new).await.ok();
    edit(admin, &set, Method::PUT, "", content(rules)).await.ok()
}

/// An edit of the version of a set that was seen.
pub async fn edit(admin: &Client, set: &Value, method: Method, step: &str, body: Value) -> Answer {
    let path = format!("/admin/criteria-sets/{}{step}", set["id"].as_str().unwrap());
    admin.edit(method, &path, set["version"].as_i64().unwrap(), body).await
}

/// Publishes a draft.
pub async fn publish(admin: &Client, set: &Value, from: &str) -> Answer {
    edit(admin, set, Method::POST, "/publish", json!({"valid_from": from})).await
}

/// A set of the municipality with these rules that holds from 1 February 2027 on, counted.
pub async fn published(app: &TestApp, rules: &[Value]) -> Value {
    let admin = app.admin().await;
    let set = draft(&admin, None, rules).await;
    let set = publish(&admin, &set, "2027-02-01").await.ok();
    app.run_jobs().await;
    set
}

/// Questions, each worth a point, by a set in force.
pub async fn asked(app: &TestApp, codes: &[&str]) {
    let mut rules = Vec::new();
    for code in codes {
        rules.push(flat(&criterion(app, code, "asked").await, 1));
    }
    published(app, &rules).await;
}

/// Two questions and a set in force: both parents work 4, hardship 10.
pub async fn work_and_hardship(app: &TestApp) {
    let works = criterion(app, "both_work", "asked").await;
    let hardship = criterion(app, "hardship", "asked").await;
    published(app, &[flat(&works, 4), flat(&hardship, 10)]).await;
}

/// Claims a criterion in a demand.
pub fn claim(criterion: &Value, number: Option<i32>) -> Value {
    json!({"facts": [{"criterion_id": criterion, "claimed": true, "number": number}]})
}

/// An id that nothing has.
pub const MISSING: &str = "9b2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11";

/// A rule as it is entered, from what was read.
pub fn input(rule: &Value) -> Value {
    let mut input = serde_json::Map::new();
    for key in ["criterion_id", "points", "rank", "best_of", "evidence", "reserve"] {
        input.insert(key.into(), rule[key].clone());
    }
    Value::Object(input)
}
