//! A child that comes once more, from another system or on paper: the same name and day of birth; and its siblings on paper.

use chrono::NaiveDate;

use super::{KnownChild, custody, model::FamilyError, store, store::PaperChild};
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
        if child.is(first_name, last_name, born) && is_seen(tx, &child).await? {
            same.push(child);
        }
    }
    Ok(same)
}

/// The children of whom a guardian of this name has custody and nobody with an account: siblings of a child that comes on paper with this
/// guardian.
pub async fn known_siblings(
    tx: &mut TenantRead,
    first_name: &str,
    last_name: &str,
) -> Result<Vec<PaperChild>, FamilyError> {
    let mut found = Vec::new();
    for row in store::children_on_paper(tx, last_name.trim()).await? {
        if agree(&row.guardian_first_name, first_name) && is_seen(tx, &row.child).await? {
            found.push(row);
        }
    }
    Ok(found)
}

/// Whether the asker may know of the child.
async fn is_seen(tx: &mut TenantRead, child: &KnownChild) -> Result<bool, FamilyError> {
    match custody::known(tx, child.id).await {
        Ok(()) => Ok(true),
        Err(FamilyError::Missing) => Ok(false),
        Err(other) => Err(other),
    }
}
