//! The situations: a child with a sent demand, a first parent with an account, and what is about the second one.

use futures_util::future::LocalBoxFuture;
use kitaplatz::platform::ids::{ChildId, DemandId, FacilityId, GuardianId, HouseholdId, PreferenceId};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::contracts::bare;
use crate::support::demands::complete;
use crate::support::facilities::facility;
use crate::support::families::{child, id};
use crate::support::waiting::Waiting;
use crate::support::{Client, TestApp};

/// The words that give a fact away.
pub const FACTS: [(&str, &str); 15] = [
    ("child.name", "Lindgrün"),
    ("child.new_name", "Heidelrot"),
    ("child.birth", "2025-03-17"),
    ("child.birth", "17. März 2025"),
    ("kita", "Kita Zaunkönig"),
    // The file number of the notice about the demand.
    ("notice", "2027/0001"),
    ("a.name", "Amselfeld"),
    ("a.old_name", "Altenburger"),
    ("a.phone", "0341 1111111"),
    ("a.email", "anna@first.example"),
    ("a.street", "Amselgasse"),
    ("b.name", "Bergmeister"),
    ("b.phone", "0341 2222222"),
    ("b.email", "bert@second.example"),
    ("b.street", "Buchenring"),
];

const A: &str = "anna@first.example";
const B: &str = "bert@second.example";

/// A situation as it stands.
pub struct Scene {
    pub app: TestApp,
    pub clerk: Client,
    pub parents: Vec<(&'static str, Client)>,
    pub wished: FacilityId,
    pub other: FacilityId,
    pub child: ChildId,
    pub demand: DemandId,
    /// Where care has begun.
    pub contract: Option<Uuid>,
}

impl Scene {
    /// Care has begun at the wished facility, whatever became of custody: the contract, its place in lists and on the board, and a notice.
    pub async fn in_care(mut self) -> Self {
        let preference = "SELECT id::text FROM facility_preference WHERE tenant_id = $1 AND demand_id = $2";
        let preference = self.app.value(preference, self.demand.0).await.unwrap();
        let made = Waiting {
            child: self.child,
            // Only what a contract hangs on is asked for.
            guardian: GuardianId(Uuid::nil()),
            household: HouseholdId(Uuid::nil()),
            demand: self.demand,
            code: String::new(),
            preferences: vec![PreferenceId(preference.parse().unwrap())],
        };
        let contract = bare(&self.app, self.wished, &made).await;
        for sql in [
            // It ends before school, for which the table of fees has no row.
            "UPDATE care_contract SET state = 'active', care_from = '2027-01-01', care_until = '2031-08-01', began_on = '2027-01-01'
              WHERE tenant_id = $1 AND id = $2",
            "UPDATE care_demand SET state = 'closed'
              WHERE tenant_id = $1 AND id = (SELECT demand_id FROM care_contract WHERE tenant_id = $1 AND id = $2)",
        ] {
            self.app.change(sql, contract).await;
        }
        self.contract = Some(contract);
        self
    }
}

type Situation = fn(TestApp) -> LocalBoxFuture<'static, Scene>;

macro_rules! situations {
    ($($name:ident)*) => { &[$((stringify!($name), |app| Box::pin($name(app))),)*] };
}

/// All of them, by name.
pub const SITUATIONS: &[(&str, Situation)] = situations! {
    sole_custody joint_custody joint_custody_a_protected joint_custody_b_protected joint_both_protected
    ended_yesterday ends_tomorrow starts_tomorrow first_parent_removed first_removed_a_protected
    foster_without_custody foster_with_custody official_guardian paper_second_parent
    second_enters_same_child same_email_for_both siblings_mixed_a_protected adoption name_change
    paper_second_a_protected second_enters_same_child_a_protected
};

async fn person(
    app: &TestApp,
    email: &str,
    (first, last): (&str, &str),
    phone: &str,
    street: &str,
    protected: bool,
) -> Client {
    let parent = app.parent(email).await;
    let name = json!({"first_name": first, "last_name": last, "phone": phone});
    parent.edit(Method::PUT, "/family/guardian", 0, name).await.ok();
    let home = json!({"street": street, "house_number": "4a", "postal_code": "04109", "city": "Musterstadt", "address_protected": protected});
    parent.edit(Method::PUT, "/family/household", 0, home).await.ok();
    parent
}

async fn second(app: &TestApp, protected: bool) -> Client {
    person(app, B, ("Bert", "Bergmeister"), "0341 2222222", "Buchenring", protected).await
}

fn little_one(first_name: &str) -> Value {
    json!({"first_name": first_name, "last_name": "Klein", "birth_date": "2025-03-17"})
}

/// The first parent with a child and a demand at one of two facilities.
async fn first(app: TestApp, last_name: &str, protected: bool) -> Scene {
    let (wished, other) = (
        facility(&app, "Kita Zaunkönig").await,
        facility(&app, "Kita Andernorts").await,
    );
    let anna = person(&app, A, ("Anna", last_name), "0341 1111111", "Amselgasse", protected).await;
    let child = child(&anna, little_one("Lindgrün")).await;
    let demand = ask(&anna, child, wished).await;
    Scene {
        clerk: app.clerk().await,
        parents: vec![("parent_a", anna)],
        app,
        wished,
        other,
        child,
        demand,
        contract: None,
    }
}

async fn ask(parent: &Client, child: ChildId, wished: FacilityId) -> DemandId {
    let demand: DemandId = id(&parent.create("/demands", json!({"child_id": child})).await.ok()["id"]);
    let path = format!("/demands/{demand}");
    let version = |body: &Value| body["version"].as_i64().unwrap();
    let seen = version(&parent.get(&path).await.ok());
    let changed = parent.edit(Method::PATCH, &path, seen, complete()).await.ok();
    let wish = json!({"facility_ids": [wished]});
    parent
        .edit(Method::PUT, &format!("{path}/preferences"), version(&changed), wish)
        .await
        .ok();
    parent.create(&format!("{path}/submit"), json!({})).await.ok();
    demand
}

impl Scene {
    /// The office gives somebody custody.
    async fn give(&self, email: Option<&str>, from: &str, reason: &str) {
        let body = json!({"first_name": "Bert", "last_name": "Bergmeister", "phone": "0341 2222222", "email": email, "language": "de",
                          "valid_from": from, "reason": reason});
        let path = format!("/office/children/{}/custody", self.child);
        self.clerk.create(&path, body).await.ok();
    }

