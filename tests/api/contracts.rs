//! The way of a contract over HTTP: sent, signed by every guardian and the provider, ended with notice or on its day.

use reqwest::Method;
use serde_json::{Value, json};

use crate::staff::second_factor;
use crate::support::contracts::{Placed, bare};
use crate::support::facilities::{day, facility};
use crate::support::waiting::{Family, waiting};
use crate::support::{Answer, TestApp, pdf_text};

const JANA: &str = "jana@example.org";
const KAI: &str = "kai@example.org";

fn names(list: &Value) -> Vec<&str> {
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
async fn who_has_custody_and_no_account_is_missing_until_a_signature_on_paper() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let kai = app.second_custody(placed.family.child, None).await["guardian_id"].clone();
    let sent = placed.staff("send", json!({})).await.ok();
    assert_eq!(names(&sent["missing"]), ["Kai Sommer", "Jana Braun"]);
    assert_eq!(sent["on_paper"], json!([{"guardian_id": kai, "name": "Kai Sommer"}]));
    let half = placed.sign(&app, &placed.family.parent, JANA).await.ok();
    assert_eq!(
        (&half["state"], names(&half["missing"])),
        (&json!("sent"), vec!["Kai Sommer"]),
        "one of two who have custody"
    );
    let soon = placed.staff("countersign", json!({})).await.refused(409);
    assert_eq!(soon, "contract.signature_missing");
    let paper = json!({"signed_on": "2027-02-01", "guardian_id": kai});
    let whole = placed.staff("paper-signature", paper).await.ok();
    assert_eq!(
        (&whole["state"], &whole["missing"], &whole["on_paper"]),
        (&json!("signed_by_guardians"), &json!([]), &json!([]))
    );
    let ways = [&whole["signatures"][0]["way"], &whole["signatures"][1]["way"]];
    assert_eq!(ways, [&json!("code"), &json!("paper")]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_paper_of_one_guardian_signs_for_nobody_else() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let kai = app.second_custody(placed.family.child, None).await["guardian_id"].clone();
    placed.staff("send", json!({})).await.ok();
    let paper = json!({"signed_on": "2027-02-01", "guardian_id": kai});
    let half = placed.staff("paper-signature", paper.clone()).await.ok();
    assert_eq!(
        (&half["state"], names(&half["missing"])),
        (&json!("sent"), vec!["Jana Braun"])
    );
    let again = placed.staff("paper-signature", paper).await;
    assert_eq!(again.faults(), [("/guardian_id".into(), "not_missing".into())]);
    let whole = placed.sign(&app, &placed.family.parent, JANA).await.ok();
    assert_eq!(whole["state"], "signed_by_guardians");
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
async fn every_guardian_with_an_account_signs_once_and_only_with_the_own_code() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let (jana, kai) = (placed.family.parent.clone(), placed.second_guardian(&app, KAI).await);
    placed.staff("send", json!({})).await.ok();
    let code = placed.code(&app, &kai, KAI).await;
    let not_hers = placed.guardian(&jana, "sign", json!({ "code": code })).await;
    assert_eq!(not_hers.faults(), [("/code".into(), "wrong".into())]);
    let half = placed.guardian(&kai, "sign", json!({ "code": code })).await.ok();
    assert_eq!(
        (&half["state"], names(&half["missing"])),
        (&json!("sent"), vec!["Jana Braun"])
    );
    let again = placed.guardian(&kai, "sign", json!({ "code": code })).await;
    assert_eq!(again.faults(), [("/code".into(), "wrong".into())], "a code is used up");
    let asked = kai.post(&format!("{}/code", placed.path), json!({})).await;
    assert_eq!(asked.refused(409), "contract.signed_already");
    let recalled = placed.staff("recall", json!({})).await;
    assert_eq!(
        recalled.refused(409),
        "contract.wrong_state",
        "somebody has signed it as it stands"
    );
    let whole = placed.sign(&app, &jana, JANA).await.ok();
    assert_eq!(
        (&whole["state"], &whole["missing"]),
        (&json!("signed_by_guardians"), &json!([]))
    );
    let tampered = kitaplatz::access::as_system(&app.platform, &app.tenant, "test_tamper", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query("DELETE FROM contract_signature WHERE tenant_id = $1")
            .bind(tenant)
            .execute(tx.conn())
            .await
    })
    .await;
    assert!(tampered.is_err(), "nobody takes a signature away");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_code_is_tried_five_times_and_lives_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let jana = placed.family.parent.clone();
    placed.staff("send", json!({})).await.ok();
    let code = placed.code(&app, &jana, JANA).await;
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        let tried = placed.guardian(&jana, "sign", json!({ "code": wrong })).await;
        assert_eq!(tried.faults(), [("/code".into(), "wrong".into())]);
    }
    let spent = placed.guardian(&jana, "sign", json!({ "code": code })).await;
    assert_eq!(spent.faults(), [("/code".into(), "wrong".into())], "also the right one");
    let code = placed.code(&app, &jana, JANA).await;
    app.at("2027-02-01T09:15:00Z");
    let late = placed.guardian(&jana, "sign", json!({ "code": code })).await;
    assert_eq!(late.faults(), [("/code".into(), "wrong".into())]);
    for _ in 0..3 {
        placed.code(&app, &jana, JANA).await;
    }
    let sixth = jana.post(&format!("{}/code", placed.path), json!({})).await;
    assert_eq!(sixth.status, 429);
    let kept = "SELECT encode(code_hash, 'hex') FROM contract_code WHERE tenant_id = $1 AND contract_id = $2 LIMIT 1";
    let id = placed.path.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(app.value(kept, id).await.unwrap().len(), 64, "only a hash is kept");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_has_a_second_factor_signs_with_it_and_needs_no_mail() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let mut jana = placed.family.parent.clone();
    let (_, recovery) = second_factor(&app, &mut jana).await;
    placed.staff("send", json!({})).await.ok();
    let mailed = placed.code(&app, &jana, JANA).await;
    let wrong = placed.guardian(&jana, "sign", json!({ "code": mailed })).await;
    assert_eq!(
        wrong.faults(),
        [("/code".into(), "wrong".into())],
        "a code by mail is the weaker one"
    );
    let signed = placed
        .guardian(&jana, "sign", json!({ "code": recovery[0] }))
        .await
        .ok();
    assert_eq!(
        (&signed["state"], &signed["signatures"][0]["way"]),
        (&json!("signed_by_guardians"), &json!("second_factor"))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn paper_is_recorded_with_its_day_and_counts_for_all_who_are_missing() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.second_guardian(&app, KAI).await;
    placed.staff("send", json!({})).await.ok();
    placed.sign(&app, &placed.family.parent, JANA).await.ok();
    placed.later(&app, "2027-02-03T09:00:00Z").await;
    for (day, code) in [("2027-02-04", "in_future"), ("2027-01-31", "before_sent")] {
        let refused = placed.staff("paper-signature", json!({ "signed_on": day })).await;
        assert_eq!(refused.faults(), [("/signed_on".into(), code.into())]);
    }
    let signed = placed
        .staff("paper-signature", json!({"signed_on": "2027-02-02"}))
        .await
        .ok();
    assert_eq!(signed["state"], "signed_by_guardians");
    let line = |n: usize| {
        let s = &signed["signatures"][n];
        (s["name"].clone(), s["way"].clone(), s["signed_on"].clone())
    };
    assert_eq!(line(0), (json!("Jana Braun"), json!("code"), json!("2027-02-01")));
    assert_eq!(line(1), (json!("Kai Sommer"), json!("paper"), json!("2027-02-02")));
    let staff = "SELECT string_agg(way, ',' ORDER BY at) FROM contract_signature WHERE tenant_id = $1 AND contract_id = $2 AND account_id IS NOT NULL";
    let id = placed.path.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(
        app.value(staff, id).await.as_deref(),
        Some("code,paper"),
        "who recorded it is known"
    );
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
async fn notice_ends_at_the_end_of_a_month_and_gives_the_place_back_at_once() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.later(&app, "2028-01-15T09:00:00Z").await;
    let jana = placed.family.parent.clone();
    let active = placed.seen(&jana).await;
    assert_eq!(
        (&active["state"], &active["earliest_last_day"]),
        (&json!("active"), &json!("2028-04-30"))
    );
    let soon = placed
        .guardian(&jana, "notice", json!({"last_day": "2028-03-31"}))
        .await;
    assert_eq!(soon.faults(), [("/last_day".into(), "too_early".into())]);
    assert_eq!(app.bookable(placed.facility, "under3", "2028-05-01").await, 0);
    let reason = "Wir ziehen um";
    let given = placed.guardian(&jana, "notice", json!({ "reason": reason })).await.ok();
    assert_eq!(
        (&given["state"], &given["care_until"]),
        (&json!("active"), &json!("2028-05-01"))
    );
    assert_eq!(
        (&given["notice_by"], &given["notice_reason"]),
        (&json!("guardians"), &json!(reason))
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2028-05-01").await, 1);
    assert_eq!(app.bookable(placed.facility, "under3", "2028-04-01").await, 0);
    assert!(app.mails_to(JANA).await.contains(&"contract_ends".to_owned()));
    let twice = placed.staff("terminate", json!({"reason": "x"})).await;
    assert_eq!(twice.refused(409), "contract.notice_given");
    placed.later(&app, "2028-04-30T10:00:00Z").await;
    assert_eq!(
        placed.seen(&placed.manager).await["state"],
        "active",
        "the last day is a day of care"
    );
    placed.later(&app, "2028-05-01T10:00:00Z").await;
    assert_eq!(placed.seen(&placed.manager).await["state"], "terminated");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_facility_says_why_and_may_end_sooner_when_both_agree() {
    let app = TestApp::new().await;
    let mut placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    placed.later(&app, "2028-01-15T09:00:00Z").await;
    let bare = placed.staff("terminate", json!({"reason": " "})).await;
    assert_eq!(bare.faults(), [("/reason".into(), "required".into())]);
    let body =
        json!({"reason": "Umzug, die Familie ist einverstanden", "last_day": "2028-01-31", "by_agreement": true});
    let ended = placed.staff("terminate", body).await.ok();
    assert_eq!(
        (&ended["notice_by"], &ended["care_until"]),
        (&json!("facility"), &json!("2028-02-01"))
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2028-02-01").await, 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_lets_an_unsigned_contract_be_and_its_demand_closes() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    let jana = placed.family.parent.clone();
    placed.staff("send", json!({})).await.ok();
    assert_eq!(placed.seen(&jana).await["may_withdraw"], true);
    let gone = placed.guardian(&jana, "notice", json!({})).await.ok();
    assert_eq!(
        (&gone["state"], &gone["earliest_last_day"]),
        (&json!("terminated"), &Value::Null)
    );
    assert_eq!(app.bookable(placed.facility, "under3", "2027-08-01").await, 1);
    app.run_jobs().await;
    assert_eq!(app.demand_state(placed.wishes.demand).await, "closed");
    assert_eq!(app.preference_state(placed.wishes.preferences[0]).await, "withdrawn");
    let signed = placed.staff("send", json!({})).await;
    assert_eq!(signed.refused(409), "contract.wrong_state");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn when_the_facility_lets_it_be_the_demand_stands_with_its_other_wishes() {
    let app = TestApp::new().await;
    let other = facility(&app, "Kita Mond").await;
    let placed = Placed::wishing(&app, &[other]).await;
    assert_eq!(
        app.preference_state(placed.wishes.preferences[1]).await,
        "covered_elsewhere"
    );
    let body = json!({"reason": "Die Gruppe öffnet nicht."});
    let gone = placed.staff("terminate", body).await.ok();
    assert_eq!(gone["state"], "terminated");
    app.run_jobs().await;
    assert_eq!(app.demand_state(placed.wishes.demand).await, "confirmed");
    assert_eq!(app.preference_state(placed.wishes.preferences[1]).await, "received");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_account_can_be_closed_once_its_contracts_have_ended() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let running = close_account(&app).await;
    assert_eq!(running.refused(409), "identity.open_matters");
    app.at("2033-08-01T09:00:00Z");
    app.run_periodic().await;
    let jana = app.parent(JANA).await;
    assert_eq!(placed.seen(&jana).await["state"], "ended");
    assert_eq!(close_account(&app).await.status, 204);
}

/// Jana sets a password by the mail and closes her account with it.
async fn close_account(app: &TestApp) -> Answer {
    const PASSWORD: &str = "vier grüne Pinguine tanzen";
    let anybody = app.anonymous();
    let asked = anybody.post("/password-resets", json!({ "email": JANA })).await;
    assert_eq!(asked.status, 202);
    let token = app.link("reset", JANA).await;
    let body = json!({"token": token, "password": PASSWORD});
    anybody.post("/password-resets/complete", body).await.ok();
    let jana = app.parent(JANA).await;
    jana.post("/account/close", json!({ "current_password": PASSWORD }))
        .await
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
