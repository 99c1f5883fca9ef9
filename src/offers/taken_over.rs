//! Places that children have by contracts of another system, many at once.

use chrono::{NaiveDate, NaiveTime};

use super::OfferError;
use super::store;
use crate::access::TenantTx;
use crate::contracts::{self, NewContract};
use crate::facilities::{self, Stay};
use crate::platform::ids::{ChildId, DemandId, FacilityId, OfferId};

/// A running contract as the other system has it.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    /// The child, new here.
    pub child: ChildId,
    /// Its date of birth.
    pub birth: NaiveDate,
    /// The demand that led to it; its one wish is the facility.
    pub demand: DemandId,
    /// Where.
    pub facility: FacilityId,
    /// First day of care.
    pub from: NaiveDate,
    /// First day on which the place is free again.
    pub until: NaiveDate,
    /// Hours a week.
    pub hours_per_week: i32,
    /// When the child comes and goes, where the other system knows it.
    pub window: Option<(NaiveTime, NaiveTime)>,
}

/// Writes contracts with what they take. The figures of free places are the caller's to derive anew, once for all
/// ([`facilities::rebuild_many`]).
pub async fn take_over(tx: &mut TenantTx, all: &[Running]) -> Result<(), OfferError> {
    let new: Vec<NewContract> = all
        .iter()
        .map(|one| NewContract {
            offer_id: OfferId::new(),
            demand_id: one.demand,
            child_id: one.child,
            facility_id: one.facility,
            care_from: one.from,
            care_until: one.until,
            hours_per_week: one.hours_per_week,
            window_from: one.window.map(|(from, _)| from),
            window_to: one.window.map(|(_, to)| to),
            week: None,
        })
        .collect();
    store::insert_accepted(tx, &new).await?;
    let stay = |one: &Running| Stay {
        child: one.child,
        birth: one.birth,
        from: one.from,
        until: one.until,
    };
    let taken: Vec<_> = all
        .iter()
        .zip(&new)
        .map(|(one, contract)| (one.facility, contract.offer_id, stay(one)))
        .collect();
    facilities::take_known_places(tx, &taken).await?;
    Ok(contracts::take_over(tx, &new).await?)
}
