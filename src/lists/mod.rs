//! Lists of a facility for its day: who comes, birthdays, whom to call; on the screen, as CSV, as a spreadsheet, as PDF.
//!
//! A list shows the children with a contract on a day and what its purpose needs, nothing more: no address, no points, no demand. What
//! people wrote can never become a formula: a spreadsheet gets text cells, and a CSV cell that a program would read as a formula begins
//! with an apostrophe. The same holds for every list of the staff area that is taken out as a file (`shown`). Allergies and who may pick a child up come from its care sheet, and are for the facility only.

mod file;
pub mod http;
mod model;
mod month;
mod sheet;
mod shown;
mod store;

pub use file::csv;
pub use sheet::{
    SheetError, copy as sheets_for_copy, forget as forget_sheets, forgettable as forgettable_sheets, opened,
};
