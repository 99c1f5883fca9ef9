//! At a childminder's, children who follow one another in a day share a place, and there are never more at the same time than may be.

use kitaplatz::access::as_system;
use kitaplatz::facilities::{self, AgeBand, CapacityError, Stay};
use kitaplatz::platform::ids::{ChildId, FacilityId};
use serde_json::json;

use crate::support::contracts::Placed;
use crate::support::facilities::{bare_offer, day, facility, give_capacity};
use crate::support::offers::new_offer;
use crate::support::rounds::{Round, reasons};
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp};

/// Makes a facility a childminder's, who may have so many children at the same time.
async fn licensed(app: &TestApp, facility: FacilityId, places: i32) {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query("UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2")
            .bind(tenant)
            .bind(facility.0)
            .execute(tx.conn())
            .await?;
        sqlx::query(
            "INSERT INTO childminder_licence (tenant_id, facility_id, valid_from, valid_to, places)
             VALUES ($1, $2, '2026-01-01', '2035-12-31', $3)",
        )
        .bind(tenant)
        .bind(facility.0)
        .bind(places)
        .execute(tx.conn())
        .await
    })
    .await
    .unwrap();
}

/// Holds a place from February to July for a child of one, at these times of day or all day.
async fn hold(app: &TestApp, at: FacilityId, times: Option<(&str, &str)>) -> Result<(), CapacityError> {
    hold_in(app, at, times, ("2027-02-01", "2027-08-01")).await
}

async fn hold_in(
    app: &TestApp,
    at: FacilityId,
    times: Option<(&str, &str)>,
    (from, until): (&str, &str),
) -> Result<(), CapacityError> {
    let stay = Stay {
        child: ChildId::new(),
        birth: day("2026-01-10"),
        from: day(from),
        until: day(until),
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let offer = bare_offer(tx, at, &stay).await?;
        let (tenant, times) = (tx.tenant_id().0, times.unzip());
        sqlx::query(
            "UPDATE place_offer SET window_from = $3::time, window_to = $4::time WHERE tenant_id = $1 AND id = $2",
        )
        .bind(tenant)
        .bind(offer.0)
        .bind(times.0)
        .bind(times.1)
        .execute(tx.conn())
        .await?;
        facilities::hold_place(tx, at, offer, stay).await
    })
    .await
}

