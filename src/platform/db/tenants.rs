//! The registry of tenants: found by slug or host, cached for seconds, made at run time.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, Duration, Utc};

use super::Db;
use crate::platform::ids::TenantId;

/// A tenant as the floor knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRef {
    /// Internal number.
    pub id: TenantId,
    /// Name in paths.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// Official municipality key (8 digits; 5 for a district).
    pub ags: String,
    /// Official regional key (12 digits; 5 for a district).
    pub ars: String,
    /// Federal state, two letters.
    pub federal_state: String,
    /// Host name that belongs to this tenant alone.
    pub host: Option<String>,
}

/// Looks tenants up, each by itself, and remembers it for a few seconds.
#[derive(Clone)]
pub struct Tenants {
    db: Db,
    cache: Arc<RwLock<Cache>>,
}

#[derive(Default)]
struct Cache {
    by_slug: HashMap<String, Known>,
    by_id: HashMap<TenantId, Known>,
    /// All host names at once: what a stranger writes into the header `Host` is neither asked of the database nor remembered.
    hosts: Option<(DateTime<Utc>, HashMap<String, TenantId>)>,
}

#[derive(Clone)]
struct Known {
    at: DateTime<Utc>,
    tenant: Arc<TenantRef>,
    active: bool,
}

struct Row {
    id: i32,
    slug: String,
    name: String,
    ags: String,
    ars: String,
    federal_state: String,
    host: Option<String>,
    active: bool,
}

/// So long a process goes by what it knows of a tenant, before it asks again.
pub const FRESH: Duration = Duration::seconds(10);

fn is_fresh(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - at).abs() < FRESH
}

impl Tenants {
    /// A registry over the application's database.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            cache: Arc::default(),
        }
    }

    /// The active tenant with this slug.
    pub async fn by_slug(&self, slug: &str, now: DateTime<Utc>) -> Result<Option<Arc<TenantRef>>, sqlx::Error> {
        if let Some(known) = self.cached(|c| c.by_slug.get(slug).cloned(), now) {
            return Ok(known.active());
        }
        if !is_slug(slug) {
            return Ok(None);
        }
        let row = sqlx::query_as!(
            Row,
            "SELECT id, slug, name, ags, ars, federal_state, host, state = 'active' AS \"active!\" FROM tenant WHERE slug = $1",
            slug
        )
        .fetch_optional(self.db.global())
        .await?;
        Ok(row.and_then(|row| self.remember(row, now).active()))
    }

    /// The active tenant with this internal number.
    pub async fn by_id(&self, id: TenantId, now: DateTime<Utc>) -> Result<Option<Arc<TenantRef>>, sqlx::Error> {
        if let Some(known) = self.cached(|c| c.by_id.get(&id).cloned(), now) {
            return Ok(known.active());
        }
        let row = sqlx::query_as!(
            Row,
            "SELECT id, slug, name, ags, ars, federal_state, host, state = 'active' AS \"active!\" FROM tenant WHERE id = $1",
            id.0
        )
        .fetch_optional(self.db.global())
        .await?;
        Ok(row.and_then(|row| self.remember(row, now).active()))
    }

    /// The tenant that owns this host name, if one does.
    pub async fn by_host(&self, host: &str, now: DateTime<Utc>) -> Result<Option<Arc<TenantRef>>, sqlx::Error> {
        match self.host_owner(host, now).await? {
            Some(id) => self.by_id(id, now).await,
            None => Ok(None),
        }
    }

    async fn host_owner(&self, host: &str, now: DateTime<Utc>) -> Result<Option<TenantId>, sqlx::Error> {
        if let Ok(cache) = self.cache.read()
            && let Some((at, hosts)) = &cache.hosts
            && is_fresh(*at, now)
        {
            return Ok(hosts.get(host).copied());
        }
        let rows = sqlx::query!("SELECT id, host AS \"host!\" FROM tenant WHERE host IS NOT NULL")
            .fetch_all(self.db.global())
            .await?;
        let hosts: HashMap<String, TenantId> = rows.into_iter().map(|r| (r.host, TenantId(r.id))).collect();
        let owner = hosts.get(host).copied();
        if let Ok(mut cache) = self.cache.write() {
            cache.hosts = Some((now, hosts));
        }
        Ok(owner)
    }

    /// Whether the tenant that [`Tenants::by_slug`] has just looked for exists, but is suspended.
    pub fn is_suspended(&self, slug: &str, now: DateTime<Utc>) -> bool {
        self.cached(|c| c.by_slug.get(slug).cloned(), now)
            .is_some_and(|known| !known.active)
    }

    /// All active tenants by slug.
    pub async fn all(&self, now: DateTime<Utc>) -> Result<Vec<Arc<TenantRef>>, sqlx::Error> {
        let rows = sqlx::query_as!(
            Row,
            "SELECT id, slug, name, ags, ars, federal_state, host, state = 'active' AS \"active!\" FROM tenant ORDER BY slug"
        )
        .fetch_all(self.db.global())
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Known::of(row, now).active())
            .collect())
    }

    /// Forgets what is cached, after a change to the registry by this process.
    pub fn forget(&self) {
        if let Ok(mut cache) = self.cache.write() {
            *cache = Cache::default();
        }
    }

    fn cached(&self, find: impl FnOnce(&Cache) -> Option<Known>, now: DateTime<Utc>) -> Option<Known> {
        let cache = self.cache.read().ok()?;
        find(&cache).filter(|known| is_fresh(known.at, now))
    }

    fn remember(&self, row: Row, now: DateTime<Utc>) -> Known {
        let known = Known::of(row, now);
        if let Ok(mut cache) = self.cache.write() {
            cache.by_slug.insert(known.tenant.slug.clone(), known.clone());
            cache.by_id.insert(known.tenant.id, known.clone());
        }
        known
    }
}

impl Known {
    fn of(row: Row, at: DateTime<Utc>) -> Self {
        let tenant = TenantRef {
            id: TenantId(row.id),
            slug: row.slug,
            name: row.name,
            ags: row.ags,
            ars: row.ars,
            federal_state: row.federal_state,
            host: row.host,
        };
        Self {
            at,
            tenant: Arc::new(tenant),
            active: row.active,
        }
    }

    fn active(self) -> Option<Arc<TenantRef>> {
        self.active.then_some(self.tenant)
    }
}

/// Whether a text can be a slug. `api`, `assets`, `health`, `metrics` and `betreiber` are words of the floor.
pub fn is_slug(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (3..=40).contains(&text.len())
        && text.bytes().all(inner)
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && !["api", "assets", "health", "metrics", "betreiber", "operator", "tenants"].contains(&text)
}

/// The registry as the operator's role: global tables only, no family can be read through it.
#[derive(Clone)]
pub struct OpsDb(Db);

impl OpsDb {
    /// Connects lazily as the operator's role.
    pub fn connect(url: &str) -> Result<Self, sqlx::Error> {
        Db::connect(url, 4).map(Self)
    }

    /// The pool of the operator's role, which has rights on global tables only.
    pub fn pool(&self) -> &sqlx::PgPool {
        self.0.global()
    }
}
