//! A look through the chain, page by page, that can be put down and taken up again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Broken, Fault, Head, Position};
use super::store::{self, Ends};
use super::{Verdict, cut, hex};
use crate::access::TenantRead;

/// How far a look has come.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub begun_at: DateTime<Utc>,
    /// The head when it began.
    pub until: (i64, Vec<u8>),
    /// The last link that was followed.
    pub position: Position,
    /// The last event that was compared with its link, once the links are done.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub events: i64,
}

/// What came of a page.
pub(super) enum Step {
    More,
    Broken(Broken),
    /// Links and events are as they must be.
    Done,
}

impl Look {
    /// From the first link that is still there to the head of today.
    pub fn begin(now: DateTime<Utc>, ends: &Ends) -> Self {
        Self {
            begun_at: now,
            until: (ends.sealed_seq, ends.sealed_hash.clone()),
            position: Position::new(ends.forgotten_seq, ends.forgotten_hash.clone(), ends.forgotten_until),
            after: None,
            events: 0,
        }
    }

    /// The same where the place at which it stopped was deleted by period since: it goes on from the first link that is still there.
    pub fn after_deletion(mut self, ends: &Ends) -> Self {
        if self.position.seq < ends.forgotten_seq {
            self.position = Position::new(ends.forgotten_seq, ends.forgotten_hash.clone(), ends.forgotten_until);
        }
        self
    }

    /// Looks at the next page: sealed links up to the head first, then events without a link.
    pub async fn step(&mut self, tx: &mut TenantRead, ends: &Ends) -> Result<Step, sqlx::Error> {
        if self.position.seq < self.until.0.max(ends.forgotten_seq) {
            self.follow(tx).await
        } else if self.after.is_none() && self.until.0 >= ends.forgotten_seq && self.position.hash != self.until.1 {
            Ok(Step::Broken(cut()))
        } else {
            self.compare(tx).await
        }
    }

    async fn follow(&mut self, tx: &mut TenantRead) -> Result<Step, sqlx::Error> {
        let links = store::sealed(tx, self.position.seq, self.until.0).await?;
        if links.is_empty() {
            return Ok(Step::Broken(cut()));
        }
        for link in &links {
            self.events += 1;
            if let Err(broken) = self.position.follow(link) {
                return Ok(Step::Broken(broken));
            }
        }
        Ok(Step::More)
    }

    /// Events that were put in without a link.
    async fn compare(&mut self, tx: &mut TenantRead) -> Result<Step, sqlx::Error> {
        let events = store::events(tx, self.after).await?;
        let Some(last) = events.last() else {
            return Ok(Step::Done);
        };
        self.after = Some((last.at, last.id));
        let inserted = events.into_iter().find(|event| event.unlinked);
        Ok(inserted.map_or(Step::More, |event| {
            Step::Broken(Broken {
                fault: Fault::Inserted,
                event: Some(event.id),
                at: Some(event.at),
            })
        }))
    }

    pub fn verdict(self, broken: Option<Broken>) -> Verdict {
        Verdict {
            events: self.events,
            head: Head {
                seq: self.until.0,
                hash: hex(&self.until.1),
            },
            broken,
        }
    }
}
