//! A guest child whose home municipality agreed for a year, one in care whose home municipality takes its consent back, one that nobody has asked about, and a family that moves here.

use chrono::Days;
use reqwest::Method;
use serde_json::{Value, json};

use super::DemoError;
use super::stage::Stage;
use super::stories::text;

/// Makes them of the last waiting families that did not assert the claim.
pub(super) async fn tell(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(9, 10);
    let clerk = stage.colleague("amt").await?;
    let waiting = clerk.get("/office/demands?view=without_place&limit=100").await?;
    let quiet = waiting["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|d| d["legal_claim"] == false);
    let demands: Vec<&str> = quiet.filter_map(|d| d["id"].as_str()).collect();
    let [.., mover, open, agreed] = demands.as_slice() else {
        return Ok(());
    };
    let (name, address) = stage.town.neighbour;
    let home = json!({"name": name, "address": address, "email": null});
    for guest in [agreed, open] {
        let path = format!("/office/demands/{guest}/guest");
        clerk.edit(Method::PUT, &path, 0, &home).await?;
    }
    let path = format!("/office/demands/{agreed}/guest");
    clerk.edit(Method::POST, &format!("{path}/ask"), 2, &json!({})).await?;
    stage.days_ago(2, 11);
    let clerk = stage.colleague("amt").await?;
    let answer = json!({
        "granted": true, "answered_on": stage.today - Days::new(3), "valid_from": stage.today + Days::new(60),
        "valid_until": stage.today + Days::new(425), "costs_agreed": true, "file_number": "51.2-17/27",
    });
    clerk.edit(Method::POST, &format!("{path}/answer"), 3, &answer).await?;
    let path = format!("/office/demands/{mover}/move-in");
    let (postal_code, city, ..) = stage.town.place;
    let new = json!({"move_on": stage.today + Days::new(75), "postal_code": postal_code, "city": city, "area": null});
    clerk.edit(Method::PUT, &path, 0, &new).await?;
    let seen = json!({"evidence": "rental_contract", "seen_on": stage.today - Days::new(2)});
    clerk.edit(Method::POST, &format!("{path}/evidence"), 1, &seen).await?;
    withdrawn(stage, &home).await
}

/// A child that is in care already, whose home municipality takes its consent back: the contract stands, and the office has to decide.
async fn withdrawn(stage: &Stage<'_>, home: &Value) -> Result<(), DemoError> {
    let manager = stage.colleague("leitung").await?;
    let contracts = manager.get("/contracts?state=active&limit=200").await?;
    let goes_on = (stage.today + Days::new(180)).to_string();
    let mut staying = contracts["items"].as_array().into_iter().flatten().rev();
    let Some(contract) = staying.find(|one| one["care_until"].as_str().is_some_and(|until| until > goes_on.as_str()))
    else {
        return Ok(());
    };
    let path = format!("/office/demands/{}/guest", text(contract, "demand_id")?);
    let clerk = stage.colleague("amt").await?;
    clerk.edit(Method::PUT, &path, 0, home).await?;
    clerk.edit(Method::POST, &format!("{path}/ask"), 2, &json!({})).await?;
    let answer = json!({"granted": true, "answered_on": stage.today - Days::new(2), "valid_from": contract["care_from"], "costs_agreed": true});
    clerk.edit(Method::POST, &format!("{path}/answer"), 3, &answer).await?;
    let letter = json!({"withdrawn_from": stage.today + Days::new(90), "reason": "costs", "file_number": "51.2-18/27"});
    clerk
        .edit(Method::POST, &format!("{path}/withdrawal"), 4, &letter)
        .await?;
    Ok(())
}
