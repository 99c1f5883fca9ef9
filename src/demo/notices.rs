//! Two notices of the office: one that was posted, and one that waits for a second person.

use reqwest::Method;
use serde_json::{Value, json};

use super::DemoError;
use super::stage::Stage;
use super::stories::version;
use super::visitor::Visitor;

/// Makes them for the first two families that asserted the claim and wait.
pub(super) async fn tell(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(6, 9);
    let (clerk, admin) = (stage.colleague("amt").await?, stage.colleague("verwaltung").await?);
    let claims = clerk.get("/office/demands?view=legal_claim&limit=20").await?;
    let born = claims["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|d| !d["child"]["birth_date"].is_null());
    let demands: Vec<Value> = born.map(|d| d["id"].clone()).collect();
    let [posted, waiting, ..] = demands.as_slice() else {
        return Ok(());
    };
    let notice = written(&clerk, posted).await?;
    let path = notice_path(&notice);
    let approved = admin
        .edit(Method::POST, &format!("{path}/approve"), version(&notice)?, &json!({}))
        .await?;
    let body = json!({ "posted_on": stage.today - chrono::Days::new(6) });
    clerk
        .edit(Method::POST, &format!("{path}/issue"), version(&approved)?, &body)
        .await?;
    stage.days_ago(1, 15);
    let admin = stage.colleague("verwaltung").await?;
    written(&admin, waiting).await?;
    Ok(())
}

fn notice_path(notice: &Value) -> String {
    format!("/office/notices/{}", notice["id"].as_str().unwrap_or_default())
}

/// A refusal from the template, with the reasons of the case written out.
async fn written(writer: &Visitor, demand: &Value) -> Result<Value, DemoError> {
    let draft = writer
        .post("/office/notices", &json!({ "demand_id": demand, "kind": "refusal" }))
        .await?;
    let path = notice_path(&draft);
    let draft = writer.get(&path).await?;
    let mut text = draft["text"].clone();
    text["reasons"] = json!(
        "Nach Ihren Angaben zieht Ihre Familie vor dem gewünschten Beginn in eine andere Gemeinde. Für den Anspruch nach § 24 SGB VIII ist dann \
         das Jugendamt am Ort des gewöhnlichen Aufenthalts der Eltern zuständig (§ 86 SGB VIII).\n\nWir haben Ihre Antwort auf unser Schreiben berücksichtigt. \
         Sie ändert daran nichts."
    );
    writer.edit(Method::PUT, &path, version(&draft)?, &text).await
}
