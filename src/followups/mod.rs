//! The follow-up list, all year round: whom a vacancy is offered to, one after another, by the published order.
//!
//! Invariants: the order is that of the criteria, then the number of the last draw, then who came first; who leaves it names a
//! published reason; every offer of this slice leaves the list as it stood. Where the office allocates, the office offers, and
//! where facilities decide, they do. Lock order as everywhere: facility (place pool) → demand → offer.

pub mod http;
pub mod jobs;
mod model;
mod store;
mod together;

pub use model::{FollowupList, FollowupRow, NewFollowup, OtherList, Skip, Vacancy};

use crate::access::{Scope, TenantRead, TenantTx};
use crate::allocation::rounds;
use crate::demands::{self, DemandError};
use crate::facilities::{self, AgeBand};
use crate::offers::{self, NewOffer, OfferError};
use crate::platform::fields::Invalid;
use crate::platform::ids::{DemandId, FacilityId, FollowupId, OfferId, PreferenceId};
use crate::residence;
use crate::tenancy::{self, AllocationMode};
use model::Site;

/// What can stand against an offer from the list.
#[derive(Debug, thiserror::Error)]
pub enum FollowupError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Nothing is free.
    #[error("no place is free in the next twelve months")]
    NoVacancy,
    /// The vacancy is nothing for this child.
    #[error("this child is passed over: {}", .0.as_str())]
    PassedOver(Skip),
    /// A round gives the places of the facility and was not released yet.
    #[error("the places of this facility are part of an allocation round that was not released yet")]
    RoundUnderWay,
    /// In this municipality the office gives the places.
    #[error("the office gives the places here")]
    DecidedByOffice,
    /// In this municipality the facilities give the places.
    #[error("the facilities give the places here")]
    DecidedByFacilities,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The demand or preference stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The offer cannot be made.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl FollowupError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            Self::Demand(error) => error.database(),
            Self::Offer(error) => error.database(),
            _ => None,
        }
    }
}

/// Who waits for a vacancy of a facility in an age band, the next first, and who is passed over and why.
pub async fn list(tx: &mut TenantRead, facility: FacilityId, band: AgeBand) -> Result<FollowupList, FollowupError> {
    if !tx.scope().covers(facility) {
        return Err(FollowupError::Missing);
    }
    let settings = tenancy::settings(tx).await?;
    let site = site(tx, facility).await?;
    let waiting = demands::waiting_at(tx, facility).await?;
    let demands: Vec<DemandId> = waiting.iter().map(|w| w.wish.demand_id).collect();
    let draw = rounds::last_draw(tx, &demands).await?;
    let (said, today) = (demands::together(tx, &demands).await?, tx.today());
    let (vacancy, rows, others) = model::follow_up_together(&site, facility, band, &waiting, &draw, today, &said);
    let from = vacancy.map_or(tx.today(), |vacancy| vacancy.free_from);
    let round_under_way = rounds::gives_places_of(tx, facility, from, None).await?;
    Ok(FollowupList {
        facility_id: facility,
        facility_name: site.name,
        age_band: band,
        vacancy,
        may_offer: !round_under_way && may_offer(tx.scope(), settings.allocation_mode).is_ok(),
        round_under_way,
        rows,
        others,
    })
}

async fn site(tx: &mut TenantRead, facility: FacilityId) -> Result<Site, FollowupError> {
    let found = facilities::facility_brief(tx, facility)
        .await?
        .ok_or(FollowupError::Missing)?;
    Ok(Site {
        name: found.name,
        kind: found.kind,
        care_types: found.care_types,
        hours: store::opening_hours(tx, facility).await?,
        places: facilities::places(tx, facility).await?,
        open: facilities::open_days(tx, facility).await?,
        entries: facilities::school_entries(tx).await?,
        no_residence: residence::refused(tx).await?,
    })
}

/// Where the office allocates, it is the office's to offer; elsewhere the facilities decide for themselves.
fn may_offer(scope: &Scope, mode: AllocationMode) -> Result<(), FollowupError> {
    match (scope, mode) {
        (Scope::Facilities(_), AllocationMode::Decentral) => Ok(()),
        (Scope::Tenant, AllocationMode::Central | AllocationMode::Coordinated) => Ok(()),
        (Scope::Tenant, AllocationMode::Decentral) => Err(FollowupError::DecidedByFacilities),
        _ => Err(FollowupError::DecidedByOffice),
    }
}

