//! Criteria: the questions, the versions of a set from draft to force, and what they make of a preference.

use kitaplatz::access::{Role, as_system};
use kitaplatz::demands;
use kitaplatz::platform::ids::ProviderId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{content, criterion, draft, edit, flat, publish, published};
use crate::support::demands::{Demand, points, with_settings};
use crate::support::facilities::facility;
use crate::support::{Client, TestApp};

const MISSING: &str = "9b2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11";

fn lone_parent() -> Value {
    json!({"code": "lone_parent", "source": "asked", "title_de": "Alleinerziehend", "title_en": "Lone parent", "position": 1})
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(p, c)| (p.to_owned(), c.to_owned())).to_vec()
}

fn claim(criterion: &Value, number: Option<i32>) -> Value {
    json!({"facts": [{"criterion_id": criterion, "claimed": true, "number": number}]})
}

/// What became of the only rule at the first preference, for its parents.
async fn outcome(demand: &Demand) -> String {
    let body = demand.get().await;
    body["preferences"][0]["score"]["lines"][0]["outcome"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
async fn a_draft_becomes_fixed_and_a_new_version_takes_over_on_its_day() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let first = published(&app, &[flat(&lone, 5)]).await;
    assert_eq!((&first["phase"], &first["number"]), (&json!("in_force"), &json!(1)));
    let changed = edit(&admin, &first, Method::PUT, "", content(&[flat(&lone, 50)])).await;
    assert_eq!(changed.refused(409), "criteria_set.not_draft");
    assert_eq!(
        publish(&admin, &first, "2027-06-01").await.refused(409),
        "criteria_set.not_draft"
    );
    let withdrawn = edit(&admin, &first, Method::POST, "/withdraw", json!({})).await;
    assert_eq!(withdrawn.refused(409), "criteria_set.in_force");
    let demand = app.demand("jana@example.org").await;
    demand.change(claim(&lone, None)).await.ok();
    demand.submit().await.ok();

    let copy = json!({"name": "Neue Kriterien", "copy_of": first["id"]});
    let second = admin.create("/admin/criteria-sets", copy).await.ok();
    assert_eq!(second["rules"], first["rules"], "a new version begins as the old one");
    let second = edit(&admin, &second, Method::PUT, "", content(&[flat(&lone, 8)]))
        .await
        .ok();
    let early = publish(&admin, &second, "2027-02-01").await;
    assert_eq!(early.faults(), pairs([("/valid_from", "not_later")]));
    let second = publish(&admin, &second, "2027-03-01").await.ok();
    assert_eq!((&second["phase"], &second["number"]), (&json!("coming"), &json!(2)));
    app.run_jobs().await;
    assert_eq!(points(&app, &demand).await, [5, 5], "its day has not come");
    let path = format!("/admin/criteria-sets/{}", first["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.ok()["valid_until"], "2027-02-28");

    app.at("2027-03-01T05:00:00Z");
    app.run_periodic().await;
    assert_eq!(points(&app, &demand).await, [8, 8]);
    assert_eq!(app.admin().await.get(&path).await.ok()["phase"], "superseded");
    let score = app.parent("jana@example.org").await.get(&demand.path()).await.ok()["preferences"][0]["score"].clone();
    assert_eq!((&score["set_number"], &score["points"]), (&json!(2), &json!(8)));
}

#[actix_web::test]
async fn the_key_date_that_lies_ahead_decides_which_version_counts() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"key_date": "03-15"})).await;
    let admin = app.admin().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    published(&app, &[flat(&lone, 5)]).await;
    let demand = app.demand("jana@example.org").await;
    demand.change(claim(&lone, None)).await.ok();
    let second = draft(&admin, None, &[flat(&lone, 8)]).await;
    publish(&admin, &second, "2027-03-10").await.ok();
    app.run_jobs().await;
    assert_eq!(
        points(&app, &demand).await,
        [8, 8],
        "all of the round are counted alike"
    );
}

#[actix_web::test]
async fn what_is_published_before_its_day_can_be_taken_back() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let set = draft(&admin, None, &[flat(&lone, 5)]).await;
    let set = publish(&admin, &set, "2027-02-02").await.ok();
    let set = edit(&admin, &set, Method::POST, "/withdraw", json!({})).await.ok();
    assert_eq!(set["phase"], "withdrawn");
    let again = edit(&admin, &set, Method::POST, "/withdraw", json!({})).await;
    assert_eq!(again.refused(409), "criteria_set.in_force");
    let thrown_away = draft(&admin, None, &[]).await;
    assert_eq!(thrown_away["number"], 2, "numbers are never used twice");
    edit(&admin, &thrown_away, Method::POST, "/withdraw", json!({}))
        .await
        .ok();
    assert_eq!(app.anonymous().get("/criteria-sets").await.ok()["items"], json!([]));
}

