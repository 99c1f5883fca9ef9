//! The allocation from outside: textbook cases, brute force, properties, hostile files and the command line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say where"
)]

#[path = "../../benches/allocation/generator.rs"]
mod generator;

mod agreement;
mod books;
mod brute;
mod command;
mod damage;
mod hostile;
mod properties;
mod published;
mod schema;
mod support;
mod towns;
