//! A month of a facility day by day: who comes, who leaves, who becomes three, and the places of each day.

use kitaplatz::facilities::AgeBand;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::facilities::{facility, give_capacity, hold};

fn day(month: &Value, band: &str, number: usize) -> Value {
    let bands = month["bands"].as_array().unwrap();
    bands.iter().find(|b| b["age_band"] == band).unwrap()["days"][number - 1].clone()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_days_of_a_month_follow_birthdays_and_begins_while_offers_count_whole_months() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Bach").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, id, band, 10).await;
    }
    hold(&app, id, "2024-05-10", "2027-02-15", "2030-08-01").await.unwrap();
    let who = app.manager(id).await;
    let path = format!("/staff/facilities/{id}/month");
    let february = who.get(&format!("{path}?month=2027-02-20")).await.ok();
    assert_eq!(february["month"], "2027-02-01");
    assert_eq!(february["bands"][0]["days"].as_array().unwrap().len(), 28);
    let held = |month: &Value, band: &str, number| day(month, band, number)["held"].clone();
    assert_eq!([14, 15].map(|n| held(&february, "under3", n)), [json!(0), json!(1)]);
    assert_eq!(
        [14, 15].map(|n| day(&february, "under3", n)["bookable"].clone()),
        [json!(10), json!(9)]
    );
    assert_eq!(february["changes"][0]["what"], "begins");
    assert_eq!(february["changes"][0]["held"], true);
    let may = who.get(&format!("{path}?month=2027-05-01")).await.ok();
    assert_eq!([9, 10].map(|n| held(&may, "under3", n)), [json!(1), json!(0)]);
    assert_eq!([9, 10].map(|n| held(&may, "over3", n)), [json!(0), json!(1)]);
    assert_eq!(
        (&may["changes"][0]["day"], &may["changes"][0]["what"]),
        (&json!("2027-05-10"), &json!("turns_three"))
    );
    // The ladder that offers read counts the month of the birthday as under three, to its last day.
    let forecast = who.get(&format!("/staff/forecast?facility_id={id}")).await.ok();
    let of = |band: usize, n: usize| forecast["bands"][band]["months"][n]["held"].clone();
    let ahead = forecast["bands"][0]["months"]
        .as_array()
        .unwrap()
        .iter()
        .position(|m| m["month"] == "2027-05-01")
        .unwrap();
    assert_eq!(
        (of(0, ahead), of(1, ahead), of(1, ahead + 1)),
        (json!(1), json!(0), json!(1))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn only_months_ahead_of_the_own_facility_can_be_asked_for() {
    let app = TestApp::new().await;
    let (id, other) = (
        facility(&app, "Kita am Bach").await,
        facility(&app, "Kita am Berg").await,
    );
    let who = app.manager(id).await;
    for month in ["2020-01-01", "2040-01-01"] {
        let refused = who.get(&format!("/staff/facilities/{id}/month?month={month}")).await;
        assert_eq!(refused.faults(), [("/month".to_owned(), "out_of_range".to_owned())]);
    }
    let missing = who.get(&format!("/staff/facilities/{other}/month")).await;
    assert_eq!(missing.refused(404), "not_found");
    let month = who.get(&format!("/staff/facilities/{id}/month")).await.ok();
    assert_eq!((&month["bands"], &month["changes"]), (&json!([]), &json!([])));
}
