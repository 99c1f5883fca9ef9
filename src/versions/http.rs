//! The API of this slice.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Change, Kind, changes};
use super::store;
use crate::access::{Action, Ctx, TenantRead};
use crate::platform::http::{ApiError, Page, PageQuery, Query};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(list_versions);
}

/// A version, and what it changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionItem {
    /// What it is a version of.
    pub kind: Kind,
    /// Which one: an id, or a legal page with its language; empty where there is one only.
    pub subject: String,
    /// The name of the facility or person that it is about.
    pub about: Option<String>,
    /// Its number, from 1.
    pub number: i32,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Since when it stood so; `null` when that is not known.
    pub since: Option<DateTime<Utc>>,
    /// Who made it, by the name of today; `null`: the system, or somebody whose account is closed or whose name is over its period.
    pub by: Option<String>,
    /// It stood so when the next change came; no recorded change made it.
    pub found: bool,
    /// It is the one that holds.
    pub latest: bool,
    /// What differs from the version before.
    pub changes: Vec<Change>,
}

/// Which versions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct VersionsQuery {
    /// Only of this kind.
    #[param(inline)]
    kind: Option<Kind>,
    /// Only of this one.
    subject: Option<String>,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A page of versions of some kinds, the latest first.
pub async fn page(
    tx: &mut TenantRead,
    kinds: &[Kind],
    subject: Option<&str>,
    page: &PageQuery,
) -> Result<Page<VersionItem>, ApiError> {
    let limit = page.limit()?;
    let rows = store::versions(tx, kinds, subject, page.after()?, limit).await?;
    let place = |row: &store::Row| {
        let kind = row.kind.as_str().to_owned();
        (row.recorded_at, kind, row.subject.clone(), row.number)
    };
    Ok(Page::from_rows(rows, limit, place).map(|row| VersionItem {
        // What was found first was no change.
        changes: match row.before {
            None if row.found => Vec::new(),
            before => changes(before.as_ref().unwrap_or(&Value::Null), &row.content),
        },
        kind: row.kind,
        subject: row.subject,
        about: row.about,
        number: row.number,
        recorded_at: row.recorded_at,
        since: row.since,
        by: row.by,
        found: row.found,
        latest: row.latest,
    }))
}

/// Versions of settings, look, legal pages, closing days, what places rest on, figures and roles, the latest first.
#[utoipa::path(tag = "tenancy", params(VersionsQuery), responses((status = 200, description = "Versions with what they changed", body = Page<VersionItem>)))]
#[get("/admin/versions")]
async fn list_versions(ctx: Ctx, query: Query<VersionsQuery>) -> Result<Json<Page<VersionItem>>, ApiError> {
    ctx.read(Action::ListVersions, async |tx| {
        let query = query.0;
        let asked = PageQuery {
            cursor: query.cursor,
            limit: query.limit,
        };
        let kinds = query.kind.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]);
        Ok(Json(page(tx, &kinds, query.subject.as_deref(), &asked).await?))
    })
    .await
}
