//! The deadlines of the steps of a coordinated round, and whom they are told.

use kitaplatz::access::as_system;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::homes::named_home;
use crate::support::rounds::Round;
use crate::support::rounds_steps::{Site, coordinated, drawn, open, steps};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_deadline_that_passes_goes_on_where_it_was_agreed_and_else_waits_for_the_office() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    named_home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    named_home(&app, "Ben", 5, &[sun.id]).await;
    let round = coordinated(&app).await;
    sun.choose(&round, "by_hand", true).await.ok();
    moon.choose(&round, "by_hand", false).await.ok();
    drawn(&round).await;
    let due = open(&round).await["steps"][0]["due_on"].clone();
    assert_eq!(due, "2027-02-06");
    let note = json!({"number": 1, "note": "Niemand war zu erreichen"});
    let go_on = async |round: &Round| {
        let version = round.get().await["version"].as_i64().unwrap();
        round
            .clerk
            .edit(Method::POST, &round.path("/steps/continue"), version, note.clone())
            .await
    };
    let extend = async |round: &Round, due_on: &str| {
        let version = round.get().await["version"].as_i64().unwrap();
        let body = json!({"number": 1, "due_on": due_on});
        round
            .clerk
            .edit(Method::PATCH, &round.path("/steps"), version, body)
            .await
    };
    assert_eq!(go_on(&round).await.refused(409), "round.step_running");
    assert_eq!(
        extend(&round, "2027-02-05").await.faults(),
        [("/due_on".to_owned(), "too_early".to_owned())]
    );
    app.at("2027-02-07T09:00:00Z");
    let round = Round {
        clerk: app.clerk().await,
        ..round
    };
    app.run_periodic().await;
    let late = steps(&round).await;
    let stands: Vec<_> = late["facilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["stand"].as_str().unwrap(), f["answer"].as_str()))
        .collect();
    assert_eq!(
        (stands, &late["overdue"]),
        (vec![("awaited", None), ("answered", Some("continued"))], &json!(true))
    );
    assert_eq!(extend(&round, "2027-02-09").await.ok()["overdue"], false);
    app.at("2027-02-10T09:00:00Z");
    let round = Round {
        clerk: app.clerk().await,
        ..round
    };
    let after = go_on(&round).await.ok();
    assert_eq!(
        (&after["steps"][0]["answers"], &after["open"]),
        (&json!(2), &json!(2)),
        "Sun's place came back"
    );
    app.at("2027-02-16T09:00:00Z");
    app.run_periodic().await;
    let round = Round {
        clerk: app.clerk().await,
        ..round
    };
    assert_eq!(steps(&round).await["done"], true, "and goes on by the points");
}

/// Steps and facilities of which managers were told by mail, as `kind step facilities`, in their order.
async fn told(app: &TestApp) -> Vec<String> {
    as_system(&app.platform, &app.tenant, "test_mails", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_scalar(
            "SELECT kind || ' ' || (context ->> 'number') || ' ' || (context ->> 'facilities')
               FROM notification WHERE tenant_id = $1 AND kind LIKE 'step%' ORDER BY created_at, context ->> 'facilities', kind",
        )
        .bind(tenant)
        .fetch_all(tx.conn())
        .await
    })
    .await
    .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn managers_are_told_of_a_step_and_once_more_before_its_deadline() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    Site::new(&app, "Kita Stern", 1).await;
    named_home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    named_home(&app, "Ben", 5, &[sun.id]).await;
    let round = coordinated(&app).await;
    sun.choose(&round, "by_hand", false).await.ok();
    drawn(&round).await;
    assert_eq!(told(&app).await, [""; 0]);
    open(&round).await;
    let opened = [r#"step_opened 1 ["Kita Mond"]"#, r#"step_opened 1 ["Kita Sonne"]"#];
    assert_eq!(told(&app).await, opened, "nobody wishes the third");
    app.run_periodic().await;
    assert_eq!(told(&app).await, opened, "the deadline is five days away");
    moon.by_points(&round, 1).await.ok();
    app.at("2027-02-04T09:00:00Z");
    app.run_periodic().await;
    app.at("2027-02-05T09:00:00Z");
    app.run_periodic().await;
    let all = told(&app).await;
    assert_eq!(
        all[2..],
        [r#"step_deadline 1 ["Kita Sonne"]"#],
        "once, and only whoever has not answered"
    );
}
