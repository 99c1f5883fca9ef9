//! Everybody asks every view that might show a fact of the family.

use std::collections::BTreeSet;

use kitaplatz::access::{Action, Role, as_system};
use kitaplatz::platform::ids::GuardianId;
use reqwest::Method;
use serde_json::{Value, json};

use super::more::More;
use super::papers::{LISTS, Papers, text};
use super::stage::{FACTS, Scene};
use crate::support::Client;
use crate::support::mandates::acting;

/// Who sees which facts; where it is said so, in all views that there are.
pub async fn seen_by_everybody(scene: &Scene, in_all: bool) -> Vec<(String, BTreeSet<String>)> {
    let app = &scene.app;
    let admin = app.admin().await;
    let case_worker = app.clerk().await;
    for household in households(scene).await {
        let path = format!("/office/households/{}/case-worker", household.0);
        let body = json!({"account_id": case_worker.account_id()});
        admin.edit(Method::PUT, &path, household.1, body).await.ok();
    }
    let guardians = guardians(scene).await;
    let more = match in_all {
        true => Some(More::of(scene, &guardians).await),
        false => None,
    };
    let papers = Papers::issued(scene, &case_worker, &admin, guardians).await;
    let view = View { scene, papers, more };
    let mut seen = Vec::new();
    let mut saw = |who: &str, found: String| seen.push((who.to_owned(), facts(&found)));
    for (who, parent) in &scene.parents {
        saw(who, view.of_parents(parent).await);
    }
    for (who, parent) in &scene.parents {
        let counsellor = counsellor(scene, parent).await;
        saw(&who.replace("parent", "counsellor"), view.of_parents(&counsellor).await);
    }
    let read_only = app.staff(&[(Role::ReadOnly, None, None)]).await;
    for (who, client) in [
        ("clerk", &scene.clerk),
        ("case_worker", &case_worker),
        ("tenant_admin", &admin),
        ("read_only", &read_only),
    ] {
        saw(who, view.of_the_office(client).await);
    }
    for (who, facility) in [("manager", scene.wished), ("other_manager", scene.other)] {
        let client = app.manager(facility).await;
        if who == "manager" && scene.contract.is_some() {
            let list = format!("/staff/facilities/{facility}/list?kind=attendance");
            let rows = client.get(&list).await.ok()["rows"].as_array().unwrap().len();
            assert_eq!(rows, 1, "the child is on the lists that are searched");
        }
        saw(who, view.of_the_facility(&client).await);
    }
    saw("nobody", view.of_all(&app.anonymous()).await);
    let scopes: BTreeSet<&str> = Action::ALL.iter().filter_map(|action| action.key_scope()).collect();
    for scope in scopes {
        let key = key(scene, &admin, scope).await;
        saw(&format!("key_{scope}"), view.of_all(&key).await);
    }
    saw("audit", audit(scene).await);
    // The wished facility turns out to be a childminder's, who manages it alone.
    let sql = "UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, scene.wished.0).await;
    let childminder = app.staff(&[(Role::Childminder, None, Some(scene.wished))]).await;
    saw("childminder", view.of_the_facility(&childminder).await);
    // Last, because it changes the demand: who is told of a refusal. Who is in care is refused by nobody.
    if scene.contract.is_none() {
        saw("post", post(scene).await);
    }
    seen
}

/// Somebody with this parent's mandate for the child, acting by it. It is there whether or not the parent has custody now: custody ends,
/// and mandates stay.
async fn counsellor(scene: &Scene, parent: &Client) -> Client {
    let (app, account) = (&scene.app, parent.account_id());
    let guardian = "SELECT id::text FROM guardian WHERE tenant_id = $1 AND account_id = $2";
    let guardian = GuardianId(app.value(guardian, account.0).await.unwrap().parse().unwrap());
    let email = format!("{account}@beratung.example");
    acting(app, guardian, scene.child, &email).await.0
}

/// A machine client with this scope.
async fn key(scene: &Scene, admin: &Client, scope: &str) -> Client {
    let body = json!({"name": "Fachverfahren", "scopes": [scope]});
    let made = admin.create("/admin/api-keys", body).await.ok();
    let mut client = scene.app.anonymous();
    client.bearer = made["key"].as_str().map(str::to_owned);
    client
}

