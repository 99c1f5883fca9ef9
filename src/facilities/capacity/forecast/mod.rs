//! The forecast: 24 months of places and children ahead, of one facility, a provider, a planning area or all in reach.
//!
//! It is the ladder that offers and search read, added up; third birthdays, school entries and ends of contracts are in it, because
//! occupancy is stored by age band and month.

pub(in crate::facilities) mod http;
mod model;
mod store;

use std::collections::HashMap;

use super::sites;
use crate::access::TenantRead;
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;
use model::{Forecast, ForecastOf, MONTHS, Spell};

/// The forecast of what is in reach; `None` where nothing is.
async fn forecast(tx: &mut TenantRead, of: &ForecastOf) -> Result<Option<Forecast>, sqlx::Error> {
    let base = month_of(tx.today());
    let ids = store::facilities(tx, of).await?;
    if ids.is_empty() && !of.is_everything() {
        return Ok(None);
    }
    let mut sum = Forecast::new(base);
    let mut figures = store::figures(tx, &ids).await?;
    let mut spells: HashMap<FacilityId, Vec<(AgeBand, Spell)>> = HashMap::new();
    for (facility, band, spell) in store::spells(tx, &ids, base, super::months_after(base, MONTHS)).await? {
        spells.entry(facility).or_default().push((band, spell));
    }
    for (facility, site) in sites(tx, &ids).await? {
        let entered = figures.remove(&facility).unwrap_or_default();
        let spells = spells.remove(&facility).unwrap_or_default();
        sum.add(&site, &entered, &spells);
    }
    Ok(Some(sum))
}
