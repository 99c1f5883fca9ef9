//! The request's context: the one door from a handler to the database.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;

use super::action::Action;
use super::actor::{Actor, Role, Scope};
use super::policy::{Denied, decide};
use super::session::{cookie_name, find_actor, find_api_key, narrow};
use super::tx::{Attempt, Opened, TenantRead, TenantTx};
use crate::platform::Platform;
use crate::platform::db::{Mode, TenantRef};
use crate::platform::http::{ApiError, Body, RequestId, client_address};

/// What a handler knows of its request before it names an action. It holds no connection.
pub struct Ctx {
    /// The process.
    pub platform: Data<Platform>,
    /// The tenant named in the path.
    pub tenant: Arc<TenantRef>,
    /// The client's address.
    pub address: std::net::IpAddr,
    /// The client's `User-Agent`.
    pub user_agent: String,
    request_id: String,
    credential: Credential,
    idempotency_key: Option<String>,
}

enum Credential {
    None,
    Session(String),
    ApiKey(String),
}

impl FromRequest for Ctx {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(req))
    }
}

impl Ctx {
    fn of(req: &HttpRequest) -> Result<Self, ApiError> {
        let platform = req
            .app_data::<Data<Platform>>()
            .cloned()
            .ok_or_else(|| ApiError::internal(&"the platform is not configured"))?;
        let tenant = req
            .extensions()
            .get::<Arc<TenantRef>>()
            .cloned()
            .ok_or_else(ApiError::not_found)?;
        let text = |name: header::HeaderName| {
            req.headers()
                .get(name)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let bearer = text(header::AUTHORIZATION);
        let credential = match (bearer.strip_prefix("Bearer "), req.cookie(&cookie_name(&tenant.slug))) {
            (Some(key), _) => Credential::ApiKey(key.trim().to_owned()),
            (None, Some(cookie)) => Credential::Session(cookie.value().to_owned()),
            (None, None) => Credential::None,
        };
        Ok(Self {
            address: client_address(req),
            user_agent: text(header::USER_AGENT),
            request_id: req
                .extensions()
                .get::<RequestId>()
                .map(|id| id.0.clone())
                .unwrap_or_default(),
            idempotency_key: req
                .headers()
                .get("idempotency-key")
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned),
            credential,
            platform,
            tenant,
        })
    }

    /// Reads: runs `work` in a transaction that cannot write, if the policy allows the action.
    pub async fn read<T>(
        &self,
        action: Action,
        work: impl AsyncFnOnce(&mut TenantRead) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut tx = TenantRead::open(self.open(action).await?);
        match work(&mut tx).await {
            Ok(value) => {
                tx.finish().await?;
                Ok(value)
            }
            Err(error) => {
                self.note_refused(action, tx.roll_back().await, &error).await;
                Err(error)
            }
        }
    }

    /// Writes: runs `work` in a transaction, records it in the audit and commits; an error changes nothing.
    pub async fn write<T>(
        &self,
        action: Action,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let tx = TenantTx::open(self.open(action).await?);
        self.carry_out(action, tx, work).await
    }

    /// Prepares: a first unit of work of an operation that has several, for example an attempt that is counted before a password is
    /// checked outside of any transaction. It commits on its own; the audit event is written by the operation's last unit.
    pub async fn prepare<T>(
        &self,
        action: Action,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let tx = TenantTx::open_unrecorded(self.open(action).await?);
        self.carry_out(action, tx, work).await
    }

    async fn carry_out<T>(
        &self,
        action: Action,
        mut tx: TenantTx,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        match work(&mut tx).await {
            Ok(value) => {
                tx.finish().await?;
                Ok(value)
            }
            Err(error) => {
                self.note_refused(action, tx.roll_back().await, &error).await;
                Err(error)
            }
        }
    }

    /// Creates: like [`Ctx::write`], once per `Idempotency-Key`. A repeated request gets the stored answer and has no effect.
    /// `status` is the answer's on success, usually 201.
    pub async fn create<B, T: Serialize>(
        &self,
        action: Action,
        status: actix_web::http::StatusCode,
        body: &Body<B>,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    ) -> Result<HttpResponse, ApiError> {
        self.write(action, async |tx| {
            self.create_in(tx, action, status, body.hash(), work).await
        })
        .await
    }

