//! The way of a contract over HTTP: drafted, sent, signed by both sides, seen by those whose matter it is.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::{Placed, bare};
use crate::support::facilities::{day, facility};
use crate::support::waiting::{Family, waiting};
use crate::support::{TestApp, pdf_text};

pub(crate) const JANA: &str = "jana@example.org";

pub(crate) fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_contract_is_sent_signed_by_both_sides_and_begins_on_its_day() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    let parent = placed.family.parent.clone();
    let early = parent.post(&format!("{}/code", placed.path), json!({})).await;
    assert_eq!(early.refused(409), "contract.wrong_state", "nobody signs a draft");
    let terms = json!({"care_from": "2027-08-01", "hours_per_week": 35, "window_from": "07:30", "window_to": "14:30",
        "settling_in_weeks": 3, "note": " Eingewöhnung mit der Oma "});
    let changed = placed.staff("terms", terms.clone()).await.ok();
    assert_eq!(
        (&changed["hours_per_week"], &changed["window_to"]),
        (&json!(35), &json!("14:30"))
    );
    let sent = placed.staff("send", json!({})).await.ok();
    assert_eq!(
        (&sent["state"], &sent["note"]),
        (&json!("sent"), &json!("Eingewöhnung mit der Oma"))
    );
    assert_eq!(names(&sent["missing"]), ["Jana Braun"]);
    assert!(app.mails_to(JANA).await.contains(&"contract_sent".to_owned()));
    assert_eq!(placed.staff("terms", terms).await.refused(409), "contract.wrong_state");
    let seen = placed.seen(&parent).await;
    assert_eq!(seen["may_sign"], true);
    assert!(
        seen["text"].to_string().contains("35 Stunden in der Woche"),
        "{}",
        seen["text"]
    );
    let soon = placed.staff("countersign", json!({})).await.refused(409);
    assert_eq!(soon, "contract.signature_missing");
    let signed = placed.sign(&app, &parent, JANA).await.ok();
    assert_eq!(
        (&signed["state"], &signed["may_sign"]),
        (&json!("signed_by_guardians"), &json!(false))
    );
    assert_eq!(signed["signatures"][0]["way"], "code");
    assert_eq!(signed["signatures"][0]["own"], true);
    let both = placed.staff("countersign", json!({})).await.ok();
    assert_eq!(both["state"], "signed_by_provider");
    assert!(app.mails_to(JANA).await.contains(&"contract_signed".to_owned()));
    placed.later(&app, "2027-07-31T20:00:00Z").await;
    assert_eq!(placed.seen(&placed.manager).await["state"], "signed_by_provider");
    placed.later(&app, "2027-07-31T22:30:00Z").await;
    assert_eq!(
        placed.seen(&placed.manager).await["state"],
        "active",
        "midnight in Berlin has passed"
    );
    assert_eq!(app.demand_state(placed.wishes.demand).await, "closed");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_has_one_contract_a_day_whatever_writes_it() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let other = waiting(&app, &Family::default(), &[placed.facility]).await;
    let contract = bare(&app, placed.facility, &other).await;
    // Past all of the product's own looks: only the table stands against it.
    let becomes = async |from: &str, until: &str| {
        let (child, from, until) = (placed.family.child.0, day(from), day(until));
        kitaplatz::access::as_system(&app.platform, &app.tenant, "test_overlap", async |tx| {
            let sql = "UPDATE care_contract SET child_id = $3, care_from = $4, care_until = $5 WHERE tenant_id = $1 AND id = $2";
            let tenant = tx.tenant_id().0;
            let query = sqlx::query(sql).bind(tenant).bind(contract).bind(child).bind(from).bind(until);
            query.execute(tx.conn()).await
        })
        .await
    };
    let refused = becomes("2028-01-01", "2028-02-01").await.unwrap_err();
    let refused = refused.as_database_error().unwrap();
    assert_eq!(refused.code().as_deref(), Some("23P01"));
    assert_eq!(refused.constraint(), Some("care_contract_one_place"));
    assert!(becomes("2027-03-01", "2027-08-01").await.is_ok(), "one after the other");
    let sooner = json!({"care_from": "2027-07-31", "hours_per_week": 40, "window_from": "07:30", "window_to": "14:30",
        "settling_in_weeks": 3, "note": null});
    assert_eq!(placed.staff("terms", sooner).await.refused(409), "contract.overlaps");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn that_the_proof_against_measles_was_shown_is_noted_and_whose_is_missing_is_listed() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let missing = async || {
        let list = placed.manager.get("/contracts?measles_missing=true").await.ok();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(missing().await, 0, "a draft is not agreed");
    let agreed = placed.both_sign(&app).await;
    assert_eq!(missing().await, 1);
    for (day, code) in [("2027-02-02", "in_future"), ("2026-03-13", "before_birth")] {
        let refused = placed.staff("measles-proof", json!({ "shown_on": day })).await;
        assert_eq!(refused.faults(), [("/shown_on".into(), code.into())]);
    }
    let shown = json!({"shown_on": "2027-02-01"});
    let noted = placed.staff("measles-proof", shown).await.ok();
    assert_eq!(noted["measles_shown_on"], "2027-02-01");
    let by = "SELECT measles_seen_by::text FROM care_contract WHERE tenant_id = $1 AND id = $2";
    let id = placed.path.rsplit('/').next().unwrap().parse().unwrap();
    assert!(app.value(by, id).await.is_some(), "who saw it is known");
    assert_eq!(noted["version"], agreed["version"], "the contract says nothing else");
    assert_eq!(missing().await, 0);
    let family = placed.seen(&placed.family.parent).await;
    let read = ["measles_shown_on", "measles_seen_by"].map(|field| family[field].clone());
    assert_eq!(read, [json!("2027-02-01"), json!(null)], "not who");
    let taken = placed.staff("measles-proof", json!({"shown_on": null})).await.ok();
    assert!(taken["measles_shown_on"].is_null() && taken["measles_seen_by"].is_null());
    assert_eq!(missing().await, 1);
    let young = "UPDATE child SET birth_date = '2026-08-02' WHERE tenant_id = $1 AND id = $2";
    app.change(young, placed.family.child.0).await;
    assert_eq!(
        missing().await,
        0,
        "below a year on the first day nothing needs to be shown"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_was_sent_is_kept_as_it_was_read() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.staff("send", json!({})).await.ok();
    let jana = &placed.family.parent;
    let name = json!({"first_name": "Jana", "last_name": "Braun-Neu", "phone": null});
    let version = jana.get("/family").await.ok()["guardian"]["version"].as_i64().unwrap();
    jana.edit(Method::PUT, "/family/guardian", version, name).await.ok();
    let pdf = jana.get(&format!("{}/draft.pdf", placed.path)).await;
    assert_eq!(pdf.status, 200);
    let text = pdf_text(&pdf.bytes);
    assert!(
        text.contains("Sorgeberechtigt Jana Braun Kind") && !text.contains("Entwurf"),
        "{text}"
    );
    placed.sign(&app, jana, JANA).await.ok();
    placed.staff("countersign", json!({})).await.ok();
    let pdf = jana.get(&format!("{}/draft.pdf?language=en", placed.path)).await;
    let text = pdf_text(&pdf.bytes);
    assert!(
        text.contains("on 1 February 2027 confirmed online with a code by mail"),
        "{text}"
    );
    assert!(
        text.contains("Guardian Jana Braun Child") && text.contains("confirmed online with the facility's"),
        "{text}"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_sent_contract_that_nobody_signed_can_be_taken_back_and_changed() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.staff("send", json!({})).await.ok();
    let back = placed.staff("recall", json!({})).await.ok();
    assert_eq!((&back["state"], &back["sent_at"]), (&json!("drafted"), &Value::Null));
    let faults = placed
        .staff(
            "terms",
            json!({"care_from": "2027-08-01", "hours_per_week": 61, "window_from": "08:00", "settling_in_weeks": 99}),
        )
        .await
        .faults();
    let faults: Vec<_> = faults.iter().map(|(p, c)| (p.as_str(), c.as_str())).collect();
    assert_eq!(
        faults,
        [
            ("/hours_per_week", "out_of_range"),
            ("/window_to", "required"),
            ("/settling_in_weeks", "out_of_range")
        ]
    );
    let stale = placed
        .manager
        .edit(Method::POST, &format!("/staff{}/send", placed.path), 1, json!({}))
        .await;
    assert_eq!(stale.refused(412), "version.stale");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn other_times_on_each_day_are_agreed_and_hours_follow_from_them() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let day = |weekday: u32, from: &str, to: &str| json!({"weekday": weekday, "from": from, "to": to});
    let week = json!([
        day(1, "07:30", "15:00"),
        day(2, "07:30", "15:00"),
        day(5, "07:30", "13:00")
    ]);
    let terms = |week: &Value| json!({"care_from": "2027-08-01", "week": week, "settling_in_weeks": 4});
    let changed = placed.staff("terms", terms(&week)).await.ok();
    assert_eq!(
        [
            &changed["hours_per_week"],
            &changed["window_from"],
            &changed["window_to"],
            &changed["week"]
        ],
        [&json!(21), &json!("07:30"), &json!("15:00"), &week],
        "twenty hours and a half, the begun one whole"
    );
    let faults = async |body: Value| placed.staff("terms", body).await.faults();
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let wrong = json!([day(1, "15:00", "07:30"), day(1, "08:00", "12:00"), {"weekday": 3, "from": "08:00"}]);
    assert_eq!(
        faults(terms(&wrong)).await,
        [
            fault("/week/0/to", "before_start"),
            fault("/week/1/weekday", "duplicate"),
            fault("/week/2/to", "required")
        ]
    );
    assert_eq!(faults(terms(&json!([]))).await, [fault("/week", "required")]);
    assert_eq!(
        faults(terms(&json!([day(6, "08:00", "12:00")]))).await,
        [fault("/week/0/weekday", "out_of_range")]
    );
    let mut apart = terms(&week);
    apart["hours_per_week"] = json!(40);
    assert_eq!(faults(apart).await, [fault("/hours_per_week", "not_of_week")]);
    assert_eq!(
        faults(terms(&Value::Null)).await,
        [fault("/hours_per_week", "required")]
    );
    // The family reads it, and it is kept as it was sent.
    let sent = placed.staff("send", json!({})).await.ok();
    let text = sent["text"].to_string();
    assert!(text.contains("Mo–Di 07:30–15:00 Uhr, Fr 07:30–13:00 Uhr"), "{text}");
    assert_eq!(placed.seen(&placed.family.parent).await["week"], week);
    let pdf = placed.family.parent.get(&format!("{}/draft.pdf", placed.path)).await;
    let text = pdf_text(&pdf.bytes);
    let day = |line: &str| text.contains(line);
    assert!(day("Dienstag 07:30–15:00 Uhr") && day("Mittwoch kommt nicht"), "{text}");
    assert!(day("20:30 h"), "{text}");
    placed.staff("recall", json!({})).await.ok();
    let usual = json!({"care_from": "2027-08-01", "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00", "settling_in_weeks": 4});
    let back = placed.staff("terms", usual).await.ok();
    assert_eq!([&back["hours_per_week"], &back["week"]], [&json!(40), &Value::Null]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn another_start_takes_the_places_of_the_new_time_or_is_refused() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let terms = |from: &str| json!({"care_from": from, "hours_per_week": 40, "settling_in_weeks": 4});
    assert_eq!(app.bookable(placed.facility, "under3", "2027-09-01").await, 0);
    placed.staff("terms", terms("2027-10-01")).await.ok();
    assert_eq!(app.bookable(placed.facility, "under3", "2027-09-01").await, 1);
    assert_eq!(app.bookable(placed.facility, "under3", "2027-10-01").await, 0);
    placed.staff("terms", terms("2027-06-01")).await.ok();
    assert_eq!(app.bookable(placed.facility, "under3", "2027-06-01").await, 0);
    let past = placed.staff("terms", terms("2027-01-01")).await.faults();
    assert_eq!(past, [("/care_from".into(), "too_early".into())]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn only_the_people_of_the_facility_and_the_family_reach_a_contract() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let stranger = app.manager(facility(&app, "Kita Mond").await).await;
    let path = format!("/staff{}/send", placed.path);
    let tried = stranger.edit(Method::POST, &path, 1, json!({})).await;
    assert_eq!(tried.refused(404), "not_found");
    let clerk = app.clerk().await;
    assert_eq!(
        clerk.edit(Method::POST, &path, 1, json!({})).await.refused(403),
        "access.denied"
    );
    let other = app.family("lea@example.org").await.parent;
    assert_eq!(other.get(&placed.path).await.refused(404), "not_found");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_days_of_a_restricted_child_come_too_and_hold_up_nobody() {
    let app = TestApp::new().await;
    let facility = facility(&app, "Kita Mond").await;
    let mut all = Vec::new();
    for name in ["ada", "ben"] {
        let email = format!("{name}@example.org");
        let parent = app.parent(&email).await;
        let family = Family {
            state: "covered",
            account: parent.account,
            ..Family::default()
        };
        let made = waiting(&app, &family, &[facility]).await;
        let contract = bare(&app, facility, &made).await;
        let sent = "UPDATE care_contract SET state = 'sent', sent_at = '2027-02-01T09:00:00Z' WHERE tenant_id = $1 AND id = $2";
        app.change(sent, contract).await;
        all.push((contract, made.child, email));
    }
    // Jobs go by the ids of the contracts.
    all.sort();
    let restricted =
        "UPDATE child SET restricted_at = created_at, restricted_reason = 'accuracy' WHERE tenant_id = $1 AND id = $2";
    app.change(restricted, all[0].1.0).await;
    let tend = async |instant: &str| {
        app.at(instant);
        let jobs = kitaplatz::app::jobs();
        jobs.run_now(&app.platform, app.tenant.id, "TendContracts")
            .await
            .unwrap();
        app.run_jobs().await;
    };
    tend("2027-02-20T09:00:00Z").await;
    let mut reminded = Vec::new();
    for (.., email) in &all {
        reminded.push(app.mails_to(email).await.contains(&"contract_reminder".to_owned()));
    }
    assert_eq!(reminded, [false, true], "restricted data are kept and not worked with");
    tend("2032-08-01T09:00:00Z").await;
    for (contract, ..) in all {
        let state = "SELECT state FROM care_contract WHERE tenant_id = $1 AND id = $2";
        assert_eq!(app.value(state, contract).await.unwrap(), "ended");
    }
}
