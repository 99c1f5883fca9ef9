//! The files: instance and result as JSON, their hash, and where in a file a fault stands.

mod canonical;
mod place;
mod read;
mod result;
mod run;
mod schema;

pub use place::FileError;
pub use result::{Assignment, Code, Detail, Exception, Explanation, Metrics, ResultFile, ResultFormat};
pub use run::Run;
pub use schema::{instance_schema, result_schema};

/// The `format` of an instance.
pub const INSTANCE_FORMAT: &str = "kitaplatz-allocation/1";
/// The `format` of a result.
pub const RESULT_FORMAT: &str = "kitaplatz-allocation-result/1";
/// The `format` of an exported run.
pub const RUN_FORMAT: &str = "kitaplatz-allocation-run/1";
