//! Versions of what a municipality and its facilities set: the whole content as it stood, who changed it, and when.
//!
//! Every command that changes such content does it inside [`keep`], which writes the version in the same transaction. A version is never
//! changed again; the application's role cannot. To go back is to make a new version with an old content.

pub mod http;
mod model;
mod store;

pub use http::{VersionItem, page};
pub use model::{Content, Earlier, Kind, Subject};

use serde_json::Value;

use crate::access::{TenantRead, TenantTx};

/// Does a change and keeps what came of it as a version. `content` reads what stands; what stood without ever being recorded is recorded
/// first, as found. A change that changes nothing leaves no version.
pub async fn keep<T, E: From<sqlx::Error>>(
    tx: &mut TenantTx,
    subject: &Subject,
    content: impl AsyncFn(&mut TenantRead) -> Result<Content, sqlx::Error>,
    change: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
) -> Result<T, E> {
    // One at a time: the next one reads what this one leaves.
    store::lock(tx, subject).await?;
    let before = content(tx).await?;
    let last = store::last(tx, subject).await?;
    let mut number = last.as_ref().map_or(0, |(number, _)| *number);
    if last.map_or(Value::Null, |(_, content)| content) != before.value {
        number += 1;
        store::insert(tx, subject, number, &before, true).await?;
    }
    let done = change(tx).await?;
    let after = content(tx).await?;
    if after.value != before.value {
        store::insert(tx, subject, number + 1, &after, false).await?;
    }
    Ok(done)
}

/// What stood in a version.
pub async fn content(tx: &mut TenantRead, subject: &Subject, number: i32) -> Result<Option<Content>, sqlx::Error> {
    store::content(tx, subject, number).await
}

/// All versions but the one that holds, the latest first.
pub async fn earlier(tx: &mut TenantRead, subject: &Subject) -> Result<Vec<Earlier>, sqlx::Error> {
    store::earlier(tx, subject).await
}
