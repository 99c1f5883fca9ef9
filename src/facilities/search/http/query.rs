//! What the list and the map are asked for.

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::super::model;
use super::super::places::{Place, PlaceKind};
use super::super::store::Filter;
use super::super::{Child, origin};
use crate::access::TenantRead;
use crate::facilities::catalogue::hour_minute;
use crate::facilities::model::{CareType, ProviderKind};
use crate::platform::http::{ApiError, PageQuery};

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
    /// The order; when left out `distance` where there is an origin, else `name`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Where the page begins: `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<i64>,
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
    pub(super) fn child(&self) -> Result<Child, ApiError> {
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
    pub(super) async fn origin(&self, tx: &mut TenantRead) -> Result<Option<Place>, ApiError> {
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

    pub(super) fn filter(&self, origin: Option<&Place>, limit: i64) -> Result<Filter, ApiError> {
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
