//! Counsellors: a mandate opens the named children and nothing else, for its time, and ends with one click.

use kitaplatz::platform::ids::{AccountId, ChildId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::support::demands::complete;
use crate::support::facilities::facility;
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Answer, Client, TestApp, superuser_url};

const COUNSELLOR: &str = "ay@beratung.example";

struct Case {
    app: TestApp,
    facility: FacilityId,
    parent: Client,
    /// The child that the mandate names, with a draft.
    named: Waiting,
    /// Another child of the family, with a demand that waits.
    sibling: Waiting,
    counsellor: Client,
}

async fn case() -> Case {
    let app = TestApp::new().await;
    let facility = facility(&app, "Kita Sonnenschein").await;
    let parent = app.parent("jana@example.org").await;
    let child = |account: AccountId, name, state| Family {
        account: Some(account),
        first_name: Some(name),
        state,
        ..Family::default()
    };
    let account = parent.account_id();
    let named = waiting(&app, &child(account, "Mia", "draft"), &[facility]).await;
    let sibling = waiting(&app, &child(account, "Tom", "confirmed"), &[facility]).await;
    let counsellor = app.parent(COUNSELLOR).await;
    Case {
        app,
        facility,
        parent,
        named,
        sibling,
        counsellor,
    }
}

impl Case {
    fn body(&self, may_act: bool) -> Value {
        json!({"name": "Frau Ay", "email": COUNSELLOR, "may_act": may_act, "valid_until": "2027-08-31", "child_ids": [self.named.child]})
    }

    /// Given, taken on, and acted by.
    async fn acting(&self, may_act: bool) -> String {
        let given = self.parent.create("/family/mandates", self.body(may_act)).await.ok();
        let id = given["id"].as_str().unwrap().to_owned();
        self.counsellor.press(&format!("/mandates/{id}/accept")).await.ok();
        assert_eq!(self.counsellor.press(&format!("/mandates/{id}/act")).await.status, 204);
        id
    }
}

/// What these tests say of clients and answers.
trait Presses {
    /// A POST without a body.
    async fn press(&self, path: &str) -> Answer;
}

impl Presses for Client {
    async fn press(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None, &[]).await
    }
}

trait Refused {
    fn refused_with(&self, status: u16, code: &str);
}

impl Refused for Answer {
    #[track_caller]
    fn refused_with(&self, status: u16, code: &str) {
        assert_eq!(self.refused(status), code);
    }
}

async fn mails(app: &TestApp, kind: &str) -> i64 {
    let mut conn = PgConnection::connect(&superuser_url()).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM app.notification WHERE tenant_id = $1 AND kind = $2")
        .bind(app.tenant.id.0)
        .bind(kind)
        .fetch_one(&mut conn)
        .await
        .unwrap()
}

