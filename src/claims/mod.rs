//! Claim codes: a family that was entered without an account (on paper, by telephone, from another system) takes its demands over into one.
//!
//! The code stands in a letter to the guardian and as a hash in the database; it holds for ninety days and once, and a new one revokes the
//! one before. Nothing is entered again: custody moves into the account, and with it children and demands as they are, with their dates.

pub mod batches;
pub mod http;
mod model;
mod store;

pub use model::ClaimError;
use model::{LIFE, normalised, printed};

use crate::access::{TenantRead, TenantTx};
use crate::demands;
use crate::families::{self, FamilyError};
use crate::identity;
use crate::notifications::{self, Message, Recipient, Token};
use crate::platform::clock::berlin_date;
use crate::platform::crypto::{digest, random_bytes};
use crate::platform::ids::{AccountId, ChildId, DemandId, GuardianId};

/// Gives every guardian of the demand's child who has no account a new code, in a letter to print. Answers how many letters that are.
pub async fn issue(tx: &mut TenantTx, demand: DemandId) -> Result<usize, ClaimError> {
    let row = demands::demand_for_update(tx, demand).await?;
    tx.touch(demand);
    tx.touch_child(row.child_id);
    let people = families::without_account(tx, row.child_id).await?;
    if people.is_empty() {
        return Err(ClaimError::NobodyWithout);
    }
    for person in &people {
        write_letter(tx, person.id, demand, &person.language).await?;
    }
    Ok(people.len())
}

async fn write_letter(
    tx: &mut TenantTx,
    guardian: GuardianId,
    demand: DemandId,
    language: &str,
) -> Result<(), ClaimError> {
    store::revoke(tx, &[guardian]).await?;
    notifications::drop_claim_letters(tx, &[guardian]).await?;
    let code = printed(&random_bytes::<48>()).ok_or_else(|| sqlx::Error::Protocol("no code found".into()))?;
    let expires_at = tx.now() + LIFE;
    store::insert(tx, &[guardian], &[digest(&normalised(&code)).to_vec()], expires_at).await?;
    let message = Message::ClaimCode {
        token: Token::new(code),
        until: berlin_date(expires_at),
    };
    notifications::enqueue(tx, Recipient::by_letter(guardian, demand, language), message).await?;
    Ok(())
}

/// A signed-in parent shows the code of the letter: the family it was written to is the account's from now on. Answers the children.
pub async fn claim(tx: &mut TenantTx, account: AccountId, code: &str) -> Result<Vec<ChildId>, ClaimError> {
    let guardian = store::redeem(tx, &digest(&normalised(code))).await?;
    let guardian = guardian.ok_or(ClaimError::CodeInvalid)?;
    tx.touch(guardian);
    let children = match families::take_over(tx, account, guardian).await {
        // The guardian got an account on another way, or has lost custody since: the code says no more.
        Err(FamilyError::Missing) => return Err(ClaimError::CodeInvalid),
        other => other?,
    };
    notifications::drop_claim_letters(tx, &[guardian]).await?;
    for child in &children {
        tx.touch_child(*child);
        demands::note_claimed(tx, *child).await?;
    }
    Ok(children)
}

/// A guardian of a demand's child, as the office sees who can come in.
pub use store::{Access, Progress};

/// Who of the guardians of the demand's child has an account, and whose code holds.
pub async fn access(tx: &mut TenantRead, demand: DemandId) -> Result<Vec<Access>, ClaimError> {
    let child = demands::child_of_demand(tx, demand).await?.ok_or(ClaimError::Missing)?;
    tx.touch(demand);
    tx.touch_child(child);
    if families::is_hidden(tx, child).await? {
        return Err(ClaimError::Missing);
    }
    Ok(store::access(tx, child).await?)
}

/// How many families without an account there are, and how far their codes are.
pub async fn progress(tx: &mut TenantRead) -> Result<Progress, sqlx::Error> {
    store::progress(tx).await
}

/// Counts an attempt to show a code before it is looked at, so that nobody can try many.
async fn count_attempt(ctx: &crate::access::Ctx) -> Result<(), crate::platform::http::ApiError> {
    identity::count_attempt(ctx, crate::access::Action::ClaimFamily).await
}
