//! The API of the public search.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::Json;
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{self, Availability, AvailabilityState, Pool};
use super::places::{Place, PlaceKind};
use super::store::{self, DayRow, DetailRow, Filter, Hit};
use super::{Child, detail, find, origin, suggest};
use crate::access::{Action, Ctx, TenantRead};
use crate::facilities::capacity::months_after;
use crate::facilities::catalogue::hour_minute;
use crate::facilities::model::{AgeBand, CareType, FacilityKind, ProviderKind};
use crate::platform::http::{ApiError, At, Page, PageQuery, Query, Versioned};
use crate::platform::ids::FacilityId;

pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    // The fixed words before `{facility_id}`.
    routes
        .service(search_facilities)
        .service(facility_markers)
        .service(facility_facets)
        .service(get_facility)
        .service(suggest_places);
}

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchQuery {
    /// Words of name, address or provider.
    q: Option<String>,
    /// Search from this postal code.
    postal_code: Option<String>,
    /// Search from this place or district.
    place: Option<String>,
    /// Search from this street.
    street: Option<String>,
    /// Search from this position (WGS 84); with `longitude`.
    #[param(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Search from this position (WGS 84); with `latitude`.
    #[param(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// Not farther than this.
    #[param(minimum = 0.5, maximum = 100)]
    radius_km: Option<f64>,
    /// Kind of care.
    care_type: Option<CareType>,
    /// The child's (expected) date of birth.
    birth_date: Option<NaiveDate>,
    /// The child's first day of school, where it was decided otherwise than by the key day.
    school_entry: Option<NaiveDate>,
    /// Wished start.
    start: Option<NaiveDate>,
    /// Open at this time in the morning (`HH:MM`).
    opens_by: Option<String>,
    /// Open until this time (`HH:MM`).
    closes_after: Option<String>,
    /// Concept, as in the facets.
    concept: Option<String>,
    /// Language, as in the facets.
    language: Option<String>,
    /// Denomination, as in the facets.
    denomination: Option<String>,
    /// Kind of provider.
    provider_kind: Option<ProviderKind>,
    /// Inclusive facilities only.
    inclusive: Option<bool>,
    /// Barrier-free facilities only.
    barrier_free: Option<bool>,
    /// `covered`: a place in every month to school entry; `partly`: in some at least.
    #[param(inline)]
    free: Option<Free>,
    /// `distance` (where there is an origin) or `name`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Free {
    Covered,
    Partly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sort {
    Distance,
    Name,
}

/// A text of the query that says something.
fn said(text: Option<&String>) -> Option<&str> {
    text.map(|t| t.trim())
        .filter(|t| !t.is_empty() && t.chars().count() <= 200)
}

impl SearchQuery {
    fn child(&self) -> Result<Child, ApiError> {
        use chrono::Datelike;
        let plausible = |d: Option<NaiveDate>| d.is_none_or(|d| (1990..=2200).contains(&d.year()));
        if [self.birth_date, self.school_entry, self.start]
            .into_iter()
            .all(plausible)
        {
            Ok(Child {
                birth: self.birth_date,
                school_entry: self.school_entry,
                start: self.start,
            })
        } else {
            Err(ApiError::malformed(
                "query.date",
                "a date between 1990 and 2200 is needed",
            ))
        }
    }

    fn time(text: Option<&String>) -> Result<Option<NaiveTime>, ApiError> {
        text.map(|t| hour_minute(t).ok_or_else(|| ApiError::malformed("query.time", "a time is HH:MM")))
            .transpose()
    }

    fn position(&self) -> Result<Option<(f64, f64)>, ApiError> {
        match (self.latitude, self.longitude) {
            (None, None) => Ok(None),
            (Some(a), Some(o)) if a.abs() <= 90.0 && o.abs() <= 180.0 => Ok(Some((a, o))),
            _ => Err(ApiError::malformed(
                "query.position",
                "latitude and longitude belong together",
            )),
        }
    }

    fn radius_m(&self) -> Result<Option<f64>, ApiError> {
        match self.radius_km {
            None => Ok(None),
            Some(km) if (0.5..=100.0).contains(&km) => Ok(Some(km * 1000.0)),
            Some(_) => Err(ApiError::malformed("query.radius", "radius_km is 0.5 to 100")),
        }
    }

    /// Where the search begins, if the query says and it is known.
    async fn origin(&self, tx: &mut TenantRead) -> Result<Option<Place>, ApiError> {
        if let Some((latitude, longitude)) = self.position()? {
            return Ok(Some(Place {
                kind: PlaceKind::Position,
                label: String::new(),
                postal_code: None,
                latitude: Some(latitude),
                longitude: Some(longitude),
                approximate: false,
            }));
        }
        let (code, place) = (said(self.postal_code.as_ref()), said(self.place.as_ref()));
        Ok(origin(tx, code, place, said(self.street.as_ref())).await?)
    }

    fn filter(&self, origin: Option<&Place>, limit: i64) -> Result<Filter, ApiError> {
        let position = origin.and_then(|o| o.latitude.zip(o.longitude));
        let mut text = self.q.clone().unwrap_or_default();
        if origin.is_none() {
            for more in [&self.postal_code, &self.place, &self.street] {
                text.push(' ');
                text.push_str(more.as_deref().unwrap_or_default());
            }
        }
        let age_months = self
            .birth_date
            .zip(self.start)
            .map(|(birth, start)| age_in_months(birth, start));
        let page = PageQuery {
            cursor: self.cursor.clone(),
            limit: self.limit,
        };
        Ok(Filter {
            only: None,
            words: model::words(&text),
            position,
            radius_m: self.radius_m()?,
            care_type: self.care_type.map(|t| t.as_str().to_owned()),
            age_months: age_months.map(|m| m.max(0)),
            opens_by: Self::time(self.opens_by.as_ref())?,
            closes_after: Self::time(self.closes_after.as_ref())?,
            concept: said(self.concept.as_ref()).map(str::to_owned),
            language: said(self.language.as_ref()).map(str::to_owned),
            denomination: said(self.denomination.as_ref()).map(str::to_owned),
            provider_kind: self.provider_kind.map(|k| k.as_str().to_owned()),
            // `false` means no matter: nobody looks for a place that is not barrier-free.
            inclusive: self.inclusive.filter(|wanted| *wanted),
            barrier_free: self.barrier_free.filter(|wanted| *wanted),
            free: self
                .free
                .map(|f| if f == Free::Covered { "covered" } else { "partly" }.to_owned()),
            by_distance: position.is_some() && self.sort != Some(Sort::Name),
            after: page.after()?,
            limit,
        })
    }
}

/// Whole months of age on a day.
fn age_in_months(birth: NaiveDate, on: NaiveDate) -> i32 {
    use chrono::Datelike;
    let months = crate::facilities::capacity::months_between(birth, on);
    months - i32::from(on.day() < birth.day())
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
    fn of(hit: Hit, availability: Availability) -> Self {
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

/// A day on which the facility is closed.
#[derive(Debug, Serialize, ToSchema)]
struct ClosedDay {
    day: NaiveDate,
    note: String,
}

/// Bookable places in a month; never below 0 here.
#[derive(Debug, Serialize, ToSchema)]
struct MonthBody {
    month: NaiveDate,
    bookable: i32,
}

/// Places of an age band in public.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CapacityInPublic {
    age_band: AgeBand,
    /// Places of the operating permit.
    licensed: Option<i32>,
    confirmed_on: Option<NaiveDate>,
    stale: bool,
    is_example: bool,
    /// 24 months from the current one; months that are not known are left out.
    months: Vec<MonthBody>,
}

/// Where an imported facility comes from.
#[derive(Debug, Serialize, ToSchema)]
struct SourceDetail {
    source_id: String,
    attribution: Option<String>,
    licence: Option<String>,
    data_as_of: Option<String>,
    /// What is doubtful in the imported row.
    flags: Vec<String>,
}

/// A childminder's substitute.
#[derive(Debug, Serialize, ToSchema)]
struct SubstituteBody {
    facility_id: FacilityId,
    name: String,
}

/// A facility with all that is public.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacilityDetail {
    #[serde(flatten)]
    result: FacilityResult,
    description: Option<String>,
    website: Option<String>,
    contact_email: Option<String>,
    phone: Option<String>,
    closing_days: Vec<ClosedDay>,
    /// Empty when the facility did not say.
    capacity: Vec<CapacityInPublic>,
    source: Option<SourceDetail>,
    /// Who takes a childminder's children when the childminder cannot.
    substitute: Option<SubstituteBody>,
    /// Median days to an answer; `null` below five answers.
    median_reply_days: Option<i32>,
    /// Version for `If-Match`.
    pub version: i32,
}

/// Months that the facility's page shows.
const SHOWN: u32 = 24;

/// Places by age band for the facility's page.
pub(super) fn capacity(mut pools: Vec<Pool>, today: NaiveDate, stale_after: i32) -> Vec<CapacityInPublic> {
    let base = crate::platform::clock::month_of(today);
    pools.sort_by_key(|pool| pool.band);
    let months = |pool: &Pool| {
        let known = (0..SHOWN).map(|n| months_after(base, n)).filter_map(|month| {
            let bookable = pool.at(month)?.max(0);
            Some(MonthBody { month, bookable })
        });
        known.collect()
    };
    let told = pools.iter().map(|pool| CapacityInPublic {
        age_band: pool.band,
        licensed: pool.licensed,
        confirmed_on: pool.confirmed_on,
        stale: model::is_stale(pool.confirmed_on, today, stale_after),
        is_example: pool.is_example,
        months: months(pool),
    });
    told.collect()
}

impl FacilityDetail {
    pub(super) fn of(
        hit: Hit,
        free: Availability,
        row: DetailRow,
        capacity: Vec<CapacityInPublic>,
        days: Vec<DayRow>,
    ) -> Self {
        let source = row.source_id.map(|source_id| SourceDetail {
            source_id,
            attribution: hit.attribution.clone(),
            licence: hit.licence.clone(),
            data_as_of: hit.data_as_of.clone(),
            flags: row.flags,
        });
        let closed = days.into_iter().map(|d| ClosedDay {
            day: d.day,
            note: d.note,
        });
        Self {
            result: FacilityResult::of(hit, free),
            description: row.description,
            website: row.website,
            contact_email: row.contact_email,
            phone: row.phone,
            closing_days: closed.collect(),
            capacity,
            source,
            substitute: row
                .substitute_id
                .zip(row.substitute_name)
                .map(|(facility_id, name)| SubstituteBody { facility_id, name }),
            median_reply_days: row.median_reply_days,
            version: row.version,
        }
    }
}

/// A facility with all that is public.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "The facility", body = FacilityDetail)))]
#[get("/facilities/{facility_id}")]
async fn get_facility(ctx: Ctx, at: At<FacilityId>) -> Result<Versioned<FacilityDetail>, ApiError> {
    ctx.read(Action::GetFacility, async |tx| {
        let body = detail(tx, at.0).await?.ok_or_else(ApiError::not_found)?;
        Ok(Versioned::new(body.version, body))
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
