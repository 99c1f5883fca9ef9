//! SQL of providers.

use crate::access::TenantTx;
use crate::facilities::catalogue::model::ProviderInput;
use crate::platform::ids::ProviderId;

/// Whether it was inserted; a provider of this name is left as it is.
pub(in crate::facilities::catalogue) async fn insert_provider(
    tx: &mut TenantTx,
    id: ProviderId,
    new: &ProviderInput,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO provider (tenant_id, id, name, kind, website)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, name) DO NOTHING",
        tenant.0,
        id.0,
        new.name,
        new.kind as _,
        new.website
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

pub(in crate::facilities::catalogue) async fn provider_version(
    tx: &mut TenantTx,
    id: ProviderId,
) -> Result<Option<i32>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM provider WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

pub(in crate::facilities::catalogue) async fn name_is_taken(
    tx: &mut TenantTx,
    id: ProviderId,
    name: &str,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM provider WHERE tenant_id = $1 AND name = $3 AND id <> $2) AS "taken!""#,
        tenant.0,
        id.0,
        name
    )
    .fetch_one(tx.conn())
    .await
}

pub(in crate::facilities::catalogue) async fn update_provider(
    tx: &mut TenantTx,
    id: ProviderId,
    new: &ProviderInput,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE provider
            SET name = $3, kind = $4, website = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        new.name,
        new.kind as _,
        new.website
    )
    .execute(tx.conn())
    .await?;
    // The provider's name is found by the search too.
    sqlx::query!(
        "UPDATE facility f
            SET search_text = app.norm(concat_ws(' ', f.name, f.street, f.house_number, f.postal_code, f.city, f.district, $3::text))
          WHERE f.tenant_id = $1 AND f.provider_id = $2",
        tenant.0,
        id.0,
        new.name
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
