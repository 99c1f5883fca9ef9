//! Families: what is entered, who sees it, and that custody of the day decides.

use chrono::NaiveDate;
use kitaplatz::access::as_system;
use kitaplatz::families::{self, FamilyError};
use kitaplatz::platform::ids::{ChildId, GuardianId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::families::{child, enter, id};
use crate::support::{Client, TestApp};

/// The token of the newest invitation in the outbox.
async fn invitation_token(app: &TestApp) -> String {
    as_system(&app.platform, &app.tenant, "test_token", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar::<_, String>(
            "SELECT context ->> 'token' FROM notification WHERE tenant_id = $1 AND kind = 'guardian_invitation'
              ORDER BY created_at DESC, id LIMIT 1",
        )
        .bind(tenant.0)
        .fetch_one(tx.conn())
        .await
    })
    .await
    .unwrap()
}

async fn guardian_id(parent: &Client) -> GuardianId {
    id(&parent.get("/family").await.ok()["guardian"]["id"])
}

async fn end_custody(app: &TestApp, guardian: GuardianId, child: ChildId, day: &str) {
    let day: NaiveDate = day.parse().unwrap();
    as_system(&app.platform, &app.tenant, "test_custody", async |tx| {
        families::end_custody(tx, child, guardian, day).await
    })
    .await
    .unwrap();
}

