//! A family that comes on paper or by telephone: the office enters it, without an account.

use chrono::NaiveDate;

use super::doubles::known_siblings;
use super::model::{self, FamilyError, NewChild, NewGuardian, NewHousehold};
use super::store;
use crate::access::TenantTx;
use crate::platform::fields::{Fields, Invalid, normalised_email};
use crate::platform::ids::{ChildId, GuardianId};

/// A family without an account.
#[derive(Debug, Clone)]
pub struct NewFamily {
    /// The guardian, who gets custody from today on.
    pub guardian: NewGuardian,
    /// Where mail goes; without it the family gets letters.
    pub email: Option<String>,
    /// Language of mails and letters.
    pub language: String,
    /// Where the family lives.
    pub household: NewHousehold,
    /// The child; without a last name of its own it has the guardian's.
    pub child: NewChild,
}

impl NewFamily {
    /// The same with blanks trimmed, or all that is wrong; pointers begin with `/guardian`, `/household` or `/child`.
    pub fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut child = self.child;
        let has_name = |name: &Option<String>| name.as_ref().is_some_and(|n| !n.trim().is_empty());
        if has_name(&child.first_name) && !has_name(&child.last_name) {
            child.last_name = Some(self.guardian.last_name.clone());
        }
        let guardian = self.guardian.checked("/guardian");
        let (guardian, email) = match (guardian, checked_email(self.email, "/guardian/email")) {
            (Ok(guardian), Ok(email)) => (Ok(guardian), email),
            (guardian, email) => {
                let faults = [guardian.err(), email.err()].into_iter().flatten();
                (Err(Invalid(faults.flat_map(|f| f.0).collect())), None)
            }
        };
        let household = self.household.checked("/household");
        let (guardian, household, child) = model::all(guardian, household, child.checked("/child", today, None))?;
        Ok(Self {
            guardian,
            email,
            household,
            child,
            ..self
        })
    }
}

/// A second guardian of a household, without an account.
#[derive(Debug, Clone)]
pub struct SecondGuardian {
    /// The guardian.
    pub guardian: NewGuardian,
    /// Where mail goes; without it the guardian gets letters.
    pub email: Option<String>,
}

impl SecondGuardian {
    /// The same with blanks trimmed, or all that is wrong; pointers begin with `/second`.
    pub fn checked(self) -> Result<Self, Invalid> {
        let (guardian, email) = match (
            self.guardian.checked("/second"),
            checked_email(self.email, "/second/email"),
        ) {
            (Ok(guardian), Ok(email)) => (guardian, email),
            (guardian, email) => {
                let faults = [guardian.err(), email.err()].into_iter().flatten();
                return Err(Invalid(faults.flat_map(|invalid| invalid.0).collect()));
            }
        };
        Ok(Self { guardian, email })
    }
}

/// The address as it is stored; an empty one is none.
fn checked_email(email: Option<String>, pointer: &str) -> Result<Option<String>, Invalid> {
    let Some(email) = email.filter(|email| !email.trim().is_empty()) else {
        return Ok(None);
    };
    let normalised = normalised_email(&email);
    let mut fields = Fields::new();
    fields.check(normalised.is_some(), pointer, "invalid");
    fields.finish()?;
    Ok(normalised)
}

/// Enters a family on its behalf.
pub async fn enroll(tx: &mut TenantTx, new: NewFamily) -> Result<(GuardianId, ChildId), FamilyError> {
    let today = tx.today();
    let new = new.checked(today)?;
    let guardian = store::insert_guardian(tx, None, &new.guardian, new.email.as_deref(), &new.language).await?;
    // Without an account nothing can be in the way.
    let guardian = guardian.ok_or(FamilyError::Missing)?;
    let household = store::insert_household(tx, guardian, &new.household).await?;
    let child = store::insert_child(tx, Some(household), &new.child).await?;
    store::insert_custody(tx, child, guardian, today, None).await?;
    Ok((guardian, child))
}

/// Enters a child of a family on paper that is known already, into the household of its sibling; guardian and address stay as they are.
pub async fn enroll_sibling(tx: &mut TenantTx, new: NewFamily, sibling: ChildId) -> Result<ChildId, FamilyError> {
    let today = tx.today();
    let new = new.checked(today)?;
    let known = known_siblings(tx, &new.guardian.first_name, &new.guardian.last_name).await?;
    let of = known.into_iter().find(|known| known.child.id == sibling);
    let of =
        of.ok_or_else(|| Invalid::one("/sibling_of", "unknown", "no child on paper of a guardian of this name"))?;
    tx.touch_child(sibling);
    let child = store::insert_child(tx, Some(of.household), &new.child).await?;
    store::insert_custody(tx, child, of.guardian, today, None).await?;
    super::link_siblings(tx, child).await?;
    Ok(child)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family() -> NewFamily {
        NewFamily {
            guardian: NewGuardian {
                first_name: "Jana".into(),
                last_name: "Braun".into(),
                phone: None,
            },
            email: Some(" Jana@Example.org ".into()),
            language: "de".into(),
            household: NewHousehold {
                street: "Lindenweg".into(),
                house_number: "4a".into(),
                postal_code: "04109".into(),
                city: "Leipzig".into(),
                address_protected: false,
            },
            child: NewChild {
                first_name: Some("Mia".into()),
                birth_date: "2026-03-14".parse().ok(),
                ..NewChild::default()
            },
        }
    }

    #[test]
    fn a_child_without_a_last_name_has_the_guardians() {
        let checked = family().checked("2027-02-01".parse().unwrap()).unwrap();
        assert_eq!(checked.child.last_name.as_deref(), Some("Braun"));
        assert_eq!(checked.email.as_deref(), Some("jana@example.org"));
    }

    #[test]
    fn faults_of_all_parts_are_answered_together() {
        let mut wrong = family();
        wrong.email = Some("keine".into());
        wrong.guardian.first_name = String::new();
        wrong.household.city = String::new();
        wrong.child.birth_date = None;
        let Err(Invalid(faults)) = wrong.checked("2027-02-01".parse().unwrap()) else {
            panic!("must be refused")
        };
        let pointers: Vec<_> = faults.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/guardian/first_name",
                "/guardian/email",
                "/household/city",
                "/child/birth_date"
            ]
        );
    }
}
