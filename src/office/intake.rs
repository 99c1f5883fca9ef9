//! A family's demand on paper or by telephone: family, demand and wishes are entered and sent in one transaction.

use super::model::{Faults, NewIntake, OfficeError, placed_of_sending};
use crate::access::TenantTx;
use crate::demands::{self, DemandError};
use crate::families::FamilyError;
use crate::platform::fields::Invalid;
use crate::platform::ids::{ChildId, DemandId};
use crate::{families, tenancy};

/// Enters and sends a demand on a family's behalf. It counts from the moment it arrived, under the same rules as one that a family sends
/// itself; the receipt goes by mail, or is a letter to print.
pub async fn intake(tx: &mut TenantTx, new: &NewIntake) -> Result<DemandId, OfficeError> {
    let (now, today) = (tx.now(), tx.today());
    let settings = tenancy::settings(tx).await?;
    let mut faults = Faults::default();
    let received = faults.of("", new.received(now));
    faults.of("", new.check_language(&settings.languages));
    faults.of("", new.family().checked(today));
    faults.of("/demand", demands::check_change(&new.demand, today));
    faults.finish()?;
    let child = child_of(tx, new).await?;
    tx.touch_child(child);
    let id = if new.transfer {
        demands::create_transfer(tx, child).await?
    } else {
        demands::create(tx, child).await?
    };
    tx.touch(id);
    let mut faults = Faults::default();
    // The wishes first: what else is said may be an order of the ways to them.
    faults.of_command("", demands::put_preferences(tx, id, &new.facility_ids).await)?;
    faults.of_command("/demand", demands::change(tx, id, &new.demand).await)?;
    faults.finish()?;
    let received = received.unwrap_or(now);
    match demands::submit(tx, id, received).await {
        Ok(()) => {
            if let Some(answer) = new.siblings {
                demands::siblings_on_paper(tx, id, answer, received).await?;
            }
            Ok(id)
        }
        Err(DemandError::Invalid(invalid)) => Err(placed_of_sending(invalid).into()),
        Err(other) => Err(other.into()),
    }
}

/// The child of the form: the known one that the clerk names, else a new one with its family. Where a child of this name and day of birth is
/// known, the clerk says whether it is another one.
async fn child_of(tx: &mut TenantTx, new: &NewIntake) -> Result<ChildId, OfficeError> {
    let family = new.family().checked(tx.today())?;
    let child = &family.child;
    let known = match (&child.first_name, &child.last_name, child.birth_date) {
        (Some(first), Some(last), Some(born)) => families::known_children(tx, first, last, born).await?,
        _ => Vec::new(),
    };
    if new.child_id.is_some() && new.sibling_of.is_some() {
        return Err(Invalid::one("/sibling_of", "not_expected", "a known child has its family").into());
    }
    match new.child_id {
        Some(id) if known.iter().any(|k| k.id == id) => {
            if families::has_account(tx, id).await? {
                return Err(FamilyError::HasAccount.into());
            }
            Ok(id)
        }
        Some(_) => Err(Invalid::one("/child_id", "unknown", "no known child of this name and day of birth").into()),
        None if known.is_empty() || new.other_child => match new.sibling_of {
            Some(sibling) => Ok(families::enroll_sibling(tx, family, sibling).await?),
            None => Ok(families::enroll(tx, family).await?.1),
        },
        None => Err(OfficeError::KnownChild),
    }
}
