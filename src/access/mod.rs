//! Who may do what: from a request to a tenant transaction for one named action.
//!
//! A handler names an [`Action`]; [`Ctx`] opens a transaction with the tenant set, finds the session in it, asks the policy, and runs
//! the work with a [`TenantTx`] (or a [`TenantRead`], which cannot write by type). After the work it writes the audit event and
//! commits; an error rolls everything back. There is no other way to the database.

mod action;
mod actor;
mod audience;
mod ctx;
mod mandated;
mod policy;
mod session;
mod system;
mod tx;

pub use action::Action;
pub use actor::{Acting, Actor, Role, Scope};
pub use audience::Audience;
pub use ctx::Ctx;
pub use policy::{Reach, matrix, reach};
pub use session::{NewSession, SESSION_IDLE_PARENT, cookie_name, end_session_cookie, session_cookie, start_session};
pub use system::{as_system, as_system_unrecorded, tenant_of_job};
pub use tx::{TenantRead, TenantTx};
