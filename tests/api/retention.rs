//! Deletion by period: ten years go by, night after night, and nothing is there longer than it may be.

use chrono::Datelike;
use kitaplatz::platform::ids::ChildId;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::refusal::world::World;
use crate::support::TestApp;
use crate::support::contracts::Placed;
use crate::support::demands::with_settings;

async fn count(conn: &mut PgConnection, app: &TestApp, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .bind(app.tenant.id.0)
        .fetch_one(conn)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn change(conn: &mut PgConnection, app: &TestApp, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .bind(app.tenant.id.0)
        .execute(conn)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// What may not be there on a day (`$2`), each in words of its own: the period of the class and a day.
const OVERDUE: [(&str, &str); 14] = [
    (
        "author of a version",
        "SELECT count(*) FROM app.content_version v
          WHERE v.tenant_id = $1 AND v.made_by IS NOT NULL AND v.recorded_at + interval '24 months 1 day' < $2::date",
    ),
    (
        "demand without a place",
        "SELECT count(*) FROM app.care_demand d JOIN app.child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
          WHERE d.tenant_id = $1 AND d.state IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded') AND c.restricted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM app.round_case r WHERE r.tenant_id = d.tenant_id AND r.demand_id = d.id)
            AND NOT EXISTS (SELECT 1 FROM app.place_offer o JOIN app.followup_decision f ON f.tenant_id = o.tenant_id AND f.offer_id = o.id
                             WHERE o.tenant_id = d.tenant_id AND o.demand_id = d.id)
            AND make_date(extract(year FROM d.ended_at)::int + (extract(month FROM d.ended_at) >= 8)::int, 8, 1) + interval '12 months 1 day'
                < $2::date",
    ),
    (
        "demand with a contract",
        "SELECT count(*) FROM app.care_contract k JOIN app.child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
          WHERE k.tenant_id = $1 AND c.restricted_at IS NULL AND k.care_until + interval '120 months 1 day' < $2::date",
    ),
    (
        "notice on a licence",
        "SELECT count(*) FROM app.notice n WHERE n.tenant_id = $1 AND n.demand_id IS NULL AND n.objection_until + interval '120 months 1 day' < $2::date",
    ),
    (
        "case of a round",
        "SELECT count(*) FROM app.round_case c JOIN app.allocation_round r ON r.tenant_id = c.tenant_id AND r.id = c.round_id
           JOIN app.child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
          WHERE c.tenant_id = $1 AND k.restricted_at IS NULL
            AND make_date(extract(year FROM r.ended_at)::int + 1, 1, 1) + interval '36 months 1 day' < $2::date",
    ),
    (
        "decision of a follow-up list",
        "SELECT count(*) FROM app.followup_decision f JOIN app.place_offer o ON o.tenant_id = f.tenant_id AND o.id = f.offer_id
           JOIN app.child k ON k.tenant_id = o.tenant_id AND k.id = o.child_id
          WHERE f.tenant_id = $1 AND k.restricted_at IS NULL
            AND make_date(extract(year FROM f.at)::int + 1, 1, 1) + interval '36 months 1 day' < $2::date",
    ),
    (
        "draft",
        "SELECT count(*) FROM app.care_demand WHERE tenant_id = $1 AND state = 'draft' AND updated_at + interval '91 days' < $2::date",
    ),
    (
        "child without a demand",
        "SELECT count(*) FROM app.child c WHERE c.tenant_id = $1 AND c.restricted_at IS NULL AND c.created_at + interval '91 days' < $2::date
            AND NOT EXISTS (SELECT 1 FROM app.care_demand d WHERE d.tenant_id = c.tenant_id AND d.child_id = c.id)",
    ),
    (
        "guardian of nobody",
        "SELECT count(*) FROM app.guardian g WHERE g.tenant_id = $1 AND g.account_id IS NULL AND $2::date IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM app.custody c WHERE c.tenant_id = g.tenant_id AND c.guardian_id = g.id)",
    ),
    (
        "account that nobody uses",
        "SELECT count(*) FROM app.account a
          WHERE a.tenant_id = $1 AND a.kind = 'parent' AND COALESCE(a.last_sign_in_at, a.created_at) + interval '24 months 1 day' < $2::date
            AND NOT EXISTS (SELECT 1 FROM app.guardian g JOIN app.custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
                             WHERE g.tenant_id = a.tenant_id AND g.account_id = a.id)",
    ),
    (
        "mandate that ended",
        "SELECT count(*) FROM app.mandate m
          WHERE m.tenant_id = $1 AND LEAST(m.ended_at, m.valid_until::timestamptz) + interval '24 months 1 day' < $2::date
            AND NOT EXISTS (SELECT 1 FROM app.mandate_child k JOIN app.child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
                             WHERE k.tenant_id = m.tenant_id AND k.mandate_id = m.id AND c.restricted_at IS NOT NULL)",
    ),
    (
        "message",
        "SELECT count(*) FROM app.notification
          WHERE tenant_id = $1 AND ((state IN ('queued', 'dead', 'to_print') AND created_at + interval '91 days' < $2::date)
             OR (state IN ('sent', 'printed') AND COALESCE(sent_at, printed_at) + interval '31 days' < $2::date
                 AND (context <> '{}' OR to_address <> ''))
             OR (demand_id IS NULL AND created_at + interval '24 months 1 day' < $2::date))",
    ),
    (
        "audit event",
        "SELECT (SELECT count(*) FROM app.audit_event WHERE tenant_id = $1 AND at + interval '24 months 1 day' < $2::date)
              + (SELECT count(*) FROM app.audit_child WHERE tenant_id = $1 AND at + interval '24 months 1 day' < $2::date)",
    ),
    (
        "what lives for days",
        "SELECT (SELECT count(*) FROM app.job WHERE tenant_id = $1 AND state IN ('done', 'dead') AND run_at + interval '31 days' < $2::date)
              + (SELECT count(*) FROM app.session WHERE tenant_id = $1 AND expires_at + interval '1 day' < $2::date)
              + (SELECT count(*) FROM app.account_token WHERE tenant_id = $1 AND expires_at + interval '91 days' < $2::date)
              + (SELECT count(*) FROM app.idempotency_key WHERE tenant_id = $1 AND created_at + interval '2 days' < $2::date)
              + (SELECT count(*) FROM app.throttle WHERE tenant_id = $1 AND window_start + interval '2 days' < $2::date)",
    ),
];

/// The world of the matrix, in which everything happened once, is brought to its end: demands end, rounds close, care ends.
async fn all_ends(conn: &mut PgConnection, app: &TestApp) {
    for sql in [
        "UPDATE app.allocation_round SET state = 'closed', paused_from = NULL, ended_at = '2027-02-01T09:00:00Z' WHERE tenant_id = $1",
        "UPDATE app.place_offer SET state = 'expired' WHERE tenant_id = $1 AND state IN ('sent', 'viewed')",
        "UPDATE app.care_contract SET care_from = '2027-02-01', care_until = '2027-09-01' WHERE tenant_id = $1",
        "UPDATE app.facility_preference SET state = 'withdrawn', paused_from = NULL WHERE tenant_id = $1 AND state NOT IN ('draft', 'accepted')",
        "UPDATE app.care_demand SET state = 'withdrawn', ended_at = '2027-02-01T09:00:00Z'
          WHERE tenant_id = $1 AND state NOT IN ('draft', 'covered', 'closed')",
    ] {
        change(conn, app, sql).await;
    }
}

/// A childminder whose application was refused, by a notice that became final.
async fn refused_licence(conn: &mut PgConnection, app: &TestApp) {
    let sql = "INSERT INTO app.notice (tenant_id, id, kind, state, file_number, facility_id, title, decision, reasons, remedy, objection_months,
                                       drafted_by, drafted_at, edited_by, approved_by, approved_at, posted_on, served_on, objection_until,
                                       issued_by)
               SELECT f.tenant_id, gen_random_uuid(), 'licence_refusal', 'final', 'PE 7', f.id, 'Ablehnung', 'Nein.', 'Weil.', 'Widerspruch.', 1,
                      a.one, '2027-01-04T09:00:00Z', a.one, a.two, '2027-01-04T10:00:00Z', '2027-01-04', '2027-01-08',
                      '2027-02-08', a.one
                 FROM app.facility f,
                      LATERAL (SELECT min(id::text)::uuid AS one, max(id::text)::uuid AS two FROM app.account
                                WHERE tenant_id = f.tenant_id AND kind = 'staff') a
                WHERE f.tenant_id = $1 LIMIT 1";
    change(conn, app, sql).await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn in_ten_years_nothing_is_kept_for_longer_than_its_period() {
    let world = World::new().await;
    let mut conn = world.database.superuser().await;
    let app = &world.ours.app;
    all_ends(&mut conn, app).await;
    let kept: ChildId = ChildId(world.ours.here.ids["child_id"]);
    let path = format!("/office/children/{kept}/restriction");
    // Care with this one has ended: nothing is restricted before.
    let over = format!("UPDATE app.care_contract SET state = 'ended' WHERE tenant_id = $1 AND child_id = '{kept}'");
    change(&mut conn, app, &over).await;
    let admin = app.admin().await;
    let custody = admin.get(&format!("/office/children/{kept}/custody")).await.ok();
    let ground = json!({"ground": "legal_claim"});
    admin
        .edit(Method::PUT, &path, custody["child_version"].as_i64().unwrap(), ground)
        .await
        .ok();
    refused_licence(&mut conn, app).await;
    let licences = "SELECT count(*) FROM app.notice WHERE tenant_id = $1 AND demand_id IS NULL";
    assert!(count(&mut conn, app, licences).await > 0);
    let before = count(&mut conn, app, "SELECT count(*) FROM app.child WHERE tenant_id = $1").await;
    assert!(before > 40, "{before}");
    // Another day of each month while most periods end, of each quarter afterwards; over eleven years, with a leap day among them.
    let mut day: chrono::NaiveDate = "2027-02-02".parse().unwrap();
    let mut looked = 0;
    while day < "2038-03-01".parse().unwrap() {
        app.at(&format!("{day}T03:00:00Z"));
        // What was tried until now is over before the night begins.
        app.run_jobs().await;
        app.run_periodic().await;
        for (what, sql) in OVERDUE {
            let left: i64 = sqlx::query_scalar(sql)
                .bind(app.tenant.id.0)
                .bind(day)
                .fetch_one(&mut conn)
                .await
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(left, 0, "{what} on {day}");
            looked += 1;
        }
        day = day + chrono::Days::new(if day.year() < 2030 { 33 } else { 97 });
    }
    assert!(looked > 600, "{looked}");
    everything_is_gone_but(&mut conn, app, kept).await;
    assert_eq!(count(&mut conn, app, licences).await, 0);
    // Lifted, it goes the next night.
    let admin = app.admin().await;
    let custody = admin.get(&format!("/office/children/{kept}/custody")).await.ok();
    let lifted = json!({"ground": null});
    admin
        .edit(Method::PUT, &path, custody["child_version"].as_i64().unwrap(), lifted)
        .await
        .ok();
    app.run_periodic().await;
    for table in ["child", "care_demand", "custody", "round_case", "decision_record"] {
        let sql = format!("SELECT count(*) FROM app.{table} WHERE tenant_id = $1");
        assert_eq!(count(&mut conn, app, &sql).await, 0, "{table}");
    }
    the_log_names_nobody(&mut conn, app).await;
}

async fn everything_is_gone_but(conn: &mut PgConnection, app: &TestApp, kept: ChildId) {
    let of_child =
        |table: &str| format!("SELECT count(*) FROM app.{table} WHERE tenant_id = $1 AND child_id <> '{kept}'");
    for table in [
        "care_demand",
        "place_offer",
        "care_contract",
        "occupancy",
        "round_case",
        "custody",
    ] {
        assert_eq!(count(conn, app, &of_child(table)).await, 0, "{table}");
    }
    let restricted = format!("SELECT count(*) FROM app.care_demand WHERE tenant_id = $1 AND child_id = '{kept}'");
    assert_eq!(count(conn, app, &restricted).await, 1, "what is restricted is kept");
    assert_eq!(
        count(conn, app, "SELECT count(*) FROM app.child WHERE tenant_id = $1").await,
        1
    );
    assert_eq!(
        count(
            conn,
            app,
            "SELECT count(*) FROM app.followup_decision WHERE tenant_id = $1"
        )
        .await,
        0
    );
    // The other town was not touched by what happened here.
    let others = "SELECT count(*) FROM app.child WHERE tenant_id <> $1";
    assert!(count(conn, app, others).await > 0);
}

async fn the_log_names_nobody(conn: &mut PgConnection, app: &TestApp) {
    let classes = "SELECT count(DISTINCT class) FROM app.retention_log WHERE tenant_id = $1";
    assert!(count(conn, app, classes).await >= 8, "most classes were at work");
    let columns =
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'app.retention_log'::regclass AND attnum > 0 AND $1 > 0";
    assert_eq!(
        count(conn, app, columns).await,
        7,
        "tenant, id, run, time, class, cut-off, number"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_dry_run_says_what_the_night_will_delete_and_changes_nothing() {
    let world = World::new().await;
    let mut conn = world.database.superuser().await;
    let app = &world.ours.app;
    all_ends(&mut conn, app).await;
    // Somebody who signed on paper, and whose child came into an account of the same person.
    let signed = "WITH g AS (INSERT INTO app.guardian (tenant_id, id, first_name, last_name)
                             VALUES ($1, gen_random_uuid(), 'Jana', 'Unterschrift') RETURNING id)
                  INSERT INTO app.contract_signature (tenant_id, id, contract_id, side, guardian_id, name, way, signed_on, at)
                  SELECT $1, gen_random_uuid(), k.id, 'guardian', g.id, 'Jana', 'paper', '2027-01-01', '2027-01-01T00:00:00Z'
                    FROM g, (SELECT id FROM app.care_contract WHERE tenant_id = $1 ORDER BY id LIMIT 1) k";
    change(&mut conn, app, signed).await;
    // And somebody who signed with the account, which has no child any more and was not used for years.
    let by_account = "WITH a AS (INSERT INTO app.account (tenant_id, id, email, kind, created_at)
                                 VALUES ($1, gen_random_uuid(), 'unterschrift@example.org', 'parent', '2019-01-01T00:00:00Z') RETURNING id),
                           g AS (INSERT INTO app.guardian (tenant_id, id, account_id, first_name, last_name)
                                 SELECT $1, gen_random_uuid(), a.id, 'Kim', 'Unterschrift' FROM a RETURNING id, account_id)
                      INSERT INTO app.contract_signature (tenant_id, id, contract_id, side, guardian_id, name, way, signed_on, account_id, at)
                      SELECT $1, gen_random_uuid(), k.id, 'guardian', g.id, 'Kim', 'code', '2027-01-01', g.account_id, '2027-01-01T00:00:00Z'
                        FROM g, (SELECT id FROM app.care_contract WHERE tenant_id = $1 ORDER BY id LIMIT 1) k";
    change(&mut conn, app, by_account).await;
    app.at("2028-08-01T03:00:00Z");
    app.run_jobs().await;
    let admin = app.admin().await;
    let dry = admin.get("/admin/retention").await.ok();
    let due = |body: &Value, class: &str| {
        let rows = body["classes"].as_array().unwrap();
        rows.iter().find(|row| row["class"] == class).unwrap()["due"]
            .as_i64()
            .unwrap()
    };
    assert_eq!(dry["classes"].as_array().unwrap().len(), 14);
    assert_eq!(dry["log"], json!([]));
    let unserved = due(&dry, "unserved");
    assert!(unserved > 5, "{dry}");
    let again = admin.get("/admin/retention").await.ok();
    assert_eq!(due(&again, "unserved"), unserved, "nothing was changed");
    app.run_periodic().await;
    let after = admin.get("/admin/retention").await.ok();
    let logged: i64 = after["log"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["class"] == "unserved")
        .map(|line| line["deleted"].as_i64().unwrap())
        .sum();
    assert_eq!(logged, unserved);
    for row in after["classes"].as_array().unwrap() {
        assert_eq!(row["due"], 0, "{row}");
    }
    let there = "SELECT count(*) FROM app.guardian WHERE tenant_id = $1 AND last_name = 'Unterschrift'";
    assert_eq!(
        count(&mut conn, app, there).await,
        2,
        "as long as the contract that was signed"
    );
    assert_eq!(app.clerk().await.get("/admin/retention").await.status, 403);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_municipality_sets_its_periods_and_a_period_that_proves_nothing_is_refused() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"retention": {"audit_months": 12}})).await;
    let admin = app.admin().await;
    let body = admin.get("/admin/retention").await.ok();
    let audit = body["classes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["class"] == "audit")
        .unwrap();
    assert_eq!(
        (audit["period"].as_i64(), audit["cutoff"].as_str()),
        (Some(12), Some("2026-02-01"))
    );
    let settings = admin.get("/admin/settings").await.ok();
    let mut wanted = settings["current"]["settings"].clone();
    wanted["retention"]["decision_months"] = json!(1);
    let version = settings["version"].as_i64().unwrap();
    let answer = admin
        .edit(
            Method::PUT,
            "/admin/settings",
            version,
            json!({"valid_from": "2027-02-01", "settings": wanted}),
        )
        .await;
    assert_eq!(
        answer.faults(),
        [(
            "/settings/retention/decision_months".to_owned(),
            "out_of_range".to_owned()
        )]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nothing_is_restricted_while_care_needs_it() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let admin = app.admin().await;
    let path = format!("/office/children/{}/restriction", placed.family.child);
    let view = format!("/office/children/{}/custody", placed.family.child);
    let restrict = async || {
        let version = admin.get(&view).await.ok()["child_version"].as_i64().unwrap();
        admin
            .edit(Method::PUT, &path, version, json!({"ground": "objection"}))
            .await
    };
    assert_eq!(
        restrict().await.refused(409),
        "family.contract_running",
        "lists and sheets go on"
    );
    let over =
        "UPDATE care_contract SET state = 'ended', began_on = care_from WHERE tenant_id = $1 AND facility_id = $2";
    app.change(over, placed.facility.0).await;
    restrict().await.ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_restricted_is_seen_by_administrators_only() {
    let app = TestApp::new().await;
    let facility = crate::support::facilities::facility(&app, "Kita Ahorn").await;
    let demand = app.sent_demand("jana@example.org", &[facility]).await;
    let (admin, clerk, manager) = (app.admin().await, app.clerk().await, app.manager(facility).await);
    let path = format!("/office/children/{}/restriction", demand.child);
    let view = format!("/office/children/{}/custody", demand.child);
    let version = admin.get(&view).await.ok()["child_version"].as_i64().unwrap();
    let open = admin
        .edit(Method::PUT, &path, version, json!({"ground": "objection"}))
        .await;
    assert_eq!(open.refused(409), "family.demand_open");
    demand.withdraw().await.ok();
    let seen = |page: &Value| page["items"].as_array().unwrap().len();
    let ended = "/office/demands";
    assert_eq!(seen(&clerk.get(ended).await.ok()), 1);
    let restricted = admin
        .edit(Method::PUT, &path, version, json!({"ground": "objection"}))
        .await
        .ok();
    assert_eq!(restricted["ground"], "objection");
    assert_eq!(seen(&clerk.get(ended).await.ok()), 0);
    assert_eq!(clerk.get(&format!("/office/demands/{}", demand.id)).await.status, 404);
    assert_eq!(clerk.get(&view).await.status, 404);
    assert_eq!(seen(&manager.get("/staff/preferences?state=withdrawn").await.ok()), 0);
    assert_eq!(seen(&admin.get(ended).await.ok()), 1);
    assert_eq!(admin.get(&view).await.ok()["restricted"], "objection");
    // The family sees its own as before.
    assert_eq!(demand.get().await["state"], "withdrawn");
}
