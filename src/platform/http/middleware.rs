//! What every request passes: its own task, security headers, cross-site refusal, limits, and the tenant.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};

use super::RequestId;
use super::problem::ApiError;
use crate::platform::Platform;
use crate::platform::db::TenantRef;
use crate::platform::limits::Kind;

/// Runs the rest of the request on a task of its own: a client that goes away cannot cancel a unit of work half-way.
pub async fn detach<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    // No clone of the request may live here: routing needs it alone.
    let id = request_id(req.request());
    match actix_web::rt::spawn(next.call(req)).await {
        Ok(answer) => answer.map_err(|error| name_request(error, &id)),
        Err(panic) => Err(ApiError::internal(&panic).with_request_id(&id.0).into()),
    }
}

/// Puts the request's id into a problem answer that does not name it yet.
fn name_request(error: Error, id: &RequestId) -> Error {
    match error.as_error::<ApiError>() {
        Some(ours) => ours.with_request_id(&id.0).into(),
        None => error,
    }
}

/// The request's id, made once.
fn request_id(req: &HttpRequest) -> RequestId {
    if let Some(id) = req.extensions().get::<RequestId>() {
        return id.clone();
    }
    let id = RequestId(crate::platform::ids::random_uuid().to_string());
    req.extensions_mut().insert(id.clone());
    id
}

/// Security headers on every answer. Pages that need another content policy set it themselves before.
pub async fn security_headers<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let https = req.app_data::<Data<Platform>>().is_some_and(|p| p.config.is_https());
    let id = request_id(req.request());
    let mut res = next.call(req).await?;
    let headers = res.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(self)",
    );
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(res)
}

/// Refuses what no honest client sends: cross-site writes, other content types, NUL in the address, too many requests.
pub async fn guard_request<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let id = request_id(req.request());
    if let Err(error) = check_request(req.request()) {
        return Err(error.with_request_id(&id.0).into());
    }
    let mut res = next.call(req).await?;
    // Answers hold what only this person may see.
    if !res.headers().contains_key(header::CACHE_CONTROL) {
        res.headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(res)
}

fn check_request(req: &HttpRequest) -> Result<(), ApiError> {
    let Some(platform) = req.app_data::<Data<Platform>>() else {
        return Err(ApiError::internal(&"the platform is not configured"));
    };
    let address = client_address(req);
    platform
        .limits
        .check(Kind::Request, address)
        .map_err(ApiError::too_many)?;
    if has_encoded_nul(req.uri().path()) || has_encoded_nul(req.query_string()) {
        return Err(ApiError::malformed(
            "url.nul",
            "the address must not contain a NUL character",
        ));
    }
    if matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let bearer = req.headers().get(header::AUTHORIZATION).is_some();
    if !bearer && !is_same_site(req, &platform.config.public_url) {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "csrf.refused",
            "only pages of this site may send this",
        ));
    }
    let has_body = req.headers().get(header::CONTENT_LENGTH).is_some_and(|v| v != "0")
        || req.headers().contains_key(header::TRANSFER_ENCODING);
    let kind = req
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if has_body && !["application/json", "text/csv", "image/png", "image/svg+xml"].contains(&essence.as_str()) {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_type.unsupported",
            "send application/json",
        ));
    }
    Ok(())
}

fn has_encoded_nul(text: &str) -> bool {
    text.contains("%00")
}

/// A browser says where a request comes from: `Sec-Fetch-Site`, older ones `Origin`. One of them must speak for us.
fn is_same_site(req: &HttpRequest, public_url: &str) -> bool {
    let get = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
    match (get("sec-fetch-site"), get("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let own = req.connection_info();
            origin == public_url.trim_end_matches('/')
                || origin.split_once("://").is_some_and(|(_, host)| host == own.host())
        }
        (None, None) => false,
    }
}

/// The client's address: `X-Forwarded-For` counts only when the peer is one of our proxies.
pub fn client_address(req: &HttpRequest) -> IpAddr {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    let peer = req.peer_addr().map_or(unknown, |a| a.ip());
    let trusted = req
        .app_data::<Data<Platform>>()
        .map(|p| p.config.trusted_proxies.as_slice())
        .unwrap_or_default();
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = req
        .headers()
        .get("x-forwarded-for")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    // From the right: the last hop that is not one of our proxies is the client.
    forwarded
        .split(',')
        .rev()
        .filter_map(|part| part.trim().parse().ok())
        .find(|ip| !trusted.contains(ip))
        .unwrap_or(peer)
}

/// Finds the tenant named in the path. A host name that belongs to one tenant serves only that tenant.
pub async fn resolve_tenant<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let id = request_id(req.request());
    match find_tenant(req.request()).await {
        Ok(tenant) => {
            req.extensions_mut().insert(tenant);
            next.call(req).await
        }
        Err(error) => Err(error.with_request_id(&id.0).into()),
    }
}

async fn find_tenant(req: &HttpRequest) -> Result<Arc<TenantRef>, ApiError> {
    let platform = req
        .app_data::<Data<Platform>>()
        .ok_or_else(|| ApiError::internal(&"the platform is not configured"))?;
    let slug = req.match_info().get("tenant").unwrap_or_default();
    let now = platform.clock.now();
    // The Host header itself, not what a proxy says about it: who forges it gains nothing but the tenant he names in the path.
    let host = req
        .headers()
        .get(header::HOST)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let owner = platform
        .tenants
        .by_host(host.split(':').next().unwrap_or_default(), now)
        .await?;
    match (owner, platform.tenants.by_slug(slug, now).await?) {
        (Some(owner), Some(tenant)) if owner.id != tenant.id => Err(ApiError::not_found()),
        (_, Some(tenant)) => Ok(tenant),
        (None, None) if platform.tenants.is_suspended(slug, now) => Err(ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "tenant.suspended",
            "this municipality is not served at the moment",
        )),
        (_, None) => Err(ApiError::not_found()),
    }
}

/// The readable API documentation sets styles from its script; only its own pages may.
pub(super) async fn docs_policy<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut res = next.call(req).await?;
    res.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        ),
    );
    Ok(res)
}
