//! The API of capacity: what staff read, enter and confirm.

use actix_web::{get, post, put, web::Path};
use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{CapacityError, NewFigure, Rung};
use super::presence::{self, UsualDays};
use super::store::{self, EnteredRow};
use super::{Known, ladder};
use crate::access::{Action, Ctx, TenantRead};
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::FacilityId;

pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    // `confirm` before `{age_band}`: both stand below the same path.
    routes
        .service(get_capacity)
        .service(confirm_capacity)
        .service(put_capacity);
}

/// Months that the staff's view shows.
const SHOWN: usize = 24;

impl From<CapacityError> for ApiError {
    fn from(error: CapacityError) -> Self {
        let says = error.to_string();
        match error {
            CapacityError::NoPlace { .. } => Self::conflict("capacity.no_place", says),
            CapacityError::ContractsFull { .. } => Self::conflict("capacity.contracts_full", says),
            CapacityError::Unknown(_) => Self::conflict("capacity.unknown", says),
            CapacityError::EmptyStay => Self::conflict("capacity.empty_stay", says),
            CapacityError::BelowPromised { .. } => Self::conflict("capacity.below_promised", says),
            CapacityError::GroupInUse => Self::conflict("capacity.group_in_use", says),
            CapacityError::Missing => Self::not_found(),
            CapacityError::Invalid(invalid) => invalid.into(),
            CapacityError::Stale(stale) => stale.into(),
            CapacityError::Db(db) => db.into(),
        }
    }
}

/// A figure as it was entered; it holds from its month until the next.
#[derive(Debug, Serialize, ToSchema)]
struct FigureBody {
    from_month: NaiveDate,
    licensed: i32,
    operable: i32,
    operable_reason: Option<String>,
    operable_since: Option<NaiveDate>,
    occupied_external: i32,
    confirmed_on: Option<NaiveDate>,
    /// Made up for a demonstration.
    is_example: bool,
}

/// The figures of one age band, and the ladder that follows.
#[derive(Debug, Serialize, ToSchema)]
struct BandBody {
    age_band: AgeBand,
    figures: Vec<FigureBody>,
    /// 24 months from the current one; months before the first figure are unknown and left out.
    months: Vec<Rung>,
}

/// The capacity of a facility.
#[derive(Debug, Serialize, ToSchema)]
struct CapacityBody {
    facility_id: FacilityId,
    version: i32,
    bands: Vec<BandBody>,
    /// At a childminder's: who is there at the same time this month.
    presence: Option<PresenceBody>,
}

/// Children of a childminder in the current month.
#[derive(Debug, Serialize, ToSchema)]
struct PresenceBody {
    /// Children with a contract or an open offer.
    children: usize,
    /// Most of them at the same time; this is what counts against the licence.
    at_once: i32,
    /// Contracts that the licence allows in all; `null`: it does not bound them.
    contracts_total: Option<i32>,
    /// How many more it allows this month, children whose contracts are not kept here counted.
    contracts_left: Option<i32>,
    /// Children without agreed times, who count all day.
    all_day: usize,
    /// A usual week, weekdays that are alike together; empty where nobody has agreed times.
    week: Vec<PresentDaysBody>,
}

/// Weekdays that follow one another and are alike.
#[derive(Debug, Serialize, ToSchema)]
struct PresentDaysBody {
    /// 1: Monday, to 5: Friday.
    weekdays: Vec<u32>,
    /// From one change to the next.
    times: Vec<PresentBody>,
}

/// Children who are there between two times of day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"from": "07:30:00", "to": "12:00:00", "children": 3}))]
struct PresentBody {
    /// From.
    from: NaiveTime,
    /// Until.
    to: NaiveTime,
    /// So many children, those without agreed times included.
    children: i32,
}

