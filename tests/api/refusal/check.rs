//! What is refused: sends every request that must not work, and reports each that did, or that told more than it may.

use std::collections::BTreeMap;

use super::calls::{BodyId, Operation, Request};
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

fn code(answer: &Answer) -> String {
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
        op.send(self.world, client, whose, request).await
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

    /// Every place for an id in a body or query: another's answers as a missing one, and never well.
    pub async fn ids_inside(&mut self) {
        for (operation, row) in self.rows().collect::<Vec<_>>() {
            for (who, _) in Who::ALL {
                let home = who.home();
                let at = if operation.path_names().is_empty() {
                    Whose::Here
                } else {
                    home
                };
                if !operation.has(self.world, at) || row.expected(who, at) != Expected::Allowed {
                    continue;
                }
                for id in &operation.body_ids {
                    self.id_in_body(operation, who, home, id).await;
                }
                for name in operation
                    .path_names()
                    .into_iter()
                    .filter(|_| operation.path_names().len() > 1)
                {
                    self.id_in_path(operation, who, at, name).await;
                }
                for name in &operation.query_ids {
                    self.id_in_query(operation, who, home, name).await;
                }
            }
        }
    }

    async fn id_in_body(&mut self, operation: &Operation, who: Who, home: Whose, id: &BodyId) {
        let client = self.world.client(who).clone();
        let at = if operation.has(self.world, home) {
            home
        } else {
            Whose::Here
        };
        let mut prints = Vec::new();
        for whose in foreign(who, home, &id.kind) {
            let version = operation.version(self.world, &client, at).await;
            let request = Request {
                swapped: Some((id, whose)),
                version: version.as_deref(),
                ..Request::default()
            };
            let answer = self.send(operation, &client, at, &request).await;
            if !matches!(answer.status.as_u16(), 404 | 422) {
                self.fault(
                    operation,
                    who,
                    format!(
                        "{} of {whose:?} answers {} {}",
                        id.pointer,
                        answer.status,
                        code(&answer)
                    ),
                );
            }
            prints.push(fingerprint(&answer));
        }
        if prints.iter().any(|p| *p != prints[0]) {
            self.fault(
                operation,
                who,
                format!(
                    "{}: whose it is can be told:\n    {}",
                    id.pointer,
                    prints.join("\n    ")
                ),
            );
        }
    }

    /// Each place for an id takes an own one from somebody: without this, a request that fails for another reason would look refused.
    pub async fn ids_accepted(&mut self) -> usize {
        let mut count = 0;
        for (operation, row) in self.rows().collect::<Vec<_>>() {
            for id in &operation.body_ids {
                count += 1;
                let mut answers = Vec::new();
                for (who, _) in Who::ALL {
                    let home = if operation.has(self.world, who.home()) {
                        who.home()
                    } else {
                        Whose::Here
                    };
                    if row.expected(who, home) == Expected::Allowed {
                        answers.push(self.own_id(operation, who, home, id).await);
                    }
                }
                if !answers.iter().any(|status| (200..300).contains(status)) {
                    self.faults.push(format!(
                        "{} {}: an own id answers {answers:?}",
                        operation.id, id.pointer
                    ));
                }
            }
        }
        count
    }

    async fn own_id(&mut self, operation: &Operation, who: Who, at: Whose, id: &BodyId) -> u16 {
        let client = self.world.client(who).clone();
        let version = operation.version(self.world, &client, at).await;
        let request = Request {
            swapped: Some((id, who.home())),
            version: version.as_deref(),
            ..Request::default()
        };
        self.send(operation, &client, at, &request).await.status.as_u16()
    }

    /// Of several ids in a path one is another's, and the rest are good.
    async fn id_in_path(&mut self, operation: &Operation, who: Who, at: Whose, name: &str) {
        let client = self.world.client(who).clone();
        let mut prints = Vec::new();
        for whose in [Whose::Missing, Whose::OtherTenant] {
            let version = operation.version(self.world, &client, at).await;
            let request = Request {
                in_path: Some((name, whose)),
                version: version.as_deref(),
                ..Request::default()
            };
            let answer = self.send(operation, &client, at, &request).await;
            if refusal(&answer) != Some(404) {
                self.fault(
                    operation,
                    who,
                    format!("{name} of {whose:?} answers {} {}", answer.status, code(&answer)),
                );
            }
            prints.push(fingerprint(&answer));
        }
        if prints[0] != prints[1] {
            self.fault(
                operation,
                who,
                format!("{name}: whose it is can be told:\n    {}", prints.join("\n    ")),
            );
        }
    }

    async fn id_in_query(&mut self, operation: &Operation, who: Who, home: Whose, name: &str) {
        let client = self.world.client(who).clone();
        let mut prints = Vec::new();
        for whose in foreign(who, home, name) {
            let query = format!("{name}={}", self.world.id_of(&operation.id, name, whose));
            let request = Request {
                query: Some(query),
                ..Request::default()
            };
            let answer = self.send(operation, &client, home, &request).await;
            let items = answer.json()["items"].as_array().map(Vec::len);
            if answer.status.is_success() && items != Some(0) {
                self.fault(operation, who, format!("?{name} of {whose:?} shows something"));
            }
            prints.push(fingerprint(&answer));
        }
        if prints.iter().any(|p| *p != prints[0]) {
            self.fault(
                operation,
                who,
                format!("?{name}: whose it is can be told:\n    {}", prints.join("\n    ")),
            );
        }
    }
}

/// Whose ids are out of somebody's reach, the missing one first. A facility of the same tenant is everybody's to name.
fn foreign(who: Who, home: Whose, kind: &str) -> Vec<Whose> {
    let mut all = vec![Whose::Missing, Whose::OtherTenant];
    let of_family = ["child_id", "preference_id", "demand_id", "offer_id", "contract_id"].contains(&kind);
    if of_family && !who.is_office() {
        all.push(if home == Whose::Here { Whose::There } else { Whose::Here });
        if who == Who::ExParent {
            all.push(home);
        }
    }
    all
}
