//! Contracts on their way: drafted from an accepted offer, sent, signed by guardians and the provider.

use kitaplatz::access::as_system;
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::facilities::{facility_with_capacity, give_capacity};
use super::families::{Family, enter};
use super::offers::{Wishes, act, new_offer};
use super::waiting::Waiting;
use super::{Answer, Client, TestApp};

/// A family with an accepted place at a facility, and the people there.
pub struct Placed {
    pub facility: FacilityId,
    pub manager: Client,
    pub family: Family,
    pub wishes: Wishes,
    /// Path of the contract below the tenant.
    pub path: String,
}

impl Placed {
    /// Jana Braun accepted the one place for Mia from 1 August 2027.
    pub async fn new(app: &TestApp) -> Self {
        Self::wishing(app, &[]).await
    }

    /// The same with further wishes.
    pub async fn wishing(app: &TestApp, more: &[FacilityId]) -> Self {
        let facility = facility_with_capacity(app, AgeBand::Under3, 1).await;
        give_capacity(app, facility, AgeBand::Over3, 1).await;
        let family = app.family("jana@example.org").await;
        let all: Vec<FacilityId> = [facility].into_iter().chain(more.iter().copied()).collect();
        let wishes = app.wishes(family.child, &all).await;
        let manager = app.manager(facility).await;
        let offer = manager
            .create("/staff/offers", new_offer(wishes.preferences[0]))
            .await
            .ok();
        let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
        let accepted = act(&family.parent, &path, 1, json!({})).await.ok();
        let path = format!("/contracts/{}", accepted["contract_id"].as_str().unwrap());
        Self {
            facility,
            manager,
            family,
            wishes,
            path,
        }
    }

    /// Moves the clock, runs what is due, and signs everybody in again: no session lives that long.
    pub async fn later(&mut self, app: &TestApp, instant: &str) {
        app.at(instant);
        self.manager = app.manager(self.facility).await;
        self.family.parent = app.parent("jana@example.org").await;
        app.run_periodic().await;
    }

    /// The contract as somebody sees it.
    pub async fn seen(&self, who: &Client) -> Value {
        who.get(&self.path).await.ok()
    }

    /// A step of the facility in the version that stands.
    pub async fn staff(&self, step: &str, body: Value) -> Answer {
        let version = self.seen(&self.manager).await["version"].as_i64().unwrap();
        let put = ["terms", "amendment", "measles-proof"].contains(&step);
        let method = if put { Method::PUT } else { Method::POST };
        self.manager
            .edit(method, &format!("/staff{}/{step}", self.path), version, body)
            .await
    }

    /// A step of a guardian in the version that stands.
    pub async fn guardian(&self, who: &Client, step: &str, body: Value) -> Answer {
        let version = self.seen(who).await["version"].as_i64().unwrap();
        act(who, &format!("{}/{step}", self.path), version, body).await
    }

    /// A code from the mail.
    pub async fn code(&self, app: &TestApp, who: &Client, email: &str) -> String {
        let asked = who.post(&format!("{}/code", self.path), json!({})).await;
        assert_eq!(asked.status, 204, "{}", String::from_utf8_lossy(&asked.bytes));
        app.link("contract_code", email).await
    }

    /// A guardian signs with a code from the mail.
    pub async fn sign(&self, app: &TestApp, who: &Client, email: &str) -> Answer {
        let code = self.code(app, who, email).await;
        self.guardian(who, "sign", json!({ "code": code })).await
    }

    /// Sent, signed by Jana, and by the facility.
    pub async fn both_sign(&self, app: &TestApp) -> Value {
        self.staff("send", json!({})).await.ok();
        self.sign(app, &self.family.parent, "jana@example.org").await.ok();
        self.staff("countersign", json!({})).await.ok()
    }

    /// Kai, the other guardian with an account.
    pub async fn second_guardian(&self, app: &TestApp, email: &str) -> Client {
        let second = app.parent(email).await;
        enter(&second, "Kai", "Sommer").await;
        let invitation = json!({"email": email, "child_ids": [self.family.child]});
        self.family
            .parent
            .create("/family/guardian-invitations", invitation)
            .await
            .ok();
        let token = app.link("guardian_invitation", email).await;
        let accepted = second
            .post("/family/guardian-invitations/accept", json!({ "token": token }))
            .await;
        assert_eq!(accepted.status, 204);
        second
    }
}

/// A contract of 40 hours from August 2027 on, with the accepted offer that it needs; it takes no place.
pub async fn bare(app: &TestApp, facility: FacilityId, made: &Waiting) -> Uuid {
    let id = kitaplatz::platform::ids::random_uuid();
    let offer = "INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                          hours_per_week, deadline_on, expires_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 'accepted', '2027-08-01', '2032-08-01', 40, '2027-02-11', $7, $7)";
    let contract = "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                               hours_per_week, created_at)
                    VALUES ($1, $2, $2, $3, $4, $5, 'drafted', '2027-08-01', '2032-08-01', 40, $6)";
    let accepted = "UPDATE facility_preference SET state = 'accepted' WHERE tenant_id = $1 AND id = $2";
    app.change(accepted, made.preferences[0].0).await;
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

/// The child of a contract would come to this facility.
pub const SWAP: &str = "
    WITH swap AS (INSERT INTO place_swap (tenant_id, id, state, swap_on, deadline_on, created_at)
                  VALUES ($1, gen_random_uuid(), 'open', '2027-09-01', '2027-02-20', '2027-02-01') RETURNING id)
    INSERT INTO place_swap_part (tenant_id, id, swap_id, position, contract_id, child_id, preference_id, from_facility_id, to_facility_id)
    SELECT k.tenant_id, gen_random_uuid(), swap.id, 1, k.id, k.child_id, o.preference_id, k.facility_id, k.facility_id
      FROM swap, care_contract k
      JOIN place_offer o ON o.tenant_id = k.tenant_id AND o.id = k.offer_id
     WHERE k.tenant_id = $1 AND k.id = $2";
