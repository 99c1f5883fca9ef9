//! Guest children with the consent of their home municipality, and families who move here.

use kitaplatz::access::as_system;
use kitaplatz::residence;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::demands::{Demand, outbox, postal_codes, with_settings};
use crate::support::homes::home as home_of_family;
use crate::support::office::path;
use crate::support::rounds::{Round, kita, reasons};
use crate::support::waiting::child;
use crate::support::{Client, TestApp};

/// A step of the office in the version that it last saw; answers the residence.
async fn step(clerk: &Client, demand: &str, method: Method, step: &str, version: i64, body: Value) -> Value {
    let path = format!("/office/demands/{demand}/{step}");
    clerk.edit(method, &path, version, body).await.ok()
}

fn home() -> Value {
    json!({"name": "Gemeinde Anderswo", "address": "Kirchweg 2, 00998 Anderswo", "email": null})
}

fn granted(until: Value) -> Value {
    json!({"granted": true, "answered_on": "2027-02-01", "valid_from": "2027-08-01", "valid_until": until, "costs_agreed": true,
           "file_number": "51.2-17/27", "note": null})
}

/// The home of a guest is asked, and consent is required; answers the office and the version of the guest.
async fn asked(app: &TestApp, demand: impl std::fmt::Display) -> (Client, i64) {
    with_settings(app, json!({"after": {"guest_consent": "required"}})).await;
    let (clerk, id) = (app.clerk().await, demand.to_string());
    step(&clerk, &id, Method::PUT, "guest", 0, home()).await;
    step(&clerk, &id, Method::POST, "guest/ask", 2, json!({})).await;
    (clerk, 3)
}

async fn refuses((clerk, version): &(Client, i64), demand: impl std::fmt::Display) {
    let refused = json!({"granted": false, "answered_on": "2027-02-01"});
    step(
        clerk,
        &demand.to_string(),
        Method::POST,
        "guest/answer",
        *version,
        refused,
    )
    .await;
}

