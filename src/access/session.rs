//! Sessions: opaque, server-side, in the tenant; found in the very transaction that they allow.

use actix_web::cookie::{Cookie, SameSite, time};
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;

use super::actor::{AccountActor, Acting, Actor, Grant, Role};
use super::tx::TenantTx;
use crate::platform::clock::berlin_date;
use crate::platform::crypto::{digest, random_token};
use crate::platform::ids::{AccountId, ApiKeyId, ChildId, FacilityId, GuardianId, MandateId, SessionId, TenantId};

/// A parent's session ends after this long without use.
pub const SESSION_IDLE_PARENT: Duration = Duration::hours(24);
const SESSION_LIFE_PARENT: Duration = Duration::days(14);
const SESSION_IDLE_STAFF: Duration = Duration::minutes(30);
const SESSION_LIFE_STAFF: Duration = Duration::hours(10);
/// How old `last_seen_at` may get before it is written again.
const SEEN_GRAIN: Duration = Duration::minutes(1);

/// A session that was just started; the token goes into the cookie and is stored nowhere.
#[derive(Debug)]
pub struct NewSession {
    /// The session.
    pub id: SessionId,
    /// The secret for the cookie.
    pub token: String,
    /// Ends then at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Starts a session. `second_factor` says whether one was shown now.
pub async fn start_session(
    tx: &mut TenantTx,
    account: AccountId,
    is_staff: bool,
    second_factor: bool,
    user_agent: &str,
) -> Result<NewSession, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let life = if is_staff {
        SESSION_LIFE_STAFF
    } else {
        SESSION_LIFE_PARENT
    };
    let session = NewSession {
        id: SessionId::new(),
        token: random_token(),
        expires_at: now + life,
    };
    let agent: String = user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
    sqlx::query!(
        "INSERT INTO session (tenant_id, id, token_hash, account_id, user_agent, second_factor, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        tenant.0,
        session.id.0,
        digest(&session.token),
        account.0,
        agent,
        second_factor,
        now,
        session.expires_at,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE account SET last_sign_in_at = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        account.0,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(session)
}

/// The cookie's name: one a tenant, so that two tenants on one host do not sign each other out.
pub fn cookie_name(slug: &str) -> String {
    format!("__Host-kp-{slug}")
}

/// The cookie that carries a session.
pub fn session_cookie(slug: &str, session: &NewSession) -> Cookie<'static> {
    let until = time::OffsetDateTime::from_unix_timestamp(session.expires_at.timestamp()).ok();
    let mut cookie = empty_cookie(slug);
    cookie.set_value(session.token.clone());
    cookie.set_expires(until);
    cookie
}

/// The cookie that ends a session in the browser.
pub fn end_session_cookie(slug: &str) -> Cookie<'static> {
    let mut cookie = empty_cookie(slug);
    cookie.make_removal();
    cookie
}

fn empty_cookie(slug: &str) -> Cookie<'static> {
    Cookie::build(cookie_name(slug), "")
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}

/// The person behind a session token, if the session lives.
pub(super) async fn find_actor(
    conn: &mut PgConnection,
    tenant: TenantId,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Actor, sqlx::Error> {
    let found = sqlx::query!(
        r#"SELECT s.id AS "id: SessionId", s.account_id AS "account_id: AccountId", s.last_seen_at, a.kind, a.language,
                  a.totp_enabled_at IS NOT NULL AS "has_second_factor!", s.mandate_id AS "mandate_id: MandateId",
                  a.created_at AS account_created_at
             FROM session s
             JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
            WHERE s.tenant_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND a.state = 'active'"#,
        tenant.0,
        digest(token),
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(found) = found else {
        return Ok(Actor::Anonymous);
    };
    let is_staff = found.kind == "staff";
    let idle = if is_staff {
        SESSION_IDLE_STAFF
    } else {
        SESSION_IDLE_PARENT
    };
    if now - found.last_seen_at > idle {
        return Ok(Actor::Anonymous);
    }
    if now - found.last_seen_at > SEEN_GRAIN {
        sqlx::query!(
            "UPDATE session SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2",
            tenant.0,
            found.id as _,
            now
        )
        .execute(&mut *conn)
        .await?;
    }
    let grants = if is_staff {
        find_grants(conn, tenant, found.account_id).await?
    } else {
        vec![Grant {
            role: Role::Parent,
            facilities: Vec::new(),
        }]
    };
    let acting = match found.mandate_id {
        Some(mandate) => find_acting(conn, tenant, mandate, found.account_id, now).await?,
        None => None,
    };
    let must_set_up_second_factor = is_staff
        && !found.has_second_factor
        && second_factor_required(conn, tenant, found.account_created_at, now).await?;
    Ok(Actor::Account(AccountActor {
        id: found.account_id,
        session: found.id,
        is_staff,
        language: found.language,
        grants,
        must_set_up_second_factor,
        acting,
    }))
}

async fn find_grants(conn: &mut PgConnection, tenant: TenantId, account: AccountId) -> Result<Vec<Grant>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT m.role, COALESCE(array_agg(f.id) FILTER (WHERE f.id IS NOT NULL), '{}') AS "facilities!: Vec<FacilityId>"
             FROM membership m
             LEFT JOIN facility f ON f.tenant_id = m.tenant_id AND (f.id = m.facility_id OR f.provider_id = m.provider_id)
            WHERE m.tenant_id = $1 AND m.account_id = $2 AND m.ended_at IS NULL
            GROUP BY m.id, m.role"#,
        tenant.0,
        account as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            Some(Grant {
                role: Role::parse(&r.role)?,
                facilities: r.facilities,
            })
        })
        .collect())
}

