//! Ids inside of requests, in bodies, queries and beside others in a path: another's answers as a missing one, and an own one is taken.

use super::calls::{BodyId, Operation, Request};
use super::check::{Check, code, fingerprint, refusal};
use super::table::{Expected, Who, Whose};

impl Check<'_> {
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
        super::office::restore(self.world, &operation.id).await;
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
