//! Logins of the demo: all with one password, whose hash is computed once. Everything else goes through the API.

use std::sync::Arc;

use crate::access::{Role, TenantTx, as_system, cookie_name, start_session};
use crate::platform::Platform;
use crate::platform::db::TenantRef;
use crate::platform::ids::{AccountId, FacilityId, GuardianId, MembershipId, ProviderId};

/// The password of every login of the demo. It is printed and public; such accounts exist in no other database.
pub(super) const PASSWORD: &str = "Beispiel-Kita-2026";

/// On what a role is granted.
pub(super) enum Grant {
    Parent,
    Tenant(Role),
    Provider(ProviderId),
    Facility(Role, FacilityId),
}

/// Makes a login and gives back its id.
pub(super) async fn make(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    hash: &str,
    email: &str,
    name: Option<&str>,
    grant: &Grant,
) -> Result<AccountId, sqlx::Error> {
    as_system(platform, tenant, "demo", async |tx| {
        let kind = if matches!(grant, Grant::Parent) {
            "parent"
        } else {
            "staff"
        };
        let id = insert_account(tx, hash, email, name, kind).await?;
        match grant {
            Grant::Parent => {}
            Grant::Tenant(role) => insert_membership(tx, id, *role, None, None).await?,
            Grant::Provider(provider) => {
                insert_membership(tx, id, Role::ProviderManager, Some(*provider), None).await?
            }
            Grant::Facility(role, facility) => insert_membership(tx, id, *role, None, Some(*facility)).await?,
        }
        Ok(id)
    })
    .await
}

/// Whether this login exists: the last one that is made tells that a town is complete.
pub(super) async fn exists(platform: &Platform, tenant: &Arc<TenantRef>, email: &str) -> Result<bool, sqlx::Error> {
    as_system(platform, tenant, "demo", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM account WHERE tenant_id = $1 AND email = $2) AS "found!""#,
            tenant.0,
            email
        )
        .fetch_one(tx.conn())
        .await
    })
    .await
}

/// The account of a guardian, who may have none.
pub(super) async fn of_guardian(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    guardian: GuardianId,
) -> Result<Option<AccountId>, sqlx::Error> {
    as_system(platform, tenant, "demo", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query_scalar!(
            r#"SELECT account_id AS "account: AccountId" FROM guardian WHERE tenant_id = $1 AND id = $2"#,
            tenant.0,
            guardian.0
        )
        .fetch_one(tx.conn())
        .await
    })
    .await
}

/// Starts a session and gives back its cookie.
pub(super) async fn sign_in(
    platform: &Platform,
    tenant: &Arc<TenantRef>,
    account: AccountId,
    is_staff: bool,
) -> Result<String, sqlx::Error> {
    let session = as_system(platform, tenant, "demo", async |tx| {
        start_session(tx, account, is_staff, false, "demo").await
    })
    .await?;
    Ok(format!("{}={}", cookie_name(&tenant.slug), session.token))
}

/// Ends all sessions, so that nobody finds the demo's own ones among hers.
pub(super) async fn end_sessions(platform: &Platform, tenant: &Arc<TenantRef>) -> Result<(), sqlx::Error> {
    as_system(platform, tenant, "demo", async |tx| {
        let tenant = tx.tenant_id();
        sqlx::query!("DELETE FROM session WHERE tenant_id = $1", tenant.0)
            .execute(tx.conn())
            .await?;
        Ok(())
    })
    .await
}

async fn insert_account(
    tx: &mut TenantTx,
    hash: &str,
    email: &str,
    name: Option<&str>,
    kind: &str,
) -> Result<AccountId, sqlx::Error> {
    let (tenant, now, id) = (tx.tenant_id(), tx.now(), AccountId::new());
    sqlx::query!(
        "INSERT INTO account (tenant_id, id, email, email_confirmed_at, password_hash, kind, display_name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $4)",
        tenant.0,
        id.0,
        email,
        now,
        hash,
        kind,
        name
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

async fn insert_membership(
    tx: &mut TenantTx,
    account: AccountId,
    role: Role,
    provider: Option<ProviderId>,
    facility: Option<FacilityId>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO membership (tenant_id, id, account_id, role, provider_id, facility_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        MembershipId::new().0,
        account.0,
        role.as_str(),
        provider.map(|p| p.0),
        facility.map(|f| f.0),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
