//! Siblings who go only together, on the follow-up lists of the year: all of them are offered places of a facility at once, or none is.

use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::with_settings;
use crate::support::offers::{act, new_offer};
use crate::support::rounds::kita;
use crate::support::waiting::{Family, Waiting, link, waiting};
use crate::support::{Client, TestApp};

/// A family with an account and its children.
struct Home {
    parent: Client,
    children: Vec<Waiting>,
}

impl Home {
    /// Children with these points, who all wish these facilities and are siblings; the family says how they go.
    async fn new(app: &TestApp, name: &str, points: &[i32], wishes: &[FacilityId], says: Option<&str>) -> Self {
        let parent = app.parent(&format!("{}@example.org", name.to_lowercase())).await;
        let mut children = Vec::new();
        for points in points {
            let family = Family {
                first_name: Some(name),
                points: *points,
                account: parent.account,
                ..Family::default()
            };
            children.push(waiting(app, &family, wishes).await);
        }
        for other in &children[1..] {
            link(app, children[0].child, other.child).await;
        }
        let home = Self { parent, children };
        if let Some(answer) = says {
            let path = format!("/demands/{}", home.children[0].demand);
            let version = home.parent.get(&path).await.ok()["version"].as_i64().unwrap();
            let body = json!({"answer": answer});
            home.parent
                .edit(Method::PUT, &format!("{path}/siblings"), version, body)
                .await
                .ok();
        }
        home
    }

    async fn offers(&self, app: &TestApp) -> Vec<Option<String>> {
        let mut all = Vec::new();
        for child in &self.children {
            let sql = "SELECT string_agg(state, ',' ORDER BY created_at) FROM place_offer WHERE tenant_id = $1 AND demand_id = $2";
            all.push(app.value(sql, child.demand.0).await);
        }
        all
    }

    /// Answers one open offer of the family.
    async fn answer(&self, action: &str, body: Value) {
        let offers = self.parent.get("/offers").await.ok();
        let open = |offer: &&Value| offer["state"] == "sent" || offer["state"] == "viewed";
        let offer = offers["items"].as_array().unwrap().iter().find(open).unwrap();
        let path = format!("/offers/{}/{action}", offer["id"].as_str().unwrap());
        act(&self.parent, &path, offer["version"].as_i64().unwrap(), body)
            .await
            .ok();
    }
}

async fn list(who: &Client, facility: FacilityId) -> Value {
    who.get(&format!("/staff/facilities/{facility}/followups?age_band=under3"))
        .await
        .ok()
}

/// Points, position, why somebody is passed over, and how many siblings go along.
fn order(list: &Value) -> Value {
    let line = |row: &Value| json!([row["points"], row["position"], row["passed_over"], row["together_with"]]);
    list["items"].as_array().unwrap().iter().map(line).collect()
}

async fn offer(who: &Client, child: &Waiting) -> crate::support::Answer {
    let body = json!({"preference_id": child.preferences[0], "age_band": "under3"});
    who.create("/staff/followups", body).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn siblings_who_go_only_together_are_offered_places_at_once_or_listed_with_the_reason() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    let ada = Home::new(&app, "Ada", &[9, 3], &[sun], Some("required")).await;
    let ben = Home::new(&app, "Ben", &[5], &[sun], None).await;
    let manager = app.manager(sun).await;
    let seen = list(&manager, sun).await;
    assert_eq!(
        order(&seen),
        json!([[5, 1, null, 0], [9, null, "siblings", 0], [3, null, "siblings", 0]]),
        "one of two places is Ben's, before the family's second child"
    );
    assert_eq!(seen["items"][1]["siblings"], "required");
    assert_eq!(seen["items"][0]["siblings"], Value::Null);
    assert_eq!(
        offer(&manager, &ada.children[0]).await.refused(409),
        "followup.passed_over"
    );

    let moon = kita(&app, "Kita Mond", 3).await;
    let eva = Home::new(&app, "Eva", &[9, 3], &[moon], Some("required")).await;
    let finn = Home::new(&app, "Finn", &[5], &[moon], None).await;
    let manager = app.manager(moon).await;
    let seen = list(&manager, moon).await;
    assert_eq!(order(&seen), json!([[9, 1, null, 1], [5, 2, null, 0], [3, 3, null, 1]]));
    offer(&manager, &eva.children[0]).await.ok();
    let sent = Some("sent".to_owned());
    assert_eq!(eva.offers(&app).await, [sent.clone(), sent.clone()], "both at once");
    assert_eq!(finn.offers(&app).await, [None]);
    let recorded = "SELECT count(*)::text || ' ' || count(goes_with)::text FROM followup_decision
                     WHERE tenant_id = $1 AND facility_id = $2 AND reason IS NULL";
    assert_eq!(app.value(recorded, moon.0).await.as_deref(), Some("2 1"));
    let figures = app.clerk().await.get("/office/dashboard").await.ok();
    assert_eq!(figures["exceptions"]["deviations"], 0, "nobody was passed over");
    offer(&manager, &finn.children[0]).await.ok();
    assert_eq!(ben.offers(&app).await, [None]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_would_rather_go_together_is_on_the_list_like_everybody() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    Home::new(&app, "Ada", &[9, 3], &[sun], Some("preferred")).await;
    let seen = list(&app.manager(sun).await, sun).await;
    assert_eq!(order(&seen), json!([[9, 1, null, 0], [3, 2, null, 0]]));
    assert_eq!(seen["items"][1]["siblings"], "preferred");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_rule_offers_to_siblings_at_once_where_there_is_room_for_all() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    with_settings(&app, json!({"followup_automatic": true})).await;
    let ada = Home::new(&app, "Ada", &[8, 7], &[sun], Some("required")).await;
    let ben = Home::new(&app, "Ben", &[9], &[sun], None).await;
    let cem = Home::new(&app, "Cem", &[5], &[sun], None).await;
    let manager = app.manager(sun).await;
    assert_eq!(
        order(&list(&manager, sun).await),
        json!([
            [9, 1, null, 0],
            [5, 2, null, 0],
            [8, null, "siblings", 0],
            [7, null, "siblings", 0]
        ])
    );
    offer(&manager, &ben.children[0]).await.ok();
    ben.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    let sent = Some("sent".to_owned());
    assert_eq!(
        ada.offers(&app).await,
        [sent.clone(), sent],
        "two places, and nobody before them"
    );
    assert_eq!(cem.offers(&app).await, [None]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_may_join_its_sibling_and_no_other_place_is_one_for_it() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 2).await, kita(&app, "Kita Mond", 2).await);
    let ada = Home::new(&app, "Ada", &[9, 3], &[sun, moon], Some("required")).await;
    Home::new(&app, "Ben", &[5], &[sun], None).await;
    let (at_sun, at_moon) = (app.manager(sun).await, app.manager(moon).await);
    assert_eq!(
        order(&list(&at_moon, moon).await),
        json!([[9, 1, null, 1], [3, 2, null, 1]])
    );
    // A person offered a place to one of them beside the list.
    at_sun
        .create("/staff/offers", new_offer(ada.children[0].preferences[0]))
        .await
        .ok();
    let at_moon_now = order(&list(&at_moon, moon).await);
    assert_eq!(at_moon_now, json!([[9, null, "paused", 0], [3, null, "siblings", 0]]));
    ada.answer("accept", json!({})).await;
    assert_eq!(
        order(&list(&at_sun, sun).await),
        json!([[5, 1, null, 0], [3, 2, null, 0]]),
        "its sibling is there, so it waits like everybody"
    );
    assert_eq!(order(&list(&at_moon, moon).await), json!([[3, null, "siblings", 0]]));
}
