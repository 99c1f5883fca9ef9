//! The youth office's views: overview, list, detail, silent facilities; and who may see and do what.

use kitaplatz::access::Role;
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::{CriterionId, DemandId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::{facility, facility_with_capacity, give_capacity};
use crate::support::offers::new_offer;
use crate::support::office::{act, codes, paper, path, town, with};
use crate::support::waiting::{Family, waiting, waiting_in};
use crate::support::{Client, TestApp};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_overview_counts_what_waits_for_the_office() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let empty = clerk.get("/office/overview").await.ok();
    assert_eq!(
        (&empty["demands_by_state"], &empty["by_month"]),
        (&json!({}), &json!([]))
    );
    town(&app).await;
    let overview = clerk.get("/office/overview").await.ok();
    assert_eq!(
        overview["demands_by_state"],
        json!({"submitted": 1, "confirmed": 1, "offer_pending": 1, "covered": 1}),
        "a draft is nobody's business"
    );
    for (field, count) in [
        ("without_place", 3),
        ("legal_claims_open", 2),
        ("legal_claims_due_30_days", 1),
        ("to_confirm", 1),
        ("silent_facilities", 1),
        ("dead_letters", 0),
        ("letters_to_print", 0),
    ] {
        assert_eq!(overview[field], count, "{field}");
    }
    let months = overview["by_month"].as_array().unwrap();
    assert_eq!(months.len(), 12, "no month is left out");
    assert_eq!(months[0]["month"], "2026-03-01");
    assert_eq!(months[9], json!({"month": "2026-12-01", "demands": 1, "accepted": 0}));
    assert_eq!(months[10], json!({"month": "2027-01-01", "demands": 3, "accepted": 0}));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_overview_counts_an_accepted_place_and_a_letter_to_print() {
    let app = TestApp::new().await;
    let kita = facility_with_capacity(&app, AgeBand::Under3, 1).await;
    give_capacity(&app, kita, AgeBand::Over3, 1).await;
    let family = app.family("jana@example.org").await;
    let wishes = app.wishes(family.child, &[kita]).await;
    let offer = new_offer(wishes.preferences[0]);
    let offer = app.manager(kita).await.create("/staff/offers", offer).await.ok();
    let accept = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let accepted = family.parent.edit(Method::POST, &accept, 1, json!({})).await;
    accepted.ok();
    let clerk = app.clerk().await;
    clerk
        .create(
            "/office/demands",
            with(paper(&[kita]), "/child/first_name", json!("Nora")),
        )
        .await
        .ok();
    let overview = clerk.get("/office/overview").await.ok();
    assert_eq!(overview["demands_by_state"], json!({"confirmed": 1, "covered": 1}));
    assert_eq!(overview["letters_to_print"], 1);
    let months = overview["by_month"].as_array().unwrap();
    assert_eq!(
        months[10..],
        [
            json!({"month": "2027-01-01", "demands": 1, "accepted": 0}),
            json!({"month": "2027-02-01", "demands": 1, "accepted": 1})
        ]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_view_shows_its_demands_and_never_a_draft() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let (s, c, l, d) = (
        town.submitted.code.as_str(),
        town.claimed.code.as_str(),
        town.later_claim.code.as_str(),
        town.covered.code.as_str(),
    );
    for (query, wanted) in [
        ("", vec![d, c, l, s]),
        ("?view=to_confirm", vec![s]),
        ("?view=without_place", vec![c, l, s]),
        ("?view=legal_claim&sort=legal_due", vec![c, l]),
        ("?view=legal_claim&sort=legal_due&direction=desc", vec![l, c]),
        ("?view=without_place&state=confirmed,covered", vec![c]),
        ("?start_from=2027-08-01", vec![l, s]),
        ("?start_from=2027-02-15&start_to=2027-08-01", vec![c, s]),
        ("?q=anna", vec![s]),
        (&format!("?q={}", c[..6].to_lowercase()), vec![c]),
        ("?q=nobody", vec![]),
        ("?sort=start&direction=asc", vec![d, c, s, l]),
    ] {
        let page = clerk.get(&format!("/office/demands{query}")).await.ok();
        assert_eq!(codes(&page), wanted, "{query}");
        assert_eq!(page["total"], wanted.len(), "{query}");
    }
    let row = &clerk.get("/office/demands?q=ben").await.ok()["items"][0];
    assert_eq!(row["child"]["label"], "Ben B.");
    assert_eq!(
        (&row["legal_due_on"], &row["legal_claim"]),
        (&json!("2027-02-20"), &json!(true))
    );
    assert_eq!(
        (&row["preferences_open"], &row["preferences_total"]),
        (&json!(1), &json!(1))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_has_no_date_comes_last_in_either_direction() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    for direction in ["asc", "desc"] {
        let path = format!("/office/demands?sort=legal_due&direction={direction}");
        let page = clerk.get(&path).await.ok();
        assert_eq!(codes(&page).last(), Some(&town.submitted.code.as_str()), "{direction}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_list_is_read_page_by_page_in_every_order_without_gap_or_repetition() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    for n in 0..7 {
        // Equal keys among them: the page must break inside them, too.
        let day = format!("2027-0{}-01", 3 + n / 2);
        let family = Family {
            start: day.parse().unwrap(),
            legal_claim: n % 2 == 0,
            ..Family::default()
        };
        waiting(&app, &family, &[a]).await;
    }
    let clerk = app.clerk().await;
    for sort in ["submitted", "start", "legal_due", "age"] {
        for direction in ["asc", "desc"] {
            let query = format!("/office/demands?limit=3&sort={sort}&direction={direction}");
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = clerk.get(&format!("{query}{cursor}")).await.ok();
                seen.extend(codes(&page).into_iter().map(str::to_owned));
                assert_eq!(page["total"], 7);
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 7, "{sort} {direction}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 7, "{sort} {direction}: repeated");
        }
    }
    let first = clerk.get("/office/demands?limit=3&sort=start").await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let wrong = clerk.get(&format!("/office/demands?sort=age&cursor={cursor}")).await;
    assert_eq!(wrong.refused(400), "page.cursor");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_query_that_no_list_can_be_is_refused() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    for query in [
        "/office/demands?view=nonsense",
        "/office/demands?state=draft",
        "/office/demands?state=nonsense",
        "/office/demands?sort=points",
        "/office/demands?start_from=2027-02-30",
        "/office/demands?other=1",
        "/office/silent-facilities?days=-1",
        "/office/silent-facilities?days=3651",
        "/office/silent-facilities?days=ten",
    ] {
        assert_eq!(clerk.get(query).await.refused(400), "query.malformed", "{query}");
    }
    assert_eq!(clerk.get("/office/demands?limit=0").await.refused(400), "page.limit");
    assert_eq!(clerk.get("/office/demands?cursor=x").await.refused(400), "page.cursor");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_machine_client_with_the_scope_reads_the_list_and_nothing_else() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let body = json!({"name": "Fachverfahren", "scopes": ["demands_read"]});
    let key = app.admin().await.create("/admin/api-keys", body).await.ok();
    let mut machine = app.anonymous();
    machine.bearer = Some(key["key"].as_str().expect("the key is shown once").to_owned());
    assert_eq!(machine.get("/office/demands").await.ok()["total"], 4);
    assert_eq!(machine.get(&path(town.claimed.demand)).await.status, 403);
    assert_eq!(machine.get("/office/overview").await.status, 403);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_clerk_sees_a_demand_with_contact_and_history() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let answer = clerk.get(&path(town.claimed.demand)).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let body = answer.ok();
    assert_eq!(
        (&body["state"], &body["reference_code"]),
        (&json!("confirmed"), &json!(town.claimed.code))
    );
    assert_eq!(
        body["guardians"],
        json!([{"name": "Jana Braun", "phone": "0341 123456", "email": null}])
    );
    assert_eq!(
        body["address"],
        json!({"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt"})
    );
    assert_eq!(body["address_protected"], false);
    assert_eq!(body["preferences"][0]["facility_id"], json!(town.facility));
    assert_eq!((&body["evidence"], &body["history"]), (&json!([]), &json!([])));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_protected_address_is_in_no_answer_of_the_office() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let hidden = Family {
        address_protected: true,
        street: "Geheimgasse",
        state: "submitted",
        ..Family::default()
    };
    let hidden = waiting(&app, &hidden, &[a]).await;
    for client in [app.clerk().await, app.admin().await] {
        let detail = client.get(&path(hidden.demand)).await;
        let confirmed = act(&client, hidden.demand, "register-mismatch", json!({"mismatch": true})).await;
        let list = client.get("/office/demands").await;
        for answer in [&detail, &confirmed, &list] {
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("Geheimgasse"));
        }
        let body = detail.ok();
        assert_eq!(
            (&body["address"], &body["address_protected"]),
            (&Value::Null, &json!(true))
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn reading_a_demand_is_recorded_with_the_child() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    clerk.get(&path(town.claimed.demand)).await.ok();
    clerk.get("/office/demands?q=anna").await.ok();
    let admin = app.admin().await;
    let actions = async |object: uuid::Uuid| {
        let audit = admin.get(&format!("/admin/audit?object_id={object}")).await.ok();
        let items = audit["items"].as_array().unwrap();
        let named = items.iter().map(|i| i["action"].as_str().unwrap().to_owned());
        named.filter(|action| action.contains("office")).collect::<Vec<_>>()
    };
    assert_eq!(actions(town.claimed.demand.0).await, ["get_office_demand"]);
    assert_eq!(actions(town.claimed.child.0).await, ["get_office_demand"]);
    assert_eq!(actions(town.submitted.child.0).await, ["list_office_demands"]);
    assert!(actions(town.later_claim.child.0).await.is_empty());
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn facilities_that_let_families_wait_are_listed_longest_first() {
    let app = TestApp::new().await;
    let (a, b, c) = (
        facility(&app, "Kita Ahorn").await,
        facility(&app, "Kita Birke").await,
        facility(&app, "Kita Cedern").await,
    );
    for (received_at, facility) in [
        ("2027-01-17T22:59:00Z", a),
        ("2027-01-17T23:30:00Z", a),
        ("2026-12-01T08:00:00Z", b),
        ("2027-01-30T08:00:00Z", c),
    ] {
        let family = Family {
            received_at,
            ..Family::default()
        };
        waiting(&app, &family, &[facility]).await;
    }
    let clerk = app.clerk().await;
    let names = |body: &Value| -> Vec<String> {
        let items = body["items"].as_array().unwrap();
        items.iter().map(|i| i["name"].as_str().unwrap().to_owned()).collect()
    };
    let two_weeks = clerk.get("/office/silent-facilities?days=14").await.ok();
    assert_eq!(names(&two_weeks), ["Kita Birke", "Kita Ahorn"]);
    assert_eq!(
        two_weeks["items"][1],
        json!({"facility_id": a, "name": "Kita Ahorn", "open_preferences": 1, "oldest_received_at": "2027-01-17T22:59:00Z",
               "oldest_days": 15}),
        "a day begins at midnight in Germany"
    );
    let by_the_clock = clerk.get("/office/silent-facilities").await.ok();
    assert_eq!(names(&by_the_clock), ["Kita Birke"], "42 days where nothing is said");
    assert_eq!(
        names(&clerk.get("/office/silent-facilities?days=0").await.ok()),
        ["Kita Birke", "Kita Ahorn", "Kita Cedern"]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_facility_that_answered_is_not_silent() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let family = Family {
        received_at: "2026-12-01T08:00:00Z",
        ..Family::default()
    };
    let made = waiting(&app, &family, &[a]).await;
    let (manager, clerk) = (app.manager(a).await, app.clerk().await);
    let preference = format!("/staff/preferences/{}", made.preferences[0]);
    let looks = manager
        .edit(Method::POST, &format!("{preference}/review"), 1, json!({}))
        .await;
    looks.ok();
    let silent = clerk.get("/office/silent-facilities").await.ok();
    assert_eq!(silent["items"].as_array().unwrap().len(), 1, "looking is no answer");
    let answers = manager
        .edit(Method::POST, &format!("{preference}/waitlist"), 2, json!({}))
        .await;
    answers.ok();
    assert_eq!(clerk.get("/office/silent-facilities").await.ok()["items"], json!([]));
}

/// Every operation of the office on a demand, with a body that fits.
fn operations(demand: DemandId) -> Vec<(Method, String, Value)> {
    let path = path(demand);
    let missing = CriterionId::new();
    vec![
        (Method::GET, path.clone(), Value::Null),
        (Method::POST, format!("{path}/confirm"), json!({})),
        (
            Method::POST,
            format!("{path}/register-mismatch"),
            json!({"mismatch": true}),
        ),
        (Method::POST, format!("{path}/close"), json!({"state": "moved_away"})),
        (
            Method::PUT,
            format!("{path}/evidence/{missing}"),
            json!({"state": "seen"}),
        ),
    ]
}

async fn call(client: &Client, (method, path, body): &(Method, String, Value)) -> crate::support::Answer {
    let body = Some(body).filter(|b| !b.is_null());
    let headers = [("if-match", "\"1\""), ("idempotency-key", "12345678-office")];
    client.send(method.clone(), path, body, &headers).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn only_the_office_sees_and_only_clerks_change() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let mut all = operations(town.submitted.demand);
    all.push((Method::GET, "/office/overview".into(), Value::Null));
    all.push((Method::GET, "/office/demands".into(), Value::Null));
    all.push((Method::GET, "/office/silent-facilities".into(), Value::Null));
    all.push((Method::POST, "/office/demands".into(), paper(&[town.facility])));
    for operation in &all {
        assert_eq!(call(&app.anonymous(), operation).await.status, 401, "{operation:?}");
    }
    let others = [
        app.parent("jana@example.org").await,
        app.manager(town.facility).await,
        app.staff(&[(Role::Childminder, None, Some(town.facility))]).await,
    ];
    for operation in &all {
        for other in &others {
            assert_eq!(
                call(other, operation).await.refused(403),
                "access.denied",
                "{operation:?}"
            );
        }
    }
    let reader = app.staff(&[(Role::ReadOnly, None, None)]).await;
    for operation in &all {
        let answer = call(&reader, operation).await;
        let wanted = if operation.0 == Method::GET { 200 } else { 403 };
        assert_eq!(answer.status, wanted, "{operation:?}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_demand_of_another_town_or_a_draft_is_as_missing_as_none() {
    let app = TestApp::new().await;
    let other = app.other_tenant().await;
    let foreign = waiting_in(&app, &other, &Family::default(), &[]).await;
    let draft = Family {
        state: "draft",
        ..Family::default()
    };
    let draft = waiting(&app, &draft, &[]).await;
    let clerk = app.clerk().await;
    let body = |answer: crate::support::Answer| {
        let mut json = answer.json();
        json.as_object_mut().unwrap().remove("request_id");
        (answer.status, json)
    };
    let missing = operations(DemandId::new());
    for hidden in [foreign.demand, draft.demand] {
        for (operation, none) in operations(hidden).iter().zip(&missing) {
            let (answer, none) = (call(&clerk, operation).await, call(&clerk, none).await);
            assert_eq!(answer.refused(404), "not_found", "{operation:?}");
            assert_eq!(body(answer), body(none), "{operation:?}");
        }
    }
    assert_eq!(clerk.get("/office/demands").await.ok()["total"], 0);
}
