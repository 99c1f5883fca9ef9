//! To come.

pub mod http;
pub mod jobs;
