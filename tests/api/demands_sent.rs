//! A demand that is sent: code, legal date and receipt, changes until the key date, withdrawal, both parents.

use kitaplatz::platform::ids::random_uuid;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::{Demand, outbox, with_settings};
use crate::support::facilities::facility;
use crate::support::families::{enter, id};
use crate::support::{Answer, TestApp, pairs};

/// The words of the states, in the order shown.
async fn states(demand: &Demand) -> Vec<String> {
    demand.states().await.into_iter().map(|(_, state)| state).collect()
}

fn without_id(answer: &Answer) -> Value {
    let mut json = answer.json();
    json.as_object_mut().unwrap().remove("request_id");
    json
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn sending_gives_a_code_a_legal_date_and_a_receipt() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let sent = demand.submit().await.ok();
    let code = sent["reference_code"].as_str().unwrap();
    assert!(code.len() == 9 && code.as_bytes()[4] == b'-', "{code}");
    assert_eq!(sent["state"], "confirmed", "confirmed by rule");
    assert_eq!(sent["legal_claim_asserted_at"], "2027-02-01T09:00:00Z");
    assert_eq!(sent["legal_due_on"], "2027-09-01");
    assert_eq!(
        sent["next_step"],
        json!({"code": "facilities_answer", "date": "2027-03-15"})
    );
    assert_eq!(sent["preferences"][0]["answer_due_on"], "2027-03-15");
    assert_eq!(states(&demand).await, ["received", "received"]);
    let mails = outbox(&app, "receipt").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["reference_code"], code);
    assert_eq!(mails[0]["child"], "M", "an initial and no more");
    let history = demand.parent.get(&format!("{}/history", demand.path())).await.ok();
    let kinds: Vec<_> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.iter().filter(|k| **k == "received").count(), 2);
    assert!(
        kinds.contains(&"submitted") && kinds.contains(&"confirmed_by_rule"),
        "{kinds:?}"
    );
    let pdf = demand.parent.get(&format!("{}/receipt.pdf", demand.path())).await;
    assert_eq!(
        (pdf.status.as_u16(), &pdf.headers["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    assert!(pdf.bytes.starts_with(b"%PDF-"));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_impatient_second_click_sends_once() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let path = format!("{}/submit", demand.path());
    let key = random_uuid().to_string();
    let click = || async {
        let extra = [("idempotency-key", key.as_str())];
        demand.parent.send(Method::POST, &path, Some(&json!({})), &extra).await
    };
    let (first, second) = (click().await.ok(), click().await.ok());
    assert_eq!(first["reference_code"], second["reference_code"]);
    assert_eq!(demand.submit().await.refused(409), "demand.wrong_state");
    assert_eq!(outbox(&app, "receipt").await.len(), 1);
    let without = demand.parent.post(&path, json!({})).await;
    assert_eq!(without.refused(400), "idempotency.required");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn after_sending_a_demand_changes_until_the_key_date() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"key_date": "02-15", "confirm_automatically": false})).await;
    let demand = app.demand("jana@example.org").await;
    let [a, b] = demand.facilities[..] else {
        panic!("two facilities")
    };
    let sent = demand.submit().await.ok();
    assert_eq!(
        (&sent["state"], &sent["editable_until"]),
        (&json!("submitted"), &json!("2027-02-15"))
    );
    assert_eq!(
        sent["next_step"],
        json!({"code": "office_confirms", "date": "2027-03-03"})
    );
    let locked = demand
        .change(json!({"care_type": "kindergarten", "desired_start": null, "legal_claim": false}))
        .await;
    assert_eq!(
        locked.faults(),
        pairs([
            ("/care_type", "locked"),
            ("/legal_claim", "locked"),
            ("/desired_start", "required")
        ])
    );
    demand
        .change(json!({"hours_per_week": 30, "latest_start": "2027-12-01"}))
        .await
        .ok();
    let c = facility(&app, "Kita Cedern").await;
    demand.wish(&[c, b]).await.ok();
    let wanted = [(c, "received"), (b, "received"), (a, "withdrawn")].map(|(f, s)| (f, s.to_owned()));
    assert_eq!(demand.states().await, wanted);
    demand.wish(&[a, c, b]).await.ok();
    assert_eq!(states(&demand).await, ["received"; 3], "wished again");

    app.at("2027-02-16T09:00:00Z");
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(demand.get().await["editable"], false);
    assert_eq!(
        demand.change(json!({"hours_per_week": 20})).await.refused(409),
        "demand.not_editable"
    );
    assert_eq!(demand.wish(&[c, a, b]).await.refused(409), "demand.not_editable");
    assert_eq!(
        demand
            .wish(&[a, b, facility(&app, "Kita Dorn").await])
            .await
            .refused(409),
        "demand.not_editable"
    );
    demand.wish(&[a, b]).await.ok();
    assert_eq!(
        states(&demand).await,
        ["received", "received", "withdrawn"],
        "taking back is always possible"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_withdrawn_demand_ends_with_all_its_wishes_and_a_new_one_can_begin() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    assert_eq!(
        demand.withdraw().await.refused(409),
        "demand.wrong_state",
        "a draft is discarded"
    );
    demand.submit().await.ok();
    let path = format!("{}/withdraw", demand.path());
    assert_eq!(
        demand.parent.edit(Method::POST, &path, 1, json!({})).await.refused(412),
        "version.stale"
    );
    assert_eq!(
        demand.parent.delete(&demand.path()).await.refused(409),
        "demand.not_draft"
    );
    let ended = demand.withdraw().await.ok();
    assert_eq!(
        (&ended["state"], &ended["editable"]),
        (&json!("withdrawn"), &json!(false))
    );
    assert_eq!(states(&demand).await, ["withdrawn", "withdrawn"]);
    assert_eq!(demand.withdraw().await.refused(409), "demand.wrong_state");
    assert_eq!(
        demand.wish(&demand.facilities).await.refused(409),
        "demand.not_editable"
    );
    assert_eq!(
        demand.change(json!({"hours_per_week": 20})).await.refused(409),
        "demand.not_editable"
    );
    assert_eq!(demand.submit().await.refused(409), "demand.wrong_state");
    demand
        .parent
        .create("/demands", json!({"child_id": demand.child}))
        .await
        .ok();
    assert_eq!(
        demand.parent.get("/demands").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn both_parents_see_the_same_demand_and_without_custody_nothing() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let kai = app.parent("kai@example.org").await;
    enter(&kai, "Kai", "Sommer").await;
    let guardian = id(&kai.get("/family").await.ok()["guardian"]["id"]);
    kitaplatz::access::as_system(&app.platform, &app.tenant, "test_custody", async |tx| {
        let today = tx.today();
        let until = Some(today + chrono::Days::new(1));
        kitaplatz::families::give_custody(tx, demand.child, guardian, today, until).await
    })
    .await
    .unwrap();
    assert_eq!(kai.get(&demand.path()).await.ok(), demand.get().await);
    assert_eq!(kai.get("/demands").await.ok()["items"][0], demand.get().await);
    demand.submit().await.ok();
    assert_eq!(outbox(&app, "receipt").await.len(), 2, "each parent gets a receipt");
    let pdf = kai.get(&format!("{}/receipt.pdf", demand.path())).await;
    assert_eq!(pdf.status, 200);

    // Kai's custody ended last night; Kim never had any.
    app.at("2027-02-01T23:00:00Z");
    let kim = app.parent("kim@example.org").await;
    let other = app.other_tenant().await;
    let elsewhere = app.parent_of(&other, "jana@example.org").await;
    let (real, none) = (demand.path(), format!("/demands/{}", random_uuid()));
    for person in [&kai, &kim, &elsewhere] {
        assert_eq!(person.get("/demands").await.ok()["items"], json!([]));
        for (method, rest, body) in [
            (Method::GET, "", None),
            (Method::GET, "/history", None),
            (Method::GET, "/receipt.pdf", None),
            (Method::PATCH, "", Some(json!({"hours_per_week": 20}))),
            (Method::PUT, "/preferences", Some(json!({"facility_ids": []}))),
            (Method::POST, "/submit", Some(json!({}))),
            (Method::POST, "/withdraw", Some(json!({}))),
            (Method::DELETE, "", None),
        ] {
            let key = random_uuid().to_string();
            let extra = [("if-match", "\"1\""), ("idempotency-key", key.as_str())];
            let lost = person
                .send(method.clone(), &format!("{real}{rest}"), body.as_ref(), &extra)
                .await;
            let key = random_uuid().to_string();
            let extra = [("if-match", "\"1\""), ("idempotency-key", key.as_str())];
            let never = person
                .send(method.clone(), &format!("{none}{rest}"), body.as_ref(), &extra)
                .await;
            assert_eq!(lost.refused(404), "not_found", "{method} {rest}");
            assert_eq!(without_id(&lost), without_id(&never), "{method} {rest}");
        }
    }
    assert_eq!(demand.get().await["state"], "confirmed", "nothing was changed");
}
