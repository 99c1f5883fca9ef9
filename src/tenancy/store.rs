//! SQL of this slice.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{FirstPage, NewTenant, Settings, TenancyError};
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::berlin_date;
use crate::platform::db::OpsDb;

/// The look and contact of a municipality.
pub(super) struct ProfileRow {
    pub office_name: String,
    pub primary_color: String,
    pub contact_email: String,
    pub contact_phone: String,
    pub contact_address: String,
    pub feedback_email: String,
    pub sender_name: String,
    pub sender_address: Option<String>,
    pub official_header: bool,
    pub has_logo: bool,
    pub version: i32,
}

pub(super) async fn insert_tenant(ops: &OpsDb, new: &NewTenant, now: DateTime<Utc>) -> Result<(), TenancyError> {
    let inserted = sqlx::query!(
        "INSERT INTO tenant (slug, name, ags, ars, federal_state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (slug) DO NOTHING",
        new.slug,
        new.name,
        new.ags,
        new.ars,
        new.federal_state,
        now
    )
    .execute(ops.pool())
    .await?;
    if inserted.rows_affected() == 0 {
        Err(TenancyError::Taken)
    } else {
        Ok(())
    }
}

pub(super) async fn insert_profile(tx: &mut TenantTx, new: &NewTenant) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO tenant_profile (tenant_id, office_name, sender_name)
         VALUES ($1, $2, $2)
         ON CONFLICT (tenant_id) DO NOTHING",
        tenant.0,
        new.name
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn insert_first_settings(tx: &mut TenantTx, settings: &Settings) -> Result<(), sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    sqlx::query!(
        "INSERT INTO tenant_settings (tenant_id, version, valid_from, settings, created_at)
         VALUES ($1, 1, $2, $3, $4)
         ON CONFLICT (tenant_id, version) DO NOTHING",
        tenant.0,
        today,
        sqlx::types::Json(settings) as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn insert_legal_page(tx: &mut TenantTx, page: &FirstPage) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO legal_page (tenant_id, kind, language, title, body, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, kind, language) DO NOTHING",
        tenant.0,
        page.kind,
        page.language,
        page.title,
        page.body,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn settings_on(tx: &mut TenantRead, day: NaiveDate) -> Result<Option<(i32, Settings)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT version, settings AS "settings: sqlx::types::Json<Settings>"
             FROM tenant_settings
            WHERE tenant_id = $1 AND valid_from <= $2
            ORDER BY valid_from DESC, version DESC
            LIMIT 1"#,
        tenant.0,
        day
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| (r.version, r.settings.0)))
}

/// Every version whose day has come, by day and version: its day, when it was written, and what it says.
pub(super) async fn settings_until_today(
    tx: &mut TenantRead,
) -> Result<Vec<(NaiveDate, NaiveDate, Settings)>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let rows = sqlx::query!(
        r#"SELECT valid_from, created_at, settings AS "settings: sqlx::types::Json<Settings>"
             FROM tenant_settings
            WHERE tenant_id = $1 AND valid_from <= $2
            ORDER BY valid_from, version"#,
        tenant.0,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.valid_from, berlin_date(r.created_at), r.settings.0))
        .collect())
}

pub(super) async fn profile(tx: &mut TenantRead) -> Result<Option<ProfileRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ProfileRow,
        r#"SELECT office_name, primary_color, contact_email, contact_phone, contact_address, feedback_email, sender_name,
                  sender_address, official_header, logo IS NOT NULL AS "has_logo!", version
             FROM tenant_profile
            WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await
}
