//! The API of providers, facilities and closing days.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, patch, post};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::closing_days;
use super::model::{CatalogueError, FacilityInput, NewClosingDay, ProviderInput};
use super::store::{
    self, ClosingDayRow, FacilityFilter, FacilityRow, FacilitySort, ProviderFilter, ProviderRow, ProviderSort,
};
use crate::access::{Action, Ctx, TenantRead};
use crate::facilities::model::{FacilityKind, ProviderKind};
use crate::facilities::search::{self, FacilityDetail};
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, Versioned};
use crate::platform::ids::{ClosingDayId, FacilityId, ProviderId};
use crate::tenancy;

pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_providers)
        .service(create_provider)
        .service(update_provider)
        .service(list_facilities)
        .service(create_facility)
        .service(update_facility)
        .service(list_closing_days)
        .service(add_closing_day)
        .service(remove_closing_day)
        .service(restore_closing_days);
}

impl From<CatalogueError> for ApiError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Missing => Self::not_found(),
            CatalogueError::NameTaken => Self::conflict("provider.name_taken", error.to_string()),
            CatalogueError::DayTaken => Self::conflict("closing_day.taken", error.to_string()),
            CatalogueError::Invalid(invalid) => invalid.into(),
            CatalogueError::Stale(stale) => stale.into(),
            CatalogueError::Db(db) => db.into(),
        }
    }
}

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderBody {
    id: ProviderId,
    name: String,
    kind: Option<ProviderKind>,
    website: Option<String>,
    facility_count: i64,
    version: i32,
}

impl From<ProviderRow> for ProviderBody {
    fn from(row: ProviderRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            website: row.website,
            facility_count: row.facility_count,
            version: row.version,
        }
    }
}

async fn provider_body(tx: &mut TenantRead, id: ProviderId) -> Result<ProviderBody, ApiError> {
    let only = ProviderFilter {
        id: Some(id),
        ..ProviderFilter::default()
    };
    let row = store::providers(tx, &only).await?.pop();
    row.map(ProviderBody::from).ok_or_else(ApiError::not_found)
}

/// Which providers, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProvidersQuery {
    /// Words of the name.
    q: Option<String>,
    /// Only of this kind.
    kind: Option<ProviderKind>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<ProviderSort>,
}

/// The providers of the municipality, by name when nothing is said.
#[utoipa::path(tag = "facilities", params(ProvidersQuery, OrderQuery<ProviderSort>), responses((status = 200, description = "Providers", body = Page<ProviderBody>)))]
#[get("/admin/providers")]
async fn list_providers(ctx: Ctx, query: Query<ProvidersQuery>) -> Result<Json<Page<ProviderBody>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListProviders, async |tx| {
        let filter = ProviderFilter {
            id: None,
            words: search::words(query.q.as_deref().unwrap_or_default()),
            kind: query.kind,
            order: query.order.order()?,
        };
        let rows = store::providers(tx, &filter).await?;
        Ok(Json(filter.order.page(rows).map(ProviderBody::from)))
    })
    .await
}

/// Adds a provider.
#[utoipa::path(tag = "facilities", request_body = ProviderInput,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The provider", body = ProviderBody), (status = 409, description = "`provider.name_taken`")))]
#[post("/admin/providers")]
async fn create_provider(ctx: Ctx, body: Body<ProviderInput>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateProvider, StatusCode::CREATED, &body, async |tx| {
        let id = super::create_provider(tx, body.parse()?).await?;
        tx.touch(id);
        provider_body(tx, id).await
    })
    .await
}

/// Changes a provider.
#[utoipa::path(tag = "facilities", request_body = ProviderInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The provider", body = ProviderBody), (status = 409, description = "`provider.name_taken`")))]
#[patch("/admin/providers/{provider_id}")]
async fn update_provider(
    ctx: Ctx,
    at: At<ProviderId>,
    if_match: IfMatch,
    body: Body<ProviderInput>,
) -> Result<Versioned<ProviderBody>, ApiError> {
    ctx.write(Action::UpdateProvider, async |tx| {
        tx.touch(at.0);
        super::update_provider(tx, at.0, body.parse()?, if_match.version()?).await?;
        let body = provider_body(tx, at.0).await?;
        Ok(Versioned::new(body.version, body))
    })
    .await
}

/// A facility as the administration lists it.
#[derive(Debug, Serialize, ToSchema)]
struct ListedFacility {
    id: FacilityId,
    name: String,
    kind: Option<FacilityKind>,
    provider_name: Option<String>,
    street: String,
    house_number: String,
    postal_code: String,
    city: String,
    district: Option<String>,
    /// `HH:MM`.
    opens_at: Option<String>,
    /// `HH:MM`.
    closes_at: Option<String>,
    /// When the places were confirmed that nobody confirmed for the longest; `null`: those of some age band never, or none is known.
    confirmed_on: Option<NaiveDate>,
}

impl From<FacilityRow> for ListedFacility {
    fn from(row: FacilityRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            provider_name: row.provider_name,
            street: row.street,
            house_number: row.house_number,
            postal_code: row.postal_code,
            city: row.city,
            district: row.district,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            confirmed_on: row.confirmed_on,
        }
    }
}

/// Which facilities, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FacilitiesQuery {
    /// Words of name, address or provider.
    q: Option<String>,
    /// Only of this kind.
    kind: Option<FacilityKind>,
    /// Only of this provider.
    provider_id: Option<ProviderId>,
    /// Only whose places were not confirmed for longer than the municipality allows, or never.
    #[serde(default)]
    unconfirmed: bool,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<FacilitySort>,
}

