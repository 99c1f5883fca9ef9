//! A place of a released round that comes back: who answered what, and who is next.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::homes::home;
use crate::support::offers::act;
use crate::support::rounds::{Round, kita};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_declined_place_goes_to_the_next_who_waits_and_who_has_one_keeps_it() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = home(&app, "ada", 9, &[sun]).await;
    let ben = home(&app, "ben", 5, &[sun, moon]).await;
    let cem = home(&app, "cem", 3, &[sun]).await;
    let dia = home(&app, "dia", 2, &[sun]).await;
    let round = Round::released_to_fill(&app).await;
    let why = cem.explanation().await;
    assert_eq!(
        (&why["wishes"][0]["reason"], &why["wishes"][0]["followup_rank"]),
        (&json!("full"), &json!(2))
    );
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(
        ben.offer().await["facility_id"],
        json!(moon),
        "the offer that is open stays where it is"
    );
    assert_eq!(cem.offer().await["facility_id"], json!(sun));
    assert_eq!(dia.offer().await, Value::Null);
    assert_eq!(ada.offer().await["state"], "declined", "and is not offered again");
    let runs = round.clerk.get(&round.path("/runs")).await.ok();
    assert_eq!(
        (&runs["items"][0]["kind"], &runs["items"][0]["started_by"]),
        (&json!("followup"), &Value::Null)
    );
    ben.answer("accept", json!({})).await;
    // The next one does not answer: the deadline passes, and the place goes on once more.
    app.at("2027-02-11T23:00:00Z");
    app.run_periodic().await;
    assert_eq!(app.preference_state(cem.made.preferences[0]).await, "offer_expired");
    let dia_now = app.parent("dia@example.org").await.get("/offers").await.ok();
    assert_eq!(dia_now["items"][0]["facility_id"], json!(sun));
    let clerk = app.clerk().await;
    let round = Round { clerk, ..round };
    assert_eq!(round.verify_all(&app).await, 3);
    let records = String::from_utf8(round.clerk.get(&round.path("/decisions")).await.bytes).unwrap();
    let of_dia: Vec<Value> = records
        .lines()
        .filter(|l| l.contains(&dia.made.demand.to_string()))
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let kinds: Vec<_> = of_dia
        .iter()
        .map(|r| r["record"]["run"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["final", "followup"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_offer_taken_back_by_the_facility_is_not_made_again_to_the_same_child() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[sun]).await);
    Round::released(&app).await;
    app.run_jobs().await;
    let offer = ada.offer().await;
    let path = format!("/staff/offers/{}/revoke", offer["id"].as_str().unwrap());
    act(&app.manager(sun).await, &path, 1, json!({"reason": "Wasserschaden"}))
        .await
        .ok();
    app.run_periodic().await;
    assert_eq!(ada.offer().await["state"], "revoked");
    assert_eq!(ben.offer().await["facility_id"], json!(sun));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_place_that_comes_back_in_autumn_is_offered_from_then_on() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = home(&app, "ada", 9, &[sun]).await;
    let ben = home(&app, "ben", 5, &[sun]).await;
    home(&app, "cem", 3, &[sun]).await;
    let says = json!({"latest_start": "2027-08-15"});
    let path = format!("/demands/{}", ben.made.demand);
    let version = ben.parent.get(&path).await.ok()["version"].as_i64().unwrap();
    ben.parent.edit(Method::PATCH, &path, version, says).await.ok();
    Round::released_to_fill(&app).await;
    assert_eq!(ada.offer().await["care_from"], "2027-08-01");
    ada.accept().await;
    app.run_jobs().await;
    app.at("2027-08-20T09:00:00Z");
    let manager = app.manager(sun).await;
    let contract = manager.get("/contracts").await.ok()["items"][0].clone();
    let path = format!("/staff/contracts/{}/terminate", contract["id"].as_str().unwrap());
    let version = contract["version"].as_i64().unwrap();
    let body = json!({"reason": "Umzug", "last_day": "2027-08-31", "by_agreement": true});
    manager.edit(Method::POST, &path, version, body).await.ok();
    app.run_periodic().await;
    app.at("2027-09-06T09:00:00Z");
    app.run_periodic().await;
    let of = async |name: &str| {
        app.parent(&format!("{name}@example.org"))
            .await
            .get("/offers")
            .await
            .ok()["items"][0]
            .clone()
    };
    assert_eq!(
        of("ben").await,
        Value::Null,
        "it can wait until 15 August, and that is over"
    );
    assert_eq!(of("cem").await["care_from"], "2027-09-06");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_sees_who_accepted_who_declined_and_who_moved_up() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[moon]).await);
    let (cem, dia) = (home(&app, "cem", 3, &[sun]).await, home(&app, "dia", 2, &[sun]).await);
    let round = Round::released(&app).await;
    assert_eq!(round.case(ada.made.demand).await["case"]["answer"], Value::Null);
    app.run_jobs().await;
    assert_eq!(round.get().await["answers"]["open"], 2);
    ben.answer("accept", json!({})).await;
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    let counts = json!({"open": 1, "accepted": 1, "declined": 1, "expired": 0, "revoked": 0, "moved_up": 1});
    assert_eq!(round.get().await["answers"], counts);
    let seen = |case: &Value| {
        let case = &case["case"];
        (
            case["answer"].clone(),
            case["moved_up"].clone(),
            case["facility_id"].clone(),
        )
    };
    let of = async |demand| seen(&round.case(demand).await);
    assert_eq!(of(ada.made.demand).await, (json!("declined"), json!(false), json!(sun)));
    assert_eq!(
        of(ben.made.demand).await,
        (json!("accepted"), json!(false), json!(moon))
    );
    assert_eq!(of(cem.made.demand).await, (json!("open"), json!(true), json!(sun)));
    assert_eq!(of(dia.made.demand).await, (Value::Null, json!(false), Value::Null));
    let listed = async |query: &str| {
        let path = round.path(&format!("/cases?{query}"));
        let cases = round.clerk.get(&path).await.ok();
        let mut demands: Vec<_> = cases["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["demand_id"].to_string())
            .collect();
        demands.sort();
        demands
    };
    let wanted = |demands: &[kitaplatz::platform::ids::DemandId]| {
        let mut demands: Vec<_> = demands.iter().map(|id| json!(id).to_string()).collect();
        demands.sort();
        demands
    };
    assert_eq!(listed("moved=true").await, wanted(&[ada.made.demand, cem.made.demand]));
    assert_eq!(listed("moved=false").await, wanted(&[ben.made.demand, dia.made.demand]));
    assert_eq!(listed("answer=accepted").await, wanted(&[ben.made.demand]));
    assert_eq!(listed("answer=open").await, wanted(&[cem.made.demand]));
    assert_eq!(round.clerk.get(&round.path("/cases?answer=perhaps")).await.status, 400);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_wish_that_two_persons_excluded_stays_excluded_when_a_place_comes_back() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[sun]).await);
    let round = Round::proposed(&app).await;
    let case = round.case(ada.made.demand).await["case"]["id"].clone();
    let body = json!({"case_id": case, "kind": "exclude", "preference_id": ada.made.preferences[0], "reason": "group_mix", "note": "x"});
    let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
    let path = round.path(&format!("/deviations/{}/approve", made["id"].as_str().unwrap()));
    round.admin.post(&path, json!({})).await.ok();
    round.run().await;
    round.release().await;
    app.run_jobs().await;
    ben.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    app.run_periodic().await;
    assert_eq!(ada.offer().await, Value::Null);
    assert_eq!(round.case(ada.made.demand).await["case"]["outcome"], "decided");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_case_that_fails_each_time_stops_no_other_and_its_place_stays_its_own_until_it_is_mended() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[moon]).await);
    let (cem, dia) = (home(&app, "cem", 3, &[moon]).await, home(&app, "dia", 2, &[sun]).await);
    let round = Round::released(&app).await;
    // Without its run no decision can be recorded.
    let broken = "UPDATE round_case SET run_id = NULL WHERE tenant_id = $1 AND demand_id = $2";
    app.change(broken, ada.made.demand.0).await;
    app.run_jobs().await;
    ben.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(cem.offer().await["facility_id"], json!(moon), "what comes back goes on");
    let case = async || {
        let case = round.case(ada.made.demand).await["case"].clone();
        (case["outcome"].clone(), case["outcome_reason"].clone())
    };
    assert_eq!(
        case().await,
        (json!("not_sent"), json!("failed")),
        "the office finds it where it finds every place that could not be offered"
    );
    let outcomes = round.get().await["outcomes"].clone();
    assert_eq!((&outcomes["not_sent"], &outcomes["waiting"]), (&json!(1), &json!(0)));
    assert_eq!(
        app.demand_state(ada.made.demand).await,
        "confirmed",
        "nothing of it is done by half"
    );
    app.run_periodic().await;
    assert_eq!(case().await, (json!("not_sent"), json!("failed")), "it fails once more");
    assert_eq!(dia.offer().await, Value::Null, "nobody else is offered the place");
    let mended = "UPDATE round_case c SET run_id = (SELECT run_id FROM allocation_round o WHERE o.tenant_id = $1 AND o.id = c.round_id)
                   WHERE c.tenant_id = $1 AND c.demand_id = $2";
    app.change(mended, ada.made.demand.0).await;
    app.run_periodic().await;
    assert_eq!(ada.offer().await["facility_id"], json!(sun));
    assert_eq!(case().await, (json!("offered"), Value::Null));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_offer_that_cannot_be_taken_back_is_seen_by_the_office_and_tried_again() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[sun]).await);
    let round = Round::released_to_fill(&app).await;
    let offer: uuid::Uuid = ada.offer().await["id"].as_str().unwrap().parse().unwrap();
    // No further version of it can be written.
    let broken = "UPDATE place_offer SET version = 2147483647 WHERE tenant_id = $1 AND id = $2";
    app.change(broken, offer).await;
    let path = format!("/demands/{}", ada.made.demand);
    let version = ada.parent.get(&path).await.ok()["version"].as_i64().unwrap();
    act(&ada.parent, &format!("{path}/withdraw"), version, json!({}))
        .await
        .ok();
    app.run_jobs().await;
    let case = async || {
        let case = round.case(ada.made.demand).await["case"].clone();
        (
            case["outcome"].clone(),
            case["outcome_reason"].clone(),
            case["answer"].clone(),
        )
    };
    let stuck = (json!("not_sent"), json!("not_released"), json!("open"));
    assert_eq!(case().await, stuck);
    assert_eq!(
        round.get().await["outcomes"]["not_sent"],
        1,
        "somebody has to look at it"
    );
    assert_eq!(
        ada.explanation().await["round"]["outcome"],
        "offered",
        "to the family it was sent"
    );
    app.run_periodic().await;
    assert_eq!(case().await, stuck, "it fails once more");
    assert_eq!(
        ben.offer().await,
        Value::Null,
        "the place is held: nobody else is offered it"
    );
    let mended = "UPDATE place_offer SET version = 1 WHERE tenant_id = $1 AND id = $2";
    app.change(mended, offer).await;
    app.run_periodic().await;
    assert_eq!(case().await, (json!("offered"), Value::Null, json!("revoked")));
    assert_eq!(ben.offer().await["facility_id"], json!(sun));
}
