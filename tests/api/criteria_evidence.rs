//! What evidence does to points, and how they read for families and facilities.

use kitaplatz::access::{Role, as_system};
use kitaplatz::demands;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{claim, criterion, draft, edit, flat, publish, published};
use crate::support::demands::{Demand, points};
use crate::support::facilities::facility;
use crate::support::rounds::{Round, kita};
use crate::support::rounds_steps::{Site, coordinated, drawn, open};
use crate::support::{Client, TestApp, pdf_text};

/// What became of the only rule at the first preference, for its parents.
async fn outcome(demand: &Demand) -> String {
    let body = demand.get().await;
    body["preferences"][0]["score"]["lines"][0]["outcome"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What a clerk notes about the evidence of the first fact.
async fn note_evidence(app: &TestApp, demand: &Demand, state: &str, until: Option<&str>) {
    let until: Option<chrono::NaiveDate> = until.map(|day| day.parse().unwrap());
    as_system(&app.platform, &app.tenant, "test_evidence", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query(
            "UPDATE demand_fact SET evidence_state = $3, valid_until = $4 WHERE tenant_id = $1 AND demand_id = $2",
        )
        .bind(tenant.0)
        .bind(demand.id.0)
        .bind(state)
        .bind(until)
        .execute(tx.conn())
        .await?;
        demands::recompute_points(tx, demand.id).await
    })
    .await
    .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn evidence_that_is_late_rejected_or_expired_takes_the_points() {
    let app = TestApp::new().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let rule = json!({"criterion_id": lone, "points": {"kind": "flat", "points": 5}, "evidence": {"kind": "within_days", "days": 14}});
    published(&app, &[rule]).await;
    let demand = app.demand("jana@example.org").await;
    demand.change(claim(&lone, None)).await.ok();
    demand.submit().await.ok();
    let line = demand.get().await["preferences"][0]["score"]["lines"][0].clone();
    assert_eq!(
        (&line["outcome"], &line["evidence_due"]),
        (&json!("counted"), &json!("2027-02-15"))
    );
    note_evidence(&app, &demand, "rejected", None).await;
    assert_eq!(
        (outcome(&demand).await.as_str(), points(&app, &demand).await),
        ("rejected", vec![0, 0])
    );
    note_evidence(&app, &demand, "seen", Some("2027-02-20")).await;
    assert_eq!(
        (outcome(&demand).await.as_str(), points(&app, &demand).await),
        ("counted", vec![5, 5])
    );
    app.at("2027-02-21T08:00:00Z");
    app.run_periodic().await;
    assert_eq!(points(&app, &demand).await, [0, 0]);
    let again = app.parent("jana@example.org").await;
    let body = again.get(&demand.path()).await.ok();
    assert_eq!(
        body["preferences"][0]["score"]["lines"][0]["outcome"],
        "evidence_expired"
    );
    note_evidence(&app, &demand, "claimed", None).await;
    let body = again.get(&demand.path()).await.ok();
    assert_eq!(
        body["preferences"][0]["score"]["lines"][0]["outcome"],
        "evidence_missing"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn another_number_needs_another_look_at_the_evidence() {
    let app = TestApp::new().await;
    let hours = criterion(&app, "working_hours", "asked_number").await;
    let each = json!({"criterion_id": hours, "points": {"kind": "per_unit", "points": 1, "most": null}, "evidence": {"kind": "at_contract"}});
    published(&app, &[each]).await;
    let demand = app.demand("jana@example.org").await;
    demand.change(claim(&hours, Some(20))).await.ok();
    note_evidence(&app, &demand, "seen", None).await;
    let same = demand.change(claim(&hours, Some(20))).await.ok();
    assert_eq!(same["facts"][0]["evidence_state"], "seen");
    let other = demand.change(claim(&hours, Some(39))).await.ok();
    assert_eq!(other["facts"][0]["evidence_state"], "claimed");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn families_and_facilities_read_how_points_come_about() {
    let app = TestApp::new().await;
    let (lone, work) = (
        criterion(&app, "lone_parent", "asked").await,
        criterion(&app, "both_work", "asked").await,
    );
    let first =
        json!({"criterion_id": lone, "points": {"kind": "flat", "points": 5}, "rank": 1, "evidence": {"kind": "none"}});
    published(&app, &[first, flat(&work, 4)]).await;
    let facility = facility(&app, "Kita Ahorn").await;
    let demand = app.demand_for("jana@example.org", &[facility]).await;
    demand.change(claim(&lone, None)).await.ok();
    demand.submit().await.ok();
    let own = demand.get().await["preferences"][0]["score"].clone();
    let lines = |score: &Value| {
        let line = |l: &Value| {
            (
                l["title"].clone(),
                l["outcome"].clone(),
                l["points"].clone(),
                l["rank"].clone(),
            )
        };
        score["lines"].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    let wanted = vec![
        (json!("Frage lone_parent"), json!("counted"), json!(5), json!(1)),
        (json!("Frage both_work"), json!("does_not_hold"), json!(0), json!(0)),
    ];
    assert_eq!(lines(&own), wanted);
    assert_eq!(
        (&own["rank"], &own["tie_breaks"]),
        (&json!(1), &json!(["registered_earlier", "lottery"]))
    );
    let manager = app.manager(facility).await;
    let list = manager.get("/staff/preferences").await.ok();
    assert_eq!(list["items"][0]["points"], 5);
    assert_eq!(list["items"][0]["facts"][0]["points"], 5);
    let path = format!("/staff/preferences/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(lines(&manager.get(&path).await.ok()["score"]), wanted);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn rank_goes_before_points_in_the_managers_list_and_the_tie_break_after_them() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (first, much) = (
        criterion(&app, "first", "asked").await,
        criterion(&app, "much", "asked").await,
    );
    let rank = json!({"criterion_id": first, "points": {"kind": "flat", "points": 0}, "rank": 1, "evidence": {"kind": "none"}});
    let set = draft(&admin, None, &[]).await;
    let body = json!({"name": "Kriterien", "rules": [rank, flat(&much, 100)], "tie_breaks": ["age_older"]});
    let set = edit(&admin, &set, Method::PUT, "", body).await.ok();
    publish(&admin, &set, "2027-02-01").await.ok();
    let facility = facility(&app, "Kita Ahorn").await;
    let mut sent = Vec::new();
    // Three of equal age: the earlier received first; one with points; one with the rank.
    for (name, fact) in [("a", None), ("b", Some(&much)), ("c", Some(&first))] {
        let demand = app.demand_for(&format!("{name}@example.org"), &[facility]).await;
        if let Some(criterion) = fact {
            demand.change(claim(criterion, None)).await.ok();
        }
        demand.submit().await.ok();
        sent.push(demand.get().await["reference_code"].clone());
    }
    let list = app.manager(facility).await.get("/staff/preferences").await.ok();
    let codes: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["reference_code"].clone())
        .collect();
    sent.reverse();
    assert_eq!(codes, sent);
}

/// A demand at a facility with two confidential reasons that count 10 each, and one that everybody may know, which counts 4.
async fn with_reasons(app: &TestApp, facility: FacilityId) -> Demand {
    let (help, danger, work) = (
        criterion(app, "parenting_help", "asked").await,
        criterion(app, "protected_case", "asked").await,
        criterion(app, "both_work", "asked").await,
    );
    let admin = app.admin().await;
    for secret in [&help, &danger] {
        let path = format!("/admin/criteria/{}", secret.as_str().unwrap());
        admin
            .edit(Method::PATCH, &path, 1, json!({"confidential": true}))
            .await
            .ok();
    }
    published(app, &[flat(&help, 10), flat(&danger, 10), flat(&work, 4)]).await;
    let demand = app.demand_for("jana@example.org", &[facility]).await;
    let facts: Vec<_> = [&help, &danger, &work]
        .map(|id| json!({"criterion_id": id, "claimed": true}))
        .to_vec();
    demand.change(json!({ "facts": facts })).await.ok();
    demand.submit().await.ok();
    let seen = json!({"state": "seen", "valid_until": null});
    let clerk = app.clerk().await;
    for criterion in [&help, &work] {
        let path = format!("/office/demands/{}", demand.id);
        let version = clerk.get(&path).await.ok()["version"].as_i64().unwrap();
        let path = format!("{path}/evidence/{}", criterion.as_str().unwrap());
        clerk.edit(Method::PUT, &path, version, seen.clone()).await.ok();
    }
    demand
}

/// Whether a text tells one of the confidential reasons, by its code or its title.
fn tells(text: &str) -> bool {
    ["parenting_help", "protected_case"]
        .iter()
        .any(|word| text.contains(word))
}

fn codes(lines: &Value) -> Vec<(String, i64)> {
    let line = |l: &Value| (l["code"].as_str().unwrap().to_owned(), l["points"].as_i64().unwrap());
    lines.as_array().unwrap().iter().map(line).collect()
}

/// What is shown in place of the reasons of [`with_reasons`].
fn veiled() -> Vec<(String, i64)> {
    vec![("both_work".to_owned(), 4), ("confidential".to_owned(), 20)]
}

/// Whoever lists preferences learns of the only one what confidential reasons count, and not which they are.
async fn learns_points_only(who: &Client, facility: FacilityId) {
    let list = who.get("/staff/preferences").await.ok();
    assert_eq!(
        (&list["items"][0]["points"], codes(&list["items"][0]["facts"])),
        (&json!(24), veiled())
    );
    let path = format!("/staff/preferences/{}", list["items"][0]["id"].as_str().unwrap());
    let detail = who.get(&path).await.ok();
    assert_eq!(codes(&detail["score"]["lines"]), veiled());
    let followups = who
        .get(&format!("/staff/facilities/{facility}/followups?age_band=under3"))
        .await
        .ok();
    assert_eq!(codes(&followups["items"][0]["breakdown"]), veiled());
    for seen in [list, detail, followups] {
        assert!(!tells(&seen.to_string()), "{seen}");
    }
    // Asking for the reason does not tell it either.
    let asked = who.get("/staff/preferences?criterion=protected_case").await.ok();
    assert_eq!(asked["items"], json!([]));
    let open = who.get("/staff/preferences?criterion=both_work").await.ok();
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_facility_learns_what_confidential_reasons_count_and_not_which_they_are() {
    let app = TestApp::new().await;
    let facility = facility(&app, "Kita Ahorn").await;
    let demand = with_reasons(&app, facility).await;
    learns_points_only(&app.manager(facility).await, facility).await;
    let clerk = app.clerk().await;
    let office = clerk.get("/staff/preferences?criterion=protected_case").await.ok();
    assert_eq!(codes(&office["items"][0]["facts"]).len(), 3);
    let path = format!("/staff/preferences/{}", office["items"][0]["id"].as_str().unwrap());
    assert!(tells(&demand.get().await.to_string()) && tells(&clerk.get(&path).await.ok().to_string()));
}

/// The demand is part of a round: it was sent before the key date.
async fn long_ago(app: &TestApp, demand: &Demand) {
    for sql in [
        "UPDATE care_demand SET submitted_at = '2027-01-10T08:00:00Z' WHERE tenant_id = $1 AND id = $2",
        "UPDATE facility_preference SET received_at = '2027-01-10T08:00:00Z' WHERE tenant_id = $1 AND demand_id = $2",
    ] {
        app.change(sql, demand.id.0).await;
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_board_of_a_round_does_not_tell_a_facility_either() {
    let app = TestApp::new().await;
    let site = Site::new(&app, "Kita Ahorn", 1).await;
    let demand = with_reasons(&app, site.id).await;
    long_ago(&app, &demand).await;
    let round = coordinated(&app).await;
    drawn(&round).await;
    round.run().await;
    open(&round).await;
    let board = site.board(&round).await;
    let pools = board["pools"].as_array().unwrap();
    let applicants: Vec<&Value> = pools
        .iter()
        .flat_map(|pool| pool["applicants"].as_array().unwrap())
        .collect();
    assert_eq!(applicants.len(), 1, "{board}");
    assert_eq!(
        (&applicants[0]["points"], codes(&applicants[0]["breakdown"])),
        (&json!(24), veiled())
    );
    assert!(!tells(&board.to_string()), "{board}");
    let path = site.path(&round, "");
    assert!(
        tells(&app.clerk().await.get(&path).await.ok().to_string()),
        "who decides in the office sees them there"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_only_looks_in_the_office_learns_no_more_than_a_facility() {
    let app = TestApp::new().await;
    let kita = kita(&app, "Kita Ahorn", 1).await;
    let demand = with_reasons(&app, kita).await;
    long_ago(&app, &demand).await;
    let round = Round::proposed(&app).await;
    round.release().await;
    app.run_jobs().await;
    let reader = app.staff(&[(Role::ReadOnly, None, None)]).await;
    let clerk = app.clerk().await;
    let case = round.case(demand.id).await;
    let case = round.path(&format!("/cases/{}", case["case"]["id"].as_str().unwrap()));
    let own = format!("/office/demands/{}", demand.id);
    let file = format!("/office/children/{}/file", demand.child);
    for path in [&own, &file, &case, &round.path("/report")] {
        let (seen, all) = (reader.get(path).await.ok(), clerk.get(path).await.ok());
        assert!(!tells(&seen.to_string()), "{path}: {seen}");
        assert!(tells(&all.to_string()), "{path}: {all}");
    }
    let seen = reader.get(&own).await.ok();
    let known = |list: &Value| list.as_array().unwrap().len();
    assert_eq!(
        (
            known(&seen["facts"]),
            known(&seen["evidence"]),
            codes(&seen["preferences"][0]["score"]["lines"])
        ),
        (1, 1, veiled())
    );
    assert_eq!(codes(&reader.get(&case).await.ok()["wishes"][0]["breakdown"]), veiled());
    let letter = format!("{case}/letter.pdf");
    let seen = pdf_text(&reader.get(&letter).await.bytes);
    assert!(!tells(&seen) && seen.contains("Besondere Gründe"), "{seen}");
    assert!(tells(&pdf_text(&clerk.get(&letter).await.bytes)));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nor_do_lists_and_follow_up_lists_tell_who_only_looks() {
    let app = TestApp::new().await;
    let facility = facility(&app, "Kita Ahorn").await;
    with_reasons(&app, facility).await;
    let reader = app.staff(&[(Role::ReadOnly, None, None)]).await;
    learns_points_only(&reader, facility).await;
    // Somebody who looks and also decides is no stranger.
    let both = app
        .staff(&[(Role::Clerk, None, None), (Role::ReadOnly, None, None)])
        .await;
    assert!(tells(&both.get("/staff/preferences").await.ok().to_string()));
}
