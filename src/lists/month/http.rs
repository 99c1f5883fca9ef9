//! The API of a facility's month.

use actix_web::get;
use actix_web::web::Json;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::FacilityMonth;
use super::{is_in_reach, of};
use crate::access::{Action, Ctx};
use crate::facilities;
use crate::platform::fields::Fields;
use crate::platform::http::{ApiError, At, Query};
use crate::platform::ids::FacilityId;

pub(in crate::lists) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_facility_month);
}

/// Which month.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MonthQuery {
    /// Any day of the month, from the current one to 24 months ahead; today when left out.
    month: Option<NaiveDate>,
}

/// The places of each day of a month, and which children begin, leave, become three or go to school in it.
#[utoipa::path(tag = "lists", params(MonthQuery), responses(
    (status = 200, description = "The days", body = FacilityMonth),
    (status = 422, description = "`out_of_range`: past, or more than 24 months ahead")))]
#[get("/staff/facilities/{facility_id}/month")]
async fn get_facility_month(
    ctx: Ctx,
    at: At<FacilityId>,
    query: Query<MonthQuery>,
) -> Result<Json<FacilityMonth>, ApiError> {
    ctx.read(Action::GetFacilityMonth, async |tx| {
        let facility = facilities::facility_brief(tx, at.0).await?;
        facility
            .filter(|_| tx.scope().covers(at.0))
            .ok_or_else(ApiError::not_found)?;
        let today = tx.today();
        let month = query.0.month.unwrap_or(today).with_day(1).unwrap_or(today);
        let mut fields = Fields::new();
        fields.check(is_in_reach(month, today), "/month", "out_of_range");
        fields.finish()?;
        tx.touch(at.0);
        Ok(Json(of(tx, at.0, month).await?))
    })
    .await
}
