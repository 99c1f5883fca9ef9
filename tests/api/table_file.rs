//! Lists of the staff area as files: a file has what is shown, without formulas, and what is no table is refused with its place.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::facilities::facility;

fn table(format: &str) -> Value {
    json!({"list": "offers", "format": format, "title": "Angebote", "headers": ["Kind", "Stunden"],
           "rows": [["=1+1", 35], ["Mia; \"B.\"", null], ["-5", -2.5]]})
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_shown_becomes_a_file_without_formulas_and_one_event_says_which_list() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let manager = app.manager(kita).await;
    let csv = manager.post("/staff/table-file", table("csv")).await;
    assert_eq!(csv.status, 200);
    assert!(
        csv.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    assert_eq!(csv.headers["cache-control"], "no-store");
    let text = String::from_utf8(csv.bytes).unwrap();
    assert_eq!(
        text,
        "\u{feff}\"Kind\";\"Stunden\"\r\n\"'=1+1\";35\r\n\"Mia; \"\"B.\"\"\";\r\n\"'-5\";-2,5\r\n"
    );
    let xlsx = manager.post("/staff/table-file", table("xlsx")).await;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(xlsx.bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).unwrap();
    assert!(
        formulas.cells().all(|(_, _, formula)| formula.is_empty()),
        "{formulas:?}"
    );
    let cells = book.worksheet_range(&name).unwrap();
    assert_eq!(cells.get_value((1, 0)), Some(&Data::String("=1+1".into())));
    assert_eq!((cells.get_value((3, 1)), cells.height()), (Some(&Data::Float(-2.5)), 4));
    let pdf = manager.post("/staff/table-file", table("pdf")).await;
    if cfg!(feature = "pdf") {
        assert_eq!(
            (pdf.status.as_u16(), pdf.headers["content-type"].to_str().unwrap()),
            (200, "application/pdf")
        );
        assert!(pdf.bytes.starts_with(b"%PDF"));
    } else {
        assert_eq!(pdf.refused(501), "documents.off");
    }
    let admin = app.admin().await;
    let events = admin.get("/admin/audit?action=export_table").await.ok();
    assert_eq!(events["total"], 3, "one event a file");
    for event in events["items"].as_array().unwrap() {
        assert_eq!(
            (&event["reason"], &event["outcome"]),
            (&json!("offers"), &json!("done"))
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_is_no_table_is_refused_with_its_place() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let refused = async |change: fn(&mut Value)| {
        let mut body = table("csv");
        change(&mut body);
        let answer = clerk.post("/staff/table-file", body).await;
        assert_eq!(answer.status, 422);
        answer.faults()
    };
    let fault = |place: &str, code: &str| vec![(place.to_owned(), code.to_owned())];
    assert_eq!(
        refused(|t| t["rows"][1] = json!(["one"])).await,
        fault("/rows/1", "wrong_length")
    );
    assert_eq!(
        refused(|t| t["rows"][2][0] = json!("x".repeat(32_768))).await,
        fault("/rows/2", "too_long")
    );
    assert_eq!(
        refused(|t| t["headers"] = json!([])).await,
        fault("/headers", "out_of_range")
    );
    assert_eq!(
        refused(|t| t["title"] = json!("x".repeat(201))).await,
        fault("/title", "too_long")
    );
    let nameless = |t: &mut Value| {
        t["format"] = json!("pdf");
        t["title"] = json!("");
    };
    assert_eq!(refused(nameless).await, fault("/title", "required"));
    let mut long = table("pdf");
    long["rows"] = json!(vec![["Mia B.", "35"]; 2001]);
    let long = clerk.post("/staff/table-file", long).await;
    assert_eq!(long.refused(413), "lists.too_long_for_paper");
    let mut unknown = table("csv");
    unknown["list"] = json!("children");
    let unknown = clerk.post("/staff/table-file", unknown).await;
    assert_eq!(unknown.refused(422), "body.shape", "no list of ours");
    let parent = app.parent("eve@example.org").await;
    assert_eq!(
        parent.post("/staff/table-file", table("csv")).await.refused(403),
        "access.denied"
    );
}
