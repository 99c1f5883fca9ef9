//! A browser's manners without a browser: cookie, `Sec-Fetch-Site`, `If-Match`, `Idempotency-Key`.

use kitaplatz::platform::ids::AccountId;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// One person (or nobody) at one tenant.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    root: String,
    pub cookie: Option<String>,
    pub bearer: Option<String>,
    pub account: Option<AccountId>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON (`null` when it is none).
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body, after the status was checked.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(
            self.status.is_success(),
            "{} {}",
            self.status,
            String::from_utf8_lossy(&self.bytes)
        );
        self.json()
    }

    /// The problem's code, after the status was checked.
    #[track_caller]
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        assert_eq!(self.headers["content-type"], "application/problem+json");
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Pointer and code of each field fault, after the status was checked to be 422.
    #[track_caller]
    pub fn faults(&self) -> Vec<(String, String)> {
        assert_eq!(self.refused(422), "fields.invalid", "{}", self.json());
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        self.json()["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| (text(&e["pointer"]), text(&e["code"])))
            .collect()
    }
}

/// Pointers and codes as [`Answer::faults`] gives them.
pub fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(p, c)| (p.to_owned(), c.to_owned())).to_vec()
}

impl Client {
    pub fn new(base: &str, slug: &str) -> Self {
        Self {
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            base: format!("{base}/api/v1/{slug}"),
            root: base.to_owned(),
            cookie: None,
            bearer: None,
            account: None,
        }
    }

    /// The same person at another server, which knows the same sessions.
    pub fn at(&self, root: &str) -> Self {
        let below = self.base.strip_prefix(&self.root).unwrap();
        let slug = below.rsplit('/').next().unwrap();
        Self {
            cookie: self.cookie.clone(),
            bearer: self.bearer.clone(),
            account: self.account,
            ..Self::new(root, slug)
        }
    }

    /// The account behind the session.
    #[track_caller]
    pub fn account_id(&self) -> AccountId {
        self.account.expect("this client has no account")
    }

    /// A request below the tenant (`/session`), or of the whole installation (`//health/live`).
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>, extra: &[(&str, &str)]) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.send_bytes(method, path, body, extra).await
    }

    /// The same with a body of any type.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        extra: &[(&str, &str)],
    ) -> Answer {
        self.attempt(method, path, body, extra).await.unwrap()
    }

    /// The same at a server that may be gone before it answers.
    pub async fn attempt(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        extra: &[(&str, &str)],
    ) -> reqwest::Result<Answer> {
        let response = self.request(method, path, body, extra).send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer {
            status,
            headers,
            bytes: response.bytes().await?.to_vec(),
        })
    }

    /// A POST whose answer is thrown away as it comes; how long it was.
    pub async fn drained(&self, path: &str, body: &Value) -> usize {
        let body = Some(("application/json", body.to_string().into_bytes()));
        let request = self.request(Method::POST, path, body, &[]);
        let mut response = request.send().await.unwrap().error_for_status().unwrap();
        let mut length = 0;
        while let Some(part) = response.chunk().await.unwrap() {
            length += part.len();
        }
        length
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        extra: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        let url = match path.strip_prefix("//") {
            Some(global) => format!("{}/{global}", self.root),
            None => format!("{}{path}", self.base),
        };
        let mut request = self.http.request(method.clone(), url);
        if method != Method::GET && self.bearer.is_none() {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(key) = &self.bearer {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        if let Some((kind, bytes)) = body {
            request = request.header("content-type", kind).body(bytes);
        }
        request
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(&body), &[]).await
    }

    /// A creating POST with a fresh `Idempotency-Key`.
    pub async fn create(&self, path: &str, body: Value) -> Answer {
        let key = kitaplatz::platform::ids::random_uuid().to_string();
        self.send(Method::POST, path, Some(&body), &[("idempotency-key", &key)])
            .await
    }

    /// An edit of the version that was seen.
    pub async fn edit(&self, method: Method, path: &str, version: i64, body: Value) -> Answer {
        self.send(method, path, Some(&body), &[("if-match", &format!("\"{version}\""))])
            .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// Keeps the session cookie of an answer.
    pub fn keep(&mut self, answer: &Answer) {
        if let Some(cookie) = answer.headers.get("set-cookie").and_then(|v| v.to_str().ok()) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
    }
}
