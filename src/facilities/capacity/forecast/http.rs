//! The API of the forecast.

use actix_web::get;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::model::{Forecast, ForecastOf};
use super::store;
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, Query};

pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_forecast_scopes).service(get_forecast);
}

/// What a forecast can be about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"kind": "district", "id": null, "name": "Plagwitz"}))]
struct ForecastScope {
    /// `district`, `provider` or `facility`.
    kind: String,
    /// The provider or facility; a district goes by its name.
    id: Option<Uuid>,
    name: String,
}

/// All that a forecast can be about.
#[derive(Debug, Serialize, ToSchema)]
struct ForecastScopes {
    items: Vec<ForecastScope>,
}

/// Planning areas, providers and facilities in reach, for the choice above the chart.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "By kind and name", body = ForecastScopes)))]
#[get("/staff/forecast/scopes")]
async fn list_forecast_scopes(ctx: Ctx) -> Result<Json<ForecastScopes>, ApiError> {
    ctx.read(Action::ListForecastScopes, async |tx| {
        let rows = store::scopes(tx).await?.into_iter();
        let items = rows
            .map(|r| ForecastScope {
                kind: r.kind,
                id: r.id,
                name: r.name,
            })
            .collect();
        Ok(Json(ForecastScopes { items }))
    })
    .await
}

/// Places and children of the next 24 months: of a facility, a provider, a planning area, or of all in reach.
#[utoipa::path(tag = "facilities", params(ForecastOf),
    responses((status = 200, description = "24 months by age band", body = Forecast)))]
#[get("/staff/forecast")]
async fn get_forecast(ctx: Ctx, of: Query<ForecastOf>) -> Result<Json<Forecast>, ApiError> {
    ctx.read(Action::GetForecast, async |tx| {
        let forecast = super::forecast(tx, &of.0).await?.ok_or_else(ApiError::not_found)?;
        Ok(Json(forecast.known()))
    })
    .await
}
