//! The words one can search by: values of the filters, and places as one types.

use actix_web::get;
use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::places::Place;
use super::super::{store, suggest};
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, Query};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(facility_facets).service(suggest_places);
}

/// A value and in how many facilities it occurs.
#[derive(Debug, Serialize, ToSchema)]
struct Facet {
    value: String,
    count: i64,
}

/// What can be filtered by.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Facets {
    concepts: Vec<Facet>,
    languages: Vec<Facet>,
    denominations: Vec<Facet>,
    provider_kinds: Vec<Facet>,
    care_types: Vec<Facet>,
}

/// The values that the filters of the search can take here.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "Values by filter, most frequent first", body = Facets)))]
#[get("/facilities/facets")]
async fn facility_facets(ctx: Ctx) -> Result<Json<Facets>, ApiError> {
    ctx.read(Action::FacilityFacets, async |tx| {
        let mut facets = Facets::default();
        for row in store::facets(tx).await? {
            let list = match row.facet.as_str() {
                "concept" => &mut facets.concepts,
                "language" => &mut facets.languages,
                "denomination" => &mut facets.denominations,
                "provider_kind" => &mut facets.provider_kinds,
                _ => &mut facets.care_types,
            };
            list.push(Facet {
                value: row.value,
                count: row.count,
            });
        }
        Ok(Json(facets))
    })
    .await
}

/// What was typed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SuggestQuery {
    /// The beginning of a postal code, place, district or street.
    q: String,
}

/// Places to search from.
#[derive(Debug, Serialize, ToSchema)]
struct Suggestions {
    items: Vec<Place>,
}

/// Postal codes, places, districts and streets that begin with what was typed.
#[utoipa::path(tag = "facilities", params(SuggestQuery), responses((status = 200, description = "At most ten places", body = Suggestions)))]
#[get("/places")]
async fn suggest_places(ctx: Ctx, query: Query<SuggestQuery>) -> Result<Json<Suggestions>, ApiError> {
    ctx.read(Action::SuggestPlaces, async |tx| {
        let text: String = query.0.q.chars().take(100).collect();
        Ok(Json(Suggestions {
            items: suggest(tx, &text).await?,
        }))
    })
    .await
}
