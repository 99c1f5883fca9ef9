//! Facilities with places, and what takes one, for the tests of all slices.

use chrono::NaiveDate;
use kitaplatz::access::{TenantTx, as_system};
use kitaplatz::facilities::{self, AgeBand, CapacityError, NewFigure, Stay};
use kitaplatz::platform::ids::{ChildId, DemandId, FacilityId, OfferId, PreferenceId};

use super::TestApp;

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A facility without known capacity.
pub async fn facility(app: &TestApp, name: &str) -> FacilityId {
    let id = FacilityId::new();
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query(
            "INSERT INTO facility (tenant_id, id, name, kind, care_types, street, house_number, postal_code, city, latitude, longitude,
                                   search_text, created_at)
             VALUES ($1, $2, $3, 'daycare', '{nursery,kindergarten}', 'Musterstraße', '1', '04109', 'Musterstadt', 51.34, 12.37,
                     app.norm($3), $4)",
        )
        .bind(tx.tenant_id().0)
        .bind(id.0)
        .bind(name)
        .bind(tx.now())
        .execute(tx.conn())
        .await
        .map(|_| ())
    })
    .await
    .unwrap();
    id
}

/// A facility with this many places in one age band from January 2027 on, all run and none taken.
pub async fn facility_with_capacity(app: &TestApp, band: AgeBand, places: i32) -> FacilityId {
    let id = facility(app, "Kita Sonnenschein").await;
    give_capacity(app, id, band, places).await;
    id
}

/// Gives a facility places in one age band from January 2027 on; several bands one after another.
pub async fn give_capacity(app: &TestApp, facility: FacilityId, band: AgeBand, places: i32) {
    let figure = NewFigure::of(day("2027-01-01"), places);
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let seen = facilities::capacity_version(tx, facility).await?;
        facilities::put_figure(tx, facility, band, &figure, seen).await
    })
    .await
    .unwrap();
}

/// The row of a sent offer and all that it hangs on, without any effect on places. Its deadline is the end of the stay, so that no job
/// that looks after offers touches it.
pub async fn bare_offer(tx: &mut TenantTx, facility: FacilityId, stay: &Stay) -> Result<OfferId, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id().0, tx.now());
    let (demand, preference, offer) = (DemandId::new(), PreferenceId::new(), OfferId::new());
    let code = demand.to_string().to_uppercase();
    let code = format!("{}-{}", &code[..4], &code[4..8]);
    sqlx::query("INSERT INTO child (tenant_id, id, birth_date, created_at) VALUES ($1, $2, $3, $4)")
        .bind(tenant)
        .bind(stay.child.0)
        .bind(stay.birth)
        .bind(now)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week, created_at,
                                  submitted_at, updated_at)
         VALUES ($1, $2, $3, $4, 'confirmed', 'nursery', $5, 40, $6, $6, $6)",
    )
    .bind(tenant)
    .bind(demand.0)
    .bind(stay.child.0)
    .bind(code)
    .bind(stay.from)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, received_at, state_since)
         VALUES ($1, $2, $3, $4, 1, 'received', $5, $5)",
    )
    .bind(tenant)
    .bind(preference.0)
    .bind(demand.0)
    .bind(facility.0)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                  hours_per_week, deadline_on, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'sent', $7, $8, 40, $8, $8::date::timestamptz, $9)",
    )
    .bind(tenant)
    .bind(offer.0)
    .bind(demand.0)
    .bind(preference.0)
    .bind(facility.0)
    .bind(stay.child.0)
    .bind(stay.from)
    .bind(stay.until)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(offer)
}

/// Makes an offer's row and holds a place for it, in one transaction.
pub async fn hold(
    app: &TestApp,
    facility: FacilityId,
    birth: &str,
    from: &str,
    until: &str,
) -> Result<OfferId, CapacityError> {
    let stay = Stay {
        child: ChildId::new(),
        birth: day(birth),
        from: day(from),
        until: day(until),
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let offer = bare_offer(tx, facility, &stay).await?;
        facilities::hold_place(tx, facility, offer, stay).await?;
        Ok(offer)
    })
    .await
}
