//! What the answers of a facility do, and who may give them.

use kitaplatz::access::{Role, as_system};
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::facilities::facility;
use crate::support::waiting::{Family, answer, sql, waiting};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn answers_follow_the_state_machine_and_tell_the_family() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Sonnenschein").await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(&app, &family, &[a]).await;
    let (manager, id) = (app.manager(a).await, made.preferences[0]);
    let seen = answer(&manager, id, "review", 1, json!({})).await;
    assert_eq!((&seen["state"], &seen["version"]), (&json!("under_review"), &json!(2)));
    app.at("2027-02-01T09:01:00Z");
    let invited = answer(&manager, id, "invite", 2, json!({"note": " Dienstag 15 Uhr "})).await;
    assert_eq!(
        (&invited["state"], &invited["note"]),
        (&json!("invited"), &json!("Dienstag 15 Uhr"))
    );
    let path = |step: &str| format!("/staff/preferences/{id}/{step}");
    let stale = manager
        .edit(Method::POST, &path("refuse"), 2, json!({"reason": "age"}))
        .await;
    assert_eq!(stale.refused(412), "version.stale");
    assert_eq!(stale.headers["etag"], "\"3\"");
    assert_eq!(
        manager
            .post(&path("refuse"), json!({"reason": "age"}))
            .await
            .refused(428),
        "version.required"
    );
    let wordless = manager
        .edit(Method::POST, &path("refuse"), 3, json!({"reason": "other"}))
        .await;
    assert_eq!(wordless.faults(), [("/note".to_owned(), "required".to_owned())]);
    app.at("2027-02-01T09:02:00Z");
    let refused = answer(&manager, id, "refuse", 3, json!({"reason": "no_place"})).await;
    assert_eq!(
        (&refused["state"], &refused["refuse_reason"]),
        (&json!("refused"), &json!("no_place"))
    );
    let again = manager.edit(Method::POST, &path("invite"), 4, json!({})).await;
    assert_eq!(again.refused(409), "preference.wrong_state");
    app.at("2027-02-01T09:03:00Z");
    let back = answer(&manager, id, "reopen", 4, json!({})).await;
    assert_eq!(
        (&back["state"], &back["refuse_reason"]),
        (&json!("invited"), &json!(null)),
        "where it stood before the refusal"
    );
    app.at("2027-02-01T09:04:00Z");
    answer(&manager, id, "waitlist", 5, json!({})).await;
    let detail = manager.get(&format!("/staff/preferences/{id}")).await.ok();
    let history: Vec<_> = detail["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    assert_eq!(history, ["review", "invite", "refuse", "reopen", "waitlist"]);
    assert_eq!(detail["history"][2]["reason"], "no_place");
    let told: Vec<(String, String)> = as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query_as("SELECT context ->> 'step', to_address FROM notification WHERE demand_id = $1 AND kind = 'state_change' ORDER BY created_at")
            .bind(made.demand.0)
            .fetch_all(tx.conn())
            .await
    })
    .await
    .unwrap();
    let steps: Vec<_> = told.iter().map(|t| t.0.as_str()).collect();
    assert_eq!(steps, ["under_review", "invited", "refused", "reopened", "waitlisted"]);
    assert!(told.iter().all(|t| t.1 == "jana@example.org"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_answer_that_is_taken_back_leaves_everything_as_it_was() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita A").await;
    let made = waiting(&app, &Family::default(), &[kita]).await;
    let (manager, id) = (app.manager(kita).await, made.preferences[0]);
    let waits = async || {
        manager.get("/staff/inbox?kind=answer").await.ok()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(waits().await, 1);
    app.at("2027-02-01T09:01:00Z");
    answer(&manager, id, "refuse", 1, json!({"reason": "age"})).await;
    assert_eq!(waits().await, 0);
    app.at("2027-02-01T09:02:00Z");
    let back = answer(&manager, id, "reopen", 2, json!({})).await;
    assert_eq!(back["state"], "received", "nobody has looked at it");
    assert_eq!(waits().await, 1, "and the family still waits for an answer");
    app.at("2027-02-01T09:03:00Z");
    answer(&manager, id, "waitlist", 3, json!({})).await;
    app.at("2027-02-01T09:04:00Z");
    answer(&manager, id, "refuse", 4, json!({"reason": "no_place"})).await;
    app.at("2027-02-01T09:05:00Z");
    let back = answer(&manager, id, "reopen", 5, json!({})).await;
    assert_eq!(back["state"], "waitlisted", "the waiting list is as it was");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_answer_that_is_taken_back_at_once_reaches_nobody() {
    let (app, catcher) = TestApp::with_mail().await;
    let kita = facility(&app, "Kita A").await;
    let family = Family {
        email: Some("jana@example.org"),
        ..Family::default()
    };
    let made = waiting(&app, &family, &[kita]).await;
    let on_paper = waiting(&app, &Family::default(), &[kita]).await;
    let (manager, id) = (app.manager(kita).await, made.preferences[0]);
    let mails = || -> Vec<String> {
        let caught = catcher.to("jana@example.org");
        caught.iter().map(|mail| mail.letter().subject).collect()
    };
    let refuse = json!({"reason": "no_place"});
    answer(&manager, id, "review", 1, json!({})).await;
    app.run_jobs().await;
    let back = answer(&manager, id, "reopen", 2, json!({})).await;
    assert_eq!(back["state"], "received", "nobody looks at it");
    let again = manager
        .edit(Method::POST, &format!("/staff/preferences/{id}/reopen"), 3, json!({}))
        .await;
    assert_eq!(again.refused(409), "preference.wrong_state");
    answer(&manager, id, "refuse", 3, refuse.clone()).await;
    answer(&manager, on_paper.preferences[0], "refuse", 1, refuse.clone()).await;
    app.run_jobs().await;
    app.at("2027-02-01T09:00:45Z");
    answer(&manager, id, "reopen", 4, json!({})).await;
    answer(&manager, on_paper.preferences[0], "reopen", 2, json!({})).await;
    app.at("2027-02-01T09:05:00Z");
    app.run_jobs().await;
    assert_eq!(mails(), Vec::<String>::new());
    let clerk = app.clerk().await;
    assert_eq!(clerk.get("/office/letters").await.ok()["total"], 0);
    // What has left is answered by a second mail.
    answer(&manager, id, "refuse", 5, refuse).await;
    app.at("2027-02-01T09:06:01Z");
    app.run_jobs().await;
    answer(&manager, id, "reopen", 6, json!({})).await;
    app.run_jobs().await;
    assert_eq!(
        mails(),
        [
            "Absage zu Ihrer Vormerkung: Kita A",
            "Ihre Vormerkung ist wieder offen: Kita A"
        ]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn only_those_who_run_the_facility_answer() {
    let app = TestApp::new().await;
    let (a, b) = (facility(&app, "Kita A").await, facility(&app, "Kita B").await);
    let made = waiting(&app, &Family::default(), &[a]).await;
    let path = format!("/staff/preferences/{}/review", made.preferences[0]);
    let other = app.manager(b).await;
    other.edit(Method::POST, &path, 1, json!({})).await.refused(404);
    for role in [Role::Clerk, Role::TenantAdmin, Role::ReadOnly] {
        let office = app.staff(&[(role, None, None)]).await;
        office.edit(Method::POST, &path, 1, json!({})).await.refused(403);
        assert_eq!(office.get("/staff/preferences").await.ok()["total"], 1);
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_comes_back_under_another_open_offer_rests() {
    let app = TestApp::new().await;
    let (a, b) = (facility(&app, "Kita A").await, facility(&app, "Kita B").await);
    let made = waiting(&app, &Family::default(), &[a, b]).await;
    let manager = app.manager(a).await;
    answer(&manager, made.preferences[0], "refuse", 1, json!({"reason": "age"})).await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        kitaplatz::demands::offer_sent(tx, made.preferences[1]).await
    })
    .await
    .unwrap();
    let back = answer(&manager, made.preferences[0], "reopen", 2, json!({})).await;
    assert_eq!(back["state"], "paused");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn when_the_child_has_a_place_elsewhere_only_the_label_is_left() {
    let app = TestApp::new().await;
    let (a, b) = (facility(&app, "Kita A").await, facility(&app, "Kita B").await);
    let made = waiting(&app, &Family::default(), &[a, b]).await;
    let manager = app.manager(a).await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        kitaplatz::demands::offer_sent(tx, made.preferences[1]).await?;
        kitaplatz::demands::offer_accepted(tx, made.preferences[1], None).await
    })
    .await
    .unwrap();
    assert_eq!(manager.get("/staff/preferences").await.ok()["total"], 0);
    let ended = manager.get("/staff/preferences?state=covered_elsewhere").await.ok();
    let item = &ended["items"][0];
    assert_eq!(item["child"]["label"], "Mia B.");
    for hidden in [
        "demand_state",
        "reference_code",
        "desired_start",
        "hours_per_week",
        "points",
        "care_type",
        "answer_due_on",
    ] {
        assert_eq!(item[hidden], json!(null), "{hidden}");
    }
    assert_eq!(item["child"]["birth_date"], json!(null));
    let detail = manager
        .get(&format!("/staff/preferences/{}", made.preferences[0]))
        .await;
    let text = String::from_utf8(detail.bytes.clone()).unwrap();
    assert_eq!(detail.ok()["guardians"], json!([]));
    for hidden in ["Lindenweg", "Jana", "0341", "2026-03-14", &made.code] {
        assert!(!text.contains(hidden), "{hidden} shows");
    }
    // What is hidden cannot be found out by a filter either.
    for filter in [
        "q=mia",
        "age_band=under3",
        "hours_min=1",
        "start_from=2027-01-01",
        "legal_claim=false",
    ] {
        let path = format!("/staff/preferences?state=covered_elsewhere&{filter}");
        assert_eq!(manager.get(&path).await.ok()["total"], 0, "{filter}");
    }
    let accepted = app.manager(b).await.get("/staff/preferences").await.ok();
    assert_eq!(accepted["items"][0]["reference_code"], made.code);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_refusal_can_be_taken_back_only_while_the_demand_waits() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita A").await;
    let made = waiting(&app, &Family::default(), &[a]).await;
    let manager = app.manager(a).await;
    answer(&manager, made.preferences[0], "refuse", 1, json!({"reason": "age"})).await;
    let detail = manager
        .get(&format!("/staff/preferences/{}", made.preferences[0]))
        .await
        .ok();
    assert_eq!(detail["guardians"][0]["name"], "Jana Braun");
    sql(
        &app,
        &format!(
            "UPDATE care_demand SET state = 'withdrawn' WHERE id = '{}'",
            made.demand
        ),
    )
    .await;
    let detail = manager
        .get(&format!("/staff/preferences/{}", made.preferences[0]))
        .await
        .ok();
    assert_eq!(detail["guardians"], json!([]));
    let path = format!("/staff/preferences/{}/reopen", made.preferences[0]);
    let late = manager.edit(Method::POST, &path, 2, json!({})).await;
    assert_eq!(late.refused(409), "preference.wrong_state");
}
