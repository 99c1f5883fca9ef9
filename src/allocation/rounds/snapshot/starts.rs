//! Places that come free in the course of the Kita year: a child that begins in November can take one that a child that begins in August
//! cannot. Pure.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::places::YEAR;
use super::{RoundPool, Sources};
use crate::demands::ScoredPreference;
use crate::facilities::{AgeBand, months_after};
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;

/// Places for children who begin in a month or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundPlacesFrom)]
pub struct PlacesFrom {
    /// The month.
    pub from_month: NaiveDate,
    /// Places that are free from then on, those of the months before included.
    pub places: u32,
}

/// The wishes of a child, its age band, its first day, and the latest one that its family would take.
pub(super) type Beginner<'s> = (&'s [ScoredPreference], AgeBand, NaiveDate, NaiveDate);

/// Tells places that come free later from the others, where somebody begins then or would.
pub(super) fn tell_apart(sources: &Sources, beginners: &[Beginner<'_>], pools: &mut [RoundPool]) {
    let first = month_of(sources.round.start_on);
    let mut later: HashMap<(FacilityId, AgeBand), BTreeSet<NaiveDate>> = HashMap::new();
    for (wishes, band, from, latest) in beginners {
        let (from, latest) = (month_of(*from), month_of(*latest));
        let months = (0..YEAR).map(|n| months_after(first, n));
        let months: Vec<NaiveDate> = months
            .filter(|m| *m > first && from <= *m && *m <= latest.max(from))
            .collect();
        if months.is_empty() {
            continue;
        }
        for wish in *wishes {
            later.entry((wish.facility_id, *band)).or_default().extend(&months);
        }
    }
    for pool in pools {
        let wished = later.get(&(pool.facility_id, pool.band));
        let (Some(months), Some(site)) = (wished, sources.sites.get(&pool.facility_id)) else {
            continue;
        };
        let Some(places) = site.places.get(&pool.band) else {
            continue;
        };
        let mut starts = vec![PlacesFrom {
            from_month: first,
            places: pool.cap,
        }];
        for month in months {
            let free = places.lowest_between(*month, months_after(first, YEAR));
            let free = free.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
            if free > starts[starts.len() - 1].places {
                starts.push(PlacesFrom {
                    from_month: *month,
                    places: free,
                });
            }
        }
        if let [_, .., last] = starts.as_slice() {
            pool.cap = last.places;
            pool.starts = starts;
        }
    }
}

#[cfg(test)]
#[path = "starts_tests.rs"]
mod tests;
