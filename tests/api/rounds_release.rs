//! From the draw to the release of a round: bound before it is held, conflicts opened, two persons, nothing tampered with.

use kitaplatz::access::as_system;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::rounds::{Round, kita, plan};
use crate::support::waiting::child;
use crate::support::{TestApp, pairs};

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

#[actix_web::rt::test(system = "crate::support::Shared")]
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
    let early = round.clerk.post(&round.path("/seed"), seed("1-2-3")).await;
    assert_eq!(early.refused(409), "round.draw_ahead");
    round.draw_comes().await;
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

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nothing_is_frozen_once_the_draw_may_be_known_and_a_frozen_round_stays_public() {
    let app = TestApp::new().await;
    let late = Round::planned(&app).await;
    app.at("2027-02-02T09:00:00Z");
    let late = Round {
        clerk: app.clerk().await,
        ..late
    };
    assert_eq!(late.step("freeze").await.refused(409), "round.draw_over");
    late.step("cancel").await.ok();
    let planned = late.clerk.create("/rounds", plan()).await;
    assert_eq!(planned.faults(), pairs([("/config/draw_on", "too_early")]));
    let mut again = plan();
    again["config"]["draw_on"] = json!("2027-02-03");
    let round = Round::of(&app, again).await;
    let frozen = round.step("freeze").await.ok();
    round.step("cancel").await.ok();
    let seen = app.anonymous().get("/allocations").await.ok();
    let seen: Vec<_> = seen["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (&r["state"], &r["commitment"]))
        .collect();
    assert_eq!(
        seen,
        [(&json!("cancelled"), &frozen["commitment"])],
        "who was given up before the freeze never was a round"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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
    let seen = &public["items"][0];
    assert_eq!(
        (&seen["state"], &seen["figures"], &seen["seed"]),
        (&json!("cancelled"), &Value::Null, &Value::Null),
        "that it was frozen stays public, and nothing of its result"
    );
}
