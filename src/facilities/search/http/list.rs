//! The list of results.

use actix_web::get;
use actix_web::web::Json;
use chrono::NaiveTime;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::find;
use super::super::model::Availability;
use super::super::places::Place;
use super::super::store::Hit;
use super::query::SearchQuery;
use crate::access::{Action, Ctx};
use crate::facilities::model::{CareType, FacilityKind, ProviderKind};
use crate::platform::http::{ApiError, Page, PageQuery, Query};
use crate::platform::ids::FacilityId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(search_facilities);
}

/// A facility in the list of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacilityResult {
    id: FacilityId,
    name: String,
    kind: Option<FacilityKind>,
    care_types: Vec<CareType>,
    /// `null`: not known.
    provider_name: Option<String>,
    provider_kind: Option<ProviderKind>,
    street: String,
    house_number: String,
    postal_code: String,
    city: String,
    district: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// Metres from the origin, as the crow flies.
    distance_m: Option<i32>,
    /// `HH:MM`.
    opens_at: Option<String>,
    /// `HH:MM`.
    closes_at: Option<String>,
    concepts: Vec<String>,
    languages: Vec<String>,
    denomination: Option<String>,
    inclusive: Option<bool>,
    barrier_free: Option<bool>,
    age_from_months: Option<i32>,
    age_to_months: Option<i32>,
    availability: Availability,
}

fn hh_mm(time: Option<NaiveTime>) -> Option<String> {
    time.map(|t| t.format("%H:%M").to_string())
}

impl FacilityResult {
    pub(super) fn of(hit: Hit, availability: Availability) -> Self {
        Self {
            id: hit.id,
            name: hit.name,
            kind: hit.kind,
            care_types: hit.care_types.iter().filter_map(|t| CareType::parse(t)).collect(),
            provider_name: hit.provider_name,
            provider_kind: hit.provider_kind,
            street: hit.street,
            house_number: hit.house_number,
            postal_code: hit.postal_code,
            city: hit.city,
            district: hit.district,
            latitude: hit.latitude,
            longitude: hit.longitude,
            distance_m: hit.distance_m,
            opens_at: hh_mm(hit.opens_at),
            closes_at: hh_mm(hit.closes_at),
            concepts: hit.concepts,
            languages: hit.languages,
            denomination: hit.denomination,
            inclusive: hit.inclusive,
            barrier_free: hit.barrier_free,
            age_from_months: hit.age_from_months,
            age_to_months: hit.age_to_months,
            availability,
        }
    }
}

/// Where imported data come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
struct Source {
    attribution: String,
    licence: Option<String>,
    data_as_of: Option<String>,
}

/// A page of facilities.
#[derive(Debug, Serialize, ToSchema)]
struct SearchResult {
    items: Vec<FacilityResult>,
    next_cursor: Option<String>,
    total: Option<i64>,
    /// Where distances begin; `null` when no place was asked for, or none of this name is known.
    origin: Option<Place>,
    /// Where the facilities of this page come from.
    sources: Vec<Source>,
}

/// Facilities near a place, with what is free for a child.
///
/// With `birth_date` and `start` the availability is that of the child from its start to school entry; without them, that of the next
/// twelve months in the facility's youngest age band.
#[utoipa::path(tag = "facilities", params(SearchQuery), responses((status = 200, description = "Facilities", body = SearchResult)))]
#[get("/facilities")]
async fn search_facilities(ctx: Ctx, query: Query<SearchQuery>) -> Result<Json<SearchResult>, ApiError> {
    ctx.read(Action::SearchFacilities, async |tx| {
        let query = query.0;
        let limit = PageQuery {
            cursor: None,
            limit: query.limit,
        }
        .limit()?;
        let child = query.child()?;
        let from = query.origin(tx).await?;
        let found = find(tx, &query.filter(from.as_ref(), limit + 1)?, child).await?;
        Ok(Json(page_of(found, from, limit, query.cursor.is_none())))
    })
    .await
}

fn page_of(found: Vec<(Hit, Availability)>, origin: Option<Place>, limit: i64, first: bool) -> SearchResult {
    let total = found.first().map(|(hit, _)| hit.total).or(first.then_some(0));
    let page = Page::from_rows(found, limit, |(hit, _)| (hit.sort_key, hit.name.clone(), hit.id));
    let mut sources: Vec<Source> = page.items.iter().filter_map(|(hit, _)| source_of(hit)).collect();
    sources.sort();
    sources.dedup();
    let next_cursor = page.next_cursor;
    let items = page.items.into_iter().map(|(hit, free)| FacilityResult::of(hit, free));
    SearchResult {
        items: items.collect(),
        next_cursor,
        total,
        origin,
        sources,
    }
}

fn source_of(hit: &Hit) -> Option<Source> {
    Some(Source {
        attribution: hit.attribution.clone()?,
        licence: hit.licence.clone(),
        data_as_of: hit.data_as_of.clone(),
    })
}
