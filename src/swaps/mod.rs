//! Swaps of places: children with a place who wish another one go round in twos and threes.
//!
//! Invariants: a proposal is a cycle as it stands today, on a day on which every facility in it is open; every family and every facility
//! answers for its own part, once and in time; one no ends it; with the last yes all contracts change in one transaction, or none; nobody
//! reads of a child that is not theirs to know.

pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::{Cycle, Move, SwapState, Wisher, checked_day, cycles};
pub use store::{PartRow, WisherRow};

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, Months, NaiveDate};

use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandError};
use crate::facilities::{self, OpenDays, SchoolEntries};
use crate::notifications::{self, ChildInitial, Message, Said, SwapNews, Told};
use crate::offers::{self, OfferError, SwapMove};
use crate::platform::clock::{berlin_date, month_of};
use crate::platform::fields::Invalid;
use crate::platform::ids::{FacilityId, SwapId, SwapPartId};
use crate::tenancy;
use store::Filter;

/// What can stand against a swap.
#[derive(Debug, thiserror::Error)]
pub enum SwapError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// These children do not go round any more.
    #[error("these places cannot be swapped any more")]
    NoCycle,
    /// It has ended, or this side has answered.
    #[error("this swap has ended, or this side has answered already")]
    NotOpen,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its family answers in an account, or the child is not to be seen.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The places could not be exchanged.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl SwapError {
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

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// The child's family.
    Family,
    /// The facility to which the child would come.
    Site,
}

/// The last day on which a swap that is proposed today can be answered.
async fn deadline(tx: &mut TenantRead) -> Result<NaiveDate, sqlx::Error> {
    let days = tenancy::settings(tx).await?.after.swap_answer_days;
    let today = tx.today();
    let days = Days::new(u64::from(days.unsigned_abs()));
    Ok(today.checked_add_days(days).unwrap_or(today))
}

/// The first day on which places can be swapped when that is proposed today: the first of the month after the last day of answering.
async fn earliest_day(tx: &mut TenantRead) -> Result<NaiveDate, sqlx::Error> {
    let last = deadline(tx).await?;
    Ok(month_of(last).checked_add_months(Months::new(1)).unwrap_or(last))
}

/// The children who look for another place, and the cycles among them, each with the first day on which it can go round.
pub async fn candidates(tx: &mut TenantRead) -> Result<(Vec<WisherRow>, Vec<(Cycle, NaiveDate)>), sqlx::Error> {
    let earliest = earliest_day(tx).await?;
    let found = Found::on(tx, earliest).await?;
    let with_day = |cycle: &Cycle| Some((cycle.clone(), found.first_day(cycle, earliest)?));
    let possible = found.cycles.iter().filter_map(with_day).collect();
    Ok((found.rows, possible))
}

/// What is known of the children who look for another place.
struct Found {
    rows: Vec<WisherRow>,
    cycles: Vec<Cycle>,
    entries: SchoolEntries,
    /// When the facilities to which somebody would go are open.
    open: HashMap<FacilityId, OpenDays>,
}

impl Found {
    /// As it would be on a day.
    async fn on(tx: &mut TenantRead, day: NaiveDate) -> Result<Self, sqlx::Error> {
        let entries = facilities::school_entries(tx).await?;
        let rows = store::wishers(tx, day).await?;
        let wishers: Vec<Wisher> = rows
            .iter()
            .map(|row| Wisher {
                contract: row.contract_id,
                facility: row.facility_id,
                band: entries.band_on(row.child_id, row.birth, day),
                wishes: row.wishes.iter().map(|w| (w.facility_id, w.preference_id)).collect(),
            })
            .collect();
        let cycles = cycles(&wishers);
        // Whoever is in a cycle goes to where another one is.
        let sites: BTreeSet<FacilityId> = cycles
            .iter()
            .flat_map(|cycle| cycle.moves.iter().map(|m| rows[m.wisher].facility_id))
            .collect();
        let sites: Vec<FacilityId> = sites.into_iter().collect();
        let open = facilities::open_days_at(tx, &sites).await?;
        Ok(Self {
            rows,
            cycles,
            entries,
            open,
        })
    }

