//! Allocation rounds with two members of the office: `Round::planned(…)`, then step by step.

use std::sync::Arc;

use kitaplatz::access::{TenantTx, as_system};
use kitaplatz::allocation::{Instance, ResultFile, verify};
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::Platform;
use kitaplatz::platform::db::TenantRef;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use super::facilities::{facility, give_capacity};
use super::{Answer, Client, TestApp};

/// A round, and the two persons who run it.
pub struct Round {
    pub clerk: Client,
    pub admin: Client,
    pub id: String,
    pub platform: Platform,
    pub tenant: Arc<TenantRef>,
}

/// A round over the demands that were sent until yesterday, whose draw is held tomorrow.
pub fn plan() -> Value {
    json!({"name": "Kita-Jahr 2027/28", "mode": "central", "key_date": "2027-01-31", "start_on": "2027-08-01",
           "config": {"age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred",
                      "draw_source": "Ziehung vom 2. Februar 2027", "draw_on": "2027-02-02"}})
}

/// A facility with so many places for small and for larger children.
pub async fn kita(app: &TestApp, name: &str, places: i32) -> FacilityId {
    let id = facility(app, name).await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(app, id, band, places).await;
    }
    id
}

impl Round {
    pub async fn planned(app: &TestApp) -> Self {
        Self::of(app, plan()).await
    }

    pub async fn of(app: &TestApp, plan: Value) -> Self {
        let (clerk, admin) = (app.clerk().await, app.admin().await);
        let made = clerk.create("/rounds", plan).await.ok();
        assert_eq!(made["state"], "planned");
        Self {
            id: made["id"].as_str().unwrap().to_owned(),
            clerk,
            admin,
            platform: app.platform.clone(),
            tenant: Arc::clone(&app.tenant),
        }
    }

    pub async fn frozen(app: &TestApp) -> Self {
        let round = Self::planned(app).await;
        assert_eq!(round.step("freeze").await.ok()["state"], "frozen");
        round
    }

    /// Frozen, with the seed that both entered, and run.
    pub async fn proposed(app: &TestApp) -> Self {
        let round = Self::frozen(app).await;
        round.draw("3-14-15").await;
        round.run().await;
        round
    }

    /// Released by both.
    pub async fn released(app: &TestApp) -> Self {
        let round = Self::proposed(app).await;
        round.release().await;
        round
    }

    /// Released by both, with its offers sent; what comes back goes to children who wait and to nobody else.
    pub async fn released_to_fill(app: &TestApp) -> Self {
        let mut plan = plan();
        plan["config"]["after_release"] = json!("fill_only");
        let round = Self::of(app, plan).await;
        round.step("freeze").await.ok();
        round.draw("3-14-15").await;
        round.run().await;
        round.release().await;
        app.run_jobs().await;
        round
    }

    pub fn path(&self, below: &str) -> String {
        format!("/rounds/{}{below}", self.id)
    }

    pub async fn get(&self) -> Value {
        self.clerk.get(&self.path("")).await.ok()
    }

    /// A step of the clerk on the newest version.
    pub async fn step(&self, step: &str) -> Answer {
        let version = self.get().await["version"].as_i64().unwrap();
        let path = self.path(&format!("/{step}"));
        self.clerk.edit(Method::POST, &path, version, json!({})).await
    }

    /// Frozen, with its first dry run in one step.
    pub async fn freeze_and_run(&self) -> Value {
        let version = self.get().await["version"].as_i64().unwrap();
        let body = json!({"dry_run": true});
        self.clerk
            .edit(Method::POST, &self.path("/freeze"), version, body)
            .await
            .ok()
    }

    /// The day of the draw comes, without any other day of the test being another one for it.
    pub async fn draw_comes(&self) {
        let id: uuid::Uuid = self.id.parse().unwrap();
        as_system(&self.platform, &self.tenant, "test_draw", async |tx| {
            sqlx::query(
                "UPDATE allocation_round SET config = jsonb_set(config, '{draw_on}', to_jsonb((key_date + 1)::text))
                  WHERE tenant_id = $1 AND id = $2",
            )
            .bind(tx.tenant_id().0)
            .bind(id)
            .execute(tx.conn())
            .await
        })
        .await
        .unwrap();
    }

