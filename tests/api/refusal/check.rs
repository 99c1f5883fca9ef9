//! What is refused: sends every request that must not work, and reports each that did, or that told more than it may.

use std::collections::BTreeMap;

use super::calls::{Operation, Request};
use super::table::{Expected, Row, Table, Who, Whose};
use super::world::World;
use crate::support::{Answer, Client};

const RELATIONS: [Whose; 4] = [Whose::Here, Whose::There, Whose::OtherTenant, Whose::Missing];

/// The matrix with its world; faults collect, so that one run shows them all.
pub struct Check<'a> {
    pub world: &'a World,
    pub operations: &'a [Operation],
    pub table: &'a Table,
    pub faults: Vec<String>,
    pub sent: usize,
    /// Everything that was sent, for the audit's count.
    pub trail: Vec<Sent>,
}

/// A request with what came of it.
pub struct Sent {
    pub operation: String,
    pub is_global: bool,
    pub request_id: String,
    pub status: u16,
    pub code: String,
}

/// An answer without what differs from request to request: what two refusals must have in common, byte by byte.
pub fn fingerprint(answer: &Answer) -> String {
    let id = answer
        .headers
        .get("x-request-id")
        .and_then(|v| v.to_str().ok())
        .unwrap_or("-");
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let body = String::from_utf8_lossy(&answer.bytes).replace(id, "…");
    format!("{} {} {body}", answer.status.as_u16(), headers.join(", "))
}

pub fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

/// The refusal that an answer is: by permission, or as missing.
pub fn refusal(answer: &Answer) -> Option<u16> {
    let code = code(answer);
    match (answer.status.as_u16(), code.as_str()) {
        (401, "access.signed_out") => Some(401),
        (403, "access.denied") => Some(403),
        (404, "not_found") => Some(404),
        _ => None,
    }
}

impl<'a> Check<'a> {
    pub fn new(world: &'a World, operations: &'a [Operation], table: &'a Table) -> Self {
        Self {
            world,
            operations,
            table,
            faults: Vec::new(),
            sent: 0,
            trail: Vec::new(),
        }
    }

    /// The operations with their rows, in the table's order.
    pub fn rows(&self) -> impl Iterator<Item = (&'a Operation, &'a Row)> + use<'a> {
        let operations = self.operations;
        let find = move |id: &str| operations.iter().find(|o| o.id == id);
        self.table.0.iter().filter_map(move |(id, row)| Some((find(id)?, row)))
    }

    pub fn fault(&mut self, operation: &Operation, who: Who, says: impl std::fmt::Display) {
        let who = Who::ALL.iter().find(|(w, _)| *w == who).map_or("?", |(_, name)| *name);
        self.faults.push(format!("{} as {who}: {says}", operation.id));
    }

    pub async fn send(&mut self, op: &Operation, client: &Client, whose: Whose, request: &Request<'_>) -> Answer {
        self.sent += 1;
        let answer = op.send(self.world, client, whose, request).await;
        let id = answer.headers.get("x-request-id").and_then(|v| v.to_str().ok());
        self.trail.push(Sent {
            operation: op.id.clone(),
            is_global: op.is_global(),
            request_id: id.unwrap_or_default().to_owned(),
            status: answer.status.as_u16(),
            code: code(&answer),
        });
        answer
    }

    /// Every refused cell for these people, and a bearer key that is none.
    pub async fn refusals(&mut self, of: &[Who]) {
        for (operation, row) in self.rows().collect::<Vec<_>>() {
            for who in of {
                for client in self.world.clients(*who) {
                    self.refused(operation, row, *who, client).await;
                }
            }
        }
    }

    async fn refused(&mut self, operation: &Operation, row: &Row, who: Who, client: &Client) {
        let mut first: BTreeMap<u16, (Whose, String)> = BTreeMap::new();
        for whose in RELATIONS {
            let Expected::Refused(status) = row.expected(who, whose) else {
                continue;
            };
            if !operation.has(self.world, whose) {
                continue;
            }
            let request = Request {
                version: operation.needs_version.then_some("\"1\""),
                ..Request::default()
            };
            let answer = self.send(operation, client, whose, &request).await;
            if refusal(&answer) != Some(status) {
                self.fault(
                    operation,
                    who,
                    format!("{whose:?} answers {} {}, not {status}", answer.status, code(&answer)),
                );
            }
            let print = fingerprint(&answer);
            let (other, same) = first.entry(status).or_insert_with(|| (whose, print.clone()));
            if *same != print {
                let says = format!("{whose:?} can be told from {other:?}:\n    {print}\n    {same}");
                self.fault(operation, who, says);
            }
        }
    }

    /// A key that nobody has is refused everywhere, also where nobody needs one.
    pub async fn wrong_key(&mut self) {
        let mut client = self.world.ours.app.anonymous();
        client.bearer = Some("kp_nobody".into());
        for (operation, _) in self.rows().filter(|(o, _)| !o.is_global()).collect::<Vec<_>>() {
            let answer = self.send(operation, &client, Whose::Here, &Request::default()).await;
            if refusal(&answer) != Some(401) {
                self.fault(operation, Who::Nobody, format!("a wrong key answers {}", answer.status));
            }
        }
    }
}
