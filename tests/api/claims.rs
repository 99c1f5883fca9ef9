//! Claim codes: a family of the office's intake comes into an account by the code of a letter, once, and nothing is entered again.

use kitaplatz::access::as_system;
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_can_try_many_codes() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    for _ in 0..10 {
        assert_eq!(claim(&parent, "CKFH-7N3W-PQRT-4699").await.status, 422);
    }
    assert_eq!(claim(&parent, "CKFH-7N3W-PQRT-4699").await.status, 429);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_printed_letter_shows_its_code_no_more() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, made) = taken_in(&app, paper(&[a])).await;
    code(&app, &clerk, &made).await;
    let letters = clerk.get("/office/letters").await.ok();
    let all = letters["items"].as_array().unwrap();
    let letter = all.iter().find(|l| l["kind"] == "claim_code").unwrap();
    assert_eq!(letter["reference_code"], made["reference_code"]);
    let pdf = format!("/office/letters/{}.pdf", letter["id"].as_str().unwrap());
    if cfg!(feature = "pdf") {
        let printed = clerk.get(&pdf).await;
        let text = crate::support::pdf_text(&printed.bytes);
        assert!(text.contains("/code") && text.contains("Jana Braun"), "{text}");
    }
    let mark = format!("/office/letters/{}/printed", letter["id"].as_str().unwrap());
    clerk.post(&mark, json!({})).await;
    assert_eq!(clerk.get(&pdf).await.refused(409), "notification.link_gone");
}

/// Sets the letters of a file; the codes in it, in its order, and its text.
async fn file(clerk: &Client, batch: &Value) -> (Vec<String>, String) {
    let path = format!("/office/claim-batches/{}/letters.pdf", batch["id"].as_str().unwrap());
    let answer = clerk.post(&path, json!({})).await;
    assert_eq!(answer.status, 200);
    let text = crate::support::pdf_text(&answer.bytes);
    let is_code = |word: &&str| word.len() == 19 && word.split('-').all(|part| part.len() == 4);
    let codes = text.split_whitespace().filter(is_code).map(str::to_owned).collect();
    (codes, text)
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn letters_by_the_hundred_are_one_file_whose_codes_stand_nowhere_else() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let (clerk, _) = taken_in(&app, paper(&[a])).await;
    for (name, street, language) in [("Ida", "Ahornweg", "de"), ("Leo", "Zollweg", "en")] {
        let form = with(paper(&[a]), "/child/first_name", json!(name));
        let form = with(form, "/guardian/first_name", json!(format!("{name}s Mutter")));
        let form = with(form, "/guardian/language", json!(language));
        let form = with(form, "/household/street", json!(street));
        clerk.create("/office/demands", form).await.ok();
    }
    let wrong = clerk.create("/office/claim-batches", json!({"letters": 501})).await;
    assert_eq!(wrong.faults(), [("/letters".into(), "out_of_range".into())]);
    let none = clerk
        .create("/office/claim-batches", json!({"only_imported": true}))
        .await;
    assert_eq!(none.refused(409), "claim.nobody_without");
    let batch = clerk.create("/office/claim-batches", json!({})).await.ok();
    assert_eq!((&batch["letters"], &batch["written_at"]), (&json!(3), &json!(null)));
    let again = clerk.create("/office/claim-batches", json!({})).await;
    assert_eq!(
        again.refused(409),
        "claim.nobody_without",
        "who waits in a file is in no second one"
    );
    let before = clerk.get("/office/claim-codes").await.ok();
    assert_eq!((&before["without_code"], &before["in_batch"]), (&json!(3), &json!(3)));
    if !cfg!(feature = "pdf") {
        return;
    }
    let (lost, text) = file(&clerk, &batch).await;
    assert_eq!(lost.len(), 3, "{text}");
    let places: Vec<_> = ["Ahornweg", "Lindenweg", "Zollweg"]
        .map(|s| text.find(s).unwrap())
        .into();
    assert!(places.is_sorted(), "sorted for the post: {text}");
    assert_eq!(text.matches("1/1").count(), 3, "each letter has its own pages: {text}");
    assert!(
        text.contains("With this code"),
        "each letter is in its own language: {text}"
    );
    let after = clerk.get("/office/claim-codes").await.ok();
    assert_eq!((&after["without_code"], &after["in_batch"]), (&json!(0), &json!(0)));
    let hashes =
        "SELECT string_agg(encode(code_hash, 'hex'), '') FROM claim_code WHERE tenant_id = $1 AND $2::uuid IS NOT NULL";
    let hashes = app.value(hashes, a.0).await.unwrap();
    assert!(lost.iter().all(|code| !hashes.contains(&code.replace('-', ""))));
    assert_eq!(outbox(&app, "claim_code").await.len(), 0, "no letter keeps a code");
    // The file is lost: its letters are set again, and the lost codes hold no more.
    let parent = app.parent("ida@example.org").await;
    let (codes, _) = file(&clerk, &batch).await;
    assert_eq!(
        claim(&parent, &lost[0]).await.faults(),
        [("/code".into(), "wrong".into())]
    );
    claim(&parent, &codes[0]).await.ok();
    let (rest, _) = file(&clerk, &batch).await;
    assert_eq!(rest.len(), 2, "who has come in gets no letter");
    let list = clerk.get("/office/claim-batches").await.ok();
    assert_eq!(
        (&list["items"][0]["letters"], &list["items"][0]["claimed"]),
        (&json!(3), &json!(1))
    );
    // Whoever has a letter is counted even when the demand is over: else the letters would be more than the families.
    let demands = clerk.get("/office/demands").await.ok();
    for demand in demands["items"].as_array().unwrap() {
        let close = format!("/office/demands/{}/close", demand["id"].as_str().unwrap());
        let version = demand["version"].as_i64().unwrap();
        clerk
            .edit(Method::POST, &close, version, json!({"state": "moved_away"}))
            .await
            .ok();
    }
    let over = clerk.get("/office/claim-codes").await.ok();
    assert_eq!(
        (&over["without_account"], &over["without_code"], &over["claimed"]),
        (&json!(2), &json!(0), &json!(1)),
        "{over}"
    );
}
