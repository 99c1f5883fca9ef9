//! A month of a facility day by day: who begins and who leaves, who becomes three, who goes to school, and the places of each day.
//!
//! Offers and the search count a month that is begun as taken, so that no promise is ever one day short. This shows the days within it.

pub(super) mod http;
mod model;
mod store;

use chrono::{Datelike, NaiveDate};

use crate::access::TenantRead;
use crate::facilities::{self, AgeBand};
use crate::platform::ids::FacilityId;
use model::{BandDays, DayPlaces, FacilityMonth, Stay, changes, counts, days_of};

/// Months that can be asked for, from the current one.
const AHEAD: i32 = 24;

/// Whether the days of this month can be worked out.
fn is_in_reach(month: NaiveDate, today: NaiveDate) -> bool {
    let this = today.with_day(1).unwrap_or(today);
    (0..=AHEAD).contains(&facilities::months_between(this, month))
}

/// The month of a facility that is in reach of the asker.
async fn of(tx: &mut TenantRead, facility: FacilityId, month: NaiveDate) -> Result<FacilityMonth, sqlx::Error> {
    let days = days_of(month);
    let entries = facilities::school_entries(tx).await?;
    let mut stays = Vec::new();
    for row in store::stays(tx, facility, month, facilities::months_after(month, 1)).await? {
        let school_entry = entries.of(row.child_id, row.birth);
        tx.touch_child(row.child_id);
        stays.push(Stay { row, school_entry });
    }
    let places = facilities::places(tx, facility).await?;
    let bands = AgeBand::ALL.iter().filter_map(|band| {
        let each: Option<Vec<DayPlaces>> = days
            .iter()
            .map(|day| {
                let (occupied, held) = counts(&stays, *band, *day);
                let rung = places.on_day(*band, month, occupied, held)?;
                Some(DayPlaces::new(*day, &rung))
            })
            .collect();
        Some(BandDays {
            age_band: *band,
            days: each?,
        })
    });
    let bands = bands.collect();
    let language = tx.language();
    Ok(FacilityMonth {
        month,
        bands,
        changes: changes(&stays, month, &language),
    })
}
