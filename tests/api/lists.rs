//! Lists of a facility: who is on them, in every form, and nobody's else.

use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::json;

use crate::support::facilities::{facility, give_capacity};
use crate::support::offers::new_offer;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp, pdf_text};

async fn placed(app: &TestApp, kita: kitaplatz::platform::ids::FacilityId, first: &str, email: &str) -> Client {
    let parent = app.parent(email).await;
    let family = Family {
        first_name: Some(first),
        account: parent.account,
        ..Family::default()
    };
    let family = waiting(app, &family, &[kita]).await;
    let manager = app.manager(kita).await;
    let offer = manager
        .create("/staff/offers", new_offer(family.preferences[0]))
        .await
        .ok();
    let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let version = offer["version"].as_i64().unwrap();
    parent.edit(Method::POST, &path, version, json!({})).await.ok();
    parent
}

#[actix_web::test]
async fn a_list_has_the_children_with_a_contract_on_that_day_in_every_form() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    placed(&app, kita, "=1+1", "eve@example.org").await;
    waiting(&app, &Family::default(), &[kita]).await;
    let manager = app.manager(kita).await;
    let base = format!("/staff/facilities/{kita}");
    let rows = async |query: &str| manager.get(&format!("{base}/list?{query}")).await.ok()["rows"].clone();
    assert_eq!(rows("kind=attendance").await, json!([]), "care begins in August");
    let contacts = rows("kind=contacts&on=2027-08-01").await;
    assert_eq!(
        contacts,
        json!([["Braun, =1+1", "Jana Braun", "0341 123456", "eve@example.org"]])
    );
    let birthdays = rows("kind=birthdays&on=2027-08-01").await;
    assert_eq!(birthdays, json!([["14.03.2028", "Braun, =1+1", "2"]]));
    assert_eq!(
        rows("kind=attendance&on=2033-08-01").await,
        json!([]),
        "the contract has ended"
    );
    let file = async |format: &str| {
        let path = format!("{base}/list-file?kind=contacts&on=2027-08-01&format={format}");
        manager.get(&path).await
    };
    let csv = file("csv").await;
    assert!(
        csv.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let text = String::from_utf8(csv.bytes).unwrap();
    assert!(text.contains("\"Braun, =1+1\";\"Jana Braun\""), "{text}");
    assert!(file("xlsx").await.bytes.starts_with(b"PK"), "a spreadsheet");
    assert_eq!(file("doc").await.status, 400);
    let pdf = manager
        .get(&format!("{base}/list.pdf?kind=contacts&on=2027-08-01"))
        .await;
    if let Some(text) = pdf_text(&pdf.bytes) {
        assert!(text.contains("Jana Braun") && text.contains("Kita Ahorn"), "{text}");
        assert!(!text.contains("Lindenweg"), "no address: {text}");
    }
}

#[actix_web::test]
async fn a_list_of_another_facility_is_missing_and_each_reading_is_on_record() {
    let app = TestApp::new().await;
    let (kita, other) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    placed(&app, kita, "Mia", "mia@example.org").await;
    let elsewhere = app.manager(other).await;
    let path = format!("/staff/facilities/{kita}/list?kind=contacts&on=2027-08-01");
    assert_eq!(elsewhere.get(&path).await.status, 404);
    app.manager(kita).await.get(&path).await.ok();
    let audit = app
        .admin()
        .await
        .get("/admin/audit?action=get_facility_list&outcome=done")
        .await
        .ok();
    let events = audit["items"].as_array().unwrap();
    assert_eq!((events.len(), &events[0]["role"]), (1, &json!("facility_manager")));
    let sql = "SELECT cardinality(child_ids)::text FROM audit_event WHERE tenant_id = $1 AND id = $2";
    let id = events[0]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.value(sql, id).await.as_deref(), Some("1"));
}
