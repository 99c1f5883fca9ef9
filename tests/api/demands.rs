//! The family's demand over HTTP: draft, autosave, wishes, sending, receipt, key date, withdrawal, custody.

use kitaplatz::platform::ids::random_uuid;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::{Demand, complete, outbox, postal_codes, with_settings};
use crate::support::facilities::facility;
use crate::support::families::{child, enter, id};
use crate::support::{Answer, TestApp};

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(p, c)| (p.to_owned(), c.to_owned())).to_vec()
}

/// The words of the states, in the order shown.
async fn states(demand: &Demand) -> Vec<String> {
    demand.states().await.into_iter().map(|(_, state)| state).collect()
}

fn without_id(answer: &Answer) -> Value {
    let mut json = answer.json();
    json.as_object_mut().unwrap().remove("request_id");
    json
}

#[actix_web::test]
async fn a_draft_grows_step_by_step_and_loses_nothing() {
    let app = TestApp::new().await;
    let family = app.family("jana@example.org").await;
    let made = family
        .parent
        .create("/demands", json!({"child_id": family.child}))
        .await
        .ok();
    assert_eq!(
        (&made["state"], &made["child"]["label"]),
        (&json!("draft"), &json!("Mia B."))
    );
    assert_eq!(
        (&made["editable"], &made["next_step"]["code"]),
        (&json!(true), &json!("send"))
    );
    let path = format!("/demands/{}", made["id"].as_str().unwrap());
    let saved = family
        .parent
        .edit(
            Method::PATCH,
            &path,
            1,
            json!({"care_type": "nursery", "window_from": "07:30"}),
        )
        .await;
    assert_eq!(saved.headers["etag"], "\"2\"");
    let next = family
        .parent
        .edit(
            Method::PATCH,
            &path,
            2,
            json!({"hours_per_week": 35, "care_type": null}),
        )
        .await
        .ok();
    assert_eq!(
        (&next["care_type"], &next["window_from"]),
        (&Value::Null, &json!("07:30"))
    );
    let stale = family
        .parent
        .edit(Method::PATCH, &path, 2, json!({"hours_per_week": 10}))
        .await;
    assert_eq!(stale.refused(412), "version.stale");
    assert_eq!(family.parent.get(&path).await.ok()["hours_per_week"], 35);
    let without = family.parent.send(Method::PATCH, &path, Some(&json!({})), &[]).await;
    assert_eq!(without.refused(428), "version.required");
    let second = family
        .parent
        .create("/demands", json!({"child_id": family.child}))
        .await;
    assert_eq!(second.refused(409), "demand.exists");
    assert_eq!(
        family.parent.get("/family").await.ok()["children"][0]["demand_id"],
        made["id"]
    );
    let held = family
        .parent
        .delete(&format!("/family/children/{}", family.child))
        .await;
    assert_eq!(held.refused(409), "family.child_has_demand");
    assert_eq!(family.parent.delete(&path).await.status, 204);
    assert_eq!(family.parent.get(&path).await.refused(404), "not_found");
    assert_eq!(
        family
            .parent
            .delete(&format!("/family/children/{}", family.child))
            .await
            .status,
        204
    );
}

#[actix_web::test]
async fn what_cannot_be_right_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    for (body, wanted) in [
        (
            json!({"latest_start": "2027-08-31"}),
            pairs([("/latest_start", "too_early")]),
        ),
        (
            json!({"hours_per_week": 0}),
            pairs([("/hours_per_week", "out_of_range")]),
        ),
        (
            json!({"hours_per_week": 61}),
            pairs([("/hours_per_week", "out_of_range")]),
        ),
        (json!({"window_from": "17:00"}), pairs([("/window_to", "too_early")])),
        (
            json!({"desired_start": "+262142-12-31"}),
            pairs([("/desired_start", "too_late")]),
        ),
        (
            json!({"desired_start": "-4000-01-01"}),
            pairs([("/desired_start", "too_early")]),
        ),
    ] {
        assert_eq!(demand.change(body.clone()).await.faults(), wanted, "{body}");
    }
    for body in [
        json!({"hours_per_week": 99_999_999_999_i64}),
        json!({"desired_start": "2027-02-30"}),
        json!({"window_from": "25:00"}),
        json!({"state": "confirmed"}),
    ] {
        assert_eq!(demand.change(body.clone()).await.refused(422), "body.shape", "{body}");
    }
    assert_eq!(
        demand.change(json!({"care_type": "nur\u{0}sery"})).await.refused(400),
        "body.nul"
    );
    let foreign = app.demand("kim@example.org").await.child;
    for child in [foreign.0, random_uuid()] {
        let refused = demand.parent.create("/demands", json!({"child_id": child})).await;
        assert_eq!(refused.faults(), pairs([("/child_id", "unknown")]));
    }
}

