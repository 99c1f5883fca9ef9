//! The intake of paper and telephone: from which day it counts, what it tells the family, and every fault of the form.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::{CriterionId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::criteria::work_and_hardship;
use crate::support::demands::with_settings;
use crate::support::facilities::facility;
use crate::support::families::id;
use crate::support::office::{act, codes, criterion, paper, path, with};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_paper_counts_from_the_day_on_which_it_arrived() {
    let app = TestApp::new().await;
    work_and_hardship(&app).await;
    let (a, b) = (facility(&app, "Kita Ahorn").await, facility(&app, "Kita Birke").await);
    let works = criterion(&app, "both_work").await;
    let form = with(
        paper(&[b, a]),
        "/demand/facts",
        json!([{"criterion_id": works, "claimed": true}]),
    );
    let clerk = app.clerk().await;
    let answer = clerk.create("/office/demands", form).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.bytes));
    let made = answer.ok();
    assert_eq!(
        (&made["state"], &made["child"]["label"]),
        (&json!("confirmed"), &json!("Mia B.")),
        "confirmed by the rule, as if it had come online; the child has its mother's name"
    );
    assert_eq!(made["submitted_at"], "2027-01-20T11:00:00Z");
    assert_eq!(made["legal_claim_asserted_at"], "2027-01-20T11:00:00Z");
    assert_eq!(made["legal_due_on"], "2027-09-01");
    let wishes = made["preferences"].as_array().unwrap();
    assert_eq!(
        (&wishes[0]["facility_id"], &wishes[1]["facility_id"]),
        (&json!(b), &json!(a))
    );
    assert_eq!(wishes[0]["answer_due_on"], "2027-03-03", "42 days from its arrival");
    let seen = app.manager(b).await.get("/staff/preferences").await.ok();
    assert_eq!(
        (&seen["items"][0]["points"], &seen["items"][0]["received_at"]),
        (&json!(4), &json!("2027-01-20T11:00:00Z"))
    );
    let detail = clerk.get(&path(id(&made["id"]))).await.ok();
    assert_eq!(detail["guardians"][0]["name"], "Jana Braun");
    assert_eq!(detail["address"]["street"], "Lindenweg");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_without_email_gets_its_receipt_as_a_letter() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", paper(&[a])).await.ok();
    let letters = clerk.get("/office/letters").await.ok();
    let letter = &letters["items"][0];
    assert_eq!(
        (&letter["kind"], &letter["recipient_label"], &letter["reference_code"]),
        (&json!("receipt"), &json!("Jana Braun"), &made["reference_code"])
    );
    let pdf = clerk
        .get(&format!("/office/letters/{}.pdf", letter["id"].as_str().unwrap()))
        .await;
    if cfg!(feature = "pdf") {
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.status);
    } else {
        assert_eq!(pdf.refused(501), "documents.off");
    }
    let demand = id(&made["id"]);
    act(&clerk, demand, "close", json!({"state": "withdrawn"})).await.ok();
    let kinds = clerk.get("/office/letters").await.ok();
    let kinds: Vec<_> = kinds["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["kind"].clone())
        .collect();
    assert!(kinds.contains(&json!("demand_ended")), "{kinds:?}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_with_email_gets_mail_in_its_language() {
    let (app, catcher) = TestApp::with_mail().await;
    let a = facility(&app, "Kita Ahorn").await;
    let form = with(paper(&[a]), "/guardian/email", json!(" Jana@Example.org "));
    let form = with(form, "/guardian/language", json!("en"));
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", form).await.ok();
    let body = json!({"state": "not_entitled", "note": "You live in Markkleeberg."});
    act(&clerk, id(&made["id"]), "close", body).await.ok();
    app.run_jobs().await;
    assert_eq!(clerk.get("/office/letters").await.ok()["items"], json!([]));
    let mails = catcher.to("jana@example.org");
    assert_eq!(mails.len(), 2);
    let code = made["reference_code"].as_str().unwrap();
    let ended = crate::support::last_to(&catcher, "jana@example.org");
    assert_eq!(ended.subject, format!("Your care demand {code} has ended"));
    let text = ended.text.unwrap();
    assert!(
        text.contains("You live in Markkleeberg.") && text.contains("no claim"),
        "{text}"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_intake_of_today_never_counts_later_than_now() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let today = with(paper(&[a]), "/received_at", json!("2027-02-01T11:00:00Z"));
    let made = clerk.create("/office/demands", today).await.ok();
    assert_eq!(made["submitted_at"], "2027-02-01T09:00:00Z");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_unborn_child_and_a_protected_address_are_taken_in() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let unborn = json!({"first_name": null, "last_name": null, "sex": null, "birth_date": null, "expected_birth_date": "2027-03-14"});
    let form = with(paper(&[a]), "/child", unborn);
    let form = with(form, "/household/street", json!("Geheimgasse"));
    let form = with(form, "/household/address_protected", json!(true));
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", form).await.ok();
    assert_eq!(made["child"]["label"], "erwartetes Kind");
    let detail = clerk.get(&path(id(&made["id"]))).await;
    assert!(!String::from_utf8_lossy(&detail.bytes).contains("Geheimgasse"));
    assert_eq!(detail.ok()["address_protected"], true);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_fault_of_a_form_is_answered_with_its_place_in_it() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let closed = facility(&app, "Kita Birke").await;
    close_facility(&app, closed).await;
    let clerk = app.clerk().await;
    let unknown = json!([{"criterion_id": CriterionId::new(), "claimed": true}]);
    for (at, value, pointer, code) in [
        (
            "/received_at",
            json!("2027-02-02T11:00:00Z"),
            "/received_at",
            "in_future",
        ),
        (
            "/received_at",
            json!("2026-01-31T11:00:00Z"),
            "/received_at",
            "too_early",
        ),
        (
            "/received_at",
            json!("+262142-12-31T23:59:59Z"),
            "/received_at",
            "in_future",
        ),
        ("/guardian/first_name", json!(" "), "/guardian/first_name", "required"),
        (
            "/guardian/last_name",
            json!("x".repeat(101)),
            "/guardian/last_name",
            "too_long",
        ),
        ("/guardian/email", json!("keine"), "/guardian/email", "invalid"),
        ("/guardian/phone", json!("ruf an"), "/guardian/phone", "invalid"),
        ("/guardian/language", json!("tlh"), "/guardian/language", "unknown"),
        ("/household/street", json!(""), "/household/street", "required"),
        (
            "/household/house_number",
            json!(""),
            "/household/house_number",
            "required",
        ),
        (
            "/household/postal_code",
            json!("0410"),
            "/household/postal_code",
            "invalid",
        ),
        ("/household/city", json!(""), "/household/city", "required"),
        ("/child/first_name", json!(null), "/child/first_name", "required"),
        (
            "/child/birth_date",
            json!("2027-02-02"),
            "/child/birth_date",
            "in_future",
        ),
        ("/child/birth_date", json!(null), "/child/birth_date", "required"),
        ("/demand/care_type", json!(null), "/demand/care_type", "required"),
        (
            "/demand/desired_start",
            json!(null),
            "/demand/desired_start",
            "required",
        ),
        (
            "/demand/desired_start",
            json!("2027-01-01"),
            "/demand/desired_start",
            "too_early",
        ),
        (
            "/demand/latest_start",
            json!("2027-08-31"),
            "/demand/latest_start",
            "too_early",
        ),
        (
            "/demand/hours_per_week",
            json!(61),
            "/demand/hours_per_week",
            "out_of_range",
        ),
        (
            "/demand/hours_per_week",
            json!(null),
            "/demand/hours_per_week",
            "required",
        ),
        ("/demand/window_to", json!("07:00"), "/demand/window_to", "too_early"),
        ("/demand/facts", unknown, "/demand/facts/0/criterion_id", "unknown"),
        ("/facility_ids", json!([]), "/facility_ids", "required"),
        (
            "/facility_ids",
            json!([FacilityId::new()]),
            "/facility_ids/0",
            "unknown",
        ),
        ("/facility_ids", json!([closed]), "/facility_ids/0", "unknown"),
        ("/facility_ids", json!([a, a]), "/facility_ids/1", "duplicate"),
    ] {
        let form = with(paper(&[a]), at, value.clone());
        let faults = clerk.create("/office/demands", form).await.faults();
        let wanted = (pointer.to_owned(), code.to_owned());
        assert!(faults.contains(&wanted), "{at} = {value}: {faults:?}");
    }
    assert_eq!(
        clerk.get("/office/demands").await.ok()["total"],
        0,
        "nothing stays behind"
    );
    assert_eq!(clerk.get("/office/letters").await.ok()["items"], json!([]));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn faults_of_all_parts_of_a_form_are_answered_together() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let mut form = paper(&[a]);
    for (at, value) in [
        ("/received_at", json!("2027-02-02T11:00:00Z")),
        ("/guardian/email", json!("keine")),
        ("/household/city", json!("")),
        ("/child/birth_date", json!("2027-02-02")),
        ("/demand/hours_per_week", json!(0)),
    ] {
        form = with(form, at, value);
    }
    let faults = app.clerk().await.create("/office/demands", form).await.faults();
    let pointers: Vec<_> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/received_at",
            "/guardian/email",
            "/household/city",
            "/child/birth_date",
            "/demand/hours_per_week"
        ]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_intake_of_another_shape_is_refused_before_anything_is_read() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let form = paper(&[FacilityId::new()]);
    let mut more = form.clone();
    more["state"] = json!("confirmed");
    for form in [
        json!({}),
        more,
        with(form.clone(), "/received_at", json!("20.01.2027")),
        with(form.clone(), "/child/birth_date", json!("2027-02-30")),
        with(form.clone(), "/demand/care_type", json!("boarding")),
        with(form, "/facility_ids", json!(["x"])),
    ] {
        let answer = clerk.create("/office/demands", form.clone()).await;
        assert_eq!(answer.refused(422), "body.shape", "{form}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_intake_sent_twice_enters_one_family() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let send = async |form: &Value, key: &str| {
        let headers = [("idempotency-key", key)];
        clerk.send(Method::POST, "/office/demands", Some(form), &headers).await
    };
    let form = paper(&[a]);
    let first = send(&form, "intake-0001").await;
    let again = send(&form, "intake-0001").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(first.ok(), again.ok());
    let other = with(form.clone(), "/guardian/first_name", json!("Kim"));
    assert_eq!(send(&other, "intake-0001").await.refused(422), "idempotency.mismatch");
    let without = clerk.post("/office/demands", form.clone()).await;
    assert_eq!(without.refused(400), "idempotency.required");
    assert_eq!(clerk.get("/office/demands").await.ok()["total"], 1);
    assert_eq!(
        clerk.get("/office/letters").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn where_clerks_confirm_an_intake_waits_for_one() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"confirm_automatically": false})).await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", paper(&[a])).await.ok();
    assert_eq!(made["state"], "submitted");
    let list = clerk.get("/office/demands?view=to_confirm").await.ok();
    assert_eq!(codes(&list), [made["reference_code"].as_str().unwrap()]);
}

async fn close_facility(app: &TestApp, facility: FacilityId) {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query("UPDATE facility SET state = 'closed' WHERE tenant_id = $1 AND id = $2")
            .bind(tx.tenant_id().0)
            .bind(facility.0)
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
}
