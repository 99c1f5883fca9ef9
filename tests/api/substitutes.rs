//! A childminder is away: each child goes to who has room for it, families and substitute are told, and the office sees who has nobody.

use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::contracts::bare;
use crate::support::facilities::{facility, give_capacity};
use crate::support::waiting::{Family, waiting};
use crate::support::{Answer, Client, TestApp};

/// A childminder who may have so many children at the same time until a day.
async fn childminder(app: &TestApp, name: &str, places: i32, until: &str) -> FacilityId {
    let id = facility(app, name).await;
    app.change(
        "UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2",
        id.0,
    )
    .await;
    let licence = format!(
        "INSERT INTO childminder_licence (tenant_id, facility_id, valid_from, valid_to, places)
         VALUES ($1, $2, '2026-01-01', '{until}', {places})"
    );
    app.change(licence.leak(), id.0).await;
    id
}

/// A child with a contract at these times of day from August on; answers the contract.
async fn cared(app: &TestApp, at: FacilityId, name: &str, (from, to): (&str, &str), email: Option<&str>) -> Uuid {
    let family = Family {
        first_name: Some(name),
        state: "covered",
        email,
        ..Family::default()
    };
    let made = waiting(app, &family, &[at]).await;
    let contract = bare(app, at, &made).await;
    let times = format!(
        "UPDATE care_contract SET window_from = '{from}', window_to = '{to}', state = 'active' WHERE tenant_id = $1 AND id = $2"
    );
    app.change(times.leak(), contract).await;
    contract
}

async fn names(app: &TestApp, at: FacilityId, substitute: FacilityId) {
    let sql = format!(
        "INSERT INTO capacity_basis (tenant_id, facility_id, substitute_id) VALUES ($1, $2, '{}')",
        substitute.0
    );
    app.change(sql.leak(), at.0).await;
}

fn away(from: &str, to: &str) -> Value {
    json!({"from_on": from, "to_on": to, "reason": "illness"})
}

async fn record(who: &Client, at: FacilityId, from: &str, to: &str) -> Value {
    let path = format!("/staff/facilities/{at}/absences");
    who.create(&path, away(from, to)).await.ok()
}

async fn arrange(who: &Client, absence: &Value, contract: Uuid, at: Option<FacilityId>) -> Answer {
    let path = format!("/staff/absences/{}/substitute", absence["id"].as_str().unwrap());
    who.post(&path, json!({"contract_id": contract, "substitute_id": at}))
        .await
}

/// Who is on the attendance list of a day.
async fn attendance(who: &Client, at: FacilityId, on: &str) -> Vec<String> {
    let path = format!("/staff/facilities/{at}/list?kind=attendance&on={on}");
    let rows = who.get(&path).await.ok()["rows"].clone();
    let name = |row: &Value| row[0].as_str().unwrap().to_owned();
    rows.as_array().unwrap().iter().map(name).collect()
}

