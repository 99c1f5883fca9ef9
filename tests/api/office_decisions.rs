//! What a clerk decides about a demand: confirm, note a mismatch, note evidence, end it.

use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::{CriterionId, DemandId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{asked, work_and_hardship};
use crate::support::demands::{outbox, points};
use crate::support::facilities::{facility, facility_with_capacity, give_capacity};
use crate::support::offers::new_offer;
use crate::support::office::{act, criterion, path, town, version};
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_confirmed_demand_can_be_offered_and_the_family_is_told() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let body = act(&clerk, town.submitted.demand, "confirm", json!({})).await.ok();
    assert_eq!((&body["state"], &body["version"]), (&json!("confirmed"), &json!(2)));
    assert_eq!(
        (&body["history"][0]["kind"], &body["history"][0]["to"]),
        (&json!("confirmed"), &json!("confirmed"))
    );
    let told = outbox(&app, "demand_confirmed").await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["reference_code"], &told[0]["child"]),
        (&json!(town.submitted.code), &json!("A"))
    );
    let again = act(&clerk, town.submitted.demand, "confirm", json!({})).await;
    assert_eq!(again.refused(409), "demand.wrong_state");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_register_mismatch_moves_no_date_and_stops_nothing() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let demand = town.submitted.demand;
    let before = clerk.get(&path(demand)).await.ok();
    let marked = act(&clerk, demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    assert_eq!(
        (&marked["register_mismatch"], &marked["state"]),
        (&json!(true), &json!("submitted"))
    );
    for field in ["submitted_at", "legal_due_on", "updated_at"] {
        assert_eq!(marked[field], before[field], "{field}");
    }
    assert_eq!(marked["history"][0]["kind"], "register_mismatch");
    let again = act(&clerk, demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    assert_eq!(again["version"], marked["version"], "nothing changed");
    act(&clerk, demand, "confirm", json!({})).await.ok();
    let list = clerk.get("/office/demands?q=anna").await.ok();
    assert_eq!(list["items"][0]["register_mismatch"], true);
    let cleared = act(&clerk, demand, "register-mismatch", json!({"mismatch": false}))
        .await
        .ok();
    assert_eq!(
        (&cleared["register_mismatch"], &cleared["state"]),
        (&json!(false), &json!("confirmed"))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_demand_that_ends_takes_its_wishes_along_and_the_family_reads_why() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    for (state, note) in [
        ("not_entitled", Some("Sie wohnen in Markkleeberg.")),
        ("moved_away", None),
        ("superseded", None),
        ("withdrawn", Some("Anruf vom 1. Februar")),
    ] {
        let facility = facility(&app, "Kita Ahorn").await;
        let family = waiting(&app, &Family::default(), &[facility]).await;
        let body = act(&clerk, family.demand, "close", json!({"state": state, "note": note}))
            .await
            .ok();
        assert_eq!(body["state"], state);
        assert_eq!(body["preferences"][0]["state"], "withdrawn");
        let line = |of_wish: bool| {
            let mut lines = body["history"].as_array().unwrap().iter();
            let line = lines.find(|l| l["preference_id"].is_null() != of_wish);
            line.unwrap()["reason"].clone()
        };
        assert_eq!(line(false), json!(note));
        assert_eq!(line(true), Value::Null, "facilities read the history of their wishes");
        let told = outbox(&app, "demand_ended").await;
        let told = told.iter().find(|m| m["ending"] == state).expect("the family is told");
        assert_eq!(
            (&told["explanation"], &told["reference_code"]),
            (&json!(note), &json!(family.code))
        );
        let again = act(&clerk, family.demand, "close", json!({"state": "moved_away"})).await;
        assert_eq!(again.refused(409), "demand.wrong_state");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_an_ending_cannot_be_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let demand = town.claimed.demand;
    for (body, code) in [
        (json!({"state": "not_entitled"}), "required"),
        (json!({"state": "not_entitled", "note": "  "}), "required"),
        (json!({"state": "moved_away", "note": "x".repeat(501)}), "too_long"),
        (json!({"state": "moved_away", "note": "a\u{7}"}), "invalid"),
    ] {
        let faults = act(&clerk, demand, "close", body.clone()).await.faults();
        assert_eq!(faults, [("/note".to_owned(), code.to_owned())], "{body}");
    }
    for body in [json!({}), json!({"state": "covered"})] {
        assert_eq!(act(&clerk, demand, "close", body).await.refused(422), "body.shape");
    }
    // Only of a family that all reminders left without an answer is it known that it does not want a place any more.
    let expired = act(&clerk, demand, "close", json!({"state": "expired"})).await;
    assert_eq!(expired.faults(), [("/state".to_owned(), "not_unanswered".to_owned())]);
    let covered = act(&clerk, town.covered.demand, "close", json!({"state": "moved_away"})).await;
    assert_eq!(
        covered.refused(409),
        "demand.wrong_state",
        "a contract is ended, not its demand"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_demand_closed_under_an_open_offer_gives_the_place_back() {
    let app = TestApp::new().await;
    let kita = facility_with_capacity(&app, AgeBand::Under3, 1).await;
    give_capacity(&app, kita, AgeBand::Over3, 1).await;
    let family = waiting(&app, &Family::default(), &[kita]).await;
    let manager = app.manager(kita).await;
    let offer = manager
        .create("/staff/offers", new_offer(family.preferences[0]))
        .await
        .ok();
    assert_eq!(app.bookable(kita, "under3", "2027-08-01").await, 0);
    let clerk = app.clerk().await;
    let closed = act(&clerk, family.demand, "close", json!({"state": "moved_away"})).await;
    assert_eq!(closed.ok()["state"], "moved_away");
    app.run_jobs().await;
    assert_eq!(app.bookable(kita, "under3", "2027-08-01").await, 1);
    assert_eq!(app.preference_state(family.preferences[0]).await, "withdrawn");
    let offers = manager.get("/staff/offers").await.ok();
    let offers = offers["items"].as_array().unwrap();
    let it = offers
        .iter()
        .find(|o| o["id"] == offer["id"])
        .expect("the offer is still listed");
    assert_eq!(it["state"], "revoked");
}

async fn evidence(
    clerk: &Client,
    demand: DemandId,
    criterion: impl std::fmt::Display,
    body: Value,
) -> crate::support::Answer {
    let version = version(clerk, demand).await;
    let path = format!("{}/evidence/{criterion}", path(demand));
    clerk.edit(Method::PUT, &path, version, body).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn evidence_is_noted_without_its_document_and_points_follow() {
    let app = TestApp::new().await;
    work_and_hardship(&app).await;
    let demand = app.demand("jana@example.org").await;
    let (works, hardship) = (criterion(&app, "both_work").await, criterion(&app, "hardship").await);
    let facts =
        json!({"facts": [{"criterion_id": works, "claimed": true}, {"criterion_id": hardship, "claimed": true}]});
    demand.change(facts).await.ok();
    demand.submit().await.ok();
    assert_eq!(points(&app, &demand).await, [14, 14]);
    let clerk = app.clerk().await;
    let body = json!({"state": "seen", "valid_until": "2027-12-31"});
    let seen = evidence(&clerk, demand.id, works, body).await.ok();
    assert_eq!(
        points(&app, &demand).await,
        [14, 14],
        "a claim counts until it is rejected"
    );
    let noted = &seen["evidence"][0];
    assert_eq!(
        (
            &noted["criterion_id"],
            &noted["state"],
            &noted["seen_on"],
            &noted["valid_until"]
        ),
        (
            &json!(works),
            &json!("seen"),
            &json!("2027-02-01"),
            &json!("2027-12-31")
        )
    );
    assert!(noted["seen_by"].as_str().unwrap().starts_with("staff-"), "{noted}");
    let rejected = evidence(
        &clerk,
        demand.id,
        hardship,
        json!({"state": "rejected", "valid_until": null}),
    )
    .await
    .ok();
    assert_eq!(points(&app, &demand).await, [4, 4]);
    let listed = &clerk.get("/office/demands").await.ok()["items"][0];
    assert_eq!(listed["first_wish_points"], 4);
    let fact = rejected["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["criterion_id"] == json!(hardship));
    assert_eq!(fact.unwrap()["evidence_state"], "rejected");
    let mut lines = rejected["history"].as_array().unwrap().iter();
    let line = lines
        .find(|line| line["kind"] == "evidence_rejected")
        .expect("it has its line");
    assert_eq!(line["reason"], "Frage hardship");
    evidence(&clerk, demand.id, hardship, json!({"state": "seen"}))
        .await
        .ok();
    assert_eq!(points(&app, &demand).await, [14, 14], "it came later");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn evidence_is_for_what_the_family_claims() {
    let app = TestApp::new().await;
    asked(&app, &["both_work", "hardship", "lone_parent_working"]).await;
    let demand = app.demand("jana@example.org").await;
    let (works, hardship) = (criterion(&app, "both_work").await, criterion(&app, "hardship").await);
    let facts =
        json!({"facts": [{"criterion_id": works, "claimed": true}, {"criterion_id": hardship, "claimed": false}]});
    demand.change(facts).await.ok();
    let clerk = app.clerk().await;
    let draft = format!("{}/evidence/{works}", path(demand.id));
    let seen = json!({"state": "seen"});
    let of_draft = clerk.edit(Method::PUT, &draft, 3, seen.clone()).await;
    assert_eq!(of_draft.refused(404), "not_found", "a draft is nobody's business");
    demand.submit().await.ok();
    let unclaimed = evidence(&clerk, demand.id, hardship, seen.clone()).await;
    assert_eq!(unclaimed.refused(409), "demand.not_claimed");
    let unanswered = criterion(&app, "lone_parent_working").await;
    let unanswered = evidence(&clerk, demand.id, unanswered, seen.clone()).await;
    assert_eq!(unanswered.refused(404), "not_found");
    for (body, code) in [
        (json!({"state": "seen", "valid_until": "2027-01-31"}), "too_early"),
        (json!({"state": "seen", "valid_until": "2055-01-01"}), "too_late"),
        (
            json!({"state": "rejected", "valid_until": "2027-12-31"}),
            "not_supported",
        ),
    ] {
        let faults = evidence(&clerk, demand.id, works, body.clone()).await.faults();
        assert_eq!(faults, [("/valid_until".to_owned(), code.to_owned())], "{body}");
    }
    let shape = evidence(&clerk, demand.id, works, json!({"state": "claimed"})).await;
    assert_eq!(shape.refused(422), "body.shape");
    act(&clerk, demand.id, "close", json!({"state": "moved_away"}))
        .await
        .ok();
    let ended = evidence(&clerk, demand.id, works, seen).await;
    assert_eq!(ended.refused(409), "demand.wrong_state");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_saw_an_older_version_changes_nothing() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let demand = town.submitted.demand;
    act(&clerk, demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    let missing = CriterionId::new();
    for (method, step, body) in [
        (Method::POST, "confirm".to_owned(), json!({})),
        (Method::POST, "register-mismatch".to_owned(), json!({"mismatch": false})),
        (Method::POST, "close".to_owned(), json!({"state": "moved_away"})),
        (Method::PUT, format!("evidence/{missing}"), json!({"state": "seen"})),
    ] {
        let path = format!("{}/{step}", path(demand));
        let stale = clerk.edit(method.clone(), &path, 1, body.clone()).await;
        assert_eq!(stale.refused(412), "version.stale", "{step}");
        assert_eq!(stale.headers["etag"], "\"2\"", "{step}");
        let without = clerk.send(method, &path, Some(&body), &[]).await;
        assert_eq!(without.refused(428), "version.required", "{step}");
    }
    assert_eq!(clerk.get(&path(demand)).await.ok()["state"], "submitted");
}
