//! Claim codes: a family of the office's intake comes into an account by the code of a letter, once, and nothing is entered again.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::DemandId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::outbox;
use crate::support::facilities::facility;
use crate::support::families::{child, enter, id};
use crate::support::office::{paper, path, with};
use crate::support::{Client, TestApp};

/// A paper demand of Mia Braun, and the clerk who took it in.
async fn taken_in(app: &TestApp, form: Value) -> (Client, Value) {
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", form).await.ok();
    (clerk, made)
}

/// Issues a code and reads it from the letter that waits to be printed.
async fn code(app: &TestApp, clerk: &Client, made: &Value) -> String {
    let path = format!("{}/claim-codes", path(id(&made["id"])));
    let list = clerk.create(&path, json!({})).await.ok();
    assert!(list["items"][0]["expires_at"].is_string(), "{list}");
    assert!(
        !list.to_string().contains("code\""),
        "the code stands in the letter only: {list}"
    );
    let letters = outbox(app, "claim_code").await;
    let context = letters.last().expect("a letter waits");
    context["token"].as_str().unwrap().to_owned()
}

async fn claim(parent: &Client, code: &str) -> crate::support::Answer {
    parent.post("/family/claim", json!({ "code": code })).await
}

#[actix_web::test]
async fn a_paper_family_comes_into_an_account_with_its_demand_and_its_date() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, made) = taken_in(&app, paper(&[a])).await;
    let code = code(&app, &clerk, &made).await;
    let stored = app
        .value(
            "SELECT encode(code_hash, 'hex') FROM claim_code WHERE tenant_id = $1 AND $2::uuid IS NOT NULL",
            a.0,
        )
        .await;
    assert!(!stored.unwrap().contains(&code), "only a hash is kept");
    let parent = app.parent("jana@example.org").await;
    assert_eq!(parent.get("/demands").await.ok()["items"], json!([]));
    let typed = code.to_lowercase().replace('-', " ");
    let claimed = claim(&parent, &typed).await.ok();
    assert_eq!(claimed["children"][0]["label"], "Mia B.");
    let demand = &parent.get("/demands").await.ok()["items"][0];
    assert_eq!(
        (&demand["id"], &demand["reference_code"], &demand["submitted_at"]),
        (&made["id"], &made["reference_code"], &json!("2027-01-20T11:00:00Z")),
    );
    let family = parent.get("/family").await.ok();
    assert_eq!(
        (&family["guardian"]["last_name"], &family["household"]["street"]),
        (&json!("Braun"), &json!("Lindenweg"))
    );
    // Nothing waits to be printed any more, the office sees who came, and the history tells it.
    assert_eq!(outbox(&app, "claim_code").await.len(), 0);
    let access = clerk.get(&format!("{}/claim-codes", path(id(&made["id"])))).await.ok();
    assert_eq!(access["items"][0]["has_account"], true);
    assert!(access["items"][0]["used_at"].is_string());
    let detail = clerk.get(&path(id(&made["id"]))).await.ok();
    assert!(detail["history"].to_string().contains("claimed"), "{detail}");
    let again = format!("{}/claim-codes", path(id(&made["id"])));
    assert_eq!(
        clerk.create(&again, json!({})).await.refused(409),
        "claim.nobody_without"
    );
}

#[actix_web::test]
async fn a_code_holds_once_until_it_is_renewed_and_for_ninety_days() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, made) = taken_in(&app, paper(&[a])).await;
    let (first, second) = (code(&app, &clerk, &made).await, code(&app, &clerk, &made).await);
    assert_eq!(outbox(&app, "claim_code").await.len(), 1, "the older letter is gone");
    let wrong = |answer: crate::support::Answer| {
        assert_eq!(answer.faults(), [("/code".into(), "wrong".into())]);
    };
    let (jana, other) = (
        app.parent("jana@example.org").await,
        app.parent("kai@example.org").await,
    );
    wrong(claim(&jana, &first).await);
    wrong(claim(&jana, "CKFH-7N3W-PQRT-4699").await);
    wrong(claim(&jana, "").await);
    claim(&jana, &second).await.ok();
    wrong(claim(&other, &second).await);
    assert_eq!(other.get("/demands").await.ok()["items"], json!([]));
    // A year later the code of somebody else's letter says nothing.
    let mia = with(paper(&[a]), "/child/first_name", json!("Ida"));
    let late = clerk.create("/office/demands", mia).await.ok();
    let late = code(&app, &clerk, &late).await;
    app.at("2027-05-03T09:00:00Z");
    wrong(claim(&app.parent("spaet@example.org").await, &late).await);
}

