//! Operations on the municipality's own matters: settings, look, logo, legal pages.

use actix_web::http::header;
use actix_web::web::{Bytes, Json};
use actix_web::{HttpRequest, HttpResponse, get, patch, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::Ctx;
use crate::platform::http::{ApiError, Body, IfMatch, Query, Versioned};
use crate::tenancy::admin;
use crate::tenancy::model::{LegalKind, Settings};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_settings)
        .service(put_settings)
        .service(restore_settings)
        .service(get_tenant_profile)
        .service(update_tenant_profile)
        .service(restore_tenant_profile)
        .service(put_logo)
        .service(get_logo)
        .service(get_legal_page)
        .service(put_legal_page)
        .service(restore_legal_page);
}

/// One version of the settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsVersion {
    /// Its number.
    pub version: i32,
    /// It holds from this day on.
    pub valid_from: NaiveDate,
    /// What it says.
    pub settings: Settings,
}

/// The settings that hold today, and those that are planned.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsBody {
    /// What holds today.
    pub current: SettingsVersion,
    /// What will hold, by date.
    pub planned: Vec<SettingsVersion>,
    /// The latest version's number, for `If-Match`.
    pub version: i32,
}

/// Settings that hold from a day on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2027-08-01", "settings": {"earliest_application_days_before_birth": 180,
    "earliest_start_age_months": 2, "notice_period_months": 6, "max_preferences": 5, "ranking": true, "allocation_mode": "decentral",
    "key_date": "02-01", "offer_window_days": 10, "parallel_offers": false, "followup_automatic": false, "earliest_contract_months": 12,
    "renewal_interval_months": null, "answer_clock_days": 42, "receipt_clock_days": 30, "kita_year_start": "08-01",
    "residency_required": true, "confirm_automatically": true, "second_factor_required_for_staff": true, "stale_after_days": 45,
    "default_language": "de", "languages": ["de", "en"]}}))]
pub struct SettingsEdit {
    /// Today or later.
    pub valid_from: NaiveDate,
    /// The whole of it.
    pub settings: Settings,
}

/// The municipality's look and contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileBody {
    /// Name of the municipality; the platform's operator changes it.
    pub name: String,
    /// Name of the office.
    pub office_name: String,
    /// `#rrggbb`.
    pub primary_color: String,
    /// Address for questions.
    pub contact_email: String,
    /// Telephone for questions.
    pub contact_phone: String,
    /// Postal address.
    pub contact_address: String,
    /// Where barriers are reported.
    pub feedback_email: String,
    /// Name in the sender of mails.
    pub sender_name: String,
    /// Address in the sender of mails; `null`: the platform's.
    pub sender_address: Option<String>,
    /// Whether the pages show the official header of public bodies.
    pub official_header: bool,
    /// Version for `If-Match`.
    pub version: i32,
}

/// Changes to look and contact; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"office_name": "Jugendamt Musterstadt", "primary_color": "#1d4f91", "contact_email": "kita@musterstadt.example",
    "sender_address": null}))]
pub struct ProfileEdit {
    /// Name of the office.
    pub office_name: Option<String>,
    /// `#rrggbb`, dark enough for white text (contrast 4.5 to 1).
    pub primary_color: Option<String>,
    /// Address for questions; may be empty.
    pub contact_email: Option<String>,
    /// Telephone for questions; may be empty.
    pub contact_phone: Option<String>,
    /// Postal address; may be empty.
    pub contact_address: Option<String>,
    /// Where barriers are reported; may be empty.
    pub feedback_email: Option<String>,
    /// Name in the sender of mails.
    pub sender_name: Option<String>,
    /// Address in the sender of mails; `null` removes it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub sender_address: Option<Option<String>>,
    /// Whether the pages show the official header.
    pub official_header: Option<bool>,
}

fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// A legal page.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegalPageBody {
    /// Which page.
    pub kind: LegalKind,
    /// The language of this text.
    pub language: String,
    /// Its heading.
    pub title: String,
    /// Its text in Markdown.
    pub body: String,
    /// When it was last changed; of an earlier version, since when it stood so.
    pub updated_at: DateTime<Utc>,
    /// Version for `If-Match`.
    pub version: i32,
    /// Of the privacy text: its earlier versions, the latest first.
    pub earlier: Vec<EarlierLegalPage>,
}

/// An earlier version of a legal page.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarlierLegalPage {
    /// Its number, for `edition`.
    pub number: i32,
    /// Since when it stood so.
    pub since: Option<DateTime<Utc>>,
}

/// A legal page's text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Impressum", "body": "# Stadt Musterstadt\n\nMarkt 1, 01234 Musterstadt"}))]
pub struct LegalPageEdit {
    /// Its heading.
    pub title: String,
    /// Its text in Markdown.
    pub body: String,
}

/// Which earlier version is to stand again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": 1}))]
pub struct RestoredVersion {
    /// Its number.
    pub number: i32,
}

/// The language and the version that are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::tenancy) struct LegalPageQuery {
    /// `de` or `en`; the municipality's own where it is left out or lacks the page.
    pub language: Option<String>,
    /// An earlier version of the privacy text, by its number.
    pub edition: Option<i32>,
}

