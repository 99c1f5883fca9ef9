//! What is allowed: sends every request that must work, so that a refusal elsewhere is known to be one, and not a bad request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::calls::{Operation, Request};
use super::check::{Check, fingerprint, refusal};
use super::side::SECRET_STREET;
use super::table::{Expected, Who, Whose};
use crate::support::{Answer, pdf_text};

/// What was answered to the allowed requests, by operation: statuses and codes.
pub type Answers = BTreeMap<String, Vec<String>>;

impl<'a> Check<'a> {
    /// Every allowed cell, in the table's order. Answers what came of it.
    pub async fn allowances(&mut self) -> Answers {
        let mut answers = Answers::new();
        for (operation, row) in self.rows().collect::<Vec<_>>() {
            for (who, _) in Who::ALL {
                let named = !operation.path_names().is_empty();
                let both = [Whose::Here, Whose::There].into_iter();
                for whose in both.filter(|w| {
                    if named {
                        operation.has(self.world, *w)
                    } else {
                        *w == who.home()
                    }
                }) {
                    if row.expected(who, whose) == Expected::Allowed {
                        let answer = self.allowed(operation, who, whose).await;
                        answers.entry(operation.id.clone()).or_default().push(word(&answer));
                    }
                }
            }
        }
        answers
    }

    pub(super) async fn allowed(&mut self, operation: &Operation, who: Who, whose: Whose) -> Answer {
        let client = self.world.client(who).clone();
        super::office::restore(self.world, &operation.id).await;
        let version = operation.version(self.world, &client, whose).await;
        let request = Request {
            version: version.as_deref(),
            ..Request::default()
        };
        let answer = self.send(operation, &client, whose, &request).await;
        let broken = answer.status.is_server_error() && word(&answer) != "documents.off";
        // A header that the document does not name shows here as 428 or `idempotency.required`.
        let unread = matches!(answer.status.as_u16(), 400 | 412 | 415 | 428 | 429);
        if refusal(&answer).is_some() || broken || unread {
            let body = String::from_utf8_lossy(&answer.bytes).into_owned();
            self.fault(
                operation,
                who,
                format!("{whose:?} is allowed, and answers {} {body}", answer.status),
            );
        }
        self.shows_only_own(operation, who, &answer);
        answer
    }

    /// What somebody is told who asks.
    pub(super) async fn asked(&mut self, operation: &Operation, who: Who, whose: Whose) -> String {
        let client = self.world.client(who).clone();
        let answer = self.send(operation, &client, whose, &Request::default()).await;
        words(&answer).into_owned()
    }

    /// What a list or a detail shows belongs to whom it is shown; ids tell, because no two things share one.
    fn shows_only_own(&mut self, operation: &Operation, who: Who, answer: &Answer) {
        let text = words(answer);
        // The case worker's own door is shut to everybody here: the case has been given to somebody else.
        if text.contains(SECRET_STREET) {
            self.fault(operation, who, "shows a protected address");
        }
        for (name, id) in self.world.hidden_from(who) {
            if text.contains(&id) {
                self.fault(operation, who, format!("shows the {name} of another"));
            }
        }
    }

    /// Each operation gave the proof that its row names.
    pub fn proofs(&mut self, answers: &Answers) {
        for (operation, row) in self.rows().collect::<Vec<_>>() {
            let seen = answers.get(&operation.id).map(Vec::as_slice).unwrap_or_default();
            let proof = if cfg!(feature = "pdf") || !operation.is_document() {
                row.proof.as_str()
            } else {
                "documents.off"
            };
            if !seen.iter().any(|s| s == proof) {
                self.faults
                    .push(format!("{}: never {proof}, but {seen:?}", operation.id));
            }
        }
    }

