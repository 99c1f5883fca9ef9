//! A tenant leaves: everything is handed over as files, two operators destroy it, and not a row is left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kitaplatz::operator::{self, CARRIERS, Destruction, OperatorError, SECRETS};
use kitaplatz::platform::crypto::sha256;
use kitaplatz::platform::ids::random_uuid;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::refusal::world::World;
use crate::support::TestApp;

const PASSWORD: &str = "vier grüne Pinguine tanzen leise";

async fn operator(app: &TestApp) -> String {
    let email = format!("op-{}@example.org", random_uuid().simple());
    operator::create_account(&app.platform, &email, &PASSWORD.into())
        .await
        .unwrap();
    email
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{}", random_uuid().simple()))
}

/// Rows of a tenant by table, counted by the superuser.
async fn rows(world: &World, tenant: i32) -> BTreeMap<String, i64> {
    let mut conn = world.database.superuser().await;
    let tables = sqlx::query(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p')",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let mut found = BTreeMap::new();
    for row in tables {
        let table: String = row.get(0);
        let sql = format!("SELECT count(*) FROM app.{table} WHERE tenant_id = $1");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(tenant)
            .fetch_one(&mut conn)
            .await
            .unwrap();
        found.insert(table, count);
    }
    found
}

async fn suspend(world: &World) {
    let app = &world.ours.app;
    let mut conn = world.database.superuser().await;
    app.at("2027-02-02T09:00:00Z");
    sqlx::query("UPDATE app.tenant SET state = 'suspended', suspended_at = $2 WHERE id = $1")
        .bind(app.tenant.id.0)
        .bind(app.platform.clock.now())
        .execute(&mut conn)
        .await
        .unwrap();
    app.platform.tenants.forget();
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn everything_of_a_tenant_is_handed_over_and_nothing_of_another() {
    let world = World::new().await;
    let (ours, theirs) = (&world.ours.app, &world.theirs.app);
    let to = folder();
    let manifest = operator::export_tenant(&ours.platform, &ours.tenant.slug, &to)
        .await
        .unwrap();
    // Every table that has a tenant, but for the jobs, which the application cannot read and which carry ids only.
    let mut there = rows(&world, ours.tenant.id.0).await;
    there.remove("job");
    let handed: BTreeMap<String, i64> = manifest
        .tables
        .iter()
        .map(|(name, table)| (name.clone(), table.rows))
        .collect();
    assert_eq!(handed, there);
    assert!(handed["child"] > 40 && handed["round_case"] > 0 && handed["audit_event"] > 100);
    for (name, table) in &manifest.tables {
        for file in [&table.csv, &table.json] {
            let bytes = std::fs::read(to.join(&file.file)).unwrap();
            assert_eq!(u64::try_from(bytes.len()).unwrap(), file.bytes);
            let sum: String = sha256(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(sum, file.sha256, "{name}");
        }
        let lines: Vec<Value> = text(&to.join(&table.json.file))
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(i64::try_from(lines.len()).unwrap(), table.rows, "{name}");
        let header = text(&to.join(&table.csv.file)).lines().next().unwrap().to_owned();
        assert_eq!(header, table.columns.join(","), "{name}");
        for line in lines {
            assert_eq!(line["tenant_id"], ours.tenant.id.0, "{name}");
            let columns: Vec<&String> = line.as_object().unwrap().keys().collect();
            assert_eq!(columns.len(), table.columns.len(), "{name}");
        }
    }
    // Secrets are left out, the same that the reviewed file calls secrets.
    let reviewed: Vec<String> = include_str!("../../docs/operator/personendaten.txt")
        .lines()
        .filter(|line| {
            line.split_whitespace().nth(1) == Some("secret") && !line.starts_with('#') && !line.starts_with("operator_")
        })
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    let secrets: Vec<String> = SECRETS
        .iter()
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(reviewed, secrets);
    let carriers = CARRIERS.iter().map(|(table, column)| format!("{table}.{column}"));
    let mut left_out: Vec<String> = secrets.into_iter().chain(carriers).collect();
    left_out.sort();
    assert_eq!(manifest.left_out, left_out);
    let all: String = manifest
        .tables
        .values()
        .map(|table| text(&to.join(&table.json.file)))
        .collect();
    for id in world.theirs.here.ids.values() {
        assert!(!all.contains(&id.to_string()), "{id} is of {}", theirs.tenant.slug);
    }
    // What is sealed in its table is handed over open: with the installation's key nobody will read it afterwards.
    let answers = text(&to.join(&manifest.opened_answers.file));
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(i64::try_from(answers.len()).unwrap(), handed["survey_child"]);
    assert!(answers.iter().all(|line| line["answers"].is_object()));
    let again = operator::export_tenant(&ours.platform, &ours.tenant.slug, &to).await;
    assert!(
        matches!(again, Err(OperatorError::File(_))),
        "a folder that is there is not written into"
    );
    std::fs::remove_dir_all(&to).unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn two_operators_destroy_a_suspended_tenant_and_not_a_row_is_left() {
    let world = World::new().await;
    let (app, slug) = (&world.ours.app, world.ours.app.tenant.slug.as_str());
    let (first, second) = (operator(app).await, operator(app).await);
    let (early, to) = (folder(), folder());
    operator::export_tenant(&app.platform, slug, &early).await.unwrap();
    let manifest = to.join("manifest.json");
    let destroy = async |email: &str, password: &str| {
        operator::destroy_tenant(&app.platform, slug, &manifest, email, password.into()).await
    };
    assert!(matches!(
        destroy(&first, PASSWORD).await,
        Err(OperatorError::NotSuspended)
    ));
    suspend(&world).await;
    // What was handed over while people still wrote is not all that there is.
    let old = operator::destroy_tenant(
        &app.platform,
        slug,
        &early.join("manifest.json"),
        &first,
        PASSWORD.into(),
    )
    .await;
    assert!(matches!(old, Err(OperatorError::EarlierManifest)));
    std::fs::remove_dir_all(&early).unwrap();
    app.at("2027-02-02T09:00:10Z");
    operator::export_tenant(&app.platform, slug, &to).await.unwrap();
    let wrong = destroy(&first, "ein anderes Wort mit Länge").await;
    assert!(matches!(wrong, Err(OperatorError::Credentials)));
    let before = (
        rows(&world, app.tenant.id.0).await,
        rows(&world, world.theirs.app.tenant.id.0).await,
    );
    assert!(before.0.values().sum::<i64>() > 1000);
    assert!(matches!(destroy(&first, PASSWORD).await, Ok(Destruction::Requested)));
    assert!(matches!(
        destroy(&first, PASSWORD).await,
        Err(OperatorError::SecondPerson)
    ));
    assert_eq!(
        rows(&world, app.tenant.id.0).await,
        before.0,
        "one person destroys nothing"
    );
    // A file that was changed is not what was handed over.
    for name in ["child.csv", "care_sheet.opened.jsonl", "survey_child.opened.jsonl"] {
        let file = to.join(name);
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, b"x").unwrap();
        assert!(matches!(
            destroy(&second, PASSWORD).await,
            Err(OperatorError::OtherManifest)
        ));
        std::fs::write(&file, whole).unwrap();
    }
    let Destruction::Done(numbers) = destroy(&second, PASSWORD).await.unwrap() else {
        panic!("it is confirmed")
    };
    let deleted: BTreeMap<String, i64> = serde_json::from_value(numbers).unwrap();
    assert_eq!(deleted, before.0, "what was deleted, table by table");
    assert!(rows(&world, app.tenant.id.0).await.values().all(|count| *count == 0));
    assert_eq!(
        rows(&world, world.theirs.app.tenant.id.0).await,
        before.1,
        "the other town stands as it stood"
    );
    assert!(
        matches!(destroy(&first, PASSWORD).await, Err(OperatorError::Missing)),
        "there is no such tenant any more"
    );
    the_proof_stands(&world, &first, &second).await;
    std::fs::remove_dir_all(&to).unwrap();
}

async fn the_proof_stands(world: &World, first: &str, second: &str) {
    let mut conn = world.database.superuser().await;
    let row = sqlx::query(
        "SELECT requested_by, confirmed_by, rows_left, destroyed_at IS NOT NULL FROM app.tenant_destruction WHERE tenant_number = $1",
    )
    .bind(world.ours.app.tenant.id.0)
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert_eq!((row.get::<&str, _>(0), row.get::<&str, _>(1)), (first, second));
    assert_eq!((row.get::<i64, _>(2), row.get::<bool, _>(3)), (0, true));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_operators_role_alone_can_destroy_nothing() {
    let app = TestApp::new().await;
    let mut ops = PgConnection::connect(&crate::support::urls().ops).await.unwrap();
    let made: Result<_, sqlx::Error> = sqlx::query(
        "INSERT INTO app.tenant_destruction (id, slug, tenant_number, manifest_sha256, requested_by, requested_at, confirmed_by, confirmed_at)
         VALUES ($1, $2, $3, repeat('0', 64), 'a@example.org', now(), 'a@example.org', now())",
    )
    .bind(random_uuid())
    .bind(&app.tenant.slug)
    .bind(app.tenant.id.0)
    .execute(&mut ops)
    .await;
    assert!(made.is_err(), "one person twice is one person");
    for sql in [
        "DELETE FROM app.child",
        "SELECT count(*) FROM app.child",
        "DELETE FROM app.tenant",
        "SET ROLE kitaplatz_jobs",
    ] {
        let refused = sqlx::query(sql).execute(&mut ops).await.unwrap_err();
        let code = refused
            .as_database_error()
            .and_then(|db| db.code())
            .unwrap_or_default()
            .into_owned();
        assert_eq!(code, "42501", "{sql}");
    }
}
