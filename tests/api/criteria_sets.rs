//! The versions of a set of criteria: drafted, published for a day, taken back, tried before they count.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{MISSING, claim, content, criterion, draft, edit, flat, input, publish, published};
use crate::support::demands::{points, with_settings};
use crate::support::{TestApp, pairs};

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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