async fn guests(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.clerk().await.get(&format!("/office/guests{query}")).await.ok();
    page["items"].as_array().unwrap().clone()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_of_another_municipality_is_a_guest_whose_home_is_asked_and_answers() {
    let app = TestApp::new().await;
    postal_codes(&app).await;
    let demand = app.demand("fern@example.org").await;
    demand.lives_at("00998").await;
    demand.submit().await.ok();
    assert_eq!(demand.get().await["guest"]["state"], "open");
    let clerk = app.clerk().await;
    let id = demand.id.to_string();
    let refused = async |step: &str, body: Value| {
        let path = format!("/office/demands/{id}/guest/{step}");
        clerk.edit(Method::POST, &path, 1, body).await
    };
    assert_eq!(refused("ask", json!({})).await.refused(409), "residence.home_unknown");
    assert_eq!(
        refused("answer", granted(Value::Null)).await.refused(409),
        "residence.not_asked"
    );
    let letter = format!("/office/demands/{id}/guest/letter");
    assert_eq!(clerk.get(&letter).await.refused(409), "residence.home_unknown");
    step(&clerk, &id, Method::PUT, "guest", 1, home()).await;
    assert_eq!(clerk.get(&letter).await.status, 200);
    step(&clerk, &id, Method::POST, "guest/ask", 2, json!({})).await;
    assert_eq!(guests(&app, "?state=asked").await.len(), 1);
    let early = json!({"granted": false, "answered_on": "2027-01-31", "valid_from": "2027-08-01"});
    let path = format!("/office/demands/{id}/guest/answer");
    let faults = clerk.edit(Method::POST, &path, 3, early).await.faults();
    let pair = |p: &str, c: &str| (p.to_owned(), c.to_owned());
    assert_eq!(
        faults,
        [pair("/answered_on", "too_early"), pair("/valid_from", "not_expected")]
    );
    let seen = step(
        &clerk,
        &id,
        Method::POST,
        "guest/answer",
        3,
        granted(json!("2028-08-01")),
    )
    .await;
    assert_eq!(
        (&seen["guest"]["state"], &seen["guest"]["home_file_number"]),
        (&json!("granted"), &json!("51.2-17/27"))
    );
    let shown = demand.get().await["guest"].clone();
    assert_eq!(
        shown,
        json!({"state": "granted", "valid_from": "2027-08-01", "valid_until": "2028-08-01", "lapse": null})
    );
    assert_eq!(outbox(&app, "guest_answered").await[0]["granted"], true);
    assert_eq!(guests(&app, "?ending=true").await.len(), 0);
    // Sixty days before its end the office is reminded, once.
    for day in ["2028-06-02T09:00:00Z", "2028-06-03T09:00:00Z"] {
        app.at(day);
        app.run_periodic().await;
    }
    assert_eq!(guests(&app, "?ending=true").await.len(), 1);
    let dashboard = app.clerk().await.get("/office/dashboard").await.ok();
    assert_eq!(dashboard["exceptions"]["consents_ending"], 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn where_the_consent_is_required_nobody_signs_without_it() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    with_settings(&app, json!({"after": {"guest_consent": "required"}})).await;
    let (clerk, id) = (app.clerk().await, placed.wishes.demand.to_string());
    step(&clerk, &id, Method::PUT, "guest", 0, home()).await;
    placed.staff("send", json!({})).await.ok();
    let early = placed.sign(&app, &placed.family.parent, "jana@example.org").await;
    assert_eq!(early.refused(409), "contract.consent_missing");
    step(&clerk, &id, Method::POST, "guest/ask", 2, json!({})).await;
    // A consent that begins after care does is none.
    let mut late = granted(Value::Null);
    late["valid_from"] = json!("2027-09-01");
    step(&clerk, &id, Method::POST, "guest/answer", 3, late).await;
    let paper = placed
        .staff("paper-signature", json!({"signed_on": "2027-02-01"}))
        .await;
    assert_eq!(paper.refused(409), "contract.consent_missing");
    step(&clerk, &id, Method::POST, "guest/answer", 4, granted(Value::Null)).await;
    placed.sign(&app, &placed.family.parent, "jana@example.org").await.ok();
    placed.staff("countersign", json!({})).await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_guest_whose_home_refused_has_no_wish_that_a_round_could_meet() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (guest, local) = (
        child(&app, "Gast", 9, &[sun]).await,
        child(&app, "Mia", 5, &[sun]).await,
    );
    refuses(&asked(&app, guest.demand).await, guest.demand).await;
    let round = Round::frozen(&app).await;
    round.run().await;
    let (guest, local) = (round.case(guest.demand).await, round.case(local.demand).await);
    assert_eq!(guest["wishes"][0]["excluded"], "residence");
    assert_eq!(
        (reasons(&guest), reasons(&local)),
        (vec!["not_eligible"], vec!["placed"])
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_refusal_after_the_freeze_ends_the_wishes_of_the_guest_and_passes_it_over_all_year() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (guest, local) = (
        child(&app, "Gast", 9, &[sun]).await,
        child(&app, "Mia", 5, &[sun]).await,
    );
    let office = asked(&app, guest.demand).await;
    let round = Round::frozen(&app).await;
    round.run().await;
    assert_eq!(
        reasons(&round.case(guest.demand).await),
        ["placed"],
        "the answer is awaited"
    );
    refuses(&office, guest.demand).await;
    round.run().await;
    assert_eq!(reasons(&round.case(local.demand).await), ["placed"]);
    let path = format!("/staff/facilities/{sun}/followups?age_band=under3");
    let list = office.0.get(&path).await.ok();
    let mut rows = list["items"].as_array().unwrap().iter();
    let row = rows
        .find(|row| row["preference_id"] == json!(guest.preferences[0]))
        .unwrap();
    assert_eq!(row["passed_over"], "residence");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_guest_who_keeps_a_place_is_offered_no_other_one_after_the_refusal() {
    let app = TestApp::new().await;
    let mut kitas = Vec::new();
    for name in ["Kita Sonne", "Kita Mond", "Kita Stern"] {
        kitas.push(kita(&app, name, 1).await);
    }
    home_of_family(&app, "ada", 9, &kitas[..1]).await;
    let bea = home_of_family(&app, "bea", 9, &kitas[2..]).await;
    let guest = home_of_family(&app, "gast", 5, &kitas).await;
    Round::released(&app).await;
    app.run_jobs().await;
    guest.accept().await;
    refuses(&asked(&app, guest.made.demand).await, guest.made.demand).await;
    bea.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    let offers = guest.parent.get("/offers").await.ok()["items"]
        .as_array()
        .unwrap()
        .clone();
    let at: Vec<_> = offers.iter().map(|o| (&o["facility_id"], &o["state"])).collect();
    assert_eq!(at, [(&json!(kitas[1]), &json!("accepted"))]);
}

async fn announce(demand: &Demand, version: i64, day: &str) -> Value {
    let path = format!("{}/move-in", demand.path());
    let body = json!({"move_on": day, "postal_code": "04109", "city": "Musterstadt"});
    demand.parent.edit(Method::PUT, &path, version, body).await.ok()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_moves_here_may_ask_before_and_the_clock_waits_for_the_move() {
    let app = TestApp::new().await;
    postal_codes(&app).await;
    with_settings(&app, json!({"residency_required": true})).await;
    let demand = app.demand("zuzug@example.org").await;
    demand.lives_at("00998").await;
    let refused = demand.submit().await.faults();
    assert_eq!(refused, [("/household".to_owned(), "not_resident".to_owned())]);
    assert_eq!(announce(&demand, 0, "2027-06-01").await["state"], "announced");
    demand.submit().await.ok();
    let sent = demand.get().await;
    assert_eq!(sent["guest"], Value::Null, "who moves here is no guest");
    assert_eq!(
        sent["legal_due_on"], "2027-12-01",
        "six months from the move, not from today"
    );
    announce(&demand, 1, "2027-07-01").await;
    assert_eq!(demand.get().await["legal_due_on"], "2028-01-01");
    let clerk = app.clerk().await;
    let id = demand.id.to_string();
    let evidence = json!({"evidence": "rental_contract", "seen_on": "2027-02-01"});
    let seen = step(&clerk, &id, Method::POST, "move-in/evidence", 2, evidence).await;
    assert_eq!(seen["move_in"]["state"], "shown");
    let register = json!({"evidence": "register", "seen_on": "2027-02-01"});
    let path = format!("/office/demands/{id}/move-in/evidence");
    let faults = clerk.edit(Method::POST, &path, 3, register).await.faults();
    assert_eq!(faults, [("/evidence".to_owned(), "not_expected".to_owned())]);
    // A fortnight before the family is reminded, once; after the day the office has it on its list.
    app.at("2027-06-17T09:00:00Z");
    app.run_periodic().await;
    app.at("2027-07-02T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(outbox(&app, "move_proof_due").await.len(), 1);
    let clerk = app.clerk().await;
    let overdue = clerk.get("/office/movers?overdue=true").await.ok();
    assert_eq!(overdue["items"][0]["state"], "overdue");
    let dashboard = clerk.get("/office/dashboard").await.ok();
    assert_eq!(dashboard["exceptions"]["moves_overdue"], 1);
    // The register knows the child by now.
    let known = as_system(&app.platform, &app.tenant, "test_registered", async |tx| {
        residence::registered(tx, demand.id).await
    });
    known.await.unwrap();
    assert_eq!(clerk.get("/office/movers").await.ok()["items"], json!([]));
    let proven = clerk.get(&format!("/office/demands/{id}/residence")).await.ok();
    assert_eq!(
        (&proven["move_in"]["state"], &proven["move_in"]["evidence"]),
        (&json!("proven"), &json!("register"))
    );
    let path = format!("/office/demands/{id}/move-in");
    let late = clerk.edit(Method::DELETE, &path, 4, json!({})).await;
    assert_eq!(late.refused(409), "residence.proven");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_move_that_is_called_off_makes_a_guest_and_lets_the_clock_run() {
    let app = TestApp::new().await;
    postal_codes(&app).await;
    let demand = app.demand("zuzug@example.org").await;
    demand.lives_at("00998").await;
    announce(&demand, 0, "2027-08-01").await;
    demand.submit().await.ok();
    assert_eq!(demand.get().await["legal_due_on"], "2028-02-01");
    let move_in = format!("{}/move-in", demand.path());
    let gone = demand.parent.edit(Method::DELETE, &move_in, 1, json!({})).await;
    assert_eq!(gone.status, 204);
    let after = demand.get().await;
    assert_eq!(
        (&after["guest"]["state"], &after["move_in"]),
        (&json!("open"), &Value::Null)
    );
    assert_eq!(after["legal_due_on"], "2027-09-01", "as if it had never been");
    let detail = app.clerk().await.get(&path(demand.id)).await.ok();
    assert_eq!(detail["legal_due_on"], "2027-09-01");
    let other = app.parent("fremd@example.org").await;
    let body = json!({"move_on": "2027-08-01", "postal_code": "04109", "city": "Musterstadt"});
    assert_eq!(other.edit(Method::PUT, &move_in, 0, body).await.status, 404);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_consent_that_is_gone_leaves_the_contract_and_waits_for_a_persons_decision() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    let (clerk, id) = (app.clerk().await, placed.wishes.demand.to_string());
    let edit = async |what: &str, version: i64, body: Value| {
        let path = format!("/office/demands/{id}/guest/{what}");
        clerk.edit(Method::POST, &path, version, body).await
    };
    let withdrawal = |from: &str| json!({"withdrawn_from": from, "reason": "costs", "file_number": "51.2-18/27"});
    step(&clerk, &id, Method::PUT, "guest", 0, home()).await;
    step(&clerk, &id, Method::POST, "guest/ask", 2, json!({})).await;
    let early = edit("withdrawal", 3, withdrawal("2027-10-01")).await;
    assert_eq!(early.refused(409), "residence.not_granted");
    step(
        &clerk,
        &id,
        Method::POST,
        "guest/answer",
        3,
        granted(json!("2028-08-01")),
    )
    .await;
    let unsigned = edit("withdrawal", 4, withdrawal("2027-10-01")).await;
    assert_eq!(unsigned.refused(409), "residence.no_contract");
    placed.both_sign(&app).await;
    let late = edit("withdrawal", 4, withdrawal("2028-08-01")).await.faults();
    assert_eq!(late, [("/withdrawn_from".to_owned(), "after_end".to_owned())]);
    let seen = edit("withdrawal", 4, withdrawal("2027-10-01")).await.ok();
    let (guest, lapse) = (&seen["guest"], &seen["guest"]["lapse"]);
    assert_eq!(
        (&guest["state"], &guest["valid_until"]),
        (&json!("granted"), &json!("2027-10-01"))
    );
    assert_eq!(
        (&lapse["decide_by"], &lapse["decision"]),
        (&json!("2027-03-01"), &Value::Null)
    );
    let again = edit("withdrawal", 5, withdrawal("2027-09-01")).await;
    assert_eq!(again.refused(409), "residence.lapse_open");
    // Nothing ended; everybody knows.
    assert_eq!(placed.seen(&placed.manager).await["state"], "signed_by_provider");
    let told = outbox(&app, "guest_lapse").await;
    assert_eq!((told.len(), &told[0]["decide_by"]), (1, &json!("2027-03-01")));
    let works = placed.manager.get("/staff/inbox?kind=consent").await.ok();
    assert_eq!(works["items"][0]["due_on"], "2027-03-01");
    assert_eq!(outbox(&app, "guest_lapse_work").await.len(), 1);
    let own = format!("/demands/{id}");
    let shown = placed.family.parent.get(&own).await.ok();
    assert_eq!(shown["guest"]["lapse"]["withdrawn"], true);
    assert_eq!(guests(&app, "?lapsed=true").await[0]["decide_by"], "2027-03-01");
    let dashboard = clerk.get("/office/dashboard").await.ok();
    let open = &dashboard["exceptions"];
    assert_eq!(
        (&open["consents_lapsed"], &open["consents_ending"]),
        (&json!(1), &json!(0))
    );
    // A person decides.
    let again = json!({"decision": "granted_again", "decided_on": "2027-02-01", "granted_until": "2028-02-01", "reason": "Neuer Brief."});
    let mut faulty = again.clone();
    faulty["decision"] = json!("notice");
    let faults = edit("decision", 5, faulty).await.faults();
    assert_eq!(faults, [("/granted_until".to_owned(), "not_expected".to_owned())]);
    let seen = edit("decision", 5, again).await.ok();
    assert_eq!(
        (&seen["guest"]["valid_until"], &seen["guest"]["lapse"]["decision"]),
        (&json!("2028-02-01"), &json!("granted_again"))
    );
    assert_eq!(placed.family.parent.get(&own).await.ok()["guest"]["lapse"], Value::Null);
    assert_eq!(
        placed.manager.get("/staff/inbox?kind=consent").await.ok()["items"],
        json!([])
    );
    let decided = |mail: &Value| mail["decision"] == "granted_again";
    let told = outbox(&app, "guest_lapse").await;
    assert_eq!(told.iter().filter(|mail| decided(mail)).count(), 1);
    // The new consent ends without another: the daily look notes it, once, and the contract stands all the same.
    for day in ["2028-02-01T09:00:00Z", "2028-02-02T09:00:00Z"] {
        placed.later(&app, day).await;
    }
    // Mails of the year before are deleted by now.
    let told = outbox(&app, "guest_lapse").await;
    assert_eq!((told.len(), &told[0]["withdrawn"]), (1, &json!(false)));
    let residence = app
        .clerk()
        .await
        .get(&format!("/office/demands/{id}/residence"))
        .await
        .ok();
    let lapse = &residence["guest"]["lapse"];
    assert_eq!(
        (&lapse["reason"], &lapse["decide_by"]),
        (&json!("ended"), &json!("2028-02-29"))
    );
    assert_eq!(placed.seen(&placed.manager).await["state"], "active");
    let notice = json!({"decision": "notice", "decided_on": "2028-02-02", "reason": "Die Gemeinde zahlt nicht mehr."});
    let version = residence["guest"]["version"].as_i64().unwrap();
    let decided = step(&app.clerk().await, &id, Method::POST, "guest/decision", version, notice).await;
    assert_eq!(decided["guest"]["lapse"]["decided_on"], "2028-02-02");
    assert!(guests(&app, "?lapsed=true").await.is_empty());
}
