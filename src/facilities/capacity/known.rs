//! All that the ladder of a facility is derived from: its figures, what is taken of them, and what bounds them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::basis::{Basis, read, staffing_keys};
use super::closures::Closures;
use super::licence::externals;
use super::model::{CapacityError, Figure, Segment, Taken, age_band_on};
use super::site::Site;
use super::staffing::StaffingRule;
use super::store;
use crate::access::TenantRead;
use crate::facilities::model::AgeBand;
use crate::platform::ids::FacilityId;
use crate::platform::week::WeekTimes;

/// All that the ladder of a facility is derived from.
#[derive(Clone)]
pub(super) struct Known {
    /// As they were entered, by band and month.
    pub(super) figures: Vec<(AgeBand, Figure)>,
    pub(super) taken: Vec<(AgeBand, Taken)>,
    /// What bounds them.
    pub(super) site: Site,
    /// The first month that will be asked for.
    from: NaiveDate,
}

impl Known {
    pub(super) async fn load(tx: &mut TenantRead, facility: FacilityId, from: NaiveDate) -> Result<Self, sqlx::Error> {
        Ok(Self {
            figures: store::figures(tx, facility).await?,
            taken: store::taken(tx, facility, from).await?,
            site: sites(tx, &[facility], from, NaiveDate::MAX)
                .await?
                .remove(&facility)
                .unwrap_or_default(),
            from,
        })
    }

    /// Children whose contracts are not kept here.
    pub(super) fn external(&self, month: NaiveDate) -> i32 {
        externals(&self.figures, month)
    }

    /// Refuses when there is no place in some month. At a childminder's a child needs one for its own times of the week only.
    pub(super) fn check(&self, segments: &[Segment], week: Option<WeekTimes>) -> Result<(), CapacityError> {
        let mut with = self.clone();
        if self.site.childminder {
            with.taken.extend(segments.iter().map(|segment| segment.taken(week)));
            let full = |month: &NaiveDate| {
                let left = with.site.contracts_left(&with.figures, &with.taken, *month);
                left.is_some_and(|left| left < 0)
            };
            if let Some(month) = segments.iter().flat_map(Segment::months).find(full) {
                return Err(CapacityError::ContractsFull { month });
            }
        }
        let bands = with.bands();
        for segment in segments {
            let (figures, taken) = &bands[segment.band as usize];
            let least = i32::from(!self.site.childminder);
            segment.check(figures, taken, least)?;
        }
        Ok(())
    }

    /// The figures that count, and what is taken of them, in the order of the bands.
    pub(super) fn bands(&self) -> [(Vec<Figure>, Vec<Taken>); 3] {
        let months = (self.from, NaiveDate::MAX);
        let figures = self.site.figures(&self.figures, &self.taken, months);
        let mut bands = figures.map(|figures| (figures, Vec::new()));
        for (band, taken) in &self.taken {
            bands[*band as usize].1.push(*taken);
        }
        bands.map(|(figures, taken)| (figures, self.site.places(taken)))
    }

    /// The same of one band.
    pub(super) fn of(&self, band: AgeBand) -> (Vec<Figure>, Vec<Taken>) {
        std::mem::take(&mut self.bands()[band as usize])
    }
}

/// What bounds the figures of these facilities between two months.
pub(super) async fn sites(
    tx: &mut TenantRead,
    ids: &[FacilityId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<HashMap<FacilityId, Site>, sqlx::Error> {
    let mut bases = read::bases(tx, ids).await?;
    let mut childminders = read::childminders(tx, ids).await?;
    let keys = staffing_keys(tx).await?;
    let keys: Vec<_> = keys.into_iter().map(|k| k.key).collect();
    let staffed = |id: &FacilityId| !keys.is_empty() && bases.get(id).is_some_and(Basis::has_staff);
    let staffed: Vec<FacilityId> = ids.iter().copied().filter(staffed).collect();
    let mut hours = read::hours(tx, &staffed, from, until).await?;
    let site = |id: &FacilityId| {
        let licences = childminders.remove(id);
        let basis = bases.remove(id).unwrap_or_default();
        let site = Site {
            // A key without staff changes nothing.
            keys: if basis.has_staff() { keys.clone() } else { Vec::new() },
            basis,
            hours: hours.remove(id).unwrap_or_default(),
            childminder: licences.is_some(),
            licences: licences.unwrap_or_default(),
        };
        (*id, site)
    };
    Ok(ids.iter().map(site).collect())
}

/// Permits, groups, staff, closures and contingents of a facility.
pub async fn basis(tx: &mut TenantRead, facility: FacilityId) -> Result<Basis, sqlx::Error> {
    let mut bases = read::bases(tx, &[facility]).await?;
    Ok(bases.remove(&facility).unwrap_or_default())
}

/// On which days a facility is open.
pub struct OpenDays {
    basis: Basis,
    closures: Closures,
}

/// On which days a facility is open.
pub async fn open_days(tx: &mut TenantRead, facility: FacilityId) -> Result<OpenDays, sqlx::Error> {
    Ok(OpenDays::of(basis(tx, facility).await?))
}

/// On which days these facilities are open.
pub async fn open_days_at(
    tx: &mut TenantRead,
    facilities: &[FacilityId],
) -> Result<HashMap<FacilityId, OpenDays>, sqlx::Error> {
    let mut bases = read::bases(tx, facilities).await?;
    let days = facilities
        .iter()
        .map(|id| (*id, OpenDays::of(bases.remove(id).unwrap_or_default())));
    Ok(days.collect())
}

impl OpenDays {
    fn of(basis: Basis) -> Self {
        Self {
            closures: Closures::of(&basis),
            basis,
        }
    }

    /// The first day from a day on when it is open for children of an age band; `None` where it stays closed.
    pub fn first(&self, band: AgeBand, day: NaiveDate) -> Option<NaiveDate> {
        self.closures.first_open(&self.basis, band, day)
    }

    /// The same for a child, which may come into another age band while it is closed.
    pub fn first_for(&self, birth: NaiveDate, school_entry: NaiveDate, day: NaiveDate) -> Option<NaiveDate> {
        let mut day = day;
        loop {
            let open = self.first(age_band_on(birth, day, school_entry), day)?;
            if open == day {
                return Some(day);
            }
            day = open;
        }
    }
}

/// The staffing key that counts on a day, if one does.
pub async fn staffing_rule(tx: &mut TenantRead, day: NaiveDate) -> Result<Option<StaffingRule>, sqlx::Error> {
    let mut keys = staffing_keys(tx).await?.into_iter();
    Ok(keys.rfind(|k| k.key.valid_from <= day).map(|k| k.key.rule))
}
