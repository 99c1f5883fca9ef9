//! A child that has a place and wishes another one: nothing is risked, before care has begun and after.

use kitaplatz::platform::ids::{FacilityId, PreferenceId};
use serde_json::{Value, json};

use crate::support::homes::Home;
use crate::support::offers::{act, new_offer};
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};

/// A child that was offered a place and took it; care begins on 1 August 2027.
pub(crate) struct Placed {
    pub parent: Client,
    pub child: String,
    demand: String,
}

async fn placed(app: &TestApp, at: FacilityId) -> Placed {
    placed_as(app, at, "Ada", "ada@example.org").await
}

/// The same for a child of this name.
pub(crate) async fn placed_as(app: &TestApp, at: FacilityId, name: &str, email: &str) -> Placed {
    let parent = app.parent(email).await;
    let family = Family {
        first_name: Some(name),
        account: parent.account,
        points: 5,
        ..Family::default()
    };
    let made = waiting(app, &family, &[at]).await;
    let manager = app.manager(at).await;
    manager
        .create("/staff/offers", new_offer(made.preferences[0]))
        .await
        .ok();
    let ada = Placed {
        parent,
        child: made.child.to_string(),
        demand: made.demand.to_string(),
    };
    ada.answer("accept", json!({})).await;
    ada
}

impl Placed {
    /// A family that has a place already.
    pub(crate) fn of(home: &Home) -> Self {
        Self {
            parent: home.parent.clone(),
            child: home.made.child.to_string(),
            demand: home.made.demand.to_string(),
        }
    }

    async fn answer(&self, action: &str, body: Value) -> Value {
        let offers = self.parent.get("/offers").await.ok();
        let open = |offer: &&Value| offer["state"] == "sent" || offer["state"] == "viewed";
        let offer = offers["items"].as_array().unwrap().iter().find(open).unwrap();
        let path = format!("/offers/{}/{action}", offer["id"].as_str().unwrap());
        act(&self.parent, &path, offer["version"].as_i64().unwrap(), body)
            .await
            .ok()
    }

    async fn begin(&self, transfer: bool) -> crate::support::Answer {
        let body = json!({"child_id": self.child, "transfer": transfer});
        self.parent.create("/demands", body).await
    }

    /// A wish to change to these facilities, sent; answers the demand.
    pub async fn wish(&self, facilities: &[FacilityId]) -> Value {
        let made = self.begin(true).await.ok();
        let path = format!("/demands/{}", made["id"].as_str().unwrap());
        let form = json!({"care_type": "nursery", "desired_start": "2027-08-01", "hours_per_week": 40, "window_from": "08:00",
                          "window_to": "16:00"});
        let version = made["version"].as_i64().unwrap();
        let filled = self
            .parent
            .edit(reqwest::Method::PATCH, &path, version, form)
            .await
            .ok();
        let version = filled["version"].as_i64().unwrap();
        let wishes = json!({"facility_ids": facilities});
        let preferences = format!("{path}/preferences");
        self.parent
            .edit(reqwest::Method::PUT, &preferences, version, wishes)
            .await
            .ok();
        self.parent.create(&format!("{path}/submit"), json!({})).await.ok()
    }

    async fn child(&self) -> Value {
        self.parent.get("/family").await.ok()["children"][0].clone()
    }

    async fn state(&self, demand: &str) -> Value {
        self.parent.get(&format!("/demands/{demand}")).await.ok()["state"].clone()
    }

    /// Facility, state and dates of the child's contracts, the newest first.
    pub async fn contracts(&self) -> Vec<Value> {
        let list = self.parent.get("/contracts").await.ok();
        let line = |c: &Value| json!([c["facility_name"], c["state"], c["care_from"]]);
        list["items"].as_array().unwrap().iter().map(line).collect()
    }
}

fn id(demand: &Value) -> String {
    demand["id"].as_str().unwrap().to_owned()
}

