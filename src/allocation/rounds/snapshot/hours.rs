//! Places with long and with short care: groups close at different times, so a child that needs the whole day can have a place only in
//! some of them, and one that goes at noon in all. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::places::YEAR;
use super::{RoundPool, Site, Sources};
use crate::facilities::{AgeBand, months_after};
use crate::platform::clock::month_of;

/// Places for children with so many hours a week or fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundPlacesOfHours)]
pub struct PlacesOfHours {
    /// Hours a week that care can have here.
    pub hours: i32,
    /// Places, those with longer care included.
    pub places: u32,
}

/// Places of a group in one age band, with the hours a week that it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupHours {
    /// The band.
    pub band: AgeBand,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, if it has one.
    pub valid_to: Option<NaiveDate>,
    /// Places.
    pub places: i32,
    /// Hours a week; `None` where nobody said when it closes: then it is no bound.
    pub hours: Option<i32>,
}

/// Hours of a child that has a place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenHours {
    /// The band.
    pub band: AgeBand,
    /// First month.
    pub from_month: NaiveDate,
    /// First month without it.
    pub until_month: NaiveDate,
    /// Hours a week.
    pub hours: i32,
}

/// Places of a band by the hours of care, the longest first, in a Kita year; empty where no group says when it is open, or where one says
/// nothing. What the groups have in all is not looked at: that bound is the pool's own.
fn by_hours(groups: &[GroupHours], taken: &[TakenHours], cap: u32, first: NaiveDate) -> Vec<PlacesOfHours> {
    let mut known: Vec<i32> = Vec::new();
    for group in groups.iter().filter(|group| group.places > 0) {
        match group.hours {
            Some(hours) => known.push(hours),
            None => return Vec::new(),
        }
    }
    known.sort_unstable_by(|a, b| b.cmp(a));
    known.dedup();
    let mut all: Vec<PlacesOfHours> = Vec::new();
    for (at, hours) in known.iter().enumerate() {
        // Whoever needs more than the next shorter care has a place only here or in longer care.
        let places = match known.get(at + 1) {
            Some(shorter) => {
                let free = (0..YEAR).map(|n| free_in(groups, taken, (*hours, *shorter), months_after(first, n)));
                u32::try_from(free.min().unwrap_or(0)).unwrap_or(0).min(cap)
            }
            None => cap,
        };
        // Longer care has no more places than this: then it is bounded by them too, and needs no bound of its own.
        let mut of = PlacesOfHours { hours: *hours, places };
        while let Some(longer) = all.pop_if(|longer| longer.places >= places) {
            of.hours = longer.hours;
        }
        all.push(of);
    }
    all
}

/// Places in groups that are open so long, less the children whose hours need one.
fn free_in(groups: &[GroupHours], taken: &[TakenHours], (hours, shorter): (i32, i32), month: NaiveDate) -> i32 {
    let open = |g: &&GroupHours| g.valid_from <= month && g.valid_to.is_none_or(|to| to >= month);
    let long = groups
        .iter()
        .filter(open)
        .filter(|g| g.hours.is_some_and(|h| h >= hours));
    let places: i32 = long.map(|g| g.places).sum();
    let there = |t: &&TakenHours| t.from_month <= month && month < t.until_month && t.hours > shorter;
    places - i32::try_from(taken.iter().filter(there).count()).unwrap_or(i32::MAX)
}

/// Places with the long care of a part of a pool that are free from a month on, as the groups are today; `None` where nothing bounds them.
pub fn long_care(site: &Site, pool: &RoundPool, at: usize, month: NaiveDate) -> Option<u32> {
    let shorter = pool.hours.get(at + 1)?;
    let (groups, taken) = of_band(site, pool.band);
    let now = by_hours(&groups, &taken, u32::MAX, month);
    // Whoever stands in this part needs more than the next one has.
    let need = now.iter().rposition(|of| of.hours > shorter.hours);
    (!now.is_empty()).then(|| need.map_or(0, |at| now[at].places))
}

fn of_band(site: &Site, band: AgeBand) -> (Vec<GroupHours>, Vec<TakenHours>) {
    let groups = site.groups.iter().filter(|g| g.band == band).copied();
    let taken = site.taken.iter().filter(|t| t.band == band).copied();
    (groups.collect(), taken.collect())
}

/// Tells places with long care from the others, once those that come free later are told apart.
pub(super) fn tell_apart(sources: &Sources, pools: &mut [RoundPool]) {
    let first = month_of(sources.round.start_on);
    for pool in pools {
        let Some(site) = sources.sites.get(&pool.facility_id) else {
            continue;
        };
        let (groups, taken) = of_band(site, pool.band);
        let mut hours = by_hours(&groups, &taken, pool.cap, first);
        // Places that come free later lie around all of these.
        if let Some(at_first) = pool.starts.first() {
            hours
                .iter_mut()
                .for_each(|of| of.places = of.places.min(at_first.places));
        }
        pool.hours = hours;
    }
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
