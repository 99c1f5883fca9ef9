//! What offers and contracts do to a demand and its preferences.

use kitaplatz::access::as_system;
use kitaplatz::demands::{self, DemandError, OfferEnd};
use kitaplatz::platform::ids::PreferenceId;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::criteria::{criterion, flat, published};
use crate::support::demands::{Demand, points, with_settings};
use crate::support::facilities::facility;
use crate::support::families::{child, id};

async fn preference(demand: &Demand, rank: usize) -> PreferenceId {
    id(&demand.get().await["preferences"][rank]["id"])
}

async fn sent(app: &TestApp, preference: PreferenceId) -> Result<(), DemandError> {
    as_system(&app.platform, &app.tenant, "test_offer", async |tx| {
        demands::offer_sent(tx, preference).await.map(|_| ())
    })
    .await
}

async fn ended(app: &TestApp, preference: PreferenceId, end: OfferEnd) -> Result<(), DemandError> {
    as_system(&app.platform, &app.tenant, "test_offer", async |tx| {
        demands::offer_ended(tx, preference, end).await
    })
    .await
}

async fn accepted(app: &TestApp, preference: PreferenceId) -> Result<(), DemandError> {
    as_system(&app.platform, &app.tenant, "test_offer", async |tx| {
        demands::offer_accepted(tx, preference, None).await.map(|_| ())
    })
    .await
}

/// State of the demand, then of its preferences.
async fn states(demand: &Demand) -> Vec<String> {
    let body = demand.get().await;
    let word = |v: &Value| v["state"].as_str().unwrap().to_owned();
    let mut all = vec![word(&body)];
    all.extend(body["preferences"].as_array().unwrap().iter().map(word));
    all
}