#[actix_web::test]
async fn wishes_are_limited_known_and_ranked() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let [a, b] = demand.facilities[..] else {
        panic!("two facilities")
    };
    let turned = demand.wish(&[b, a]).await.ok();
    let ranks: Vec<_> = turned["preferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (&p["facility_name"], &p["rank"]))
        .collect();
    assert_eq!(
        ranks,
        [(&json!("Kita Birke"), &json!(1)), (&json!("Kita Ahorn"), &json!(2))]
    );
    let unknown = demand.wish(&[a, random_uuid().into(), a]).await;
    assert_eq!(
        unknown.faults(),
        pairs([("/facility_ids/1", "unknown"), ("/facility_ids/2", "duplicate")])
    );
    let mut many = vec![a, b];
    for n in 0..4 {
        many.push(facility(&app, &format!("Kita {n}")).await);
    }
    assert_eq!(
        demand.wish(&many).await.faults(),
        pairs([("/facility_ids", "too_many")])
    );
    demand.wish(&many[..5]).await.ok();
    demand.wish(&[b]).await.ok();
    assert_eq!(
        demand.states().await,
        [(b, "draft".to_owned())],
        "taken from a draft, nothing of it stays"
    );
}

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
async fn everything_that_is_missing_is_said_at_once() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    let name = json!({"first_name": "Jana", "last_name": "Braun"});
    parent.edit(Method::PUT, "/family/guardian", 0, name).await.ok();
    let unborn = child(&parent, json!({"expected_birth_date": "2027-09-01"})).await;
    let made = parent.create("/demands", json!({"child_id": unborn})).await.ok();
    let demand = Demand {
        id: id(&made["id"]),
        child: unborn,
        facilities: vec![],
        parent,
    };
    let missing = pairs([
        ("/household", "required"),
        ("/child/expected_birth_date", "too_early"),
        ("/care_type", "required"),
        ("/hours_per_week", "required"),
        ("/preferences", "required"),
        ("/desired_start", "required"),
    ]);
    assert_eq!(demand.submit().await.faults(), missing);
    demand.change(complete()).await.ok();
    demand.wish(&[facility(&app, "Kita Ahorn").await]).await.ok();
    let household = json!({"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt"});
    demand
        .parent
        .edit(Method::PUT, "/family/household", 0, household)
        .await
        .ok();
    let young = pairs([
        ("/child/expected_birth_date", "too_early"),
        ("/desired_start", "too_early"),
    ]);
    assert_eq!(demand.submit().await.faults(), young);
    let receipt = demand.parent.get(&format!("{}/receipt.pdf", demand.path())).await;
    assert_eq!(receipt.refused(409), "demand.not_submitted");

    app.at("2027-03-05T09:00:00Z");
    let parent = app.parent("jana@example.org").await;
    let demand = Demand { parent, ..demand };
    demand.change(json!({"desired_start": "2027-11-01"})).await.ok();
    let sent = demand.submit().await.ok();
    assert_eq!(sent["child"]["label"], "erwartetes Kind");
}

