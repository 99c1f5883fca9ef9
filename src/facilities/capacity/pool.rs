//! The pools, derived anew from figures and occupancy.

use std::collections::BTreeSet;

use super::model::{self, HORIZON, ladder};
use super::{Known, store};
use crate::access::TenantTx;
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::FacilityId;

/// Derives a facility's pool anew. Every command that changes figures or occupancy ends with it, in its own transaction.
pub(super) async fn rebuild(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    let base = month_of(tx.today());
    let known = Known::load(tx, facility, base).await?;
    for (band, (figures, taken)) in AgeBand::ALL.iter().zip(known.bands()) {
        let Some(current) = model::current(&figures, base) else {
            continue;
        };
        let rungs = ladder(&figures, &taken, base, HORIZON);
        let pool = store::Pool {
            band: *band,
            base_month: base,
            licensed: rungs.first().copied().flatten().map(|r| r.licensed),
            bookable: rungs.into_iter().map(|rung| rung.map(|r| r.bookable)).collect(),
            confirmed_on: current.confirmed_on,
            is_example: current.is_example,
        };
        store::put_pool(tx, facility, &pool).await?;
    }
    Ok(())
}

/// Locks facilities in the order of their ids and derives their pools anew.
pub async fn rebuild_many(tx: &mut TenantTx, facilities: &BTreeSet<FacilityId>) -> Result<(), sqlx::Error> {
    for facility in facilities {
        store::lock_pool(tx, *facility).await?;
    }
    for facility in facilities {
        rebuild(tx, *facility).await?;
    }
    Ok(())
}

/// Derives a facility's places anew after a change of its licence.
pub(in crate::facilities) async fn licence_changed(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    store::lock_pool(tx, facility).await?;
    rebuild(tx, facility).await
}

/// Moves the pools of up to `limit` facilities on to the current month; answers how many it found behind.
pub(in crate::facilities) async fn roll_forward(tx: &mut TenantTx, limit: i64) -> Result<usize, sqlx::Error> {
    let month = month_of(tx.today());
    let behind = store::behind(tx, month, limit).await?;
    for facility in &behind {
        store::lock_pool(tx, *facility).await?;
        rebuild(tx, *facility).await?;
    }
    Ok(behind.len())
}
