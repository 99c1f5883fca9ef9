//! The platform's operator: tenants and counts, and no family.

use kitaplatz::platform::ids::random_uuid;
use kitaplatz::tenancy::NewTenant;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::support::{Client, TestApp, urls};

const PASSWORD: &str = "vier grüne Pinguine tanzen leise";

pub(crate) async fn operator(app: &TestApp) -> Client {
    let email = format!("op-{}@example.org", random_uuid().simple());
    kitaplatz::operator::create_account(&app.platform, &email, &PASSWORD.into())
        .await
        .unwrap();
    let mut client = app.anonymous();
    let body = json!({"email": email, "password": PASSWORD});
    let answer = client.post("//api/v1/operator/session", body).await;
    client.keep(&answer);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-kp-operator=") && cookie.contains("HttpOnly") && cookie.contains("Secure"));
    assert_eq!(answer.ok()["account"]["email"], email);
    client
}

fn new_tenant(slug: &str) -> Value {
    json!({"slug": slug, "name": "Stadt Neustadt", "ags": "14713000", "ars": "147130000000", "federal_state": "SN",
        "admin_email": "leitung@neustadt.example", "language": "de"})
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_operator_makes_a_tenant_and_its_first_administrator_is_invited() {
    let app = TestApp::new().await;
    let operator = operator(&app).await;
    let slug = format!("n{}", &random_uuid().simple().to_string()[..12]);
    let send = |key: &'static str, body: Value| {
        let operator = operator.clone();
        async move {
            let headers = [("idempotency-key", key)];
            operator
                .send(Method::POST, "//api/v1/operator/tenants", Some(&body), &headers)
                .await
        }
    };
    let made = send("make-one-01", new_tenant(&slug)).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.ok()["state"], "active");
    assert_eq!(
        send("make-one-01", new_tenant(&slug)).await.headers["idempotency-replayed"],
        "true"
    );
    assert_eq!(
        send("make-two-02", new_tenant(&slug)).await.refused(409),
        "tenancy.taken"
    );
    let tenant = app
        .platform
        .tenants
        .by_slug(&slug, app.platform.clock.now())
        .await
        .unwrap()
        .unwrap();
    let token: String = kitaplatz::access::as_system(&app.platform, &tenant, "test_outbox", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar("SELECT context ->> 'token' FROM notification WHERE tenant_id = $1 AND kind = 'invitation'")
            .bind(tenant.0)
            .fetch_one(tx.conn())
            .await
    })
    .await
    .map_err(|e: sqlx::Error| e)
    .unwrap();
    let body = json!({"token": token, "display_name": "Leitung", "password": PASSWORD});
    let session = app.client_of(&tenant).post("/invitations/accept", body).await.ok();
    assert_eq!(session["roles"][0]["role"], "tenant_admin");
    let bad = json!({"slug": "api", "name": "", "ags": "1", "ars": "1", "federal_state": "XX", "admin_email": "x@y.de", "language": "de"});
    assert!(send("make-bad-03", bad).await.faults().len() >= 4);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_tenant_that_was_cut_short_is_carried_on_to_its_invitation() {
    let app = TestApp::new().await;
    let operator = operator(&app).await;
    let slug = format!("n{}", &random_uuid().simple().to_string()[..12]);
    // What stands when the process dies between the tenant and the invitation.
    let registered = NewTenant {
        slug: slug.clone(),
        name: "Stadt Neustadt".into(),
        ags: "14713000".into(),
        ars: "147130000000".into(),
        federal_state: "SN".into(),
        language: "de".into(),
    };
    let tenant = kitaplatz::tenancy::create(&app.platform, registered).await.unwrap();
    let send = async |key: &str, body: &Value| {
        let headers = [("idempotency-key", key)];
        operator
            .send(Method::POST, "//api/v1/operator/tenants", Some(body), &headers)
            .await
    };
    let mut other = new_tenant(&slug);
    other["name"] = json!("Stadt Anders");
    assert_eq!(send("carry-on-00", &other).await.refused(409), "tenancy.taken");
    let body = new_tenant(&slug);
    assert_eq!(send("carry-on-01", &body).await.status, 201);
    let again = send("carry-on-01", &body).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(send("carry-on-02", &body).await.refused(409), "tenancy.taken");
    let invitations: i64 = kitaplatz::access::as_system(&app.platform, &tenant, "test_outbox", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar("SELECT count(*) FROM notification WHERE tenant_id = $1 AND kind = 'invitation'")
            .bind(tenant.0)
            .fetch_one(tx.conn())
            .await
    })
    .await
    .map_err(|e: sqlx::Error| e)
    .unwrap();
    assert_eq!(invitations, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_suspended_tenant_says_so_and_comes_back_whole() {
    let app = TestApp::new().await;
    let operator = operator(&app).await;
    let parent = app.parent("anna@example.org").await;
    let path = format!("//api/v1/operator/tenants/{}", app.tenant.slug);
    let patch = |body: Value| {
        let (operator, path) = (operator.clone(), path.clone());
        async move { operator.send(Method::PATCH, &path, Some(&body), &[]).await }
    };
    let before = patch(json!({"name": "Stadt Umbenannt"})).await.ok();
    assert_eq!(
        (&before["accounts"], &before["name"]),
        (&json!(1), &json!("Stadt Umbenannt"))
    );
    assert_eq!(patch(json!({"state": "suspended"})).await.ok()["state"], "suspended");
    let closed = parent.get("/session").await;
    assert_eq!(closed.refused(503), "tenant.suspended");
    assert_eq!(patch(json!({"state": "active"})).await.status, 200);
    assert_eq!(
        parent.get("/session").await.ok()["account"]["email"],
        "anna@example.org"
    );
    assert_eq!(patch(json!({"host": "not a host"})).await.faults()[0].0, "/host");
    let missing = operator
        .send(
            Method::PATCH,
            "//api/v1/operator/tenants/nowhere",
            Some(&json!({})),
            &[],
        )
        .await;
    assert_eq!(missing.refused(404), "not_found");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_operator_s_door_is_an_own_one() {
    let app = TestApp::new().await;
    let (operator, admin) = (operator(&app).await, app.admin().await);
    assert_eq!(operator.get("/family").await.refused(401), "access.signed_out");
    assert_eq!(operator.get("/admin/staff").await.refused(401), "access.signed_out");
    assert_eq!(
        admin.get("//api/v1/operator/tenants").await.refused(401),
        "access.signed_out"
    );
    assert_eq!(
        admin.get("//api/v1/operator/session").await.ok()["account"],
        Value::Null
    );
    let wrong = json!({"email": "nobody@example.org", "password": PASSWORD});
    let refused = app.anonymous().post("//api/v1/operator/session", wrong).await;
    assert_eq!(refused.refused(401), "identity.credentials");
    let page = operator.get("//api/v1/operator/tenants?limit=1").await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(operator.delete("//api/v1/operator/session").await.status, 204);
    assert_eq!(
        operator.get("//api/v1/operator/tenants").await.refused(401),
        "access.signed_out"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_operator_s_role_reads_no_table_of_a_tenant() {
    let app = TestApp::new().await;
    let mut conn = PgConnection::connect(&urls().ops).await.unwrap();
    let tables: Vec<String> = sqlx::query(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'job' ORDER BY 1",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap()
    .into_iter()
    .map(|row| row.get(0))
    .collect();
    assert!(tables.len() > 25);
    for table in tables {
        for column in ["*", "tenant_id"] {
            let sql = format!("SELECT {column} FROM app.{table} WHERE tenant_id = {}", app.tenant.id.0);
            let refused = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap_err();
            let code = refused
                .as_database_error()
                .and_then(|e| e.code())
                .unwrap_or_default()
                .into_owned();
            assert_eq!(code, "42501", "{table}.{column}");
        }
    }
}
