//! The family's demand over HTTP until it is sent: draft, autosave, wishes, what is missing, hints.

use kitaplatz::platform::ids::random_uuid;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::{Demand, complete, postal_codes, with_settings};
use crate::support::facilities::facility;
use crate::support::families::{child, id};
use crate::support::{TestApp, pairs};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_draft_grows_step_by_step_and_loses_nothing() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let made = family
        .parent
        .create("/demands", json!({"child_id": family.child}))
        .await
        .ok();
    assert_eq!(
        (&made["state"], &made["child"]["label"]),
        (&json!("draft"), &json!("Mia B."))
    );
    assert_eq!(
        (&made["editable"], &made["next_step"]["code"]),
        (&json!(true), &json!("send"))
    );
    let path = format!("/demands/{}", made["id"].as_str().unwrap());
    let saved = family
        .parent
        .edit(
            Method::PATCH,
            &path,
            1,
            json!({"care_type": "nursery", "window_from": "07:30"}),
        )
        .await;
    assert_eq!(saved.headers["etag"], "\"2\"");
    let next = family
        .parent
        .edit(
            Method::PATCH,
            &path,
            2,
            json!({"hours_per_week": 35, "care_type": null}),
        )
        .await
        .ok();
    assert_eq!(
        (&next["care_type"], &next["window_from"]),
        (&Value::Null, &json!("07:30"))
    );
    let stale = family
        .parent
        .edit(Method::PATCH, &path, 2, json!({"hours_per_week": 10}))
        .await;
    assert_eq!(stale.refused(412), "version.stale");
    assert_eq!(family.parent.get(&path).await.ok()["hours_per_week"], 35);
    let without = family.parent.send(Method::PATCH, &path, Some(&json!({})), &[]).await;
    assert_eq!(without.refused(428), "version.required");
    let second = family
        .parent
        .create("/demands", json!({"child_id": family.child}))
        .await;
    assert_eq!(second.refused(409), "demand.exists");
    assert_eq!(
        family.parent.get("/family").await.ok()["children"][0]["demand_id"],
        made["id"]
    );
    let held = family
        .parent
        .delete(&format!("/family/children/{}", family.child))
        .await;
    assert_eq!(held.refused(409), "family.child_has_demand");
    assert_eq!(family.parent.delete(&path).await.status, 204);
    assert_eq!(family.parent.get(&path).await.refused(404), "not_found");
    assert_eq!(
        family
            .parent
            .delete(&format!("/family/children/{}", family.child))
            .await
            .status,
        204
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_cannot_be_right_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    for (body, wanted) in [
        (
            json!({"latest_start": "2027-08-31"}),
            pairs([("/latest_start", "too_early")]),
        ),
        (
            json!({"hours_per_week": 0}),
            pairs([("/hours_per_week", "out_of_range")]),
        ),
        (
            json!({"hours_per_week": 61}),
            pairs([("/hours_per_week", "out_of_range")]),
        ),
        (json!({"window_from": "17:00"}), pairs([("/window_to", "too_early")])),
        (
            json!({"desired_start": "+262142-12-31"}),
            pairs([("/desired_start", "too_late")]),
        ),
        (
            json!({"desired_start": "-4000-01-01"}),
            pairs([("/desired_start", "too_early")]),
        ),
    ] {
        assert_eq!(demand.change(body.clone()).await.faults(), wanted, "{body}");
    }
    for body in [
        json!({"hours_per_week": 99_999_999_999_i64}),
        json!({"desired_start": "2027-02-30"}),
        json!({"window_from": "25:00"}),
        json!({"state": "confirmed"}),
    ] {
        assert_eq!(demand.change(body.clone()).await.refused(422), "body.shape", "{body}");
    }
    assert_eq!(
        demand.change(json!({"care_type": "nur\u{0}sery"})).await.refused(400),
        "body.nul"
    );
    let foreign = app.demand("kim@example.org").await.child;
    for child in [foreign.0, random_uuid()] {
        let refused = demand.parent.create("/demands", json!({"child_id": child})).await;
        assert_eq!(refused.faults(), pairs([("/child_id", "unknown")]));
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn wishes_are_limited_known_and_ranked() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let [a, b] = demand.facilities[..] else {
        panic!("two facilities")
    };
    let turned = demand.wish(&[b, a]).await.ok();
    let ranks: Vec<_> = turned["preferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (&p["facility_name"], &p["rank"]))
        .collect();
    assert_eq!(
        ranks,
        [(&json!("Kita Birke"), &json!(1)), (&json!("Kita Ahorn"), &json!(2))]
    );
    let unknown = demand.wish(&[a, random_uuid().into(), a]).await;
    assert_eq!(
        unknown.faults(),
        pairs([("/facility_ids/1", "unknown"), ("/facility_ids/2", "duplicate")])
    );
    let mut many = vec![a, b];
    for n in 0..4 {
        many.push(facility(&app, &format!("Kita {n}")).await);
    }
    assert_eq!(
        demand.wish(&many).await.faults(),
        pairs([("/facility_ids", "too_many")])
    );
    demand.wish(&many[..5]).await.ok();
    demand.wish(&[b]).await.ok();
    assert_eq!(
        demand.states().await,
        [(b, "draft".to_owned())],
        "taken from a draft, nothing of it stays"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn everything_that_is_missing_is_said_at_once() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    let name = json!({"first_name": "Jana", "last_name": "Braun"});
    parent.edit(Method::PUT, "/family/guardian", 0, name).await.ok();
    let unborn = child(&parent, json!({"expected_birth_date": "2027-09-01"})).await;
    let made = parent.create("/demands", json!({"child_id": unborn})).await.ok();
    let demand = Demand {
        id: id(&made["id"]),
        child: unborn,
        facilities: vec![],
        parent,
    };
    let missing = pairs([
        ("/household", "required"),
        ("/child/expected_birth_date", "too_early"),
        ("/care_type", "required"),
        ("/hours_per_week", "required"),
        ("/preferences", "required"),
        ("/desired_start", "required"),
    ]);
    assert_eq!(demand.submit().await.faults(), missing);
    demand.change(complete()).await.ok();
    demand.wish(&[facility(&app, "Kita Ahorn").await]).await.ok();
    let household = json!({"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt"});
    demand
        .parent
        .edit(Method::PUT, "/family/household", 0, household)
        .await
        .ok();
    let young = pairs([
        ("/child/expected_birth_date", "too_early"),
        ("/desired_start", "too_early"),
    ]);
    assert_eq!(demand.submit().await.faults(), young);
    let receipt = demand.parent.get(&format!("{}/receipt.pdf", demand.path())).await;
    assert_eq!(receipt.refused(409), "demand.not_submitted");

    app.at("2027-03-05T09:00:00Z");
    let parent = app.parent("jana@example.org").await;
    let demand = Demand { parent, ..demand };
    demand.change(json!({"desired_start": "2027-11-01"})).await.ok();
    let sent = demand.submit().await.ok();
    assert_eq!(sent["child"]["label"], "erwartetes Kind");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn hints_warn_and_stop_nothing() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let first = demand.facilities[0];
    kitaplatz::access::as_system(&app.platform, &app.tenant, "test_ages", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query("UPDATE facility SET age_from_months = 36 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.0)
            .bind(first.0)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
    demand.change(json!({"desired_start": "2027-05-01"})).await.ok();
    let codes = |body: &Value| -> Vec<String> {
        let hints = body["hints"].as_array().unwrap();
        hints.iter().map(|h| h["code"].as_str().unwrap().to_owned()).collect()
    };
    let body = demand.get().await;
    assert_eq!(codes(&body), ["age_outside", "within_notice"]);
    assert!(body["hints"][0]["detail"].as_str().unwrap().contains("Kita Ahorn"));
    demand.submit().await.ok();
    demand.wish(&[]).await.ok();
    assert_eq!(codes(&demand.get().await), ["no_open_preference"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn only_a_postal_code_known_to_lie_elsewhere_stops_a_family_where_residency_is_required() {
    let app = TestApp::new().await;
    postal_codes(&app).await;
    let free = app.demand("frei@example.org").await;
    free.lives_at("00998").await;
    free.submit().await.ok();
    with_settings(&app, json!({"residency_required": true})).await;
    for (email, code) in [("grenze@example.org", "00997"), ("unbekannt@example.org", "00996")] {
        let demand = app.demand(email).await;
        demand.lives_at(code).await;
        demand.submit().await.ok();
    }
    let elsewhere = app.demand("fern@example.org").await;
    elsewhere.lives_at("00998").await;
    let refused = elsewhere.submit().await;
    assert_eq!(refused.faults(), pairs([("/household", "not_resident")]));
    assert_eq!(elsewhere.get().await["state"], "draft");
    elsewhere.lives_at("00997").await;
    elsewhere.submit().await.ok();
}
