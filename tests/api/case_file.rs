//! The file of a child: one answer with everything that is known, and who did it by role.

use kitaplatz::facilities::AgeBand;
use serde_json::{Value, json};

use crate::support::facilities::{facility, give_capacity};
use crate::support::notices::issued;
use crate::support::offers::new_offer;
use crate::support::office::act;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};

async fn file(clerk: &Client, child: kitaplatz::platform::ids::ChildId) -> Value {
    clerk.get(&format!("/office/children/{child}/file")).await.ok()
}

/// Subject, kind and role of each line, the oldest first.
fn lines(file: &Value) -> Vec<(String, String, String)> {
    let word = |v: &Value| v.as_str().unwrap().to_owned();
    let line = |e: &Value| (word(&e["subject"]), word(&e["kind"]), word(&e["role"]));
    file["events"].as_array().unwrap().iter().rev().map(line).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_time_line_holds_what_happened_with_who_by_role() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 5).await;
    }
    let family = Family {
        state: "submitted",
        legal_claim: true,
        email: Some("jana@example.org"),
        ..Family::default()
    };
    let family = waiting(&app, &family, &[kita]).await;
    let clerk = app.clerk().await;
    act(&clerk, family.demand, "confirm", json!({})).await.ok();
    app.at("2027-02-01T10:00:00Z");
    let manager = app.manager(kita).await;
    manager
        .create("/staff/offers", new_offer(family.preferences[0]))
        .await
        .ok();
    app.at("2027-02-01T11:00:00Z");
    // Later than a session without a sign of life holds.
    let (clerk, admin) = (app.clerk().await, app.admin().await);
    issued([&clerk, &admin], family.demand).await;
    let seen = file(&clerk, family.child).await;
    let lines = lines(&seen);
    let has = |subject: &str, kind: &str, role: &str| {
        let line = (subject.to_owned(), kind.to_owned(), role.to_owned());
        assert!(lines.contains(&line), "{line:?} in {lines:?}");
    };
    has("custody", "began", "parent");
    has("demand", "confirmed", "clerk");
    has("offer", "sent", "staff");
    has("preference", "offer_sent", "facility_manager");
    has("notice", "drafted", "clerk");
    has("notice", "approved", "tenant_admin");
    has("notice", "issued", "clerk");
    has("mail", "demand_confirmed", "system");
    has("mail", "notice_posted", "system");
    assert!(!lines.iter().any(|l| l.1 == "served"), "not yet: {lines:?}");
    let at: Vec<_> = seen["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["at"].as_str().unwrap())
        .collect();
    assert!(at.is_sorted_by(|a, b| a >= b), "{at:?}");
    assert_eq!(seen["guardians"][0]["name"], "Jana Braun");
    assert_eq!(seen["demands"][0]["reference_code"], family.code);
    app.at("2027-02-05T11:00:00Z");
    let later = file(&app.clerk().await, family.child).await;
    assert!(self::lines(&later).contains(&("notice".into(), "served".into(), "system".into())));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_of_drafts_only_has_no_file_and_a_protected_address_is_not_in_it() {
    let app = TestApp::new().await;
    let clerk = app.clerk().await;
    let draft = Family {
        state: "draft",
        ..Family::default()
    };
    let draft = waiting(&app, &draft, &[]).await;
    assert_eq!(
        clerk
            .get(&format!("/office/children/{}/file", draft.child))
            .await
            .status,
        404
    );
    let hidden = Family {
        address_protected: true,
        street: "Geheimweg",
        ..Family::default()
    };
    let hidden = waiting(&app, &hidden, &[]).await;
    let seen = file(&clerk, hidden.child).await;
    assert_eq!(
        (&seen["address"], &seen["address_protected"]),
        (&Value::Null, &json!(true))
    );
    assert!(!seen.to_string().contains("Geheimweg"), "{seen}");
}