/// A second parent who accepted the first one's invitation.
async fn second_parent(app: &TestApp, first: &Client, child: ChildId, email: &str) -> Client {
    let second = app.parent(email).await;
    enter(&second, "Kai", "Sommer").await;
    first
        .create(
            "/family/guardian-invitations",
            json!({"email": email, "child_ids": [child]}),
        )
        .await
        .ok();
    let token = invitation_token(app).await;
    let accepted = second
        .post("/family/guardian-invitations/accept", json!({"token": token}))
        .await;
    assert_eq!(accepted.status, 204);
    second
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_enters_itself_step_by_step() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    let empty = parent.get("/family").await.ok();
    assert_eq!(empty["guardian"], Value::Null);
    assert_eq!(empty["children"], json!([]));
    let too_early = parent
        .create("/family/children", json!({"expected_birth_date": "2027-05-01"}))
        .await;
    assert_eq!(too_early.refused(409), "family.guardian_missing");

    enter(&parent, "Jana", "Braun").await;
    let unborn = child(&parent, json!({"expected_birth_date": "2027-05-01"})).await;
    let family = parent.get("/family").await.ok();
    assert_eq!(family["guardian"]["first_name"], "Jana");
    assert_eq!(family["household"]["city"], "Musterstadt");
    let seen = &family["children"][0];
    assert_eq!(seen["id"], unborn.to_string());
    assert_eq!(seen["custody"], json!({"valid_from": "2027-02-01", "valid_to": null}));

    let born = json!({"first_name": "Mia", "last_name": "Braun", "birth_date": "2027-01-30"});
    let path = format!("/family/children/{unborn}");
    let answer = parent.edit(Method::PATCH, &path, 1, born).await;
    assert_eq!(answer.headers["etag"], "\"2\"");
    assert_eq!(answer.ok()["expected_birth_date"], "2027-05-01");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    let name = json!({"first_name": "Jana", "last_name": "Braun"});
    let without = parent.send(Method::PUT, "/family/guardian", Some(&name), &[]).await;
    assert_eq!(without.refused(428), "version.required");
    parent.edit(Method::PUT, "/family/guardian", 0, name.clone()).await.ok();
    let again = parent.edit(Method::PUT, "/family/guardian", 0, name.clone()).await;
    assert_eq!(again.refused(412), "version.stale");
    assert_eq!(again.headers["etag"], "\"1\"");
    parent.edit(Method::PUT, "/family/guardian", 1, name).await.ok();
    let household = json!({"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt"});
    parent
        .edit(Method::PUT, "/family/household", 0, household.clone())
        .await
        .ok();
    assert_eq!(
        parent
            .edit(Method::PUT, "/family/household", 7, household)
            .await
            .refused(412),
        "version.stale"
    );
    let mia = child(&parent, json!({"expected_birth_date": "2027-05-01"})).await;
    let path = format!("/family/children/{mia}");
    let stale = parent.edit(Method::PATCH, &path, 2, json!({"sex": "female"})).await;
    assert_eq!(stale.refused(412), "version.stale");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_fault_names_its_field() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    let faults = |answer: crate::support::Answer| answer.faults();
    let long = "x".repeat(101);
    let name = parent
        .edit(
            Method::PUT,
            "/family/guardian",
            0,
            json!({"first_name": " ", "last_name": long, "phone": "<script>"}),
        )
        .await;
    let wanted = [
        ("/first_name", "required"),
        ("/last_name", "too_long"),
        ("/phone", "invalid"),
    ];
    assert_eq!(faults(name), wanted.map(|(p, c)| (p.to_owned(), c.to_owned())));
    enter(&parent, "Jana", "Braun").await;
    let household = json!({"street": "", "house_number": "4a", "postal_code": "4109", "city": "M\nX"});
    let household = parent.edit(Method::PUT, "/family/household", 1, household).await;
    let wanted = [
        ("/street", "required"),
        ("/city", "invalid"),
        ("/postal_code", "invalid"),
    ];
    assert_eq!(faults(household), wanted.map(|(p, c)| (p.to_owned(), c.to_owned())));
    for (body, pointer, code) in [
        (
            json!({"first_name": "Mia", "last_name": "B", "birth_date": "2027-02-02"}),
            "/birth_date",
            "in_future",
        ),
        (
            json!({"first_name": "Mia", "last_name": "B", "birth_date": "+99999-12-31"}),
            "/birth_date",
            "in_future",
        ),
        (
            json!({"first_name": "Mia", "last_name": "B", "birth_date": "-9999-01-01"}),
            "/birth_date",
            "too_early",
        ),
        (
            json!({"expected_birth_date": "9999-12-31"}),
            "/expected_birth_date",
            "too_late",
        ),
        (json!({}), "/birth_date", "required"),
        (
            json!({"last_name": "Braun", "birth_date": "2026-02-02"}),
            "/first_name",
            "required",
        ),
    ] {
        let got = faults(parent.create("/family/children", body.clone()).await);
        assert_eq!(got, [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    let nul = parent
        .create(
            "/family/children",
            json!({"first_name": "M\u{0}", "birth_date": "2026-02-02"}),
        )
        .await;
    assert_eq!(nul.refused(400), "body.nul");
    let shape = parent
        .create("/family/children", json!({"birth_date": "2026-02-30"}))
        .await;
    assert_eq!(shape.refused(422), "body.shape");
    let unknown = parent.create("/family/children", json!({"weight": 1})).await;
    assert_eq!(unknown.refused(422), "body.shape");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn children_of_one_household_are_siblings() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let second = child(&family.parent, json!({"expected_birth_date": "2027-05-01"})).await;
    let stranger = app.family("kim@example.org").await;
    let links = as_system(&app.platform, &app.tenant, "test_links", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_as::<_, (uuid::Uuid, uuid::Uuid)>(
            "SELECT child_id, sibling_id FROM sibling_link WHERE tenant_id = $1",
        )
        .bind(tenant.0)
        .fetch_all(tx.conn())
        .await
    })
    .await
    .unwrap();
    let mut pair = [family.child.0, second.0];
    pair.sort();
    assert_eq!(links, [(pair[0], pair[1])]);
    assert_ne!(stranger.child, second);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn both_with_custody_see_the_same_child_but_not_each_others_address() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let kai = second_parent(&app, &family.parent, family.child, "kai@example.org").await;
    let (hers, his) = (family.parent.get("/family").await.ok(), kai.get("/family").await.ok());
    assert_eq!(hers["children"], his["children"]);
    assert_ne!(hers["household"]["id"], his["household"]["id"]);
    assert_eq!(hers["other_guardians"][0]["first_name"], "Kai");
    assert_eq!(his["other_guardians"][0]["child_ids"], json!([family.child]));
    assert!(!his.to_string().contains(hers["household"]["id"].as_str().unwrap()));
    let path = format!("/family/children/{}", family.child);
    kai.edit(Method::PATCH, &path, 1, json!({"sex": null})).await.ok();
    assert_eq!(
        family.parent.get("/family").await.ok()["children"][0]["sex"],
        Value::Null
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn without_custody_a_child_is_as_missing_as_one_that_never_was() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let kai = second_parent(&app, &family.parent, family.child, "kai@example.org").await;
    let kais = guardian_id(&kai).await;
    end_custody(&app, kais, family.child, "2027-02-02").await;
    let his = kai.get("/family").await.ok();
    assert_eq!(
        his["children"][0]["custody"]["valid_to"], "2027-02-02",
        "it still holds today"
    );

    app.at("2027-02-01T23:00:00Z");
    let stranger = app.parent("kim@example.org").await;
    enter(&stranger, "Kim", "Winter").await;
    for person in [&kai, &stranger] {
        assert_eq!(person.get("/family").await.ok()["children"], json!([]));
        assert_eq!(person.get("/family").await.ok()["other_guardians"], json!([]));
        let path = |child: String| format!("/family/children/{child}");
        let missing = path("9b2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11".into());
        let body = json!({"sex": "male"});
        let lost = person
            .edit(Method::PATCH, &path(family.child.to_string()), 1, body.clone())
            .await;
        let never = person.edit(Method::PATCH, &missing, 1, body).await;
        assert_eq!(lost.refused(404), never.refused(404));
        assert_eq!(without_id(&lost), without_id(&never));
        let removed = person.delete(&path(family.child.to_string())).await;
        assert_eq!(without_id(&removed), without_id(&person.delete(&missing).await));
        let invitation = json!({"email": "x@example.org", "child_ids": [family.child]});
        let invited = person.create("/family/guardian-invitations", invitation).await;
        assert_eq!(invited.faults(), [("/child_ids".to_owned(), "unknown".to_owned())]);
    }
    assert_eq!(family.parent.get("/family").await.ok()["other_guardians"], json!([]));
}

fn without_id(answer: &crate::support::Answer) -> Value {
    let mut json = answer.json();
    json.as_object_mut().unwrap().remove("request_id");
    json
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn custody_that_begins_tomorrow_opens_nothing_today() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let kai = app.parent("kai@example.org").await;
    enter(&kai, "Kai", "Sommer").await;
    let kais = guardian_id(&kai).await;
    as_system(&app.platform, &app.tenant, "test_custody", async |tx| {
        let tomorrow = tx.today() + chrono::Days::new(1);
        families::give_custody(tx, family.child, kais, tomorrow, None).await?;
        let today = families::guardians_of(tx, family.child).await?;
        assert_eq!(today.len(), 1, "only Jana is told today");
        Ok::<_, FamilyError>(())
    })
    .await
    .unwrap();
    assert_eq!(kai.get("/family").await.ok()["children"], json!([]));
    app.at("2027-02-01T23:00:00Z");
    assert_eq!(
        kai.get("/family").await.ok()["children"][0]["id"],
        family.child.to_string()
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_invitation_works_once_and_only_while_the_inviter_has_custody() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let accept = "/family/guardian-invitations/accept";
    let invite = json!({"email": " KAI@example.org", "child_ids": [family.child]});
    let made = family
        .parent
        .create("/family/guardian-invitations", invite.clone())
        .await
        .ok();
    assert_eq!(made["email"], "kai@example.org");
    assert_eq!(
        family.parent.get("/family").await.ok()["invitations"][0]["id"],
        made["id"]
    );
    let token = json!({"token": invitation_token(&app).await});
    assert_eq!(
        family.parent.post(accept, token.clone()).await.refused(409),
        "family.own_invitation"
    );

    let kai = app.parent("kai@example.org").await;
    assert_eq!(
        kai.post(accept, token.clone()).await.refused(409),
        "family.guardian_missing"
    );
    enter(&kai, "Kai", "Sommer").await;
    let guess = json!({"token": "x".repeat(43)});
    assert_eq!(kai.post(accept, guess).await.refused(409), "family.invitation_invalid");
    assert_eq!(kai.post(accept, token.clone()).await.status, 204);
    let kim = app.parent("kim@example.org").await;
    enter(&kim, "Kim", "Winter").await;
    assert_eq!(kim.post(accept, token).await.refused(409), "family.invitation_invalid");

    // Revoked: it gives nothing any more.
    let made = family
        .parent
        .create("/family/guardian-invitations", invite.clone())
        .await
        .ok();
    let path = format!("/family/guardian-invitations/{}", made["id"].as_str().unwrap());
    assert_eq!(kim.delete(&path).await.refused(404), "not_found");
    assert_eq!(family.parent.delete(&path).await.status, 204);
    assert_eq!(family.parent.delete(&path).await.refused(404), "not_found");
    // The inviter lost custody meanwhile.
    app.at("2027-02-01T10:00:00Z");
    family.parent.create("/family/guardian-invitations", invite).await.ok();
    let token = json!({"token": invitation_token(&app).await});
    end_custody(&app, guardian_id(&family.parent).await, family.child, "2027-02-02").await;
    app.at("2027-02-02T08:00:00Z");
    assert_eq!(kim.post(accept, token).await.refused(409), "family.invitation_invalid");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_invitation_lapses_and_only_a_few_are_open_at_once() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let invite = |n: i32| json!({"email": format!("kai{n}@example.org"), "child_ids": [family.child]});
    for n in 0..4 {
        family
            .parent
            .create("/family/guardian-invitations", invite(n))
            .await
            .ok();
    }
    let fifth = family.parent.create("/family/guardian-invitations", invite(4)).await;
    assert_eq!(fifth.refused(409), "family.too_many_invitations");
    let token = json!({"token": invitation_token(&app).await});
    app.at("2027-02-15T09:00:00Z");
    let kai = app.parent("kai@example.org").await;
    enter(&kai, "Kai", "Sommer").await;
    let late = kai.post("/family/guardian-invitations/accept", token).await;
    assert_eq!(late.refused(409), "family.invitation_invalid");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_second_family_with_the_same_child_learns_nothing() {
    let app = TestApp::new().await;
    let body = json!({"first_name": "Mia", "last_name": "Braun", "birth_date": "2026-03-14"});
    let mut answers = Vec::new();
    for email in ["jana@example.org", "kim@example.org"] {
        let parent = app.parent(email).await;
        enter(&parent, "Jana", "Braun").await;
        let mut answer = parent.create("/family/children", body.clone()).await.ok();
        answer.as_object_mut().unwrap().remove("id");
        answers.push(answer);
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn staff_have_no_family_here() {
    let app = TestApp::new().await;
    for person in [app.clerk().await, app.admin().await] {
        assert_eq!(person.get("/family").await.refused(403), "access.denied");
    }
    assert_eq!(app.anonymous().get("/family").await.refused(401), "access.signed_out");
}
