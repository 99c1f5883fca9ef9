//! A central allocation round until its release: frozen, drawn, run, looked at by persons, signed by two.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::{ChildId, DemandId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::rounds::{Round, kita, plan};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp};

async fn child(app: &TestApp, name: &str, points: i32, facilities: &[kitaplatz::platform::ids::FacilityId]) -> Waiting {
    let family = Family {
        first_name: Some(name),
        points,
        legal_claim: true,
        ..Family::default()
    };
    waiting(app, &family, facilities).await
}

async fn link(app: &TestApp, a: ChildId, b: ChildId) {
    as_system(&app.platform, &app.tenant, "test_siblings", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query(
            "INSERT INTO sibling_link (tenant_id, child_id, sibling_id) VALUES ($1, least($2, $3), greatest($2, $3))",
        )
        .bind(tenant)
        .bind(a.0)
        .bind(b.0)
        .execute(tx.conn())
        .await
    })
    .await
    .unwrap();
}

/// States of all demands and preferences with their versions, and how many offers and mails there are.
async fn families_state(app: &TestApp) -> String {
    as_system(&app.platform, &app.tenant, "test_state", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_scalar(
            "SELECT concat_ws(' | ',
                    (SELECT string_agg(concat_ws(' ', id, state, version), ',' ORDER BY id) FROM care_demand WHERE tenant_id = $1),
                    (SELECT string_agg(concat_ws(' ', id, state, version), ',' ORDER BY id) FROM facility_preference WHERE tenant_id = $1),
                    (SELECT count(*) FROM demand_event WHERE tenant_id = $1), (SELECT count(*) FROM place_offer WHERE tenant_id = $1),
                    (SELECT count(*) FROM occupancy WHERE tenant_id = $1), (SELECT count(*) FROM notification WHERE tenant_id = $1),
                    (SELECT count(*) FROM decision_record WHERE tenant_id = $1))",
        )
        .bind(tenant)
        .fetch_one(tx.conn())
        .await
    })
    .await
    .unwrap()
}

fn reasons(case: &Value) -> Vec<&str> {
    let wishes = case["wishes"].as_array().unwrap();
    wishes.iter().map(|w| w["reason"].as_str().unwrap_or("none")).collect()
}

#[actix_web::test]
async fn who_has_the_larger_claim_gets_the_place_and_the_others_hear_why_not() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let first = child(&app, "Ada", 9, &[sun, moon]).await;
    let second = child(&app, "Ben", 5, &[sun, moon]).await;
    let third = child(&app, "Cem", 2, &[sun]).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    let figures = &report["figures"];
    assert_eq!(
        [
            &figures["children"],
            &figures["placed"],
            &figures["unplaced"],
            &figures["justified_envy"]
        ],
        [&json!(3), &json!(2), &json!(1), &json!(0)]
    );
    assert_eq!(report["rank_histogram"], json!([1, 1]));
    assert_eq!(report["unserved_claims"]["under3"], 1);
    assert!(
        report["invariants"]
            .as_array()
            .unwrap()
            .iter()
            .all(|i| i["holds"] == true),
        "{report}"
    );
    let (a, b, c) = (
        round.case(first.demand).await,
        round.case(second.demand).await,
        round.case(third.demand).await,
    );
    assert_eq!(
        (reasons(&a), reasons(&b), reasons(&c)),
        (vec!["placed", "better_placed"], vec!["full", "placed"], vec!["full"])
    );
    assert_eq!(c["case"]["flags"], json!(["claim_unserved"]));
    let wish = &c["wishes"][0];
    assert_eq!(
        (
            &wish["points"],
            &wish["priority"][1],
            &wish["cutoff"][1],
            &wish["ahead"]
        ),
        (&json!(2), &json!(2), &json!(9), &json!(1))
    );
    assert_eq!(round.verify_all(&app).await, 1);
    assert_eq!(
        app.demand_state(first.demand).await,
        "confirmed",
        "nobody hears of it before the release"
    );
}