    /// The first day from a day on when every child of a cycle can begin where it would go to; `None` where a facility stays closed.
    fn all_open(&self, cycle: &Cycle, day: NaiveDate) -> Option<NaiveDate> {
        let opens = cycle.moves.iter().map(|m| {
            let row = &self.rows[m.wisher];
            let open = self.open.get(&row.wishes[m.rank].facility_id)?;
            open.first_for(row.birth, self.entries.of(row.child_id, row.birth), day)
        });
        opens.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The first day on which a cycle can go round: the first of a month when care has begun everywhere, and no facility is closed.
    fn first_day(&self, cycle: &Cycle, earliest: NaiveDate) -> Option<NaiveDate> {
        let begun = cycle.moves.iter().map(|m| self.rows[m.wisher].care_from).max();
        let mut day = first_of_month(begun.map_or(earliest, |begun| begun.max(earliest)))?;
        loop {
            let open = self.all_open(cycle, day)?;
            if open == day {
                return Some(day);
            }
            day = first_of_month(open)?;
        }
    }
}

/// The day, if it is the first of a month, or that of the next one.
fn first_of_month(day: NaiveDate) -> Option<NaiveDate> {
    let month = month_of(day);
    if month == day {
        Some(day)
    } else {
        month.checked_add_months(Months::new(1))
    }
}

/// The name of a cycle: its contracts in order.
pub fn key_of(rows: &[WisherRow], cycle: &Cycle) -> String {
    let ids = cycle.moves.iter().map(|m| rows[m.wisher].contract_id.to_string());
    ids.collect::<Vec<_>>().join(".")
}

/// The office proposes a cycle that stands today: every family and every facility in it is asked.
pub async fn propose(tx: &mut TenantTx, key: &str, swap_on: NaiveDate) -> Result<SwapId, SwapError> {
    let last = deadline(tx).await?;
    let day = checked_day(swap_on, last)?;
    let found = Found::on(tx, day).await?;
    let rows = &found.rows;
    let cycle = found.cycles.iter().find(|c| key_of(rows, c) == key);
    let cycle = cycle.ok_or(SwapError::NoCycle)?;
    let begin = cycle.moves.iter().all(|m| rows[m.wisher].care_from <= day);
    if !begin {
        return Err(Invalid::one("/swap_on", "too_early", "care has not begun everywhere by then").into());
    }
    // All leave their place on one day: nobody is to wait for another facility to open.
    if found.all_open(cycle, day) != Some(day) {
        return Err(Invalid::one("/swap_on", "closed", "a facility of this swap is closed on that day").into());
    }
    let contracts: Vec<_> = cycle.moves.iter().map(|m| rows[m.wisher].contract_id).collect();
    if !store::lock_free(tx, &contracts).await? {
        return Err(SwapError::NoCycle);
    }
    let id = SwapId::new();
    store::insert(tx, id, day, last).await?;
    for (position, one) in (1..).zip(&cycle.moves) {
        let row = &rows[one.wisher];
        store::insert_part(tx, id, position, row, &row.wishes[one.rank]).await?;
        tx.touch_child(row.child_id);
    }
    for part in parts_of(tx, id).await? {
        tell_family(tx, &part, Message::SwapProposed).await?;
        notifications::tell_facility(tx, part.to_facility_id, &Message::SwapAsked(news(&part))).await?;
    }
    tx.touch(id);
    Ok(id)
}

async fn parts_of(tx: &mut TenantRead, id: SwapId) -> Result<Vec<PartRow>, sqlx::Error> {
    let filter = Filter {
        swap: Some(id),
        ..Filter::default()
    };
    store::parts(tx, &filter).await
}

fn news(part: &PartRow) -> SwapNews {
    SwapNews {
        part_id: part.id,
        facility: part.from_facility.clone(),
        to: part.to_facility.clone(),
        child: ChildInitial::of(part.first_name.as_deref()),
        swap_on: part.swap_on,
        deadline_on: part.deadline_on,
    }
}

async fn tell_family(
    tx: &mut TenantTx,
    part: &PartRow,
    message: impl FnOnce(SwapNews) -> Message,
) -> Result<(), sqlx::Error> {
    notifications::tell_family(tx, part.child_id, part.demand_id, &message(news(part))).await
}

/// A part within the scope of who asks: a family's own child, or a child that comes to the facility.
async fn part(tx: &mut TenantRead, id: SwapPartId) -> Result<PartRow, SwapError> {
    let filter = Filter {
        part: Some(id),
        ..Filter::default()
    };
    let row = store::parts(tx, &filter).await?.pop().ok_or(SwapError::Missing)?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row)
}