    /// The office ends the custody of the person at this place in the list.
    async fn end(&self, at: usize, day: &str, reason: &str) {
        let list = self
            .clerk
            .get(&format!("/office/children/{}/custody", self.child))
            .await
            .ok();
        let custody = &list["items"][at];
        let body = json!({"valid_from": custody["valid_from"], "valid_to": day, "reason": reason});
        let path = format!("/office/custody/{}", custody["id"].as_str().unwrap());
        self.clerk
            .edit(Method::PUT, &path, custody["version"].as_i64().unwrap(), body)
            .await
            .ok();
    }

    async fn with_second(mut self, protected: bool) -> Self {
        self.parents.push(("parent_b", second(&self.app, protected).await));
        self
    }
}

async fn sole_custody(app: TestApp) -> Scene {
    first(app, "Amselfeld", false).await.with_second(false).await
}

async fn joint(app: TestApp, a_protected: bool, b_protected: bool) -> Scene {
    let scene = first(app, "Amselfeld", a_protected)
        .await
        .with_second(b_protected)
        .await;
    scene.give(Some(B), "2027-01-01", "second_parent").await;
    scene
}

async fn joint_custody(app: TestApp) -> Scene {
    joint(app, false, false).await
}

async fn joint_custody_a_protected(app: TestApp) -> Scene {
    joint(app, true, false).await
}

async fn joint_custody_b_protected(app: TestApp) -> Scene {
    joint(app, false, true).await
}

async fn joint_both_protected(app: TestApp) -> Scene {
    joint(app, true, true).await
}

// Custody lists are in the order of time: the second parent's began a month before the first one's, which began with the entry.
const SECOND: usize = 0;
const FIRST: usize = 1;

async fn ended_yesterday(app: TestApp) -> Scene {
    let scene = joint(app, false, false).await;
    scene.end(SECOND, "2027-02-01", "court_decision").await;
    scene
}

async fn ends_tomorrow(app: TestApp) -> Scene {
    let scene = joint(app, false, false).await;
    scene.end(SECOND, "2027-02-02", "court_decision").await;
    scene
}

async fn starts_tomorrow(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await.with_second(false).await;
    scene.give(Some(B), "2027-02-02", "declaration").await;
    scene
}

/// Custody that began today cannot have ended yesterday: the clock goes on by a day.
async fn first_ended(scene: Scene, reason: &str) -> Scene {
    scene.app.at("2027-02-02T09:00:00Z");
    let clerk = scene.app.clerk().await;
    let parents = [
        ("parent_a", scene.app.parent(A).await),
        ("parent_b", scene.app.parent(B).await),
    ];
    let scene = Scene {
        clerk,
        parents: parents.into_iter().take(scene.parents.len()).collect(),
        ..scene
    };
    scene.end(FIRST, "2027-02-02", reason).await;
    scene
}

async fn first_parent_removed(app: TestApp) -> Scene {
    first_ended(joint(app, false, false).await, "court_decision").await
}

async fn first_removed_a_protected(app: TestApp) -> Scene {
    first_ended(joint(app, true, false).await, "court_decision").await
}

/// Who looks after a child without custody of it is to us like anybody else.
async fn foster_without_custody(app: TestApp) -> Scene {
    first(app, "Amselfeld", false).await.with_second(false).await
}

async fn foster_with_custody(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await.with_second(false).await;
    scene.give(Some(B), "2027-01-01", "foster_care").await;
    first_ended(scene, "foster_care").await
}

/// An official guardian has no account and gets letters.
async fn official_guardian(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await;
    scene.give(None, "2027-01-01", "guardianship").await;
    first_ended(scene, "guardianship").await
}

async fn paper_second_parent(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await;
    scene.give(None, "2027-01-01", "second_parent").await;
    scene
}

/// The second parent enters the same child by himself: neither learns of the other.
async fn second_enters_same_child(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await.with_second(false).await;
    let his = child(&scene.parents[1].1, little_one("Ludwig")).await;
    ask(&scene.parents[1].1, his, scene.other).await;
    scene
}

/// Both parents name one address: it is the account of the first one, whose name is another, and nothing is linked.
async fn same_email_for_both(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await;
    let body = json!({"first_name": "Bert", "last_name": "Bergmeister", "email": A, "language": "de", "valid_from": "2027-01-01",
                      "reason": "second_parent"});
    let path = format!("/office/children/{}/custody", scene.child);
    let refused = scene.clerk.create(&path, body).await;
    assert_eq!(refused.faults(), [("/last_name".to_owned(), "other_name".to_owned())]);
    scene
}

/// Of two children in a protected household the second parent has custody of the other one.
async fn siblings_mixed_a_protected(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", true).await.with_second(false).await;
    let other = child(&scene.parents[0].1, little_one("Nora")).await;
    ask(&scene.parents[0].1, other, scene.other).await;
    let body = json!({"first_name": "Bert", "last_name": "Bergmeister", "email": B, "language": "de", "valid_from": "2027-01-01",
                      "reason": "second_parent"});
    scene
        .clerk
        .create(&format!("/office/children/{other}/custody"), body)
        .await
        .ok();
    scene
}

/// § 1758 BGB: who the parents were is not told.
async fn adoption(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", false).await.with_second(false).await;
    scene.give(Some(B), "2027-01-01", "adoption").await;
    let scene = first_ended(scene, "adoption").await;
    let path = format!("/family/children/{}", scene.child);
    let renamed = json!({"first_name": "Heidelrot"});
    scene.parents[1].1.edit(Method::PATCH, &path, 1, renamed).await.ok();
    scene
}

async fn name_change(app: TestApp) -> Scene {
    let scene = first(app, "Altenburger", false).await;
    let name = json!({"first_name": "Anna", "last_name": "Amselfeld", "phone": "0341 1111111"});
    scene.parents[0]
        .1
        .edit(Method::PUT, "/family/guardian", 1, name)
        .await
        .ok();
    scene
}

/// The second parent without an account gets letters, and none of them names the protected street of the first.
async fn paper_second_a_protected(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", true).await;
    scene.give(None, "2027-01-01", "second_parent").await;
    scene
}

async fn second_enters_same_child_a_protected(app: TestApp) -> Scene {
    let scene = first(app, "Amselfeld", true).await.with_second(false).await;
    let his = child(&scene.parents[1].1, little_one("Ludwig")).await;
    ask(&scene.parents[1].1, his, scene.other).await;
    scene
}
