//! A list: its rows, and what each of them says.

mod reading;
mod rows;

pub use reading::{Claimed, Placed, Read, Reading};
pub use rows::{Cells, Rows, hash};
