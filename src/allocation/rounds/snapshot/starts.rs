//! Places that come free in the course of the Kita year: a child that begins in November can take one that a child that begins in August
//! cannot. Pure.
//!
//! In an instance such places are a chain of bounds: `p12@2027-08` has 3 places, `p12@2027-11` around it has 5. A child stands in the part
//! in which it begins. Everywhere else the places of a facility and an age band stay one pool, `p12`.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::places::YEAR;
use super::{NewCase, RoundPool, Sources};
use crate::allocation::rounds::model::RoundMode;
use crate::facilities::months_after;
use crate::platform::clock::month_of;

/// Stands between the name of a pool and the month of a part.
const FROM: char = '@';

/// Places for children who begin in a month or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundPlacesFrom)]
pub struct PlacesFrom {
    /// The month.
    pub from_month: NaiveDate,
    /// Places that are free from then on, those of the months before included.
    pub places: u32,
}

/// The pool of which a name in an instance is a part.
pub fn pool_of(name: &str) -> &str {
    name.split_once(FROM).map_or(name, |(pool, _)| pool)
}

impl RoundPool {
    /// Its parts as an instance has them, each with its places, the earliest first; each lies in the next one.
    pub fn parts(&self) -> Vec<(Cow<'_, str>, u32)> {
        match self.starts.is_empty() {
            true => vec![(Cow::Borrowed(self.name.as_str()), self.cap)],
            false => (0..self.starts.len())
                .map(|at| (self.part(at), self.starts[at].places))
                .collect(),
        }
    }

    /// Which of its parts a child is in that begins on this day.
    pub fn part_at(&self, care_from: NaiveDate) -> usize {
        let begun = self.starts.iter().filter(|start| start.from_month <= care_from);
        begun.count().saturating_sub(1)
    }

    /// What an instance calls the places for a child that begins on this day.
    pub fn name_for(&self, care_from: NaiveDate) -> Cow<'_, str> {
        self.part(self.part_at(care_from))
    }

    fn part(&self, at: usize) -> Cow<'_, str> {
        match self.starts.get(at) {
            Some(start) => Cow::Owned(format!("{}{FROM}{}", self.name, start.from_month.format("%Y-%m"))),
            None => Cow::Borrowed(&self.name),
        }
    }
}

/// Tells places that come free later from the others, where somebody begins then. Not in coordinated rounds, where a facility orders the
/// children of a pool in one list, and not where seats are kept for a group of children, which would be kept once in each part.
pub(super) fn tell_apart(sources: &Sources, cases: &[NewCase], pools: &mut [RoundPool]) {
    if sources.round.mode == RoundMode::Coordinated {
        return;
    }
    let first = month_of(sources.round.start_on);
    let mut later: HashMap<&str, BTreeSet<NaiveDate>> = HashMap::new();
    for case in cases {
        let month = month_of(case.care_from);
        if month > first {
            for pool in case.wishes.iter().filter_map(|wish| wish.pool.as_deref()) {
                later.entry(pool).or_default().insert(month);
            }
        }
    }
    for pool in pools {
        let (Some(months), Some(site)) = (later.get(pool.name.as_str()), sources.sites.get(&pool.facility_id)) else {
            continue;
        };
        let Some(places) = site.places.get(&pool.band).filter(|_| site.reserves.is_empty()) else {
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
