//! The wished start of a demand that was sent moves as long as nobody has decided by it; the day of arrival stays.

use kitaplatz::platform::ids::DemandId;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::demands::{outbox, with_settings};
use crate::support::facilities::facility;
use crate::support::families::id;
use crate::support::offers::new_offer;
use crate::support::office::{act as office, paper, path, with};
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, waiting};

fn kinds(history: &Value) -> Vec<&str> {
    let all = history["items"].as_array().unwrap().iter();
    all.map(|event| event["kind"].as_str().unwrap()).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_moves_the_start_of_a_sent_demand_and_reads_what_holds_now() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"key_date": "02-15"})).await;
    let demand = app.demand("jana@example.org").await;
    let sent = demand.submit().await.ok();
    assert_eq!(sent["legal_due_on"], "2027-09-01");
    assert_eq!(
        [&sent["start_editable"], &sent["notice_ends_on"]],
        [&json!(true), &json!("2027-08-01")]
    );
    // Two weeks and the key date later: what it wishes otherwise is closed, the start is not.
    app.at("2027-02-16T09:00:00Z");
    let parent = app.parent("jana@example.org").await;
    let change = async |body: Value| {
        let version = parent.get(&demand.path()).await.ok()["version"].as_i64().unwrap();
        parent.edit(reqwest::Method::PATCH, &demand.path(), version, body).await
    };
    let with_hours = json!({"desired_start": "2027-10-01", "hours_per_week": 30});
    assert_eq!(change(with_hours).await.refused(409), "demand.not_editable");
    for (start, code) in [("2027-02-15", "too_early"), ("2010-01-01", "too_early")] {
        let faults = change(json!({"desired_start": start})).await.faults();
        assert_eq!(faults[0], ("/desired_start".to_owned(), code.to_owned()));
    }
    let ends_before = json!({"desired_start": "2027-11-01", "latest_start": "2027-10-01"});
    assert_eq!(change(ends_before).await.faults()[0].0, "/latest_start");
    // A later start is waited for, an earlier one begins the notice of six months anew.
    let later = change(json!({"desired_start": "2027-10-01"})).await.ok();
    assert_eq!(later["legal_due_on"], "2027-10-01");
    let earlier = change(json!({"desired_start": "2027-05-01"})).await.ok();
    assert_eq!(earlier["legal_due_on"], "2027-08-16");
    assert_eq!(
        earlier["submitted_at"], sent["submitted_at"],
        "the day of arrival stays"
    );
    assert_eq!(earlier["reference_code"], sent["reference_code"]);
    let mails = outbox(&app, "start_changed").await;
    let mut told: Vec<_> = mails
        .iter()
        .map(|mail| (&mail["start"], &mail["legal_due_on"]))
        .collect();
    // The clock stands still: the later start was told first.
    told.sort_by_key(|(start, _)| start.to_string());
    told.reverse();
    assert_eq!(
        told,
        [
            (&json!("2027-10-01"), &json!("2027-10-01")),
            (&json!("2027-05-01"), &json!("2027-08-16"))
        ]
    );
    let history = parent.get(&format!("{}/history", demand.path())).await.ok();
    assert_eq!(
        kinds(&history).iter().filter(|kind| **kind == "start_changed").count(),
        2
    );
    let audited = "SELECT count(*)::text FROM audit_event
                    WHERE tenant_id = $1 AND action = 'update_demand' AND outcome = 'done' AND object_id = $2";
    assert!(app.value(audited, demand.id.0).await.unwrap().parse::<i64>().unwrap() >= 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_decides_by_the_start_holds_it() {
    let app = TestApp::new().await;
    let place = kita(&app, "Kita Ahorn", 1).await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(&app, &family, &[place]).await;
    let demand = format!("/demands/{}", made.demand);
    let change = async || {
        let seen = parent.get(&demand).await.ok();
        let version = seen["version"].as_i64().unwrap();
        let body = json!({"desired_start": "2027-10-01"});
        let answer = parent.edit(reqwest::Method::PATCH, &demand, version, body).await;
        (seen["start_editable"] == true, answer)
    };
    let round = Round::frozen(&app).await;
    let (may, answer) = change().await;
    assert_eq!((may, answer.refused(409).as_str()), (false, "demand.start_in_round"));
    round.step("cancel").await.ok();
    let manager = app.manager(place).await;
    manager
        .create("/staff/offers", new_offer(made.preferences[0]))
        .await
        .ok();
    let (may, answer) = change().await;
    assert_eq!((may, answer.refused(409).as_str()), (false, "demand.start_under_offer"));
    assert!(outbox(&app, "start_changed").await.is_empty());
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_moves_the_start_for_a_family_on_paper_by_the_day_on_which_it_said_so() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let form = with(paper(&[kita]), "/demand/desired_start", json!("2027-09-01"));
    let made = clerk.create("/office/demands", form).await.ok();
    let demand: DemandId = id(&made["id"]);
    let body = json!({"demand": {"desired_start": "2027-05-01"}, "told": {"on": "2027-01-25", "by": "letter"}});
    office(&clerk, demand, "change", body).await.ok();
    let now = clerk.get(&path(demand)).await.ok();
    assert_eq!(
        [&now["desired_start"], &now["legal_due_on"]],
        [&json!("2027-05-01"), &json!("2027-07-25")]
    );
    let letter = outbox(&app, "answer_recorded").await.pop().unwrap();
    assert_eq!(letter["now"]["desired_start"], "2027-05-01");
    assert_eq!(letter["now"]["legal_due_on"], "2027-07-25");
    assert!(outbox(&app, "start_changed").await.is_empty(), "one letter says all");
}
