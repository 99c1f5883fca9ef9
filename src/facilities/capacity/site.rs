//! The figures that count: what a facility entered, after permit, closures, staff, contingents and a childminder's licence. Pure.
//!
//! A month counts by its worst day, so that nothing is promised that a part of the month cannot keep; each figure by its own, so that the
//! ladder adds up. A break ([`super::closures`]) is no such day.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::AgeBand;
use super::basis::{Basis, holds};
use super::closures::Closures;
pub use super::licence::Licence;
use super::model::{Figure, Taken, months_after};
use super::presence;
use super::staffing::{Agreed, NewStaffingKey};
use crate::platform::clock::month_of;

/// What bounds the operable places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// All permitted places are run.
    Permit,
    /// The facility's own word, with a reason.
    ByHand,
    /// A group or the facility is closed for longer than a break.
    Closure,
    /// Hours of qualified staff by the staffing key.
    Staff,
    /// A childminder's licence, over all age bands: children at the same time.
    Licence,
    /// A childminder's licence, over all age bands: contracts in all.
    Contracts,
}

/// So many children of an age band with the same agreed minutes of care a week, by contract or open offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Age band.
    pub band: AgeBand,
    /// Minutes of care a week, each.
    pub minutes: i32,
    /// First day.
    pub from: NaiveDate,
    /// First day on which it is not so any more.
    pub until: NaiveDate,
    /// How many children.
    pub count: i32,
}

/// All that bounds a facility's figures.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Permits, groups, staff, closures, contingents.
    pub basis: Basis,
    /// Staffing keys by their first day, the earliest first.
    pub keys: Vec<NewStaffingKey>,
    /// What is agreed with the children who are there; known where staff and a key bound the places.
    pub hours: Vec<Hours>,
    /// Whether it is a childminder's.
    pub childminder: bool,
    /// The childminder's licences, the earliest first; no two on one day.
    pub licences: Vec<Licence>,
}

/// What a day allows in an age band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DayState {
    licensed: i32,
    operable: i32,
    limit: Limit,
    reserved: i32,
}

impl Site {
    /// The figures of each age band from a month on, in the order of the bands: a step for every month in which something changes, of a
    /// band from its first entered figure on.
    pub fn figures(
        &self,
        entered: &[(AgeBand, Figure)],
        taken: &[(AgeBand, Taken)],
        (from, until): (NaiveDate, NaiveDate),
    ) -> [Vec<Figure>; 3] {
        let mut steps = [const { Vec::new() }; 3];
        if entered.is_empty() {
            return steps;
        }
        let closures = Closures::of(&self.basis);
        let (mut months, days) = self.changes(entered, taken);
        months.retain(|month| from < *month && *month < until);
        months.insert(from);
        for month in months {
            let states = self.month(entered, month, &days, &closures);
            for (band, state) in AgeBand::ALL.iter().zip(states) {
                let Some(figure) = in_force(entered, *band, month) else {
                    continue;
                };
                let cap = self.cap(entered, *band, taken, month);
                let capped = cap.filter(|(cap, _)| *cap < state.operable);
                steps[*band as usize].push(Figure {
                    from_month: month,
                    licensed: state.licensed,
                    operable: capped.map_or(state.operable, |(cap, _)| cap),
                    limit: capped.map_or(state.limit, |(_, limit)| limit),
                    reserved: state.reserved,
                    ..figure.clone()
                });
            }
        }
        steps
    }