#[actix_web::test]
async fn what_stands_against_publishing_is_named() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let empty = draft(&admin, None, &[]).await;
    let faults = publish(&admin, &empty, "2027-01-31").await.faults();
    assert_eq!(faults, pairs([("/rules", "required"), ("/valid_from", "too_early")]));
    let staff = criterion(&app, "staff_child", "asked").await;
    let set = draft(&admin, None, &[flat(&staff, 5)]).await;
    assert_eq!(set["warnings"][0]["code"], "staff_child");
    assert_eq!(set["warnings"][0]["source"], "VG Darmstadt 2019");
    let unread = publish(&admin, &set, "2027-02-01").await.faults();
    assert_eq!(unread, pairs([("/acknowledged", "required")]));
    let body = |code: &str, reason: &str| json!({"valid_from": "2027-02-01", "acknowledged": [{"code": code, "reason": reason}]});
    let short = edit(&admin, &set, Method::POST, "/publish", body("staff_child", "so")).await;
    assert_eq!(short.faults(), pairs([("/acknowledged/0/reason", "too_short")]));
    let other = edit(
        &admin,
        &set,
        Method::POST,
        "/publish",
        body("volunteering", "Beschluss des Rates"),
    )
    .await;
    assert_eq!(
        other.faults(),
        pairs([("/acknowledged", "required"), ("/acknowledged/0/code", "unknown")])
    );
    let reason = "Beschluss des Rates vom 12. Januar 2027";
    let set = edit(&admin, &set, Method::POST, "/publish", body("staff_child", reason))
        .await
        .ok();
    assert_eq!(set["acknowledged"], json!([{"code": "staff_child", "reason": reason}]));
    let audited = admin.get("/admin/audit?limit=50").await.ok();
    let of_set = |e: &&Value| e["action"] == "publish_criteria_set" && e["object_id"] == set["id"];
    assert!(
        audited["items"].as_array().unwrap().iter().any(|e| of_set(&e)),
        "{audited}"
    );
}

#[actix_web::test]
async fn faults_of_a_set_name_their_places() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let sibling = criterion(&app, "sibling", "sibling_there").await;
    let set = draft(&admin, None, &[]).await;
    let put = async |body: Value| edit(&admin, &set, Method::PUT, "", body).await;
    assert_eq!(
        put(content(&[flat(&json!(MISSING), 5)])).await.faults(),
        pairs([("/rules/0/criterion_id", "unknown")])
    );
    let each = json!({"criterion_id": lone, "points": {"kind": "per_unit", "points": 5, "most": null}, "evidence": {"kind": "within_days", "days": 366}, "rank": 10});
    let shown = json!({"criterion_id": sibling, "points": {"kind": "flat", "points": 5}, "evidence": {"kind": "at_contract"},
                       "reserve": {"type": "hardship", "seats": 0, "per": "group"}});
    let wanted = [
        ("/rules/0/points/kind", "needs_number"),
        ("/rules/0/rank", "out_of_range"),
        ("/rules/0/evidence/days", "out_of_range"),
        ("/rules/1/evidence/kind", "not_asked"),
        ("/rules/1/reserve/seats", "out_of_range"),
    ];
    assert_eq!(put(content(&[each, shown])).await.faults(), pairs(wanted));
    let mut unnamed = content(&[]);
    unnamed["name"] = json!(" ");
    assert_eq!(put(unnamed).await.faults(), pairs([("/name", "required")]));
    let mut ties = content(&[]);
    ties["tie_breaks"] = json!(["lottery", "age_older", "age_older"]);
    let wanted = [("/tie_breaks/0", "not_last"), ("/tie_breaks/2", "duplicate")];
    assert_eq!(put(ties).await.faults(), pairs(wanted));
    let path = format!("/admin/criteria-sets/{}", set["id"].as_str().unwrap());
    let stale = admin.edit(Method::PUT, &path, 1, content(&[])).await;
    assert_eq!(stale.refused(412), "version.stale");
    let unseen = admin.send(Method::PUT, &path, Some(&content(&[])), &[]).await;
    assert_eq!(unseen.refused(428), "version.required");
    let begun = async |body: Value| admin.create("/admin/criteria-sets", body).await.faults();
    assert_eq!(
        begun(json!({"name": "x", "template": "atlantis"})).await,
        pairs([("/template", "unknown")])
    );
    assert_eq!(
        begun(json!({"name": "x", "copy_of": MISSING})).await,
        pairs([("/copy_of", "unknown")])
    );
    assert_eq!(
        begun(json!({"name": "x", "provider_id": MISSING})).await,
        pairs([("/provider_id", "unknown")])
    );
}

