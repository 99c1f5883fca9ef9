//! The API of this slice.

mod account;
mod body;
mod staff;
mod staff_body;

pub(super) use body::{
    AccountBody, AccountEdit, Closing, CodeBody, Disabling, EmailChange, PasswordChange, RecoveryCodes, Registration,
    ResetCompletion, ResetRequest, SecondFactorStart, SessionBody, SignIn, TokenBody,
};
pub(super) use staff::{ApiKeysQuery, InvitationsQuery, StaffQuery};
pub(super) use staff_body::{
    Acceptance, ApiKeyBody, ApiKeyState, InvitationBody, InvitationState, MembershipBody, NewApiKey, NewApiKeyBody,
    NewInvitation, NewMembership, StaffBody,
};

use actix_web::http::StatusCode;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::IdentityError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    account::routes(routes);
    staff::routes(routes);
}

impl From<IdentityError> for ApiError {
    fn from(error: IdentityError) -> Self {
        use IdentityError as E;
        let says = error.to_string();
        match error {
            E::Credentials => Self::new(StatusCode::UNAUTHORIZED, "identity.credentials", says),
            E::SecondFactorRequired => Self::new(StatusCode::UNAUTHORIZED, "identity.second_factor_required", says),
            E::SecondFactorWrong => Self::new(StatusCode::UNAUTHORIZED, "identity.second_factor_wrong", says),
            E::SecondFactorEnabled => Self::conflict("identity.second_factor_enabled", says),
            E::SecondFactorMissing => Self::conflict("identity.second_factor_missing", says),
            E::Link => Self::new(StatusCode::GONE, "identity.link_invalid", says),
            E::AddressInUse => Self::conflict("identity.address_in_use", says),
            E::OpenMatters => Self::conflict("identity.open_matters", says),
            E::OwnAdminRole => Self::conflict("identity.own_admin_role", says),
            E::Granted => Self::conflict("identity.granted", says),
            E::TooMany(seconds) => Self::too_many(seconds),
            E::Missing => Self::not_found(),
            E::Invalid(invalid) => invalid.into(),
            E::Stale(stale) => stale.into(),
            E::Hash(hash) => hash.into(),
            E::Seal(seal) => Self::internal(&seal),
            E::Db(db) => db.into(),
        }
    }
}
