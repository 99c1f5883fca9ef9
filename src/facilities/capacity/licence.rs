//! What a childminder's licence leaves: children at the same time, and contracts in all. Pure.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::AgeBand;
use super::model::{Figure, Taken, months_after};
use super::presence::at_once;
use super::site::{Limit, Site, in_force};

/// Children present at once at a childminder's at most (§ 43 SGB VIII).
const CHILDMINDER: i32 = 5;

/// A childminder's licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LicenceOnRecord)]
pub struct Licence {
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Children at the same time.
    pub places: i32,
    /// Contracts in all, where the licence bounds them.
    pub contracts_total: Option<i32>,
}

impl Site {
    /// What a childminder's licence leaves an age band beside the children of the others, and by which of its bounds; `None` for other
    /// facilities. Children who share a place are a contract each, so that the second bound can be the narrower one.
    pub(super) fn cap(
        &self,
        entered: &[(AgeBand, Figure)],
        band: AgeBand,
        taken: &[(AgeBand, Taken)],
        month: NaiveDate,
    ) -> Option<(i32, Limit)> {
        if !self.childminder {
            return None;
        }
        let places = match self.licence_in(month) {
            Some((places, _)) => places,
            None if self.licences.is_empty() => CHILDMINDER,
            None => 0,
        };
        let own = at_once(taken.iter().filter(|(b, _)| *b == band).map(|(_, t)| t), month);
        let beside = at_once(taken.iter().map(|(_, t)| t), month) - own;
        let own_external = external(entered, band, month);
        let at_once = (places - beside - externals(entered, month) + own_external).max(0);
        let in_all = self.contracts_left(entered, taken, month);
        // What is left goes on top of the places that this band takes already.
        let in_all = in_all.map(|left| (left + own + own_external).max(0));
        Some(match in_all.filter(|n| *n < at_once) {
            Some(n) => (n, Limit::Contracts),
            None => (at_once, Limit::Licence),
        })
    }

    /// The fewest places, and the fewest contracts in all where that is bounded, of the licences of a month; `None` where a day of it has
    /// none.
    pub fn licence_in(&self, month: NaiveDate) -> Option<(i32, Option<i32>)> {
        let next = months_after(month, 1);
        let of_month = self
            .licences
            .iter()
            .filter(|l| l.valid_from < next && month <= l.valid_to);
        let (mut covered, mut least) = (month, None);
        for licence in of_month {
            if licence.valid_from > covered {
                return None;
            }
            covered = licence.valid_to.checked_add_days(Days::new(1)).unwrap_or(next);
            let (places, total) = least.unwrap_or((licence.places, licence.contracts_total));
            let both = total.into_iter().chain(licence.contracts_total);
            least = Some((places.min(licence.places), both.min()));
        }
        least.filter(|_| covered >= next)
    }

    /// How many children may be at a childminder's at the same time on a day.
    pub(super) fn places_on(&self, day: NaiveDate) -> i32 {
        let of_day = self.licences.iter().find(|l| l.valid_from <= day && day <= l.valid_to);
        match of_day {
            Some(licence) => licence.places,
            None if self.licences.is_empty() => CHILDMINDER,
            None => 0,
        }
    }

    /// How many more contracts a childminder may have in a month, over all age bands; `None` where nothing bounds them. Held offers count,
    /// and children whose contracts are not kept here.
    pub fn contracts_left(
        &self,
        entered: &[(AgeBand, Figure)],
        taken: &[(AgeBand, Taken)],
        month: NaiveDate,
    ) -> Option<i32> {
        let (_, total) = self.licence_in(month).filter(|_| self.childminder)?;
        let total = total?;
        let kept = taken.iter().filter(|(_, t)| t.in_month(month)).count();
        Some(total - i32::try_from(kept).unwrap_or(i32::MAX) - externals(entered, month))
    }
}

/// Children of a band whose contracts are not kept here.
fn external(entered: &[(AgeBand, Figure)], band: AgeBand, month: NaiveDate) -> i32 {
    in_force(entered, band, month).map_or(0, |f| f.occupied_external)
}

/// The same of all bands.
pub(super) fn externals(entered: &[(AgeBand, Figure)], month: NaiveDate) -> i32 {
    AgeBand::ALL.iter().map(|band| external(entered, *band, month)).sum()
}
