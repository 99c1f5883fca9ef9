//! Tables of parent fees.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Client};

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

/// Issues a draft in the version that was seen.
pub async fn issue(office: &Client, fee: &Value) -> Answer {
    let path = format!("/office/fees/{}/issue", fee["id"].as_str().unwrap());
    office
        .edit(Method::POST, &path, fee["version"].as_i64().unwrap(), json!({}))
        .await
}
