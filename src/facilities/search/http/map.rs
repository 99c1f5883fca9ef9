//! The results on a map.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::find;
use super::super::model::{Availability, AvailabilityState};
use super::super::store::{Filter, Hit};
use super::query::SearchQuery;
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, Query};
use crate::platform::ids::FacilityId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(facility_markers);
}

/// A facility on the map.
#[derive(Debug, Serialize, ToSchema)]
struct Marker {
    id: FacilityId,
    name: String,
    latitude: f64,
    longitude: f64,
    state: AvailabilityState,
}

/// A name on the map.
#[derive(Debug, Serialize, ToSchema)]
struct NamedPlace {
    name: String,
    latitude: f64,
    longitude: f64,
}

/// What the map shows.
#[derive(Debug, Serialize, ToSchema)]
struct Markers {
    items: Vec<Marker>,
    /// Places, or districts when all lie in one place.
    places: Vec<NamedPlace>,
    /// The operator's own map tiles, if there are any.
    tiles_url: Option<String>,
}

/// Facilities shown on the map at most.
const MOST_MARKERS: i64 = 5000;

/// The same facilities as the search finds, for the map.
#[utoipa::path(tag = "facilities", params(SearchQuery), responses((status = 200, description = "Markers", body = Markers)))]
#[get("/facilities/markers")]
async fn facility_markers(ctx: Ctx, query: Query<SearchQuery>) -> Result<Json<Markers>, ApiError> {
    let tiles_url = ctx.platform.config.tiles.as_ref().map(|_| "/tiles.pmtiles".to_owned());
    ctx.read(Action::FacilityMarkers, async |tx| {
        let (query, child) = (&query.0, query.0.child()?);
        let from = query.origin(tx).await?;
        let filter = Filter {
            after: None,
            ..query.filter(from.as_ref(), MOST_MARKERS)?
        };
        let found = find(tx, &filter, child).await?;
        let places = places_of(&found);
        let items = found.into_iter().filter_map(|(hit, free)| {
            Some(Marker {
                id: hit.id,
                latitude: hit.latitude?,
                longitude: hit.longitude?,
                name: hit.name,
                state: free.state,
            })
        });
        Ok(Json(Markers {
            items: items.collect(),
            places,
            tiles_url,
        }))
    })
    .await
}

/// Names for a plain map: the middle of the facilities of each place, or of each district where all lie in one place.
fn places_of(found: &[(Hit, Availability)]) -> Vec<NamedPlace> {
    fn middles<'a>(names: impl Iterator<Item = (&'a str, &'a Hit)>) -> BTreeMap<&'a str, (f64, f64, f64)> {
        let mut sums = BTreeMap::new();
        for (name, hit) in names.filter(|(name, _)| !name.is_empty()) {
            if let Some((latitude, longitude)) = hit.latitude.zip(hit.longitude) {
                let sum: &mut (f64, f64, f64) = sums.entry(name).or_default();
                *sum = (sum.0 + latitude, sum.1 + longitude, sum.2 + 1.0);
            }
        }
        sums
    }
    let hits = || found.iter().map(|(hit, _)| hit);
    let mut sums = middles(hits().map(|h| (h.city.as_str(), h)));
    if sums.len() <= 1 {
        sums.extend(middles(hits().filter_map(|h| Some((h.district.as_deref()?, h)))));
    }
    let named = sums.into_iter().map(|(name, (latitude, longitude, n))| NamedPlace {
        name: name.to_owned(),
        latitude: latitude / n,
        longitude: longitude / n,
    });
    named.collect()
}
