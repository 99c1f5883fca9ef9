//! The API of this slice.

mod access_log;
mod bodies;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use self::bodies::{
    AcceptGuardianInvitation, ChildBody, FamilyBody, GuardianBody, GuardianInvitationBody, HouseholdBody,
    NewGuardianInvitation, child, family, guardian, household, invitation,
};
use super::model::{ChildChange, FamilyError, NewChild, NewGuardian, NewHousehold};
use crate::access::{Action, Ctx, TenantRead};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{AccountId, ChildId, InvitationId};
use crate::platform::limits::Kind;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_family)
        .service(put_guardian)
        .service(put_household)
        .service(add_child)
        .service(update_child)
        .service(remove_child)
        .service(invite_guardian)
        .service(revoke_guardian_invitation)
        .service(accept_guardian_invitation);
    super::custody::routes(routes);
    super::protection::routes(routes);
    super::correction::routes(routes);
    access_log::routes(routes);
}

impl From<FamilyError> for ApiError {
    fn from(error: FamilyError) -> Self {
        match error {
            FamilyError::Missing => Self::not_found(),
            FamilyError::GuardianMissing => Self::conflict("family.guardian_missing", error.to_string()),
            FamilyError::ChildHasDemand => Self::conflict("family.child_has_demand", error.to_string()),
            FamilyError::InvitationInvalid => Self::conflict("family.invitation_invalid", error.to_string()),
            FamilyError::OwnInvitation => Self::conflict("family.own_invitation", error.to_string()),
            FamilyError::TooManyInvitations => Self::conflict("family.too_many_invitations", error.to_string()),
            FamilyError::DemandOpen => Self::conflict("family.demand_open", error.to_string()),
            FamilyError::ContractRunning => Self::conflict("family.contract_running", error.to_string()),
            FamilyError::HasAccount => Self::conflict("family.has_account", error.to_string()),
            FamilyError::HasCustody => Self::conflict("family.has_custody", error.to_string()),
            FamilyError::NobodyLeft => Self::conflict("family.nobody_left", error.to_string()),
            FamilyError::AdminNames => Self::conflict("family.admin_names", error.to_string()),
            FamilyError::NotCaseWorker => Self::conflict("family.not_case_worker", error.to_string()),
            FamilyError::Invalid(invalid) => invalid.into(),
            FamilyError::Stale(stale) => stale.into(),
            FamilyError::Db(db) => db.into(),
        }
    }
}

/// The parent whose family it is; the policy lets nobody else come this far.
fn own(tx: &TenantRead) -> Result<AccountId, ApiError> {
    tx.scope().own().ok_or_else(ApiError::forbidden)
}

/// The own family: name, household, children in custody, the other guardians, open invitations.
#[utoipa::path(tag = "families", responses((status = 200, description = "The family; empty before anything was entered", body = FamilyBody)))]
#[get("/family")]
async fn get_family(ctx: Ctx) -> Result<actix_web::web::Json<FamilyBody>, ApiError> {
    ctx.read(Action::GetFamily, async |tx| {
        let account = own(tx)?;
        Ok(actix_web::web::Json(family(tx, account).await?))
    })
    .await
}

/// Writes the own name and telephone number.
#[utoipa::path(tag = "families", request_body = NewGuardian,
    params(("if-match" = String, Header, description = "Version that was seen; `\"0\"` the first time")),
    responses((status = 200, description = "The guardian", body = GuardianBody)))]
#[put("/family/guardian")]
async fn put_guardian(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<NewGuardian>,
) -> Result<Versioned<GuardianBody>, ApiError> {
    ctx.write(Action::PutGuardian, async |tx| {
        let account = own(tx)?;
        super::put_guardian(tx, account, if_match.version()?, body.parse()?).await?;
        let body = guardian(tx, account).await?;
        tx.touch(body.id);
        Ok(Versioned::new(body.version, body))
    })
    .await
}

/// Writes the own household.
#[utoipa::path(tag = "families", request_body = NewHousehold,
    params(("if-match" = String, Header, description = "Version that was seen; `\"0\"` the first time")),
    responses((status = 200, description = "The household", body = HouseholdBody),
              (status = 409, description = "`family.guardian_missing`: enter the own name first")))]