/// A person offers the vacancy: to the next, or to another one with a reason of the published list.
pub async fn offer_next(tx: &mut TenantTx, new: &NewFollowup) -> Result<(FollowupId, OfferId, usize), FollowupError> {
    let wished = demands::preference(tx, new.preference_id).await?;
    if !tx.scope().covers(wished.facility_id) {
        return Err(FollowupError::Missing);
    }
    let settings = tenancy::settings(tx).await?;
    may_offer(tx.scope(), settings.allocation_mode)?;
    rounds::hold_rounds(tx).await?;
    facilities::lock_places(tx, wished.facility_id).await?;
    let list = list(tx, wished.facility_id, new.age_band).await?;
    if list.round_under_way {
        return Err(FollowupError::RoundUnderWay);
    }
    let row = list.rows.iter().find(|r| r.waiting.wish.id == new.preference_id);
    let row = row.ok_or_else(|| Invalid::one("/preference_id", "not_on_list", "not on the list of this age band"))?;
    if let Some(skip) = row.skip {
        return Err(FollowupError::PassedOver(skip));
    }
    let deviation = new.deviation(row.position.unwrap_or(usize::MAX))?;
    offer(tx, &list, row, deviation).await
}

/// Offers to the first of a list by rule, if there is one; answers whether an offer was sent.
async fn offer_to_first(tx: &mut TenantTx, facility: FacilityId, band: AgeBand) -> Result<bool, FollowupError> {
    rounds::hold_rounds(tx).await?;
    facilities::lock_places(tx, facility).await?;
    let list = list(tx, facility, band).await?;
    match list.rows.first().filter(|row| row.skip.is_none()) {
        // The places are the round's until it is released.
        Some(_) if list.round_under_way => Ok(false),
        Some(row) => offer(tx, &list, row, None).await.map(|_| true),
        None => Ok(false),
    }
}

/// Offers the place, and to siblings who go only together with the child theirs in the same transaction.
async fn offer(
    tx: &mut TenantTx,
    list: &FollowupList,
    row: &FollowupRow,
    deviation: Option<model::Deviation<'_>>,
) -> Result<(FollowupId, OfferId, usize), FollowupError> {
    let siblings = siblings_of(list, row)?;
    let demands: Vec<DemandId> = siblings
        .iter()
        .map(|(_, row)| row.demand())
        .chain([row.demand()])
        .collect();
    demands::hold(tx, &demands).await?;
    let first = offer_one(tx, list, row, deviation, None).await?;
    for (list, row) in &siblings {
        offer_one(tx, list, row, deviation, Some(first.0)).await?;
    }
    Ok(first)
}

/// Those who are offered places together with a child, each with the list on which it stands.
fn siblings_of(list: &FollowupList, row: &FollowupRow) -> Result<Vec<(FollowupList, FollowupRow)>, FollowupError> {
    let of = |(band, wish): &(AgeBand, PreferenceId)| {
        let mut list = list.clone();
        if let Some(other) = list.others.iter().find(|other| other.band == *band).cloned() {
            (list.age_band, list.vacancy, list.rows) = (other.band, other.vacancy, other.rows);
        }
        let row = list.rows.iter().find(|row| row.waiting.wish.id == *wish).cloned();
        Ok((list, row.ok_or(FollowupError::PassedOver(Skip::Siblings))?))
    };
    row.with.iter().map(of).collect()
}

async fn offer_one(
    tx: &mut TenantTx,
    list: &FollowupList,
    row: &FollowupRow,
    deviation: Option<model::Deviation<'_>>,
    goes_with: Option<FollowupId>,
) -> Result<(FollowupId, OfferId, usize), FollowupError> {
    let vacancy = list.vacancy.as_ref().ok_or(FollowupError::NoVacancy)?;
    let (window_from, window_to) = row.waiting.window_from.zip(row.waiting.window_to).unzip();
    let new = NewOffer {
        preference_id: row.waiting.wish.id,
        care_from: row.care_from,
        care_until: None,
        hours_per_week: Some(row.waiting.hours_per_week.unwrap_or(40)),
        window_from,
        window_to,
        week: None,
        deadline_days: None,
    };
    let sent = offers::send(tx, &new).await?;
    let decision = store::Decision {
        id: FollowupId::new(),
        offer: sent.id(),
        position: row.position.unwrap_or(1),
        vacancy,
        deviation,
        goes_with,
    };
    store::add_decision(tx, list, row, &decision).await?;
    tx.touch(decision.id);
    Ok((decision.id, decision.offer, decision.position))
}
