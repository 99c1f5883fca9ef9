//! What a facility has to give, asked before a place is held.

use chrono::NaiveDate;

use super::known::Known;
use super::model::{self, Rung, Stay, months_after, segments};
use crate::access::TenantRead;
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;
use crate::platform::week::WeekTimes;

/// What a facility has to give from this month on; for asking before a place is held, which asks again under its lock.
pub struct Places {
    known: Known,
    month: NaiveDate,
}

/// A child that would stay.
#[derive(Debug, Clone)]
pub struct Stayer {
    /// From when until when.
    pub stay: Stay,
    /// For these times of the week, at a childminder's.
    pub week: Option<WeekTimes>,
    /// The child's first day of school.
    pub school_entry: NaiveDate,
}

/// What a facility has to give.
pub async fn places(tx: &mut TenantRead, facility: FacilityId) -> Result<Places, sqlx::Error> {
    let month = month_of(tx.today());
    let known = Known::load(tx, facility, month).await?;
    Ok(Places { known, month })
}

impl Places {
    /// Those of the next twelve months in which a place of an age band is free, and how many.
    pub fn free_months(&self, band: AgeBand) -> Vec<(NaiveDate, i32)> {
        let (figures, taken) = self.known.of(band);
        let months = (0..12).map(|n| months_after(self.month, n));
        let free = months.filter_map(|month| Some((month, model::rung(&figures, &taken, month)?.bookable)));
        free.filter(|(_, bookable)| *bookable > 0).collect()
    }

    /// The places of a band on a day of a month, when so many children kept here are there; `None` while the band is not known.
    pub fn on_day(&self, band: AgeBand, month: NaiveDate, occupied: i32, held: i32) -> Option<Rung> {
        let (figures, taken) = self.known.of(band);
        // Of a childminder's children count those who are there at the same time.
        let contracts = taken.iter().filter(|t| !t.held && t.in_month(month)).count();
        let occupied = match self.known.site.childminder {
            true => occupied.min(i32::try_from(contracts).unwrap_or(i32::MAX)),
            false => occupied,
        };
        model::rung_of(&figures, occupied, held, month)
    }

    /// Whether a place is free in every month of a stay; at a childminder's for these times of day, as long as another child is there
    /// before or after.
    pub fn has_room(&self, one: &Stayer) -> bool {
        has_room(&self.known, one)
    }

    /// The same for several children at once.
    pub fn have_room(&self, all: &[Stayer]) -> bool {
        let mut known = self.known.clone();
        all.iter().all(|one| {
            let has_room = has_room(&known, one);
            let parts = segments(&one.stay, one.school_entry).unwrap_or_default();
            known.taken.extend(parts.iter().map(|part| part.taken(one.week)));
            has_room
        })
    }
}

fn has_room(known: &Known, one: &Stayer) -> bool {
    segments(&one.stay, one.school_entry).is_ok_and(|parts| known.check(&parts, one.week).is_ok())
}
