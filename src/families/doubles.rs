//! A child that comes once more, from another system or on paper: the same name and day of birth.

use chrono::NaiveDate;

use super::{KnownChild, custody, model::FamilyError, store};
use crate::access::TenantRead;
use crate::platform::names::agree;

impl KnownChild {
    /// Whether a child of this name and day of birth can be the same one.
    pub fn is(&self, first_name: &str, last_name: &str, born: NaiveDate) -> bool {
        self.birth_date == born && agree(&self.first_name, first_name) && agree(&self.last_name, last_name)
    }
}

/// The children whom the office knows and who can be this one.
pub async fn known_children(
    tx: &mut TenantRead,
    first_name: &str,
    last_name: &str,
    born: NaiveDate,
) -> Result<Vec<KnownChild>, FamilyError> {
    let mut same = Vec::new();
    for child in store::born_on(tx, &[born]).await? {
        if !child.is(first_name, last_name, born) {
            continue;
        }
        match custody::known(tx, child.id).await {
            Ok(()) => same.push(child),
            Err(FamilyError::Missing) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(same)
}
