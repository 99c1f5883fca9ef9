//! Sets that a provider writes for its own facilities, and that nobody else sees or changes.

use kitaplatz::access::{Role, as_system};
use kitaplatz::platform::ids::ProviderId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{MISSING, claim, content, criterion, draft, edit, flat, publish, published};
use crate::support::demands::points;
use crate::support::facilities::facility;
use crate::support::{Client, TestApp, pairs};

/// A provider with a facility, and its manager.
async fn provider(app: &TestApp) -> (ProviderId, kitaplatz::platform::ids::FacilityId, Client) {
    let admin = app.admin().await;
    let name = format!("Träger {}", kitaplatz::platform::ids::random_uuid().simple());
    let made = admin
        .create(
            "/admin/providers",
            json!({"name": name, "kind": "church", "website": null}),
        )
        .await
        .ok();
    let provider: ProviderId = serde_json::from_value(made["id"].clone()).unwrap();
    let facility = facility(app, "Kita Sankt Anna").await;
    as_system(&app.platform, &app.tenant, "test_provider", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query("UPDATE facility SET provider_id = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.0)
            .bind(facility.0)
            .bind(provider.0)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
    let manager = app.staff(&[(Role::ProviderManager, Some(provider), None)]).await;
    (provider, facility, manager)
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_providers_own_set_holds_at_its_facilities_only() {
    let app = TestApp::new().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    published(&app, &[flat(&lone, 5)]).await;
    let (id, own, manager) = provider(&app).await;
    let municipal = facility(&app, "Kita Ahorn").await;
    let demand = app.demand_for("jana@example.org", &[own, municipal]).await;
    demand.change(claim(&lone, None)).await.ok();
    assert_eq!(points(&app, &demand).await, [5, 5]);
    let set = draft(&manager, Some(id.to_string()), &[flat(&lone, 2)]).await;
    assert_eq!((&set["number"], &set["provider_id"]), (&json!(1), &json!(id)));
    publish(&manager, &set, "2027-02-01").await.ok();
    app.run_jobs().await;
    assert_eq!(points(&app, &demand).await, [2, 5]);
    let public = app.anonymous().get("/criteria-sets").await.ok();
    let owners: Vec<_> = public["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["provider_id"].clone())
        .collect();
    assert_eq!(owners, [Value::Null, json!(id)]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_provider_writes_its_own_sets_and_sees_no_draft_of_others() {
    let app = TestApp::new().await;
    let (admin, lone) = (app.admin().await, criterion(&app, "lone_parent", "asked").await);
    let (id, own, manager) = provider(&app).await;
    let (other, _, _) = provider(&app).await;
    let municipal = draft(&admin, None, &[flat(&lone, 5)]).await;
    let foreign = draft(&admin, Some(other.to_string()), &[flat(&lone, 5)]).await;
    let mine = draft(&manager, Some(id.to_string()), &[flat(&lone, 5)]).await;
    for set in [&municipal, &foreign] {
        let path = format!("/admin/criteria-sets/{}", set["id"].as_str().unwrap());
        assert_eq!(manager.get(&path).await.refused(404), "not_found");
        assert_eq!(
            edit(&manager, set, Method::PUT, "", content(&[])).await.refused(404),
            "not_found"
        );
        assert_eq!(publish(&manager, set, "2027-02-01").await.refused(404), "not_found");
        let copy = manager
            .create(
                "/admin/criteria-sets",
                json!({"name": "x", "provider_id": id, "copy_of": set["id"]}),
            )
            .await;
        assert_eq!(copy.faults(), pairs([("/copy_of", "unknown")]));
    }
    for provider in [json!(null), json!(other)] {
        let begun = manager
            .create("/admin/criteria-sets", json!({"name": "x", "provider_id": provider}))
            .await;
        assert_eq!(begun.faults(), pairs([("/provider_id", "unknown")]));
    }
    let list = manager.get("/admin/criteria-sets").await.ok();
    let ids: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["id"].clone())
        .collect();
    assert_eq!(ids, [mine["id"].clone()]);
    assert_eq!(admin.get("/admin/criteria-sets").await.ok()["total"], 3);
    // The manager of one facility reads, and writes nothing.
    let head = app.manager(own).await;
    let path = format!("/admin/criteria-sets/{}", mine["id"].as_str().unwrap());
    head.get(&path).await.ok();
    for person in [head, app.clerk().await, app.parent("jana@example.org").await] {
        assert_eq!(
            edit(&person, &mine, Method::PUT, "", content(&[])).await.refused(403),
            "access.denied"
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_set_of_another_tenant_is_missing() {
    let app = TestApp::new().await;
    let other = app.other_tenant().await;
    let foreign = app.staff_of(&other, &[(Role::TenantAdmin, None, None)]).await;
    let set = foreign.create("/admin/criteria-sets", json!({"name": "x"})).await.ok();
    let admin = app.admin().await;
    let path = format!("/admin/criteria-sets/{}", set["id"].as_str().unwrap());
    let (theirs, none) = (
        admin.get(&path).await,
        admin.get(&format!("/admin/criteria-sets/{MISSING}")).await,
    );
    let without_request = |answer: crate::support::Answer| {
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        (answer.status, body)
    };
    assert_eq!(without_request(theirs), without_request(none));
    for step in ["", "/publish", "/withdraw"] {
        let method = if step.is_empty() { Method::PUT } else { Method::POST };
        let body = match step {
            "" => content(&[]),
            "/publish" => json!({"valid_from": "2027-02-01"}),
            _ => json!({}),
        };
        assert_eq!(edit(&admin, &set, method, step, body).await.refused(404), "not_found");
    }
    let copy = admin
        .create("/admin/criteria-sets", json!({"name": "x", "copy_of": set["id"]}))
        .await;
    assert_eq!(copy.faults(), pairs([("/copy_of", "unknown")]));
}
