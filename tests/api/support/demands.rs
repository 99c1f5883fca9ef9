//! Demands of families: `app.demand("…")` fills one in, `submit` sends it.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::{ChildId, DemandId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use super::facilities::facility;
use super::families::id;
use super::{Answer, Client, TestApp, urls};

/// A demand with the parent who wrote it and the facilities that it wishes, in order.
pub struct Demand {
    pub parent: Client,
    pub child: ChildId,
    pub id: DemandId,
    pub facilities: Vec<FacilityId>,
}

impl TestApp {
    /// A complete draft of a new family that wishes two new facilities.
    pub async fn demand(&self, email: &str) -> Demand {
        let facilities = vec![facility(self, "Kita Ahorn").await, facility(self, "Kita Birke").await];
        self.demand_for(email, &facilities).await
    }

    /// A complete draft of a new family that wishes these facilities.
    pub async fn demand_for(&self, email: &str, facilities: &[FacilityId]) -> Demand {
        let family = self.family(email).await;
        let body = json!({"child_id": family.child});
        let demand = Demand {
            id: id(&family.parent.create("/demands", body).await.ok()["id"]),
            parent: family.parent,
            child: family.child,
            facilities: facilities.to_vec(),
        };
        demand.change(complete()).await.ok();
        demand.wish(facilities).await.ok();
        demand
    }

    /// A sent and confirmed demand of a new family.
    pub async fn sent_demand(&self, email: &str, facilities: &[FacilityId]) -> Demand {
        let demand = self.demand_for(email, facilities).await;
        demand.submit().await.ok();
        demand
    }
}

/// What a complete demand says.
pub fn complete() -> Value {
    json!({"care_type": "nursery", "desired_start": "2027-09-01", "hours_per_week": 40, "window_from": "07:30",
           "window_to": "16:00", "legal_claim": true})
}

impl Demand {
    pub fn path(&self) -> String {
        format!("/demands/{}", self.id)
    }

    pub async fn get(&self) -> Value {
        self.parent.get(&self.path()).await.ok()
    }

    pub async fn version(&self) -> i64 {
        self.get().await["version"].as_i64().unwrap()
    }

    /// A change of the newest version.
    pub async fn change(&self, body: Value) -> Answer {
        self.parent
            .edit(Method::PATCH, &self.path(), self.version().await, body)
            .await
    }

    /// Puts the wishes over the newest version.
    pub async fn wish(&self, facilities: &[FacilityId]) -> Answer {
        let path = format!("{}/preferences", self.path());
        let body = json!({"facility_ids": facilities});
        self.parent.edit(Method::PUT, &path, self.version().await, body).await
    }

    pub async fn submit(&self) -> Answer {
        self.parent.create(&format!("{}/submit", self.path()), json!({})).await
    }

    pub async fn withdraw(&self) -> Answer {
        let path = format!("{}/withdraw", self.path());
        self.parent
            .edit(Method::POST, &path, self.version().await, json!({}))
            .await
    }

    /// Moves the family to another postal code.
    pub async fn lives_at(&self, postal_code: &str) {
        let family = self.parent.get("/family").await.ok();
        let version = family["household"]["version"].as_i64().unwrap();
        let home = json!({"street": "Lindenweg", "house_number": "4a", "postal_code": postal_code, "city": "Anderswo"});
        let answer = self.parent.edit(Method::PUT, "/family/household", version, home);
        answer.await.ok();
    }

    /// Facility and state of each preference, in the order shown.
    pub async fn states(&self) -> Vec<(FacilityId, String)> {
        let body = self.get().await;
        let of = |p: &Value| (id(&p["facility_id"]), p["state"].as_str().unwrap().to_owned());
        body["preferences"].as_array().unwrap().iter().map(of).collect()
    }
}

/// Codes that Germany does not have, because other tests import the real ones: 00998 lies elsewhere, 00997 on both sides of the border;
/// 00996 nobody knows.
pub async fn postal_codes(app: &TestApp) {
    let district = &app.tenant.ags[..5];
    let mut ops = PgConnection::connect(&urls().ops).await.unwrap();
    for (code, place, ags) in [
        ("00998", "Anderswo", "16061"),
        ("00997", "Grenzdorf", "16061"),
        ("00997", "Grenzstadt", district),
    ] {
        sqlx::query(
            "INSERT INTO app.postal_code (code, place, district_ags, latitude, longitude) VALUES ($1, $2, $3, 0, 0)
             ON CONFLICT DO NOTHING",
        )
        .bind(code)
        .bind(place)
        .bind(ags)
        .execute(&mut ops)
        .await
        .unwrap();
    }
}

/// The points of a demand's preferences in the parents' order.
pub async fn points(app: &TestApp, demand: &Demand) -> Vec<i32> {
    as_system(&app.platform, &app.tenant, "test_points", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar(
            "SELECT points FROM facility_preference WHERE tenant_id = $1 AND demand_id = $2 ORDER BY rank",
        )
        .bind(tenant.0)
        .bind(demand.id.0)
        .fetch_all(tx.conn())
        .await
    })
    .await
    .unwrap()
}

/// Puts other settings in force from today on.
pub async fn with_settings(app: &TestApp, changes: Value) {
    as_system(&app.platform, &app.tenant, "test_settings", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query("UPDATE tenant_settings SET settings = settings || $2 WHERE tenant_id = $1")
            .bind(tenant.0)
            .bind(changes)
            .execute(tx.conn())
            .await
            .map(|_| ())
    })
    .await
    .unwrap();
}

/// What stands in the outbox of one kind.
pub async fn outbox(app: &TestApp, kind: &str) -> Vec<Value> {
    as_system(&app.platform, &app.tenant, "test_outbox", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar(
            "SELECT context FROM notification WHERE tenant_id = $1 AND kind = $2 ORDER BY created_at, id",
        )
        .bind(tenant.0)
        .bind(kind)
        .fetch_all(tx.conn())
        .await
    })
    .await
    .unwrap()
}
