//! A central allocation round after its release: offers, answers, the next in line, crashes, records, and what everybody may see.

use kitaplatz::access::as_system;
use kitaplatz::allocation::rounds;
use kitaplatz::platform::ids::RunId;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::homes::home;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, waiting};

async fn number(app: &TestApp, sql: &'static str) -> i64 {
    as_system(&app.platform, &app.tenant, "test_count", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_scalar(sql).bind(tenant).fetch_one(tx.conn()).await
    })
    .await
    .unwrap()
}

const OFFERS: &str = "SELECT count(*) FROM place_offer WHERE tenant_id = $1";
const MAILS: &str = "SELECT count(*) FROM notification WHERE tenant_id = $1 AND kind = 'offer'";
const RECORDS: &str = "SELECT count(*) FROM decision_record WHERE tenant_id = $1";

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_central_round_leads_from_demands_to_accepted_places() {
    let (app, catcher) = TestApp::with_mail().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = home(&app, "ada", 9, &[sun, moon]).await;
    let ben = home(&app, "ben", 5, &[sun, moon]).await;
    let cem = home(&app, "cem", 1, &[sun]).await;
    let round = Round::released(&app).await;
    assert_eq!(
        app.demand_state(ada.made.demand).await,
        "confirmed",
        "the job has not run yet"
    );
    app.run_jobs().await;
    let outcomes = round.get().await["outcomes"].clone();
    assert_eq!(
        [&outcomes["offered"], &outcomes["decided"], &outcomes["waiting"]],
        [&json!(2), &json!(1), &json!(0)]
    );
    let offer = ada.offer().await;
    assert_eq!(
        (&offer["facility_id"], &offer["care_from"], &offer["deadline_on"]),
        (&json!(sun), &json!("2027-08-01"), &json!("2027-02-11"))
    );
    assert_eq!(ben.offer().await["facility_id"], json!(moon));
    assert_eq!(cem.offer().await, Value::Null);
    assert_eq!(app.demand_state(cem.made.demand).await, "in_allocation");
    assert!(
        crate::support::last_to(&catcher, "ada@example.org")
            .subject
            .contains("Platz")
    );
    for family in [&ada, &ben] {
        assert_eq!(family.answer("accept", json!({})).await["state"], "accepted");
        assert_eq!(app.demand_state(family.made.demand).await, "covered");
    }
    app.run_periodic().await;
    assert_eq!(cem.offer().await, Value::Null, "no place came back");
    assert_eq!(round.step("close").await.ok()["state"], "closed");
    assert_eq!(round.verify_all(&app).await, 1);
    assert_eq!(number(&app, RECORDS).await, 3);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn sending_goes_on_after_a_crash_and_sends_nothing_twice() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 3).await;
    let homes = [
        home(&app, "ada", 9, &[sun]).await,
        home(&app, "ben", 5, &[sun]).await,
        home(&app, "cem", 3, &[sun]).await,
    ];
    let round = Round::released(&app).await;
    let id = kitaplatz::platform::ids::RoundId(round.id.parse().unwrap());
    // A worker that dies in the middle of a case: all of it is undone.
    let taken = as_system(&app.platform, &app.tenant, "test_crash", async |tx| {
        let case = rounds::turns::waiting(tx, id, 1).await?[0];
        let decided = rounds::turns::take(tx, id, case).await?;
        assert!(matches!(decided, rounds::Decided::Place(_)));
        Err::<(), _>(rounds::RoundError::Missing)
    })
    .await;
    assert!(taken.is_err());
    assert_eq!(
        [
            number(&app, OFFERS).await,
            number(&app, MAILS).await,
            number(&app, RECORDS).await
        ],
        [0, 0, 0]
    );
    assert_eq!(app.demand_state(homes[0].made.demand).await, "confirmed");
    // Two workers at once, and then once more from the start.
    futures_util::future::join3(app.run_periodic(), app.run_periodic(), app.run_jobs()).await;
    app.run_periodic().await;
    assert_eq!(
        [
            number(&app, OFFERS).await,
            number(&app, MAILS).await,
            number(&app, RECORDS).await
        ],
        [3, 3, 3]
    );
    assert_eq!(round.get().await["outcomes"]["offered"], 3);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_paused_round_sends_nothing_until_it_goes_on() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    home(&app, "ada", 9, &[sun]).await;
    let round = Round::released(&app).await;
    round.step("pause").await.ok();
    app.run_periodic().await;
    assert_eq!(number(&app, OFFERS).await, 0);
    assert_eq!(
        round.step("cancel").await.refused(409),
        "round.wrong_state",
        "it was released"
    );
    assert_eq!(round.step("resume").await.ok()["state"], "released");
    assert_eq!(round.step("close").await.refused(409), "round.still_sending");
    app.run_jobs().await;
    assert_eq!(number(&app, OFFERS).await, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_place_that_is_gone_meanwhile_is_a_case_for_a_person_and_nobody_is_offered_it() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[sun]).await);
    let round = Round::released(&app).await;
    for band in [
        kitaplatz::facilities::AgeBand::Under3,
        kitaplatz::facilities::AgeBand::Over3,
    ] {
        crate::support::facilities::give_capacity(&app, sun, band, 0).await;
    }
    app.run_periodic().await;
    app.run_periodic().await;
    let case = round.case(ada.made.demand).await["case"].clone();
    assert_eq!(
        (&case["outcome"], &case["outcome_reason"]),
        (&json!("not_sent"), &json!("no_place"))
    );
    assert_eq!(app.demand_state(ada.made.demand).await, "in_allocation");
    assert_eq!(ben.offer().await, Value::Null);
    assert_eq!(number(&app, OFFERS).await, 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn stays_that_do_not_go_together_are_told_before_the_release_and_the_larger_claim_is_served() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    crate::support::facilities::give_capacity(&app, sun, kitaplatz::facilities::AgeBand::Over3, 1).await;
    let (ada, ben) = (home(&app, "ada", 9, &[sun]).await, home(&app, "ben", 5, &[sun]).await);
    let round = Round::proposed(&app).await;
    assert_eq!(round.case(ada.made.demand).await["case"]["flags"], json!([]));
    assert_eq!(
        round.case(ben.made.demand).await["case"]["flags"],
        json!(["stay_does_not_fit"])
    );
    assert_eq!(round.report().await["flags"]["stay_does_not_fit"], 1);
    round.release().await;
    app.run_jobs().await;
    assert_eq!(ada.offer().await["state"], "sent");
    assert_eq!(round.case(ben.made.demand).await["case"]["outcome"], "not_sent");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_stored_run_is_made_again_byte_for_byte() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 2).await, kita(&app, "Kita Mond", 1).await);
    for points in [4, 4, 4, 2] {
        let family = Family {
            points,
            ..Family::default()
        };
        waiting(&app, &family, &[sun, moon]).await;
    }
    let round = Round::released(&app).await;
    let run = round.get().await["run"].clone();
    let id = RunId(run["id"].as_str().unwrap().parse().unwrap());
    let again = as_system(&app.platform, &app.tenant, "test_replay", async |tx| {
        rounds::replay(tx, id).await
    })
    .await
    .unwrap();
    assert!(again.same);
    assert_eq!(run["instance_sha256"], again.instance_sha256);
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_kitaplatz"))
        .args([
            "allocation",
            "replay",
            "--run",
            &id.to_string(),
            "--tenant",
            &app.tenant.slug,
        ])
        .env("DATABASE_URL", crate::support::urls().app)
        .env("KITAPLATZ_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&command.stdout).into_owned();
    assert!(
        command.status.success() && said.starts_with("reproduced: run 1,"),
        "{said} {}",
        String::from_utf8_lossy(&command.stderr)
    );
    let file = round.clerk.get(&round.path(&format!("/runs/{id}/file"))).await;
    let read = kitaplatz::allocation::Run::read(&file.bytes).unwrap();
    assert_eq!(kitaplatz::allocation::verify(&read.instance, &read.result), []);
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(
        !text.contains("Mia") && !text.contains(&sun.to_string()),
        "random names only"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn parents_see_why_and_nothing_of_other_children() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 5).await;
    let moon = kita(&app, "Kita Mond", 1).await;
    let ada = home(&app, "ada", 1, &[sun, moon]).await;
    for points in [9, 8, 7, 6] {
        let family = Family {
            points,
            ..Family::default()
        };
        waiting(&app, &family, &[sun]).await;
    }
    let ahead = ada.explanation().await;
    assert_eq!(ahead["round"], Value::Null);
    assert_eq!(ahead["wishes"][0]["corridor"], json!({"from": 1, "to": 5, "of": 5}));
    assert_eq!(ahead["wishes"][1]["corridor"], Value::Null, "she is the only one there");
    for points in [5, 4] {
        let family = Family {
            points,
            ..Family::default()
        };
        waiting(&app, &family, &[sun]).await;
    }
    let other = Family {
        points: 7,
        ..Family::default()
    };
    waiting(&app, &other, &[moon]).await;
    let round = Round::released(&app).await;
    let early = ada.explanation().await;
    assert_eq!(
        early["round"],
        Value::Null,
        "until the job has decided about her there is nothing to tell"
    );
    app.run_jobs().await;
    let why = ada.explanation().await;
    let wishes = &why["wishes"];
    assert_eq!(wishes[0]["reason"], "full");
    assert_eq!(
        (&wishes[0]["own"]["points"], &wishes[0]["cutoff"]),
        (&json!(1), &json!({"rank": 0, "points": 5}))
    );
    assert_eq!(
        (&wishes[1]["reason"], &wishes[1]["cutoff"]),
        (&json!("full"), &Value::Null),
        "one child alone has the place there"
    );
    let lottery = &why["lottery"];
    let number: String = kitaplatz::allocation::Lottery::new(lottery["seed"].as_str().unwrap())
        .number(lottery["pseudonym"].as_str().unwrap())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(lottery["number"], number);
    assert_eq!(lottery["families"], 8);
    assert_eq!(lottery["commitment"], round.get().await["commitment"]);
    let stranger = app.parent("eva@example.org").await;
    let path = format!("/demands/{}/explanation", ada.made.demand);
    assert_eq!(stranger.get(&path).await.refused(404), "not_found");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn facilities_see_their_own_outcome_and_the_public_no_child() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 6).await);
    let ada = home(&app, "ada", 9, &[sun, moon]).await;
    for points in 0..6 {
        let family = Family {
            points,
            ..Family::default()
        };
        waiting(&app, &family, &[moon]).await;
    }
    let round = Round::released(&app).await;
    app.run_jobs().await;
    let path = format!("/staff{}", round.path("/outcome"));
    let seen = app.manager(sun).await.get(&path).await.ok();
    let items = seen["items"].as_array().unwrap();
    assert!(items.iter().all(|i| i["facility_id"] == json!(sun)), "{seen}");
    let small = items.iter().find(|i| i["age_band"] == "under3").unwrap();
    assert_eq!(
        (&small["places"], &small["children"][0]["preference_id"]),
        (&json!(1), &json!(ada.made.preferences[0]))
    );
    assert_eq!(small["children"][0]["offer_state"], "sent");
    let other = app
        .manager(sun)
        .await
        .get(&format!("{path}?facility_id={moon}"))
        .await
        .ok();
    assert_eq!(other["items"], json!([]));
    let public = app.anonymous().get("/allocations").await.ok();
    let figures = &public["items"][0]["figures"];
    assert_eq!(
        (&figures["children"], &figures["placed"], &figures["first_wish"]),
        (&json!(7), &json!(7), &json!(7))
    );
    assert_eq!([&figures["unplaced"], &figures["passed_over"]], [0, 0]);
    let habit = json!({"placed": 7, "first_wish": 7, "justified_envy": 0});
    assert_eq!(figures["first_preference_first"], habit);
    assert_eq!(public["items"][0]["seed"], "3-14-15");
    assert_eq!(public["items"][0]["siblings"], "preferred");
    let text = public.to_string();
    assert!(!text.contains(&ada.made.demand.to_string()) && !text.contains("Mia"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_records_stand_alone_and_nobody_can_change_them() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = home(&app, "ada", 9, &[sun]).await;
    home(&app, "ben", 5, &[sun]).await;
    let round = Round::released(&app).await;
    app.run_jobs().await;
    let file = round.clerk.get(&round.path("/decisions")).await;
    assert_eq!(file.headers["content-type"], "application/x-ndjson");
    let hash = kitaplatz::platform::crypto::sha256(&file.bytes);
    use base64::Engine;
    let wanted = format!("sha-256=:{}:", base64::engine::general_purpose::STANDARD.encode(hash));
    assert_eq!(file.headers["content-digest"], wanted);
    let text = String::from_utf8(file.bytes).unwrap();
    assert_eq!(text.lines().count(), 2);
    let line = text.lines().find(|l| l.contains(&ada.made.demand.to_string())).unwrap();
    let (hash, record) = line.split_once(",\"record\":").unwrap();
    let record = record.strip_suffix('}').unwrap();
    let hex: String = kitaplatz::platform::crypto::sha256(record.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(hash, format!("{{\"sha256\":\"{hex}\""));
    let record: Value = serde_json::from_str(record).unwrap();
    assert_eq!(record["round"]["seed"], "3-14-15");
    assert_eq!(
        (&record["wishes"][0]["points"], &record["wishes"][0]["reason"]["code"]),
        (&json!(9), &json!("placed"))
    );
    assert_eq!(record["released_by"].as_array().unwrap().len(), 2);
    for sql in [
        "UPDATE decision_record SET body = '' WHERE tenant_id = $1",
        "DELETE FROM decision_record WHERE tenant_id = $1",
        "UPDATE allocation_run SET result = '' WHERE tenant_id = $1",
        "DELETE FROM allocation_run WHERE tenant_id = $1",
        "DELETE FROM round_signature WHERE tenant_id = $1",
    ] {
        let tried = as_system(&app.platform, &app.tenant, "test_tamper", async |tx| {
            let tenant = tx.tenant_id().0;
            sqlx::query(sql).bind(tenant).execute(tx.conn()).await
        })
        .await;
        let code = tried
            .unwrap_err()
            .as_database_error()
            .and_then(|e| e.code().map(|c| c.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{sql}");
    }
}
