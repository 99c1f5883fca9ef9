//! Deletion by period: what is due, and deleting it in batches with a log that names nobody.

mod model;
mod store;

use chrono::{DateTime, NaiveDate, Utc};
pub(super) use model::{Class, Unit};
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::tenancy;

/// So many in one transaction.
const BATCH: i64 = 500;

/// A class with what is due.
pub(super) struct Due {
    pub class: Class,
    pub period: i32,
    pub unit: Unit,
    pub cutoff: NaiveDate,
    pub count: i64,
    pub since: Option<DateTime<Utc>>,
}

/// What a run would delete today, class by class; nothing is changed.
pub(super) async fn due(tx: &mut TenantRead) -> Result<Vec<Due>, sqlx::Error> {
    let (settings, today) = (tenancy::settings(tx).await?, tx.today());
    let mut all = Vec::new();
    for class in Class::ALL {
        let (period, unit) = class.period(&settings.retention);
        let cutoff = class.cutoff(&settings.retention, &settings.kita_year_start, today);
        let found = store::due(tx, class, cutoff).await?;
        all.push(Due {
            class,
            period,
            unit,
            cutoff,
            count: found.count,
            since: found.since,
        });
    }
    Ok(all)
}

/// Deletes a batch of a class and logs it; answers whether more may be due.
pub(super) async fn delete_batch(tx: &mut TenantTx, class: Class, run: Uuid) -> Result<bool, sqlx::Error> {
    let (settings, today) = (tenancy::settings(tx).await?, tx.today());
    let cutoff = class.cutoff(&settings.retention, &settings.kita_year_start, today);
    let deleted = store::delete(tx, class, cutoff, BATCH).await?;
    if deleted > 0 {
        store::log(tx, run, class, cutoff, deleted).await?;
    }
    Ok(deleted >= BATCH)
}

pub(super) use store::{LogRow, log_rows};
