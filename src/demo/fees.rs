//! A fee table that holds, and in the large town notices: for a family that pays nothing for half a year, and for most of the children who
//! are in care; the others wait for the office.

use chrono::{Datelike, Days, Months, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};

use super::DemoError;
use super::stage::Stage;
use super::stories::{self, text, version};
use super::visitor::Visitor;

/// So many children in care wait for their notice; the others have it.
const WAITING: usize = 12;

/// What the town charges, by the example of Leipzig 2014, and a first notice.
pub(super) async fn charge(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(2, 10);
    let (admin, clerk) = (stage.colleague("verwaltung").await?, stage.colleague("amt").await?);
    let table = json!({ "name": format!("Elternbeiträge {}", stage.today.year()), "template": "leipzig_2014" });
    let mut table = admin.post("/admin/fee-schedules", &table).await?;
    let path = format!("/admin/fee-schedules/{}", text(&table, "id")?);
    if stage.town.slug != "leipzig" {
        let basis = format!(
            "Beitragssatzung der {} (Beispiel, mit Beträgen von 2014)",
            stage.town.name
        );
        let content = json!({ "name": table["name"], "legal_basis": basis, "due_day": table["due_day"], "table": table["formula"] });
        table = admin.edit(Method::PUT, &path, version(&table)?, &content).await?;
    }
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
    let listed = admin.get("/office/fees?limit=200").await?;
    let rows = listed["items"].as_array().into_iter().flatten();
    let first_day = |row: &&Value| row["care_from"].as_str().and_then(|day| day.parse::<NaiveDate>().ok());
    let (coming, running): (Vec<_>, Vec<_>) = rows.partition(|row| first_day(row) > Some(stage.today));
    if let Some(first) = coming.first() {
        waive(stage, first).await?;
        notice(stage, [&admin, &clerk], first, &first["care_from"]).await?;
    }
    for row in running.iter().take(running.len().saturating_sub(WAITING)) {
        let from = first_day(row).map(stories::first_of).max(begins);
        notice(stage, [&admin, &clerk], row, &json!(from)).await?;
    }
    Ok(())
}

/// What is owed from a month on: worked out by one person, approved by another, posted and told to the family.
async fn notice(stage: &Stage<'_>, people: [&Visitor; 2], row: &Value, from_month: &Value) -> Result<(), DemoError> {
    let [writer, second] = people;
    let fee = json!({ "contract_id": row["contract_id"], "from_month": from_month, "child_position": row["suggested_position"],
        "lone_parent": false, "income_up_to": Value::Null, "note": "" });
    let fee = writer.post("/office/fees", &fee).await?;
    let approve = format!("/office/notices/{}/approve", text(&fee["notice"], "id")?);
    let approved = second.edit(Method::POST, &approve, version(&fee)?, &json!({})).await?;
    let path = format!("/office/fees/{}/issue", text(&fee, "id")?);
    let posted = json!({ "posted_on": stage.today - Days::new(2) });
    writer.edit(Method::POST, &path, version(&approved)?, &posted).await?;
    Ok(())
}

/// A family with housing benefit pays nothing for half a year.
async fn waive(stage: &Stage<'_>, row: &Value) -> Result<(), DemoError> {
    let admin = stage.colleague("verwaltung").await?;
    let from: NaiveDate = text(row, "care_from")?.parse().unwrap_or(stage.today);
    let relief = json!({ "contract_id": row["contract_id"], "reason": "housing_benefit", "percent": 0, "from_month": from,
        "until_month": from.checked_add_months(Months::new(6)), "evidence_on": stage.today.checked_sub_days(Days::new(9)), "note": "" });
    admin.post("/office/fee-reliefs", &relief).await?;
    Ok(())
}
