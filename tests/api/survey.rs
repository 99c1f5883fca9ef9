//! What is entered for the statistics of 1 March: by whoever runs the house, in versions, filled in from the year before, gone in time.

use kitaplatz::access::Role;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::bare;
use crate::support::facilities::facility;
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp};

/// The form of a house on 1 March 2028, when the children of these tests are there.
fn form(kita: FacilityId) -> String {
    format!("/staff/facilities/{kita}/survey?year=2028")
}

fn children(kita: FacilityId) -> String {
    format!("/staff/facilities/{kita}/survey/children?year=2028")
}

fn educator() -> Value {
    json!({"sex": "female", "birth_month": 4, "birth_year": 1988, "qualification": "educator", "weekly_minutes": 2340,
           "area": "group_lead", "position": "employee", "employment": "permanent", "since": "2019-08-15"})
}

fn house() -> Value {
    json!({"legal_form": "association", "opens_at": "07:00:00", "closes_at": "16:30:00", "closing_days": 25, "persons": [educator()]})
}

async fn placed(app: &TestApp, kita: FacilityId, parent: &Client) -> Waiting {
    let family = Family {
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(app, &family, &[kita]).await;
    bare(app, kita, &made).await;
    made
}

/// The row of the office's page about a house.
async fn row(office: &Client, name: &str) -> Value {
    let all = office.get("/office/statistics?year=2028").await.ok();
    let mut rows = all["facilities"].as_array().unwrap().iter();
    rows.find(|row| row["name"] == name).unwrap().clone()
}

fn named(list: &Value, code: &str) -> bool {
    list.as_array().unwrap().contains(&json!(code))
}

/// The rows of a file, by the column's words.
fn cells(csv: &[u8], kind: &str, column: &str) -> Vec<String> {
    let text = std::str::from_utf8(csv).unwrap().trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let at = reader
        .headers()
        .unwrap()
        .iter()
        .position(|head| head == column)
        .unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.filter(|row| &row[0] == kind)
        .map(|row| row[at].to_owned())
        .collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_house_enters_what_is_missing_and_the_file_has_it() {
    let app = TestApp::new().await;
    let (kita, other) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    let (manager, admin) = (app.manager(kita).await, app.admin().await);
    let before = row(&admin, "Kita Ahorn").await;
    for code in [
        "legal_form_missing",
        "closing_days_missing",
        "persons_missing",
        "staff_missing",
    ] {
        assert!(named(&before["missing"], code), "{code} is named: {before}");
    }
    let empty = manager.get(&form(kita)).await.ok();
    assert_eq!((&empty["version"], &empty["prefilled_from"]), (&json!(0), &Value::Null));

    // Half of it today, the rest tomorrow.
    let part = json!({"legal_form": "association", "persons": [{"area": "group_lead"}]});
    let saved = manager.edit(Method::PUT, &form(kita), 0, part).await.ok();
    assert_eq!(saved["version"], 1);
    for code in ["opening_missing", "qualification_missing", "person_sex_missing"] {
        assert!(named(&saved["missing"], code), "{code}: {saved}");
    }
    assert_eq!(manager.edit(Method::PUT, &form(kita), 0, house()).await.status, 412);
    let saved = manager.edit(Method::PUT, &form(kita), 1, house()).await.ok();
    let person = &saved["entry"]["persons"][0];
    assert_eq!((&saved["version"], &person["since"]), (&json!(2), &json!("2019-08-01")));
    for code in [
        "legal_form_missing",
        "persons_missing",
        "staff_missing",
        "qualification_missing",
    ] {
        assert!(!named(&saved["missing"], code), "{code}: {saved}");
    }
    let mut wrong = house();
    wrong["closing_days"] = json!(400);
    let refused = manager.edit(Method::PUT, &form(kita), 2, wrong).await;
    assert_eq!(refused.faults(), [("/closing_days".into(), "out_of_range".into())]);
    let mut stranger = house();
    stranger["persons"][0]["group_id"] = json!(kitaplatz::platform::ids::random_uuid());
    let refused = manager.edit(Method::PUT, &form(kita), 2, stranger).await;
    assert_eq!(refused.faults(), [("/persons/0/group_id".into(), "unknown".into())]);

    // The administration writes for every house, another's head for none, a clerk reads the page alone.
    assert_eq!(manager.get(&form(other)).await.status, 404);
    assert_eq!(manager.edit(Method::PUT, &form(other), 0, house()).await.status, 404);
    let clerk = app.clerk().await;
    assert_eq!(clerk.get(&form(kita)).await.status, 403);
    assert_eq!(
        admin.edit(Method::PUT, &form(other), 0, house()).await.ok()["version"],
        1
    );
    let csv = clerk
        .get(&format!("/office/statistics/{kita}.csv?year=2028"))
        .await
        .bytes;
    assert_eq!(cells(&csv, "E", "Rechtsform des Trägers"), ["eingetragener Verein"]);
    assert_eq!(cells(&csv, "E", "Schließt um"), ["16:30"]);
    assert_eq!(cells(&csv, "P", "Höchster Berufsabschluss"), ["Erzieherin, Erzieher"]);
    assert_eq!(cells(&csv, "P", "Stellung im Beruf"), ["angestellt"]);
    assert_eq!(cells(&csv, "P", "Wochenstunden der Person oder der Gruppe"), ["39,00"]);
    let audit = admin
        .get("/admin/audit?action=put_survey_entry&outcome=done")
        .await
        .ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 3);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_next_form_begins_with_last_years_entry_and_counts_only_when_saved() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let manager = app.manager(kita).await;
    let last = format!("/staff/facilities/{kita}/survey?year=2027");
    manager.edit(Method::PUT, &last, 0, house()).await.ok();
    let next = manager.get(&form(kita)).await.ok();
    assert_eq!(
        (&next["version"], &next["prefilled_from"]),
        (&json!(0), &json!("2027-03-01"))
    );
    assert_eq!(next["entry"]["legal_form"], "association");
    assert!(named(&next["missing"], "legal_form_missing"), "nobody looked at it yet");
    let admin = app.admin().await;
    assert!(named(&row(&admin, "Kita Ahorn").await["missing"], "legal_form_missing"));
    let saved = manager
        .edit(Method::PUT, &form(kita), 0, next["entry"].clone())
        .await
        .ok();
    assert_eq!((&saved["version"], &saved["prefilled_from"]), (&json!(1), &Value::Null));
    assert!(!named(
        &row(&admin, "Kita Ahorn").await["missing"],
        "legal_form_missing"
    ));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn of_a_childminder_the_person_is_asked_and_nothing_of_a_house() {
    let app = TestApp::new().await;
    let home = facility(&app, "Tagespflege Erle").await;
    app.change(
        "UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2",
        home.0,
    )
    .await;
    let minder = app.manager(home).await;
    let begun = minder.get(&form(home)).await.ok();
    assert_eq!(
        (&begun["part"], begun["entry"]["persons"].as_array().unwrap().len()),
        (&json!("childminding"), 1)
    );
    let mut entry = house();
    entry["persons"][0]["course"] = json!("from300");
    entry["persons"][0]["place"] = json!("own_home");
    entry["persons"][0]["school_degree"] = json!("middle");
    let saved = minder.edit(Method::PUT, &form(home), 0, entry).await.ok();
    let kept = &saved["entry"];
    assert_eq!(
        (&kept["legal_form"], &kept["persons"][0]["weekly_minutes"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(saved["missing"], json!(["permit_missing", "no_children"]));
    let csv = app
        .clerk()
        .await
        .get(&format!("/office/statistics/{home}.csv?year=2028"))
        .await
        .bytes;
    assert_eq!(cells(&csv, "P", "Ort der Betreuung"), ["Wohnung der Tagespflegeperson"]);
    let degree = cells(&csv, "P", "Höchster allgemeinbildender Schulabschluss");
    assert_eq!(degree, ["mittlerer Abschluss"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_entered_of_a_child_is_sealed_and_stands_in_the_file_and_in_the_familys_copy() {
    let app = TestApp::new().await;
    let (kita, other) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    let parent = app.parent("mia@example.org").await;
    let child = placed(&app, kita, &parent).await.child;
    placed(&app, kita, &app.parent("eve@example.org").await).await;
    let (manager, admin) = (app.manager(kita).await, app.admin().await);
    let list = manager.get(&children(kita)).await.ok();
    assert_eq!(
        (&list["version"], list["items"].as_array().unwrap().len()),
        (&json!(0), 2)
    );
    assert!(named(&list["items"][0]["missing"], "meals_missing"), "{list}");
    let answers = json!({"days_per_week": 5, "meals": true, "attends_school": false, "foreign_origin": true, "german_at_home": false,
                         "integration_help": true, "related": true});
    let edit = json!({"children": [{"child_id": child, "answers": answers}]});
    let saved = manager.edit(Method::PATCH, &children(kita), 0, edit.clone()).await.ok();
    assert_eq!(
        (&saved["version"], saved["items"].as_array().unwrap().len()),
        (&json!(1), 1)
    );
    let of = |list: &Value| -> Value {
        let mut items = list["items"].as_array().unwrap().iter();
        items.find(|item| item["child_id"] == json!(child)).unwrap().clone()
    };
    assert_eq!(of(&saved)["answers"]["foreign_origin"], true);
    assert_eq!(of(&saved)["answers"]["related"], Value::Null, "not asked of a facility");
    assert_eq!(
        manager
            .edit(Method::PATCH, &children(kita), 0, edit.clone())
            .await
            .status,
        412
    );
    let foreign = app
        .manager(other)
        .await
        .edit(Method::PATCH, &children(other), 0, edit)
        .await;
    assert_eq!(foreign.faults(), [("/children/0/child_id".into(), "unknown".into())]);
    assert_eq!(app.manager(other).await.get(&children(kita)).await.status, 404);
    let one = json!({"child_id": child, "answers": {}});
    let twice = manager
        .edit(Method::PATCH, &children(kita), 1, json!({"children": [one, one]}))
        .await;
    assert_eq!(twice.faults(), [("/children/1/child_id".into(), "duplicate".into())]);

    // The house's form has its own version and says nothing of children.
    let house = manager.get(&form(kita)).await.ok();
    assert_eq!((&house["version"], &house["children"]), (&json!(0), &json!(2)));
    assert!(!house.to_string().contains("foreign_origin"));
    let missing = row(&admin, "Kita Ahorn").await;
    let mine = missing["incomplete"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["child_id"] == json!(child))
        .unwrap();
    assert!(!named(&mine["missing"], "origin_missing") && named(&mine["missing"], "group_missing"));
    let file = format!("/office/statistics/{kita}.csv?year=2028");
    let csv = app.clerk().await.get(&file).await.bytes;
    let mut origin = cells(&csv, "K", "Mindestens ein Elternteil ausländischer Herkunft");
    origin.sort();
    assert_eq!(origin, ["", "ja"]);
    let reader = app.staff(&[(Role::ReadOnly, None, None)]).await;
    assert_eq!(
        reader.get(&file).await.status,
        403,
        "who only reads gets no answers of children"
    );
    let sql =
        "SELECT position('origin'::bytea IN answers)::text FROM survey_child WHERE tenant_id = $1 AND child_id = $2";
    assert_eq!(app.value(sql, child.0).await.as_deref(), Some("0"));
    let copy = parent.get("/family/export").await.ok();
    let rows = copy["data"]["survey_child"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["answers"]["integration_help"]), (1, &json!(true)));
    let audit = admin
        .get("/admin/audit?action=update_survey_children&outcome=done")
        .await
        .ok();
    let id = audit["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let sql = "SELECT cardinality(child_ids)::text FROM audit_event WHERE tenant_id = $1 AND id = $2";
    assert_eq!(
        app.value(sql, id).await.as_deref(),
        Some("1"),
        "only who was written of is named"
    );
    // When the municipality leaves, the answers are handed over open: afterwards nobody could read them.
    let to = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("survey-{child}"));
    let manifest = kitaplatz::operator::export_tenant(&app.platform, &app.tenant.slug, &to)
        .await
        .unwrap();
    let handed = std::fs::read_to_string(to.join(&manifest.opened_answers.file)).unwrap();
    let handed: Vec<Value> = handed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (
            handed.len(),
            &handed[0]["child_id"],
            &handed[0]["answers"]["integration_help"]
        ),
        (1, &json!(child), &json!(true))
    );
    std::fs::remove_dir_all(&to).unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_restricted_child_counts_but_is_shown_to_the_administration_alone() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let made = placed(&app, kita, &app.parent("mia@example.org").await).await;
    app.change(
        "UPDATE child SET restricted_at = now(), restricted_reason = 'legal_claim' WHERE tenant_id = $1 AND id = $2",
        made.child.0,
    )
    .await;
    let (manager, admin, clerk) = (app.manager(kita).await, app.admin().await, app.clerk().await);
    assert_eq!(manager.get(&children(kita)).await.ok()["items"], json!([]));
    assert_eq!(
        admin.get(&children(kita)).await.ok()["items"].as_array().unwrap().len(),
        1
    );
    let edit = json!({"children": [{"child_id": made.child, "answers": {"meals": true}}]});
    let refused = manager.edit(Method::PATCH, &children(kita), 0, edit.clone()).await;
    assert_eq!(refused.faults(), [("/children/0/child_id".into(), "unknown".into())]);
    admin.edit(Method::PATCH, &children(kita), 0, edit).await.ok();
    for (who, shown) in [(&clerk, 0), (&admin, 1)] {
        let row = row(who, "Kita Ahorn").await;
        let incomplete = row["incomplete"].as_array().unwrap().len();
        assert_eq!((&row["children"], incomplete), (&json!(1), shown));
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn answers_about_children_go_after_their_period_and_the_houses_entry_a_year_later() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let made = placed(&app, kita, &app.parent("mia@example.org").await).await;
    let manager = app.manager(kita).await;
    manager.edit(Method::PUT, &form(kita), 0, house()).await.ok();
    let edit = json!({"children": [{"child_id": made.child, "answers": {"meals": true}}]});
    manager.edit(Method::PATCH, &children(kita), 0, edit).await.ok();
    let left = async || {
        let sql = "SELECT (SELECT count(*) FROM survey_child s WHERE s.tenant_id = $1 AND s.facility_id = $2) || ' '
                       || (SELECT count(*) FROM survey_entry e WHERE e.tenant_id = $1 AND e.facility_id = $2)";
        app.value(sql, kita.0).await.unwrap()
    };
    for (night, wanted) in [
        // 180 days after 1 March 2028, and a year more.
        ("2028-08-28T03:00:00Z", "1 1"),
        ("2028-08-29T03:00:00Z", "0 1"),
        ("2029-08-28T03:00:00Z", "0 1"),
        ("2029-08-29T03:00:00Z", "0 0"),
    ] {
        app.at(night);
        app.run_periodic().await;
        assert_eq!(left().await, wanted, "{night}");
    }
}
