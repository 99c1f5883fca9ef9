//! Room for children who come for some days, in place of a childminder who is away: what bounds the children there bounds them too, day
//! by day and hour by hour.

use chrono::NaiveDate;

use super::known::open_days;
use super::model;
use super::{Known, presence, school_entries, store};
use crate::access::TenantRead;
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::{ChildId, ContractId, FacilityId};
use crate::platform::week::Window;

/// A child on a day on which it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// Its contract; `None`: a place is held for it by an open offer.
    pub contract: Option<ContractId>,
    /// The child.
    pub child: ChildId,
    /// Whether it comes in place of another childminder.
    pub guest: bool,
    /// The day.
    pub on: NaiveDate,
    /// In which age band it is then.
    pub band: AgeBand,
    /// From when until when; `None`: all day.
    pub window: Option<Window>,
}

/// Why children cannot come for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoom {
    /// It is closed on this day.
    Closed(NaiveDate),
    /// There would be too many on this day.
    Full(NaiveDate),
    /// Its places are not known.
    Unknown,
}

/// The children of a facility on each day from one to another on which they come: by contract, by open offer, and as guests.
pub async fn present(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Present>, sqlx::Error> {
    let entries = school_entries(tx).await?;
    let rows = store::present(tx, facility, from, to).await?;
    let there = rows.into_iter().filter_map(|row| {
        let window = row.window_on_day()?;
        Some(Present {
            contract: row.contract_id,
            child: row.child_id,
            guest: row.guest,
            on: row.day,
            band: entries.band_on(row.child_id, row.birth, row.day),
            window,
        })
    });
    Ok(there.collect())
}

/// Whether these children can come to a facility beside all who are there: never more at the same time than a childminder's licence allows,
/// and in a daycare centre one free place of the age band for each.
pub async fn room_for(
    tx: &mut TenantRead,
    facility: FacilityId,
    guests: &[Present],
) -> Result<Option<NoRoom>, sqlx::Error> {
    let days = guests.iter().map(|g| g.on);
    let Some((from, to)) = days.clone().min().zip(days.max()) else {
        return Ok(None);
    };
    let open = open_days(tx, facility).await?;
    if let Some(shut) = guests.iter().find(|g| open.first(g.band, g.on) != Some(g.on)) {
        return Ok(Some(NoRoom::Closed(shut.on)));
    }
    let there = present(tx, facility, from, to).await?;
    let known = Known::load(tx, facility, month_of(from)).await?;
    for guest in guests {
        let on_day: Vec<&Present> = there.iter().filter(|other| other.on == guest.on).collect();
        let full = if known.site.childminder {
            let windows: Vec<Option<Window>> = on_day.iter().map(|other| other.window).collect();
            let others = presence::at_once_during(&windows, guest.window) + known.external(month_of(guest.on));
            others + 1 > known.site.places_on(guest.on)
        } else {
            let (figures, taken) = known.of(guest.band);
            let Some(rung) = model::rung(&figures, &taken, month_of(guest.on)) else {
                return Ok(Some(NoRoom::Unknown));
            };
            let beside = on_day.iter().filter(|other| other.guest && other.band == guest.band);
            rung.bookable <= i32::try_from(beside.count()).unwrap_or(i32::MAX)
        };
        if full {
            return Ok(Some(NoRoom::Full(guest.on)));
        }
    }
    Ok(None)
}
