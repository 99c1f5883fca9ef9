//! What a municipality and its facilities set is kept in versions: who changed what, what stood before, and the way back.

use std::collections::BTreeSet;

use kitaplatz::access::{Role, as_system};
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::facility;
use crate::support::{Answer, Client, TestApp};

const PASSWORD: &str = "vier grüne Pinguine tanzen";
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>";

/// Versions of a kind, the latest first.
async fn versions(who: &Client, query: &str) -> Vec<Value> {
    let page = who.get(&format!("/admin/versions?{query}")).await.ok();
    page["items"].as_array().unwrap().clone()
}

/// Each change as `path: before → after`.
fn said(version: &Value) -> Vec<String> {
    let changes = version["changes"].as_array().unwrap().iter();
    let line = |c: &Value| {
        let path: Vec<&str> = c["path"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        format!("{}: {} → {}", path.join("/"), c["before"], c["after"])
    };
    changes.map(line).collect()
}

async fn count(app: &TestApp) -> i64 {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM content_version WHERE tenant_id = $1")
            .bind(tx.tenant_id().0)
            .fetch_one(tx.conn())
            .await
    })
    .await
    .unwrap()
}

async fn legal(admin: &Client, version: i64, body: &str) -> Answer {
    let page = json!({"title": "Datenschutz", "body": body});
    admin.edit(Method::PUT, "/admin/legal/privacy/de", version, page).await
}

async fn close(admin: &Client, day: &str, facility: Option<FacilityId>) -> Value {
    let day = json!({"day": day, "note": "zu", "facility_id": facility.map(|f| f.0)});
    admin.create("/admin/closing-days", day).await.ok()
}

fn basis(places: i32) -> Value {
    json!({"permits": [{"reference": "47-6123", "valid_from": "2027-01-01", "valid_to": null,
        "places": [{"care_type": "kindergarten", "age_band": "over3", "places": places}]}],
        "groups": [], "staff": [], "closures": [], "contingents": [], "substitute_id": null})
}

async fn put_basis(who: &Client, facility: FacilityId, version: i64, places: i32) -> Answer {
    let path = format!("/staff/facilities/{facility}/basis");
    who.edit(Method::PUT, &path, version, basis(places)).await
}

