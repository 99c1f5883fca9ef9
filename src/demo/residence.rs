//! A guest child whose home municipality agreed for a year, one in care whose home municipality takes its consent back, one that nobody has asked about, and a family that moves here.

use chrono::Days;
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;
use super::stories::text;
use super::visitor::Visitor;
use super::{DemoError, accounts};
use crate::platform::ids::GuardianId;

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
        lives_there(stage, &clerk, guest).await?;
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
    let demand = text(contract, "demand_id")?;
    let path = format!("/office/demands/{demand}/guest");
    let clerk = stage.colleague("amt").await?;
    lives_there(stage, &clerk, &demand).await?;
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

/// The family lives in the neighbouring municipality: as it says itself, or, where it has no account, as the office writes down.
async fn lives_there(stage: &Stage<'_>, clerk: &Visitor, demand: &str) -> Result<(), DemoError> {
    let seen = clerk.get(&format!("/office/demands/{demand}")).await?;
    let custody = format!("/office/children/{}/custody", text(&seen["child"], "id")?);
    let custody = clerk.get(&custody).await?;
    let mut guardians = custody["items"].as_array().into_iter().flatten();
    // Who has a household, and one whose address is not protected; a second parent may have none.
    let found = guardians.find(|one| one["household_id"].is_string() && one["address_protected"] == false);
    let Some(guardian) = found else { return Ok(()) };
    let id = text(guardian, "guardian_id")?.parse();
    let id = GuardianId(id.map_err(|_| DemoError::Refused(format!("{demand} has no guardian")))?);
    let (_, address) = stage.town.neighbour;
    // The address of its office ends with postal code and name.
    let (postal_code, city) = address
        .rsplit(", ")
        .next()
        .and_then(|end| end.split_once(' '))
        .unwrap_or_default();
    let home = json!({ "street": "Dorfstraße", "house_number": "9", "postal_code": postal_code, "city": city, "address_protected": false });
    let Some(account) = accounts::of_guardian(stage.platform, &stage.tenant, id).await? else {
        let path = format!("/office/households/{}", text(guardian, "household_id")?);
        let version = guardian["household_version"].as_i64().unwrap_or(1);
        clerk.edit(Method::PUT, &path, version, &home).await?;
        return Ok(());
    };
    let parent = stage.again(account, "").await?;
    let known = parent.get("/family").await?;
    let version = known["household"]["version"].as_i64().unwrap_or(0);
    parent.edit(Method::PUT, "/family/household", version, &home).await?;
    Ok(())
}
