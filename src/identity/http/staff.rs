//! Operations on staff and machine clients.

use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::body::SessionBody;
use super::staff_body::{
    Acceptance, ApiKeyBody, ApiKeyState, InvitationBody, InvitationState, MembershipBody, NewApiKey, NewApiKeyBody,
    NewInvitation, NewMembership, StaffBody,
};
use crate::access::{Ctx, Role};
use crate::identity::key_store::ApiKeySort;
use crate::identity::staff_store::{InvitationSort, StaffSort};
use crate::identity::{keys, staff};
use crate::platform::http::{ApiError, At, Body, OrderQuery, Page, Query};
use crate::platform::ids::{ApiKeyId, InvitationId, MembershipId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_staff)
        .service(list_invitations)
        .service(invite_staff)
        .service(revoke_invitation)
        .service(accept_invitation)
        .service(grant_membership)
        .service(end_membership)
        .service(list_api_keys)
        .service(create_api_key)
        .service(revoke_api_key);
}

/// Which members of staff, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::identity) struct StaffQuery {
    /// Beginning of the name or the address.
    pub q: Option<String>,
    /// Only who has this role.
    pub role: Option<Role>,
    #[serde(flatten)]
    #[param(ignore)]
    pub order: OrderQuery<StaffSort>,
}

/// The staff of the municipality and its facilities; by address when nothing is said.
#[utoipa::path(tag = "identity", params(StaffQuery, OrderQuery<StaffSort>), responses((status = 200, description = "Staff with their roles", body = Page<StaffBody>)))]
#[get("/admin/staff")]
async fn list_staff(ctx: Ctx, query: Query<StaffQuery>) -> Result<Json<Page<StaffBody>>, ApiError> {
    Ok(Json(staff::list(&ctx, query.0).await?))
}

/// Which invitations, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::identity) struct InvitationsQuery {
    /// Beginning of the address.
    pub email: Option<String>,
    /// Only those that grant this role.
    pub role: Option<Role>,
    /// Only in this state.
    pub state: Option<InvitationState>,
    #[serde(flatten)]
    #[param(ignore)]
    pub order: OrderQuery<InvitationSort>,
}

/// Invitations of staff, the latest first when nothing is said.
#[utoipa::path(tag = "identity", params(InvitationsQuery, OrderQuery<InvitationSort>), responses((status = 200, description = "Invitations", body = Page<InvitationBody>)))]
#[get("/admin/invitations")]
async fn list_invitations(ctx: Ctx, query: Query<InvitationsQuery>) -> Result<Json<Page<InvitationBody>>, ApiError> {
    Ok(Json(staff::invitations(&ctx, query.0).await?))
}

/// Invites somebody as staff by mail.
#[utoipa::path(tag = "identity", request_body = NewInvitation, params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The invitation is on its way", body = InvitationBody)))]
#[post("/admin/invitations")]
async fn invite_staff(ctx: Ctx, body: Body<NewInvitation>) -> Result<HttpResponse, ApiError> {
    staff::invite(&ctx, &body).await
}

/// Takes an open invitation back.
#[utoipa::path(tag = "identity", responses((status = 204, description = "Taken back")))]
#[delete("/admin/invitations/{invitation_id}")]
async fn revoke_invitation(ctx: Ctx, at: At<InvitationId>) -> Result<HttpResponse, ApiError> {
    staff::revoke_invitation(&ctx, at.0).await
}

/// Accepts an invitation by its link and signs in. Whoever has a second factor signs in afterwards: then `account` is `null`.
#[utoipa::path(tag = "identity", request_body = Acceptance, responses((status = 200, description = "The role is granted", body = SessionBody),
    (status = 409, description = "`identity.address_in_use`: a parent's account has this address"),
    (status = 410, description = "`identity.link_invalid`: unknown, used, taken back or too old")))]
#[post("/invitations/accept")]
async fn accept_invitation(ctx: Ctx, body: Body<Acceptance>) -> Result<HttpResponse, ApiError> {
    staff::accept(&ctx, &body).await
}

/// Grants one more role to a member of staff.
#[utoipa::path(tag = "identity", request_body = NewMembership, params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "Granted", body = MembershipBody),
    (status = 409, description = "`identity.granted`: it is granted already")))]
#[post("/admin/memberships")]
async fn grant_membership(ctx: Ctx, body: Body<NewMembership>) -> Result<HttpResponse, ApiError> {
    staff::grant(&ctx, &body).await
}

/// Ends a role; it is gone at the next request.
#[utoipa::path(tag = "identity", responses((status = 204, description = "Ended"),
    (status = 409, description = "`identity.own_admin_role`: the own, or the last, administrator's role")))]
#[delete("/admin/memberships/{membership_id}")]
async fn end_membership(ctx: Ctx, at: At<MembershipId>) -> Result<HttpResponse, ApiError> {
    staff::end_membership(&ctx, at.0).await
}

/// Which keys, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::identity) struct ApiKeysQuery {
    /// Only those that still work, or no longer.
    #[param(inline)]
    pub state: Option<ApiKeyState>,
    /// Beginning of what it is for.
    pub q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    pub order: OrderQuery<ApiKeySort>,
}

/// Keys of machine clients, the latest first when nothing is said; their secrets are shown nowhere.
#[utoipa::path(tag = "identity", params(ApiKeysQuery, OrderQuery<ApiKeySort>),
    responses((status = 200, description = "Keys", body = Page<ApiKeyBody>)))]
#[get("/admin/api-keys")]
async fn list_api_keys(ctx: Ctx, query: Query<ApiKeysQuery>) -> Result<Json<Page<ApiKeyBody>>, ApiError> {
    Ok(Json(keys::list(&ctx, query.0).await?))
}

/// Makes a key for a machine client; the secret is shown this once.
#[utoipa::path(tag = "identity", request_body = NewApiKey, params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The key", body = NewApiKeyBody)))]
#[post("/admin/api-keys")]
async fn create_api_key(ctx: Ctx, body: Body<NewApiKey>) -> Result<HttpResponse, ApiError> {
    keys::create(&ctx, &body).await
}

/// Revokes a key; its next request is refused.
#[utoipa::path(tag = "identity", responses((status = 204, description = "Revoked")))]
#[delete("/admin/api-keys/{api_key_id}")]
async fn revoke_api_key(ctx: Ctx, at: At<ApiKeyId>) -> Result<HttpResponse, ApiError> {
    keys::revoke(&ctx, at.0).await
}
