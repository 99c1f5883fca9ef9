//! Parent fees over HTTP: tables with their months, what a contract costs, notices that stay, and the receivables of a month.

use kitaplatz::access::Role;
use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::facilities::{facility_with_capacity, give_capacity};
use crate::support::fees::{assessed, draft, input, issue, published, step};
use crate::support::notices;
use crate::support::offers::{act, new_offer};
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp, last_to, pdf_text};

struct Town {
    office: Client,
    second: Client,
    admin: Client,
    parent: Client,
    contract: Uuid,
}

impl Town {
    /// Who writes notices and who approves them.
    fn both(&self) -> [&Client; 2] {
        [&self.office, &self.second]
    }
}

/// A child born in February 2026 with a contract of 40 hours from 1 August 2027 to school entry.
async fn town(app: &TestApp) -> Town {
    let facility = facility_with_capacity(app, AgeBand::Under3, 5).await;
    give_capacity(app, facility, AgeBand::Over3, 5).await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        account: parent.account,
        birth: "2026-02-10".parse().unwrap(),
        ..Family::default()
    };
    let made = waiting(app, &family, &[facility]).await;
    let offer = new_offer(made.preferences[0]);
    let offer = app.manager(facility).await.create("/staff/offers", offer).await.ok();
    let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let accepted = act(&parent, &path, offer["version"].as_i64().unwrap(), json!({})).await;
    Town {
        office: app.staff(&[(Role::Clerk, None, None)]).await,
        second: app.clerk().await,
        admin: app.admin().await,
        contract: accepted.ok()["contract_id"].as_str().unwrap().parse().unwrap(),
        parent,
    }
}

/// First month and cents of each period.
fn amounts(fee: &Value) -> Vec<(String, i64)> {
    let line = |p: &Value| {
        (
            p["from_month"].as_str().unwrap().to_owned(),
            p["cents"].as_i64().unwrap(),
        )
    };
    fee["periods"].as_array().unwrap().iter().map(line).collect()
}

fn line(month: &str, cents: i64) -> (String, i64) {
    (month.to_owned(), cents)
}

