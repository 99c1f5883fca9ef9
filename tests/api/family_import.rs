//! Families from another system: tried, imported once, left out where they are known, and every fault with row, column and code.

use reqwest::Method;
use serde_json::json;

use crate::support::criteria::work_and_hardship;
use crate::support::facilities::facility;
use crate::support::family_import::{counts, send, town};
use crate::support::office::paper;

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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