async fn bookable(who: &Client, at: FacilityId) -> serde_json::Value {
    let forecast = who.get(&format!("/staff/forecast?facility_id={at}")).await.ok();
    forecast["bands"][0]["months"][0]["bookable"].clone()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_of_the_morning_and_one_of_the_afternoon_share_a_place_and_a_third_at_once_has_none() {
    let app = TestApp::new().await;
    let tina = facility(&app, "Tina Tagesmutter").await;
    licensed(&app, tina, 2).await;
    give_capacity(&app, tina, AgeBand::Under3, 5).await;
    let admin = app.admin().await;
    hold(&app, tina, Some(("07:00", "12:00"))).await.unwrap();
    hold(&app, tina, Some(("12:00", "17:00"))).await.unwrap();
    assert_eq!(
        app.bookable(tina, "under3", "2027-02-01").await,
        1,
        "two children, one place"
    );
    assert_eq!(bookable(&admin, tina).await, 1, "the forecast reads the same");
    hold(&app, tina, None).await.unwrap();
    assert_eq!(app.bookable(tina, "under3", "2027-02-01").await, 0);
    assert_eq!(app.bookable(tina, "under3", "2027-08-01").await, 2);
    for times in [None, Some(("08:00", "11:00")), Some(("11:59", "12:00"))] {
        let third = hold(&app, tina, times).await;
        assert!(
            matches!(third, Err(CapacityError::NoPlace { .. })),
            "{times:?}: {third:?}"
        );
    }
    hold(&app, tina, Some(("17:00", "18:00"))).await.unwrap();
    let capacity = admin.get(&format!("/staff/facilities/{tina}/capacity")).await.ok();
    assert_eq!(
        capacity["presence"],
        json!({"children": 4, "at_once": 2, "all_day": 1, "contracts_total": null, "contracts_left": null, "week": [{"weekdays": [1, 2, 3, 4, 5], "times": [
            {"from": "07:00:00", "to": "12:00:00", "children": 2},
            {"from": "12:00:00", "to": "17:00:00", "children": 2},
            {"from": "17:00:00", "to": "18:00:00", "children": 2}]}]})
    );
    assert_eq!(capacity["bands"][0]["months"][0]["held"], 2, "so many places are taken");
    let counted: i64 = as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query_scalar("SELECT app.present_at_once($1, $2, '2027-02-01')")
            .bind(tx.tenant_id().0)
            .bind(tina.0)
            .fetch_one(tx.conn())
            .await
    })
    .await
    .unwrap();
    assert_eq!(counted, 2, "a round counts alike");
    let kita = facility(&app, "Kita Sonne").await;
    give_capacity(&app, kita, AgeBand::Under3, 1).await;
    hold(&app, kita, Some(("07:00", "12:00"))).await.unwrap();
    let second = hold(&app, kita, Some(("12:00", "17:00"))).await;
    assert!(
        matches!(second, Err(CapacityError::NoPlace { .. })),
        "a place of a daycare centre is one child's"
    );
    let capacity = admin.get(&format!("/staff/facilities/{kita}/capacity")).await.ok();
    assert!(capacity["presence"].is_null());
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn times_cannot_grow_into_those_of_another_child() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    licensed(&app, placed.facility, 1).await;
    let terms = |to: &str| json!({"care_from": "2027-08-01", "hours_per_week": 40, "window_from": "08:00", "window_to": to, "settling_in_weeks": 4});
    placed.staff("terms", terms("14:00")).await.ok();
    let stay = Stay {
        child: ChildId::new(),
        birth: day("2026-01-10"),
        from: day("2027-09-01"),
        until: day("2027-11-01"),
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let offer = bare_offer(tx, placed.facility, &stay).await?;
        sqlx::query(
            "UPDATE place_offer SET window_from = '14:00', window_to = '17:00' WHERE tenant_id = $1 AND id = $2",
        )
        .bind(tx.tenant_id().0)
        .bind(offer.0)
        .execute(tx.conn())
        .await?;
        facilities::hold_place(tx, placed.facility, offer, stay).await
    })
    .await
    .unwrap();
    assert_eq!(
        placed.staff("terms", terms("15:00")).await.refused(409),
        "contract.no_place"
    );
    placed.staff("terms", terms("13:00")).await.ok();
}

/// From Monday on: on each of these days from one time to another.
fn days(all: &[(u32, &str, &str)]) -> serde_json::Value {
    let day = |(weekday, from, to): &(u32, &str, &str)| json!({"weekday": weekday, "from": from, "to": to});
    all.iter().map(day).collect()
}

