//! Named filters of lists: of each person, on whatever machine.

pub(super) mod http;
mod model;
mod store;
