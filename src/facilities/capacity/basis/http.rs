//! The API of what places rest on, and of staffing keys.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::Basis;
use super::{read, store};
use crate::access::{Action, Ctx, TenantRead};
use crate::facilities::capacity::site::Licence;
use crate::facilities::capacity::staffing::{NewStaffingKey, StaffingRule};
use crate::facilities::capacity::store::facility_exists;
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, PageQuery, Query, Versioned};
use crate::platform::ids::{FacilityId, StaffingKeyId};
use crate::versions::{self, Kind, VersionItem};

pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_capacity_basis)
        .service(put_capacity_basis)
        .service(list_basis_versions)
        .service(list_staffing_keys)
        .service(add_staffing_key);
}

/// A staffing key with where it comes from.
#[derive(Debug, Serialize, ToSchema)]
struct StaffingKeyBody {
    /// `null`: of the federal state, as it comes with the product.
    id: Option<StaffingKeyId>,
    name: String,
    valid_from: NaiveDate,
    rule: StaffingRule,
    /// Whether it is the one that counts today.
    in_force: bool,
}

/// Staffing keys, the earliest first.
#[derive(Debug, Serialize, ToSchema)]
struct StaffingKeys {
    items: Vec<StaffingKeyBody>,
}

/// What a facility's places rest on, as it is stored.
#[derive(Debug, Serialize, ToSchema)]
struct BasisBody {
    facility_id: FacilityId,
    version: i32,
    basis: Basis,
    /// The name of the substitute, if there is one.
    substitute_name: Option<String>,
    /// Whether it is a childminder's.
    childminder: bool,
    /// The childminder's licences, the earliest first: no place is free beyond the last day of the last, nor in a gap between two.
    licences: Vec<Licence>,
    /// The staffing key that counts today; `null`: none, and staff bounds nothing.
    staffing_key: Option<String>,
}

async fn keys(tx: &mut TenantRead) -> Result<Vec<StaffingKeyBody>, sqlx::Error> {
    let today = tx.today();
    let keys = super::staffing_keys(tx).await?;
    let current = keys.iter().rposition(|k| k.key.valid_from <= today);
    let body = |(n, key): (usize, super::StaffingKey)| StaffingKeyBody {
        id: key.id,
        name: key.key.name,
        valid_from: key.key.valid_from,
        rule: key.key.rule,
        in_force: Some(n) == current,
    };
    Ok(keys.into_iter().enumerate().map(body).collect())
}

async fn body(tx: &mut TenantRead, facility: FacilityId) -> Result<Versioned<BasisBody>, ApiError> {
    if !tx.scope().covers(facility) || !facility_exists(tx, facility).await? {
        return Err(ApiError::not_found());
    }
    let version = store::version(tx, facility).await?;
    let mut basis = read::bases(tx, &[facility])
        .await?
        .remove(&facility)
        .unwrap_or_default();
    let substitute = store::substitute(tx, facility).await?;
    basis.substitute_id = substitute.as_ref().map(|(id, _)| *id);
    let licences = read::childminders(tx, &[facility]).await?.remove(&facility);
    let key = keys(tx).await?.into_iter().find(|key| key.in_force);
    Ok(Versioned::new(
        version,
        BasisBody {
            facility_id: facility,
            version,
            basis,
            substitute_name: substitute.map(|(_, name)| name),
            childminder: licences.is_some(),
            licences: licences.unwrap_or_default(),
            staffing_key: key.map(|key| key.name),
        },
    ))
}

/// What a facility's places rest on: permits, groups, staff, closures, contingents, substitute.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "What places rest on", body = BasisBody)))]
#[get("/staff/facilities/{facility_id}/basis")]
async fn get_capacity_basis(ctx: Ctx, at: At<FacilityId>) -> Result<Versioned<BasisBody>, ApiError> {
    ctx.read(Action::GetCapacityBasis, async |tx| body(tx, at.0).await)
        .await
}

/// Writes what a facility's places rest on, whole. Places, search and allocation follow at once.
///
/// `If-Match` carries the version that was read, `"0"` for a facility that said nothing yet.
#[utoipa::path(tag = "facilities", request_body = Basis,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "What places rest on", body = BasisBody),
    (status = 409, description = "`capacity.group_in_use`: children were placed in a group that is left out; \
        `capacity.below_promised`: a contingent leaves fewer places than families were promised")))]
#[put("/staff/facilities/{facility_id}/basis")]
async fn put_capacity_basis(
    ctx: Ctx,
    at: At<FacilityId>,
    if_match: IfMatch,
    new: Body<Basis>,
) -> Result<Versioned<BasisBody>, ApiError> {
    ctx.write(Action::PutCapacityBasis, async |tx| {
        tx.touch(at.0);
        if !tx.scope().covers(at.0) {
            return Err(ApiError::not_found());
        }
        super::put_basis(tx, at.0, new.parse()?, if_match.version()?).await?;
        body(tx, at.0).await
    })
    .await
}

/// Versions of what a facility's places rest on and of its figures, the latest first, with what they changed.
#[utoipa::path(tag = "facilities", params(PageQuery), responses((status = 200, description = "Versions", body = Page<VersionItem>)))]
#[get("/staff/facilities/{facility_id}/basis/versions")]
async fn list_basis_versions(
    ctx: Ctx,
    at: At<FacilityId>,
    page: Query<PageQuery>,
) -> Result<Json<Page<VersionItem>>, ApiError> {
    ctx.read(Action::ListBasisVersions, async |tx| {
        if !tx.scope().covers(at.0) || !facility_exists(tx, at.0).await? {
            return Err(ApiError::not_found());
        }
        let kinds = [Kind::Basis, Kind::Figures];
        Ok(Json(
            versions::page(tx, &kinds, Some(&at.0.to_string()), &page.0).await?,
        ))
    })
    .await
}

/// The staffing keys by which staff is turned into places: the federal state's and the municipality's own.
#[utoipa::path(tag = "facilities", responses((status = 200, description = "Keys, the earliest first", body = StaffingKeys)))]
#[get("/staff/staffing-keys")]
async fn list_staffing_keys(ctx: Ctx) -> Result<Json<StaffingKeys>, ApiError> {
    ctx.read(Action::ListStaffingKeys, async |tx| {
        Ok(Json(StaffingKeys { items: keys(tx).await? }))
    })
    .await
}

/// The id of a staffing key that was added.
#[derive(Debug, Serialize, ToSchema)]
struct StaffingKeyAdded {
    id: StaffingKeyId,
}

/// Adds a staffing key that counts from a day on, in place of the federal state's.
#[utoipa::path(tag = "facilities", request_body = NewStaffingKey,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "It was added", body = StaffingKeyAdded)))]
#[post("/admin/staffing-keys")]
async fn add_staffing_key(ctx: Ctx, new: Body<NewStaffingKey>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddStaffingKey, StatusCode::CREATED, &new, async |tx| {
        let id = super::add_staffing_key(tx, new.parse()?).await?;
        tx.touch(id);
        Ok(StaffingKeyAdded { id })
    })
    .await
}
