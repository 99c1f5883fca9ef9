//! Contracts that stand in the database without anybody having offered a place.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::FacilityId;
use uuid::Uuid;

use super::TestApp;
use super::waiting::Waiting;

/// A contract of 40 hours from August 2027 on, with the accepted offer that it needs; it takes no place.
pub async fn bare(app: &TestApp, facility: FacilityId, made: &Waiting) -> Uuid {
    let id = kitaplatz::platform::ids::random_uuid();
    let offer = "INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                          hours_per_week, deadline_on, expires_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 'accepted', '2027-08-01', '2032-08-01', 40, '2027-02-11', $7, $7)";
    let contract = "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                               hours_per_week, created_at)
                    VALUES ($1, $2, $2, $3, $4, $5, 'drafted', '2027-08-01', '2032-08-01', 40, $6)";
    as_system(&app.platform, &app.tenant, "test_contract", async |tx| {
        let (tenant, now) = (tx.tenant_id().0, tx.now());
        sqlx::query(offer)
            .bind(tenant)
            .bind(id)
            .bind(made.demand.0)
            .bind(made.preferences[0].0)
            .bind(facility.0)
            .bind(made.child.0)
            .bind(now)
            .execute(tx.conn())
            .await?;
        sqlx::query(contract)
            .bind(tenant)
            .bind(id)
            .bind(made.demand.0)
            .bind(made.child.0)
            .bind(facility.0)
            .bind(now)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
    id
}
