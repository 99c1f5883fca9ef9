//! Swaps of places: two and three children go round together or not at all, and nobody learns of the others.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::rounds::kita;
use crate::support::waiting::sql;
use crate::support::{Answer, Client, TestApp, last_to};
use crate::transfers::{Placed, placed_as};

/// Children with signed contracts from 1 August 2027 at facilities with one place each; each wishes the place of the next.
struct Round {
    kitas: Vec<FacilityId>,
    children: Vec<Placed>,
}

const NAMES: [(&str, &str); 3] = [
    ("Ada", "ada@example.org"),
    ("Bela", "bela@example.org"),
    ("Cleo", "cleo@example.org"),
];

impl Round {
    async fn of(app: &TestApp, n: usize) -> Self {
        let mut round = Self {
            kitas: Vec::new(),
            children: Vec::new(),
        };
        for (name, email) in &NAMES[..n] {
            let kita = kita(app, &format!("Kita {name}"), 1).await;
            round.kitas.push(kita);
            round.children.push(placed_as(app, kita, name, email).await);
        }
        let sign = "UPDATE care_contract SET state = 'signed_by_provider' WHERE tenant_id = $1 AND facility_id = $2";
        for (at, child) in round.children.iter().enumerate() {
            app.change(sign, round.kitas[at].0).await;
            child.wish(&[round.kitas[(at + 1) % n]]).await;
        }
        round
    }

    async fn proposed(&self, office: &Client) -> Value {
        let found = office.get("/office/swaps/candidates").await.ok();
        let first = &found["items"][0];
        let body = json!({"key": first["key"], "swap_on": "2027-09-01"});
        office.create("/office/swaps", body).await.ok()
    }
}

