//! The rights of those whose data these are: a whole copy for the family, restriction, and deletion when a period is over.
//!
//! Every column with personal data is named in `docs/operator/personendaten.txt` with whose it is, how long it is kept and whether the
//! family's copy has it; a test holds the tables and the copy against that file.

mod export;
pub mod http;
pub mod jobs;
mod retention;
