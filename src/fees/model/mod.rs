//! Fee tables and what a contract costs by them. Pure; all amounts are whole cents.

mod periods;
mod reliefs;
mod tables;

#[cfg(test)]
pub use periods::find;
pub use periods::{Facts, NoFee, Period, Schedule, Terms, hours_in, owed, periods};
pub use reliefs::{PeriodRelief, Relief, ReliefReason};
pub use tables::{Base, Factor, FeeCare, FeeRow, TableInput};