async fn answer(who: &Client, side: &str, accept: bool) -> Answer {
    let part = who.get(&format!("/{side}/swaps")).await.ok()["items"][0]["id"].clone();
    let path = format!("/{side}/swaps/{}/answer", part.as_str().unwrap());
    who.post(&path, json!({ "accept": accept })).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn three_go_round_when_all_six_sides_have_said_yes() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 3).await;
    let office = app.clerk().await;
    let found = office.get("/office/swaps/candidates").await.ok();
    assert_eq!((&found["wishers"], &found["total"]), (&json!(3), &json!(1)));
    let first = &found["items"][0];
    assert_eq!(
        (&first["earliest_day"], first["moves"].as_array().unwrap().len()),
        (&json!("2027-08-01"), 3)
    );
    let early = json!({"key": first["key"], "swap_on": "2027-07-01"});
    let faults = office.create("/office/swaps", early).await.faults();
    assert_eq!(faults, [("/swap_on".into(), "too_early".into())]);
    round.proposed(&office).await;
    for (_, email) in NAMES {
        assert!(app.mails_to(email).await.contains(&"swap_proposed".to_owned()));
    }
    assert_eq!(
        office.get("/office/swaps/candidates").await.ok()["total"],
        0,
        "who is in an open swap is in no other"
    );
    let ada = &round.children[0];
    let seen = ada.parent.get("/family/swaps").await.ok();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1, "only the own part");
    let all = seen.to_string();
    assert!(all.contains("Kita Ada") && all.contains("Kita Bela"), "{all}");
    assert!(
        !all.contains("Cleo") && !all.contains("\"Bela"),
        "nobody learns of the other children: {all}"
    );
    let managers = [
        app.manager(round.kitas[0]).await,
        app.manager(round.kitas[1]).await,
        app.manager(round.kitas[2]).await,
    ];
    let at_bela = managers[1].get("/staff/swaps").await.ok();
    assert_eq!(
        at_bela["items"].as_array().unwrap().len(),
        1,
        "only the child that would come"
    );
    assert_eq!(
        (&at_bela["items"][0]["child"], &at_bela["items"][0]["from_facility"]),
        (&json!("Ada B."), &Value::Null)
    );
    for manager in &managers {
        answer(manager, "staff", true).await.ok();
    }
    for child in &round.children[..2] {
        answer(&child.parent, "family", true).await.ok();
        assert_eq!(
            answer(&child.parent, "family", false).await.refused(409),
            "swap.not_open",
            "once"
        );
    }
    app.run_jobs().await;
    let before = json!(["Kita Ada", "signed_by_provider", "2027-08-01"]);
    assert_eq!(
        ada.contracts().await,
        vec![before],
        "until the last yes nothing has changed"
    );
    // What is agreed for each day goes with the child.
    let days = "UPDATE care_contract
                   SET week = ARRAY['08:00', '12:00', NULL, NULL, '09:00', '13:30', NULL, NULL, NULL, NULL]::time[],
                       window_from = '08:00', window_to = '13:30', hours_per_week = 9
                 WHERE tenant_id = $1 AND facility_id = $2";
    app.change(days, round.kitas[0].0).await;
    answer(&round.children[2].parent, "family", true).await.ok();
    app.run_jobs().await;
    let moved = ada.parent.get("/contracts").await.ok();
    let moved = moved["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["state"] == "drafted");
    let week = json!([{"weekday": 1, "from": "08:00", "to": "12:00"}, {"weekday": 3, "from": "09:00", "to": "13:30"}]);
    let moved = moved.map(|one| (&one["week"], &one["hours_per_week"]));
    assert_eq!(moved, Some((&week, &json!(9))));
    for (at, child) in round.children.iter().enumerate() {
        let to = NAMES[(at + 1) % 3].0;
        let contracts = child.contracts().await;
        let new = json!([format!("Kita {to}"), "drafted", "2027-09-01"]);
        assert!(contracts.contains(&new), "{contracts:?}");
        assert_eq!(contracts.len(), 2, "the one before ends on that day");
        assert_eq!(
            app.bookable(round.kitas[at], "under3", "2027-09-01").await,
            0,
            "no place is lost or made"
        );
    }
    assert_eq!(office.get("/office/swaps").await.ok()["items"][0]["state"], "done");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn one_no_ends_it_and_everything_stays_as_it_is() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 2).await;
    let office = app.clerk().await;
    round.proposed(&office).await;
    answer(&round.children[0].parent, "family", true).await.ok();
    let said = answer(&app.manager(round.kitas[1]).await, "staff", false).await.ok();
    assert_eq!(
        (&said["state"], &said["may_answer"]),
        (&json!("declined"), &json!(false))
    );
    app.run_jobs().await;
    for (at, (_, email)) in NAMES[..2].iter().enumerate() {
        assert!(app.mails_to(email).await.contains(&"swap_off".to_owned()));
        assert_eq!(round.children[at].contracts().await.len(), 1);
    }
    assert_eq!(
        office.get("/office/swaps/candidates").await.ok()["total"],
        1,
        "it can be proposed again"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn without_all_answers_in_time_it_is_called_off() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 2).await;
    round.proposed(&app.clerk().await).await;
    app.at("2027-02-16T09:00:00Z");
    app.run_periodic().await;
    let office = app.clerk().await;
    assert_eq!(office.get("/office/swaps").await.ok()["items"][0]["state"], "expired");
    assert!(app.mails_to(NAMES[1].1).await.contains(&"swap_off".to_owned()));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn where_one_contract_cannot_change_none_does() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 2).await;
    let office = app.clerk().await;
    round.proposed(&office).await;
    for (at, child) in round.children.iter().enumerate() {
        answer(&child.parent, "family", true).await.ok();
        if at == 1 {
            // Meanwhile a facility closes: its manager says yes all the same.
            let close = "UPDATE facility SET state = 'closed' WHERE tenant_id = $1 AND id = $2";
            app.change(close, round.kitas[0].0).await;
        }
        answer(&app.manager(round.kitas[at]).await, "staff", true).await.ok();
    }
    app.run_jobs().await;
    assert_eq!(office.get("/office/swaps").await.ok()["items"][0]["state"], "void");
    for child in &round.children {
        assert_eq!(child.contracts().await.len(), 1, "all or none");
    }
}

