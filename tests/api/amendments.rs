//! Changes of an agreed contract: versions that both sides sign, and all that follows the one of the day.

use kitaplatz::access::as_system;
use reqwest::Method;
use serde_json::{Value, json};

use crate::staff::second_factor;
use crate::support::contracts::Placed;
use crate::support::{TestApp, fees, pdf_text};

const JANA: &str = "jana@example.org";

/// Twenty-five hours from March 2028 on.
fn fewer() -> Value {
    json!({"valid_from": "2028-03-01", "hours_per_week": 25, "window_from": "08:00", "window_to": "13:00", "note": " ohne Mittagessen "})
}

fn id_of(placed: &Placed) -> uuid::Uuid {
    placed.path.rsplit('/').next().unwrap().parse().unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_change_is_drafted_signed_by_both_and_holds_from_its_day_on() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    let jana = placed.family.parent.clone();
    assert_eq!(
        placed.staff("amendment", fewer()).await.refused(409),
        "contract.no_change"
    );
    placed.both_sign(&app).await;
    let drafted = placed.staff("amendment", fewer()).await.ok();
    let change = &drafted["amendments"][0];
    assert_eq!((&change["number"], &change["state"]), (&json!(1), &json!("drafted")));
    assert_eq!(
        (&change["before"]["hours_per_week"], &change["after"]["hours_per_week"]),
        (&json!(40), &json!(25))
    );
    assert_eq!(
        (&change["note"], &change["missing"]),
        (&json!("ohne Mittagessen"), &json!([]))
    );
    assert_eq!(
        placed.seen(&jana).await["amendments"],
        json!([]),
        "a draft is the facility's"
    );
    let again = placed
        .staff("amendment", json!({"valid_from": "2028-03-01", "hours_per_week": 30}))
        .await
        .ok();
    assert_eq!(
        again["amendments"].as_array().unwrap().len(),
        1,
        "the open draft is changed"
    );
    let early = placed.staff("countersign", json!({})).await.refused(409);
    assert_eq!(early, "contract.wrong_state");
    placed.staff("amendment", fewer()).await.ok();
    let sent = placed.staff("send", json!({})).await.ok();
    assert_eq!(
        (&sent["state"], &sent["amendments"][0]["missing"]),
        (&json!("signed_by_provider"), &json!(["Jana Braun"]))
    );
    assert!(app.mails_to(JANA).await.contains(&"contract_change_sent".to_owned()));
    assert_eq!(
        placed.staff("amendment", fewer()).await.refused(409),
        "contract.wrong_state"
    );
    assert_eq!(placed.seen(&jana).await["amendments"][0]["may_sign"], true);
    let signed = placed.sign(&app, &jana, JANA).await.ok();
    let change = &signed["amendments"][0];
    assert_eq!(
        (&change["state"], &change["signatures"][0]["way"]),
        (&json!("signed_by_guardians"), &json!("code"))
    );
    assert_eq!(
        signed["signatures"].as_array().unwrap().len(),
        2,
        "those of the contract itself stay two"
    );
    let agreed = placed.staff("countersign", json!({})).await.ok();
    assert_eq!(
        (&agreed["amendments"][0]["state"], &agreed["hours_per_week"]),
        (&json!("signed_by_provider"), &json!(40))
    );
    assert!(app.mails_to(JANA).await.contains(&"contract_changed".to_owned()));
    let list = format!("/staff/facilities/{}/groups?on=", placed.facility);
    let hours = async |day: &str| {
        let board = placed.manager.get(&format!("{list}{day}")).await.ok();
        board["without_group"][0]["hours_per_week"].clone()
    };
    assert_eq!(
        (hours("2028-02-29").await, hours("2028-03-01").await),
        (json!(40), json!(25))
    );
    placed.later(&app, "2028-03-01T09:00:00Z").await;
    let now = placed.seen(&placed.family.parent).await;
    assert_eq!(
        (&now["hours_per_week"], &now["window_to"]),
        (&json!(25), &json!("13:00"))
    );
    let kept = "SELECT hours_per_week::text FROM care_contract WHERE tenant_id = $1 AND id = $2";
    assert_eq!(
        app.value(kept, id_of(&placed)).await.as_deref(),
        Some("40"),
        "the contract itself stays as it was signed"
    );
    let pdf = placed
        .family
        .parent
        .get(&format!("{}/amendment.pdf?number=1", placed.path))
        .await;
    assert_eq!(pdf.status, 200);
    let text = pdf_text(&pdf.bytes);
    assert!(
        text.contains("40 25") && text.contains("ohne Mittagessen") && text.contains("Jana Braun"),
        "{text}"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_change_to_other_times_on_each_day_holds_from_its_day_and_goes_back_again() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let agree = async |placed: &Placed, change: Value, on: &str| {
        placed.staff("amendment", change).await.ok();
        placed.staff("send", json!({})).await.ok();
        placed.staff("paper-signature", json!({"signed_on": on})).await.ok();
        placed.staff("countersign", json!({})).await.ok()
    };
    let day = |weekday: u32, from: &str, to: &str| json!({"weekday": weekday, "from": from, "to": to});
    let week = json!([
        day(1, "08:00", "14:00"),
        day(2, "08:00", "14:00"),
        day(4, "09:00", "12:00")
    ]);
    let faults = placed
        .staff(
            "amendment",
            json!({"valid_from": "2028-03-01", "week": [day(1, "08:00", "08:00")]}),
        )
        .await
        .faults();
    assert_eq!(faults, [("/week/0/to".to_owned(), "before_start".to_owned())]);
    let agreed = agree(&placed, json!({"valid_from": "2028-03-01", "week": week}), "2027-02-01").await;
    let change = &agreed["amendments"][0];
    assert_eq!(
        [
            &change["before"]["week"],
            &change["after"]["week"],
            &change["after"]["hours_per_week"]
        ],
        [&Value::Null, &week, &json!(15)]
    );
    let pdf = placed
        .family
        .parent
        .get(&format!("{}/amendment.pdf?number=1", placed.path))
        .await;
    let text = pdf_text(&pdf.bytes);
    assert!(text.contains("Mittwoch 08:00–16:00 Uhr kommt nicht"), "{text}");
    // 2 March 2028 is a Thursday, the day before it a Wednesday.
    let rows = async |placed: &Placed, on: &str| {
        let path = format!("/staff/facilities/{}/list?kind=attendance&on={on}", placed.facility);
        placed.manager.get(&path).await.ok()["rows"][0].clone()
    };
    let cells = |row: &Value| {
        row.as_array().unwrap()[2..]
            .iter()
            .map(|c| c.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        cells(&rows(&placed, "2028-02-29").await),
        ["40", "08:00–16:00", "", "", "", "", ""]
    );
    assert_eq!(
        cells(&rows(&placed, "2028-03-01").await),
        ["15", "kommt nicht", "", "", "–", "", "–"]
    );
    assert_eq!(
        cells(&rows(&placed, "2028-03-02").await),
        ["15", "09:00–12:00", "", "", "–", "", "–"]
    );
    let board = async |placed: &Placed, on: &str| {
        let path = format!("/staff/facilities/{}/groups?on={on}", placed.facility);
        placed.manager.get(&path).await.ok()["without_group"][0]["week"].clone()
    };
    assert_eq!(
        [board(&placed, "2028-02-29").await, board(&placed, "2028-03-01").await],
        [Value::Null, week.clone()]
    );
    placed.later(&app, "2028-03-01T09:00:00Z").await;
    assert_eq!(placed.seen(&placed.family.parent).await["week"], week);
    let back = json!({"valid_from": "2028-06-01", "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00"});
    agree(&placed, back, "2028-03-01").await;
    assert_eq!(board(&placed, "2028-06-01").await, Value::Null);
    let bad = as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query("UPDATE contract_amendment SET hours_per_week = 16 WHERE tenant_id = $1 AND week IS NOT NULL")
            .bind(tx.tenant_id().0)
            .execute(tx.conn())
            .await
    });
    let error = bad.await.unwrap_err();
    let found = error.as_database_error().and_then(|db| db.constraint());
    assert_eq!(
        found,
        Some("contract_amendment_week_check"),
        "hours follow from the days"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn fees_follow_the_hours_of_the_month() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let admin = app.admin().await;
    fees::published(&admin, "2027-01-01").await;
    placed.both_sign(&app).await;
    let fee = fees::assessed(&admin, id_of(&placed)).await;
    let fee = fees::issue([&admin, &app.clerk().await], &fee).await.ok();
    assert_eq!(
        fee["periods"].as_array().unwrap().len(),
        2,
        "nursery, then kindergarten"
    );
    placed.staff("amendment", fewer()).await.ok();
    placed.staff("send", json!({})).await.ok();
    let outdated = async || admin.get("/office/fees").await.ok()["items"][0]["outdated"].clone();
    assert_eq!(outdated().await, false, "nothing is agreed yet");
    placed
        .staff("paper-signature", json!({"signed_on": "2027-02-01"}))
        .await
        .ok();
    placed.staff("countersign", json!({})).await.ok();
    assert_eq!(outdated().await, true, "the office sees that a new notice is due");
    let new = fees::assessed(&admin, id_of(&placed)).await;
    let periods = new["periods"].as_array().unwrap();
    assert_eq!(periods.len(), 3, "{periods:?}");
    assert_eq!(
        (&periods[0]["until_month"], &periods[1]["from_month"]),
        (&json!("2028-03-01"), &json!("2028-03-01"))
    );
    let cents = |n: usize| periods[n]["cents"].as_i64().unwrap();
    assert!(cents(1) < cents(0), "fewer hours cost less: {periods:?}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_later_end_takes_its_places_and_an_earlier_one_gives_them_back() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let until = placed.seen(&placed.manager).await["care_until"]
        .as_str()
        .unwrap()
        .to_owned();
    let change = |last: &str| json!({"valid_from": "2028-03-01", "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00", "last_day": last});
    let agree = async || {
        placed.staff("send", json!({})).await.ok();
        placed
            .staff("paper-signature", json!({"signed_on": "2027-02-01"}))
            .await
            .ok();
        placed.staff("countersign", json!({})).await.ok()
    };
    let school = placed.staff("amendment", change("2034-07-31")).await.refused(409);
    assert_eq!(school, "contract.no_place", "there is no place for schoolchildren");
    assert_eq!(app.bookable(placed.facility, "over3", "2030-08-01").await, 0);
    placed.staff("amendment", change("2030-07-31")).await.ok();
    let shorter = agree().await;
    assert_eq!(shorter["care_until"], "2030-08-01");
    assert_eq!(
        shorter["amendments"][0]["before"]["last_day"]
            .as_str()
            .map(|d| d < until.as_str()),
        Some(true)
    );
    assert_eq!(app.bookable(placed.facility, "over3", "2030-08-01").await, 1);
    placed.staff("amendment", change("2031-07-31")).await.ok();
    let longer = agree().await;
    assert_eq!(
        (&longer["care_until"], &longer["amendments"][1]["before"]["last_day"]),
        (&json!("2031-08-01"), &json!("2030-07-31"))
    );
    assert_eq!(app.bookable(placed.facility, "over3", "2031-07-01").await, 0);
    assert_eq!(app.bookable(placed.facility, "over3", "2031-08-01").await, 1);
}

/// The one place is the child's own until the end of the month in which its contract ends.
#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_later_end_from_the_middle_of_a_month_is_not_refused_for_the_own_place() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    for last in ["2030-02-14", "2030-07-31"] {
        let change = json!({"valid_from": "2028-03-01", "hours_per_week": 40, "last_day": last});
        placed.staff("amendment", change).await.ok();
        placed.staff("send", json!({})).await.ok();
        let paper = json!({"signed_on": "2027-02-01"});
        placed.staff("paper-signature", paper).await.ok();
        placed.staff("countersign", json!({})).await.ok();
    }
    assert_eq!(placed.seen(&placed.manager).await["care_until"], "2030-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2030-07-01").await, 0);
    assert_eq!(app.bookable(placed.facility, "over3", "2030-08-01").await, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_change_can_be_let_be_and_goes_with_a_notice() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.staff("amendment", fewer()).await.ok();
    placed.staff("send", json!({})).await.ok();
    let gone = placed.staff("amendment/withdraw", json!({})).await.ok();
    assert_eq!(
        (&gone["amendments"][0]["state"], &gone["may_change"]),
        (&json!("terminated"), &json!(true))
    );
    assert_eq!(
        placed.staff("amendment/withdraw", json!({})).await.refused(409),
        "contract.no_change"
    );
    placed.staff("amendment", fewer()).await.ok();
    let sent = placed.staff("send", json!({})).await.ok();
    assert_eq!(sent["amendments"][1]["number"], 2, "numbers are used once");
    let noticed = placed
        .guardian(&placed.family.parent, "notice", json!({"last_day": "2028-05-31"}))
        .await
        .ok();
    assert_eq!(
        (&noticed["amendments"][1]["state"], &noticed["may_change"]),
        (&json!("terminated"), &json!(false))
    );
    let stale = placed
        .manager
        .edit(Method::PUT, &format!("/staff{}/amendment", placed.path), 1, fewer())
        .await;
    assert_eq!(stale.refused(412), "version.stale");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_missing_signature_is_asked_for_three_times() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.staff("send", json!({})).await.ok();
    let reminded = async |app: &TestApp| {
        app.mails_to(JANA)
            .await
            .iter()
            .filter(|kind| *kind == "contract_reminder")
            .count()
    };
    placed.later(&app, "2027-02-07T09:00:00Z").await;
    assert_eq!(reminded(&app).await, 0);
    for (day, times) in [("08", 1), ("09", 1), ("15", 2), ("22", 3)] {
        placed.later(&app, &format!("2027-02-{day}T09:00:00Z")).await;
        assert_eq!(reminded(&app).await, times, "on the {day}th");
    }
    placed.later(&app, "2027-03-15T09:00:00Z").await;
    assert_eq!(
        reminded(&app).await,
        3,
        "who does not answer to three is asked by people"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_has_a_second_factor_signs_a_change_with_it() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let mut jana = placed.family.parent.clone();
    let (_, recovery) = second_factor(&app, &mut jana).await;
    placed.family.parent = jana.clone();
    placed.staff("amendment", fewer()).await.ok();
    placed.staff("send", json!({})).await.ok();
    let mailed = placed.code(&app, &jana, JANA).await;
    let wrong = placed.guardian(&jana, "sign", json!({ "code": mailed })).await;
    assert_eq!(wrong.faults(), [("/code".into(), "wrong".into())]);
    let signed = placed
        .guardian(&jana, "sign", json!({ "code": recovery[0] }))
        .await
        .ok();
    assert_eq!(signed["amendments"][0]["signatures"][0]["way"], "second_factor");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_group_of_the_child_needs_less_staff_from_the_day_of_the_change_on() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let group = json!({"name": "Igel", "age_from_months": 6, "age_to_months": 36, "under3": 10, "over3": 0, "school_age": 0,
                       "valid_from": "2027-01-01", "staff": [{"weekly_minutes": 480, "valid_from": "2027-01-01"}]});
    let basis = json!({"permits": [], "groups": [group], "staff": [{"weekly_minutes": 20_000, "valid_from": "2027-01-01"}],
                       "closures": [], "contingents": []});
    let at = format!("/staff/facilities/{}", placed.facility);
    let put = placed
        .manager
        .edit(Method::PUT, &format!("{at}/basis"), 0, basis)
        .await
        .ok();
    let into = json!({"child_id": placed.family.child, "group_id": put["basis"]["groups"][0]["id"], "valid_from": "2027-08-01"});
    let path = format!("{at}/groups/placement");
    placed.manager.send(Method::PUT, &path, Some(&into), &[]).await.ok();
    placed.staff("amendment", fewer()).await.ok();
    placed.staff("send", json!({})).await.ok();
    placed.sign(&app, &placed.family.parent, JANA).await.ok();
    placed.staff("countersign", json!({})).await.ok();
    let igel = async |day: &str| {
        let board = placed.manager.get(&format!("{at}/groups?on={day}")).await.ok();
        let igel = &board["groups"][0];
        assert_eq!(
            igel["children"].as_array().unwrap().len(),
            1,
            "it stays in its group: {igel}"
        );
        (igel["hours_per_week"].clone(), igel["required_minutes"].clone())
    };
    // Saxony, 40/9/5/5 of the contracted hours: 7 h 7 min for 40 of them, 4 h 27 min for 25.
    assert_eq!(igel("2028-02-29").await, (json!(40), json!(427)));
    assert_eq!(igel("2028-03-01").await, (json!(25), json!(267)));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_change_that_is_not_agreed_in_time_goes_with_the_contract() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let until = |from: &str, last: &str| json!({"valid_from": from, "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00", "last_day": last});
    let shorter = until("2028-03-01", "2028-07-31");
    placed.staff("amendment", shorter).await.ok();
    placed.staff("send", json!({})).await.ok();
    placed.sign(&app, &placed.family.parent, JANA).await.ok();
    placed.staff("countersign", json!({})).await.ok();
    // They wish to stay a month longer, and the facility does not get to it.
    placed.later(&app, "2028-07-20T09:00:00Z").await;
    placed.staff("amendment", until("2028-07-20", "2028-08-31")).await.ok();
    placed.staff("send", json!({})).await.ok();
    placed.later(&app, "2028-07-30T09:00:00Z").await;
    placed.sign(&app, &placed.family.parent, JANA).await.ok();
    // The contract is over, whether or not that was noted.
    app.at("2028-08-01T05:00:00Z");
    placed.manager = app.manager(placed.facility).await;
    assert_eq!(
        placed.staff("countersign", json!({})).await.refused(409),
        "contract.no_change"
    );
    placed.later(&app, "2028-08-03T09:00:00Z").await;
    let over = placed.seen(&placed.manager).await;
    assert_eq!(
        (&over["state"], &over["amendments"][1]["state"], &over["care_until"]),
        (&json!("ended"), &json!("terminated"), &json!("2028-08-01"))
    );
    assert_eq!(
        placed.staff("countersign", json!({})).await.refused(409),
        "contract.wrong_state"
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2028-08-01").await, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_signs_or_is_reminded_of_a_change_of_what_is_over() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.staff("amendment", fewer()).await.ok();
    placed.staff("send", json!({})).await.ok();
    // As it stood where the end was noted before the change went with it.
    let ended = "UPDATE care_contract SET state = 'ended', care_until = '2028-03-05' WHERE tenant_id = $1 AND id = $2";
    app.change(ended, id_of(&placed)).await;
    placed.later(&app, "2028-03-05T09:00:00Z").await;
    assert!(!app.mails_to(JANA).await.contains(&"contract_reminder".to_owned()));
    let code = placed
        .family
        .parent
        .post(&format!("{}/code", placed.path), json!({}))
        .await;
    assert_eq!(code.refused(409), "contract.no_change");
    let paper = placed
        .staff("paper-signature", json!({"signed_on": "2028-03-05"}))
        .await;
    assert_eq!(paper.refused(409), "contract.no_change");
}
