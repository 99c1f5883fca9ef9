//! Closing and opening days. The days of all and those of each facility have versions of their own.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::model::{CatalogueError, NewClosingDay};
use super::{facility_brief, store};
use crate::access::{TenantRead, TenantTx};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ClosingDayId, FacilityId};
use crate::versions::{self, Content, Kind, Subject};

/// Days with why they are closed.
type Days = BTreeMap<NaiveDate, String>;

fn subject(facility: Option<FacilityId>) -> Subject {
    Subject::of(
        Kind::ClosingDays,
        facility.map(|facility| facility.to_string()).unwrap_or_default(),
    )
}

async fn content(tx: &mut TenantRead, facility: Option<FacilityId>) -> Result<Content, sqlx::Error> {
    let days = store::closing_days_of(tx, facility).await?.into_iter();
    let days: Value = days.map(|row| (row.day.to_string(), Value::from(row.note))).collect();
    Ok(Content::of(if days == Value::Object(serde_json::Map::new()) {
        Value::Null
    } else {
        days
    }))
}

async fn check_facility(tx: &mut TenantRead, facility: Option<FacilityId>) -> Result<(), CatalogueError> {
    if let Some(facility) = facility
        && facility_brief(tx, facility).await?.is_none()
    {
        return Err(Invalid::one("/facility_id", "unknown", "there is no such facility").into());
    }
    Ok(())
}

/// Closes a day for the whole tenant or one facility.
pub(super) async fn add(
    tx: &mut TenantTx,
    new: NewClosingDay,
) -> Result<(ClosingDayId, NewClosingDay), CatalogueError> {
    let (id, new) = (ClosingDayId::new(), new.checked()?);
    let facility = new.facility_id;
    check_facility(tx, facility).await?;
    let added = versions::keep(
        tx,
        &subject(facility),
        async |tx| content(tx, facility).await,
        async |tx| store::insert_closing_day(tx, id, &new).await,
    )
    .await?;
    if added {
        Ok((id, new))
    } else {
        Err(CatalogueError::DayTaken)
    }
}

/// Closes days for the whole tenant; those that are closed already are left as they are. Answers how many were added.
pub async fn close_days(tx: &mut TenantTx, days: &[(NaiveDate, &str)]) -> Result<u64, sqlx::Error> {
    versions::keep(
        tx,
        &subject(None),
        async |tx| content(tx, None).await,
        async |tx| {
            let mut added = 0;
            for (day, note) in days {
                added += u64::from(put(tx, None, *day, note).await?);
            }
            Ok(added)
        },
    )
    .await
}

async fn put(
    tx: &mut TenantTx,
    facility_id: Option<FacilityId>,
    day: NaiveDate,
    note: &str,
) -> Result<bool, sqlx::Error> {
    let new = NewClosingDay {
        day,
        note: note.to_owned(),
        facility_id,
    };
    store::insert_closing_day(tx, ClosingDayId::new(), &new).await
}

/// Opens a closed day again.
pub(super) async fn remove(tx: &mut TenantTx, id: ClosingDayId) -> Result<(), CatalogueError> {
    let facility = store::closed_for(tx, id).await?.ok_or(CatalogueError::Missing)?;
    let removed = versions::keep(
        tx,
        &subject(facility),
        async |tx| content(tx, facility).await,
        async |tx| store::delete_closing_day(tx, id).await,
    )
    .await?;
    if removed { Ok(()) } else { Err(CatalogueError::Missing) }
}

/// Lets the days of an earlier version be closed again, and no others; that makes a new version.
pub(super) async fn restore(
    tx: &mut TenantTx,
    facility: Option<FacilityId>,
    number: i32,
) -> Result<(), CatalogueError> {
    check_facility(tx, facility).await?;
    let subject = subject(facility);
    let then = versions::content(tx, &subject, number).await?;
    let wanted = then.and_then(|then| match then.value {
        Value::Null => Some(Days::new()),
        days => serde_json::from_value::<Days>(days).ok(),
    });
    let mut wanted = wanted.ok_or_else(|| Invalid::one("/number", "unknown", "there is no such version"))?;
    versions::keep(
        tx,
        &subject,
        async |tx| content(tx, facility).await,
        async |tx| {
            for row in store::closing_days_of(tx, facility).await? {
                if wanted.get(&row.day) == Some(&row.note) {
                    wanted.remove(&row.day);
                } else {
                    store::delete_closing_day(tx, row.id).await?;
                }
            }
            for (day, note) in &wanted {
                put(tx, facility, *day, note).await?;
            }
            Ok(())
        },
    )
    .await
}
