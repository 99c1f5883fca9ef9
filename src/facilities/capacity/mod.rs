//! Places: what the facility said it can run, what offers and contracts take, and what is left to book.
//!
//! Invariants: no offer holds a place that is not bookable in every month of the stay, also under many hands at once; the pool equals
//! what [`model::ladder`] derives from figures and occupancy after every command; unknown capacity stays unknown.

pub(super) mod basis;
mod closures;
pub(super) mod forecast;
pub(super) mod http;
mod model;
mod presence;
mod school;
mod site;
mod staffing;
mod store;

pub use basis::{Basis, Closure, Contingent, Group, Permit, PermitPlaces, Staff, holds, put_basis};
pub use forecast::{Forecast, ForecastBand, ForecastMonth, forecast_areas};
pub use model::{
    CapacityError, Figure, HORIZON, NewFigure, Rung, Segment, Stay, Taken, age_band_on, first_month_over3, ladder,
    months_after, months_between, segments, third_birthday, usual_end,
};
pub use school::{SchoolEntries, school_entries, school_entries_on, school_entry, school_entry_of, school_rule};
pub use staffing::StaffingRule;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::model::AgeBand;
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::month_of;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, FacilityId, OfferId};
use crate::platform::week::WeekTimes;
use closures::Closures;
use site::Site;

/// Locks a facility's places until the end of the transaction. Commands that go on to lock demands and offers call it first.
pub async fn lock_places(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    store::lock_pool(tx, facility).await
}

/// Holds a place for an offer in every month of the stay and in each age band that the child passes through, or none at all.
///
/// The offer's row must stand already. Locks the facility's places first, so two managers cannot give one place twice.
pub async fn hold_place(
    tx: &mut TenantTx,
    facility: FacilityId,
    offer: OfferId,
    stay: Stay,
) -> Result<(), CapacityError> {
    let entry = school_entry_of(tx, stay.child, stay.birth).await?;
    let segments = model::segments(&stay, entry)?;
    store::lock_pool(tx, facility).await?;
    let known = Known::load(tx, facility, month_of(stay.from)).await?;
    known.check(&segments, store::week_of(tx, facility, offer).await?)?;
    for segment in &segments {
        store::insert_held(tx, facility, offer, stay.child, segment).await?;
    }
    Ok(rebuild(tx, facility).await?)
}

/// Takes places that children have already, as another system knows them: nobody is refused, also where the figures say there is no room.
///
/// The children are new, so that nothing was decided about their school entry. The pools are the caller's to rebuild ([`rebuild_many`]).
pub async fn take_known_places(tx: &mut TenantTx, all: &[(FacilityId, OfferId, Stay)]) -> Result<(), CapacityError> {
    let rule = school_rule(tx).await?;
    let mut rows = Vec::new();
    for (facility, offer, stay) in all {
        for segment in model::segments(stay, school_entry(stay.birth, rule))? {
            rows.push((*facility, *offer, stay.child, segment));
        }
    }
    Ok(store::insert_occupied(tx, &rows).await?)
}

/// Locks facilities in the order of their ids and derives their pools anew.
pub async fn rebuild_many(tx: &mut TenantTx, facilities: &BTreeSet<FacilityId>) -> Result<(), sqlx::Error> {
    for facility in facilities {
        store::lock_pool(tx, *facility).await?;
    }
    for facility in facilities {
        rebuild(tx, *facility).await?;
    }
    Ok(())
}

/// The offer was accepted: its held place is occupied by a contract from now on.
pub async fn occupy_place(tx: &mut TenantTx, offer: OfferId) -> Result<(), CapacityError> {
    // Held and occupied count alike, so the pool stays as it is.
    store::set_occupied(tx, offer).await?;
    Ok(())
}

