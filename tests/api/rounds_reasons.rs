//! Reasons of a round that can be handed over: the letter, the record of a decision, other sets and other draws.

use kitaplatz::access::Role;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::rounds::{Round, kita, named, names};
use crate::support::waiting::{Family, child, waiting};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_gets_its_reasons_as_a_letter_and_nobody_elses() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 5).await;
    let parent = app.parent("ada@example.org").await;
    let ada = Family {
        first_name: Some("Ada"),
        points: 1,
        account: parent.account,
        ..Family::default()
    };
    let ada = waiting(&app, &ada, &[sun]).await;
    for points in [9, 8, 7, 6, 5] {
        child(&app, "Mia", points, &[sun]).await;
    }
    let round = Round::proposed(&app).await;
    let path = format!("/demands/{}/explanation.pdf", ada.demand);
    assert_eq!(parent.get(&path).await.refused(409), "round.not_decided");
    let case = round.case(ada.demand).await["case"]["id"].as_str().unwrap().to_owned();
    let office = round.path(&format!("/cases/{case}/letter.pdf"));
    assert_eq!(round.clerk.get(&office).await.refused(409), "round.not_decided");
    round.release().await;
    app.run_jobs().await;
    let own = parent.get(&path).await;
    assert_eq!(own.headers["content-type"], "application/pdf");
    for (pdf, reader) in [(own, "the family"), (round.clerk.get(&office).await, "the office")] {
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{reader}");
        let text = crate::support::pdf_text(&pdf.bytes);
        for words in [
            "1. Wunsch: Kita Sonne",
            "Das letzte Kind hatte 5 Punkte, Ihres hat 1 Punkt.",
            "Am Tag der Entscheidung standen Sie an 1. Stelle der Nachrückliste.",
            "openssl dgst -sha256 -hmac '3-14-15'",
            "Lindenweg 4a",
            &ada.code,
        ] {
            assert!(text.contains(words), "{reader}: {words} in {text}");
        }
        assert!(!text.contains("Mia Braun"), "another child: {text}");
    }
    let stranger = app.parent("eva@example.org").await;
    assert_eq!(stranger.get(&path).await.refused(404), "not_found");
    let reader = app.staff(&[(Role::ReadOnly, None, None)]).await;
    assert_eq!(reader.get(&office).await.status, 200);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_record_holds_all_on_which_the_decision_rests() {
    let app = TestApp::new().await;
    let hours = crate::support::criteria::criterion(&app, "work_hours", "asked_number").await;
    let rule = json!({"criterion_id": hours, "points": {"kind": "per_unit", "points": 1, "most": null}, "evidence": {"kind": "none"}});
    crate::support::criteria::published(&app, &[rule]).await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let demand = app.demand_for("jana@example.org", &[sun]).await;
    let facts = json!({"facts": [{"criterion_id": hours, "claimed": true, "number": 30}]});
    demand.change(facts).await.ok();
    demand.submit().await.ok();
    let mut today = crate::support::rounds::plan();
    today["key_date"] = json!("2027-02-01");
    today["config"]["draw_on"] = json!("2027-02-03");
    app.at("2027-02-02T09:00:00Z");
    app.run_periodic().await;
    let round = Round::of(&app, today).await;
    named(&app, &round).await;
    round.step("freeze").await.ok();
    round.draw("7").await;
    round.run().await;
    round.release().await;
    app.run_jobs().await;
    let file = round.clerk.get(&round.path("/decisions")).await;
    let line: Value = serde_json::from_str(String::from_utf8(file.bytes).unwrap().lines().next().unwrap()).unwrap();
    let record = &line["record"];
    assert!(
        record["round"]["criteria"]
            .as_str()
            .unwrap()
            .starts_with("Kriterien 1 (")
    );
    let fact = &record["facts"][0];
    assert_eq!(
        (&fact["criterion"], &fact["number"], &fact["evidence"]),
        (&json!("work_hours"), &json!(30), &json!("claimed"))
    );
    let wish = &record["wishes"][0];
    assert_eq!(
        (&wish["points"], &wish["breakdown"][0]["number"], &wish["priority"][1]),
        (&json!(30), &json!(30), &json!(30))
    );
    assert_eq!(
        (&wish["reason"]["position"], &wish["reason"]["of"]),
        (&json!(1), &json!(1)),
        "the ranking at that moment"
    );
    assert!(
        record["demand"]["submitted_at"]
            .as_str()
            .unwrap()
            .starts_with("2027-02-01T")
    );
    assert_eq!(record["run"]["started_by_name"], "Cora Clerk");
    assert_eq!(names(&record["conflicts_opened_by"]), ["Adam Admin", "Cora Clerk"]);
    assert_eq!(names(&record["released_by"]), ["Adam Admin", "Cora Clerk"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn sets_are_tried_side_by_side_on_the_same_demands_and_nothing_is_kept() {
    use crate::support::criteria::{criterion, draft, flat, published};
    let app = TestApp::new().await;
    let work = criterion(&app, "both_work", "asked").await;
    let alone = criterion(&app, "lone_parent", "asked").await;
    // In force: working parents count 4, lone parents are asked and count nothing yet. Tried: lone parents count 9 before them; and a set in which nothing counts.
    published(&app, &[flat(&work, 4), flat(&alone, 0)]).await;
    let admin = app.admin().await;
    let other = draft(&admin, None, &[flat(&work, 4), flat(&alone, 9)]).await;
    let mut kept = flat(&alone, 0);
    kept["reserve"] = json!({"type": "hardship", "seats": 1, "per": "facility"});
    let keeping = draft(&admin, None, &[flat(&work, 4), kept]).await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    // Working: sun, then moon. Lone: sun only. Third: moon only, with nothing that counts.
    let mut demands = Vec::new();
    for (email, claimed, wishes) in [
        ("jana@example.org", Some(&work), vec![sun, moon]),
        ("eva@example.org", Some(&alone), vec![sun]),
        ("kim@example.org", None, vec![moon]),
    ] {
        let demand = app.demand_for(email, &wishes).await;
        if let Some(criterion) = claimed {
            let facts = json!({"facts": [{"criterion_id": criterion, "claimed": true, "number": null}]});
            demand.change(facts).await.ok();
        }
        demand.submit().await.ok();
        demands.push(demand.id);
    }
    let mut today = crate::support::rounds::plan();
    today["key_date"] = json!("2027-02-01");
    today["config"]["draw_on"] = json!("2027-02-03");
    app.at("2027-02-02T09:00:00Z");
    app.run_periodic().await;
    let round = Round::of(&app, today).await;
    let path = round.path("/simulations");
    let ask = json!({"criteria_set_ids": [other["id"], keeping["id"], other["id"]]});
    assert_eq!(
        round.clerk.post(&path, ask.clone()).await.refused(409),
        "round.wrong_state"
    );
    round.step("freeze").await.ok();
    round.draw("7").await;
    let before = round.get().await;
    let found = round.clerk.post(&path, ask).await.ok();
    // As frozen: the working family has the sun, the lone parent nothing, the third the moon.
    let frozen = &found["frozen"]["report"];
    assert_eq!(frozen["rank_histogram"], json!([2]));
    assert_eq!(frozen["against_run"], Value::Null);
    assert_eq!(found["items"].as_array().unwrap().len(), 2, "the same set twice is one");
    // By the first draft the lone parent goes first at the sun, the working family takes the moon, the third has nothing.
    let first = &found["items"][0];
    assert_eq!(
        (&first["criteria_set_id"], &first["state"]),
        (&other["id"], &json!("draft"))
    );
    assert_eq!(first["report"]["rank_histogram"], json!([1, 1]));
    let against = |set: &Value| {
        ["gained", "lost", "better", "worse", "same"].map(|name| set["against_frozen"][name].as_u64().unwrap())
    };
    assert_eq!(against(first), [1, 1, 0, 1, 0]);
    assert_eq!(first["report"]["figures"]["justified_envy"], 0);
    let groups = &first["report"]["by_criterion"];
    assert_eq!(
        groups,
        &json!([
            {"code": "", "children": 1, "placed": 0, "first_wish": 0},
            {"code": "both_work", "children": 1, "placed": 1, "first_wish": 0},
            {"code": "lone_parent", "children": 1, "placed": 1, "first_wish": 1}
        ])
    );
    // By the second one seat is kept for her, with no points at all: it comes to the same.
    assert_eq!(against(&found["items"][1]), [1, 1, 0, 1, 0]);
    let chances = &first["chances"];
    assert_eq!(
        ["draws", "always", "sometimes", "never"].map(|name| chances[name].as_u64().unwrap()),
        [1000, 2, 0, 1]
    );
    let wish = |wish, children, met| json!({"wish": wish, "children": children, "met_per_mille": met});
    assert_eq!(first["by_wish"], json!([wish(1, 3, 333), wish(2, 1, 1000)]));
    assert_eq!(round.get().await, before, "nothing of the round has changed");
    for demand in &demands {
        assert_eq!(app.demand_state(*demand).await, "confirmed");
    }
    let unknown = json!({"criteria_set_ids": [kitaplatz::platform::ids::random_uuid()]});
    assert_eq!(
        round.clerk.post(&path, unknown).await.faults(),
        [("/criteria_set_ids/0".to_owned(), "unknown".to_owned())]
    );
    let none = round.clerk.post(&path, json!({"criteria_set_ids": []})).await;
    assert_eq!(none.faults(), [("/criteria_set_ids".to_owned(), "required".to_owned())]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_thousand_other_draws_tell_how_likely_a_wish_is() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 2).await, kita(&app, "Kita Mond", 1).await);
    let parent = app.parent("ada@example.org").await;
    let ada = Family {
        points: 5,
        account: parent.account,
        ..Family::default()
    };
    // One place for four who are equal at the sun, beside one who surely has hers.
    let ada = waiting(&app, &ada, &[sun]).await;
    let first = child(&app, "Mia", 9, &[sun]).await;
    for _ in 0..3 {
        child(&app, "Mia", 5, &[sun]).await;
    }
    child(&app, "Mia", 0, &[moon]).await;
    let round = Round::frozen(&app).await;
    round.run().await;
    let ask = format!("/demands/{}/explanation", ada.demand);
    let report = async || round.clerk.get(&round.path("/report")).await.ok();
    assert_eq!(report().await["chances"], Value::Null, "not counted yet");
    assert_eq!(parent.get(&ask).await.ok()["chance"], Value::Null);
    app.run_jobs().await;
    let report = report().await;
    let chances = report["chances"].clone();
    let half = json!([{"wish": 1, "children": 6, "met_per_mille": 500}]);
    assert_eq!(report["by_wish"], half, "three places for six");
    assert_eq!(
        ["draws", "always", "sometimes", "never"].map(|name| chances[name].as_u64().unwrap()),
        [1000, 2, 4, 0]
    );
    assert_eq!(round.case(first.demand).await["wishes"][0]["chance_per_mille"], 1000);
    let mine = round.case(ada.demand).await["wishes"][0]["chance_per_mille"]
        .as_i64()
        .unwrap();
    assert!((200..=300).contains(&mine), "about one in four: {mine}");
    let told = parent.get(&ask).await.ok()["chance"].clone();
    assert!(["open", "unlikely"].contains(&told.as_str().unwrap()), "{told}");
    round.draw("7").await;
    assert_eq!(
        parent.get(&ask).await.ok()["chance"],
        Value::Null,
        "after the draw there is nothing left to chance"
    );
}