#[actix_web::test]
async fn demands_count_from_the_key_date_and_the_start_of_the_year() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 9).await;
    let in_time = child(&app, "Ada", 1, &[sun]).await;
    for other in [
        Family {
            received_at: "2027-01-31T23:00:00Z",
            ..Family::default()
        },
        Family {
            state: "submitted",
            ..Family::default()
        },
        Family {
            start: "2028-08-01".parse().unwrap(),
            ..Family::default()
        },
        Family {
            birth: "2019-03-01".parse().unwrap(),
            ..Family::default()
        },
    ] {
        waiting(&app, &other, &[sun]).await;
    }
    let last = Family {
        received_at: "2027-01-31T22:59:59Z",
        ..Family::default()
    };
    let last = waiting(&app, &last, &[sun]).await;
    let round = Round::frozen(&app).await;
    let cases = round.clerk.get(&round.path("/cases")).await.ok();
    let mut found: Vec<_> = cases["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["demand_id"].as_str().unwrap().to_owned())
        .collect();
    let mut wanted = vec![in_time.demand.to_string(), last.demand.to_string()];
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[actix_web::test]
async fn what_cannot_be_met_is_no_candidate_and_says_why() {
    let app = TestApp::new().await;
    let open = kita(&app, "Kita Sonne", 3).await;
    let unknown = crate::support::facilities::facility(&app, "Kita Mond").await;
    let only_small =
        crate::support::facilities::facility_with_capacity(&app, kitaplatz::facilities::AgeBand::Under3, 3).await;
    let mia = child(&app, "Mia", 1, &[unknown, only_small, open]).await;
    let large = Family {
        birth: "2023-03-01".parse().unwrap(),
        ..Family::default()
    };
    let large = waiting(&app, &large, &[only_small]).await;
    let round = Round::proposed(&app).await;
    let excluded = |case: &Value| {
        let wishes = case["wishes"].as_array().unwrap().clone();
        wishes.into_iter().map(|w| w["excluded"].clone()).collect::<Vec<_>>()
    };
    let case = round.case(mia.demand).await;
    assert_eq!(excluded(&case), [json!("capacity_unknown"), json!("stay"), Value::Null]);
    assert_eq!(reasons(&case), ["not_eligible", "not_eligible", "placed"]);
    assert_eq!(excluded(&round.case(large.demand).await), [json!("age")]);
}

#[actix_web::test]
async fn siblings_go_together_where_both_wish_it() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 2).await);
    let (a, b) = (
        child(&app, "Ada", 5, &[sun, moon]).await,
        child(&app, "Bea", 4, &[sun, moon]).await,
    );
    link(&app, a.child, b.child).await;
    let round = Round::proposed(&app).await;
    let (a, b) = (round.case(a.demand).await, round.case(b.demand).await);
    let moon = json!(moon);
    assert_eq!((&a["case"]["facility_id"], &b["case"]["facility_id"]), (&moon, &moon));
    assert_eq!(a["case"]["family"], b["case"]["family"]);
    assert_eq!(a["siblings"], json!([b["case"]["id"]]));
    assert_eq!(reasons(&a)[1], "placed");
    let siblings = &round.report().await["siblings"];
    assert_eq!(
        [&siblings["families"], &siblings["together"], &siblings["split"]],
        [&json!(1), &json!(1), &json!(0)]
    );
}

