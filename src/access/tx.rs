//! The tenant transaction: the only thing that reaches the database.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;
use sqlx::{Executor, PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::actor::{AccountActor, Acting, Actor, Role, Scope};
use crate::platform::clock::berlin_date;
use crate::platform::db::TenantRef;
use crate::platform::ids::{ChildId, TenantId};
use crate::platform::jobs::{self, NewJob};

/// A transaction of one tenant that reads. It has no way to write but the audit event at its end.
pub struct TenantRead {
    tx: Transaction<'static, Postgres>,
    tenant: Arc<TenantRef>,
    now: DateTime<Utc>,
    actor: Actor,
    scope: Scope,
    trail: Trail,
}

/// What the audit event will say.
struct Trail {
    action: &'static str,
    recorded: bool,
    changed: bool,
    role: Option<Role>,
    object: Option<Uuid>,
    children: BTreeSet<Uuid>,
    reason: Option<&'static str>,
    request_id: Option<String>,
}

/// Who tried what, after it was refused and rolled back.
pub(super) struct Attempt {
    pub actor: Actor,
    pub role: Option<Role>,
    pub object: Option<Uuid>,
    pub children: BTreeSet<Uuid>,
}

impl Attempt {
    /// An attempt that came no further than to who it was.
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            role: None,
            object: None,
            children: BTreeSet::new(),
        }
    }
}

/// A transaction of one tenant that reads and writes; everything that [`TenantRead`] can, and more.
pub struct TenantTx(TenantRead);

pub(super) struct Opened {
    pub tx: Transaction<'static, Postgres>,
    pub tenant: Arc<TenantRef>,
    pub now: DateTime<Utc>,
    pub actor: Actor,
    pub scope: Scope,
    pub role: Option<Role>,
    pub action: &'static str,
    pub recorded: bool,
    pub request_id: Option<String>,
}

impl TenantRead {
    pub(super) fn open(opened: Opened) -> Self {
        Self {
            tx: opened.tx,
            tenant: opened.tenant,
            now: opened.now,
            actor: opened.actor,
            scope: opened.scope,
            trail: Trail {
                action: opened.action,
                recorded: opened.recorded,
                changed: false,
                role: opened.role,
                object: None,
                children: BTreeSet::new(),
                reason: None,
                request_id: opened.request_id,
            },
        }
    }

    /// The connection for a query of a `store`.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The tenant's number, first bind of every query.
    pub fn tenant_id(&self) -> TenantId {
        self.tenant.id
    }

    /// The tenant as the registry knows it.
    pub fn tenant(&self) -> &TenantRef {
        &self.tenant
    }

    /// The instant of this unit of work; it does not move while it runs.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The civil date in Germany of this unit of work.
    pub fn today(&self) -> NaiveDate {
        berlin_date(self.now)
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The signed-in person, if one acts.
    pub fn account(&self) -> Option<&AccountActor> {
        self.actor.account()
    }

    /// The language of whoever asks; German where nobody has an account.
    pub fn language(&self) -> String {
        self.account()
            .map_or_else(|| "de".to_owned(), |account| account.language.clone())
    }

    /// The mandate by which this unit of work acts in a family's name, if it does.
    pub fn acting(&self) -> Option<&Acting> {
        let acting = self.account().and_then(|account| account.acting.as_ref());
        acting.filter(|_| self.trail.role == Some(Role::Counsellor))
    }

    /// Whether the asker administers the municipality.
    pub fn is_administrator(&self) -> bool {
        self.account()
            .is_some_and(|account| account.grants.iter().any(|grant| grant.role == Role::TenantAdmin))
    }

    /// Whether the asker works for the office, and does not only look: a clerk or an administrator.
    pub fn is_office(&self) -> bool {
        let decides = |role| matches!(role, Role::Clerk | Role::TenantAdmin);
        self.account()
            .is_some_and(|account| account.grants.iter().any(|grant| decides(grant.role)))
    }

    /// Whether no person asks: a job does what follows by itself.
    pub fn is_system(&self) -> bool {
        matches!(self.actor, Actor::System(_))
    }

    /// Whether restricted data (Art. 18 GDPR) are shown: to administrators, and to jobs, which go by them all the same.
    pub fn sees_restricted(&self) -> bool {
        self.is_administrator() || self.is_system()
    }

    /// Which rows the action may touch.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Names what was read or changed, for the audit.
    pub fn touch(&mut self, object: impl Into<Uuid>) {
        self.trail.object = Some(object.into());
    }

    /// Names a child whose data were read or changed, for the audit.
    pub fn touch_child(&mut self, child: ChildId) {
        self.trail.children.insert(child.0);
    }

    /// Names the ground on which something is looked at or changed, a word of a fixed list, for the audit.
    pub fn because(&mut self, reason: &'static str) {
        self.trail.reason = Some(reason);
    }

    /// Writes the audit event (where one is due) and commits.
    pub(super) async fn finish(mut self) -> Result<(), sqlx::Error> {
        if self.trail.recorded {
            self.record("done", None).await?;
        }
        self.tx.commit().await
    }

    /// Writes the event of a refused attempt and commits; nothing else happened in this transaction.
    pub(super) async fn refused(
        mut self,
        object: Option<Uuid>,
        children: BTreeSet<Uuid>,
        code: &str,
    ) -> Result<(), sqlx::Error> {
        self.trail.object = object;
        self.trail.children = children;
        self.record("refused", Some(code)).await?;
        self.tx.commit().await
    }

    /// Undoes everything; answers who tried what.
    pub(super) async fn roll_back(self) -> Attempt {
        if let Err(error) = self.tx.rollback().await {
            tracing::debug!(%error, "rollback failed; the pool rolls back again");
        }
        Attempt {
            actor: self.actor,
            role: self.trail.role,
            object: self.trail.object,
            children: self.trail.children,
        }
    }

    async fn record(&mut self, outcome: &str, code: Option<&str>) -> Result<(), sqlx::Error> {
        let actor_id = match &self.actor {
            Actor::Account(account) => Some(account.id.0),
            Actor::ApiKey(key) => Some(key.0),
            Actor::Anonymous | Actor::System(_) => None,
        };
        let children: Vec<Uuid> = self.trail.children.iter().copied().collect();
        let on_behalf_of = self.acting().map(|acting| acting.guardian.0);
        sqlx::query!(
            "WITH event AS (
               INSERT INTO audit_event (tenant_id, id, at, actor_kind, actor_id, role, action, object_id, child_ids, request_id, outcome,
                                        code, reason, changed, on_behalf_of)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15))
             INSERT INTO audit_child (tenant_id, child_id, at, event_id)
             SELECT $1, child, $3, $2 FROM unnest($9::uuid[]) AS child",
            self.tenant.id.0,
            crate::platform::ids::random_uuid(),
            self.now,
            self.actor.kind(),
            actor_id,
            self.trail.role.map(Role::as_str),
            self.trail.action,
            self.trail.object,
            &children,
            self.trail.request_id,
            outcome,
            code,
            self.trail.reason,
            self.trail.changed,
            on_behalf_of,
        )
        .execute(&mut *self.tx)
        .await
        .map(|_| ())
    }
}