/// Hours or times of day were agreed or changed. What the staff can run follows the hours. At a childminder's, children who follow one
/// another in a day, or come on other days, share a place. Refused when there would be more children at the same time than before and than
/// may be there.
pub async fn times_agreed(tx: &mut TenantTx, facility: FacilityId) -> Result<(), CapacityError> {
    if basis::read::childminders(tx, &[facility]).await?.is_empty() {
        if basis(tx, facility).await?.has_staff() {
            store::lock_pool(tx, facility).await?;
            rebuild(tx, facility).await?;
        }
        return Ok(());
    }
    store::lock_pool(tx, facility).await?;
    let before = store::pools(tx, facility).await?;
    rebuild(tx, facility).await?;
    for (band, base, is) in store::pools(tx, facility).await? {
        let was = before.iter().find(|(b, ..)| *b == band);
        let was = was.map_or((base, &[][..]), |(_, from, was)| (*from, was));
        if let Some(month) = presence::first_worse(was, (base, &is)) {
            return Err(CapacityError::NoPlace { band, month });
        }
    }
    Ok(())
}

/// Gives the place of an offer or contract back. Doing it again changes nothing.
pub async fn release_place(tx: &mut TenantTx, offer: OfferId) -> Result<(), CapacityError> {
    if let Some(facility) = store::facility_of_offer(tx, offer).await? {
        store::lock_pool(tx, facility).await?;
        store::delete_taken(tx, offer).await?;
        rebuild(tx, facility).await?;
    }
    Ok(())
}

/// The child leaves on this day: the place of an offer or contract is free from the next full month on.
pub async fn end_place(tx: &mut TenantTx, offer: OfferId, day: NaiveDate) -> Result<(), CapacityError> {
    if let Some(facility) = store::facility_of_offer(tx, offer).await? {
        store::lock_pool(tx, facility).await?;
        let month = month_of(day);
        let free_from = if month == day { month } else { months_after(month, 1) };
        store::cut_taken(tx, offer, free_from).await?;
        rebuild(tx, facility).await?;
    }
    Ok(())
}

/// The child stays longer, until the end of `stay`: a place in every month that the contract does not take yet, or none at all.
pub async fn extend_place(tx: &mut TenantTx, offer: OfferId, stay: Stay) -> Result<(), CapacityError> {
    let Some(facility) = store::facility_of_offer(tx, offer).await? else {
        return Ok(());
    };
    let taken_until = store::taken_until(tx, offer).await?.unwrap_or(stay.from);
    if taken_until < stay.until {
        let more = Stay {
            from: taken_until,
            ..stay
        };
        hold_place(tx, facility, offer, more).await?;
        occupy_place(tx, offer).await?;
    }
    Ok(())
}

/// The child was born on another day than its places were counted by: all that it takes changes its age bands with that. Nobody is refused:
/// it has these places.
pub async fn follow_birth(tx: &mut TenantTx, child: ChildId, birth: NaiveDate) -> Result<(), CapacityError> {
    let entry = school_entry_of(tx, child, birth).await?;
    let facilities = store::facilities_of_child(tx, child).await?;
    for facility in &facilities {
        store::lock_pool(tx, *facility).await?;
    }
    for stay in store::stays_of_child(tx, child).await? {
        let (from, until) = (stay.from_month, stay.until_month);
        let segments = model::segments(
            &Stay {
                child,
                birth,
                from,
                until,
            },
            entry,
        )?;
        store::delete_taken(tx, stay.offer).await?;
        for segment in &segments {
            store::insert_held(tx, stay.facility, stay.offer, child, segment).await?;
        }
        if !stay.held {
            store::set_occupied(tx, stay.offer).await?;
        }
    }
    for facility in facilities {
        rebuild(tx, facility).await?;
    }
    Ok(())
}

/// Whether [`extend_place`] would find a place in every further month of the stay, for its times of day; the months that the contract takes
/// already are its own. Asked before, without a lock: the extension asks again under it.
pub async fn may_extend(
    tx: &mut TenantTx,
    facility: FacilityId,
    offer: OfferId,
    stay: Stay,
) -> Result<(), CapacityError> {
    let from = store::taken_until(tx, offer).await?.unwrap_or(stay.from);
    if stay.until <= from {
        return Ok(());
    }
    let entry = school_entry_of(tx, stay.child, stay.birth).await?;
    let segments = model::segments(&Stay { from, ..stay }, entry)?;
    let known = Known::load(tx, facility, month_of(from)).await?;
    known.check(&segments, store::week_of(tx, facility, offer).await?)
}

