//! The API of this slice.

use actix_web::web::Json;
use actix_web::{get, put};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{AreaPlan, NeedsPlan, Population};
use super::{PlanningError, store};
use crate::access::{Action, Ctx, TenantRead};
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, Body, IfMatch, Query, Versioned};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_planning)
        .service(get_needs_plan)
        .service(put_needs_plan);
}

impl From<PlanningError> for ApiError {
    fn from(error: PlanningError) -> Self {
        match error {
            PlanningError::Invalid(invalid) => invalid.into(),
            PlanningError::Stale(stale) => stale.into(),
            PlanningError::Db(db) => db.into(),
        }
    }
}

/// Under which assumption.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlanningQuery {
    /// Births that are still to come, in percent of the last year that was entered: 0 to 200; 100 when left out.
    #[param(minimum = 0, maximum = 200)]
    births_percent: Option<i32>,
}

/// Places against children.
#[derive(Debug, Serialize, ToSchema)]
struct Planning {
    /// By name of the planning area.
    areas: Vec<AreaPlan>,
    /// The assumption.
    births_percent: i32,
}

/// Places against children by planning area, age band and month, 24 months ahead. Nothing is saved.
#[utoipa::path(tag = "planning", params(PlanningQuery),
    responses((status = 200, description = "The planning areas", body = Planning),
              (status = 422, description = "A percentage below 0 or above 200")))]
#[get("/office/planning")]
async fn get_planning(ctx: Ctx, query: Query<PlanningQuery>) -> Result<Json<Planning>, ApiError> {
    ctx.read(Action::GetPlanning, async |tx| {
        let births_percent = query.0.births_percent.unwrap_or(100);
        if !(0..=200).contains(&births_percent) {
            return Err(Invalid::one("/births_percent", "out_of_range", "0 to 200").into());
        }
        let areas = super::needs(tx, births_percent).await?;
        Ok(Json(Planning { areas, births_percent }))
    })
    .await
}

/// What the office entered for its planning.
#[derive(Debug, Serialize, ToSchema)]
struct NeedsPlanBody {
    /// Day on which the register of residents was counted; `null` while nothing was entered.
    as_of: Option<NaiveDate>,
    target_under3: i32,
    target_over3: i32,
    target_school_age: i32,
    population: Vec<Population>,
    /// 0 while nothing was entered.
    version: i32,
}

async fn body(tx: &mut TenantRead) -> Result<Versioned<NeedsPlanBody>, sqlx::Error> {
    let body = match store::plan(tx).await? {
        Some((plan, version)) => NeedsPlanBody {
            as_of: Some(plan.as_of),
            target_under3: plan.target_under3,
            target_over3: plan.target_over3,
            target_school_age: plan.target_school_age,
            population: plan.population,
            version,
        },
        None => NeedsPlanBody {
            as_of: None,
            target_under3: 45,
            target_over3: 98,
            target_school_age: 60,
            population: Vec::new(),
            version: 0,
        },
    };
    Ok(Versioned::new(body.version, body))
}

/// What was entered: children by planning area and birth year, and the shares to be provided for.
#[utoipa::path(tag = "planning", responses((status = 200, description = "What was entered, or usual shares to begin with", body = NeedsPlanBody)))]
#[get("/office/planning/basis")]
async fn get_needs_plan(ctx: Ctx) -> Result<Versioned<NeedsPlanBody>, ApiError> {
    ctx.read(Action::GetNeedsPlan, async |tx| Ok(body(tx).await?)).await
}

/// Writes it whole. Numbers only: no person is named.
#[utoipa::path(tag = "planning", request_body = NeedsPlan,
    params(("if-match" = String, Header, description = "Version that was seen, 0 the first time")),
    responses((status = 200, description = "What was entered", body = NeedsPlanBody),
              (status = 422, description = "A birth year twice, a share above 100, or a day to come")))]
#[put("/office/planning/basis")]
async fn put_needs_plan(
    ctx: Ctx,
    if_match: IfMatch,
    input: Body<NeedsPlan>,
) -> Result<Versioned<NeedsPlanBody>, ApiError> {
    ctx.write(Action::PutNeedsPlan, async |tx| {
        super::put_plan(tx, if_match.version()?, &input.parse()?).await?;
        Ok(body(tx).await?)
    })
    .await
}
