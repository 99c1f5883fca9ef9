//! Offers beside allocation rounds: while a round gives a facility's places nobody offers them one by one.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use crate::support::demands::with_settings;
use crate::support::homes::home;
use crate::support::offers::new_offer;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Answer, Client, TestApp};

async fn send(manager: &Client, made: &Waiting) -> Answer {
    manager.create("/staff/offers", new_offer(made.preferences[0])).await
}

async fn next(who: &Client, made: &Waiting) -> Answer {
    let body = json!({"preference_id": made.preferences[0], "age_band": "under3"});
    who.create("/staff/followups", body).await
}

async fn list(who: &Client, facility: FacilityId) -> Value {
    let path = format!("/staff/facilities/{facility}/followups?age_band=under3");
    who.get(&path).await.ok()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn while_a_round_is_under_way_its_places_are_offered_by_nobody() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 2).await, kita(&app, "Kita Mond", 1).await);
    let ada = waiting(&app, &Family::default(), &[sun]).await;
    let ben = waiting(&app, &Family::default(), &[moon]).await;
    let manager = app.manager(sun).await;
    let round = Round::planned(&app).await;
    send(&manager, &ada).await.ok();
    let cem = waiting(&app, &Family::default(), &[sun]).await;
    round.step("freeze").await.ok();
    let refused = async |why: &str| {
        assert_eq!(
            send(&manager, &cem).await.refused(409),
            "offer.round_under_way",
            "{why}"
        );
        assert_eq!(
            next(&manager, &cem).await.refused(409),
            "followup.round_under_way",
            "{why}"
        );
    };
    refused("frozen").await;
    let seen = list(&manager, sun).await;
    assert_eq!(
        (&seen["may_offer"], &seen["round_under_way"]),
        (&json!(false), &json!(true))
    );
    round.draw("3-14-15").await;
    round.run().await;
    refused("proposed").await;
    round.open_conflicts(&round.clerk).await;
    refused("in review").await;
    round.step("pause").await.ok();
    refused("paused before the release").await;
    // Before the round's year somebody may come and go.
    let mut before = new_offer(cem.preferences[0]);
    before["care_from"] = json!("2027-03-01");
    before["care_until"] = json!("2027-07-31");
    manager.create("/staff/offers", before).await.ok();
    round.step("resume").await.ok();
    round.step("cancel").await.ok();
    assert_eq!(list(&manager, sun).await["round_under_way"], false);
    send(&app.manager(moon).await, &ben).await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn where_the_office_gives_the_places_a_facility_offers_nothing_by_itself() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = waiting(&app, &Family::default(), &[sun]).await;
    let manager = app.manager(sun).await;
    for mode in ["central", "coordinated"] {
        with_settings(&app, json!({"allocation_mode": mode})).await;
        assert_eq!(
            send(&manager, &ada).await.refused(409),
            "offer.decided_by_office",
            "{mode}"
        );
    }
    next(&app.clerk().await, &ada).await.ok();
    assert_eq!(app.demand_state(ada.demand).await, "offer_pending");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_case_that_somebody_holds_keeps_no_other_from_its_offer() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    let homes = [home(&app, "ada", 2, &[sun]).await, home(&app, "ben", 1, &[sun]).await];
    let round = Round::released(&app).await;
    // Cases go by their ids.
    let first = "SELECT demand_id::text FROM round_case WHERE tenant_id = $1 AND round_id = $2 ORDER BY id LIMIT 1";
    let held = app.value(first, round.id.parse().unwrap()).await.unwrap();
    let open = async || {
        let mut open = Vec::new();
        for home in &homes {
            let is_held = home.made.demand.to_string() == held;
            open.push((is_held, home.offer().await["state"] == "sent"));
        }
        open.sort_unstable();
        open
    };
    let jobs = kitaplatz::app::jobs();
    let send = async || jobs.run_now(&app.platform, app.tenant.id, "SendRoundOffers").await;
    as_system(&app.platform, &app.tenant, "test_hold", async |tx| {
        sqlx::query("SELECT id FROM care_demand WHERE tenant_id = $1 AND id = $2 FOR UPDATE")
            .bind(tx.tenant_id().0)
            .bind(held.parse::<uuid::Uuid>().unwrap())
            .execute(tx.conn())
            .await?;
        assert!(send().await.is_err(), "one is still to be sent");
        assert_eq!(open().await, [(false, true), (true, false)]);
        Ok::<_, sqlx::Error>(())
    })
    .await
    .unwrap();
    send().await.unwrap();
    assert_eq!(open().await, [(false, true), (true, true)]);
}
