//! SQL of the administrators' commands.

use chrono::NaiveDate;

use super::http::{LegalPageBody, SettingsVersion};
use super::model::{LegalKind, Profile, Settings};
use crate::access::{TenantRead, TenantTx};
use crate::versions::Content;

/// The version that holds on a day and all that begin later, by date and version.
pub(super) async fn settings_from(tx: &mut TenantRead, day: NaiveDate) -> Result<Vec<SettingsVersion>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT version, valid_from, settings AS "settings: sqlx::types::Json<Settings>"
             FROM tenant_settings
            WHERE tenant_id = $1
              AND valid_from >= COALESCE((SELECT max(valid_from) FROM tenant_settings WHERE tenant_id = $1 AND valid_from <= $2), $2)
            ORDER BY valid_from, version"#,
        tenant.0,
        day
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| SettingsVersion {
            version: r.version,
            valid_from: r.valid_from,
            settings: r.settings.0,
        })
        .collect())
}

pub(super) async fn latest_settings_version(tx: &mut TenantRead) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT COALESCE(max(version), 0) AS "version!" FROM tenant_settings WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn insert_settings(tx: &mut TenantTx, new: &SettingsVersion) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO tenant_settings (tenant_id, version, valid_from, settings, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.0,
        new.version,
        new.valid_from,
        sqlx::types::Json(&new.settings) as _,
        now,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The settings of the latest version, with the day from which they hold.
pub(super) async fn settings_content(tx: &mut TenantRead) -> Result<Content, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_as!(
        Content,
        r#"SELECT settings || jsonb_build_object('valid_from', valid_from) AS "value!", created_at AS "since?"
             FROM tenant_settings
            WHERE tenant_id = $1
            ORDER BY version DESC
            LIMIT 1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.unwrap_or_default())
}

/// Look and contact; of the logo what tells one from another.
pub(super) async fn profile_content(tx: &mut TenantRead) -> Result<Content, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_as!(
        Content,
        r#"SELECT jsonb_build_object('office_name', office_name, 'primary_color', primary_color, 'contact_email', contact_email,
                                     'contact_phone', contact_phone, 'contact_address', contact_address, 'feedback_email', feedback_email,
                                     'sender_name', sender_name, 'sender_address', sender_address, 'official_header', official_header,
                                     'logo', left(encode(sha256(logo), 'hex'), 12)) AS "value!", NULL::timestamptz AS since
             FROM tenant_profile
            WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.unwrap_or_default())
}

/// A legal page's heading and text.
pub(super) async fn legal_content(
    tx: &mut TenantRead,
    kind: LegalKind,
    language: &str,
) -> Result<Content, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query_as!(
        Content,
        r#"SELECT jsonb_build_object('title', title, 'body', body) AS "value!", updated_at AS "since?"
             FROM legal_page
            WHERE tenant_id = $1 AND kind = $2 AND language = $3"#,
        tenant.0,
        kind.as_str(),
        language
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.unwrap_or_default())
}

/// Lets one administrator at a time edit.
pub(super) async fn lock_profile(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT version FROM tenant_profile WHERE tenant_id = $1 FOR UPDATE",
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn update_profile(tx: &mut TenantTx, p: &Profile) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE tenant_profile
            SET office_name = $2, primary_color = $3, contact_email = $4, contact_phone = $5, contact_address = $6,
                feedback_email = $7, sender_name = $8, sender_address = $9, official_header = $10, version = version + 1
          WHERE tenant_id = $1",
        tenant.0,
        p.office_name,
        p.primary_color,
        p.contact_email,
        p.contact_phone,
        p.contact_address,
        p.feedback_email,
        p.sender_name,
        p.sender_address,
        p.official_header
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn set_logo(tx: &mut TenantTx, kind: &str, bytes: &[u8]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE tenant_profile SET logo = $2, logo_type = $3, version = version + 1 WHERE tenant_id = $1",
        tenant.0,
        bytes,
        kind
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn logo(tx: &mut TenantRead) -> Result<Option<(String, Vec<u8>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT logo AS "logo!", logo_type AS "logo_type!" FROM tenant_profile WHERE tenant_id = $1 AND logo IS NOT NULL"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| (r.logo_type, r.logo)))
}

pub(super) async fn legal_page(
    tx: &mut TenantRead,
    kind: LegalKind,
    language: &str,
) -> Result<Option<LegalPageBody>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        "SELECT language, title, body, updated_at, version FROM legal_page WHERE tenant_id = $1 AND kind = $2 AND language = $3",
        tenant.0,
        kind.as_str(),
        language
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| LegalPageBody {
        kind,
        language: r.language,
        title: r.title,
        body: r.body,
        updated_at: r.updated_at,
        version: r.version,
        earlier: Vec::new(),
    }))
}

pub(super) async fn put_legal_page(
    tx: &mut TenantTx,
    kind: LegalKind,
    language: &str,
    title: &str,
    body: &str,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO legal_page (tenant_id, kind, language, title, body, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, kind, language)
         DO UPDATE SET title = $4, body = $5, updated_at = $6, version = legal_page.version + 1",
        tenant.0,
        kind.as_str(),
        language,
        title,
        body,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
