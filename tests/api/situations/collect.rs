//! Everybody asks every view that might show a fact of the family.

use std::collections::BTreeSet;

use kitaplatz::access::{Role, as_system};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{FACTS, Scene};
use crate::support::{Answer, Client, pdf_text};

/// Who sees which facts.
pub async fn seen_by_everybody(scene: &Scene) -> Vec<(&'static str, BTreeSet<String>)> {
    let app = &scene.app;
    let admin = app.admin().await;
    let case_worker = app.clerk().await;
    for household in households(scene).await {
        let path = format!("/office/households/{}/case-worker", household.0);
        let body = json!({"account_id": case_worker.account_id()});
        admin.edit(Method::PUT, &path, household.1, body).await.ok();
    }
    let mut seen = Vec::new();
    for (who, parent) in &scene.parents {
        seen.push((*who, facts(&parents_views(scene, parent).await)));
    }
    let read_only = app.staff(&[(Role::ReadOnly, None, None)]).await;
    for (who, client) in [
        ("clerk", &scene.clerk),
        ("case_worker", &case_worker),
        ("tenant_admin", &admin),
        ("read_only", &read_only),
    ] {
        seen.push((who, facts(&office_views(scene, client).await)));
    }
    for (who, facility) in [("manager", scene.wished), ("other_manager", scene.other)] {
        let client = app.manager(facility).await;
        if who == "manager" && scene.contract.is_some() {
            let list = format!("/staff/facilities/{facility}/list?kind=attendance");
            let rows = client.get(&list).await.ok()["rows"].as_array().unwrap().len();
            assert_eq!(rows, 1, "the child is on the lists that are searched");
        }
        seen.push((who, facts(&facility_views(scene, &client).await)));
    }
    let nobody = app.anonymous();
    let mut text = facility_views(scene, &nobody).await;
    text.push_str(&parents_views(scene, &nobody).await);
    text.push_str(&office_views(scene, &nobody).await);
    seen.push(("nobody", facts(&text)));
    seen.push(("audit", facts(&audit(scene).await)));
    // Last, because it changes the demand: who is told of a refusal. Who is in care is refused by nobody.
    if scene.contract.is_none() {
        seen.push(("post", facts(&post(scene).await)));
    }
    seen
}

fn facts(text: &str) -> BTreeSet<String> {
    let found = FACTS.iter().filter(|(_, word)| text.contains(word));
    found.map(|(fact, _)| (*fact).to_owned()).collect()
}

fn text(answer: &Answer) -> String {
    match answer.headers.get("content-type").map(|kind| kind.as_bytes()) {
        Some(b"application/pdf") => pdf_text(&answer.bytes).unwrap_or_default(),
        _ => String::from_utf8_lossy(&answer.bytes).into_owned(),
    }
}

async fn all(client: &Client, paths: &[String]) -> String {
    let mut found = String::new();
    for path in paths {
        found.push_str(&text(&client.get(path).await));
    }
    found
}

async fn parents_views(scene: &Scene, client: &Client) -> String {
    let (child, demand) = (scene.child, scene.demand);
    let paths = [
        "/family".into(),
        "/demands".into(),
        format!("/demands/{demand}"),
        format!("/demands/{demand}/history"),
        format!("/demands/{demand}/receipt.pdf"),
        format!("/family/children/{child}/access"),
        "/offers".into(),
        "/contracts".into(),
        format!("/demands/{demand}/notices"),
        format!("/family/children/{child}/care-sheet"),
        "/family/fees".into(),
    ];
    all(client, &paths).await + &contract_views(scene, client).await
}

/// The contract and its paper, where there is one.
async fn contract_views(scene: &Scene, client: &Client) -> String {
    let Some(contract) = scene.contract else {
        return String::new();
    };
    let paths = [
        format!("/contracts/{contract}"),
        format!("/contracts/{contract}/draft.pdf"),
    ];
    all(client, &paths).await
}

async fn office_views(scene: &Scene, client: &Client) -> String {
    let (child, demand) = (scene.child, scene.demand);
    let paths = [
        format!("/office/demands?q={}", "Lindgr%C3%BCn"),
        format!("/office/demands?q={}", "Heidelrot"),
        format!("/office/demands/{demand}"),
        format!("/office/children/{child}/custody"),
        "/office/letters".into(),
        "/office/dead-letters".into(),
        "/contracts".into(),
        "/admin/audit?limit=200".into(),
        format!("/office/children/{child}/file"),
        "/office/notices".into(),
        "/office/fees".into(),
        "/office/dashboard".into(),
        "/staff/inbox".into(),
    ];
    let mut found = all(client, &paths).await + &contract_views(scene, client).await;
    for (household, _) in every_household(scene).await {
        let path = format!("/office/households/{household}/address");
        found.push_str(&text(&client.post(&path, json!({"purpose": "letter"})).await));
    }
    found
}

