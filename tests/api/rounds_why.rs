//! Why a round decided as it did: persons by name, the figures of a report, the letter of reasons, the record of a decision.

use kitaplatz::access::{Role, as_system};
use kitaplatz::platform::ids::{ChildId, FacilityId};
use serde_json::{Value, json};

use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp};

async fn child(app: &TestApp, points: i32, facilities: &[FacilityId]) -> Waiting {
    let family = Family {
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

/// Gives the two persons of a round a name.
async fn named(app: &TestApp, round: &Round) {
    for (person, sql) in [
        (
            &round.clerk,
            "UPDATE account SET display_name = 'Cora Clerk' WHERE tenant_id = $1 AND id = $2",
        ),
        (
            &round.admin,
            "UPDATE account SET display_name = 'Adam Admin' WHERE tenant_id = $1 AND id = $2",
        ),
    ] {
        app.change(sql, person.account.unwrap().0).await;
    }
}

/// The names in a list, sorted: the clock of a test stands still.
fn names(list: &Value) -> Vec<&str> {
    let mut names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[actix_web::test]
async fn whoever_acted_in_a_round_stands_there_by_name() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = child(&app, 5, &[sun]).await;
    let round = Round::frozen(&app).await;
    named(&app, &round).await;
    round.clerk.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    let entered = round.get().await;
    assert_eq!(names(&entered["seed_entered_by"]), ["Cora Clerk"]);
    assert!(
        !entered["seed_entered_by"].to_string().contains("seed\""),
        "not what was entered"
    );
    round.admin.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    round.run().await;
    let case = round.case(ada.demand).await;
    let body = json!({"case_id": case["case"]["id"], "kind": "exclude", "preference_id": ada.preferences[0], "reason": "group_mix", "note": "x"});
    let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
    assert_eq!(
        (&made["proposed_by_name"], &made["approved_by_name"]),
        (&json!("Cora Clerk"), &Value::Null)
    );
    let path = round.path(&format!("/deviations/{}", made["id"].as_str().unwrap()));
    let approved = round.admin.post(&format!("{path}/approve"), json!({})).await.ok();
    assert_eq!(approved["approved_by_name"], "Adam Admin");
    round.run().await;
    round.release().await;
    let released = round.get().await;
    assert_eq!(names(&released["conflicts_opened_by"]), ["Adam Admin", "Cora Clerk"]);
    assert_eq!(names(&released["signatures"]), ["Adam Admin", "Cora Clerk"]);
    assert_eq!(released["run"]["started_by_name"], "Cora Clerk");
    let close = "UPDATE account SET state = 'closed', display_name = NULL WHERE tenant_id = $1 AND id = $2";
    app.change(close, round.admin.account.unwrap().0).await;
    assert_eq!(
        names(&round.get().await["signatures"]),
        ["", "Cora Clerk"],
        "a closed account has no name"
    );
}

#[actix_web::test]
async fn the_list_of_rounds_says_how_many_have_a_place_and_what_comes_next() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    child(&app, 5, &[sun]).await;
    child(&app, 4, &[sun]).await;
    let round = Round::frozen(&app).await;
    let row = async |person: &Client| person.get("/rounds").await.ok()["items"][0].clone();
    let before = row(&round.clerk).await;
    assert_eq!(
        (&before["children"], &before["placed"], &before["next"]),
        (&Value::Null, &Value::Null, &json!("dry_run"))
    );
    round.run().await;
    round.clerk.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    let run = row(&round.clerk).await;
    assert_eq!(
        (&run["children"], &run["placed"], &run["next"]),
        (&json!(2), &json!(1), &json!("seed_other"))
    );
    assert_eq!(row(&round.admin).await["next"], "seed", "the other person has to");
    round.admin.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    round.run().await;
    for person in [&round.clerk, &round.admin] {
        assert_eq!(row(person).await["next"], "conflicts");
        round.open_conflicts(person).await;
        assert_eq!(row(person).await["next"], "sign");
    }
    round.sign(&round.clerk).await.ok();
    assert_eq!(row(&round.clerk).await["next"], "sign_other");
    round.sign(&round.admin).await.ok();
    assert_eq!(row(&round.clerk).await["next"], "sending");
    app.run_jobs().await;
    assert_eq!(row(&round.clerk).await["next"], "close");
}

#[actix_web::test]
async fn the_first_wish_is_what_the_parents_put_first_in_every_figure() {
    let app = TestApp::new().await;
    let unknown = crate::support::facilities::facility(&app, "Kita Mond").await;
    let (sun, star) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Stern", 4).await);
    // Her first wish is no candidate; with her second she has the first of those that can be met.
    child(&app, 9, &[unknown, star]).await;
    // Siblings want one place at the sun each, and go together to the star: their first joint wish that holds.
    let (a, b) = (child(&app, 5, &[sun, star]).await, child(&app, 4, &[star, sun]).await);
    link(&app, a.child, b.child).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    assert_eq!(report["rank_histogram"], json!([1, 2]));
    assert_eq!(report["figures"]["first_wish"], 1);
    assert_eq!(round.get().await["run"]["figures"]["first_wish"], 1);
    assert_eq!(
        report["first_preference_first"]["first_wish"], 2,
        "each child by its own wishes: the siblings at the sun and at the star"
    );
}

#[actix_web::test]
async fn a_report_counts_by_criterion_facility_district_and_decision() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let district = "UPDATE facility SET district = 'Süd' WHERE tenant_id = $1 AND id = $2";
    app.change(district, sun.0).await;
    let ada = child(&app, 9, &[sun, moon]).await;
    let ben = child(&app, 5, &[sun]).await;
    let late = Family {
        start: "2027-11-15".parse().unwrap(),
        ..Family::default()
    };
    waiting(&app, &late, &[sun]).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    assert_eq!(
        report["unserved"],
        json!([
            {"district": "Süd", "month": "2027-08-01", "children": 1, "claims": 1},
            {"district": "Süd", "month": "2027-11-01", "children": 1, "claims": 0}
        ])
    );
    let of = |report: &Value, id: FacilityId| {
        let all = report["by_facility"].as_array().unwrap().clone();
        all.into_iter().find(|f| f["facility_id"] == json!(id)).unwrap()
    };
    let sun_row = of(&report, sun);
    assert_eq!(
        sun_row,
        json!({"facility_id": sun, "name": "Kita Sonne", "places": 2, "wishes": 3, "first_wishes": 3, "placed": 1})
    );
    assert_eq!(of(&report, moon)["placed"], 0);
    assert_eq!(
        report["by_criterion"],
        json!([{"code": "", "children": 3, "placed": 1, "first_wish": 1}])
    );
    // A decision about a wish counts where the wish is, even when the child goes nowhere after it.
    let case = round.case(ben.demand).await;
    let body = json!({"case_id": case["case"]["id"], "kind": "exclude", "preference_id": ben.preferences[0], "reason": "group_mix", "note": "x"});
    let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
    let path = round.path(&format!("/deviations/{}/approve", made["id"].as_str().unwrap()));
    round.admin.post(&path, json!({})).await.ok();
    round.run().await;
    let report = round.report().await;
    let south = report["by_district"]
        .as_array()
        .unwrap()
        .iter()
        .find(|g| g["name"] == "Süd");
    assert_eq!(south.unwrap()["deviations"], 1);
    let wish = &round.case(ada.demand).await["wishes"][0];
    assert_eq!(
        (&wish["position"], &wish["of"]),
        (&json!(1), &json!(2)),
        "the excluded wish stands in no order"
    );
}

#[actix_web::test]
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
        child(&app, points, &[sun]).await;
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
        let Some(text) = crate::support::pdf_text(&pdf.bytes) else {
            return;
        };
        for words in [
            "1. Wunsch: Kita Sonne",
            "Das letzte Kind hatte 5 Punkte, Ihres hat 1 Punkt.",
            "Sie stehen an 1. Stelle der Nachrückliste.",
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

#[actix_web::test]
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
    today["config"]["draw_on"] = json!("2027-02-02");
    app.at("2027-02-02T09:00:00Z");
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

#[actix_web::test]
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
    today["config"]["draw_on"] = json!("2027-02-02");
    app.at("2027-02-02T09:00:00Z");
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

#[actix_web::test]
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
    let first = child(&app, 9, &[sun]).await;
    for _ in 0..3 {
        child(&app, 5, &[sun]).await;
    }
    child(&app, 0, &[moon]).await;
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
