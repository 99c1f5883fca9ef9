//! Families from another system: tried, imported once, left out where they are known, and every fault with row, column and code.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::work_and_hardship;
use crate::support::demands::postal_codes;
use crate::support::facilities::facility;
use crate::support::office::paper;
use crate::support::{Client, TestApp};

/// The template's own rows, with the facilities they name.
async fn town() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    facility(&app, "Kita Ahorn").await;
    facility(&app, "Kita Birke").await;
    let admin = app.admin().await;
    let template = admin.get("/admin/imports/families/template.csv").await;
    let text = String::from_utf8(template.bytes).unwrap();
    (app, admin, text)
}

async fn send(admin: &Client, query: &str, list: &str) -> Value {
    let path = format!("/admin/imports/families{query}");
    let body = Some(("text/csv", list.as_bytes().to_vec()));
    admin.send_bytes(Method::POST, &path, body, &[]).await.ok()
}

fn counts(report: &Value) -> [i64; 6] {
    ["rows", "new", "known", "known_differs", "duplicates", "faulty"].map(|name| report[name].as_i64().unwrap())
}

#[actix_web::test]
async fn a_list_is_tried_imported_and_changes_nothing_the_second_time() {
    let (_app, admin, list) = town().await;
    let dry = send(&admin, "?dry_run=true", &list).await;
    assert_eq!(
        (counts(&dry), &dry["written"]),
        ([2, 2, 0, 0, 0, 0], &json!(false)),
        "{dry}"
    );
    assert_eq!(
        admin.get("/office/demands").await.ok()["items"],
        json!([]),
        "a trial writes nothing"
    );
    let done = send(&admin, "", &list).await;
    assert_eq!((counts(&done), &done["written"]), ([2, 2, 0, 0, 0, 0], &json!(true)));
    let demands = admin.get("/office/demands").await.ok();
    let all = demands["items"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    let mia = all.iter().find(|d| d["child"]["label"] == "Mia B.").unwrap();
    assert_eq!(
        (&mia["submitted_at"], &mia["state"], &mia["legal_due_on"]),
        (
            &json!("2026-11-11T08:30:00Z"),
            &json!("confirmed"),
            &json!("2027-08-01")
        ),
        "the other system's date in German time: {mia}"
    );
    let detail = admin
        .get(&format!("/office/demands/{}", mia["id"].as_str().unwrap()))
        .await
        .ok();
    let wishes: Vec<_> = detail["preferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["facility_name"])
        .collect();
    assert_eq!(wishes, [&json!("Kita Ahorn"), &json!("Kita Birke")]);
    assert_eq!(
        detail["preferences"][0]["answer_due_on"], "2027-03-15",
        "the facilities' clock begins today"
    );
    let again = send(&admin, "", &list).await;
    assert_eq!((counts(&again), &again["written"]), ([2, 0, 2, 0, 0, 0], &json!(false)));
    let changed = send(&admin, "", &list.replace("Lindenweg", "Ulmenweg")).await;
    assert_eq!(
        (counts(&changed), &changed["written"]),
        ([2, 0, 0, 2, 0, 0], &json!(false))
    );
    assert_eq!(
        admin.get("/office/letters").await.ok()["items"],
        json!([]),
        "nobody is told anew"
    );
    // The rows are one family: the code of its letter brings both demands.
    let batch = admin
        .create("/office/claim-batches", json!({"only_imported": true}))
        .await
        .ok();
    assert_eq!(batch["letters"], 1);
}

#[actix_web::test]
async fn both_children_come_into_the_account_with_one_code() {
    let (app, admin, list) = town().await;
    send(&admin, "", &list).await;
    let demands = admin.get("/office/demands").await.ok();
    let path = format!(
        "/office/demands/{}/claim-codes",
        demands["items"][0]["id"].as_str().unwrap()
    );
    admin.create(&path, json!({})).await.ok();
    let code = crate::support::demands::outbox(&app, "claim_code").await[0]["token"].clone();
    let parent = app.parent("jana@example.org").await;
    parent.post("/family/claim", json!({ "code": code })).await.ok();
    let demands = parent.get("/demands").await.ok();
    let mut sent: Vec<_> = demands["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["submitted_at"].clone())
        .collect();
    sent.sort_by_key(ToString::to_string);
    assert_eq!(sent, [json!("2026-11-10T23:00:00Z"), json!("2026-11-11T08:30:00Z")]);
}

#[actix_web::test]
async fn a_child_that_is_known_is_left_out_however_it_is_written() {
    let (app, admin, list) = town().await;
    let a = facility(&app, "Kita Esche").await;
    let clerk = app.clerk().await;
    let mut form = paper(&[a]);
    form["child"]["first_name"] = json!("Mía Sophie");
    clerk.create("/office/demands", form).await.ok();
    let report = send(&admin, "", &list).await;
    assert_eq!(
        (counts(&report), &report["written"]),
        ([2, 1, 0, 0, 1, 0], &json!(true))
    );
    assert_eq!(report["items"][0]["state"], "duplicate");
    let child = report["items"][0]["child_id"].as_str().unwrap();
    assert_eq!(
        admin.get(&format!("/office/children/{child}/file")).await.status,
        200,
        "the report names the file"
    );
    let twice = format!(
        "{list}{}",
        list.lines()
            .nth(1)
            .unwrap()
            .replace("A-1001", "A-1003")
            .replace("Mia", "MIA")
    );
    let report = send(
        &admin,
        "?dry_run=true",
        &twice.replace("A-1002", "A-1009").replace("Noah", "Ben"),
    )
    .await;
    assert_eq!(
        report["duplicates"], 2,
        "the row of the list and the paper are one child: {report}"
    );
}

#[actix_web::test]
async fn every_fault_has_its_row_column_and_code_and_stops_the_others() {
    let (app, admin, list) = town().await;
    work_and_hardship(&app).await;
    let bad = |from: &str, to: &str| list.replacen(from, to, 1);
    for (text, column, code) in [
        (bad("A-1002", "A-1001"), "Vorgang", "duplicate"),
        (bad("A-1002", ""), "Vorgang", "required"),
        (bad("02.05.2023", "31.02.2023"), "Geburtsdatum", "invalid_date"),
        (bad("Noah;Braun;m", "Noah;Braun;q"), "Geschlecht", "unknown_word"),
        (bad("Kindergarten", "Raumschiff"), "Betreuungsart", "unknown_word"),
        (bad(";35;", ";99;"), "Wochenstunden", "out_of_range"),
        (bad(";35;", ";viel;"), "Wochenstunden", "invalid"),
        (bad("nein;11.11.2026;", "nein;11.11.2029;"), "Eingang", "in_future"),
        (
            bad("nein;11.11.2026;Kita Birke", "nein;11.11.2026;Kita Zeder"),
            "Wunsch 1",
            "unknown_facility",
        ),
        (
            bad("Kita Ahorn;Kita Birke", "Kita Ahorn;Kita Ahorn"),
            "Wunsch 2",
            "duplicate",
        ),
    ] {
        let report = send(&admin, "", &text).await;
        assert_eq!(
            (&report["faulty"], &report["written"]),
            (&json!(1), &json!(false)),
            "{column} {code}: {report}"
        );
        let rows = report["items"].as_array().unwrap().iter();
        let faults: Vec<_> = rows.flat_map(|r| r["faults"].as_array().unwrap()).collect();
        let found = faults
            .iter()
            .any(|f| f["column"] == column && f["code"] == code && f["row"].as_u64() > Some(1));
        assert!(found, "{column} {code}: {faults:?}");
    }
    assert_eq!(
        admin.get("/office/demands").await.ok()["items"],
        json!([]),
        "a fault stops all rows"
    );
    let left_out = send(&admin, "?leave_out_faulty=true", &bad("Kindergarten", "Raumschiff")).await;
    assert_eq!(
        (counts(&left_out), &left_out["written"]),
        ([2, 1, 0, 0, 0, 1], &json!(true))
    );
    let other = send(&admin, "", "a;b\n1;2\n").await;
    assert_eq!(other["list_faults"][0]["code"], "missing_column");
}

#[actix_web::test]
async fn a_mapping_names_columns_words_dates_priorities_and_criteria() {
    let (app, admin, _) = town().await;
    work_and_hardship(&app).await;
    let mapping = json!({
        "columns": {"source_id": "Nr", "guardian_first_name": "Vn", "guardian_last_name": "Nn", "street": "Str", "house_number": "HNr",
            "postal_code": "PLZ", "child_first_name": "Kind", "child_sex": "G", "child_birth_date": "Geb", "care_type": "Art",
            "desired_start": "Ab", "hours_per_week": "Std", "submitted_at": "Ein", "facility_1": "K1", "facility_2": "K2", "priority_1": "P1",
            "priority_2": "P2"},
        "criteria": {"both_work": "Beide arbeiten"},
        "values": {"child_sex": {"Mädchen": "female"}, "care_type": {"U3-Platz": "nursery"}, "priority": {"niedrig": "9", "hoch": "1"},
            "facility": {"Haus 7": "Kita Birke"}},
        "defaults": {"city": "Köln"}, "date_formats": ["%d/%m/%Y"], "encoding": "windows1252"
    });
    let before = admin.get("/admin/imports/families/mapping").await.ok();
    assert_eq!(
        (&before["version"], &before["mapping"]["columns"]["city"]),
        (&json!(0), &json!("Ort"))
    );
    let path = "/admin/imports/families/mapping";
    admin.edit(Method::PUT, path, 0, mapping.clone()).await.ok();
    assert_eq!(admin.edit(Method::PUT, path, 0, mapping.clone()).await.status, 412);
    let mut wrong = mapping;
    wrong["columns"]["strasse"] = json!("Str");
    wrong["date_formats"] = json!(["%d.%m"]);
    let faults = admin.edit(Method::PUT, path, 1, wrong).await.faults();
    assert_eq!(
        faults,
        [
            ("/columns/strasse".into(), "unknown".into()),
            ("/date_formats/0".into(), "invalid".into())
        ]
    );
    let text = "Nr,Vn,Nn,Str,HNr,PLZ,Kind,G,Geb,Art,Ab,Std,Ein,K1,K2,P1,P2,Beide arbeiten\n\
                1,Jürgen,Groß,Gasse,1,04109,Zoë,Mädchen,14/03/2026,U3-Platz,01/08/2027,40,11/01/2027,Kita Ahorn,Haus 7,niedrig,hoch,x\n";
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let body = Some(("text/csv", bytes));
    let report = admin
        .send_bytes(Method::POST, "/admin/imports/families", body, &[])
        .await
        .ok();
    assert_eq!(report["new"], 1, "{report}");
    app.run_jobs().await;
    let demands = admin.get("/office/demands").await.ok();
    let detail = admin
        .get(&format!(
            "/office/demands/{}",
            demands["items"][0]["id"].as_str().unwrap()
        ))
        .await
        .ok();
    let wishes: Vec<_> = detail["preferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["facility_name"])
        .collect();
    assert_eq!(
        wishes,
        [&json!("Kita Birke"), &json!("Kita Ahorn")],
        "the smaller priority first"
    );
    assert_eq!(
        detail["preferences"][0]["score"]["points"], 4,
        "what is claimed counts: {detail}"
    );
    assert_eq!(
        (&detail["guardians"][0]["name"], &detail["address"]["city"]),
        (&json!("Jürgen Groß"), &json!("Köln"))
    );
}

/// The name of a column of the example that the list fills.
fn cell<'a>(list: &'a str, row: usize, column: &str) -> &'a str {
    let mut lines = list.trim_start_matches('\u{feff}').lines();
    let at = lines
        .next()
        .unwrap()
        .split(';')
        .position(|name| name == column)
        .unwrap();
    lines.nth(row).unwrap().split(';').nth(at).unwrap()
}

#[actix_web::test]
async fn second_guardians_and_running_contracts_come_with_the_example() {
    let (app, admin, _) = town().await;
    let list = admin.get("/admin/imports/families/template.csv?example=true").await;
    let list = String::from_utf8(list.bytes).unwrap();
    assert_eq!(cell(&list, 1, "Vertrag: Einrichtung"), "Kita Ahorn");
    let report = send(&admin, "?dry_run=true", &list).await;
    assert_eq!((counts(&report), &report["contracts"]), ([4, 3, 0, 0, 0, 1], &json!(2)));
    let faults: Vec<_> = report["items"][3]["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["code"])
        .collect();
    assert_eq!(faults, [&json!("invalid_date"), &json!("unknown_facility")], "{report}");
    send(&admin, "?leave_out_faulty=true", &list).await;
    // Two parents of two siblings: both have custody of both, and each gets an own code.
    let progress = admin.get("/office/claim-codes").await.ok();
    assert_eq!(progress["without_account"], 3, "{progress}");
    let demands = admin.get("/office/demands").await.ok();
    let of = |label: &str, state: &str| {
        let all = demands["items"].as_array().unwrap().iter();
        let found: Vec<_> = all
            .filter(|d| d["child"]["label"] == label && d["state"] == state)
            .collect();
        assert_eq!(found.len(), 1, "{label} {state}: {demands}");
        found[0].clone()
    };
    let defne = of("Defne Y.", "confirmed");
    let defne = admin
        .get(&format!("/office/demands/{}", defne["id"].as_str().unwrap()))
        .await
        .ok();
    let mut names: Vec<_> = defne["guardians"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["name"].to_string())
        .collect();
    names.sort();
    assert_eq!(names, ["\"Aylin Yıldız\"", "\"Emre Yıldız\""]);
    of("Daryna K.", "confirmed");
    let sql = "SELECT string_agg(state || ' ' || care_from || ' ' || care_until || ' ' || hours_per_week || COALESCE(' ' || window_from || '-' || window_to, ''),
                                    ', ' ORDER BY care_from)
                 FROM care_contract WHERE tenant_id = $1 AND $2::uuid IS NOT NULL";
    let contracts = app.value(sql, uuid::Uuid::nil()).await.unwrap();
    assert_eq!(
        contracts,
        "active 2025-08-01 2029-08-01 45 07:30:00-16:30:00, active 2026-03-01 2027-08-01 30"
    );
    // The places are taken, though the facility never said how many it has.
    let sql =
        "SELECT string_agg(age_band || ' ' || from_month || ' ' || until_month, ', ' ORDER BY age_band, from_month)
                 FROM occupancy WHERE tenant_id = $1 AND state = 'occupied' AND $2::uuid IS NOT NULL";
    let taken = app.value(sql, uuid::Uuid::nil()).await.unwrap();
    assert_eq!(
        taken,
        "over3 2026-03-01 2029-08-01, over3 2027-02-01 2027-08-01, under3 2025-08-01 2026-03-01, under3 2026-03-01 2027-02-01"
    );
    let again = send(&admin, "?leave_out_faulty=true", &list).await;
    assert_eq!(counts(&again), [4, 0, 3, 0, 0, 1]);
}

#[actix_web::test]
async fn contracts_and_evidence_have_faults_of_their_own() {
    let (app, admin, list) = town().await;
    work_and_hardship(&app).await;
    let path = "/admin/imports/families/mapping";
    let mut mapping = admin.get(path).await.ok()["mapping"].clone();
    mapping["evidence"] = json!({"both_work": "Gesehen am"});
    let faults = admin.edit(Method::PUT, path, 0, mapping.clone()).await.faults();
    assert_eq!(faults, [("/evidence/both_work".into(), "unknown".into())]);
    mapping["criteria"] = json!({"both_work": "Beide arbeiten"});
    admin.edit(Method::PUT, path, 0, mapping).await.ok();
    assert_eq!(list.lines().count(), 3);
    let list = String::from_utf8(admin.get("/admin/imports/families/template.csv").await.bytes).unwrap();
    assert!(list.lines().nth(1).unwrap().ends_with(";ja;12.11.2026"), "{list}");
    let mut lines: Vec<Vec<&str>> = list.lines().map(|line| line.split(';').collect()).collect();
    let at = |name: &str| {
        lines[0]
            .iter()
            .position(|one| one.trim_start_matches('\u{feff}') == name)
            .unwrap()
    };
    let columns = [
        "Vertrag: Einrichtung",
        "Vertrag: erster Tag",
        "Vertrag: letzter Tag",
        "Vertrag: Wochenstunden",
        "Gesehen am",
        "Nachname zweiter Elternteil",
        "Vertrag: von",
        "Vertrag: bis",
    ];
    let [facility, first, last, hours, seen, second, comes, goes] = columns.map(at);
    for (changes, column, code) in [
        (
            vec![(facility, "Kita Zeder"), (first, "01.08.2026"), (hours, "40")],
            "Vertrag: Einrichtung",
            "unknown_facility",
        ),
        (
            vec![(facility, "Kita Ahorn"), (hours, "40")],
            "Vertrag: erster Tag",
            "required",
        ),
        (
            vec![(facility, "Kita Ahorn"), (first, "01.08.2026"), (hours, "99")],
            "Vertrag: Wochenstunden",
            "out_of_range",
        ),
        (
            vec![(facility, "Kita Ahorn"), (first, "01.08.2025"), (hours, "40")],
            "Vertrag: erster Tag",
            "too_early",
        ),
        (
            vec![
                (facility, "Kita Ahorn"),
                (first, "01.08.2026"),
                (last, "31.12.2026"),
                (hours, "40"),
            ],
            "Vertrag: letzter Tag",
            "ended",
        ),
        (
            vec![
                (facility, "Kita Ahorn"),
                (first, "01.08.2026"),
                (hours, "40"),
                (comes, "08:00"),
            ],
            "Vertrag: bis",
            "required",
        ),
        (
            vec![
                (comes, "16:00"),
                (goes, "08:00"),
                (facility, "Kita Ahorn"),
                (first, "01.08.2026"),
                (hours, "40"),
            ],
            "Vertrag: bis",
            "before_start",
        ),
        (vec![(seen, "12.11.2029")], "Gesehen am", "in_future"),
        (vec![(seen, "gestern")], "Gesehen am", "invalid_date"),
        (vec![(second, "Braun")], "Vorname zweiter Elternteil", "required"),
    ] {
        let before = lines[1].clone();
        for (place, value) in changes {
            lines[1][place] = value;
        }
        let text = lines.iter().map(|line| line.join(";")).collect::<Vec<_>>().join("\n");
        let report = send(&admin, "?dry_run=true", &text).await;
        let faults = report["items"][0]["faults"].as_array().unwrap();
        let found = faults.iter().any(|f| f["column"] == column && f["code"] == code);
        assert!(found, "{column} {code}: {report}");
        lines[1] = before;
    }
    send(&admin, "", &list).await;
    let demands = admin.get("/office/demands").await.ok();
    let mia = demands["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["child"]["label"] == "Mia B.")
        .unwrap();
    let detail = admin
        .get(&format!("/office/demands/{}", mia["id"].as_str().unwrap()))
        .await
        .ok();
    assert!(detail.to_string().contains("\"seen_on\":\"2026-11-12\""), "{detail}");
}

#[actix_web::test]
async fn who_lives_in_another_municipality_comes_over_as_a_guest() {
    let (app, admin, list) = town().await;
    postal_codes(&app).await;
    // The second code belongs to a place here as well: nobody there is taken for a guest.
    let list = list
        .replace("A-1002;F-77", "A-1002;F-78")
        .replace("Noah;Braun", "Noah;Boll");
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replace("04109", "00998");
    lines[2] = lines[2].replace("04109", "00997");
    let report = send(&admin, "", &lines.join("\r\n")).await;
    assert_eq!(counts(&report), [2, 2, 0, 0, 0, 0], "{report}");
    let guests = admin.get("/office/guests").await.ok();
    let guests: Vec<_> = guests["items"].as_array().unwrap().iter().collect();
    assert_eq!(guests.len(), 1, "{guests:?}");
    assert_eq!(
        (&guests[0]["child"], &guests[0]["state"]),
        (&json!("Mia B."), &json!("open"))
    );
}
