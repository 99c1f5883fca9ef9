//! Who did what to whose data: events are written by `access` with every change, every read of what not everybody may see, and every
//! refused attempt of somebody known; here they are listed.

pub mod http;
mod store;

pub use store::{ChildEvent, of_child};
