//! What persons do with the cases of a round: deviations with four eyes, who may look, pages of cases.

use kitaplatz::platform::ids::DemandId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::homes::home;
use crate::support::rounds::{Round, kita, named, reasons};
use crate::support::waiting::child;
use crate::support::{Client, TestApp};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_deviation_needs_a_reason_and_four_eyes_and_moves_a_place_in_the_next_run() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (first, second) = (child(&app, "Ada", 9, &[sun]).await, child(&app, "Ben", 1, &[sun]).await);
    let round = Round::proposed(&app).await;
    let case = round.case(second.demand).await;
    let body = |reason: &str, note: &str| json!({"case_id": case["case"]["id"], "kind": "place", "preference_id": second.preferences[0], "reason": reason, "note": note});
    let path = round.path("/deviations");
    let silent = round.clerk.create(&path, body("hardship", " ")).await;
    assert_eq!(silent.faults(), [("/note".to_owned(), "required".to_owned())]);
    assert_eq!(
        round.clerk.create(&path, body("friend", "x")).await.refused(422),
        "body.shape"
    );
    let made = round
        .clerk
        .create(&path, body("court_order", "VG, Az. 2 K 1/27"))
        .await
        .ok();
    assert_eq!(
        round.clerk.create(&path, body("hardship", "again")).await.refused(409),
        "round.deviation_stands"
    );
    let approve = format!("{path}/{}/approve", made["id"].as_str().unwrap());
    assert_eq!(
        round.clerk.post(&approve, json!({})).await.refused(409),
        "round.same_person"
    );
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    assert_eq!(round.sign(&round.clerk).await.refused(409), "round.deviation_pending");
    assert_eq!(round.admin.post(&approve, json!({})).await.ok()["state"], "approved");
    assert_eq!(
        round.admin.post(&approve, json!({})).await.refused(409),
        "round.deviation_wrong_state"
    );
    assert_eq!(
        round.sign(&round.clerk).await.refused(409),
        "round.run_outdated",
        "it is not in the run"
    );
    round.run().await;
    let report = round.report().await;
    let against = &report["against_run"];
    assert_eq!([&against["gained"], &against["lost"]], [&json!(1), &json!(1)]);
    let (a, b) = (round.case(first.demand).await, round.case(second.demand).await);
    assert_eq!((reasons(&a), reasons(&b)), (vec!["provider_order"], vec!["placed"]));
    assert_eq!(a["case"]["flags"], json!(["claim_unserved", "passed_over"]));
    assert_eq!(b["case"]["flags"], json!(["deviation"]));
    for case in [&a, &b] {
        let wish = &case["wishes"][0];
        assert_eq!([&wish["provider_reason"], &wish["decided"]], ["court_order", "place"]);
    }
    round.release().await;
    app.run_jobs().await;
    assert_eq!(app.demand_state(second.demand).await, "offer_pending");
    assert_eq!(app.demand_state(first.demand).await, "in_allocation");
    let records = round.clerk.get(&round.path("/decisions")).await;
    let lines = String::from_utf8(records.bytes).unwrap();
    let line = lines.lines().find(|l| l.contains(&second.demand.to_string())).unwrap();
    let record = &serde_json::from_str::<Value>(line).unwrap()["record"];
    let deviation = &record["deviations"][0];
    assert_eq!(deviation["reason"], "court_order");
    assert_eq!(
        (&deviation["proposed_by"], &deviation["approved_by"]),
        (&json!(round.clerk.account_id()), &json!(round.admin.account_id()))
    );
    let passed = lines.lines().find(|l| l.contains(&first.demand.to_string())).unwrap();
    let other = &b["case"];
    for whose in [
        &other["id"],
        &other["demand_id"],
        &other["child"]["id"],
        &b["pseudonym"],
        &deviation["id"],
        &deviation["note"],
    ] {
        assert!(!passed.contains(whose.as_str().unwrap()), "{whose} in {passed}");
    }
    let reason = &serde_json::from_str::<Value>(passed).unwrap()["record"]["wishes"][0]["reason"];
    assert_eq!(
        [&reason["code"], &reason["reason"], &reason["decided"]],
        ["provider_order", "court_order", "place"]
    );
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn families_read_whom_a_decision_cost_a_place_and_why_and_the_public_how_many() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = home(&app, "ada", 9, &[sun]).await;
    let ben = home(&app, "ben", 1, &[sun]).await;
    let eva = home(&app, "eva", 9, &[moon]).await;
    home(&app, "dan", 1, &[moon]).await;
    let round = Round::proposed(&app).await;
    for (family, kind, reason) in [(&ben, "place", "hardship"), (&eva, "exclude", "group_mix")] {
        let case = round.case(family.made.demand).await["case"]["id"].clone();
        let body = json!({"case_id": case, "kind": kind, "preference_id": family.made.preferences[0], "reason": reason, "note": "x"});
        let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
        let approve = round.path(&format!("/deviations/{}/approve", made["id"].as_str().unwrap()));
        round.admin.post(&approve, json!({})).await.ok();
    }
    round.run().await;
    let report = round.report().await;
    assert_eq!(
        [&report["flags"]["passed_over"], &report["figures"]["justified_envy"]],
        [2, 0]
    );
    round.release().await;
    app.run_jobs().await;
    // Who was passed over waits on; whose wish does not count waits for nothing there.
    let wanted = [
        (&ada, json!(["provider_order", "hardship", "place", 1])),
        (&ben, json!(["placed", "hardship", "place", null])),
        (&eva, json!(["provider_order", "group_mix", "exclude", null])),
    ];
    for (family, wanted) in wanted {
        let wish = family.explanation().await["wishes"][0].clone();
        let found = json!([
            wish["reason"],
            wish["provider_reason"],
            wish["decided"],
            wish["followup_rank"]
        ]);
        assert_eq!(found, wanted);
    }
    let sentences = [
        (
            &ada,
            "hat hier einen Platz. Das haben zwei Menschen im Amt entschieden.",
        ),
        (
            &eva,
            "dass dieser Wunsch nicht zählt. Der veröffentlichte Grund: die Gruppe kann",
        ),
    ];
    for (family, words) in sentences {
        let pdf = family
            .parent
            .get(&format!("/demands/{}/explanation.pdf", family.made.demand))
            .await;
        let text = crate::support::pdf_text(&pdf.bytes);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(words), "{text}");
    }
    let public = app.anonymous().get("/allocations").await.ok();
    let figures = &public["items"][0]["figures"];
    assert_eq!(
        [&figures["passed_over"], &figures["justified_envy"]],
        [&Value::Null, &json!(0)],
        "two are too few to be named"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn more_children_than_places_cannot_be_placed_by_decision() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let children = [child(&app, "Ada", 9, &[sun]).await, child(&app, "Ben", 1, &[sun]).await];
    let round = Round::proposed(&app).await;
    for made in &children {
        let case = round.case(made.demand).await;
        let body = json!({"case_id": case["case"]["id"], "kind": "place", "preference_id": made.preferences[0], "reason": "hardship", "note": "x"});
        let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
        round
            .admin
            .post(
                &round.path(&format!("/deviations/{}/approve", made["id"].as_str().unwrap())),
                json!({}),
            )
            .await
            .ok();
    }
    let run = round.clerk.create(&round.path("/runs"), json!({})).await;
    assert_eq!(run.refused(409), "round.decisions_do_not_fit");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_round_belongs_to_its_tenant_and_to_the_office() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = child(&app, "Ada", 9, &[sun]).await;
    let round = Round::proposed(&app).await;
    let case = round.case(ada.demand).await["case"]["id"].as_str().unwrap().to_owned();
    let run = round.get().await["run"]["id"].as_str().unwrap().to_owned();
    let there = app.other_tenant().await;
    let foreign = app
        .staff_of(&there, &[(kitaplatz::access::Role::TenantAdmin, None, None)])
        .await;
    for path in [
        "",
        "/report",
        "/cases",
        "/runs",
        "/deviations",
        "/decisions",
        &format!("/cases/{case}"),
        &format!("/runs/{run}/file"),
    ] {
        assert_eq!(foreign.get(&round.path(path)).await.refused(404), "not_found", "{path}");
    }
    let post = async |client: &Client, path: &str| client.edit(Method::POST, &round.path(path), 1, json!({})).await;
    assert_eq!(post(&foreign, "/pause").await.refused(404), "not_found");
    let manager = app.manager(sun).await;
    assert_eq!(manager.get(&round.path("/report")).await.refused(403), "access.denied");
    let early = manager.get(&format!("/staff{}", round.path("/outcome"))).await;
    assert_eq!(early.refused(409), "round.not_released");
    let reader = app.staff(&[(kitaplatz::access::Role::ReadOnly, None, None)]).await;
    reader.get(&round.path("/report")).await.ok();
    assert_eq!(post(&reader, "/cancel").await.refused(403), "access.denied");
    let unknown = json!({"case_id": DemandId::new(), "kind": "exclude", "preference_id": ada.preferences[0], "reason": "group_mix", "note": "x"});
    let unknown = round.clerk.create(&round.path("/deviations"), unknown).await;
    assert_eq!(unknown.faults(), [("/case_id".to_owned(), "unknown".to_owned())]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn cases_are_listed_page_by_page_with_the_gravest_first() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    for points in 0..5 {
        child(&app, "Ada", points, &[sun]).await;
    }
    let round = Round::proposed(&app).await;
    let mut seen = Vec::new();
    let mut path = round.path("/cases?limit=2");
    loop {
        let page = round.clerk.get(&path).await.ok();
        seen.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(cursor) => path = round.path(&format!("/cases?limit=2&cursor={cursor}")),
            None => break,
        }
    }
    let placed: Vec<bool> = seen.iter().map(|c| !c["facility_id"].is_null()).collect();
    assert_eq!(placed, [false, false, false, true, true]);
    let count = async |query: &str| {
        round.clerk.get(&round.path(&format!("/cases?{query}"))).await.ok()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count("placed=true").await, 2);
    assert_eq!(count("flag=claim_unserved").await, 3);
    assert_eq!(count("flagged=false").await, 2);
    assert_eq!(count(&format!("facility_id={sun}")).await, 2);
    assert_eq!(count("age_band=over3").await, 0);
    let conflicts = round.open_conflicts(&round.clerk).await;
    assert_eq!(conflicts["items"].as_array().unwrap().len(), 3);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_named_person_decides_about_each_grave_case_before_the_release() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let first = child(&app, "Ada", 9, &[sun]).await;
    let second = child(&app, "Ben", 5, &[sun]).await;
    let round = Round::proposed(&app).await;
    named(&app, &round).await;
    let case = round.case(second.demand).await["case"].clone();
    assert_eq!(
        (&case["flags"], &case["to_decide"]),
        (&json!(["claim_unserved"]), &json!(true))
    );
    assert_eq!(round.case(first.demand).await["case"]["to_decide"], false);
    assert_eq!(round.get().await["undecided"], 1);
    let decide = async |body: Value| round.clerk.post(&round.path("/case-decisions"), body).await;
    let whole = json!({"case_ids": [case["id"]], "decided": true, "note": "Das Amt ruft die Familie an."});
    assert_eq!(decide(whole.clone()).await.refused(409), "round.conflicts_not_opened");
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    let release = async || {
        let standing = round.get().await;
        let (version, body) = (
            standing["version"].as_i64().unwrap(),
            json!({"run_id": standing["run"]["id"]}),
        );
        round
            .admin
            .edit(Method::POST, &round.path("/release"), version, body)
            .await
    };
    assert_eq!(release().await.refused(409), "round.cases_undecided");
    let missing = json!({"case_ids": [kitaplatz::platform::ids::random_uuid()], "decided": true});
    assert_eq!(
        decide(missing).await.faults(),
        [("/case_ids/0".to_owned(), "unknown".to_owned())]
    );
    assert_eq!(decide(whole.clone()).await.ok()["undecided"], 0);
    let decided = round.case(second.demand).await["case"]["decision"].clone();
    assert_eq!(
        (&decided["name"], &decided["note"]),
        (&json!("Cora Clerk"), &json!("Das Amt ruft die Familie an."))
    );
    // A run that proposes the same leaves the decision, and one that proposes something else takes it away.
    round.run().await;
    round.open_conflicts(&round.clerk).await;
    assert_eq!(round.get().await["undecided"], 0);
    let back = json!({"case_ids": [case["id"]], "decided": false});
    assert_eq!(decide(back).await.ok()["undecided"], 1);
    decide(whole).await.ok();
    let wish = round.case(second.demand).await["wishes"][0]["preference_id"].clone();
    let place = json!({"case_id": case["id"], "kind": "place", "preference_id": wish, "reason": "hardship", "note": "Beschluss."});
    let deviation = round.clerk.create(&round.path("/deviations"), place).await.ok();
    let path = format!("/deviations/{}/approve", deviation["id"].as_str().unwrap());
    round.admin.post(&round.path(&path), json!({})).await.ok();
    round.run().await;
    assert_eq!(round.case(second.demand).await["case"]["decision"], Value::Null);
    assert_ne!(round.get().await["undecided"], 0);
    round.release().await;
    app.run_jobs().await;
    let file = round.clerk.get(&round.path("/decisions")).await;
    let records = String::from_utf8(file.bytes).unwrap();
    assert!(records.contains("\"case_decided_by\":{\"account_id\""), "{records}");
}