/// Enters a facility's figure for an age band; it holds from its month until the next figure. `seen` is the version that the person
/// saw, 0 for a facility without figures. Refused when it would leave fewer places than were promised to families.
pub async fn put_figure(
    tx: &mut TenantTx,
    facility: FacilityId,
    band: AgeBand,
    new: &NewFigure,
    seen: i32,
) -> Result<(), CapacityError> {
    lock_for_edit(tx, facility, seen).await?;
    let new = new.checked()?;
    let (today, base) = (tx.today(), month_of(tx.today()));
    let before = Known::load(tx, facility, base).await?;
    store::put_figure(tx, facility, band, &new, today).await?;
    let after = Known::load(tx, facility, base).await?;
    // At a childminder's the children of all bands share the places of the licence.
    let bound = AgeBand::ALL
        .iter()
        .filter(|other| **other == band || after.site.childminder);
    let (before, after) = (before.bands(), after.bands());
    for bound in bound {
        let (figures, taken) = &after[*bound as usize];
        model::check_promises(&before[*bound as usize].0, figures, taken, base.max(new.from_month))?;
    }
    // First the version, then the pool: a new row begins with version 1.
    store::bump_version(tx, facility, Some(band)).await?;
    Ok(rebuild(tx, facility).await?)
}

/// The facility says that its figures are right today.
pub async fn confirm_figures(tx: &mut TenantTx, facility: FacilityId) -> Result<(), CapacityError> {
    if !store::lock_facility(tx, facility).await? {
        return Err(CapacityError::Missing);
    }
    store::lock_pool(tx, facility).await?;
    let (today, base) = (tx.today(), month_of(tx.today()));
    store::confirm_figures(tx, facility, today, base).await?;
    store::bump_version(tx, facility, None).await?;
    Ok(rebuild(tx, facility).await?)
}

/// The version of a facility's figures for `If-Match`; 0 while there are none.
pub async fn capacity_version(tx: &mut TenantRead, facility: FacilityId) -> Result<i32, sqlx::Error> {
    store::version(tx, facility).await
}

async fn lock_for_edit(tx: &mut TenantTx, facility: FacilityId, seen: i32) -> Result<(), CapacityError> {
    if !store::lock_facility(tx, facility).await? {
        return Err(CapacityError::Missing);
    }
    store::lock_pool(tx, facility).await?;
    Stale::check(seen, store::version(tx, facility).await?)?;
    Ok(())
}

/// All that the ladder of a facility is derived from.
#[derive(Clone)]
struct Known {
    /// As they were entered, by band and month.
    figures: Vec<(AgeBand, Figure)>,
    taken: Vec<(AgeBand, Taken)>,
    /// What bounds them.
    site: Site,
    /// The first month that will be asked for.
    from: NaiveDate,
}