#[put("/family/household")]
async fn put_household(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<NewHousehold>,
) -> Result<Versioned<HouseholdBody>, ApiError> {
    ctx.write(Action::PutHousehold, async |tx| {
        let account = own(tx)?;
        super::put_household(tx, account, if_match.version()?, body.parse()?).await?;
        let body = household(tx, account).await?;
        tx.touch(body.id);
        Ok(Versioned::new(body.version, body))
    })
    .await
}

/// Adds a child, born or expected; custody begins today.
#[utoipa::path(tag = "families", request_body = NewChild,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The child", body = ChildBody),
              (status = 409, description = "`family.guardian_missing`: enter the own name first")))]
#[post("/family/children")]
async fn add_child(ctx: Ctx, body: Body<NewChild>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddChild, StatusCode::CREATED, &body, async |tx| {
        let account = own(tx)?;
        let id = super::add_child(tx, account, body.parse()?).await?;
        tx.touch_child(id);
        child(tx, account, id).await
    })
    .await
}

/// Changes what is known of a child, for example after birth.
#[utoipa::path(tag = "families", request_body = ChildChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The child", body = ChildBody)))]
#[patch("/family/children/{child_id}")]
async fn update_child(
    ctx: Ctx,
    at: At<ChildId>,
    if_match: IfMatch,
    body: Body<ChildChange>,
) -> Result<Versioned<ChildBody>, ApiError> {
    ctx.write(Action::UpdateChild, async |tx| {
        let account = own(tx)?;
        super::update_child(tx, account, at.0, if_match.version()?, body.parse()?).await?;
        tx.touch_child(at.0);
        let body = child(tx, account, at.0).await?;
        Ok(Versioned::new(body.version, body))
    })
    .await
}

/// Removes a child for which no demand was ever made.
#[utoipa::path(tag = "families", responses((status = 204, description = "Removed"),
    (status = 409, description = "`family.child_has_demand`: a demand was made for this child")))]
#[delete("/family/children/{child_id}")]
async fn remove_child(ctx: Ctx, at: At<ChildId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RemoveChild, async |tx| {
        let account = own(tx)?;
        super::remove_child(tx, account, at.0).await?;
        tx.touch_child(at.0);
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Invites the other guardian of own children by mail.
#[utoipa::path(tag = "families", request_body = NewGuardianInvitation,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The invitation; the link is in the mail only", body = GuardianInvitationBody),
              (status = 409, description = "`family.too_many_invitations`, `family.guardian_missing`")))]
#[post("/family/guardian-invitations")]
async fn invite_guardian(ctx: Ctx, body: Body<NewGuardianInvitation>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::InviteGuardian, StatusCode::CREATED, &body, async |tx| {
        let account = own(tx)?;
        let limits = &ctx.platform.limits;
        limits.check(Kind::Mail, ctx.address).map_err(ApiError::too_many)?;
        let new = body.parse()?;
        let id = super::invite_guardian(tx, account, &new.email, &new.child_ids).await?;
        tx.touch(id);
        invitation(tx, account, id).await
    })
    .await
}

/// Takes an open invitation back.
#[utoipa::path(tag = "families", responses((status = 204, description = "Revoked")))]
#[delete("/family/guardian-invitations/{invitation_id}")]
async fn revoke_guardian_invitation(ctx: Ctx, at: At<InvitationId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RevokeGuardianInvitation, async |tx| {
        let account = own(tx)?;
        super::revoke_invitation(tx, account, at.0).await?;
        tx.touch(at.0);
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Accepts an invitation: custody of the children from today on.
#[utoipa::path(tag = "families", request_body = AcceptGuardianInvitation, responses((status = 204, description = "Accepted"),
    (status = 409, description = "`family.invitation_invalid`: unknown, used, revoked or too old; `family.own_invitation`; `family.guardian_missing`: enter the own name first")))]
#[post("/family/guardian-invitations/accept")]
async fn accept_guardian_invitation(ctx: Ctx, body: Body<AcceptGuardianInvitation>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::AcceptGuardianInvitation, async |tx| {
        let account = own(tx)?;
        super::accept_invitation(tx, account, &body.parse()?.token).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
