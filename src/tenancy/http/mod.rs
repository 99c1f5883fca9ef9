//! The API of this slice.

mod admin;

pub(super) use admin::{
    EarlierLegalPage, LegalPageBody, LegalPageEdit, LegalPageQuery, ProfileBody, ProfileEdit, RestoredVersion,
    SettingsBody, SettingsEdit, SettingsVersion,
};

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{get, web::Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx};
use crate::platform::Platform;
use crate::platform::http::{ApiError, Page};
use crate::tenancy::model::{AllocationMode, TenancyError};
use crate::tenancy::store;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(get_tenant);
    admin::routes(routes);
}

/// Adds this slice's operations below `/api/v1`.
pub fn global_routes(routes: &mut ServiceConfig) {
    routes.service(list_tenants);
}

impl From<TenancyError> for ApiError {
    fn from(error: TenancyError) -> Self {
        match error {
            TenancyError::Invalid(invalid) => invalid.into(),
            TenancyError::Stale(stale) => stale.into(),
            TenancyError::Taken => Self::conflict("tenancy.taken", error.to_string()),
            TenancyError::Missing => Self::not_found(),
            TenancyError::NoRegistry => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "operator.off",
                "the operator interface is off",
            ),
            TenancyError::Db(db) => db.into(),
        }
    }
}

/// A municipality in the list of all.
#[derive(Debug, Serialize, ToSchema)]
struct TenantItem {
    slug: String,
    name: String,
    federal_state: String,
    ags: String,
}

/// The municipalities on this installation.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "All active municipalities", body = Page<TenantItem>)))]
#[get("/tenants")]
async fn list_tenants(platform: Data<Platform>) -> Result<Json<Page<TenantItem>>, ApiError> {
    let tenants = platform.tenants.all(platform.clock.now()).await?;
    let item = |t: &crate::platform::db::TenantRef| TenantItem {
        slug: t.slug.clone(),
        name: t.name.clone(),
        federal_state: t.federal_state.clone(),
        ags: t.ags.clone(),
    };
    Ok(Json(Page::all(tenants.iter().map(|t| item(t)).collect())))
}

/// How to reach a municipality's office.
#[derive(Debug, Serialize, ToSchema)]
struct ContactBody {
    email: String,
    phone: String,
    address: String,
}

/// A municipality as its pages need it.
#[derive(Debug, Serialize, ToSchema)]
struct TenantBody {
    slug: String,
    name: String,
    /// Official municipality key.
    ags: String,
    /// Official regional key.
    ars: String,
    federal_state: String,
    languages: Vec<String>,
    default_language: String,
    /// `#rrggbb`.
    primary_color: String,
    logo_url: Option<String>,
    office_name: String,
    contact: ContactBody,
    feedback_email: String,
    max_preferences: i32,
    ranking: bool,
    allocation_mode: AllocationMode,
    notice_period_months: i32,
    /// `MM-DD`.
    kita_year_start: String,
    earliest_application_days_before_birth: i32,
    earliest_start_age_months: i32,
    /// The next key date, if the municipality has one.
    key_date: Option<chrono::NaiveDate>,
    second_factor_required_for_staff: bool,
    official_header: bool,
}

/// The municipality: name, look, contact and the rules that parents must know before they begin.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "The municipality", body = TenantBody)))]
#[get("")]
async fn get_tenant(ctx: Ctx) -> Result<Json<TenantBody>, ApiError> {
    ctx.read(Action::GetTenant, async |tx| {
        let profile = store::profile(tx).await?.ok_or_else(ApiError::not_found)?;
        let settings = crate::tenancy::settings(tx).await?;
        let (tenant, today) = (tx.tenant(), tx.today());
        Ok(Json(TenantBody {
            slug: tenant.slug.clone(),
            name: tenant.name.clone(),
            ags: tenant.ags.clone(),
            ars: tenant.ars.clone(),
            federal_state: tenant.federal_state.clone(),
            logo_url: profile
                .has_logo
                .then(|| format!("/api/v1/{}/logo?v={}", tenant.slug, profile.version)),
            primary_color: profile.primary_color,
            office_name: profile.office_name,
            contact: ContactBody {
                email: profile.contact_email,
                phone: profile.contact_phone,
                address: profile.contact_address,
            },
            feedback_email: profile.feedback_email,
            official_header: profile.official_header,
            key_date: settings.next_key_date(today),
            languages: settings.languages,
            default_language: settings.default_language,
            max_preferences: settings.max_preferences,
            ranking: settings.ranking,
            allocation_mode: settings.allocation_mode,
            notice_period_months: settings.notice_period_months,
            kita_year_start: settings.kita_year_start,
            earliest_application_days_before_birth: settings.earliest_application_days_before_birth,
            earliest_start_age_months: settings.earliest_start_age_months,
            second_factor_required_for_staff: settings.second_factor_required_for_staff,
        }))
    })
    .await
}
