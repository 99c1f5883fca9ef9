//! The operator's commands on tenants: list with counts, make, change.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::Value;

use super::http::{NewTenantBody, TenantEdit, TenantUsage, TenantsQuery};
use super::model::{OperatorError, host_name};
use super::session::{Operator, ops};
use super::store::{self, TenantFilter};
use crate::access::{TenantTx, as_system};
use crate::identity;
use crate::platform::fields::{Fields, Invalid, normalised_email};
use crate::platform::http::{ApiError, Body, Page, beginning};
use crate::tenancy::{self, NewTenant, TenancyError};

/// Tenants in the order asked for, with counts.
pub(super) async fn list(operator: &Operator, query: TenantsQuery) -> Result<Page<TenantUsage>, ApiError> {
    let filter = TenantFilter {
        slug: None,
        state: query.state,
        q: beginning(query.q),
        order: query.order.order()?,
    };
    let rows = store::tenants(ops(&operator.platform)?, &filter).await?;
    Ok(filter.order.page(rows).map(|row| row.usage))
}

/// Makes a tenant and invites its first administrator. Invitation and answer are kept in the new tenant in one transaction: a repeated
/// request gets the answer again, one that was cut short before is carried on, and another for the same slug is refused.
pub(super) async fn create(
    operator: &Operator,
    key: Option<&str>,
    body: &Body<NewTenantBody>,
) -> Result<HttpResponse, ApiError> {
    let key = key
        .filter(|k| (8..=64).contains(&k.len()) && k.is_ascii())
        .ok_or_else(|| ApiError::malformed("idempotency.required", "send an Idempotency-Key of 8 to 64 characters"))?;
    let input = body.parse()?;
    let email = normalised_email(&input.admin_email).ok_or_else(|| Invalid::one("/admin_email", "invalid", ""))?;
    let new = NewTenant {
        slug: input.slug,
        name: input.name,
        ags: input.ags,
        ars: input.ars,
        federal_state: input.federal_state,
        language: input.language,
    };
    let (slug, language) = (new.slug.clone(), new.language.clone());
    let request = Request {
        actor: format!("operator:{}", operator.row.id),
        key,
        hash: body.hash(),
    };
    let platform = &operator.platform;
    let tenant = match tenancy::create(platform, new.clone()).await {
        Err(TenancyError::Taken) => {
            if let Some(answer) = replay(operator, &slug, &request).await? {
                return Ok(answer);
            }
            tenancy::resume(platform, new).await?
        }
        made => made?,
    };
    let made = serde_json::to_value(only(operator, &slug).await?).map_err(|e| ApiError::internal(&e))?;
    as_system(platform, &tenant, "operator_create_tenant", async |tx| {
        lock(tx).await?;
        if identity::has_people(tx).await? {
            return Err(OperatorError::Taken.into());
        }
        identity::invite_first_admin(tx, &email, &language).await?;
        keep(tx, &request, &made).await?;
        Ok::<_, ApiError>(())
    })
    .await?;
    tracing::info!(operator = %operator.row.id, slug, "operator made a tenant");
    Ok(HttpResponse::Created().json(made))
}

/// By what a repeated request is known.
struct Request<'a> {
    actor: String,
    key: &'a str,
    hash: Vec<u8>,
}

/// Of two requests that carry on the same tenant, the second waits and then finds the first one's invitation.
async fn lock(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT version FROM tenant_profile WHERE tenant_id = $1 FOR UPDATE",
        tenant.0
    )
    .fetch_one(tx.conn())
    .await
    .map(|_| ())
}

async fn only(operator: &Operator, slug: &str) -> Result<TenantUsage, ApiError> {
    let filter = TenantFilter {
        slug: Some(slug),
        ..Default::default()
    };
    let mut rows = store::tenants(ops(&operator.platform)?, &filter).await?;
    Ok(rows.pop().ok_or(OperatorError::Missing)?.usage)
}

async fn keep(tx: &mut TenantTx, request: &Request<'_>, answer: &Value) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO idempotency_key (tenant_id, actor, key, body_hash, status, body, created_at)
         VALUES ($1, $2, $3, $4, 201, $5, $6)",
        tenant.0,
        request.actor,
        request.key,
        request.hash,
        answer,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The kept answer of the request that made this tenant, if it was this operator's with this key and body; `None` without one.
async fn replay(operator: &Operator, slug: &str, request: &Request<'_>) -> Result<Option<HttpResponse>, ApiError> {
    let platform = &operator.platform;
    let tenant = platform.tenants.by_slug(slug, platform.clock.now()).await?;
    let tenant = tenant.ok_or(OperatorError::Taken)?;
    let kept = as_system(platform, &tenant, "operator_find_answer", async |tx: &mut TenantTx| {
        let tenant = tx.tenant_id();
        sqlx::query!(
            "SELECT body_hash, body FROM idempotency_key WHERE tenant_id = $1 AND actor = $2 AND key = $3",
            tenant.0,
            request.actor,
            request.key
        )
        .fetch_optional(tx.conn())
        .await
    })
    .await
    .map_err(|e: sqlx::Error| ApiError::from(e))?;
    match kept {
        None => Ok(None),
        Some(kept) if kept.body_hash == request.hash => Ok(Some(
            HttpResponse::Created()
                .insert_header(("idempotency-replayed", "true"))
                .json(kept.body),
        )),
        Some(_) => Err(ApiError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency.mismatch",
            "this Idempotency-Key was used for another request",
        )),
    }
}

/// Changes name, host and state of a tenant.
pub(super) async fn update(operator: &Operator, slug: &str, body: &Body<TenantEdit>) -> Result<TenantUsage, ApiError> {
    let edit = body.parse()?;
    let mut fields = Fields::new();
    let name = edit.name.as_deref().map(|n| fields.text(n, "/name", 200).to_owned());
    let host = edit.host.map(|host| host.filter(|h| !h.trim().is_empty()));
    let host = match host {
        Some(Some(raw)) => {
            let host = host_name(&raw);
            fields.check(host.is_some(), "/host", "invalid");
            Some(host)
        }
        other => other,
    };
    fields.finish()?;
    let state = edit.state.map(|s| s.as_str());
    let host = host.as_ref().map(|h| h.as_deref());
    let now = operator.platform.clock.now();
    if !store::update_tenant(ops(&operator.platform)?, slug, name.as_deref(), host, state, now).await? {
        return Err(OperatorError::Missing.into());
    }
    operator.platform.tenants.forget();
    tracing::info!(operator = %operator.row.id, slug, "operator changed a tenant");
    only(operator, slug).await
}