    pub async fn draw(&self, seed: &str) {
        self.draw_comes().await;
        for person in [&self.clerk, &self.admin] {
            person.post(&self.path("/seed"), json!({"seed": seed})).await.ok();
        }
        assert_eq!(self.get().await["seed"], seed);
    }

    pub async fn run(&self) -> Value {
        self.clerk.create(&self.path("/runs"), json!({})).await.ok()
    }

    pub async fn open_conflicts(&self, person: &Client) -> Value {
        person.post(&self.path("/conflicts"), json!({})).await.ok()
    }

    /// A person decides about every case that waits for it, if it may: so the offices of the tests do before they sign.
    pub async fn decide_all(&self, person: &Client) {
        let waiting = person.get(&self.path("/cases?undecided=true&limit=200")).await.ok();
        let ids: Vec<_> = waiting["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["id"].clone())
            .collect();
        if !ids.is_empty() {
            let body = json!({"case_ids": ids, "decided": true, "note": "Geprüft."});
            person.post(&self.path("/case-decisions"), body).await;
        }
    }

    /// A person decides about all cases and signs the standing run.
    pub async fn sign(&self, person: &Client) -> Answer {
        self.decide_all(person).await;
        let round = self.get().await;
        let body = json!({"run_id": round["run"]["id"]});
        let version = round["version"].as_i64().unwrap();
        person.edit(Method::POST, &self.path("/release"), version, body).await
    }

    /// Both open the conflicts and sign.
    pub async fn release(&self) {
        for person in [&self.clerk, &self.admin] {
            self.open_conflicts(person).await;
        }
        assert_eq!(self.sign(&self.clerk).await.ok()["state"], "in_review");
        assert_eq!(self.sign(&self.admin).await.ok()["state"], "released");
    }

    pub async fn report(&self) -> Value {
        self.clerk.get(&self.path("/report")).await.ok()["report"].clone()
    }

    /// The case of a demand.
    pub async fn case(&self, demand: impl std::fmt::Display) -> Value {
        let demand = demand.to_string();
        let cases = self.clerk.get(&self.path("/cases?limit=200")).await.ok();
        let found = cases["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["demand_id"] == demand.as_str());
        let id = found.unwrap_or_else(|| panic!("no case of {demand}: {cases}"))["id"].clone();
        self.clerk
            .get(&self.path(&format!("/cases/{}", id.as_str().unwrap())))
            .await
            .ok()
    }

    /// Checks every stored run of the tenant once more with the verifier, and answers how many there are.
    pub async fn verify_all(&self, app: &TestApp) -> usize {
        let runs = as_system(&app.platform, &app.tenant, "test_runs", async |tx: &mut TenantTx| {
            let tenant = tx.tenant_id().0;
            sqlx::query_as::<_, (String, String)>("SELECT instance, result FROM allocation_run WHERE tenant_id = $1")
                .bind(tenant)
                .fetch_all(tx.conn())
                .await
        })
        .await
        .unwrap();
        for (instance, result) in &runs {
            let (instance, result) = (Instance::read(instance.as_bytes()), ResultFile::read(result.as_bytes()));
            assert_eq!(verify(&instance.unwrap(), &result.unwrap()), []);
        }
        runs.len()
    }
}

/// Why each wish of a case came to nothing.
pub fn reasons(case: &Value) -> Vec<&str> {
    let wishes = case["wishes"].as_array().unwrap();
    wishes.iter().map(|w| w["reason"].as_str().unwrap_or("none")).collect()
}

/// Gives the two persons of a round a name.
pub async fn named(app: &TestApp, round: &Round) {
    for (person, sql) in [
        (
            &round.clerk,
            "UPDATE account SET display_name = 'Cora Clerk' WHERE tenant_id = $1 AND id = $2",
        ),
        (
            &round.admin,
            "UPDATE account SET display_name = 'Adam Admin' WHERE tenant_id = $1 AND id = $2",
        ),
    ] {
        app.change(sql, person.account.unwrap().0).await;
    }
}

/// The names in a list, sorted: the clock of a test stands still.
pub fn names(list: &Value) -> Vec<&str> {
    let mut names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}