async fn three(app: &TestApp) -> Demand {
    let mut facilities = Vec::new();
    for name in ["Kita Ahorn", "Kita Birke", "Kita Cedern"] {
        facilities.push(facility(app, name).await);
    }
    app.sent_demand("jana@example.org", &facilities).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_offer_lets_the_others_rest_until_it_is_declined() {
    let app = TestApp::new().await;
    let demand = three(&app).await;
    let (first, second) = (preference(&demand, 0).await, preference(&demand, 1).await);
    sent(&app, second).await.unwrap();
    assert_eq!(states(&demand).await, ["offer_pending", "paused", "offered", "paused"]);
    let body = demand.get().await;
    assert_eq!(
        (&body["editable"], &body["next_step"]["code"]),
        (&json!(false), &json!("answer_offer"))
    );
    let refused = sent(&app, first).await;
    assert!(
        matches!(refused, Err(DemandError::Transition(_))),
        "one at a time: {refused:?}"
    );
    ended(&app, second, OfferEnd::Declined).await.unwrap();
    assert_eq!(states(&demand).await, ["confirmed", "received", "declined", "received"]);
    sent(&app, first).await.unwrap();
    ended(&app, first, OfferEnd::Revoked).await.unwrap();
    assert_eq!(
        states(&demand).await,
        ["confirmed", "received", "declined", "received"],
        "back where it was"
    );
    sent(&app, first).await.unwrap();
    ended(&app, first, OfferEnd::Expired).await.unwrap();
    assert_eq!(
        states(&demand).await,
        ["confirmed", "offer_expired", "declined", "received"]
    );
    assert!(matches!(
        ended(&app, first, OfferEnd::Expired).await,
        Err(DemandError::Transition(_))
    ));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn where_the_office_allocates_a_declined_demand_goes_back_to_it() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"allocation_mode": "central"})).await;
    let demand = three(&app).await;
    let first = preference(&demand, 0).await;
    sent(&app, first).await.unwrap();
    ended(&app, first, OfferEnd::Declined).await.unwrap();
    assert_eq!(states(&demand).await[0], "in_allocation");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_unconfirmed_demand_gets_no_offer() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"confirm_automatically": false})).await;
    let demand = three(&app).await;
    let first = preference(&demand, 0).await;
    assert!(matches!(sent(&app, first).await, Err(DemandError::Transition(e)) if e.subject == "demand"));
    assert_eq!(states(&demand).await, ["submitted", "received", "received", "received"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn with_parallel_offers_the_demand_is_pending_until_the_last_one_is_gone() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"parallel_offers": true})).await;
    let demand = three(&app).await;
    let (first, second) = (preference(&demand, 0).await, preference(&demand, 1).await);
    sent(&app, first).await.unwrap();
    sent(&app, second).await.unwrap();
    assert_eq!(
        states(&demand).await,
        ["offer_pending", "offered", "offered", "received"]
    );
    ended(&app, first, OfferEnd::Declined).await.unwrap();
    assert_eq!(
        states(&demand).await,
        ["offer_pending", "declined", "offered", "received"]
    );
    accepted(&app, second).await.unwrap();
    assert_eq!(
        states(&demand).await,
        ["covered", "declined", "accepted", "covered_elsewhere"]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn acceptance_ends_the_others_and_only_the_contract_can_follow() {
    let app = TestApp::new().await;
    let demand = three(&app).await;
    let first = preference(&demand, 0).await;
    sent(&app, first).await.unwrap();
    accepted(&app, first).await.unwrap();
    assert_eq!(
        states(&demand).await,
        ["covered", "accepted", "covered_elsewhere", "covered_elsewhere"]
    );
    assert_eq!(demand.withdraw().await.refused(409), "demand.wrong_state");
    assert_eq!(demand.wish(&[]).await.refused(409), "demand.not_editable");
    as_system(&app.platform, &app.tenant, "test_contract", async |tx| {
        demands::contract_started(tx, demand.id).await
    })
    .await
    .unwrap();
    assert_eq!(states(&demand).await[..2], ["closed", "contracted"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_demand_or_a_wish_can_be_taken_back_under_an_open_offer() {
    let app = TestApp::new().await;
    let demand = three(&app).await;
    let [a, b, c] = demand.facilities[..] else {
        panic!("three facilities")
    };
    let first = preference(&demand, 0).await;
    sent(&app, first).await.unwrap();
    assert_eq!(demand.wish(&[c, b, a]).await.refused(409), "demand.not_editable");
    demand.wish(&[b, c]).await.ok();
    assert_eq!(
        states(&demand).await,
        ["confirmed", "received", "received", "withdrawn"]
    );
    let second = preference(&demand, 0).await;
    sent(&app, second).await.unwrap();
    demand.withdraw().await.ok();
    assert_eq!(states(&demand).await, ["withdrawn"; 4]);
    let released: i64 = as_system(&app.platform, &app.tenant, "test_jobs", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar(
            "SELECT count(*) FROM demand_event WHERE tenant_id = $1 AND demand_id = $2 AND to_state = 'withdrawn'",
        )
        .bind(tenant.0)
        .bind(demand.id.0)
        .fetch_one(tx.conn())
        .await
    })
    .await
    .unwrap();
    assert_eq!(released, 4, "each end has its line in the history");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_sibling_counts_where_it_has_a_place_and_nowhere_else() {
    let app = TestApp::new().await;
    let sibling = criterion(&app, "sibling", "sibling_there").await;
    published(&app, &[flat(&sibling, 3)]).await;
    let demand = app.demand("jana@example.org").await;
    assert_eq!(points(&app, &demand).await, [0, 0]);
    let elder = child(
        &demand.parent,
        json!({"first_name": "Ben", "last_name": "Braun", "birth_date": "2023-06-01"}),
    )
    .await;
    place(&app, elder, demand.facilities[1]).await;
    app.run_jobs().await;
    demand.wish(&demand.facilities).await.ok();
    assert_eq!(points(&app, &demand).await, [0, 3]);
    let stranger = app.demand_for("kim@example.org", &demand.facilities).await;
    assert_eq!(points(&app, &stranger).await, [0, 0]);
}

/// An accepted offer of a child at a facility, with no demand of the family's own.
async fn place(
    app: &TestApp,
    child: kitaplatz::platform::ids::ChildId,
    facility: kitaplatz::platform::ids::FacilityId,
) {
    use crate::support::facilities::{bare_offer, day};
    let stay = kitaplatz::facilities::Stay {
        child: kitaplatz::platform::ids::ChildId::new(),
        birth: day("2023-06-01"),
        from: day("2026-08-01"),
        until: day("2029-08-01"),
    };
    as_system(&app.platform, &app.tenant, "test_place", async |tx| {
        let offer = bare_offer(tx, facility, &stay).await?;
        let tenant = tx.tenant_id();
        sqlx::query("UPDATE place_offer SET state = 'accepted', child_id = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.0)
            .bind(offer.0)
            .bind(child.0)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
}
