//! What comes over with a family from another system: second guardians, contracts, evidence, guests; and the faults of these.

use reqwest::Method;
use serde_json::json;

use crate::support::criteria::work_and_hardship;
use crate::support::demands::postal_codes;
use crate::support::family_import::{counts, send, town};

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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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

#[actix_web::rt::test(system = "crate::support::Shared")]
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
