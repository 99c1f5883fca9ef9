//! The youth office: its views, what a clerk decides, evidence, and the intake of paper and telephone.

use kitaplatz::access::{Role, as_system};
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::{CriterionId, DemandId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::{add_default_criteria, outbox, points, with_settings};
use crate::support::facilities::{facility, facility_with_capacity, give_capacity};
use crate::support::families::id;
use crate::support::offers::new_offer;
use crate::support::waiting::{Family, Waiting, waiting, waiting_in};
use crate::support::{Client, TestApp};

fn path(demand: DemandId) -> String {
    format!("/office/demands/{demand}")
}

fn codes(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["reference_code"].as_str().unwrap())
        .collect()
}

async fn version(clerk: &Client, demand: DemandId) -> i64 {
    clerk.get(&path(demand)).await.ok()["version"].as_i64().unwrap()
}

/// Does something to a demand in its newest version.
async fn act(clerk: &Client, demand: DemandId, step: &str, body: Value) -> crate::support::Answer {
    let version = version(clerk, demand).await;
    clerk
        .edit(Method::POST, &format!("{}/{step}", path(demand)), version, body)
        .await
}

/// Families that wait at a facility, told apart by what the views are about.
struct Town {
    facility: FacilityId,
    submitted: Waiting,
    claimed: Waiting,
    later_claim: Waiting,
    covered: Waiting,
}

async fn town(app: &TestApp) -> Town {
    let facility = facility(app, "Kita Ahorn").await;
    let family = |state, first_name, start: &str, received_at| Family {
        state,
        first_name: Some(first_name),
        start: start.parse().unwrap(),
        received_at,
        ..Family::default()
    };
    let claim = |family| Family {
        legal_claim: true,
        ..family
    };
    let submitted = family("submitted", "Anna", "2027-08-01", "2027-01-20T08:00:00Z");
    let claimed = claim(family("confirmed", "Ben", "2027-02-20", "2027-01-10T08:00:00Z"));
    let later_claim = claim(family("offer_pending", "Cem", "2027-09-01", "2027-01-15T08:00:00Z"));
    let covered = claim(family("covered", "Dora", "2027-02-10", "2026-12-01T08:00:00Z"));
    let draft = family("draft", "Emil", "2027-08-01", "2027-01-10T08:00:00Z");
    waiting(app, &draft, &[facility]).await;
    Town {
        submitted: waiting(app, &submitted, &[facility]).await,
        claimed: waiting(app, &claimed, &[facility]).await,
        later_claim: waiting(app, &later_claim, &[facility]).await,
        covered: waiting(app, &covered, &[facility]).await,
        facility,
    }
}

#[actix_web::test]
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

#[actix_web::test]
async fn the_overview_counts_an_accepted_place_and_a_letter_to_print() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    act(&clerk, town.submitted.demand, "confirm", json!({})).await.ok();
    let overview = clerk.get("/office/overview").await.ok();
    assert_eq!(
        (&overview["letters_to_print"], &overview["to_confirm"]),
        (&json!(1), &json!(0))
    );
}

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
async fn a_confirmed_demand_can_be_offered_and_the_family_is_told() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let body = act(&clerk, town.submitted.demand, "confirm", json!({})).await.ok();
    assert_eq!((&body["state"], &body["version"]), (&json!("confirmed"), &json!(2)));
    assert_eq!(
        (&body["history"][0]["kind"], &body["history"][0]["to"]),
        (&json!("confirmed"), &json!("confirmed"))
    );
    let told = outbox(&app, "demand_confirmed").await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["reference_code"], &told[0]["child"]),
        (&json!(town.submitted.code), &json!("A"))
    );
    let again = act(&clerk, town.submitted.demand, "confirm", json!({})).await;
    assert_eq!(again.refused(409), "demand.wrong_state");
}

