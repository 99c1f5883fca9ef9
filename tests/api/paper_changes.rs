//! Families without an account: notice, a changed demand and a swap of places, entered for them by the family's own commands.

use kitaplatz::platform::ids::{DemandId, FacilityId};
use serde_json::{Value, json};

use crate::paper_families::placed;
use crate::support::demands::{outbox, with_settings};
use crate::support::facilities::facility;
use crate::support::families::id;
use crate::support::offers::act;
use crate::support::office::{act as office, paper, path, with};
use crate::support::rounds::kita;
use crate::support::{Client, TestApp};
use crate::transfers::{Placed, placed_as};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn notice_on_paper_counts_from_the_day_on_which_it_arrived() {
    let app = TestApp::new().await;
    let (kita, _, contract) = placed(&app).await;
    let path = format!("/staff/contracts/{}/notice", contract["id"].as_str().unwrap());
    app.at("2028-02-02T09:00:00Z");
    app.run_periodic().await;
    let manager = app.manager(kita).await;
    let seen = manager
        .get(&format!("/contracts/{}", contract["id"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(
        (&seen["state"], &seen["has_account"], &seen["earliest_last_day"]),
        (&json!("active"), &json!(false), &json!("2028-05-31"))
    );
    let version = seen["version"].as_i64().unwrap();
    let paper = |on: &str, by: &str| json!({"last_day": null, "reason": "Umzug", "told": {"on": on, "by": by}});
    let other = app.manager(facility(&app, "Kita Birke").await).await;
    let late = paper("2028-01-31", "letter");
    assert_eq!(
        act(&other, &path, version, late.clone()).await.refused(404),
        "not_found"
    );
    for (body, pointer, code) in [
        (paper("2028-01-31", "phone"), "/told/by", "not_written"),
        (paper("2028-02-03", "letter"), "/told/on", "in_future"),
        (paper("2027-07-31", "letter"), "/told/on", "too_early"),
    ] {
        let faults = act(&manager, &path, version, body).await.faults();
        assert_eq!(faults, [(pointer.into(), code.into())]);
    }
    let given = act(&manager, &path, version, late.clone()).await.ok();
    assert_eq!(
        (&given["notice_by"], &given["notice_received_on"], &given["care_until"]),
        (&json!("guardians"), &json!("2028-01-31"), &json!("2028-05-01")),
        "a month sooner than by a notice of today"
    );
    let letters = outbox(&app, "contract_ends").await;
    assert_eq!(
        (letters.len(), &letters[0]["received_on"], &letters[0]["by_facility"]),
        (1, &json!("2028-01-31"), &json!(false))
    );
    let again = act(&manager, &path, given["version"].as_i64().unwrap(), late).await;
    assert_eq!(again.refused(409), "contract.notice_given");
    let entered =
        "SELECT max(e.reason) || max(e.outcome) FROM audit_event e JOIN care_contract k ON k.tenant_id = e.tenant_id
                    WHERE e.tenant_id = $1 AND k.id = $2 AND e.action = 'record_contract_notice' AND e.outcome = 'done'
                      AND k.child_id = ANY(e.child_ids)";
    let contract = contract["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.value(entered, contract).await.as_deref(), Some("letterdone"));
}

fn told(on: &str, by: &str) -> Value {
    json!({"on": on, "by": by})
}

/// The names of the wishes of a demand that stand, in their order.
fn wished(demand: &Value) -> Vec<&str> {
    let all = demand["preferences"].as_array().unwrap().iter();
    all.filter(|p| p["state"] != "withdrawn")
        .map(|p| p["facility_name"].as_str().unwrap())
        .collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_changes_its_demand_on_the_telephone_and_reads_what_it_says_now() {
    let app = TestApp::new().await;
    let names = ["Kita Ahorn", "Kita Birke", "Kita Linde"];
    let mut kitas: Vec<FacilityId> = Vec::new();
    for name in names {
        kitas.push(facility(&app, name).await);
    }
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", paper(&kitas[..2])).await.ok();
    let demand: DemandId = id(&made["id"]);
    let change = |what: Value, wishes: Value, on: &str| json!({"demand": what, "facility_ids": wishes, "told": told(on, "phone")});
    for (body, pointer, code) in [
        (change(json!(null), json!(null), "2027-02-01"), "/demand", "unchanged"),
        (
            change(json!({"care_type": "kindergarten"}), json!(null), "2027-02-01"),
            "/demand/care_type",
            "locked",
        ),
        (
            change(json!({"hours_per_week": 70}), json!(null), "2027-02-01"),
            "/demand/hours_per_week",
            "out_of_range",
        ),
        (
            change(json!(null), json!([FacilityId::new()]), "2027-02-01"),
            "/facility_ids/0",
            "unknown",
        ),
        (
            change(json!({"hours_per_week": 30}), json!(null), "2027-01-19"),
            "/told/on",
            "too_early",
        ),
    ] {
        let faults = office(&clerk, demand, "change", body).await.faults();
        assert_eq!(faults, [(pointer.into(), code.into())]);
    }
    let order = json!([kitas[1], kitas[2], kitas[2], kitas[1]]);
    let wants = json!({"hours_per_week": 30, "latest_start": "2027-12-01", "ways": order});
    let body = change(wants, json!([kitas[1], kitas[2]]), "2027-01-30");
    let changed = office(&clerk, demand, "change", body).await.ok();
    assert_eq!(
        (&changed["hours_per_week"], &changed["latest_start"], wished(&changed)),
        (&json!(30), &json!("2027-12-01"), vec!["Kita Birke", "Kita Linde"])
    );
    assert_eq!(changed["ways"], order, "of the wishes that came with it");
    let kinds: Vec<_> = changed["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["kind"])
        .collect();
    for kind in ["changed", "preferences_changed", "told"] {
        assert!(kinds.contains(&&json!(kind)), "{kind}: {kinds:?}");
    }
    let letter = outbox(&app, "answer_recorded").await.pop().unwrap();
    assert_eq!(
        (&letter["said"], &letter["told_on"], &letter["now"]),
        (
            &json!("changed"),
            &json!("2027-01-30"),
            &json!({"facilities": ["Kita Birke", "Kita Linde"], "desired_start": "2027-09-01", "legal_due_on": "2027-09-01",
                    "hours_per_week": 30, "latest_start": "2027-12-01"})
        )
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_change_that_came_by_the_key_date_is_in_time_and_an_account_changes_its_own() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"key_date": "02-10"})).await;
    let kita = facility(&app, "Kita Ahorn").await;
    let made = app.clerk().await.create("/office/demands", paper(&[kita])).await.ok();
    let demand: DemandId = id(&made["id"]);
    app.at("2027-02-12T09:00:00Z");
    let clerk = app.clerk().await;
    let less = |on: &str| json!({"demand": {"hours_per_week": 30}, "told": told(on, "letter")});
    let late = office(&clerk, demand, "change", less("2027-02-11")).await;
    assert_eq!(late.refused(409), "demand.not_editable");
    assert_eq!(clerk.get(&path(demand)).await.ok()["hours_per_week"], 40);
    let in_time = office(&clerk, demand, "change", less("2027-02-10")).await.ok();
    assert_eq!(in_time["hours_per_week"], 30);

    let family = app.family("jana@example.org").await;
    let wishes = app.wishes(family.child, &[kita]).await;
    let own = office(&clerk, wishes.demand, "change", less("2027-02-12")).await;
    assert_eq!(own.refused(409), "family.has_account");
}

async fn swaps(office: &Client) -> Value {
    office.get("/office/swaps").await.ok()["items"][0].clone()
}

/// Two families who would rather have each other's place, one of which has letters only, and the swap that the office proposed.
struct Swapping {
    clerk: Client,
    /// Where the family with letters is, and where the other one is.
    sites: [FacilityId; 2],
    /// The child of the family with letters.
    child: Value,
    other: Placed,
}

async fn swapping(app: &TestApp) -> Swapping {
    let (from, demand, _) = placed(app).await;
    let to = kita(app, "Kita Bela", 1).await;
    let bela = placed_as(app, to, "Bela", "bela@example.org").await;
    let sign = "UPDATE care_contract SET state = 'signed_by_provider' WHERE tenant_id = $1 AND facility_id = $2";
    app.change(sign, to.0).await;
    bela.wish(&[from]).await;
    let clerk = app.clerk().await;
    let mut form = with(paper(&[to]), "/demand/desired_start", json!("2027-09-01"));
    form["child_id"] = demand["child"]["id"].clone();
    form["transfer"] = json!(true);
    let wish = clerk.create("/office/demands", form).await.ok();
    assert_eq!(wish["transfer"], true, "it keeps its place and wishes another one");
    let found = clerk.get("/office/swaps/candidates").await.ok();
    assert_eq!((&found["wishers"], &found["total"]), (&json!(2), &json!(1)));
    let body = json!({"key": found["items"][0]["key"], "swap_on": "2027-09-01"});
    clerk.create("/office/swaps", body).await.ok();
    Swapping {
        clerk,
        sites: [from, to],
        child: demand["child"]["id"].clone(),
        other: bela,
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_with_letters_only_offers_its_place_and_consents_to_a_swap() {
    let app = TestApp::new().await;
    let Swapping {
        clerk,
        sites,
        child,
        other,
    } = swapping(&app).await;
    assert_eq!(outbox(&app, "swap_proposed").await.len(), 2, "one of them is a letter");

    let swap = swaps(&clerk).await;
    let part = |account: bool| {
        let all = swap["parts"].as_array().unwrap();
        let one = all.iter().find(|p| p["has_account"] == account).unwrap();
        format!("/office/swaps/{}/answer", one["id"].as_str().unwrap())
    };
    let says = |accept: bool, on: &str| json!({"accept": accept, "told": told(on, "phone")});
    let own = clerk.post(&part(true), says(true, "2027-02-01")).await;
    assert_eq!(own.refused(409), "family.has_account");
    for (day, code) in [("2027-01-31", "too_early"), ("2027-02-02", "in_future")] {
        let faults = clerk.post(&part(false), says(true, day)).await.faults();
        assert_eq!(faults, [("/told/on".into(), code.into())]);
    }
    let yes = clerk.post(&part(false), says(true, "2027-02-01")).await.ok();
    assert_eq!(
        (&yes["family_answer"], &yes["site_answer"]),
        (&json!(true), &json!(null))
    );
    let again = clerk.post(&part(false), says(false, "2027-02-01")).await;
    assert_eq!(again.refused(409), "swap.not_open", "once");
    assert_eq!(outbox(&app, "answer_recorded").await[0]["said"], "swap_wanted");

    let accept = json!({"accept": true});
    for site in sites {
        let manager = app.manager(site).await;
        let at = manager.get("/staff/swaps").await.ok()["items"][0]["id"].clone();
        let answer = format!("/staff/swaps/{}/answer", at.as_str().unwrap());
        manager.post(&answer, accept.clone()).await.ok();
    }
    let at = other.parent.get("/family/swaps").await.ok()["items"][0]["id"].clone();
    let answer = format!("/family/swaps/{}/answer", at.as_str().unwrap());
    other.parent.post(&answer, accept).await.ok();
    app.run_jobs().await;
    assert_eq!(swaps(&clerk).await["state"], "done");
    let there = app.manager(sites[1]).await.get("/contracts").await.ok();
    let comes = |c: &Value| c["child"]["id"] == child && c["care_from"] == "2027-09-01";
    assert!(there["items"].as_array().unwrap().iter().any(comes), "{there}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_letter_about_a_swap_may_lie_unopened_and_then_the_swap_is_off() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"letter_grace_days": 2})).await;
    let Swapping { clerk, sites, .. } = swapping(&app).await;
    assert_eq!(swaps(&clerk).await["deadline_on"], "2027-02-15");
    let part = |swap: &Value, account: bool| {
        let all = swap["parts"].as_array().unwrap();
        all.iter().find(|p| p["has_account"] == account).unwrap().clone()
    };
    assert!(
        part(&swaps(&clerk).await, false)["letter_until"].is_null(),
        "it is open for all"
    );

    app.at("2027-02-17T09:00:00Z");
    app.run_periodic().await;
    let clerk = app.clerk().await;
    let swap = swaps(&clerk).await;
    assert_eq!(swap["state"], "open", "a letter may lie there");
    assert_eq!(part(&swap, false)["letter_until"], "2027-02-17");
    assert!(
        part(&swap, true)["letter_until"].is_null(),
        "who has an account is late"
    );
    let answer = format!("/office/swaps/{}/answer", part(&swap, false)["id"].as_str().unwrap());
    let says = |on: &str| json!({"accept": true, "told": {"on": on, "by": "letter"}});
    assert_eq!(
        clerk.post(&answer, says("2027-02-16")).await.refused(409),
        "swap.not_open"
    );
    let manager = app.manager(sites[0]).await;
    let at = manager.get("/staff/swaps").await.ok()["items"][0]["id"].clone();
    let site = format!("/staff/swaps/{}/answer", at.as_str().unwrap());
    assert_eq!(
        manager.post(&site, json!({"accept": true})).await.refused(409),
        "swap.not_open"
    );
    let in_time = clerk.post(&answer, says("2027-02-15")).await.ok();
    assert_eq!(in_time["family_answer"], true);

    // No other letter is waited for: the others did not answer in time.
    app.run_periodic().await;
    assert_eq!(swaps(&clerk).await["state"], "expired");
}
