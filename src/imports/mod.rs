//! Import of families and their demands from another system: a trial that says row by row what would happen, then all of it in one
//! transaction.
//!
//! A row is one demand, known by the other system's id: a second run finds it and changes nothing. A child that is known here already, by
//! name and day of birth however they are written, is left out, so that nobody stands on two lists. Nobody is told by mail; families come
//! in with the codes of [`crate::claims`].

pub mod http;
mod judging;
mod list;
mod mapping;
mod report;
mod store;
mod writing;

pub use mapping::{FIELDS, FamilyMapping, example, template};
pub use report::{FamilyReport, RowReport, RowState};

use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandError};
use crate::facilities;
use crate::offers::OfferError;
use crate::platform::http::Stale;
use judging::Work;
use list::Rows;

/// So many rows are looked at, and written, together.
const BATCH: usize = 500;

/// What can stand against an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportsError {
    /// Somebody else changed the mapping.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The mapping cannot be right.
    #[error(transparent)]
    Invalid(#[from] crate::platform::fields::Invalid),
    /// A demand cannot be written.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// A running contract cannot be written.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// How an import is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run {
    /// Only say what would happen.
    pub dry_run: bool,
    /// Import the good rows although others have faults.
    pub leave_out_faulty: bool,
}

/// The mapping of the municipality, its version; version 0 is the template's.
pub async fn mapping(tx: &mut TenantRead) -> Result<(FamilyMapping, i32), sqlx::Error> {
    Ok(store::mapping(tx).await?.unwrap_or_default())
}

/// A list to try an import with: made-up families that wish for facilities of this municipality.
pub async fn example_list(tx: &mut TenantRead) -> Result<String, sqlx::Error> {
    let (mapping, _) = mapping(tx).await?;
    let names: Vec<String> = store::facilities(tx).await?.into_iter().map(|f| f.name).collect();
    let name = |n: usize| names.get(n).map_or("", String::as_str);
    Ok(example(&mapping, [name(0), name(1)]))
}

/// Replaces the mapping; `seen` is 0 the first time.
pub async fn put_mapping(tx: &mut TenantTx, seen: i32, new: &FamilyMapping) -> Result<i32, ImportsError> {
    new.check()?;
    let (_, current) = store::lock_mapping(tx).await?.unwrap_or_default();
    Stale::check(seen, current)?;
    Ok(store::save_mapping(tx, new).await?)
}

/// Imports a list. With a fault in any row nothing is written, unless those rows are to be left out. `progress` hears the rows done.
pub async fn import_families(
    tx: &mut TenantTx,
    bytes: &[u8],
    run: Run,
    mut progress: impl FnMut(usize),
) -> Result<FamilyReport, ImportsError> {
    let (mapping, _) = mapping(tx).await?;
    let report = pass(tx, bytes, &mapping, false, &mut progress).await?;
    let is_clean = report.list_faults.is_empty() && (report.faulty == 0 || run.leave_out_faulty);
    if run.dry_run || !is_clean || report.new == 0 {
        return Ok(report);
    }
    let mut report = pass(tx, bytes, &mapping, true, &mut progress).await?;
    demands::count_all_later(tx).await?;
    report.written = true;
    Ok(report)
}

/// Reads the list once, batch by batch; writes the new rows if it is told to.
async fn pass(
    tx: &mut TenantTx,
    bytes: &[u8],
    mapping: &FamilyMapping,
    write: bool,
    progress: &mut impl FnMut(usize),
) -> Result<FamilyReport, ImportsError> {
    let mut report = FamilyReport::default();
    let mut rows = match Rows::open(bytes, mapping) {
        Ok(rows) => rows,
        Err(faults) => {
            report.list_faults = faults;
            return Ok(report);
        }
    };
    let mut work = Work::begin(tx, mapping).await?;
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(row) = rows.next_row()
        {
            batch.push(row);
        }
        if batch.is_empty() {
            facilities::rebuild_many(tx, &work.taken).await?;
            return Ok(report);
        }
        let (items, new) = work.look_at(tx, batch).await?;
        report.contracts += new.iter().filter(|ready| ready.contract.is_some()).count();
        if write {
            work.write(tx, &new).await?;
        }
        items.into_iter().for_each(|item| report.add(item));
        progress(report.rows);
    }
}
