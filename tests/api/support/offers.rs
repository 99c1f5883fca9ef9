//! Children with wishes, ready to be offered a place.

use kitaplatz::access::{TenantTx, as_system};
use kitaplatz::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId};
use serde_json::{Value, json};

use super::{Client, TestApp};

/// A confirmed demand with its preferences in order.
pub struct Wishes {
    pub demand: DemandId,
    pub preferences: Vec<PreferenceId>,
}

impl TestApp {
    /// A confirmed demand of a child that wishes these facilities in this order.
    pub async fn wishes(&self, child: ChildId, facilities: &[FacilityId]) -> Wishes {
        as_system(&self.platform, &self.tenant, "test", async |tx| {
            wish(tx, child, facilities).await
        })
        .await
        .unwrap()
    }

    /// One value of one row, as the application sees it.
    pub async fn value(&self, sql: &'static str, id: uuid::Uuid) -> Option<String> {
        as_system(&self.platform, &self.tenant, "test", async |tx| {
            sqlx::query_scalar::<_, Option<String>>(sql)
                .bind(tx.tenant_id().0)
                .bind(id)
                .fetch_one(tx.conn())
                .await
        })
        .await
        .unwrap()
    }

    /// Changes rows for which the product has no operation.
    pub async fn change(&self, sql: &'static str, id: uuid::Uuid) {
        as_system(&self.platform, &self.tenant, "test", async |tx| {
            sqlx::query(sql)
                .bind(tx.tenant_id().0)
                .bind(id)
                .execute(tx.conn())
                .await
                .map(|_| ())
        })
        .await
        .unwrap();
    }

    /// A preference's state.
    pub async fn preference_state(&self, id: PreferenceId) -> String {
        let sql = "SELECT state FROM facility_preference WHERE tenant_id = $1 AND id = $2";
        self.value(sql, id.0).await.unwrap()
    }

    /// A demand's state.
    pub async fn demand_state(&self, id: DemandId) -> String {
        let sql = "SELECT state FROM care_demand WHERE tenant_id = $1 AND id = $2";
        self.value(sql, id.0).await.unwrap()
    }

    /// Bookable places of a facility in its first month and band, as the search would say.
    pub async fn bookable(&self, facility: FacilityId, band: &str, month: &str) -> i64 {
        let (band, month) = (band.to_owned(), super::facilities::day(month));
        as_system(&self.platform, &self.tenant, "test", async |tx| {
            sqlx::query_scalar::<_, i32>(
                "SELECT bookable[(extract(year FROM age($4, base_month)) * 12 + extract(month FROM age($4, base_month)))::int + 1]
                   FROM place_pool WHERE tenant_id = $1 AND facility_id = $2 AND age_band = $3",
            )
            .bind(tx.tenant_id().0)
            .bind(facility.0)
            .bind(band)
            .bind(month)
            .fetch_one(tx.conn())
            .await
        })
        .await
        .map(i64::from)
        .unwrap()
    }
}

/// What a manager sends to offer a place from 1 August 2027.
pub fn new_offer(preference: PreferenceId) -> Value {
    json!({"preference_id": preference, "care_from": "2027-08-01", "care_until": null, "hours_per_week": 40,
        "window_from": "08:00", "window_to": "16:00", "deadline_days": null})
}

/// Answers an offer (or anything) with the version that the person saw.
pub async fn act(client: &Client, path: &str, version: i64, body: Value) -> super::Answer {
    client.edit(reqwest::Method::POST, path, version, body).await
}

async fn wish(tx: &mut TenantTx, child: ChildId, facilities: &[FacilityId]) -> Result<Wishes, sqlx::Error> {
    let (tenant, now, demand) = (tx.tenant_id().0, tx.now(), DemandId::new());
    let code = demand.to_string().to_uppercase();
    sqlx::query(
        "INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week, created_at,
                                  submitted_at, confirmed_at, updated_at)
         VALUES ($1, $2, $3, $4, 'confirmed', 'nursery', '2027-08-01', 40, $5, $5, $5, $5)",
    )
    .bind(tenant)
    .bind(demand.0)
    .bind(child.0)
    .bind(format!("{}-{}", &code[..4], &code[4..8]))
    .bind(now)
    .execute(tx.conn())
    .await?;
    let mut preferences = Vec::new();
    for (n, facility) in facilities.iter().enumerate() {
        let id = PreferenceId::new();
        sqlx::query(
            "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, received_at, state_since)
             VALUES ($1, $2, $3, $4, $5, 'received', $6, $6)",
        )
        .bind(tenant)
        .bind(id.0)
        .bind(demand.0)
        .bind(facility.0)
        .bind(i32::try_from(n + 1).unwrap())
        .bind(now)
        .execute(tx.conn())
        .await?;
        preferences.push(id);
    }
    Ok(Wishes { demand, preferences })
}
