//! Who signs a contract, and how: with a code, with a second factor, on paper.

use serde_json::json;

use crate::contracts::{JANA, names};
use crate::staff::second_factor;
use crate::support::TestApp;
use crate::support::contracts::Placed;

const KAI: &str = "kai@example.org";

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
