//! A coordinated round and those who take part: families, and facilities with the person who speaks for them.

use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use super::rounds::{Round, kita, plan};
use super::{Answer, Client, TestApp};

/// A facility with the person who speaks for it in a round.
pub struct Site {
    pub id: FacilityId,
    pub manager: Client,
}

impl Site {
    pub async fn new(app: &TestApp, name: &str, places: i32) -> Self {
        let id = kita(app, name, places).await;
        // Each is a provider of its own.
        let provider = json!({"name": format!("Träger {name}"), "kind": null, "website": null});
        let provider = app.admin().await.create("/admin/providers", provider).await.ok();
        let sql = "UPDATE facility SET provider_id = $2 WHERE tenant_id = $1 AND name = '";
        let sql: &'static str = Box::leak(format!("{sql}{name}'").into_boxed_str());
        app.change(sql, provider["id"].as_str().unwrap().parse().unwrap()).await;
        Self {
            id,
            manager: app.manager(id).await,
        }
    }

    pub fn path(&self, round: &Round, below: &str) -> String {
        format!("/staff/rounds/{}/facilities/{}{below}", round.id, self.id)
    }

    pub async fn board(&self, round: &Round) -> Value {
        self.manager.get(&self.path(round, "")).await.ok()
    }

    /// Children who wish the places for small children: name, state, whether they are next.
    pub async fn list(&self, round: &Round) -> Vec<(String, String, bool)> {
        let board = self.board(round).await;
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let pool = board["pools"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["age_band"] == "under3")
            .unwrap();
        let rows = pool["applicants"].as_array().unwrap();
        rows.iter()
            .map(|a| (text(&a["label"]), text(&a["state"]), a["next"] == true))
            .collect()
    }

    pub async fn choose(&self, round: &Round, mode: &str, goes_on: bool) -> Answer {
        let version = self.board(round).await["version"].as_i64().unwrap();
        let body = json!({"mode": mode, "continue_by_points": goes_on});
        self.manager
            .edit(Method::PUT, &self.path(round, "/choice"), version, body)
            .await
    }

    /// Answers with an order of names for the small children, each with or without a reason.
    pub async fn order(&self, round: &Round, step: i32, order: &[(&str, Option<&str>)]) -> Answer {
        let board = self.board(round).await;
        let pool = board["pools"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["age_band"] == "under3")
            .unwrap();
        let case = |name: &str| {
            let label = format!("{name} B.");
            let found = pool["applicants"]
                .as_array()
                .unwrap()
                .iter()
                .find(|a| a["label"] == label.as_str());
            found.unwrap_or_else(|| panic!("no {name}: {pool}"))["case_id"].clone()
        };
        let places: Vec<Value> = order
            .iter()
            .map(|(name, reason)| json!({"case_id": case(name), "reason": reason}))
            .collect();
        let body = json!({"step": step, "orders": [{"age_band": "under3", "places": places}]});
        let version = board["version"].as_i64().unwrap();
        self.manager
            .edit(Method::PUT, &self.path(round, "/answer"), version, body)
            .await
    }

    pub async fn by_points(&self, round: &Round, step: i32) -> Answer {
        let version = self.board(round).await["version"].as_i64().unwrap();
        let body = json!({"step": step, "orders": []});
        self.manager
            .edit(Method::PUT, &self.path(round, "/answer"), version, body)
            .await
    }
}

pub async fn coordinated(app: &TestApp) -> Round {
    let mut coordinated = plan();
    coordinated["mode"] = json!("coordinated");
    Round::of(app, coordinated).await
}

pub async fn drawn(round: &Round) {
    round.step("freeze").await.ok();
    round.draw("3-14-15").await;
}

pub async fn open(round: &Round) -> Value {
    round.clerk.create(&round.path("/steps"), json!({"days": 5})).await.ok()
}

pub async fn steps(round: &Round) -> Value {
    round.clerk.get(&round.path("/steps")).await.ok()
}

pub fn row(name: &str, state: &str, next: bool) -> (String, String, bool) {
    (format!("{name} B."), state.to_owned(), next)
}
