//! The parts of a pool: not every place in it is one for every child. Pure.
//!
//! In an instance they are a chain of bounds, each around the one before: `p12@2027-08` has 3 places, and `p12@2027-11` around it has 5;
//! `p12@45h` has 4 for children of more than 25 hours, and `p12@25h` around it has 10 for all; or all of them, `p12@45h` in `p12@25h` in
//! `p12@2027-11`. Everywhere else the places of a facility
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
    /// Its parts as an instance has them, each with its places; each lies in the next one. Those with long care come first, and around them
    /// those of all hours that come free later: bounds that cross would void every guarantee, so long care that begins later counts as from
    /// the first day on.
    pub fn parts(&self) -> Vec<(Cow<'_, str>, u32)> {
        let mut parts: Vec<(String, u32)> = Vec::new();
        if self.has_hours() {
            let long = self.hours.iter();
            parts.extend(long.map(|of| (format!("{}{PART}{}h", self.name, of.hours), of.places)));
        }
        // Care of all hours from the first day on is among them then.
        let later = self.starts.iter().skip(usize::from(self.has_hours()));
        parts.extend(later.map(|start| {
            let month = start.from_month.format("%Y-%m");
            (format!("{}{PART}{month}", self.name), start.places)
        }));
        match parts.len() {
            0 | 1 => vec![(Cow::Borrowed(self.name.as_str()), self.cap)],
            _ => parts
                .into_iter()
                .map(|(name, places)| (Cow::Owned(name), places))
                .collect(),
        }
    }

    /// Whether places with long care are told apart from the others.
    fn has_hours(&self) -> bool {
        self.hours.len() > 1
    }

    /// The part of a child whose hours are the `hours`th of the pool's and whose first day is the `start`th of its later ones.
    pub(super) fn part_of(&self, hours: usize, start: usize) -> usize {
        match self.hours.len() {
            0 | 1 => start,
            all if hours + 1 == all => hours + start,
            _ => hours,
        }
    }

    /// The month in which the places of a part come free; `None` from the first day on.
    pub fn free_from(&self, at: usize) -> Option<NaiveDate> {
        let later = if self.has_hours() {
            at.saturating_sub(self.hours.len() - 1)
        } else {
            at
        };
        self.starts.get(later).map(|start| start.from_month)
    }

    /// Which of its parts has this name; the first where it has none.
    pub fn part_named(&self, name: &str) -> usize {
        let parts = self.parts();
        parts.iter().position(|(part, _)| part == name).unwrap_or(0)
    }

    /// Which of the later first days a child has that begins on this day.
    pub fn start_at(&self, care_from: NaiveDate) -> usize {
        let begun = self.starts.iter().filter(|start| start.from_month <= care_from);
        begun.count().saturating_sub(1)
    }
}
