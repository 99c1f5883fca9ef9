//! Another rule of school entry: standing contracts are shown before and after, and follow by a change that both sides sign.

use chrono::NaiveDate;
use kitaplatz::access::{Role, as_system};
use kitaplatz::facilities::{self, AgeBand, FacilityKind, NewFigure, Stay, school_entry, usual_end};
use kitaplatz::platform::ids::{ChildId, FacilityId, OfferId};
use kitaplatz::tenancy::SchoolRule;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::contracts::{Placed, bare};
use crate::support::facilities::{bare_offer, day, facility, give_capacity};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp};

const LIST: &str = "/office/contracts/school-rule";

fn preview(key: &str, start: &str) -> String {
    format!("/admin/settings/school-rule?school_key_day={key}&kita_year_start={start}")
}

async fn admin(app: &TestApp) -> Client {
    app.staff(&[(Role::TenantAdmin, None, None)]).await
}

/// The municipality's rule from today on.
pub(crate) async fn set(app: &TestApp, key: Value, start: &str) {
    let admin = admin(app).await;
    let body = admin.get("/admin/settings").await.ok();
    let mut settings = body["current"]["settings"].clone();
    settings["after"]["school_key_day"] = key;
    settings["kita_year_start"] = json!(start);
    let edit = json!({"valid_from": "2027-02-01", "settings": settings});
    let version = body["version"].as_i64().unwrap();
    admin.edit(Method::PUT, "/admin/settings", version, edit).await.ok();
}

fn id_of(placed: &Placed) -> Uuid {
    placed.path.rsplit('/').next().unwrap().parse().unwrap()
}

async fn draft(app: &TestApp, ids: Value) -> Value {
    let clerk = app.clerk().await;
    clerk.create(LIST, json!({ "contract_ids": ids })).await.ok()
}

