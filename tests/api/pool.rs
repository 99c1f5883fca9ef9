//! Connections that come back from the pool: cancelled, failed and panicking units of work leave nothing behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kitaplatz::access::{TenantTx, as_system};
use kitaplatz::platform::db::TenantRef;

use crate::support::TestApp;

const TASKS: usize = 32;
const UNITS: usize = 60;

/// A small generator with a fixed seed per task: the same run every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn unit(tx: &mut TenantTx, key: &str, fail: bool) -> Result<(), sqlx::Error> {
    let mine = tx.tenant_id();
    let seen: (Option<String>, i64) =
        sqlx::query_as("SELECT current_setting('app.tenant_id'), count(*) FROM throttle WHERE tenant_id <> $1")
            .bind(mine.0)
            .fetch_one(tx.conn())
            .await?;
    assert_eq!(seen, (Some(mine.0.to_string()), 0), "a unit of work saw another tenant");
    sqlx::query("INSERT INTO throttle (tenant_id, key, window_start, count) VALUES ($1, $2, now(), 1)")
        .bind(mine.0)
        .bind(key)
        .execute(tx.conn())
        .await?;
    if fail {
        sqlx::query("SELECT 1 / 0").execute(tx.conn()).await?;
    }
    Ok(())
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn cancelled_and_failed_work_leaves_no_transaction_and_loses_no_acknowledged_write() {
    let app = TestApp::new().await;
    let mut tenants: Vec<Arc<TenantRef>> = vec![app.tenant.clone()];
    for _ in 0..3 {
        tenants.push(app.other_tenant().await);
    }
    let cancelled = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (platform, tenants, cancelled) = (app.platform.clone(), tenants.clone(), cancelled.clone());
            actix_web::rt::spawn(async move {
                let mut dice = Dice(task as u64 + 1);
                let mut acknowledged = Vec::new();
                for n in 0..UNITS {
                    let tenant = &tenants[dice.roll(4) as usize];
                    let key = format!("unit-{task}-{n}");
                    let fail = dice.roll(10) == 0;
                    let work = as_system(&platform, tenant, "pool_test", async |tx| unit(tx, &key, fail).await);
                    // Three in ten are dropped at some await, as a careless caller would; nothing here protects them.
                    let patience = Duration::from_micros(if dice.roll(10) < 3 {
                        dice.roll(4_000)
                    } else {
                        60_000_000
                    });
                    match tokio::time::timeout(patience, work).await {
                        Ok(Ok(())) => acknowledged.push((tenant.id.0, key)),
                        Ok(Err(error)) => assert!(fail || matches!(error, sqlx::Error::PoolTimedOut), "{error}"),
                        Err(_) => {
                            cancelled.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for task in tasks {
        acknowledged.extend(task.await.unwrap());
    }
    assert!(
        cancelled.load(Ordering::Relaxed) > TASKS,
        "the test cancels too little to prove anything"
    );
    assert!(acknowledged.len() > TASKS * UNITS / 3);
    for tenant in &tenants {
        let stored: Vec<String> = as_system(&app.platform, tenant, "pool_test", async |tx| {
            let id = tx.tenant_id();
            sqlx::query_scalar("SELECT key FROM throttle WHERE tenant_id = $1")
                .bind(id.0)
                .fetch_all(tx.conn())
                .await
        })
        .await
        .unwrap();
        for (id, key) in acknowledged.iter().filter(|(id, _)| *id == tenant.id.0) {
            assert!(stored.contains(key), "tenant {id} lost the acknowledged {key}");
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_failed_unit_of_work_changes_nothing_and_is_not_in_the_audit() {
    let app = TestApp::new().await;
    let failed = as_system(&app.platform, &app.tenant, "pool_test", async |tx| {
        unit(tx, "lost", true).await
    })
    .await;
    assert!(failed.is_err());
    let left: (i64, i64) = as_system(&app.platform, &app.tenant, "pool_check", async |tx| {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM throttle), (SELECT count(*) FROM audit_event WHERE action = 'pool_test')",
        )
        .fetch_one(tx.conn())
        .await
    })
    .await
    .unwrap();
    assert_eq!(left, (0, 0));
}
