//! What the facility entered.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::facilities::capacity::model::{Figure, NewFigure};
use crate::facilities::capacity::site::Limit;
use crate::facilities::model::AgeBand;
use crate::platform::ids::FacilityId;

/// Takes the facility itself: figures of an age band that has no pool yet have no other row to lock.
pub async fn lock_facility(tx: &mut TenantTx, facility: FacilityId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id
           FROM facility
          WHERE tenant_id = $1 AND id = $2
            FOR NO KEY UPDATE",
        tenant.0,
        facility.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|row| row.is_some())
}

/// Whether there is such a facility.
pub async fn facility_exists(tx: &mut TenantRead, facility: FacilityId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM facility WHERE tenant_id = $1 AND id = $2) AS "exists!""#,
        tenant.0,
        facility.0
    )
    .fetch_one(tx.conn())
    .await
}

/// The figures as they count in the ladder, by band and month.
pub async fn figures(tx: &mut TenantRead, facility: FacilityId) -> Result<Vec<(AgeBand, Figure)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT age_band AS "age_band: AgeBand", from_month, licensed, operable, operable_reason IS NOT NULL AS "by_hand!",
                  occupied_external, confirmed_on, is_example
             FROM capacity
            WHERE tenant_id = $1 AND facility_id = $2
            ORDER BY age_band, from_month"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let figure = Figure {
                from_month: r.from_month,
                licensed: r.licensed,
                operable: r.operable,
                by_hand: r.by_hand,
                limit: if r.by_hand { Limit::ByHand } else { Limit::Permit },
                reserved: 0,
                occupied_external: r.occupied_external,
                confirmed_on: r.confirmed_on,
                is_example: r.is_example,
            };
            (r.age_band, figure)
        })
        .collect())
}

/// A figure with all that was said about it.
pub struct EnteredRow {
    pub age_band: AgeBand,
    pub from_month: NaiveDate,
    pub licensed: i32,
    pub operable: i32,
    pub operable_reason: Option<String>,
    pub operable_since: Option<NaiveDate>,
    pub occupied_external: i32,
    pub confirmed_on: Option<NaiveDate>,
    pub is_example: bool,
}

/// The figures as they were entered, by band and month.
pub async fn entered(tx: &mut TenantRead, facility: FacilityId) -> Result<Vec<EnteredRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        EnteredRow,
        r#"SELECT age_band AS "age_band: AgeBand", from_month, licensed, operable, operable_reason, operable_since,
                  occupied_external, confirmed_on, is_example
             FROM capacity
            WHERE tenant_id = $1 AND facility_id = $2
            ORDER BY age_band, from_month"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes the figure of a band from its month on.
pub async fn put_figure(
    tx: &mut TenantTx,
    facility: FacilityId,
    band: AgeBand,
    new: &NewFigure,
    confirmed_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO capacity (tenant_id, facility_id, age_band, from_month, licensed, operable, operable_reason, operable_since,
                               occupied_external, confirmed_on, is_example)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (tenant_id, facility_id, age_band, from_month) DO UPDATE
            SET licensed = EXCLUDED.licensed, operable = EXCLUDED.operable, operable_reason = EXCLUDED.operable_reason,
                operable_since = EXCLUDED.operable_since, occupied_external = EXCLUDED.occupied_external,
                confirmed_on = EXCLUDED.confirmed_on, is_example = EXCLUDED.is_example",
        tenant.0,
        facility.0,
        band as _,
        new.from_month,
        new.licensed,
        new.operable,
        new.operable_reason,
        new.operable_since,
        new.occupied_external,
        confirmed_on,
        new.is_example
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Confirms the figures in force in a month and those to come.
pub async fn confirm_figures(
    tx: &mut TenantTx,
    facility: FacilityId,
    today: NaiveDate,
    month: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE capacity c
            SET confirmed_on = $3, is_example = false
          WHERE tenant_id = $1 AND facility_id = $2
            AND from_month >= COALESCE((SELECT max(l.from_month) FROM capacity l
                                         WHERE l.tenant_id = $1 AND l.facility_id = $2 AND l.age_band = c.age_band
                                           AND l.from_month <= $4), $4)",
        tenant.0,
        facility.0,
        today,
        month
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
