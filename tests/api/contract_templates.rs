//! The words of contracts: written as a draft, fixed when published, taken over on their day, and kept with what was sent.

use kitaplatz::access::Role;
use kitaplatz::platform::ids::ProviderId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::{Client, TestApp, pdf_text};

const BODY: &str =
    "# Regeln für {{child}}\n\nBetreuung in {{facility}}\nab {{care_from}}.\n\n- Erstens\n- Zweitens #panic()";

async fn draft(who: &Client, provider: Option<ProviderId>, name: &str, body: &str, months: i32) -> Value {
    let new = json!({"name": name, "provider_id": provider});
    let made = who.create("/admin/contract-templates", new).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.bytes));
    let made = made.ok();
    let change = json!({"name": name, "body": body, "notice_months": months});
    who.edit(Method::PUT, &path(&made, ""), 1, change).await.ok()
}

async fn publish(who: &Client, draft: &Value, day: &str) -> crate::support::Answer {
    let version = draft["version"].as_i64().unwrap();
    who.edit(
        Method::POST,
        &path(draft, "/publish"),
        version,
        json!({ "valid_from": day }),
    )
    .await
}

fn path(template: &Value, below: &str) -> String {
    format!("/admin/contract-templates/{}{below}", template["id"].as_str().unwrap())
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_contract_keeps_the_words_with_which_it_was_sent() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let first = draft(&admin, None, "Vertrag", BODY, 2).await;
    publish(&admin, &first, "2027-02-01").await.ok();
    let mut placed = Placed::new(&app).await;
    let sent = placed.staff("send", json!({})).await.ok();
    assert_eq!(
        (&sent["words_version"], &sent["notice_months"]),
        (&json!("Vertrag, Fassung 1"), &json!(2))
    );
    assert_eq!(
        sent["text"][0],
        json!({"kind": "heading", "text": "Regeln für Mia Braun"})
    );
    assert_eq!(
        sent["text"][2],
        json!({"kind": "list", "items": ["Erstens", "Zweitens #panic()"]})
    );
    let second = draft(&admin, None, "Vertrag", "Neu für {{child}}", 6).await;
    publish(&admin, &second, "2027-02-02").await.ok();
    placed.later(&app, "2027-02-02T09:00:00Z").await;
    let still = placed.seen(&placed.family.parent).await;
    assert_eq!(
        (&still["words_version"], &still["notice_months"]),
        (&json!("Vertrag, Fassung 1"), &json!(2))
    );
    let pdf = placed.manager.get(&format!("{}/draft.pdf", placed.path)).await;
    let text = pdf_text(&pdf.bytes);
    assert!(
        text.contains("Regeln für Mia Braun") && text.contains("Zweitens #panic()"),
        "{text}"
    );
    placed.staff("recall", json!({})).await.ok();
    let anew = placed.staff("send", json!({})).await.ok();
    assert_eq!(anew["words_version"], "Vertrag, Fassung 2");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_published_never_changes_and_what_holds_is_not_taken_back() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = draft(&admin, None, "Vertrag", BODY, 3).await;
    let early = publish(&admin, &made, "2027-01-31").await;
    assert_eq!(early.faults(), [("/valid_from".into(), "too_early".into())]);
    let published = publish(&admin, &made, "2027-03-01").await.ok();
    assert_eq!(
        (&published["state"], &published["in_force"]),
        (&json!("published"), &json!(false))
    );
    let version = published["version"].as_i64().unwrap();
    let change = json!({"name": "Vertrag", "body": "Anders", "notice_months": 3});
    let refused = admin.edit(Method::PUT, &path(&made, ""), version, change).await;
    assert_eq!(refused.refused(409), "contract_template.not_draft");
    let next = draft(&admin, None, "Vertrag", BODY, 3).await;
    let same = publish(&admin, &next, "2027-03-01").await;
    assert_eq!(same.faults(), [("/valid_from".into(), "not_later".into())]);
    app.at("2027-03-01T09:00:00Z");
    let admin = app.admin().await;
    let held = admin
        .edit(Method::POST, &path(&made, "/withdraw"), version, json!({}))
        .await;
    assert_eq!(held.refused(409), "contract_template.in_force");
    let version = next["version"].as_i64().unwrap();
    let gone = admin
        .edit(Method::POST, &path(&next, "/withdraw"), version, json!({}))
        .await
        .ok();
    assert_eq!(gone["state"], "withdrawn");
    let list = admin.get("/admin/contract-templates").await.ok();
    assert_eq!(list["items"][1]["in_force"], true);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn unknown_placeholders_are_named_and_a_preview_shows_made_up_data() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = draft(&admin, None, "Vertrag", BODY, 3).await;
    let change = json!({"name": "Vertrag", "body": "{{kind}} und {{child}}", "notice_months": 13});
    let refused = admin
        .edit(Method::PUT, &path(&made, ""), made["version"].as_i64().unwrap(), change)
        .await;
    assert_eq!(refused.json()["errors"][0]["detail"], "kind");
    assert_eq!(
        refused.faults(),
        [
            ("/body".into(), "placeholder_unknown".into()),
            ("/notice_months".into(), "out_of_range".into())
        ]
    );
    let preview = async |body: &str| {
        admin
            .post("/admin/contract-templates-preview", json!({ "body": body }))
            .await
    };
    let shown = preview("# {{child}}\n\n{{guardians}}").await.ok();
    assert_eq!(shown["text"][0]["text"], "Lina Beispiel");
    assert_eq!(
        preview("{{x}}").await.faults(),
        [("/body".into(), "placeholder_unknown".into())]
    );
    let pdf = admin.get(&path(&made, "/preview.pdf")).await;
    assert_eq!(pdf.status, 200);
    let text = pdf_text(&pdf.bytes);
    assert!(text.contains("Regeln für Lina Beispiel"), "{text}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_provider_writes_its_own_words_and_nobody_elses() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let provider = async |name: &str| {
        let body = json!({"name": name, "kind": "church"});
        let made = admin.create("/admin/providers", body).await.ok();
        made["id"]
            .as_str()
            .unwrap()
            .parse::<uuid::Uuid>()
            .map(ProviderId)
            .unwrap()
    };
    let (own, other) = (provider("Diakonie").await, provider("Caritas").await);
    let placed = Placed::new(&app).await;
    app.change("UPDATE facility SET provider_id = (SELECT id FROM provider WHERE tenant_id = $1 AND name = 'Diakonie') WHERE tenant_id = $1 AND id = $2", placed.facility.0).await;
    let manager = app.staff(&[(Role::ProviderManager, Some(own), None)]).await;
    let foreign = manager
        .create("/admin/contract-templates", json!({"name": "x", "provider_id": other}))
        .await;
    assert_eq!(foreign.faults(), [("/provider_id".into(), "unknown".into())]);
    let towns = manager
        .create("/admin/contract-templates", json!({"name": "x", "provider_id": null}))
        .await;
    assert_eq!(towns.faults(), [("/provider_id".into(), "unknown".into())]);
    let usual = draft(&admin, None, "Stadt", BODY, 3).await;
    publish(&admin, &usual, "2027-02-01").await.ok();
    let words = draft(&manager, Some(own), "Diakonie-Vertrag", "# Bei uns\n\n{{child}}", 4).await;
    assert_eq!(admin.get(&path(&words, "")).await.ok()["state"], "draft");
    let stranger = app.staff(&[(Role::ProviderManager, Some(other), None)]).await;
    assert_eq!(stranger.get(&path(&words, "")).await.refused(404), "not_found");
    publish(&manager, &words, "2027-02-01").await.ok();
    let sent = placed.staff("send", json!({})).await.ok();
    assert_eq!(
        (&sent["words_version"], &sent["notice_months"]),
        (&json!("Diakonie-Vertrag, Fassung 1"), &json!(4))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_provider_gives_notice_to_the_quarter_and_nobody_leaves_in_the_last_months_but_by_agreement() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = draft(&admin, None, "Vertrag", BODY, 2).await;
    let change = |last: i32| json!({"name": "Vertrag", "body": "Frist: {{notice}}", "notice_months": 2, "notice_to": "quarter", "notice_not_last_months": last});
    let version = made["version"].as_i64().unwrap();
    let long = admin.edit(Method::PUT, &path(&made, ""), version, change(13)).await;
    assert_eq!(
        long.faults(),
        [("/notice_not_last_months".into(), "out_of_range".into())]
    );
    let ready = admin.edit(Method::PUT, &path(&made, ""), version, change(3)).await.ok();
    publish(&admin, &ready, "2027-02-01").await.ok();
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.later(&app, "2028-01-15T09:00:00Z").await;
    let seen = placed.seen(&placed.family.parent).await;
    assert_eq!(
        (
            &seen["notice_months"],
            &seen["notice_to"],
            &seen["notice_not_last_months"]
        ),
        (&json!(2), &json!("quarter"), &json!(3))
    );
    assert_eq!(
        seen["text"][0]["text"],
        "Frist: 2 Monate zum Quartalsende, nicht in den letzten 3 Monaten vor dem vereinbarten Ende"
    );
    assert_eq!(
        (&seen["earliest_last_day"], &seen["only_by_agreement"]),
        (&json!("2028-03-31"), &json!(false))
    );
    let early = json!({"last_day": "2028-03-15"});
    let early = placed.guardian(&placed.family.parent, "notice", early).await.faults();
    assert_eq!(early, [("/last_day".into(), "too_early".into())]);
    let late = json!({"last_day": "2032-06-30"});
    let late = placed.guardian(&placed.family.parent, "notice", late).await.faults();
    assert_eq!(late, [("/last_day".into(), "last_months".into())]);
    // In March 2032 two months to the end of a quarter lead into the last three before August.
    placed.later(&app, "2032-03-10T09:00:00Z").await;
    let seen = placed.seen(&placed.family.parent).await;
    assert_eq!(
        (&seen["earliest_last_day"], &seen["only_by_agreement"]),
        (&Value::Null, &json!(true))
    );
    let none = placed
        .guardian(&placed.family.parent, "notice", json!({}))
        .await
        .faults();
    assert_eq!(none, [("/last_day".into(), "too_late".into())]);
    let agreed = json!({"last_day": "2032-06-30", "reason": "Umzug", "by_agreement": true});
    let ended = placed.staff("terminate", agreed).await.ok();
    assert_eq!(ended["care_until"], "2032-07-01");
}
