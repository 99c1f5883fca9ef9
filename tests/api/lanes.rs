//! Jobs are done on lanes: what somebody waits for does not wait behind the work of the night.

use std::time::Duration;

use kitaplatz::platform::jobs::{Registry, Worker};
use sqlx::PgConnection;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::{Database, TestApp};

static NIGHT_BEGAN: Notify = Notify::const_new();
static WORK_BEGAN: Notify = Notify::const_new();
static MAIL_LEFT: Notify = Notify::const_new();
static MAY_END: Notify = Notify::const_new();

/// Work of the night and work of a change that both end only when the mail has left.
fn registry() -> Registry {
    Registry::default()
        .every(3600, "Night", |_, _| {
            Box::pin(async {
                NIGHT_BEGAN.notify_one();
                MAY_END.notified().await;
                Ok(())
            })
        })
        .on("Work", |_, _| {
            Box::pin(async {
                WORK_BEGAN.notify_one();
                MAY_END.notified().await;
                Ok(())
            })
        })
        .promptly("Mail", |_, _| {
            Box::pin(async {
                MAIL_LEFT.notify_one();
                Ok(())
            })
        })
}

async fn put(conn: &mut PgConnection, app: &TestApp, kind: &str) {
    sqlx::query("INSERT INTO app.job (tenant_id, kind, payload, run_at, created_at) VALUES ($1, $2, 'null', $3, $3)")
        .bind(app.tenant.id.0)
        .bind(kind)
        .bind(app.platform.clock.now())
        .execute(conn)
        .await
        .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_mail_leaves_while_longer_work_is_under_way() {
    let database = Database::new("lanes").await;
    let app = TestApp::on(&database).await;
    let mut conn = database.superuser().await;
    let worker = Worker::new(app.platform.clone(), registry()).unwrap();
    let stop = CancellationToken::new();
    let running = actix_web::rt::spawn({
        let stop = stop.clone();
        async move { worker.run(stop).await }
    });
    put(&mut conn, &app, "Work").await;
    put(&mut conn, &app, "Work").await;
    let soon = async |what: &Notify| tokio::time::timeout(Duration::from_secs(30), what.notified()).await;
    soon(&NIGHT_BEGAN).await.expect("the night's work begins");
    soon(&WORK_BEGAN).await.expect("the work begins");
    put(&mut conn, &app, "Mail").await;
    soon(&MAIL_LEFT).await.expect("the mail leaves before they end");
    stop.cancel();
    MAY_END.notify_one();
    MAY_END.notify_one();
    tokio::time::timeout(Duration::from_secs(30), running)
        .await
        .expect("told to stop, what runs is done and nothing is begun")
        .unwrap();
    let states = sqlx::query_scalar::<_, String>("SELECT string_agg(kind || ' ' || state, ', ' ORDER BY id) FROM app.job WHERE kind IN ('Night', 'Work', 'Mail') AND tenant_id = $1")
        .bind(app.tenant.id.0)
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(states.matches("Work done").count(), 1, "{states}");
    assert_eq!(states.matches("Work waiting").count(), 1, "{states}");
    assert!(
        states.contains("Mail done") && states.contains("Night done"),
        "{states}"
    );
}