#[actix_web::test]
async fn a_register_mismatch_moves_no_date_and_stops_nothing() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let demand = town.submitted.demand;
    let before = clerk.get(&path(demand)).await.ok();
    let marked = act(&clerk, demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    assert_eq!(
        (&marked["register_mismatch"], &marked["state"]),
        (&json!(true), &json!("submitted"))
    );
    for field in ["submitted_at", "legal_due_on", "updated_at"] {
        assert_eq!(marked[field], before[field], "{field}");
    }
    assert_eq!(marked["history"][0]["kind"], "register_mismatch");
    let again = act(&clerk, demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    assert_eq!(again["version"], marked["version"], "nothing changed");
    act(&clerk, demand, "confirm", json!({})).await.ok();
    let list = clerk.get("/office/demands?q=anna").await.ok();
    assert_eq!(list["items"][0]["register_mismatch"], true);
    let cleared = act(&clerk, demand, "register-mismatch", json!({"mismatch": false}))
        .await
        .ok();
    assert_eq!(
        (&cleared["register_mismatch"], &cleared["state"]),
        (&json!(false), &json!("confirmed"))
    );
}

#[actix_web::test]
async fn a_demand_that_ends_takes_its_wishes_along_and_the_family_reads_why() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    for (state, note) in [
        ("not_entitled", Some("Sie wohnen in Markkleeberg.")),
        ("moved_away", None),
        ("superseded", None),
        ("withdrawn", Some("Anruf vom 1. Februar")),
    ] {
        let facility = facility(&app, "Kita Ahorn").await;
        let family = waiting(&app, &Family::default(), &[facility]).await;
        let body = act(&clerk, family.demand, "close", json!({"state": state, "note": note}))
            .await
            .ok();
        assert_eq!(body["state"], state);
        assert_eq!(body["preferences"][0]["state"], "withdrawn");
        let line = |of_wish: bool| {
            let mut lines = body["history"].as_array().unwrap().iter();
            let line = lines.find(|l| l["preference_id"].is_null() != of_wish);
            line.unwrap()["reason"].clone()
        };
        assert_eq!(line(false), json!(note));
        assert_eq!(line(true), Value::Null, "facilities read the history of their wishes");
        let told = outbox(&app, "demand_ended").await;
        let told = told.iter().find(|m| m["ending"] == state).expect("the family is told");
        assert_eq!(
            (&told["explanation"], &told["reference_code"]),
            (&json!(note), &json!(family.code))
        );
        let again = act(&clerk, family.demand, "close", json!({"state": "moved_away"})).await;
        assert_eq!(again.refused(409), "demand.wrong_state");
    }
}

#[actix_web::test]
async fn what_an_ending_cannot_be_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let demand = town.claimed.demand;
    for (body, code) in [
        (json!({"state": "not_entitled"}), "required"),
        (json!({"state": "not_entitled", "note": "  "}), "required"),
        (json!({"state": "moved_away", "note": "x".repeat(501)}), "too_long"),
        (json!({"state": "moved_away", "note": "a\u{7}"}), "invalid"),
    ] {
        let faults = act(&clerk, demand, "close", body.clone()).await.faults();
        assert_eq!(faults, [("/note".to_owned(), code.to_owned())], "{body}");
    }
    for body in [json!({}), json!({"state": "expired"}), json!({"state": "covered"})] {
        assert_eq!(act(&clerk, demand, "close", body).await.refused(422), "body.shape");
    }
    let covered = act(&clerk, town.covered.demand, "close", json!({"state": "moved_away"})).await;
    assert_eq!(
        covered.refused(409),
        "demand.wrong_state",
        "a contract is ended, not its demand"
    );
}

