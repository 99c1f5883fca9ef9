//! What comes after a place: follow-up care is proposed to a family before its place ends with the child's age, and one click makes a
//! demand of it.
//!
//! Invariants: a contract has one proposal at most; an answer is given once, and a confirmation and its demand are one transaction;
//! nothing is demanded in a family's name without its answer; a link of a mail holds while the guardian who got it has custody.

pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::{AfterCare, FollowupState};
pub use store::ProposalRow;

use crate::access::{TenantRead, TenantTx};
use chrono::{DateTime, Utc};

use crate::demands::{self, DemandChange, DemandError, TimeOfDay};
use crate::facilities;
use crate::notifications::{self, ChildInitial, Message, Said, Token, Told};
use crate::platform::clock::berlin_date;
use crate::platform::crypto::random_token;
use crate::platform::ids::{ContractId, DemandId, FollowupDemandId, GuardianId};
use crate::tenancy;

/// So many facilities are proposed at most.
const MOST_PROPOSED: i64 = 3;

/// What can stand against follow-up care.
#[derive(Debug, thiserror::Error)]
pub enum AfterError {
    /// There is none, or its link does not hold.
    #[error("missing")]
    Missing,
    /// The family has answered already.
    #[error("this was answered already")]
    Answered,
    /// The demand cannot be made.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AfterError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            Self::Demand(error) => error.database(),
            _ => None,
        }
    }
}

/// What came of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Whether the family wants follow-up care.
    pub confirmed: bool,
    /// The demand that came of it.
    pub demand_id: Option<DemandId>,
    /// Whether the demand was sent; otherwise something is missing in it and it waits as a draft.
    pub sent: bool,
}

/// Proposes follow-up care for a contract that ends with the child's age, if nobody did and the child has nothing else. `false`: not.
pub(crate) async fn propose(tx: &mut TenantTx, contract: ContractId) -> Result<bool, AfterError> {
    let settings = tenancy::settings(tx).await?;
    let Some(place) = store::ending_place(tx, contract).await? else {
        return Ok(false);
    };
    let entry = facilities::school_entry_of(tx, place.child_id, place.birth).await?;
    let Some(care) = model::after(place.birth, entry, place.care_from, place.care_until) else {
        return Ok(false);
    };
    let most = MOST_PROPOSED.min(settings.max_preferences.into());
    let wished = store::near(tx, place.facility_id, care, most).await?;
    let Some(id) = store::insert(tx, contract, &place, care, &wished).await? else {
        return Ok(false);
    };
    tx.touch(contract);
    tx.touch_child(place.child_id);
    notifications::tell_each(tx, place.child_id, place.demand_id, async |tx, guardian| {
        Ok(Message::FollowupDue {
            child: ChildInitial::of(place.first_name.as_deref()),
            facility: place.facility_name.clone(),
            needed_from: place.care_until,
            after_school: care == AfterCare::AfterSchool,
            reminder: false,
            token: link(tx, id, guardian).await?,
        })
    })
    .await?;
    Ok(true)
}

/// Reminds a family that has not answered, once. `false`: it has meanwhile.
pub(crate) async fn remind(tx: &mut TenantTx, id: uuid::Uuid) -> Result<bool, sqlx::Error> {
    let Some(row) = store::remind(tx, id).await? else {
        return Ok(false);
    };
    tx.touch(id);
    tx.touch_child(row.child_id);
    notifications::tell_each(tx, row.child_id, row.demand_id, async |tx, guardian| {
        Ok(Message::FollowupDue {
            child: ChildInitial::of(row.first_name.as_deref()),
            facility: row.facility_name.clone(),
            needed_from: row.needed_from,
            after_school: row.care_type == AfterCare::AfterSchool,
            reminder: true,
            token: link(tx, id, guardian).await?,
        })
    })
    .await?;
    Ok(true)
}

/// A link of a guardian's own, in the place of the one before, which nobody can read.
async fn link(tx: &mut TenantTx, id: uuid::Uuid, guardian: GuardianId) -> Result<Token, sqlx::Error> {
    let token = random_token();
    store::put_link(tx, id, guardian, &token).await?;
    Ok(Token::new(token))
}

