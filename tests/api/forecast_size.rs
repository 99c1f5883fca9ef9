//! A forecast of Frankfurt's size: `cargo test --release --test api forecast_of_frankfurt -- --ignored --nocapture`.

use std::time::Instant;

use kitaplatz::access::{TenantTx, as_system};
use sqlx::Connection;

use crate::support::{TestApp, superuser_url};

const FACILITIES: i32 = 800;
const CHILDREN: i32 = 35_000;

async fn seed(app: &TestApp, sql: &'static str, first: i32, last: i32) {
    as_system(&app.platform, &app.tenant, "test_seed", async |tx: &mut TenantTx| {
        let (tenant, now) = (tx.tenant_id().0, tx.now());
        let query = sqlx::query(sql).bind(tenant).bind(first).bind(last).bind(now);
        query.execute(tx.conn()).await
    })
    .await
    .unwrap();
}

const FACILITY: &str = "INSERT INTO facility (tenant_id, id, name, kind, care_types, district, created_at)
     SELECT $1, md5($1::text || ' facility ' || n)::uuid, 'Kita ' || n, CASE WHEN n % 8 = 0 THEN 'childminder' ELSE 'daycare' END,
            '{nursery,kindergarten}', 'Bezirk ' || n % 40, $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
const CAPACITY: &str = "INSERT INTO capacity (tenant_id, facility_id, age_band, from_month, licensed, operable)
     SELECT $1, md5($1::text || ' facility ' || n)::uuid, b.band, m.month, 40, 40
       FROM generate_series($2::int, $3::int) n, (VALUES ('under3'), ('over3')) b (band),
            (VALUES (date '2026-08-01'), (date '2027-08-01')) m (month)
      WHERE $4::timestamptz IS NOT NULL";
const PERMIT: &str = "WITH permit AS (
     INSERT INTO operating_permit (tenant_id, id, facility_id, valid_from)
     SELECT $1, md5($1::text || ' facility ' || n)::uuid, md5($1::text || ' facility ' || n)::uuid, '2026-01-01'
       FROM generate_series($2::int, $3::int) n WHERE n % 8 <> 0 AND $4::timestamptz IS NOT NULL RETURNING id)
     INSERT INTO permit_places (tenant_id, permit_id, care_type, age_band, places)
     SELECT $1, id, t.care_type, t.band, 45 FROM permit, (VALUES ('nursery', 'under3'), ('kindergarten', 'over3')) t (care_type, band)";
const STAFF: &str = "INSERT INTO qualified_staff (tenant_id, id, facility_id, weekly_minutes, valid_from, valid_to)
     SELECT $1, gen_random_uuid(), md5($1::text || ' facility ' || n)::uuid, 9000 + k * 900, date '2026-08-01' + k * 90,
            CASE k WHEN 3 THEN NULL ELSE date '2026-08-01' + k * 90 + 89 END
       FROM generate_series($2::int, $3::int) n, generate_series(0, 3) k WHERE n % 8 <> 0 AND $4::timestamptz IS NOT NULL";
const CHILD: &str = "INSERT INTO child (tenant_id, id, birth_date, created_at)
     SELECT $1, md5($1::text || ' child ' || n)::uuid, date '2021-02-02' + (n * 7919) % 2000, $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
const DEMAND: &str = "INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week,
                                               created_at, submitted_at, updated_at)
     SELECT $1, md5($1::text || ' demand ' || n)::uuid, md5($1::text || ' child ' || n)::uuid,
            upper(lpad(to_hex(n / 65536), 4, '0') || '-' || lpad(to_hex(n % 65536), 4, '0')), 'closed', 'nursery', '2026-08-01', 40,
            $4::timestamptz, '2026-01-10', $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
const PREFERENCE: &str = "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, received_at, state_since)
     SELECT $1, md5($1::text || ' wish ' || n)::uuid, md5($1::text || ' demand ' || n)::uuid, md5($1::text || ' facility ' || (1 + n % 800))::uuid,
            1, 'contracted', $4::timestamptz, $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
const OFFER: &str = "INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                             hours_per_week, deadline_on, expires_at, created_at)
     SELECT $1, md5($1::text || ' offer ' || n)::uuid, md5($1::text || ' demand ' || n)::uuid, md5($1::text || ' wish ' || n)::uuid,
            md5($1::text || ' facility ' || (1 + n % 800))::uuid, md5($1::text || ' child ' || n)::uuid, 'accepted', '2026-08-01',
            '2031-08-01', 40, '2026-03-01', $4::timestamptz, $4::timestamptz
       FROM generate_series($2::int, $3::int) n";
/// Under three until the month after the third birthday, and from then on over three until school entry.
const OCCUPANCY: &str = "INSERT INTO occupancy (tenant_id, id, facility_id, age_band, child_id, offer_id, state, from_month, until_month)
     SELECT $1, gen_random_uuid(), md5($1::text || ' facility ' || (1 + n % 800))::uuid, p.band, md5($1::text || ' child ' || n)::uuid,
            md5($1::text || ' offer ' || n)::uuid, CASE WHEN n % 12 = 0 THEN 'held' ELSE 'occupied' END, p.first, p.last
       FROM generate_series($2::int, $3::int) n
      CROSS JOIN LATERAL (SELECT (date_trunc('month', date '2021-02-02' + (n * 7919) % 2000) + interval '37 months')::date AS three) t
      CROSS JOIN LATERAL (VALUES ('under3', least(date '2026-08-01', (t.three - interval '2 months')::date), t.three),
                                 ('over3', t.three, (t.three + interval '38 months')::date)) p (band, first, last)
      WHERE $4::timestamptz IS NOT NULL";

#[ignore = "a measurement; run it by name in a release build"]
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn forecast_of_frankfurt_in_half_a_second() {
    let app = TestApp::new().await;
    for sql in [FACILITY, CAPACITY, PERMIT, STAFF] {
        seed(&app, sql, 1, FACILITIES).await;
    }
    for first in (1..CHILDREN).step_by(5000) {
        for sql in [CHILD, DEMAND, PREFERENCE, OFFER, OCCUPANCY] {
            seed(&app, sql, first, first + 4999).await;
        }
    }
    // What a database that was not filled a moment ago has done by itself.
    let mut owner = sqlx::PgConnection::connect(&superuser_url()).await.unwrap();
    sqlx::query("ANALYZE").execute(&mut owner).await.unwrap();
    let clerk = app.clerk().await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let forecast = clerk.get("/staff/forecast").await.ok();
        times.push(begun.elapsed().as_millis());
        assert_eq!(forecast["facilities"], FACILITIES);
        assert!(forecast["bands"][0]["months"][12]["occupied"].as_i64().unwrap() > 1000);
    }
    let begun = Instant::now();
    clerk.get("/staff/forecast?district=Bezirk%207").await.ok();
    let district = begun.elapsed().as_millis();
    eprintln!("{FACILITIES} facilities, {CHILDREN} children: tenant {times:?} ms, a planning area {district} ms");
    assert!(times.iter().min().is_some_and(|best| *best <= 500), "{times:?}");
}
