//! People with a session, made without hashing a password: `app.parent("…")`, `app.staff(&[…])`.

use std::sync::Arc;

use kitaplatz::access::{Role, TenantTx, as_system, cookie_name, start_session};
use kitaplatz::platform::db::TenantRef;
use kitaplatz::platform::ids::{AccountId, FacilityId, MembershipId, ProviderId};

use super::{Client, TestApp};

/// A role, with the provider or facility on which it is granted.
pub type Granted = (Role, Option<ProviderId>, Option<FacilityId>);

impl TestApp {
    /// A parent with a confirmed account and a session; the same address gives a new session of the same account.
    pub async fn parent(&self, email: &str) -> Client {
        self.parent_of(&self.tenant, email).await
    }

    /// The same in another tenant.
    pub async fn parent_of(&self, tenant: &Arc<TenantRef>, email: &str) -> Client {
        self.person(tenant, "parent", email, &[]).await
    }

    /// A member of staff with these roles and a session.
    pub async fn staff(&self, granted: &[Granted]) -> Client {
        self.staff_of(&self.tenant, granted).await
    }

    /// The same in another tenant.
    pub async fn staff_of(&self, tenant: &Arc<TenantRef>, granted: &[Granted]) -> Client {
        let email = format!("staff-{}@example.org", kitaplatz::platform::ids::random_uuid().simple());
        self.person(tenant, "staff", &email, granted).await
    }

    /// A tenant administrator.
    pub async fn admin(&self) -> Client {
        self.staff(&[(Role::TenantAdmin, None, None)]).await
    }

    /// A youth-office clerk.
    pub async fn clerk(&self) -> Client {
        self.staff(&[(Role::Clerk, None, None)]).await
    }

    /// A manager of one facility.
    pub async fn manager(&self, facility: FacilityId) -> Client {
        self.staff(&[(Role::FacilityManager, None, Some(facility))]).await
    }

    async fn person(&self, tenant: &Arc<TenantRef>, kind: &str, email: &str, granted: &[Granted]) -> Client {
        let (account, session) = as_system(&self.platform, tenant, "test_person", async |tx| {
            let account = account(tx, kind, email).await?;
            for granted in granted {
                grant(tx, account, granted).await?;
            }
            let session = start_session(tx, account, kind == "staff", false, "tests").await?;
            Ok::<_, sqlx::Error>((account, session))
        })
        .await
        .unwrap();
        let mut client = self.client_of(tenant);
        client.cookie = Some(format!("{}={}", cookie_name(&tenant.slug), session.token));
        client.account = Some(account);
        client
    }
}

async fn account(tx: &mut TenantTx, kind: &str, email: &str) -> Result<AccountId, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let id: uuid::Uuid = sqlx::query_scalar(
        "INSERT INTO account (tenant_id, id, email, email_confirmed_at, kind, created_at) VALUES ($1, $2, $3, $4, $5, $4)
         ON CONFLICT (tenant_id, email) WHERE state <> 'closed' DO UPDATE SET email_confirmed_at = $4
         RETURNING id",
    )
    .bind(tenant.0)
    .bind(AccountId::new().0)
    .bind(email)
    .bind(now)
    .bind(kind)
    .fetch_one(tx.conn())
    .await?;
    Ok(AccountId(id))
}

async fn grant(tx: &mut TenantTx, account: AccountId, granted: &Granted) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query(
        "INSERT INTO membership (tenant_id, id, account_id, role, provider_id, facility_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(tenant.0)
    .bind(MembershipId::new().0)
    .bind(account.0)
    .bind(granted.0.as_str())
    .bind(granted.1.map(|p| p.0))
    .bind(granted.2.map(|f| f.0))
    .bind(now)
    .execute(tx.conn())
    .await
    .map(|_| ())
}
