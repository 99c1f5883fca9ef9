//! Lists that are sorted: in every order and direction each row comes once, whatever the rows have in common.

use std::collections::HashSet;

use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::{Value, json};

use crate::school_rule;
use crate::support::facilities::{facility, give_capacity};
use crate::support::offers::new_offer;
use crate::support::rounds::Round;
use crate::support::waiting::{Family, child, sql, waiting};
use crate::support::{Client, TestApp};

/// All rows of a list, read in pages of two.
pub(crate) async fn walked(client: &Client, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let join = if path.contains('?') { '&' } else { '?' };
        let page = client.get(&format!("{path}{join}limit=2{cursor}")).await.ok();
        if cursor.is_empty() {
            assert!(
                page["total"].is_number(),
                "{path}: the first page says how many there are"
            );
        }
        rows.extend(page["items"].as_array().unwrap().clone());
        pages += 1;
        assert!(pages < 50, "{path}: no end");
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// What a list is sorted by, and where a row says it.
pub(crate) type Orders<'a> = &'a [(&'a str, &'a str)];

/// Walks a list in every order and direction: each row once, in order, and what says nothing last.
pub(crate) async fn holds(client: &Client, list: &str, id: &str, orders: Orders<'_>) {
    let all: HashSet<String> = walked(client, list)
        .await
        .iter()
        .map(|row| row[id].to_string())
        .collect();
    let total = client.get(list).await.ok()["total"].as_u64().unwrap();
    assert_eq!(all.len() as u64, total, "{list}");
    assert!(total >= 5, "{list}: {total} rows break no page");
    for (sort, at) in orders {
        for direction in ["asc", "desc"] {
            let join = if list.contains('?') { '&' } else { '?' };
            let path = format!("{list}{join}sort={sort}&direction={direction}");
            let rows = walked(client, &path).await;
            let ids: Vec<String> = rows.iter().map(|row| row[id].to_string()).collect();
            assert_eq!(ids.len(), all.len(), "{path}: {ids:?}");
            assert_eq!(ids.iter().cloned().collect::<HashSet<_>>(), all, "{path}");
            let said: Vec<Option<String>> = rows.iter().map(|row| word(row.pointer(at).unwrap())).collect();
            let known: Vec<&String> = said.iter().flatten().collect();
            assert!(
                said[..known.len()].iter().all(Option::is_some),
                "{path}: what says nothing comes last: {said:?}"
            );
            let grows = known.is_sorted();
            let falls = known.iter().rev().is_sorted();
            assert!(if direction == "asc" { grows } else { falls }, "{path}: {known:?}");
        }
    }
}

/// A value as it sorts: a number with leading zeros, a name in small letters and without dots on them.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Number(number) => Some(format!("{:08}", number.as_i64().unwrap())),
        Value::String(text) => Some(text.to_lowercase().replace('ä', "a").replace('ö', "o")),
        other => panic!("{other}"),
    }
}

/// A case of a guest, a move and a proposal of follow-up care for each child of the [`town`].
pub(crate) const GUESTS: &str = "INSERT INTO guest_case (tenant_id, demand_id, child_id, state, home_name, asked_on, answered_on, valid_from, valid_until, created_at)
     SELECT d.tenant_id, d.id, d.child_id, CASE WHEN c.first_name = 'Mia' THEN 'granted' ELSE 'open' END,
            CASE WHEN c.first_name <> 'Zoe' THEN 'Musterdorf' END, CASE WHEN c.first_name < 'N' THEN date '2027-01-05' END,
            date '2027-01-08', date '2027-02-01', date '2028-02-01', timestamptz '2027-01-04 08:00Z'
       FROM care_demand d JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id";
pub(crate) const MOVERS: &str =
    "INSERT INTO move_in (tenant_id, demand_id, child_id, move_on, postal_code, city, area, created_at)
     SELECT d.tenant_id, d.id, d.child_id, date '2027-03-01', '04109', CASE WHEN c.first_name = 'Mia' THEN 'Musterstadt' ELSE 'Adorf' END,
            CASE WHEN c.first_name = 'Berta' THEN 'Nord' END, timestamptz '2027-01-04 08:00Z'
       FROM care_demand d JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id";
pub(crate) const PROPOSALS: &str = "INSERT INTO followup_demand (tenant_id, id, child_id, contract_id, care_type, needed_from, facility_ids, state, created_at, answered_at)
     SELECT k.tenant_id, k.id, k.child_id, k.id, 'kindergarten', date '2027-08-01', '{}', CASE WHEN c.first_name = 'Mia' THEN 'declined' ELSE 'proposed' END,
            timestamptz '2027-01-04 08:00Z', CASE WHEN c.first_name = 'Mia' THEN timestamptz '2027-01-05 08:00Z' END
       FROM care_contract k JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id";

