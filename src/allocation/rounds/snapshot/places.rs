//! Places as a round sees them, and whether one is free for a whole stay. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{GroupHours, RoundPool, Sources, TakenHours};
use crate::facilities::{AgeBand, CareType, FacilityKind, Stay, months_after, months_between, segments};
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;

/// Months for which a place must be free to be given in a round: the Kita year.
pub(super) const YEAR: u32 = 12;

/// A facility's places in one age band, month by month.
#[derive(Debug, Clone)]
pub struct Places {
    /// First month of the list.
    pub base_month: NaiveDate,
    /// Bookable places by month; `None` where unknown.
    pub bookable: Vec<Option<i32>>,
}

/// A facility as a round sees it.
#[derive(Debug, Clone)]
pub struct Site {
    /// What it is.
    pub kind: Option<FacilityKind>,
    /// What care it gives.
    pub care_types: Vec<CareType>,
    /// Whether it takes children.
    pub open: bool,
    /// Places by age band.
    pub places: BTreeMap<AgeBand, Places>,
    /// Places left of a bound over all bands (a childminder's licence).
    pub cap: Option<i32>,
    /// Seats that are kept, by type.
    pub reserves: Vec<Kept>,
    /// Its groups with their hours, where any of them says when it is open.
    pub groups: Vec<GroupHours>,
    /// Hours of the children who have a place, where groups differ.
    pub taken: Vec<TakenHours>,
}

/// Seats that are kept for children of a type, in each age band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// For whom.
    pub kind: String,
    /// How many.
    pub seats: i32,
    /// In each group of the band, and not once for the band.
    pub per_group: bool,
}

/// What the instance calls the children for whom a facility keeps seats of a kind. What is kept elsewhere under the same word is for
/// others: each set has criteria of its own, and some of them hold at one facility only.
pub fn kept_at(kind: &str, facility: FacilityId) -> String {
    let id = facility.0.simple().to_string();
    format!("{kind}@{}", &id[20..])
}

impl Site {
    /// Seats that are kept in a band on a day, by type. A facility that names no groups is one.
    pub fn kept(&self, band: AgeBand, day: NaiveDate) -> BTreeMap<&str, u32> {
        let open = |g: &&GroupHours| g.valid_from <= day && g.valid_to.is_none_or(|to| to >= day);
        let groups = self.groups.iter().filter(|g| g.band == band && g.places > 0);
        let groups = groups.filter(open).count().max(1);
        let mut kept: BTreeMap<&str, u32> = BTreeMap::new();
        for of in &self.reserves {
            let times = if of.per_group { groups } else { 1 };
            let seats = u32::try_from(of.seats)
                .unwrap_or(0)
                .saturating_mul(u32::try_from(times).unwrap_or(1));
            let most = kept.entry(&of.kind).or_default();
            *most = seats.max(*most);
        }
        kept
    }
}

/// One pool for each facility and band with known places, in the order of facilities. The cap is the lowest number of places that is
/// bookable in the Kita year: a place that is taken again in October is none that could be given from August on.
pub(super) fn pools(sources: &Sources) -> Vec<RoundPool> {
    let first = month_of(sources.round.start_on);
    let mut pools = Vec::new();
    for (facility, site) in sources.sites.iter().filter(|(_, site)| site.open) {
        for (band, places) in site
            .places
            .iter()
            .filter(|(band, _)| sources.round.config.age_bands.contains(band))
        {
            if let Some(cap) = places.lowest(first) {
                pools.push(RoundPool {
                    name: format!("p{}", pools.len() + 1),
                    facility_id: *facility,
                    band: *band,
                    cap: u32::try_from(cap).unwrap_or(0),
                    starts: Vec::new(),
                    hours: Vec::new(),
                });
            }
        }
    }
    pools
}

impl Places {
    /// One place less in a month.
    pub fn take(&mut self, month: NaiveDate) {
        let at = usize::try_from(months_between(self.base_month, month)).ok();
        if let Some(Some(free)) = at.and_then(|at| self.bookable.get_mut(at)) {
            *free -= 1;
        }
    }

    /// The lowest number of the Kita year that begins in this month; `None` when it is unknown in its first month.
    pub fn lowest(&self, first: NaiveDate) -> Option<i32> {
        self.lowest_between(first, months_after(first, YEAR))
    }

    /// The lowest number from a month on and before another one; `None` when it is unknown in the first.
    pub fn lowest_between(&self, from: NaiveDate, until: NaiveDate) -> Option<i32> {
        let at = |month| usize::try_from(months_between(self.base_month, month)).ok();
        let (from, until) = (at(from)?, at(until)?);
        self.bookable.get(from).copied().flatten()?;
        self.bookable.iter().take(until).skip(from).flatten().copied().min()
    }
}
/// Whether one place is bookable in each month of a stay, in each band that the child passes through. Beyond the horizon nobody knows;
/// the offer looks again.
pub fn fits(site: &Site, stay: &Stay, entry: NaiveDate) -> bool {
    let Ok(parts) = segments(stay, entry) else {
        return false;
    };
    parts.iter().all(|part| {
        site.places.get(&part.band).is_some_and(|places| {
            let at = |month| usize::try_from(months_between(places.base_month, month)).ok();
            let (Some(from), Some(until)) = (at(part.from_month), at(part.until_month)) else {
                return false;
            };
            let known = places.bookable.iter().take(until).skip(from);
            known.copied().all(|free| free.is_some_and(|free| free > 0))
        })
    })
}
