//! A second child of a family on paper: the clerk says whose sibling it is, and a round then treats both as siblings.

use kitaplatz::platform::ids::{DemandId, FacilityId};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::families::id;
use crate::support::office::{paper, path, with};
use crate::support::rounds::{Round, kita, reasons};

/// A form for a child of this name, of Jana Braun.
fn form(first_name: &str, wishes: &[FacilityId]) -> Value {
    let form = with(paper(wishes), "/child/first_name", json!(first_name));
    with(form, "/demand/desired_start", json!("2027-08-01"))
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn children_of_a_family_on_paper_become_siblings_at_the_intake_and_are_placed_together() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let clerk = app.clerk().await;
    let mia = clerk.create("/office/demands", form("Mia", &[sun])).await.ok();
    let jana = json!({"first_name": "Jana", "last_name": "braun"});
    let found = clerk.post("/office/known-siblings", jana).await.ok();
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(
        (&items[0]["child_id"], &items[0]["demands"][0]["reference_code"]),
        (&mia["child"]["id"], &mia["reference_code"])
    );
    let mut second = form("Tom", &[sun]);
    second["sibling_of"] = mia["child"]["id"].clone();
    second["siblings"] = json!("required");
    second["household"]["street"] = json!("Anderswo");
    let tom = clerk.create("/office/demands", second).await.ok();
    let (first, second) = (id::<DemandId>(&mia["id"]), id::<DemandId>(&tom["id"]));
    let seen = clerk.get(&path(first)).await.ok();
    assert_eq!(
        (
            &seen["siblings"]["answer"],
            &seen["siblings"]["with"][0]["demand_id"],
            &seen["siblings"]["common"]
        ),
        (&json!("required"), &json!(second), &json!(["Kita Sonne"])),
        "the answer of the second paper counts for both"
    );
    let home = "SELECT count(DISTINCT c.household_id)::text || count(DISTINCT u.guardian_id)::text
                  FROM child c JOIN custody u ON u.tenant_id = c.tenant_id AND u.child_id = c.id
                 WHERE c.tenant_id = $1 AND c.household_id = (SELECT k.household_id FROM child k JOIN care_demand d ON d.tenant_id = k.tenant_id
                                                                AND d.child_id = k.id WHERE d.tenant_id = $1 AND d.id = $2)
                HAVING count(*) = 2";
    assert_eq!(
        app.value(home, second.0).await.as_deref(),
        Some("11"),
        "one household and one guardian for both"
    );
    assert_eq!(clerk.get(&path(second)).await.ok()["address"]["street"], "Lindenweg");
    let round = Round::proposed(&app).await;
    for demand in [first, second] {
        let case = round.case(demand).await;
        assert_eq!(case["sibling_placing"]["rule"], "required");
        assert_eq!(
            case["case"]["facility_id"],
            Value::Null,
            "one of them alone could have the place"
        );
        assert_eq!(reasons(&case), ["sibling"]);
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_elses_child_becomes_a_sibling() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let clerk = app.clerk().await;
    let mia = clerk.create("/office/demands", form("Mia", &[sun])).await.ok();
    let refused = async |mut form: Value, sibling: &Value| {
        form["sibling_of"] = sibling.clone();
        clerk.create("/office/demands", form).await.faults()
    };
    let unknown = [("/sibling_of".to_owned(), "unknown".to_owned())];
    let other = with(form("Tom", &[sun]), "/guardian/last_name", json!("Anders"));
    assert_eq!(refused(other, &mia["child"]["id"]).await, unknown, "another guardian");
    let other = with(form("Tom", &[sun]), "/guardian/first_name", json!("Otto"));
    assert_eq!(refused(other, &mia["child"]["id"]).await, unknown, "another guardian");
    assert_eq!(refused(form("Tom", &[sun]), &json!(FacilityId::new())).await, unknown);
    let family = app.family("jana@example.org").await;
    app.wishes(family.child, &[sun]).await;
    assert_eq!(
        refused(form("Tom", &[sun]), &json!(family.child)).await,
        unknown,
        "who has an account applies there"
    );
    let jana = json!({"first_name": "Jana", "last_name": "Braun"});
    let found = clerk.post("/office/known-siblings", jana.clone()).await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    let elsewhere = TestApp::new().await;
    let there = elsewhere.clerk().await.post("/office/known-siblings", jana).await.ok();
    assert_eq!(there["items"], json!([]));
    let mut known = form("Mia", &[sun]);
    known["child_id"] = mia["child"]["id"].clone();
    assert_eq!(
        refused(known, &mia["child"]["id"]).await,
        [("/sibling_of".to_owned(), "not_expected".to_owned())]
    );
    assert_eq!(
        clerk.get("/office/demands").await.ok()["total"],
        2,
        "nothing stays behind"
    );
}
