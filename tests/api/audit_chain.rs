//! The chain of the audit: whatever is altered, removed or put in afterwards is found, by page, by command and every night.

use kitaplatz::access::as_system;
use kitaplatz::audit::{self, Fault, Head, Verdict};
use reqwest::Method;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::support::{TestApp, superuser_url};

async fn connect() -> PgConnection {
    PgConnection::connect(&superuser_url()).await.unwrap()
}

/// As somebody who owns the database would: no trigger and no right is in the way.
async fn tamper(app: &TestApp, sql: &str) {
    let mut conn = connect().await;
    let done = sqlx::query(AssertSqlSafe(sql.to_owned()))
        .bind(app.tenant.id.0)
        .execute(&mut conn)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert!(done.rows_affected() > 0, "{sql} changed nothing");
}

async fn verify(app: &TestApp, expected: Option<&Head>) -> Verdict {
    let work = as_system(&app.platform, &app.tenant, "test_verify", async |tx| {
        audit::verify(tx, expected).await
    });
    work.await.map_err(|error: sqlx::Error| error.to_string()).unwrap()
}

/// So many events of somebody who looks at something.
async fn events(app: &TestApp, n: i32) {
    let mut conn = connect().await;
    sqlx::query(
        "INSERT INTO app.audit_event (tenant_id, id, at, actor_kind, action, object_id)
         SELECT $1, gen_random_uuid(), $2::timestamptz + make_interval(secs => g), 'system', 'get_settings', gen_random_uuid() FROM generate_series(1, $3) g",
    )
    .bind(app.tenant.id.0)
    .bind(app.platform.clock.now())
    .bind(n)
    .execute(&mut conn)
    .await
    .unwrap();
}