/// So many messages of a kind about a substitution that say this.
async fn told(app: &TestApp, kind: &str, what: &str) -> i64 {
    let sql =
        "SELECT count(*)::text FROM notification WHERE tenant_id = $1 AND $2::uuid IS NOT NULL AND kind = '{kind}'
                  AND context->>'what' = '{what}'";
    let sql = sql.replace("{kind}", kind).replace("{what}", what);
    app.value(sql.leak(), Uuid::nil()).await.unwrap().parse().unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_child_goes_to_the_substitute_who_was_named_and_everybody_is_told() {
    let app = TestApp::new().await;
    let (tina, olga) = (
        childminder(&app, "Tina Tagesmutter", 3, "2035-12-31").await,
        childminder(&app, "Olga Tagesmutter", 2, "2035-12-31").await,
    );
    names(&app, tina, olga).await;
    cared(&app, tina, "Ada", ("07:00", "12:00"), Some("ada@example.org")).await;
    cared(&app, tina, "Ben", ("12:00", "17:00"), None).await;
    cared(&app, olga, "Oda", ("07:00", "17:00"), None).await;
    let (her, other) = (app.manager(tina).await, app.manager(olga).await);
    let seen = record(&her, tina, "2027-09-06", "2027-09-10").await;
    let absence = &seen["absences"][0];
    assert_eq!(absence["uncovered"], 0, "they follow one another and share a place");
    assert_eq!(absence["children"].as_array().unwrap().len(), 2);
    assert_eq!(absence["children"][0]["substitute"]["name"], "Olga Tagesmutter");
    // Guests stand on the substitute's list on these days, and only then.
    let guests = attendance(&other, olga, "2027-09-06").await;
    assert_eq!(
        guests,
        [
            "Braun, Ada (Vertretung für Tina Tagesmutter)",
            "Braun, Ben (Vertretung für Tina Tagesmutter)",
            "Braun, Oda"
        ]
    );
    assert_eq!(attendance(&other, olga, "2027-09-13").await, ["Braun, Oda"]);
    let contacts = format!("/staff/facilities/{olga}/list?on=2027-09-07&kind=");
    let rows = async |kind: &str| other.get(&format!("{contacts}{kind}")).await.ok()["rows"].clone();
    assert_eq!(rows("contacts").await.as_array().unwrap().len(), 3);
    assert_eq!(
        rows("birthdays").await.as_array().unwrap().len(),
        1,
        "nothing beyond the day"
    );
    // She reads who comes, and not why.
    let page = other.get(&format!("/staff/facilities/{olga}/absences")).await.ok();
    assert_eq!(page["guests"].as_array().unwrap().len(), 2);
    assert_eq!(page["guests"][0]["facility_name"], "Tina Tagesmutter");
    assert!(!page.to_string().contains("illness"));
    // A mail and a letter say where and when, and a mail to the substitute for each.
    assert_eq!(told(&app, "substitute", "arranged").await, 2);
    assert_eq!(told(&app, "substitute_work", "arranged").await, 2);
    let mail = "SELECT context::text FROM notification
                 WHERE tenant_id = $1 AND $2::uuid IS NOT NULL AND to_address = 'ada@example.org' AND kind = 'substitute'";
    let mail: Value = serde_json::from_str(&app.value(mail, Uuid::nil()).await.unwrap()).unwrap();
    assert_eq!(mail["substitute"], "Olga Tagesmutter");
    assert_eq!(mail["address"], "Musterstraße 1, 04109 Musterstadt");
    assert_eq!(
        [&mail["from_on"], &mail["to_on"]],
        [&json!("2027-09-06"), &json!("2027-09-10")]
    );
    assert!(!mail.to_string().contains("illness"), "{mail}");
    let again = her
        .create(
            &format!("/staff/facilities/{tina}/absences"),
            away("2027-09-10", "2027-09-14"),
        )
        .await;
    assert_eq!(again.refused(409), "substitute.overlaps");
    // She is not away after all.
    let path = format!("/staff/absences/{}/cancel", absence["id"].as_str().unwrap());
    assert_eq!(other.post(&path, json!({})).await.status, 404, "another's absence");
    assert_eq!(her.post(&path, json!({})).await.status, 204);
    assert_eq!(attendance(&other, olga, "2027-09-06").await, ["Braun, Oda"]);
    assert_eq!(told(&app, "substitute", "over").await, 2);
    assert_eq!(told(&app, "substitute_work", "over").await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_gets_more_children_at_once_than_may_be_there_and_the_office_sees_who_has_nobody() {
    let app = TestApp::new().await;
    let (tina, olga, pia) = (
        childminder(&app, "Tina Tagesmutter", 3, "2035-12-31").await,
        childminder(&app, "Olga Tagesmutter", 1, "2035-12-31").await,
        childminder(&app, "Pia Tagesmutter", 1, "2027-09-08").await,
    );
    names(&app, tina, olga).await;
    let ada = cared(&app, tina, "Ada", ("08:00", "16:00"), None).await;
    cared(&app, olga, "Oda", ("15:59", "17:00"), None).await;
    let clerk = app.clerk().await;
    let seen = record(&clerk, tina, "2027-09-06", "2027-09-10").await;
    let absence = &seen["absences"][0];
    assert_eq!(absence["uncovered"], 1, "for one minute there would be two");
    assert_eq!(told(&app, "substitute", "missing").await, 1);
    let waits = async || {
        let inbox = clerk.get("/staff/inbox?kind=absence").await.ok();
        let figures = clerk.get("/office/dashboard").await.ok();
        let listed = inbox["items"].as_array().unwrap().len();
        assert_eq!(figures["exceptions"]["absences_uncovered"], listed);
        if listed > 0 {
            assert_eq!(inbox["items"][0]["count"], 1);
            assert_eq!(inbox["items"][0]["due_on"], "2027-09-06");
        }
        listed
    };
    assert_eq!(waits().await, 1);
    assert_eq!(
        arrange(&clerk, absence, ada, Some(olga)).await.refused(409),
        "substitute.full"
    );
    let ends = arrange(&clerk, absence, ada, Some(pia)).await;
    assert_eq!(ends.refused(409), "substitute.full", "her licence ends within");
    let kita = facility(&app, "Kita Sonne").await;
    assert_eq!(
        arrange(&clerk, absence, ada, Some(kita)).await.refused(409),
        "substitute.unknown"
    );
    give_capacity(&app, kita, AgeBand::Under3, 1).await;
    assert_eq!(arrange(&clerk, absence, ada, Some(kita)).await.status, 204);
    assert_eq!(waits().await, 0);
    // One place is one child's, of whomever it comes.
    let rosa = childminder(&app, "Rosa Tagesmutter", 5, "2035-12-31").await;
    let eva = cared(&app, rosa, "Eva", ("08:00", "09:00"), None).await;
    let rosas = record(&clerk, rosa, "2027-09-10", "2027-09-13").await["absences"][0].clone();
    assert_eq!(
        arrange(&clerk, &rosas, eva, Some(kita)).await.refused(409),
        "substitute.full"
    );
    assert_eq!(
        arrange(&clerk, &rosas, eva, Some(rosa)).await.faults()[0].0,
        "/substitute_id"
    );
    // Its own people can give a guest back; others cannot.
    let (sonne, olgas) = (app.manager(kita).await, app.manager(olga).await);
    assert_eq!(arrange(&olgas, absence, ada, None).await.status, 404);
    assert_eq!(
        arrange(&sonne, absence, ada, Some(olga)).await.status,
        404,
        "it does not place her elsewhere"
    );
    assert_eq!(arrange(&sonne, absence, ada, None).await.status, 204);
    assert_eq!(waits().await, 2, "Ada again, and Eva");
    assert_eq!(told(&app, "substitute", "missing").await, 3);
    assert_eq!(
        told(&app, "substitute_work", "over").await,
        1,
        "all who run Kita Sonne read it"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_is_away_looks_after_nobody_and_her_guests_need_somebody_else() {
    let app = TestApp::new().await;
    let (tina, olga) = (
        childminder(&app, "Tina Tagesmutter", 3, "2035-12-31").await,
        childminder(&app, "Olga Tagesmutter", 3, "2035-12-31").await,
    );
    names(&app, tina, olga).await;
    let ada = cared(&app, tina, "Ada", ("08:00", "16:00"), None).await;
    let clerk = app.clerk().await;
    let tinas = record(&clerk, tina, "2027-09-06", "2027-09-10").await["absences"][0].clone();
    assert_eq!(tinas["uncovered"], 0);
    record(&clerk, olga, "2027-09-10", "2027-09-10").await;
    let path = format!("/staff/facilities/{tina}/absences");
    assert_eq!(clerk.get(&path).await.ok()["absences"][0]["uncovered"], 1);
    assert_eq!(told(&app, "substitute", "missing").await, 1);
    assert_eq!(
        arrange(&clerk, &tinas, ada, Some(olga)).await.refused(409),
        "substitute.away"
    );
    // A day on which the child does not come needs nobody: on this Saturday nobody is missed.
    let weekend = record(&clerk, tina, "2027-09-18", "2027-09-19").await;
    assert_eq!(weekend["absences"][1]["children"], json!([]));
    let kita = facility(&app, "Kita Sonne").await;
    let at_kita = format!("/staff/facilities/{kita}/absences");
    let closes = clerk.create(&at_kita, away("2027-09-06", "2027-09-06")).await;
    assert_eq!(closes.refused(409), "substitute.not_childminder");
    // She comes back on the second day: what was stays, and the next days are hers again.
    app.at("2027-09-07T08:00:00Z");
    let clerk = app.clerk().await;
    let cancel = format!("/staff/absences/{}/cancel", tinas["id"].as_str().unwrap());
    assert_eq!(clerk.post(&cancel, json!({})).await.status, 204);
    let left = clerk.get(&path).await.ok();
    assert_eq!(left["absences"].as_array().unwrap().len(), 1, "the weekend alone");
    assert_eq!(clerk.post(&cancel, json!({})).await.refused(409), "substitute.over");
    // Half a year later nothing is known of it any more.
    let known = "SELECT count(*)::text FROM childminder_absence WHERE tenant_id = $1 AND facility_id = $2";
    app.at("2028-03-01T08:00:00Z");
    app.run_periodic().await;
    assert_eq!(app.value(known, tina.0).await.as_deref(), Some("2"));
    app.at("2028-03-07T08:00:00Z");
    app.run_periodic().await;
    assert_eq!(app.value(known, tina.0).await.as_deref(), Some("1"));
}
