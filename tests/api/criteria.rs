//! Criteria: the questions, and what they make of a preference.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{MISSING, claim, content, criterion, draft, edit, flat, publish, published};
use crate::support::demands::points;
use crate::support::{TestApp, pairs};

fn lone_parent() -> Value {
    json!({"code": "lone_parent", "source": "asked", "title_de": "Alleinerziehend", "title_en": "Lone parent", "position": 1})
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_administrator_adds_changes_and_switches_off_questions() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = admin.create("/admin/criteria", lone_parent()).await.ok();
    assert_eq!(made["scope"], "global");
    let again = admin.create("/admin/criteria", lone_parent()).await;
    assert_eq!(again.faults(), pairs([("/code", "taken")]));
    let path = format!("/admin/criteria/{}", made["id"].as_str().unwrap());
    let stale = admin.edit(Method::PATCH, &path, 2, json!({"active": false})).await;
    assert_eq!(stale.refused(412), "version.stale");
    let change = json!({"title_de": "Ich erziehe allein", "active": false});
    let changed = admin.edit(Method::PATCH, &path, 1, change).await.ok();
    assert_eq!(
        (&changed["title_de"], &changed["active"], &changed["version"]),
        (&json!("Ich erziehe allein"), &json!(false), &json!(2))
    );
    let set = admin.create("/admin/criteria-sets", json!({"name": "Neu"})).await.ok();
    let unusable = edit(&admin, &set, Method::PUT, "", content(&[flat(&made["id"], 5)])).await;
    assert_eq!(unusable.faults(), pairs([("/rules/0/criterion_id", "inactive")]));
    let missing = format!("/admin/criteria/{MISSING}");
    let missing = admin.edit(Method::PATCH, &missing, 1, json!({})).await;
    assert_eq!(missing.refused(404), "not_found");
    for person in [app.clerk().await, app.parent("jana@example.org").await] {
        assert_eq!(
            person.create("/admin/criteria", lone_parent()).await.refused(403),
            "access.denied"
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn faults_of_a_criterion_name_their_fields() {
    let app = TestApp::new().await;
    let body = json!({"code": "Ö", "source": "asked", "title_de": "", "title_en": "x", "position": -1, "hint_de": "x".repeat(1001)});
    let wanted = [
        ("/code", "invalid"),
        ("/title_de", "required"),
        ("/hint_de", "too_long"),
        ("/position", "out_of_range"),
    ];
    let faults = app.admin().await.create("/admin/criteria", body).await.faults();
    assert_eq!(faults, pairs(wanted));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn families_are_asked_only_what_a_published_set_counts() {
    let app = TestApp::new().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let hours = criterion(&app, "working_hours", "asked_number").await;
    let sibling = criterion(&app, "sibling", "sibling_there").await;
    let asked = async || app.anonymous().get("/criteria?language=en").await.ok()["items"].clone();
    assert_eq!(asked().await, json!([]));
    let steps = json!({"criterion_id": hours, "points": {"kind": "steps", "steps": [{"at_least": 19, "points": 10}]}, "evidence": {"kind": "at_contract"}});
    published(&app, &[flat(&lone, 5), steps, flat(&sibling, 3)]).await;
    let items = asked().await;
    let of = |key: &str| {
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i[key].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("code"),
        ["lone_parent", "working_hours"],
        "what the data tell is not asked"
    );
    assert_eq!(of("points"), [json!(5), Value::Null]);
    assert_eq!(of("title")[0], "Question lone_parent");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn points_follow_claims_and_numbers() {
    let app = TestApp::new().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let hours = criterion(&app, "working_hours", "asked_number").await;
    let demand = app.demand("jana@example.org").await;
    let unasked = demand.change(claim(&lone, None)).await;
    assert_eq!(unasked.faults(), pairs([("/facts/0/criterion_id", "unknown")]));
    let each = json!({"criterion_id": hours, "points": {"kind": "per_unit", "points": 1, "most": 30}, "evidence": {"kind": "at_contract"}});
    published(&app, &[flat(&lone, 5), each]).await;
    let body = demand.change(claim(&lone, None)).await.ok();
    assert_eq!(body["facts"][0]["evidence_state"], "claimed");
    assert_eq!(points(&app, &demand).await, [5, 5]);
    demand.change(claim(&hours, Some(20))).await.ok();
    assert_eq!(points(&app, &demand).await, [25, 25]);
    demand.change(claim(&hours, Some(39))).await.ok();
    assert_eq!(points(&app, &demand).await, [35, 35], "30 at most");
    let no = json!({"facts": [{"criterion_id": lone, "claimed": false}]});
    let body = demand.change(no).await.ok();
    assert_eq!(points(&app, &demand).await, [30, 30]);
    assert_eq!(body["facts"].as_array().unwrap().len(), 2);
    assert_eq!(body["facts"][1]["number"], 39);
    let wrong = [
        (claim(&hours, None), "required"),
        (claim(&lone, Some(1)), "not_asked"),
        (claim(&hours, Some(1001)), "out_of_range"),
    ];
    for (body, code) in wrong {
        assert_eq!(demand.change(body).await.faults(), pairs([("/facts/0/number", code)]));
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_public_page_shows_what_is_published_and_nothing_else() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    draft(&admin, None, &[flat(&lone, 1)]).await;
    published(&app, &[flat(&lone, 5)]).await;
    let next = draft(&admin, None, &[flat(&lone, 8)]).await;
    publish(&admin, &next, "2027-08-01").await.ok();
    let page = app.anonymous().get("/criteria-sets?language=en").await.ok();
    let seen = |s: &Value| {
        (
            s["phase"].clone(),
            s["valid_from"].clone(),
            s["rules"][0]["points"]["points"].clone(),
        )
    };
    let sets: Vec<_> = page["items"].as_array().unwrap().iter().map(seen).collect();
    let wanted = [("coming", "2027-08-01", 8), ("in_force", "2027-02-01", 5)];
    assert_eq!(sets, wanted.map(|(p, d, n)| (json!(p), json!(d), json!(n))));
    assert_eq!(page["items"][1]["valid_until"], "2027-07-31");
    assert_eq!(page["items"][1]["rules"][0]["title"], "Question lone_parent");
    assert_eq!(page["items"][1]["rules"][0]["evidence_text"], "Certificate");
}
