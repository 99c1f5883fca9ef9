//! The forecast: 24 months of places and children ahead, of one facility, a provider, a planning area or all in reach.
//!
//! It is the ladder that offers and search read, added up; third birthdays, school entries and ends of contracts are in it, because
//! occupancy is stored by age band and month.

pub(in crate::facilities) mod http;
mod model;
mod store;

use std::collections::{BTreeMap, HashMap};

use super::sites;
use crate::access::TenantRead;
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;
pub use model::{Forecast, ForecastBand, ForecastMonth};
use model::{ForecastOf, MONTHS, Spell};

/// The forecast of what is in reach; `None` where nothing is.
async fn forecast(tx: &mut TenantRead, of: &ForecastOf) -> Result<Option<Forecast>, sqlx::Error> {
    let ids = store::facilities(tx, of).await?;
    if ids.is_empty() && !of.is_everything() {
        return Ok(None);
    }
    let groups: HashMap<FacilityId, ()> = ids.iter().map(|id| (*id, ())).collect();
    let sums = by_group(tx, &groups).await?;
    let none = || Forecast::new(month_of(tx.today()));
    Ok(Some(sums.into_values().next().unwrap_or_else(none)))
}

/// A forecast for each planning area in reach, by its name; empty where a facility has none.
pub async fn forecast_areas(tx: &mut TenantRead) -> Result<Vec<(String, Forecast)>, sqlx::Error> {
    let groups = store::districts(tx).await?;
    Ok(by_group(tx, &groups).await?.into_iter().collect())
}

/// Adds facilities up by what they have in common.
async fn by_group<G: Ord + Clone>(
    tx: &mut TenantRead,
    groups: &HashMap<FacilityId, G>,
) -> Result<BTreeMap<G, Forecast>, sqlx::Error> {
    let base = month_of(tx.today());
    let ids: Vec<FacilityId> = groups.keys().copied().collect();
    let mut figures = store::figures(tx, &ids).await?;
    let mut spells: HashMap<FacilityId, Vec<(AgeBand, Spell)>> = HashMap::new();
    let end = super::months_after(base, MONTHS);
    for (facility, band, spell) in store::spells(tx, &ids, base, end).await? {
        spells.entry(facility).or_default().push((band, spell));
    }
    let mut sums = BTreeMap::new();
    for (facility, site) in sites(tx, &ids, base, end).await? {
        let Some(group) = groups.get(&facility) else { continue };
        let entered = figures.remove(&facility).unwrap_or_default();
        let spells = spells.remove(&facility).unwrap_or_default();
        let sum = sums.entry(group.clone()).or_insert_with(|| Forecast::new(base));
        sum.add(&site, &entered, &spells);
    }
    Ok(sums)
}
