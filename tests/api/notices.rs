//! Notices: from a template to a paper that a second person approved, its dates, and the objection.

use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use crate::support::demands::outbox;
use crate::support::facilities::facility;
use crate::support::mandates::acting;
use crate::support::notices::{approved, drafted, issued, step, words, write, written};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp, pdf_text};

async fn claiming(app: &TestApp, at: &[FacilityId]) -> Waiting {
    let family = Family {
        legal_claim: true,
        email: Some("jana@example.org"),
        ..Family::default()
    };
    waiting(app, &family, at).await
}

async fn get(clerk: &Client, id: &str) -> Value {
    clerk.get(&format!("/office/notices/{id}")).await.ok()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_refusal_is_drafted_approved_by_a_second_person_posted_and_becomes_final() {
    let app = TestApp::new().await;
    let family = claiming(&app, &[facility(&app, "Kita Ahorn").await]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let id = drafted(&writer, family.demand).await;
    let draft = get(&writer, &id).await;
    assert_eq!(
        (&draft["state"], &draft["file_number"]),
        (&json!("drafted"), &json!("2027/0001"))
    );
    let decision = draft["text"]["decision"].as_str().unwrap();
    assert!(
        decision.contains("Mia Braun") && decision.contains("14. März 2026"),
        "{decision}"
    );
    let open = step(&second, &id, "approve", json!({})).await.faults();
    let field = |name: &str| (name.to_owned(), "open_gap".to_owned());
    assert_eq!(
        open,
        [field("/reasons"), field("/remedy")],
        "the case, and the office's address"
    );
    write(&writer, &id, words()).await.ok();
    let own = step(&writer, &id, "approve", json!({})).await;
    assert_eq!(own.refused(409), "notice.second_person");
    let approved = step(&second, &id, "approve", json!({})).await.ok();
    assert_eq!((&approved["state"], &approved["text"]), (&json!("approved"), &words()));
    assert_eq!(write(&writer, &id, words()).await.refused(409), "notice.wrong_state");
    let posted = step(&writer, &id, "issue", json!({"posted_on": "2027-02-01"}))
        .await
        .ok();
    let dates = ["state", "posted_on", "served_on", "objection_until"].map(|f| posted[f].clone());
    assert_eq!(
        dates,
        ["issued", "2027-02-01", "2027-02-05", "2027-03-05"].map(|v| json!(v))
    );
    let told = outbox(&app, "notice_posted").await;
    assert_eq!(
        (told.len(), &told[0]["file_number"], &told[0]["child"]),
        (1, &json!("2027/0001"), &json!("M"))
    );
    for (now, state) in [
        ("2027-02-05T05:00:00Z", "served"),
        ("2027-03-05T22:59:59Z", "served"),
        ("2027-03-05T23:00:00Z", "final"),
    ] {
        app.at(now);
        let (writer, sql) = (
            app.clerk().await,
            "SELECT state FROM notice WHERE tenant_id = $1 AND id = $2",
        );
        assert_eq!(get(&writer, &id).await["state"], state, "{now}, before the job");
        app.run_periodic().await;
        let stored: Option<String> = app.value(sql, id.parse().unwrap()).await;
        assert_eq!(stored.as_deref(), Some(state), "{now}, after it");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_changed_a_draft_does_not_approve_it_either() {
    let app = TestApp::new().await;
    let family = claiming(&app, &[]).await;
    let (writer, second, third) = (app.clerk().await, app.clerk().await, app.admin().await);
    let id = written(&writer, family.demand).await;
    write(&second, &id, words()).await.ok();
    assert_eq!(get(&second, &id).await["may_approve"], false);
    assert_eq!(
        step(&second, &id, "approve", json!({})).await.refused(409),
        "notice.second_person"
    );
    assert_eq!(
        step(&writer, &id, "approve", json!({})).await.refused(409),
        "notice.second_person"
    );
    assert_eq!(get(&third, &id).await["may_approve"], true);
    step(&third, &id, "approve", json!({})).await.ok();
    let back = step(&writer, &id, "return", json!({})).await.ok();
    assert_eq!(
        (&back["state"], &back["approved_by"]),
        (&json!("drafted"), &Value::Null)
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn without_an_asserted_claim_there_is_no_notice() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let family = waiting(&app, &Family::default(), &[kita]).await;
    let clerk = app.clerk().await;
    let body = json!({"demand_id": family.demand, "kind": "refusal"});
    assert_eq!(
        clerk.create("/office/notices", body).await.refused(409),
        "notice.no_claim"
    );
    let draft = Family {
        state: "draft",
        legal_claim: true,
        ..Family::default()
    };
    let draft = waiting(&app, &draft, &[kita]).await;
    let body = json!({"demand_id": draft.demand, "kind": "refusal"});
    assert_eq!(
        clerk.create("/office/notices", body).await.status,
        404,
        "a draft is the family's own business"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_waiver_its_refusal_and_a_voucher_need_no_claim() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let family = waiting(&app, &Family::default(), &[kita]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let mut ids = Vec::new();
    for (kind, day, opens) in [
        ("waiver", Value::Null, "Der Beitrag für die Betreuung von Mia Braun"),
        ("waiver_refusal", Value::Null, "Ihr Antrag vom [Tag des Antrags]"),
        ("voucher", json!("2027-08-01"), "Für Mia Braun, geboren am"),
    ] {
        let body = json!({"demand_id": family.demand, "kind": kind, "care_from": day});
        let made = writer.create("/office/notices", body).await.ok();
        let id = made["id"].as_str().unwrap();
        let text = get(&writer, id).await["text"].clone();
        assert!(text["decision"].as_str().unwrap().starts_with(opens), "{kind}: {text}");
        assert_eq!(
            text["decision"].as_str().unwrap().contains("1. August 2027"),
            day.is_string()
        );
        let open = step(&second, id, "approve", json!({})).await.faults();
        assert!(
            open.contains(&("/reasons".into(), "open_gap".into())),
            "{kind}: {open:?}"
        );
        write(&writer, id, words()).await.ok();
        step(&second, id, "approve", json!({})).await.ok();
        ids.push(id.to_owned());
        let posted = step(&second, id, "issue", json!({"posted_on": "2027-02-01"}))
            .await
            .ok();
        assert_eq!(posted["objection_until"], "2027-03-05", "{kind}");
    }
    assert_eq!(outbox(&app, "notice_posted").await.len(), 3);
    // What a family can pay is not its counsellor's business; the extent of care is.
    let (counsellor, _) = acting(&app, family.guardian, family.child, "ay@beratung.example").await;
    let path = format!("/demands/{}/notices", family.demand);
    let seen = counsellor.get(&path).await.ok();
    let kinds: Vec<_> = seen["items"].as_array().unwrap().iter().map(|n| &n["kind"]).collect();
    assert_eq!(kinds, ["voucher"]);
    for (id, status) in ids.iter().zip([404, 404, 200]) {
        assert_eq!(counsellor.get(&format!("/notices/{id}.pdf")).await.status, status);
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_assignment_names_its_place() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    let family = claiming(&app, &[kita]).await;
    let clerk = app.clerk().await;
    let send = async |body: Value| clerk.create("/office/notices", body).await;
    let missing = send(json!({"demand_id": family.demand, "kind": "assignment"}))
        .await
        .faults();
    let field = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    assert_eq!(
        missing,
        [field("/facility_id", "required"), field("/care_from", "required")]
    );
    let body = json!({"demand_id": family.demand, "kind": "assignment", "facility_id": kita, "care_from": "2027-08-01",
                      "file_number": " 51.12/7 "});
    let made = send(body.clone()).await.ok();
    assert_eq!(
        (&made["facility_name"], &made["file_number"]),
        (&json!("Kita Ahorn"), &json!("51.12/7"))
    );
    let text = get(&clerk, made["id"].as_str().unwrap()).await["text"]["decision"].clone();
    assert!(
        text.as_str()
            .unwrap()
            .contains("ab 1. August 2027 ein Betreuungsplatz in der Einrichtung Kita Ahorn"),
        "{text}"
    );
    assert_eq!(send(body).await.faults(), [field("/file_number", "taken")]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn closing_days_and_a_later_service_move_the_last_day_to_object() {
    let app = TestApp::new().await;
    let family = claiming(&app, &[]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let admin = app.admin().await;
    let day = json!({"day": "2027-03-05", "note": "Brückentag", "facility_id": null});
    admin.create("/admin/closing-days", day).await.ok();
    let id = issued([&writer, &second], family.demand).await;
    assert_eq!(
        get(&writer, &id).await["objection_until"],
        "2027-03-08",
        "Friday is closed, then a weekend"
    );
    app.at("2027-02-20T09:00:00Z");
    let early = step(&app.clerk().await, &id, "service", json!({"served_on": "2027-02-05"}))
        .await
        .faults();
    assert_eq!(early, [("/served_on".to_owned(), "too_early".to_owned())]);
    let later = step(&app.clerk().await, &id, "service", json!({"served_on": "2027-02-17"}))
        .await
        .ok();
    assert_eq!(
        (&later["served_on"], &later["objection_until"], &later["state"]),
        (&json!("2027-02-17"), &json!("2027-03-17"), &json!("served"))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_objection_that_comes_too_late_is_noted_as_late_and_decided() {
    let app = TestApp::new().await;
    let family = claiming(&app, &[]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let in_time = issued([&writer, &second], family.demand).await;
    let late = issued([&writer, &second], family.demand).await;
    app.at("2027-03-10T09:00:00Z");
    let clerk = app.clerk().await;
    let objected = step(&clerk, &in_time, "objection", json!({"objected_on": "2027-03-05"}))
        .await
        .ok();
    assert_eq!(
        (&objected["state"], &objected["objected_late"]),
        (&json!("objected"), &json!(false))
    );
    let objected = step(
        &clerk,
        &late,
        "objection",
        json!({"objected_on": "2027-03-09", "note": "per Fax"}),
    )
    .await
    .ok();
    assert_eq!(
        (&objected["objected_late"], &objected["objection_note"]),
        (&json!(true), &json!("per Fax"))
    );
    let future = json!({"decided_on": "2027-03-11", "outcome": "upheld"});
    let faults = step(&clerk, &late, "decision", future).await.faults();
    assert_eq!(faults, [("/decided_on".to_owned(), "in_future".to_owned())]);
    let decided = step(
        &clerk,
        &late,
        "decision",
        json!({"decided_on": "2027-03-10", "outcome": "upheld"}),
    )
    .await
    .ok();
    assert_eq!(
        (&decided["state"], &decided["outcome"]),
        (&json!("decided"), &json!("upheld"))
    );
    app.at("2027-06-01T09:00:00Z");
    app.run_periodic().await;
    let clerk = app.clerk().await;
    assert_eq!(
        get(&clerk, &in_time).await["state"],
        "objected",
        "an open objection never becomes final"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_list_goes_by_deadline_and_its_filters() {
    let app = TestApp::new().await;
    let family = claiming(&app, &[]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let draft = written(&writer, family.demand).await;
    let first = issued([&writer, &second], family.demand).await;
    app.at("2027-02-03T09:00:00Z");
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let id = approved([&writer, &second], family.demand).await;
    step(&writer, &id, "issue", json!({"posted_on": "2027-02-03"}))
        .await
        .ok();
    let ids = async |query: &str| {
        let page = writer.get(&format!("/office/notices{query}")).await.ok();
        let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
        let ids: Vec<_> = page["items"].as_array().unwrap().iter().map(id).collect();
        (ids, page["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(ids("").await.0, [first.clone(), id.clone(), draft.clone()]);
    assert_eq!(ids("?state=drafted").await.0, [draft.as_str()]);
    assert_eq!(ids("?q=2027/0002").await.0, [first.as_str()]);
    let (page, cursor) = ids("?limit=2").await;
    assert_eq!(page, [first, id]);
    assert_eq!(ids(&format!("?limit=2&cursor={}", cursor.unwrap())).await.0, [draft]);
    assert_eq!(writer.get("/office/notices?state=lost").await.status, 400);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_reads_a_notice_from_the_day_it_was_posted() {
    let app = TestApp::new().await;
    let parent = app.parent("jana@example.org").await;
    let family = Family {
        legal_claim: true,
        account: parent.account,
        ..Family::default()
    };
    let family = waiting(&app, &family, &[]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let id = approved([&writer, &second], family.demand).await;
    let (list, paper) = (
        format!("/demands/{}/notices", family.demand),
        format!("/notices/{id}.pdf"),
    );
    assert_eq!(parent.get(&list).await.ok()["items"], json!([]));
    assert_eq!(parent.get(&paper).await.status, 404);
    let draft = writer.get(&format!("/office/notices/{id}.pdf")).await;
    let text = pdf_text(&draft.bytes);
    assert!(
        text.contains("noch nicht bekannt gegeben") && text.contains("Lindenweg 4a"),
        "{text}"
    );
    step(&writer, &id, "issue", json!({"posted_on": "2027-02-01"}))
        .await
        .ok();
    let seen = parent.get(&list).await.ok()["items"][0].clone();
    assert_eq!(
        (&seen["id"], &seen["objection_until"]),
        (&json!(id), &json!("2027-03-05"))
    );
    let text = pdf_text(&parent.get(&paper).await.bytes);
    for words in ["2027/0001", "Begründung", "Rechtsbehelfsbelehrung", "1. Februar 2027"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("noch nicht bekannt gegeben"), "{text}");
    let other = app.parent("other@example.org").await;
    assert_eq!(
        (
            other.get(&list).await.status.as_u16(),
            other.get(&paper).await.status.as_u16()
        ),
        (404, 404)
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_counsellor_reads_the_notices_of_the_named_child_while_the_mandate_holds() {
    let app = TestApp::new().await;
    let account = app.parent("jana@example.org").await.account;
    // A family with an account, and one on paper, which has none.
    for (account, email) in [(account, "ay@beratung.example"), (None, "oz@beratung.example")] {
        let family = Family {
            legal_claim: true,
            account,
            ..Family::default()
        };
        let family = waiting(&app, &family, &[]).await;
        let id = issued([&app.clerk().await, &app.clerk().await], family.demand).await;
        let (list, paper) = (
            format!("/demands/{}/notices", family.demand),
            format!("/notices/{id}.pdf"),
        );
        let (counsellor, mandate) = acting(&app, family.guardian, family.child, email).await;
        let seen = counsellor.get(&list).await.ok();
        assert_eq!(
            (&seen["items"][0]["id"], seen["items"].as_array().unwrap().len()),
            (&json!(id), 1)
        );
        let copy = counsellor.get(&paper).await;
        assert_eq!(copy.status, 200);
        let text = pdf_text(&copy.bytes);
        assert!(text.contains("Jana Braun"), "it is the family's own copy: {text}");
        assert!(!text.contains("Lindenweg"), "where it lives stays its own: {text}");
        let ended = "UPDATE mandate SET ended_at = created_at, ended_by = 'family' WHERE tenant_id = $1 AND id = $2";
        app.change(ended, mandate.0).await;
        for path in [&list, &paper] {
            assert_eq!(counsellor.get(path).await.refused(403), "mandate.over");
        }
        assert_eq!(counsellor.delete("/mandates/acting").await.status, 204);
        for path in [&list, &paper] {
            counsellor.get(path).await.refused(404);
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_template_is_versioned_and_a_notice_keeps_its_words() {
    let app = TestApp::new().await;
    let family = claiming(&app, &[]).await;
    let (admin, clerk) = (app.admin().await, app.clerk().await);
    let before = drafted(&clerk, family.demand).await;
    let mut text = words();
    text["decision"] = json!("Für {child} ({reference_code}): nein. {nonsense}");
    let send = async |text: &Value| {
        let body = json!({"kind": "refusal", "text": text});
        admin.create("/admin/notice-templates", body).await
    };
    assert_eq!(
        send(&text).await.faults(),
        [("/decision".to_owned(), "unknown_gap".to_owned())]
    );
    text["decision"] = json!("Für {child} ({reference_code}): nein.");
    assert_eq!(send(&text).await.ok()["version"], 1);
    text["title"] = json!("Bescheid");
    assert_eq!(send(&text).await.ok()["version"], 2);
    let after = get(&clerk, &drafted(&clerk, family.demand).await).await;
    assert_eq!(
        (&after["template_version"], &after["title"]),
        (&json!(2), &json!("Bescheid"))
    );
    assert_eq!(
        after["text"]["decision"],
        format!("Für Mia Braun ({}): nein.", family.code)
    );
    assert_eq!(get(&clerk, &before).await["template_version"], Value::Null);
    let all = clerk.get("/office/notice-templates").await.ok();
    let line = |t: &Value| (t["kind"].clone(), t["version"].clone(), t["current"].clone());
    let lines: Vec<_> = all["items"].as_array().unwrap().iter().map(line).collect();
    let row = |kind: &str, version: i32, current: bool| (json!(kind), json!(version), json!(current));
    assert_eq!(
        lines,
        [
            row("refusal", 2, true),
            row("refusal", 1, false),
            row("refusal", 0, false),
            row("assignment", 0, true),
            row("fee", 0, true),
            row("waiver", 0, true),
            row("waiver_refusal", 0, true),
            row("voucher", 0, true),
            row("licence_grant", 0, true),
            row("licence_refusal", 0, true),
            row("licence_end", 0, true)
        ]
    );
}
