//! Custody over time by the office, protected addresses, and who looked at a child.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::ChildId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::Demand;
use crate::support::facilities::facility;
use crate::support::families::enter;
use crate::support::{Client, TestApp};

fn of_child(child: ChildId) -> String {
    format!("/office/children/{child}/custody")
}

fn second(email: Option<&str>) -> Value {
    json!({"first_name": "Kai", "last_name": "Sommer", "phone": null, "email": email, "language": "de", "valid_from": "2027-01-01",
           "reason": "second_parent"})
}

/// Puts custody to its end on a day.
async fn end(clerk: &Client, custody: &Value, day: &str) -> crate::support::Answer {
    let body = json!({"valid_from": custody["valid_from"], "valid_to": day, "reason": "court_decision"});
    let path = format!("/office/custody/{}", custody["id"].as_str().unwrap());
    clerk
        .edit(Method::PUT, &path, custody["version"].as_i64().unwrap(), body)
        .await
}

async fn rows(app: &TestApp, sql: &'static str) -> Vec<String> {
    as_system(&app.platform, &app.tenant, "test_rows", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_scalar(sql).bind(tenant).fetch_all(tx.conn()).await
    })
    .await
    .unwrap()
}

async fn sent(app: &TestApp) -> Demand {
    let facility = facility(app, "Kita Ahorn").await;
    app.sent_demand("jana@example.org", &[facility]).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_gives_the_second_parent_custody_and_ends_it_with_the_next_request() {
    let app = TestApp::new().await;
    let demand = sent(&app).await;
    let (clerk, kai) = (app.clerk().await, app.parent("kai@example.org").await);
    enter(&kai, "Kai", "Sommer").await;
    assert_eq!(kai.get(&demand.path()).await.status, 404);
    let made = clerk
        .create(&of_child(demand.child), second(Some("kai@example.org")))
        .await
        .ok();
    assert_eq!(
        (&made["has_account"], &made["holds_today"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(kai.get(&demand.path()).await.ok()["id"], demand.id.to_string());
    let again = clerk
        .create(&of_child(demand.child), second(Some("kai@example.org")))
        .await;
    assert_eq!(again.refused(409), "family.has_custody");
    // A message waits for both when custody ends: it is taken back from him.
    let manager = app.manager(demand.facilities[0]).await;
    let list = manager.get("/staff/preferences").await.ok();
    let wish = &list["items"][0];
    let path = format!("/staff/preferences/{}/refuse", wish["id"].as_str().unwrap());
    let no = json!({"reason": "no_place", "note": null});
    manager
        .edit(Method::POST, &path, wish["version"].as_i64().unwrap(), no)
        .await
        .ok();
    let waiting = "SELECT to_address FROM notification WHERE tenant_id = $1 AND kind = 'state_change' AND state = 'queued' ORDER BY 1";
    assert_eq!(rows(&app, waiting).await, ["jana@example.org", "kai@example.org"]);
    app.at("2027-02-01T09:05:00Z");
    let ended = end(&clerk, &made, "2027-02-01").await.ok();
    assert_eq!(
        (&ended["holds_today"], &ended["valid_to"]),
        (&json!(false), &json!("2027-02-01"))
    );
    assert_eq!(kai.get(&demand.path()).await.status, 404);
    assert_eq!(kai.get("/family").await.ok()["children"], json!([]));
    assert_eq!(rows(&app, waiting).await, ["jana@example.org"]);
    // It stands on record, with the ground and by whom.
    let list = clerk.get(&of_child(demand.child)).await.ok();
    let grounds: Vec<&Value> = list["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["reason"])
        .collect();
    assert_eq!(grounds, [&json!("court_decision"), &json!("second_parent")]);
    let reasons = "SELECT reason FROM audit_event WHERE tenant_id = $1 AND action IN ('add_custody', 'change_custody') AND outcome = 'done' ORDER BY at, reason DESC";
    assert_eq!(rows(&app, reasons).await, ["second_parent", "court_decision"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn somebody_always_keeps_custody_and_what_was_entered_wrongly_is_corrected() {
    let app = TestApp::new().await;
    let demand = sent(&app).await;
    let clerk = app.clerk().await;
    let first = clerk.get(&of_child(demand.child)).await.ok()["items"][0].clone();
    app.at("2027-02-02T09:00:00Z");
    let clerk = app.clerk().await;
    assert_eq!(
        end(&clerk, &first, "2027-02-02").await.refused(409),
        "family.nobody_left"
    );
    assert_eq!(
        end(&clerk, &first, "2027-06-01").await.refused(409),
        "family.nobody_left",
        "a day to come as well"
    );
    assert_eq!(
        end(&clerk, &first, "2027-02-01").await.faults(),
        [("/valid_to".to_owned(), "before_start".to_owned())]
    );
    let paper = clerk.create(&of_child(demand.child), second(None)).await.ok();
    assert_eq!(paper["has_account"], false);
    end(&clerk, &first, "2027-02-02").await.ok();
    assert_eq!(end(&clerk, &first, "2027-02-02").await.refused(412), "version.stale");
    // The child lived with her, and lives now where he does, of whom no address is known.
    let seen = clerk.get(&format!("/office/demands/{}", demand.id)).await.ok();
    assert_eq!(seen["address"], Value::Null);
    // Taken back: she sees the child again.
    let now = clerk.get(&of_child(demand.child)).await.ok()["items"][1].clone();
    assert_eq!(now["guardian_id"], first["guardian_id"]);
    let body = json!({"valid_from": first["valid_from"], "valid_to": null, "reason": "correction"});
    let path = format!("/office/custody/{}", now["id"].as_str().unwrap());
    clerk
        .edit(Method::PUT, &path, now["version"].as_i64().unwrap(), body)
        .await
        .ok();
    let jana = app.parent("jana@example.org").await;
    assert_eq!(jana.get(&demand.path()).await.status, 200);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_fault_of_custody_names_its_field() {
    let app = TestApp::new().await;
    let demand = sent(&app).await;
    let clerk = app.clerk().await;
    let mut wrong = second(Some("keine"));
    wrong["first_name"] = json!(" ");
    wrong["valid_from"] = json!("1990-01-01");
    wrong["language"] = json!("xx");
    let faults = clerk.create(&of_child(demand.child), wrong).await.faults();
    let places: Vec<&str> = faults.iter().map(|fault| fault.0.as_str()).collect();
    assert_eq!(places, ["/valid_from", "/language", "/email", "/first_name"]);
    // A draft is the family's own business.
    let draft = app.demand("kim@example.org").await;
    assert_eq!(clerk.get(&of_child(draft.child)).await.status, 404);
    assert_eq!(clerk.create(&of_child(draft.child), second(None)).await.status, 404);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_protected_address_is_for_one_named_person_with_a_purpose_and_an_alert() {
    let app = TestApp::new().await;
    let demand = sent(&app).await;
    let family = demand.parent.get("/family").await.ok();
    let household = &family["household"];
    let home = json!({"street": "Geheimer Weg", "house_number": "7", "postal_code": "04109", "city": "Musterstadt", "address_protected": true});
    demand
        .parent
        .edit(
            Method::PUT,
            "/family/household",
            household["version"].as_i64().unwrap(),
            home,
        )
        .await
        .ok();
    let base = format!("/office/households/{}", household["id"].as_str().unwrap());
    let (address, worker) = (format!("{base}/address"), format!("{base}/case-worker"));
    let (clerk, other, admin) = (app.clerk().await, app.clerk().await, app.admin().await);
    let letter = json!({"purpose": "letter"});
    assert_eq!(
        clerk.post(&address, letter.clone()).await.refused(409),
        "family.not_case_worker"
    );
    let take = |who: &Client| json!({"account_id": who.account_id()});
    let version = async || {
        clerk.get(&of_child(demand.child)).await.ok()["items"][0]["household_version"]
            .as_i64()
            .unwrap()
    };
    assert_eq!(
        clerk
            .edit(Method::PUT, &worker, version().await, take(&other))
            .await
            .refused(409),
        "family.admin_names"
    );
    clerk
        .edit(Method::PUT, &worker, version().await, take(&clerk))
        .await
        .ok();
    assert_eq!(
        clerk.post(&address, letter.clone()).await.ok()["street"],
        "Geheimer Weg"
    );
    // Nobody else, an administrator neither; and nobody takes it from her but by an administrator.
    for somebody in [&other, &admin] {
        assert_eq!(
            somebody.post(&address, letter.clone()).await.refused(409),
            "family.not_case_worker"
        );
    }
    assert_eq!(
        other
            .edit(Method::PUT, &worker, version().await, take(&other))
            .await
            .refused(409),
        "family.admin_names"
    );
    let nobody = app.staff(&[]).await;
    let unknown = admin.edit(Method::PUT, &worker, version().await, take(&nobody)).await;
    assert_eq!(unknown.faults(), [("/account_id".to_owned(), "unknown".to_owned())]);
    admin
        .edit(Method::PUT, &worker, version().await, take(&other))
        .await
        .ok();
    assert_eq!(
        clerk.post(&address, letter.clone()).await.refused(409),
        "family.not_case_worker"
    );
    assert_eq!(other.post(&address, json!({"purpose": "emergency"})).await.status, 200);
    // Every time, and every try, is an alert for the administrators.
    let alerts = admin.get("/admin/audit?alerts=true").await.ok();
    let alerts = alerts["items"].as_array().unwrap();
    let count = |outcome: &str| alerts.iter().filter(|event| event["outcome"] == outcome).count();
    assert_eq!((count("done"), count("refused")), (2, 4));
    assert!(alerts.iter().all(|event| event["alert"] == true));
    let reasons = alerts
        .iter()
        .filter(|event| event["outcome"] == "done")
        .map(|event| event["reason"].as_str());
    let reasons: std::collections::BTreeSet<_> = reasons.collect();
    assert_eq!(reasons, [Some("emergency"), Some("letter")].into());
    let refused = admin.get("/admin/audit?outcome=refused").await.ok();
    assert!(
        refused["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|event| event["code"].is_string())
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn parents_see_who_looked_by_role_and_facility_and_never_by_name() {
    let app = TestApp::new().await;
    let demand = sent(&app).await;
    let (clerk, manager) = (app.clerk().await, app.manager(demand.facilities[0]).await);
    app.at("2027-02-01T09:01:00Z");
    clerk.get(&format!("/office/demands/{}", demand.id)).await.ok();
    app.at("2027-02-01T09:02:00Z");
    manager.get("/staff/preferences").await.ok();
    app.at("2027-02-01T09:03:00Z");
    let path = format!("/family/children/{}/access", demand.child);
    let page = demand.parent.get(&format!("{path}?limit=2")).await.ok();
    let items = page["items"].as_array().unwrap();
    let line = |n: usize| {
        (
            items[n]["by"].clone(),
            items[n]["role"].clone(),
            items[n]["place"].clone(),
            items[n]["action"].clone(),
        )
    };
    assert_eq!(
        line(0),
        (
            json!("staff"),
            json!("facility_manager"),
            json!("Kita Ahorn"),
            json!("list_preferences")
        )
    );
    assert_eq!(
        line(1),
        (json!("staff"), json!("clerk"), Value::Null, json!("get_office_demand"))
    );
    assert_eq!(
        (&items[0]["changed"], page["next_cursor"].is_string()),
        (&json!(false), true)
    );
    let others = demand.parent.get(&format!("{path}?own=false")).await.ok();
    let by: Vec<_> = others["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["by"].clone())
        .collect();
    assert!(by.contains(&json!("staff")) && !by.contains(&json!("own")), "{by:?}");
    let mut seen = Vec::new();
    let mut next = format!("{path}?limit=2");
    loop {
        let page = demand.parent.get(&next).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        next = format!("{path}?limit=2&cursor={cursor}");
    }
    let unique: std::collections::BTreeSet<String> = seen.iter().map(ToString::to_string).collect();
    assert_eq!(unique.len(), seen.len(), "no event twice");
    let whole = demand.parent.get(&format!("{path}?limit=200")).await.ok();
    let all = whole.to_string();
    for who in [&clerk, &manager] {
        assert!(!all.contains(&who.account_id().to_string()), "no account of the staff");
    }
    assert!(
        whole["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["by"] == "own" && item["changed"] == true)
    );
    // Whoever has no custody learns nothing, not even that there is such a child.
    let stranger = app.parent("kim@example.org").await;
    assert_eq!(stranger.get(&path).await.status, 404);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_failed_sign_in_is_noted_and_says_nothing_of_what_was_typed() {
    let app = TestApp::new().await;
    let typed = "ein-geheimes-wort-4711";
    let body = json!({"email": "nobody@example.org", "password": typed});
    assert_eq!(
        app.anonymous().post("/session", body).await.refused(401),
        "identity.credentials"
    );
    let noted = "SELECT outcome || ' ' || code FROM audit_event WHERE tenant_id = $1 AND action = 'sign_in'";
    assert_eq!(rows(&app, noted).await, ["refused identity.credentials"]);
    let whole = rows(&app, "SELECT e::text FROM audit_event e WHERE tenant_id = $1")
        .await
        .join("\n");
    assert!(!whole.contains(typed) && !whole.contains("nobody@example.org"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_corrects_a_paper_family_and_nobody_with_an_account() {
    let app = TestApp::new().await;
    let (clerk, facility) = (app.clerk().await, facility(&app, "Kita Ahorn").await);
    let made = clerk
        .create("/office/demands", crate::support::office::paper(&[facility]))
        .await
        .ok();
    let child: ChildId = crate::support::families::id(&made["child"]["id"]);
    let row = clerk.get(&of_child(child)).await.ok();
    let person = &row["items"][0];
    assert_eq!(person["contact"]["last_name"], "Braun");
    let path = format!("/office/guardians/{}", person["guardian_id"].as_str().unwrap());
    let version = person["contact"]["version"].as_i64().unwrap();
    let right = json!({"first_name": "Jana", "last_name": "Braune", "phone": null, "email": "jana@example.org", "language": "de"});
    let wrong = json!({"first_name": "", "last_name": "Braune", "phone": null, "email": "x", "language": "de"});
    let faults = clerk.edit(Method::PUT, &path, version, wrong).await.faults();
    assert_eq!(
        faults,
        [
            ("/email".to_owned(), "invalid".to_owned()),
            ("/first_name".to_owned(), "required".to_owned())
        ]
    );
    clerk.edit(Method::PUT, &path, version, right.clone()).await.ok();
    assert_eq!(
        clerk.edit(Method::PUT, &path, version, right).await.refused(412),
        "version.stale"
    );
    let home = json!({"street": "Neue Straße", "house_number": "1", "postal_code": "04109", "city": "Musterstadt", "address_protected": false});
    let house = format!("/office/households/{}", person["household_id"].as_str().unwrap());
    clerk
        .edit(
            Method::PUT,
            &house,
            person["household_version"].as_i64().unwrap(),
            home.clone(),
        )
        .await
        .ok();
    let born = json!({"birth_date": "2026-03-15"});
    let of = format!("/office/children/{child}");
    clerk
        .edit(Method::PATCH, &of, row["child_version"].as_i64().unwrap(), born.clone())
        .await
        .ok();
    let seen = clerk
        .get(&format!("/office/demands/{}", made["id"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(
        (&seen["guardians"][0]["name"], &seen["address"]["street"]),
        (&json!("Jana Braune"), &json!("Neue Straße"))
    );
    let listed = clerk.get("/office/demands?q=Mia").await.ok();
    assert_eq!(listed["items"][0]["child"]["birth_date"], "2026-03-15");
    // Who has an account keeps the own data.
    let own = app.sent_demand("kim@example.org", &[facility]).await;
    let row = clerk.get(&of_child(own.child)).await.ok();
    assert_eq!(row["items"][0]["contact"], Value::Null);
    let of = format!("/office/children/{}", own.child);
    let refused = clerk
        .edit(Method::PATCH, &of, row["child_version"].as_i64().unwrap(), born)
        .await;
    assert_eq!(refused.refused(409), "family.has_account");
    let house = format!(
        "/office/households/{}",
        row["items"][0]["household_id"].as_str().unwrap()
    );
    let refused = clerk
        .edit(
            Method::PUT,
            &house,
            row["items"][0]["household_version"].as_i64().unwrap(),
            home,
        )
        .await;
    assert_eq!(refused.refused(409), "family.has_account");
}
