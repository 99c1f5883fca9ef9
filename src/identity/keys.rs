//! Keys of machine clients: made, listed, revoked. A key is shown once and stored hashed.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::Duration;

use super::http::{ApiKeyBody, ApiKeyState, ApiKeysQuery, NewApiKey, NewApiKeyBody};
use super::key_store::{self, ApiKeyFilter};
use super::model::{IdentityError, KEY_SCOPES};
use crate::access::{Action, Ctx};
use crate::platform::crypto::{digest, random_token};
use crate::platform::fields::Fields;
use crate::platform::http::{ApiError, Body, Page, beginning};
use crate::platform::ids::ApiKeyId;

/// A key ends after this long; whoever uses it gets a new one in time.
const KEY_LIFE: Duration = Duration::days(365);

/// Keys in the order asked for.
pub(super) async fn list(ctx: &Ctx, query: ApiKeysQuery) -> Result<Page<ApiKeyBody>, ApiError> {
    let filter = ApiKeyFilter {
        state: query.state,
        q: beginning(query.q),
        order: query.order.order()?,
    };
    ctx.read(Action::ListApiKeys, async |tx| {
        let rows = key_store::api_keys(tx, &filter).await?;
        Ok(filter.order.page(rows).map(|row| ApiKeyBody {
            id: row.id,
            name: row.name,
            scopes: row.scopes,
            prefix: row.prefix,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
            expires_at: row.expires_at,
            state: row.state,
        }))
    })
    .await
}

/// Makes a key. The stored answer for a repeated request does not hold the secret, so the secret is put into the first answer only.
pub(super) async fn create(ctx: &Ctx, body: &Body<NewApiKey>) -> Result<HttpResponse, ApiError> {
    let secret = format!("kp_{}", random_token());
    let mut made = None;
    let answer = ctx
        .create(Action::CreateApiKey, StatusCode::CREATED, body, async |tx| {
            let new = body.parse()?;
            let mut fields = Fields::new();
            let name = fields.text(&new.name, "/name", 100).to_owned();
            fields.check(!new.scopes.is_empty(), "/scopes", "required");
            let known = new.scopes.iter().all(|s| KEY_SCOPES.contains(&s.as_str()));
            fields.check(known, "/scopes", "unknown");
            fields.finish()?;
            let mut scopes = new.scopes;
            scopes.sort();
            scopes.dedup();
            let key = ApiKeyBody {
                id: ApiKeyId::new(),
                name,
                scopes,
                prefix: secret.chars().take(9).collect(),
                created_at: tx.now(),
                last_used_at: None,
                revoked_at: None,
                expires_at: Some(tx.now() + KEY_LIFE),
                state: ApiKeyState::Active,
            };
            tx.touch(key.id);
            key_store::insert_api_key(tx, &key, &digest(&secret)).await?;
            made = Some(key.clone());
            Ok(shown(key, None))
        })
        .await?;
    Ok(match made {
        Some(key) => HttpResponse::Created().json(shown(key, Some(secret))),
        None => answer,
    })
}

fn shown(key: ApiKeyBody, secret: Option<String>) -> NewApiKeyBody {
    NewApiKeyBody {
        id: key.id,
        name: key.name,
        scopes: key.scopes,
        prefix: key.prefix,
        created_at: key.created_at,
        key: secret,
    }
}

/// Revokes a key; its next request is refused.
pub(super) async fn revoke(ctx: &Ctx, id: ApiKeyId) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RevokeApiKey, async |tx| {
        tx.touch(id);
        if key_store::revoke_api_key(tx, id).await? {
            Ok(HttpResponse::NoContent().finish())
        } else {
            Err(IdentityError::Missing.into())
        }
    })
    .await
}