/// The facilities and childminders of the municipality as its administration works with them, by name when nothing is said.
#[utoipa::path(tag = "facilities", params(FacilitiesQuery, OrderQuery<FacilitySort>), responses((status = 200, description = "Facilities", body = Page<ListedFacility>)))]
#[get("/admin/facilities")]
async fn list_facilities(ctx: Ctx, query: Query<FacilitiesQuery>) -> Result<Json<Page<ListedFacility>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListFacilities, async |tx| {
        let allowed = tenancy::settings(tx).await?.stale_after_days;
        let oldest = tx
            .today()
            .checked_sub_days(Days::new(u64::try_from(allowed).unwrap_or(0)));
        let filter = FacilityFilter {
            words: search::words(query.q.as_deref().unwrap_or_default()),
            kind: query.kind,
            provider: query.provider_id,
            unconfirmed_since: oldest.filter(|_| query.unconfirmed),
            order: query.order.order()?,
        };
        let rows = store::facilities(tx, &filter).await?;
        Ok(Json(filter.order.page(rows).map(ListedFacility::from)))
    })
    .await
}

/// Adds a facility or childminder.
#[utoipa::path(tag = "facilities", request_body = FacilityInput,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The facility", body = FacilityDetail)))]
#[post("/admin/facilities")]
async fn create_facility(ctx: Ctx, body: Body<FacilityInput>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateFacility, StatusCode::CREATED, &body, async |tx| {
        let id = super::create_facility(tx, body.parse()?).await?;
        tx.touch(id);
        search::detail(tx, id).await?.ok_or_else(ApiError::not_found)
    })
    .await
}

/// Changes a facility: what is left out stays, `null` means unknown.
#[utoipa::path(tag = "facilities", request_body = FacilityInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The facility", body = FacilityDetail)))]
#[patch("/admin/facilities/{facility_id}")]
async fn update_facility(
    ctx: Ctx,
    at: At<FacilityId>,
    if_match: IfMatch,
    body: Body<FacilityInput>,
) -> Result<Versioned<FacilityDetail>, ApiError> {
    ctx.write(Action::UpdateFacility, async |tx| {
        tx.touch(at.0);
        super::update_facility(tx, at.0, body.parse()?, if_match.version()?).await?;
        let body = search::detail(tx, at.0).await?.ok_or_else(ApiError::not_found)?;
        Ok(Versioned::new(body.version, body))
    })
    .await
}

/// A closing day.
#[derive(Debug, Serialize, ToSchema)]
struct ClosingDayBody {
    id: ClosingDayId,
    day: NaiveDate,
    note: String,
    /// `null`: the whole municipality.
    facility_id: Option<FacilityId>,
}

impl From<ClosingDayRow> for ClosingDayBody {
    fn from(row: ClosingDayRow) -> Self {
        Self {
            id: row.id,
            day: row.day,
            note: row.note,
            facility_id: row.facility_id,
        }
    }
}

/// All closing days.
#[derive(Debug, Serialize, ToSchema)]
struct ClosingDays {
    items: Vec<ClosingDayBody>,
}

/// The closing days of the municipality and of single facilities.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "Closing days, earliest first", body = ClosingDays)))]
#[get("/admin/closing-days")]
async fn list_closing_days(ctx: Ctx) -> Result<Json<ClosingDays>, ApiError> {
    ctx.read(Action::ListClosingDays, async |tx| {
        Ok(Json(all_closing_days(tx).await?))
    })
    .await
}

async fn all_closing_days(tx: &mut TenantRead) -> Result<ClosingDays, sqlx::Error> {
    let rows = store::closing_days(tx).await?;
    Ok(ClosingDays {
        items: rows.into_iter().map(ClosingDayBody::from).collect(),
    })
}

/// Which version of the closing days is to hold again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"facility_id": null, "number": 1}))]
struct RestoredClosingDays {
    /// The facility; `null`: the days of all.
    #[serde(default)]
    facility_id: Option<FacilityId>,
    /// The version's number.
    number: i32,
}

/// Lets the closing days of an earlier version hold again, as a new version; days that it does not know are opened.
#[utoipa::path(tag = "tenancy", request_body = RestoredClosingDays,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "All closing days", body = ClosingDays), (status = 422, description = "`/number`, `/facility_id`: `unknown`")))]
#[post("/admin/closing-days/restored")]
async fn restore_closing_days(ctx: Ctx, body: Body<RestoredClosingDays>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::RestoreClosingDays, StatusCode::CREATED, &body, async |tx| {
        let wanted = body.parse()?;
        if let Some(facility) = wanted.facility_id {
            tx.touch(facility);
        }
        closing_days::restore(tx, wanted.facility_id, wanted.number).await?;
        Ok(all_closing_days(tx).await?)
    })
    .await
}

/// Closes a day for all, or for one facility.
#[utoipa::path(tag = "tenancy", request_body = NewClosingDay,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The closing day", body = ClosingDayBody), (status = 409, description = "`closing_day.taken`")))]
#[post("/admin/closing-days")]
async fn add_closing_day(ctx: Ctx, body: Body<NewClosingDay>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddClosingDay, StatusCode::CREATED, &body, async |tx| {
        let (id, new) = closing_days::add(tx, body.parse()?).await?;
        tx.touch(id);
        Ok(ClosingDayBody {
            id,
            day: new.day,
            note: new.note,
            facility_id: new.facility_id,
        })
    })
    .await
}

/// Opens a closed day again.
#[utoipa::path(tag = "tenancy", responses((status = 204, description = "Removed")))]
#[delete("/admin/closing-days/{closing_day_id}")]
async fn remove_closing_day(ctx: Ctx, at: At<ClosingDayId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RemoveClosingDay, async |tx| {
        tx.touch(at.0);
        closing_days::remove(tx, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
