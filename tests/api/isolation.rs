//! The second wall: what the database itself keeps apart, for every table, as the application's role.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::support::{TestApp, urls};

/// All tenant tables with their columns that must be given.
async fn tenant_tables(conn: &mut PgConnection) -> Vec<String> {
    sqlx::query(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'job' ORDER BY 1",
    )
    .fetch_all(conn)
    .await
    .unwrap()
    .into_iter()
    .map(|row| row.get(0))
    .collect()
}

async fn app_connection() -> PgConnection {
    PgConnection::connect(&urls().app).await.unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn no_row_of_another_tenant_can_be_seen_changed_or_removed() {
    let app = TestApp::new().await;
    let other = app.other_tenant().await;
    let mut conn = app_connection().await;
    let tables = tenant_tables(&mut conn).await;
    assert!(tables.len() > 25, "{tables:?}");
    for table in &tables {
        let mut tx = conn.begin().await.unwrap();
        tx.execute(AssertSqlSafe(format!(
            "SET LOCAL app.tenant_id = '{}'",
            app.tenant.id.0
        )))
        .await
        .unwrap();
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT count(*) FROM {table} WHERE tenant_id <> $1"
        )))
        .bind(app.tenant.id.0)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(count, 0, "{table} shows rows of others");
        for statement in [
            format!(
                "UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = {}",
                other.id.0
            ),
            format!("DELETE FROM {table} WHERE tenant_id = {}", other.id.0),
        ] {
            let mut point = tx.begin().await.unwrap();
            match sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *point).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{statement}"),
                Err(error) => assert_eq!(code(&error), "42501", "{statement}: {error}"),
            }
            point.rollback().await.unwrap();
        }
        tx.rollback().await.unwrap();
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn without_a_tenant_nothing_is_seen_and_nothing_can_be_written() {
    let app = TestApp::new().await;
    let mut conn = app_connection().await;
    // The setting that a transaction leaves behind is an empty string, not NULL; both must mean nobody.
    for before in ["SELECT 1", "BEGIN; SET LOCAL app.tenant_id = '1'; COMMIT"] {
        conn.execute(before).await.unwrap();
        for table in tenant_tables(&mut conn).await {
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
                .fetch_one(&mut conn)
                .await
                .unwrap();
            assert_eq!(count, 0, "{table} is open without a tenant after {before}");
        }
        let insert = format!(
            "INSERT INTO tenant_profile (tenant_id, office_name, sender_name) VALUES ({}, 'x', 'x')",
            app.tenant.id.0
        );
        let refused = sqlx::query(AssertSqlSafe(insert)).execute(&mut conn).await.unwrap_err();
        assert_eq!(code(&refused), "42501");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_row_of_another_tenant_cannot_be_referred_to() {
    let app = TestApp::new().await;
    let other = app.other_tenant().await;
    let mut conn = app_connection().await;
    let provider = kitaplatz::platform::ids::random_uuid();
    let mut tx = conn.begin().await.unwrap();
    tx.execute(AssertSqlSafe(format!("SET LOCAL app.tenant_id = '{}'", other.id.0)))
        .await
        .unwrap();
    sqlx::query("INSERT INTO provider (tenant_id, id, name) VALUES ($1, $2, 'Träger')")
        .bind(other.id.0)
        .bind(provider)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    tx.execute(AssertSqlSafe(format!(
        "SET LOCAL app.tenant_id = '{}'",
        app.tenant.id.0
    )))
    .await
    .unwrap();
    let refused = sqlx::query("INSERT INTO facility (tenant_id, id, provider_id, name, created_at) VALUES ($1, gen_random_uuid(), $2, 'Kita', now())")
        .bind(app.tenant.id.0)
        .bind(provider)
        .execute(&mut *tx)
        .await
        .unwrap_err();
    assert_eq!(code(&refused), "23503");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_application_role_cannot_leave_its_cage() {
    TestApp::new().await;
    let mut conn = app_connection().await;
    for statement in [
        "CREATE TABLE app.mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "TRUNCATE provider",
        "SET ROLE kitaplatz_owner",
        "SET ROLE kitaplatz_backup",
        "ALTER TABLE provider DISABLE ROW LEVEL SECURITY",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "UPDATE content_version SET content = 'null'",
        "DELETE FROM content_version",
        "SELECT payload FROM job",
        "UPDATE job SET state = 'done'",
        "SELECT * FROM operator_account",
        "SELECT app.job_claim(now(), 1, 1, NULL)",
        "INSERT INTO tenant (slug, name, ags, ars, federal_state, created_at) VALUES ('mine', 'x', '14713', '14713', 'SN', now())",
    ] {
        let refused = conn.execute(statement).await.unwrap_err();
        assert_eq!(code(&refused), "42501", "{statement}: {refused}");
    }
}

fn code(error: &sqlx::Error) -> String {
    error
        .as_database_error()
        .and_then(|e| e.code())
        .unwrap_or_default()
        .into_owned()
}