async fn put_figure(who: &Client, facility: FacilityId, operable: i32) -> Answer {
    let path = format!("/staff/facilities/{facility}/capacity");
    let version = who.get(&path).await.ok()["version"].as_i64().unwrap();
    let path = format!("{path}/over3");
    let figure = json!({"from_month": "2027-02-01", "licensed": 60, "operable": operable,
        "operable_reason": "eine Stelle ist frei", "operable_since": "2027-01-15"});
    who.edit(Method::PUT, &path, version, figure).await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn settings_look_texts_and_days_tell_what_was_changed_by_whom() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let name = admin.get("/session").await.ok()["account"]["email"].clone();

    let mut settings = admin.get("/admin/settings").await.ok()["current"]["settings"].clone();
    for (version, periods) in [(1, 60), (2, 45)] {
        settings["retention"]["draft_days"] = json!(periods);
        let body = json!({"valid_from": "2027-02-01", "settings": settings});
        admin.edit(Method::PUT, "/admin/settings", version, body).await.ok();
    }
    let kept = versions(&admin, "kind=settings").await;
    assert_eq!(said(&kept[0]), ["retention/draft_days: 60 → 45"]);
    assert_eq!(said(&kept[1]), ["retention/draft_days: 90 → 60"]);
    assert_eq!((&kept[0]["by"], &kept[0]["latest"]), (&name, &json!(true)));
    // What a new town begins with was no change.
    assert_eq!((&kept[2]["found"], said(&kept[2])), (&json!(true), Vec::new()));
    assert_eq!(kept.len(), 3);

    for (version, color) in [(1, "#0a5c36"), (2, "#123456")] {
        let body = json!({"primary_color": color});
        admin.edit(Method::PATCH, "/admin/tenant", version, body).await.ok();
    }
    // The same again is no version.
    let same = json!({"primary_color": "#123456"});
    admin.edit(Method::PATCH, "/admin/tenant", 3, same).await.ok();
    let kept = versions(&admin, "kind=profile").await;
    assert_eq!(said(&kept[0]), ["primary_color: \"#0a5c36\" → \"#123456\""]);
    assert_eq!(said(&kept[1]), ["primary_color: \"#1d4f91\" → \"#0a5c36\""]);
    assert_eq!(kept.len(), 3);

    legal(&admin, 1, "# Eins\n\nWir speichern Namen.").await.ok();
    app.at("2027-03-01T09:00:00Z");
    // The first session is over by then.
    let admin = app.admin().await;
    legal(&admin, 2, "# Eins\n\nWir speichern keine Namen.").await.ok();
    let kept = versions(&admin, "kind=legal_page&subject=privacy/de").await;
    assert_eq!(
        said(&kept[0]),
        ["body: \"Wir speichern Namen.\" → \"Wir speichern keine Namen.\""]
    );
    assert_eq!(
        kept[2]["since"],
        json!("2027-02-01T09:00:00Z"),
        "the text that the town began with"
    );
    // Everybody reads the earlier texts of the privacy page, and only those.
    let page = app.anonymous().get("/legal/privacy").await.ok();
    let numbers: Vec<_> = page["earlier"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["number"].clone())
        .collect();
    assert_eq!(numbers, [json!(2), json!(1)]);
    let then = app.anonymous().get("/legal/privacy?edition=2").await.ok();
    assert_eq!(then["body"], "# Eins\n\nWir speichern Namen.");
    assert_eq!(then["updated_at"], json!("2027-02-01T09:00:00Z"));
    assert_eq!(page["updated_at"], json!("2027-03-01T09:00:00Z"));
    assert_eq!(
        app.anonymous().get("/legal/privacy?edition=3").await.refused(404),
        "not_found"
    );
    let imprint = json!({"title": "Impressum", "body": "Markt 1"});
    let put = admin
        .edit(Method::PUT, "/admin/legal/imprint/de", 1, imprint)
        .await
        .ok();
    assert_eq!(put["earlier"], json!([]));
    assert_eq!(
        app.anonymous().get("/legal/imprint?edition=1").await.refused(404),
        "not_found"
    );

    let kita = facility(&app, "Kita am Park").await;
    close(&admin, "2027-12-24", None).await;
    let second = close(&admin, "2027-12-31", None).await;
    close(&admin, "2027-07-01", Some(kita)).await;
    let path = format!("/admin/closing-days/{}", second["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    let kept = versions(&admin, "kind=closing_days&subject=").await;
    assert_eq!(said(&kept[0]), ["2027-12-31: \"zu\" → null"]);
    assert_eq!(said(&kept[1]), ["2027-12-31: null → \"zu\""]);
    assert_eq!(said(&kept[2]), ["2027-12-24: null → \"zu\""]);
    let of_kita = versions(&admin, &format!("kind=closing_days&subject={kita}")).await;
    assert_eq!((&of_kita[0]["about"], of_kita.len()), (&json!("Kita am Park"), 1));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_basis_of_places_figures_and_roles_tell_it_too() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (kita, other) = (
        facility(&app, "Kita am Park").await,
        facility(&app, "Kita am Fluss").await,
    );
    let manager = app.manager(kita).await;
    put_basis(&manager, kita, 0, 60).await.ok();
    put_basis(&manager, kita, 1, 75).await.ok();
    put_figure(&manager, kita, 54).await.ok();
    put_figure(&manager, kita, 48).await.ok();
    let path = format!("/staff/facilities/{kita}/basis/versions");
    let kept = manager.get(&path).await.ok()["items"].as_array().unwrap().clone();
    let of = |kind: &str| -> Vec<Value> { kept.iter().filter(|v| v["kind"] == kind).cloned().collect() };
    let (bases, figures) = (of("basis"), of("figures"));
    assert_eq!(
        said(&bases[0]),
        ["permits/47-6123/places/kindergarten/over3/places: 60 → 75"]
    );
    assert_eq!(said(&figures[0]), ["over3/2027-02-01/operable: 54 → 48"]);
    assert_eq!((bases.len(), figures.len(), kept.len()), (2, 2, 4));
    // A manager sees the own facility only; nobody else's is told from a missing one.
    let foreign = facility_of_another_town(&app).await;
    for hidden in [other, foreign, FacilityId::new()] {
        let path = format!("/staff/facilities/{hidden}/basis/versions");
        assert_eq!(manager.get(&path).await.refused(404), "not_found");
    }
    let path = format!("/staff/facilities/{foreign}/basis/versions");
    assert_eq!(admin.get(&path).await.refused(404), "not_found");

    let person = app.staff(&[]).await.account_id();
    let grant = json!({"account_id": person.0, "role": "facility_manager", "facility_id": kita.0});
    let granted = admin.create("/admin/memberships", grant).await.ok();
    let path = format!("/admin/memberships/{}", granted["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    let kept = versions(&admin, &format!("kind=roles&subject={person}")).await;
    assert_eq!(said(&kept[0]), ["facility_manager: [\"Kita am Park\"] → null"]);
    assert_eq!(said(&kept[1]), ["facility_manager: null → [\"Kita am Park\"]"]);
    assert_eq!(kept.len(), 2);
}

async fn facility_of_another_town(app: &TestApp) -> FacilityId {
    let town = app.other_tenant().await;
    let there = TestApp::of(app.platform.clone(), town, app.base.clone());
    let kita = facility(&there, "Kita anderswo").await;
    let admin = there.admin().await;
    put_basis(&admin, kita, 0, 20).await.ok();
    kita
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_old_version_is_restored_as_a_new_one_and_only_in_the_own_town() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    legal(&admin, 1, "alt").await.ok();
    legal(&admin, 2, "neu").await.ok();
    let path = "/admin/legal/privacy/de/restored";
    let back = |version: i64, number: i32| {
        let admin = admin.clone();
        async move { admin.edit(Method::PUT, path, version, json!({"number": number})).await }
    };
    assert_eq!(back(2, 2).await.refused(412), "version.stale");
    assert_eq!(
        back(3, 9).await.faults(),
        [("/number".to_owned(), "unknown".to_owned())]
    );
    assert_eq!(back(3, 2).await.ok()["body"], "alt");
    let kept = versions(&admin, "kind=legal_page&subject=privacy/de").await;
    assert_eq!(said(&kept[0]), ["body: \"neu\" → \"alt\""]);
    assert_eq!(kept[0]["number"], 4);

    close(&admin, "2027-12-24", None).await;
    close(&admin, "2027-12-31", None).await;
    let restore = |number: i32| {
        let (admin, body) = (admin.clone(), json!({"facility_id": null, "number": number}));
        async move { admin.create("/admin/closing-days/restored", body).await }
    };
    let days = restore(1).await.ok();
    let left: Vec<_> = days["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["day"].clone())
        .collect();
    assert_eq!(left, [json!("2027-12-24")]);
    assert_eq!(restore(2).await.ok()["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        restore(9).await.faults(),
        [("/number".to_owned(), "unknown".to_owned())]
    );
    assert_eq!(versions(&admin, "kind=closing_days").await.len(), 4);

    // Another town has none of it, and its administrator cannot bring it there.
    let town = app.other_tenant().await;
    let there = app.staff_of(&town, &[(Role::TenantAdmin, None, None)]).await;
    assert_eq!(versions(&there, "").await, Vec::<Value>::new());
    let body = json!({"facility_id": null, "number": 1});
    let none = there.create("/admin/closing-days/restored", body).await;
    assert_eq!(none.faults(), [("/number".to_owned(), "unknown".to_owned())]);
}

/// The actions that change what has versions. A house test finds who else writes into the tables behind them.
const MUST: [&str; 17] = [
    "accept_invitation",
    "add_closing_day",
    "close_account",
    "close_holidays",
    "end_membership",
    "grant_membership",
    "put_capacity",
    "put_capacity_basis",
    "put_legal_page",
    "put_logo",
    "put_settings",
    "remove_closing_day",
    "restore_closing_days",
    "restore_legal_page",
    "restore_settings",
    "restore_tenant_profile",
    "update_tenant_profile",
];

/// Sees that each action leaves a version.
struct Ledger<'a> {
    app: &'a TestApp,
    count: i64,
    left: BTreeSet<&'static str>,
}

impl Ledger<'_> {
    async fn left_one(&mut self, action: &'static str, answer: Answer) -> Value {
        let body = answer.ok();
        let now = count(self.app).await;
        assert!(now > self.count, "{action} left no version");
        self.count = now;
        assert!(self.left.remove(action), "{action} is named once");
        body
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_action_that_changes_such_content_leaves_a_version() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let kita = facility(&app, "Kita am Park").await;
    let mut ledger = Ledger {
        app: &app,
        count: count(&app).await,
        left: MUST.into(),
    };

    let mut settings = admin.get("/admin/settings").await.ok()["current"]["settings"].clone();
    settings["max_preferences"] = json!(7);
    let body = json!({"valid_from": "2027-08-01", "settings": settings});
    let answer = admin.edit(Method::PUT, "/admin/settings", 1, body).await;
    ledger.left_one("put_settings", answer).await;
    // What the town began with holds again from today on; an unknown version is none.
    let unknown = admin
        .edit(Method::PUT, "/admin/settings/restored", 2, json!({"number": 9}))
        .await;
    assert_eq!(unknown.faults(), [("/number".to_owned(), "unknown".to_owned())]);
    let answer = admin
        .edit(Method::PUT, "/admin/settings/restored", 2, json!({"number": 1}))
        .await;
    let restored = ledger.left_one("restore_settings", answer).await;
    assert_eq!(restored["current"]["settings"]["max_preferences"], json!(5));
    assert_eq!(
        (&restored["current"]["valid_from"], &restored["current"]["version"]),
        (&json!("2027-02-01"), &json!(3))
    );
    let body = json!({"office_name": "Amt für Kinder"});
    let answer = admin.edit(Method::PATCH, "/admin/tenant", 1, body).await;
    ledger.left_one("update_tenant_profile", answer).await;
    let before = admin.get("/admin/versions?kind=profile").await.ok()["items"][1]["number"].clone();
    let answer = admin
        .edit(Method::PUT, "/admin/tenant/restored", 2, json!({"number": before}))
        .await;
    let restored = ledger.left_one("restore_tenant_profile", answer).await;
    assert_ne!(restored["office_name"], "Amt für Kinder");
    let logo = Some(("image/svg+xml", SVG.as_bytes().to_vec()));
    let answer = admin.send_bytes(Method::PUT, "/admin/logo", logo, &[]).await;
    ledger.left_one("put_logo", answer).await;
    ledger.left_one("put_legal_page", legal(&admin, 1, "neu").await).await;
    let answer = admin
        .edit(Method::PUT, "/admin/legal/privacy/de/restored", 2, json!({"number": 1}))
        .await;
    ledger.left_one("restore_legal_page", answer).await;

    let day = json!({"day": "2027-12-24", "note": "zu", "facility_id": null});
    let answer = admin.create("/admin/closing-days", day).await;
    let day = ledger.left_one("add_closing_day", answer).await;
    let answer = admin
        .send(Method::PUT, "/admin/holidays", Some(&json!({"year": 2027})), &[])
        .await;
    ledger.left_one("close_holidays", answer).await;
    let answer = admin
        .delete(&format!("/admin/closing-days/{}", day["id"].as_str().unwrap()))
        .await;
    ledger.left_one("remove_closing_day", answer).await;
    let body = json!({"facility_id": null, "number": 1});
    let answer = admin.create("/admin/closing-days/restored", body).await;
    ledger.left_one("restore_closing_days", answer).await;

    ledger
        .left_one("put_capacity_basis", put_basis(&admin, kita, 0, 60).await)
        .await;
    ledger
        .left_one("put_capacity", put_figure(&admin, kita, 50).await)
        .await;

    let invitation = json!({"email": "lea@example.org", "role": "clerk", "language": "de"});
    admin.create("/admin/invitations", invitation).await.ok();
    let token = app.link("invitation", "lea@example.org").await;
    let body = json!({"token": token, "display_name": "Lea Sommer", "password": PASSWORD});
    let mut lea = app.anonymous();
    let answer = lea.post("/invitations/accept", body).await;
    lea.keep(&answer);
    let session = ledger.left_one("accept_invitation", answer).await;
    let grant = json!({"account_id": session["account"]["id"], "role": "read_only"});
    let answer = admin.create("/admin/memberships", grant).await;
    let granted = ledger.left_one("grant_membership", answer).await;
    let answer = admin
        .delete(&format!("/admin/memberships/{}", granted["id"].as_str().unwrap()))
        .await;
    ledger.left_one("end_membership", answer).await;
    let answer = lea.post("/account/close", json!({"current_password": PASSWORD})).await;
    ledger.left_one("close_account", answer).await;

    assert_eq!(ledger.left, BTreeSet::new(), "no test drives these");
}
