//! Staff: second factor, invitations, roles, keys of machine clients.

use kitaplatz::access::Role;
use kitaplatz::platform::ids::{FacilityId, random_uuid};
use serde_json::{Value, json};
use totp_rs::Builder;

use crate::support::{Answer, Client, TestApp, facilities};

const PASSWORD: &str = "vier grüne Pinguine tanzen";

/// Invites somebody and accepts; answers a client with the session.
async fn invited(app: &TestApp, admin: &Client, email: &str, role: &str, facility: Option<FacilityId>) -> Client {
    let body = json!({"email": email, "role": role, "facility_id": facility.map(|f| f.to_string()), "language": "de"});
    admin.create("/admin/invitations", body).await.ok();
    let mut client = app.anonymous();
    let answer = accept(app, email).await;
    client.keep(&answer);
    answer.ok();
    client
}

async fn accept(app: &TestApp, email: &str) -> Answer {
    let token = app.link("invitation", email).await;
    let body = json!({"token": token, "display_name": "Lea Sommer", "password": PASSWORD});
    app.anonymous().post("/invitations/accept", body).await
}

async fn sign_in(app: &TestApp, email: &str, code: Option<&str>) -> Answer {
    let body = json!({"email": email, "password": PASSWORD, "code": code});
    app.anonymous().post("/session", body).await
}

