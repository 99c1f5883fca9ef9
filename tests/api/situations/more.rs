//! Views beyond those that every situation is asked for, for those with a protected address: all that the contract lets somebody read about a
//! family, a child or a house, the link of a mail, and the copy that the office hands over.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::stage::Scene;
use crate::support::Client;
use crate::support::contracts::SWAP;

/// Where readings begin that are asked by hand, take long to set, or are about no family.
const LEFT_OUT: [&str; 12] = [
    "/office/notices/",
    "/office/notice-templates",
    "/office/planning",
    "/office/register",
    "/office/claim-",
    "/contracts/{contract_id}/draft.pdf",
    "/demands/{demand_id}/receipt.pdf",
    "/staff/facilities/{facility_id}/list",
    "/staff/facilities/{facility_id}/basis",
    "/staff/facilities/{facility_id}/capacity",
    "/staff/forecast",
    "/staff/staffing-keys",
];

/// What else can be read in a situation, by whose side it is.
pub struct More {
    pub of_parents: Vec<String>,
    pub of_the_office: Vec<String>,
    pub of_the_facility: Vec<String>,
    /// Whom the office might hand a copy.
    guardians: Vec<String>,
}

impl More {
    /// Lets happen what there is to be read of: a visit and a move, and once care has begun follow-up care and a swap.
    pub async fn of(scene: &Scene, guardians: &[String]) -> Self {
        let preference = "SELECT id::text FROM facility_preference WHERE tenant_id = $1 AND demand_id = $2";
        let preference = scene.app.value(preference, scene.demand.0).await.unwrap();
        for sql in [VISIT, MOVE] {
            scene.app.change(sql, scene.demand.0).await;
        }
        if let Some(contract) = scene.contract {
            for sql in [SWAP, FOLLOWUP, LINKS] {
                scene.app.change(sql, contract).await;
            }
        }
        let mut ids = BTreeMap::from([
            ("child_id", scene.child.to_string()),
            ("demand_id", scene.demand.to_string()),
            ("facility_id", scene.wished.to_string()),
            ("preference_id", preference.clone()),
            ("visit_id", preference),
        ]);
        if let Some(contract) = scene.contract {
            ids.insert("contract_id", contract.to_string());
            ids.insert("offer_id", contract.to_string());
        }
        let read = |begins: &[&str]| readings(&ids, begins);
        let more = Self {
            of_parents: read(&["/family", "/demands", "/visits", "/offers", "/contracts", "/mandates"]),
            of_the_office: read(&["/office", "/rounds", "/allocations"]),
            of_the_facility: read(&["/staff"]),
            guardians: guardians.to_vec(),
        };
        let counts = [&more.of_parents, &more.of_the_office, &more.of_the_facility].map(Vec::len);
        assert!(counts[0] >= 15 && counts[1] >= 20 && counts[2] >= 12, "{counts:?}");
        more
    }

    /// What the link of a mail shows that this person got.
    pub async fn by_link(&self, client: &Client) -> String {
        let Some(account) = client.account else {
            return String::new();
        };
        let answer = client.post("/followup-demands/seen", json!({ "token": account })).await;
        String::from_utf8_lossy(&answer.bytes).into_owned()
    }

    /// What the office can hand over to anybody.
    pub async fn copies(&self, client: &Client) -> String {
        let mut found = String::new();
        for guardian in &self.guardians {
            let path = format!("/office/guardians/{guardian}/copy");
            let answer = client.post(&path, json!({"identified_by": "identity_card"})).await;
            found.push_str(&String::from_utf8_lossy(&answer.bytes));
        }
        found
    }
}

/// The contract's readings with such a beginning, about the things of the situation.
fn readings(ids: &BTreeMap<&str, String>, begins: &[&str]) -> Vec<String> {
    let api = kitaplatz::app::openapi();
    let paths = api["paths"].as_object().unwrap().iter();
    let read = paths.filter(|(_, item)| item["get"].is_object());
    let below = read.filter_map(|(path, item)| Some((path.strip_prefix("/api/v1/{tenant}")?, &item["get"])));
    let begins_with = |path: &str, all: &[&str]| all.iter().any(|begin| path.starts_with(begin));
    let wanted = below.filter(|(path, _)| begins_with(path, begins) && !begins_with(path, &LEFT_OUT));
    wanted
        .filter_map(|(path, operation)| {
            let mut path = path.to_owned();
            for (name, id) in ids {
                path = path.replace(&format!("{{{name}}}"), id);
            }
            // There is no such thing in any situation.
            (!path.contains('{')).then(|| path + &query(&api, operation))
        })
        .collect()
}

/// What must be said behind the path, as the contract shows it.
fn query(api: &Value, operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let required = parameters.filter(|p| p["in"] == "query" && p["required"] == true);
    let said = required.map(|p| {
        let schema = match p["schema"]["$ref"].as_str() {
            Some(named) => api.pointer(named.trim_start_matches('#')).unwrap(),
            None => &p["schema"],
        };
        let example = Some(&p["example"])
            .filter(|e| !e.is_null())
            .unwrap_or(&schema["enum"][0]);
        format!(
            "{}={}",
            p["name"].as_str().unwrap(),
            example.to_string().trim_matches('"')
        )
    });
    let all: Vec<String> = said.collect();
    if all.is_empty() {
        String::new()
    } else {
        format!("?{}", all.join("&"))
    }
}

const VISIT: &str = "
    INSERT INTO facility_visit (tenant_id, id, preference_id, starts_at, minutes, place, planned_by, planned_at)
    SELECT p.tenant_id, p.id, p.id, '2027-03-10T14:00Z', 60, 'Hof', (SELECT id FROM account WHERE tenant_id = $1 LIMIT 1), '2027-02-01'
      FROM facility_preference p WHERE p.tenant_id = $1 AND p.demand_id = $2";

const MOVE: &str = "
    INSERT INTO move_in (tenant_id, demand_id, child_id, move_on, postal_code, city, created_at)
    SELECT tenant_id, id, child_id, '2027-06-01', '04109', 'Musterstadt', '2027-02-01' FROM care_demand WHERE tenant_id = $1 AND id = $2";

const FOLLOWUP: &str = "
    INSERT INTO followup_demand (tenant_id, id, child_id, contract_id, care_type, needed_from, facility_ids, state, created_at)
    SELECT tenant_id, id, child_id, id, 'kindergarten', care_until, '{}', 'proposed', created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";

/// Everybody got a mail, whoever has custody now; the secret is the id of the account.
const LINKS: &str = "
    INSERT INTO followup_link (tenant_id, followup_id, guardian_id, token_hash)
    SELECT tenant_id, $2, id, sha256(convert_to(account_id::text, 'UTF8')) FROM guardian WHERE tenant_id = $1 AND account_id IS NOT NULL";
