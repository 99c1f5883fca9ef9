//! The page of a facility.

use actix_web::get;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::detail;
use super::super::model::{self, Availability, Pool};
use super::super::store::{DayRow, DetailRow, Hit};
use super::list::FacilityResult;
use crate::access::{Action, Ctx};
use crate::facilities::capacity::months_after;
use crate::facilities::model::AgeBand;
use crate::platform::http::{ApiError, At, Versioned};
use crate::platform::ids::FacilityId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_facility);
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
pub(in crate::facilities::search) struct CapacityInPublic {
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
    /// Places as the imported row says; what counts here is entered as capacity.
    declared_places: Option<i32>,
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
pub(in crate::facilities::search) fn capacity(
    mut pools: Vec<Pool>,
    today: NaiveDate,
    stale_after: i32,
) -> Vec<CapacityInPublic> {
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
    pub(in crate::facilities::search) fn of(
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
            declared_places: row.declared_places,
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