/// What became of a contract.
fn hindrance(answer: &Value, id: Uuid) -> Value {
    let items = answer["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["contract_id"] == json!(id));
    item.unwrap()["hindrance"].clone()
}

/// Sent, signed on paper, countersigned.
async fn agree(placed: &Placed) -> Value {
    placed.staff("send", json!({})).await.ok();
    let paper = json!({"signed_on": "2027-02-01"});
    placed.staff("paper-signature", paper).await.ok();
    placed.staff("countersign", json!({})).await.ok()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_later_entry_is_shown_before_it_is_set_and_contracts_follow_when_both_have_signed() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    let (admin, clerk) = (admin(&app).await, app.clerk().await);
    let same = admin.get(&preview("06-30", "08-01")).await.ok();
    assert_eq!((&same["total"], &same["items"]), (&json!(0), &json!([])));
    let later = admin.get(&preview("02-28", "08-01")).await.ok();
    assert_eq!(
        (&later["total"], &later["children"], &later["individual"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let item = &later["items"][0];
    assert_eq!(
        (&item["last_day"], &item["usual_last_day"], &item["hindrance"]),
        (&json!("2032-07-31"), &json!("2033-07-31"), &Value::Null)
    );
    assert_eq!(
        (&item["child"], &item["state"]),
        (&json!("Mia B."), &json!("signed_by_provider"))
    );
    assert_eq!(clerk.get(&preview("02-28", "08-01")).await.status, 403);
    let wrong = admin.get(&preview("31-12", "08-01")).await.faults();
    assert_eq!(wrong, [("/school_key_day".into(), "invalid".into())]);
    let wrong = admin.get(&preview("", "02-29")).await.faults();
    assert_eq!(wrong, [("/kita_year_start".into(), "invalid".into())]);
    let empty = clerk.get(LIST).await.ok();
    assert_eq!((&empty["total"], &empty["items"]), (&json!(0), &json!([])));

    set(&app, json!("02-28"), "08-01").await;
    let old = clerk.get(LIST).await.ok();
    assert_eq!((&old["total"], &old["items"]), (&json!(1), &later["items"]));
    let dashboard = clerk.get("/office/dashboard").await.ok();
    assert_eq!(dashboard["exceptions"]["old_school_ends"], 1);
    assert_eq!(placed.seen(&placed.manager).await["care_until"], "2032-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2032-08-01").await, 1);

    let id = id_of(&placed);
    let missing = json!({"contract_ids": [id, kitaplatz::platform::ids::random_uuid()]});
    assert_eq!(clerk.create(LIST, missing).await.status, 404);
    let drafted = draft(&app, json!([id])).await;
    assert_eq!((&drafted["drafted"], hindrance(&drafted, id)), (&json!(1), Value::Null));
    assert_eq!(clerk.get(LIST).await.ok()["items"][0]["hindrance"], "change_open");
    let again = draft(&app, Value::Null).await;
    assert_eq!(
        (&again["drafted"], hindrance(&again, id)),
        (&json!(0), json!("change_open"))
    );
    let seen = placed.seen(&placed.manager).await;
    let change = &seen["amendments"][0];
    assert_eq!(
        (&change["state"], &change["valid_from"], &change["after"]["last_day"]),
        (&json!("drafted"), &json!("2027-08-01"), &json!("2033-07-31"))
    );
    assert_eq!(seen["care_until"], "2032-08-01", "nothing changes by itself");
    let inbox = placed.manager.get("/staff/inbox?kind=contract").await.ok();
    assert_eq!(
        inbox["items"][0]["contract_id"],
        json!(id),
        "the facility sees what to send"
    );
    let agreed = agree(&placed).await;
    assert_eq!(agreed["care_until"], "2033-08-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2033-07-01").await, 0);
    let done = clerk.get(LIST).await.ok();
    assert_eq!((&done["total"], &done["individual"]), (&json!(0), &json!(0)));
    let gone = draft(&app, json!([id])).await;
    assert_eq!(
        (&gone["drafted"], hindrance(&gone, id)),
        (&json!(0), json!("not_listed"))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_earlier_start_of_the_year_frees_the_place_when_it_is_signed() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    set(&app, Value::Null, "07-01").await;
    let open = app.clerk().await.get(LIST).await.ok();
    assert_eq!(open["items"][0]["hindrance"], "not_agreed");
    let refused = draft(&app, json!([id_of(&placed)])).await;
    assert_eq!(hindrance(&refused, id_of(&placed)), "not_agreed");
    placed.both_sign(&app).await;
    let drafted = draft(&app, Value::Null).await;
    assert_eq!(drafted["drafted"], 1);
    assert_eq!(app.bookable(placed.facility, "over3", "2032-07-01").await, 0);
    assert_eq!(agree(&placed).await["care_until"], "2032-07-01");
    assert_eq!(app.bookable(placed.facility, "over3", "2032-07-01").await, 1);
}

/// A running contract from August 2027 to August 2032 that has its place.
async fn running(app: &TestApp, at: FacilityId, child: &Waiting, until: &str) -> Uuid {
    let id = bare(app, at, child).await;
    let stay = Stay {
        child: child.child,
        birth: day("2026-03-14"),
        from: day("2027-08-01"),
        until: day(until),
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let offer = OfferId(id);
        facilities::hold_place(tx, at, offer, stay).await?;
        facilities::occupy_place(tx, offer).await?;
        sqlx::query(
            "UPDATE care_contract SET state = 'signed_by_provider', care_until = $3 WHERE tenant_id = $1 AND id = $2",
        )
        .bind(tx.tenant_id().0)
        .bind(id)
        .bind(day(until))
        .execute(tx.conn())
        .await?;
        Ok::<_, kitaplatz::facilities::CapacityError>(())
    })
    .await
    .unwrap();
    id
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_later_end_needs_a_place_beside_those_of_the_others_and_own_ends_are_left_alone() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Sonne").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, kita, band, 3).await;
    }
    let mut all = Vec::new();
    for (name, until) in [("Mia", "2032-08-01"), ("Ben", "2032-08-01"), ("Ida", "2031-08-01")] {
        let child = Family {
            first_name: Some(name),
            ..Family::default()
        };
        let child = waiting(&app, &child, &[kita]).await;
        all.push((running(&app, kita, &child, until).await, child));
    }
    // From the old end on there is one place for the two.
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let seen = facilities::capacity_version(tx, kita).await?;
        let figure = NewFigure::of(day("2032-08-01"), 1);
        facilities::put_figure(tx, kita, AgeBand::Over3, &figure, seen).await
    })
    .await
    .unwrap();
    set(&app, json!("02-28"), "08-01").await;
    let list = app.clerk().await.get(&format!("{LIST}?limit=1")).await.ok();
    assert_eq!(
        (&list["total"], &list["children"], &list["individual"]),
        (&json!(2), &json!(2), &json!(1))
    );
    let cursor = list["next_cursor"].as_str().unwrap();
    let next = app
        .clerk()
        .await
        .get(&format!("{LIST}?limit=1&cursor={cursor}"))
        .await
        .ok();
    assert_ne!(next["items"][0]["contract_id"], list["items"][0]["contract_id"]);
    assert!(next["next_cursor"].is_null());
    let drafted = draft(&app, json!([all[0].0, all[1].0, all[2].0])).await;
    assert_eq!(drafted["drafted"], 1, "{drafted}");
    let mut said = [hindrance(&drafted, all[0].0), hindrance(&drafted, all[1].0)];
    said.sort_by_key(|word| word.is_null());
    assert_eq!(said, [json!("no_place"), Value::Null]);
    assert_eq!(hindrance(&drafted, all[2].0), "not_listed", "agreed for Ida alone");
    assert_eq!(
        app.bookable(kita, "over3", "2032-09-01").await,
        1,
        "a draft takes nothing"
    );
    let drafts = "SELECT count(*)::text FROM contract_amendment WHERE tenant_id = $1 AND state = 'drafted' AND contract_id <> $2";
    assert_eq!(app.value(drafts, all[2].0).await.as_deref(), Some("1"));
    // A decision on school entry goes before any rule.
    let path = format!("/office/children/{}/school-entry", all[1].1.child);
    let early = json!({"kind": "early", "decided_on": "2027-01-20"});
    app.clerk().await.create(&path, early).await.ok();
    assert_eq!(app.clerk().await.get(LIST).await.ok()["total"], 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_with_another_contract_after_the_old_end_is_no_candidate() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    placed.both_sign(&app).await;
    // Elsewhere, from the old end on.
    let stay = Stay {
        child: ChildId::new(),
        birth: day("2026-03-14"),
        from: day("2032-08-01"),
        until: day("2036-08-01"),
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let offer = bare_offer(tx, placed.facility, &stay).await?;
        sqlx::query(
            "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                        hours_per_week, created_at)
             SELECT $1, $2, $2, o.demand_id, $3, o.facility_id, 'signed_by_provider', $4, $5, 20, o.created_at
               FROM place_offer o WHERE o.tenant_id = $1 AND o.id = $2",
        )
        .bind(tx.tenant_id().0)
        .bind(offer.0)
        .bind(placed.family.child.0)
        .bind(stay.from)
        .bind(stay.until)
        .execute(tx.conn())
        .await
    })
    .await
    .unwrap();
    set(&app, json!("02-28"), "08-01").await;
    let drafted = draft(&app, json!([id_of(&placed)])).await;
    assert_eq!(hindrance(&drafted, id_of(&placed)), "overlaps");
}