#[actix_web::test]
async fn nobody_can_try_many_codes() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    for _ in 0..10 {
        assert_eq!(claim(&parent, "CKFH-7N3W-PQRT-4699").await.status, 422);
    }
    assert_eq!(claim(&parent, "CKFH-7N3W-PQRT-4699").await.status, 429);
}

#[actix_web::test]
async fn who_had_entered_the_same_child_already_has_it_once() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, made) = taken_in(&app, paper(&[a])).await;
    let code = code(&app, &clerk, &made).await;
    let parent = app.parent("jana@example.org").await;
    enter(&parent, "Jana Maria", "Braun-Weber").await;
    child(
        &parent,
        json!({"first_name": "Mía", "last_name": "Braun", "birth_date": "2026-03-14"}),
    )
    .await;
    child(
        &parent,
        json!({"first_name": "Leo", "last_name": "Braun", "birth_date": "2024-05-02"}),
    )
    .await;
    claim(&parent, &code).await.ok();
    let family = parent.get("/family").await.ok();
    let names: Vec<_> = family["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["first_name"])
        .collect();
    assert_eq!(
        names,
        [&json!("Leo"), &json!("Mia")],
        "the child of the paper stands for the typed one"
    );
    assert_eq!(family["guardian"]["first_name"], "Jana Maria", "the own name stays");
    assert_eq!(parent.get("/demands").await.ok()["items"][0]["id"], made["id"]);
}

#[actix_web::test]
async fn a_protected_address_stays_protected() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let form = with(paper(&[a]), "/household/address_protected", json!(true));
    let (clerk, made) = taken_in(&app, form).await;
    let code = code(&app, &clerk, &made).await;
    let parent = app.parent("jana@example.org").await;
    enter(&parent, "Jana", "Braun").await;
    let home = json!({"street": "Marktgasse", "house_number": "1", "postal_code": "04109", "city": "Musterstadt"});
    parent.edit(Method::PUT, "/family/household", 0, home).await;
    claim(&parent, &code).await.ok();
    assert_eq!(parent.get("/family").await.ok()["household"]["address_protected"], true);
    assert_eq!(clerk.get(&path(id(&made["id"]))).await.ok()["address_protected"], true);
}

#[actix_web::test]
async fn a_code_of_somebody_without_custody_says_nothing() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, made) = taken_in(&app, paper(&[a])).await;
    let code = code(&app, &clerk, &made).await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let (tenant, today) = (tx.tenant_id().0, tx.today());
        sqlx::query("UPDATE custody SET valid_from = $2 - 10, valid_to = $2 WHERE tenant_id = $1")
            .bind(tenant)
            .bind(today)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
    let answer = claim(&app.parent("jana@example.org").await, &code).await;
    assert_eq!(answer.faults(), [("/code".into(), "wrong".into())]);
}

#[actix_web::test]
async fn a_printed_letter_shows_its_code_no_more_and_all_open_families_get_one_at_once() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, made) = taken_in(&app, paper(&[a])).await;
    for name in ["Ida", "Leo"] {
        let form = with(paper(&[a]), "/child/first_name", json!(name));
        clerk.create("/office/demands", form).await.ok();
    }
    let before = clerk.get("/office/claim-codes").await.ok();
    assert_eq!(
        (&before["without_account"], &before["without_code"]),
        (&json!(3), &json!(3))
    );
    let issued = clerk.create("/office/claim-codes", json!({})).await.ok();
    assert_eq!((&issued["issued"], &issued["without_code"]), (&json!(3), &json!(0)));
    let letters = clerk.get("/office/letters").await.ok();
    let all = letters["items"].as_array().unwrap().iter();
    let letter = all
        .clone()
        .find(|l| l["kind"] == "claim_code" && l["reference_code"] == made["reference_code"])
        .unwrap();
    assert_eq!(all.filter(|l| l["kind"] == "claim_code").count(), 3);
    let pdf = format!("/office/letters/{}.pdf", letter["id"].as_str().unwrap());
    if cfg!(feature = "pdf") {
        let printed = clerk.get(&pdf).await;
        let Some(text) = crate::support::pdf_text(&printed.bytes) else {
            return;
        };
        assert!(text.contains("/code") && text.contains("Jana Braun"), "{text}");
    }
    clerk
        .post(
            &format!("/office/letters/{}/printed", letter["id"].as_str().unwrap()),
            json!({}),
        )
        .await;
    assert_eq!(clerk.get(&pdf).await.refused(409), "notification.link_gone");
    let _: DemandId = id(&made["id"]);
}
