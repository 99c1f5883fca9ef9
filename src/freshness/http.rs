//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, Body};
use crate::platform::limits::Kind;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(confirm_capacity_by_link);
}

/// The link of a mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "m2Qy0vY3tq0m8dW6bY1l8xJ7yq1mYw9sZr4c5u6v7w8", "confirm": true}))]
struct ConfirmLink {
    /// What stands behind `#` in the link.
    #[schema(max_length = 200)]
    token: String,
    /// `false`: only shows what would be confirmed.
    confirm: bool,
}

/// What a facility says about its places.
#[derive(Debug, Serialize, ToSchema)]
struct Confirmed {
    facility_name: String,
    /// Free places today; `null`: no figure holds this month.
    bookable_now: Option<i32>,
    /// The oldest date on which a figure was confirmed.
    confirmed_on: Option<NaiveDate>,
}

/// Shows or confirms, by the link of the monthly mail and without signing in, how many places of a facility are free. The link holds for
/// a month and confirms as often as it is followed; whoever runs the facility no longer has none that holds.
#[utoipa::path(tag = "facilities", request_body = ConfirmLink,
    responses((status = 200, description = "The figures", body = Confirmed),
              (status = 410, description = "`capacity.link_invalid`: no link that holds")))]
#[post("/capacity-confirmations")]
async fn confirm_capacity_by_link(ctx: Ctx, body: Body<ConfirmLink>) -> Result<Json<Confirmed>, ApiError> {
    ctx.platform
        .limits
        .check(Kind::SignIn, ctx.address)
        .map_err(ApiError::too_many)?;
    ctx.write(Action::ConfirmCapacityByLink, async |tx| {
        let ConfirmLink { token, confirm } = body.parse()?;
        let gone = || {
            ApiError::new(
                StatusCode::GONE,
                "capacity.link_invalid",
                "this link does not hold any more",
            )
        };
        let (brief, now) = super::by_link(tx, &token, confirm).await?.ok_or_else(gone)?;
        Ok(Json(Confirmed {
            facility_name: brief,
            bookable_now: now.as_ref().and_then(|now| now.bookable),
            confirmed_on: now.and_then(|now| now.confirmed_on),
        }))
    })
    .await
}
