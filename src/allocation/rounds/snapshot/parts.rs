//! The parts of a pool: not every place in it is one for every child. Pure.
//!
//! In an instance they are a chain of bounds, each around the one before: `p12@2027-08` has 3 places, and `p12@2027-11` around it has 5; or
//! `p12@45h` has 4 for children of more than 25 hours, and `p12@25h` around it has 10 for all. Everywhere else the places of a facility
//! and an age band stay one pool, `p12`.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::RoundPool;

/// Stands between the name of a pool and that of a part.
pub(super) const PART: char = '@';

/// The pool of which a name in an instance is a part.
pub fn pool_of(name: &str) -> &str {
    name.split_once(PART).map_or(name, |(pool, _)| pool)
}

impl RoundPool {
    /// Its parts as an instance has them, each with its places; each lies in the next one.
    pub fn parts(&self) -> Vec<(Cow<'_, str>, u32)> {
        let of_starts = self.starts.iter().map(|start| start.places);
        let of_hours = self.hours.iter().map(|hours| hours.places);
        let places: Vec<u32> = match self.starts.is_empty() {
            true => of_hours.collect(),
            false => of_starts.collect(),
        };
        match places.len() {
            0 | 1 => vec![(Cow::Borrowed(self.name.as_str()), self.cap)],
            _ => (0..).zip(places).map(|(at, places)| (self.part(at), places)).collect(),
        }
    }

    /// What an instance calls one of its parts.
    pub(super) fn part(&self, at: usize) -> Cow<'_, str> {
        let named = match (self.starts.get(at), self.hours.get(at)) {
            (Some(start), _) => Some(format!("{}{PART}{}", self.name, start.from_month.format("%Y-%m"))),
            (None, Some(hours)) if self.starts.is_empty() && self.hours.len() > 1 => {
                Some(format!("{}{PART}{}h", self.name, hours.hours))
            }
            _ => None,
        };
        named.map_or(Cow::Borrowed(self.name.as_str()), Cow::Owned)
    }

    /// Which of its parts has this name; the first where it has none.
    pub fn part_named(&self, name: &str) -> usize {
        let parts = self.parts();
        parts.iter().position(|(part, _)| part == name).unwrap_or(0)
    }

    /// Which of the parts that come free later a child is in that begins on this day.
    pub fn part_at(&self, care_from: NaiveDate) -> usize {
        let begun = self.starts.iter().filter(|start| start.from_month <= care_from);
        begun.count().saturating_sub(1)
    }
}