/// The event at a place of the chain.
async fn at(app: &TestApp, seq: i64) -> Uuid {
    let mut conn = connect().await;
    sqlx::query_scalar("SELECT event_id FROM app.audit_link WHERE tenant_id = $1 AND seq = $2")
        .bind(app.tenant.id.0)
        .bind(seq)
        .fetch_one(&mut conn)
        .await
        .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_administrator_sees_a_whole_chain_and_then_the_first_broken_event() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.get("/admin/settings").await.ok();
    let chain = admin
        .send(Method::POST, "/admin/audit/chain/verify", None, &[])
        .await
        .ok();
    assert!(chain["sealed"].as_i64().unwrap() > 0 && chain["checks"][0]["fault"].is_null());
    assert_eq!(chain["head"], chain["checks"][0]["head"]);
    let event = at(&app, 2).await;
    tamper(
        &app,
        &format!("UPDATE app.audit_event SET actor_id = gen_random_uuid() WHERE tenant_id = $1 AND id = '{event}'"),
    )
    .await;
    // The newest check stands first, by the clock.
    app.at("2027-02-01T09:01:00Z");
    let chain = admin
        .send(Method::POST, "/admin/audit/chain/verify", None, &[])
        .await
        .ok();
    assert_eq!(
        (&chain["checks"][0]["fault"], &chain["checks"][0]["event_id"]),
        (&json!("altered"), &json!(event))
    );
    // The night finds it as well, and the page shows what it found.
    app.run_periodic().await;
    let shown = admin.get("/admin/audit/chain").await.ok();
    assert_eq!(
        (shown["checks"].as_array().unwrap().len(), &shown["checks"][0]["fault"]),
        (3, &json!("altered"))
    );
    // Nobody but an administrator looks there.
    app.clerk().await.get("/admin/audit/chain").await.refused(403);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whatever_is_done_to_any_event_is_found() {
    let app = TestApp::new().await;
    events(&app, 400).await;
    assert_eq!(verify(&app, None).await.broken, None);
    let mut conn = connect().await;
    // Each of many places, each in a transaction that is rolled back.
    for seq in (1..=400_i64).step_by(7) {
        let event = at(&app, seq).await;
        let damage = match seq % 4 {
            0 => "UPDATE app.audit_event SET action = 'sign_in'",
            1 => "UPDATE app.audit_event SET at = at + interval '1 microsecond'",
            2 => "DELETE FROM app.audit_event",
            _ => "UPDATE app.audit_event SET on_behalf_of = gen_random_uuid()",
        };
        let mut tx = conn.begin().await.unwrap();
        sqlx::query(AssertSqlSafe(format!("{damage} WHERE tenant_id = $1 AND id = $2")))
            .bind(app.tenant.id.0)
            .bind(event)
            .execute(&mut *tx)
            .await
            .unwrap();
        let differs: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM app.audit_link l LEFT JOIN app.audit_event e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
              WHERE l.tenant_id = $1 AND (e.id IS NULL OR app.audit_hash(e) <> l.event_hash)",
        )
        .bind(app.tenant.id.0)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(differs, 1, "{damage} at {seq}");
        tx.rollback().await.unwrap();
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_kind_of_damage_has_its_name_and_its_event() {
    let damages = [
        ("DELETE FROM app.audit_event WHERE tenant_id = $1 AND id = '{}'", Fault::Removed),
        // Who also takes the link away leaves a gap, and the next one does not follow.
        (
            "WITH event AS (DELETE FROM app.audit_event WHERE tenant_id = $1 AND id = '{}' RETURNING id)
             DELETE FROM app.audit_link WHERE tenant_id = $1 AND event_id IN (SELECT id FROM event)",
            Fault::Relinked,
        ),
        // Who computes the event's own hash anew has not computed the chain.
        (
            "UPDATE app.audit_link SET event_hash = sha256('x') WHERE tenant_id = $1 AND event_id = '{}'",
            Fault::Relinked,
        ),
        // The end cut off, with its links: what is chained afterwards does not follow.
        (
            "WITH event AS (DELETE FROM app.audit_event WHERE tenant_id = $1 AND at > (SELECT e.at FROM app.audit_event e WHERE e.id = '{}') RETURNING id)
             DELETE FROM app.audit_link WHERE tenant_id = $1 AND event_id IN (SELECT id FROM event)",
            Fault::Relinked,
        ),
    ];
    for (sql, fault) in damages {
        let app = TestApp::new().await;
        events(&app, 6).await;
        assert_eq!(verify(&app, None).await.broken, None);
        let event = at(&app, 3).await;
        tamper(&app, &sql.replace("{}", &event.to_string())).await;
        let broken = verify(&app, None)
            .await
            .broken
            .unwrap_or_else(|| panic!("{sql} was not found"));
        assert_eq!(broken.fault, fault, "{sql}");
        if fault == Fault::Removed {
            assert_eq!(broken.event, Some(event));
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_event_that_is_put_in_is_found_with_and_without_its_link() {
    let app = TestApp::new().await;
    events(&app, 3).await;
    assert_eq!(verify(&app, None).await.broken, None);
    let insert = "INSERT INTO app.audit_event (tenant_id, id, at, actor_kind, action) VALUES ($1, gen_random_uuid(), '2027-01-15T08:00:00Z', 'staff', 'get_family')";
    let mut conn = connect().await;
    let mut tx = conn.begin().await.unwrap();
    sqlx::raw_sql("SET LOCAL session_replication_role = replica")
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query(insert)
        .bind(app.tenant.id.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(verify(&app, None).await.broken.unwrap().fault, Fault::Inserted);
    let other = TestApp::new().await;
    events(&other, 3).await;
    assert_eq!(verify(&other, None).await.broken, None);
    tamper(&other, insert).await;
    assert_eq!(verify(&other, None).await.broken.unwrap().fault, Fault::Backdated);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_chain_that_was_made_anew_does_not_pass_through_a_head_written_down_elsewhere() {
    let app = TestApp::new().await;
    events(&app, 5).await;
    let head = verify(&app, None).await.head;
    events(&app, 5).await;
    assert_eq!(verify(&app, Some(&head)).await.broken, None);
    // The owner of everything removes an event and lets the sealer make the chain again from nothing.
    let event = at(&app, 2).await;
    tamper(
        &app,
        &format!("DELETE FROM app.audit_event WHERE tenant_id = $1 AND id = '{event}'"),
    )
    .await;
    tamper(
        &app,
        &format!("DELETE FROM app.audit_link WHERE tenant_id = $1 AND event_id = '{event}'"),
    )
    .await;
    tamper(
        &app,
        "UPDATE app.audit_link SET seq = NULL, chain_hash = NULL WHERE tenant_id = $1",
    )
    .await;
    tamper(&app, "DELETE FROM app.audit_chain WHERE tenant_id = $1").await;
    assert_eq!(verify(&app, None).await.broken, None, "seen from inside, it is whole");
    assert_eq!(verify(&app, Some(&head)).await.broken.unwrap().fault, Fault::Cut);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_deleted_by_period_leaves_a_chain_that_holds_and_no_more_can_be_cut_off() {
    let app = TestApp::new().await;
    events(&app, 20).await;
    verify(&app, None).await;
    app.at("2029-06-01T02:00:00Z");
    events(&app, 20).await;
    verify(&app, None).await;
    app.at("2030-07-01T02:00:00Z");
    app.run_periodic().await;
    let verdict = verify(&app, None).await;
    assert_eq!(verdict.broken, None);
    let mut conn = connect().await;
    let (old, forgotten): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM app.audit_event WHERE tenant_id = $1 AND at < '2028-01-01'),
                (SELECT forgotten_seq FROM app.audit_chain WHERE tenant_id = $1)",
    )
    .bind(app.tenant.id.0)
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert!(old == 0 && forgotten >= 20, "{old} {forgotten}");
    // Who cuts off more and moves the beginning along takes what no period would have taken.
    let event = at(&app, forgotten + 25).await;
    tamper(&app, &format!(
        "WITH last AS (SELECT seq, chain_hash, at FROM app.audit_link WHERE tenant_id = $1 AND event_id = '{event}'),
              links AS (DELETE FROM app.audit_link l USING last WHERE l.tenant_id = $1 AND l.seq <= last.seq RETURNING l.event_id),
              gone AS (DELETE FROM app.audit_event WHERE tenant_id = $1 AND id IN (SELECT event_id FROM links))
         UPDATE app.audit_chain c SET forgotten_seq = last.seq, forgotten_hash = last.chain_hash, forgotten_until = last.at FROM last WHERE c.tenant_id = $1"
    )).await;
    assert_eq!(verify(&app, None).await.broken.unwrap().fault, Fault::Cut);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn many_write_while_it_is_sealed_and_every_event_comes_into_the_chain_once() {
    let app = TestApp::new().await;
    let clients = futures_util::future::join_all((0..6).map(|_| app.admin())).await;
    let reads = clients.iter().map(|admin| async {
        for _ in 0..15 {
            admin.get("/admin/settings").await.ok();
        }
    });
    let seals = async {
        for _ in 0..10 {
            assert_eq!(verify(&app, None).await.broken, None);
        }
    };
    futures_util::future::join(futures_util::future::join_all(reads), seals).await;
    let verdict = verify(&app, None).await;
    assert_eq!(verdict.broken, None);
    let mut conn = connect().await;
    let (events, sealed): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(l.seq) FROM app.audit_event e JOIN app.audit_link l ON l.tenant_id = e.tenant_id AND l.event_id = e.id WHERE e.tenant_id = $1",
    )
    .bind(app.tenant.id.0)
    .fetch_one(&mut conn)
    .await
    .unwrap();
    // The last look's own event is not sealed yet.
    assert_eq!((events, sealed), (verdict.events + 1, verdict.events));
    assert!(events > 100, "{events}");
}

async fn piece(app: &TestApp) -> Option<Verdict> {
    let work = as_system(&app.platform, &app.tenant, "test_piece", async |tx| {
        audit::verify_piece(tx).await
    });
    work.await.map_err(|error: sqlx::Error| error.to_string()).unwrap()
}

/// Goes on until there is a verdict; answers how many pieces it took.
async fn in_pieces(app: &TestApp) -> (usize, Verdict) {
    for n in 1..100 {
        if let Some(verdict) = piece(app).await {
            return (n, verdict);
        }
    }
    panic!("it does not come to an end");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_look_is_put_down_and_taken_up_again_and_finds_what_lies_behind() {
    let app = TestApp::new().await;
    events(&app, 500).await;
    let (_, whole) = in_pieces(&app).await;
    assert_eq!(whole.broken, None);
    // A look that was put down after 200 links goes on there, with the head of its beginning.
    let put_down = "INSERT INTO app.audit_progress (tenant_id, begun_at, until_seq, until_hash, seq, hash, latest, events)
         SELECT $1, now(), c.sealed_seq, c.sealed_hash, l.seq, l.chain_hash, l.at, 200
           FROM app.audit_chain c JOIN app.audit_link l ON l.tenant_id = c.tenant_id AND l.seq = 200 WHERE c.tenant_id = $1";
    tamper(&app, put_down).await;
    let until = whole.head.seq;
    events(&app, 20).await;
    let (_, rest) = in_pieces(&app).await;
    assert_eq!(
        (rest.broken, rest.head.seq >= until, rest.events >= 500),
        (None, true, true)
    );
    // Nothing is left of it, and the next look begins at the beginning.
    let mut conn = connect().await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM app.audit_progress WHERE tenant_id = $1")
        .bind(app.tenant.id.0)
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(left, 0);
    let broken = at(&app, 300).await;
    tamper(&app, put_down).await;
    tamper(
        &app,
        &format!("DELETE FROM app.audit_event WHERE tenant_id = $1 AND id = '{broken}'"),
    )
    .await;
    let (_, verdict) = in_pieces(&app).await;
    let found = verdict.broken.unwrap();
    assert_eq!((found.fault, found.event), (Fault::Removed, Some(broken)));
    // What was deleted by period meanwhile is behind it; the rest is looked at.
    let forgotten = "UPDATE app.audit_chain c SET forgotten_seq = l.seq, forgotten_hash = l.chain_hash
           FROM app.audit_link l WHERE c.tenant_id = $1 AND l.tenant_id = c.tenant_id AND l.seq = 350";
    tamper(&app, put_down).await;
    tamper(&app, forgotten).await;
    let (_, verdict) = in_pieces(&app).await;
    assert_eq!(verdict.broken, None);
}

/// What the application's role may do, or the code with which the database refuses it.
async fn as_application(app: &TestApp, sql: &str) -> Result<u64, String> {
    let done = as_system(&app.platform, &app.tenant, "test_door", async |tx| {
        sqlx::query(AssertSqlSafe(sql.to_owned()))
            .execute(tx.conn())
            .await
            .map(|done| done.rows_affected())
    });
    done.await.map_err(|error| {
        let database = error.as_database_error().and_then(|db| db.code());
        database.map_or(error.to_string(), |code| code.into_owned())
    })
}

/// Puts a look down that began at midnight: at a link, as the chain has it or with another hash.
fn put_down(place: i64, hash: Option<&str>) -> String {
    let hash = hash.map_or(
        format!("(SELECT l.chain_hash FROM audit_link l WHERE l.seq = {place})"),
        |text| format!("sha256('{text}')"),
    );
    format!(
        "SELECT app.put_down_look('2027-02-01T23:00:00Z', c.sealed_seq, c.sealed_hash, {place}, {hash}, NULL, NULL, {place}) FROM audit_chain c"
    )
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_application_puts_a_look_down_where_the_chain_holds_and_nowhere_else() {
    const REFUSED: &str = "42501";
    let app = TestApp::new().await;
    events(&app, 400).await;
    assert_eq!(verify(&app, None).await.broken, None);
    let refused = Err(REFUSED.to_owned());
    // Another head, a hash of one's own, a place beyond the head.
    let other_head = put_down(100, None).replace("c.sealed_seq", "c.sealed_seq - 1");
    for sql in [other_head, put_down(100, Some("x")), put_down(10_000, Some("x"))] {
        assert_eq!(as_application(&app, &sql).await, refused, "{sql}");
    }
    assert_eq!(as_application(&app, &put_down(200, None)).await, Ok(1));
    // It goes no way back, its head stays, and events come after the links.
    let too_early = put_down(250, None).replace("NULL, NULL", "now(), gen_random_uuid()");
    let another = put_down(250, None).replace("23:00:00Z", "22:00:00Z");
    for sql in [put_down(100, None), too_early, another] {
        assert_eq!(as_application(&app, &sql).await, refused, "{sql}");
    }
    // Past the doors there is no way at all.
    for sql in [
        "UPDATE audit_progress SET seq = until_seq, hash = until_hash",
        "DELETE FROM audit_progress",
        "INSERT INTO audit_progress (tenant_id, begun_at, until_seq, until_hash, seq, hash, events)
         SELECT c.tenant_id, now(), c.sealed_seq, c.sealed_hash, c.sealed_seq, c.sealed_hash, 0 FROM audit_chain c",
    ] {
        assert_eq!(as_application(&app, sql).await, refused, "{sql}");
    }
    // Nobody gets past what is wrong, and the look finds it from there.
    let broken = at(&app, 300).await;
    tamper(
        &app,
        &format!("UPDATE app.audit_event SET actor_id = gen_random_uuid() WHERE tenant_id = $1 AND id = '{broken}'"),
    )
    .await;
    for place in [300, 350] {
        assert_eq!(as_application(&app, &put_down(place, None)).await, refused, "{place}");
    }
    assert_eq!(as_application(&app, &put_down(299, None)).await, Ok(1));
    let (_, verdict) = in_pieces(&app).await;
    let found = verdict.broken.unwrap();
    assert_eq!((found.fault, found.event), (Fault::Altered, Some(broken)));
    let count = as_application(&app, "SELECT 1 FROM audit_progress").await;
    assert_eq!(count, Ok(0), "the look is through");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_look_that_is_put_down_and_taken_up_by_its_doors_comes_to_its_end() {
    let app = TestApp::new().await;
    events(&app, 400).await;
    let whole = verify(&app, None).await;
    for place in [100, 250, whole.head.seq] {
        assert_eq!(as_application(&app, &put_down(place, None)).await, Ok(1), "{place}");
    }
    // The links are done: then it is an event that it is put down at, unless one was put in without a link.
    let last = format!(
        "{}, at, id, 400) FROM audit_chain c, LATERAL (SELECT e.at, e.id FROM audit_event e ORDER BY e.at, e.id LIMIT 1 OFFSET 100) e",
        put_down(whole.head.seq, None).split(", NULL, NULL").next().unwrap()
    );
    assert_eq!(as_application(&app, &last).await, Ok(1), "{last}");
    let mut conn = connect().await;
    let insert = "SET session_replication_role = replica;
         INSERT INTO app.audit_event (tenant_id, id, at, actor_kind, action) SELECT tenant_id, gen_random_uuid(), at, 'staff', 'get_family'
           FROM app.audit_link WHERE seq = 200 AND tenant_id = ";
    sqlx::raw_sql(AssertSqlSafe(format!("{insert}{}", app.tenant.id.0)))
        .execute(&mut conn)
        .await
        .unwrap();
    let behind = last.replace("OFFSET 100", "OFFSET 300");
    assert_eq!(as_application(&app, &behind).await, Err("42501".to_owned()));
    let (_, verdict) = in_pieces(&app).await;
    assert_eq!(verdict.broken.unwrap().fault, Fault::Inserted);
}
