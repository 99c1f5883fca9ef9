//! How a code looks on paper and as it is typed, and what can stand against it. Pure.

use chrono::Duration;

use crate::demands::DemandError;
use crate::families::FamilyError;
use crate::notifications::NotificationError;
use crate::platform::fields::Invalid;

/// How long a code holds: letters lie, and holidays are long.
pub const LIFE: Duration = Duration::days(90);

/// Letters and digits that nobody takes for another one.
const ALPHABET: &[u8] = b"CDFGHJKMNPQRTVWXY34679";

/// Letters of a code: 71 bits, of which nobody guesses one with ten attempts in a quarter of an hour.
const LENGTH: usize = 16;

/// A code like `CKFH-7N3W-PQRT-4699` from random bytes; `None` when there were too few that fall evenly on the alphabet.
pub fn printed(random: &[u8]) -> Option<String> {
    let even = u8::try_from(256 / ALPHABET.len() * ALPHABET.len()).unwrap_or(u8::MAX);
    let letters: Vec<u8> = random
        .iter()
        .filter(|byte| **byte < even)
        .filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()).copied())
        .take(LENGTH)
        .collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().map(|letter| char::from(*letter)).collect())
        .collect();
    (letters.len() == LENGTH).then(|| groups.join("-"))
}

/// The same code however it was typed: small letters, blanks and hyphens make no difference.
pub fn normalised(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// What can stand against giving or using a code.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Everybody with custody has an account.
    #[error("everybody with custody of this child has an account")]
    NobodyWithout,
    /// Unknown, used, revoked or too old; which of them nobody is told.
    #[error("this code cannot be used")]
    CodeInvalid,
    /// The input has faults.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A letter cannot be put into words.
    #[error(transparent)]
    Letter(#[from] NotificationError),
    /// The family stands against it.
    #[error(transparent)]
    Family(#[from] FamilyError),
    /// The demand stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::crypto::random_bytes;

    #[test]
    fn a_code_is_four_groups_of_four_and_reads_back_however_it_is_typed() {
        let code = printed(&random_bytes::<48>()).unwrap();
        let groups: Vec<_> = code.split('-').collect();
        assert_eq!((groups.len(), code.len()), (4, 19), "{code}");
        assert!(code.bytes().all(|b| b == b'-' || ALPHABET.contains(&b)), "{code}");
        assert_eq!(
            normalised(&format!(" {} ", code.to_lowercase().replace('-', " "))),
            normalised(&code)
        );
        assert_eq!(normalised(&code).len(), LENGTH);
        assert_eq!(printed(&[255; 48]), None);
    }
}
