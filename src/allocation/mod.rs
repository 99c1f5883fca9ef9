//! Handing out the places: the engine, its file format, and a verifier that shares no code with it.
//!
//! An [`Instance`] is built in memory by an [`InstanceBuilder`] or read from a file; [`solve`] gives an [`Outcome`], whose
//! [`file`](Outcome::file) is what [`verify`] checks. All of it is pure: no database, no clock, whole numbers only.
//!
//! ```ignore
//! let instance = builder.build()?;
//! let result = solve(&instance).file();
//! assert!(verify(&instance, &result).is_empty());
//! ```

mod engine;
mod file;
mod instance;
mod lottery;
pub mod rounds;
mod verifier;

pub use engine::{
    Chances, Coordination, ENGINE, FirstPreferenceFirst, Market, Move, Outcome, Place, Rolling, Settled, Stands, solve,
};
pub use file::{
    Assignment, Code, Detail, Exception, Explanation, FileError, INSTANCE_FORMAT, Metrics, RESULT_FORMAT, RUN_FORMAT,
    ResultFile, ResultFormat, Run, instance_schema, result_schema,
};
pub use instance::{
    Child, Family, Fault, FaultKind, Instance, InstanceBuilder, LARGEST_CAP, Node, Path, Pool, Priority, Reserve,
    Siblings, Step, Wish,
};
pub use lottery::{Lottery, LotteryNumber, LotteryProof, commitment, proofs};
pub use verifier::{Stated, Verifier, Violation, verify};