impl TenantTx {
    pub(super) fn open(opened: Opened) -> Self {
        let mut unit = TenantRead::open(Opened {
            recorded: true,
            ..opened
        });
        unit.trail.changed = true;
        Self(unit)
    }

    /// A transaction without an event of its own: another unit of the same operation writes it.
    pub(super) fn open_unrecorded(opened: Opened) -> Self {
        Self(TenantRead::open(Opened {
            recorded: false,
            ..opened
        }))
    }

    /// Writes a job that runs if and only if this transaction commits.
    pub async fn enqueue(&mut self, job: NewJob) -> Result<(), sqlx::Error> {
        let (tenant, now) = (self.tenant_id(), self.now());
        jobs::enqueue(self.conn(), tenant, job, now).await
    }

    /// Writes a job about one thing, to be done at once: asked for twice before it is done, it is done once. By it a module reaches those
    /// that stand below it.
    pub async fn enqueue_about(
        &mut self,
        kind: &'static str,
        named: &'static str,
        id: impl Serialize + Display,
    ) -> Result<(), sqlx::Error> {
        let job = NewJob {
            kind,
            payload: json!({ named: id }),
            dedup_key: Some(id.to_string()),
            run_at: self.now(),
        };
        self.enqueue(job).await
    }

    /// Does one part for itself: when it fails, what it wrote and locked is undone, and the rest of the transaction goes on.
    pub async fn attempt<T, E: From<sqlx::Error>>(
        &mut self,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.conn().execute("SAVEPOINT attempt").await?;
        let done = work(self).await;
        // An inner attempt has the same name; each ends with the one that was begun last.
        if done.is_err() {
            self.conn().execute("ROLLBACK TO SAVEPOINT attempt").await?;
        }
        self.conn().execute("RELEASE SAVEPOINT attempt").await?;
        done
    }

    /// Tries something out: what it wrote and locked is undone in any case.
    pub async fn trial<T, E: From<sqlx::Error>>(
        &mut self,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.conn().execute("SAVEPOINT trial").await?;
        let done = work(self).await;
        self.conn().execute("ROLLBACK TO SAVEPOINT trial").await?;
        self.conn().execute("RELEASE SAVEPOINT trial").await?;
        done
    }

    pub(super) async fn finish(self) -> Result<(), sqlx::Error> {
        self.0.finish().await
    }

    pub(super) async fn roll_back(self) -> Attempt {
        self.0.roll_back().await
    }
}

impl Deref for TenantTx {
    type Target = TenantRead;

    fn deref(&self) -> &TenantRead {
        &self.0
    }
}

impl DerefMut for TenantTx {
    fn deref_mut(&mut self) -> &mut TenantRead {
        &mut self.0
    }
}
