//! A family without an account changes its demand on the telephone or by letter: the family's own commands, entered for it.

use super::model::{Faults, OfficeError, ToldChange};
use crate::access::TenantTx;
use crate::demands;
use crate::notifications::Said;
use crate::platform::ids::DemandId;

/// Enters what the family wants to be otherwise. The same changes as in an account, and what came by the key date is in time; the family
/// gets a letter with what its demand says now.
pub async fn record_change(tx: &mut TenantTx, id: DemandId, seen: i32, new: &ToldChange) -> Result<(), OfficeError> {
    new.check_any()?;
    let told = demands::check_told_of(tx, id, seen, new.told).await?;
    let mut faults = Faults::default();
    // The wishes first: what else is said may be an order of the ways to them.
    if let Some(wished) = &new.facility_ids {
        let put = demands::put_preferences_as_of(tx, id, wished, told.on).await;
        faults.of_command("", put)?;
    }
    if let Some(change) = &new.demand {
        let changed = demands::change_as_of(tx, id, change, told.on).await;
        faults.of_command("/demand", changed)?;
    }
    faults.finish()?;
    demands::note_told(tx, id, Said::Changed, told).await?;
    demands::tell_recorded(tx, id, None, Said::Changed, told).await?;
    Ok(())
}
