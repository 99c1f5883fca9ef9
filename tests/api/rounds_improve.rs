//! After the release a child with a place and no signed contract may still get a wish that its family likes better: it keeps what it has
//! until it accepts, and its old place goes on.

use kitaplatz::access::as_system;
use kitaplatz::allocation::rounds;
use kitaplatz::platform::ids::{FacilityId, PreferenceId, RoundId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::homes::{Home, home};
use crate::support::offers::{act, new_offer};
use crate::support::rounds::{Round, kita};
use crate::support::{Answer, TestApp};
use crate::transfers::Placed;

/// Ada has the only place at Sonne, Ben the only one at Mond, though he likes Sonne better, Cem waits for Mond, and Dia for Sonne.
struct Chain {
    app: TestApp,
    sun: FacilityId,
    moon: FacilityId,
    ada: Home,
    ben: Home,
    cem: Home,
    /// Waits for Sonne.
    dia: Home,
    round: Round,
}

impl Chain {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
        let ada = home(&app, "ada", 9, &[sun]).await;
        let ben = home(&app, "ben", 5, &[sun, moon]).await;
        let cem = home(&app, "cem", 3, &[moon]).await;
        let dia = home(&app, "dia", 2, &[sun]).await;
        let round = Round::released(&app).await;
        app.run_jobs().await;
        Self {
            app,
            sun,
            moon,
            ada,
            ben,
            cem,
            dia,
            round,
        }
    }

    async fn sun_comes_back(&self) {
        self.ada.answer("decline", json!({"reason": "too_far"})).await;
        self.app.run_jobs().await;
    }

    /// Ben's offers, the better one first: where, how they stand, and what each is better than.
    async fn of_ben(&self) -> Value {
        let offers = self.offers_of_ben().await;
        let line = |o: &Value| json!([o["facility_name"], o["state"], o["better_than"]]);
        offers.iter().map(line).collect()
    }

    async fn offers_of_ben(&self) -> Vec<Value> {
        let ben = self.app.parent("ben@example.org").await;
        let mut offers = ben.get("/offers").await.ok()["items"].as_array().unwrap().clone();
        offers.sort_by_key(|o| o["better_than"].is_null());
        offers
    }

    /// Ben answers the offer that is better (0), or the older one (1).
    async fn ben_answers(&self, which: usize, action: &str) -> Answer {
        let offer = self.offers_of_ben().await[which].clone();
        let path = format!("/offers/{}/{action}", offer["id"].as_str().unwrap());
        act(&self.ben.parent, &path, offer["version"].as_i64().unwrap(), json!({})).await
    }

    /// A facility lets its contract with Ben be.
    async fn let_be(&self, facility: FacilityId) {
        let list = self.ben.parent.get("/contracts").await.ok();
        let mut all = list["items"].as_array().unwrap().iter();
        let contract = all.find(|c| c["facility_id"] == json!(facility)).unwrap();
        let path = format!("/staff/contracts/{}/terminate", contract["id"].as_str().unwrap());
        let (manager, version) = (self.app.manager(facility).await, contract["version"].as_i64().unwrap());
        let body = json!({"reason": "Die Gruppe öffnet nicht."});
        let gone = manager.edit(Method::POST, &path, version, body).await.ok();
        assert_eq!(gone["state"], "terminated");
    }

    async fn contracts(&self) -> Value {
        let list = self.ben.parent.get("/contracts").await.ok();
        let mut lines: Vec<Value> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| json!([c["facility_name"], c["state"]]))
            .collect();
        lines.sort_by_key(Value::to_string);
        json!(lines)
    }

    async fn sign(&self) {
        let sql = "UPDATE care_contract SET state = 'signed_by_guardians' WHERE tenant_id = $1 AND demand_id = $2 AND state = 'drafted'";
        self.app.change(sql, self.ben.made.demand.0).await;
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_declined_place_goes_to_the_one_who_likes_it_better_and_hers_to_the_next() {
    let chain = Chain::new().await;
    chain.ben.answer("accept", json!({})).await;
    chain.sun_comes_back().await;
    assert_eq!(
        chain.of_ben().await,
        json!([["Kita Sonne", "sent", "Kita Mond"], ["Kita Mond", "accepted", null]])
    );
    assert_eq!(chain.app.demand_state(chain.ben.made.demand).await, "covered");
    assert_eq!(
        chain.contracts().await,
        json!([["Kita Mond", "drafted"]]),
        "he has what he had"
    );
    assert!(
        chain
            .app
            .mails_to("ben@example.org")
            .await
            .contains(&"offer_better".to_owned())
    );
    chain.app.run_periodic().await;
    assert_eq!(chain.cem.offer().await, Value::Null, "Ben has not left yet");
    let round = chain.round.get().await;
    assert_eq!(
        round["improvements"],
        json!({"open": 1, "accepted": 0, "kept": 0, "not_sent": 0})
    );
    let why = chain.ben.explanation().await;
    let improvement = json!({"state": "offered", "facility_name": "Kita Sonne", "from_facility_name": "Kita Mond"});
    assert_eq!((&why["improvement"], &why["may_improve"]), (&improvement, &json!(true)));
    assert_eq!(why["wishes"][0]["reason"], "full", "the case says what he has");
    let stranger = chain.app.manager(chain.sun).await.get("/staff/offers").await.ok();
    assert_eq!(
        stranger["items"][0]["better_than"],
        Value::Null,
        "no facility hears of the other one"
    );

    chain.ben_answers(0, "accept").await.ok();
    assert_eq!(
        chain.contracts().await,
        json!([["Kita Mond", "terminated"], ["Kita Sonne", "drafted"]])
    );
    assert_eq!(chain.app.demand_state(chain.ben.made.demand).await, "covered");
    let states = [
        chain.app.preference_state(chain.ben.made.preferences[0]).await,
        chain.app.preference_state(chain.ben.made.preferences[1]).await,
    ];
    assert_eq!(states, ["accepted", "covered_elsewhere"]);
    assert_eq!(chain.app.bookable(chain.moon, "under3", "2027-09-01").await, 1);
    chain.app.run_jobs().await;
    assert_eq!(chain.cem.offer().await["facility_id"], json!(chain.moon));
    assert_eq!(chain.cem.offer().await["better_than"], Value::Null);
    let round = chain.round.get().await;
    assert_eq!(round["improvements"]["accepted"], 1);
    assert_eq!(
        (&round["answers"]["moved_up"], &round["answers"]["accepted"]),
        (&json!(1), &json!(1))
    );
    let case = chain.round.case(chain.ben.made.demand).await["case"].clone();
    assert_eq!(
        (
            &case["wish"],
            &case["moved_up"],
            &case["improvement"]["from_facility_id"]
        ),
        (&json!(1), &json!(false), &json!(chain.moon))
    );
    let why = chain.ben.explanation().await;
    assert_eq!(
        (&why["wishes"][0]["reason"], &why["wishes"][1]["reason"]),
        (&json!("placed"), &json!("better_placed"))
    );
    assert_eq!(why["may_improve"], false, "there is nothing better");
    let records = String::from_utf8(chain.round.clerk.get(&chain.round.path("/decisions")).await.bytes).unwrap();
    let mut of_ben: Vec<Value> = records
        .lines()
        .filter(|l| l.contains(&chain.ben.made.demand.to_string()))
        .map(|l| serde_json::from_str(l).unwrap())
        .map(|r: Value| json!([r["record"]["run"]["kind"], r["record"]["decision"]["preference_id"]]))
        .collect();
    // The clock stands still here, so both were made at once.
    of_ben.sort_by_key(Value::to_string);
    let [first, second] = [1, 0].map(|at| chain.ben.made.preferences[at]);
    assert_eq!(of_ben, [json!(["final", first]), json!(["followup", second])]);
    assert_eq!(chain.round.verify_all(&chain.app).await, 3);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whoever_says_no_or_nothing_keeps_the_place_and_is_not_asked_about_that_one_again() {
    let chain = Chain::new().await;
    chain.ben.answer("accept", json!({})).await;
    chain.sun_comes_back().await;
    assert_eq!(chain.dia.offer().await, Value::Null);
    // He does not answer.
    chain.app.at("2027-02-11T23:00:00Z");
    chain.app.run_periodic().await;
    assert_eq!(
        chain.of_ben().await,
        json!([["Kita Sonne", "expired", "Kita Mond"], ["Kita Mond", "accepted", null]])
    );
    assert_eq!(chain.app.demand_state(chain.ben.made.demand).await, "covered");
    assert_eq!(chain.app.bookable(chain.moon, "under3", "2027-09-01").await, 0);
    assert!(
        chain
            .app
            .mails_to("ben@example.org")
            .await
            .contains(&"offer_better_over".to_owned())
    );
    let dia_now = chain.app.parent("dia@example.org").await;
    let offer = dia_now.get("/offers").await.ok()["items"][0].clone();
    assert_eq!(offer["facility_id"], json!(chain.sun));
    let path = format!("/offers/{}/decline", offer["id"].as_str().unwrap());
    act(
        &dia_now,
        &path,
        offer["version"].as_i64().unwrap(),
        json!({"reason": "too_far"}),
    )
    .await
    .ok();
    chain.app.run_periodic().await;
    assert_eq!(
        chain.of_ben().await.as_array().unwrap().len(),
        2,
        "he is not asked twice"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_open_offer_stays_beside_the_better_one_and_either_can_be_taken() {
    for safe_first in [true, false] {
        let chain = Chain::new().await;
        chain.sun_comes_back().await;
        let both = json!([["Kita Sonne", "sent", "Kita Mond"], ["Kita Mond", "sent", null]]);
        assert_eq!(chain.of_ben().await, both);
        if safe_first {
            assert_eq!(chain.ben_answers(1, "accept").await.ok()["state"], "accepted");
            chain.app.run_periodic().await;
            assert_eq!(chain.of_ben().await[0][1], "sent", "and may still change");
        }
        chain.ben_answers(0, "accept").await.ok();
        let old = if safe_first { "accepted" } else { "revoked" };
        assert_eq!(
            chain.of_ben().await,
            json!([["Kita Sonne", "accepted", "Kita Mond"], ["Kita Mond", old, null]])
        );
        assert_eq!(chain.app.demand_state(chain.ben.made.demand).await, "covered");
        chain.app.run_jobs().await;
        assert_eq!(chain.cem.offer().await["facility_id"], json!(chain.moon));
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_with_a_signed_contract_is_never_moved() {
    let chain = Chain::new().await;
    chain.ben.answer("accept", json!({})).await;
    chain.sun_comes_back().await;
    chain.sign().await;
    let refused = chain.ben_answers(0, "accept").await;
    assert_eq!(refused.refused(409), "offer.contract_signed");
    chain.app.run_periodic().await;
    assert_eq!(
        chain.of_ben().await,
        json!([["Kita Sonne", "revoked", "Kita Mond"], ["Kita Mond", "accepted", null]])
    );
    assert_eq!(chain.contracts().await, json!([["Kita Mond", "signed_by_guardians"]]));
    assert_eq!(
        chain.app.preference_state(chain.ben.made.preferences[0]).await,
        "covered_elsewhere"
    );
    // And where it is signed before a place comes back nobody is asked.
    let chain = Chain::new().await;
    chain.ben.answer("accept", json!({})).await;
    chain.sign().await;
    chain.sun_comes_back().await;
    assert_eq!(chain.of_ben().await, json!([["Kita Mond", "accepted", null]]));
    assert_eq!(chain.ben.explanation().await["may_improve"], false);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_wish_that_two_persons_excluded_is_no_better_place() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = home(&app, "ada", 9, &[sun]).await;
    let ben = home(&app, "ben", 5, &[sun, moon]).await;
    let round = Round::proposed(&app).await;
    let case = round.case(ben.made.demand).await["case"]["id"].clone();
    let body = json!({"case_id": case, "kind": "exclude", "preference_id": ben.made.preferences[0], "reason": "group_mix", "note": "x"});
    let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
    let path = round.path(&format!("/deviations/{}/approve", made["id"].as_str().unwrap()));
    round.admin.post(&path, json!({})).await.ok();
    round.run().await;
    round.release().await;
    app.run_jobs().await;
    ben.answer("accept", json!({})).await;
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(ben.offer().await["facility_id"], json!(moon));
    assert_eq!(round.get().await["improvements"]["open"], 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_better_offer_goes_with_its_demand_when_the_child_changes_to_a_third_place() {
    let chain = Chain::new().await;
    let app = &chain.app;
    chain.ben.answer("accept", json!({})).await;
    let star = kita(app, "Kita Stern", 1).await;
    let wish = Placed::of(&chain.ben).wish(&[star]).await;
    let preference = wish["preferences"][0]["id"].as_str().unwrap().parse().unwrap();
    let offer = new_offer(PreferenceId(preference));
    app.manager(star).await.create("/staff/offers", offer).await.ok();
    chain.sun_comes_back().await;
    let offers = chain.offers_of_ben().await;
    // Another family has an offer that expires later.
    let earth = kita(app, "Kita Erde", 1).await;
    let eva = home(app, "eva", 1, &[earth]).await;
    let offer = new_offer(eva.made.preferences[0]);
    app.manager(earth).await.create("/staff/offers", offer).await.ok();
    let third = offers.iter().position(|o| o["facility_name"] == "Kita Stern").unwrap();
    assert_eq!(
        (&offers[0]["facility_name"], &offers[0]["state"]),
        (&json!("Kita Sonne"), &json!("sent"))
    );
    chain.ben_answers(third, "accept").await.ok();
    assert_eq!(app.demand_state(chain.ben.made.demand).await, "superseded");
    app.run_jobs().await;
    let mut places = chain.of_ben().await.as_array().unwrap().clone();
    places.sort_by_key(Value::to_string);
    assert_eq!(
        places,
        [
            json!(["Kita Mond", "accepted", null]),
            json!(["Kita Sonne", "revoked", "Kita Mond"]),
            json!(["Kita Stern", "accepted", null])
        ]
    );
    let better = chain.ben.made.preferences[0];
    assert_eq!(app.preference_state(better).await, "covered_elsewhere");
    // The place goes on, and what expires later expires.
    app.run_periodic().await;
    assert_eq!(chain.dia.offer().await["facility_id"], json!(chain.sun));
    app.at("2027-02-11T23:00:00Z");
    app.run_periodic().await;
    for email in ["dia@example.org", "eva@example.org"] {
        let offers = app.parent(email).await.get("/offers").await.ok();
        assert_eq!(offers["items"][0]["state"], "expired", "{email}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_took_the_better_place_keeps_it_when_the_first_facility_lets_its_own_be() {
    let chain = Chain::new().await;
    chain.ben.answer("accept", json!({})).await;
    chain.sun_comes_back().await;
    chain.let_be(chain.moon).await;
    // The demand has not been told when he accepts.
    chain.ben_answers(0, "accept").await.ok();
    chain.app.run_jobs().await;
    let states = async || {
        let [first, second] = [0, 1].map(|n| chain.ben.made.preferences[n]);
        let (first, second) = (chain.app.preference_state(first), chain.app.preference_state(second));
        [
            chain.app.demand_state(chain.ben.made.demand).await,
            first.await,
            second.await,
        ]
    };
    assert_eq!(states().await, ["covered", "accepted", "covered_elsewhere"]);
    assert_eq!(
        chain.contracts().await,
        json!([["Kita Mond", "terminated"], ["Kita Sonne", "drafted"]])
    );
    assert_eq!(chain.app.bookable(chain.sun, "under3", "2027-09-01").await, 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn when_both_places_come_to_nothing_at_once_the_demand_stands_again() {
    let chain = Chain::new().await;
    chain.ben.answer("accept", json!({})).await;
    chain.sun_comes_back().await;
    chain.let_be(chain.moon).await;
    chain.ben_answers(0, "accept").await.ok();
    chain.let_be(chain.sun).await;
    chain.app.run_jobs().await;
    assert_eq!(chain.app.demand_state(chain.ben.made.demand).await, "confirmed");
    assert_eq!(
        chain.app.preference_state(chain.ben.made.preferences[0]).await,
        "withdrawn"
    );
    assert_eq!(
        chain.contracts().await,
        json!([["Kita Mond", "terminated"], ["Kita Sonne", "terminated"]])
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_better_place_whose_offer_fails_stays_of_that_child_and_stops_nobody() {
    let chain = Chain::new().await;
    let app = &chain.app;
    chain.ada.answer("decline", json!({"reason": "too_far"})).await;
    let round = RoundId(chain.round.id.parse().unwrap());
    let found = as_system(&app.platform, &app.tenant, "test_follow_up", async |tx| {
        rounds::follow_up(tx, round).await
    });
    assert_eq!(found.await.unwrap(), 1);
    let of_ben = chain.ben.made.demand.0;
    let broken = "UPDATE case_improvement SET codes = '{}'
                   WHERE tenant_id = $1 AND case_id IN (SELECT id FROM round_case WHERE tenant_id = $1 AND demand_id = $2)";
    app.change(broken, of_ben).await;
    app.run_jobs().await;
    app.run_periodic().await;
    assert_eq!(chain.of_ben().await, json!([["Kita Mond", "sent", null]]));
    assert_eq!(chain.dia.offer().await, Value::Null, "the place is still meant for Ben");
    assert_eq!(
        chain.round.get().await["improvements"],
        json!({"open": 0, "accepted": 0, "kept": 0, "not_sent": 1})
    );
    let mended = "UPDATE case_improvement SET codes = '[]'
                   WHERE tenant_id = $1 AND case_id IN (SELECT id FROM round_case WHERE tenant_id = $1 AND demand_id = $2)";
    app.change(mended, of_ben).await;
    app.run_periodic().await;
    let better = json!([["Kita Sonne", "sent", "Kita Mond"], ["Kita Mond", "sent", null]]);
    assert_eq!(chain.of_ben().await, better);
}
