//! Notices on their way: drafted by one person, approved by another, posted.

use kitaplatz::platform::ids::DemandId;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Client};

/// Words in which nothing is left open.
pub fn words() -> Value {
    json!({"title": "Ablehnung Ihres Antrags", "decision": "Ihr Antrag wird abgelehnt.",
           "reasons": "Sie wohnen seit dem 1. Januar 2027 in Markkleeberg.\n\nDort ist ein anderes Jugendamt zuständig.",
           "remedy": "Gegen diesen Bescheid können Sie innerhalb eines Monats Widerspruch erheben.", "objection_months": 1})
}

fn path(id: &str) -> String {
    format!("/office/notices/{id}")
}

/// A notice's newest version.
pub async fn version(clerk: &Client, id: &str) -> i64 {
    clerk.get(&path(id)).await.ok()["version"].as_i64().unwrap()
}

/// Does something with a notice in its newest version.
pub async fn step(clerk: &Client, id: &str, step: &str, body: Value) -> Answer {
    let version = version(clerk, id).await;
    clerk
        .edit(Method::POST, &format!("{}/{step}", path(id)), version, body)
        .await
}

/// Writes words into a draft.
pub async fn write(clerk: &Client, id: &str, words: Value) -> Answer {
    let version = version(clerk, id).await;
    clerk.edit(Method::PUT, &path(id), version, words).await
}

/// A draft as it comes from the template.
pub async fn drafted(clerk: &Client, demand: DemandId) -> String {
    let body = json!({"demand_id": demand, "kind": "refusal"});
    let made = clerk.create("/office/notices", body).await.ok();
    made["id"].as_str().unwrap().to_owned()
}

/// A draft with words of its own.
pub async fn written(clerk: &Client, demand: DemandId) -> String {
    let id = drafted(clerk, demand).await;
    write(clerk, &id, words()).await.ok();
    id
}

/// Drafted by the first and approved by the second.
pub async fn approved(people: [&Client; 2], demand: DemandId) -> String {
    let id = written(people[0], demand).await;
    step(people[1], &id, "approve", json!({})).await.ok();
    id
}

/// The same, posted today.
pub async fn issued(people: [&Client; 2], demand: DemandId) -> String {
    let id = approved(people, demand).await;
    step(people[0], &id, "issue", json!({"posted_on": "2027-02-01"}))
        .await
        .ok();
    id
}
