//! Needs planning: places against children by planning area, age band and month, today's registrations and the share to be provided for.
//!
//! Places are the forecast that offers and search read. Children are what the office enters from the register of residents; where it
//! entered nothing, nothing is guessed. A demand counts in the planning area of the facility that the family wishes first.

pub mod http;
mod model;
#[cfg(test)]
mod model_tests;
mod store;

pub use model::{AreaPlan, BandPlan, NeedsPlan, PlanMonth, Population};

use crate::access::{TenantRead, TenantTx};
use crate::facilities;
use crate::platform::clock::month_of;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;

/// What can stand against a plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanningError {
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Places and children of the next 24 months, planning area by planning area; `births_percent` scales the births that are still to come.
pub async fn needs(tx: &mut TenantRead, births_percent: i32) -> Result<Vec<AreaPlan>, PlanningError> {
    let entries = facilities::school_entries(tx).await?;
    let plan = store::plan(tx).await?.map(|(plan, _)| plan);
    let waiting = store::waiting(tx).await?;
    let places = facilities::forecast_areas(tx).await?;
    let positions = store::positions(tx).await?;
    let asked = model::Asked {
        base: month_of(tx.today()),
        entries: &entries,
        births_percent,
    };
    Ok(model::areas(&asked, plan.as_ref(), &places, &waiting, &positions))
}

/// Writes what the office entered; `seen` is 0 the first time.
pub async fn put_plan(tx: &mut TenantTx, seen: i32, plan: &NeedsPlan) -> Result<(), PlanningError> {
    let plan = plan.checked(tx.today())?;
    let current = store::lock_plan(tx).await?;
    Stale::check(seen, current)?;
    if !store::put_plan(tx, &plan, seen).await? {
        // Two wrote the first plan at the same moment.
        return Err(Stale { current: 1 }.into());
    }
    Ok(())
}
