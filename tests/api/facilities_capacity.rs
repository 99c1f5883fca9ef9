//! Places: held, occupied, given back; never more than are bookable.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kitaplatz::access::as_system;
use kitaplatz::facilities::{
    self, AgeBand, Basis, CapacityError, Contingent, HORIZON, NewFigure, months_after, months_between,
};
use kitaplatz::platform::ids::{FacilityId, OfferId};
use sqlx::Row;

use crate::support::TestApp;
use crate::support::facilities::{day, facility, facility_with_capacity, give_capacity, hold};

/// The stored pool of a facility: bookable places by month, per age band.
async fn pool(app: &TestApp, facility: FacilityId) -> BTreeMap<String, (NaiveDate, Vec<Option<i32>>)> {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let rows = sqlx::query(
            "SELECT age_band, base_month, bookable FROM place_pool WHERE tenant_id = $1 AND facility_id = $2",
        )
        .bind(tx.tenant_id().0)
        .bind(facility.0)
        .fetch_all(tx.conn())
        .await?;
        Ok::<_, sqlx::Error>(rows.iter().map(|r| (r.get(0), (r.get(1), r.get(2)))).collect())
    })
    .await
    .unwrap()
}

/// The same derived by the database itself, in other words than the product uses.
async fn derived(app: &TestApp, facility: FacilityId, base: NaiveDate) -> BTreeMap<String, Vec<Option<i32>>> {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let rows = sqlx::query(
            "SELECT b.age_band, array_agg(
                      (SELECT c.operable - c.occupied_external
                              - (SELECT COALESCE(sum(r.places), 0)::int FROM reserved_contingent r WHERE r.tenant_id = $1
                                    AND r.facility_id = $2 AND r.age_band = b.age_band AND r.valid_to >= m.month
                                    AND r.valid_from < m.month + interval '1 month')
                              - (SELECT count(*)::int FROM occupancy o WHERE o.tenant_id = $1 AND o.facility_id = $2
                                    AND o.age_band = b.age_band AND m.month >= o.from_month AND m.month < o.until_month)
                         FROM capacity c
                        WHERE c.tenant_id = $1 AND c.facility_id = $2 AND c.age_band = b.age_band AND c.from_month <= m.month
                        ORDER BY c.from_month DESC LIMIT 1) ORDER BY m.month)
               FROM (SELECT DISTINCT age_band FROM capacity WHERE tenant_id = $1 AND facility_id = $2) b
               CROSS JOIN (SELECT ($3::date + make_interval(months => n))::date AS month FROM generate_series(0, 83) n) m
              GROUP BY b.age_band",
        )
        .bind(tx.tenant_id().0)
        .bind(facility.0)
        .bind(base)
        .fetch_all(tx.conn())
        .await?;
        Ok::<_, sqlx::Error>(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
    })
    .await
    .unwrap()
}

async fn put(app: &TestApp, facility: FacilityId, band: AgeBand, figure: &NewFigure) -> Result<(), CapacityError> {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let seen = facilities::capacity_version(tx, facility).await?;
        facilities::put_figure(tx, facility, band, figure, seen).await
    })
    .await
}

async fn reserve(
    app: &TestApp,
    facility: FacilityId,
    contingents: &[Contingent],
    seen: i32,
) -> Result<(), CapacityError> {
    let basis = Basis {
        contingents: contingents.to_vec(),
        ..Basis::default()
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        facilities::put_basis(tx, facility, basis, seen).await
    })
    .await
}