#[actix_web::test]
async fn every_template_becomes_a_set_and_its_criteria_are_added_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let templates = admin.get("/admin/criteria-templates").await.ok();
    let templates = templates["items"].as_array().unwrap();
    assert_eq!(templates.len(), 6);
    for template in templates {
        let body = json!({"name": template["name"], "template": template["code"]});
        let set = admin.create("/admin/criteria-sets", body).await.ok();
        let codes = |rules: &Value| {
            rules
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["code"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&set["rules"]), codes(&template["rules"]), "{}", template["code"]);
        assert_eq!(set["template"], template["code"]);
        let put = json!({"name": "Neu", "rules": set["rules"].as_array().unwrap().iter().map(input).collect::<Vec<_>>(), "tie_breaks": set["tie_breaks"]});
        let same = edit(&admin, &set, Method::PUT, "", put).await.ok();
        assert_eq!(same["rules"], set["rules"], "what is read can be written");
    }
    let all = admin.get("/admin/criteria").await.ok();
    let mut codes: Vec<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["code"].to_string())
        .collect();
    let n = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), n);
}

/// A rule as it is entered, from what was read.
fn input(rule: &Value) -> Value {
    let mut input = serde_json::Map::new();
    for key in ["criterion_id", "points", "rank", "best_of", "evidence", "reserve"] {
        input.insert(key.into(), rule[key].clone());
    }
    Value::Object(input)
}

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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

/// What a clerk notes about the evidence of the first fact.
async fn note_evidence(app: &TestApp, demand: &Demand, state: &str, until: Option<&str>) {
    let until: Option<chrono::NaiveDate> = until.map(|day| day.parse().unwrap());
    as_system(&app.platform, &app.tenant, "test_evidence", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query(
            "UPDATE demand_fact SET evidence_state = $3, valid_until = $4 WHERE tenant_id = $1 AND demand_id = $2",
        )
        .bind(tenant.0)
        .bind(demand.id.0)
        .bind(state)
        .bind(until)
        .execute(tx.conn())
        .await?;
        demands::recompute_points(tx, demand.id).await
    })
    .await
    .unwrap();
}

#[actix_web::test]
async fn evidence_that_is_late_rejected_or_expired_takes_the_points() {
    let app = TestApp::new().await;
    let lone = criterion(&app, "lone_parent", "asked").await;
    let rule = json!({"criterion_id": lone, "points": {"kind": "flat", "points": 5}, "evidence": {"kind": "within_days", "days": 14}});
    published(&app, &[rule]).await;
    let demand = app.demand("jana@example.org").await;
    demand.change(claim(&lone, None)).await.ok();
    demand.submit().await.ok();
    let line = demand.get().await["preferences"][0]["score"]["lines"][0].clone();
    assert_eq!(
        (&line["outcome"], &line["evidence_due"]),
        (&json!("counted"), &json!("2027-02-15"))
    );
    note_evidence(&app, &demand, "rejected", None).await;
    assert_eq!(
        (outcome(&demand).await.as_str(), points(&app, &demand).await),
        ("rejected", vec![0, 0])
    );
    note_evidence(&app, &demand, "seen", Some("2027-02-20")).await;
    assert_eq!(
        (outcome(&demand).await.as_str(), points(&app, &demand).await),
        ("counted", vec![5, 5])
    );
    app.at("2027-02-21T08:00:00Z");
    app.run_periodic().await;
    assert_eq!(points(&app, &demand).await, [0, 0]);
    let again = app.parent("jana@example.org").await;
    let body = again.get(&demand.path()).await.ok();
    assert_eq!(
        body["preferences"][0]["score"]["lines"][0]["outcome"],
        "evidence_expired"
    );
    note_evidence(&app, &demand, "claimed", None).await;
    let body = again.get(&demand.path()).await.ok();
    assert_eq!(
        body["preferences"][0]["score"]["lines"][0]["outcome"],
        "evidence_missing"
    );
}

#[actix_web::test]
async fn another_number_needs_another_look_at_the_evidence() {
    let app = TestApp::new().await;
    let hours = criterion(&app, "working_hours", "asked_number").await;
    let each = json!({"criterion_id": hours, "points": {"kind": "per_unit", "points": 1, "most": null}, "evidence": {"kind": "at_contract"}});
    published(&app, &[each]).await;
    let demand = app.demand("jana@example.org").await;
    demand.change(claim(&hours, Some(20))).await.ok();
    note_evidence(&app, &demand, "seen", None).await;
    let same = demand.change(claim(&hours, Some(20))).await.ok();
    assert_eq!(same["facts"][0]["evidence_state"], "seen");
    let other = demand.change(claim(&hours, Some(39))).await.ok();
    assert_eq!(other["facts"][0]["evidence_state"], "claimed");
}