/// The mandate by which a session acts. Children whose data are restricted are the family's alone.
async fn find_acting(
    conn: &mut PgConnection,
    tenant: TenantId,
    mandate: MandateId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Option<Acting>, sqlx::Error> {
    sqlx::query_as!(
        Acting,
        r#"SELECT m.id AS "mandate: MandateId", g.id AS "guardian: GuardianId", g.first_name || ' ' || g.last_name AS "family_name!",
                  COALESCE(g.account_id, g.id) AS "family!: AccountId", m.may_act, m.valid_until AS until,
                  (m.account_id = $3 AND m.accepted_at IS NOT NULL AND m.ended_at IS NULL AND m.valid_from <= $4 AND m.valid_until >= $4)
                      IS TRUE AS "holds!",
                  ARRAY(SELECT k.child_id FROM mandate_child k
                          JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
                         WHERE k.tenant_id = m.tenant_id AND k.mandate_id = m.id AND c.restricted_at IS NULL) AS "children!: Vec<ChildId>"
             FROM mandate m
             JOIN guardian g ON g.tenant_id = m.tenant_id AND g.id = m.guardian_id
            WHERE m.tenant_id = $1 AND m.id = $2"#,
        tenant.0,
        mandate as _,
        account as _,
        berlin_date(now)
    )
    .fetch_optional(conn)
    .await
}

/// For the rest of the transaction nobody's custody of a child that the mandate does not name is there to be found.
pub(super) async fn narrow(conn: &mut PgConnection, children: &[ChildId]) -> Result<(), sqlx::Error> {
    let ids: Vec<String> = children.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "SELECT set_config('app.mandate_children', $1, true) AS set",
        format!("{{{}}}", ids.join(","))
    )
    .fetch_one(conn)
    .await
    .map(|_| ())
}

/// Whether the tenant wants a second factor of staff, and the days in which an account can set it up are over.
async fn second_factor_required(
    conn: &mut PgConnection,
    tenant: TenantId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let required = sqlx::query_scalar!(
        r#"SELECT (settings ->> 'second_factor_required_for_staff')::boolean
                  AND $3::timestamptz + make_interval(days => COALESCE((settings ->> 'second_factor_grace_days')::int, 14)) <= $4
             FROM tenant_settings
            WHERE tenant_id = $1 AND valid_from <= $2
            ORDER BY valid_from DESC, version DESC
            LIMIT 1"#,
        tenant.0,
        berlin_date(now),
        since,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(required.flatten().unwrap_or(false))
}

/// The machine client behind a key, with its scopes.
pub(super) async fn find_api_key(
    conn: &mut PgConnection,
    tenant: TenantId,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<(ApiKeyId, Vec<String>)>, sqlx::Error> {
    let found = sqlx::query!(
        r#"UPDATE api_key SET last_used_at = $3
            WHERE tenant_id = $1 AND key_hash = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
            RETURNING id AS "id: ApiKeyId", scopes"#,
        tenant.0,
        digest(key),
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|f| (f.id, f.scopes)))
}
