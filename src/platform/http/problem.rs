//! Error answers: RFC 9457 problem documents with a stable code, written in one place and logged once.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::version::Stale;
use crate::platform::fields::{FieldError, Invalid};
use crate::platform::password::HashError;

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"type": "about:blank", "title": "Conflict", "status": 409, "code": "offer.no_place", "detail": "no bookable place",
    "errors": [], "request_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d"}))]
pub struct Problem {
    /// Always `about:blank`: the code says which problem it is.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code, for example `offer.no_place`; the frontend has the words for it.
    pub code: String,
    /// A sentence for developers; never personal data, never database text.
    pub detail: String,
    /// Faults by field (status 422).
    pub errors: Vec<FieldError>,
    /// Id of the request, also in the log.
    pub request_id: Option<String>,
}

/// The one error of the HTTP side. Slices make it from their domain errors in their `http` room.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<u64>,
    version: Option<i32>,
    request_id: Option<String>,
}

impl ApiError {
    /// An error with a status and a stable code.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            version: None,
            request_id: None,
        }
    }

    /// 400: the request cannot be read.
    pub fn malformed(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401: nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "access.signed_out", "sign in first")
    }

    /// 403: signed in, but not allowed.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "access.denied", "this role may not do that")
    }

    /// 404: missing, or another's: the answer is the same.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here")
    }

    /// 409: a state or rule stands against it.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 429 with the seconds to wait.
    pub fn too_many(seconds: u64) -> Self {
        let mut me = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate.limited", "too many requests");
        me.retry_after = Some(seconds);
        me
    }

    /// 503 with the seconds to wait.
    pub fn busy(seconds: u64) -> Self {
        let mut me = Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.busy", "busy; try again");
        me.retry_after = Some(seconds);
        me
    }

    /// 500: logged here, once; nothing of it is shown.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %error, "request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.error",
            "something went wrong on our side",
        )
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// A copy that names the request; the framework hands errors out by reference only.
    pub fn with_request_id(&self, id: &str) -> Self {
        Self {
            status: self.status,
            code: self.code.clone(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
            retry_after: self.retry_after,
            version: self.version,
            request_id: self.request_id.clone().or_else(|| Some(id.to_owned())),
        }
    }

    /// The answer's document.
    pub fn problem(&self) -> Problem {
        Problem {
            r#type: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or("Error").into(),
            status: self.status.as_u16(),
            code: self.code.clone().into_owned(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(Ok(tag)) = self.version.map(|v| HeaderValue::from_str(&format!("\"{v}\""))) {
            answer.insert_header((header::ETAG, tag));
        }
        answer.body(serde_json::to_vec(&self.problem()).unwrap_or_default())
    }
}

impl From<Invalid> for ApiError {
    fn from(Invalid(errors): Invalid) -> Self {
        let mut me = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "fields.invalid",
            "some fields are invalid",
        );
        me.errors = errors;
        me
    }
}

impl From<Stale> for ApiError {
    fn from(stale: Stale) -> Self {
        let mut me = Self::new(
            StatusCode::PRECONDITION_FAILED,
            "version.stale",
            "somebody else changed it meanwhile",
        );
        me.version = Some(stale.current);
        me
    }
}

impl From<HashError> for ApiError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::busy(5),
            HashError::Broken(_) => Self::internal(&error),
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed => {
                tracing::warn!(%error, "database out of reach");
                Self::busy(2)
            }
            sqlx::Error::Database(db) => match db.code().as_deref() {
                // Text that PostgreSQL cannot hold (a NUL character).
                Some("22021" | "22P05") => Self::malformed("body.nul", "text must not contain a NUL character"),
                // A number or date outside the column's range.
                Some("22003" | "22008" | "22007") => Self::malformed("body.range", "a number or date is out of range"),
                // Deadlock, lock timeout, statement cancelled, server going down, too many connections.
                Some("40P01" | "40001" | "55P03" | "57014" | "57P01" | "57P03" | "53300") => {
                    tracing::warn!(%error, "database busy");
                    Self::busy(1)
                }
                _ => Self::internal(&error),
            },
            _ => Self::internal(&error),
        }
    }
}