/// The office enters what a family without an account said to a swap: the family's own answer. What was said by the last day is in time as
/// long as the swap is open; a letter may lie unopened for some days.
pub async fn record_answer(tx: &mut TenantTx, id: SwapPartId, yes: bool, told: Told) -> Result<PartRow, SwapError> {
    let (row, today) = (part(tx, id).await?, tx.today());
    let told = told.checked(berlin_date(row.created_at), today)?;
    demands::check_told(tx, row.child_id).await?;
    let answered = answer_as_of(tx, id, Answerer::Family, yes, told.on).await?;
    let said = if yes { Said::SwapWanted } else { Said::SwapNotWanted };
    demands::note_told(tx, row.demand_id, said, told).await?;
    demands::tell_recorded(tx, row.demand_id, Some(row.to_facility), said, told).await?;
    Ok(answered)
}

/// One side answers for its part, once and in time. A no ends the swap; the last yes has it carried out.
pub async fn answer(tx: &mut TenantTx, id: SwapPartId, who: Answerer, yes: bool) -> Result<PartRow, SwapError> {
    let today = tx.today();
    answer_as_of(tx, id, who, yes, today).await
}

async fn answer_as_of(
    tx: &mut TenantTx,
    id: SwapPartId,
    who: Answerer,
    yes: bool,
    said_on: NaiveDate,
) -> Result<PartRow, SwapError> {
    let swap = part(tx, id).await?.swap_id;
    store::lock(tx, swap).await?;
    let row = part(tx, id).await?;
    let answered = match who {
        Answerer::Family => row.family_answer,
        Answerer::Site => row.site_answer,
    };
    // A letter that arrived in time may be opened later; what others say then is late.
    let is_open = tx.today() <= row.deadline_on || row.letter_until.is_some() && who == Answerer::Family;
    if row.state != SwapState::Open || answered.is_some() || !is_open || said_on > row.deadline_on {
        return Err(SwapError::NotOpen);
    }
    store::set_answer(tx, id, who, yes).await?;
    if !yes {
        store::end(tx, swap, SwapState::Declined).await?;
        tell_later(tx, swap, "TellSwapOff").await?;
    } else if store::all_said_yes(tx, swap).await? {
        tell_later(tx, swap, "CarryOutSwap").await?;
    }
    part(tx, id).await
}

/// A job goes on: whoever answered reaches one part only, the job all of them.
async fn tell_later(tx: &mut TenantTx, swap: SwapId, kind: &'static str) -> Result<(), sqlx::Error> {
    tx.enqueue_about(kind, "swap_id", swap).await
}

/// All have said yes: every contract changes, in this transaction. `false`: it was not open any more.
pub(crate) async fn carry_out(tx: &mut TenantTx, id: SwapId) -> Result<bool, SwapError> {
    if !store::lock(tx, id).await? || !store::all_said_yes(tx, id).await? {
        return Ok(false);
    }
    let parts = parts_of(tx, id).await?;
    let day = parts.first().map(|p| p.swap_on).ok_or(SwapError::Missing)?;
    let moves: Vec<SwapMove> = parts.iter().map(PartRow::as_move).collect();
    offers::swap(tx, &moves, day).await?;
    store::end(tx, id, SwapState::Done).await?;
    Ok(true)
}

/// It does not come about: nobody answered in time, or it could not be carried out. The families are told. A swap that ended meanwhile
/// stays as it ended, and one to which all have said yes does not run out: its work may have waited over midnight.
pub(crate) async fn call_off(tx: &mut TenantTx, id: SwapId, state: SwapState) -> Result<(), SwapError> {
    let open = store::lock(tx, id).await?;
    if !open || (state == SwapState::Expired && store::all_said_yes(tx, id).await?) {
        return Ok(());
    }
    store::end(tx, id, state).await?;
    tell_off(tx, id).await
}

/// Tells the families of a swap that it does not come about.
pub(crate) async fn tell_off(tx: &mut TenantTx, id: SwapId) -> Result<(), SwapError> {
    for part in parts_of(tx, id).await? {
        tell_family(tx, &part, Message::SwapOff).await?;
    }
    Ok(())
}
