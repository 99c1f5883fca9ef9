//! The platform's operator: makes and keeps tenants, sees counts, and reaches no family.
//!
//! Everything here runs as the operator's database role, which has no right on any table of a tenant. The two things that happen
//! inside a tenant (its furnishing and the first administrator's invitation) run as a system command and stand in its audit.

pub mod http;
mod model;
mod offboarding;
mod session;
mod store;
mod tenants;

pub use model::OperatorError;
pub use offboarding::{
    CARRIERS, Destruction, FileSum, Manifest, SECRETS, TableFiles, destroy_tenant, export_tenant, is_left_out,
};
pub use session::create_account;
