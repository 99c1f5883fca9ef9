//! What a family tells about itself, and what of it can be right. Pure.

mod child;
mod people;

pub use child::{ChildChange, ChildFacts, NewChild, Restriction, Sex, child_label};
pub use people::{Address, Contact, NewGuardian, NewHousehold};

use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;

/// What can stand against a command on a family.
#[derive(Debug, thiserror::Error)]
pub enum FamilyError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// The guardian's own name is needed first.
    #[error("enter your own name first")]
    GuardianMissing,
    /// A demand hangs on the child.
    #[error("a demand was made for this child")]
    ChildHasDemand,
    /// The invitation is unknown, used, revoked or too old; or the inviter has lost custody.
    #[error("this invitation cannot be used any more")]
    InvitationInvalid,
    /// One cannot invite oneself.
    #[error("this is your own invitation; the other parent must open it")]
    OwnInvitation,
    /// More invitations are open than a family needs.
    #[error("too many open invitations; revoke one first")]
    TooManyInvitations,
    /// A demand for the child is open: restricted data could not be worked on.
    #[error("a demand for this child is open; end it first")]
    DemandOpen,
    /// A contract for the child is being made or runs: care could not go on with restricted data.
    #[error("a contract for this child runs; end it first")]
    ContractRunning,
    /// Who has an account corrects the own data there.
    #[error("a guardian has an account and corrects the data there")]
    HasAccount,
    /// The guardian has custody in that time already.
    #[error("this person has custody in that time already")]
    HasCustody,
    /// Nobody would have custody.
    #[error("nobody would have custody; enter first who has it then")]
    NobodyLeft,
    /// A clerk takes a case that nobody has; the rest is an administrator's.
    #[error("only an administrator names who works on this case")]
    AdminNames,
    /// Somebody else works on the case, or nobody.
    #[error("only who works on the case reads a protected address")]
    NotCaseWorker,
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

/// All three, or all faults of all three together.
pub(super) fn all<A, B, C>(
    a: Result<A, Invalid>,
    b: Result<B, Invalid>,
    c: Result<C, Invalid>,
) -> Result<(A, B, C), Invalid> {
    match (a, b, c) {
        (Ok(a), Ok(b), Ok(c)) => Ok((a, b, c)),
        (a, b, c) => {
            let faults = [a.err(), b.err(), c.err()];
            Err(Invalid(faults.into_iter().flatten().flat_map(|f| f.0).collect()))
        }
    }
}

fn name(fields: &mut Fields, value: &str, pointer: &str) -> String {
    let text = fields.text(value, pointer, 100).to_owned();
    fields.check(!text.chars().any(char::is_control), pointer, "invalid");
    text
}