#[actix_web::test]
async fn a_demand_closed_under_an_open_offer_gives_the_place_back() {
    let app = TestApp::new().await;
    let kita = facility_with_capacity(&app, AgeBand::Under3, 1).await;
    give_capacity(&app, kita, AgeBand::Over3, 1).await;
    let family = waiting(&app, &Family::default(), &[kita]).await;
    let manager = app.manager(kita).await;
    let offer = manager
        .create("/staff/offers", new_offer(family.preferences[0]))
        .await
        .ok();
    assert_eq!(app.bookable(kita, "under3", "2027-08-01").await, 0);
    let clerk = app.clerk().await;
    let closed = act(&clerk, family.demand, "close", json!({"state": "moved_away"})).await;
    assert_eq!(closed.ok()["state"], "moved_away");
    app.run_jobs().await;
    assert_eq!(app.bookable(kita, "under3", "2027-08-01").await, 1);
    assert_eq!(app.preference_state(family.preferences[0]).await, "withdrawn");
    let offers = manager.get("/staff/offers").await.ok();
    let offers = offers["items"].as_array().unwrap();
    let it = offers
        .iter()
        .find(|o| o["id"] == offer["id"])
        .expect("the offer is still listed");
    assert_eq!(it["state"], "revoked");
}

#[actix_web::test]
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

#[actix_web::test]
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

/// The criterion of a code.
async fn criterion(app: &TestApp, code: &str) -> CriterionId {
    let all = app.anonymous().get("/criteria").await.ok();
    let found = all["items"].as_array().unwrap().iter().find(|c| c["code"] == code);
    id(&found.expect("the criterion is there")["id"])
}

async fn evidence(
    clerk: &Client,
    demand: DemandId,
    criterion: impl std::fmt::Display,
    body: Value,
) -> crate::support::Answer {
    let version = version(clerk, demand).await;
    let path = format!("{}/evidence/{criterion}", path(demand));
    clerk.edit(Method::PUT, &path, version, body).await
}

