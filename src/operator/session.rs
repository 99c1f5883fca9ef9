//! The operator's own door: accounts made on the command line, a cookie and sessions of their own.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use secrecy::{ExposeSecret, SecretString};

use super::http::{OperatorBody, OperatorSession, OperatorSignIn};
use super::model::{OperatorError, check_password};
use super::store::{self, OperatorRow};
use crate::platform::Platform;
use crate::platform::crypto::random_token;
use crate::platform::db::OpsDb;
use crate::platform::fields::{Invalid, normalised_email};
use crate::platform::http::{ApiError, Body, client_address};
use crate::platform::limits::Kind;

const COOKIE: &str = "__Host-kp-operator";

/// Makes an operator's account (a command of whoever runs the machine).
pub async fn create_account(platform: &Platform, email: &str, password: &SecretString) -> Result<(), OperatorError> {
    let email = normalised_email(email).ok_or_else(|| Invalid::one("/email", "invalid", ""))?;
    check_password(password.expose_secret(), &email)?;
    let hash = platform.hasher.hash(password.clone()).await?;
    store::insert_operator(ops(platform)?, &email, &hash, platform.clock.now()).await
}

/// The operator's database, where there is one.
pub(super) fn ops(platform: &Platform) -> Result<&OpsDb, OperatorError> {
    platform.ops.as_ref().ok_or(OperatorError::Off)
}

/// A signed-in operator: handlers that take one are closed to everybody else.
pub(super) struct Operator {
    pub row: OperatorRow,
    pub platform: Data<Platform>,
    pub expires_at: DateTime<Utc>,
}

impl FromRequest for Operator {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let platform = req.app_data::<Data<Platform>>().cloned();
        let secret = secret_of(req);
        Box::pin(async move {
            let platform = platform.ok_or_else(|| ApiError::internal(&"the platform is not configured"))?;
            let secret = secret.ok_or(OperatorError::SignedOut)?;
            let now = platform.clock.now();
            let found = store::operator_of(ops(&platform)?, &secret, now).await?;
            let (row, expires_at) = found.ok_or(OperatorError::SignedOut)?;
            Ok(Self {
                row,
                platform,
                expires_at,
            })
        })
    }
}

fn secret_of(req: &HttpRequest) -> Option<String> {
    req.cookie(COOKIE).map(|c| c.value().to_owned())
}

/// Signs an operator in. Unknown addresses cost the same time and get the same answer.
pub(super) async fn sign_in(
    platform: &Platform,
    req: &HttpRequest,
    body: &Body<OperatorSignIn>,
) -> Result<HttpResponse, ApiError> {
    let limit = |kind| {
        platform
            .limits
            .check(kind, client_address(req))
            .map_err(ApiError::too_many)
    };
    limit(Kind::SignIn)?;
    let input = body.parse()?;
    let email = input.email.trim().to_lowercase();
    let found = store::operator_by_email(ops(platform)?, &email).await?;
    let stored = found.as_ref().map(|o| o.password_hash.clone());
    let fits = platform.hasher.verify(input.password.into(), stored).await?;
    let Some(operator) = found.filter(|_| fits) else {
        // Failures use up the smaller share too: an operator's password is worth more guesses than a parent's.
        limit(Kind::Mail)?;
        return Err(OperatorError::Credentials.into());
    };
    if let Some(before) = secret_of(req) {
        store::end_session(ops(platform)?, &before).await?;
    }
    let secret = random_token();
    let expires_at = store::start_session(ops(platform)?, operator.id, &secret, platform.clock.now()).await?;
    tracing::info!(operator = %operator.id, "operator signed in");
    Ok(HttpResponse::Ok()
        .cookie(cookie(&secret))
        .json(body_of(&operator, expires_at)))
}

/// Who is signed in as operator.
pub(super) fn body_of(operator: &OperatorRow, expires_at: DateTime<Utc>) -> OperatorSession {
    OperatorSession {
        account: Some(OperatorBody {
            id: operator.id,
            email: operator.email.clone(),
        }),
        expires_at: Some(expires_at),
    }
}

/// Ends the session here and in the browser.
pub(super) async fn sign_out(platform: &Platform, req: &HttpRequest) -> Result<HttpResponse, ApiError> {
    if let Some(secret) = secret_of(req) {
        store::end_session(ops(platform)?, &secret).await?;
    }
    let mut gone = cookie("");
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

fn cookie(secret: &str) -> Cookie<'static> {
    Cookie::build(COOKIE, secret.to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}
