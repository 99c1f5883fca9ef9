//! The youth office's clerk: what waits in the town, and a form on paper.

use kitaplatz::platform::ids::{CriterionId, DemandId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};

use super::facilities::facility;
use super::families::id;
use super::waiting::{Family, Waiting, waiting};
use super::{Answer, Client, TestApp};

/// Where the office finds a demand.
pub fn path(demand: DemandId) -> String {
    format!("/office/demands/{demand}")
}

/// The reference codes of a page, in its order.
pub fn codes(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["reference_code"].as_str().unwrap())
        .collect()
}

/// A demand's newest version.
pub async fn version(clerk: &Client, demand: DemandId) -> i64 {
    clerk.get(&path(demand)).await.ok()["version"].as_i64().unwrap()
}

/// Does something to a demand in its newest version.
pub async fn act(clerk: &Client, demand: DemandId, step: &str, body: Value) -> Answer {
    let version = version(clerk, demand).await;
    clerk
        .edit(Method::POST, &format!("{}/{step}", path(demand)), version, body)
        .await
}

/// Families that wait at a facility, told apart by what the views are about.
pub struct Town {
    pub facility: FacilityId,
    pub submitted: Waiting,
    pub claimed: Waiting,
    pub later_claim: Waiting,
    pub covered: Waiting,
}

/// Makes them, and a draft beside them.
pub async fn town(app: &TestApp) -> Town {
    let facility = facility(app, "Kita Ahorn").await;
    let family = |state, first_name, start: &str, received_at| Family {
        state,
        first_name: Some(first_name),
        start: start.parse().unwrap(),
        received_at,
        ..Family::default()
    };
    let claim = |family| Family {
        legal_claim: true,
        ..family
    };
    let submitted = family("submitted", "Anna", "2027-08-01", "2027-01-20T08:00:00Z");
    let claimed = claim(family("confirmed", "Ben", "2027-02-20", "2027-01-10T08:00:00Z"));
    let later_claim = claim(family("offer_pending", "Cem", "2027-09-01", "2027-01-15T08:00:00Z"));
    let covered = claim(family("covered", "Dora", "2027-02-10", "2026-12-01T08:00:00Z"));
    let draft = family("draft", "Emil", "2027-08-01", "2027-01-10T08:00:00Z");
    waiting(app, &draft, &[facility]).await;
    Town {
        submitted: waiting(app, &submitted, &[facility]).await,
        claimed: waiting(app, &claimed, &[facility]).await,
        later_claim: waiting(app, &later_claim, &[facility]).await,
        covered: waiting(app, &covered, &[facility]).await,
        facility,
    }
}

/// The criterion of a code.
pub async fn criterion(app: &TestApp, code: &str) -> CriterionId {
    let all = app.anonymous().get("/criteria").await.ok();
    let found = all["items"].as_array().unwrap().iter().find(|c| c["code"] == code);
    id(&found.expect("the criterion is there")["id"])
}

/// What a clerk types from a paper form of a family without e-mail.
pub fn paper(facilities: &[FacilityId]) -> Value {
    json!({
        "guardian": {"first_name": "Jana", "last_name": "Braun", "email": null, "phone": "0341 123456", "language": "de"},
        "household": {"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt",
                      "address_protected": false},
        "child": {"first_name": "Mia", "last_name": null, "sex": null, "birth_date": "2026-03-14", "expected_birth_date": null},
        "demand": {"care_type": "nursery", "desired_start": "2027-09-01", "latest_start": null, "hours_per_week": 40,
                   "window_from": "07:30", "window_to": "16:00", "legal_claim": true, "facts": []},
        "facility_ids": facilities,
        "received_at": "2027-01-20T11:00:00Z"
    })
}

/// The form with one value changed, at its JSON pointer.
pub fn with(mut form: Value, pointer: &str, value: Value) -> Value {
    *form.pointer_mut(pointer).expect("the pointer is there") = value;
    form
}