async fn facility_views(scene: &Scene, client: &Client) -> String {
    let (wished, demand) = (scene.wished, scene.demand);
    let mut paths = vec![
        "/staff/preferences".to_owned(),
        "/staff/vacancies".into(),
        format!("/staff/facilities/{wished}/followups?age_band=under3"),
        "/staff/offers".into(),
        "/contracts".into(),
        format!("/office/demands/{demand}"),
    ];
    paths.extend(
        preferences(scene)
            .await
            .iter()
            .map(|id| format!("/staff/preferences/{id}")),
    );
    let house = format!("/staff/facilities/{wished}");
    paths.extend(["groups", "month"].map(|view| format!("{house}/{view}")));
    paths.extend([
        "/staff/inbox".to_owned(),
        format!("{house}/children/{}/care-sheet", scene.child),
    ]);
    for kind in ["attendance", "birthdays", "pickups", "allergies", "contacts"] {
        paths.push(format!("{house}/list?kind={kind}"));
        paths.push(format!("{house}/list-file?kind={kind}&format=csv"));
        paths.push(format!("{house}/list.pdf?kind={kind}"));
    }
    all(client, &paths).await + &contract_views(scene, client).await
}

async fn rows<T: Send + Unpin + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>>(
    scene: &Scene,
    sql: &'static str,
) -> Vec<T> {
    as_system(&scene.app.platform, &scene.app.tenant, "test_rows", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_as(sql).bind(tenant).fetch_all(tx.conn()).await
    })
    .await
    .unwrap()
}

async fn preferences(scene: &Scene) -> Vec<uuid::Uuid> {
    let all: Vec<(uuid::Uuid,)> = rows(scene, "SELECT id FROM facility_preference WHERE tenant_id = $1").await;
    all.into_iter().map(|row| row.0).collect()
}

async fn every_household(scene: &Scene) -> Vec<(uuid::Uuid, i64)> {
    rows(scene, "SELECT id, version::bigint FROM household WHERE tenant_id = $1").await
}

/// Protected ones of families that the office knows.
async fn households(scene: &Scene) -> Vec<(uuid::Uuid, i64)> {
    let sql =
        "SELECT h.id, h.version::bigint FROM household h WHERE h.tenant_id = $1 AND h.address_protected AND EXISTS (
                 SELECT 1 FROM guardian g JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
                  WHERE g.tenant_id = h.tenant_id AND g.household_id = h.id)";
    rows(scene, sql).await
}

/// The audit as it stands in the table: ids and words of ours, and no fact.
async fn audit(scene: &Scene) -> String {
    let all: Vec<(String,)> = rows(scene, "SELECT e::text FROM audit_event e WHERE tenant_id = $1").await;
    all.into_iter().map(|row| row.0).collect()
}

/// Where the next message about the child goes, and what it says.
async fn post(scene: &Scene) -> String {
    let manager = scene.app.manager(scene.wished).await;
    let list = manager.get("/staff/preferences").await.ok();
    let wish: &Value = &list["items"][0];
    let path = format!("/staff/preferences/{}/refuse", wish["id"].as_str().unwrap());
    let body = json!({"reason": "no_place", "note": null});
    manager
        .edit(Method::POST, &path, wish["version"].as_i64().unwrap(), body)
        .await
        .ok();
    let sql =
        "SELECT concat_ws(' ', n.to_address, n.context::text, CASE WHEN n.channel = 'letter' THEN g.last_name END)
                 FROM notification n LEFT JOIN guardian g ON g.tenant_id = n.tenant_id AND g.id = n.guardian_id
                WHERE n.tenant_id = $1 AND n.kind = 'state_change'";
    let all: Vec<(String,)> = rows(scene, sql).await;
    let mut found: String = all.into_iter().map(|row| row.0).collect();
    for (letter,) in rows::<(uuid::Uuid,)>(
        scene,
        "SELECT id FROM notification WHERE tenant_id = $1 AND state = 'to_print'",
    )
    .await
    {
        found.push_str(&text(&scene.clerk.get(&format!("/office/letters/{letter}.pdf")).await));
    }
    found
}
