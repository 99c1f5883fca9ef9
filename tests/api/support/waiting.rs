//! Families whose demand waits at facilities, written straight into the tables: for tests that begin after the sending.

use std::sync::Arc;

use chrono::NaiveDate;
use kitaplatz::access::{TenantTx, as_system};
use kitaplatz::platform::db::TenantRef;
use kitaplatz::platform::ids::{AccountId, ChildId, DemandId, FacilityId, GuardianId, HouseholdId, PreferenceId};
use reqwest::Method;
use serde_json::Value;

use super::facilities::day;
use super::{Client, TestApp};

/// What a test wants of a family; the rest is the same for all.
#[derive(Clone)]
pub struct Family<'a> {
    pub first_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub birth: NaiveDate,
    pub start: NaiveDate,
    pub hours: i32,
    pub points: i32,
    pub state: &'a str,
    pub received_at: &'a str,
    pub due: &'a str,
    pub legal_claim: bool,
    pub address_protected: bool,
    pub street: &'a str,
    pub account: Option<AccountId>,
    pub email: Option<&'a str>,
}

impl Default for Family<'_> {
    fn default() -> Self {
        Self {
            first_name: Some("Mia"),
            last_name: Some("Braun"),
            birth: day("2026-03-14"),
            start: day("2027-08-01"),
            hours: 40,
            points: 0,
            state: "confirmed",
            received_at: "2027-01-10T08:00:00Z",
            due: "2027-02-21",
            legal_claim: false,
            address_protected: false,
            street: "Lindenweg",
            account: None,
            email: None,
        }
    }
}

/// The ids of what was made; one preference a facility, in the order given.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub child: ChildId,
    pub guardian: GuardianId,
    pub household: HouseholdId,
    pub demand: DemandId,
    pub code: String,
    pub preferences: Vec<PreferenceId>,
}

/// Makes a family with a demand at these facilities.
pub async fn waiting(app: &TestApp, family: &Family<'_>, facilities: &[FacilityId]) -> Waiting {
    waiting_in(app, &app.tenant, family, facilities).await
}

/// The same in another tenant.
pub async fn waiting_in(
    app: &TestApp,
    tenant: &Arc<TenantRef>,
    family: &Family<'_>,
    facilities: &[FacilityId],
) -> Waiting {
    as_system(&app.platform, tenant, "test_family", async |tx| {
        insert(tx, family, facilities).await
    })
    .await
    .unwrap()
}

async fn insert(tx: &mut TenantTx, family: &Family<'_>, facilities: &[FacilityId]) -> Result<Waiting, sqlx::Error> {
    let made = people(tx, family).await?;
    let (tenant, now) = (tx.tenant_id().0, tx.now());
    let received: chrono::DateTime<chrono::Utc> = family.received_at.parse().unwrap();
    let sent = (family.state != "draft").then_some(received);
    // The points of the test stand; only a set that is published counts anew.
    sqlx::query(
        "INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week, legal_claim,
                                  legal_claim_asserted_at, legal_due_on, created_at, submitted_at, updated_at, scored_on)
         VALUES ($1, $2, $3, $4, $5, 'nursery', $6, $7, $8, CASE WHEN $8 THEN $9 END, CASE WHEN $8 THEN $6 END, $9, $10, $11,
                 '2099-01-01')",
    )
    .bind(tenant)
    .bind(made.demand.0)
    .bind(made.child.0)
    .bind(sent.map(|_| made.code.clone()))
    .bind(family.state)
    .bind(family.start)
    .bind(family.hours)
    .bind(family.legal_claim)
    .bind(received)
    .bind(sent)
    .bind(now)
    .execute(tx.conn())
    .await?;
    for (n, (facility, id)) in facilities.iter().zip(&made.preferences).enumerate() {
        sqlx::query(
            "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, points, received_at, answer_due_on,
                                              state_since)
             VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 = 'draft' THEN 'draft' ELSE 'received' END, $7, $8, $9, $10)",
        )
        .bind(tenant)
        .bind(id.0)
        .bind(made.demand.0)
        .bind(facility.0)
        .bind(i32::try_from(n).unwrap() + 1)
        .bind(family.state)
        .bind(family.points)
        .bind(sent)
        .bind(day(family.due))
        .bind(received)
        .execute(tx.conn())
        .await?;
    }
    let count = facilities.len();
    Ok(Waiting {
        preferences: made.preferences.into_iter().take(count).collect(),
        ..made
    })
}

