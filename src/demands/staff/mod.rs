//! The manager's day: the preferences that name the own facilities, and the answers to them.
//!
//! What a facility sees follows from the state of the preference, read anew each time: all of it while it waits, rests, is offered,
//! accepted or contracted (and while its own refusal can still be taken back); after any other end only that there was one, with the
//! child's label. Never the rank, never another facility, never how many there are. The office, which reaches the whole tenant, sees
//! ended ones too; the protected address is shown by neither view.

mod decide;
pub(in crate::demands) mod http;
mod query;
mod store;

pub(in crate::demands) use decide::note;
pub use http::guardians;
pub use store::{StaffAddress, StaffGuardian, home};
