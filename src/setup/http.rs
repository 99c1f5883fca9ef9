//! The API of this slice.

use actix_web::web::Json;
use actix_web::{HttpResponse, get, put};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Confirmable, StepState};
use super::store;
use crate::access::{Action, Ctx, TenantRead};
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, Body, Query};
use crate::tenancy::holidays;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_setup)
        .service(confirm_setup_step)
        .service(get_holidays)
        .service(close_holidays);
}

/// How far the municipality is set up.
#[derive(Debug, Serialize, ToSchema)]
struct Setup {
    /// Whether every step is done.
    done: bool,
    /// The steps in the order in which one goes.
    steps: Vec<StepState>,
}

/// A step whose defaults are taken over as they stand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"step": "retention"}))]
struct Confirmation {
    step: Confirmable,
}

/// A public holiday of the municipality's state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HolidayBody)]
struct HolidayBody {
    day: NaiveDate,
    name: String,
    /// It holds in parts of the state only; whoever needs it closes the day by hand.
    in_parts: bool,
    /// The day is closed for all.
    closed: bool,
}

/// The public holidays of a year.
#[derive(Debug, Serialize, ToSchema)]
struct Holidays {
    year: i32,
    /// The state, `SN` for Saxony.
    federal_state: String,
    items: Vec<HolidayBody>,
}

/// Which year.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2027}))]
struct Year {
    /// From last year to ten years ahead.
    year: i32,
}

/// Which year.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct YearQuery {
    /// From last year to ten years ahead; this year when left out.
    year: Option<i32>,
}

fn checked(year: i32, tx: &TenantRead) -> Result<i32, Invalid> {
    let now = tx.today().year();
    if (now - 1..=now + 10).contains(&year) {
        Ok(year)
    } else {
        Err(Invalid::one(
            "/year",
            "out_of_range",
            "from last year to ten years ahead",
        ))
    }
}

async fn shown(tx: &mut TenantRead, year: i32) -> Result<Json<Holidays>, ApiError> {
    let federal_state = tx.tenant().federal_state.clone();
    let mut items = Vec::new();
    for holiday in holidays(&federal_state, year) {
        items.push(HolidayBody {
            closed: store::is_closed(tx, holiday.day).await?,
            day: holiday.day,
            name: holiday.name.to_owned(),
            in_parts: holiday.in_parts,
        });
    }
    Ok(Json(Holidays {
        year,
        federal_state,
        items,
    }))
}

/// What is still missing before families can come, step by step, read from what is there.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "The steps", body = Setup)))]
#[get("/admin/setup")]
async fn get_setup(ctx: Ctx) -> Result<Json<Setup>, ApiError> {
    ctx.read(Action::GetSetup, async |tx| {
        let steps = super::steps(tx).await?;
        Ok(Json(Setup {
            done: steps.iter().all(|step| step.done),
            steps,
        }))
    })
    .await
}

/// Takes the defaults of a step over as they stand.
#[utoipa::path(tag = "tenancy", request_body = Confirmation, responses((status = 204, description = "Taken over")))]
#[put("/admin/setup/confirmation")]
async fn confirm_setup_step(ctx: Ctx, body: Body<Confirmation>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::ConfirmSetupStep, async |tx| {
        super::confirm(tx, body.parse()?.step).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The public holidays of the municipality's state in a year, each with whether it is closed.
#[utoipa::path(tag = "tenancy", params(YearQuery), responses((status = 200, description = "The holidays, earliest first", body = Holidays),
    (status = 422, description = "A year before the last one or more than ten years ahead")))]
#[get("/admin/holidays")]
async fn get_holidays(ctx: Ctx, query: Query<YearQuery>) -> Result<Json<Holidays>, ApiError> {
    ctx.read(Action::GetHolidays, async |tx| {
        let year = checked(query.0.year.unwrap_or_else(|| tx.today().year()), tx)?;
        shown(tx, year).await
    })
    .await
}

/// Closes the public holidays of the state in a year for all; those that hold in parts of it are left out. Doing it again changes nothing.
#[utoipa::path(tag = "tenancy", request_body = Year, responses((status = 200, description = "The holidays", body = Holidays)))]
#[put("/admin/holidays")]
async fn close_holidays(ctx: Ctx, body: Body<Year>) -> Result<Json<Holidays>, ApiError> {
    ctx.write(Action::CloseHolidays, async |tx| {
        let year = checked(body.parse()?.year, tx)?;
        super::close_holidays(tx, year).await?;
        shown(tx, year).await
    })
    .await
}
