//! SQL of this slice.

use chrono::{DateTime, NaiveDate, Utc};

use super::csv_list::Entry;
use super::model::{Person, RegisterResult};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, DemandId, random_uuid};

/// The uploaded list.
pub(super) struct ListRow {
    pub entries: i32,
    pub uploaded_at: DateTime<Utc>,
    pub uploaded_by: String,
}

pub(super) async fn list(tx: &mut TenantRead) -> Result<Option<ListRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ListRow,
        r#"SELECT l.entries, l.uploaded_at, COALESCE(a.display_name, a.email) AS "uploaded_by!"
             FROM register_list l
             JOIN account a ON a.tenant_id = l.tenant_id AND a.id = l.uploaded_by
            WHERE l.tenant_id = $1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// All entries with this date of birth.
pub(super) async fn born_on(tx: &mut TenantRead, day: NaiveDate) -> Result<Vec<Person>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Person,
        "SELECT first_names, last_name, postal_code FROM register_entry WHERE tenant_id = $1 AND birth_date = $2",
        tenant.0,
        day
    )
    .fetch_all(tx.conn())
    .await
}

/// Puts a list in the place of the one before.
pub(super) async fn replace(tx: &mut TenantTx, entries: &[Entry]) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    delete_entries(tx).await?;
    let column = |of: fn(&Entry) -> String| entries.iter().map(of).collect::<Vec<String>>();
    let ids: Vec<_> = entries.iter().map(|_| random_uuid()).collect();
    let births: Vec<_> = entries.iter().map(|e| e.birth_date).collect();
    let codes: Vec<_> = entries.iter().map(|e| e.person.postal_code.clone()).collect();
    sqlx::query!(
        "INSERT INTO register_entry (tenant_id, id, birth_date, last_name, first_names, postal_code)
         SELECT $1, e.id, e.birth_date, e.last_name, e.first_names, e.postal_code
           FROM unnest($2::uuid[], $3::date[], $4::text[], $5::text[], $6::text[])
                AS e (id, birth_date, last_name, first_names, postal_code)",
        tenant.0,
        &ids,
        &births,
        &column(|e| e.person.last_name.clone()),
        &column(|e| e.person.first_names.clone()),
        &codes as &[Option<String>]
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO register_list (tenant_id, entries, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id) DO UPDATE SET entries = $2, uploaded_by = $3, uploaded_at = $4",
        tenant.0,
        i32::try_from(entries.len()).unwrap_or(i32::MAX),
        by,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn delete_entries(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!("DELETE FROM register_entry WHERE tenant_id = $1", tenant.0)
        .execute(tx.conn())
        .await
        .map(|_| ())
}

/// Deletes the entries of a list from before an instant; that there was one stays known.
pub(super) async fn purge(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let old = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM register_list WHERE tenant_id = $1 AND uploaded_at < $2 AND entries > 0) AS "old!""#,
        tenant.0,
        before
    )
    .fetch_one(tx.conn())
    .await?;
    if old {
        delete_entries(tx).await?;
    }
    Ok(())
}

/// A child of a demand, with where it lives.
pub(super) struct ChildRow {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub postal_code: Option<String>,
}

pub(super) async fn child(tx: &mut TenantRead, id: ChildId) -> Result<Option<ChildRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ChildRow,
        r#"SELECT c.first_name, c.last_name, c.birth_date, h.postal_code AS "postal_code?"
             FROM child c
             LEFT JOIN household h ON h.tenant_id = c.tenant_id AND h.id = c.household_id
            WHERE c.tenant_id = $1 AND c.id = $2"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn add_check(
    tx: &mut TenantTx,
    demand: DemandId,
    result: RegisterResult,
    source: &str,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO register_check (tenant_id, id, demand_id, result, source, at, checked_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        random_uuid(),
        demand.0,
        result.as_str(),
        source,
        now,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The newest check of a demand.
#[derive(Debug, Clone)]
pub struct CheckRow {
    /// What came of it.
    pub result: RegisterResult,
    /// When.
    pub at: DateTime<Utc>,
}

pub(super) async fn newest(tx: &mut TenantRead, demand: DemandId) -> Result<Option<CheckRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CheckRow,
        r#"SELECT result AS "result: RegisterResult", at
             FROM register_check
            WHERE tenant_id = $1 AND demand_id = $2
            ORDER BY at DESC, id DESC
            LIMIT 1"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Demands that have not ended and whose newest check left it open; those with the oldest check first.
pub(super) async fn open_checks(tx: &mut TenantRead, limit: i64) -> Result<Vec<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT d.id AS "id: DemandId"
             FROM care_demand d
            CROSS JOIN LATERAL (
              SELECT c.result, c.at
                FROM register_check c
               WHERE c.tenant_id = d.tenant_id AND c.demand_id = d.id
               ORDER BY c.at DESC, c.id DESC
               LIMIT 1) newest
            WHERE d.tenant_id = $1
              AND d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending')
              AND newest.result IN ('pending', 'unavailable')
            ORDER BY newest.at
            LIMIT $2"#,
        tenant.0,
        limit
    )
    .fetch_all(tx.conn())
    .await
}
