//! A round of Frankfurt's size, from the database to a stored, verified proposal: `cargo test --release --test api frankfurt -- --ignored --nocapture`.

use std::time::Instant;

use kitaplatz::access::{TenantTx, as_system};
use serde_json::json;
use sqlx::Connection;

use crate::support::rounds::Round;
use crate::support::{TestApp, superuser_url};

const FACILITIES: i32 = 800;
const CHILDREN: i32 = 20_000;
const WISHES: i32 = 8;
const PLACES: i32 = 18_000;

async fn seed(app: &TestApp, sql: &'static str, first: i32, last: i32) {
    as_system(&app.platform, &app.tenant, "test_seed", async |tx: &mut TenantTx| {
        let (tenant, now) = (tx.tenant_id().0, tx.now());
        // A town in one statement takes longer than a request may.
        sqlx::query("SET LOCAL statement_timeout = '5min'")
            .execute(tx.conn())
            .await?;
        sqlx::query(sql)
            .bind(tenant)
            .bind(first)
            .bind(last)
            .bind(now)
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
}

/// An id that both ends of a reference can compute.
const FACILITY: &str = "INSERT INTO facility (tenant_id, id, name, kind, care_types, created_at)
     SELECT $1, md5($1::text || ' facility ' || n)::uuid, 'Kita ' || n, 'daycare', '{nursery,kindergarten}', $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
const POOL: &str = "INSERT INTO place_pool (tenant_id, facility_id, age_band, base_month, bookable)
     SELECT $1, md5($1::text || ' facility ' || n)::uuid, b.band, '2027-02-01', array_fill((CASE b.band WHEN 'under3' THEN 22 + n % 2 ELSE 99 END), ARRAY[84])
       FROM generate_series($2::int, $3::int) n, (VALUES ('under3'), ('over3')) b (band)
      WHERE $4::timestamptz IS NOT NULL";
const CHILD: &str = "INSERT INTO child (tenant_id, id, first_name, last_name, birth_date, created_at)
     SELECT $1, md5($1::text || ' child ' || n)::uuid, 'Mia', 'Braun', date '2025-08-02' + (n * 7919) % 400, $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
const DEMAND: &str = "INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week,
                                               created_at, submitted_at, updated_at, scored_on)
     SELECT $1, md5($1::text || ' demand ' || n)::uuid, md5($1::text || ' child ' || n)::uuid,
            upper(lpad(to_hex(n / 65536), 4, '0') || '-' || lpad(to_hex(n % 65536), 4, '0')), 'confirmed', 'nursery', '2027-08-01', 40,
            $4::timestamptz, '2027-01-10', $4::timestamptz, '2099-01-01'
       FROM generate_series($2::int, $3::int) n";
const PREFERENCE: &str = "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, points, received_at, state_since)
     SELECT $1, md5($1::text || ' wish ' || n || ' ' || r)::uuid, md5($1::text || ' demand ' || n)::uuid,
            md5($1::text || ' facility ' || (1 + (n * 31 + r * r * 17 + (n / 800) * r) % 800))::uuid, r, 'received', (n * 13) % 25,
            $4::timestamptz, $4::timestamptz
       FROM generate_series($2::int, $3::int) n, generate_series(1, 8) r
     ON CONFLICT (tenant_id, demand_id, facility_id) DO NOTHING";

const SET: &str = "INSERT INTO criteria_set (tenant_id, id, number, name, state, valid_from, tie_breaks, created_at, published_at)
     SELECT $1, md5($1::text || ' set')::uuid, n, 'Kriterien', 'published', '2027-01-01', '{age_older,lottery}', $4::timestamptz, $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
/// Five rules of which two count, with the birth day as the tie-break.
const SCORE: &str = "INSERT INTO preference_score (tenant_id, preference_id, set_id, counts_on, rank, points, ties, reserves, lines, counted_at)
     SELECT $1, p.id, md5($1::text || ' set')::uuid, '2027-01-31', 0, p.points, ARRAY[-(n * 7919 % 400)]::bigint[], '{}',
            (SELECT jsonb_agg(jsonb_build_object('code', 'criterion_' || i, 'outcome', CASE WHEN i < 3 THEN 'counted' ELSE 'does_not_hold' END,
                                                 'points', CASE i WHEN 1 THEN p.points ELSE 0 END, 'rank', 0, 'number', NULL,
                                                 'evidence', CASE WHEN i < 3 THEN 'seen' END, 'evidence_due', NULL))
               FROM generate_series(1, 5) i), $4::timestamptz
       FROM generate_series($2::int, $3::int) n
       JOIN facility_preference p ON p.tenant_id = $1 AND p.demand_id = md5($1::text || ' demand ' || n)::uuid";

const DISTRICT: &str = "UPDATE facility f SET district = 'Bezirk ' || (1 + n % $3::int)
       FROM generate_series($2::int, 800) n
      WHERE f.tenant_id = $1 AND f.id = md5($1::text || ' facility ' || n)::uuid AND $4::timestamptz IS NOT NULL";
const CLAIM: &str = "UPDATE care_demand d SET legal_claim = true, legal_claim_asserted_at = $4, legal_due_on = date '2027-01-01' + n % 400
       FROM generate_series($2::int, $3::int) n
      WHERE d.tenant_id = $1 AND d.id = md5($1::text || ' demand ' || n)::uuid AND n % 2 = 0";

/// 35,000 families with up to eight wishes at 800 facilities in 46 districts, every second with the legal claim asserted.
pub async fn fill(app: &TestApp) {
    seed(app, FACILITY, 1, FACILITIES).await;
    seed(app, DISTRICT, 1, 46).await;
    for first in (1..35_000).step_by(2500) {
        for sql in [CHILD, DEMAND, PREFERENCE, CLAIM] {
            seed(app, sql, first, first + 2499).await;
        }
    }
    let mut owner = sqlx::PgConnection::connect(&superuser_url()).await.unwrap();
    sqlx::query("ANALYZE").execute(&mut owner).await.unwrap();
}

#[ignore = "a measurement; run it by name in a release build"]
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn frankfurt_from_the_database_to_a_stored_and_verified_proposal() {
    let app = TestApp::new().await;
    seed(&app, FACILITY, 1, FACILITIES).await;
    seed(&app, POOL, 1, FACILITIES).await;
    seed(&app, SET, 1, 1).await;
    for first in (1..CHILDREN).step_by(2000) {
        for sql in [CHILD, DEMAND, PREFERENCE, SCORE] {
            seed(&app, sql, first, first + 1999).await;
        }
    }
    // What a database that was not filled a moment ago has done by itself.
    let mut owner = sqlx::PgConnection::connect(&superuser_url()).await.unwrap();
    sqlx::query("ANALYZE").execute(&mut owner).await.unwrap();
    let at_once = Round::planned(&app).await;
    let begun = Instant::now();
    at_once.freeze_and_run().await;
    let together = begun.elapsed();
    at_once.step("cancel").await.ok();
    let round = Round::planned(&app).await;
    let begun = Instant::now();
    round.step("freeze").await.ok();
    let frozen = begun.elapsed();
    let mut runs = Vec::new();
    for _ in 0..3 {
        let begun = Instant::now();
        round.run().await;
        runs.push(begun.elapsed().as_millis());
    }
    let begun = Instant::now();
    app.run_jobs().await;
    let chances = begun.elapsed();
    let set: uuid::Uuid = as_system(&app.platform, &app.tenant, "test_seed", async |tx: &mut TenantTx| {
        sqlx::query_scalar("SELECT id FROM criteria_set")
            .fetch_one(tx.conn())
            .await
    })
    .await
    .unwrap();
    let begun = Instant::now();
    let compare = json!({ "criteria_set_ids": [set] });
    round.clerk.post(&round.path("/simulations"), compare).await.ok();
    eprintln!(
        "chances of the newest run and all mails {} ms, one set beside the frozen order {} ms",
        chances.as_millis(),
        begun.elapsed().as_millis()
    );
    let report = round.report().await;
    let begun = Instant::now();
    assert_eq!(round.verify_all(&app).await, 4);
    eprintln!(
        "{CHILDREN} children, {FACILITIES} facilities, up to {WISHES} wishes, {PLACES} places: freeze with its dry run {} ms, freeze alone {} ms, runs {runs:?} ms, four runs verified anew in {} ms\n{}",
        together.as_millis(),
        frozen.as_millis(),
        begun.elapsed().as_millis(),
        json!({"figures": report["figures"], "first_preference_first": report["first_preference_first"], "rank_histogram": report["rank_histogram"]})
    );
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    assert_eq!(report["figures"]["justified_envy"], 0);
}