/// Most children at the same time in a month, as SQL counts them.
async fn counted(app: &TestApp, at: FacilityId, month: &str) -> i64 {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query_scalar("SELECT app.present_at_once($1, $2, $3)")
            .bind(tx.tenant_id().0)
            .bind(at.0)
            .bind(day(month))
            .fetch_one(tx.conn())
            .await
    })
    .await
    .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_childminder_who_is_full_on_mondays_has_room_on_fridays() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    licensed(&app, placed.facility, 1).await;
    let terms = |week: serde_json::Value| json!({"care_from": "2027-08-01", "week": week, "settling_in_weeks": 4});
    let four = days(&[
        (1, "08:00", "14:00"),
        (2, "08:00", "14:00"),
        (3, "08:00", "14:00"),
        (4, "08:00", "12:00"),
    ]);
    placed.staff("terms", terms(four.clone())).await.ok();
    let month = ("2027-09-01", "2027-10-01");
    let whole_week = hold_in(&app, placed.facility, Some(("13:00", "15:00")), month).await;
    assert!(
        matches!(whole_week, Err(CapacityError::NoPlace { .. })),
        "an offer without a week is one of every day, and from Monday to Wednesday somebody is there until two: {whole_week:?}"
    );
    hold_in(&app, placed.facility, Some(("14:00", "16:00")), month)
        .await
        .unwrap();
    assert_eq!(counted(&app, placed.facility, "2027-09-01").await, 1);
    let friday = |from| days(&[(1, "08:00", "14:00"), (5, from, "14:00")]);
    placed.staff("terms", terms(friday("07:00"))).await.ok();
    let into_the_other = days(&[(1, "08:00", "14:00"), (5, "07:00", "14:30")]);
    let refused = placed.staff("terms", terms(into_the_other)).await.refused(409);
    assert_eq!(refused, "contract.no_place", "on Friday the other child comes at two");
    placed.staff("terms", terms(four)).await.ok();
    // Agreed changes count with what was agreed before: from the earliest to the latest of each day.
    placed.both_sign(&app).await;
    let amended = |week: serde_json::Value| json!({"valid_from": "2028-03-01", "week": week});
    placed.staff("amendment", amended(friday("09:00"))).await.ok();
    placed.staff("send", json!({})).await.ok();
    let on = json!({"signed_on": "2027-02-01"});
    placed.staff("paper-signature", on).await.ok();
    placed.staff("countersign", json!({})).await.ok();
    let seen = placed
        .manager
        .get(&format!("/staff/facilities/{}/capacity", placed.facility))
        .await
        .ok();
    assert_eq!(seen["presence"]["week"], json!([]), "care begins in August");
    let week: Vec<Option<chrono::NaiveTime>> = as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query_scalar(
            "SELECT a.week
               FROM app.agreed_weeks($1, ARRAY[$2::uuid]) a
               JOIN care_contract k ON k.tenant_id = $1 AND k.offer_id = a.offer_id",
        )
        .bind(tx.tenant_id().0)
        .bind(placed.facility.0)
        .fetch_one(tx.conn())
        .await
    })
    .await
    .unwrap();
    let shown: Vec<String> = week
        .chunks(2)
        .map(|pair| {
            pair.iter()
                .flatten()
                .map(|t| t.format("%H").to_string())
                .collect::<Vec<_>>()
                .join("-")
        })
        .collect();
    assert_eq!(shown, ["08-14", "08-14", "08-14", "08-12", "09-14"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_childminder_who_is_full_from_monday_to_thursday_offers_the_friday() {
    let app = TestApp::new().await;
    let placed = Placed::new(&app).await;
    licensed(&app, placed.facility, 1).await;
    let four: Vec<_> = (1..=4).map(|weekday| (weekday, "08:00", "14:00")).collect();
    let terms = json!({"care_from": "2027-08-01", "week": days(&four), "settling_in_weeks": 4});
    placed.staff("terms", terms).await.ok();
    let waiting = waiting(&app, &Family::default(), &[placed.facility]).await;
    let offer = |week: serde_json::Value| {
        let mut new = new_offer(waiting.preferences[0]);
        for derived in ["hours_per_week", "window_from", "window_to"] {
            new.as_object_mut().unwrap().remove(derived);
        }
        new["week"] = week;
        placed.manager.create("/staff/offers", new)
    };
    let every_day = placed
        .manager
        .create("/staff/offers", new_offer(waiting.preferences[0]))
        .await;
    assert_eq!(every_day.refused(409), "offer.no_place");
    let thursday = days(&[(4, "13:30", "16:00"), (5, "08:00", "12:30")]);
    assert_eq!(offer(thursday).await.refused(409), "offer.no_place");
    let friday = days(&[(4, "14:00", "16:00"), (5, "08:00", "12:30")]);
    let sent = offer(friday.clone()).await.ok();
    let times = ["hours_per_week", "window_from", "window_to"].map(|field| &sent[field]);
    assert_eq!(
        times,
        [&json!(7), &json!("08:00"), &json!("16:00")],
        "the begun hour counts"
    );
    assert_eq!(sent["week"], friday);
    assert_eq!(counted(&app, placed.facility, "2027-09-01").await, 1);
    let case = placed
        .manager
        .get(&format!("/staff/preferences/{}", waiting.preferences[0]))
        .await
        .ok();
    assert_eq!(case["open_offer"]["week"], friday, "the case names the days");
    let month = ("2027-09-01", "2027-10-01");
    let refused = hold_in(&app, placed.facility, Some(("15:00", "17:00")), month).await;
    assert!(matches!(refused, Err(CapacityError::NoPlace { .. })), "{refused:?}");
    hold_in(&app, placed.facility, Some(("16:00", "17:00")), month)
        .await
        .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_licence_can_bound_the_contracts_in_all_beside_the_children_at_once() {
    let app = TestApp::new().await;
    let tina = facility(&app, "Tina Tagesmutter").await;
    licensed(&app, tina, 2).await;
    give_capacity(&app, tina, AgeBand::Under3, 5).await;
    let admin = app.admin().await;
    let version = admin.get(&format!("/facilities/{tina}")).await.ok()["version"].clone();
    let licence = |total: i32| json!({"licence": {"valid_from": "2026-01-01", "valid_to": "2035-12-31", "places": 2, "contracts_total": total}});
    let path = format!("/admin/facilities/{tina}");
    let version = version.as_i64().unwrap();
    let few = admin
        .edit(reqwest::Method::PATCH, &path, version, licence(1))
        .await
        .faults();
    assert_eq!(few, [("/licence/contracts_total".into(), "out_of_range".into())]);
    admin
        .edit(reqwest::Method::PATCH, &path, version, licence(3))
        .await
        .ok();
    hold(&app, tina, Some(("07:00", "12:00"))).await.unwrap();
    hold(&app, tina, Some(("12:00", "17:00"))).await.unwrap();
    assert_eq!(app.bookable(tina, "under3", "2027-02-01").await, 1);
    hold(&app, tina, Some(("17:00", "18:00"))).await.unwrap();
    // There is one child at the same time, and two may be there, but the licence names three contracts.
    assert_eq!(app.bookable(tina, "under3", "2027-02-01").await, 0);
    assert_eq!(bookable(&admin, tina).await, 0, "the forecast reads the same");
    let fourth = hold(&app, tina, Some(("18:00", "19:00"))).await;
    assert!(matches!(fourth, Err(CapacityError::ContractsFull { .. })), "{fourth:?}");
    let capacity = admin.get(&format!("/staff/facilities/{tina}/capacity")).await.ok();
    assert_eq!(
        (
            &capacity["presence"]["contracts_total"],
            &capacity["presence"]["contracts_left"]
        ),
        (&json!(3), &json!(0))
    );
    assert_eq!(capacity["bands"][0]["months"][0]["limited_by"], "contracts");
    assert_eq!(
        app.bookable(tina, "under3", "2027-08-01").await,
        2,
        "afterwards nobody is there"
    );
    for times in [("06:00", "07:00"), ("07:00", "08:00"), ("08:00", "09:00")] {
        hold_in(&app, tina, Some(times), ("2027-08-01", "2027-09-01"))
            .await
            .unwrap();
    }
    let family = app.family("jana@example.org").await;
    let wishes = app.wishes(family.child, &[tina]).await;
    let manager = app.manager(tina).await;
    let offer = manager.create("/staff/offers", new_offer(wishes.preferences[0])).await;
    assert_eq!(offer.refused(409), "capacity.contracts_full");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_round_gives_no_more_places_than_the_licence_names_contracts() {
    let app = TestApp::new().await;
    let tina = facility(&app, "Tina Tagesmutter").await;
    licensed(&app, tina, 3).await;
    let bound = "UPDATE childminder_licence SET contracts_total = 3 WHERE tenant_id = $1 AND facility_id = $2";
    app.change(bound, tina.0).await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, tina, band, 5).await;
    }
    // Two who follow one another share a place: two more could be there at the same time, but the licence names three contracts.
    for times in [("07:00", "12:00"), ("12:00", "17:00")] {
        hold_in(&app, tina, Some(times), ("2027-08-01", "2028-08-01"))
            .await
            .unwrap();
    }
    let mut demands = Vec::new();
    for birth in ["2026-09-14", "2026-09-15", "2023-09-14", "2023-09-15"] {
        let family = Family {
            birth: day(birth),
            ..Family::default()
        };
        demands.push(waiting(&app, &family, &[tina]).await.demand);
    }
    let round = Round::proposed(&app).await;
    let mut placed = 0;
    for demand in demands {
        let case = round.case(demand).await;
        placed += usize::from(case["case"]["facility_id"] == json!(tina));
        let reasons = reasons(&case);
        assert!(reasons == ["placed"] || reasons == ["full"], "{reasons:?}");
    }
    assert_eq!(placed, 1, "of either band one would fit, together one");
}
