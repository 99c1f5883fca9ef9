//! The API of care sheets.

use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{CareSheet, NewCareSheet};
use super::{By, SheetError};
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{ChildId, FacilityId};

/// Adds the care sheets.
pub(in crate::lists) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_care_sheet)
        .service(put_care_sheet)
        .service(get_child_care_sheet)
        .service(put_child_care_sheet);
}

impl From<SheetError> for ApiError {
    fn from(error: SheetError) -> Self {
        let says = error.to_string();
        match error {
            SheetError::Missing => Self::not_found(),
            SheetError::NoContract => Self::conflict("care_sheet.no_contract", says),
            SheetError::Invalid(invalid) => invalid.into(),
            SheetError::Stale(stale) => stale.into(),
            SheetError::Seal(seal) => Self::internal(&seal),
            SheetError::Db(db) => db.into(),
        }
    }
}

async fn get(ctx: &Ctx, action: Action, child: ChildId, by: By) -> Result<Versioned<CareSheet>, ApiError> {
    ctx.read(action, async |tx| {
        super::allow(tx, child, by).await?;
        let sheet = super::read(tx, &ctx.platform.vault, child).await?;
        Ok(Versioned::new(sheet.version, sheet))
    })
    .await
}

async fn put(
    ctx: &Ctx,
    action: Action,
    (child, by): (ChildId, By),
    if_match: IfMatch,
    body: Body<NewCareSheet>,
) -> Result<Versioned<CareSheet>, ApiError> {
    ctx.write(action, async |tx| {
        super::allow(tx, child, by).await?;
        let vault = &ctx.platform.vault;
        super::write(tx, vault, child, if_match.version()?, body.parse()?).await?;
        let sheet = super::read(tx, vault, child).await?;
        Ok(Versioned::new(sheet.version, sheet))
    })
    .await
}

/// The care sheet of an own child; empty and of version 0 where nobody wrote any.
#[utoipa::path(tag = "lists", responses((status = 200, description = "The sheet", body = CareSheet)))]
#[get("/family/children/{child_id}/care-sheet")]
async fn get_care_sheet(ctx: Ctx, at: At<ChildId>) -> Result<Versioned<CareSheet>, ApiError> {
    get(&ctx, Action::GetCareSheet, at.0, By::Guardian).await
}

/// Writes the care sheet of an own child.
#[utoipa::path(tag = "lists", request_body = NewCareSheet,
    params(("if-match" = String, Header, description = "Version that was seen; 0 where nobody wrote any")),
    responses((status = 200, description = "Written", body = CareSheet),
              (status = 409, description = "`care_sheet.no_contract`: no facility has a contract for the child")))]
#[put("/family/children/{child_id}/care-sheet")]
async fn put_care_sheet(
    ctx: Ctx,
    at: At<ChildId>,
    if_match: IfMatch,
    body: Body<NewCareSheet>,
) -> Result<Versioned<CareSheet>, ApiError> {
    put(&ctx, Action::PutCareSheet, (at.0, By::Guardian), if_match, body).await
}

/// The care sheet of a child with a contract of this facility.
#[utoipa::path(tag = "lists", responses((status = 200, description = "The sheet", body = CareSheet)))]
#[get("/staff/facilities/{facility_id}/children/{child_id}/care-sheet")]
async fn get_child_care_sheet(
    ctx: Ctx,
    at: At<FacilityId>,
    child: At<ChildId>,
) -> Result<Versioned<CareSheet>, ApiError> {
    get(&ctx, Action::GetChildCareSheet, child.0, By::Facility(at.0)).await
}

/// Writes what a family said about its child; with health data only where the family agreed.
#[utoipa::path(tag = "lists", request_body = NewCareSheet,
    params(("if-match" = String, Header, description = "Version that was seen; 0 where nobody wrote any")),
    responses((status = 200, description = "Written", body = CareSheet),
              (status = 409, description = "`care_sheet.no_contract`: care has ended")))]
#[put("/staff/facilities/{facility_id}/children/{child_id}/care-sheet")]
async fn put_child_care_sheet(
    ctx: Ctx,
    at: At<FacilityId>,
    child: At<ChildId>,
    if_match: IfMatch,
    body: Body<NewCareSheet>,
) -> Result<Versioned<CareSheet>, ApiError> {
    let whose = (child.0, By::Facility(at.0));
    put(&ctx, Action::PutChildCareSheet, whose, if_match, body).await
}
