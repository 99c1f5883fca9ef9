//! Who did what to whose data: events are written by `access` with every change and every recorded read; here they are listed.

pub mod http;
mod store;
