//! A family's demand on paper or by telephone: family, demand and wishes are entered and sent in one transaction.

use super::model::{Faults, NewIntake, OfficeError, placed_of_sending};
use crate::access::TenantTx;
use crate::demands::{self, DemandError};
use crate::platform::ids::DemandId;
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
    let (_, child) = families::enroll(tx, new.family()).await?;
    tx.touch_child(child);
    let id = demands::create(tx, child).await?;
    tx.touch(id);
    let mut faults = Faults::default();
    faults.of_command("/demand", demands::change(tx, id, &new.demand).await)?;
    faults.of_command("", demands::put_preferences(tx, id, &new.facility_ids).await)?;
    faults.finish()?;
    match demands::submit(tx, id, received.unwrap_or(now)).await {
        Ok(()) => Ok(id),
        Err(DemandError::Invalid(invalid)) => Err(placed_of_sending(invalid).into()),
        Err(other) => Err(other.into()),
    }
}
