//! Appointments to get to know a facility, with their calendar file, and notes of staff.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::outbox;
use crate::support::facilities::facility;
use crate::support::mandates::acting;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};

fn at(starts_at: &str, place: &str) -> Value {
    json!({"starts_at": starts_at, "minutes": 60, "place": place})
}

async fn put(who: &Client, path: &str, version: i64, body: Value) -> crate::support::Answer {
    who.edit(Method::PUT, &format!("{path}/visit"), version, body).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_appointment_is_planned_changed_and_cancelled_and_the_calendar_follows() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        account: parent.account,
        ..Family::default()
    };
    let family = waiting(&app, &family, &[kita]).await;
    let manager = app.manager(kita).await;
    let path = format!("/staff/preferences/{}", family.preferences[0]);
    assert_eq!(manager.get(&format!("{path}/visit")).await.ok()["visit"], Value::Null);
    let made = put(&manager, &path, 0, at("2027-02-10T14:00:00Z", " Lindenweg 4 "))
        .await
        .ok();
    assert_eq!(
        (&made["visit"]["place"], &made["visit"]["version"]),
        (&json!("Lindenweg 4"), &json!(1))
    );
    let told = outbox(&app, "visit_planned").await;
    assert_eq!(
        (told.len(), &told[0]["facility"], &told[0]["child"]),
        (1, &json!("Kita Ahorn"), &json!("M"))
    );
    let calendar = told[0]["calendar"].as_str().unwrap();
    assert!(
        calendar.contains("DTSTART:20270210T140000Z\r\n") && calendar.contains("METHOD:PUBLISH"),
        "{calendar}"
    );
    let stale = put(&manager, &path, 0, at("2027-02-11T14:00:00Z", "Hof")).await;
    assert_eq!(stale.status, 412, "somebody planned already");
    put(&manager, &path, 1, at("2027-02-11T14:00:00Z", "Hof")).await.ok();
    let own = parent.get("/visits").await.ok()["items"].clone();
    assert_eq!(
        (own.as_array().unwrap().len(), &own[0]["starts_at"]),
        (1, &json!("2027-02-11T14:00:00Z"))
    );
    let file = format!("/visits/{}.ics", own[0]["id"].as_str().unwrap());
    let text = async || String::from_utf8(parent.get(&file).await.bytes).unwrap();
    let now = text().await;
    assert!(
        now.contains("SEQUENCE:2\r\n") && now.contains("DTSTART:20270211T140000Z\r\n"),
        "{now}"
    );
    let other = app.parent("other@example.org").await;
    assert_eq!(
        (
            other.get(&file).await.status.as_u16(),
            other.get("/visits").await.ok()["items"].clone()
        ),
        (404, json!([]))
    );
    let cancelled = manager
        .send(Method::DELETE, &format!("{path}/visit"), None, &[("if-match", "\"2\"")])
        .await
        .ok();
    assert!(!cancelled["visit"]["cancelled_at"].is_null());
    let told = outbox(&app, "visit_cancelled").await;
    assert_eq!(told.len(), 1);
    assert!(told[0]["calendar"].as_str().unwrap().contains("METHOD:CANCEL\r\n"));
    assert_eq!(parent.get("/visits").await.ok()["items"], json!([]));
    assert!(text().await.contains("STATUS:CANCELLED"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_counsellor_sees_the_appointments_of_the_named_child() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let account = app.parent("jana@example.org").await.account;
    let manager = app.manager(kita).await;
    let mut planned = Vec::new();
    for name in ["Mia", "Tom"] {
        let family = Family {
            first_name: Some(name),
            account,
            ..Family::default()
        };
        let made = waiting(&app, &family, &[kita]).await;
        let path = format!("/staff/preferences/{}", made.preferences[0]);
        put(&manager, &path, 0, at("2027-02-10T14:00:00Z", name)).await.ok();
        planned.push(made);
    }
    let (counsellor, _) = acting(&app, planned[0].guardian, planned[0].child, "ay@beratung.example").await;
    let seen = counsellor.get("/visits").await.ok()["items"].clone();
    assert_eq!(
        (seen.as_array().unwrap().len(), &seen[0]["place"]),
        (1, &json!("Mia")),
        "of that child only"
    );
    let file = counsellor
        .get(&format!("/visits/{}.ics", seen[0]["id"].as_str().unwrap()))
        .await;
    assert_eq!(file.status, 200);
    let sql = "SELECT id::text FROM facility_visit WHERE tenant_id = $1 AND preference_id = $2";
    let other = app.value(sql, planned[1].preferences[0].0).await.unwrap();
    counsellor.get(&format!("/visits/{other}.ics")).await.refused(404);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_an_appointment_cannot_be_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let family = waiting(&app, &Family::default(), &[kita]).await;
    let manager = app.manager(kita).await;
    let path = format!("/staff/preferences/{}", family.preferences[0]);
    let wrong = json!({"starts_at": "2027-02-01T08:00:00Z", "minutes": 3, "place": "  "});
    let faults = put(&manager, &path, 0, wrong).await.faults();
    let field = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    assert_eq!(
        faults,
        [
            field("/place", "required"),
            field("/minutes", "out_of_range"),
            field("/starts_at", "in_past")
        ]
    );
    let late = put(&manager, &path, 0, at("2029-02-01T08:00:00Z", "Hof"))
        .await
        .faults();
    assert_eq!(late, [field("/starts_at", "too_late")]);
    let other = app.manager(facility(&app, "Kita Birke").await).await;
    assert_eq!(
        put(&other, &path, 0, at("2027-02-10T14:00:00Z", "Hof")).await.status,
        404
    );
    let clerk = app.clerk().await;
    assert_eq!(
        put(&clerk, &path, 0, at("2027-02-10T14:00:00Z", "Hof")).await.status,
        403,
        "the office does not plan for a facility"
    );
    let body = json!({"reason": "no_place", "note": null});
    manager
        .edit(Method::POST, &format!("{path}/refuse"), 1, body)
        .await
        .ok();
    assert_eq!(
        put(&manager, &path, 0, at("2027-02-10T14:00:00Z", "Hof"))
            .await
            .refused(409),
        "visit.ended"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn notes_are_for_staff_only() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        account: parent.account,
        ..Family::default()
    };
    let family = waiting(&app, &family, &[kita]).await;
    let manager = app.manager(kita).await;
    let path = format!("/staff/preferences/{}/notes", family.preferences[0]);
    let empty = manager.create(&path, json!({"words": " "})).await.faults();
    assert_eq!(empty, [("/words".to_owned(), "required".to_owned())]);
    let made = manager
        .create(&path, json!({"words": "Ruft am Montag zurück."}))
        .await
        .ok();
    assert_eq!(made["items"][0]["words"], "Ruft am Montag zurück.");
    assert_eq!(
        app.clerk().await.get(&path).await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let other = app.manager(facility(&app, "Kita Birke").await).await;
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(parent.get(&path).await.status, 403);
    let shown = parent
        .get(&format!("/demands/{}", family.demand))
        .await
        .ok()
        .to_string();
    assert!(!shown.contains("Montag"), "{shown}");
    let note = made["items"][0]["id"].as_str().unwrap();
    assert_eq!(other.delete(&format!("{path}/{note}")).await.status, 404);
    assert_eq!(manager.delete(&format!("{path}/{note}")).await.status, 204);
    assert_eq!(manager.get(&path).await.ok()["items"], json!([]));
}
