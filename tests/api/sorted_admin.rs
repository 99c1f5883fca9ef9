//! Lists of who administers: rounds, keys of machine clients, and the operator's tenants come once each in every order.

use kitaplatz::platform::ids::random_uuid;
use reqwest::Method;
use serde_json::{Value, json};

use crate::operator::operator;
use crate::sorted::{NAMES, Orders, holds, walked};
use crate::support::TestApp;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{child, sql};

/// Five rounds beside the one that is there: planned, given up, released and closed.
const ROUNDS: &str = "INSERT INTO allocation_round (tenant_id, id, name, kita_year, key_date, start_on, mode, state, config, created_by, created_at, ended_at,
                                   released_at)
     SELECT a.tenant_id, gen_random_uuid(), r.name, date '2027-08-01', r.key_date, date '2027-08-01', 'central', r.state, o.config,
            a.id, timestamptz '2027-01-04 08:00Z' + r.n * interval '1 hour', r.ended_at, r.released_at
       FROM (VALUES (1, 'Frühjahr', date '2027-02-01', 'planned', NULL::timestamptz, NULL::timestamptz),
                    (2, 'Ärzte', date '2027-02-01', 'planned', NULL, NULL),
                    (3, 'frei', date '2027-03-01', 'cancelled', timestamptz '2027-01-05 08:00Z', NULL),
                    (4, 'Zusatz', date '2027-03-01', 'closed', timestamptz '2027-01-06 08:00Z', timestamptz '2027-01-05 08:00Z'),
                    (5, 'Herbst', date '2027-04-01', 'closed', timestamptz '2027-01-06 08:00Z', timestamptz '2027-01-05 09:00Z'))
            r (n, name, key_date, state, ended_at, released_at)
       JOIN allocation_round o ON o.state = 'proposed'
       JOIN account a ON a.tenant_id = o.tenant_id AND a.id = o.created_by";

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn rounds_and_keys_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let kita = kita(&app, "Kita Sonne", 2).await;
    child(&app, "Mia", 0, &[kita]).await;
    let clerk = Round::proposed(&app).await.clerk;
    sql(&app, ROUNDS).await;
    let orders: Orders<'_> = &[
        ("created", "/created_at"),
        ("name", "/name"),
        ("key_date", "/key_date"),
        ("start", "/start_on"),
        ("children", "/children"),
        ("placed", "/placed"),
        ("released", "/released_at"),
    ];
    holds(&clerk, "/rounds", "id", orders).await;
    let states: Vec<Value> = walked(&clerk, "/rounds?sort=state")
        .await
        .iter()
        .map(|round| round["state"].clone())
        .collect();
    assert_eq!(
        states,
        ["planned", "planned", "proposed", "closed", "closed", "cancelled"],
        "as far as they have come"
    );
    for (filter, count) in [
        ("state=closed", 2),
        ("q=FR", 2),
        ("q=r%C3%BChjahr", 0),
        ("state=closed&q=h", 1),
    ] {
        assert_eq!(
            walked(&clerk, &format!("/rounds?{filter}")).await.len(),
            count,
            "{filter}"
        );
    }
    assert_eq!(clerk.get("/rounds?state=lost").await.status, 400);

    let admin = app.admin().await;
    for name in NAMES {
        let key = json!({"name": name, "scopes": ["facilities_read"]});
        let made = admin.create("/admin/api-keys", key).await.ok();
        if name == "Mia" {
            let path = format!("/admin/api-keys/{}", made["id"].as_str().unwrap());
            assert_eq!(admin.delete(&path).await.status, 204);
        }
    }
    let uneven = "UPDATE api_key SET last_used_at = CASE WHEN name < 'N' THEN timestamptz '2027-01-05 08:00Z' END,
                         expires_at = CASE WHEN name = 'Zoe' THEN timestamptz '2027-01-01 08:00Z' ELSE expires_at END";
    sql(&app, uneven).await;
    let orders: Orders<'_> = &[
        ("created", "/created_at"),
        ("name", "/name"),
        ("expires", "/expires_at"),
        ("used", "/last_used_at"),
        ("state", "/state"),
    ];
    holds(&admin, "/admin/api-keys", "id", orders).await;
    for (filter, count) in [
        ("state=revoked", 2),
        ("state=expired", 1),
        ("state=active", 3),
        ("q=mi", 2),
        ("q=ia", 0),
    ] {
        let found = walked(&admin, &format!("/admin/api-keys?{filter}")).await;
        assert_eq!(found.len(), count, "{filter}: {found:?}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn tenants_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let operator = operator(&app).await;
    // The registry is everybody's: only the tenants of this test begin like this.
    let mark = format!("s{}", &random_uuid().simple().to_string()[..10]);
    for (n, name) in NAMES.iter().enumerate() {
        let tenant = json!({"slug": format!("{mark}-{n}"), "name": format!("{name} {mark}"), "ags": "14713000", "ars": "147130000000",
                            "federal_state": "SN", "admin_email": format!("{n}@{mark}.example"), "language": "de"});
        operator.create("//api/v1/operator/tenants", tenant).await.ok();
        let edit = match n {
            0 => json!({"host": format!("{mark}.example")}),
            1 => json!({"state": "suspended"}),
            _ => continue,
        };
        let path = format!("//api/v1/operator/tenants/{mark}-{n}");
        operator.send(Method::PATCH, &path, Some(&edit), &[]).await.ok();
    }
    let list = format!("//api/v1/operator/tenants?q={mark}");
    let orders: Orders<'_> = &[
        ("slug", "/slug"),
        ("name", "/name"),
        ("state", "/state"),
        ("host", "/host"),
        ("accounts", "/accounts"),
        ("facilities", "/facilities"),
        ("demands", "/demands_open"),
        ("jobs", "/jobs_waiting"),
    ];
    holds(&operator, &list, "slug", orders).await;
    for (filter, count) in [("state=suspended", 1), ("state=active", 5)] {
        assert_eq!(
            walked(&operator, &format!("{list}&{filter}")).await.len(),
            count,
            "{filter}"
        );
    }
    assert_eq!(operator.get(&format!("{list}&sort=ags")).await.status, 400);
}