/// An offer past the order for each of them: those of the two Mias for a hardship and in the last hour of a day, Zoe's long ago.
pub(crate) const PASSED_OVER: &str = "INSERT INTO followup_decision (tenant_id, id, offer_id, preference_id, facility_id, age_band, free_from, position, list, reason, note,
                                    decided_by, at)
     SELECT o.tenant_id, o.id, o.id, o.preference_id, o.facility_id, 'under3', o.care_from, 1 + length(c.first_name), '[]',
            CASE WHEN c.first_name = 'Mia' THEN 'hardship' ELSE 'court_order' END, 'Beschluss',
            (SELECT a.id FROM account a WHERE a.tenant_id = o.tenant_id AND a.kind = 'staff' LIMIT 1),
            CASE c.first_name WHEN 'Mia' THEN timestamptz '2027-01-04 22:30Z' WHEN 'Zoe' THEN timestamptz '2025-06-01 08:00Z'
                              ELSE timestamptz '2027-01-04 23:30Z' END
       FROM place_offer o JOIN child c ON c.tenant_id = o.tenant_id AND c.id = o.child_id";

/// A mail that did not arrive and two letters about each of them. Whom Zoe's mail was for is known by the address only.
pub(crate) async fn post(app: &TestApp) {
    let named = "UPDATE guardian g SET first_name = c.first_name
                   FROM custody u JOIN child c ON c.tenant_id = u.tenant_id AND c.id = u.child_id
                  WHERE u.tenant_id = g.tenant_id AND u.guardian_id = g.id";
    sql(app, named).await;
    for (channel, state) in [("mail", "dead"), ("letter", "to_print"), ("letter", "printed")] {
        let written = format!(
            "INSERT INTO notification (tenant_id, id, kind, language, channel, guardian_id, demand_id, to_address, context, message_id, state,
                                       attempts, created_at, printed_at)
             SELECT d.tenant_id, gen_random_uuid(), CASE WHEN c.first_name = 'Mia' THEN 'offer' ELSE 'receipt' END, 'de', '{channel}',
                    CASE WHEN c.first_name <> 'Zoe' OR '{channel}' = 'letter' THEN u.guardian_id END, d.id,
                    CASE WHEN '{channel}' = 'mail' THEN lower(c.first_name) || '@example.org' END, '{{}}', gen_random_uuid()::text, '{state}',
                    length(c.first_name), timestamptz '2027-01-04 08:00Z' + length(c.first_name) * interval '1 day',
                    CASE WHEN '{state}' = 'printed' AND c.first_name < 'N' THEN timestamptz '2027-01-20 08:00Z' END
               FROM care_demand d
               JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
               JOIN custody u ON u.tenant_id = c.tenant_id AND u.child_id = c.id"
        );
        sql(app, &written).await;
    }
}

pub(crate) const NAMES: [&str; 6] = ["Zoe", "Änne", "Mia", "Mia", "Berta", "Anton"];