/// File number and cents of what is owed in a month.
async fn receivables(town: &Town, month: &str) -> Vec<(Value, Value)> {
    let page = town
        .office
        .get(&format!("/office/fees/receivables?month={month}"))
        .await
        .ok();
    let rows = page["items"].as_array().unwrap().clone();
    rows.into_iter()
        .map(|r| (r["file_number"].clone(), r["cents"].clone()))
        .collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_table_is_written_published_and_then_fixed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let table = draft(&admin).await;
    assert_eq!(table["rows"].as_array().unwrap().len(), 72);
    let rows = json!([{"care": "nursery", "hours_per_week": 45, "income_up_to": null, "lone_parent": false, "child": 1, "cents": 1000},
                      {"care": "nursery", "hours_per_week": 45, "income_up_to": null, "lone_parent": false, "child": 2, "cents": 500}]);
    let content = json!({"name": "Kurz", "legal_basis": "§ 1", "due_day": 3, "table": {"kind": "rows", "rows": rows}});
    let written = step(&admin, &table, Method::PUT, "", content.clone()).await.ok();
    assert_eq!((&written["rows"], &written["formula"]), (&rows, &Value::Null));
    assert_eq!(
        step(&admin, &table, Method::PUT, "", content.clone()).await.status,
        412,
        "an old version"
    );
    let mut hole = content.clone();
    hole["table"]["rows"][0]["child"] = json!(3);
    let faults = step(&admin, &written, Method::PUT, "", hole).await.faults();
    assert_eq!(faults, [("/table/rows".to_owned(), "incomplete".to_owned())]);
    let middle = step(
        &admin,
        &written,
        Method::POST,
        "/publish",
        json!({"valid_from": "2027-08-02"}),
    )
    .await;
    assert_eq!(
        middle.faults(),
        [("/valid_from".to_owned(), "not_first_of_month".to_owned())]
    );
    let fixed = step(
        &admin,
        &written,
        Method::POST,
        "/publish",
        json!({"valid_from": "2027-08-01"}),
    )
    .await
    .ok();
    assert_eq!(
        step(&admin, &fixed, Method::PUT, "", content).await.refused(409),
        "fee_schedule.not_draft"
    );
    let later = draft(&admin).await;
    let same = step(
        &admin,
        &later,
        Method::POST,
        "/publish",
        json!({"valid_from": "2027-08-01"}),
    )
    .await;
    assert_eq!(same.faults(), [("/valid_from".to_owned(), "not_later".to_owned())]);
    step(
        &admin,
        &later,
        Method::POST,
        "/publish",
        json!({"valid_from": "2028-01-01"}),
    )
    .await
    .ok();
    let shown = app.anonymous().get("/fees").await.ok();
    let months: Vec<_> = shown["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| (&t["valid_from"], &t["valid_until"]))
        .collect();
    assert_eq!(
        months,
        [
            (&json!("2027-08-01"), &json!("2028-01-01")),
            (&json!("2028-01-01"), &Value::Null)
        ]
    );
    let back = step(&admin, &fixed, Method::POST, "/withdraw", json!({})).await.ok();
    assert_eq!(back["state"], "withdrawn");
    app.at("2028-02-01T09:00:00Z");
    let admin = app.admin().await;
    let listed = admin.get("/admin/fee-schedules").await.ok();
    let held = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["in_force"] == true)
        .unwrap()
        .clone();
    assert_eq!(
        step(&admin, &held, Method::POST, "/withdraw", json!({}))
            .await
            .refused(409),
        "fee_schedule.in_force"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_notice_has_the_amounts_of_the_table_and_stays_as_it_is() {
    let (app, catcher) = TestApp::with_mail().await;
    let town = town(&app).await;
    let before = town.office.create("/office/fees", input(town.contract)).await;
    assert_eq!(before.refused(409), "fee.no_schedule");
    published(&town.admin, "2027-03-01").await;
    let fee = assessed(&town.office, town.contract).await;
    // 40 of 45 hours: 207.52 × 40 ÷ 45 in the nursery, and from the month after the third birthday 124.93 × 40 ÷ 45.
    assert_eq!(amounts(&fee), [line("2027-08-01", 18446), line("2029-03-01", 11105)]);
    assert_eq!(fee["file_number"], "EB-2027-00001", "from the draft on");
    let second = town.office.create("/office/fees", input(town.contract)).await;
    assert_eq!(second.refused(409), "fee.draft_open");
    assert_eq!(
        town.parent.get("/family/fees").await.ok()["items"],
        json!([]),
        "a draft is not shown"
    );
    assert_eq!(receivables(&town, "2027-09-01").await, [], "nothing is owed by a draft");
    app.run_jobs().await;
    let notice = issue(town.both(), &fee).await.ok();
    assert_eq!(notice["file_number"], "EB-2027-00001");
    assert_eq!(issue(town.both(), &notice).await.refused(409), "fee.issued");
    let gone = format!("/office/fees/{}", notice["id"].as_str().unwrap());
    let version = notice["version"].as_i64().unwrap();
    let drop = town.office.edit(Method::DELETE, &gone, version, Value::Null).await;
    assert_eq!(drop.refused(409), "fee.issued");
    app.run_jobs().await;
    let mail = last_to(&catcher, "jana@example.org");
    assert!(mail.subject.contains("Elternbeitrag"), "{}", mail.subject);
    assert!(!mail.text.unwrap().contains("184"), "no amount stands in a mail");
    let own = town.parent.get("/family/fees").await.ok()["items"][0].clone();
    assert_eq!(own["notice"]["periods"], notice["periods"]);
    let path = format!("/family/fees/{}/notice.pdf", notice["id"].as_str().unwrap());
    let text = pdf_text(&town.parent.get(&path).await.bytes);
    for words in ["EB-2027-00001", "184,46 €", "111,05 €", "Rechtsbehelfsbelehrung"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_owed_in_a_month_follows_the_last_notice_that_reaches_it() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    published(&town.admin, "2027-03-01").await;
    issue(town.both(), &assessed(&town.office, town.contract).await)
        .await
        .ok();
    let mut lone = input(town.contract);
    lone["from_month"] = json!("2028-01-15");
    lone["lone_parent"] = json!(true);
    let lone = town.office.create("/office/fees", lone).await.ok();
    assert_eq!(amounts(&lone), [line("2028-01-01", 16602), line("2029-03-01", 9994)]);
    issue(town.both(), &lone).await.ok();
    let at = async |month: &str| receivables(&town, month).await;
    let (first, second) = (json!("EB-2027-00001"), json!("EB-2027-00002"));
    assert_eq!(at("2027-07-01").await, []);
    assert_eq!(at("2027-12-31").await, [(first, json!(18446))]);
    assert_eq!(at("2028-01-01").await, [(second.clone(), json!(16602))]);
    assert_eq!(at("2032-07-01").await, [(second, json!(9994))]);
    assert_eq!(at("2032-08-01").await, [], "care is over");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_contract_that_never_began_is_owed_nothing_and_one_that_ended_is_owed_until_then() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    published(&town.admin, "2027-03-01").await;
    issue(town.both(), &assessed(&town.office, town.contract).await)
        .await
        .ok();
    assert_eq!(receivables(&town, "2027-09-01").await.len(), 1);
    let ended = "UPDATE care_contract SET state = 'terminated', began_on = care_from, care_until = '2027-11-01'
                  WHERE tenant_id = $1 AND id = $2";
    app.change(ended, town.contract).await;
    assert_eq!(receivables(&town, "2027-10-01").await.len(), 1);
    assert_eq!(receivables(&town, "2027-11-01").await, []);
    let never = "UPDATE care_contract SET began_on = NULL WHERE tenant_id = $1 AND id = $2";
    app.change(never, town.contract).await;
    assert_eq!(receivables(&town, "2027-10-01").await, []);
    let again = town.office.create("/office/fees", input(town.contract)).await;
    assert_eq!(again.status, 404);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_new_table_leaves_notices_alone_and_marks_them_and_an_old_draft_is_not_issued() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    published(&town.admin, "2027-03-01").await;
    let listed = async || town.office.get("/office/fees").await.ok()["items"][0].clone();
    assert_eq!(
        (&listed().await["notice"], &listed().await["suggested_position"]),
        (&Value::Null, &json!(1))
    );
    issue(town.both(), &assessed(&town.office, town.contract).await)
        .await
        .ok();
    assert_eq!(listed().await["outdated"], false);
    let waits = assessed(&town.office, town.contract).await;
    let table = draft(&town.admin).await;
    let mut dearer = json!({"name": "Neu", "legal_basis": "§ 1", "due_day": 15, "table": table["formula"]});
    dearer["table"]["bases"][0]["cents"] = json!(22500);
    let table = step(&town.admin, &table, Method::PUT, "", dearer).await.ok();
    step(
        &town.admin,
        &table,
        Method::POST,
        "/publish",
        json!({"valid_from": "2028-01-01"}),
    )
    .await
    .ok();
    assert_eq!(issue(town.both(), &waits).await.refused(409), "fee.outdated");
    let now = listed().await;
    assert_eq!(now["outdated"], true);
    assert_eq!(
        amounts(&now["notice"])[0],
        line("2027-08-01", 18446),
        "what was issued stays"
    );
    let path = format!("/office/fees/{}", waits["id"].as_str().unwrap());
    let notice = waits["notice"]["id"].as_str().unwrap();
    let back = notices::step(&town.office, notice, "return", json!({})).await.ok();
    let version = back["version"].as_i64().unwrap();
    let drop = town.office.edit(Method::DELETE, &path, version, Value::Null).await;
    assert_eq!(drop.status, 204);
    let gone = town.office.get(&format!("/office/notices/{notice}")).await;
    assert_eq!(gone.status, 404, "its notice went with it");
    let again = assessed(&town.office, town.contract).await;
    assert_eq!(
        amounts(&again)[..2],
        [line("2027-08-01", 18446), line("2028-01-01", 20000)]
    );
    let listed = town.office.get("/office/fees?without_notice=true").await.ok();
    assert_eq!(listed["items"], json!([]));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_a_notice_asks_for_is_checked_with_the_place_of_each_fault() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    published(&town.admin, "2027-03-01").await;
    let mut wrong = input(town.contract);
    wrong["from_month"] = json!("2027-07-01");
    wrong["child_position"] = json!(0);
    wrong["income_up_to"] = json!(-5);
    let faults = town.office.create("/office/fees", wrong).await.faults();
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        faults,
        [
            fault("/from_month", "too_early"),
            fault("/child_position", "out_of_range"),
            fault("/income_up_to", "out_of_range")
        ]
    );
    let late = json!("2032-08-01");
    let mut after = input(town.contract);
    after["from_month"] = late;
    assert_eq!(
        town.office.create("/office/fees", after).await.faults(),
        [fault("/from_month", "too_late")]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_waiver_holds_for_its_months_in_notice_and_receivables_and_ends_early() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    published(&town.admin, "2027-03-01").await;
    issue(town.both(), &assessed(&town.office, town.contract).await)
        .await
        .ok();
    let relief = json!({"contract_id": town.contract, "reason": "housing_benefit", "percent": 0, "from_month": "2027-10-15",
                        "until_month": "2028-04-01", "evidence_on": "2027-01-29", "note": "Wohngeldbescheid"});
    let mut wrong = relief.clone();
    for (name, value) in [
        ("percent", json!(100)),
        ("from_month", json!("2027-07-01")),
        ("until_month", json!("2029-08-01")),
        ("evidence_on", json!("2027-12-24")),
    ] {
        wrong[name] = value;
    }
    let faults = town.office.create("/office/fee-reliefs", wrong).await.faults();
    let codes: Vec<_> = faults.iter().map(|(at, code)| format!("{at} {code}")).collect();
    assert_eq!(
        codes,
        [
            "/percent out_of_range",
            "/from_month too_early",
            "/until_month too_late",
            "/evidence_on in_future"
        ]
    );
    let granted = town.office.create("/office/fee-reliefs", relief.clone()).await.ok();
    assert_eq!(
        (&granted["from_month"], &granted["revoked_at"]),
        (&json!("2027-10-01"), &Value::Null)
    );
    let twice = town.office.create("/office/fee-reliefs", relief).await;
    assert_eq!(twice.refused(409), "fee.relief_overlaps");
    // The notice that holds stays as it is, is marked, and is owed until a new one takes over.
    let listed = town.office.get("/office/fees").await.ok()["items"][0].clone();
    assert_eq!(
        (&listed["outdated"], &listed["reliefs"][0]["reason"]),
        (&json!(true), &json!("housing_benefit"))
    );
    assert_eq!(receivables(&town, "2027-11-01").await[0].1, json!(18446));
    let again = assessed(&town.office, town.contract).await;
    assert_eq!(
        amounts(&again)[..3],
        [
            line("2027-08-01", 18446),
            line("2027-10-01", 0),
            line("2028-04-01", 18446)
        ]
    );
    let notice = issue(town.both(), &again).await.ok();
    let due = town.office.get("/office/fees/receivables?month=2027-11-01").await.ok()["items"][0].clone();
    assert_eq!(
        (&due["cents"], &due["relief"]),
        (
            &json!(0),
            &json!({"reason": "housing_benefit", "percent": 0, "full_cents": 18446})
        )
    );
    let path = format!("/family/fees/{}/notice.pdf", notice["id"].as_str().unwrap());
    let text = pdf_text(&town.parent.get(&path).await.bytes);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "erlassen wir Ihnen den Beitrag von 184,46 €",
        "Wohngeld",
        "§ 90 Absatz 4 SGB VIII",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(
        !text.contains("Wohngeldbescheid"),
        "what is for the file stands in no notice"
    );
    // The family moves on: the waiver ends in January, and a later one may begin there.
    let end = format!("/office/fee-reliefs/{}/end", granted["id"].as_str().unwrap());
    let late = town
        .office
        .edit(Method::POST, &end, 1, json!({"until_month": "2028-04-01"}))
        .await;
    assert_eq!(late.faults(), [("/until_month".to_owned(), "not_earlier".to_owned())]);
    let ended = town
        .office
        .edit(Method::POST, &end, 1, json!({"until_month": "2028-01-20"}))
        .await
        .ok();
    assert_eq!(
        (&ended["until_month"], &ended["version"]),
        (&json!("2028-01-01"), &json!(2))
    );
    let part = json!({"contract_id": town.contract, "reason": "statute", "percent": 50, "from_month": "2028-01-01", "until_month": "2028-07-01"});
    let part = town.office.create("/office/fee-reliefs", part).await.ok();
    let third = assessed(&town.office, town.contract).await;
    assert_eq!(
        amounts(&third)[..4],
        [
            line("2027-08-01", 18446),
            line("2027-10-01", 0),
            line("2028-01-01", 9223),
            line("2028-07-01", 18446)
        ]
    );
    let back = format!("/office/fee-reliefs/{}/end", part["id"].as_str().unwrap());
    let back = town
        .office
        .edit(Method::POST, &back, 1, json!({"until_month": "2027-12-01"}))
        .await
        .ok();
    assert!(back["revoked_at"].is_string());
    assert_eq!(issue(town.both(), &third).await.refused(409), "fee.outdated");
    let reliefs = town.office.get("/office/fees").await.ok()["items"][0]["reliefs"].clone();
    assert_eq!(
        reliefs.as_array().unwrap().len(),
        1,
        "what was taken back is left out: {reliefs}"
    );
}
