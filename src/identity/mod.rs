//! People: accounts, sessions, second factor, staff with their roles, keys of machine clients.
//!
//! An account lives in one tenant. Whoever asks about an address learns nothing: the answers for known and unknown addresses are the
//! same, and the difference arrives by mail. Passwords are checked outside of any transaction, so that slow hashing cannot use up the
//! connections: an operation counts the attempt in a short transaction ([`crate::access::Ctx::prepare`]), checks, and then writes.

mod account;
pub mod http;
pub mod jobs;
mod keys;
mod model;
mod registration;
mod second_factor;
mod sign_in;
mod staff;
mod staff_store;
mod store;
mod throttle;

pub use model::IdentityError;

use crate::access::{Role, TenantRead, TenantTx};

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