#[actix_web::test]
async fn evidence_is_noted_without_its_document_and_points_follow() {
    let app = TestApp::new().await;
    add_default_criteria(&app).await;
    let demand = app.demand("jana@example.org").await;
    let (works, hardship) = (criterion(&app, "both_work").await, criterion(&app, "hardship").await);
    let facts =
        json!({"facts": [{"criterion_id": works, "claimed": true}, {"criterion_id": hardship, "claimed": true}]});
    demand.change(facts).await.ok();
    demand.submit().await.ok();
    assert_eq!(points(&app, &demand).await, [14, 14]);
    let clerk = app.clerk().await;
    let body = json!({"state": "seen", "valid_until": "2027-12-31"});
    let seen = evidence(&clerk, demand.id, works, body).await.ok();
    assert_eq!(
        points(&app, &demand).await,
        [14, 14],
        "a claim counts until it is rejected"
    );
    let noted = &seen["evidence"][0];
    assert_eq!(
        (
            &noted["criterion_id"],
            &noted["state"],
            &noted["seen_on"],
            &noted["valid_until"]
        ),
        (
            &json!(works),
            &json!("seen"),
            &json!("2027-02-01"),
            &json!("2027-12-31")
        )
    );
    assert!(noted["seen_by"].as_str().unwrap().starts_with("staff-"), "{noted}");
    let rejected = evidence(
        &clerk,
        demand.id,
        hardship,
        json!({"state": "rejected", "valid_until": null}),
    )
    .await
    .ok();
    assert_eq!(points(&app, &demand).await, [4, 4]);
    let listed = &clerk.get("/office/demands").await.ok()["items"][0];
    assert_eq!(listed["points_global"], 4);
    let fact = rejected["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["criterion_id"] == json!(hardship));
    assert_eq!(fact.unwrap()["evidence_state"], "rejected");
    let mut lines = rejected["history"].as_array().unwrap().iter();
    let line = lines
        .find(|line| line["kind"] == "evidence_rejected")
        .expect("it has its line");
    assert_eq!(line["reason"], "In unserer Familie gibt es eine besondere Notlage");
    evidence(&clerk, demand.id, hardship, json!({"state": "seen"}))
        .await
        .ok();
    assert_eq!(points(&app, &demand).await, [14, 14], "it came later");
}

#[actix_web::test]
async fn evidence_is_for_what_the_family_claims() {
    let app = TestApp::new().await;
    add_default_criteria(&app).await;
    let demand = app.demand("jana@example.org").await;
    let (works, hardship) = (criterion(&app, "both_work").await, criterion(&app, "hardship").await);
    let facts =
        json!({"facts": [{"criterion_id": works, "claimed": true}, {"criterion_id": hardship, "claimed": false}]});
    demand.change(facts).await.ok();
    let clerk = app.clerk().await;
    let draft = format!("{}/evidence/{works}", path(demand.id));
    let seen = json!({"state": "seen"});
    let of_draft = clerk.edit(Method::PUT, &draft, 3, seen.clone()).await;
    assert_eq!(of_draft.refused(404), "not_found", "a draft is nobody's business");
    demand.submit().await.ok();
    let unclaimed = evidence(&clerk, demand.id, hardship, seen.clone()).await;
    assert_eq!(unclaimed.refused(409), "demand.not_claimed");
    let unanswered = criterion(&app, "lone_parent_working").await;
    let unanswered = evidence(&clerk, demand.id, unanswered, seen.clone()).await;
    assert_eq!(unanswered.refused(404), "not_found");
    for (body, code) in [
        (json!({"state": "seen", "valid_until": "2027-01-31"}), "too_early"),
        (json!({"state": "seen", "valid_until": "2055-01-01"}), "too_late"),
        (
            json!({"state": "rejected", "valid_until": "2027-12-31"}),
            "not_supported",
        ),
    ] {
        let faults = evidence(&clerk, demand.id, works, body.clone()).await.faults();
        assert_eq!(faults, [("/valid_until".to_owned(), code.to_owned())], "{body}");
    }
    let shape = evidence(&clerk, demand.id, works, json!({"state": "claimed"})).await;
    assert_eq!(shape.refused(422), "body.shape");
    act(&clerk, demand.id, "close", json!({"state": "moved_away"}))
        .await
        .ok();
    let ended = evidence(&clerk, demand.id, works, seen).await;
    assert_eq!(ended.refused(409), "demand.wrong_state");
}

#[actix_web::test]
async fn who_saw_an_older_version_changes_nothing() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let clerk = app.clerk().await;
    let demand = town.submitted.demand;
    act(&clerk, demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    let missing = CriterionId::new();
    for (method, step, body) in [
        (Method::POST, "confirm".to_owned(), json!({})),
        (Method::POST, "register-mismatch".to_owned(), json!({"mismatch": false})),
        (Method::POST, "close".to_owned(), json!({"state": "moved_away"})),
        (Method::PUT, format!("evidence/{missing}"), json!({"state": "seen"})),
    ] {
        let path = format!("{}/{step}", path(demand));
        let stale = clerk.edit(method.clone(), &path, 1, body.clone()).await;
        assert_eq!(stale.refused(412), "version.stale", "{step}");
        assert_eq!(stale.headers["etag"], "\"2\"", "{step}");
        let without = clerk.send(method, &path, Some(&body), &[]).await;
        assert_eq!(without.refused(428), "version.required", "{step}");
    }
    assert_eq!(clerk.get(&path(demand)).await.ok()["state"], "submitted");
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

#[actix_web::test]
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

#[actix_web::test]
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

/// What a clerk types from a paper form of a family without e-mail.
fn paper(facilities: &[FacilityId]) -> Value {
    json!({
        "guardian": {"first_name": "Jana", "last_name": "Braun", "email": null, "phone": "0341 123456", "language": "de"},
        "household": {"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt",
                      "address_protected": false},
        "child": {"first_name": "Mia", "last_name": null, "sex": null, "birth_date": "2026-03-14", "expected_birth_date": null},
        "demand": {"care_type": "nursery", "desired_start": "2027-09-01", "latest_start": null, "hours_per_week": 40,
                   "window_from": "07:30", "window_to": "16:00", "legal_claim": true, "facts": []},
        "facility_ids": facilities,
        "received_at": "2027-01-20T11:00:00Z"
    })
}

/// The form with one value changed, at its JSON pointer.
fn with(mut form: Value, pointer: &str, value: Value) -> Value {
    *form.pointer_mut(pointer).expect("the pointer is there") = value;
    form
}

#[actix_web::test]
async fn a_paper_counts_from_the_day_on_which_it_arrived() {
    let app = TestApp::new().await;
    add_default_criteria(&app).await;
    let (a, b) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    let works = criterion(&app, "both_work").await;
    let form = with(
        paper(&[b, a]),
        "/demand/facts",
        json!([{"criterion_id": works, "claimed": true}]),
    );
    let clerk = app.clerk().await;
    let answer = clerk.create("/office/demands", form).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.bytes));
    let made = answer.ok();
    assert_eq!(
        (&made["state"], &made["child"]["label"]),
        (&json!("confirmed"), &json!("Mia B.")),
        "confirmed by the rule, as if it had come online; the child has its mother's name"
    );
    assert_eq!(made["submitted_at"], "2027-01-20T11:00:00Z");
    assert_eq!(made["legal_claim_asserted_at"], "2027-01-20T11:00:00Z");
    assert_eq!(made["legal_due_on"], "2027-09-01");
    let wishes = made["preferences"].as_array().unwrap();
    assert_eq!(
        (&wishes[0]["facility_id"], &wishes[1]["facility_id"]),
        (&json!(b), &json!(a))
    );
    assert_eq!(wishes[0]["answer_due_on"], "2027-03-03", "42 days from its arrival");
    let seen = app.manager(b).await.get("/staff/preferences").await.ok();
    assert_eq!(
        (&seen["items"][0]["points"], &seen["items"][0]["received_at"]),
        (&json!(4), &json!("2027-01-20T11:00:00Z"))
    );
    let detail = clerk.get(&path(id(&made["id"]))).await.ok();
    assert_eq!(detail["guardians"][0]["name"], "Jana Braun");
    assert_eq!(detail["address"]["street"], "Lindenweg");
}

