//! A fee table that holds, and in the large town a notice of fees for one family; the others wait for the office.

use chrono::{Datelike, Months};
use reqwest::Method;
use serde_json::{Value, json};

use super::DemoError;
use super::stage::Stage;
use super::stories::{self, text, version};

/// What the town charges, by the example of Leipzig 2014, and a first notice.
pub(super) async fn charge(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(2, 10);
    let admin = stage.colleague("verwaltung").await?;
    let table = json!({ "name": format!("Elternbeiträge {}", stage.today.year()), "template": "leipzig_2014" });
    let table = admin.post("/admin/fee-schedules", &table).await?;
    let path = format!("/admin/fee-schedules/{}", text(&table, "id")?);
    let begins = stage
        .today
        .with_day(1)
        .and_then(|day| day.checked_sub_months(Months::new(6)));
    let publication = json!({ "valid_from": begins });
    admin
        .edit(Method::POST, &format!("{path}/publish"), version(&table)?, &publication)
        .await?;
    if stage.town.slug != stories::LARGE_TOWN {
        return Ok(());
    }
    let listed = admin.get("/office/fees").await?;
    let Some(first) = listed["items"].as_array().and_then(|rows| rows.first()) else {
        return Ok(());
    };
    let fee = json!({ "contract_id": first["contract_id"], "from_month": first["care_from"], "child_position": 1, "lone_parent": false,
        "income_up_to": Value::Null, "note": "" });
    let fee = admin.post("/office/fees", &fee).await?;
    let path = format!("/office/fees/{}/issue", text(&fee, "id")?);
    admin.edit(Method::POST, &path, version(&fee)?, &json!({})).await?;
    Ok(())
}
