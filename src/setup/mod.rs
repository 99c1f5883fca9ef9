//! Setting a municipality up: what is still missing before families can come, read from what is there, step by step.
//!
//! Nothing here is kept but that an administrator took defaults over as they stand; every step is done when its own page has what it needs,
//! and open again when that is taken away.

pub mod http;
mod model;
mod store;

use model::{Facts, Step, StepState};

use crate::access::{TenantRead, TenantTx};
use crate::facilities;
use crate::tenancy::{self, Holiday, holidays};

/// How far the municipality is set up.
async fn steps(tx: &mut TenantRead) -> Result<Vec<StepState>, sqlx::Error> {
    let facts = facts(tx).await?;
    Ok(Step::ALL.into_iter().map(|step| step.state(&facts)).collect())
}

async fn facts(tx: &mut TenantRead) -> Result<Facts, sqlx::Error> {
    let found = store::found(tx).await?;
    let settings = tenancy::settings(tx).await?;
    let today = tx.today();
    let mut missing_holidays = 0;
    for holiday in coming_holidays(tx) {
        if !holiday.in_parts && holiday.day >= today && !store::is_closed(tx, holiday.day).await? {
            missing_holidays += 1;
        }
    }
    Ok(Facts {
        retention_changed: settings.retention != tenancy::Retention::default(),
        missing_holidays,
        found,
    })
}

/// The holidays of this year and the next.
fn coming_holidays(tx: &TenantRead) -> Vec<Holiday> {
    use chrono::Datelike;
    let (state, year) = (tx.tenant().federal_state.as_str(), tx.today().year());
    [year, year + 1]
        .into_iter()
        .flat_map(|year| holidays(state, year))
        .collect()
}

/// An administrator takes the defaults of a step over as they stand.
async fn confirm(tx: &mut TenantTx, step: model::Confirmable) -> Result<(), sqlx::Error> {
    store::confirm(tx, step).await
}

/// Closes the holidays of this state in a year for all, those that hold in parts of it left out; answers how many were added.
async fn close_holidays(tx: &mut TenantTx, year: i32) -> Result<u64, sqlx::Error> {
    let all = holidays(&tx.tenant().federal_state, year);
    let whole = all.iter().filter(|holiday| !holiday.in_parts);
    let days: Vec<_> = whole.map(|holiday| (holiday.day, holiday.name)).collect();
    facilities::close_days(tx, &days).await
}
