//! The API of named filters.

use std::collections::BTreeMap;

use actix_web::{get, put};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{SavedView, SavedViews};
use super::store;
use crate::access::{Action, Ctx, TenantRead};
use crate::platform::http::{ApiError, Body, IfMatch, Stale, Versioned};
use crate::platform::ids::AccountId;

/// Adds the named filters.
pub(in crate::inbox) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_saved_views).service(put_saved_views);
}

fn own(tx: &TenantRead) -> Result<AccountId, ApiError> {
    tx.scope().own().ok_or_else(ApiError::forbidden)
}

/// The named filters of a person, by list.
#[derive(Debug, Serialize, ToSchema)]
struct SavedViewsBody {
    lists: BTreeMap<String, Vec<SavedView>>,
    /// 0: nobody saved any.
    version: i32,
}

fn body(views: SavedViews, version: i32) -> Versioned<SavedViewsBody> {
    let lists = views.lists;
    Versioned::new(version, SavedViewsBody { lists, version })
}

/// The own named filters of all lists; none and version 0 where nobody saved any.
#[utoipa::path(tag = "inbox", responses((status = 200, description = "The filters", body = SavedViewsBody)))]
#[get("/account/views")]
async fn get_saved_views(ctx: Ctx) -> Result<Versioned<SavedViewsBody>, ApiError> {
    ctx.read(Action::GetSavedViews, async |tx| {
        let me = own(tx)?;
        let (views, version) = store::views(tx, me).await?.unwrap_or_default();
        Ok(body(views, version))
    })
    .await
}

/// Writes the own named filters of all lists.
#[utoipa::path(tag = "inbox", request_body = SavedViews,
    params(("if-match" = String, Header, description = "Version that was seen; 0 where there were none")),
    responses((status = 200, description = "The filters", body = SavedViewsBody)))]
#[put("/account/views")]
async fn put_saved_views(
    ctx: Ctx,
    if_match: IfMatch,
    new: Body<SavedViews>,
) -> Result<Versioned<SavedViewsBody>, ApiError> {
    ctx.write(Action::PutSavedViews, async |tx| {
        let (me, seen) = (own(tx)?, if_match.version()?);
        let views = new.parse()?.checked()?;
        let written = match seen {
            0 => store::add(tx, me, &views).await?,
            _ => store::change(tx, me, seen, &views).await?,
        };
        let version = store::views(tx, me).await?.map_or(0, |(_, version)| version);
        if !written {
            return Err(Stale { current: version }.into());
        }
        Ok(body(views, version))
    })
    .await
}