async fn events(app: &TestApp, action: &str) -> Vec<(Option<uuid::Uuid>, Option<uuid::Uuid>, Option<String>)> {
    let mut conn = PgConnection::connect(&superuser_url()).await.unwrap();
    sqlx::query_as(
        "SELECT actor_id, on_behalf_of, role FROM app.audit_event WHERE tenant_id = $1 AND action = $2 AND outcome = 'done' ORDER BY at, id",
    )
    .bind(app.tenant.id.0)
    .bind(action)
    .fetch_all(&mut conn)
    .await
    .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_counsellor_acts_for_the_named_child_and_every_event_names_both() {
    let case = case().await;
    let offered = case.parent.create("/family/mandates", case.body(true)).await.ok();
    assert_eq!(offered["state"], "offered");
    assert_eq!(mails(&case.app, "mandate_offered").await, 1);
    let id = offered["id"].as_str().unwrap();
    let mine = case.counsellor.get("/mandates").await.ok();
    assert_eq!(mine["items"][0]["id"], offered["id"]);
    // Offered is not taken on.
    case.counsellor
        .press(&format!("/mandates/{id}/act"))
        .await
        .refused_with(409, "mandate.not_accepted");
    case.counsellor.press(&format!("/mandates/{id}/accept")).await.ok();
    assert_eq!(mails(&case.app, "mandate_began").await, 1, "the family hears of it");
    assert_eq!(case.counsellor.press(&format!("/mandates/{id}/act")).await.status, 204);
    let session = case.counsellor.get("/session").await.ok();
    assert_eq!(session["acting"]["holds"], true);

    let family = case.counsellor.get("/family").await.ok();
    assert_eq!(family["children"].as_array().unwrap().len(), 1);
    assert_eq!(family["children"][0]["id"], json!(case.named.child));
    // Not where the family lives, nor who else belongs to it.
    assert!(
        family["household"].is_null() && family["other_guardians"] == json!([]) && family["invitations"] == json!([])
    );
    let demands = case.counsellor.get("/demands").await.ok();
    assert_eq!(demands["items"].as_array().unwrap().len(), 1);
    let path = format!("/demands/{}", case.named.demand);
    let draft = case.counsellor.get(&path).await.ok();
    let version = draft["version"].as_i64().unwrap();
    let filled = case
        .counsellor
        .edit(Method::PATCH, &path, version, complete())
        .await
        .ok();
    let wishes = json!({"facility_ids": [case.facility]});
    case.counsellor
        .edit(
            Method::PUT,
            &format!("{path}/preferences"),
            filled["version"].as_i64().unwrap(),
            wishes,
        )
        .await
        .ok();
    let sent = case.counsellor.create(&format!("{path}/submit"), json!({})).await.ok();
    assert_eq!(sent["state"], "confirmed", "this municipality confirms by itself");

    let found = events(&case.app, "submit_demand").await;
    assert_eq!(
        found,
        [(
            Some(case.counsellor.account_id().0),
            Some(case.named.guardian.0),
            Some("counsellor".to_owned())
        )]
    );
    let access = case
        .parent
        .get(&format!("/family/children/{}/access", case.named.child))
        .await
        .ok();
    let line = access["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["action"] == "submit_demand")
        .unwrap();
    assert_eq!(
        (&line["by"], &line["place"], &line["on_behalf_of"]),
        (&json!("counsellor"), &json!("Frau Ay"), &json!("Jana Braun"))
    );
    let admin = case.app.admin().await;
    let audit = admin.get("/admin/audit?action=submit_demand").await.ok();
    assert_eq!(audit["items"][0]["on_behalf_of_label"], "Jana Braun");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_the_mandate_does_not_name_is_missing_and_what_it_does_not_cover_is_refused() {
    let case = case().await;
    let id = case.acting(true).await;
    let counsellor = &case.counsellor;
    for path in [
        format!("/demands/{}", case.sibling.demand),
        format!("/demands/{}/history", case.sibling.demand),
        format!("/demands/{}/explanation", case.sibling.demand),
        format!("/demands/{}/notices", case.sibling.demand),
    ] {
        counsellor.get(&path).await.refused(404);
    }
    let path = format!("/family/children/{}", case.sibling.child);
    let change = json!({"first_name": "Nein"});
    counsellor.edit(Method::PATCH, &path, 1, change).await.refused(404);
    let draft = json!({"child_id": case.sibling.child});
    counsellor.create("/demands", draft).await.refused(422);
    for path in ["/family/export", "/family/mandates", "/family/fees"] {
        let answer = counsellor.get(path).await;
        assert!(
            [403, 404].contains(&answer.status.as_u16()),
            "{path}: {}",
            answer.status
        );
    }
    counsellor
        .create("/family/mandates", case.body(true))
        .await
        .refused_with(403, "mandate.not_covered");
    let invitation = json!({"email": "x@example.org", "child_ids": [case.named.child]});
    counsellor
        .create("/family/guardian-invitations", invitation)
        .await
        .refused_with(403, "mandate.not_covered");
    // The own account stays the own.
    counsellor.get("/account/sessions").await.ok();
    // The family ends it: the next request is refused, and stopping leads back to oneself.
    assert_eq!(case.parent.delete(&format!("/family/mandates/{id}")).await.status, 204);
    counsellor.get("/demands").await.refused_with(403, "mandate.over");
    counsellor
        .press(&format!("/mandates/{id}/act"))
        .await
        .refused_with(409, "mandate.over");
    assert_eq!(counsellor.get("/session").await.ok()["acting"]["holds"], false);
    assert_eq!(counsellor.delete("/mandates/acting").await.status, 204);
    assert_eq!(counsellor.get("/demands").await.ok()["items"], json!([]));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_mandate_to_look_changes_nothing_and_ends_by_itself_and_with_custody() {
    let case = case().await;
    case.acting(false).await;
    let path = format!("/demands/{}", case.named.demand);
    let draft = case.counsellor.get(&path).await.ok();
    let version = draft["version"].as_i64().unwrap();
    case.counsellor
        .edit(Method::PATCH, &path, version, complete())
        .await
        .refused_with(403, "mandate.not_covered");
    // Whose custody has ended can let nobody look.
    end_custody(&case.app, case.named.child).await;
    case.counsellor.get(&path).await.refused(404);
    case.app.at("2027-09-01T08:00:00Z");
    let counsellor = case.app.parent(COUNSELLOR).await;
    let mine = counsellor.get("/mandates").await.ok();
    assert_eq!(mine["items"][0]["state"], "expired");
    let id = mine["items"][0]["id"].as_str().unwrap();
    counsellor
        .press(&format!("/mandates/{id}/act"))
        .await
        .refused_with(409, "mandate.over");
}

async fn end_custody(app: &TestApp, child: ChildId) {
    let mut conn = PgConnection::connect(&superuser_url()).await.unwrap();
    let done = sqlx::query("UPDATE app.custody SET valid_from = '2026-01-01', valid_to = '2027-02-01' WHERE tenant_id = $1 AND child_id = $2")
        .bind(app.tenant.id.0)
        .bind(child.0)
        .execute(&mut conn)
        .await
        .unwrap();
    assert_eq!(done.rows_affected(), 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn for_a_family_on_paper_the_office_records_the_mandate_and_ends_it() {
    let case = case().await;
    let (app, counsellor) = (&case.app, &case.counsellor);
    let paper = waiting(
        app,
        &Family {
            first_name: Some("Ela"),
            ..Family::default()
        },
        &[case.facility],
    )
    .await;
    let clerk = app.clerk().await;
    let mut body = case.body(true);
    body["guardian_id"] = json!(paper.guardian);
    // Not for the children of somebody else.
    clerk.create("/office/mandates", body.clone()).await.refused(422);
    body["child_ids"] = json!([paper.child]);
    let made = clerk.create("/office/mandates", body).await.ok();
    assert_eq!(made["on_paper"], true);
    let letters = clerk.get("/office/letters").await.ok();
    assert_eq!(letters["items"][0]["kind"], "mandate_began");
    let id = made["id"].as_str().unwrap();
    counsellor.press(&format!("/mandates/{id}/accept")).await.ok();
    assert_eq!(counsellor.press(&format!("/mandates/{id}/act")).await.status, 204);
    assert_eq!(
        counsellor.get("/family").await.ok()["children"][0]["id"],
        json!(paper.child)
    );
    let path = format!("/demands/{}", paper.demand);
    let demand = counsellor.get(&path).await.ok();
    let version = demand["version"].as_i64().unwrap();
    let gone = counsellor
        .edit(Method::POST, &format!("{path}/withdraw"), version, json!({}))
        .await
        .ok();
    assert_eq!(gone["state"], "withdrawn");
    let listed = clerk
        .get(&format!("/office/children/{}/mandates", paper.child))
        .await
        .ok();
    assert_eq!(listed["items"][0]["state"], "active");
    let version = listed["items"][0]["version"].as_i64().unwrap();
    let end = format!("/office/mandates/{id}/end");
    clerk
        .edit(Method::POST, &end, version - 1, Value::Null)
        .await
        .refused(412);
    let ended = clerk.edit(Method::POST, &end, version, Value::Null).await.ok();
    assert_eq!(
        (&ended["state"], &ended["ended_by"]),
        (&json!("ended"), &json!("office"))
    );
    counsellor.get(&path).await.refused_with(403, "mandate.over");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_mandate_is_taken_on_by_its_address_and_by_nobody_else() {
    let case = case().await;
    let given = case.parent.create("/family/mandates", case.body(true)).await.ok();
    let id = given["id"].as_str().unwrap();
    for other in [app_parent(&case, "other@example.org").await, case.app.clerk().await] {
        assert_eq!(other.get("/mandates").await.ok()["items"], json!([]));
        other.press(&format!("/mandates/{id}/accept")).await.refused(404);
        other.press(&format!("/mandates/{id}/act")).await.refused(404);
    }
    // Nobody is the own counsellor.
    let mut own = case.body(true);
    own["email"] = json!("jana@example.org");
    let own = case.parent.create("/family/mandates", own).await.ok();
    let path = format!("/mandates/{}/accept", own["id"].as_str().unwrap());
    case.parent.press(&path).await.refused_with(409, "mandate.own_family");
    // Staff of a counselling centre sees nothing by its role alone.
    let centre = case
        .app
        .staff(&[(kitaplatz::access::Role::Counsellor, None, None)])
        .await;
    centre.get("/demands").await.refused(403);
    centre.get("/office/demands").await.refused(403);
    // Five are enough.
    for _ in 0..3 {
        case.parent.create("/family/mandates", case.body(false)).await.ok();
    }
    case.parent
        .create("/family/mandates", case.body(false))
        .await
        .refused_with(409, "mandate.too_many");
}

async fn app_parent(case: &Case, email: &str) -> Client {
    case.app.parent(email).await
}