#[actix_web::test]
async fn the_draw_breaks_ties_and_is_bound_before_it_is_held() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let twins = [child(&app, "Ada", 5, &[sun]).await, child(&app, "Ben", 5, &[sun]).await];
    let round = Round::frozen(&app).await;
    let commitment = round.get().await["commitment"].as_str().unwrap().to_owned();
    assert_eq!(commitment.len(), 64);
    let open = app.anonymous().get("/allocations").await.ok();
    assert_eq!(open["items"][0]["commitment"], commitment);
    assert_eq!(
        (&open["items"][0]["seed"], &open["items"][0]["figures"]),
        (&Value::Null, &Value::Null)
    );
    let dry = round.run().await;
    assert_eq!(dry["kind"], "dry");
    let seed = |text: &str| json!({"seed": text});
    let once = round.clerk.post(&round.path("/seed"), seed("1-2-3")).await.ok();
    assert_eq!((&once["seed"], &once["seed_entries"]), (&Value::Null, &json!(1)));
    let same_person = round.clerk.post(&round.path("/seed"), seed("1-2-3")).await.ok();
    assert_eq!(same_person["seed"], Value::Null, "one person twice is one person");
    let other = round.admin.post(&round.path("/seed"), seed("1-2-4")).await.ok();
    assert_eq!(other["seed"], Value::Null, "they do not agree");
    let agreed = round.admin.post(&round.path("/seed"), seed("1-2-3")).await.ok();
    assert_eq!(agreed["seed"], "1-2-3");
    let late = round.admin.post(&round.path("/seed"), seed("9-9-9")).await;
    assert_eq!(late.refused(409), "round.seed_stands");
    assert_eq!(round.run().await["kind"], "final");
    let cases = [round.case(twins[0].demand).await, round.case(twins[1].demand).await];
    let (won, lost): (Vec<_>, Vec<_>) = cases.iter().partition(|c| !c["case"]["facility_id"].is_null());
    let number = |c: &Value| c["lottery_number"].as_str().unwrap().to_owned();
    assert!(number(won[0]) < number(lost[0]), "the smaller number goes first");
    let lottery = kitaplatz::allocation::Lottery::new("1-2-3");
    let again: String = lottery
        .number(won[0]["case"]["family"].as_str().unwrap())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(number(won[0]), again);
    assert!(lost[0]["wishes"][0]["lottery"] == true);
    assert_eq!(round.report().await["lottery_decided"], 2);
}

#[actix_web::test]
async fn before_the_draw_no_seed_can_be_entered() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let mut later = plan();
    later["config"]["draw_on"] = json!("2027-02-02");
    let made = clerk.create("/rounds", later).await.ok();
    let path = format!("/rounds/{}", made["id"].as_str().unwrap());
    clerk
        .edit(Method::POST, &format!("{path}/freeze"), 1, json!({}))
        .await
        .ok();
    let early = clerk.post(&format!("{path}/seed"), json!({"seed": "1"})).await;
    assert_eq!(early.refused(409), "round.draw_ahead");
}

#[actix_web::test]
async fn a_round_is_frozen_after_its_key_date_and_one_at_a_time() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let mut later = plan();
    later["key_date"] = json!("2027-02-01");
    later["config"]["draw_on"] = json!("2027-03-01");
    let made = clerk.create("/rounds", later).await.ok();
    let path = format!("/rounds/{}/freeze", made["id"].as_str().unwrap());
    assert_eq!(
        clerk.edit(Method::POST, &path, 1, json!({})).await.refused(409),
        "round.key_date_ahead"
    );
    let round = Round::frozen(&app).await;
    app.at("2027-02-02T09:00:00Z");
    let clerk = app.clerk().await;
    assert_eq!(
        clerk.edit(Method::POST, &path, 1, json!({})).await.refused(409),
        "round.another_under_way"
    );
    let round = Round { clerk, ..round };
    round.step("cancel").await.ok();
    let version = round.clerk.get(path.trim_end_matches("/freeze")).await.ok()["version"]
        .as_i64()
        .unwrap();
    round.clerk.edit(Method::POST, &path, version, json!({})).await.ok();
}

