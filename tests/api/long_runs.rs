//! Jobs over many rows: one row that cannot be dealt with now stops no other, none blocks those behind it, and a run does them all.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::FacilityId;
use kitaplatz::platform::jobs::JobError;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::contracts::bare;
use crate::support::facilities::{day, facility};
use crate::support::waiting::{Family, waiting};

const SIGNED: &str = "UPDATE care_contract SET state = 'signed_by_provider', care_from = '2027-02-01' WHERE tenant_id = $1 AND facility_id = $2";
const COVERED: &str = "UPDATE care_demand SET state = 'covered'
     WHERE tenant_id = $1 AND id IN (SELECT demand_id FROM care_contract WHERE tenant_id = $1 AND facility_id = $2)";

/// Children with signed contracts whose care begins today.
async fn beginning(app: &TestApp, n: usize) -> FacilityId {
    let kita = facility(app, "Kita Ahorn").await;
    for _ in 0..n {
        let made = waiting(app, &Family::default(), &[kita]).await;
        bare(app, kita, &made).await;
    }
    app.change(SIGNED, kita.0).await;
    app.change(COVERED, kita.0).await;
    kita
}

async fn run(app: &TestApp, kind: &str) -> Result<(), JobError> {
    kitaplatz::app::jobs().run_now(&app.platform, app.tenant.id, kind).await
}

async fn count(app: &TestApp, sql: &'static str, kita: FacilityId) -> i64 {
    app.value(sql, kita.0).await.unwrap().parse().unwrap()
}

const ACTIVE: &str =
    "SELECT count(*)::text FROM care_contract WHERE tenant_id = $1 AND facility_id = $2 AND state = 'active'";
const CLOSED: &str = "SELECT count(*)::text FROM care_demand d
     WHERE d.tenant_id = $1 AND d.state = 'closed'
       AND d.id IN (SELECT demand_id FROM care_contract WHERE tenant_id = $1 AND facility_id = $2)";

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_row_that_somebody_holds_stops_no_other() {
    let app = TestApp::new().await;
    let kita = beginning(&app, 3).await;
    let locks = [
        (
            "TendContracts",
            ACTIVE,
            "SELECT id FROM care_contract WHERE tenant_id = $1 ORDER BY id LIMIT 1 FOR UPDATE",
        ),
        (
            "TendDemands",
            CLOSED,
            "SELECT id FROM care_demand WHERE tenant_id = $1 ORDER BY id LIMIT 1 FOR UPDATE",
        ),
    ];
    for (kind, done, lock) in locks {
        let outcome = as_system(&app.platform, &app.tenant, "test", async |tx| {
            // The first of them: those behind it are reached all the same.
            sqlx::query_scalar::<_, Uuid>(lock)
                .bind(tx.tenant_id().0)
                .fetch_one(tx.conn())
                .await?;
            Ok::<_, sqlx::Error>(run(&app, kind).await)
        });
        let outcome = outcome.await.unwrap();
        assert!(matches!(outcome, Err(JobError::Retry(_))), "{kind}: {outcome:?}");
        assert_eq!(count(&app, done, kita).await, 2, "{kind}");
        run(&app, kind).await.unwrap();
        assert_eq!(count(&app, done, kita).await, 3, "{kind}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_run_deals_with_all_that_begin_on_one_day() {
    let app = TestApp::new().await;
    let kita = beginning(&app, 230).await;
    run(&app, "TendContracts").await.unwrap();
    assert_eq!(count(&app, ACTIVE, kita).await, 230);
    run(&app, "TendDemands").await.unwrap();
    assert_eq!(count(&app, CLOSED, kita).await, 230);
}

/// Places of a kindergarten that were meant to end before school have nothing after them; they end first, and are many.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn places_that_nothing_follows_do_not_stand_before_those_that_end_with_an_age() {
    let app = TestApp::new().await;
    let (early, nursery) = (facility(&app, "Kita Ahorn").await, facility(&app, "Krippe Birke").await);
    for (kita, birth, n) in [(early, "2022-09-01", 205), (nursery, "2024-07-10", 1)] {
        for _ in 0..n {
            let family = Family {
                birth: day(birth),
                ..Family::default()
            };
            let made = waiting(&app, &family, &[kita]).await;
            bare(&app, kita, &made).await;
        }
    }
    for (kita, sql) in [
        (
            early,
            "UPDATE care_contract SET state = 'active', care_from = '2026-09-01', care_until = '2027-06-30'
              WHERE tenant_id = $1 AND facility_id = $2",
        ),
        (
            nursery,
            "UPDATE care_contract SET state = 'active', care_from = '2026-01-01', care_until = '2027-07-31'
              WHERE tenant_id = $1 AND facility_id = $2",
        ),
    ] {
        app.change(sql, kita.0).await;
        app.change(COVERED, kita.0).await;
    }
    run(&app, "ProposeFollowups").await.unwrap();
    let proposed = "SELECT count(*)::text FROM followup_demand p JOIN care_contract k ON k.tenant_id = p.tenant_id AND k.id = p.contract_id
                     WHERE p.tenant_id = $1 AND k.facility_id = $2";
    assert_eq!(count(&app, proposed, nursery).await, 1);
    assert_eq!(count(&app, proposed, early).await, 0);
}
