//! Families that have entered themselves: `app.family("…")`.

use kitaplatz::platform::ids::ChildId;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, TestApp};

/// A parent with a session, a name, a household and one child.
pub struct Family {
    pub parent: Client,
    pub child: ChildId,
}

impl TestApp {
    /// Jana Braun with her daughter Mia, born on 14 March 2026.
    pub async fn family(&self, email: &str) -> Family {
        let parent = self.parent(email).await;
        enter(&parent, "Jana", "Braun").await;
        let child = child(
            &parent,
            json!({"first_name": "Mia", "last_name": "Braun", "sex": "female", "birth_date": "2026-03-14"}),
        )
        .await;
        Family { parent, child }
    }

    /// The office gives Kai Sommer custody, who has no account and, where one is named, an address for mails.
    pub async fn second_custody(&self, child: ChildId, email: Option<&str>) -> Value {
        let body = json!({"first_name": "Kai", "last_name": "Sommer", "email": email, "language": "de", "valid_from": "2027-01-01",
                          "reason": "second_parent"});
        let path = format!("/office/children/{child}/custody");
        self.clerk().await.create(&path, body).await.ok()
    }

    /// The office ends custody; the day is the first one without.
    pub async fn end_custody(&self, custody: &Value, day: &str) {
        let body = json!({"valid_from": custody["valid_from"], "valid_to": day, "reason": "court_decision"});
        let path = format!("/office/custody/{}", custody["id"].as_str().unwrap());
        let version = custody["version"].as_i64().unwrap();
        self.clerk().await.edit(Method::PUT, &path, version, body).await.ok();
    }
}

/// Enters name and household of a parent who has none.
pub async fn enter(parent: &Client, first_name: &str, last_name: &str) {
    let name = json!({"first_name": first_name, "last_name": last_name, "phone": "0341 123456"});
    parent.edit(Method::PUT, "/family/guardian", 0, name).await.ok();
    let household = json!({"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt"});
    parent.edit(Method::PUT, "/family/household", 0, household).await.ok();
}

/// Adds a child and answers its id.
pub async fn child(parent: &Client, body: Value) -> ChildId {
    id(&parent.create("/family/children", body).await.ok()["id"])
}

/// The typed id in an answer.
pub fn id<I: From<uuid::Uuid>>(value: &Value) -> I {
    I::from(value.as_str().and_then(|text| text.parse().ok()).expect("an id"))
}
