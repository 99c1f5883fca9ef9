//! SQL of what is entered for a key date.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, FacilityId};
use crate::statistics::model::HouseEntry;

/// What was entered of a house.
pub(super) struct EntryRow {
    pub facility_id: FacilityId,
    pub key_date: NaiveDate,
    pub entry: Json<HouseEntry>,
}

/// Sealed answers about a child.
pub(super) struct AnswersRow {
    pub facility_id: FacilityId,
    pub key_date: NaiveDate,
    pub child_id: ChildId,
    pub answers: Vec<u8>,
    pub updated_at: DateTime<Utc>,
}

/// The versions of a house's form and of its list of children.
#[derive(Default)]
pub(super) struct Versions {
    pub entered: bool,
    pub version: i32,
    pub children_version: i32,
}

/// What was entered of the houses for a key date.
pub(super) async fn entries(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<EntryRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        EntryRow,
        r#"SELECT facility_id AS "facility_id: FacilityId", key_date, entry AS "entry!: Json<HouseEntry>"
             FROM survey_entry
            WHERE tenant_id = $1 AND key_date = $2 AND entry IS NOT NULL AND ($3::uuid IS NULL OR facility_id = $3)"#,
        tenant.0,
        on,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}

/// The last entry of a house before a key date.
pub(super) async fn before(
    tx: &mut TenantRead,
    facility: FacilityId,
    on: NaiveDate,
) -> Result<Option<EntryRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        EntryRow,
        r#"SELECT facility_id AS "facility_id: FacilityId", key_date, entry AS "entry!: Json<HouseEntry>"
             FROM survey_entry
            WHERE tenant_id = $1 AND facility_id = $2 AND key_date < $3 AND entry IS NOT NULL
            ORDER BY key_date DESC
            LIMIT 1"#,
        tenant.0,
        facility.0,
        on
    )
    .fetch_optional(tx.conn())
    .await
}

/// The versions as they are; zeros where nobody saved anything.
pub(super) async fn versions(
    tx: &mut TenantRead,
    facility: FacilityId,
    on: NaiveDate,
) -> Result<Versions, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_as!(
        Versions,
        r#"SELECT entry IS NOT NULL AS "entered!", version, children_version
             FROM survey_entry WHERE tenant_id = $1 AND facility_id = $2 AND key_date = $3"#,
        tenant.0,
        facility.0,
        on
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.unwrap_or_default())
}

/// The same, which nobody else writes until the end of the transaction.
pub(super) async fn lock(tx: &mut TenantTx, facility: FacilityId, on: NaiveDate) -> Result<Versions, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        Versions,
        r#"INSERT INTO survey_entry (tenant_id, facility_id, key_date, updated_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (tenant_id, facility_id, key_date) DO UPDATE SET updated_at = $4
           RETURNING entry IS NOT NULL AS "entered!", version, children_version"#,
        tenant.0,
        facility.0,
        on,
        now
    )
    .fetch_one(tx.conn())
    .await
}

