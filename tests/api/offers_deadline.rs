//! The deadline of an offer: reminded once, expired, late, over changes of the clock and closing days.

use serde_json::json;

use crate::support::homes::home;
use crate::support::offers::{act, new_offer};
use crate::support::offers_town::{kita, path, send, town};
use crate::support::{TestApp, last_to};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn without_an_answer_the_family_is_reminded_once_and_then_the_offer_expires() {
    let (app, catcher) = TestApp::with_mail().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let mails = || catcher.to("jana@example.org").len();
    app.run_periodic().await;
    assert_eq!(mails(), 1);
    app.at("2027-02-08T22:59:59Z");
    app.run_periodic().await;
    assert_eq!(mails(), 1, "three days before there is no reminder");
    for instant in ["2027-02-09T09:00:00Z", "2027-02-10T09:00:00Z"] {
        app.at(instant);
        app.run_periodic().await;
        assert_eq!(mails(), 2);
    }
    assert!(last_to(&catcher, "jana@example.org").subject.starts_with("Erinnerung"));
    app.at("2027-02-11T22:59:59Z");
    app.run_periodic().await;
    assert_eq!(
        app.demand_state(town.wishes.demand).await,
        "offer_pending",
        "the last day counts to its end"
    );
    app.at("2027-02-11T23:00:00Z");
    app.run_periodic().await;
    assert_eq!(app.demand_state(town.wishes.demand).await, "confirmed");
    assert_eq!(app.preference_state(town.wishes.preferences[0]).await, "offer_expired");
    assert_eq!(app.preference_state(town.wishes.preferences[1]).await, "received");
    assert_eq!(app.bookable(town.first, "under3", "2027-08-01").await, 1);
    assert!(last_to(&catcher, "jana@example.org").subject.ends_with("ist verfallen"));
    let parent = app.parent("jana@example.org").await;
    let late = act(&parent, &path(&offer, "/accept"), 2, json!({})).await;
    assert_eq!(late.refused(409), "offer.expired");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_answer_after_the_deadline_is_late_also_before_the_job_has_run() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    app.at("2027-02-11T23:00:00Z");
    let parent = app.parent("jana@example.org").await;
    for (action, body) in [("/accept", json!({})), ("/decline", json!({"reason": "cost"}))] {
        let late = act(&parent, &path(&offer, action), 1, body).await;
        assert_eq!(late.refused(409), "offer.expired");
    }
    assert_eq!(app.demand_state(town.wishes.demand).await, "offer_pending");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_deadline_lasts_to_midnight_in_both_nights_when_the_clocks_change() {
    // Clocks change on Sundays and a deadline never falls on one: the Monday after and the Friday before are the nearest days.
    for (sent, days, deadline, last, first_late) in [
        (
            "2027-03-22T09:00:00Z",
            4,
            "2027-03-26",
            "2027-03-26T22:59:59Z",
            "2027-03-26T23:00:00Z",
        ),
        (
            "2027-03-22T09:00:00Z",
            6,
            "2027-03-29",
            "2027-03-29T21:59:59Z",
            "2027-03-29T22:00:00Z",
        ),
        (
            "2027-10-25T09:00:00Z",
            4,
            "2027-10-29",
            "2027-10-29T21:59:59Z",
            "2027-10-29T22:00:00Z",
        ),
        (
            "2027-10-25T09:00:00Z",
            6,
            "2027-11-01",
            "2027-11-01T22:59:59Z",
            "2027-11-01T23:00:00Z",
        ),
    ] {
        let app = TestApp::new().await;
        let town = town(&app).await;
        app.at(sent);
        let mut new = new_offer(town.wishes.preferences[0]);
        new["deadline_days"] = json!(days);
        new["care_from"] = json!("2027-12-01");
        let offer = app.manager(town.first).await.create("/staff/offers", new).await.ok();
        assert_eq!(offer["deadline_on"], deadline, "{sent}");
        app.at(first_late);
        let parent_late = app.parent("jana@example.org").await;
        let late = act(&parent_late, &path(&offer, "/accept"), 1, json!({})).await;
        assert_eq!(late.refused(409), "offer.expired", "{first_late}");
        app.at(last);
        let parent = app.parent("jana@example.org").await;
        act(&parent, &path(&offer, "/accept"), 1, json!({})).await.ok();
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn closing_days_push_the_deadline() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    for day in ["2027-02-04", "2027-02-11", "2027-02-12"] {
        close(&app, day).await;
    }
    // Ten days that are open: the 4th, 11th and 12th do not count, so the tenth is Sunday the 14th; then Monday.
    assert_eq!(send(&town).await["deadline_on"], "2027-02-15");
}

async fn close(app: &TestApp, day: &str) {
    let day = crate::support::facilities::day(day);
    kitaplatz::access::as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query("INSERT INTO closing_day (tenant_id, id, day) VALUES ($1, $2, $3)")
            .bind(tx.tenant_id().0)
            .bind(kitaplatz::platform::ids::random_uuid())
            .bind(day)
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_offer_that_cannot_expire_keeps_none_that_comes_after_it() {
    let app = TestApp::new().await;
    let facility = kita(&app, 2).await;
    let manager = app.manager(facility).await;
    let mut offers = Vec::new();
    for name in ["ada", "ben"] {
        let home = home(&app, name, 0, &[facility]).await;
        let sent = manager
            .create("/staff/offers", new_offer(home.made.preferences[0]))
            .await
            .ok();
        let id: uuid::Uuid = sent["id"].as_str().unwrap().parse().unwrap();
        offers.push((id, home.made.demand));
    }
    // Those that expire together go by their ids.
    offers.sort();
    let [(broken, demand), (sound, _)] = offers[..] else {
        unreachable!()
    };
    let lost = "UPDATE care_demand SET state = 'superseded' WHERE tenant_id = $1 AND id = $2";
    app.change(lost, demand.0).await;
    app.at("2027-02-11T23:00:00Z");
    let jobs = kitaplatz::app::jobs();
    // It would fail again: the log and the metrics tell people of it, and the job is done.
    jobs.run_now(&app.platform, app.tenant.id, "ExpireOffers")
        .await
        .unwrap();
    let state = "SELECT state FROM place_offer WHERE tenant_id = $1 AND id = $2";
    assert_eq!(app.value(state, broken).await.unwrap(), "sent");
    assert_eq!(app.value(state, sound).await.unwrap(), "expired");
    assert_eq!(app.bookable(facility, "under3", "2027-08-01").await, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nor_do_more_of_them_than_are_looked_for_at_a_time() {
    let app = TestApp::new().await;
    let facility = kita(&app, 1).await;
    let home = home(&app, "ada", 0, &[facility]).await;
    let sent = app
        .manager(facility)
        .await
        .create("/staff/offers", new_offer(home.made.preferences[0]))
        .await
        .ok();
    // Offers with earlier deadlines, of demands that have ended: none of them can expire.
    let broken = "WITH demand AS (
            INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week, created_at,
                                     submitted_at, updated_at)
            SELECT d.tenant_id, gen_random_uuid(), d.child_id, 'XXXX-' || lpad(n::text, 4, '0'), 'superseded', d.care_type, d.desired_start,
                   d.hours_per_week, d.created_at, d.submitted_at, d.updated_at
              FROM care_demand d, generate_series(1, 201) n
             WHERE d.tenant_id = $1 AND d.id = $2
            RETURNING tenant_id, id, child_id),
         wish AS (
            INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, received_at, state_since)
            SELECT d.tenant_id, gen_random_uuid(), d.id, p.facility_id, p.rank, 'withdrawn', p.received_at, p.state_since
              FROM demand d, facility_preference p
             WHERE p.tenant_id = $1 AND p.demand_id = $2
            RETURNING tenant_id, id, demand_id, facility_id, received_at)
         INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                  hours_per_week, deadline_on, expires_at, sent_at, created_at)
         SELECT w.tenant_id, gen_random_uuid(), w.demand_id, w.id, w.facility_id, d.child_id, 'sent', '2027-08-01', '2029-08-01',
                40, '2027-02-03', '2027-02-03T23:00:00Z', w.received_at, w.received_at
           FROM wish w JOIN demand d ON d.id = w.demand_id";
    app.change(broken, home.made.demand.0).await;
    app.at("2027-02-11T23:00:00Z");
    let jobs = kitaplatz::app::jobs();
    jobs.run_now(&app.platform, app.tenant.id, "ExpireOffers")
        .await
        .unwrap();
    let count = "SELECT count(*)::text FROM place_offer WHERE tenant_id = $1 AND facility_id = $2 AND state = 'sent'";
    assert_eq!(app.value(count, facility.0).await.as_deref(), Some("201"));
    let state = "SELECT state FROM place_offer WHERE tenant_id = $1 AND id = $2";
    let sound = sent["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.value(state, sound).await.as_deref(), Some("expired"));
}
