//! Versions of what people edit: `ETag` out, `If-Match` in, and nobody overwrites what they have not seen.

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use super::problem::ApiError;

/// Somebody else changed the row; `current` is its version now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the version is {current} now")]
pub struct Stale {
    /// The row's version now.
    pub current: i32,
}

impl Stale {
    /// `Ok` when the version that the person saw is still the current one.
    pub fn check(seen: i32, current: i32) -> Result<(), Self> {
        if seen == current { Ok(()) } else { Err(Self { current }) }
    }
}

/// The `If-Match` header of a request.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(Option<i32>);

impl IfMatch {
    /// The version that the person saw; 428 when the header is missing.
    pub fn version(self) -> Result<i32, ApiError> {
        self.0.ok_or_else(|| {
            ApiError::new(
                StatusCode::PRECONDITION_REQUIRED,
                "version.required",
                "send If-Match with the version you saw",
            )
        })
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = match req.headers().get(header::IF_MATCH) {
            None => Ok(Self(None)),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|text| text.trim().trim_start_matches("W/").trim_matches('"').parse().ok())
                .map(|version| Self(Some(version)))
                .ok_or_else(|| ApiError::malformed("version.malformed", "If-Match must be a version in quotes")),
        };
        std::future::ready(parsed)
    }
}

/// A body with its version: answers JSON with an `ETag`.
#[derive(Debug)]
pub struct Versioned<T> {
    version: i32,
    body: T,
}

impl<T> Versioned<T> {
    /// A body and its version.
    pub fn new(version: i32, body: T) -> Self {
        Self { version, body }
    }
}

impl<T: Serialize> Responder for Versioned<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::ETAG, format!("\"{}\"", self.version)))
            .json(self.body)
    }
}
