//! The life of an offer over HTTP: sent, seen, answered; and who may see and do what.

use serde_json::json;

use crate::support::offers::{act, new_offer};
use crate::support::offers_town::{path, send, town};
use crate::support::{Client, TestApp, last_to};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_sent_offer_holds_the_place_and_lets_the_other_wishes_rest() {
    let (app, catcher) = TestApp::with_mail().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    assert_eq!(offer["state"], "sent");
    assert_eq!(offer["deadline_on"], "2027-02-11");
    assert_eq!(offer["care_until"], "2032-08-01", "until school entry");
    assert_eq!(
        (&offer["window_from"], &offer["window_to"]),
        (&json!("08:00"), &json!("16:00"))
    );
    assert_eq!(offer["child"]["label"], "Mia B.");
    assert_eq!(app.demand_state(town.wishes.demand).await, "offer_pending");
    assert_eq!(app.preference_state(town.wishes.preferences[0]).await, "offered");
    assert_eq!(app.preference_state(town.wishes.preferences[1]).await, "paused");
    assert_eq!(app.bookable(town.first, "under3", "2027-08-01").await, 0);
    assert_eq!(app.bookable(town.first, "over3", "2030-01-01").await, 0);
    app.run_jobs().await;
    let mail = last_to(&catcher, "jana@example.org");
    assert!(
        mail.subject.contains("bis Donnerstag, 11. Februar 2027"),
        "{}",
        mail.subject
    );
    let text = mail.text.unwrap();
    assert!(text.contains(&format!(
        "/{}/angebot/{}",
        app.tenant.slug,
        offer["id"].as_str().unwrap()
    )));
    assert!(
        text.contains("M.") && !text.contains("Mia") && !text.contains("Braun"),
        "{text}"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn declining_frees_the_place_and_wakes_the_other_wishes() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let parent = &town.family.parent;
    let seen = parent.post(&path(&offer, "/view"), json!({})).await.ok();
    assert_eq!(seen["state"], "viewed");
    let declined = act(parent, &path(&offer, "/decline"), 1, json!({"reason": "too_far"}))
        .await
        .ok();
    assert_eq!(
        (&declined["state"], &declined["decline_reason"]),
        (&json!("declined"), &json!("too_far"))
    );
    assert_eq!(app.demand_state(town.wishes.demand).await, "confirmed");
    assert_eq!(app.preference_state(town.wishes.preferences[0]).await, "declined");
    assert_eq!(app.preference_state(town.wishes.preferences[1]).await, "received");
    assert_eq!(app.bookable(town.first, "under3", "2027-08-01").await, 1);
    let again = act(parent, &path(&offer, "/accept"), 2, json!({})).await;
    assert_eq!(again.refused(409), "offer.not_open");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn accepting_ends_the_other_wishes_and_drafts_the_contract() {
    let (app, catcher) = TestApp::with_mail().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let parent = &town.family.parent;
    let accepted = act(parent, &path(&offer, "/accept"), 1, json!({})).await.ok();
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(app.demand_state(town.wishes.demand).await, "covered");
    assert_eq!(app.preference_state(town.wishes.preferences[0]).await, "accepted");
    assert_eq!(
        app.preference_state(town.wishes.preferences[1]).await,
        "covered_elsewhere"
    );
    assert_eq!(
        app.bookable(town.first, "under3", "2027-08-01").await,
        0,
        "the place stays taken"
    );
    assert_eq!(app.bookable(town.second, "under3", "2027-08-01").await, 1);
    let contracts = parent.get("/contracts").await.ok();
    let contract = &contracts["items"][0];
    assert_eq!(contract["id"], accepted["contract_id"]);
    assert_eq!(
        (&contract["state"], &contract["care_from"]),
        (&json!("drafted"), &json!("2027-08-01"))
    );
    app.run_jobs().await;
    let subjects: Vec<_> = catcher
        .to("jana@example.org")
        .iter()
        .map(|m| m.letter().subject)
        .collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    assert!(
        subjects[1].starts_with("Platz angenommen") && subjects[2].starts_with("Der Entwurf"),
        "{subjects:?}"
    );
    app.at("2027-08-01T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(app.demand_state(town.wishes.demand).await, "closed");
    assert_eq!(app.preference_state(town.wishes.preferences[0]).await, "contracted");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_has_one_open_offer_at_a_time() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    send(&town).await;
    let second = town
        .other_manager
        .create("/staff/offers", new_offer(town.wishes.preferences[1]))
        .await;
    assert_eq!(second.refused(409), "offer.child_has_open_offer");
    let again = town
        .manager
        .create("/staff/offers", new_offer(town.wishes.preferences[0]))
        .await;
    assert_eq!(again.refused(409), "offer.child_has_open_offer");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn two_children_do_not_get_one_place() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    send(&town).await;
    let other = app.family("kim@example.org").await;
    let wishes = app.wishes(other.child, &[town.first]).await;
    let refused = town
        .manager
        .create("/staff/offers", new_offer(wishes.preferences[0]))
        .await;
    assert_eq!(refused.refused(409), "offer.no_place");
    assert_eq!(
        app.preference_state(wishes.preferences[0]).await,
        "received",
        "nothing is left behind"
    );
    assert_eq!(app.demand_state(wishes.demand).await, "confirmed");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_same_request_twice_is_one_offer() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let body = new_offer(town.wishes.preferences[0]);
    let key = [("idempotency-key", "one-offer-only")];
    let post = || {
        town.manager
            .send(reqwest::Method::POST, "/staff/offers", Some(&body), &key)
    };
    let (first, second) = (post().await.ok(), post().await.ok());
    assert_eq!(first["id"], second["id"]);
    let list = town.manager.get("/staff/offers?state=sent").await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn staff_narrows_the_offers_to_several_states_at_once() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let shown = async |state: &str| {
        let list = town
            .manager
            .get(&format!("/staff/offers?sort=deadline&state={state}"))
            .await
            .ok();
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("sent,viewed").await, [offer["id"].clone()]);
    assert_eq!(shown("accepted,%20sent").await, [offer["id"].clone()]);
    assert_eq!(shown("").await, [offer["id"].clone()]);
    assert!(shown("viewed,accepted").await.is_empty());
    let wrong = town.manager.get("/staff/offers?state=sent,open").await;
    assert_eq!(wrong.refused(400), "query.malformed");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_revoked_offer_gives_the_wish_back_and_tells_why() {
    let (app, catcher) = TestApp::with_mail().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let path = format!("/staff/offers/{}/revoke", offer["id"].as_str().unwrap());
    let empty = act(&town.manager, &path, 1, json!({"reason": "  "})).await;
    assert_eq!(empty.faults(), [("/reason".into(), "required".into())]);
    let stale = act(&town.manager, &path, 7, json!({"reason": "x"})).await;
    assert_eq!(stale.refused(412), "version.stale");
    let revoked = act(&town.manager, &path, 1, json!({"reason": "Die Gruppe öffnet später."}))
        .await
        .ok();
    assert_eq!(revoked["revoke_reason"], "Die Gruppe öffnet später.");
    assert_eq!(app.preference_state(town.wishes.preferences[0]).await, "received");
    assert_eq!(app.preference_state(town.wishes.preferences[1]).await, "received");
    assert_eq!(app.bookable(town.first, "under3", "2027-08-01").await, 1);
    app.run_jobs().await;
    assert!(last_to(&catcher, "jana@example.org").subject.contains("zurückgenommen"));
    send(&town).await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_anothers_is_missing_to_everybody_else() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let foreign = town
        .other_manager
        .create("/staff/offers", new_offer(town.wishes.preferences[0]))
        .await;
    assert_eq!(foreign.refused(404), "not_found", "a preference of another facility");
    let offer = send(&town).await;
    let revoke = format!("/staff/offers/{}/revoke", offer["id"].as_str().unwrap());
    let revoked = act(&town.other_manager, &revoke, 1, json!({"reason": "x"})).await;
    assert_eq!(revoked.refused(404), "not_found");
    assert_eq!(town.other_manager.get("/staff/offers").await.ok()["items"], json!([]));
    let stranger = app.family("kim@example.org").await.parent;
    assert_eq!(stranger.get(&path(&offer, "")).await.refused(404), "not_found");
    assert_eq!(stranger.get("/offers").await.ok()["items"], json!([]));
    for (action, body) in [
        ("/view", json!({})),
        ("/accept", json!({})),
        ("/decline", json!({"reason": "other"})),
    ] {
        let answer = act(&stranger, &path(&offer, action), 1, body).await;
        assert_eq!(answer.refused(404), "not_found", "{action}");
    }
    let accepted = act(&town.family.parent, &path(&offer, "/accept"), 1, json!({}))
        .await
        .ok();
    let contract = format!("/contracts/{}", accepted["contract_id"].as_str().unwrap());
    assert_eq!(stranger.get(&contract).await.refused(404), "not_found");
    assert_eq!(
        stranger.get(&format!("{contract}/draft.pdf")).await.refused(404),
        "not_found"
    );
    assert_eq!(town.other_manager.get(&contract).await.refused(404), "not_found");
    assert_eq!(town.manager.get(&contract).await.ok()["state"], "drafted");
    assert_eq!(app.clerk().await.get(&contract).await.ok()["state"], "drafted");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_other_parent_with_custody_sees_and_answers_and_without_it_nothing() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let other = app.parent("kim@example.org").await;
    assert_eq!(other.get(&path(&offer, "")).await.refused(404), "not_found");
    give_custody(&app, &other, town.family.child).await;
    assert_eq!(other.get(&path(&offer, "")).await.ok()["id"], offer["id"]);
    other.post(&path(&offer, "/view"), json!({})).await.ok();
    // What the first parent saw before the other opened it still is the current version.
    act(&town.family.parent, &path(&offer, "/accept"), 1, json!({}))
        .await
        .ok();
    let late = act(&other, &path(&offer, "/accept"), 1, json!({})).await;
    assert_eq!(late.refused(409), "offer.not_open");
}

async fn give_custody(app: &TestApp, parent: &Client, child: kitaplatz::platform::ids::ChildId) {
    let account = parent.account.unwrap();
    kitaplatz::access::as_system(&app.platform, &app.tenant, "test", async |tx| {
        let (tenant, guardian) = (tx.tenant_id().0, kitaplatz::platform::ids::random_uuid());
        sqlx::query("INSERT INTO guardian (tenant_id, id, account_id, first_name, last_name) VALUES ($1, $2, $3, 'Kim', 'Braun')")
            .bind(tenant)
            .bind(guardian)
            .bind(account.0)
            .execute(tx.conn())
            .await?;
        sqlx::query("INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from) VALUES ($1, $2, $3, $4, '2027-01-01')")
            .bind(tenant)
            .bind(kitaplatz::platform::ids::random_uuid())
            .bind(child.0)
            .bind(guardian)
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_draft_is_a_pdf_that_names_both_sides() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let offer = send(&town).await;
    let accepted = act(&town.family.parent, &path(&offer, "/accept"), 1, json!({}))
        .await
        .ok();
    let draft = format!("/contracts/{}/draft.pdf", accepted["contract_id"].as_str().unwrap());
    let pdf = town.family.parent.get(&draft).await;
    if cfg!(feature = "pdf") {
        assert_eq!(pdf.status, 200);
        assert_eq!(pdf.headers["content-type"], "application/pdf");
        assert!(pdf.bytes.starts_with(b"%PDF-"));
    } else {
        assert_eq!(pdf.refused(501), "documents.off");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_days_of_an_offer_become_those_of_the_contract() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let mut new = new_offer(town.wishes.preferences[0]);
    let week = json!([{"weekday": 1, "from": "08:00", "to": "14:00"}, {"weekday": 5, "from": "08:00", "to": "12:00"}]);
    new["week"] = week.clone();
    let other = town.manager.create("/staff/offers", new.clone()).await.faults();
    assert_eq!(
        other,
        [
            ("/hours_per_week".into(), "not_of_week".into()),
            ("/window_to".into(), "not_of_week".into())
        ]
    );
    (new["hours_per_week"], new["window_from"], new["window_to"]) = (json!(null), json!(null), json!(null));
    let mut none = new.clone();
    none["week"] = json!([]);
    let none = town.manager.create("/staff/offers", none).await.faults();
    assert_eq!(none, [("/week".into(), "required".into())]);
    let sent = town.manager.create("/staff/offers", new).await.ok();
    let parent = &town.family.parent;
    let seen = parent.get(&path(&sent, "")).await.ok();
    assert_eq!((&seen["week"], &seen["hours_per_week"]), (&week, &json!(10)));
    let listed = town.manager.get("/staff/offers").await.ok();
    assert_eq!(listed["items"][0]["week"], week);
    let accepted = act(parent, &path(&sent, "/accept"), 1, json!({})).await.ok();
    let contract = format!("/contracts/{}", accepted["contract_id"].as_str().unwrap());
    let contract = parent.get(&contract).await.ok();
    let agreed = ["week", "hours_per_week", "window_from", "window_to"].map(|field| contract[field].clone());
    assert_eq!(agreed, [week, json!(10), json!("08:00"), json!("14:00")]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn bad_input_is_told_field_by_field() {
    let app = TestApp::new().await;
    let town = town(&app).await;
    let mut new = new_offer(town.wishes.preferences[0]);
    new["care_from"] = json!("2026-01-01");
    new["hours_per_week"] = json!(61);
    new["window_to"] = json!("07:00");
    let faults = town.manager.create("/staff/offers", new).await.faults();
    let faults: Vec<_> = faults
        .iter()
        .map(|(pointer, code)| format!("{pointer} {code}"))
        .collect();
    assert_eq!(
        faults,
        [
            "/care_from too_early",
            "/care_from before_birth",
            "/hours_per_week out_of_range",
            "/window_to before_start"
        ]
    );
    let mut huge = new_offer(town.wishes.preferences[0]);
    huge["care_from"] = json!("+262142-12-31");
    let answer = town.manager.create("/staff/offers", huge).await;
    assert!([400, 422].contains(&answer.status.as_u16()), "{}", answer.status);
}
