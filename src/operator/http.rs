//! The API of this slice, below `/api/v1/operator`.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::OperatorError;
use super::session::{self, Operator};
use super::store::TenantSort;
use super::tenants;
use crate::platform::Platform;
use crate::platform::http::{ApiError, Body, OrderQuery, Page, Query};

/// Adds the operator's operations below `/api/v1`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(operator_sign_in)
        .service(operator_session)
        .service(operator_sign_out)
        .service(operator_list_tenants)
        .service(operator_create_tenant)
        .service(operator_update_tenant);
}

impl From<OperatorError> for ApiError {
    fn from(error: OperatorError) -> Self {
        use OperatorError as E;
        let says = error.to_string();
        match error {
            E::Off => Self::new(StatusCode::SERVICE_UNAVAILABLE, "operator.off", says),
            E::SignedOut => Self::unauthenticated(),
            E::Credentials => Self::new(StatusCode::UNAUTHORIZED, "identity.credentials", says),
            E::Taken => Self::conflict("tenancy.taken", "this slug or host name is taken"),
            E::Missing => Self::not_found(),
            E::NotSuspended | E::SecondPerson | E::OtherManifest | E::EarlierManifest => {
                Self::conflict("operator.destruction", says)
            }
            E::File(file) => Self::internal(&file),
            E::Seal(seal) => Self::internal(&seal),
            E::Invalid(invalid) => invalid.into(),
            E::Hash(hash) => hash.into(),
            E::Db(db) => db.into(),
        }
    }
}

/// An operator's address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "betrieb@example.org", "password": "vier grüne Pinguine tanzen"}))]
pub struct OperatorSignIn {
    /// The account's address.
    pub email: String,
    /// Its password.
    pub password: String,
}

/// An operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorBody {
    /// The account.
    pub id: uuid::Uuid,
    /// Its address.
    pub email: String,
}

/// Who is signed in as operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorSession {
    /// `null` when nobody is.
    pub account: Option<OperatorBody>,
    /// It ends then at the latest.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A tenant with what the operator may know of it: counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantUsage {
    /// The slug again: the registry's number is not shown outside.
    pub id: String,
    /// Name in addresses.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// Official municipality key.
    pub ags: String,
    /// Federal state.
    pub federal_state: String,
    /// `active` or `suspended`.
    pub state: String,
    /// Host name that belongs to it alone.
    pub host: Option<String>,
    /// Active accounts.
    pub accounts: i64,
    /// Open facilities.
    pub facilities: i64,
    /// Demands that wait for a place.
    pub demands_open: i64,
    /// Jobs that wait.
    pub jobs_waiting: i64,
}

/// A tenant to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"slug": "musterstadt", "name": "Stadt Musterstadt", "ags": "14713000", "ars": "147130000000",
    "federal_state": "SN", "admin_email": "leitung@musterstadt.example", "language": "de"}))]
pub struct NewTenantBody {
    /// Name in addresses.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// Official municipality key, 8 digits (5 for a district).
    pub ags: String,
    /// Official regional key, 12 digits (5 for a district).
    pub ars: String,
    /// Federal state, two letters.
    pub federal_state: String,
    /// Who is invited as first administrator.
    pub admin_email: String,
    /// Default language, `de` or `en`.
    pub language: String,
}

/// Whether a tenant is served.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenantState {
    /// It is.
    Active,
    /// It is not, and its jobs wait; nothing is deleted.
    Suspended,
}

impl TenantState {
    /// The name in the registry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// Changes to a tenant; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Stadt Musterstadt", "host": "kita.musterstadt.example", "state": "active"}))]
pub struct TenantEdit {
    /// Name for people.
    #[serde(default)]
    pub name: Option<String>,
    /// Host name for this tenant alone; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub host: Option<Option<String>>,
    /// Whether it is served.
    #[serde(default)]
    pub state: Option<TenantState>,
}

fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// Signs an operator in.
#[utoipa::path(tag = "operator", request_body = OperatorSignIn, responses((status = 200, description = "Signed in", body = OperatorSession),
    (status = 401, description = "`identity.credentials`")))]
#[post("/operator/session")]
async fn operator_sign_in(
    platform: Data<Platform>,
    req: HttpRequest,
    body: Body<OperatorSignIn>,
) -> Result<HttpResponse, ApiError> {
    session::sign_in(&platform, &req, &body).await
}

/// Who is signed in as operator; `account` is `null` when nobody is.
#[utoipa::path(tag = "operator", responses((status = 200, description = "The session", body = OperatorSession)))]
#[get("/operator/session")]
async fn operator_session(operator: Option<Operator>) -> Json<OperatorSession> {
    Json(operator.map_or(
        OperatorSession {
            account: None,
            expires_at: None,
        },
        |o| session::body_of(&o.row, o.expires_at),
    ))
}

/// Signs an operator out.
#[utoipa::path(tag = "operator", responses((status = 204, description = "Signed out")))]
#[delete("/operator/session")]
async fn operator_sign_out(platform: Data<Platform>, req: HttpRequest) -> Result<HttpResponse, ApiError> {
    session::sign_out(&platform, &req).await
}

/// What the list of tenants is narrowed to, and its order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TenantsQuery {
    /// Only those that are served, or not.
    #[param(inline)]
    pub state: Option<TenantState>,
    /// Beginning of the name, the slug or the host name.
    pub q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    pub order: OrderQuery<TenantSort>,
}

/// All tenants, suspended ones too, with counts; by slug when nothing is said.
#[utoipa::path(tag = "operator", params(TenantsQuery, OrderQuery<TenantSort>),
    responses((status = 200, description = "Tenants", body = Page<TenantUsage>),
    (status = 401, description = "No operator is signed in")))]
#[get("/operator/tenants")]
async fn operator_list_tenants(
    operator: Operator,
    query: Query<TenantsQuery>,
) -> Result<Json<Page<TenantUsage>>, ApiError> {
    Ok(Json(tenants::list(&operator, query.0).await?))
}

/// Makes a tenant and invites its first administrator by mail.
#[utoipa::path(tag = "operator", request_body = NewTenantBody, params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The tenant", body = TenantUsage), (status = 401, description = "No operator is signed in"),
    (status = 409, description = "`tenancy.taken`: the slug belongs to another tenant")))]
#[post("/operator/tenants")]
async fn operator_create_tenant(
    operator: Operator,
    req: HttpRequest,
    body: Body<NewTenantBody>,
) -> Result<HttpResponse, ApiError> {
    let key = req.headers().get("idempotency-key").and_then(|v| v.to_str().ok());
    tenants::create(&operator, key, &body).await
}

/// Changes name, host and state of a tenant.
#[utoipa::path(tag = "operator", request_body = TenantEdit, responses((status = 200, description = "The tenant", body = TenantUsage),
    (status = 401, description = "No operator is signed in"), (status = 404, description = "There is no such tenant"),
    (status = 409, description = "`tenancy.taken`: the host name belongs to another tenant")))]
#[patch("/operator/tenants/{slug}")]
async fn operator_update_tenant(
    operator: Operator,
    req: HttpRequest,
    body: Body<TenantEdit>,
) -> Result<Json<TenantUsage>, ApiError> {
    let slug = req.match_info().get("slug").unwrap_or_default();
    Ok(Json(tenants::update(&operator, slug, &body).await?))
}