#[actix_web::test]
async fn a_family_without_email_gets_its_receipt_as_a_letter() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", paper(&[a])).await.ok();
    let letters = clerk.get("/office/letters").await.ok();
    let letter = &letters["items"][0];
    assert_eq!(
        (&letter["kind"], &letter["recipient_label"], &letter["reference_code"]),
        (&json!("receipt"), &json!("Jana Braun"), &made["reference_code"])
    );
    let pdf = clerk
        .get(&format!("/office/letters/{}.pdf", letter["id"].as_str().unwrap()))
        .await;
    if cfg!(feature = "pdf") {
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.status);
    } else {
        assert_eq!(pdf.refused(501), "documents.off");
    }
    let demand = id(&made["id"]);
    act(&clerk, demand, "close", json!({"state": "withdrawn"})).await.ok();
    let kinds = clerk.get("/office/letters").await.ok();
    let kinds: Vec<_> = kinds["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["kind"].clone())
        .collect();
    assert!(kinds.contains(&json!("demand_ended")), "{kinds:?}");
}

#[actix_web::test]
async fn a_family_with_email_gets_mail_in_its_language() {
    let (app, catcher) = TestApp::with_mail().await;
    let a = facility(&app, "Kita Ahorn").await;
    let form = with(paper(&[a]), "/guardian/email", json!(" Jana@Example.org "));
    let form = with(form, "/guardian/language", json!("en"));
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", form).await.ok();
    let body = json!({"state": "not_entitled", "note": "You live in Markkleeberg."});
    act(&clerk, id(&made["id"]), "close", body).await.ok();
    app.run_jobs().await;
    assert_eq!(clerk.get("/office/letters").await.ok()["items"], json!([]));
    let mails = catcher.to("jana@example.org");
    assert_eq!(mails.len(), 2);
    let code = made["reference_code"].as_str().unwrap();
    let ended = crate::support::last_to(&catcher, "jana@example.org");
    assert_eq!(ended.subject, format!("Your care demand {code} has ended"));
    let text = ended.text.unwrap();
    assert!(
        text.contains("You live in Markkleeberg.") && text.contains("no claim"),
        "{text}"
    );
}

