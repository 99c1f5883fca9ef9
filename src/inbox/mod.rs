//! What waits today for whoever runs a facility: one list over preferences, offers, documents and contracts, by deadline.
//!
//! A read over the tables of the slices above; what is done about an item are their commands. The answer clock is the municipality's:
//! who lets families wait longer is reminded by mail once a week and stands on the office's list of facilities without an answer.

pub mod http;
pub mod jobs;
mod store;
mod views;
