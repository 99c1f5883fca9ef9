//! What a facility enters and confirms.

use serde_json::{Value, json};

use super::model::{self, CapacityError, NewFigure};
use super::{Known, rebuild, store};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::http::Stale;
use crate::platform::ids::FacilityId;
use crate::versions::{self, Content, Kind, Subject};

/// Enters a facility's figure for an age band; it holds from its month until the next figure. `seen` is the version that the person
/// saw, 0 for a facility without figures. Refused when it would leave fewer places than were promised to families.
pub async fn put_figure(
    tx: &mut TenantTx,
    facility: FacilityId,
    band: AgeBand,
    new: &NewFigure,
    seen: i32,
) -> Result<(), CapacityError> {
    lock_for_edit(tx, facility, seen).await?;
    let new = new.checked()?;
    let (today, base) = (tx.today(), month_of(tx.today()));
    let before = Known::load(tx, facility, base).await?;
    versions::keep(
        tx,
        &Subject::of(Kind::Figures, facility),
        async |tx| content(tx, facility).await,
        async |tx| store::put_figure(tx, facility, band, &new, today).await,
    )
    .await?;
    let after = Known::load(tx, facility, base).await?;
    // At a childminder's the children of all bands share the places of the licence.
    let bound = AgeBand::ALL
        .iter()
        .filter(|other| **other == band || after.site.childminder);
    let (before, after) = (before.bands(), after.bands());
    for bound in bound {
        let (figures, taken) = &after[*bound as usize];
        model::check_promises(&before[*bound as usize].0, figures, taken, base.max(new.from_month))?;
    }
    // First the version, then the pool: a new row begins with version 1.
    store::bump_version(tx, facility, Some(band)).await?;
    Ok(rebuild(tx, facility).await?)
}

/// What was entered, by age band and month; when it was last confirmed is no content.
async fn content(tx: &mut TenantRead, facility: FacilityId) -> Result<Content, sqlx::Error> {
    let mut bands = serde_json::Map::new();
    for row in store::entered(tx, facility).await? {
        let months = bands.entry(row.age_band.as_str()).or_insert_with(|| json!({}));
        months[row.from_month.to_string()] = json!({"licensed": row.licensed, "operable": row.operable,
            "operable_reason": row.operable_reason, "operable_since": row.operable_since, "occupied_external": row.occupied_external});
    }
    Ok(Content::of(if bands.is_empty() { Value::Null } else { bands.into() }))
}

/// The facility says that its figures are right today.
pub async fn confirm_figures(tx: &mut TenantTx, facility: FacilityId) -> Result<(), CapacityError> {
    if !store::lock_facility(tx, facility).await? {
        return Err(CapacityError::Missing);
    }
    store::lock_pool(tx, facility).await?;
    let (today, base) = (tx.today(), month_of(tx.today()));
    store::confirm_figures(tx, facility, today, base).await?;
    store::bump_version(tx, facility, None).await?;
    Ok(rebuild(tx, facility).await?)
}

/// The version of a facility's figures for `If-Match`; 0 while there are none.
pub async fn capacity_version(tx: &mut TenantRead, facility: FacilityId) -> Result<i32, sqlx::Error> {
    store::version(tx, facility).await
}

async fn lock_for_edit(tx: &mut TenantTx, facility: FacilityId, seen: i32) -> Result<(), CapacityError> {
    if !store::lock_facility(tx, facility).await? {
        return Err(CapacityError::Missing);
    }
    store::lock_pool(tx, facility).await?;
    Stale::check(seen, store::version(tx, facility).await?)?;
    Ok(())
}
