//! People: accounts, sessions, second factor, staff with their roles, keys of machine clients.
//!
//! An account lives in one tenant. Whoever asks about an address learns nothing: the answers for known and unknown addresses are the
//! same, and the difference arrives by mail. Passwords are checked outside of any transaction, so that slow hashing cannot use up the
//! connections: an operation counts the attempt in a short transaction ([`crate::access::Ctx::prepare`]), checks, and then writes.

mod account;
pub mod http;
pub mod jobs;
mod key_store;
mod keys;
mod model;
mod registration;
mod roles;
mod second_factor;
mod sign_in;
mod staff;
mod staff_store;
mod store;
mod throttle;

pub use model::IdentityError;

use crate::access::{Action, Ctx, Role, TenantRead, TenantTx};
use crate::platform::fields::Invalid;
use crate::platform::http::ApiError;

/// Whether somebody has an account in this tenant, or was ever invited as staff.
pub async fn has_people(tx: &mut TenantRead) -> Result<bool, sqlx::Error> {
    store::has_people(tx).await
}

/// Invites the first administrator of a tenant by mail (the operator does, who cannot see accounts).
pub async fn invite_first_admin(tx: &mut TenantTx, email: &str, language: &str) -> Result<(), IdentityError> {
    let grant = model::Grant {
        role: Role::TenantAdmin,
        provider_id: None,
        facility_id: None,
    };
    staff::send_invitation(tx, email, language, &grant).await.map(|_| ())
}

/// The name that the signed-in person shows, or the address.
pub async fn own_name(tx: &mut TenantRead) -> Result<String, ApiError> {
    let own = sign_in::own(tx).await?;
    Ok(own.display_name.unwrap_or(own.email))
}

/// Whether the signed-in person has a second factor.
pub async fn has_second_factor(tx: &mut TenantRead) -> Result<bool, ApiError> {
    Ok(sign_in::own(tx).await?.has_second_factor)
}

/// Counts an attempt of the signed-in person to show a code, whatever comes of it.
pub async fn count_attempt(ctx: &Ctx, action: Action) -> Result<(), ApiError> {
    second_factor::count(ctx, action).await
}

/// Checks a code of the signed-in person's second factor and uses it up; a wrong one is a fault of the field `/code`.
pub async fn show_second_factor(ctx: &Ctx, tx: &mut TenantTx, code: &str) -> Result<(), ApiError> {
    let own = sign_in::own(tx).await?;
    match second_factor::show(ctx, tx, &own, Some(code)).await {
        Err(IdentityError::SecondFactorWrong | IdentityError::SecondFactorRequired) => {
            Err(Invalid::one("/code", "wrong", "").into())
        }
        other => Ok(other?),
    }
}