/// The settings of today and those that are planned.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "The settings", body = SettingsBody)))]
#[get("/admin/settings")]
async fn get_settings(ctx: Ctx) -> Result<Versioned<SettingsBody>, ApiError> {
    admin::settings(&ctx).await
}

/// Sets what holds from a day on; what held before stays known.
#[utoipa::path(tag = "tenancy", request_body = SettingsEdit,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The settings", body = SettingsBody)))]
#[put("/admin/settings")]
async fn put_settings(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<SettingsEdit>,
) -> Result<Versioned<SettingsBody>, ApiError> {
    admin::put_settings(&ctx, if_match, &body).await
}

/// Lets the settings of an earlier version hold from today on, as a new version.
#[utoipa::path(tag = "tenancy", request_body = RestoredVersion,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The settings", body = SettingsBody), (status = 422, description = "`/number`: `unknown`")))]
#[put("/admin/settings/restored")]
async fn restore_settings(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<RestoredVersion>,
) -> Result<Versioned<SettingsBody>, ApiError> {
    admin::restore_settings(&ctx, if_match, &body).await
}

/// The municipality's look and contact, as its administrators edit them.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "Look and contact", body = ProfileBody)))]
#[get("/admin/tenant")]
async fn get_tenant_profile(ctx: Ctx) -> Result<Versioned<ProfileBody>, ApiError> {
    admin::profile(&ctx).await
}

/// Changes look and contact.
#[utoipa::path(tag = "tenancy", request_body = ProfileEdit,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "Look and contact", body = ProfileBody)))]
#[patch("/admin/tenant")]
async fn update_tenant_profile(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<ProfileEdit>,
) -> Result<Versioned<ProfileBody>, ApiError> {
    admin::update_profile(&ctx, if_match, &body).await
}

/// Lets look and contact of an earlier version stand again, as a new version; the logo stays as it is.
#[utoipa::path(tag = "tenancy", request_body = RestoredVersion,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "Look and contact", body = ProfileBody), (status = 422, description = "`/number`: `unknown`")))]
#[put("/admin/tenant/restored")]
async fn restore_tenant_profile(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<RestoredVersion>,
) -> Result<Versioned<ProfileBody>, ApiError> {
    admin::restore_profile(&ctx, if_match, &body).await
}

/// Sets the logo: a PNG, or an SVG without script and without references to elsewhere; at most 200 KB.
#[utoipa::path(tag = "tenancy", request_body(content((Vec<u8> = "image/png"), (String = "image/svg+xml"))),
    responses((status = 204, description = "The logo is set"), (status = 422, description = "`/logo`: `invalid`, `unsafe` or `too_large`")))]
#[put("/admin/logo")]
async fn put_logo(ctx: Ctx, req: HttpRequest, bytes: Bytes) -> Result<HttpResponse, ApiError> {
    let kind = req
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split(';').next())
        .unwrap_or_default();
    admin::put_logo(&ctx, kind.trim(), &bytes).await
}

/// The logo, to be shown as a picture.
#[utoipa::path(tag = "tenancy", responses((status = 200, description = "The logo", content((Vec<u8> = "image/png"), (String = "image/svg+xml"))),
    (status = 404, description = "There is none")))]
#[get("/logo")]
async fn get_logo(ctx: Ctx) -> Result<HttpResponse, ApiError> {
    admin::logo(&ctx).await
}

/// A legal page, in the language asked for or the municipality's own.
#[utoipa::path(tag = "tenancy", params(LegalPageQuery), responses((status = 200, description = "The page", body = LegalPageBody)))]
#[get("/legal/{kind}")]
async fn get_legal_page(
    ctx: Ctx,
    req: HttpRequest,
    query: Query<LegalPageQuery>,
) -> Result<Json<LegalPageBody>, ApiError> {
    Ok(Json(admin::legal_page(&ctx, kind(&req), query.0).await?))
}

/// Sets a legal page in a language; `If-Match: "0"` for a page that is not there yet.
#[utoipa::path(tag = "tenancy", request_body = LegalPageEdit,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The page", body = LegalPageBody)))]
#[put("/admin/legal/{kind}/{language}")]
async fn put_legal_page(
    ctx: Ctx,
    req: HttpRequest,
    if_match: IfMatch,
    body: Body<LegalPageEdit>,
) -> Result<Versioned<LegalPageBody>, ApiError> {
    let language = req.match_info().get("language").unwrap_or_default();
    admin::put_legal_page(&ctx, kind(&req), language, if_match, &body).await
}

/// Lets an earlier version of a legal page stand again, as a new version.
#[utoipa::path(tag = "tenancy", request_body = RestoredVersion,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The page", body = LegalPageBody), (status = 422, description = "`/number`: `unknown`")))]
#[put("/admin/legal/{kind}/{language}/restored")]
async fn restore_legal_page(
    ctx: Ctx,
    req: HttpRequest,
    if_match: IfMatch,
    body: Body<RestoredVersion>,
) -> Result<Versioned<LegalPageBody>, ApiError> {
    let language = req.match_info().get("language").unwrap_or_default();
    admin::restore_legal_page(&ctx, kind(&req), language, if_match, &body).await
}

fn kind(req: &HttpRequest) -> Option<LegalKind> {
    LegalKind::parse(req.match_info().get("kind").unwrap_or_default())
}