    /// Months from which something differs, and the days within them.
    fn changes(
        &self,
        entered: &[(AgeBand, Figure)],
        taken: &[(AgeBand, Taken)],
    ) -> (BTreeSet<NaiveDate>, BTreeSet<NaiveDate>) {
        let basis = &self.basis;
        let mut spans: Vec<(NaiveDate, Option<NaiveDate>)> = Vec::new();
        spans.extend(basis.permits.iter().map(|p| (p.valid_from, p.valid_to)));
        spans.extend(basis.closures.iter().map(|c| (c.valid_from, c.valid_to)));
        spans.extend(basis.staff.iter().map(|s| (s.valid_from, s.valid_to)));
        spans.extend(basis.contingents.iter().map(|c| (c.valid_from, Some(c.valid_to))));
        for group in &basis.groups {
            spans.push((group.valid_from, group.valid_to));
            spans.extend(group.closures.iter().map(|c| (c.valid_from, c.valid_to)));
            spans.extend(group.staff.iter().map(|s| (s.valid_from, s.valid_to)));
        }
        spans.extend(self.keys.iter().map(|k| (k.valid_from, None)));
        spans.extend(self.licences.iter().map(|l| (l.valid_from, Some(l.valid_to))));
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1));
        let spans = spans.iter().flat_map(|(from, to)| [Some(*from), to.and_then(after)]);
        let hours = self.hours.iter().flat_map(|h| [h.from, h.until]);
        let days: BTreeSet<_> = spans.flatten().chain(hours).collect();
        let mut months: BTreeSet<_> = days
            .iter()
            .flat_map(|day| [month_of(*day), months_after(month_of(*day), 1)])
            .collect();
        months.extend(entered.iter().map(|(_, f)| f.from_month));
        if self.childminder {
            months.extend(taken.iter().flat_map(|(_, t)| [t.from_month, t.until_month]));
        }
        (months, days)
    }

    /// The worst day of a month, band by band.
    fn month(
        &self,
        entered: &[(AgeBand, Figure)],
        month: NaiveDate,
        days: &BTreeSet<NaiveDate>,
        closures: &Closures,
    ) -> [DayState; 3] {
        let mut worst = self.day(entered, month, closures);
        for day in days.range(month..months_after(month, 1)).filter(|day| **day > month) {
            for (worst, state) in worst.iter_mut().zip(self.day(entered, *day, closures)) {
                worst.licensed = worst.licensed.min(state.licensed);
                worst.reserved = worst.reserved.max(state.reserved);
                if state.operable < worst.operable {
                    (worst.operable, worst.limit) = (state.operable, state.limit);
                }
            }
        }
        worst
    }

    fn day(&self, entered: &[(AgeBand, Figure)], day: NaiveDate, closures: &Closures) -> [DayState; 3] {
        let bands = [AgeBand::Under3, AgeBand::Over3, AgeBand::SchoolAge];
        let licensed = bands.map(|band| self.licensed(entered, band, day));
        let open = bands.map(|band| {
            let licensed = licensed[band as usize];
            (licensed - closures.gone(&self.basis, band, day, licensed)).max(0)
        });
        let staffed = self.staffed(day, open);
        bands.map(|band| {
            let (licensed, open) = (licensed[band as usize], open[band as usize]);
            let figure = in_force(entered, band, day).filter(|f| f.by_hand);
            let own = figure.map(|f| (f.operable, Limit::ByHand));
            let own = own.or_else(|| staffed.map(|run| (run[band as usize], Limit::Staff)));
            let (operable, limit) = match own {
                Some((n, limit)) if n < open => (n, limit),
                _ if open < licensed => (open, Limit::Closure),
                _ => (open, Limit::Permit),
            };
            DayState {
                licensed,
                operable,
                limit,
                reserved: self.reserved(band, day),
            }
        })
    }

    /// Places of the permit; before the first permit, those of the figure. A permit that ran out permits nothing.
    fn licensed(&self, entered: &[(AgeBand, Figure)], band: AgeBand, day: NaiveDate) -> i32 {
        let permits = &self.basis.permits;
        if permits.iter().any(|p| p.valid_from <= day) {
            let valid = permits.iter().find(|p| holds(p.valid_from, p.valid_to, day));
            let places = valid.into_iter().flat_map(|p| &p.places);
            return places
                .filter(|line| line.age_band == band)
                .map(|line| line.places)
                .sum();
        }
        in_force(entered, band, day).map_or(0, |f| f.licensed)
    }

    /// What the staff can run of the open places, band by band; `None` while no staff was entered or no key counts.
    fn staffed(&self, day: NaiveDate, open: [i32; 3]) -> Option<[i32; 3]> {
        let of_groups = self.basis.groups.iter().flat_map(|g| &g.staff);
        let mut minutes = None;
        for staff in self.basis.staff.iter().chain(of_groups).filter(|s| s.valid_from <= day) {
            let there = holds(staff.valid_from, staff.valid_to, day);
            *minutes.get_or_insert(0) += if there { i64::from(staff.weekly_minutes) } else { 0 };
        }
        let minutes = minutes?;
        let rule = &self.keys.iter().rev().find(|k| k.valid_from <= day)?.rule;
        let mut agreed = [Agreed::default(); 3];
        for band in AgeBand::ALL {
            let there = self.hours.iter();
            let there = there.filter(|h| h.band == *band && h.from <= day && day < h.until);
            agreed[*band as usize] = rule.agreed(there.map(|h| (h.minutes, h.count)));
        }
        Some(rule.runnable(open, agreed, minutes))
    }

    fn reserved(&self, band: AgeBand, day: NaiveDate) -> i32 {
        let of_band = self.basis.contingents.iter().filter(|c| c.age_band == band);
        let of_day = of_band.filter(|c| holds(c.valid_from, Some(c.valid_to), day));
        of_day.map(|c| c.places).sum()
    }

    /// The places that the children of a band take: one each, and at a childminder's as many as are there at the same time.
    pub fn places(&self, taken: Vec<Taken>) -> Vec<Taken> {
        match self.childminder {
            true => presence::places(&taken),
            false => taken,
        }
    }
}

/// The figure of a band that was entered last for a day.
pub(super) fn in_force(entered: &[(AgeBand, Figure)], band: AgeBand, day: NaiveDate) -> Option<&Figure> {
    let figure = entered.iter().rev().find(|(b, f)| *b == band && f.from_month <= day);
    figure.map(|(_, f)| f)
}

#[cfg(test)]
#[path = "site_tests.rs"]
mod tests;