async fn offer(app: &TestApp, at: FacilityId, demand: &Value) -> crate::support::Answer {
    let preference = demand["preferences"][0]["id"].as_str().unwrap().parse().unwrap();
    let offer = new_offer(PreferenceId(preference));
    app.manager(at).await.create("/staff/offers", offer).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_covered_child_keeps_its_place_until_another_offer_is_accepted() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = placed(&app, sun).await;
    let child = ada.child().await;
    assert_eq!(
        (
            &child["place"]["facility_name"],
            &child["may_transfer"],
            &child["demand_id"]
        ),
        (&json!("Kita Sonne"), &json!(true), &json!(ada.demand))
    );
    assert_eq!(ada.begin(false).await.refused(409), "demand.exists");
    let wish = ada.wish(&[moon]).await;
    assert_eq!(
        (&wish["transfer"], &wish["present_place"]["facility_name"]),
        (&json!(true), &json!("Kita Sonne"))
    );
    assert_eq!(
        ada.begin(true).await.refused(409),
        "demand.exists",
        "one wish at a time"
    );
    let child = ada.child().await;
    assert_eq!(
        (&child["may_transfer"], &child["demand_id"]),
        (&json!(false), &json!(id(&wish)))
    );
    let overview = app.clerk().await.get("/office/overview").await.ok();
    assert_eq!(
        (&overview["without_place"], &overview["transfers"]),
        (&json!(0), &json!(1)),
        "this child has a place"
    );
    // Turned down, and nothing has changed.
    offer(&app, moon, &wish).await.ok();
    let offers = ada.parent.get("/offers").await.ok();
    let mut open = offers["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|o| o["state"] == "sent");
    assert_eq!(open.next().unwrap()["present_facility"], "Kita Sonne");
    ada.answer("decline", json!({"reason": "too_far"})).await;
    assert_eq!(ada.state(&ada.demand).await, "covered");
    assert_eq!(ada.contracts().await, [json!(["Kita Sonne", "drafted", "2027-08-01"])]);
    assert_eq!(app.bookable(sun, "under3", "2027-09-01").await, 0);
    withdraw(&ada, &wish).await;
    assert_eq!(
        ada.state(&ada.demand).await,
        "covered",
        "taking the wish back costs nothing either"
    );
    // Accepted: the draft is gone, its place is free, and the demand that it covered has ended.
    let wish = ada.wish(&[moon]).await;
    offer(&app, moon, &wish).await.ok();
    ada.answer("accept", json!({})).await;
    assert_eq!(ada.state(&ada.demand).await, "superseded");
    assert_eq!(ada.state(&id(&wish)).await, "covered");
    let mut contracts = ada.contracts().await;
    contracts.sort_by_key(|c| c[0].to_string());
    assert_eq!(
        contracts,
        [
            json!(["Kita Mond", "drafted", "2027-08-01"]),
            json!(["Kita Sonne", "terminated", "2027-08-01"])
        ]
    );
    assert_eq!(app.bookable(sun, "under3", "2027-09-01").await, 1);
    assert_eq!(app.bookable(moon, "under3", "2027-09-01").await, 0);
    let old = ada.parent.get(&format!("/demands/{}", ada.demand)).await.ok();
    assert_eq!(old["preferences"][0]["state"], "covered_elsewhere");
    app.at("2027-08-01T09:00:00Z");
    app.run_periodic().await;
    let parent = app.parent("ada@example.org").await;
    let now = parent.get(&format!("/demands/{}", id(&wish))).await.ok();
    assert_eq!(now["state"], "closed");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn after_care_has_begun_a_child_can_wish_to_change_and_a_child_without_a_place_cannot() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let mut ada = placed(&app, sun).await;
    app.at("2027-09-01T09:00:00Z");
    app.run_periodic().await;
    ada.parent = app.parent("ada@example.org").await;
    assert_eq!(ada.state(&ada.demand).await, "closed");
    let child = ada.child().await;
    assert_eq!(
        (&child["may_transfer"], &child["demand_id"]),
        (&json!(true), &Value::Null)
    );
    let made = ada.begin(true).await.ok();
    assert_eq!(made["present_place"]["care_from"], "2027-08-01");
    let ben = app.parent("ben@example.org").await;
    let family = Family {
        account: ben.account,
        state: "withdrawn",
        ..Family::default()
    };
    let without = waiting(&app, &family, &[moon]).await;
    let body = json!({"child_id": without.child, "transfer": true});
    assert_eq!(ben.create("/demands", body).await.refused(409), "demand.no_place");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn in_a_round_a_child_that_keeps_its_place_is_none_without_a_place() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let ada = placed(&app, sun).await;
    let wish = ada.wish(&[moon]).await;
    // Both were sent in time; the other child comes first.
    let sql = "UPDATE care_demand SET submitted_at = '2027-01-20' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, id(&wish).parse().unwrap()).await;
    let family = Family {
        points: 9,
        ..Family::default()
    };
    waiting(&app, &family, &[moon]).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    let figures = &report["figures"];
    assert_eq!(
        (
            &figures["children"],
            &figures["placed"],
            &figures["unplaced"],
            &figures["keeping"]
        ),
        (&json!(2), &json!(1), &json!(0), &json!(1))
    );
    assert_eq!(report["unserved"], json!([]));
    assert_eq!(ada.state(&ada.demand).await, "covered");
}

async fn withdraw(ada: &Placed, wish: &Value) {
    let path = format!("/demands/{}", id(wish));
    let version = ada.parent.get(&path).await.ok()["version"].as_i64().unwrap();
    act(&ada.parent, &format!("{path}/withdraw"), version, json!({}))
        .await
        .ok();
}

/// A round in which Ada changes from the sun to the moon, where Cem waits, and Ben waits for what she would leave.
async fn changing(app: &TestApp) -> (Placed, Round, [FacilityId; 2], [kitaplatz::platform::ids::DemandId; 2]) {
    let (sun, moon) = (kita(app, "Kita Sonne", 1).await, kita(app, "Kita Mond", 1).await);
    let ada = placed(app, sun).await;
    let wish = ada.wish(&[moon]).await;
    let sql = "UPDATE care_demand SET submitted_at = '2027-01-20' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, id(&wish).parse().unwrap()).await;
    let sql = "UPDATE facility_preference SET points = 5 WHERE tenant_id = $1 AND demand_id = $2";
    app.change(sql, id(&wish).parse().unwrap()).await;
    let one = |points, name| Family {
        points,
        first_name: Some(name),
        ..Family::default()
    };
    let ben = waiting(app, &one(4, "Ben"), &[sun]).await.demand;
    let cem = waiting(app, &one(1, "Cem"), &[moon]).await.demand;
    let round = Round::released(app).await;
    app.run_jobs().await;
    assert_eq!(
        round.case(ben).await["case"]["facility_id"],
        Value::Null,
        "the round does not count on the place that Ada may leave"
    );
    (ada, round, [sun, moon], [ben, cem])
}

/// Who waits for a place there, with the place in the order.
async fn waits(app: &TestApp, at: FacilityId) -> Value {
    let path = format!("/staff/facilities/{at}/followups?age_band=under3");
    let list = app.manager(at).await.get(&path).await.ok();
    let line = |row: &Value| json!([row["label"], row["position"]]);
    list["items"].as_array().unwrap().iter().map(line).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_place_that_a_child_leaves_in_a_round_goes_to_the_next_once_it_has_left() {
    let app = TestApp::new().await;
    let (ada, round, [sun, moon], [ben, cem]) = changing(&app).await;
    assert_eq!(waits(&app, sun).await, json!([["Ben B.", null]]));
    ada.answer("accept", json!({})).await;
    app.run_jobs().await;
    assert_eq!(waits(&app, sun).await, json!([["Ben B.", 1]]));
    assert_eq!(waits(&app, moon).await, json!([["Cem B.", null]]));
    for demand in [ben, cem] {
        assert_eq!(round.case(demand).await["case"]["facility_id"], Value::Null);
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_declines_the_better_place_of_a_round_keeps_its_own_and_nobody_was_promised_that() {
    let app = TestApp::new().await;
    let (ada, round, [sun, moon], [ben, cem]) = changing(&app).await;
    let before = ada.contracts().await;
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(ada.contracts().await, before);
    assert_eq!(ada.state(&ada.demand).await, "covered");
    assert_eq!(
        round.case(cem).await["case"]["facility_id"],
        json!(moon),
        "the next of the round"
    );
    assert_eq!(round.case(ben).await["case"]["facility_id"], Value::Null);
    assert_eq!(waits(&app, sun).await, json!([["Ben B.", null]]));
}