#[actix_web::test]
async fn a_release_needs_the_draw_the_conflicts_opened_and_two_persons() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    child(&app, "Ada", 5, &[sun]).await;
    let round = Round::frozen(&app).await;
    assert_eq!(
        round
            .clerk
            .post(&round.path("/conflicts"), json!({}))
            .await
            .refused(409),
        "round.wrong_state"
    );
    round.run().await;
    assert_eq!(
        round.sign(&round.clerk).await.refused(409),
        "round.wrong_state",
        "nobody has looked at it"
    );
    round.open_conflicts(&round.clerk).await;
    assert_eq!(round.sign(&round.clerk).await.refused(409), "round.not_final");
    round.draw("7").await;
    round.run().await;
    assert_eq!(
        round.get().await["state"],
        "proposed",
        "a new run has to be looked at anew"
    );
    round.open_conflicts(&round.clerk).await;
    assert_eq!(
        round.sign(&round.admin).await.refused(409),
        "round.conflicts_not_opened",
        "each signer looks"
    );
    round.sign(&round.clerk).await.ok();
    assert_eq!(round.sign(&round.clerk).await.refused(409), "round.same_person");
    round.open_conflicts(&round.admin).await;
    let run = round.get().await["run"]["id"].clone();
    round.run().await;
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    let version = round.get().await["version"].as_i64().unwrap();
    let old = round
        .admin
        .edit(Method::POST, &round.path("/release"), version, json!({"run_id": run}))
        .await;
    assert_eq!(old.refused(409), "round.run_outdated");
    round.sign(&round.clerk).await.ok();
    assert_eq!(round.get().await["state"], "in_review", "signatures are for one run");
    assert_eq!(round.sign(&round.admin).await.ok()["state"], "released");
}

#[actix_web::test]
async fn a_result_that_was_tampered_with_is_not_released() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    child(&app, "Ada", 5, &[sun]).await;
    child(&app, "Ben", 4, &[sun]).await;
    let round = Round::proposed(&app).await;
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    let url = crate::support::superuser_url();
    let mut owner = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
    let slip =
        "UPDATE app.allocation_run SET result = replace(result, '\"placed\":1', '\"placed\":2') WHERE tenant_id = $1";
    let done = sqlx::query(slip)
        .bind(app.tenant.id.0)
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(done.rows_affected(), 1);
    let refused = round.sign(&round.clerk).await;
    assert_eq!(refused.refused(500), "server.error");
    assert_eq!(round.get().await["signatures"], json!([]));
}

#[actix_web::test]
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
    assert_eq!((reasons(&a), reasons(&b)), (vec!["full"], vec!["placed"]));
    assert_eq!(b["case"]["flags"], json!(["deviation"]));
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
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::test]
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

#[actix_web::test]
async fn a_family_that_leaves_after_the_freeze_leaves_the_run_too() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let account = app.parent("jana@example.org").await;
    let leaving = Family {
        points: 9,
        account: account.account,
        ..Family::default()
    };
    let leaving = waiting(&app, &leaving, &[sun]).await;
    let next = child(&app, "Ben", 1, &[sun]).await;
    let round = Round::proposed(&app).await;
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    let path = format!("/demands/{}/withdraw", leaving.demand);
    account.edit(Method::POST, &path, 1, json!({})).await.ok();
    assert_eq!(round.sign(&round.clerk).await.refused(409), "round.run_outdated");
    round.run().await;
    assert_eq!(round.case(leaving.demand).await["case"]["flags"], json!(["left"]));
    assert_eq!(reasons(&round.case(next.demand).await), ["placed"]);
}

#[actix_web::test]
async fn a_round_given_up_before_the_release_leaves_no_trace_with_families() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let mine = child(&app, "Ada", 9, &[sun]).await;
    child(&app, "Ben", 1, &[sun]).await;
    let before = families_state(&app).await;
    let round = Round::proposed(&app).await;
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    round.sign(&round.clerk).await.ok();
    assert_eq!(round.step("pause").await.ok()["state"], "paused");
    assert_eq!(round.sign(&round.admin).await.refused(409), "round.wrong_state");
    assert_eq!(round.step("resume").await.ok()["state"], "in_review");
    assert_eq!(round.step("cancel").await.ok()["state"], "cancelled");
    app.run_periodic().await;
    assert_eq!(families_state(&app).await, before);
    assert_eq!(round.step("resume").await.refused(409), "round.wrong_state");
    assert_eq!(app.demand_state(mine.demand).await, "confirmed");
    let public = app.anonymous().get("/allocations").await.ok();
    assert_eq!(public["items"], json!([]));
}

#[actix_web::test]
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

#[actix_web::test]
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
