//! A person at the API: the demo's people do what people do, by the operations that the pages use.

use reqwest::header::{COOKIE, IF_MATCH};
use reqwest::{Client, Method};
use serde_json::Value;

use super::DemoError;
use crate::platform::ids::random_uuid;

/// A session at one tenant.
pub(super) struct Visitor {
    http: Client,
    root: String,
    cookie: String,
}

impl Visitor {
    pub(super) fn new(http: &Client, base: &str, slug: &str, cookie: String) -> Self {
        Self {
            http: http.clone(),
            root: format!("{base}/api/v1/{slug}"),
            cookie,
        }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, DemoError> {
        self.send(Method::GET, path, None, None).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        self.send(Method::POST, path, Some(body), None).await
    }

    /// An edit of the version that was seen (0: what does not exist yet).
    pub(super) async fn edit(
        &self,
        method: Method,
        path: &str,
        version: i64,
        body: &Value,
    ) -> Result<Value, DemoError> {
        self.send(method, path, Some(body), Some(version)).await
    }

    /// A file as it stands.
    pub(super) async fn upload(&self, path: &str, media_type: &str, bytes: Vec<u8>) -> Result<Value, DemoError> {
        let request = self
            .request(Method::POST, path)
            .header("content-type", media_type)
            .body(bytes);
        Self::answer(path, request).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        version: Option<i64>,
    ) -> Result<Value, DemoError> {
        let mut request = self.request(method, path);
        if let Some(version) = version {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Self::answer(path, request).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.root))
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", random_uuid().to_string())
            .header(COOKIE, &self.cookie)
    }

    async fn answer(path: &str, request: reqwest::RequestBuilder) -> Result<Value, DemoError> {
        let answer = request.send().await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        if !status.is_success() {
            return Err(DemoError::Refused(format!(
                "{path}: {status} {}",
                String::from_utf8_lossy(&body)
            )));
        }
        Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}
