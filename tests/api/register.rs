//! The check against the register: a note for a clerk, which moves no date and stops nothing.

use kitaplatz::platform::ids::DemandId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::facility;
use crate::support::office::path;
use crate::support::waiting::{Family, waiting};
use crate::support::{Answer, Client, TestApp};

const LIST: &str = "Vornamen;Nachname;Geburtsdatum;PLZ\n\
    Mia Sophie;Braun;14.03.2026;04109\n\
    Lena;Öztürk;01.02.2025;04109\n\
    Lena Marie;Oeztuerk;01.02.2025;04229\n";

async fn upload(admin: &Client, list: &str) -> Answer {
    let body = Some(("text/csv", list.as_bytes().to_vec()));
    admin
        .send_bytes(Method::POST, "/admin/imports/register", body, &[])
        .await
}

async fn check(clerk: &Client, demand: DemandId) -> Value {
    let answer = clerk.post(&format!("{}/register-check", path(demand)), json!({})).await;
    answer.ok()["result"].clone()
}

async fn family(app: &TestApp, first: Option<&str>, last: &str, birth: &str) -> DemandId {
    let family = Family {
        first_name: first,
        last_name: Some(last),
        birth: birth.parse().unwrap(),
        legal_claim: true,
        ..Family::default()
    };
    waiting(app, &family, &[]).await.demand
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_answer_of_the_register_stands_on_the_case_and_moves_no_date() {
    let app = TestApp::new().await;
    let (admin, clerk) = (app.admin().await, app.clerk().await);
    let mia = family(&app, Some("mia"), "BRAUN", "2026-03-14").await;
    assert_eq!(check(&clerk, mia).await, "unavailable", "nothing was uploaded");
    assert_eq!(upload(&admin, LIST).await.ok(), json!({"entries": 3, "errors": []}));
    let list = clerk.get("/office/register").await.ok()["list"].clone();
    assert_eq!((&list["entries"], &list["usable"]), (&json!(3), &json!(true)));
    let before = clerk.get(&path(mia)).await.ok();
    assert_eq!(check(&clerk, mia).await, "match");
    let other = family(&app, Some("Lea"), "Braun", "2026-03-14").await;
    assert_eq!(check(&clerk, other).await, "no_match");
    let unborn = family(&app, None, "Braun", "2027-05-01").await;
    assert_eq!(check(&clerk, unborn).await, "pending");
    let newborn = family(&app, Some("Ida"), "Braun", "2027-01-20").await;
    assert_eq!(check(&clerk, newborn).await, "pending", "not entered for some weeks");
    let namesake = family(&app, Some("Lena"), "Öztürk", "2025-02-01").await;
    assert_eq!(check(&clerk, namesake).await, "match", "the postal code tells");
    for (demand, mismatch) in [(mia, false), (other, true), (unborn, false), (newborn, false)] {
        let seen = clerk.get(&path(demand)).await.ok();
        assert_eq!(seen["register_mismatch"], mismatch);
        for field in ["submitted_at", "legal_due_on", "legal_claim_asserted_at", "state"] {
            assert_eq!(seen[field], before[field], "{field}");
        }
    }
    upload(&admin, "vorname,name,geburtsdatum\nLea,Braun,2026-03-14\n")
        .await
        .ok();
    assert_eq!(
        check(&clerk, other).await,
        "match",
        "the next list takes the place of the one before"
    );
    assert_eq!(
        clerk.get(&path(other)).await.ok()["register_mismatch"],
        false,
        "and takes the note back"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_faulty_list_changes_nothing_and_an_old_one_is_asked_no_more() {
    let app = TestApp::new().await;
    let (admin, clerk) = (app.admin().await, app.clerk().await);
    let mia = family(&app, Some("Mia"), "Braun", "2026-03-14").await;
    upload(&admin, LIST).await.ok();
    let faulty = upload(&admin, "vorname;name;geburtsdatum\nMia;Braun;gestern\n")
        .await
        .ok();
    assert_eq!(
        (
            &faulty["entries"],
            &faulty["errors"][0]["row"],
            &faulty["errors"][0]["code"]
        ),
        (&json!(0), &json!(2), &json!("invalid"))
    );
    assert_eq!(check(&clerk, mia).await, "match");
    app.at("2027-04-03T09:00:00Z");
    app.run_periodic().await;
    let clerk = app.clerk().await;
    assert_eq!(check(&clerk, mia).await, "unavailable");
    assert_eq!(clerk.get("/office/register").await.ok()["list"]["usable"], false);
    let sql = "SELECT count(*)::text FROM register_entry WHERE tenant_id = $1 AND id <> $2";
    assert_eq!(app.value(sql, mia.0).await.as_deref(), Some("0"), "and deleted");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_demand_is_checked_when_it_is_sent_and_again_while_it_is_open() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let silent = app.sent_demand("silent@example.org", &[kita]).await;
    app.run_jobs().await;
    let file = format!("/office/children/{}/file", silent.child);
    let result = |body: &Value| body["demands"][0]["register_result"].clone();
    assert_eq!(
        result(&admin.get(&file).await.ok()),
        Value::Null,
        "without a list there is no register"
    );
    upload(&admin, "vorname;name;geburtsdatum\nNiemand;Niemand;2020-01-01\n")
        .await
        .ok();
    let sent = app.sent_demand("sent@example.org", &[kita]).await;
    app.run_jobs().await;
    let file = format!("/office/children/{}/file", sent.child);
    let seen = admin.get(&file).await.ok();
    assert_eq!(result(&seen), "no_match", "{seen}");
    let newborn = family(&app, Some("Ida"), "Braun", "2027-01-20").await;
    assert_eq!(check(&admin, newborn).await, "pending");
    upload(&admin, "vorname;name;geburtsdatum\nIda;Braun;2027-01-20\n")
        .await
        .ok();
    app.at("2027-02-02T09:00:00Z");
    app.run_periodic().await;
    let sql =
        "SELECT string_agg(result, ',' ORDER BY at, id) FROM register_check WHERE tenant_id = $1 AND demand_id = $2";
    let results: Option<String> = app.value(sql, newborn.0).await;
    assert_eq!(results.as_deref(), Some("pending,match"));
}
