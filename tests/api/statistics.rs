//! Statistics of 1 March: who is there on the day and who is not, what is missing, and files without names.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::contracts::bare;
use crate::support::facilities::facility;
use crate::support::waiting::{Family, waiting};

const DATES: [(&str, &str); 4] = [
    // Begins on the key date, ends on it, ended the day before (its first day without is the key date), begins the day after.
    ("2027-03-01", "2028-08-01"),
    ("2026-08-01", "2027-03-02"),
    ("2026-08-01", "2027-03-01"),
    ("2027-03-02", "2028-08-01"),
];

fn rows(csv: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(csv).unwrap().trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_begins_on_the_key_date_is_there_and_whose_last_day_was_before_is_not() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    facility(&app, "=Kita Birke").await;
    for (from, until) in DATES {
        let made = waiting(&app, &Family::default(), &[kita]).await;
        let contract = bare(&app, kita, &made).await;
        kitaplatz::access::as_system(&app.platform, &app.tenant, "test_dates", async |tx| {
            let tenant = tx.tenant_id().0;
            sqlx::query(
                "UPDATE care_contract SET care_from = $3::date, care_until = $4::date WHERE tenant_id = $1 AND id = $2",
            )
            .bind(tenant)
            .bind(contract)
            .bind(from.parse::<chrono::NaiveDate>().unwrap())
            .bind(until.parse::<chrono::NaiveDate>().unwrap())
            .execute(tx.conn())
            .await
            .map(|_| ())
        })
        .await
        .unwrap();
    }
    let clerk = app.clerk().await;
    let all = clerk.get("/office/statistics?year=2027").await.ok();
    assert_eq!(all["key_date"], "2027-03-01");
    let found = |name: &str| -> Value {
        let list = all["facilities"].as_array().unwrap().iter();
        list.clone().find(|f| f["name"] == name).unwrap().clone()
    };
    let ahorn = found("Kita Ahorn");
    assert_eq!(
        (&ahorn["children"], &ahorn["part"]),
        (&json!(2), &json!("facilities")),
        "{ahorn}"
    );
    assert!(
        ahorn["missing"].as_array().unwrap().contains(&json!("staff_missing")),
        "{ahorn}"
    );
    assert_eq!(ahorn["incomplete"].as_array().unwrap().len(), 2);
    assert!(
        found("=Kita Birke")["missing"]
            .as_array()
            .unwrap()
            .contains(&json!("no_children"))
    );
    let columns = all["columns"].as_array().unwrap().iter();
    assert!(
        columns.clone().any(|c| c["code"] == "meals" && c["entered"] == true),
        "what is entered for the key date is named"
    );

    let csv = clerk.get(&format!("/office/statistics/{}.csv?year=2027", kita.0)).await;
    let lines = rows(&csv.bytes);
    let at = |line: &Vec<String>, code: &str| {
        let place = all["columns"]
            .as_array()
            .unwrap()
            .iter()
            .position(|c| c["code"] == code)
            .unwrap();
        line[place].clone()
    };
    let kinds: Vec<_> = lines[1..].iter().map(|line| line[0].as_str()).collect();
    assert_eq!(kinds, ["E", "K", "K"]);
    let mut since: Vec<_> = lines[2..].iter().map(|line| at(line, "care_since")).collect();
    since.sort();
    assert_eq!(since, ["03/2027", "08/2026"]);
    assert!(
        lines[2..]
            .iter()
            .all(|line| at(line, "hours_per_week") == "40" && at(line, "meals").is_empty())
    );
    let zip = clerk.get("/office/statistics/files.zip?year=2027").await;
    assert!(zip.bytes.starts_with(b"PK"), "{}", zip.status);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.bytes)).unwrap();
    assert_eq!(archive.len(), 2);
    let name = archive
        .file_names()
        .flatten()
        .find(|name| name.contains("birke"))
        .unwrap()
        .into_owned();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(&name).unwrap(), &mut text).unwrap();
    assert!(text.contains("\"'=Kita Birke\""), "no formula: {text}");
    assert_eq!(
        clerk.get("/office/statistics?year=1800").await.faults(),
        [("/year".into(), "out_of_range".into())]
    );
}