/// Children born on days near a leap day, a key day or the turn of a year, who begin in every month of ten years.
const ENDS: &str = "SELECT birth::date, starts::date, nursery, app.usual_end(birth::date, starts::date, nursery, $2, $3)
       FROM generate_series(timestamp '2018-01-01', '2024-12-31', '1 day') birth,
            generate_series(timestamp '2020-01-01', '2033-01-01', '1 month') starts,
            (VALUES (true), (false)) kinds (nursery)
      WHERE to_char(birth, 'MMDD') IN ('0101', '0228', '0229', '0301', '0630', '0701', '0930', '1001', '1231') AND $1::int IS NOT NULL";

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_database_counts_the_usual_end_as_the_application_does() {
    let app = TestApp::new().await;
    let rules = [
        ((6, 30), (8, 1)),
        ((9, 30), (9, 1)),
        ((2, 28), (8, 15)),
        ((3, 1), (7, 1)),
    ];
    for (six_by, begins) in rules {
        type Row = (NaiveDate, NaiveDate, bool, NaiveDate);
        let rule = SchoolRule { six_by, begins };
        let rows: Vec<Row> = as_system(&app.platform, &app.tenant, "test", async |tx| {
            let query = sqlx::query_as(ENDS).bind(tx.tenant_id().0);
            let query = query.bind(rule.six_by_number()).bind(rule.begins_number());
            query.fetch_all(tx.conn()).await
        })
        .await
        .unwrap();
        assert!(rows.len() > 15_000, "{}", rows.len());
        for (birth, starts, nursery, end) in rows {
            let kind = nursery.then_some(FacilityKind::Nursery);
            let expected = usual_end(birth, starts, school_entry(birth, rule), kind, &[]);
            assert_eq!(
                end, expected,
                "born {birth}, from {starts}, nursery {nursery}, {rule:?}"
            );
        }
    }
}
