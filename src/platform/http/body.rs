//! Reading requests: JSON bodies (parsed after the permission is checked), typed ids in paths, queries.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::problem::ApiError;
use crate::platform::crypto::sha256;
use crate::platform::ids::PathId;

/// A JSON body, kept as bytes until [`Body::parse`]: who may not act learns nothing about the form of the body.
#[derive(Debug, Clone)]
pub struct Body<T> {
    bytes: Bytes,
    shape: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Body<T> {
    /// The body's value. 400 with the place of the fault; 422 when it is JSON of another shape.
    pub fn parse(&self) -> Result<T, ApiError> {
        if has_nul(&self.bytes) {
            return Err(ApiError::malformed("body.nul", "text must not contain a NUL character"));
        }
        // An empty body stands for an empty object, so that actions without input need none.
        let bytes: &[u8] = if self.bytes.is_empty() { b"{}" } else { &self.bytes };
        // The reader would also take a list for a struct, field by field; no body of ours is one.
        if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
            return Err(ApiError::new(
                actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
                "body.shape",
                "an object is wanted",
            ));
        }
        serde_json::from_slice(bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => ApiError::new(
                actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
                "body.shape",
                error.to_string(),
            ),
            _ => ApiError::malformed("body.malformed", error.to_string()),
        })
    }
}

impl<T> Body<T> {
    /// SHA-256 of the bytes, to tell a repeated request from another one with the same key.
    pub fn hash(&self) -> Vec<u8> {
        sha256(&self.bytes)
    }
}

impl<T: 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(req, payload);
        Box::pin(async move {
            match bytes.await {
                Ok(bytes) => Ok(Self {
                    bytes,
                    shape: PhantomData,
                }),
                Err(error) => Err(ApiError::new(
                    error.as_response_error().status_code(),
                    "body.unreadable",
                    "the body is too large or broken off",
                )),
            }
        })
    }
}

impl<T> From<Bytes> for Body<T> {
    fn from(bytes: Bytes) -> Self {
        Self {
            bytes,
            shape: PhantomData,
        }
    }
}

/// A list that somebody uploads, of at most so many megabytes; read only after the permission was looked at.
pub async fn read_upload(mut payload: actix_web::web::Payload, most_megabytes: usize) -> Result<Bytes, ApiError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ApiError::malformed("body.unreadable", "the body broke off"))?;
        if body.len() + chunk.len() > most_megabytes * 1024 * 1024 {
            let says = format!("a list has at most {most_megabytes} megabytes");
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body.too_large", says));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Whether a JSON text holds an escaped NUL, which PostgreSQL's text cannot.
pub(super) fn has_nul(bytes: &[u8]) -> bool {
    let mut escaped = false;
    for (i, byte) in bytes.iter().enumerate() {
        if escaped {
            escaped = false;
            if bytes.get(i..i + 5).is_some_and(|w| w.eq_ignore_ascii_case(b"u0000")) {
                return true;
            }
        } else if *byte == b'\\' {
            escaped = true;
        }
    }
    false
}

/// A typed id from the path. What is no id answers as what is missing.
#[derive(Debug, Clone, Copy)]
pub struct At<I>(pub I);

impl<I: PathId> FromRequest for At<I> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req
            .match_info()
            .get(I::PARAM)
            .and_then(|text| Uuid::try_parse(text).ok());
        std::future::ready(id.map(|id| Self(I::from(id))).ok_or_else(ApiError::not_found))
    }
}

/// A query string of a known shape; 400 with the reason otherwise.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = actix_web::web::Query::<T>::from_query(req.query_string())
            .map(|query| Self(query.into_inner()))
            .map_err(|error| ApiError::malformed("query.malformed", error.to_string()));
        std::future::ready(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_no_body() {
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(default)]
        struct Edit {
            _name: Option<String>,
        }
        let body = |text: &'static str| Body::<Edit> {
            bytes: Bytes::from_static(text.as_bytes()),
            shape: PhantomData,
        };
        assert!(body("{}").parse().is_ok() && body("").parse().is_ok());
        for wrong in ["[]", " [1]", "\"x\"", "null", "{"] {
            assert!(body(wrong).parse().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_not_one() {
        assert!(has_nul(br#"{"a":"x\u0000"}"#));
        assert!(has_nul(br#"{"a":"\\\u0000"}"#));
        assert!(!has_nul(br#"{"a":"\\u0000"}"#));
        assert!(!has_nul(br#"{"a":"\u0041"}"#));
    }
}
