//! Everything that a municipality owns, for its own administrator: one archive with all rows as CSV and JSON and what each column means.
//!
//! It asks for a purpose and a code of the second factor, leaves an event in the audit before the first row is read, and is written piece
//! by piece into a file that has no name any more, so that no more than a piece is in memory and nothing stays on the disk.

pub mod http;
mod model;

pub use model::Purpose;

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};

use futures_util::TryStreamExt;
use model::{Exported, documentation};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::lists;
use crate::operator::is_left_out;
use crate::platform::Platform;
use crate::platform::crypto::{SealError, random_token};
use crate::platform::db::{CopyError, Layout, TenantRef};
use crate::platform::ids::ChildId;

/// What can stand against an export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Whoever takes everything out has shown more than a password.
    #[error("set up the second factor first")]
    SecondFactorMissing,
    /// The rows cannot be read or written.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The archive cannot be written.
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// What is sealed cannot be opened with this installation's key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// A file without a name: it is gone when the last one who has it open lets go.
fn nameless() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("kitaplatz-{}", random_token()));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Writes the archive of a tenant. Answers the file, at its beginning, and how long it is.
pub async fn archive(platform: &Platform, tenant: &TenantRef) -> Result<(File, u64), ExportError> {
    let mut copy = platform.db.copy_of(tenant.id).await?;
    let (mut all, mut left_out) = (Vec::<Exported>::new(), Vec::new());
    for column in copy.columns().await? {
        if is_left_out(&column.table, &column.name) {
            left_out.push(format!("{}.{}", column.table, column.name));
            continue;
        }
        match all.last_mut() {
            Some(table) if table.table == column.table => table.columns.push(column.name),
            _ => all.push(Exported {
                table: column.table,
                columns: vec![column.name],
                rows: 0,
            }),
        }
    }
    let mut archive = ZipWriter::new(nameless()?);
    let options = SimpleFileOptions::default().large_file(true);
    for table in &mut all {
        table.rows = copy.count(&table.table).await?;
        for (layout, name) in [
            (Layout::Csv, format!("csv/{}.csv", table.table)),
            (Layout::JsonLines, format!("json/{}.jsonl", table.table)),
        ] {
            archive.start_file(name, options)?;
            copy.write(&table.table, &table.columns, layout, &mut archive).await?;
        }
    }
    archive.start_file("json/care_sheet.opened.jsonl", options)?;
    let mut sheets = copy.bytes("care_sheet", "child_id", "sheet");
    while let Some((child, sealed)) = sheets.try_next().await? {
        archive.write_all(&lists::opened(&platform.vault, tenant.id, ChildId(child), &sealed)?)?;
    }
    archive.start_file("LIESMICH.md", options)?;
    let made_at = platform.clock.now().to_rfc3339();
    archive.write_all(documentation(&tenant.name, &made_at, &all, &left_out).as_bytes())?;
    let mut file = archive.finish()?;
    let length = file.stream_position()?;
    file.rewind()?;
    Ok((file, length))
}
