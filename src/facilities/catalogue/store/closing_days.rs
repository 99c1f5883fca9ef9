//! SQL of closing days.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::facilities::catalogue::model::NewClosingDay;
use crate::platform::ids::{ClosingDayId, FacilityId};

/// A closing day in the list.
pub(in crate::facilities::catalogue) struct ClosingDayRow {
    pub id: ClosingDayId,
    pub day: NaiveDate,
    pub note: String,
    pub facility_id: Option<FacilityId>,
}

pub(in crate::facilities::catalogue) async fn closing_days(
    tx: &mut TenantRead,
) -> Result<Vec<ClosingDayRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ClosingDayRow,
        r#"SELECT id AS "id: ClosingDayId", day, note, facility_id AS "facility_id: FacilityId"
             FROM closing_day
            WHERE tenant_id = $1
            ORDER BY day, id"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The closing days of all, or those of one facility alone.
pub(in crate::facilities::catalogue) async fn closing_days_of(
    tx: &mut TenantRead,
    facility: Option<FacilityId>,
) -> Result<Vec<ClosingDayRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ClosingDayRow,
        r#"SELECT id AS "id: ClosingDayId", day, note, facility_id AS "facility_id: FacilityId"
             FROM closing_day
            WHERE tenant_id = $1 AND facility_id IS NOT DISTINCT FROM $2
            ORDER BY day, id"#,
        tenant.0,
        facility.map(|f| f.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// For whom a day is closed: nobody named is all; nothing when there is no such day.
pub(in crate::facilities::catalogue) async fn closed_for(
    tx: &mut TenantRead,
    id: ClosingDayId,
) -> Result<Option<Option<FacilityId>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT facility_id AS "facility_id: FacilityId" FROM closing_day WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whether it was inserted; a day that is closed already is left as it is.
pub(in crate::facilities::catalogue) async fn insert_closing_day(
    tx: &mut TenantTx,
    id: ClosingDayId,
    new: &NewClosingDay,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO closing_day (tenant_id, id, day, note, facility_id)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        tenant.0,
        id.0,
        new.day,
        new.note,
        new.facility_id.map(|f| f.0)
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

pub(in crate::facilities::catalogue) async fn delete_closing_day(
    tx: &mut TenantTx,
    id: ClosingDayId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM closing_day WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

pub(in crate::facilities::catalogue) async fn closing_days_between(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT day
           FROM closing_day
          WHERE tenant_id = $1 AND day >= $3 AND day <= $4 AND (facility_id IS NULL OR facility_id = $2)",
        tenant.0,
        facility.0,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::facilities::catalogue) async fn closing_days_of_all(
    tx: &mut TenantRead,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT day FROM closing_day WHERE tenant_id = $1 AND day >= $2 AND day <= $3 AND facility_id IS NULL",
        tenant.0,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await
}
