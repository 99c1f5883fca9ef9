//! The registry of tenants: found by slug or host, cached for seconds, made at run time.

use std::collections::{HashMap, HashSet};
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

/// Looks tenants up; remembers them for a few seconds.
#[derive(Clone)]
pub struct Tenants {
    db: Db,
    cache: Arc<RwLock<Cache>>,
}

#[derive(Default)]
struct Cache {
    loaded: Option<DateTime<Utc>>,
    by_slug: HashMap<String, Arc<TenantRef>>,
    by_host: HashMap<String, Arc<TenantRef>>,
    suspended: HashSet<String>,
}

const FRESH: Duration = Duration::seconds(10);

impl Tenants {
    /// A registry over the application's database.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            cache: Arc::default(),
        }
    }

    /// The active tenant with this slug. A slug that is not in the cache is asked of the database once more.
    pub async fn by_slug(&self, slug: &str, now: DateTime<Utc>) -> Result<Option<Arc<TenantRef>>, sqlx::Error> {
        if let Some(found) = self.cached(now, |c| c.by_slug.get(slug).cloned()).flatten() {
            return Ok(Some(found));
        }
        if !is_slug(slug) {
            return Ok(None);
        }
        self.load(now).await?;
        Ok(self.cached(now, |c| c.by_slug.get(slug).cloned()).flatten())
    }

    /// The active tenant that owns this host name, if one does.
    pub async fn by_host(&self, host: &str, now: DateTime<Utc>) -> Result<Option<Arc<TenantRef>>, sqlx::Error> {
        if self.cached(now, |_| ()).is_none() {
            self.load(now).await?;
        }
        Ok(self.cached(now, |c| c.by_host.get(host).cloned()).flatten())
    }

    /// Whether the tenant with this slug exists and is suspended.
    pub async fn is_suspended(&self, slug: &str, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
        if self.cached(now, |_| ()).is_none() {
            self.load(now).await?;
        }
        Ok(self.cached(now, |c| c.suspended.contains(slug)).unwrap_or(false))
    }

    /// All active tenants by slug.
    pub async fn all(&self, now: DateTime<Utc>) -> Result<Vec<Arc<TenantRef>>, sqlx::Error> {
        self.load(now).await?;
        let mut all = self
            .cached(now, |c| c.by_slug.values().cloned().collect::<Vec<_>>())
            .unwrap_or_default();
        all.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(all)
    }

    /// Forgets what is cached, after a change to the registry by this process.
    pub fn forget(&self) {
        if let Ok(mut cache) = self.cache.write() {
            *cache = Cache::default();
        }
    }

    fn cached<T>(&self, now: DateTime<Utc>, read: impl FnOnce(&Cache) -> T) -> Option<T> {
        let cache = self.cache.read().ok()?;
        let fresh = cache.loaded.is_some_and(|at| (now - at).abs() < FRESH);
        fresh.then(|| read(&cache))
    }

    async fn load(&self, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
        let rows = sqlx::query!(
            "SELECT id, slug, name, ags, ars, federal_state, host, state = 'active' AS \"active!\" FROM tenant"
        )
        .fetch_all(self.db.global())
        .await?;
        let mut fresh = Cache {
            loaded: Some(now),
            ..Cache::default()
        };
        for row in rows {
            if !row.active {
                fresh.suspended.insert(row.slug);
                continue;
            }
            let tenant = Arc::new(TenantRef {
                id: TenantId(row.id),
                slug: row.slug,
                name: row.name,
                ags: row.ags,
                ars: row.ars,
                federal_state: row.federal_state,
                host: row.host,
            });
            if let Some(host) = &tenant.host {
                fresh.by_host.insert(host.clone(), tenant.clone());
            }
            fresh.by_slug.insert(tenant.slug.clone(), tenant);
        }
        if let Ok(mut cache) = self.cache.write() {
            *cache = fresh;
        }
        Ok(())
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
