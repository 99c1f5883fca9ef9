//! The schema lint: silent on our schema, loud when a wall is missing.

use kitaplatz::platform::db::lint::findings;
use sqlx::{Connection, Executor, PgConnection};

use crate::support::{Database, TestApp};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_schema_breaks_no_rule() {
    let app = TestApp::new().await;
    let found = app.platform.db.lint().await.unwrap();
    assert!(found.is_empty(), "{found:#?}");
}

/// The negative control: each damage is made in a transaction that is rolled back, and the lint must name it.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_missing_wall_is_found() {
    // On a database of its own: a dropped policy takes a lock that the other tests would wait for.
    let database = Database::new("lint_control").await;
    let damages = [
        ("DROP POLICY tenant_isolation ON child", "restrictive tenant policy"),
        (
            "ALTER TABLE child NO FORCE ROW LEVEL SECURITY",
            "forces row-level security",
        ),
        (
            "ALTER TABLE household DISABLE ROW LEVEL SECURITY",
            "forces row-level security",
        ),
        ("CREATE TABLE stray (id int PRIMARY KEY)", "tenant_id is int NOT NULL"),
        ("CREATE INDEX stray ON facility (name)", "tenant_id comes first"),
        ("ALTER TABLE provider ADD UNIQUE (website)", "tenant_id comes first"),
        ("ALTER TABLE session ADD COLUMN stray timestamp", "timestamptz"),
        ("ALTER TABLE criterion ADD COLUMN stray float8", "not floats"),
        ("CREATE VIEW stray AS SELECT * FROM child", "views run with the rights"),
        (
            "CREATE MATERIALIZED VIEW stray AS SELECT 1 AS one",
            "no materialised view",
        ),
        (
            "CREATE FUNCTION stray() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            "SECURITY DEFINER",
        ),
        ("GRANT DELETE ON audit_event TO kitaplatz_app", "append-only"),
        (
            "DROP POLICY tenant_isolation ON child; CREATE POLICY tenant_isolation ON child AS RESTRICTIVE FOR ALL TO PUBLIC \
             USING (tenant_id = app.tenant()) WITH CHECK (tenant_id = app.tenant())",
            "restrictive tenant policy",
        ),
    ];
    let mut conn = PgConnection::connect(&database.url("migrate")).await.unwrap();
    conn.execute("SET ROLE kitaplatz_owner; SET search_path = app, public")
        .await
        .unwrap();
    for (damage, rule) in damages {
        let mut tx = conn.begin().await.unwrap();
        tx.execute(damage).await.unwrap();
        let found = findings(&mut tx).await.unwrap();
        assert!(
            found.iter().any(|f| f.rule.contains(rule)),
            "{damage} was not found: {found:?}"
        );
        tx.rollback().await.unwrap();
    }
    assert!(findings(&mut conn).await.unwrap().is_empty());
}
