//! A child that is born on another day than expected: its places change their age bands with it, and contracts whose end moved are listed.

use kitaplatz::platform::ids::{ChildId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::Placed;
use crate::support::families::{Family, child, enter};
use crate::support::offers::{Wishes, act, new_offer};
use crate::support::rounds::kita;
use crate::support::{Client, TestApp};

const JANA: &str = "jana@example.org";
const LIST: &str = "/office/contracts/school-rule";

/// Expected on 25 June 2027, with the only place of a facility offered from August 2027 on.
struct Unborn {
    app: TestApp,
    facility: FacilityId,
    child: ChildId,
    wishes: Wishes,
    offer: String,
}

impl Unborn {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let facility = kita(&app, "Kita Sonne", 1).await;
        let parent = app.parent(JANA).await;
        enter(&parent, "Jana", "Braun").await;
        let child = child(&parent, json!({"expected_birth_date": "2027-06-25"})).await;
        let wishes = app.wishes(child, &[facility]).await;
        let offer = new_offer(wishes.preferences[0]);
        let sent = app.manager(facility).await.create("/staff/offers", offer).await.ok();
        let offer = sent["id"].as_str().unwrap().to_owned();
        Self {
            app,
            facility,
            child,
            wishes,
            offer,
        }
    }

    async fn accept(self) -> (TestApp, Placed) {
        let parent = self.app.parent(JANA).await;
        let accepted = act(&parent, &format!("/offers/{}/accept", self.offer), 1, json!({}))
            .await
            .ok();
        let placed = Placed {
            facility: self.facility,
            manager: self.app.manager(self.facility).await,
            family: Family {
                parent,
                child: self.child,
            },
            wishes: self.wishes,
            path: format!("/contracts/{}", accepted["contract_id"].as_str().unwrap()),
        };
        (self.app, placed)
    }
}

/// The family enters what it knows now.
async fn change(app: &TestApp, parent: &Client, child: ChildId, what: Value) {
    let family = parent.get("/family").await.ok();
    let version = family["children"][0]["version"].as_i64().unwrap();
    let path = format!("/family/children/{child}");
    let changed = parent.edit(Method::PATCH, &path, version, what).await;
    assert!(
        changed.status.is_success(),
        "{}",
        String::from_utf8_lossy(&changed.bytes)
    );
    app.run_jobs().await;
}

fn born(on: &str) -> Value {
    json!({"first_name": "Mia", "last_name": "Braun", "birth_date": on})
}

/// What is free in a month for small children, and for those over three.
async fn free(app: &TestApp, facility: FacilityId, month: &str) -> [i64; 2] {
    [
        app.bookable(facility, "under3", month).await,
        app.bookable(facility, "over3", month).await,
    ]
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_contract_follows_the_birth_and_is_listed_where_its_end_moved() {
    let (app, mut placed) = Unborn::new().await.accept().await;
    placed.both_sign(&app).await;
    let facility = placed.facility;
    assert_eq!(free(&app, facility, "2030-06-01").await, [0, 1]);
    assert_eq!(free(&app, facility, "2030-07-01").await, [1, 0], "three in June 2030");
    let clerk = app.clerk().await;
    assert_eq!(clerk.get(LIST).await.ok()["total"], 0);
    placed.later(&app, "2027-07-10T09:00:00Z").await;
    change(&app, &placed.family.parent, placed.family.child, born("2027-07-04")).await;
    assert_eq!(free(&app, facility, "2030-07-01").await, [0, 1], "it is three in July");
    assert_eq!(free(&app, facility, "2030-08-01").await, [1, 0]);
    assert_eq!(free(&app, facility, "2027-07-01").await, [1, 1], "before care begins");
    let seen = placed.seen(&placed.manager).await;
    assert_eq!(seen["care_until"], "2033-08-01", "what was agreed stays agreed");
    // Born after the key day, it goes to school a year later.
    let clerk = app.clerk().await;
    let list = clerk.get(LIST).await.ok();
    let line = &list["items"][0];
    assert_eq!(
        (&list["total"], &list["children"], &list["individual"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(
        (&line["last_day"], &line["usual_last_day"], &line["hindrance"]),
        (&json!("2033-07-31"), &json!("2034-07-31"), &Value::Null)
    );
    let drafted = clerk.create(LIST, json!({})).await.ok();
    assert_eq!(drafted["drafted"], 1);
    let change = placed.seen(&placed.manager).await["amendments"][0].clone();
    assert_eq!(change["after"]["last_day"], "2034-07-31");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_open_offer_follows_too_and_goes_back_with_the_date() {
    let unborn = Unborn::new().await;
    let parent = unborn.app.parent(JANA).await;
    let later = json!({"expected_birth_date": "2027-07-02"});
    change(&unborn.app, &parent, unborn.child, later).await;
    assert_eq!(free(&unborn.app, unborn.facility, "2030-07-01").await, [0, 1]);
    let held = "SELECT string_agg(DISTINCT state, ',') FROM occupancy WHERE tenant_id = $1 AND child_id = $2";
    assert_eq!(unborn.app.value(held, unborn.child.0).await.as_deref(), Some("held"));
    let (app, mut placed) = unborn.accept().await;
    placed.both_sign(&app).await;
    placed.later(&app, "2027-06-28T09:00:00Z").await;
    change(&app, &placed.family.parent, placed.family.child, born("2027-06-24")).await;
    assert_eq!(free(&app, placed.facility, "2030-07-01").await, [1, 0]);
    assert_eq!(
        app.value(held, placed.family.child.0).await.as_deref(),
        Some("occupied")
    );
    let list = app.clerk().await.get(LIST).await.ok();
    assert_eq!(list["total"], 0, "it ends as is usual for that birth");
}