/// Writes what is entered of a house, whose row is locked.
pub(super) async fn put_house(
    tx: &mut TenantTx,
    facility: FacilityId,
    on: NaiveDate,
    entry: &HouseEntry,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE survey_entry SET entry = $4, version = version + 1
          WHERE tenant_id = $1 AND facility_id = $2 AND key_date = $3",
        tenant.0,
        facility.0,
        on,
        Json(entry) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Sealed answers about children for a key date.
pub(super) async fn answers(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<AnswersRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AnswersRow,
        r#"SELECT facility_id AS "facility_id: FacilityId", key_date, child_id AS "child_id: ChildId", answers, updated_at
             FROM survey_child
            WHERE tenant_id = $1 AND key_date = $2 AND ($3::uuid IS NULL OR facility_id = $3)"#,
        tenant.0,
        on,
        only as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Sealed answers about these children, of all key dates.
pub(super) async fn of_children(tx: &mut TenantRead, children: &[ChildId]) -> Result<Vec<AnswersRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AnswersRow,
        r#"SELECT facility_id AS "facility_id: FacilityId", key_date, child_id AS "child_id: ChildId", answers, updated_at
             FROM survey_child WHERE tenant_id = $1 AND child_id = ANY($2) ORDER BY child_id, key_date, facility_id"#,
        tenant.0,
        children as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes sealed answers of a house whose row is locked.
pub(super) async fn put_children(
    tx: &mut TenantTx,
    facility: FacilityId,
    on: NaiveDate,
    sealed: Vec<(ChildId, Vec<u8>)>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let (children, answers): (Vec<ChildId>, Vec<Vec<u8>>) = sealed.into_iter().unzip();
    sqlx::query!(
        "INSERT INTO survey_child (tenant_id, facility_id, key_date, child_id, answers, updated_at)
         SELECT $1, $2, $3, one.child_id, one.answers, $6 FROM unnest($4::uuid[], $5::bytea[]) AS one (child_id, answers)
         ON CONFLICT (tenant_id, facility_id, key_date, child_id) DO UPDATE SET answers = EXCLUDED.answers, updated_at = $6",
        tenant.0,
        facility.0,
        on,
        &children as _,
        &answers as _,
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE survey_entry SET children_version = children_version + 1
          WHERE tenant_id = $1 AND facility_id = $2 AND key_date = $3",
        tenant.0,
        facility.0,
        on
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many are due and since when the oldest is there. What was entered late stays as long as what was entered in time.
pub(super) async fn forgettable(
    tx: &mut TenantRead,
    cutoff: NaiveDate,
) -> Result<(i64, Option<DateTime<Utc>>), sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(at) AS since FROM (
             SELECT s.updated_at AS at
               FROM survey_child s
               JOIN child c ON c.tenant_id = s.tenant_id AND c.id = s.child_id
              WHERE s.tenant_id = $1 AND s.key_date < $2 AND (s.updated_at AT TIME ZONE 'Europe/Berlin')::date < $2
                AND c.restricted_at IS NULL
              UNION ALL
             SELECT e.updated_at
               FROM survey_entry e
              WHERE e.tenant_id = $1 AND e.key_date < $2::date - interval '1 year'
                AND (e.updated_at AT TIME ZONE 'Europe/Berlin')::date < $2) due"#,
        tenant.0,
        cutoff
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((found.count, found.since))
}

/// Deletes at most so many of each kind.
pub(super) async fn forget(tx: &mut TenantTx, cutoff: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let children = sqlx::query!(
        "DELETE FROM survey_child
          WHERE tenant_id = $1 AND (facility_id, key_date, child_id) IN (
                SELECT s.facility_id, s.key_date, s.child_id
                  FROM survey_child s
                  JOIN child c ON c.tenant_id = s.tenant_id AND c.id = s.child_id
                 WHERE s.tenant_id = $1 AND s.key_date < $2 AND (s.updated_at AT TIME ZONE 'Europe/Berlin')::date < $2
                   AND c.restricted_at IS NULL
                 ORDER BY s.key_date, s.facility_id, s.child_id
                 LIMIT $3)",
        tenant.0,
        cutoff,
        n
    )
    .execute(tx.conn())
    .await?;
    let houses = sqlx::query!(
        "DELETE FROM survey_entry
          WHERE tenant_id = $1 AND (facility_id, key_date) IN (
                SELECT e.facility_id, e.key_date
                  FROM survey_entry e
                 WHERE e.tenant_id = $1 AND e.key_date < $2::date - interval '1 year'
                   AND (e.updated_at AT TIME ZONE 'Europe/Berlin')::date < $2
                 ORDER BY e.key_date, e.facility_id
                 LIMIT $3)",
        tenant.0,
        cutoff,
        n
    )
    .execute(tx.conn())
    .await?;
    Ok(i64::try_from(children.rows_affected() + houses.rows_affected()).unwrap_or(i64::MAX))
}