    async fn create_in<T: Serialize>(
        &self,
        tx: &mut TenantTx,
        action: Action,
        status: actix_web::http::StatusCode,
        body_hash: Vec<u8>,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    ) -> Result<HttpResponse, ApiError> {
        let key = match self.idempotency_key.as_deref() {
            Some(key) if (8..=64).contains(&key.len()) && key.is_ascii() => format!("{}:{key}", action.name()),
            _ => {
                return Err(ApiError::malformed(
                    "idempotency.required",
                    "send an Idempotency-Key of 8 to 64 characters",
                ));
            }
        };
        if let Some(stored) = claim_key(tx, &key, &body_hash).await? {
            return stored;
        }
        let value = serde_json::to_value(work(tx).await?).map_err(|e| ApiError::internal(&e))?;
        store_answer(tx, &key, status.as_u16(), &value).await?;
        Ok(HttpResponse::build(status).json(value))
    }

    /// Opens the transaction, finds who acts, asks the policy.
    async fn open(&self, action: Action) -> Result<Opened, ApiError> {
        let now = self.platform.clock.now();
        let mode = match self.credential {
            Credential::None if action.audience() == super::Audience::Public && !action.is_known_by() => Mode::ReadOnly,
            _ => Mode::ReadWrite,
        };
        let mut tx = self.platform.db.begin(self.tenant.id, mode).await?;
        let (actor, key_scopes) = match &self.credential {
            Credential::None => (Actor::Anonymous, Vec::new()),
            Credential::Session(token) => (find_actor(&mut tx, self.tenant.id, token, now).await?, Vec::new()),
            Credential::ApiKey(key) => match find_api_key(&mut tx, self.tenant.id, key, now).await? {
                Some((id, scopes)) => (Actor::ApiKey(id), scopes),
                None => return Err(ApiError::unauthenticated()),
            },
        };
        match decide(action, &actor, &key_scopes) {
            Ok((scope, role)) => {
                if let (Some(Role::Counsellor), Some(acting)) = (role, actor.account().and_then(|a| a.acting.as_ref()))
                {
                    narrow(&mut tx, &acting.children).await?;
                }
                Ok(Opened {
                    tx,
                    tenant: self.tenant.clone(),
                    now,
                    actor,
                    scope,
                    role,
                    action: action.name(),
                    recorded: action.is_recorded(),
                    request_id: Some(self.request_id.clone()),
                })
            }
            Err(denied) => {
                let error = refusal(denied);
                drop(tx);
                self.note_refused(action, Attempt::of(actor), &error).await;
                Err(error)
            }
        }
    }

    /// Notes an attempt that was refused, in a transaction of its own, because the attempt's was rolled back. Of nobody known it notes only
    /// the attempts to become known, which have limits: everybody could fill the audit with the rest. What we ourselves could not do is no
    /// refusal; the log has it.
    async fn note_refused(&self, action: Action, attempt: Attempt, error: &ApiError) {
        let nobody = attempt.actor == Actor::Anonymous && !action.is_known_by();
        if nobody || !action.is_recorded() || !error.status().is_client_error() {
            return;
        }
        if let Err(failed) = self.insert_refused(action, attempt, error).await {
            tracing::error!(error = %failed, "a refused attempt was not noted");
        }
    }

    async fn insert_refused(&self, action: Action, attempt: Attempt, error: &ApiError) -> Result<(), sqlx::Error> {
        let tx = self.platform.db.begin(self.tenant.id, Mode::ReadWrite).await?;
        let unit = TenantRead::open(Opened {
            tx,
            tenant: self.tenant.clone(),
            now: self.platform.clock.now(),
            actor: attempt.actor,
            scope: Scope::Public,
            role: attempt.role,
            action: action.name(),
            recorded: true,
            request_id: Some(self.request_id.clone()),
        });
        unit.refused(attempt.object, attempt.children, error.code()).await
    }