#[actix_web::test]
async fn an_intake_of_today_never_counts_later_than_now() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let today = with(paper(&[a]), "/received_at", json!("2027-02-01T11:00:00Z"));
    let made = clerk.create("/office/demands", today).await.ok();
    assert_eq!(made["submitted_at"], "2027-02-01T09:00:00Z");
}

#[actix_web::test]
async fn an_unborn_child_and_a_protected_address_are_taken_in() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let unborn = json!({"first_name": null, "last_name": null, "sex": null, "birth_date": null, "expected_birth_date": "2027-03-14"});
    let form = with(paper(&[a]), "/child", unborn);
    let form = with(form, "/household/street", json!("Geheimgasse"));
    let form = with(form, "/household/address_protected", json!(true));
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", form).await.ok();
    assert_eq!(made["child"]["label"], "erwartetes Kind");
    let detail = clerk.get(&path(id(&made["id"]))).await;
    assert!(!String::from_utf8_lossy(&detail.bytes).contains("Geheimgasse"));
    assert_eq!(detail.ok()["address_protected"], true);
}

#[actix_web::test]
async fn every_fault_of_a_form_is_answered_with_its_place_in_it() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let closed = facility(&app, "Kita Birke").await;
    close_facility(&app, closed).await;
    let clerk = app.clerk().await;
    let unknown = json!([{"criterion_id": CriterionId::new(), "claimed": true}]);
    for (at, value, pointer, code) in [
        (
            "/received_at",
            json!("2027-02-02T11:00:00Z"),
            "/received_at",
            "in_future",
        ),
        (
            "/received_at",
            json!("2026-01-31T11:00:00Z"),
            "/received_at",
            "too_early",
        ),
        ("/guardian/first_name", json!(" "), "/guardian/first_name", "required"),
        (
            "/guardian/last_name",
            json!("x".repeat(101)),
            "/guardian/last_name",
            "too_long",
        ),
        ("/guardian/email", json!("keine"), "/guardian/email", "invalid"),
        ("/guardian/phone", json!("ruf an"), "/guardian/phone", "invalid"),
        ("/guardian/language", json!("tlh"), "/guardian/language", "unknown"),
        ("/household/street", json!(""), "/household/street", "required"),
        (
            "/household/house_number",
            json!(""),
            "/household/house_number",
            "required",
        ),
        (
            "/household/postal_code",
            json!("0410"),
            "/household/postal_code",
            "invalid",
        ),
        ("/household/city", json!(""), "/household/city", "required"),
        ("/child/first_name", json!(null), "/child/first_name", "required"),
        (
            "/child/birth_date",
            json!("2027-02-02"),
            "/child/birth_date",
            "in_future",
        ),
        ("/child/birth_date", json!(null), "/child/birth_date", "required"),
        ("/demand/care_type", json!(null), "/demand/care_type", "required"),
        (
            "/demand/desired_start",
            json!(null),
            "/demand/desired_start",
            "required",
        ),
        (
            "/demand/desired_start",
            json!("2027-01-01"),
            "/demand/desired_start",
            "too_early",
        ),
        (
            "/demand/latest_start",
            json!("2027-08-31"),
            "/demand/latest_start",
            "too_early",
        ),
        (
            "/demand/hours_per_week",
            json!(61),
            "/demand/hours_per_week",
            "out_of_range",
        ),
        (
            "/demand/hours_per_week",
            json!(null),
            "/demand/hours_per_week",
            "required",
        ),
        ("/demand/window_to", json!("07:00"), "/demand/window_to", "too_early"),
        ("/demand/facts", unknown, "/demand/facts/0/criterion_id", "unknown"),
        ("/facility_ids", json!([]), "/facility_ids", "required"),
        (
            "/facility_ids",
            json!([FacilityId::new()]),
            "/facility_ids/0",
            "unknown",
        ),
        ("/facility_ids", json!([closed]), "/facility_ids/0", "unknown"),
        ("/facility_ids", json!([a, a]), "/facility_ids/1", "duplicate"),
    ] {
        let form = with(paper(&[a]), at, value.clone());
        let faults = clerk.create("/office/demands", form).await.faults();
        let wanted = (pointer.to_owned(), code.to_owned());
        assert!(faults.contains(&wanted), "{at} = {value}: {faults:?}");
    }
    assert_eq!(
        clerk.get("/office/demands").await.ok()["total"],
        0,
        "nothing stays behind"
    );
    assert_eq!(clerk.get("/office/letters").await.ok()["items"], json!([]));
}