#[actix_web::test]
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
        .change(json!({"care_type": "kindergarten", "desired_start": "2027-10-01", "legal_claim": false}))
        .await;
    assert_eq!(
        locked.faults(),
        pairs([
            ("/care_type", "locked"),
            ("/desired_start", "locked"),
            ("/legal_claim", "locked")
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

#[actix_web::test]
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

#[actix_web::test]
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

#[actix_web::test]
async fn hints_warn_and_stop_nothing() {
    let app = TestApp::new().await;
    let demand = app.demand("jana@example.org").await;
    let first = demand.facilities[0];
    kitaplatz::access::as_system(&app.platform, &app.tenant, "test_ages", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query("UPDATE facility SET age_from_months = 36 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.0)
            .bind(first.0)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
    demand.change(json!({"desired_start": "2027-05-01"})).await.ok();
    let codes = |body: &Value| -> Vec<String> {
        let hints = body["hints"].as_array().unwrap();
        hints.iter().map(|h| h["code"].as_str().unwrap().to_owned()).collect()
    };
    let body = demand.get().await;
    assert_eq!(codes(&body), ["age_outside", "within_notice"]);
    assert!(body["hints"][0]["detail"].as_str().unwrap().contains("Kita Ahorn"));
    demand.submit().await.ok();
    demand.wish(&[]).await.ok();
    assert_eq!(codes(&demand.get().await), ["no_open_preference"]);
}

#[actix_web::test]
async fn forgotten_drafts_go_and_demands_run_out_where_they_must_be_renewed() {
    let app = TestApp::new().await;
    let draft = app.demand("jana@example.org").await;
    let sent = app.sent_demand("kim@example.org", &draft.facilities).await;
    app.at("2027-05-02T08:00:00Z");
    app.run_periodic().await;
    let jana = app.parent("jana@example.org").await;
    assert_eq!(jana.get(&draft.path()).await.status, 200, "90 days are not over");
    app.at("2027-05-02T10:00:00Z");
    app.run_periodic().await;
    assert_eq!(jana.get(&draft.path()).await.refused(404), "not_found");
    let kim = app.parent("kim@example.org").await;
    assert_eq!(
        kim.get(&sent.path()).await.ok()["state"],
        "confirmed",
        "no renewal is asked here"
    );
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    app.run_periodic().await;
    let asked = kim.get(&sent.path()).await.ok();
    assert_eq!(asked["state"], "confirmed", "nobody loses a demand without being asked");
}

#[actix_web::test]
async fn only_a_postal_code_known_to_lie_elsewhere_stops_a_family_where_residency_is_required() {
    let app = TestApp::new().await;
    postal_codes(&app).await;
    let free = app.demand("frei@example.org").await;
    free.lives_at("00998").await;
    free.submit().await.ok();
    with_settings(&app, json!({"residency_required": true})).await;
    for (email, code) in [("grenze@example.org", "00997"), ("unbekannt@example.org", "00996")] {
        let demand = app.demand(email).await;
        demand.lives_at(code).await;
        demand.submit().await.ok();
    }
    let elsewhere = app.demand("fern@example.org").await;
    elsewhere.lives_at("00998").await;
    let refused = elsewhere.submit().await;
    assert_eq!(refused.faults(), pairs([("/household", "not_resident")]));
    assert_eq!(elsewhere.get().await["state"], "draft");
    elsewhere.lives_at("00997").await;
    elsewhere.submit().await.ok();
}

#[actix_web::test]
async fn a_family_is_asked_three_times_and_the_demand_ends_a_fortnight_after_the_third() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    demand.submit().await.ok();
    assert_eq!(demand.get().await["next_step"]["code"], "facilities_answer");
    let asked = async |day: &str| {
        app.at(&format!("{day}T09:00:00Z"));
        // Twice: a job that runs again asks nobody again.
        app.run_periodic().await;
        app.run_periodic().await;
        outbox(&app, "renewal_due").await.len()
    };
    let mut counts = Vec::new();
    for day in [
        "2027-03-30",
        "2027-03-31",
        "2027-04-22",
        "2027-04-23",
        "2027-04-30",
        "2027-05-01",
        "2027-05-15",
    ] {
        counts.push(asked(day).await);
    }
    assert_eq!(counts, [0, 1, 1, 2, 2, 3, 3]);
    let mails = outbox(&app, "renewal_due").await;
    let told: Vec<_> = mails.iter().map(|m| (m["until"].clone(), m["last"].clone())).collect();
    assert_eq!(
        told,
        [
            (json!("2027-04-30"), json!(false)),
            (json!("2027-04-30"), json!(false)),
            (json!("2027-05-15"), json!(true))
        ]
    );
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    let shown = demand.get().await;
    assert_eq!(shown["next_step"], json!({"code": "renew", "date": "2027-05-15"}));
    assert_eq!(shown["hints"][0]["code"], "renew");
    assert_eq!(asked("2027-05-16").await, 3);
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(demand.get().await["state"], "expired");
    let told = outbox(&app, "demand_ended").await;
    assert_eq!(
        (told.len(), &told[0]["ending"]),
        (1, &json!("expired")),
        "and the family is told"
    );
    let history = demand.parent.get(&format!("{}/history", demand.path())).await.ok();
    let kinds: Vec<&str> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["kind"].as_str())
        .collect();
    let steps = kinds.iter().filter(|k| **k == "renewal_reminded").count();
    assert_eq!(
        (steps, kinds.contains(&"expired")),
        (3, true),
        "every step is on record: {kinds:?}"
    );
}

#[actix_web::test]
async fn one_click_in_the_mail_renews_without_signing_in_and_once() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    demand.submit().await.ok();
    app.at("2027-04-05T09:00:00Z");
    app.run_periodic().await;
    let token = app.link("renewal_due", "jana@example.org").await;
    let anybody = app.anonymous();
    let click = async |token: &str| anybody.post("/renewals", json!({ "token": token })).await;
    assert_eq!(
        anybody.get(&format!("/renewals?token={token}")).await.status,
        405,
        "looking renews nothing"
    );
    assert_eq!(click("falsch").await.refused(410), "demand.link_invalid");
    let renewed = click(&token).await.ok();
    assert_eq!(renewed["until"], "2027-07-04");
    app.at("2027-04-06T09:00:00Z");
    assert_eq!(
        click(&token).await.ok()["until"],
        "2027-07-04",
        "the second click changes nothing"
    );
    let events = "SELECT count(*)::text FROM demand_event WHERE tenant_id = $1 AND demand_id = $2 AND kind = 'renewed'";
    assert_eq!(app.value(events, demand.id.0).await.as_deref(), Some("1"));
    let kept = "SELECT encode(token_hash, 'hex') FROM renewal_link WHERE tenant_id = $1 AND demand_id = $2";
    assert!(
        !app.value(kept, demand.id.0).await.unwrap().contains(&token),
        "only a hash is kept"
    );
    let other = app.other_tenant().await;
    let elsewhere = app.client_of(&other).post("/renewals", json!({ "token": token })).await;
    assert_eq!(elsewhere.refused(410), "demand.link_invalid");
    let jana = app.parent("jana@example.org").await;
    let demand = Demand { parent: jana, ..demand };
    demand.withdraw().await.ok();
    assert_eq!(
        click(&token).await.refused(410),
        "demand.link_invalid",
        "an ended demand stays ended"
    );
}

#[actix_web::test]
async fn a_family_renews_in_its_account() {
    let app = TestApp::new().await;
    with_settings(&app, json!({"renewal_interval_months": 3})).await;
    let demand = app.demand("jana@example.org").await;
    let path = format!("{}/renew", demand.path());
    let version = demand.version().await;
    let draft = demand.parent.edit(Method::POST, &path, version, json!({})).await;
    assert_eq!(draft.refused(409), "demand.wrong_state");
    demand.submit().await.ok();
    app.at("2027-04-05T09:00:00Z");
    app.run_periodic().await;
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(
        demand.get().await["next_step"],
        json!({"code": "renew", "date": "2027-04-30"})
    );
    let stranger = app.family("fremd@example.org").await.parent;
    let version = demand.version().await;
    let missing = stranger.edit(Method::POST, &path, version, json!({})).await;
    assert_eq!(missing.refused(404), "not_found");
    let stale = demand.parent.edit(Method::POST, &path, version - 1, json!({})).await;
    assert_eq!(stale.refused(412), "version.stale");
    let renewed = demand.parent.edit(Method::POST, &path, version, json!({})).await.ok();
    assert_eq!(renewed["next_step"]["code"], "facilities_answer");
    app.at("2027-05-20T09:00:00Z");
    app.run_periodic().await;
    let demand = Demand {
        parent: app.parent("jana@example.org").await,
        ..demand
    };
    assert_eq!(demand.get().await["state"], "confirmed");
}