    /// Notes an attempt that was refused outside of any transaction, for example after a wrong password; `about` is what it was about.
    pub async fn refuse(&self, action: Action, about: Option<uuid::Uuid>, error: &ApiError) {
        let actor = match &self.credential {
            Credential::Session(token) => {
                let found = async {
                    let mut tx = self.platform.db.begin(self.tenant.id, Mode::ReadWrite).await?;
                    find_actor(&mut tx, self.tenant.id, token, self.platform.clock.now()).await
                };
                found.await.unwrap_or(Actor::Anonymous)
            }
            _ => Actor::Anonymous,
        };
        let attempt = Attempt {
            object: about,
            ..Attempt::of(actor)
        };
        self.note_refused(action, attempt, error).await;
    }
}

fn refusal(denied: Denied) -> ApiError {
    match denied {
        Denied::SignedOut => ApiError::unauthenticated(),
        Denied::NotAllowed => ApiError::forbidden(),
        Denied::MandateOver => ApiError::new(
            actix_web::http::StatusCode::FORBIDDEN,
            "mandate.over",
            "this mandate does not hold any more",
        ),
        Denied::NotByMandate => ApiError::new(
            actix_web::http::StatusCode::FORBIDDEN,
            "mandate.not_covered",
            "the mandate does not cover this",
        ),
        Denied::SecondFactorMissing => ApiError::new(
            actix_web::http::StatusCode::FORBIDDEN,
            "identity.second_factor_setup_required",
            "set up the second factor first",
        ),
    }
}

/// Claims a key for this request, or answers what the first request with it got. A request still running holds the row's lock:
/// this one waits for it, or gives up after the lock timeout.
async fn claim_key(
    tx: &mut TenantTx,
    key: &str,
    body_hash: &[u8],
) -> Result<Option<Result<HttpResponse, ApiError>>, ApiError> {
    let (tenant, now, actor) = (tx.tenant_id(), tx.now(), actor_key(tx.actor()));
    let claimed = sqlx::query!(
        "INSERT INTO idempotency_key (tenant_id, actor, key, body_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, actor, key) DO NOTHING",
        tenant.0,
        actor,
        key,
        body_hash,
        now
    )
    .execute(tx.conn())
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(None);
    }
    let stored = sqlx::query!(
        "SELECT body_hash, status, body FROM idempotency_key WHERE tenant_id = $1 AND actor = $2 AND key = $3",
        tenant.0,
        actor,
        key
    )
    .fetch_one(tx.conn())
    .await?;
    if stored.body_hash != body_hash {
        return Ok(Some(Err(ApiError::new(
            actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency.mismatch",
            "this Idempotency-Key was used for another request",
        ))));
    }
    let status = stored
        .status
        .and_then(|s| u16::try_from(s).ok())
        .and_then(|s| actix_web::http::StatusCode::from_u16(s).ok());
    Ok(Some(match status {
        Some(status) => Ok(HttpResponse::build(status)
            .insert_header(("idempotency-replayed", "true"))
            .json(stored.body.unwrap_or(Value::Null))),
        None => Err(ApiError::conflict(
            "idempotency.in_progress",
            "the first request with this key still runs",
        )),
    }))
}

async fn store_answer(tx: &mut TenantTx, key: &str, status: u16, value: &Value) -> Result<(), ApiError> {
    let (tenant, actor) = (tx.tenant_id(), actor_key(tx.actor()));
    sqlx::query!(
        "UPDATE idempotency_key SET status = $4, body = $5 WHERE tenant_id = $1 AND actor = $2 AND key = $3",
        tenant.0,
        actor,
        key,
        i32::from(status),
        value
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn actor_key(actor: &Actor) -> String {
    match actor {
        Actor::Account(account) => account.id.to_string(),
        Actor::ApiKey(key) => format!("key:{key}"),
        Actor::Anonymous => "anonymous".into(),
        Actor::System(name) => format!("system:{name}"),
    }
}
