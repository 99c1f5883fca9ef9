//! Lists of a facility: who is on them, in every form, and nobody's else.

use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::{Value, json};

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

#[actix_web::rt::test(system = "crate::support::Shared")]
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
    let text = pdf_text(&pdf.bytes);
    assert!(text.contains("Jana Braun") && text.contains("Kita Ahorn"), "{text}");
    assert!(!text.contains("Lindenweg"), "no address: {text}");
}

/// A child leaves by notice in the middle of a month: on the days before it was there, and everything about those days says so.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_left_by_notice_stays_on_the_days_on_which_it_was_there() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    placed(&app, kita, "Eve", "eve@example.org").await;
    let left = "UPDATE care_contract SET state = 'terminated', began_on = care_from, notice_by = 'guardians', notice_at = '2027-08-01',
                       care_until = '2027-11-11'
                 WHERE tenant_id = $1 AND facility_id = $2";
    app.change(left, kita.0).await;
    app.at("2027-11-20T09:00:00Z");
    let manager = app.manager(kita).await;
    let base = format!("/staff/facilities/{kita}");
    for (on, there) in [("2027-11-10", 1), ("2027-11-11", 0)] {
        let list = manager.get(&format!("{base}/list?kind=attendance&on={on}")).await.ok();
        assert_eq!(list["rows"].as_array().unwrap().len(), there, "list on {on}");
        let board = manager.get(&format!("{base}/groups?on={on}")).await.ok();
        assert_eq!(board["without_group"].as_array().unwrap().len(), there, "board on {on}");
    }
    let month = manager.get(&format!("{base}/month?month=2027-11-01")).await.ok();
    let days = month["bands"][0]["days"].as_array().unwrap();
    let occupied: Vec<_> = [9, 10].map(|n: usize| days[n]["occupied"].clone()).into();
    assert_eq!(occupied, [json!(1), json!(0)]);
    assert_eq!(
        (&month["changes"][0]["day"], &month["changes"][0]["what"]),
        (&json!("2027-11-11"), &json!("leaves"))
    );
    // A restriction after the end hides the child there as well; its place of those days still counts.
    let hide = "UPDATE child SET restricted_at = now(), restricted_reason = 'objection'
                 WHERE tenant_id = $1 AND id IN (SELECT child_id FROM care_contract WHERE facility_id = $2)";
    app.change(hide, kita.0).await;
    let list = manager
        .get(&format!("{base}/list?kind=contacts&on=2027-11-10"))
        .await
        .ok();
    assert_eq!(list["rows"], json!([]));
    let month = manager.get(&format!("{base}/month?month=2027-11-01")).await.ok();
    assert!(!month.to_string().contains("Eve"), "{month}");
    assert_eq!(month["bands"][0]["days"][9]["occupied"], 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_care_sheet_is_the_familys_and_the_facilitys_and_sealed() {
    let app = TestApp::new().await;
    let (kita, other) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    let parent = placed(&app, kita, "Mia", "mia@example.org").await;
    let child = parent.get("/family").await.ok()["children"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let own = format!("/family/children/{child}/care-sheet");
    let empty = parent.get(&own).await.ok();
    assert_eq!((&empty["version"], &empty["writable"]), (&json!(0), &json!(true)));
    let entries = json!({
        "allergies": [{"substance": "=Erdnüsse", "measures": "Notfallset im Gruppenraum"}],
        "pickups": [{"name": "Erika Braun", "relation": "Großmutter", "phone": "0341 654321", "until": null},
                    {"name": "Uwe Kurz", "relation": "", "phone": "", "until": "2027-02-28"}],
    });
    let sheet = |consent: bool| json!({"entries": entries, "health_consent": consent});
    let refused = parent.edit(Method::PUT, &own, 0, sheet(false)).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.faults(), [("/health_consent".to_owned(), "needed".to_owned())]);
    let written = parent.edit(Method::PUT, &own, 0, sheet(true)).await.ok();
    assert_eq!((&written["version"], &written["entries"]), (&json!(1), &entries));
    assert_eq!(parent.edit(Method::PUT, &own, 0, sheet(true)).await.status, 412);

    // The facility has it in its lists and can write it; another facility, the office and another family do not see it.
    let (manager, clerk) = (app.manager(kita).await, app.clerk().await);
    let list = |kind: &str, on: &str| format!("/staff/facilities/{kita}/list?kind={kind}&on={on}");
    let rows = async |kind: &str, on: &str| manager.get(&list(kind, on)).await.ok()["rows"].clone();
    let allergies = json!([["Braun, Mia", "=Erdnüsse", "Notfallset im Gruppenraum"]]);
    assert_eq!(rows("allergies", "2027-08-01").await, allergies);
    let may = json!([
        ["Braun, Mia", "Jana Braun", "Sorgeberechtigt", "0341 123456"],
        ["Braun, Mia", "Erika Braun", "Großmutter", "0341 654321"]
    ]);
    assert_eq!(
        rows("pickups", "2027-08-01").await,
        may,
        "Uwe Kurz may in February only"
    );
    assert_eq!(clerk.get(&list("allergies", "2027-08-01")).await.status, 403);
    assert_eq!(clerk.get(&list("contacts", "2027-08-01")).await.status, 200);
    let staff = |at: &str| format!("/staff/facilities/{at}/children/{child}/care-sheet");
    assert_eq!(
        app.manager(other).await.get(&staff(&other.to_string())).await.status,
        404
    );
    let less = json!({"entries": {"allergies": [], "pickups": []}, "health_consent": true});
    let written = manager.edit(Method::PUT, &staff(&kita.to_string()), 1, less).await.ok();
    assert_eq!(
        (&written["version"], &written["health_consent_at"]),
        (&json!(2), &json!(null))
    );
    let stranger = app.parent("eve@example.org").await;
    assert_eq!(stranger.get(&own).await.status, 404);

    // In the database there is no word of it, and moved to another child it does not open.
    parent.edit(Method::PUT, &own, 2, sheet(true)).await.ok();
    let sql = "SELECT (position('Erdn'::bytea IN sheet) + position('Braun'::bytea IN sheet))::text FROM care_sheet
                WHERE tenant_id = $1 AND child_id = $2";
    assert_eq!(app.value(sql, child.parse().unwrap()).await.as_deref(), Some("0"));
    let copy = parent.get("/family/export").await.ok();
    assert_eq!(copy["data"]["care_sheet"][0]["sheet"], entries);
    // Who takes all of a municipality's data out gets all of them opened, each on a line of its own.
    let second = placed(&app, kita, "Ben", "ben@example.org").await;
    let ben = second.get("/family").await.ok()["children"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let nothing =
        json!({"allergies": [], "pickups": [{"name": "Ida Lang", "relation": "", "phone": "", "until": null}]});
    let body = json!({"entries": nothing, "health_consent": true});
    let put = second
        .edit(Method::PUT, &format!("/family/children/{ben}/care-sheet"), 0, body)
        .await;
    put.ok();
    let mut whole =
        [(child.clone(), entries), (ben, nothing)].map(|(id, sheet)| json!({"child_id": id, "sheet": sheet}));
    whole.sort_by_key(|line| line["child_id"].to_string());
    let (file, _) = kitaplatz::exports::archive(&app.platform, &app.tenant).await.unwrap();
    let mut all = zip::ZipArchive::new(file).unwrap();
    let opened = std::io::read_to_string(all.by_name("json/care_sheet.opened.jsonl").unwrap()).unwrap();
    let lines: Vec<Value> = opened.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, whole);
    let folder = std::env::temp_dir().join(format!("kitaplatz-sheets-{child}"));
    kitaplatz::operator::export_tenant(&app.platform, &app.tenant.slug, &folder)
        .await
        .unwrap();
    let handed = std::fs::read_to_string(folder.join("care_sheet.opened.jsonl")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(handed, opened, "a municipality that leaves gets the same");
    let sealed = std::io::read_to_string(all.by_name("csv/care_sheet.csv").unwrap()).unwrap();
    assert!(!sealed.contains("Braun"), "{sealed}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_care_sheet_goes_soon_after_care_has_ended() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    let parent = placed(&app, kita, "Mia", "mia@example.org").await;
    let child = parent.get("/family").await.ok()["children"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let own = format!("/family/children/{child}/care-sheet");
    let sheet = json!({"entries": {"allergies": [], "pickups": []}, "health_consent": false});
    parent.edit(Method::PUT, &own, 0, sheet.clone()).await.ok();
    let sql = "UPDATE care_contract SET care_from = '2027-02-01', care_until = '2027-03-01' WHERE tenant_id = $1 AND child_id = $2";
    app.change(sql, child.parse().unwrap()).await;
    let count = async || {
        let sql = "SELECT count(*)::text FROM care_sheet WHERE tenant_id = $1 AND child_id = $2";
        app.value(sql, child.parse().unwrap()).await.unwrap()
    };
    app.at("2027-03-30T03:00:00Z");
    app.run_periodic().await;
    assert_eq!(count().await, "1");
    let parent = app.parent("mia@example.org").await;
    let late = parent.edit(Method::PUT, &own, 1, sheet).await;
    assert_eq!(late.refused(409), "care_sheet.no_contract");
    app.at("2027-03-31T03:00:00Z");
    app.run_periodic().await;
    assert_eq!(count().await, "0");
}
