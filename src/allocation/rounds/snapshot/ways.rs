//! The ways to a wish: as the family would like it best, and later or with fewer hours where it would take that. Pure.

use std::cmp::Reverse;
use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{CaseWish, Exclusion, RoundPool, Site, fits};
use crate::demands::Entrant;
use crate::facilities::{AgeBand, Stay, age_band_on, usual_end};
use crate::platform::ids::FacilityId;

/// One way to a wish: a part of the pool, with what care is like there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// What the instance calls the places.
    pub part: String,
    /// First day of care.
    pub care_from: NaiveDate,
    /// Hours a week, where the groups' times bound them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<i32>,
}

/// Who asks, and from when on.
pub(super) struct Asks<'e> {
    pub entrant: &'e Entrant,
    pub care_from: NaiveDate,
    /// When school begins for the child.
    pub entry: NaiveDate,
    pub band: AgeBand,
}

/// The ways to a pool, the best first; none where there is but one and it is as wished. Within a facility an earlier first day comes before
/// more hours.
pub(super) fn ways(asks: &Asks<'_>, site: &Site, pool: &RoundPool) -> Result<Vec<Way>, Exclusion> {
    let hours = hours(asks.entrant, pool)?;
    let parts = pool.parts();
    let mut ways: Vec<Way> = Vec::new();
    for start in first_days(asks, pool) {
        let care_from = match pool.starts.get(start) {
            Some(later) => asks.care_from.max(later.from_month),
            None => asks.care_from,
        };
        let same_band = age_band_on(asks.entrant.birth, care_from, asks.entry) == asks.band;
        if !same_band || !asks.stays(site, care_from) {
            continue;
        }
        for way in 0..hours.len().max(1) {
            let (at, hours) = hours.get(way).map_or((0, None), |(at, hours)| (*at, Some(*hours)));
            let part = &parts[pool.part_of(at, start)].0;
            // The same places later are no better.
            if ways.iter().all(|earlier| earlier.part != *part) {
                ways.push(Way {
                    part: part.to_string(),
                    care_from,
                    hours,
                });
            }
        }
    }
    match ways.as_slice() {
        [] => Err(Exclusion::Stay),
        // One that is all as wished needs no word.
        [only]
            if parts.len() == 1
                && only
                    .hours
                    .is_none_or(|given| Some(given) == asks.entrant.hours_per_week) =>
        {
            Ok(Vec::new())
        }
        _ => Ok(ways),
    }
}

/// The first days on which a child could begin, as the pool tells them apart: the one that is wished, and the later ones that would do.
fn first_days(asks: &Asks<'_>, pool: &RoundPool) -> Range<usize> {
    let latest = asks.entrant.latest_start.unwrap_or(asks.care_from).max(asks.care_from);
    let first = pool.start_at(asks.care_from);
    let last = pool.start_at(latest);
    first..last + 1
}

impl Asks<'_> {
    /// Whether a place is free for the whole stay from a day on.
    fn stays(&self, site: &Site, from: NaiveDate) -> bool {
        let stay = Stay {
            child: self.entrant.child_id,
            birth: self.entrant.birth,
            from,
            until: usual_end(self.entrant.birth, from, self.entry, site.kind, &site.care_types),
        };
        fits(site, &stay, self.entry)
    }
}

/// The parts of a pool by hours that a child can be in, with the hours that it would have there; none where nothing bounds them.
fn hours(entrant: &Entrant, pool: &RoundPool) -> Result<Vec<(usize, i32)>, Exclusion> {
    let (Some(wanted), false) = (entrant.hours_per_week, pool.hours.is_empty()) else {
        return Ok(Vec::new());
    };
    let least = entrant.least_hours;
    // The shortest care that is long enough; where none is, the longest.
    let enough = pool.hours.iter().rposition(|of| of.hours >= wanted).unwrap_or(0);
    let mut found = Vec::new();
    for (at, of) in pool.hours.iter().enumerate().skip(enough) {
        let given = of.hours.min(wanted);
        // Who did not say what is needed at least is asked about the longest care only.
        if least.map_or(at == enough, |least| given >= least) {
            found.push((at, given));
        }
    }
    if found.is_empty() {
        return Err(Exclusion::Hours);
    }
    Ok(found)
}

/// In what order a family likes the ways to its wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Liking {
    rule: Rule,
    /// First day as wished.
    care_from: NaiveDate,
    /// Hours a week as wished.
    hours: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// A facility in every way before the next one.
    FacilityFirst,
    /// What comes nearest to the wished times before all else.
    TimesFirst,
    /// As the family says: each facility twice, as wished and, further down, giving way.
    Own(Vec<FacilityId>),
}

impl Liking {
    pub(super) fn of(entrant: &Entrant, care_from: NaiveDate) -> Self {
        let rule = match &entrant.ways {
            Some(order) => Rule::Own(order.clone()),
            None if entrant.times_first => Rule::TimesFirst,
            None => Rule::FacilityFirst,
        };
        Self {
            rule,
            care_from,
            hours: entrant.hours_per_week,
        }
    }

    /// First day and hours by a way; what is not told apart is as wished.
    fn times(&self, way: Option<&Way>) -> (NaiveDate, Option<i32>) {
        way.map_or((self.care_from, self.hours), |way| {
            (way.care_from, way.hours.or(self.hours))
        })
    }
}

/// All ways to all wishes in the order in which the family likes them. A wish with its way; `None` where there is but one.
pub fn ranked<'w>(wishes: &'w [CaseWish], liking: &Liking) -> Vec<(&'w CaseWish, Option<&'w Way>)> {
    let mut all: Vec<(&CaseWish, Option<&Way>)> = Vec::new();
    for wish in wishes.iter().filter(|w| w.pool.is_some()) {
        match wish.ways.is_empty() {
            true => all.push((wish, None)),
            false => all.extend(wish.ways.iter().map(|way| (wish, Some(way)))),
        }
    }
    // The sorts keep the parents' order among equals.
    match &liking.rule {
        Rule::FacilityFirst => {}
        Rule::TimesFirst => all.sort_by_key(|(_, way)| {
            let (care_from, hours) = liking.times(*way);
            (care_from, Reverse(hours))
        }),
        Rule::Own(order) => all.sort_by_key(|(wish, way)| {
            let (care_from, hours) = liking.times(*way);
            let gives = care_from > liking.care_from || hours < liking.hours;
            let mut places = order.iter().enumerate().filter(|(_, at)| **at == wish.facility_id);
            places.nth(usize::from(gives)).map_or(usize::MAX, |(place, _)| place)
        }),
    }
    all
}

#[cfg(test)]
#[path = "ways_tests.rs"]
mod tests;
