//! Who did what to whose data: events are written by `access` with every change, every read of what not everybody may see, and every
//! refused attempt of somebody known; here they are listed, and chained so that
//! nobody can change one unnoticed.

mod chain;
pub mod http;
pub mod jobs;
mod store;

pub use chain::{Broken, Fault, Head, Verdict, verify, verify_piece};
pub use store::{ChildEvent, of_child};