fn facts(text: &str) -> BTreeSet<String> {
    let found = FACTS.iter().filter(|(_, word)| text.contains(word));
    found.map(|(fact, _)| (*fact).to_owned()).collect()
}

async fn all(client: &Client, paths: &[String]) -> String {
    let mut found = String::new();
    for path in paths {
        found.push_str(&text(&client.get(path).await));
    }
    found
}

/// The situation and its papers.
struct View<'a> {
    scene: &'a Scene,
    papers: Papers,
    more: Option<More>,
}

impl View<'_> {
    async fn of_all(&self, client: &Client) -> String {
        let mut found = self.of_the_facility(client).await;
        found.push_str(&self.of_parents(client).await);
        found.push_str(&self.of_the_office(client).await);
        found
    }

    async fn of_parents(&self, client: &Client) -> String {
        let (child, demand) = (self.scene.child, self.scene.demand);
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
            "/family/mandates".into(),
            "/mandates".into(),
        ];
        let mut found = all(client, &paths).await + &self.papers(client).await;
        if let Some(more) = &self.more {
            found += &all(client, &more.of_parents).await;
            found += &more.by_link(client).await;
        }
        found
    }

    /// The contract and its paper, where there is one, and what the office wrote.
    async fn papers(&self, client: &Client) -> String {
        let mut paths = self.papers.paths();
        if let Some(contract) = self.scene.contract {
            let contract = format!("/contracts/{contract}");
            paths.extend([format!("{contract}/draft.pdf"), contract]);
        }
        all(client, &paths).await
    }

    async fn of_the_office(&self, client: &Client) -> String {
        let (child, demand) = (self.scene.child, self.scene.demand);
        let mut paths = vec![
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
        let contacts = "list-file?kind=contacts&format=xlsx";
        paths.push(format!("/staff/facilities/{}/{contacts}", self.scene.wished));
        let mut found = all(client, &paths).await + &self.papers(client).await;
        for (household, _) in every_household(self.scene).await {
            let path = format!("/office/households/{household}/address");
            let answer = client.post(&path, json!({"purpose": "letter"})).await;
            found.push_str(&text(&answer));
        }
        if let Some(more) = &self.more {
            found += &all(client, &more.of_the_office).await;
            found += &more.copies(client).await;
        }
        found
    }

    async fn of_the_facility(&self, client: &Client) -> String {
        let (wished, demand) = (self.scene.wished, self.scene.demand);
        let house = format!("/staff/facilities/{wished}");
        let mut paths = vec![
            "/staff/preferences".to_owned(),
            "/staff/vacancies".into(),
            format!("{house}/followups?age_band=under3"),
            "/staff/offers".into(),
            "/contracts".into(),
            format!("/office/demands/{demand}"),
            format!("{house}/groups"),
            format!("{house}/month"),
            "/staff/inbox".into(),
            format!("{house}/children/{}/care-sheet", self.scene.child),
        ];
        let preferences = preferences(self.scene).await;
        paths.extend(preferences.iter().map(|id| format!("/staff/preferences/{id}")));
        for kind in LISTS {
            paths.push(format!("{house}/list?kind={kind}"));
            paths.push(format!("{house}/list-file?kind={kind}&format=csv"));
        }
        // The same rows in forms that take long to make and to read: those of the list that says most.
        paths.push(format!("{house}/list-file?kind=contacts&format=xlsx"));
        paths.push(format!("{house}/list.pdf?kind=contacts"));
        if let Some(more) = &self.more {
            paths.extend(more.of_the_facility.iter().cloned());
        }
        all(client, &paths).await + &self.papers(client).await
    }
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

/// Everybody who has custody of a child, had it or will have it.
async fn guardians(scene: &Scene) -> Vec<String> {
    let sql = "SELECT DISTINCT guardian_id::text FROM custody WHERE tenant_id = $1";
    let all: Vec<(String,)> = rows(scene, sql).await;
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
        let letter = scene.clerk.get(&format!("/office/letters/{letter}.pdf")).await;
        found.push_str(&text(&letter));
    }
    found
}