#[actix_web::test]
async fn families_and_facilities_read_how_points_come_about() {
    let app = TestApp::new().await;
    let (lone, work) = (
        criterion(&app, "lone_parent", "asked").await,
        criterion(&app, "both_work", "asked").await,
    );
    let first =
        json!({"criterion_id": lone, "points": {"kind": "flat", "points": 5}, "rank": 1, "evidence": {"kind": "none"}});
    published(&app, &[first, flat(&work, 4)]).await;
    let facility = facility(&app, "Kita Ahorn").await;
    let demand = app.demand_for("jana@example.org", &[facility]).await;
    demand.change(claim(&lone, None)).await.ok();
    demand.submit().await.ok();
    let own = demand.get().await["preferences"][0]["score"].clone();
    let lines = |score: &Value| {
        let line = |l: &Value| {
            (
                l["title"].clone(),
                l["outcome"].clone(),
                l["points"].clone(),
                l["rank"].clone(),
            )
        };
        score["lines"].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    let wanted = vec![
        (json!("Frage lone_parent"), json!("counted"), json!(5), json!(1)),
        (json!("Frage both_work"), json!("does_not_hold"), json!(0), json!(0)),
    ];
    assert_eq!(lines(&own), wanted);
    assert_eq!(
        (&own["rank"], &own["tie_breaks"]),
        (&json!(1), &json!(["registered_earlier", "lottery"]))
    );
    let manager = app.manager(facility).await;
    let list = manager.get("/staff/preferences").await.ok();
    assert_eq!(list["items"][0]["points"], 5);
    assert_eq!(list["items"][0]["facts"][0]["points"], 5);
    let path = format!("/staff/preferences/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(lines(&manager.get(&path).await.ok()["score"]), wanted);
}

#[actix_web::test]
async fn rank_goes_before_points_in_the_managers_list_and_the_tie_break_after_them() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (first, much) = (
        criterion(&app, "first", "asked").await,
        criterion(&app, "much", "asked").await,
    );
    let rank = json!({"criterion_id": first, "points": {"kind": "flat", "points": 0}, "rank": 1, "evidence": {"kind": "none"}});
    let set = draft(&admin, None, &[]).await;
    let body = json!({"name": "Kriterien", "rules": [rank, flat(&much, 100)], "tie_breaks": ["age_older"]});
    let set = edit(&admin, &set, Method::PUT, "", body).await.ok();
    publish(&admin, &set, "2027-02-01").await.ok();
    let facility = facility(&app, "Kita Ahorn").await;
    let mut sent = Vec::new();
    // Three of equal age: the earlier received first; one with points; one with the rank.
    for (name, fact) in [("a", None), ("b", Some(&much)), ("c", Some(&first))] {
        let demand = app.demand_for(&format!("{name}@example.org"), &[facility]).await;
        if let Some(criterion) = fact {
            demand.change(claim(criterion, None)).await.ok();
        }
        demand.submit().await.ok();
        sent.push(demand.get().await["reference_code"].clone());
    }
    let list = app.manager(facility).await.get("/staff/preferences").await.ok();
    let codes: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["reference_code"].clone())
        .collect();
    sent.reverse();
    assert_eq!(codes, sent);
}

#[actix_web::test]
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

#[actix_web::test]
async fn rules_can_be_tried_on_ten_families_before_they_count() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let set = admin
        .create("/admin/criteria-sets", json!({"name": "W", "template": "wuppertal"}))
        .await
        .ok();
    let body = json!({"rules": set["rules"].as_array().unwrap().iter().map(input).collect::<Vec<_>>(), "tie_breaks": ["registered_earlier"]});
    let tried = admin.post("/admin/criteria-preview", body).await.ok();
    let families = tried["families"].as_array().unwrap();
    let order: String = families.iter().map(|f| f["letter"].as_str().unwrap()).collect();
    assert_eq!(order, "FBACJGIDEH");
    assert_eq!((&families[0]["rank"], &families[1]["points"]), (&json!(1), &json!(7)));
    assert_eq!(families[1]["lines"].as_array().unwrap().len(), 4);
    let wrong = json!({"rules": [flat(&json!(MISSING), 1)], "tie_breaks": []});
    assert_eq!(
        admin.post("/admin/criteria-preview", wrong).await.faults(),
        pairs([("/rules/0/criterion_id", "unknown")])
    );
}