#[actix_web::test]
async fn faults_of_all_parts_of_a_form_are_answered_together() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let mut form = paper(&[a]);
    for (at, value) in [
        ("/received_at", json!("2027-02-02T11:00:00Z")),
        ("/guardian/email", json!("keine")),
        ("/household/city", json!("")),
        ("/child/birth_date", json!("2027-02-02")),
        ("/demand/hours_per_week", json!(0)),
    ] {
        form = with(form, at, value);
    }
    let faults = app.clerk().await.create("/office/demands", form).await.faults();
    let pointers: Vec<_> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/received_at",
            "/guardian/email",
            "/household/city",
            "/child/birth_date",
            "/demand/hours_per_week"
        ]
    );
}

#[actix_web::test]
async fn an_intake_of_another_shape_is_refused_before_anything_is_read() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let form = paper(&[FacilityId::new()]);
    let mut more = form.clone();
    more["state"] = json!("confirmed");
    for form in [
        json!({}),
        more,
        with(form.clone(), "/received_at", json!("20.01.2027")),
        with(form.clone(), "/child/birth_date", json!("2027-02-30")),
        with(form.clone(), "/demand/care_type", json!("boarding")),
        with(form, "/facility_ids", json!(["x"])),
    ] {
        let answer = clerk.create("/office/demands", form.clone()).await;
        assert_eq!(answer.refused(422), "body.shape", "{form}");
    }
}

#[actix_web::test]
async fn an_intake_sent_twice_enters_one_family() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let send = async |form: &Value, key: &str| {
        let headers = [("idempotency-key", key)];
        clerk.send(Method::POST, "/office/demands", Some(form), &headers).await
    };
    let form = paper(&[a]);
    let first = send(&form, "intake-0001").await;
    let again = send(&form, "intake-0001").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(first.ok(), again.ok());
    let other = with(form.clone(), "/guardian/first_name", json!("Kim"));
    assert_eq!(send(&other, "intake-0001").await.refused(422), "idempotency.mismatch");
    let without = clerk.post("/office/demands", form.clone()).await;
    assert_eq!(without.refused(400), "idempotency.required");
    assert_eq!(clerk.get("/office/demands").await.ok()["total"], 1);
    assert_eq!(
        clerk.get("/office/letters").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[actix_web::test]
async fn where_clerks_confirm_an_intake_waits_for_one() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"confirm_automatically": false})).await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", paper(&[a])).await.ok();
    assert_eq!(made["state"], "submitted");
    let list = clerk.get("/office/demands?view=to_confirm").await.ok();
    assert_eq!(codes(&list), [made["reference_code"].as_str().unwrap()]);
}

async fn close_facility(app: &TestApp, facility: FacilityId) {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query("UPDATE facility SET state = 'closed' WHERE tenant_id = $1 AND id = $2")
            .bind(tx.tenant_id().0)
            .bind(facility.0)
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
}
