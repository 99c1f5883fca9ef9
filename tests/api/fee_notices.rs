//! The notice of a fee goes the way of all notices: drafted, approved by a second person, posted, served, objected to, decided or final.

use kitaplatz::access::as_system;
use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::demands::outbox;
use crate::support::facilities::{facility_with_capacity, give_capacity};
use crate::support::fees::{approved, assessed, input, issue, post, published};
use crate::support::mandates::acting;
use crate::support::notices::{step, words, write};
use crate::support::offers::{act, new_offer};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp, pdf_text};

struct Town {
    office: Client,
    second: Client,
    parent: Client,
    family: Waiting,
    contract: Uuid,
}

impl Town {
    fn both(&self) -> [&Client; 2] {
        [&self.office, &self.second]
    }

    async fn notice(&self, id: &str) -> Value {
        self.office.get(&format!("/office/notices/{id}")).await.ok()
    }
}

/// A child born in February 2026 with a contract of 40 hours from 1 August 2027, and the table of Leipzig.
async fn town(app: &TestApp) -> Town {
    let facility = facility_with_capacity(app, AgeBand::Under3, 5).await;
    give_capacity(app, facility, AgeBand::Over3, 5).await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        account: parent.account,
        birth: "2026-02-10".parse().unwrap(),
        ..Family::default()
    };
    let family = waiting(app, &family, &[facility]).await;
    let offer = new_offer(family.preferences[0]);
    let offer = app.manager(facility).await.create("/staff/offers", offer).await.ok();
    let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let accepted = act(&parent, &path, offer["version"].as_i64().unwrap(), json!({})).await;
    published(&app.admin().await, "2027-03-01").await;
    Town {
        office: app.clerk().await,
        second: app.clerk().await,
        contract: accepted.ok()["contract_id"].as_str().unwrap().parse().unwrap(),
        parent,
        family,
    }
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_fee_notice_is_approved_by_a_second_person_served_on_a_sunday_and_becomes_final() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let fee = assessed(&town.office, town.contract).await;
    let notice = id(&fee["notice"]);
    let draft = town.notice(&notice).await;
    assert_eq!(
        (&draft["kind"], &draft["state"], &draft["file_number"]),
        (&json!("fee"), &json!("drafted"), &json!("EB-2027-00001"))
    );
    assert_eq!(draft["sums"]["periods"][0]["cents"], 18446);
    let decision = draft["text"]["decision"].as_str().unwrap();
    assert!(
        decision.contains("Mia Braun") && decision.contains("Kita Sonnenschein") && decision.contains("1. August 2027"),
        "{decision}"
    );
    let early = post(&town.office, &fee, "2027-02-01").await;
    assert_eq!(early.refused(409), "notice.wrong_state", "nobody approved it");
    // Only the place of the objection is open: this town has not entered its address.
    let open = step(&town.second, &notice, "approve", json!({})).await.faults();
    assert_eq!(open, [("/remedy".to_owned(), "open_gap".to_owned())]);
    let mut text = draft["text"].clone();
    text["remedy"] = words()["remedy"].clone();
    write(&town.office, &notice, text).await.ok();
    let own = step(&town.office, &notice, "approve", json!({})).await;
    assert_eq!(own.refused(409), "notice.second_person");
    step(&town.second, &notice, "approve", json!({})).await.ok();
    // It is posted and thrown away with its fee, never without it.
    let alone = step(&town.office, &notice, "issue", json!({"posted_on": "2027-02-01"})).await;
    assert_eq!(alone.refused(409), "notice.with_fee");
    assert_eq!(town.parent.get("/family/fees").await.ok()["items"], json!([]));
    app.at("2027-02-03T09:00:00Z");
    let town = Town {
        office: app.clerk().await,
        second: app.clerk().await,
        parent: app.parent("jana@example.org").await,
        ..town
    };
    let shown = post(&town.office, &fee, "2027-02-03").await.ok();
    let dates = ["state", "posted_on", "served_on", "objection_until"].map(|f| shown["notice"][f].clone());
    // The fourth day is a Sunday and counts; the last day to object would be one and is the Monday after.
    assert_eq!(
        dates,
        ["issued", "2027-02-03", "2027-02-07", "2027-03-08"].map(|v| json!(v))
    );
    assert_eq!(outbox(&app, "fee_notice").await.len(), 1);
    let mine = town.parent.get("/family/fees").await.ok()["items"][0].clone();
    assert_eq!(mine["notice"]["notice"]["objection_until"], "2027-03-08");
    for path in [
        format!("/notices/{notice}.pdf"),
        format!("/family/fees/{}/notice.pdf", id(&fee)),
    ] {
        let text = pdf_text(&town.parent.get(&path).await.bytes);
        for words in [
            "EB-2027-00001",
            "3. Februar 2027",
            "184,46 €",
            "Begründung",
            "nicht alleinerziehend",
            "Rechtsbehelfsbelehrung",
            "Widerspruch",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(!text.contains("Entwurf"), "{text}");
        let other = app.parent("other@example.org").await;
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    for (now, state) in [
        ("2027-02-07T05:00:00Z", "served"),
        ("2027-03-08T22:59:59Z", "served"),
        ("2027-03-08T23:00:00Z", "final"),
    ] {
        app.at(now);
        let seen = app.clerk().await.get(&format!("/office/notices/{notice}")).await.ok();
        assert_eq!(seen["state"], state, "{now}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_objection_to_a_fee_notice_is_noted_and_decided_and_all_of_it_stands_in_file_and_register() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let fee = issue(town.both(), &assessed(&town.office, town.contract).await)
        .await
        .ok();
    let notice = id(&fee["notice"]);
    app.at("2027-02-20T09:00:00Z");
    let office = app.clerk().await;
    let objection = json!({"objected_on": "2027-02-19", "note": null});
    step(&office, &notice, "objection", objection).await.ok();
    let decision = json!({"decided_on": "2027-02-20", "outcome": "partly"});
    let decided = step(&office, &notice, "decision", decision).await.ok();
    assert_eq!(
        (&decided["state"], &decided["outcome"]),
        (&json!("decided"), &json!("partly"))
    );
    let found = office.get("/office/notices?kind=fee&state=decided").await.ok();
    assert_eq!(found["items"][0]["file_number"], "EB-2027-00001");
    let none = office.get("/office/notices?kind=refusal,assignment").await.ok();
    assert_eq!(none["items"], json!([]));
    assert_eq!(office.get("/office/notices?kind=letter").await.status, 400);
    let file = office
        .get(&format!("/office/children/{}/file", town.family.child))
        .await
        .ok();
    let steps: Vec<_> = file["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["subject"] == "notice" && e["state"] == "fee" && e["detail"] == "EB-2027-00001")
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        ["decided", "objected", "served", "issued", "approved", "drafted"]
    );
    // The family reads it with its other notices; who acts for it does not learn what it pays.
    let list = format!("/demands/{}/notices", town.family.demand);
    let parent = app.parent("jana@example.org").await;
    assert_eq!(parent.get(&list).await.ok()["items"][0]["state"], "decided");
    let (counsellor, _) = acting(&app, town.family.guardian, town.family.child, "ay@beratung.example").await;
    assert_eq!(counsellor.get(&list).await.ok()["items"], json!([]));
    assert_eq!(counsellor.get(&format!("/notices/{notice}.pdf")).await.status, 404);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_changed_fee_makes_a_new_notice_that_takes_over_from_the_older_one() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let old = issue(town.both(), &assessed(&town.office, town.contract).await)
        .await
        .ok();
    let mut lone = input(town.contract);
    lone["from_month"] = json!("2028-01-01");
    lone["lone_parent"] = json!(true);
    let new = town.office.create("/office/fees", lone).await.ok();
    let before = town.notice(&id(&old["notice"])).await;
    assert_eq!(before["replaced_by"], Value::Null, "a draft takes nothing over");
    approved(town.both(), &new).await;
    // An approved draft goes back before it can be thrown away.
    let path = format!("/office/fees/{}", id(&new));
    let version = town.notice(&id(&new["notice"])).await["version"].as_i64().unwrap();
    let drop = town.office.edit(Method::DELETE, &path, version, Value::Null).await;
    assert_eq!(drop.refused(409), "notice.wrong_state");
    let new = issue(town.both(), &new).await.ok();
    let shown = town.notice(&id(&new["notice"])).await;
    assert_eq!(
        (&shown["replaces"], &shown["sums"]["replaces"]["file_number"]),
        (&json!("EB-2027-00001"), &json!("EB-2027-00001"))
    );
    assert_eq!(town.notice(&id(&old["notice"])).await["replaced_by"], "EB-2027-00002");
    let mine = town.parent.get("/family/fees").await.ok();
    let replaced = |number: &str| {
        let mut all = mine["items"].as_array().unwrap().iter();
        let found = all.find(|item| item["notice"]["file_number"] == number).unwrap();
        found["notice"]["notice"]["replaced_by"].clone()
    };
    assert_eq!(
        (replaced("EB-2027-00001"), replaced("EB-2027-00002")),
        (json!("EB-2027-00002"), Value::Null)
    );
    let paper = town.parent.get(&format!("/notices/{}.pdf", id(&new["notice"]))).await;
    let text = pdf_text(&paper.bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    let words = "ersetzt vom 1. Januar 2028 an den Bescheid mit dem Aktenzeichen EB-2027-00001 vom 1. Februar 2027";
    assert!(text.contains(words), "{text}");
    // The older one stays as it was.
    let paper = town.parent.get(&format!("/notices/{}.pdf", id(&old["notice"]))).await;
    assert!(pdf_text(&paper.bytes).contains("184,46 €"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_own_template_gives_the_words_and_the_calculation_stays() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let text = json!({"title": "Beitragsbescheid", "decision": "Für {child} ist ab {fee_from} zu zahlen:", "reasons": "Nach der Satzung.",
                      "remedy": "Widerspruch beim Jugendamt, Rathausplatz 1.", "objection_months": 1});
    let body = json!({"kind": "fee", "text": text});
    app.admin().await.create("/admin/notice-templates", body).await.ok();
    let fee = assessed(&town.office, town.contract).await;
    let shown = town.notice(&id(&fee["notice"])).await;
    assert_eq!(
        (&shown["template_version"], &shown["text"]["decision"]),
        (&json!(1), &json!("Für Mia Braun ist ab 1. August 2027 zu zahlen:"))
    );
    let paper = town.office.get(&format!("/office/fees/{}/notice.pdf", id(&fee))).await;
    let text = pdf_text(&paper.bytes);
    for words in ["Rathausplatz 1", "184,46 €", "noch nicht bekannt gegeben"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

/// What makes notices of the fee notices of before, without what only the owner of the tables may do.
fn taking_over() -> String {
    let whole = include_str!("../../migrations/20261129220010_notices_take_over_fees.sql");
    let lines = whole.lines().filter(|line| !line.starts_with("ALTER TABLE"));
    lines.collect::<Vec<_>>().join("\n")
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_fee_notice_of_before_keeps_what_it_says_and_moves_on_by_the_calendar() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let relief = json!({"contract_id": town.contract, "reason": "statute", "percent": 0, "from_month": "2027-10-01",
                        "until_month": "2028-03-01"});
    town.office.create("/office/fee-reliefs", relief).await.ok();
    let fee = assessed(&town.office, town.contract).await;
    // As it was before: issued by one person, in a table of its own.
    let id: Uuid = id(&fee).parse().unwrap();
    let before =
        "UPDATE fee_assessment SET state = 'issued', issued_by = drafted_by, issued_at = '2027-02-03T22:30:00Z'
                   WHERE tenant_id = $1 AND id = $2";
    app.change(before, id).await;
    app.change("DELETE FROM notice WHERE tenant_id = $1 AND fee_id = $2", id)
        .await;
    for _ in 0..2 {
        as_system(&app.platform, &app.tenant, "test", async |tx| {
            sqlx::raw_sql(sqlx::AssertSqlSafe(taking_over()))
                .execute(tx.conn())
                .await
                .map(|_| ())
        })
        .await
        .unwrap();
    }
    let count = "SELECT count(*)::text FROM notice WHERE tenant_id = $1 AND fee_id = $2";
    assert_eq!(app.value(count, id).await.as_deref(), Some("1"), "once");
    let found = town.office.get("/office/notices?kind=fee").await.ok()["items"][0].clone();
    let dates = ["file_number", "posted_on", "served_on", "objection_until"].map(|f| found[f].clone());
    assert_eq!(
        dates,
        ["EB-2027-00001", "2027-02-03", "2027-02-07", "2027-03-08"].map(|v| json!(v))
    );
    assert_eq!(found["approved_by"], Value::Null, "nobody did");
    let paper = town.parent.get(&format!("/family/fees/{id}/notice.pdf")).await;
    let text = pdf_text(&paper.bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "EB-2027-00001",
        "184,46 €",
        "111,05 €",
        "erlassen wir Ihnen den Beitrag von 184,46 € im Monat",
        "§ 90 Absatz 4 SGB VIII",
        "1. August 2027 bis 31. Juli 2032",
        "40 in der Woche",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    app.at("2027-03-09T09:00:00Z");
    app.run_periodic().await;
    let state = "SELECT state FROM notice WHERE tenant_id = $1 AND fee_id = $2";
    assert_eq!(app.value(state, id).await.as_deref(), Some("final"));
}