    /// Every edit wants the version that was seen: 428 without one, 412 with an old one, which says the new one.
    pub async fn versions(&mut self) -> usize {
        let mut count = 0;
        for (operation, who, whose) in self.doers(|o| o.needs_version) {
            count += 1;
            let client = self.world.client(who).clone();
            for (version, status, code) in [
                (None, 428, "version.required"),
                (Some("\"99999\""), 412, "version.stale"),
                (Some("yesterday"), 400, "version.malformed"),
            ] {
                let request = Request {
                    version,
                    ..Request::default()
                };
                let answer = self.send(operation, &client, whose, &request).await;
                let tag = status != 412 || answer.headers.contains_key("etag");
                if answer.status != status || word(&answer) != code || !tag {
                    self.fault(
                        operation,
                        who,
                        format!("If-Match {version:?} answers {} {}", answer.status, word(&answer)),
                    );
                }
            }
        }
        count
    }

    /// Every creation happens once a key: refused without one, the same answer again, and no other body under it.
    pub async fn keys(&mut self) -> usize {
        let mut count = 0;
        // A swap needs a cycle of wishes, which this world has not; tests/api/swaps.rs makes one.
        for (operation, who, whose) in self.doers(|o| o.needs_key && o.id != "propose_swap") {
            count += 1;
            super::office::restore(self.world, &operation.id).await;
            let client = self.world.client(who).clone();
            let without = Request {
                without_key: true,
                ..Request::default()
            };
            let answer = self.send(operation, &client, whose, &without).await;
            if answer.status != 400 || word(&answer) != "idempotency.required" {
                self.fault(
                    operation,
                    who,
                    format!("without a key: {} {}", answer.status, word(&answer)),
                );
            }
            let key = kitaplatz::platform::ids::random_uuid().to_string();
            let with = Request {
                key: Some(&key),
                ..Request::default()
            };
            let (media, body) = operation.body(self.world, whose, &with).unwrap();
            let path = operation.address(self.world, whose, None);
            let headers = [("idempotency-key", key.as_str())];
            let send = async |body: &[u8]| {
                let body = Some((media, body.to_vec()));
                client.send_bytes(operation.method.clone(), &path, body, &headers).await
            };
            let (first, again) = (send(&body).await, send(&body).await);
            let mut other = body.clone();
            other.push(b' ');
            let other = send(&other).await;
            self.replayed(operation, who, &first, &again);
            if other.status != 422 || word(&other) != "idempotency.mismatch" {
                self.fault(
                    operation,
                    who,
                    format!("another body under the key: {} {}", other.status, word(&other)),
                );
            }
        }
        count
    }

    fn replayed(&mut self, operation: &Operation, who: Who, first: &Answer, again: &Answer) {
        let mut said = first.json();
        // A secret is shown once and stored nowhere.
        if operation.id == "create_api_key" {
            said["key"] = serde_json::Value::Null;
        }
        let same = first.status == again.status && said == again.json();
        if !first.status.is_success() || !same || !again.headers.contains_key("idempotency-replayed") {
            let says = format!(
                "the second time:\n    {}\n    {}",
                fingerprint(first),
                fingerprint(again)
            );
            self.fault(operation, who, says);
        }
    }

    /// The first who may do each such operation, and on whose thing.
    pub(super) fn doers(&self, wanted: impl Fn(&Operation) -> bool) -> Vec<(&'a Operation, Who, Whose)> {
        let first = |row: &super::table::Row| {
            let who = Who::ALL.iter().map(|(who, _)| *who);
            let mut cells = who.flat_map(|who| [(who, Whose::Here), (who, Whose::There)]);
            cells.find(|(who, whose)| row.expected(*who, *whose) == Expected::Allowed)
        };
        let rows = self.rows().filter(|(operation, _)| wanted(operation));
        rows.map(|(operation, row)| {
            let (who, whose) = first(row).unwrap();
            (operation, who, whose)
        })
        .collect()
    }
}

/// What an answer says.
fn words(answer: &Answer) -> Cow<'_, str> {
    match answer.headers.get("content-type").map(|kind| kind.as_bytes()) {
        Some(b"application/pdf") => pdf_text(&answer.bytes).into(),
        _ => String::from_utf8_lossy(&answer.bytes),
    }
}

/// An answer in a word: `2xx`, or a problem's code.
fn word(answer: &Answer) -> String {
    if answer.status.is_success() {
        return "2xx".into();
    }
    match answer.json()["code"].as_str() {
        Some(code) => code.to_owned(),
        None => answer.status.as_u16().to_string(),
    }
}
