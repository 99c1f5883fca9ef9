//! Notices on the licence of a childminder (§ 43 SGB VIII): about no child, and what is posted sets or ends the licence.

use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use crate::support::facilities::{facility, give_capacity};
use crate::support::notices::{step, words, write};
use crate::support::{Client, TestApp, pdf_text};

async fn childminder(app: &TestApp, name: &str) -> FacilityId {
    let new = json!({"name": name, "kind": "childminder", "care_types": ["nursery"], "street": "Lindenweg", "house_number": "4",
        "postal_code": "04109", "city": "Musterstadt", "licence": {"valid_from": "2026-01-01", "valid_to": "2028-06-15", "places": 5}});
    let made = app.admin().await.create("/admin/facilities", new).await.ok();
    let id = FacilityId(made["id"].as_str().unwrap().parse().unwrap());
    give_capacity(app, id, AgeBand::Under3, 9).await;
    id
}

/// Drafted with its reasons, approved by another person, and posted.
pub async fn posted(people: [&Client; 2], body: Value) -> Value {
    let made = people[0].create("/office/notices", body).await.ok();
    let id = made["id"].as_str().unwrap().to_owned();
    let draft = people[0].get(&format!("/office/notices/{id}")).await.ok();
    let mut text = words();
    text["title"] = draft["text"]["title"].clone();
    text["decision"] = draft["text"]["decision"].clone();
    write(people[0], &id, text).await.ok();
    step(people[1], &id, "approve", json!({})).await.ok();
    step(people[0], &id, "issue", json!({"posted_on": "2027-02-01"}))
        .await
        .ok()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_posted_notice_grants_the_licence_and_another_one_ends_it() {
    let app = TestApp::new().await;
    let tina = childminder(&app, "Tina Tagesmutter").await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let places = async |month: &str| app.bookable(tina, "under3", month).await;
    assert_eq!((places("2027-08-01").await, places("2028-08-01").await), (5, 0));
    let grant =
        json!({"kind": "licence_grant", "facility_id": tina, "licence_from": "2028-06-16", "licence_places": 4});
    let granted = posted([&writer, &second], grant).await;
    assert_eq!(
        (&granted["licence_until"], &granted["served_on"], &granted["child_id"]),
        (&json!("2033-06-15"), &json!("2027-02-05"), &Value::Null)
    );
    let decision = granted["text"]["decision"].as_str().unwrap();
    assert!(
        decision.contains("bis zum 15. Juni 2033 bis zu 4 gleichzeitig"),
        "{decision}"
    );
    assert_eq!((places("2027-08-01").await, places("2028-08-01").await), (5, 4));
    let paper = writer
        .get(&format!("/office/notices/{}.pdf", granted["id"].as_str().unwrap()))
        .await;
    let text = pdf_text(&paper.bytes);
    for words in [
        "Tina Tagesmutter",
        "Lindenweg 4",
        "Erlaubnis zur Kindertagespflege",
        "Widerspruch",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let end = json!({"kind": "licence_end", "facility_id": tina, "licence_until": "2027-12-31"});
    posted([&writer, &second], end.clone()).await;
    assert_eq!(
        (
            places("2027-12-01").await,
            places("2028-01-01").await,
            places("2028-08-01").await
        ),
        (5, 0, 0),
        "what was to follow goes with it"
    );
    // Each leaves a version of what the places rest on, with what the licence was before.
    let kept = app
        .admin()
        .await
        .get(&format!("/admin/versions?kind=basis&subject={tina}"))
        .await
        .ok();
    let kept = kept["items"].as_array().unwrap();
    assert_eq!(kept.len(), 3, "entered, granted, ended: {kept:?}");
    let says = |at: usize, path: Value| {
        let changes = kept[at]["changes"].as_array().unwrap().clone();
        changes
            .into_iter()
            .find(|change| change["path"] == path)
            .unwrap_or_else(|| panic!("{path} in {:?}", kept[at]))
    };
    let ended = says(0, json!(["licences", "2026-01-01", "valid_to"]));
    assert_eq!(
        (&ended["before"], &ended["after"]),
        (&json!("2028-06-15"), &json!("2027-12-31"))
    );
    assert!(says(0, json!(["licences", "2028-06-16"]))["after"].is_null());
    assert_eq!(says(1, json!(["licences", "2028-06-16"]))["after"]["places"], 4);
    // There is nothing left to end beyond that day, and then nothing of the step is kept.
    let made = writer.create("/office/notices", end).await.ok();
    let id = made["id"].as_str().unwrap();
    let mut text = words();
    text["title"] = json!("Ende");
    write(&writer, id, text).await.ok();
    step(&second, id, "approve", json!({})).await.ok();
    let nothing = step(&writer, id, "issue", json!({"posted_on": "2027-02-01"})).await;
    assert_eq!(nothing.refused(409), "notice.no_licence");
    assert_eq!(
        writer.get(&format!("/office/notices/{id}")).await.ok()["state"],
        "approved"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_refusal_changes_no_licence_and_all_stand_in_the_register_by_name() {
    let app = TestApp::new().await;
    let (tina, kita) = (
        childminder(&app, "Tina Tagesmutter").await,
        facility(&app, "Kita Ahorn").await,
    );
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let refused = posted(
        [&writer, &second],
        json!({"kind": "licence_refusal", "facility_id": tina}),
    )
    .await;
    assert_eq!(app.bookable(tina, "under3", "2027-08-01").await, 5);
    let found = writer.get("/office/notices?kind=licence_refusal&q=tina").await.ok();
    assert_eq!(
        (
            &found["items"][0]["id"],
            &found["items"][0]["facility_name"],
            &found["items"][0]["child_label"]
        ),
        (&refused["id"], &json!("Tina Tagesmutter"), &Value::Null)
    );
    let daycare = json!({"kind": "licence_refusal", "facility_id": kita});
    let faults = writer.create("/office/notices", daycare).await.faults();
    assert_eq!(faults, [("/facility_id".to_owned(), "childminders_only".to_owned())]);
    let six = json!({"kind": "licence_grant", "facility_id": tina, "licence_from": "2028-06-16", "licence_places": 6});
    let faults = writer.create("/office/notices", six).await.faults();
    assert_eq!(faults, [("/licence_places".to_owned(), "out_of_range".to_owned())]);
    let id = refused["id"].as_str().unwrap();
    let parent = app.parent("jana@example.org").await;
    assert_eq!(
        parent.get(&format!("/notices/{id}.pdf")).await.status,
        404,
        "it is no family's"
    );
}
