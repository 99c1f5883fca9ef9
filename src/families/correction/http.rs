//! The API of corrections.

use actix_web::{patch, put};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::model::GuardianCorrection;
use crate::access::{Action, Ctx};
use crate::families::model::{ChildChange, NewHousehold};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{ChildId, GuardianId, HouseholdId};

/// Adds the corrections.
pub(in crate::families) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(correct_guardian)
        .service(correct_child)
        .service(correct_household);
}

/// What was corrected, in its new version. What it says now is read where it is shown.
#[derive(Debug, Serialize, ToSchema)]
struct Corrected {
    id: Uuid,
    version: i32,
}

fn corrected(id: Uuid, version: i32) -> Versioned<Corrected> {
    Versioned::new(version, Corrected { id, version })
}

/// Corrects name and contact of a guardian without an account.
#[utoipa::path(tag = "families", request_body = GuardianCorrection,
    params(("if-match" = String, Header, description = "Version of the guardian that was seen")),
    responses((status = 200, description = "Corrected", body = Corrected),
              (status = 409, description = "`family.has_account`: the person has an account and corrects it there")))]
#[put("/office/guardians/{guardian_id}")]
async fn correct_guardian(
    ctx: Ctx,
    at: At<GuardianId>,
    if_match: IfMatch,
    body: Body<GuardianCorrection>,
) -> Result<Versioned<Corrected>, ApiError> {
    ctx.write(Action::CorrectGuardian, async |tx| {
        let version = super::guardian(tx, at.0, if_match.version()?, body.parse()?).await?;
        Ok(corrected(at.0.0, version))
    })
    .await
}

/// Corrects what is known of a child whose guardians have no account.
#[utoipa::path(tag = "families", request_body = ChildChange,
    params(("if-match" = String, Header, description = "Version of the child that was seen")),
    responses((status = 200, description = "Corrected", body = Corrected),
              (status = 409, description = "`family.has_account`: a guardian has an account and corrects it there")))]
#[patch("/office/children/{child_id}")]
async fn correct_child(
    ctx: Ctx,
    at: At<ChildId>,
    if_match: IfMatch,
    body: Body<ChildChange>,
) -> Result<Versioned<Corrected>, ApiError> {
    ctx.write(Action::CorrectChild, async |tx| {
        let version = super::child(tx, at.0, if_match.version()?, body.parse()?).await?;
        Ok(corrected(at.0.0, version))
    })
    .await
}

/// Corrects the address of a household without an account. The answer does not repeat it.
#[utoipa::path(tag = "families", request_body = NewHousehold,
    params(("if-match" = String, Header, description = "Version of the household that was seen")),
    responses((status = 200, description = "Corrected", body = Corrected),
              (status = 409, description = "`family.has_account`; `family.not_case_worker`: the address is protected")))]
#[put("/office/households/{household_id}")]
async fn correct_household(
    ctx: Ctx,
    at: At<HouseholdId>,
    if_match: IfMatch,
    body: Body<NewHousehold>,
) -> Result<Versioned<Corrected>, ApiError> {
    ctx.write(Action::CorrectHousehold, async |tx| {
        let version = super::household(tx, at.0, if_match.version()?, body.parse()?).await?;
        Ok(corrected(at.0.0, version))
    })
    .await
}