/// Six children with an accepted place, two at a facility each, all from the same day on.
pub(crate) async fn town(app: &TestApp) -> Client {
    let mut kitas = Vec::new();
    for name in ["Ölberg", "ahorn", "Ziegelhof"] {
        let kita = facility(app, name).await;
        for band in [AgeBand::Under3, AgeBand::Over3] {
            give_capacity(app, kita, band, 5).await;
        }
        kitas.push(kita);
    }
    for (n, name) in NAMES.into_iter().enumerate() {
        let parent = app.parent(&format!("parent{n}@example.org")).await;
        let family = Family {
            first_name: Some(name),
            account: parent.account,
            ..Family::default()
        };
        let family = waiting(app, &family, &[kitas[n % 3]]).await;
        let manager = app.manager(kitas[n % 3]).await;
        let offer = manager
            .create("/staff/offers", new_offer(family.preferences[0]))
            .await
            .ok();
        let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
        let version = offer["version"].as_i64().unwrap();
        parent.edit(Method::POST, &path, version, json!({})).await.ok();
    }
    app.clerk().await
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn offers_contracts_and_fees_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let clerk = town(&app).await;
    sql(
        &app,
        "UPDATE place_offer SET viewed_at = sent_at WHERE child_id IN (SELECT id FROM child WHERE first_name = 'Mia')",
    )
    .await;
    let orders: Orders<'_> = &[
        ("sent", "/sent_at"),
        ("child", "/child/label"),
        ("state", "/state"),
        ("deadline", "/deadline_on"),
        ("start", "/care_from"),
        ("hours", "/hours_per_week"),
        ("viewed", "/viewed_at"),
        ("facility", "/facility_name"),
    ];
    holds(&clerk, "/staff/offers", "id", orders).await;
    let orders: Orders<'_> = &[
        ("created", "/created_at"),
        ("child", "/child/label"),
        ("state", "/state"),
        ("start", "/care_from"),
        ("facility", "/facility_name"),
        ("provider", "/provider_name"),
    ];
    holds(&clerk, "/contracts", "id", orders).await;
    let orders: Orders<'_> = &[
        ("start", "/care_from"),
        ("child", "/child"),
        ("facility", "/facility_name"),
        ("hours", "/hours_per_week"),
    ];
    holds(&clerk, "/office/fees", "contract_id", orders).await;
    let first = clerk.get("/staff/offers?limit=2&sort=child").await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    for other in ["sort=child&direction=desc", "sort=start", ""] {
        let path = format!("/staff/offers?limit=2&{other}&cursor={cursor}");
        assert_eq!(clerk.get(&path).await.refused(400), "page.cursor", "{other}");
    }
    assert_eq!(clerk.get("/staff/offers?sort=rank").await.status, 400);
    let labels: Vec<Value> = walked(&clerk, "/contracts?sort=child").await;
    let labels: Vec<&str> = labels
        .iter()
        .map(|row| row["child"]["label"].as_str().unwrap())
        .collect();
    assert_eq!(
        labels,
        ["Änne B.", "Anton B.", "Berta B.", "Mia B.", "Mia B.", "Zoe B."],
        "as people look for a name"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn guests_movers_and_proposals_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let clerk = town(&app).await;
    sql(&app, GUESTS).await;
    let orders: Orders<'_> = &[
        ("noted", "/decide_by"),
        ("child", "/child"),
        ("home", "/home_name"),
        ("asked", "/asked_on"),
        ("decide", "/decide_by"),
    ];
    holds(&clerk, "/office/guests", "demand_id", orders).await;
    sql(&app, MOVERS).await;
    let orders: Orders<'_> = &[
        ("on", "/move_on"),
        ("child", "/child"),
        ("city", "/city"),
        ("area", "/area"),
    ];
    holds(&clerk, "/office/movers", "demand_id", orders).await;
    sql(&app, PROPOSALS).await;
    let orders: Orders<'_> = &[
        ("from", "/needed_from"),
        ("child", "/child"),
        ("facility", "/facility_name"),
        ("asked", "/created_at"),
        ("answered", "/answered_at"),
    ];
    holds(&clerk, "/office/followup-demands", "id", orders).await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn cases_and_staff_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let sun = facility(&app, "Kita Sonne").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, sun, band, 2).await;
    }
    for (points, name) in (0..).zip(NAMES) {
        child(&app, name, points, &[sun]).await;
    }
    let round = Round::proposed(&app).await;
    let orders: Orders<'_> = &[
        ("child", "/child/label"),
        ("facility", "/facility_id"),
        ("start", "/care_from"),
        ("born", "/child/birth_date"),
        ("reference", "/reference_code"),
    ];
    holds(&round.clerk, &round.path("/cases"), "id", orders).await;
    let gravity = walked(&round.clerk, &round.path("/cases")).await;
    let placed: Vec<bool> = gravity.iter().map(|case| !case["facility_id"].is_null()).collect();
    assert!(placed.is_sorted(), "the gravest first when nothing is said: {placed:?}");
    for (typed, count) in [("mia", 2), ("BRAUN", 6), ("ia", 0)] {
        let found = walked(&round.clerk, &round.path(&format!("/cases?q={typed}"))).await;
        assert_eq!(found.len(), count, "{typed}");
    }
    let code = gravity[3]["reference_code"].as_str().unwrap().to_lowercase();
    let found = walked(&round.clerk, &round.path(&format!("/cases?q={code}"))).await;
    assert_eq!((found.len(), &found[0]["id"]), (1, &gravity[3]["id"]));
    for _ in 0..4 {
        app.manager(sun).await;
    }
    let admin = app.admin().await;
    let orders: Orders<'_> = &[("email", "/email"), ("seen", "/last_seen_at")];
    holds(&admin, "/admin/staff", "account_id", orders).await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn mails_deviations_and_what_waits_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let clerk = town(&app).await;
    post(&app).await;
    let orders: Orders<'_> = &[
        ("created", "/created_at"),
        ("recipient", "/recipient_label"),
        ("reference", "/reference_code"),
        ("attempts", "/attempts"),
    ];
    holds(&clerk, "/office/dead-letters", "id", orders).await;
    let orders: Orders<'_> = &[
        ("created", "/created_at"),
        ("recipient", "/recipient_label"),
        ("reference", "/reference_code"),
        ("printed", "/printed_at"),
    ];
    holds(&clerk, "/office/letters?state=printed", "id", orders).await;
    sql(&app, PASSED_OVER).await;
    let orders: Orders<'_> = &[("at", "/at"), ("facility", "/facility_name"), ("position", "/position")];
    holds(&clerk, "/office/deviations", "id", orders).await;
    let orders: Orders<'_> = &[
        ("due", "/due_on"),
        ("child", "/child_label"),
        ("facility", "/facility_name"),
        ("since", "/since"),
    ];
    holds(&clerk, "/staff/inbox", "contract_id", orders).await;
    school_rule::set(&app, json!("02-28"), "08-01").await;
    let orders: Orders<'_> = &[
        ("facility", "/facility_name"),
        ("child", "/child"),
        ("start", "/care_from"),
        ("last", "/last_day"),
        ("next", "/usual_last_day"),
    ];
    holds(&clerk, "/office/contracts/school-rule", "contract_id", orders).await;
}

