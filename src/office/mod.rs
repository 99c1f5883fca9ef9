//! The youth office: its views of all demands, the file of a child, facilities that do not answer, and the intake of paper and telephone.
//!
//! What a clerk decides about one demand are commands of `demands`; here are the views over the whole tenant, and [`intake`], which
//! enters a family and its demand in one go. Drafts are the families' own business: no view shows one.

mod dashboard;
mod file;
pub mod http;
mod intake;
mod model;
mod query;
mod store;
mod told_change;

pub use intake::intake;
pub use model::{NewIntake, OfficeError, ToldChange};
pub use told_change::record_change;
