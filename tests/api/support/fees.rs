//! Tables of parent fees.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Client, notices};

/// A draft with the table of Leipzig 2014: 207.52 € for 45 hours in the nursery, 124.93 € in the kindergarten.
pub async fn draft(admin: &Client) -> Value {
    let body = json!({"name": "Beitragssatzung", "template": "leipzig_2014", "copy_of": null});
    admin.create("/admin/fee-schedules", body).await.ok()
}

/// A step of a table in the version that was seen.
pub async fn step(admin: &Client, table: &Value, method: Method, step: &str, body: Value) -> Answer {
    let path = format!("/admin/fee-schedules/{}{step}", table["id"].as_str().unwrap());
    admin
        .edit(method, &path, table["version"].as_i64().unwrap(), body)
        .await
}

/// Leipzig's table, published from a month on.
pub async fn published(admin: &Client, from: &str) -> Value {
    let table = draft(admin).await;
    step(admin, &table, Method::POST, "/publish", json!({"valid_from": from}))
        .await
        .ok()
}

/// Works out what is owed for a contract from August 2027 on: a first child, not of a lone parent.
pub async fn assessed(office: &Client, contract: uuid::Uuid) -> Value {
    office.create("/office/fees", input(contract)).await.ok()
}

/// What the office enters for a contract.
pub fn input(contract: uuid::Uuid) -> Value {
    json!({"contract_id": contract, "from_month": "2027-08-01", "child_position": 1, "lone_parent": false, "income_up_to": null, "note": ""})
}

fn notice(fee: &Value) -> &str {
    fee["notice"]["id"].as_str().unwrap()
}

/// A draft's notice with a whole way to object, approved by the second of two.
pub async fn approved(people: [&Client; 2], fee: &Value) {
    let id = notice(fee);
    let draft = people[0].get(&format!("/office/notices/{id}")).await.ok();
    if draft["state"] == "drafted" {
        // Only the office's address is open, which the tests' town has not entered.
        let mut words = draft["text"].clone();
        words["remedy"] = notices::words()["remedy"].clone();
        notices::write(people[0], id, words).await.ok();
        notices::step(people[1], id, "approve", json!({})).await.ok();
    }
}

/// Approves the notice of a draft and notes that it was posted on the same day.
pub async fn issue(people: [&Client; 2], fee: &Value) -> Answer {
    approved(people, fee).await;
    let shown = people[0].get(&format!("/office/notices/{}", notice(fee))).await.ok();
    let day = &shown["approved_at"].as_str().unwrap()[..10];
    post(people[0], fee, day).await
}

/// Notes that the notice of a draft was posted on a day.
pub async fn post(office: &Client, fee: &Value, day: &str) -> Answer {
    let version = notices::version(office, notice(fee)).await;
    let path = format!("/office/fees/{}/issue", fee["id"].as_str().unwrap());
    office
        .edit(Method::POST, &path, version, json!({"posted_on": day}))
        .await
}