impl Known {
    async fn load(tx: &mut TenantRead, facility: FacilityId, from: NaiveDate) -> Result<Self, sqlx::Error> {
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

    /// Refuses when there is no place in some month. At a childminder's a child needs one for its own times of the week only.
    fn check(&self, segments: &[Segment], week: Option<WeekTimes>) -> Result<(), CapacityError> {
        let mut with = self.clone();
        if self.site.childminder {
            let taken = |segment: &Segment| {
                let (from_month, until_month) = (segment.from_month, segment.until_month);
                let taken = Taken {
                    held: true,
                    from_month,
                    until_month,
                    week,
                };
                (segment.band, taken)
            };
            with.taken.extend(segments.iter().map(taken));
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
    fn bands(&self) -> [(Vec<Figure>, Vec<Taken>); 3] {
        let months = (self.from, NaiveDate::MAX);
        let figures = self.site.figures(&self.figures, &self.taken, months);
        let mut bands = figures.map(|figures| (figures, Vec::new()));
        for (band, taken) in &self.taken {
            bands[*band as usize].1.push(*taken);
        }
        bands.map(|(figures, taken)| (figures, self.site.places(taken)))
    }

    /// The same of one band.
    fn of(&self, band: AgeBand) -> (Vec<Figure>, Vec<Taken>) {
        std::mem::take(&mut self.bands()[band as usize])
    }
}

/// What bounds the figures of these facilities between two months.
async fn sites(
    tx: &mut TenantRead,
    ids: &[FacilityId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<HashMap<FacilityId, Site>, sqlx::Error> {
    let mut bases = basis::read::bases(tx, ids).await?;
    let mut childminders = basis::read::childminders(tx, ids).await?;
    let keys = basis::staffing_keys(tx).await?;
    let keys: Vec<_> = keys.into_iter().map(|k| k.key).collect();
    let staffed = |id: &FacilityId| !keys.is_empty() && bases.get(id).is_some_and(Basis::has_staff);
    let staffed: Vec<FacilityId> = ids.iter().copied().filter(staffed).collect();
    let mut hours = basis::read::hours(tx, &staffed, from, until).await?;
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
    let mut bases = basis::read::bases(tx, &[facility]).await?;
    Ok(bases.remove(&facility).unwrap_or_default())
}

/// The first day from a day on when a facility is open for children of an age band; `None` where it stays closed.
pub async fn first_open_day(
    tx: &mut TenantRead,
    facility: FacilityId,
    band: AgeBand,
    day: NaiveDate,
) -> Result<Option<NaiveDate>, sqlx::Error> {
    let basis = basis(tx, facility).await?;
    Ok(Closures::of(&basis).first_open(&basis, band, day))
}

/// The staffing key that counts on a day, if one does.
pub async fn staffing_rule(tx: &mut TenantRead, day: NaiveDate) -> Result<Option<StaffingRule>, sqlx::Error> {
    let mut keys = basis::staffing_keys(tx).await?.into_iter();
    Ok(keys.rfind(|k| k.key.valid_from <= day).map(|k| k.key.rule))
}

/// Derives a facility's places anew after a change of its licence.
pub(super) async fn licence_changed(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    store::lock_pool(tx, facility).await?;
    rebuild(tx, facility).await
}

/// What a facility has to give from this month on; for asking before a place is held, which asks again under its lock.
pub struct Places {
    known: Known,
    month: NaiveDate,
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
    pub fn has_room(&self, stay: &Stay, week: Option<WeekTimes>, school_entry: NaiveDate) -> bool {
        segments(stay, school_entry).is_ok_and(|parts| self.known.check(&parts, week).is_ok())
    }
}

/// Derives a facility's pool anew. Every command that changes figures or occupancy ends with it, in its own transaction.
async fn rebuild(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    let base = month_of(tx.today());
    let known = Known::load(tx, facility, base).await?;
    for (band, (figures, taken)) in AgeBand::ALL.iter().zip(known.bands()) {
        let Some(current) = model::current(&figures, base) else {
            continue;
        };
        let rungs = ladder(&figures, &taken, base, HORIZON);
        let pool = store::Pool {
            band: *band,
            base_month: base,
            licensed: rungs.first().copied().flatten().map(|r| r.licensed),
            bookable: rungs.into_iter().map(|rung| rung.map(|r| r.bookable)).collect(),
            confirmed_on: current.confirmed_on,
            is_example: current.is_example,
        };
        store::put_pool(tx, facility, &pool).await?;
    }
    Ok(())
}

/// Moves the pools of up to `limit` facilities on to the current month; answers how many it found behind.
pub(super) async fn roll_forward(tx: &mut TenantTx, limit: i64) -> Result<usize, sqlx::Error> {
    let month = month_of(tx.today());
    let behind = store::behind(tx, month, limit).await?;
    for facility in &behind {
        store::lock_pool(tx, *facility).await?;
        rebuild(tx, *facility).await?;
    }
    Ok(behind.len())
}