/// The proposal behind the link of a mail.
pub async fn by_link(tx: &mut TenantRead, token: &str) -> Result<ProposalRow, AfterError> {
    let row = store::by_token(tx, token).await?.ok_or(AfterError::Missing)?;
    tx.touch(row.id);
    tx.touch_child(row.child_id);
    Ok(row)
}

/// The family answers by the link of a mail. With a yes the demand is made and sent; where something is missing in it, it waits as a
/// draft that the family completes.
pub async fn answer(tx: &mut TenantTx, token: &str, wants: bool, legal_claim: bool) -> Result<Answered, AfterError> {
    let row = by_link(tx, token).await?;
    if !wants {
        decline(tx, &row).await?;
        return Ok(Answered {
            confirmed: false,
            demand_id: None,
            sent: false,
        });
    }
    let demand = begin(tx, &row, legal_claim).await?;
    let now = tx.now();
    let sent = match demands::submit(tx, demand, now).await {
        Ok(()) => true,
        // Nothing is written before everything was found in order.
        Err(DemandError::Invalid(_)) => false,
        Err(other) => return Err(other.into()),
    };
    Ok(Answered {
        confirmed: true,
        demand_id: Some(demand),
        sent,
    })
}

/// The office enters what a family without an account said to a proposal. With a yes the demand is sent, and counts from when it was said;
/// where something is missing in it, that is answered and nothing is written: nobody but the family could complete a draft.
pub async fn record_answer(
    tx: &mut TenantTx,
    id: FollowupDemandId,
    wants: bool,
    legal_claim: bool,
    told: Told,
) -> Result<ProposalRow, AfterError> {
    let row = store::by_id(tx, id).await?.ok_or(AfterError::Missing)?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    let (today, now): (_, DateTime<Utc>) = (tx.today(), tx.now());
    let told = told
        .checked(berlin_date(row.created_at), today)
        .map_err(DemandError::from)?;
    demands::check_told(tx, row.child_id).await?;
    if wants {
        let demand = begin(tx, &row, legal_claim).await?;
        demands::submit(tx, demand, told.at(now)).await?;
        demands::note_told(tx, demand, Said::FollowupWanted, told).await?;
    } else {
        decline(tx, &row).await?;
        let said = Said::FollowupNotWanted;
        demands::note_told(tx, row.place_demand_id, said, told).await?;
        demands::tell_recorded(tx, row.place_demand_id, Some(row.facility_name), said, told).await?;
    }
    store::by_id(tx, id).await?.ok_or(AfterError::Missing)
}

async fn decline(tx: &mut TenantTx, row: &ProposalRow) -> Result<(), AfterError> {
    if !store::lock_proposed(tx, row.id).await? {
        return Err(AfterError::Answered);
    }
    Ok(store::set_answered(tx, row.id, FollowupState::Declined, None).await?)
}

/// Makes the draft of the demand that the family wants.
async fn begin(tx: &mut TenantTx, row: &ProposalRow, legal_claim: bool) -> Result<DemandId, AfterError> {
    if !store::lock_proposed(tx, row.id).await? {
        return Err(AfterError::Answered);
    }
    let demand = demands::create_followup(tx, row.child_id).await?;
    demands::change(tx, demand, &wish(row, legal_claim)).await?;
    // A facility that closed meanwhile is left out.
    let wished = store::still_open(tx, &row.facility_ids).await?;
    demands::put_preferences(tx, demand, &wished).await?;
    store::set_answered(tx, row.id, FollowupState::Confirmed, Some(demand)).await?;
    Ok(demand)
}

fn wish(row: &ProposalRow, legal_claim: bool) -> DemandChange {
    DemandChange {
        care_type: Some(Some(row.care_type.care_type())),
        desired_start: Some(Some(row.needed_from)),
        hours_per_week: Some(Some(row.hours_per_week)),
        window_from: Some(row.window_from.map(TimeOfDay)),
        window_to: Some(row.window_to.map(TimeOfDay)),
        legal_claim: Some(legal_claim),
        ..DemandChange::default()
    }
}
