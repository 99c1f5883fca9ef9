//! SQL of care sheets.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, FacilityId};

/// A sealed sheet.
pub(super) struct SheetRow {
    pub child_id: ChildId,
    pub sheet: Vec<u8>,
    pub health_consent_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// Whether the child has a contract that has not ended, with that facility or with any.
pub(super) async fn has_contract(
    tx: &mut TenantRead,
    child: ChildId,
    facility: Option<FacilityId>,
) -> Result<bool, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT 1 FROM care_contract
                WHERE tenant_id = $1 AND child_id = $2 AND ($3::uuid IS NULL OR facility_id = $3)
                  AND state <> 'ended' AND care_until > $4) AS "has!""#,
        tenant.0,
        child.0,
        facility.map(|id| id.0),
        today
    )
    .fetch_one(tx.conn())
    .await
}

/// The sheet of a child.
pub(super) async fn sheet(tx: &mut TenantRead, child: ChildId) -> Result<Option<SheetRow>, sqlx::Error> {
    Ok(sheets(tx, &[child]).await?.pop())
}

/// The sheet of a child, which nobody else writes until the end of the transaction.
pub(super) async fn sheet_for_update(tx: &mut TenantTx, child: ChildId) -> Result<Option<SheetRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id FROM child WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant.0,
        child.0
    )
    .fetch_optional(tx.conn())
    .await?;
    sheet(tx, child).await
}

/// The sheets of these children.
pub(super) async fn sheets(tx: &mut TenantRead, children: &[ChildId]) -> Result<Vec<SheetRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        SheetRow,
        r#"SELECT child_id AS "child_id: ChildId", sheet, health_consent_at, updated_at, version
             FROM care_sheet WHERE tenant_id = $1 AND child_id = ANY($2) ORDER BY child_id"#,
        tenant.0,
        children as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes a sheet or its next version.
pub(super) async fn put(
    tx: &mut TenantTx,
    child: ChildId,
    sheet: &[u8],
    consent: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO care_sheet (tenant_id, child_id, sheet, health_consent_at, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, child_id) DO UPDATE
            SET sheet = $3, health_consent_at = $4, updated_at = $5, version = care_sheet.version + 1",
        tenant.0,
        child.0,
        sheet,
        consent,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many sheets are of children whose care ended before a day, and since when the oldest is there.
pub(super) async fn forgettable(
    tx: &mut TenantRead,
    cutoff: NaiveDate,
) -> Result<(i64, Option<DateTime<Utc>>), sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(s.updated_at) AS since
             FROM care_sheet s
             JOIN child c ON c.tenant_id = s.tenant_id AND c.id = s.child_id
            WHERE s.tenant_id = $1 AND c.restricted_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM care_contract k
                               WHERE k.tenant_id = s.tenant_id AND k.child_id = s.child_id AND k.care_until > $2)"#,
        tenant.0,
        cutoff
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((found.count, found.since))
}

/// Deletes at most so many of them.
pub(super) async fn forget(tx: &mut TenantTx, cutoff: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "DELETE FROM care_sheet
          WHERE tenant_id = $1 AND child_id IN (
                SELECT s.child_id
                  FROM care_sheet s
                  JOIN child c ON c.tenant_id = s.tenant_id AND c.id = s.child_id
                 WHERE s.tenant_id = $1 AND c.restricted_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM care_contract k
                                    WHERE k.tenant_id = s.tenant_id AND k.child_id = s.child_id AND k.care_until > $2)
                 ORDER BY s.updated_at, s.child_id
                 LIMIT $3)",
        tenant.0,
        cutoff,
        n
    )
    .execute(tx.conn())
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}
