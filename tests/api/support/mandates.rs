//! Mandates written straight into the tables: for tests that begin after the giving.

use chrono::NaiveDate;
use kitaplatz::access::{TenantTx, as_system};
use kitaplatz::platform::ids::{AccountId, ChildId, GuardianId, MandateId};
use reqwest::Method;

use super::facilities::day;
use super::{Client, TestApp};

/// Somebody who acts by the mandate of this guardian for one child.
pub async fn acting(app: &TestApp, guardian: GuardianId, child: ChildId, email: &str) -> (Client, MandateId) {
    let client = app.parent(email).await;
    let given = mandate(app, guardian, child, email, client.account).await;
    let path = format!("/mandates/{given}/act");
    assert_eq!(client.send(Method::POST, &path, None, &[]).await.status, 204);
    (client, given)
}

/// A mandate of this guardian for one child; with an account it is accepted, else offered to the address.
pub async fn mandate(
    app: &TestApp,
    guardian: GuardianId,
    child: ChildId,
    email: &str,
    account: Option<AccountId>,
) -> MandateId {
    let id = MandateId::new();
    as_system(&app.platform, &app.tenant, "test_mandate", async |tx| {
        insert(tx, id, guardian, email, account, day("2027-12-31")).await?;
        sqlx::query("INSERT INTO mandate_child (tenant_id, mandate_id, child_id) VALUES ($1, $2, $3)")
            .bind(tx.tenant_id().0)
            .bind(id.0)
            .bind(child.0)
            .execute(tx.conn())
            .await
    })
    .await
    .unwrap();
    id
}

async fn insert(
    tx: &mut TenantTx,
    id: MandateId,
    guardian: GuardianId,
    email: &str,
    account: Option<AccountId>,
    until: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id().0, tx.now(), tx.today());
    sqlx::query(
        "INSERT INTO mandate (tenant_id, id, guardian_id, name, email, may_act, valid_from, valid_until, created_at, account_id, accepted_at)
         VALUES ($1, $2, $3, 'Frau Ay', $4, true, $5, $6, $7, $8, CASE WHEN $8::uuid IS NOT NULL THEN $7 END)",
    )
    .bind(tenant)
    .bind(id.0)
    .bind(guardian.0)
    .bind(email)
    .bind(today)
    .bind(until)
    .bind(now)
    .bind(account.map(|account| account.0))
    .execute(tx.conn())
    .await
    .map(|_| ())
}