/// The six digits of a secret as an authenticator program shows them at an instant.
fn digits(secret: &str, at: i64) -> String {
    let bits: Vec<u8> = secret
        .bytes()
        .map(|b| {
            if b.is_ascii_uppercase() {
                b - b'A'
            } else {
                b - b'2' + 26
            }
        })
        .flat_map(|n| (0..5).rev().map(move |i| n >> i & 1))
        .collect();
    let bytes: Vec<u8> = bits
        .chunks_exact(8)
        .map(|c| c.iter().fold(0, |n, b| n << 1 | b))
        .collect();
    let secret: [u8; 20] = bytes.try_into().unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

fn now(app: &TestApp) -> i64 {
    app.platform.clock.now().timestamp()
}

/// Sets a second factor up; answers its secret and the recovery codes.
pub async fn second_factor(app: &TestApp, client: &mut Client) -> (String, Vec<String>) {
    let start = client.post("/account/second-factor", json!({})).await.ok();
    let secret = start["secret"].as_str().unwrap().to_owned();
    assert!(start["otpauth_url"].as_str().unwrap().contains(&secret));
    assert!(start["qr_svg"].as_str().unwrap().contains("<svg"));
    let answer = client
        .post(
            "/account/second-factor/confirm",
            json!({"code": digits(&secret, now(app))}),
        )
        .await;
    client.keep(&answer);
    let codes = answer.ok()["recovery_codes"].clone();
    (secret, serde_json::from_value(codes).unwrap())
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_invitation_makes_staff_with_exactly_its_role() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mine = facilities::facility(&app, "Kita Sonne").await;
    let lea = invited(&app, &admin, "lea@example.org", "facility_manager", Some(mine)).await;
    let session = lea.get("/session").await.ok();
    assert_eq!(session["account"]["kind"], "staff");
    assert_eq!(session["roles"][0]["role"], "facility_manager");
    assert_eq!(session["roles"][0]["label"], "Kita Sonne");
    assert_eq!(lea.get("/admin/staff").await.refused(403), "access.denied");
    let list = admin.get("/admin/invitations").await.ok();
    assert_eq!(list["items"][0]["state"], "accepted");
    assert_eq!(
        accept(&app, "lea@example.org").await.refused(410),
        "identity.link_invalid"
    );
    let staff = admin.get("/admin/staff").await.ok();
    let found = staff["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["email"] == "lea@example.org");
    assert_eq!(found.unwrap()["memberships"][0]["facility_id"], mine.to_string());
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_invitation_can_be_taken_back_and_names_what_is_wrong() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let elsewhere = json!({"email": "x", "role": "facility_manager", "facility_id": random_uuid().to_string()});
    let faults = admin.create("/admin/invitations", elsewhere).await.faults();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(faults, [pair("/email", "invalid"), pair("/facility_id", "unknown")]);
    let parent = json!({"email": "lea@example.org", "role": "parent"});
    let faults = admin.create("/admin/invitations", parent).await.faults();
    assert_eq!(faults, [pair("/role", "invalid")]);
    let body = json!({"email": "lea@example.org", "role": "clerk"});
    let id = admin.create("/admin/invitations", body).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/admin/invitations/{id}");
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.delete(&path).await.refused(404), "not_found");
    assert_eq!(
        accept(&app, "lea@example.org").await.refused(410),
        "identity.link_invalid"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn staff_that_is_known_shows_its_password_and_gets_one_more_role() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let lea = invited(&app, &admin, "lea@example.org", "clerk", None).await;
    let body = json!({"email": "lea@example.org", "role": "read_only"});
    admin.create("/admin/invitations", body).await.ok();
    let token = app.link("invitation", "lea@example.org").await;
    let wrong = json!({"token": token, "display_name": "Lea", "password": "sieben rote Füchse schlafen"});
    let refused = app.anonymous().post("/invitations/accept", wrong).await.faults();
    assert_eq!(refused, [("/password".to_owned(), "wrong".to_owned())]);
    accept(&app, "lea@example.org").await.ok();
    assert_eq!(lea.get("/session").await.ok()["roles"].as_array().unwrap().len(), 2);
    // A parent's account cannot be made staff by a link.
    app.parent("anna@example.org").await;
    let body = json!({"email": "anna@example.org", "role": "clerk"});
    admin.create("/admin/invitations", body).await.ok();
    assert_eq!(
        accept(&app, "anna@example.org").await.refused(409),
        "identity.address_in_use"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_role_that_ends_is_gone_at_the_next_request() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let clerk = app.staff(&[]).await;
    assert_eq!(clerk.get("/admin/settings").await.refused(403), "access.denied");
    let body = json!({"account_id": clerk.account_id().to_string(), "role": "clerk"});
    let made = admin.create("/admin/memberships", body.clone()).await.ok();
    assert_eq!(clerk.get("/admin/settings").await.status, 200);
    assert_eq!(
        admin.create("/admin/memberships", body).await.refused(409),
        "identity.granted"
    );
    let path = format!("/admin/memberships/{}", made["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(clerk.get("/admin/settings").await.refused(403), "access.denied");
    assert_eq!(admin.delete(&path).await.refused(404), "not_found");
    let parent = app.parent("anna@example.org").await;
    let body = json!({"account_id": parent.account_id().to_string(), "role": "clerk"});
    assert_eq!(
        admin.create("/admin/memberships", body).await.faults()[0].0,
        "/account_id"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let (ada, bo) = (app.admin().await, app.admin().await);
    let role_of = async |client: &Client| {
        let id = client.get("/session").await.ok()["roles"][0]["membership_id"].clone();
        format!("/admin/memberships/{}", id.as_str().unwrap())
    };
    let (of_ada, of_bo) = (role_of(&ada).await, role_of(&bo).await);
    assert_eq!(ada.delete(&of_ada).await.refused(409), "identity.own_admin_role");
    // Both remove the other at once: one of them stays.
    let (first, second) = tokio::join!(ada.delete(&of_bo), bo.delete(&of_ada));
    let removed = [&first, &second].iter().filter(|a| a.status == 204).count();
    assert_eq!(removed, 1, "{} {}", first.status, second.status);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_second_factor_is_asked_for_and_each_code_works_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut lea = invited(&app, &admin, "lea@example.org", "clerk", None).await;
    let before = lea.clone();
    let (secret, recovery) = second_factor(&app, &mut lea).await;
    assert_eq!(recovery.len(), 8);
    assert_eq!(
        before.get("/session").await.ok()["account"],
        Value::Null,
        "the session is a new one"
    );
    assert_eq!(lea.get("/session").await.ok()["second_factor"]["enabled"], true);
    let email = "lea@example.org";
    assert_eq!(
        sign_in(&app, email, None).await.refused(401),
        "identity.second_factor_required"
    );
    let used = digits(&secret, now(&app));
    assert_eq!(
        sign_in(&app, email, Some(&used)).await.refused(401),
        "identity.second_factor_wrong"
    );
    app.at("2027-02-01T09:01:00Z");
    let fresh = digits(&secret, now(&app));
    assert_eq!(sign_in(&app, email, Some(&fresh)).await.status, 200);
    // The list of the own sessions says which of them began with a code.
    let began = async |who: &Client| -> Vec<Value> {
        let listed = who.get("/account/sessions").await.ok()["items"].clone();
        let items = listed.as_array().unwrap();
        items.iter().map(|item| item["second_factor"].clone()).collect()
    };
    assert_eq!(began(&lea).await, [json!(true), json!(true)]);
    assert_eq!(began(&admin).await, [json!(false)]);
    assert_eq!(
        sign_in(&app, email, Some(&fresh)).await.refused(401),
        "identity.second_factor_wrong"
    );
    assert_eq!(
        sign_in(&app, email, Some(&recovery[3].to_uppercase())).await.status,
        200
    );
    assert_eq!(
        sign_in(&app, email, Some(&recovery[3])).await.refused(401),
        "identity.second_factor_wrong"
    );
    let body = json!({"current_password": PASSWORD, "code": recovery[4]});
    assert_eq!(lea.post("/account/second-factor/disable", body).await.status, 204);
    assert_eq!(sign_in(&app, email, None).await.status, 200);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn staff_without_a_required_second_factor_reaches_only_the_own_account() {
    let app = TestApp::new().await;
    let mut admin = app.admin().await;
    let mut settings = admin.get("/admin/settings").await.ok();
    // A new town wants it of everybody, and gives two weeks.
    assert_eq!(
        settings["current"]["settings"]["second_factor_required_for_staff"],
        true
    );
    let session = admin.get("/session").await.ok();
    assert_eq!(
        (
            &session["second_factor"]["required"],
            &session["second_factor"]["required_from"]
        ),
        (&json!(false), &json!("2027-02-15"))
    );
    settings["current"]["settings"]["second_factor_grace_days"] = json!(0);
    let body = json!({"valid_from": "2027-02-01", "settings": settings["current"]["settings"]});
    admin.edit(reqwest::Method::PUT, "/admin/settings", 1, body).await.ok();
    assert_eq!(
        admin.get("/admin/staff").await.refused(403),
        "identity.second_factor_setup_required"
    );
    assert_eq!(admin.get("/session").await.ok()["second_factor"]["required"], true);
    second_factor(&app, &mut admin).await;
    assert_eq!(admin.get("/admin/staff").await.status, 200);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_key_is_shown_once_reaches_its_scopes_and_can_be_revoked() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = json!({"name": "Fachverfahren", "scopes": ["demands_read"]});
    let key = [("idempotency-key", "one-key-0001")];
    let post = |body: Value| {
        let admin = admin.clone();
        async move {
            admin
                .send(reqwest::Method::POST, "/admin/api-keys", Some(&body), &key)
                .await
        }
    };
    let made = post(body.clone()).await.ok();
    let again = post(body).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let again = again.ok();
    assert_eq!((&again["id"], &again["key"]), (&made["id"], &Value::Null));
    let mut machine = app.anonymous();
    machine.bearer = made["key"].as_str().map(str::to_owned);
    assert!(machine.bearer.as_ref().unwrap().starts_with("kp_"));
    assert_eq!(machine.get("/admin/staff").await.refused(403), "access.denied");
    assert_eq!(machine.get("").await.status, 200);
    let list = admin.get("/admin/api-keys").await.ok();
    assert!(list["items"][0]["last_used_at"].is_string());
    assert!(!list.to_string().contains(machine.bearer.as_deref().unwrap()));
    let path = format!("/admin/api-keys/{}", made["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(machine.get("").await.refused(401), "access.signed_out");
    let unknown = json!({"name": "", "scopes": ["everything"]});
    let faults = admin.create("/admin/api-keys", unknown).await.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_repeated_creation_has_one_effect() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let staff = app.staff(&[(Role::Clerk, None, None)]).await;
    let body = json!({"account_id": staff.account_id().to_string(), "role": "read_only"});
    let send = |key: Option<&str>, body: &Value| {
        let (admin, body, key) = (admin.clone(), body.clone(), key.map(str::to_owned));
        async move {
            let headers: Vec<_> = key.iter().map(|k| ("idempotency-key", k.as_str())).collect();
            admin
                .send(reqwest::Method::POST, "/admin/memberships", Some(&body), &headers)
                .await
        }
    };
    assert_eq!(send(None, &body).await.refused(400), "idempotency.required");
    assert_eq!(send(Some("short"), &body).await.refused(400), "idempotency.required");
    let all = futures_util::future::join_all((0..8).map(|_| send(Some("parallel-0001"), &body))).await;
    let ids: std::collections::BTreeSet<_> = all
        .iter()
        .filter(|a| a.status == 201)
        .map(|a| a.json()["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 1);
    for answer in &all {
        assert!([201, 409, 503].contains(&answer.status.as_u16()), "{}", answer.status);
    }
    let replay = send(Some("parallel-0001"), &body).await;
    assert_eq!(replay.headers["idempotency-replayed"], "true");
    assert_eq!(replay.ok()["id"].to_string(), *ids.first().unwrap());
    let other = json!({"account_id": staff.account_id().to_string(), "role": "tenant_admin"});
    assert_eq!(
        send(Some("parallel-0001"), &other).await.refused(422),
        "idempotency.mismatch"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_audit_says_who_did_what_and_no_more() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = json!({"name": "Geheimwort-Maulwurf", "scopes": ["facilities_read"]});
    let key = admin.create("/admin/api-keys", body).await.ok();
    let events = admin.get("/admin/audit?action=create_api_key").await.ok();
    let event = &events["items"][0];
    assert_eq!(event["object_id"], key["id"]);
    assert_eq!(event["actor_id"], admin.account_id().to_string());
    assert_eq!(
        (&event["actor_kind"], &event["role"]),
        (&json!("staff"), &json!("tenant_admin"))
    );
    assert!(event["actor_label"].as_str().unwrap().contains('@'));
    assert!(!events.to_string().contains("Maulwurf"));
    let first = admin.get("/admin/audit?limit=1").await.ok();
    let next = first["next_cursor"].as_str().unwrap();
    let second = admin.get(&format!("/admin/audit?limit=1&cursor={next}")).await.ok();
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    let past = admin.get("/admin/audit?to=2027-01-31").await.ok();
    assert_eq!(past["items"], json!([]));
    assert_eq!(
        app.clerk().await.get("/admin/audit").await.refused(403),
        "access.denied"
    );
}