async fn people(tx: &mut TenantTx, family: &Family<'_>) -> Result<Waiting, sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id().0, tx.now(), tx.today());
    let demand = DemandId::new();
    let hex = demand.0.simple().to_string().to_uppercase();
    let made = Waiting {
        child: ChildId::new(),
        guardian: GuardianId::new(),
        household: HouseholdId::new(),
        demand,
        code: format!("{}-{}", &hex[..4], &hex[4..8]),
        preferences: (0..20).map(|_| PreferenceId::new()).collect(),
    };
    sqlx::query(
        "INSERT INTO household (tenant_id, id, street, house_number, postal_code, city, address_protected)
         VALUES ($1, $2, $3, '4a', '04109', 'Musterstadt', $4)",
    )
    .bind(tenant)
    .bind(made.household.0)
    .bind(family.street)
    .bind(family.address_protected)
    .execute(tx.conn())
    .await?;
    let guardian: uuid::Uuid = sqlx::query_scalar(
        "INSERT INTO guardian (tenant_id, id, account_id, household_id, first_name, last_name, email, phone)
         VALUES ($1, $2, $3, $4, 'Jana', 'Braun', $5, '0341 123456')
         ON CONFLICT (tenant_id, account_id) DO UPDATE SET household_id = $4 RETURNING id",
    )
    .bind(tenant)
    .bind(made.guardian.0)
    .bind(family.account.map(|a| a.0))
    .bind(made.household.0)
    .bind(family.email)
    .fetch_one(tx.conn())
    .await?;
    let born = family.birth <= today;
    sqlx::query(
        "INSERT INTO child (tenant_id, id, household_id, first_name, last_name, birth_date, expected_birth_date, created_at)
         VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN $7 END, CASE WHEN NOT $6 THEN $7 END, $8)",
    )
    .bind(tenant)
    .bind(made.child.0)
    .bind(made.household.0)
    .bind(family.first_name)
    .bind(family.last_name)
    .bind(born)
    .bind(family.birth)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from) VALUES ($1, gen_random_uuid(), $2, $3, $4)",
    )
    .bind(tenant)
    .bind(made.child.0)
    .bind(guardian)
    .bind(today)
    .execute(tx.conn())
    .await?;
    Ok(Waiting {
        guardian: GuardianId(guardian),
        ..made
    })
}

/// A child with a legal claim who waits at these facilities.
pub async fn child(app: &TestApp, name: &str, points: i32, facilities: &[FacilityId]) -> Waiting {
    let family = Family {
        first_name: Some(name),
        points,
        legal_claim: true,
        ..Family::default()
    };
    waiting(app, &family, facilities).await
}

/// Makes two children siblings.
pub async fn link(app: &TestApp, a: ChildId, b: ChildId) {
    as_system(&app.platform, &app.tenant, "test_siblings", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query(
            "INSERT INTO sibling_link (tenant_id, child_id, sibling_id) VALUES ($1, least($2, $3), greatest($2, $3))",
        )
        .bind(tenant)
        .bind(a.0)
        .bind(b.0)
        .execute(tx.conn())
        .await
    })
    .await
    .unwrap();
}

/// A step of the facility on a preference, taken.
pub async fn answer(
    manager: &Client,
    preference: impl std::fmt::Display,
    step: &str,
    version: i64,
    body: Value,
) -> Value {
    let path = format!("/staff/preferences/{preference}/{step}");
    manager.edit(Method::POST, &path, version, body).await.ok()
}

/// Changes rows for which the product has no operation.
pub async fn sql(app: &TestApp, statement: &str) {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
}
