//! The pool that is derived from figures and places taken; its rows are what an offer locks.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::facilities::model::AgeBand;
use crate::platform::ids::FacilityId;

/// Takes the rows that an offer locks, always in the same order.
pub async fn lock_pool(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT age_band
           FROM place_pool
          WHERE tenant_id = $1 AND facility_id = $2
          ORDER BY age_band
            FOR UPDATE",
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await
    .map(|_| ())
}

/// A pool row as it is derived.
pub struct Pool {
    pub band: AgeBand,
    pub base_month: NaiveDate,
    pub bookable: Vec<Option<i32>>,
    /// Permitted places of the first month.
    pub licensed: Option<i32>,
    pub confirmed_on: Option<NaiveDate>,
    pub is_example: bool,
}

/// Writes the pool of a band; its version stays.
pub async fn put_pool(tx: &mut TenantTx, facility: FacilityId, pool: &Pool) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO place_pool (tenant_id, facility_id, age_band, base_month, bookable, licensed, confirmed_on, is_example)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, facility_id, age_band) DO UPDATE
            SET base_month = EXCLUDED.base_month, bookable = EXCLUDED.bookable, licensed = EXCLUDED.licensed,
                confirmed_on = EXCLUDED.confirmed_on, is_example = EXCLUDED.is_example",
        tenant.0,
        facility.0,
        pool.band as _,
        pool.base_month,
        pool.bookable.as_slice() as _,
        pool.licensed,
        pool.confirmed_on,
        pool.is_example
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What is bookable as it stands: band, first month, and the months.
pub async fn pools(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Vec<(AgeBand, NaiveDate, Vec<Option<i32>>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT age_band AS "age_band: AgeBand", base_month, bookable AS "bookable: Vec<Option<i32>>"
             FROM place_pool
            WHERE tenant_id = $1 AND facility_id = $2"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.age_band, r.base_month, r.bookable))
        .collect())
}

/// Facilities whose pool does not begin with the current month, some at a time.
pub async fn behind(tx: &mut TenantTx, month: NaiveDate, limit: i64) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT facility_id AS "facility_id: FacilityId"
             FROM place_pool
            WHERE tenant_id = $1 AND base_month < $2
            ORDER BY 1
            LIMIT $3"#,
        tenant.0,
        month,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// The version of a facility's figures: moved by people's edits only, so that an offer sent meanwhile does not spoil an edit.
pub async fn version(tx: &mut TenantRead, facility: FacilityId) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT COALESCE(sum(version), 0)::int AS "version!"
             FROM place_pool
            WHERE tenant_id = $1 AND facility_id = $2"#,
        tenant.0,
        facility.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Moves the version of one band, or of all.
pub async fn bump_version(tx: &mut TenantTx, facility: FacilityId, band: Option<AgeBand>) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE place_pool
            SET version = version + 1
          WHERE tenant_id = $1 AND facility_id = $2 AND ($3::text IS NULL OR age_band = $3)",
        tenant.0,
        facility.0,
        band as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
