//! The rights of those whose data these are: a whole copy for the family and for who has an account, restriction, and deletion when a
//! period is over.
//!
//! Every column with personal data is named in `docs/operator/personendaten.txt` with whose it is, how long it is kept and which copy has
//! it; a test holds the tables and the copies against that file.

mod export;
pub mod http;
pub mod jobs;
mod retention;