impl PresenceBody {
    fn of(known: &Known, month: NaiveDate) -> Option<Self> {
        if !known.site.childminder {
            return None;
        }
        let all: Vec<_> = known.taken.iter().map(|(_, taken)| *taken).collect();
        let there = all.iter().filter(|taken| taken.in_month(month));
        let present = |((from, to), children)| PresentBody { from, to, children };
        let days = |days: UsualDays| PresentDaysBody {
            weekdays: days.weekdays.iter().map(Weekday::number_from_monday).collect(),
            times: days.steps.into_iter().map(present).collect(),
        };
        Some(Self {
            children: there.clone().count(),
            at_once: presence::at_once(&all, month),
            contracts_total: known.site.licence_in(month).and_then(|(_, total)| total),
            contracts_left: known.site.contracts_left(&known.figures, &known.taken, month),
            all_day: there.filter(|taken| taken.week.is_none()).count(),
            week: presence::usual_week(&all, month).into_iter().map(days).collect(),
        })
    }
}

impl From<EnteredRow> for FigureBody {
    fn from(row: EnteredRow) -> Self {
        Self {
            from_month: row.from_month,
            licensed: row.licensed,
            operable: row.operable,
            operable_reason: row.operable_reason,
            operable_since: row.operable_since,
            occupied_external: row.occupied_external,
            confirmed_on: row.confirmed_on,
            is_example: row.is_example,
        }
    }
}

/// The body of all three operations; a facility outside the scope answers as a missing one.
async fn body(tx: &mut TenantRead, facility: FacilityId) -> Result<Versioned<CapacityBody>, ApiError> {
    if !tx.scope().covers(facility) || !store::facility_exists(tx, facility).await? {
        return Err(ApiError::not_found());
    }
    let base = month_of(tx.today());
    let known = Known::load(tx, facility, base).await?;
    let mut bands: Vec<BandBody> = Vec::new();
    for row in store::entered(tx, facility).await? {
        let band = row.age_band;
        if bands.last().is_none_or(|last| last.age_band != band) {
            let (figures, taken) = known.of(band);
            bands.push(BandBody {
                age_band: band,
                figures: Vec::new(),
                months: ladder(&figures, &taken, base, SHOWN).into_iter().flatten().collect(),
            });
        }
        if let Some(last) = bands.last_mut() {
            last.figures.push(row.into());
        }
    }
    bands.sort_by_key(|band| band.age_band);
    let version = store::version(tx, facility).await?;
    Ok(Versioned::new(
        version,
        CapacityBody {
            facility_id: facility,
            version,
            presence: PresenceBody::of(&known, base),
            bands,
        },
    ))
}

/// The figures of a facility by age band, with the ladder of the next 24 months.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "Figures and ladder", body = CapacityBody)))]
#[get("/staff/facilities/{facility_id}/capacity")]
async fn get_capacity(ctx: Ctx, at: At<FacilityId>) -> Result<Versioned<CapacityBody>, ApiError> {
    ctx.read(Action::GetCapacity, async |tx| body(tx, at.0).await).await
}

/// Enters the figure of an age band from a month on.
///
/// `If-Match` carries the version of the capacity that was read, `"0"` for a facility without figures.
#[utoipa::path(tag = "facilities", request_body = NewFigure,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "Figures and ladder", body = CapacityBody),
    (status = 409, description = "`capacity.below_promised`: fewer places than families were promised")))]
#[put("/staff/facilities/{facility_id}/capacity/{age_band}")]
async fn put_capacity(
    ctx: Ctx,
    at: At<FacilityId>,
    path: Path<(String, String, String)>,
    if_match: IfMatch,
    new: Body<NewFigure>,
) -> Result<Versioned<CapacityBody>, ApiError> {
    ctx.write(Action::PutCapacity, async |tx| {
        tx.touch(at.0);
        let band = AgeBand::parse(&path.2).filter(|_| tx.scope().covers(at.0));
        let band = band.ok_or_else(ApiError::not_found)?;
        super::put_figure(tx, at.0, band, &new.parse()?, if_match.version()?).await?;
        body(tx, at.0).await
    })
    .await
}

/// Says that the figures are right today.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "Figures and ladder", body = CapacityBody)))]
#[post("/staff/facilities/{facility_id}/capacity/confirm")]
async fn confirm_capacity(ctx: Ctx, at: At<FacilityId>) -> Result<Versioned<CapacityBody>, ApiError> {
    ctx.write(Action::ConfirmCapacity, async |tx| {
        tx.touch(at.0);
        if !tx.scope().covers(at.0) {
            return Err(ApiError::not_found());
        }
        super::confirm_figures(tx, at.0).await?;
        body(tx, at.0).await
    })
    .await
}