impl Round {
    async fn all_say_yes(&self, app: &TestApp) {
        for (at, child) in self.children.iter().enumerate() {
            answer(&child.parent, "family", true).await.ok();
            answer(&app.manager(self.kitas[at]).await, "staff", true).await.ok();
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_place_that_somebody_else_holds_for_a_moment_calls_nothing_off() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 2).await;
    let office = app.clerk().await;
    round.proposed(&office).await;
    round.all_say_yes(&app).await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query("SELECT 1 FROM place_pool WHERE tenant_id = $1 FOR UPDATE")
            .bind(tx.tenant_id().0)
            .fetch_all(tx.conn())
            .await?;
        app.run_jobs().await;
        Ok::<_, sqlx::Error>(())
    })
    .await
    .unwrap();
    let state = async || office.get("/office/swaps").await.ok()["items"][0]["state"].clone();
    assert_eq!(state().await, "open", "it waits, nothing has changed");
    for child in &round.children {
        assert_eq!(child.contracts().await.len(), 1);
    }
    app.at("2027-02-01T09:05:00Z");
    app.run_jobs().await;
    assert_eq!(state().await, "done");
    for (_, email) in &NAMES[..2] {
        assert!(!app.mails_to(email).await.contains(&"swap_off".to_owned()));
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_last_yes_before_midnight_counts_also_when_the_work_is_done_after_it() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 2).await;
    round.proposed(&app.clerk().await).await;
    round.all_say_yes(&app).await;
    // Nothing ran until the last day of answering was over.
    app.at("2027-02-16T09:00:00Z");
    app.run_periodic().await;
    let office = app.clerk().await;
    assert_eq!(office.get("/office/swaps").await.ok()["items"][0]["state"], "done");
    for (_, email) in &NAMES[..2] {
        assert!(!app.mails_to(email).await.contains(&"swap_off".to_owned()));
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_run_calls_off_all_that_nobody_answered() {
    let app = TestApp::new().await;
    let round = Round::of(&app, 2).await;
    let office = app.clerk().await;
    round.proposed(&office).await;
    let many = "WITH made AS (
            INSERT INTO place_swap (tenant_id, id, state, swap_on, deadline_on, created_at)
            SELECT s.tenant_id, gen_random_uuid(), s.state, s.swap_on, s.deadline_on, s.created_at FROM place_swap s, generate_series(1, 120)
            RETURNING tenant_id, id)
         INSERT INTO place_swap_part (tenant_id, id, swap_id, position, contract_id, child_id, preference_id, from_facility_id, to_facility_id)
         SELECT p.tenant_id, gen_random_uuid(), m.id, p.position, p.contract_id, p.child_id, p.preference_id, p.from_facility_id, p.to_facility_id
           FROM place_swap_part p JOIN made m ON m.tenant_id = p.tenant_id";
    sql(&app, many).await;
    app.at("2027-02-16T09:00:00Z");
    let jobs = kitaplatz::app::jobs();
    jobs.run_now(&app.platform, app.tenant.id, "TendSwaps").await.unwrap();
    let open = "SELECT count(*)::text FROM place_swap WHERE tenant_id = $1 AND state = 'open' AND $2::uuid IS NOT NULL";
    assert_eq!(app.value(open, round.kitas[0].0).await.as_deref(), Some("0"));
}

/// A facility is closed between these days, or from the first of them on.
async fn close(app: &TestApp, facility: FacilityId, from: &str, to: Option<&str>) {
    let basis = json!({"permits": [], "groups": [], "staff": [], "contingents": [],
        "closures": [{"reason": "Umbau", "valid_from": from, "valid_to": to}]});
    let path = format!("/staff/facilities/{facility}/basis");
    let manager = app.manager(facility).await;
    let version = manager.get(&path).await.ok()["version"].as_i64().unwrap();
    manager.edit(Method::PUT, &path, version, basis).await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_goes_to_a_facility_that_is_closed_on_the_day() {
    let (app, catcher) = TestApp::with_mail().await;
    let round = Round::of(&app, 2).await;
    let office = app.clerk().await;
    close(&app, round.kitas[0], "2027-07-26", Some("2027-08-15")).await;
    let first = office.get("/office/swaps/candidates").await.ok()["items"][0].clone();
    assert_eq!(
        first["earliest_day"], "2027-09-01",
        "on 1 August one child would have nowhere to go"
    );
    let body = |day: &str| json!({"key": first["key"], "swap_on": day});
    let faults = office.create("/office/swaps", body("2027-08-01")).await.faults();
    assert_eq!(faults, [("/swap_on".to_owned(), "closed".to_owned())]);
    office.create("/office/swaps", body("2027-09-01")).await.ok();
    // Meanwhile it turns out to be closed on that day too.
    close(&app, round.kitas[0], "2027-08-30", Some("2027-09-03")).await;
    round.all_say_yes(&app).await;
    app.run_jobs().await;
    assert_eq!(office.get("/office/swaps").await.ok()["items"][0]["state"], "void");
    for (child, (_, email)) in round.children.iter().zip(NAMES) {
        assert_eq!(child.contracts().await.len(), 1, "all keep what they have");
        let told = last_to(&catcher, email).text.unwrap();
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("zum 1. September 2027"), "{told}");
    }
    // A facility that stays closed is in no cycle.
    close(&app, round.kitas[0], "2027-07-26", None).await;
    assert_eq!(office.get("/office/swaps/candidates").await.ok()["total"], 0);
}
