//! Families without an account: what they say on the telephone or by letter is entered for them, and nothing of theirs ends unasked.

use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::{DemandId, FacilityId};
use serde_json::{Value, json};

use crate::support::demands::{outbox, with_settings};
use crate::support::facilities::{facility, facility_with_capacity, give_capacity};
use crate::support::families::id;
use crate::support::offers::{act, new_offer};
use crate::support::office::{act as office, codes, paper, path, with};
use crate::support::{Answer, Client, TestApp};

/// The demand of Mia Braun from a paper, and an offer to her of the one place at a facility.
async fn offered(app: &TestApp) -> (FacilityId, Value, Value) {
    let kita = facility_with_capacity(app, AgeBand::Under3, 1).await;
    give_capacity(app, kita, AgeBand::Over3, 1).await;
    let form = with(paper(&[kita]), "/demand/desired_start", json!("2027-08-01"));
    let demand = app.clerk().await.create("/office/demands", form).await.ok();
    let wish = id(&demand["preferences"][0]["id"]);
    let offer = app
        .manager(kita)
        .await
        .create("/staff/offers", new_offer(wish))
        .await
        .ok();
    (kita, demand, offer)
}

async fn say(who: &Client, offer: &Value, body: Value) -> Answer {
    let path = format!("/staff/offers/{}/answer", offer["id"].as_str().unwrap());
    act(who, &path, offer["version"].as_i64().unwrap(), body).await
}

fn yes(day: &str) -> Value {
    json!({"answer": "accepted", "told": {"on": day, "by": "phone"}})
}

