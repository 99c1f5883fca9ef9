//! The rules of the house as tests: import order, schema, names, generated files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say where"
)]

mod contract;
mod docs;
mod order;
mod policy;
mod schema;
mod versions;
mod words;