/// Six providers, a facility of one of them for each name, and places that were confirmed, long ago, or never.
pub(crate) async fn sites(app: &TestApp) -> Client {
    let admin = app.admin().await;
    for (name, kind) in [
        ("Öffentlich", "municipal"),
        ("ahorn e. V.", "welfare"),
        ("Zentrum", "commercial"),
        ("Kirche", "church"),
        ("Kirchenkreis", "church"),
        ("Verein", "welfare"),
    ] {
        let website = (kind == "church").then_some("https://kirche.example");
        let provider = json!({"name": name, "kind": kind, "website": website});
        admin.create("/admin/providers", provider).await.ok();
    }
    for (n, name) in (1..).zip(NAMES) {
        let site = facility(app, name).await;
        if n != 6 {
            give_capacity(app, site, AgeBand::Under3, n).await;
        }
    }
    sql(
        app,
        "UPDATE facility f
            SET provider_id = (SELECT p.id FROM provider p
                                WHERE p.tenant_id = f.tenant_id AND p.name = CASE WHEN f.name < 'N' THEN 'Kirche' ELSE 'Verein' END),
                kind = CASE WHEN f.name = 'Mia' THEN 'nursery' ELSE f.kind END, house_number = CASE WHEN f.name = 'Zoe' THEN '10' ELSE '9b' END,
                district = CASE WHEN f.name = 'Mia' THEN 'Öd' ELSE 'Nord' END, opens_at = CASE WHEN f.name = 'Berta' THEN time '06:30' END
          WHERE f.name <> 'Anton'",
    )
    .await;
    sql(
        app,
        "UPDATE place_pool q
            SET confirmed_on = CASE f.name WHEN 'Mia' THEN date '2027-01-20' WHEN 'Zoe' THEN date '2026-09-01' END
           FROM facility f
          WHERE f.tenant_id = q.tenant_id AND f.id = q.facility_id",
    )
    .await;
    admin
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn facilities_providers_and_invitations_come_once_each_in_every_order() {
    let app = TestApp::new().await;
    let admin = sites(&app).await;
    let orders: Orders<'_> = &[
        ("name", "/name"),
        ("provider", "/provider_name"),
        ("district", "/district"),
        ("opens", "/opens_at"),
        ("confirmed", "/confirmed_on"),
    ];
    holds(&admin, "/admin/facilities", "id", orders).await;
    let by_address = walked(&admin, "/admin/facilities?sort=address").await;
    let numbers: Vec<&str> = by_address.iter().map(|f| f["house_number"].as_str().unwrap()).collect();
    assert_eq!(
        numbers,
        ["1", "9b", "9b", "9b", "9b", "10"],
        "as one walks down a street"
    );
    let orders: Orders<'_> = &[
        ("name", "/name"),
        ("facilities", "/facility_count"),
        ("website", "/website"),
    ];
    holds(&admin, "/admin/providers", "id", orders).await;
    for (n, name) in NAMES.iter().enumerate() {
        let role = if n < 2 { "clerk" } else { "read_only" };
        let invitation = json!({"email": format!("{n}.{}@example.org", name.len()), "role": role, "language": "de"});
        let made = admin.create("/admin/invitations", invitation).await.ok();
        if *name == "Mia" {
            let path = format!("/admin/invitations/{}", made["id"].as_str().unwrap());
            assert_eq!(admin.delete(&path).await.status, 204);
        }
    }
    let orders: Orders<'_> = &[("expires", "/expires_at"), ("email", "/email"), ("state", "/state")];
    holds(&admin, "/admin/invitations", "id", orders).await;
    for (filter, count) in [
        ("state=revoked", 2),
        ("state=open&role=clerk", 2),
        ("email=%201.", 1),
        ("email=example.org", 0),
        ("state=expired", 0),
    ] {
        let found = walked(&admin, &format!("/admin/invitations?{filter}")).await;
        assert_eq!(found.len(), count, "{filter}: {found:?}");
    }
    app.at("2027-03-01T09:00:00Z");
    let late = app.admin().await;
    assert_eq!(walked(&late, "/admin/invitations?state=expired").await.len(), 4);
}
