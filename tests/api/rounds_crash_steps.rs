//! A coordinated round outlives its server: kill -9 between the last answer of a step and the opening of the next one.

use std::time::{Duration, Instant};

use kitaplatz::platform::mail::catcher::Catcher;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Executor, PgConnection};

use crate::rounds_crash::{PLACES, Server, Step, Town};
use crate::support::Database;
use crate::support::rounds_steps::{Site, open, steps};

/// The facilities that the open step waits for.
fn awaited<'s>(seen: &Value, sites: &'s [Site]) -> Vec<&'s Site> {
    let facilities = seen["facilities"].as_array().unwrap();
    let waits = |site: &&Site| {
        let is = |f: &&Value| f["facility_id"] == json!(site.id);
        facilities.iter().find(is).is_some_and(|f| f["stand"] == "awaited")
    };
    sites.iter().filter(waits).collect()
}

/// Waits until somebody wants to write a step and cannot.
async fn somebody_is_stuck(look: &mut PgConnection) {
    let begun = Instant::now();
    let stuck = "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                  WHERE c.relname = 'round_step' AND NOT l.granted
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    while sqlx::query_scalar::<_, i64>(stuck).fetch_one(&mut *look).await.unwrap() == 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "nobody comes to the end of the step"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The last answer is written, nothing after it can be, and there the server dies.
async fn dies_behind(server: &mut Server<'_>, town: &Town, last: &Site, number: i32) {
    let version = last.board(&town.round).await["version"].as_i64().unwrap();
    let body = json!({"step": number, "orders": []}).to_string().into_bytes();
    let (mut holder, mut look) = (server.database.superuser().await, server.database.superuser().await);
    holder
        .execute("BEGIN; LOCK TABLE app.round_step IN SHARE MODE")
        .await
        .unwrap();
    let (path, version) = (last.path(&town.round, "/answer"), format!("\"{version}\""));
    let extra = [("if-match", version.as_str())];
    let answer = last
        .manager
        .attempt(Method::PUT, &path, Some(("application/json", body)), &extra);
    let strike = async {
        somebody_is_stuck(&mut look).await;
        server.kill();
    };
    let (answered, ()) = tokio::join!(answer, strike);
    assert!(answered.is_err(), "nobody heard that the answer was taken");
    holder.execute("ROLLBACK").await.unwrap();
    server.let_jobs_go().await;
    server.up().await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_step_that_dies_between_its_last_answer_and_the_next_one_goes_on_and_offers_nothing_twice() {
    let database = Database::new("rounds_crash_steps").await;
    let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
    let mut server = Server::new(&database, catcher.smtp_url());
    server.up().await;
    let town = Town::furnished(&database, &server.base(), "coordinated").await;
    let mut sites = Vec::new();
    for id in &town.kitas {
        let manager = town.app.manager(*id).await;
        sites.push(Site { id: *id, manager });
    }
    for site in &sites {
        site.choose(&town.round, "by_hand", false).await.ok();
    }
    town.finish(Step::Freeze).await;
    town.finish(Step::Draw).await;
    open(&town.round).await;
    let mut number = 1_i32;
    loop {
        let seen = steps(&town.round).await;
        if seen["done"] == true {
            break;
        }
        assert_eq!(seen["open"], json!(number), "each step follows the one before it");
        let waiting = awaited(&seen, &sites);
        let (last, others) = waiting.split_last().unwrap();
        for site in others {
            site.by_points(&town.round, number).await.ok();
        }
        dies_behind(&mut server, &town, last, number).await;
        let after = steps(&town.round).await;
        assert_eq!(
            (&after["open"], awaited(&after, &sites).len()),
            (&json!(number), 1),
            "what nobody was told of did not happen"
        );
        last.by_points(&town.round, number).await.ok();
        number += 1;
    }
    assert!(number > 2, "a round of one step has nothing between two of them");
    for step in [Step::FinalRun, Step::Release, Step::Sending] {
        town.finish(step).await;
    }
    assert_eq!(town.round.verify_all(&town.app).await, 1);
    let offers = town
        .number("SELECT count(*) FROM place_offer WHERE tenant_id = $1 AND state = 'sent'")
        .await;
    let children = town
        .number("SELECT count(DISTINCT demand_id) FROM place_offer WHERE tenant_id = $1")
        .await;
    assert_eq!((offers, children), (i64::from(3 * PLACES), i64::from(3 * PLACES)));
    let steps = town
        .number("SELECT count(*) FROM round_step WHERE tenant_id = $1 AND closed_at IS NOT NULL")
        .await;
    assert_eq!(steps, i64::from(number - 1), "and no step was opened twice");
}
