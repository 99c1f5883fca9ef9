//! A counsellor with a mandate on paper, and a town that is set up: in one town some steps are left, so that the guide shows.

use chrono::{Datelike, Months};
use reqwest::Method;
use serde_json::json;

use super::DemoError;
use super::accounts::Grant;
use super::stage::Stage;
use super::stories::text;
use crate::access::Role;

/// The town whose administrator still finds something to do.
const UNFINISHED: &str = "chemnitz";

/// The office records that a mother lets a counselling centre act for her, and the counsellor takes it on.
pub(super) async fn counsellor(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(4, 10);
    let counsellor = stage
        .staff("beratung", "Ayse Ay", &Grant::Tenant(Role::Counsellor))
        .await?;
    let clerk = stage.colleague("amt").await?;
    let demands = clerk.get("/office/demands?state=confirmed&limit=5").await?;
    let Some(demand) = demands["items"].as_array().and_then(|items| items.last()) else {
        return Ok(());
    };
    let seen = clerk.get(&format!("/office/demands/{}", text(demand, "id")?)).await?;
    let child = text(&seen["child"], "id")?;
    let custody = clerk.get(&format!("/office/children/{child}/custody")).await?;
    let Some(guardian) = custody["items"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["holds_today"] == true))
    else {
        return Ok(());
    };
    let paper = json!({
        "guardian_id": guardian["guardian_id"], "name": "Beratungsstelle Mitte, Frau Ay", "email": stage.town.address("beratung"),
        "may_act": true, "valid_until": stage.today + Months::new(10), "child_ids": [child],
    });
    let mandate = clerk.post("/office/mandates", &paper).await?;
    counsellor
        .post(&format!("/mandates/{}/accept", text(&mandate, "id")?), &json!({}))
        .await?;
    Ok(())
}

/// Legal pages in the town's words, holidays, and defaults that somebody looked at.
pub(super) async fn set_up(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(2, 10);
    let admin = stage.colleague("verwaltung").await?;
    for kind in ["imprint", "privacy", "accessibility"] {
        let page = admin.get(&format!("/legal/{kind}?language=de")).await?;
        let words = json!({ "title": page["title"], "body": page["body"] });
        admin
            .edit(Method::PUT, &format!("/admin/legal/{kind}/de"), 1, &words)
            .await?;
    }
    if stage.town.slug == UNFINISHED {
        return Ok(());
    }
    for year in [stage.today.year(), stage.today.year() + 1] {
        admin
            .edit(Method::PUT, "/admin/holidays", 0, &json!({ "year": year }))
            .await?;
    }
    for step in ["settings", "notices", "retention"] {
        admin
            .edit(Method::PUT, "/admin/setup/confirmation", 0, &json!({ "step": step }))
            .await?;
    }
    Ok(())
}