/// The place is accepted on the telephone, and everybody signs on paper.
pub(crate) async fn placed(app: &TestApp) -> (FacilityId, Value, Value) {
    let (kita, demand, offer) = offered(app).await;
    let accepted = say(&app.clerk().await, &offer, yes("2027-02-01")).await.ok();
    let contract = accepted["contract_id"].as_str().unwrap().to_owned();
    let manager = app.manager(kita).await;
    let mut seen = manager.get(&format!("/contracts/{contract}")).await.ok();
    for (step, body) in [
        ("send", json!({})),
        ("paper-signature", json!({"signed_on": "2027-02-01"})),
        ("countersign", json!({})),
    ] {
        let path = format!("/staff/contracts/{contract}/{step}");
        seen = act(&manager, &path, seen["version"].as_i64().unwrap(), body).await.ok();
    }
    (kita, demand, seen)
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_paper_family_goes_all_the_way_from_intake_to_contract() {
    let app = TestApp::new().await;
    let (_, demand, contract) = placed(&app).await;
    assert_eq!(contract["state"], "signed_by_provider", "{contract}");
    for kind in ["receipt", "offer", "offer_accepted", "contract_ready", "contract_sent"] {
        assert_eq!(outbox(&app, kind).await.len(), 1, "a letter: {kind}");
    }
    let demand = id::<DemandId>(&demand["id"]);
    let detail = app.clerk().await.get(&path(demand)).await.ok();
    let told = detail["history"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["kind"] == "told")
        .unwrap();
    assert_eq!(
        (&told["reason"], &told["told_on"], &told["told_by"]),
        (&json!("accepted"), &json!("2027-02-01"), &json!("phone"))
    );
    let entered = "SELECT string_agg(DISTINCT e.actor_kind || a.kind, '') FROM demand_event e
                     JOIN account a ON a.tenant_id = e.tenant_id AND a.id = e.actor_id
                    WHERE e.tenant_id = $1 AND e.demand_id = $2 AND e.kind = 'told'";
    assert_eq!(
        app.value(entered, demand.0).await.as_deref(),
        Some("staffstaff"),
        "who entered it"
    );
    let events = "SELECT count(*)::text || max(e.reason) || max(e.outcome)
                    FROM audit_event e JOIN care_demand d ON d.tenant_id = e.tenant_id AND d.child_id = ANY(e.child_ids)
                   WHERE e.tenant_id = $1 AND d.id = $2 AND e.action = 'record_offer_answer'";
    assert_eq!(app.value(events, demand.0).await.as_deref(), Some("1phonedone"));
    let child = "SELECT child_id::text FROM care_demand WHERE tenant_id = $1 AND id = $2";
    let child = app.value(child, demand.0).await.unwrap();
    let file = app
        .clerk()
        .await
        .get(&format!("/office/children/{child}/file"))
        .await
        .ok();
    let accepted = file["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["subject"] == "offer" && e["kind"] == "accepted")
        .unwrap();
    assert_eq!(accepted["role"], "clerk", "who entered it, not the family: {accepted}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_facility_enters_a_no_and_the_family_reads_what_was_understood() {
    let app = TestApp::new().await;
    let (kita, demand, offer) = offered(&app).await;
    let manager = app.manager(kita).await;
    let no =
        |reason: Value| json!({"answer": "declined", "reason": reason, "told": {"on": "2027-02-01", "by": "letter"}});
    let other = app.manager(facility(&app, "Kita Birke").await).await;
    assert_eq!(
        say(&other, &offer, no(json!("too_far"))).await.refused(404),
        "not_found"
    );
    assert_eq!(
        say(&manager, &offer, no(json!(null))).await.faults(),
        [("/reason".into(), "required".into())]
    );
    for (day, code) in [("2027-01-31", "too_early"), ("2027-02-02", "in_future")] {
        assert_eq!(
            say(&manager, &offer, yes(day)).await.faults(),
            [("/told/on".into(), code.into())]
        );
    }
    let declined = say(&manager, &offer, no(json!("too_far"))).await.ok();
    assert_eq!(
        (&declined["state"], &declined["decline_reason"]),
        (&json!("declined"), &json!("too_far"))
    );
    assert_eq!(app.demand_state(id(&demand["id"])).await, "confirmed");
    let letters = outbox(&app, "answer_recorded").await;
    assert_eq!(
        (letters.len(), &letters[0]["said"], &letters[0]["told_by"]),
        (1, &json!("declined"), &json!("letter"))
    );
    assert_eq!(
        say(&manager, &offer, no(json!("too_far"))).await.refused(409),
        "offer.not_open"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_was_said_by_the_deadline_is_in_time_while_the_offer_stands() {
    let app = TestApp::new().await;
    let (_, _, offer) = offered(&app).await;
    let deadline: chrono::NaiveDate = offer["deadline_on"].as_str().unwrap().parse().unwrap();
    let after = deadline.succ_opt().unwrap();
    app.at(&format!("{after}T08:00:00Z"));
    let clerk = app.clerk().await;
    assert_eq!(
        say(&clerk, &offer, yes(&after.to_string())).await.faults(),
        [("/told/on".into(), "after_deadline".into())]
    );
    let accepted = say(&clerk, &offer, yes(&deadline.to_string())).await.ok();
    assert_eq!(accepted["state"], "accepted");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_place_is_kept_for_some_days_in_which_a_letter_that_came_in_time_may_be_opened() {
    let app = TestApp::new().await;
    let (kita, demand, offer) = offered(&app).await;
    let deadline: chrono::NaiveDate = offer["deadline_on"].as_str().unwrap().parse().unwrap();
    let later = |days| (deadline + chrono::Days::new(days)).to_string();
    let shown = async || app.manager(kita).await.get("/staff/offers").await.ok()["items"][0].clone();
    assert_eq!(shown().await["letter_until"], json!(null), "the deadline is ahead");
    for day in [1, 3] {
        app.at(&format!("{}T20:00:00Z", later(day)));
        app.run_periodic().await;
        let kept = shown().await;
        assert_eq!(
            (&kept["state"], &kept["letter_until"]),
            (&json!("sent"), &json!(later(3))),
            "day {day}"
        );
    }
    let late = say(&app.clerk().await, &offer, yes(&later(1))).await;
    assert_eq!(late.faults(), [("/told/on".into(), "after_deadline".into())]);
    let accepted = say(&app.clerk().await, &offer, yes(&later(0))).await.ok();
    assert_eq!(
        (&accepted["state"], &accepted["letter_until"]),
        (&json!("accepted"), &json!(null))
    );
    let told = "SELECT told_on::text FROM demand_event WHERE tenant_id = $1 AND demand_id = $2 AND kind = 'told'";
    let received = app.value(told, id::<DemandId>(&demand["id"]).0).await;
    assert_eq!(received, Some(later(0)), "the day on which it arrived");

    let app = TestApp::new().await;
    with_settings(&app, json!({"letter_grace_days": 1})).await;
    let (_, _, offer) = offered(&app).await;
    app.at(&format!("{}T08:00:00Z", later(2)));
    app.run_periodic().await;
    let late = say(&app.clerk().await, &offer, yes(&deadline.to_string())).await;
    assert_eq!(
        late.refused(409),
        "offer.expired",
        "its place is another child's by now"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_has_an_account_answers_there() {
    let app = TestApp::new().await;
    let kita = facility_with_capacity(&app, AgeBand::Under3, 1).await;
    give_capacity(&app, kita, AgeBand::Over3, 1).await;
    let family = app.family("jana@example.org").await;
    let wishes = app.wishes(family.child, &[kita]).await;
    let offer = app
        .manager(kita)
        .await
        .create("/staff/offers", new_offer(wishes.preferences[0]))
        .await
        .ok();
    assert_eq!(offer["has_account"], true);
    let clerk = app.clerk().await;
    assert_eq!(
        say(&clerk, &offer, yes("2027-02-01")).await.refused(409),
        "family.has_account"
    );
    let told = json!({"on": "2027-02-01", "by": "in_person"});
    let says = json!({"says": "withdrawn", "told": told});
    assert_eq!(
        office(&clerk, wishes.demand, "answer", says).await.refused(409),
        "family.has_account"
    );
    assert_eq!(
        app.demand_state(wishes.demand).await,
        "offer_pending",
        "nothing happened"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_with_letters_only_is_asked_by_the_office_before_its_demand_ends() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let kita = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let mut made = Vec::new();
    for (name, email) in [
        ("Mia", json!(null)),
        ("Ida", json!(null)),
        ("Ben", json!("ben@example.org")),
    ] {
        let form = with(paper(&[kita]), "/child/first_name", json!(name));
        let form = with(form, "/guardian/email", email);
        made.push(clerk.create("/office/demands", form).await.ok());
    }
    let [mia, ida, ben] = [0, 1, 2].map(|n| id::<DemandId>(&made[n]["id"]));
    let expired = json!({"state": "expired", "note": null});
    assert_eq!(
        office(&clerk, mia, "close", expired.clone()).await.faults(),
        [("/state".into(), "not_unanswered".into())]
    );
    for day in [
        "2027-03-31",
        "2027-04-23",
        "2027-05-01",
        "2027-05-15",
        "2027-05-16",
        "2027-05-18",
        "2027-05-19",
        "2027-05-20",
    ] {
        app.at(&format!("{day}T09:00:00Z"));
        app.run_periodic().await;
        if day == "2027-05-18" {
            assert_eq!(
                app.demand_state(ben).await,
                "confirmed",
                "a letter may not be opened yet"
            );
        }
    }
    assert_eq!(app.demand_state(ben).await, "expired", "three mails reached it");
    let clerk = app.clerk().await;
    let list = async || clerk.get("/office/demands?view=unanswered").await.ok();
    let waiting = list().await;
    assert_eq!(waiting["total"], 2, "{:?}", codes(&waiting));
    assert_eq!(clerk.get("/office/overview").await.ok()["unanswered"], 2);
    let noted = "SELECT count(*)::text FROM demand_event WHERE tenant_id = $1 AND demand_id = $2 AND kind = 'renewal_unanswered'";
    assert_eq!(app.value(noted, mia.0).await.as_deref(), Some("1"), "noted once");
    let still = json!({"says": "still_needed", "told": {"on": "2027-05-16", "by": "phone"}});
    let renewed = office(&clerk, mia, "answer", still).await.ok();
    assert_eq!(
        (&renewed["state"], &renewed["unanswered"]),
        (&json!("confirmed"), &json!(false))
    );
    assert_eq!(outbox(&app, "answer_recorded").await.len(), 1);
    office(&clerk, ida, "close", expired).await.ok();
    assert_eq!(list().await["total"], 0);
    let gone = json!({"says": "withdrawn", "told": {"on": "2027-05-17", "by": "letter"}});
    let ended = office(&clerk, mia, "answer", gone).await.ok();
    assert_eq!(ended["state"], "withdrawn");
    assert_eq!(outbox(&app, "demand_ended").await.len(), 3, "each is told");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn follow_up_care_is_answered_on_the_telephone() {
    let app = TestApp::new().await;
    let (kita, demand, contract) = placed(&app).await;
    let until = "UPDATE care_contract SET care_until = '2029-03-14' WHERE tenant_id = $1 AND id = $2";
    app.change(until, contract["id"].as_str().unwrap().parse().unwrap())
        .await;
    let nursery = "UPDATE facility SET care_types = '{nursery}' WHERE tenant_id = $1 AND id = $2";
    app.change(nursery, kita.0).await;
    let next = facility(&app, "Kindergarten Ahorn").await;
    let care = "UPDATE facility SET care_types = '{kindergarten}' WHERE tenant_id = $1 AND id = $2";
    app.change(care, next.0).await;
    app.at("2028-06-01T09:00:00Z");
    app.run_periodic().await;
    let clerk = app.clerk().await;
    let proposed = clerk.get("/office/followup-demands").await.ok()["items"][0].clone();
    assert_eq!(
        (&proposed["state"], &proposed["has_account"]),
        (&json!("proposed"), &json!(false))
    );
    let path = format!("/office/followup-demands/{}/answer", proposed["id"].as_str().unwrap());
    app.at("2028-06-03T09:00:00Z");
    let say = |wants: bool, on: &str| json!({"wants": wants, "legal_claim": wants, "told": {"on": on, "by": "phone"}});
    let clerk = app.clerk().await;
    assert_eq!(
        clerk.post(&path, say(true, "2028-05-31")).await.faults(),
        [("/told/on".into(), "too_early".into())]
    );
    assert_eq!(
        clerk.post(&path, say(false, "2028-06-02")).await.ok()["state"],
        "declined"
    );
    assert_eq!(outbox(&app, "answer_recorded").await[0]["said"], "followup_not_wanted");
    assert_eq!(
        clerk.post(&path, say(true, "2028-06-02")).await.refused(409),
        "followup_demand.answered"
    );
    let again = "UPDATE followup_demand SET state = 'proposed', answered_at = NULL WHERE tenant_id = $1 AND id = $2";
    app.change(again, proposed["id"].as_str().unwrap().parse().unwrap())
        .await;
    let wanted = clerk.post(&path, say(true, "2028-06-02")).await.ok();
    assert_eq!(wanted["state"], "confirmed");
    let sent = clerk
        .get(&format!("/office/demands/{}", wanted["demand_id"].as_str().unwrap()))
        .await
        .ok();
    assert_ne!(sent["id"], demand["id"]);
    assert_eq!(
        (
            &sent["submitted_at"],
            &sent["legal_claim_asserted_at"],
            &sent["desired_start"]
        ),
        (
            &json!("2028-06-02T10:00:00Z"),
            &json!("2028-06-02T10:00:00Z"),
            &json!("2029-03-14")
        ),
        "it counts from the day on which it was said"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_that_is_known_is_not_entered_twice() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let first = clerk.create("/office/demands", paper(&[kita])).await.ok();
    let child = first["child"]["id"].clone();
    let mut again = with(paper(&[kita]), "/child/first_name", json!("Mia-Sophie"));
    assert_eq!(
        clerk.create("/office/demands", again.clone()).await.refused(409),
        "intake.known_child"
    );
    let sought = json!({"first_name": "Mia-Sophie", "last_name": "Braun", "birth_date": "2026-03-14"});
    let found = clerk.post("/office/known-children", sought).await.ok();
    let known = &found["items"][0];
    assert_eq!(
        (
            &known["child_id"],
            &known["guardians"],
            &known["demands"][0]["reference_code"],
            &known["has_account"]
        ),
        (&child, &json!(["Jana Braun"]), &first["reference_code"], &json!(false))
    );
    again["child_id"] = child.clone();
    assert_eq!(
        clerk.create("/office/demands", again.clone()).await.refused(409),
        "demand.exists"
    );
    let gone = json!({"says": "withdrawn", "told": {"on": "2027-02-01", "by": "phone"}});
    office(&clerk, id(&first["id"]), "answer", gone).await.ok();
    let second = clerk.create("/office/demands", again.clone()).await.ok();
    assert_eq!(second["child"], first["child"], "the known child, as it is known");
    again["child_id"] = json!(FacilityId::new());
    assert_eq!(
        clerk.create("/office/demands", again.clone()).await.faults(),
        [("/child_id".into(), "unknown".into())]
    );
    again["child_id"] = json!(null);
    again["other_child"] = json!(true);
    let other = clerk.create("/office/demands", again).await.ok();
    assert_ne!(other["child"]["id"], child);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_known_child_of_an_account_applies_there() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let family = app.family("jana@example.org").await;
    let clerk = app.clerk().await;
    let sought = json!({"first_name": "Mia", "last_name": "Braun", "birth_date": "2026-03-14"});
    let found = clerk.post("/office/known-children", sought.clone()).await.ok();
    assert_eq!(
        found["items"],
        json!([]),
        "a child without a sent demand is the family's own business"
    );
    app.wishes(family.child, &[kita]).await;
    let found = clerk.post("/office/known-children", sought).await.ok();
    assert_eq!(found["items"][0]["has_account"], true);
    let mut form = paper(&[kita]);
    form["child_id"] = json!(family.child);
    assert_eq!(
        clerk.create("/office/demands", form).await.refused(409),
        "family.has_account"
    );
}