async fn release(app: &TestApp, offer: OfferId) {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        facilities::release_place(tx, offer).await
    })
    .await
    .unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_permit_for_153_with_staff_for_120_and_120_contracts_has_no_free_place() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Park").await;
    let figure = NewFigure {
        operable: 120,
        operable_reason: Some("vier Stellen sind unbesetzt".into()),
        operable_since: Some(day("2027-01-01")),
        occupied_external: 120,
        ..NewFigure::of(day("2027-01-01"), 153)
    };
    put(&app, id, AgeBand::Over3, &figure).await.unwrap();
    assert_eq!(pool(&app, id).await["over3"].1, vec![Some(0); HORIZON]);
    let refused = hold(&app, id, "2023-05-01", "2027-08-01", "2029-08-01").await;
    assert!(matches!(
        refused,
        Err(CapacityError::NoPlace {
            band: AgeBand::Over3,
            ..
        })
    ));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_place_is_held_once_and_comes_back() {
    let app = TestApp::new().await;
    let id = facility_with_capacity(&app, AgeBand::Over3, 1).await;
    let first = hold(&app, id, "2023-05-01", "2027-08-01", "2029-08-01").await.unwrap();
    let free = pool(&app, id).await["over3"].1.clone();
    assert_eq!(
        (free[5], free[6], free[29], free[30]),
        (Some(1), Some(0), Some(0), Some(1))
    );
    let second = hold(&app, id, "2023-05-02", "2028-01-15", "2028-02-15").await;
    let Err(CapacityError::NoPlace { month, .. }) = second else {
        panic!("must be refused: {second:?}")
    };
    assert_eq!(month, day("2028-01-01"));
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        facilities::occupy_place(tx, first).await
    })
    .await
    .unwrap();
    assert_eq!(
        pool(&app, id).await["over3"].1,
        free,
        "a contract takes what the offer held"
    );
    release(&app, first).await;
    release(&app, first).await;
    assert_eq!(pool(&app, id).await["over3"].1, vec![Some(1); HORIZON]);
    hold(&app, id, "2023-05-02", "2028-01-15", "2028-02-15").await.unwrap();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_needs_a_place_in_each_band_it_grows_through() {
    let app = TestApp::new().await;
    let id = facility_with_capacity(&app, AgeBand::Under3, 5).await;
    // Three in March 2029: over three from April on.
    let unknown = hold(&app, id, "2026-03-10", "2027-08-01", "2032-08-01").await;
    assert!(matches!(unknown, Err(CapacityError::Unknown(AgeBand::Over3))));
    give_capacity(&app, id, AgeBand::Over3, 0).await;
    let full = hold(&app, id, "2026-03-10", "2027-08-01", "2032-08-01").await;
    let Err(CapacityError::NoPlace { band, month }) = full else {
        panic!("must be refused: {full:?}")
    };
    assert_eq!((band, month), (AgeBand::Over3, day("2029-04-01")));
    assert_eq!(
        pool(&app, id).await["under3"].1,
        vec![Some(5); HORIZON],
        "a refusal takes nothing"
    );
    hold(&app, id, "2026-03-10", "2027-08-01", "2029-04-01").await.unwrap();
    assert_eq!(pool(&app, id).await["under3"].1[6..26], [Some(4); 20]);
    assert_eq!(pool(&app, id).await["under3"].1[26], Some(5));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_figure_cannot_fall_below_what_was_promised() {
    let app = TestApp::new().await;
    let id = facility_with_capacity(&app, AgeBand::Over3, 2).await;
    for birth in ["2023-05-01", "2023-05-02"] {
        hold(&app, id, birth, "2027-08-01", "2028-08-01").await.unwrap();
    }
    let fewer = NewFigure::of(day("2027-10-17"), 1);
    let refused = put(&app, id, AgeBand::Over3, &fewer).await;
    assert!(
        matches!(
            refused,
            Err(CapacityError::BelowPromised {
                promised: 2,
                left: 1,
                ..
            })
        ),
        "{refused:?}"
    );
    put(&app, id, AgeBand::Over3, &NewFigure::of(day("2028-08-01"), 1))
        .await
        .unwrap();
    let free = pool(&app, id).await["over3"].1.clone();
    assert_eq!((free[17], free[18]), (Some(0), Some(1)));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_pool_moves_on_with_the_months() {
    let app = TestApp::new().await;
    let id = facility_with_capacity(&app, AgeBand::Over3, 3).await;
    hold(&app, id, "2023-05-01", "2027-08-01", "2028-08-01").await.unwrap();
    app.at("2027-07-31T22:30:00Z");
    // Not all that a night does: nobody wishes the place that is held here, so it would be given back.
    let jobs = kitaplatz::app::jobs();
    jobs.run_now(&app.platform, app.tenant.id, "RollPlacePools")
        .await
        .unwrap();
    let (base, free) = pool(&app, id).await.remove("over3").unwrap();
    assert_eq!(
        (base, free[0], free[11], free[12]),
        (day("2027-08-01"), Some(2), Some(2), Some(3))
    );
    assert_eq!(months_between(day("2027-02-01"), base), 6);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn after_any_sequence_of_commands_the_pool_is_what_figures_and_occupancy_say() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita Zufall").await;
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |n: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % n
    };
    let bands = [AgeBand::Under3, AgeBand::Over3, AgeBand::SchoolAge];
    let start = day("2027-01-01");
    let month = |n: u64| months_after(start, u32::try_from(n).unwrap());
    let (mut held, mut refused, mut changed) = (Vec::new(), 0, 0);
    let (mut contingents, mut version, mut given) = (Vec::new(), 0, 0);
    for step in 0..160 {
        match next(10) {
            0..=2 => {
                let licensed = i32::try_from(next(8)).unwrap();
                let (reserved, until) = (i32::try_from(next(3)).unwrap(), month(next(60)));
                let figure = NewFigure {
                    operable: licensed - i32::from(licensed > 2),
                    operable_reason: Some("krank".into()),
                    operable_since: Some(day("2027-01-01")),
                    occupied_external: i32::try_from(next(2)).unwrap(),
                    ..NewFigure::of(month(next(50)), licensed)
                };
                let band = bands[usize::try_from(next(3)).unwrap()];
                changed += i32::from(put(&app, id, band, &figure).await.is_ok());
                if reserved > 0 && figure.from_month <= until {
                    contingents.retain(|c: &Contingent| c.age_band != band);
                    contingents.push(Contingent {
                        age_band: band,
                        places: reserved,
                        purpose: "Betrieb".into(),
                        valid_from: figure.from_month,
                        valid_to: until,
                    });
                    if reserve(&app, id, &contingents, version).await.is_ok() {
                        version += 1;
                    } else {
                        contingents.pop();
                    }
                }
            }
            3..=7 => {
                let from = month(2 + next(40));
                let birth = from - chrono::Duration::days(i64::try_from(60 + next(2300)).unwrap());
                let until = from + chrono::Duration::days(i64::try_from(20 + next(900)).unwrap());
                match hold(&app, id, &birth.to_string(), &from.to_string(), &until.to_string()).await {
                    Ok(offer) => {
                        held.push(offer);
                        given += 1;
                    }
                    Err(CapacityError::NoPlace { .. } | CapacityError::Unknown(_)) => refused += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            _ if !held.is_empty() => {
                let at = usize::try_from(next(held.len() as u64)).unwrap();
                release(&app, held.swap_remove(at)).await;
            }
            _ => {}
        }
        if step % 8 == 7 {
            let stored = pool(&app, id).await;
            let wanted = derived(&app, id, day("2027-02-01")).await;
            let stored: BTreeMap<_, _> = stored.into_iter().map(|(band, (_, free))| (band, free)).collect();
            assert_eq!(stored, wanted, "after step {step}");
        }
    }
    assert!(
        given > 5 && refused > 5 && changed > 5 && version > 5,
        "{given} given, {refused} refused, {changed} changed, {version} reservations"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn many_hands_at_once_give_each_place_once() {
    let app = TestApp::new().await;
    let id = facility_with_capacity(&app, AgeBand::Over3, 5).await;
    let racers = (0..16).map(|_| hold(&app, id, "2023-05-01", "2027-08-01", "2029-08-01"));
    let outcomes = futures_util::future::join_all(racers).await;
    let won = outcomes.iter().filter(|o| o.is_ok()).count();
    for outcome in outcomes {
        assert!(
            matches!(outcome, Ok(_) | Err(CapacityError::NoPlace { .. })),
            "{outcome:?}"
        );
    }
    assert_eq!(won, 5);
    assert_eq!(pool(&app, id).await["over3"].1[6], Some(0));
}
