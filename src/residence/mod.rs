//! Children who live elsewhere: guests of another municipality, whose consent the office asks for, and families who move here.
//!
//! Invariants: a demand is a guest's or a mover's, never both at once; where the municipality wants it, no contract of a guest is signed
//! without a consent that holds on the first day of care; the clock of a legal claim does not run before the family has moved.

mod guests;
pub mod http;
pub mod jobs;
mod lapses;
mod model;
mod moves;
mod store;

pub use guests::{consent_covers, letter, mark, mark_many, put_home, record_answer, record_asked, refused, unmark};
pub use http::{GuestShown, MoveShown};
pub use lapses::{decide, record_withdrawal};
pub use model::{
    Evidence, GuestAnswer, GuestState, Home, LapseDecision, LapseReason, MoveState, NewDecision, NewMove, Withdrawal,
    legal_due_on,
};
pub use moves::{cancel, clock_begins, plan, record_evidence, registered};
pub use store::{GuestRow, LapseRow, MoveRow, Open};

use crate::access::{TenantRead, TenantTx};
use crate::facilities;
use crate::families;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, DemandId};

/// What can stand against a step with a guest or a mover.
#[derive(Debug, thiserror::Error)]
pub enum ResidenceError {
    /// There is no such demand.
    #[error("missing")]
    Missing,
    /// The demand was not sent, or it has ended.
    #[error("the demand is a draft or has ended")]
    NotRunning,
    /// The demand is no guest's.
    #[error("this child is not noted as a guest child")]
    NoGuest,
    /// Nobody knows whom to ask.
    #[error("name and address of the home municipality are missing")]
    HomeUnknown,
    /// Nobody was asked.
    #[error("the home municipality was not asked yet")]
    NotAsked,
    /// No consent holds that could be withdrawn.
    #[error("no consent is noted that could be withdrawn")]
    NotGranted,
    /// No signed contract rests on the consent.
    #[error("no signed contract lasts beyond that day; enter a refusal as the answer")]
    NoContract,
    /// It waits for a decision already.
    #[error("a consent that does not hold waits for a decision already")]
    LapseOpen,
    /// Nothing waits for a decision.
    #[error("nothing waits for a decision")]
    NoLapse,
    /// No move is noted.
    #[error("no move is noted for this demand")]
    NoMove,
    /// The move is proven, and nothing of it changes any more.
    #[error("the move is proven")]
    Proven,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Where the child of a demand lives, as far as it is another municipality.
#[derive(Debug, Clone, Default)]
pub struct Residence {
    /// It is a guest.
    pub guest: Option<GuestRow>,
    /// Its consent was withdrawn or ended while a contract stood.
    pub lapse: Option<LapseRow>,
    /// It moves here.
    pub moving: Option<MoveRow>,
}

/// What is noted of a demand's child.
pub async fn of_demand(tx: &mut TenantRead, demand: DemandId) -> Result<Residence, sqlx::Error> {
    Ok(Residence {
        guest: store::guest(tx, demand).await?,
        lapse: store::lapse(tx, demand).await?,
        moving: store::moving(tx, demand).await?,
    })
}

/// What waits for the office.
pub async fn open(tx: &mut TenantRead) -> Result<Open, sqlx::Error> {
    store::open(tx).await
}

/// Whether every known address of those with custody lies in another district; one that nobody knows may lie here.
pub async fn lives_elsewhere(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let mut elsewhere = false;
    for guardian in families::guardians_of(tx, child).await? {
        let Some(address) = guardian.address else {
            continue;
        };
        elsewhere = facilities::lies_elsewhere(tx, &address.postal_code).await?;
        if !elsewhere {
            break;
        }
    }
    Ok(elsewhere)
}

/// A demand was sent: the child of another municipality that does not move here is noted as a guest.
pub async fn note_sent(tx: &mut TenantTx, demand: DemandId, child: ChildId) -> Result<(), sqlx::Error> {
    let moving = store::moving(tx, demand).await?.is_some();
    if !moving && lives_elsewhere(tx, child).await? {
        mark(tx, demand, child).await?;
    }
    Ok(())
}
