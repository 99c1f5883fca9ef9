//! Letters with codes by the hundred: a file is put together once, and its letters are set as often as the file gets lost.
//!
//! Nothing of a code is kept but its hash: the clear text is made while the file is set and stands in the file alone. Setting it again makes
//! new codes, and those of the file before do not hold any more.

pub mod http;
mod store;

pub use store::Batch;

use super::model::{ClaimError, LIFE, normalised, printed};
use crate::access::{TenantRead, TenantTx};
use crate::documents::Letter;
use crate::notifications::{self, Addressee, Message, Token};
use crate::platform::clock::berlin_date;
use crate::platform::crypto::{digest, random_bytes};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ClaimBatchId, GuardianId};

/// So many letters are in a file at most: it is set in seconds, and opens on any computer.
pub const MOST_IN_A_FILE: i64 = 500;

/// Who comes into a file.
#[derive(Debug, Clone, Copy)]
pub struct NewBatch {
    /// Only families that came with an import.
    pub only_imported: bool,
    /// How many letters, 1 to [`MOST_IN_A_FILE`].
    pub letters: i64,
}

/// Puts a file together from families without account and code; those with the oldest demand come first.
pub async fn create(tx: &mut TenantTx, new: NewBatch) -> Result<ClaimBatchId, ClaimError> {
    if !(1..=MOST_IN_A_FILE).contains(&new.letters) {
        return Err(Invalid::one("/letters", "out_of_range", "1 to 500 letters in a file").into());
    }
    let id = ClaimBatchId::new();
    store::insert(tx, id, new.only_imported).await?;
    let children = store::fill(tx, id, new).await?;
    if children.is_empty() {
        return Err(ClaimError::NobodyWithout);
    }
    tx.touch(id);
    children.into_iter().for_each(|child| tx.touch_child(child));
    Ok(id)
}

/// Gives everybody of a file who has still no account a new code, and answers the letters in the order of the post.
pub async fn write(tx: &mut TenantTx, id: ClaimBatchId, base: String) -> Result<Vec<Letter>, ClaimError> {
    store::set_written(tx, id).await?.ok_or(ClaimError::Missing)?;
    tx.touch(id);
    let people = store::people(tx, id).await?;
    if people.is_empty() {
        return Err(ClaimError::NobodyWithout);
    }
    let guardians: Vec<GuardianId> = people.iter().map(|one| one.guardian_id).collect();
    notifications::drop_claim_letters(tx, &guardians).await?;
    let expires_at = tx.now() + LIFE;
    let (mut hashes, mut letters) = (Vec::new(), Vec::new());
    for one in people {
        tx.touch_child(one.child_id);
        let code = printed(&random_bytes::<48>()).ok_or_else(|| sqlx::Error::Protocol("no code found".into()))?;
        hashes.push(digest(&normalised(&code)).to_vec());
        let message = Message::ClaimCode {
            token: Token::new(code),
            until: berlin_date(expires_at),
        };
        letters.push((one.addressee(), message));
    }
    super::store::revoke(tx, &guardians).await?;
    super::store::insert(tx, &guardians, &hashes, expires_at).await?;
    Ok(notifications::letters(tx, base, letters).await?)
}

/// The files, newest first.
pub async fn list(tx: &mut TenantRead) -> Result<Vec<Batch>, sqlx::Error> {
    store::list(tx, None).await
}

/// One file.
pub async fn find(tx: &mut TenantRead, id: ClaimBatchId) -> Result<Batch, ClaimError> {
    store::list(tx, Some(id)).await?.pop().ok_or(ClaimError::Missing)
}

impl store::Person {
    fn addressee(self) -> Addressee {
        Addressee {
            language: self.language,
            name: Some(self.name),
            street: self.street,
            place: self.place,
            address_protected: self.address_protected,
            reference_code: Some(self.reference_code),
        }
    }
}
